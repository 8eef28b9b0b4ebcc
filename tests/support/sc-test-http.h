// SPDX-License-Identifier: MIT
// A plain HTTP request of a test to another process, and the answer as it came: no redirect is
// followed.

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * ScTestAnswer:
 * @status: the status
 * @location: (nullable): the Location header
 * @body: NUL-terminated
 * @length: bytes in @body
 */
typedef struct
{
  guint status;
  char *location;
  char *body;
  gsize length;
} ScTestAnswer;

void sc_test_answer_free (ScTestAnswer *self);

/**
 * sc_test_http_send:
 * @method: e.g. "POST"
 * @url: absolute
 * @content_type: (nullable): of @body
 * @body: (nullable): the request's body
 * @...: header name, value pairs of strings, ended by %NULL
 *
 * Sends and blocks; the peer must be another process or thread. Fails the test when nothing
 * answers.
 *
 * Returns: (transfer full): the answer
 */
ScTestAnswer *sc_test_http_send (const char *method,
                                 const char *url,
                                 const char *content_type,
                                 const char *body,
                                 ...) G_GNUC_NULL_TERMINATED;

/** sc_test_answer_get_object: Returns: (transfer full): the body, which must be a JSON object */
JsonObject *sc_test_answer_get_object (const ScTestAnswer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTestAnswer, sc_test_answer_free)

G_END_DECLS
