// SPDX-License-Identifier: MIT
// Sikka API v4 answers in Sikka's own shapes: strings everywhere, expires_in as text, errors in
// bodies.

#pragma once

#include "sc-practice.h"
#include "sc-secret-string.h"

G_BEGIN_DECLS

/**
 * ScSikkaKey: an answer of POST /request_key or GET /request_key_info.
 * @request_key: lives 24 hours
 * @refresh_key: (nullable): lives until it is deleted; request_key_info has none
 * @expires_in: seconds left, from text such as "85603 second(s)"
 * @office_id: issued_to
 * @is_active: status is "active"
 */
typedef struct
{
  ScSecretString *request_key;
  ScSecretString *refresh_key;
  gint64 expires_in;
  char *office_id;
  gboolean is_active;
} ScSikkaKey;

void sc_sikka_key_free (ScSikkaKey *self);

/** ScSikkaPractice: an item of GET /authorized_practices; secret_key is a secret */
typedef struct
{
  ScPractice *practice;
  ScSecretString *secret_key;
  char *data_synchronization_date; /* (nullable): as Sikka wrote it */
} ScSikkaPractice;

void sc_sikka_practice_free (ScSikkaPractice *self);

/**
 * sc_sikka_answer_parse_key:
 * @text: (array length=length): body of a 200 answer
 * @length: its size in bytes
 * @error: return location
 *
 * Numbers may come as text and text as numbers. Errors: those of sc_sikka_answer_parse_error()
 * when the body is Sikka's error shape with http_code or error_code of a failure (some calls
 * answer 200 with an error inside), else %SC_ERROR_SIKKA_REJECTED with %SC_ERROR_JSON_TYPE's
 * naming of the member.
 */
ScSikkaKey *sc_sikka_answer_parse_key (const char *text, gsize length, GError **error);

/**
 * sc_sikka_answer_parse_practices:
 *
 * The list envelope {offset, limit, total_count, items[]}, also wrapped in an array or under
 * "data". An empty body (204) is an empty list.
 *
 * Returns: (transfer full) (element-type ScSikkaPractice)
 */
GPtrArray *sc_sikka_answer_parse_practices (const char *text, gsize length, GError **error);

/**
 * sc_sikka_answer_parse_error:
 * @text: (array length=length) (nullable): the body: {http_code, http_code_desc, error_code,
 *   short_message, long_message, more_information}, all strings
 * @length: its size in bytes
 * @http_status: the status that it came with
 *
 * API1025 is an expired request key although its status is 400. Messages of Sikka are not quoted:
 * the error names the code only.
 *
 * Returns: (transfer full): an %SC_ERROR_SIKKA_* error
 */
GError *sc_sikka_answer_parse_error (const char *text, gsize length, guint http_status);

/**
 * sc_sikka_answer_code_to_error:
 * @error_code: (nullable): e.g. "API2010"
 * @http_status: used when the code is not known; 0 when there was none
 *
 * Returns: an #ScError
 */
int sc_sikka_answer_code_to_error (const char *error_code, guint http_status);

/** sc_sikka_answer_parse_expires_in: "85603 second(s)", "85603" → 85603; -1 for anything else */
gint64 sc_sikka_answer_parse_expires_in (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScSikkaKey, sc_sikka_key_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScSikkaPractice, sc_sikka_practice_free)

G_END_DECLS
