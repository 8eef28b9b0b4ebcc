// SPDX-License-Identifier: MIT
// A client of a socket that need not speak HTTP.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-client.h"

#include "sc-test-wait.h"

struct _ScTestClient
{
  GSocket *socket;
  guint16 port;
  GBytes *request;
  guint flags;
  GThread *thread;
  GString *answer;
  int is_connected;
  int is_done;
};

static GSocketAddress *
address_of (guint16 port)
{
  return g_inet_socket_address_new_from_string ("127.0.0.1", port);
}

/* A peer that refuses need not take all: that is no error of the client's. */
static void
send_all (ScTestClient *self)
{
  gsize length = 0;
  const char *bytes = g_bytes_get_data (self->request, &length);
  gsize step = (self->flags & SC_TEST_CLIENT_BYTEWISE) != 0 ? 1 : length;
  gssize sent = 0;

  for (gsize at = 0; at < length && sent >= 0; at += MAX (sent, 0))
    sent = g_socket_send (self->socket, bytes + at, MIN (step, length - at), NULL, NULL);
}

/* An answer that began must come to an orderly end: a reset could cost the browser all of it. */
static void
receive_all (ScTestClient *self)
{
  char bytes[4096];
  gssize count = 0;
  g_autoptr (GError) error = NULL;

  while ((count = g_socket_receive (self->socket, bytes, sizeof bytes, NULL, &error)) > 0)
    g_string_append_len (self->answer, bytes, count);
  g_assert_false (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT));
  if (self->answer->len > 0)
    g_assert_no_error (error);
}

static gpointer
run (gpointer user_data)
{
  ScTestClient *self = user_data;
  g_autoptr (GSocketAddress) address = address_of (self->port);
  g_autoptr (GError) error = NULL;

  g_socket_connect (self->socket, address, NULL, &error);
  g_assert_no_error (error);
  g_atomic_int_set (&self->is_connected, 1);
  g_main_context_wakeup (NULL);
  send_all (self);
  if ((self->flags & SC_TEST_CLIENT_END) != 0)
    g_socket_shutdown (self->socket, FALSE, TRUE, NULL);
  if ((self->flags & SC_TEST_CLIENT_RESET) == 0)
    receive_all (self);
  g_socket_close (self->socket, NULL);
  g_atomic_int_set (&self->is_done, 1);
  g_main_context_wakeup (NULL);
  return NULL;
}

static GSocket *
new_socket (void)
{
  g_autoptr (GError) error = NULL;
  GSocket *socket =
    g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);

  g_assert_no_error (error);
  g_socket_set_timeout (socket, SC_TEST_CEILING);
  return socket;
}

ScTestClient *
sc_test_client_start (guint16 port, GBytes *request, guint flags)
{
  ScTestClient *self = g_new0 (ScTestClient, 1);

  self->socket = new_socket ();
  self->port = port;
  self->request = g_bytes_ref (request);
  self->flags = flags;
  self->answer = g_string_new (NULL);
  self->thread = g_thread_new ("sc-test-client", run, self);
  return self;
}

static gboolean
is_connected (gpointer user_data)
{
  return g_atomic_int_get (&((ScTestClient *) user_data)->is_connected) != 0;
}

void
sc_test_client_wait_connected (ScTestClient *self)
{
  sc_test_wait_until (is_connected, self);
}

gboolean
sc_test_client_is_done (ScTestClient *self)
{
  return g_atomic_int_get (&self->is_done) != 0;
}

static gboolean
is_done (gpointer user_data)
{
  return sc_test_client_is_done (user_data);
}

char *
sc_test_client_finish (ScTestClient *self)
{
  char *answer = NULL;

  sc_test_wait_until (is_done, self);
  g_thread_join (self->thread);
  answer = g_string_free (self->answer, FALSE);
  g_object_unref (self->socket);
  g_bytes_unref (self->request);
  g_free (self);
  return answer;
}

gboolean
sc_test_client_is_refused (guint16 port)
{
  g_autoptr (GSocket) socket = new_socket ();
  g_autoptr (GSocketAddress) address = address_of (port);
  g_autoptr (GError) error = NULL;

  return !g_socket_connect (socket, address, NULL, &error) &&
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}
