// SPDX-License-Identifier: MIT
// Random bytes from the operating system.

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * sc_random_fill:
 * @bytes: (array length=length): to be filled
 * @length: how many, at most 256
 * @error: return location
 *
 * getrandom(2), BCryptGenRandom. All or nothing. Errors: %SC_ERROR_RANDOM.
 */
gboolean sc_random_fill (guint8 *bytes, gsize length, GError **error);

/** sc_random_create_uuid: Returns: (transfer full) (nullable): a version 4 UUID from
 *  sc_random_fill() */
char *sc_random_create_uuid (GError **error);

G_END_DECLS
