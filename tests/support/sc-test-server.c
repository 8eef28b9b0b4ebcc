// SPDX-License-Identifier: MIT
// A server in the test's own main context with canned answers.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-server.h"

#include <libsoup/soup.h>

/* With the sanitizers: far slower, but only so can a leak of libsoup's server be told from one of
 * ours, see lsan.supp. No other program needs it. */
const char *__asan_default_options (void);

const char *
__asan_default_options (void)
{
  return "fast_unwind_on_malloc=0:malloc_context_size=16";
}

struct _ScTestServer
{
  SoupServer *server;
  char *url;
  GHashTable *routes; /* "GET /path" to Route */
  char *header;       /* (nullable) */
  char *header_value;
  guint total;
};

typedef struct
{
  guint status;
  char *content_type;
  char *body;
  guint count;
  char *last_body;
  SoupMessageHeaders *last_headers;
} Route;

static void
route_free (gpointer data)
{
  Route *self = data;

  g_free (self->content_type);
  g_free (self->body);
  g_free (self->last_body);
  g_clear_pointer (&self->last_headers, soup_message_headers_unref);
  g_free (self);
}

static Route *
find_route (ScTestServer *self, const char *method_and_path)
{
  Route *route = g_hash_table_lookup (self->routes, method_and_path);

  if (route == NULL)
    {
      route = g_new0 (Route, 1);
      route->status = SOUP_STATUS_NOT_FOUND;
      g_hash_table_insert (self->routes, g_strdup (method_and_path), route);
    }
  return route;
}

static void
note_request (ScTestServer *self, Route *route, SoupServerMessage *message)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  self->total++;
  route->count++;
  g_free (route->last_body);
  route->last_body = g_strndup (body->data, body->length);
  g_clear_pointer (&route->last_headers, soup_message_headers_unref);
  route->last_headers =
    soup_message_headers_ref (soup_server_message_get_request_headers (message));
}

static void
request_received_cb (SoupServer *server,
                     SoupServerMessage *message,
                     const char *path,
                     GHashTable *query,
                     gpointer user_data)
{
  ScTestServer *self = user_data;
  g_autofree char *name = g_strdup_printf ("%s %s", soup_server_message_get_method (message), path);
  Route *route = find_route (self, name);

  note_request (self, route, message);
  soup_server_message_set_status (message, route->status, NULL);
  if (self->header != NULL)
    soup_message_headers_replace (soup_server_message_get_response_headers (message), self->header,
                                  self->header_value);
  if (route->body != NULL)
    soup_server_message_set_response (message, route->content_type, SOUP_MEMORY_COPY, route->body,
                                      strlen (route->body));
}

static char *
read_url (SoupServer *server)
{
  GSList *uris = soup_server_get_uris (server);
  char *url = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));

  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return url;
}

ScTestServer *
sc_test_server_new (void)
{
  ScTestServer *self = g_new0 (ScTestServer, 1);
  g_autoptr (GError) error = NULL;

  self->server = soup_server_new (NULL, NULL);
  self->routes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, route_free);
  soup_server_add_handler (self->server, NULL, request_received_cb, self, NULL);
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  self->url = read_url (self->server);
  return self;
}

void
sc_test_server_free (ScTestServer *self)
{
  if (self == NULL)
    return;

  soup_server_disconnect (self->server);
  g_object_unref (self->server);
  g_hash_table_unref (self->routes);
  g_free (self->url);
  g_free (self->header);
  g_free (self->header_value);
  g_free (self);
}

const char *
sc_test_server_get_url (ScTestServer *self)
{
  return self->url;
}

void
sc_test_server_set_answer (ScTestServer *self,
                           const char *method_and_path,
                           guint status,
                           const char *content_type,
                           const char *body)
{
  Route *route = find_route (self, method_and_path);
  GString *text = g_string_new (body);

  g_string_replace (text, "@URL@", self->url, 0);
  g_free (route->body);
  g_free (route->content_type);
  route->status = status;
  route->content_type = g_strdup (content_type);
  route->body = g_string_free (text, FALSE);
}

void
sc_test_server_set_header (ScTestServer *self, const char *name, const char *value)
{
  g_free (self->header);
  g_free (self->header_value);
  self->header = value != NULL ? g_strdup (name) : NULL;
  self->header_value = g_strdup (value);
}

guint
sc_test_server_count (ScTestServer *self, const char *method_and_path)
{
  return method_and_path == NULL ? self->total : find_route (self, method_and_path)->count;
}

const char *
sc_test_server_get_body (ScTestServer *self, const char *method_and_path)
{
  return find_route (self, method_and_path)->last_body;
}

const char *
sc_test_server_get_header (ScTestServer *self, const char *method_and_path, const char *name)
{
  Route *route = find_route (self, method_and_path);

  return route->last_headers != NULL ? soup_message_headers_get_one (route->last_headers, name)
                                     : NULL;
}
