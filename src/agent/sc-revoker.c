// SPDX-License-Identifier: MIT
// Grants that must end at the server: kept in the keyring's pending-revocation item until they
// have.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-revoker.h"

#include "sc-backoff.h"
#include "sc-revoker-item.h"

struct _ScRevoker
{
  GObject parent_instance;

  ScProvider *provider;
  ScCredentialStore *store;
  ScClock *clock;
  ScJournal *journal;
  GCancellable *cancellable;

  GPtrArray *grants;  /* of ScCredential, oldest first */
  GPtrArray *waiting; /* of GTask: callers whose change is not written yet */
  guint armed;        /* so many of the grants may be sent; those behind them were added since */
  gboolean loaded;    /* what the item held is among the grants */
  gboolean dirty;
  gboolean writing;
  gboolean running;
  gboolean failed; /* a revocation of the present round failed */
  guint attempts;
  guint alarm;
  guint next; /* index of the grant that is tried next */
};

G_DEFINE_FINAL_TYPE (ScRevoker, sc_revoker, G_TYPE_OBJECT)

enum
{
  FINISHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void write_item (ScRevoker *self);
static void revoke_next (ScRevoker *self);

static gboolean
find_grant (ScRevoker *self, const char *id, guint *index)
{
  for (guint i = 0; id != NULL && i < self->grants->len; i++)
    {
      ScCredential *grant = g_ptr_array_index (self->grants, i);
      if (g_str_equal (grant->id, id))
        {
          if (index != NULL)
            *index = i;
          return TRUE;
        }
    }
  return FALSE;
}

static void
give_up (ScRevoker *self, guint index)
{
  ScCredential *grant = g_ptr_array_index (self->grants, index);
  g_autofree char *id = g_strdup (grant->id);

  g_warning ("a grant could not be revoked and is given up");
  sc_revoker_drop (self, id);
  g_signal_emit (self, signals[FINISHED], 0, id, TRUE);
}

/* The oldest are left out when they do not fit the keyring's limit. */
static ScSecretString *
serialize_what_fits (ScRevoker *self)
{
  ScSecretString *item = sc_revoker_item_serialize (self->grants);

  while (sc_secret_string_get_length (item) > SC_CREDENTIAL_MAX_SIZE && self->grants->len > 1)
    {
      sc_secret_string_unref (item);
      give_up (self, 0);
      item = sc_revoker_item_serialize (self->grants);
    }
  return item;
}

static void
return_all (GPtrArray *tasks, const GError *error)
{
  for (guint i = 0; i < tasks->len; i++)
    {
      GTask *task = g_ptr_array_index (tasks, i);

      if (error != NULL)
        g_task_return_error (task, g_error_copy (error));
      else
        g_task_return_boolean (task, TRUE);
    }
}

static void
item_written (ScRevoker *self, GPtrArray *tasks, GError *error)
{
  /* Without a keyring the connection lives in memory too, and so may what ends it. */
  if (g_error_matches (error, SC_ERROR, SC_ERROR_STORE_UNAVAILABLE))
    return_all (tasks, NULL);
  else
    return_all (tasks, error);
  self->writing = FALSE;
  write_item (self);
}

typedef struct
{
  ScRevoker *self;
  GPtrArray *tasks;
} WriteData;

static void
write_data_free (WriteData *data)
{
  g_object_unref (data->self);
  g_ptr_array_unref (data->tasks);
  g_free (data);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WriteData, write_data_free)

static void
item_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WriteData) data = user_data;
  g_autoptr (GError) error = NULL;

  sc_credential_store_store_finish (SC_CREDENTIAL_STORE (source), result, &error);
  item_written (data->self, data->tasks, error);
}

static void
item_cleared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WriteData) data = user_data;
  g_autoptr (GError) error = NULL;

  sc_credential_store_clear_finish (SC_CREDENTIAL_STORE (source), result, &error);
  item_written (data->self, data->tasks, error);
}

static void
write_grants (ScRevoker *self)
{
  WriteData *data = g_new0 (WriteData, 1);

  data->self = g_object_ref (self);
  data->tasks = g_steal_pointer (&self->waiting);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  if (self->grants->len == 0)
    {
      self->dirty = FALSE;
      sc_credential_store_clear_async (self->store, SC_CREDENTIAL_SLOT_PENDING_REVOCATION,
                                       self->cancellable, item_cleared_cb, data);
    }
  else
    {
      g_autoptr (ScSecretString) item = serialize_what_fits (self);

      self->dirty = FALSE;
      sc_credential_store_store_async (self->store, SC_CREDENTIAL_SLOT_PENDING_REVOCATION, item,
                                       self->cancellable, item_stored_cb, data);
    }
}

/* What the item holds is older than what is here already. */
static void
merge_grants (ScRevoker *self, GPtrArray *found)
{
  guint place = 0;

  for (guint i = 0; i < found->len; i++)
    {
      const ScCredential *grant = g_ptr_array_index (found, i);

      if (!find_grant (self, grant->id, NULL))
        g_ptr_array_insert (self->grants, (int) place++, sc_credential_copy (grant));
    }
  self->armed += place;
  self->next += place;
}

/* Returns: whether the item is known now: %SC_ERROR_STORE_DAMAGED comes with TRUE */
static gboolean
take_item (ScRevoker *self, GAsyncResult *result, GError **error)
{
  g_autoptr (ScSecretString) item = NULL;
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GError) cause = NULL;

  item = sc_credential_store_lookup_finish (self->store, result, &cause);
  if (item == NULL && !g_error_matches (cause, SC_ERROR, SC_ERROR_STORE_ABSENT))
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  self->loaded = TRUE;
  if (item != NULL)
    found = sc_revoker_item_parse (item, error);
  if (found != NULL)
    merge_grants (self, found);
  return TRUE;
}

static void
item_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScRevoker) self = user_data;
  g_autoptr (GPtrArray) tasks = NULL;
  g_autoptr (GError) error = NULL;

  if (take_item (self, result, &error))
    {
      write_grants (self);
      return;
    }
  self->dirty = FALSE;
  tasks = g_steal_pointer (&self->waiting);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  item_written (self, tasks, error);
}

/* One write at a time; what changed meanwhile goes with the next. An item that was never read, for
 * a keyring that was locked, may hold grants that a write must not throw away. */
static void
write_item (ScRevoker *self)
{
  if (self->writing || !self->dirty)
    return;
  self->writing = TRUE;
  if (self->loaded)
    write_grants (self);
  else
    sc_credential_store_lookup_async (self->store, SC_CREDENTIAL_SLOT_PENDING_REVOCATION,
                                      self->cancellable, item_read_cb, g_object_ref (self));
}

/* A grant that is still in use and that nobody asked to end was left by a broken replacement; any
 * other that nobody asked to end was replaced, and the program ended before it could say so. */
static void
settle_grants (ScRevoker *self, const char *held_id)
{
  g_autoptr (GHashTable) asked = sc_journal_list_revocations (self->journal);
  gint64 now = sc_clock_get_real_time (self->clock);

  if (held_id != NULL && !g_hash_table_contains (asked, held_id))
    sc_revoker_drop (self, held_id);
  for (guint i = 0; i < self->grants->len; i++)
    {
      const ScCredential *grant = g_ptr_array_index (self->grants, i);

      if (!g_hash_table_contains (asked, grant->id))
        sc_journal_add_revocation (self->journal, grant->id, now, NULL);
    }
}

/* A row whose grant is not here may be of one that is still in its own item: only when it is too
 * old to matter does nothing depend on it. */
static void
drop_old_rows (ScRevoker *self)
{
  g_autoptr (GHashTable) asked = sc_journal_list_revocations (self->journal);
  gint64 now = sc_clock_get_real_time (self->clock);
  GHashTableIter iter;
  gpointer id;
  gpointer since;

  g_hash_table_iter_init (&iter, asked);
  while (g_hash_table_iter_next (&iter, &id, &since))
    {
      if (!find_grant (self, id, NULL) && now - *(gint64 *) since > SC_REVOKER_MAX_AGE)
        sc_journal_remove_revocation (self->journal, id, NULL);
    }
}

static void
item_looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScRevoker *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (take_item (self, result, &error))
    {
      settle_grants (self, g_task_get_task_data (task));
      drop_old_rows (self);
    }
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

void
sc_revoker_load_async (ScRevoker *self,
                       const char *held_id,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GTask *task;

  g_return_if_fail (SC_IS_REVOKER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_revoker_load_async);
  g_task_set_task_data (task, g_strdup (held_id), g_free);
  sc_credential_store_lookup_async (self->store, SC_CREDENTIAL_SLOT_PENDING_REVOCATION, cancellable,
                                    item_looked_up_cb, task);
}

gboolean
sc_revoker_load_finish (ScRevoker *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
sc_revoker_add_async (ScRevoker *self,
                      const ScCredential *credential,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  GTask *task;

  g_return_if_fail (SC_IS_REVOKER (self));
  g_return_if_fail (credential != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_revoker_add_async);
  if (!find_grant (self, credential->id, NULL))
    g_ptr_array_add (self->grants, sc_credential_copy (credential));
  g_ptr_array_add (self->waiting, task);
  self->dirty = TRUE;
  write_item (self);
}

gboolean
sc_revoker_add_finish (ScRevoker *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
sc_revoker_drop (ScRevoker *self, const char *credential_id)
{
  guint index;

  g_return_if_fail (SC_IS_REVOKER (self));

  if (!find_grant (self, credential_id, &index))
    return;
  sc_journal_remove_revocation (self->journal, credential_id, NULL);
  g_ptr_array_remove_index (self->grants, index);
  if (self->next > index)
    self->next--;
  if (self->armed > index)
    self->armed--;
  self->dirty = TRUE;
  write_item (self);
}

gboolean
sc_revoker_has (ScRevoker *self, const char *credential_id)
{
  g_return_val_if_fail (SC_IS_REVOKER (self), FALSE);

  return find_grant (self, credential_id, NULL);
}

gboolean
sc_revoker_is_waiting (ScRevoker *self)
{
  g_return_val_if_fail (SC_IS_REVOKER (self), FALSE);

  return self->grants->len > 0;
}

static gboolean
is_too_old (ScRevoker *self, const ScCredential *grant)
{
  g_autoptr (GHashTable) asked = sc_journal_list_revocations (self->journal);
  gint64 *since = g_hash_table_lookup (asked, grant->id);

  return since != NULL && sc_clock_get_real_time (self->clock) - *since > SC_REVOKER_MAX_AGE;
}

static void
start_round (ScRevoker *self)
{
  if (self->running || self->armed == 0)
    return;
  sc_clock_remove_alarm (self->clock, &self->alarm);
  self->running = TRUE;
  self->failed = FALSE;
  self->next = 0;
  revoke_next (self);
}

static void
retry_due (gpointer user_data)
{
  ScRevoker *self = user_data;

  self->alarm = 0;
  start_round (self);
}

static void
round_ended (ScRevoker *self)
{
  self->running = FALSE;
  if (!self->failed)
    {
      self->attempts = 0;
      return;
    }
  self->attempts++;
  sc_clock_remove_alarm (self->clock, &self->alarm);
  self->alarm =
    sc_clock_add_alarm (self->clock, sc_backoff_compute (self->attempts, -1), retry_due, self);
}

typedef struct
{
  ScRevoker *self;
  char *id;
} RevokeData;

static void
revoke_data_free (RevokeData *data)
{
  g_object_unref (data->self);
  g_free (data->id);
  g_free (data);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RevokeData, revoke_data_free)

/* A server that refuses the token outright has nothing left to revoke; only what may pass is
 * retried. */
static gboolean
is_final (const GError *error)
{
  return g_error_matches (error, SC_ERROR, SC_ERROR_OAUTH_GRANT) ||
         g_error_matches (error, SC_ERROR, SC_ERROR_OAUTH_CLIENT);
}

static void
grant_revoked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (RevokeData) data = user_data;
  ScRevoker *self = data->self;
  g_autoptr (GError) error = NULL;

  if (sc_provider_revoke_finish (SC_PROVIDER (source), result, &error) || is_final (error))
    {
      sc_revoker_drop (self, data->id);
      g_signal_emit (self, signals[FINISHED], 0, data->id, FALSE);
    }
  else if (g_error_matches (error, SC_ERROR, SC_ERROR_CANCELLED))
    {
      return;
    }
  else
    {
      g_info ("revocation is put off: %s", error->message);
      self->failed = TRUE;
      if (find_grant (self, data->id, NULL))
        self->next++;
    }
  revoke_next (self);
}

static void
revoke_next (ScRevoker *self)
{
  ScCredential *grant;
  RevokeData *data;

  while (self->next < self->armed &&
         is_too_old (self, g_ptr_array_index (self->grants, self->next)))
    give_up (self, self->next);
  if (self->next >= self->armed)
    {
      round_ended (self);
      return;
    }

  grant = g_ptr_array_index (self->grants, self->next);
  data = g_new0 (RevokeData, 1);
  data->self = g_object_ref (self);
  data->id = g_strdup (grant->id);
  sc_provider_revoke_async (self->provider, grant, self->cancellable, grant_revoked_cb, data);
}

void
sc_revoker_run (ScRevoker *self)
{
  g_return_if_fail (SC_IS_REVOKER (self));

  self->armed = self->grants->len;
  start_round (self);
}

static void
sc_revoker_dispose (GObject *object)
{
  ScRevoker *self = SC_REVOKER (object);

  g_cancellable_cancel (self->cancellable);
  if (self->clock != NULL)
    sc_clock_remove_alarm (self->clock, &self->alarm);
  g_clear_object (&self->provider);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  g_clear_object (&self->journal);
  G_OBJECT_CLASS (sc_revoker_parent_class)->dispose (object);
}

static void
sc_revoker_finalize (GObject *object)
{
  ScRevoker *self = SC_REVOKER (object);

  g_clear_object (&self->cancellable);
  g_ptr_array_unref (self->grants);
  g_ptr_array_unref (self->waiting);
  G_OBJECT_CLASS (sc_revoker_parent_class)->finalize (object);
}

static void
sc_revoker_class_init (ScRevokerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = sc_revoker_dispose;
  object_class->finalize = sc_revoker_finalize;
  signals[FINISHED] = g_signal_new ("finished", SC_TYPE_REVOKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_BOOLEAN);
}

static void
sc_revoker_init (ScRevoker *self)
{
  self->cancellable = g_cancellable_new ();
  self->grants = g_ptr_array_new_with_free_func ((GDestroyNotify) sc_credential_free);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
}

ScRevoker *
sc_revoker_new (ScProvider *provider, ScCredentialStore *store, ScClock *clock, ScJournal *journal)
{
  ScRevoker *self;

  g_return_val_if_fail (SC_IS_PROVIDER (provider), NULL);
  g_return_val_if_fail (SC_IS_CREDENTIAL_STORE (store), NULL);

  self = g_object_new (SC_TYPE_REVOKER, NULL);
  self->provider = g_object_ref (provider);
  self->store = g_object_ref (store);
  self->clock = g_object_ref (clock);
  self->journal = g_object_ref (journal);
  return self;
}
