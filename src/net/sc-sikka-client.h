// SPDX-License-Identifier: MIT
// Sikka's API v4, as far as one practice's own connection needs it.

#pragma once

#include "sc-http.h"
#include "sc-sikka-answer.h"

G_BEGIN_DECLS

#define SC_TYPE_SIKKA_CLIENT (sc_sikka_client_get_type ())
G_DECLARE_FINAL_TYPE (ScSikkaClient, sc_sikka_client, SC, SIKKA_CLIENT, GObject)

/**
 * sc_sikka_client_new:
 * @http: the client
 * @api_url: e.g. "https://api.sikkasoft.com/v4"
 * @app_id: the partner's app id
 * @app_key: the partner's app key
 *
 * Returns: (transfer full): the client
 */
ScSikkaClient *sc_sikka_client_new (ScHttp *http,
                                    const char *api_url,
                                    ScSecretString *app_id,
                                    ScSecretString *app_key);

/* Errors of each finish: %SC_ERROR_SIKKA_* and those of sc_http_send_async(). */

/**
 * sc_sikka_client_grant_async:
 * @grant_type: "authorization_code" or "refresh_key"
 * @member: where @secret stands in the body: "code" or "refresh_key"
 * @secret: what is redeemed
 *
 * POST request_key. Also %SC_ERROR_OAUTH_GRANT: Sikka does not know @secret (any more).
 */
void sc_sikka_client_grant_async (ScSikkaClient *self,
                                  const char *grant_type,
                                  const char *member,
                                  ScSecretString *secret,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);

/**
 * sc_sikka_client_get_key_info_async:
 *
 * GET request_key_info. %SC_ERROR_SIKKA_KEY_EXPIRED when @request_key is expired, deleted or not
 * known.
 */
void sc_sikka_client_get_key_info_async (ScSikkaClient *self,
                                         ScSecretString *request_key,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);

/** sc_sikka_client_finish_key: of both above. Returns: (transfer full): the key */
ScSikkaKey *sc_sikka_client_finish_key (ScSikkaClient *self, GAsyncResult *result, GError **error);

/**
 * sc_sikka_client_find_practice_async:
 * @office_id: whose keys are held
 *
 * GET authorized_practices, page after page until one has @office_id: Sikka cannot be asked for
 * one. %SC_ERROR_SIKKA_NOT_GRANTED when none has.
 */
void sc_sikka_client_find_practice_async (ScSikkaClient *self,
                                          const char *office_id,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);
/** sc_sikka_client_find_practice_finish: Returns: (transfer full): the practice */
ScSikkaPractice *
sc_sikka_client_find_practice_finish (ScSikkaClient *self, GAsyncResult *result, GError **error);

/**
 * sc_sikka_client_delete_keys_async:
 * @request_key: (nullable): ends by itself within a day, so Sikka's refusal to delete it is no
 * failure
 * @refresh_key: lives until it is deleted; one that Sikka does not know is deleted
 *
 * DELETE request_key, then DELETE refresh_key.
 */
void sc_sikka_client_delete_keys_async (ScSikkaClient *self,
                                        ScSecretString *request_key,
                                        ScSecretString *refresh_key,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean
sc_sikka_client_delete_keys_finish (ScSikkaClient *self, GAsyncResult *result, GError **error);

G_END_DECLS
