// SPDX-License-Identifier: MIT
// A peer that says the same bytes whatever it is asked.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-peer.h"

#include <string.h>

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GSocketConnection) connection = user_data;
  ScTestPeer *self = g_object_get_data (G_OBJECT (connection), "peer");
  GSocket *socket = g_socket_connection_get_socket (connection);

  /* A peer whose test is over must not be touched. */
  if (g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL) <= 0)
    return;
  g_socket_send (socket, self->bytes, strlen (self->bytes), NULL, NULL);
  g_ptr_array_add (self->connections, g_object_ref (connection));
  if (!self->is_silent_after)
    g_socket_shutdown (socket, FALSE, TRUE, NULL);
}

static gboolean
incoming_cb (GSocketService *service,
             GSocketConnection *connection,
             GObject *source,
             gpointer user_data)
{
  ScTestPeer *self = user_data;

  g_object_set_data (G_OBJECT (connection), "peer", self);
  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (connection)), self->request,
                             sizeof self->request, G_PRIORITY_DEFAULT, NULL, asked_cb,
                             g_object_ref (connection));
  return TRUE;
}

void
sc_test_peer_init (ScTestPeer *self, const char *bytes, gboolean is_silent_after)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  self->service = g_socket_service_new ();
  self->bytes = bytes;
  self->is_silent_after = is_silent_after;
  self->connections = g_ptr_array_new_with_free_func (g_object_unref);
  g_signal_connect (self->service, "incoming", G_CALLBACK (incoming_cb), self);
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &bound, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
}

void
sc_test_peer_clear (ScTestPeer *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_clear_object (&self->service);
  g_clear_pointer (&self->connections, g_ptr_array_unref);
}
