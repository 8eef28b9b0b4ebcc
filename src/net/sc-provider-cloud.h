// SPDX-License-Identifier: MIT
// Provider "cloud": a standard authorization server (RFC 8414, 6749, 7636, 7009, 9207) as a public
// client.

#pragma once

#include "sc-cloud-client.h"
#include "sc-provider.h"

G_BEGIN_DECLS

#define SC_TYPE_PROVIDER_CLOUD (sc_provider_cloud_get_type ())
G_DECLARE_FINAL_TYPE (ScProviderCloud, sc_provider_cloud, SC, PROVIDER_CLOUD, GObject)

/**
 * sc_provider_cloud_new:
 * @http: the client
 * @cloud: the cloud's API, asked for status, and for the practice when the token answer does not
 * say
 * @issuer: the authorization server
 * @client_id: public client id
 * @scope: requested scope
 *
 * The server's metadata is read at each begin and kept in memory for the token requests that
 * follow. A refresh token goes to the server that issued it and to no other: revoking asks the
 * credential's own issuer, refreshing for another issuer than @issuer is refused. A server without
 * a revocation endpoint counts as revoked: its tokens end by age alone.
 *
 * Returns: (transfer full): the provider
 */
ScProvider *sc_provider_cloud_new (ScHttp *http,
                                   ScCloudClient *cloud,
                                   const char *issuer,
                                   const char *client_id,
                                   const char *scope);

G_END_DECLS
