// SPDX-License-Identifier: MIT
// A plain HTTP request of a test to another process, and the answer as it came.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-http.h"

#include "sc-test-wait.h"

#include <libsoup/soup.h>

void
sc_test_answer_free (ScTestAnswer *self)
{
  if (self == NULL)
    return;

  g_free (self->location);
  g_free (self->body);
  g_free (self);
}

static ScTestAnswer *
answer_new (SoupMessage *message, GBytes *bytes)
{
  ScTestAnswer *self = g_new0 (ScTestAnswer, 1);
  const char *location =
    soup_message_headers_get_one (soup_message_get_response_headers (message), "Location");

  self->status = soup_message_get_status (message);
  self->location = g_strdup (location);
  self->length = g_bytes_get_size (bytes);
  self->body = g_strndup (g_bytes_get_data (bytes, NULL), self->length);
  return self;
}

static SoupMessage *
message_new (const char *method, const char *url, const char *content_type, const char *body)
{
  SoupMessage *message = soup_message_new (method, url);

  g_assert_nonnull (message);
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  if (body != NULL)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
      soup_message_set_request_body_from_bytes (message, content_type, bytes);
    }
  return message;
}

ScTestAnswer *
sc_test_http_send (const char *method,
                   const char *url,
                   const char *content_type,
                   const char *body,
                   ...)
{
  g_autoptr (SoupSession) session =
    soup_session_new_with_options ("proxy-resolver", NULL, "timeout", SC_TEST_CEILING, NULL);
  g_autoptr (SoupMessage) message = message_new (method, url, content_type, body);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  const char *name;
  va_list headers;

  va_start (headers, body);
  while ((name = va_arg (headers, const char *)) != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (message), name,
                                  va_arg (headers, const char *));
  va_end (headers);

  bytes = soup_session_send_and_read (session, message, NULL, &error);
  g_assert_no_error (error);
  return answer_new (message, bytes);
}

JsonObject *
sc_test_answer_get_object (const ScTestAnswer *self)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) error = NULL;

  json_parser_load_from_data (parser, self->body, self->length, &error);
  g_assert_no_error (error);
  g_assert_nonnull (json_parser_get_root (parser));
  g_assert_true (JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)));
  return json_object_ref (json_node_get_object (json_parser_get_root (parser)));
}
