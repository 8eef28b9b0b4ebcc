// SPDX-License-Identifier: MIT
// Reading an authorization server's metadata (RFC 8414).

#pragma once

#include "sc-http.h"
#include "sc-server-metadata.h"

G_BEGIN_DECLS

/**
 * sc_discovery_read_async:
 * @http: the client
 * @issuer: the issuer to ask
 *
 * Reads the metadata from the place of RFC 8414 §3.1 and, where that answers 404, from OpenID
 * Connect's older place, which §5 allows: many servers have only that one.
 *
 * Errors of the finish: those of sc_http_send_async(), %SC_ERROR_OAUTH_METADATA,
 * %SC_ERROR_OAUTH_ISSUER, %SC_ERROR_CLOUD_RATE_LIMITED, %SC_ERROR_CLOUD_UNAVAILABLE.
 */
void sc_discovery_read_async (ScHttp *http,
                              const char *issuer,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
/** sc_discovery_read_finish: Returns: (transfer full): the metadata */
ScServerMetadata *sc_discovery_read_finish (ScHttp *http, GAsyncResult *result, GError **error);

G_END_DECLS
