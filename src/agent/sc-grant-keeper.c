// SPDX-License-Identifier: MIT
// The grant in use: the credential in the keyring, the access token in memory, one refresh at a
// time.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-grant-keeper-private.h"

G_DEFINE_FINAL_TYPE (ScGrantKeeper, sc_grant_keeper, G_TYPE_OBJECT)

static guint signals[SC_KEEPER_N_SIGNALS];

void
sc_grant_keeper_emit (ScGrantKeeper *self, ScKeeperSignal signal)
{
  g_signal_emit (self, signals[signal], 0);
}

static const char *
describe_keyring (const GError *error)
{
  if (error == NULL)
    return "ok";
  if (g_error_matches (error, SC_ERROR, SC_ERROR_STORE_ABSENT))
    return "absent";
  if (g_error_matches (error, SC_ERROR, SC_ERROR_STORE_LOCKED))
    return "locked";
  if (g_error_matches (error, SC_ERROR, SC_ERROR_STORE_UNAVAILABLE))
    return "unavailable";
  return "failed";
}

void
sc_grant_keeper_set_keyring_error (ScGrantKeeper *self, const GError *error)
{
  const char *state = describe_keyring (error);

  g_return_if_fail (SC_IS_GRANT_KEEPER (self));

  if (g_str_equal (state, self->keyring_state))
    return;
  self->keyring_state = state;
  sc_grant_keeper_emit (self, SC_KEEPER_CHANGED);
}

void
sc_grant_keeper_set_kept (ScGrantKeeper *self, ScKept kept)
{
  if (self->kept == kept)
    return;
  self->kept = kept;
  sc_grant_keeper_emit (self, SC_KEEPER_CHANGED);
}

void
sc_grant_keeper_adopt (ScGrantKeeper *self, ScCredential *credential, ScToken *token, ScKept kept)
{
  g_clear_pointer (&self->credential, sc_credential_free);
  g_clear_pointer (&self->token, sc_token_free);
  self->credential = credential;
  self->token = token;
  sc_grant_keeper_set_kept (self, kept);
}

/* Changes of the item */

typedef struct
{
  ScKeeperChange change;
  GTask *task;
} Change;

void
sc_grant_keeper_begin_change (ScGrantKeeper *self, ScKeeperChange change, GTask *task)
{
  Change *later;

  if (!self->changing)
    {
      self->changing = TRUE;
      change (self, task);
      return;
    }
  later = g_new0 (Change, 1);
  later->change = change;
  later->task = task;
  g_queue_push_tail (&self->changes, later);
}

void
sc_grant_keeper_end_change (ScGrantKeeper *self)
{
  g_autofree Change *next = g_queue_pop_head (&self->changes);

  self->changing = next != NULL;
  if (next != NULL)
    next->change (self, next->task);
}

/* @task: (transfer full); @error: (nullable) (transfer full) */
static void
finish_change (GTask *task, GError *error)
{
  g_autoptr (GTask) owned = task;
  g_autoptr (ScGrantKeeper) self = g_object_ref (g_task_get_source_object (task));

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
  sc_grant_keeper_end_change (self);
}

/* Load */

static gboolean
is_ours (ScGrantKeeper *self, const ScCredential *credential)
{
  return g_strcmp0 (credential->provider, sc_provider_get_id (self->provider)) == 0 &&
         g_strcmp0 (credential->issuer, sc_provider_get_issuer (self->provider)) == 0;
}

static ScCredential *
parse_ours (ScGrantKeeper *self, const ScSecretString *text, GError **error)
{
  g_autoptr (ScCredential) credential = sc_credential_parse (text, error);

  if (credential == NULL)
    return NULL;
  if (!is_ours (self, credential))
    {
      g_set_error (error, SC_ERROR, SC_ERROR_STORE_ABSENT,
                   "the keyring holds a connection to another server");
      return NULL;
    }
  return g_steal_pointer (&credential);
}

/* Takes what was looked up into use. */
static gboolean
take_connection (ScGrantKeeper *self, GAsyncResult *result, GError **error)
{
  g_autoptr (ScSecretString) text = NULL;
  g_autoptr (GError) cause = NULL;
  ScCredential *credential = NULL;

  text = sc_credential_store_lookup_finish (self->store, result, &cause);
  self->looked_up |= text != NULL || g_error_matches (cause, SC_ERROR, SC_ERROR_STORE_ABSENT);
  if (text != NULL)
    credential = parse_ours (self, text, &cause);
  /* An item that cannot be read is not an item that is not there. */
  sc_grant_keeper_set_keyring_error (self, cause);
  if (credential == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  sc_grant_keeper_adopt (self, credential, sc_provider_restore_token (self->provider, credential),
                         SC_KEPT_KEYRING);
  return TRUE;
}

static void
connection_looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (take_connection (g_task_get_source_object (task), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
sc_grant_keeper_load_async (ScGrantKeeper *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task;

  g_return_if_fail (SC_IS_GRANT_KEEPER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_grant_keeper_load_async);
  sc_credential_store_lookup_async (self->store, SC_CREDENTIAL_SLOT_CONNECTION, cancellable,
                                    connection_looked_up_cb, task);
}

gboolean
sc_grant_keeper_load_finish (ScGrantKeeper *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Store */

typedef struct
{
  ScGrant *grant;
  char *replaced_id;
} StoreData;

static void
store_data_free (StoreData *data)
{
  sc_grant_free (data->grant);
  g_free (data->replaced_id);
  g_free (data);
}

static void
adopt_grant (ScGrantKeeper *self, ScGrant *grant, ScKept kept)
{
  self->unwritten = kept == SC_KEPT_MEMORY;
  sc_grant_keeper_adopt (self, g_steal_pointer (&grant->credential),
                         g_steal_pointer (&grant->token), kept);
}

/* The old one stays in use. @task, @error: (transfer full) */
static void
replacement_failed (GTask *task, GError *error)
{
  ScGrantKeeper *self = g_task_get_source_object (task);
  const StoreData *data = g_task_get_task_data (task);

  sc_grant_keeper_emit (self, SC_KEEPER_STORE_FAILED);
  if (data->replaced_id != NULL)
    sc_revoker_drop (self->revoker, data->replaced_id);
  finish_change (task, error);
}

static void
new_credential_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScGrantKeeper *self = g_task_get_source_object (task);
  StoreData *data = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  sc_credential_store_store_finish (SC_CREDENTIAL_STORE (source), result, &error);
  sc_grant_keeper_set_keyring_error (self, error);
  if (error == NULL)
    {
      self->looked_up = TRUE;
      adopt_grant (self, data->grant, SC_KEPT_KEYRING);
      finish_change (g_steal_pointer (&task), NULL);
      return;
    }
  if (!g_error_matches (error, SC_ERROR, SC_ERROR_STORE_UNAVAILABLE))
    {
      replacement_failed (g_steal_pointer (&task), g_steal_pointer (&error));
      return;
    }
  sc_grant_keeper_emit (self, SC_KEEPER_STORE_FAILED);
  adopt_grant (self, data->grant, SC_KEPT_MEMORY);
  finish_change (g_steal_pointer (&task), NULL);
}

static void
store_new_credential (ScGrantKeeper *self, GTask *task)
{
  StoreData *data = g_task_get_task_data (task);
  g_autoptr (ScSecretString) text = NULL;
  GError *error = NULL;

  text = sc_credential_serialize (data->grant->credential, &error);
  if (text == NULL)
    {
      replacement_failed (task, error);
      return;
    }
  sc_credential_store_store_async (self->store, SC_CREDENTIAL_SLOT_CONNECTION, text,
                                   g_task_get_cancellable (task), new_credential_stored_cb, task);
}

static void
old_credential_saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  if (sc_revoker_add_finish (SC_REVOKER (source), result, &error))
    store_new_credential (g_task_get_source_object (task), task);
  else
    replacement_failed (task, error);
}

static void
replace_credential (ScGrantKeeper *self, GTask *task)
{
  StoreData *data = g_task_get_task_data (task);

  if (self->credential == NULL)
    {
      store_new_credential (self, task);
      return;
    }
  data->replaced_id = g_strdup (self->credential->id);
  sc_revoker_add_async (self->revoker, self->credential, g_task_get_cancellable (task),
                        old_credential_saved_cb, task);
}

static void
old_credential_looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ScGrantKeeper *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (!take_connection (self, result, &error))
    g_debug ("nothing is known to be replaced: %s", error->message);
  replace_credential (self, task);
}

/* A keyring that could not be asked at the start may hold a grant, which is to end as any other. */
static void
begin_store (ScGrantKeeper *self, GTask *task)
{
  if (self->credential != NULL || self->looked_up)
    replace_credential (self, task);
  else
    sc_credential_store_lookup_async (self->store, SC_CREDENTIAL_SLOT_CONNECTION,
                                      g_task_get_cancellable (task), old_credential_looked_up_cb,
                                      task);
}

void
sc_grant_keeper_store_async (ScGrantKeeper *self,
                             ScGrant *grant,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  StoreData *data;
  GTask *task;

  g_return_if_fail (SC_IS_GRANT_KEEPER (self));
  g_return_if_fail (grant != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_grant_keeper_store_async);
  data = g_new0 (StoreData, 1);
  data->grant = grant;
  g_task_set_task_data (task, data, (GDestroyNotify) store_data_free);
  sc_grant_keeper_begin_change (self, begin_store, task);
}

gboolean
sc_grant_keeper_store_finish (ScGrantKeeper *self,
                              GAsyncResult *result,
                              char **replaced_id,
                              GError **error)
{
  StoreData *data;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  data = g_task_get_task_data (G_TASK (result));
  if (replaced_id != NULL)
    *replaced_id = g_steal_pointer (&data->replaced_id);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Retire */

static void
connection_cleared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ScGrantKeeper *self = g_task_get_source_object (task);
  GError *error = NULL;

  sc_credential_store_clear_finish (SC_CREDENTIAL_STORE (source), result, &error);
  if (g_error_matches (error, SC_ERROR, SC_ERROR_STORE_UNAVAILABLE))
    g_clear_error (&error);
  if (error != NULL)
    sc_grant_keeper_set_keyring_error (self, error);
  finish_change (task, error);
}

static void
credential_retired_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  ScGrantKeeper *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (!sc_revoker_add_finish (SC_REVOKER (source), result, &error))
    g_warning ("a grant waits for revocation in memory only: %s", error->message);
  sc_credential_store_clear_async (self->store, SC_CREDENTIAL_SLOT_CONNECTION,
                                   g_task_get_cancellable (task), connection_cleared_cb, task);
}

static void
begin_retire (ScGrantKeeper *self, GTask *task)
{
  sc_revoker_add_async (self->revoker, g_task_get_task_data (task), g_task_get_cancellable (task),
                        credential_retired_cb, task);
}

void
sc_grant_keeper_retire_async (ScGrantKeeper *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (SC_IS_GRANT_KEEPER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_grant_keeper_retire_async);
  if (self->credential == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  g_task_set_task_data (task, g_steal_pointer (&self->credential),
                        (GDestroyNotify) sc_credential_free);
  self->unwritten = FALSE;
  sc_grant_keeper_adopt (self, NULL, NULL, SC_KEPT_NONE);
  sc_grant_keeper_begin_change (self, begin_retire, g_steal_pointer (&task));
}

gboolean
sc_grant_keeper_retire_finish (ScGrantKeeper *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

const ScCredential *
sc_grant_keeper_get_credential (ScGrantKeeper *self)
{
  g_return_val_if_fail (SC_IS_GRANT_KEEPER (self), NULL);

  return self->credential;
}

ScToken *
sc_grant_keeper_peek_token (ScGrantKeeper *self)
{
  g_return_val_if_fail (SC_IS_GRANT_KEEPER (self), NULL);

  if (!sc_token_is_fresh (self->token, sc_clock_get_real_time (self->clock)))
    return NULL;
  return sc_token_copy (self->token);
}

ScKept
sc_grant_keeper_get_kept (ScGrantKeeper *self)
{
  g_return_val_if_fail (SC_IS_GRANT_KEEPER (self), SC_KEPT_NONE);

  return self->kept;
}

const char *
sc_grant_keeper_get_keyring_state (ScGrantKeeper *self)
{
  g_return_val_if_fail (SC_IS_GRANT_KEEPER (self), "");

  return self->keyring_state;
}

static void
sc_grant_keeper_dispose (GObject *object)
{
  ScGrantKeeper *self = SC_GRANT_KEEPER (object);

  g_cancellable_cancel (self->refresh_cancellable);
  g_clear_object (&self->provider);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  g_clear_object (&self->revoker);
  G_OBJECT_CLASS (sc_grant_keeper_parent_class)->dispose (object);
}

static void
sc_grant_keeper_finalize (GObject *object)
{
  ScGrantKeeper *self = SC_GRANT_KEEPER (object);

  g_clear_pointer (&self->credential, sc_credential_free);
  g_clear_pointer (&self->token, sc_token_free);
  g_clear_object (&self->refresh_cancellable);
  g_free (self->refreshing_id);
  G_OBJECT_CLASS (sc_grant_keeper_parent_class)->finalize (object);
}

static void
sc_grant_keeper_class_init (ScGrantKeeperClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const char *const names[SC_KEEPER_N_SIGNALS] = { "changed", "refreshed", "store-failed" };

  object_class->dispose = sc_grant_keeper_dispose;
  object_class->finalize = sc_grant_keeper_finalize;
  for (guint i = 0; i < SC_KEEPER_N_SIGNALS; i++)
    signals[i] = g_signal_new (names[i], SC_TYPE_GRANT_KEEPER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 0);
}

static void
sc_grant_keeper_init (ScGrantKeeper *self)
{
  self->keyring_state = "";
  g_queue_init (&self->changes);
  self->refresh_cancellable = g_cancellable_new ();
}

ScGrantKeeper *
sc_grant_keeper_new (ScProvider *provider,
                     ScCredentialStore *store,
                     ScClock *clock,
                     ScRevoker *revoker)
{
  ScGrantKeeper *self;

  g_return_val_if_fail (SC_IS_PROVIDER (provider), NULL);
  g_return_val_if_fail (SC_IS_CREDENTIAL_STORE (store), NULL);

  self = g_object_new (SC_TYPE_GRANT_KEEPER, NULL);
  self->provider = g_object_ref (provider);
  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  self->revoker = g_object_ref (revoker);
  return self;
}
