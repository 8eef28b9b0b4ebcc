// SPDX-License-Identifier: MIT
// A way to connect: authorize in the browser, exchange, refresh, revoke, ask how it is. One more
// provider is one more file that implements this interface, and a branch where the agent picks it.

#pragma once

#include "sc-cloud-status.h"
#include "sc-credential.h"
#include "sc-http.h"
#include "sc-redirect.h"
#include "sc-token.h"

G_BEGIN_DECLS

/**
 * ScTransaction: one authorization, from the browser's opening to the exchange.
 * @redirect_uri: the loopback URI
 * @credential_id: the random id that the credential of this authorization is going to have
 * @state: the state value
 * @code_verifier: the PKCE verifier
 * @authorization_url: what the browser opens
 * @issuer: the issuer that it began with
 * @iss_required: the server promises the iss parameter (RFC 9207 §2.3)
 */
typedef struct
{
  char *redirect_uri;
  char *credential_id;
  ScSecretString *state;
  ScSecretString *code_verifier;
  char *authorization_url;
  char *issuer;
  gboolean iss_required;
} ScTransaction;

/**
 * sc_transaction_new:
 * @redirect_uri: the loopback URI; copied
 * @credential_id: a random id, made where there is a random generator; copied
 * @state: the state value; a reference is taken
 * @code_verifier: the PKCE verifier; a reference is taken
 *
 * Returns: (transfer full): a transaction that has not begun
 */
ScTransaction *sc_transaction_new (const char *redirect_uri,
                                   const char *credential_id,
                                   ScSecretString *state,
                                   ScSecretString *code_verifier);
void sc_transaction_free (ScTransaction *self);

/**
 * ScGrant: what an exchange or a refresh brings.
 * @credential: for the keyring, with the newest refresh token and the practice
 * @token: the access token, for memory only
 */
typedef struct
{
  ScCredential *credential;
  ScToken *token;
} ScGrant;

/** sc_grant_new: @credential: (transfer full), @token: (transfer full) */
ScGrant *sc_grant_new (ScCredential *credential, ScToken *token);
void sc_grant_free (ScGrant *self);

#define SC_TYPE_PROVIDER (sc_provider_get_type ())
G_DECLARE_INTERFACE (ScProvider, sc_provider, SC, PROVIDER, GObject)

/**
 * ScProviderInterface:
 * @get_id: "cloud", "sikka"
 * @get_issuer: the server that its credentials are of
 * @begin_async: fills @authorization_url, @issuer and @iss_required of a transaction (discovery
 * included)
 * @exchange_async: redeems the redirect's code; has checked iss and the answer before any request
 * @refresh_async: a new access token, and a new refresh token where the server rotates
 * @revoke_async: ends a grant at the server; an unknown token is success (RFC 7009 §2.2)
 * @restore_token: (nullable): a token that is still good, from the credential itself
 * @get_status_async: how the connection is, with a fresh token
 * @setup_async: (nullable): finish a connection that needs setup
 * @disconnect_practice_async: end it for the whole practice
 *
 * The finish members are there already for a provider that answers with a GTask of its own.
 * All asynchronous members answer on the main context that called, take a cancellable, and never
 * keep the arguments beyond the call. Retrying, rotating, storing and "one at a time" are the
 * caller's.
 */
struct _ScProviderInterface
{
  GTypeInterface parent_iface;

  const char *(*get_id) (ScProvider *self);
  const char *(*get_issuer) (ScProvider *self);
  void (*begin_async) (ScProvider *self,
                       ScTransaction *transaction,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
  gboolean (*begin_finish) (ScProvider *self, GAsyncResult *result, GError **error);
  void (*exchange_async) (ScProvider *self,
                          const ScTransaction *transaction,
                          const ScRedirect *redirect,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
  ScGrant *(*exchange_finish) (ScProvider *self, GAsyncResult *result, GError **error);
  void (*refresh_async) (ScProvider *self,
                         const ScCredential *credential,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
  ScGrant *(*refresh_finish) (ScProvider *self, GAsyncResult *result, GError **error);
  void (*revoke_async) (ScProvider *self,
                        const ScCredential *credential,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
  gboolean (*revoke_finish) (ScProvider *self, GAsyncResult *result, GError **error);
  ScToken *(*restore_token) (ScProvider *self, const ScCredential *credential);
  void (*get_status_async) (ScProvider *self,
                            const ScCredential *credential,
                            const ScToken *token,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
  ScCloudStatus *(*get_status_finish) (ScProvider *self, GAsyncResult *result, GError **error);
  void (*setup_async) (ScProvider *self,
                       const ScToken *token,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
  ScCloudStatus *(*setup_finish) (ScProvider *self, GAsyncResult *result, GError **error);
  void (*disconnect_practice_async) (ScProvider *self,
                                     const ScToken *token,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
  gboolean (*disconnect_practice_finish) (ScProvider *self, GAsyncResult *result, GError **error);
};

const char *sc_provider_get_id (ScProvider *self);
/** sc_provider_get_issuer: Returns: (transfer none): the issuer in its credentials */
const char *sc_provider_get_issuer (ScProvider *self);

/**
 * sc_provider_begin_async:
 * @self: a provider
 * @transaction: (transfer none): with redirect URI, state and verifier; must live until the
 * callback
 *
 * Errors of the finish: those of sc_http_send_async(), %SC_ERROR_OAUTH_METADATA,
 * %SC_ERROR_OAUTH_ISSUER, %SC_ERROR_CLOUD_UNAVAILABLE, %SC_ERROR_CLOUD_RATE_LIMITED,
 * %SC_ERROR_CONFIG.
 */
void sc_provider_begin_async (ScProvider *self,
                              ScTransaction *transaction,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean sc_provider_begin_finish (ScProvider *self, GAsyncResult *result, GError **error);

/**
 * sc_provider_exchange_async:
 * @self: a provider
 * @transaction: the transaction of the redirect; read during the call only
 * @redirect: the redirect; read during the call only
 *
 * A grant that turns out to be of no use (no practice, or given up meanwhile) is revoked in the
 * background: the caller never hears of its token.
 *
 * Errors of the finish: %SC_ERROR_OAUTH_ISSUER, %SC_ERROR_OAUTH_DENIED, %SC_ERROR_OAUTH_CLIENT,
 * %SC_ERROR_OAUTH_SERVER, %SC_ERROR_OAUTH_GRANT, %SC_ERROR_OAUTH_TOKEN, %SC_ERROR_PRACTICE_UNKNOWN,
 * %SC_ERROR_SIKKA_*, those of sc_http_send_async().
 */
void sc_provider_exchange_async (ScProvider *self,
                                 const ScTransaction *transaction,
                                 const ScRedirect *redirect,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
ScGrant *sc_provider_exchange_finish (ScProvider *self, GAsyncResult *result, GError **error);

/**
 * sc_provider_refresh_async:
 *
 * The finish gives a grant whose credential has the id and practice of the one passed in. Errors as
 * those of the exchange; %SC_ERROR_OAUTH_GRANT means that the grant is gone for good,
 * %SC_ERROR_OAUTH_ISSUER that @credential belongs to another server than the configured one: it is
 * not sent there.
 */
void sc_provider_refresh_async (ScProvider *self,
                                const ScCredential *credential,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
ScGrant *sc_provider_refresh_finish (ScProvider *self, GAsyncResult *result, GError **error);

/**
 * sc_provider_revoke_async:
 *
 * Ends the grant of @credential at the server that gave it. One that the server does not know (any
 * more) is success, and so is a server without a revocation endpoint: nothing else could ever be
 * done about it. Errors of the finish: %SC_ERROR_CLOUD_UNAVAILABLE, %SC_ERROR_CLOUD_RATE_LIMITED,
 * %SC_ERROR_OAUTH_*, %SC_ERROR_SIKKA_*, those of sc_http_send_async().
 */
void sc_provider_revoke_async (ScProvider *self,
                               const ScCredential *credential,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean sc_provider_revoke_finish (ScProvider *self, GAsyncResult *result, GError **error);

/** sc_provider_restore_token: Returns: (transfer full) (nullable): a token from @credential itself
 *  */
ScToken *sc_provider_restore_token (ScProvider *self, const ScCredential *credential);

/**
 * sc_provider_get_status_async:
 *
 * Errors of the finish: %SC_ERROR_CLOUD_UNAUTHORIZED or %SC_ERROR_SIKKA_KEY_EXPIRED (refresh and
 * ask again once), %SC_ERROR_CLOUD_*, %SC_ERROR_SIKKA_*, those of sc_http_send_async().
 */
void sc_provider_get_status_async (ScProvider *self,
                                   const ScCredential *credential,
                                   const ScToken *token,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
ScCloudStatus *
sc_provider_get_status_finish (ScProvider *self, GAsyncResult *result, GError **error);

/** sc_provider_can_setup: whether sc_provider_setup_async() exists for @self */
gboolean sc_provider_can_setup (ScProvider *self);
/** sc_provider_setup_async: %SC_ERROR_NOT_SUPPORTED where sc_provider_can_setup() is %FALSE */
void sc_provider_setup_async (ScProvider *self,
                              const ScToken *token,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
ScCloudStatus *sc_provider_setup_finish (ScProvider *self, GAsyncResult *result, GError **error);

/** sc_provider_disconnect_practice_async: %SC_ERROR_NOT_SUPPORTED where only the partner's portal
 *  can do it */
void sc_provider_disconnect_practice_async (ScProvider *self,
                                            const ScToken *token,
                                            GCancellable *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer user_data);
gboolean
sc_provider_disconnect_practice_finish (ScProvider *self, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTransaction, sc_transaction_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScGrant, sc_grant_free)

G_END_DECLS
