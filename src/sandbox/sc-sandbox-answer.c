// SPDX-License-Identifier: MIT
// What the sandbox answers: JSON, errors, redirects, pages, and bytes of its own making.

#define G_LOG_DOMAIN "sc-sandbox"

#include "sc-sandbox-answer.h"

#include <string.h>

/* Without form-action: it would also hold back the redirect to the loopback port. */
#define PAGE_POLICY                                                                 \
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; " \
  "frame-ancestors 'none'"

void
sc_sandbox_answer_set_header (ScSandboxRequest *request, const char *name, const char *value)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (request->message), name,
                                value);
}

static void
answer (ScSandboxRequest *request, guint status, const char *type, char *body)
{
  soup_server_message_set_status (request->message, status, NULL);
  sc_sandbox_answer_set_header (request, "Cache-Control", "no-store");
  sc_sandbox_answer_set_header (request, "X-Content-Type-Options", "nosniff");
  if (body != NULL)
    soup_server_message_set_response (request->message, type, SOUP_MEMORY_TAKE, body,
                                      strlen (body));
}

void
sc_sandbox_answer_json (ScSandboxRequest *request, guint status, JsonObject *object)
{
  g_autoptr (JsonObject) owned = object;

  answer (request, status, "application/json", sc_sandbox_json_to_text (owned));
}

void
sc_sandbox_answer_error (ScSandboxRequest *request,
                         guint status,
                         const char *error,
                         const char *description)
{
  sc_sandbox_answer_json (
    request, status, sc_sandbox_json_new ("error", error, "error_description", description, NULL));
}

void
sc_sandbox_answer_unauthorized (ScSandboxRequest *request,
                                const char *challenge,
                                const char *error,
                                const char *description)
{
  sc_sandbox_answer_set_header (request, "WWW-Authenticate", challenge);
  sc_sandbox_answer_error (request, SOUP_STATUS_UNAUTHORIZED, error, description);
}

void
sc_sandbox_answer_empty (ScSandboxRequest *request, guint status)
{
  answer (request, status, NULL, NULL);
}

void
sc_sandbox_answer_redirect (ScSandboxRequest *request, const char *url)
{
  sc_sandbox_answer_set_header (request, "Location", url);
  sc_sandbox_answer_set_header (request, "Referrer-Policy", "no-referrer");
  answer (request, SOUP_STATUS_FOUND, NULL, NULL);
}

void
sc_sandbox_answer_page (ScSandboxRequest *request, guint status, const char *html)
{
  sc_sandbox_answer_set_header (request, "Content-Security-Policy", PAGE_POLICY);
  sc_sandbox_answer_set_header (request, "Referrer-Policy", "no-referrer");
  answer (request, status, "text/html; charset=utf-8", g_strdup (html));
}

void
sc_sandbox_answer_problem_page (ScSandboxRequest *request, const char *problem)
{
  g_autofree char *html = g_markup_printf_escaped (
    "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>Cannot continue</title>"
    "<link rel=\"icon\" href=\"data:,\"><h1>Cannot continue</h1><p>%s</p></html>",
    problem);

  sc_sandbox_answer_page (request, SOUP_STATUS_BAD_REQUEST, html);
}

static void
raw_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GIOStream) stream = user_data;

  /* A client that had enough of it is what the answer is for. */
  g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);
  g_io_stream_close_async (stream, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
}

void
sc_sandbox_answer_raw (ScSandboxRequest *request, GBytes *bytes)
{
  GIOStream *stream = soup_server_message_steal_connection (request->message);
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);

  /* The bytes have to outlive the writing. */
  g_object_set_data_full (G_OBJECT (stream), "bytes", g_bytes_ref (bytes),
                          (GDestroyNotify) g_bytes_unref);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (stream), data, size,
                                   G_PRIORITY_DEFAULT, NULL, raw_written_cb, stream);
}

static void
client_left_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GIOStream) stream = user_data;
  g_autoptr (GBytes) bytes =
    g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, NULL);

  if (bytes != NULL && g_bytes_get_size (bytes) > 0)
    {
      g_input_stream_read_bytes_async (G_INPUT_STREAM (source), 4096, G_PRIORITY_DEFAULT, NULL,
                                       client_left_cb, g_steal_pointer (&stream));
      return;
    }
  g_io_stream_close_async (stream, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
}

void
sc_sandbox_answer_never (ScSandboxRequest *request)
{
  GIOStream *stream = soup_server_message_steal_connection (request->message);

  g_input_stream_read_bytes_async (g_io_stream_get_input_stream (stream), 4096, G_PRIORITY_DEFAULT,
                                   NULL, client_left_cb, stream);
}

JsonObject *
sc_sandbox_json_new (const char *name, ...)
{
  JsonObject *object = json_object_new ();
  va_list arguments;

  va_start (arguments, name);
  for (; name != NULL; name = va_arg (arguments, const char *))
    {
      const char *value = va_arg (arguments, const char *);

      if (value != NULL)
        json_object_set_string_member (object, name, value);
    }
  va_end (arguments);

  return object;
}

const char *
sc_sandbox_json_get (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : NULL;
}

char *
sc_sandbox_json_to_text (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (node, object);

  return json_to_string (node, FALSE);
}
