// SPDX-License-Identifier: MIT
// The least that answers a redirect with libsoup: a SoupServer with one handler and a page of the
// same size as ours. Speaks with the bench as loopback-server.c does.

#define G_LOG_DOMAIN "sc-bench"

#include <libsoup/soup.h>
#include <stdio.h>
#include <stdlib.h>

#define PAGE_SIZE 1800

static char page[PAGE_SIZE];

static void
request_cb (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer user_data)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_message_headers_append (headers, "Connection", "close");
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "text/html; charset=utf-8", SOUP_MEMORY_STATIC, page,
                                    sizeof page);
}

static SoupServer *
open_next (void)
{
  SoupServer *server = soup_server_new (NULL, NULL);
  g_autoptr (GError) error = NULL;
  GSList *uris;

  soup_server_add_handler (server, "/callback", request_cb, NULL, NULL);
  if (!soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error))
    g_error ("%s", error->message);
  uris = soup_server_get_uris (server);
  g_print ("http://127.0.0.1:%d/callback?code=bench&state=bench\n", g_uri_get_port (uris->data));
  fflush (stdout);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return server;
}

static gboolean
served_cb (GIOChannel *input, GIOCondition condition, gpointer user_data)
{
  SoupServer **server = user_data;
  g_autofree char *line = NULL;

  if (g_io_channel_read_line (input, &line, NULL, NULL, NULL) != G_IO_STATUS_NORMAL)
    exit (EXIT_SUCCESS);
  soup_server_disconnect (*server);
  g_object_unref (*server);
  *server = open_next ();
  return G_SOURCE_CONTINUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GIOChannel) input = g_io_channel_unix_new (0);
  SoupServer *server;

  memset (page, '.', sizeof page);
  server = open_next ();
  g_io_add_watch (input, G_IO_IN | G_IO_HUP, served_cb, &server);
  g_main_loop_run (loop);
  return EXIT_SUCCESS;
}
