// SPDX-License-Identifier: MIT
// The cloud as a client of Sikka's API: real requests to the sandbox's own port.

#define G_LOG_DOMAIN "sc-sandbox"

#include "sc-sandbox-sikka-client.h"

#include "sc-sandbox-answer.h"
#include "sc-sandbox-sikka.h"

#include <string.h>

struct _ScSandboxSikkaClient
{
  ScSandbox *sandbox;
  SoupSession *session;
};

void
sc_sandbox_reply_free (ScSandboxReply *self)
{
  g_clear_pointer (&self->body, json_object_unref);
  g_free (self->error);
  g_free (self->error_code);
  g_free (self);
}

gboolean
sc_sandbox_reply_has_error (const ScSandboxReply *self, const char *code)
{
  return g_strcmp0 (self->error_code, code) == 0;
}

const char *
sc_sandbox_reply_get (const ScSandboxReply *self, const char *name)
{
  return sc_sandbox_json_get (self->body, name);
}

JsonArray *
sc_sandbox_reply_get_items (const ScSandboxReply *self)
{
  JsonNode *node = self->body != NULL ? json_object_get_member (self->body, "items") : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

ScSandboxSikkaClient *
sc_sandbox_sikka_client_new (ScSandbox *sandbox)
{
  ScSandboxSikkaClient *self = g_new0 (ScSandboxSikkaClient, 1);

  self->sandbox = sandbox;
  self->session = soup_session_new ();
  /* The way to ourselves leads through nobody's proxy. */
  soup_session_set_proxy_resolver (self->session, NULL);
  soup_session_set_timeout (self->session, 10);

  return self;
}

void
sc_sandbox_sikka_client_free (ScSandboxSikkaClient *self)
{
  soup_session_abort (self->session);
  g_object_unref (self->session);
  g_free (self);
}

static JsonObject *
parse_body (GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root;

  if (size == 0 || !json_parser_load_from_data (parser, data, size, NULL))
    return NULL;
  root = json_parser_get_root (parser);

  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_dup_object (root) : NULL;
}

/* Sikka answers some failures with 200, so the error code decides and the status only helps out. */
static ScSandboxReply *
read_reply (guint status, GBytes *bytes)
{
  ScSandboxReply *reply = g_new0 (ScSandboxReply, 1);

  reply->body = parse_body (bytes);
  reply->error_code = g_strdup (sc_sandbox_reply_get (reply, "error_code"));
  if (reply->error_code != NULL)
    reply->error = g_strdup (sc_sandbox_reply_get (reply, "short_message"));
  else if (!SOUP_STATUS_IS_SUCCESSFUL (status))
    reply->error = g_strdup_printf ("Sikka answered with status %u", status);

  return reply;
}

static void
answer_received_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes =
    soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);
  SoupMessage *message = g_task_get_task_data (task);
  ScSandboxReply *reply;

  if (bytes != NULL)
    reply = read_reply (soup_message_get_status (message), bytes);
  else
    {
      reply = g_new0 (ScSandboxReply, 1);
      reply->error = g_strdup ("Sikka did not answer");
    }
  g_task_return_pointer (task, reply, (GDestroyNotify) sc_sandbox_reply_free);
}

static void
set_body (SoupMessage *message, JsonObject *body)
{
  g_autoptr (JsonObject) owned = body;
  char *text = sc_sandbox_json_to_text (owned);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  soup_message_set_request_body_from_bytes (message, "application/json", bytes);
}

void
sc_sandbox_sikka_client_send_async (ScSandboxSikkaClient *self,
                                    const char *method,
                                    const char *path,
                                    const char *key_header,
                                    const char *key,
                                    JsonObject *body,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  g_autofree char *url = g_strconcat (sc_sandbox_get_url (self->sandbox), path, NULL);
  SoupMessage *message = soup_message_new (method, url);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  g_task_set_source_tag (task, sc_sandbox_sikka_client_send_async);
  g_task_set_task_data (task, message, g_object_unref);
  soup_message_headers_append (headers, "App-Id", SC_SANDBOX_APP_ID);
  soup_message_headers_append (headers, "App-Key", SC_SANDBOX_APP_KEY);
  if (key_header != NULL)
    soup_message_headers_append (headers, key_header, key);
  if (body != NULL)
    set_body (message, body);
  soup_session_send_and_read_async (self->session, message, G_PRIORITY_DEFAULT, NULL,
                                    answer_received_cb, task);
}

ScSandboxReply *
sc_sandbox_sikka_client_send_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

JsonObject *
sc_sandbox_sikka_client_create_grant (const char *type, const char *name, const char *value)
{
  return sc_sandbox_json_new ("grant_type", type, name, value, "app_id", SC_SANDBOX_APP_ID,
                              "app_key", SC_SANDBOX_APP_KEY, NULL);
}
