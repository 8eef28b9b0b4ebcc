// SPDX-License-Identifier: MIT
// Provider "sikka": Sikka's portal and API v4 directly, for partners whose app redirects to
// loopback. Sikka's documents do not describe this authorization flow; off unless configured.

#pragma once

#include "sc-provider.h"

G_BEGIN_DECLS

#define SC_TYPE_PROVIDER_SIKKA (sc_provider_sikka_get_type ())
G_DECLARE_FINAL_TYPE (ScProviderSikka, sc_provider_sikka, SC, PROVIDER_SIKKA, GObject)

/**
 * sc_provider_sikka_new:
 * @http: the client
 * @authorize_url: Sikka's portal page
 * @api_url: e.g. "https://api.sikkasoft.com/v4"
 * @app_id: the partner's app id, from the environment of an agent started by hand
 * @app_key: the partner's app key, likewise
 *
 * A connection is known by its request_key, which restore_token gives while it is fresh. There is
 * no setup, and disconnecting the whole practice is %SC_ERROR_NOT_SUPPORTED: turning a location off
 * ends Sikka's billing and belongs to the partner's portal, not to a practice PC.
 *
 * Returns: (transfer full): the provider
 */
ScProvider *sc_provider_sikka_new (ScHttp *http,
                                   const char *authorize_url,
                                   const char *api_url,
                                   ScSecretString *app_id,
                                   ScSecretString *app_key);

G_END_DECLS
