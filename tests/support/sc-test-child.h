// SPDX-License-Identifier: MIT
// Programs that a test starts and that must not outlive it.

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * sc_test_child_end_with_parent:
 * @launcher: what is going to start the program
 *
 * Makes the program end when the test does, also when a failed assertion aborts it, as far as the
 * operating system knows how.
 */
void sc_test_child_end_with_parent (GSubprocessLauncher *launcher);

G_END_DECLS
