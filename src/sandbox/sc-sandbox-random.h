// SPDX-License-Identifier: MIT
// Random bytes of the operating system, for codes, tokens and keys.

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * sc_sandbox_random_fill:
 * @bytes: (out caller-allocates) (array length=length): where to put them
 * @length: how many
 *
 * Ends the program when the system has no random bytes: without them nothing here means anything.
 */
void sc_sandbox_random_fill (guint8 *bytes, gsize length);

G_END_DECLS
