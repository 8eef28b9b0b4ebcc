// SPDX-License-Identifier: MIT
// What the files of the HTTP client share: the request's fields, the growing answer, the proxies.

#pragma once

#include "sc-error.h"
#include "sc-http.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

struct _ScHttpRequest
{
  char *method;
  char *url;
  GPtrArray *headers; /* of HttpHeader */
  char *content_type;
  char *body;
  guint timeout;
  gsize max_body;
};

/**
 * sc_http_request_build:
 * @self: a request; its body moves into the message
 * @error: return location
 *
 * Errors: those of sc_url_check(), and %SC_ERROR_INVALID_ARGUMENT for a header value with control
 * characters, which would begin another header.
 *
 * Returns: (transfer full): the message to send
 */
SoupMessage *sc_http_request_build (ScHttpRequest *self, GError **error);

/** sc_http_answer_new: an answer without body yet, from the status and headers of @message */
ScHttpAnswer *sc_http_answer_new (SoupMessage *message);

/**
 * ScHttpBuffer: a body as it streams in. Grows by copying and wiping, since realloc() leaves the
 * old bytes behind.
 */
typedef struct
{
  char *bytes;
  gsize length;
  gsize size;
} ScHttpBuffer;

/** sc_http_buffer_reserve: @room: (out): bytes that can be written to the returned end */
char *sc_http_buffer_reserve (ScHttpBuffer *self, gsize *room);
/** sc_http_buffer_steal: Returns: (transfer full): the bytes, NUL-terminated */
char *sc_http_buffer_steal (ScHttpBuffer *self);
void sc_http_buffer_clear (ScHttpBuffer *self);

/**
 * sc_http_error_to_code:
 * @error: an error of libsoup or GIO
 * @has_status: the headers of an answer were received before
 *
 * Returns: what it means, one of the codes of sc_http_send_finish()
 */
ScError sc_http_error_to_code (const GError *error, gboolean has_status);

/**
 * sc_http_proxy_resolver_new:
 * @system: the resolver that is asked for everything but loopback literals
 */
GProxyResolver *sc_http_proxy_resolver_new (GProxyResolver *system);

G_END_DECLS
