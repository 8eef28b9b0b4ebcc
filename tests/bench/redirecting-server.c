// SPDX-License-Identifier: MIT
// An authorization server that says yes at once and keeps nothing, so that what is measured is the
// client: bench-redirecting-server. Prints its URL, and for each token answer the time at which all
// of it was sent, in microseconds of the monotonic clock. Also the few answers that an agent asks
// for once it is connected.

#define G_LOG_DOMAIN "sc-bench"

#include <libsoup/soup.h>
#include <stdio.h>
#include <stdlib.h>

#define METADATA                                                          \
  "{\"issuer\":\"%1$s\","                                                 \
  "\"authorization_endpoint\":\"%1$s/oauth/authorize\","                  \
  "\"token_endpoint\":\"%1$s/oauth/token\","                              \
  "\"revocation_endpoint\":\"%1$s/oauth/revoke\","                        \
  "\"response_types_supported\":[\"code\"],"                              \
  "\"grant_types_supported\":[\"authorization_code\",\"refresh_token\"]," \
  "\"token_endpoint_auth_methods_supported\":[\"none\"],"                 \
  "\"code_challenge_methods_supported\":[\"S256\"],"                      \
  "\"authorization_response_iss_parameter_supported\":true}"
#define TOKEN                                                                            \
  "{\"access_token\":\"bench-access-%u\",\"token_type\":\"Bearer\",\"expires_in\":3600," \
  "\"refresh_token\":\"bench-refresh-%u\",\"scope\":\"connection offline_access\","      \
  "\"practice\":{\"officeId\":\"D10023\",\"name\":\"Happy Dental Clinic\","              \
  "\"pmsType\":\"Dentrix\"}}"
#define STATUS                                                             \
  "{\"isConnected\":true,\"status\":\"connected\",\"provider\":\"SIKKA\"," \
  "\"practiceName\":\"Happy Dental Clinic\",\"pmsType\":\"Dentrix\","      \
  "\"timestamp\":\"2026-01-01T00:00:00Z\"}"

static char *base;

static void
answer_json (SoupServerMessage *message, guint status, char *text)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_TAKE, text,
                                    strlen (text));
}

static void
metadata_cb (SoupServer *server,
             SoupServerMessage *message,
             const char *path,
             GHashTable *query,
             gpointer user_data)
{
  answer_json (message, SOUP_STATUS_OK, g_strdup_printf (METADATA, base));
}

/* A page would send the form by itself; the bench's browser runs no scripts. */
static void
answer_form (SoupServerMessage *message, const char *redirect_uri, char *form)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_message_headers_append (headers, "X-Bench-Post-To", redirect_uri);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_TAKE, form, strlen (form));
}

static void
authorize_cb (SoupServer *server,
              SoupServerMessage *message,
              const char *path,
              GHashTable *query,
              gpointer user_data)
{
  const char *redirect_uri = query != NULL ? g_hash_table_lookup (query, "redirect_uri") : NULL;
  const char *state = query != NULL ? g_hash_table_lookup (query, "state") : NULL;
  g_autofree char *answer = NULL;
  g_autofree char *location = NULL;

  if (redirect_uri == NULL || state == NULL)
    {
      soup_server_message_set_status (message, SOUP_STATUS_BAD_REQUEST, NULL);
      return;
    }
  answer = soup_form_encode ("code", "bench-code", "state", state, "iss", base, NULL);
  if (g_strcmp0 (g_hash_table_lookup (query, "response_mode"), "form_post") == 0)
    {
      answer_form (message, redirect_uri, g_steal_pointer (&answer));
      return;
    }
  location = g_strconcat (redirect_uri, "?", answer, NULL);
  soup_server_message_set_redirect (message, SOUP_STATUS_FOUND, location);
}

static void
token_sent_cb (SoupServerMessage *message, gpointer user_data)
{
  g_print ("%" G_GINT64_FORMAT "\n", g_get_monotonic_time ());
  fflush (stdout);
}

static void
token_cb (SoupServer *server,
          SoupServerMessage *message,
          const char *path,
          GHashTable *query,
          gpointer user_data)
{
  static guint serial;

  serial++;
  g_signal_connect (message, "finished", G_CALLBACK (token_sent_cb), NULL);
  answer_json (message, SOUP_STATUS_OK, g_strdup_printf (TOKEN, serial, serial));
}

static void
status_cb (SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           GHashTable *query,
           gpointer user_data)
{
  answer_json (message, SOUP_STATUS_OK, g_strdup (STATUS));
}

static void
accepted_cb (SoupServer *server,
             SoupServerMessage *message,
             const char *path,
             GHashTable *query,
             gpointer user_data)
{
  gboolean is_report = g_str_has_suffix (path, "/reports");

  answer_json (message, is_report ? SOUP_STATUS_ACCEPTED : SOUP_STATUS_OK, g_strdup ("{}"));
}

int
main (int argc, char **argv)
{
  g_autoptr (SoupServer) server = soup_server_new (NULL, NULL);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  GSList *uris;

  soup_server_add_handler (server, "/.well-known/oauth-authorization-server", metadata_cb, NULL,
                           NULL);
  soup_server_add_handler (server, "/oauth/authorize", authorize_cb, NULL, NULL);
  soup_server_add_handler (server, "/oauth/token", token_cb, NULL, NULL);
  soup_server_add_handler (server, "/oauth/revoke", accepted_cb, NULL, NULL);
  soup_server_add_handler (server, "/api/pms/connection-status", status_cb, NULL, NULL);
  soup_server_add_handler (server, "/api/pms/companion/reports", accepted_cb, NULL, NULL);
  if (!soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error))
    {
      g_printerr ("bench-redirecting-server: %s\n", error->message);
      return EXIT_FAILURE;
    }
  uris = soup_server_get_uris (server);
  base = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  g_print ("%s\n", base);
  fflush (stdout);
  g_main_loop_run (loop);
  return EXIT_SUCCESS;
}
