// SPDX-License-Identifier: MIT
// The controller's Connect: pre-flight, browser, practice question, storing.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-controller-private.h"

static void
set_busy_error (GError **error)
{
  g_set_error (error, SC_ERROR, SC_ERROR_BUSY, "another command is under way");
}

static void
return_connect (ScController *self, const GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->connect_task);

  if (task == NULL)
    return;
  sc_controller_notify (self);
  if (error != NULL)
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_int (task, self->transaction);
}

/* Pre-flight */

static void
preflight_passed (ScController *self)
{
  sc_controller_dispatch (self, SC_EVENT_PREFLIGHT_PASSED, NULL, "connect-started");
}

static void
preflight_failed (ScController *self, const GError *error)
{
  sc_controller_dispatch (self, SC_EVENT_PREFLIGHT_FAILED, error, "connect-started");
  sc_controller_log (self, "preflight", sc_error_get_id (error));
  return_connect (self, error);
}

static void
apply_keyring_row (ScController *self, ScPreflight *preflight)
{
  const ScPreflightRow *row = sc_preflight_get_row (preflight, SC_PREFLIGHT_KEYRING);

  sc_grant_keeper_set_keyring_error (self->keeper, row->error);
}

static void
apply_cloud_row (ScController *self, ScPreflight *preflight)
{
  const ScPreflightRow *row = sc_preflight_get_row (preflight, SC_PREFLIGHT_CLOUD);
  gint64 skew = 0;

  sc_cloud_client_get_clock_skew (self->cloud, &skew);
  sc_light_set_cloud (&self->lights[SC_LIGHT_CLOUD], row->error, skew,
                      sc_clock_get_real_time (self->clock));
}

static void
connect_preflight_ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScController) self = user_data;
  g_autoptr (ScPreflight) preflight = SC_PREFLIGHT (g_object_ref (source));
  g_autoptr (GError) error = NULL;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  self->preparing = FALSE;
  g_clear_object (&self->preflight_cancellable);
  if (!sc_preflight_run_finish (preflight, result, &error))
    {
      g_clear_error (&error);
      g_set_error (&error, SC_ERROR, SC_ERROR_CANCELLED, "cancelled before a browser opened");
      preflight_failed (self, error);
      return;
    }
  apply_keyring_row (self, preflight);
  apply_cloud_row (self, preflight);
  if (sc_preflight_get_failure (preflight) != NULL)
    preflight_failed (self, sc_preflight_get_failure (preflight));
  else
    preflight_passed (self);
}

void
sc_controller_run_preflight (ScController *self)
{
  g_autoptr (ScPreflight) preflight = NULL;

  if (!self->preparing)
    {
      preflight_passed (self);
      return;
    }
  preflight = sc_preflight_new (self->store, self->cloud, self->journal);
  self->preflight_cancellable = g_cancellable_new ();
  sc_preflight_run_async (preflight, self->preflight_cancellable, connect_preflight_ran_cb,
                          g_object_ref (self));
}

/* Browser */

static gboolean
is_other_practice (ScController *self)
{
  const ScPractice *found = self->new_grant->credential->practice;

  return self->practice != NULL && !sc_practice_is_same (self->practice, found);
}

static void
granted_cb (ScAuthorizer *authorizer, ScController *self)
{
  g_clear_pointer (&self->new_grant, sc_grant_free);
  self->new_grant = sc_authorizer_steal_grant (authorizer);
  if (is_other_practice (self))
    sc_controller_dispatch (self, SC_EVENT_GRANT_DIFFERENT, NULL, "practice-question");
  else
    sc_controller_dispatch (self, SC_EVENT_GRANT_SAME, NULL, "connect");
}

static ScConnectionEvent
classify_failure (const GError *error)
{
  if (g_error_matches (error, SC_ERROR, SC_ERROR_OAUTH_DENIED))
    return SC_EVENT_DENIED;
  if (g_error_matches (error, SC_ERROR, SC_ERROR_OAUTH_TIMED_OUT))
    return SC_EVENT_TIMED_OUT;
  return SC_EVENT_AUTHORIZATION_FAILED;
}

static void
authorization_failed_cb (ScAuthorizer *authorizer, const GError *error, ScController *self)
{
  sc_controller_dispatch (self, classify_failure (error), error, "connect");
}

static void
authorizer_started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScController) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean started = sc_authorizer_start_finish (SC_AUTHORIZER (source), result, &error);

  if (self->authorizer != SC_AUTHORIZER (source))
    return;
  if (started)
    {
      return_connect (self, NULL);
      return;
    }
  return_connect (self, error);
  sc_controller_dispatch (self, SC_EVENT_AUTHORIZATION_FAILED, error, "connect");
}

static void
drop_authorizer (ScController *self)
{
  if (self->authorizer == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->authorizer, self);
  sc_authorizer_close (self->authorizer);
  sc_journal_count (self->journal, SC_COUNTER_CALLBACKS,
                    sc_authorizer_get_callbacks (self->authorizer), NULL);
  g_clear_object (&self->authorizer);
}

static void
begin_authorization (ScController *self)
{
  drop_authorizer (self);
  self->authorizer = sc_authorizer_new (self->provider, self->clock);
  g_signal_connect (self->authorizer, "granted", G_CALLBACK (granted_cb), self);
  g_signal_connect (self->authorizer, "failed", G_CALLBACK (authorization_failed_cb), self);
  sc_authorizer_start_async (self->authorizer, self->open_browser, self->activation_token,
                             self->cancellable, authorizer_started_cb, g_object_ref (self));
}

void
sc_controller_open_browser (ScController *self)
{
  self->transaction++;
  begin_authorization (self);
}

void
sc_controller_reopen_browser (ScController *self)
{
  if (self->new_grant != NULL || self->authorizer == NULL)
    {
      return_connect (self, NULL);
      return;
    }
  if (sc_authorizer_is_old (self->authorizer))
    {
      begin_authorization (self);
      return;
    }
  if (self->open_browser)
    sc_authorizer_reopen (self->authorizer, self->activation_token);
  return_connect (self, NULL);
}

static ScLoopbackPage
get_page (ScConnectionEvent event)
{
  if (event == SC_EVENT_STORED)
    return SC_LOOPBACK_PAGE_DONE;
  if (event == SC_EVENT_DENIED || event == SC_EVENT_CANCELLED)
    return SC_LOOPBACK_PAGE_DENIED;
  return SC_LOOPBACK_PAGE_FAILED;
}

void
sc_controller_close_browser (ScController *self, ScConnectionEvent event, const GError *error)
{
  if (self->authorizer != NULL)
    sc_authorizer_answer (self->authorizer, get_page (event), self->reference);
  drop_authorizer (self);
  g_clear_pointer (&self->new_grant, sc_grant_free);
  if (self->connect_task != NULL)
    {
      g_autoptr (GError) ended = g_error_new (SC_ERROR, SC_ERROR_CANCELLED, "cancelled");

      return_connect (self, error != NULL ? error : ended);
    }
}

/* Practice question and storing */

void
sc_controller_ask_practice (ScController *self)
{
  sc_authorizer_answer (self->authorizer, SC_LOOPBACK_PAGE_GO_BACK, self->reference);
}

static void
new_grant_added_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScController) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!sc_revoker_add_finish (SC_REVOKER (source), result, &error))
    g_info ("a grant waits for revocation in memory only: %s", error->message);
  if (!g_cancellable_is_cancelled (self->cancellable))
    sc_revoker_run (self->revoker);
}

static void
revoke_grant (ScController *self, const ScCredential *credential)
{
  gint64 now = sc_clock_get_real_time (self->clock);

  sc_journal_add_revocation (self->journal, credential->id, now, NULL);
  sc_revoker_add_async (self->revoker, credential, self->cancellable, new_grant_added_cb,
                        g_object_ref (self));
}

void
sc_controller_revoke_new (ScController *self)
{
  if (self->new_grant != NULL)
    revoke_grant (self, self->new_grant->credential);
  g_clear_pointer (&self->new_grant, sc_grant_free);
}

typedef struct
{
  ScController *self;
  ScCredential *credential;
} StoringData;

static void
storing_data_free (StoringData *data)
{
  g_object_unref (data->self);
  sc_credential_free (data->credential);
  g_free (data);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoringData, storing_data_free)

static void
grant_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (StoringData) data = user_data;
  ScController *self = data->self;
  g_autofree char *replaced_id = NULL;
  g_autoptr (GError) error = NULL;
  gboolean stored;

  stored = sc_grant_keeper_store_finish (SC_GRANT_KEEPER (source), result, &replaced_id, &error);
  self->storing = FALSE;
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (!stored)
    {
      revoke_grant (self, data->credential);
      sc_controller_dispatch (self, SC_EVENT_AUTHORIZATION_FAILED, error, "connect");
      return;
    }
  g_clear_pointer (&self->practice, sc_practice_free);
  self->practice = sc_practice_copy (data->credential->practice);
  g_clear_pointer (&self->cloud_status, sc_cloud_status_free);
  if (replaced_id != NULL)
    sc_journal_add_revocation (self->journal, replaced_id, sc_clock_get_real_time (self->clock),
                               NULL);
  sc_controller_dispatch (self, SC_EVENT_STORED, NULL, "connect");
  sc_revoker_run (self->revoker);
}

void
sc_controller_store_grant (ScController *self)
{
  StoringData *data = g_new0 (StoringData, 1);

  data->self = g_object_ref (self);
  data->credential = sc_credential_copy (self->new_grant->credential);
  self->storing = TRUE;
  sc_grant_keeper_store_async (self->keeper, g_steal_pointer (&self->new_grant), self->cancellable,
                               grant_stored_cb, data);
}

/* Commands */

typedef struct
{
  gboolean open_browser;
  gboolean preflight;
  char *activation_token;
} ConnectData;

static void
connect_data_free (ConnectData *data)
{
  g_free (data->activation_token);
  g_free (data);
}

static void
run_connect (ScController *self, GTask *task)
{
  ConnectData *data = g_task_get_task_data (task);
  g_autoptr (GTask) owned = task;

  if (self->connect_task != NULL || self->storing || self->check_tasks->len > 0 ||
      self->ending_practice)
    {
      g_autoptr (GError) error = NULL;

      set_busy_error (&error);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  self->connect_task = g_steal_pointer (&owned);
  self->open_browser = data->open_browser;
  g_free (self->activation_token);
  self->activation_token = g_steal_pointer (&data->activation_token);
  self->preparing = data->preflight && self->connection.state != SC_STATE_BROWSER_OPEN;
  if (self->connection.state != SC_STATE_BROWSER_OPEN)
    sc_controller_renew_reference (self);
  sc_controller_dispatch (self, SC_EVENT_CONNECT, NULL, "connect-started");
}

void
sc_controller_connect_async (ScController *self,
                             gboolean open_browser,
                             gboolean preflight,
                             const char *activation_token,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  ConnectData *data;
  GTask *task;

  g_return_if_fail (SC_IS_CONTROLLER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_controller_connect_async);
  data = g_new0 (ConnectData, 1);
  data->open_browser = open_browser;
  data->preflight = preflight;
  data->activation_token = g_strdup (activation_token);
  g_task_set_task_data (task, data, (GDestroyNotify) connect_data_free);
  sc_controller_run (self, run_connect, task);
}

guint
sc_controller_connect_finish (ScController *self, GAsyncResult *result, GError **error)
{
  gssize transaction;

  g_return_val_if_fail (g_task_is_valid (result, self), 0);

  transaction = g_task_propagate_int (G_TASK (result), error);
  return transaction > 0 ? (guint) transaction : 0;
}

gboolean
sc_controller_cancel (ScController *self, GError **error)
{
  g_return_val_if_fail (SC_IS_CONTROLLER (self), FALSE);

  if (self->preflight_cancellable != NULL)
    {
      g_cancellable_cancel (self->preflight_cancellable);
      return TRUE;
    }
  if (self->connection.state != SC_STATE_BROWSER_OPEN)
    {
      g_set_error (error, SC_ERROR, SC_ERROR_NOT_CONNECTED, "no authorization is under way");
      return FALSE;
    }
  if (self->storing)
    {
      set_busy_error (error);
      return FALSE;
    }
  sc_controller_dispatch (self, SC_EVENT_CANCELLED, NULL, "connect");
  return TRUE;
}

gboolean
sc_controller_confirm_practice (ScController *self, gboolean accept, GError **error)
{
  g_return_val_if_fail (SC_IS_CONTROLLER (self), FALSE);

  if (!self->connection.confirming || self->storing)
    {
      g_set_error (error, SC_ERROR, SC_ERROR_INVALID_ARGUMENT, "no practice is asked about");
      return FALSE;
    }
  sc_controller_dispatch (self, accept ? SC_EVENT_PRACTICE_ACCEPTED : SC_EVENT_PRACTICE_DECLINED,
                          NULL, accept ? "practice-accepted" : "practice-declined");
  return TRUE;
}

/* The checks alone */

static void
shown_preflight_ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScController *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!sc_preflight_run_finish (SC_PREFLIGHT (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  apply_keyring_row (self, SC_PREFLIGHT (source));
  apply_cloud_row (self, SC_PREFLIGHT (source));
  sc_controller_notify (self);
  g_task_return_pointer (task, g_object_ref (source), g_object_unref);
}

void
sc_controller_preflight_async (ScController *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (ScPreflight) preflight = NULL;
  GTask *task;

  g_return_if_fail (SC_IS_CONTROLLER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_controller_preflight_async);
  preflight = sc_preflight_new (self->store, self->cloud, self->journal);
  sc_preflight_run_async (preflight, cancellable, shown_preflight_ran_cb, task);
}

ScPreflight *
sc_controller_preflight_finish (ScController *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
sc_controller_clear_connect (ScController *self)
{
  g_cancellable_cancel (self->preflight_cancellable);
  g_clear_object (&self->preflight_cancellable);
  drop_authorizer (self);
  g_clear_pointer (&self->new_grant, sc_grant_free);
  g_clear_pointer (&self->activation_token, g_free);
  g_clear_object (&self->connect_task);
}
