// SPDX-License-Identifier: MIT
// A client of the sandbox that is not the companion: plain requests, headers and failures visible.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-sandbox-client.h"

#include "sc-test-wait.h"

#include <string.h>

#define FORM "application/x-www-form-urlencoded"

struct _ScTestClient
{
  ScTestSandbox *sandbox;
  SoupSession *session;
};

void
sc_test_reply_free (ScTestReply *self)
{
  g_clear_pointer (&self->headers, soup_message_headers_unref);
  g_clear_pointer (&self->json, json_object_unref);
  g_clear_error (&self->error);
  g_free (self->text);
  g_free (self);
}

const char *
sc_test_reply_get (const ScTestReply *self, const char *name)
{
  g_assert_nonnull (self->json);

  return json_object_get_string_member_with_default (self->json, name, NULL);
}

const char *
sc_test_reply_get_header (const ScTestReply *self, const char *name)
{
  return soup_message_headers_get_one (self->headers, name);
}

ScTestClient *
sc_test_client_new (const char *first_arg, const char *second_arg)
{
  ScTestClient *self = g_new0 (ScTestClient, 1);

  self->sandbox = sc_test_sandbox_start (first_arg, second_arg, NULL);
  self->session =
    soup_session_new_with_options ("proxy-resolver", NULL, "timeout", SC_TEST_CEILING, NULL);

  return self;
}

void
sc_test_client_free (ScTestClient *self)
{
  g_object_unref (self->session);
  sc_test_sandbox_stop (self->sandbox);
  g_free (self);
}

ScTestSandbox *
sc_test_client_get_sandbox (ScTestClient *self)
{
  return self->sandbox;
}

static JsonObject *
parse (const char *text)
{
  g_autoptr (JsonNode) node = json_from_string (text, NULL);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_dup_object (node) : NULL;
}

static ScTestReply *
reply_new (SoupMessage *message, GBytes *bytes, GError *error)
{
  ScTestReply *reply = g_new0 (ScTestReply, 1);

  reply->status = soup_message_get_status (message);
  reply->headers = soup_message_headers_ref (soup_message_get_response_headers (message));
  reply->error = error;
  if (bytes != NULL)
    {
      gsize size = g_bytes_get_size (bytes);

      reply->text = size > 0 ? g_strndup (g_bytes_get_data (bytes, NULL), size) : g_strdup ("");
      reply->json = parse (reply->text);
    }

  return reply;
}

static SoupMessage *
message_new (ScTestClient *self, const char *method, const char *path)
{
  g_autofree char *url = *path == '/'
                           ? g_strconcat (sc_test_sandbox_get_url (self->sandbox), path, NULL)
                           : g_strdup (path);
  SoupMessage *message = soup_message_new (method, url);

  g_assert_nonnull (message);
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);

  return message;
}

ScTestReply *
sc_test_client_send (ScTestClient *self,
                     const char *method,
                     const char *path,
                     const char *type,
                     const char *body,
                     ...)
{
  g_autoptr (SoupMessage) message = message_new (self, method, path);
  g_autoptr (GBytes) bytes = NULL;
  GError *error = NULL;
  const char *name;
  va_list headers;

  va_start (headers, body);
  while ((name = va_arg (headers, const char *)) != NULL)
    {
      const char *value = va_arg (headers, const char *);

      if (value != NULL)
        soup_message_headers_append (soup_message_get_request_headers (message), name, value);
    }
  va_end (headers);
  if (body != NULL)
    {
      g_autoptr (GBytes) sent = g_bytes_new (body, strlen (body));
      soup_message_set_request_body_from_bytes (message, type, sent);
    }
  bytes = soup_session_send_and_read (self->session, message, NULL, &error);

  return reply_new (message, bytes, error);
}

ScTestReply *
sc_test_client_call (ScTestClient *self,
                     const char *method,
                     const char *path,
                     const char *token,
                     const char *json)
{
  g_autofree char *bearer = token != NULL ? g_strconcat ("Bearer ", token, NULL) : NULL;

  return sc_test_client_send (self, method, path, "application/json", json, "Authorization", bearer,
                              NULL);
}

ScTestReply *
sc_test_client_post_form (ScTestClient *self, const char *path, const char *form)
{
  return sc_test_client_send (self, "POST", path, FORM, form, NULL);
}

char *
sc_test_client_follow (ScTestClient *self, const char *path)
{
  const char *url = sc_test_sandbox_get_url (self->sandbox);
  g_autofree char *next = g_strconcat (url, path, NULL);

  while (next != NULL && g_str_has_prefix (next, url))
    {
      g_autoptr (ScTestReply) reply = sc_test_client_send (self, "GET", next, NULL, NULL, NULL);

      g_assert_no_error (reply->error);
      g_free (next);
      next = g_strdup (sc_test_reply_get_header (reply, "Location"));
    }

  return g_steal_pointer (&next);
}

char *
sc_test_client_authorize (ScTestClient *self, const char *more)
{
  g_autofree char *path =
    g_strconcat ("/oauth/authorize?", SC_TEST_AUTHORIZE, more != NULL ? more : "", NULL);

  return sc_test_client_follow (self, path);
}

ScTestReply *
sc_test_client_exchange (ScTestClient *self, const char *url)
{
  g_autofree char *code = sc_test_get_parameter (url, "code");
  g_autofree char *form = soup_form_encode ("grant_type", "authorization_code", "client_id",
                                            "sikka-companion", "redirect_uri", SC_TEST_REDIRECT_URI,
                                            "code_verifier", SC_TEST_VERIFIER, "code", code, NULL);

  return sc_test_client_post_form (self, "/oauth/token", form);
}

ScTestReply *
sc_test_client_refresh (ScTestClient *self, const char *refresh_token)
{
  g_autofree char *form =
    soup_form_encode ("grant_type", "refresh_token", "client_id", "sikka-companion",
                      "refresh_token", refresh_token, NULL);

  return sc_test_client_post_form (self, "/oauth/token", form);
}

ScTestReply *
sc_test_client_sign_in (ScTestClient *self)
{
  g_autofree char *url = sc_test_client_authorize (self, NULL);
  ScTestReply *tokens = sc_test_client_exchange (self, url);

  g_assert_cmpuint (tokens->status, ==, 200);

  return tokens;
}

void
sc_test_client_advance (ScTestClient *self, int seconds)
{
  g_autofree char *body = g_strdup_printf ("{\"advance\":%d}", seconds);
  g_autoptr (ScTestReply) reply = sc_test_client_call (self, "POST", "/sandbox/clock", NULL, body);

  g_assert_cmpuint (reply->status, ==, 204);
}

char *
sc_test_get_parameter (const char *url, const char *name)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_ENCODED_QUERY, NULL);
  g_autoptr (GHashTable) query = NULL;

  g_assert_nonnull (uri);
  query = g_uri_parse_params (g_uri_get_query (uri), -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
  g_assert_nonnull (query);

  return g_strdup (g_hash_table_lookup (query, name));
}
