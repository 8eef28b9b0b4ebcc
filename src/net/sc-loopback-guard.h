// SPDX-License-Identifier: MIT
// What the loopback listener demands of a request before anything in it is believed.

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** SC_LOOPBACK_MAX_HEAD: bytes of request line and headers. */
#define SC_LOOPBACK_MAX_HEAD (16 * 1024)

/**
 * ScLoopbackRequest:
 * @status: 0 when every guard is passed, else the HTTP status of the refusal
 * @is_callback: the path is ours, refused or not
 * @is_head: an answer may have no body (RFC 9110 §9.3.2)
 * @query: (nullable): the raw query of a request that passed; a secret
 */
typedef struct
{
  guint status;
  gboolean is_callback;
  gboolean is_head;
  char *query;
} ScLoopbackRequest;

/**
 * sc_loopback_guard_find_end:
 * @bytes: (array length=length): what was received so far
 * @length: its size in bytes
 *
 * Returns: the size of the head with its empty line, 0 when it is not complete
 */
gsize sc_loopback_guard_find_end (const char *bytes, gsize length);

/**
 * sc_loopback_guard_is_plausible:
 *
 * Whether @bytes can still become a request: a TLS hello (a browser in HTTPS-only mode tries that
 * first) is to be refused at once, so that plain http is tried, not after the deadline.
 */
gboolean sc_loopback_guard_is_plausible (const char *bytes, gsize length);

/**
 * sc_loopback_guard_check:
 * @head: (array length=length): a head as found by sc_loopback_guard_find_end()
 * @length: its size in bytes
 * @authority: what Host must be, "127.0.0.1:PORT"
 * @request: (out caller-allocates): the verdict; free with sc_loopback_request_clear()
 *
 * Reads the bytes themselves, and strictly. libsoup's reading would make up a missing Host, take
 * the last of two, resolve "/../", skip lines that are no header and decode the query.
 */
void sc_loopback_guard_check (const char *head,
                              gsize length,
                              const char *authority,
                              ScLoopbackRequest *request);

void sc_loopback_request_clear (ScLoopbackRequest *self);

G_END_DECLS
