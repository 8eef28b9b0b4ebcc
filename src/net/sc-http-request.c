// SPDX-License-Identifier: MIT
// A request: collected by the caller, turned into libsoup's message when it is sent.

#define G_LOG_DOMAIN "sc-net"

#include "sc-http-private.h"

#include "sc-url.h"

#include <string.h>

typedef struct
{
  char *name;
  ScSecretString *value; /* secret or not: one kind of value is enough */
} HttpHeader;

static void
http_header_free (gpointer data)
{
  HttpHeader *header = data;

  g_free (header->name);
  sc_secret_string_unref (header->value);
  g_free (header);
}

ScHttpRequest *
sc_http_request_new (const char *method, const char *url)
{
  ScHttpRequest *self = NULL;

  g_return_val_if_fail (method != NULL, NULL);
  g_return_val_if_fail (url != NULL, NULL);

  self = g_new0 (ScHttpRequest, 1);
  self->method = g_strdup (method);
  self->url = g_strdup (url);
  self->headers = g_ptr_array_new_with_free_func (http_header_free);
  self->timeout = SC_HTTP_TIMEOUT;
  self->max_body = SC_HTTP_MAX_BODY;
  return self;
}

void
sc_http_request_free (ScHttpRequest *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->method);
  sc_secret_free (self->url);
  g_ptr_array_unref (self->headers);
  g_free (self->content_type);
  sc_secret_free (self->body);
  g_free (self);
}

static void
add_header (ScHttpRequest *self, const char *name, ScSecretString *value)
{
  HttpHeader *header = g_new0 (HttpHeader, 1);

  header->name = g_strdup (name);
  header->value = value;
  g_ptr_array_add (self->headers, header);
}

void
sc_http_request_set_header (ScHttpRequest *self, const char *name, const char *value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL);
  g_return_if_fail (value != NULL);

  add_header (self, name, sc_secret_string_new (value));
}

void
sc_http_request_set_secret_header (ScHttpRequest *self, const char *name, ScSecretString *value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL);
  g_return_if_fail (value != NULL);

  add_header (self, name, sc_secret_string_ref (value));
}

void
sc_http_request_set_bearer (ScHttpRequest *self, ScSecretString *access_token)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (access_token != NULL);

  add_header (self, "Authorization",
              sc_secret_string_new_take (
                g_strconcat ("Bearer ", sc_secret_string_peek (access_token), NULL)));
}

void
sc_http_request_take_body (ScHttpRequest *self, const char *content_type, char *body)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (content_type != NULL);
  g_return_if_fail (body != NULL);

  g_free (self->content_type);
  self->content_type = g_strdup (content_type);
  sc_secret_free (self->body);
  self->body = body;
}

void
sc_http_request_set_limits (ScHttpRequest *self, guint timeout, gsize max_body)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (timeout > 0 && timeout <= G_MAXUINT / 1000);

  self->timeout = timeout;
  self->max_body = max_body;
}

static gboolean
is_header_value (const char *value)
{
  for (; *value != '\0'; value++)
    if (g_ascii_iscntrl (*value) && *value != '\t')
      return FALSE;
  return TRUE;
}

static gboolean
append_headers (ScHttpRequest *self, SoupMessageHeaders *headers, GError **error)
{
  for (guint i = 0; i < self->headers->len; i++)
    {
      HttpHeader *header = g_ptr_array_index (self->headers, i);
      const char *value = sc_secret_string_peek (header->value);

      if (!is_header_value (value))
        {
          g_set_error (error, SC_ERROR, SC_ERROR_INVALID_ARGUMENT,
                       "header %s has control characters", header->name);
          return FALSE;
        }
      soup_message_headers_replace (headers, header->name, value);
    }
  return TRUE;
}

SoupMessage *
sc_http_request_build (ScHttpRequest *self, GError **error)
{
  g_autoptr (SoupMessage) message = NULL;

  if (!sc_url_check (self->url, error))
    return NULL;
  message = soup_message_new (self->method, self->url);
  if (message == NULL)
    {
      g_set_error_literal (error, SC_ERROR, SC_ERROR_INVALID_ARGUMENT, "url cannot be requested");
      return NULL;
    }
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_DO_NOT_USE_AUTH_CACHE);
  if (!append_headers (self, soup_message_get_request_headers (message), error))
    return NULL;
  if (self->body != NULL)
    {
      gsize length = strlen (self->body);
      char *body = g_steal_pointer (&self->body);
      g_autoptr (GBytes) bytes =
        g_bytes_new_with_free_func (body, length, (GDestroyNotify) sc_secret_free, body);

      soup_message_set_request_body_from_bytes (message, self->content_type, bytes);
    }
  return g_steal_pointer (&message);
}
