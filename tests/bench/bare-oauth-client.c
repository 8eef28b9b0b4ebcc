// SPDX-License-Identifier: MIT
// The least that is an OAuth client for a desktop (RFC 8252 with PKCE) on GLib and libsoup:
// bench-bare-oauth-client SERVER. Prints the authorization URL, then "tokens" once it has them.
// It stores nothing and refuses nothing but a wrong state.

#define G_LOG_DOMAIN "sc-bench"

#include <libsoup/soup.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

typedef struct
{
  GMainLoop *loop;
  SoupSession *session;
  const char *issuer;
  char *redirect_uri;
  char *state;
  char *verifier;
  SoupServerMessage *browser;
} Client;

static char *
encode (const guchar *bytes, gsize size)
{
  char *text = g_base64_encode (bytes, size);

  text[strcspn (text, "=")] = '\0';
  g_strdelimit (text, "+", '-');
  return g_strdelimit (text, "/", '_');
}

static char *
make_random (void)
{
  guchar bytes[32];

  if (getrandom (bytes, sizeof bytes, 0) != sizeof bytes)
    abort ();
  return encode (bytes, sizeof bytes);
}

static char *
make_challenge (const char *verifier)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guchar digest[32];
  gsize size = sizeof digest;

  g_checksum_update (checksum, (const guchar *) verifier, -1);
  g_checksum_get_digest (checksum, digest, &size);
  return encode (digest, size);
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

static void
page_sent_cb (SoupServerMessage *message, gpointer user_data)
{
  g_idle_add (quit_cb, user_data);
}

static void
exchanged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Client *client = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body =
    soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);

  if (body == NULL ||
      g_strstr_len (g_bytes_get_data (body, NULL), g_bytes_get_size (body), "access_token") == NULL)
    g_error ("no tokens");
  g_print ("tokens\n");
  fflush (stdout);
  soup_server_message_set_status (client->browser, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (client->browser, "text/plain", SOUP_MEMORY_STATIC, "done", 4);
  g_signal_connect (client->browser, "finished", G_CALLBACK (page_sent_cb), client->loop);
  soup_server_message_unpause (client->browser);
}

static void
redirected_cb (SoupServer *server,
               SoupServerMessage *message,
               const char *path,
               GHashTable *query,
               gpointer user_data)
{
  Client *client = user_data;
  const char *code = query != NULL ? g_hash_table_lookup (query, "code") : NULL;
  const char *state = query != NULL ? g_hash_table_lookup (query, "state") : NULL;
  g_autofree char *endpoint = g_strconcat (client->issuer, "/oauth/token", NULL);
  g_autoptr (SoupMessage) exchange = NULL;

  if (code == NULL || g_strcmp0 (state, client->state) != 0)
    {
      soup_server_message_set_status (message, SOUP_STATUS_BAD_REQUEST, NULL);
      return;
    }
  client->browser = message;
  soup_server_message_pause (message);
  exchange = soup_message_new_from_encoded_form (
    "POST", endpoint,
    soup_form_encode ("grant_type", "authorization_code", "code", code, "redirect_uri",
                      client->redirect_uri, "client_id", "sikka-companion", "code_verifier",
                      client->verifier, NULL));
  soup_session_send_and_read_async (client->session, exchange, G_PRIORITY_DEFAULT, NULL,
                                    exchanged_cb, client);
}

static void
print_authorization_url (Client *client)
{
  g_autofree char *challenge = make_challenge (client->verifier);
  g_autofree char *query = soup_form_encode (
    "response_type", "code", "client_id", "sikka-companion", "redirect_uri", client->redirect_uri,
    "scope", "connection offline_access", "state", client->state, "code_challenge", challenge,
    "code_challenge_method", "S256", NULL);

  g_print ("%s/oauth/authorize?%s\n", client->issuer, query);
  fflush (stdout);
}

int
main (int argc, char **argv)
{
  g_autoptr (SoupServer) server = soup_server_new (NULL, NULL);
  Client client = { 0 };
  GSList *uris;

  if (argc != 2)
    return EXIT_FAILURE;
  client.loop = g_main_loop_new (NULL, FALSE);
  client.session = soup_session_new ();
  client.issuer = argv[1];
  client.state = make_random ();
  client.verifier = make_random ();
  soup_server_add_handler (server, "/callback", redirected_cb, &client, NULL);
  if (!soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL))
    return EXIT_FAILURE;
  uris = soup_server_get_uris (server);
  client.redirect_uri =
    g_strdup_printf ("http://127.0.0.1:%d/callback", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  print_authorization_url (&client);
  g_main_loop_run (client.loop);
  return EXIT_SUCCESS;
}
