// SPDX-License-Identifier: MIT
// One HTTP request on its way through the sandbox, and the tables that lead it to its handler.

#define G_LOG_DOMAIN "sc-sandbox"

#include "sc-sandbox-request.h"

#include "sc-sandbox-answer.h"

static GHashTable *
parse_parameters (const char *text, gssize length, gboolean *repeats)
{
  GHashTable *parameters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GUriParamsIter iter;
  char *name;
  char *value;

  g_uri_params_iter_init (&iter, text, length, "&", G_URI_PARAMS_WWW_FORM);
  while (g_uri_params_iter_next (&iter, &name, &value, NULL))
    {
      if (!g_hash_table_insert (parameters, name, value))
        *repeats = TRUE;
    }

  return parameters;
}

ScSandboxRequest *
sc_sandbox_request_new (ScSandbox *sandbox, SoupServerMessage *message, const char *path)
{
  ScSandboxRequest *self = g_new0 (ScSandboxRequest, 1);
  const char *query;

  g_return_val_if_fail (SOUP_IS_SERVER_MESSAGE (message), NULL);

  query = g_uri_get_query (soup_server_message_get_uri (message));
  g_ref_count_init (&self->references);
  self->sandbox = sandbox;
  self->message = g_object_ref (message);
  self->path = g_strdup (path);
  self->query = parse_parameters (query != NULL ? query : "", -1, &self->query_repeats);

  return self;
}

ScSandboxRequest *
sc_sandbox_request_ref (ScSandboxRequest *self)
{
  g_ref_count_inc (&self->references);

  return self;
}

void
sc_sandbox_request_unref (ScSandboxRequest *self)
{
  if (!g_ref_count_dec (&self->references))
    return;

  g_object_unref (self->message);
  g_free (self->path);
  g_hash_table_unref (self->query);
  g_free (self);
}

ScSandboxRequest *
sc_sandbox_request_hold (ScSandboxRequest *self)
{
  if (self->holds++ == 0)
    soup_server_message_pause (self->message);

  return sc_sandbox_request_ref (self);
}

void
sc_sandbox_request_release (ScSandboxRequest *self)
{
  if (--self->holds == 0)
    soup_server_message_unpause (self->message);
  sc_sandbox_request_unref (self);
}

const char *
sc_sandbox_request_get (ScSandboxRequest *self, const char *name)
{
  return g_hash_table_lookup (self->query, name);
}

const char *
sc_sandbox_request_get_header (ScSandboxRequest *self, const char *name)
{
  return soup_message_headers_get_one (soup_server_message_get_request_headers (self->message),
                                       name);
}

GHashTable *
sc_sandbox_request_parse_form (ScSandboxRequest *self)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (self->message);
  SoupMessageBody *body = soup_server_message_get_request_body (self->message);
  const char *type = soup_message_headers_get_content_type (headers, NULL);
  g_autoptr (GHashTable) form = NULL;
  gboolean repeats = FALSE;

  if (g_strcmp0 (type, "application/x-www-form-urlencoded") != 0)
    return NULL;
  form = parse_parameters (body->data != NULL ? body->data : "", body->length, &repeats);

  return repeats ? NULL : g_steal_pointer (&form);
}

JsonObject *
sc_sandbox_request_parse_json (ScSandboxRequest *self)
{
  SoupMessageBody *body = soup_server_message_get_request_body (self->message);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root;

  if (body->data == NULL || !json_parser_load_from_data (parser, body->data, body->length, NULL))
    return NULL;
  root = json_parser_get_root (parser);

  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_dup_object (root) : NULL;
}

static void
answer_other_method (ScSandboxRequest *self, const char *allowed)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (self->message), "Allow",
                                allowed);
  sc_sandbox_answer_error (self, SOUP_STATUS_METHOD_NOT_ALLOWED, "method_not_allowed",
                           "another method is needed here");
}

gboolean
sc_sandbox_request_route (ScSandboxRequest *self, const ScSandboxRoute *routes, gpointer part)
{
  const char *method = soup_server_message_get_method (self->message);
  g_autoptr (GString) allowed = g_string_new (NULL);

  for (; routes->path != NULL; routes++)
    {
      if (g_strcmp0 (routes->path, self->path) != 0)
        continue;
      if (g_strcmp0 (routes->method, method) == 0)
        {
          routes->handle (part, self);
          return TRUE;
        }
      g_string_append_printf (allowed, "%s%s", allowed->len > 0 ? ", " : "", routes->method);
    }
  if (allowed->len == 0)
    return FALSE;

  answer_other_method (self, allowed->str);

  return TRUE;
}
