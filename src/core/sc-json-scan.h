// SPDX-License-Identifier: MIT
// The strict look at a JSON text before json-glib sees it: only core/sc-json.c needs it.

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * sc_json_scan:
 * @text: (array length=length): JSON text
 * @length: its size in bytes
 * @error: return location
 *
 * Whether @text is one value of RFC 8259 in UTF-8, within SC_JSON_MAX_SIZE and SC_JSON_MAX_DEPTH.
 * Refused beyond the grammar, as §8.2 and §9 there allow: a NUL or half a surrogate pair in a
 * string, which cannot be a C string of valid UTF-8, and numbers beyond 64 bits or a double.
 *
 * Errors: %SC_ERROR_JSON_LIMIT, %SC_ERROR_JSON_SYNTAX with the offset; the text is never quoted.
 */
gboolean sc_json_scan (const char *text, gsize length, GError **error);

G_END_DECLS
