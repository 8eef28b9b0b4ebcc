// SPDX-License-Identifier: MIT
// The grant in use: the credential in the keyring, the access token in memory, one refresh at a
// time.

#pragma once

#include "sc-clock.h"
#include "sc-credential-store.h"
#include "sc-provider.h"
#include "sc-revoker.h"

G_BEGIN_DECLS

typedef enum
{
  SC_KEPT_NONE,
  SC_KEPT_KEYRING,
  SC_KEPT_MEMORY, /* no keyring: until the agent quits */
} ScKept;

#define SC_TYPE_GRANT_KEEPER (sc_grant_keeper_get_type ())
G_DECLARE_FINAL_TYPE (ScGrantKeeper, sc_grant_keeper, SC, GRANT_KEEPER, GObject)

/**
 * ScGrantKeeper::changed: where the grant is kept, or the keyring's answer, is another now
 * ScGrantKeeper::refreshed: a new access token was fetched
 * ScGrantKeeper::store-failed: the keyring did not take a credential
 */

ScGrantKeeper *sc_grant_keeper_new (ScProvider *provider,
                                    ScCredentialStore *store,
                                    ScClock *clock,
                                    ScRevoker *revoker);

/**
 * sc_grant_keeper_load_async:
 *
 * Looks the credential up. A credential of another provider or issuer than the configured one
 * counts as absent and stays where it is. Errors of the finish: %SC_ERROR_STORE_ABSENT,
 * %SC_ERROR_STORE_LOCKED, %SC_ERROR_STORE_UNAVAILABLE, %SC_ERROR_STORE_FAILED,
 * %SC_ERROR_STORE_DAMAGED.
 */
void sc_grant_keeper_load_async (ScGrantKeeper *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean sc_grant_keeper_load_finish (ScGrantKeeper *self, GAsyncResult *result, GError **error);

/**
 * sc_grant_keeper_store_async:
 * @self: the keeper
 * @grant: (transfer full): a new grant
 *
 * The grant that it replaces goes to the revoker first, so that neither is lost whatever happens in
 * between; the callback comes when the new one was read back. Without a keyring the new one is held
 * in memory, which succeeds. After an error the old one is still in use.
 *
 * Errors of the finish: %SC_ERROR_STORE_LOCKED, %SC_ERROR_STORE_FAILED, %SC_ERROR_STORE_TOO_LARGE,
 * %SC_ERROR_CANCELLED.
 */
void sc_grant_keeper_store_async (ScGrantKeeper *self,
                                  ScGrant *grant,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
/** sc_grant_keeper_store_finish: @replaced_id: (out) (optional) (transfer full) (nullable): the
 * grant that was replaced and now waits for revocation */
gboolean sc_grant_keeper_store_finish (ScGrantKeeper *self,
                                       GAsyncResult *result,
                                       char **replaced_id,
                                       GError **error);

/**
 * sc_grant_keeper_get_token_async:
 *
 * A fresh access token, from memory, from the credential itself, or by a refresh; callers that come
 * during a refresh share it. A rotated credential is written before its token is given out; when it
 * cannot be written it is kept in memory and written again with the next call.
 *
 * Errors of the finish: %SC_ERROR_NOT_CONNECTED, those of sc_provider_refresh_async().
 */
void sc_grant_keeper_get_token_async (ScGrantKeeper *self,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
/** sc_grant_keeper_get_token_finish: Returns: (transfer full): the token */
ScToken *
sc_grant_keeper_get_token_finish (ScGrantKeeper *self, GAsyncResult *result, GError **error);

/** sc_grant_keeper_invalidate: @token was refused: the next one is fetched anew */
void sc_grant_keeper_invalidate (ScGrantKeeper *self, const ScToken *token);

/**
 * sc_grant_keeper_retire_async:
 *
 * Moves the credential to the revoker, then out of its own item. Errors of the finish: those of the
 * store; the credential is not used any more even then.
 */
void sc_grant_keeper_retire_async (ScGrantKeeper *self,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean sc_grant_keeper_retire_finish (ScGrantKeeper *self, GAsyncResult *result, GError **error);

/** sc_grant_keeper_get_credential: Returns: (transfer none) (nullable): the credential in use */
const ScCredential *sc_grant_keeper_get_credential (ScGrantKeeper *self);
/** sc_grant_keeper_peek_token: Returns: (transfer full) (nullable): a token that is fresh already
 */
ScToken *sc_grant_keeper_peek_token (ScGrantKeeper *self);
ScKept sc_grant_keeper_get_kept (ScGrantKeeper *self);
/** sc_grant_keeper_get_keyring_state: Returns: (transfer none): "", "ok", "absent", "locked", … */
const char *sc_grant_keeper_get_keyring_state (ScGrantKeeper *self);
/** sc_grant_keeper_set_keyring_error: @error: (nullable): the keyring's newest answer */
void sc_grant_keeper_set_keyring_error (ScGrantKeeper *self, const GError *error);

G_END_DECLS
