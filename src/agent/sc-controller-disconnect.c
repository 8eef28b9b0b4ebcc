// SPDX-License-Identifier: MIT
// The controller's Disconnect: Undo, the last report, the grant's way out.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-controller-private.h"

/* Seconds that the last report may take before the grant ends without it. */
#define FLUSH_LIMIT 10

static void
return_retired (ScController *self)
{
  g_autoptr (GPtrArray) tasks = g_steal_pointer (&self->retire_tasks);

  self->retiring = FALSE;
  self->retire_tasks = g_ptr_array_new_with_free_func (g_object_unref);
  sc_controller_notify (self);
  for (guint i = 0; i < tasks->len; i++)
    g_task_return_boolean (g_ptr_array_index (tasks, i), TRUE);
  sc_controller_run_deferred (self);
}

static void
grant_retired_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScController) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!sc_grant_keeper_retire_finish (SC_GRANT_KEEPER (source), result, &error))
    {
      g_warning ("the keyring still holds the old connection: %s", error->message);
      g_free (self->left_behind);
      self->left_behind = g_steal_pointer (&self->retired_id);
    }
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  sc_revoker_run (self->revoker);
  return_retired (self);
}

static void
retire_now (ScController *self)
{
  const ScCredential *credential = sc_grant_keeper_get_credential (self->keeper);

  g_free (self->retired_id);
  self->retired_id = credential != NULL ? g_strdup (credential->id) : NULL;
  sc_courier_set_account (self->courier, NULL);
  sc_grant_keeper_retire_async (self->keeper, self->cancellable, grant_retired_cb,
                                g_object_ref (self));
}

static void
end_flush (ScController *self)
{
  sc_clock_remove_alarm (self->clock, &self->flush_alarm);
  g_clear_object (&self->flush_cancellable);
  retire_now (self);
}

/* The courier ends by itself; here only the waiting for it ends. */
static void
flush_took_too_long (gpointer user_data)
{
  ScController *self = user_data;

  self->flush_alarm = 0;
  g_cancellable_cancel (self->flush_cancellable);
  end_flush (self);
}

static void
flushed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScController) self = user_data;
  GCancellable *flush = g_task_get_cancellable (G_TASK (result));

  sc_courier_flush_finish (SC_COURIER (source), result);
  if (!g_cancellable_is_cancelled (self->cancellable) && self->flush_cancellable == flush)
    end_flush (self);
}

void
sc_controller_retire_grant (ScController *self, gboolean flush)
{
  if (self->retiring)
    return;
  self->retiring = TRUE;
  if (!flush)
    {
      retire_now (self);
      return;
    }
  self->flush_cancellable = g_cancellable_new ();
  self->flush_alarm = sc_clock_add_alarm (self->clock, FLUSH_LIMIT, flush_took_too_long, self);
  sc_courier_flush_async (self->courier, self->flush_cancellable, flushed_cb, g_object_ref (self));
}

/* Undo */

static void
undo_passed (gpointer user_data)
{
  g_autoptr (ScController) self = g_object_ref (user_data);

  self->undo_alarm = 0;
  self->undo_deadline = 0;
  sc_controller_dispatch (self, SC_EVENT_UNDO_EXPIRED, NULL, "disconnect");
}

void
sc_controller_start_undo (ScController *self)
{
  self->undo_deadline = sc_clock_get_real_time (self->clock) + SC_CONTROLLER_UNDO;
  self->undo_alarm = sc_clock_add_alarm (self->clock, SC_CONTROLLER_UNDO, undo_passed, self);
}

void
sc_controller_stop_undo (ScController *self)
{
  sc_clock_remove_alarm (self->clock, &self->undo_alarm);
  self->undo_deadline = 0;
}

gboolean
sc_controller_undo (ScController *self, GError **error)
{
  g_return_val_if_fail (SC_IS_CONTROLLER (self), FALSE);

  if (!self->connection.undoing)
    {
      g_set_error (error, SC_ERROR, SC_ERROR_INVALID_ARGUMENT, "nothing can be undone");
      return FALSE;
    }
  sc_controller_dispatch (self, SC_EVENT_UNDO, NULL, "disconnect-undone");
  sc_controller_log (self, "disconnect", "undone");
  return TRUE;
}

/* Command */

typedef struct
{
  gboolean practice;
  gboolean immediate;
  char *practice_name;
  ScToken *token;
  gboolean retried;
} DisconnectData;

static void
disconnect_data_free (DisconnectData *data)
{
  g_free (data->practice_name);
  g_clear_pointer (&data->token, sc_token_free);
  g_free (data);
}

static void ask_cloud (GTask *task);

/* Takes @task over: it returns when the grant has left the keyring's item. */
static void
return_when_retired (ScController *self, GTask *task)
{
  if (self->retiring)
    {
      g_ptr_array_add (self->retire_tasks, task);
      return;
    }
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
practice_disconnected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScController *self = g_task_get_source_object (task);
  DisconnectData *data = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  self->ending_practice = FALSE;
  if (sc_provider_disconnect_practice_finish (SC_PROVIDER (source), result, &error))
    {
      sc_controller_dispatch (self, SC_EVENT_PRACTICE_DISCONNECTED, NULL, "disconnect-practice");
      return_when_retired (self, g_steal_pointer (&task));
      return;
    }
  if (g_error_matches (error, SC_ERROR, SC_ERROR_CLOUD_UNAUTHORIZED) && !data->retried)
    {
      data->retried = TRUE;
      sc_grant_keeper_invalidate (self->keeper, data->token);
      ask_cloud (g_steal_pointer (&task));
      return;
    }
  sc_controller_log (self, "disconnect-practice", sc_error_get_id (error));
  sc_controller_notify (self);
  g_task_return_error (task, g_steal_pointer (&error));
}

static void
disconnect_token_fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScController *self = g_task_get_source_object (task);
  DisconnectData *data = g_task_get_task_data (task);
  GError *error = NULL;

  g_clear_pointer (&data->token, sc_token_free);
  data->token = sc_grant_keeper_get_token_finish (SC_GRANT_KEEPER (source), result, &error);
  if (data->token == NULL)
    {
      self->ending_practice = FALSE;
      sc_controller_notify (self);
      g_task_return_error (task, error);
      return;
    }
  sc_provider_disconnect_practice_async (self->provider, data->token, self->cancellable,
                                         practice_disconnected_cb, g_steal_pointer (&task));
}

static void
ask_cloud (GTask *task)
{
  ScController *self = g_task_get_source_object (task);

  self->ending_practice = TRUE;
  sc_controller_notify (self);
  sc_grant_keeper_get_token_async (self->keeper, self->cancellable, disconnect_token_fetched_cb,
                                   task);
}

static void
disconnect_this_pc (ScController *self, GTask *task)
{
  DisconnectData *data = g_task_get_task_data (task);

  sc_controller_dispatch (self, data->immediate ? SC_EVENT_DISCONNECT_NOW : SC_EVENT_DISCONNECT,
                          NULL, "disconnect");
  return_when_retired (self, task);
}

static void
credential_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScController *self = g_task_get_source_object (task);
  DisconnectData *data = g_task_get_task_data (task);
  GError *error = NULL;

  if (!sc_grant_keeper_load_finish (SC_GRANT_KEEPER (source), result, &error) &&
      !g_error_matches (error, SC_ERROR, SC_ERROR_STORE_ABSENT))
    {
      g_task_return_error (task, error);
      return;
    }
  g_clear_error (&error);
  if (data->practice)
    ask_cloud (g_steal_pointer (&task));
  else
    disconnect_this_pc (self, g_steal_pointer (&task));
}

static gboolean
check_disconnect (ScController *self, const DisconnectData *data, GError **error)
{
  const char *name = self->practice != NULL ? self->practice->name : NULL;

  if (self->connect_task != NULL || self->storing || self->check_tasks->len > 0 ||
      self->ending_practice)
    {
      g_set_error (error, SC_ERROR, SC_ERROR_BUSY, "another command is under way");
      return FALSE;
    }
  if (self->connection.state == SC_STATE_PENDING)
    {
      g_set_error (error, SC_ERROR, SC_ERROR_NOT_CONNECTED, "nothing is connected");
      return FALSE;
    }
  if (!data->practice)
    return TRUE;
  if (self->config->hide_disconnect_practice)
    {
      g_set_error (error, SC_ERROR, SC_ERROR_NOT_SUPPORTED, "policy does not allow it");
      return FALSE;
    }
  if (name == NULL || g_strcmp0 (data->practice_name, name) != 0)
    {
      g_set_error (error, SC_ERROR, SC_ERROR_INVALID_ARGUMENT,
                   "the practice's name does not match");
      return FALSE;
    }
  return TRUE;
}

static void
run_disconnect (ScController *self, GTask *task)
{
  DisconnectData *data = g_task_get_task_data (task);
  GError *error = NULL;

  if (!check_disconnect (self, data, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  sc_controller_renew_reference (self);
  if (sc_grant_keeper_get_credential (self->keeper) == NULL && self->connection.has_credential)
    sc_grant_keeper_load_async (self->keeper, self->cancellable, credential_loaded_cb, task);
  else if (data->practice)
    ask_cloud (task);
  else
    disconnect_this_pc (self, task);
}

void
sc_controller_disconnect_async (ScController *self,
                                gboolean practice,
                                gboolean immediate,
                                const char *practice_name,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  DisconnectData *data;
  GTask *task;

  g_return_if_fail (SC_IS_CONTROLLER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_controller_disconnect_async);
  data = g_new0 (DisconnectData, 1);
  data->practice = practice;
  data->immediate = immediate;
  data->practice_name = g_strdup (practice_name);
  g_task_set_task_data (task, data, (GDestroyNotify) disconnect_data_free);
  sc_controller_run (self, run_disconnect, task);
}

gboolean
sc_controller_disconnect_finish (ScController *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
sc_controller_clear_disconnect (ScController *self)
{
  sc_controller_stop_undo (self);
  sc_clock_remove_alarm (self->clock, &self->flush_alarm);
  g_clear_object (&self->flush_cancellable);
  g_clear_pointer (&self->retire_tasks, g_ptr_array_unref);
}
