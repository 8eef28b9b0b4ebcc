// SPDX-License-Identifier: MIT
// A peer that says the same bytes whatever it is asked: for answers that no server would give.

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ScTestPeer:
 * @port: where it listens, on 127.0.0.1
 * @connections: (element-type GSocketConnection): those that it has spoken to
 *
 * Lives in the default main context. The rest is its own.
 */
typedef struct
{
  GSocketService *service;
  guint16 port;
  const char *bytes;
  gboolean is_silent_after;
  GPtrArray *connections;
  char request[4096];
} ScTestPeer;

/**
 * sc_test_peer_init:
 * @bytes: what it says once it was sent something; a constant
 * @is_silent_after: keeps the connection open afterwards, in place of closing it
 */
void sc_test_peer_init (ScTestPeer *self, const char *bytes, gboolean is_silent_after);
void sc_test_peer_clear (ScTestPeer *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ScTestPeer, sc_test_peer_clear)

G_END_DECLS
