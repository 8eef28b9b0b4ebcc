// SPDX-License-Identifier: MIT
// What the system says of a running program. The agent lets no other program of the person look at
// its descriptors, so a test that counts them has to be root.

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** sc_test_process_may_look: whether this process is root */
gboolean sc_test_process_may_look (void);

/** sc_test_process_count_descriptors: Returns: how many files and sockets are open */
guint sc_test_process_count_descriptors (int pid);

/** sc_test_process_get_memory: Returns: resident kB */
guint sc_test_process_get_memory (int pid);

/** sc_test_process_get_limits: the limits of @name, e.g. "Max open files"; %G_MAXUINT64 for none */
void sc_test_process_get_limits (int pid, const char *name, guint64 *soft, guint64 *hard);

/** sc_test_process_raise_descriptors: lets this process open as many as it may */
void sc_test_process_raise_descriptors (void);

G_END_DECLS
