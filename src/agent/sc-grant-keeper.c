// SPDX-License-Identifier: MIT
// The grant in use: the credential in the keyring, the access token in memory, one refresh at a
// time.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-grant-keeper.h"

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
  gboolean unwritten; /* a rotated credential is in memory only */
  GPtrArray *waiting; /* of GTask: callers that share the refresh under way; NULL when none is */
  GCancellable *refresh_cancellable;
};

G_DEFINE_FINAL_TYPE (ScGrantKeeper, sc_grant_keeper, G_TYPE_OBJECT)

enum
{
  CHANGED,
  REFRESHED,
  STORE_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

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
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
set_kept (ScGrantKeeper *self, ScKept kept)
{
  if (self->kept == kept)
    return;
  self->kept = kept;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
adopt (ScGrantKeeper *self, ScCredential *credential, ScToken *token, ScKept kept)
{
  g_clear_pointer (&self->credential, sc_credential_free);
  g_clear_pointer (&self->token, sc_token_free);
  self->credential = credential;
  self->token = token;
  set_kept (self, kept);
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

static void
connection_looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScGrantKeeper *self = g_task_get_source_object (task);
  g_autoptr (ScSecretString) text = NULL;
  ScCredential *credential = NULL;
  GError *error = NULL;

  text = sc_credential_store_lookup_finish (SC_CREDENTIAL_STORE (source), result, &error);
  sc_grant_keeper_set_keyring_error (self, error);
  if (text != NULL)
    credential = parse_ours (self, text, &error);
  if (credential == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  adopt (self, credential, sc_provider_restore_token (self->provider, credential), SC_KEPT_KEYRING);
  g_task_return_boolean (task, TRUE);
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
adopt_grant (ScGrantKeeper *self, GTask *task, ScKept kept)
{
  StoreData *data = g_task_get_task_data (task);

  self->unwritten = kept == SC_KEPT_MEMORY;
  adopt (self, g_steal_pointer (&data->grant->credential), g_steal_pointer (&data->grant->token),
         kept);
  g_task_return_boolean (task, TRUE);
}

static void
new_credential_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScGrantKeeper *self = g_task_get_source_object (task);
  StoreData *data = g_task_get_task_data (task);
  GError *error = NULL;

  sc_credential_store_store_finish (SC_CREDENTIAL_STORE (source), result, &error);
  sc_grant_keeper_set_keyring_error (self, error);
  if (error == NULL)
    {
      adopt_grant (self, task, SC_KEPT_KEYRING);
      return;
    }
  g_signal_emit (self, signals[STORE_FAILED], 0);
  if (g_error_matches (error, SC_ERROR, SC_ERROR_STORE_UNAVAILABLE))
    {
      g_clear_error (&error);
      adopt_grant (self, task, SC_KEPT_MEMORY);
      return;
    }
  if (data->replaced_id != NULL)
    sc_revoker_drop (self->revoker, data->replaced_id);
  g_task_return_error (task, error);
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
      g_signal_emit (self, signals[STORE_FAILED], 0);
      if (data->replaced_id != NULL)
        sc_revoker_drop (self->revoker, data->replaced_id);
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  sc_credential_store_store_async (self->store, SC_CREDENTIAL_SLOT_CONNECTION, text,
                                   g_task_get_cancellable (task), new_credential_stored_cb, task);
}

static void
old_credential_saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScGrantKeeper *self = g_task_get_source_object (task);
  StoreData *data = g_task_get_task_data (task);
  GError *error = NULL;

  if (!sc_revoker_add_finish (SC_REVOKER (source), result, &error))
    {
      g_signal_emit (self, signals[STORE_FAILED], 0);
      sc_revoker_drop (self->revoker, data->replaced_id);
      g_task_return_error (task, error);
      return;
    }
  store_new_credential (self, g_steal_pointer (&task));
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
  if (self->credential == NULL)
    {
      store_new_credential (self, task);
      return;
    }
  data->replaced_id = g_strdup (self->credential->id);
  sc_revoker_add_async (self->revoker, self->credential, cancellable, old_credential_saved_cb,
                        task);
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

/* Token */

static void
return_token (GTask *task, const ScToken *token)
{
  g_task_return_pointer (task, sc_token_copy (token), (GDestroyNotify) sc_token_free);
}

static void
finish_refresh (ScGrantKeeper *self, const GError *error)
{
  g_autoptr (GPtrArray) tasks = g_steal_pointer (&self->waiting);

  for (guint i = 0; i < tasks->len; i++)
    {
      GTask *task = g_ptr_array_index (tasks, i);

      if (error != NULL)
        g_task_return_error (task, g_error_copy (error));
      else if (self->token == NULL)
        g_task_return_new_error (task, SC_ERROR, SC_ERROR_NOT_CONNECTED, "disconnected meanwhile");
      else
        return_token (task, self->token);
    }
}

static void
rotated_credential_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScGrantKeeper) self = user_data;
  g_autoptr (GError) error = NULL;

  sc_credential_store_store_finish (SC_CREDENTIAL_STORE (source), result, &error);
  sc_grant_keeper_set_keyring_error (self, error);
  self->unwritten = error != NULL;
  if (error != NULL)
    {
      g_warning ("the renewed connection is in memory only: %s", error->message);
      g_signal_emit (self, signals[STORE_FAILED], 0);
    }
  set_kept (self, error == NULL ? SC_KEPT_KEYRING : SC_KEPT_MEMORY);
  finish_refresh (self, NULL);
}

static void
write_credential (ScGrantKeeper *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScSecretString) text = sc_credential_serialize (self->credential, &error);

  if (text == NULL)
    {
      g_warning ("the renewed connection is in memory only: %s", error->message);
      finish_refresh (self, NULL);
      return;
    }
  sc_credential_store_store_async (self->store, SC_CREDENTIAL_SLOT_CONNECTION, text,
                                   self->refresh_cancellable, rotated_credential_stored_cb,
                                   g_object_ref (self));
}

static gboolean
adopt_refreshed (ScGrantKeeper *self, ScGrant *grant)
{
  ScKept kept = self->kept;

  /* Disconnected, or connected anew, while the refresh was under way. */
  if (self->credential == NULL || g_strcmp0 (self->credential->id, grant->credential->id) != 0)
    return FALSE;
  adopt (self, g_steal_pointer (&grant->credential), g_steal_pointer (&grant->token), kept);
  self->unwritten = TRUE;
  return TRUE;
}

static void
grant_refreshed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScGrantKeeper) self = user_data;
  g_autoptr (ScGrant) grant = NULL;
  g_autoptr (GError) error = NULL;

  grant = sc_provider_refresh_finish (SC_PROVIDER (source), result, &error);
  if (grant == NULL)
    {
      finish_refresh (self, error);
      return;
    }
  g_signal_emit (self, signals[REFRESHED], 0);
  if (adopt_refreshed (self, grant))
    write_credential (self);
  else
    finish_refresh (self, NULL);
}

static void
start_refresh (ScGrantKeeper *self)
{
  if (self->token != NULL && sc_token_is_fresh (self->token, sc_clock_get_real_time (self->clock)))
    write_credential (self);
  else
    sc_provider_refresh_async (self->provider, self->credential, self->refresh_cancellable,
                               grant_refreshed_cb, g_object_ref (self));
}

void
sc_grant_keeper_get_token_async (ScGrantKeeper *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  gboolean fresh;

  g_return_if_fail (SC_IS_GRANT_KEEPER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_grant_keeper_get_token_async);
  fresh = sc_token_is_fresh (self->token, sc_clock_get_real_time (self->clock));
  if (self->credential == NULL)
    {
      g_task_return_new_error (task, SC_ERROR, SC_ERROR_NOT_CONNECTED, "no connection is held");
      return;
    }
  if (self->token != NULL && fresh && !self->unwritten && self->waiting == NULL)
    {
      return_token (task, self->token);
      return;
    }
  if (self->waiting != NULL)
    {
      g_ptr_array_add (self->waiting, g_steal_pointer (&task));
      return;
    }
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (self->waiting, g_steal_pointer (&task));
  start_refresh (self);
}

ScToken *
sc_grant_keeper_get_token_finish (ScGrantKeeper *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
sc_grant_keeper_invalidate (ScGrantKeeper *self, const ScToken *token)
{
  g_return_if_fail (SC_IS_GRANT_KEEPER (self));

  if (self->token != NULL && token != NULL &&
      sc_secret_string_equal (self->token->access_token,
                              sc_secret_string_peek (token->access_token)))
    g_clear_pointer (&self->token, sc_token_free);
}

/* Retire */

static void
connection_cleared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScGrantKeeper *self = g_task_get_source_object (task);
  GError *error = NULL;

  sc_credential_store_clear_finish (SC_CREDENTIAL_STORE (source), result, &error);
  if (error == NULL || g_error_matches (error, SC_ERROR, SC_ERROR_STORE_UNAVAILABLE))
    {
      g_clear_error (&error);
      g_task_return_boolean (task, TRUE);
      return;
    }
  sc_grant_keeper_set_keyring_error (self, error);
  g_task_return_error (task, error);
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

void
sc_grant_keeper_retire_async (ScGrantKeeper *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (ScCredential) credential = NULL;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (SC_IS_GRANT_KEEPER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_grant_keeper_retire_async);
  credential = g_steal_pointer (&self->credential);
  if (credential == NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  self->unwritten = FALSE;
  adopt (self, NULL, NULL, SC_KEPT_NONE);
  sc_revoker_add_async (self->revoker, credential, cancellable, credential_retired_cb,
                        g_steal_pointer (&task));
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
  G_OBJECT_CLASS (sc_grant_keeper_parent_class)->finalize (object);
}

static void
sc_grant_keeper_class_init (ScGrantKeeperClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const char *const names[N_SIGNALS] = { "changed", "refreshed", "store-failed" };

  object_class->dispose = sc_grant_keeper_dispose;
  object_class->finalize = sc_grant_keeper_finalize;
  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (names[i], SC_TYPE_GRANT_KEEPER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 0);
}

static void
sc_grant_keeper_init (ScGrantKeeper *self)
{
  self->keyring_state = "";
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
