// SPDX-License-Identifier: MIT
// Grants that must end at the server: kept in the keyring's pending-revocation item until they
// have.

#pragma once

#include "sc-clock.h"
#include "sc-credential-store.h"
#include "sc-journal.h"
#include "sc-provider.h"

G_BEGIN_DECLS

/** SC_REVOKER_MAX_AGE: seconds after which a revocation that never got through is given up. */
#define SC_REVOKER_MAX_AGE (30 * 24 * 60 * 60)

#define SC_TYPE_REVOKER (sc_revoker_get_type ())
G_DECLARE_FINAL_TYPE (ScRevoker, sc_revoker, SC, REVOKER, GObject)

/**
 * ScRevoker::finished:
 * @self: the revoker
 * @credential_id: which grant
 * @given_up: %TRUE when it was dropped after 30 days, or for want of room, without the server's
 * answer
 */

ScRevoker *
sc_revoker_new (ScProvider *provider, ScCredentialStore *store, ScClock *clock, ScJournal *journal);

/**
 * sc_revoker_load_async:
 * @self: the revoker
 * @held_id: (nullable): the grant that is in use. One with this id and no row in the journal was
 *   put into the item by a replacement that never happened: it is taken out, not revoked. Its row
 *   stays in any case: it may say that the grant in use is to end
 *
 * Reads the item; sc_revoker_run() works on it. Errors of the finish: those of the store,
 * %SC_ERROR_STORE_DAMAGED.
 */
void sc_revoker_load_async (ScRevoker *self,
                            const char *held_id,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean sc_revoker_load_finish (ScRevoker *self, GAsyncResult *result, GError **error);

/**
 * sc_revoker_add_async:
 * @self: the revoker
 * @credential: a grant to end; copied
 *
 * Durable when the callback comes; nothing is sent before sc_revoker_run(). Where there is no
 * keyring it is kept in memory, which succeeds.
 */
void sc_revoker_add_async (ScRevoker *self,
                           const ScCredential *credential,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean sc_revoker_add_finish (ScRevoker *self, GAsyncResult *result, GError **error);

/** sc_revoker_drop: takes a grant out again without revoking it */
void sc_revoker_drop (ScRevoker *self, const char *credential_id);

/** sc_revoker_has: whether a grant waits */
gboolean sc_revoker_has (ScRevoker *self, const char *credential_id);

/** sc_revoker_run: tries all that wait, now; retries later by itself, from 1 minute to 6 hours
 * apart */
void sc_revoker_run (ScRevoker *self);

/** sc_revoker_is_waiting: whether anything waits */
gboolean sc_revoker_is_waiting (ScRevoker *self);

G_END_DECLS
