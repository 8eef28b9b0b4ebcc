// SPDX-License-Identifier: MIT
// Reading JSON from outside: bounded in size and depth, typed getters that name the member that is
// wrong.

#pragma once

#include "sc-secret-string.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/** SC_JSON_MAX_SIZE: bytes of text that any of our readers accepts. */
#define SC_JSON_MAX_SIZE (256 * 1024)
/** SC_JSON_MAX_DEPTH: nested arrays and objects that any of our readers accepts. */
#define SC_JSON_MAX_DEPTH 16

/**
 * sc_json_parse_object:
 * @text: (array length=length): JSON text
 * @length: bytes in @text
 * @error: return location
 *
 * Parses strict UTF-8 JSON (RFC 8259) whose top is an object. Size, depth, UTF-8 and NUL are
 * checked before the parser sees the text.
 *
 * Errors: %SC_ERROR_JSON_LIMIT, %SC_ERROR_JSON_SYNTAX, %SC_ERROR_JSON_TYPE (top is not an object).
 *
 * Returns: (transfer full): the object
 */
JsonObject *sc_json_parse_object (const char *text, gsize length, GError **error);

/**
 * sc_json_parse:
 *
 * As sc_json_parse_object(), for any top value: Sikka wraps some envelopes in an array.
 *
 * Returns: (transfer full): the root node
 */
JsonNode *sc_json_parse (const char *text, gsize length, GError **error);

/* Typed getters. A member that is missing or null is "not there": the `require` form sets
 * %SC_ERROR_JSON_MISSING, the `optional` form succeeds and leaves the default. A member of another
 * type sets %SC_ERROR_JSON_TYPE naming @member in both. Strings belong to @object and are valid
 * UTF-8. */

/** sc_json_require_string: Returns: (transfer none) (nullable): the string, %NULL with @error set
 *  */
const char *sc_json_require_string (JsonObject *object, const char *member, GError **error);
/** sc_json_optional_string: @value: (out) (transfer none): set to the string, or %NULL when not
 *  there */
gboolean sc_json_optional_string (JsonObject *object,
                                  const char *member,
                                  const char **value,
                                  GError **error);
gboolean
sc_json_require_boolean (JsonObject *object, const char *member, gboolean *value, GError **error);
gboolean
sc_json_optional_boolean (JsonObject *object, const char *member, gboolean *value, GError **error);
/** sc_json_optional_int: a whole number; 1.5 and "1" are of the wrong type */
gboolean
sc_json_optional_int (JsonObject *object, const char *member, gint64 *value, GError **error);
/** sc_json_require_secret: Returns: (transfer full) (nullable): a non-empty string as a secret */
ScSecretString *sc_json_require_secret (JsonObject *object, const char *member, GError **error);
/** sc_json_optional_object: @value: (out) (transfer none): set to the object, or %NULL when not
 *  there */
gboolean sc_json_optional_object (JsonObject *object,
                                  const char *member,
                                  JsonObject **value,
                                  GError **error);
gboolean
sc_json_optional_array (JsonObject *object, const char *member, JsonArray **value, GError **error);

/**
 * sc_json_parse_time:
 * @text: an RFC 3339 date and time with a zone, e.g. "2026-11-21T09:12:00Z"
 *
 * Returns: seconds since 1970, -1 when @text is none
 */
gint64 sc_json_parse_time (const char *text);

/**
 * sc_json_format_time:
 * @seconds: seconds since 1970
 *
 * Returns: (transfer full): RFC 3339 in UTC with a Z
 */
char *sc_json_format_time (gint64 seconds);

/**
 * sc_json_to_text:
 * @object: an object of ours
 *
 * Returns: (transfer full): compact JSON text; free with sc_secret_free() when it holds a secret
 */
char *sc_json_to_text (JsonObject *object);

G_END_DECLS
