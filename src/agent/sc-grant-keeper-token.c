// SPDX-License-Identifier: MIT
// The keeper's access token: one refresh at a time, and its rotated credential written first.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-grant-keeper-private.h"

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

/* Of callers that share it; a connection that has ended or was made anew meanwhile has nothing to
 * do with what became of the refresh. */
static gboolean
is_still_used (ScGrantKeeper *self)
{
  return self->credential != NULL && g_strcmp0 (self->credential->id, self->refreshing_id) == 0;
}

static void
note_written (ScGrantKeeper *self, const GError *error)
{
  sc_grant_keeper_set_keyring_error (self, error);
  if (error != NULL)
    {
      g_warning ("the renewed connection is in memory only: %s", error->message);
      sc_grant_keeper_emit (self, SC_KEEPER_STORE_FAILED);
    }
  if (self->credential == NULL)
    return;
  self->unwritten = error != NULL;
  sc_grant_keeper_set_kept (self, error == NULL ? SC_KEPT_KEYRING : SC_KEPT_MEMORY);
}

static void
rotated_credential_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScGrantKeeper) self = user_data;
  g_autoptr (GError) error = NULL;

  sc_credential_store_store_finish (SC_CREDENTIAL_STORE (source), result, &error);
  note_written (self, error);
  finish_refresh (self, NULL);
  sc_grant_keeper_end_change (self);
}

static void
write_credential (ScGrantKeeper *self, GTask *task)
{
  g_autoptr (ScSecretString) text = NULL;
  g_autoptr (GError) error = NULL;

  /* Disconnected, or connected anew, while other changes went first. */
  if (is_still_used (self) && self->unwritten)
    text = sc_credential_serialize (self->credential, &error);
  if (error != NULL)
    g_warning ("the renewed connection is in memory only: %s", error->message);
  if (text != NULL)
    {
      sc_credential_store_store_async (self->store, SC_CREDENTIAL_SLOT_CONNECTION, text,
                                       self->refresh_cancellable, rotated_credential_stored_cb,
                                       g_object_ref (self));
      return;
    }
  finish_refresh (self, NULL);
  sc_grant_keeper_end_change (self);
}

static void
grant_refreshed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScGrantKeeper) self = user_data;
  g_autoptr (ScGrant) grant = NULL;
  g_autoptr (GError) error = NULL;

  grant = sc_provider_refresh_finish (SC_PROVIDER (source), result, &error);
  if (grant != NULL)
    sc_grant_keeper_emit (self, SC_KEEPER_REFRESHED);
  if (grant == NULL || !is_still_used (self))
    {
      finish_refresh (self, is_still_used (self) ? error : NULL);
      return;
    }
  sc_grant_keeper_adopt (self, g_steal_pointer (&grant->credential),
                         g_steal_pointer (&grant->token), self->kept);
  self->unwritten = TRUE;
  sc_grant_keeper_begin_change (self, write_credential, NULL);
}

static void
start_refresh (ScGrantKeeper *self)
{
  gint64 now = sc_clock_get_real_time (self->clock);

  g_free (self->refreshing_id);
  self->refreshing_id = g_strdup (self->credential->id);
  if (sc_token_is_fresh (self->token, now))
    sc_grant_keeper_begin_change (self, write_credential, NULL);
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
  if (fresh && !self->unwritten && self->waiting == NULL)
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
