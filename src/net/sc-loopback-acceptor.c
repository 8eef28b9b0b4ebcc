// SPDX-License-Identifier: MIT
// The listening socket of the loopback listener and its accept loop.

#define G_LOG_DOMAIN "sc-net"

#include "sc-loopback-acceptor.h"

#include "sc-error.h"

#define BACKLOG 128
/* How long accepting rests after an error, in case that no connection of ours closes. */
#define REST 200
/* What part of the deadline is left to the silent ones when no place is free: a browser's request
 * is there as soon as its connection. */
#define CROWDED 20

struct _ScLoopbackAcceptor
{
  GObject parent_instance;

  GSocket *socket;
  char *authority;
  guint16 port;
  guint deadline;
  ScLoopbackReceivedFunc received;
  gpointer user_data;

  GHashTable *connections; /* set of ScLoopbackConnection; each keeps a reference to us */
  GSource *source;
  GSource *rest;
};

G_DEFINE_FINAL_TYPE (ScLoopbackAcceptor, sc_loopback_acceptor, G_TYPE_OBJECT)

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void resume (ScLoopbackAcceptor *self);

static gboolean
rested_cb (gpointer user_data)
{
  resume (user_data);
  return G_SOURCE_REMOVE;
}

static void
rest (ScLoopbackAcceptor *self)
{
  clear_source (&self->source);
  clear_source (&self->rest);
  self->rest = g_timeout_source_new (REST);
  g_source_set_static_name (self->rest, "sc-loopback rest");
  g_source_set_callback (self->rest, rested_cb, self, NULL);
  g_source_attach (self->rest, g_main_context_get_thread_default ());
}

static void
received_cb (ScLoopbackConnection *connection, const ScLoopbackRequest *request, gpointer user_data)
{
  ScLoopbackAcceptor *self = user_data;

  if (self->received != NULL)
    self->received (connection, request, self->user_data);
  else
    sc_loopback_connection_abort (connection);
}

static void
closed_cb (ScLoopbackConnection *connection, gpointer user_data)
{
  ScLoopbackAcceptor *self = user_data;

  g_hash_table_remove (self->connections, connection);
  resume (self);
  g_object_unref (self);
}

static void
take (ScLoopbackAcceptor *self, GSocket *socket)
{
  g_autoptr (GSocketConnection) base = g_socket_connection_factory_create_connection (socket);

  g_hash_table_add (self->connections,
                    sc_loopback_connection_new (base, self->authority, self->deadline, received_cb,
                                                closed_cb, g_object_ref (self)));
}

/* So that the login behind a crowd of idle connections has its turn within seconds. */
static void
hurry (ScLoopbackAcceptor *self)
{
  GHashTableIter iter;
  gpointer connection = NULL;

  g_hash_table_iter_init (&iter, self->connections);
  while (g_hash_table_iter_next (&iter, &connection, NULL))
    sc_loopback_connection_hurry (connection, self->deadline / CROWDED);
}

static gboolean
acceptable_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  ScLoopbackAcceptor *self = user_data;
  g_autoptr (GError) error = NULL;

  while (g_hash_table_size (self->connections) < SC_LOOPBACK_MAX_CONNECTIONS)
    {
      g_autoptr (GSocket) accepted = g_socket_accept (self->socket, NULL, &error);

      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        return G_SOURCE_CONTINUE;
      if (accepted == NULL)
        {
          g_debug ("accepting rests: %s", error->message);
          rest (self);
          return G_SOURCE_REMOVE;
        }
      take (self, accepted);
    }
  hurry (self);
  clear_source (&self->source);
  return G_SOURCE_REMOVE;
}

static void
resume (ScLoopbackAcceptor *self)
{
  clear_source (&self->rest);
  if (self->socket == NULL || self->source != NULL ||
      g_hash_table_size (self->connections) >= SC_LOOPBACK_MAX_CONNECTIONS)
    return;
  self->source = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_static_name (self->source, "sc-loopback accept");
  g_source_set_callback (self->source, G_SOURCE_FUNC (acceptable_cb), self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());
}

static GSocket *
listen_on (const char *literal, GError **error)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (literal, 0);
  g_autoptr (GSocket) socket = g_socket_new (g_socket_address_get_family (address),
                                             G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);

  if (socket == NULL)
    return NULL;
  g_socket_set_blocking (socket, FALSE);
  g_socket_set_listen_backlog (socket, BACKLOG);
  if (!g_socket_bind (socket, address, FALSE, error) || !g_socket_listen (socket, error))
    return NULL;
  return g_steal_pointer (&socket);
}

static gboolean
open_port (ScLoopbackAcceptor *self, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (GSocketAddress) address = NULL;
  const char *format = "127.0.0.1:%u";

  self->socket = listen_on ("127.0.0.1", NULL);
  if (self->socket == NULL)
    {
      format = "[::1]:%u";
      self->socket = listen_on ("::1", &cause);
    }
  if (self->socket != NULL)
    address = g_socket_get_local_address (self->socket, &cause);
  if (address == NULL)
    {
      sc_error_set_cause (error, SC_ERROR_LOOPBACK_BIND, "loopback port", cause);
      return FALSE;
    }
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  self->authority = g_strdup_printf (format, self->port);
  return TRUE;
}

ScLoopbackAcceptor *
sc_loopback_acceptor_new (guint deadline,
                          ScLoopbackReceivedFunc received,
                          gpointer user_data,
                          GError **error)
{
  g_autoptr (ScLoopbackAcceptor) self = NULL;

  g_return_val_if_fail (received != NULL, NULL);

  self = g_object_new (SC_TYPE_LOOPBACK_ACCEPTOR, NULL);
  self->deadline = deadline;
  self->received = received;
  self->user_data = user_data;
  if (!open_port (self, error))
    return NULL;
  resume (self);
  return g_steal_pointer (&self);
}

const char *
sc_loopback_acceptor_get_authority (ScLoopbackAcceptor *self)
{
  g_return_val_if_fail (SC_IS_LOOPBACK_ACCEPTOR (self), NULL);

  return self->authority;
}

guint16
sc_loopback_acceptor_get_port (ScLoopbackAcceptor *self)
{
  g_return_val_if_fail (SC_IS_LOOPBACK_ACCEPTOR (self), 0);

  return self->port;
}

void
sc_loopback_acceptor_close (ScLoopbackAcceptor *self)
{
  g_autoptr (GList) connections = NULL;

  g_return_if_fail (SC_IS_LOOPBACK_ACCEPTOR (self));

  self->received = NULL;
  clear_source (&self->source);
  clear_source (&self->rest);
  if (self->socket != NULL)
    g_socket_close (self->socket, NULL);
  g_clear_object (&self->socket);
  connections = g_hash_table_get_keys (self->connections);
  for (GList *l = connections; l != NULL; l = l->next)
    if (sc_loopback_connection_is_reading (l->data))
      sc_loopback_connection_abort (l->data);
}

static void
sc_loopback_acceptor_finalize (GObject *object)
{
  ScLoopbackAcceptor *self = SC_LOOPBACK_ACCEPTOR (object);

  clear_source (&self->source);
  clear_source (&self->rest);
  g_clear_object (&self->socket);
  g_clear_pointer (&self->connections, g_hash_table_unref);
  g_free (self->authority);
  G_OBJECT_CLASS (sc_loopback_acceptor_parent_class)->finalize (object);
}

static void
sc_loopback_acceptor_class_init (ScLoopbackAcceptorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sc_loopback_acceptor_finalize;
}

static void
sc_loopback_acceptor_init (ScLoopbackAcceptor *self)
{
  self->connections = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}
