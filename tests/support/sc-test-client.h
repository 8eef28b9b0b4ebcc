// SPDX-License-Identifier: MIT
// A client of a socket that need not speak HTTP: sends bytes in a thread of its own, so that the
// listener under test can live in the test's main context.

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _ScTestClient ScTestClient;

/**
 * ScTestClientFlags:
 * @SC_TEST_CLIENT_END: closes its side for writing after the bytes
 * @SC_TEST_CLIENT_BYTEWISE: one segment for each byte
 * @SC_TEST_CLIENT_RESET: closes right after sending, without reading
 */
typedef enum
{
  SC_TEST_CLIENT_END = 1 << 0,
  SC_TEST_CLIENT_BYTEWISE = 1 << 1,
  SC_TEST_CLIENT_RESET = 1 << 2,
} ScTestClientFlags;

/**
 * sc_test_client_start:
 * @port: port on 127.0.0.1
 * @request: bytes to send
 * @flags: a set of #ScTestClientFlags
 *
 * Returns: (transfer full): a client that connects, sends, and reads until the peer closes
 */
ScTestClient *sc_test_client_start (guint16 port, GBytes *request, guint flags);

/** sc_test_client_wait_connected: runs the default main context until the port is reached */
void sc_test_client_wait_connected (ScTestClient *self);

/** sc_test_client_is_done: whether the peer has closed */
gboolean sc_test_client_is_done (ScTestClient *self);

/**
 * sc_test_client_finish:
 * @self: (transfer full): a client
 *
 * Runs the default main context until the peer closes.
 *
 * Returns: (transfer full): what the peer sent, NUL-terminated
 */
char *sc_test_client_finish (ScTestClient *self);

/** sc_test_client_is_refused: whether nothing listens on @port */
gboolean sc_test_client_is_refused (guint16 port);

G_END_DECLS
