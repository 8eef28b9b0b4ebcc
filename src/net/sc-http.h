// SPDX-License-Identifier: MIT
// The HTTP client: bounded in time and size, redacted in logs, https only except loopback literals.

#pragma once

#include "sc-secret-string.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/** SC_HTTP_TIMEOUT: seconds that one exchange may take in all, unless the request says otherwise.
 *  */
#define SC_HTTP_TIMEOUT 30
/** SC_HTTP_MAX_BODY: bytes of an answer's body that are read, unless the request says otherwise. */
#define SC_HTTP_MAX_BODY (256 * 1024)

typedef struct _ScHttpRequest ScHttpRequest;

/**
 * sc_http_request_new:
 * @method: e.g. "GET"; from constants
 * @url: absolute; checked by sc_url_check() when it is sent
 *
 * Returns: (transfer full): a request without body
 */
ScHttpRequest *sc_http_request_new (const char *method, const char *url);
void sc_http_request_free (ScHttpRequest *self);

/** sc_http_request_set_header: a header that holds no secret */
void sc_http_request_set_header (ScHttpRequest *self, const char *name, const char *value);
/** sc_http_request_set_secret_header: a header that is never logged */
void
sc_http_request_set_secret_header (ScHttpRequest *self, const char *name, ScSecretString *value);
/** sc_http_request_set_bearer: Authorization: Bearer (RFC 6750 §2.1) */
void sc_http_request_set_bearer (ScHttpRequest *self, ScSecretString *access_token);
/** sc_http_request_take_body: @body: (transfer full): wiped after the exchange */
void sc_http_request_take_body (ScHttpRequest *self, const char *content_type, char *body);
/** sc_http_request_set_limits: @timeout: seconds in all; @max_body: bytes */
void sc_http_request_set_limits (ScHttpRequest *self, guint timeout, gsize max_body);

/**
 * ScHttpAnswer:
 * @status: the status, any
 * @body: NUL-terminated for convenience, wiped when freed; "" when there is none
 * @length: bytes in @body
 * @content_type: (nullable): without parameters, lower case
 * @date: the Date header as seconds since 1970, -1 when missing
 * @received: this PC's clock at the same moment
 * @retry_after: seconds from now, from seconds or a date, -1 when missing; at most a day
 */
typedef struct
{
  guint status;
  char *body;
  gsize length;
  char *content_type;
  gint64 date;
  gint64 received;
  gint64 retry_after;
} ScHttpAnswer;

void sc_http_answer_free (ScHttpAnswer *self);

#define SC_TYPE_HTTP (sc_http_get_type ())
G_DECLARE_FINAL_TYPE (ScHttp, sc_http, SC, HTTP, GObject)

/**
 * ScHttp::rested:
 * @self: the client
 *
 * Emitted when nothing was sent for a few seconds: connections are closed, and the system's
 * certificates are out of memory until the next request. A good moment to give memory back.
 */

/**
 * sc_http_new:
 * @resolver: (nullable): the system's proxies; loopback literals always go direct
 * @tls_database: (nullable): certificates to trust instead of the system's, for tests
 *
 * Returns: (transfer full): a client; one for the whole program
 */
ScHttp *sc_http_new (GProxyResolver *resolver, GTlsDatabase *tls_database);

/**
 * sc_http_send_async:
 * @self: the client
 * @request: (transfer full): what to send
 *
 * Sends @request. Redirects are not followed, cookies are not kept, nothing is cached,
 * certificates are always checked (TLS ≥ 1.2). The body is read as it streams and the exchange
 * ends once it passes the limit. Logs (g_debug) name method, host, path and status: no header, no
 * query, no body.
 *
 * Errors of the finish: %SC_ERROR_CANCELLED; %SC_ERROR_NET_INSECURE, %SC_ERROR_NET_OFFLINE,
 * %SC_ERROR_NET_REFUSED, %SC_ERROR_NET_TIMED_OUT, %SC_ERROR_NET_TLS, %SC_ERROR_NET_PROXY,
 * %SC_ERROR_NET_TOO_LARGE, %SC_ERROR_NET_TRUNCATED, %SC_ERROR_INVALID_ARGUMENT, %SC_ERROR_FAILED.
 * An answer with any status is not an error here.
 */
void sc_http_send_async (ScHttp *self,
                         ScHttpRequest *request,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
/** sc_http_send_finish: Returns: (transfer full): the answer */
ScHttpAnswer *sc_http_send_finish (ScHttp *self, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScHttpRequest, sc_http_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScHttpAnswer, sc_http_answer_free)

G_END_DECLS
