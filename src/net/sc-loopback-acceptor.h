// SPDX-License-Identifier: MIT
// The listening socket of the loopback listener and its accept loop.

#pragma once

#include "sc-loopback-connection.h"

G_BEGIN_DECLS

#define SC_TYPE_LOOPBACK_ACCEPTOR (sc_loopback_acceptor_get_type ())
G_DECLARE_FINAL_TYPE (ScLoopbackAcceptor, sc_loopback_acceptor, SC, LOOPBACK_ACCEPTOR, GObject)

/**
 * sc_loopback_acceptor_new:
 * @deadline: milliseconds, see sc_loopback_connection_new()
 * @received: what to do with a request, until sc_loopback_acceptor_close()
 * @error: return location
 *
 * Binds and listens. At %SC_LOOPBACK_MAX_CONNECTIONS, and when the process has no descriptor left,
 * it stops accepting until a connection closes, and lets the backlog hold the rest: neither ends
 * the loop or makes it spin. At that number, connections that have not delivered their request get
 * a twentieth of the deadline.
 *
 * Errors: %SC_ERROR_LOOPBACK_BIND.
 *
 * Returns: (transfer full): the acceptor
 */
ScLoopbackAcceptor *sc_loopback_acceptor_new (guint deadline,
                                              ScLoopbackReceivedFunc received,
                                              gpointer user_data,
                                              GError **error);

/** sc_loopback_acceptor_get_authority: Returns: (transfer none): "127.0.0.1:PORT" */
const char *sc_loopback_acceptor_get_authority (ScLoopbackAcceptor *self);
guint16 sc_loopback_acceptor_get_port (ScLoopbackAcceptor *self);

/**
 * sc_loopback_acceptor_close:
 *
 * Closes the port, and the connections whose request is not complete; those with an answer on its
 * way finish it, and keep @self alive for that long.
 */
void sc_loopback_acceptor_close (ScLoopbackAcceptor *self);

G_END_DECLS
