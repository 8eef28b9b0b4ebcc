// SPDX-License-Identifier: MIT
// The short code that a person reads out on the phone: "K7-21F".

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** SC_REFERENCE_RANDOM_SIZE: random bytes behind a reference. */
#define SC_REFERENCE_RANDOM_SIZE 5

/**
 * sc_reference_create:
 * @random: random bytes
 *
 * Five characters of Crockford's base 32 without I, L, O, U, as "K7-21F": two, a dash, three.
 *
 * Returns: (transfer full): the reference
 */
char *sc_reference_create (const guint8 random[SC_REFERENCE_RANDOM_SIZE]);

/** sc_reference_is_valid: whether @text has the shape of a reference */
gboolean sc_reference_is_valid (const char *text);

G_END_DECLS
