// SPDX-License-Identifier: MIT
// Speaks TLS in front of a server on loopback that speaks plain HTTP: bench-tls-front PEM.
//
// PEM holds certificate and key. It prints the port that it listens on, then reads the port of the
// server from standard input.

#define G_LOG_DOMAIN "sc-bench"

#include <gio/gio.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct
{
  GTlsCertificate *certificate;
  guint16 port; /* of the server behind */
} Front;

static void
spliced_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_io_stream_splice_finish (result, NULL);
}

static gboolean
incoming_cb (GSocketService *service,
             GSocketConnection *connection,
             GObject *object,
             gpointer user_data)
{
  const Front *front = user_data;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GIOStream) outside = NULL;
  g_autoptr (GSocketConnection) inside = NULL;
  g_autoptr (GError) error = NULL;

  outside = g_tls_server_connection_new (G_IO_STREAM (connection), front->certificate, &error);
  if (outside != NULL)
    inside = g_socket_client_connect_to_host (client, "127.0.0.1", front->port, NULL, &error);
  if (inside == NULL)
    g_printerr ("bench-tls-front: %s\n", error->message);
  else
    g_io_stream_splice_async (outside, G_IO_STREAM (inside),
                              G_IO_STREAM_SPLICE_CLOSE_STREAM1 | G_IO_STREAM_SPLICE_CLOSE_STREAM2,
                              G_PRIORITY_DEFAULT, NULL, spliced_cb, NULL);
  return TRUE;
}

static guint16
listen_on_loopback (GSocketService *service)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) effective = NULL;

  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_TCP, NULL, &effective, NULL))
    return 0;
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
}

int
main (int argc, char **argv)
{
  g_autoptr (GSocketService) service = g_socket_service_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  Front front = { NULL, 0 };
  char line[16];

  if (argc == 2)
    front.certificate = g_tls_certificate_new_from_file (argv[1], &error);
  if (front.certificate == NULL)
    {
      g_printerr ("bench-tls-front: %s\n", error != NULL ? error->message : "which PEM file?");
      return EXIT_FAILURE;
    }
  g_signal_connect (service, "incoming", G_CALLBACK (incoming_cb), &front);
  g_print ("%u\n", listen_on_loopback (service));
  fflush (stdout);
  if (fgets (line, sizeof line, stdin) == NULL)
    return EXIT_FAILURE;
  front.port = (guint16) atoi (line);
  g_main_loop_run (loop);
  return EXIT_SUCCESS;
}
