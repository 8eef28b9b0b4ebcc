// SPDX-License-Identifier: MIT
// The loopback redirect listener (RFC 8252 §7.3): one port, one path, one transaction.

#pragma once

#include "sc-redirect.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/** SC_LOOPBACK_PATH: the only path; RFC 8252 §7.3 leaves just the port free. */
#define SC_LOOPBACK_PATH "/callback"
/** SC_LOOPBACK_HOLD: seconds that the browser's answer is held at most. */
#define SC_LOOPBACK_HOLD 15
/** SC_LOOPBACK_MAX_CONNECTIONS: open at once; more wait in the backlog. */
#define SC_LOOPBACK_MAX_CONNECTIONS 32
/** SC_LOOPBACK_DEADLINE: seconds for a connection to send its request; a twentieth of it while
 *  %SC_LOOPBACK_MAX_CONNECTIONS are open. */
#define SC_LOOPBACK_DEADLINE 5

/** ScLoopbackPage: what the browser is told; texts are constants, nothing of the request is
 *  reflected. */
typedef enum
{
  SC_LOOPBACK_PAGE_DONE,    /* permission stored: go on in Sikka Companion */
  SC_LOOPBACK_PAGE_DENIED,  /* authorization cancelled */
  SC_LOOPBACK_PAGE_FAILED,  /* could not be stored or exchanged */
  SC_LOOPBACK_PAGE_GO_BACK, /* go back to Sikka Companion to finish */
  SC_LOOPBACK_PAGE_USED,    /* this answer was already used */
  SC_LOOPBACK_PAGE_IGNORED, /* not the answer that is waited for (refused requests) */
} ScLoopbackPage;

#define SC_TYPE_LOOPBACK (sc_loopback_get_type ())
G_DECLARE_FINAL_TYPE (ScLoopback, sc_loopback, SC, LOOPBACK, GObject)

/**
 * ScLoopback::redirected:
 * @self: the listener
 * @redirect: (type gpointer): the #ScRedirect, valid during the emission; its issuer is not
 * checked yet
 *
 * Emitted once, when a request passes every guard and carries our state. The browser waits until
 * sc_loopback_answer(), %SC_LOOPBACK_HOLD seconds at most, then gets %SC_LOOPBACK_PAGE_GO_BACK.
 */

/**
 * sc_loopback_new:
 * @state: the state of the one transaction
 *
 * Returns: (transfer full): a listener that does not listen yet
 */
ScLoopback *sc_loopback_new (ScSecretString *state);

/**
 * sc_loopback_listen:
 * @self: the listener
 * @error: return location
 *
 * Binds 127.0.0.1, else ::1, to a port from the kernel with a backlog of 128, and never reopens
 * it. Own accept loop that hands streams to soup_server_accept_iostream() (SoupServer's own stops
 * for good on EMFILE and has no time-outs).
 *
 * Guards, each answered and none ending the flow: method GET, else 405; path, else 404; exactly
 * one Host header equal to host:port, else 421 (walk the raw headers: libsoup makes one up and
 * takes the last); Origin present and foreign, or Sec-Fetch-Mode other than navigate,
 * Sec-Fetch-Dest other than document, Sec-Purpose or Purpose prefetch, else 403; request line and
 * headers at most 16 kB, else 431; a well-formed head without a body, and sc_redirect_parse(),
 * else 400. A second valid answer gets
 * %SC_LOOPBACK_PAGE_USED (410).
 *
 * Answers carry Content-Type with charset, Cache-Control no-store, Referrer-Policy no-referrer,
 * X-Content-Type-Options nosniff, Content-Security-Policy default-src 'none' with the style's hash
 * and frame-ancestors 'none', Connection close, and no CORS header.
 *
 * Errors: %SC_ERROR_LOOPBACK_BIND.
 */
gboolean sc_loopback_listen (ScLoopback *self, GError **error);

/** sc_loopback_get_redirect_uri: Returns: (transfer none): "http://127.0.0.1:PORT/callback" */
const char *sc_loopback_get_redirect_uri (ScLoopback *self);
guint16 sc_loopback_get_port (ScLoopback *self);

/**
 * sc_loopback_answer:
 * @self: the listener
 * @page: what to tell
 * @reference: (nullable): the reference shown on the page, a valid one of sc_reference_is_valid()
 *
 * Answers the browser that waits; nothing when it was answered already or none waits.
 */
void sc_loopback_answer (ScLoopback *self, ScLoopbackPage page, const char *reference);

/**
 * sc_loopback_close:
 * @self: the listener
 *
 * Stops listening at once (the port is closed when this returns) and lets an answer on its way be
 * flushed. A browser still waiting gets %SC_LOOPBACK_PAGE_FAILED.
 */
void sc_loopback_close (ScLoopback *self);

/** sc_loopback_is_listening: whether the port is open */
gboolean sc_loopback_is_listening (ScLoopback *self);

/** sc_loopback_get_callbacks: Returns: requests to the path so far, refused ones too */
guint sc_loopback_get_callbacks (ScLoopback *self);

/**
 * sc_loopback_self_test_async:
 *
 * Opens a listener of its own, asks it over a real socket, and closes it again. Errors of the
 * finish:
 * %SC_ERROR_LOOPBACK_BIND, %SC_ERROR_LOOPBACK_BLOCKED, %SC_ERROR_CANCELLED.
 */
void sc_loopback_self_test_async (GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean sc_loopback_self_test_finish (GAsyncResult *result, GError **error);

G_END_DECLS
