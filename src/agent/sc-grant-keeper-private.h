// SPDX-License-Identifier: MIT
// What the parts of the keeper share: sc-grant-keeper.c (the item), -token.c (the access token).

#pragma once

#include "sc-grant-keeper.h"

G_BEGIN_DECLS

/**
 * ScGrantKeeper:
 * @looked_up: the keyring has said what it holds, so @credential is all there is
 * @unwritten: a rotated credential is in memory only
 * @changes: of changes of the item that wait for the one under way
 * @changing: one is under way
 * @waiting: (nullable): of GTask: callers that share the refresh under way
 * @refreshing_id: (nullable): which grant that is of
 */
struct _ScGrantKeeper
{
  GObject parent_instance;

  ScProvider *provider;
  ScCredentialStore *store;
  ScClock *clock;
  ScRevoker *revoker;

  ScCredential *credential;
  ScToken *token;
  ScKept kept;
  const char *keyring_state;
  gboolean looked_up;
  gboolean unwritten;
  GQueue changes;
  gboolean changing;
  GPtrArray *waiting;
  char *refreshing_id;
  GCancellable *refresh_cancellable;
};

typedef enum
{
  SC_KEEPER_CHANGED,
  SC_KEEPER_REFRESHED,
  SC_KEEPER_STORE_FAILED,
  SC_KEEPER_N_SIGNALS
} ScKeeperSignal;

void sc_grant_keeper_emit (ScGrantKeeper *self, ScKeeperSignal signal);
void sc_grant_keeper_set_kept (ScGrantKeeper *self, ScKept kept);
/** sc_grant_keeper_adopt: @credential, @token: (nullable) (transfer full): in use from now on */
void
sc_grant_keeper_adopt (ScGrantKeeper *self, ScCredential *credential, ScToken *token, ScKept kept);

/** ScKeeperChange: @task: (nullable) (transfer full) */
typedef void (*ScKeeperChange) (ScGrantKeeper *self, GTask *task);

/** sc_grant_keeper_begin_change: one change of the keyring's item at a time, in the order they were
 *  asked for: two of them side by side could end in the wrong one */
void sc_grant_keeper_begin_change (ScGrantKeeper *self, ScKeeperChange change, GTask *task);
/** sc_grant_keeper_end_change: the next one's turn */
void sc_grant_keeper_end_change (ScGrantKeeper *self);

G_END_DECLS
