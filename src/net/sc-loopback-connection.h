// SPDX-License-Identifier: MIT
// One connection to the loopback listener: reads a head, is answered once, lingers, is gone.

#pragma once

#include "sc-loopback-guard.h"
#include "sc-loopback.h"

G_BEGIN_DECLS

#define SC_TYPE_LOOPBACK_CONNECTION (sc_loopback_connection_get_type ())
G_DECLARE_FINAL_TYPE (ScLoopbackConnection,
                      sc_loopback_connection,
                      SC,
                      LOOPBACK_CONNECTION,
                      GIOStream)

/**
 * ScLoopbackReceivedFunc:
 * @request: the verdict on what was received; valid during the call
 *
 * Called once at most; the connection then waits for sc_loopback_connection_answer(), without a
 * deadline.
 */
typedef void (*ScLoopbackReceivedFunc) (ScLoopbackConnection *connection,
                                        const ScLoopbackRequest *request,
                                        gpointer user_data);

/** ScLoopbackClosedFunc: called exactly once, when the socket is closed */
typedef void (*ScLoopbackClosedFunc) (ScLoopbackConnection *connection, gpointer user_data);

/**
 * sc_loopback_connection_new:
 * @base: the accepted connection
 * @authority: what Host must be
 * @deadline: milliseconds to deliver the head, and again to take the answer and go
 * @received: what to do with a request
 * @closed: what to do at the end
 *
 * Starts reading. The caller keeps the reference until @closed.
 *
 * Returns: (transfer full): a connection, which is the stream that libsoup is given
 */
ScLoopbackConnection *sc_loopback_connection_new (GSocketConnection *base,
                                                  const char *authority,
                                                  guint deadline,
                                                  ScLoopbackReceivedFunc received,
                                                  ScLoopbackClosedFunc closed,
                                                  gpointer user_data);

/**
 * sc_loopback_connection_answer:
 * @self: a connection whose request was received
 * @status: the HTTP status
 * @page: what to tell
 * @reference: (nullable): shown on the page
 *
 * Answers, flushes, and closes when the browser has gone or the deadline is over.
 */
void sc_loopback_connection_answer (ScLoopbackConnection *self,
                                    guint status,
                                    ScLoopbackPage page,
                                    const char *reference);

/** sc_loopback_connection_is_reading: whether no request was received yet */
gboolean sc_loopback_connection_is_reading (ScLoopbackConnection *self);

/** sc_loopback_connection_hurry: leaves @milliseconds at most to deliver the rest of the head */
void sc_loopback_connection_hurry (ScLoopbackConnection *self, guint milliseconds);

/** sc_loopback_connection_abort: closes at once, without an answer */
void sc_loopback_connection_abort (ScLoopbackConnection *self);

G_END_DECLS
