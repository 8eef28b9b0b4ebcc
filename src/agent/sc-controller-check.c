// SPDX-License-Identifier: MIT
// The controller's Check: one look at the SPU, one question to the cloud, and what the answer
// means.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-controller-private.h"

static void ask_status (ScController *self);

static void
return_check (ScController *self)
{
  g_autoptr (GPtrArray) tasks = g_steal_pointer (&self->check_tasks);

  self->check_tasks = g_ptr_array_new_with_free_func (g_object_unref);
  g_clear_pointer (&self->check_token, sc_token_free);
  sc_controller_notify (self);
  for (guint i = 0; i < tasks->len; i++)
    g_task_return_boolean (g_ptr_array_index (tasks, i), TRUE);
}

/* Lights */

static void
set_cloud_light (ScController *self, const GError *error)
{
  gint64 skew = 0;

  sc_cloud_client_get_clock_skew (self->cloud, &skew);
  sc_light_set_cloud (&self->lights[SC_LIGHT_CLOUD], error, skew,
                      sc_clock_get_real_time (self->clock));
}

void
sc_controller_refresh_authorization_light (ScController *self, const GError *error)
{
  g_autoptr (GError) withdrawn = NULL;

  if (self->connection.withdrawn)
    withdrawn = g_error_new (SC_ERROR, SC_ERROR_OAUTH_GRANT, "permission was withdrawn");
  else if (error == NULL || sc_error_is_transport (error->code))
    error = NULL;
  sc_light_set_authorization (
    &self->lights[SC_LIGHT_AUTHORIZATION], self->connection.has_credential,
    withdrawn != NULL ? withdrawn : error, sc_clock_get_real_time (self->clock));
}

gboolean
sc_controller_lights_need_someone (ScController *self)
{
  for (guint i = 0; i < SC_N_LIGHTS; i++)
    {
      if (self->lights[i].verdict == SC_VERDICT_ATTENTION ||
          self->lights[i].verdict == SC_VERDICT_FAILED)
        return TRUE;
    }
  return FALSE;
}

static void
take_practice (ScController *self, const ScPractice *practice)
{
  if (practice == NULL || practice->name == NULL || *practice->name == '\0' ||
      self->practice == NULL)
    return;
  /* The office stays what was authorized; names and PMS may change. */
  g_free (self->practice->name);
  self->practice->name = g_strdup (practice->name);
  if (practice->pms_type == NULL || *practice->pms_type == '\0')
    return;
  g_free (self->practice->pms_type);
  self->practice->pms_type = g_strdup (practice->pms_type);
}

static void
take_status (ScController *self, ScCloudStatus *status)
{
  gint64 now = sc_clock_get_real_time (self->clock);

  g_clear_pointer (&self->cloud_status, sc_cloud_status_free);
  self->cloud_status = status;
  set_cloud_light (self, NULL);
  take_practice (self, status->practice);
  if (status->data_sync != NULL)
    sc_light_set_sikka (&self->lights[SC_LIGHT_SIKKA], status->data_sync, now);
  if (status->has_writeback)
    sc_light_set_writeback (&self->lights[SC_LIGHT_WRITEBACK], status->writeback_ok, now);
}

/* What the answer means */

static void
apply_status (ScController *self, const ScCloudStatus *status)
{
  static const ScConnectionEvent events[] = {
    [SC_CLOUD_STATE_UNKNOWN] = SC_EVENT_CHECK_UNKNOWN,
    [SC_CLOUD_STATE_PENDING] = SC_EVENT_CHECK_PENDING,
    [SC_CLOUD_STATE_CONNECTING] = SC_EVENT_CHECK_CONNECTING,
    [SC_CLOUD_STATE_CONNECTED] = SC_EVENT_CHECK_CONNECTED,
    [SC_CLOUD_STATE_FAILED] = SC_EVENT_CHECK_FAILED,
  };
  g_autoptr (GError) error = NULL;

  if (status->state == SC_CLOUD_STATE_FAILED)
    error = g_error_new (SC_ERROR, status->error_code, "the cloud says that the connection failed");
  sc_controller_dispatch (self, events[status->state], error, "check");
}

static ScConnectionEvent
classify_error (const GError *error)
{
  if (g_error_matches (error, SC_ERROR, SC_ERROR_OAUTH_GRANT) ||
      g_error_matches (error, SC_ERROR, SC_ERROR_STORE_ABSENT))
    return SC_EVENT_GRANT_GONE;
  if (sc_error_is_transport (error->code) || g_str_has_prefix (sc_error_get_id (error), "store-"))
    return SC_EVENT_TRANSPORT_ERROR;
  return SC_EVENT_CHECK_FAILED;
}

static void
apply_error (ScController *self, const GError *error)
{
  if (sc_error_is_transport (error->code))
    set_cloud_light (self, error);
  sc_controller_dispatch (self, classify_error (error), error, "check");
}

/* Only a setup leaves the check open; the effect has been run by then. */
static void
status_applied (ScController *self, gboolean setting_up)
{
  if (!setting_up)
    return_check (self);
}

static void
status_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScController) self = user_data;
  g_autoptr (GError) error = NULL;
  ScCloudStatus *status;
  gboolean tried = self->connection.setup_tried;

  status = sc_provider_get_status_finish (SC_PROVIDER (source), result, &error);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (status != NULL)
    {
      take_status (self, status);
      apply_status (self, status);
      status_applied (self, self->connection.setup_tried && !tried);
      return;
    }
  if (!self->check_retried && (g_error_matches (error, SC_ERROR, SC_ERROR_CLOUD_UNAUTHORIZED) ||
                               g_error_matches (error, SC_ERROR, SC_ERROR_SIKKA_KEY_EXPIRED)))
    {
      self->check_retried = TRUE;
      sc_grant_keeper_invalidate (self->keeper, self->check_token);
      ask_status (self);
      return;
    }
  apply_error (self, error);
  return_check (self);
}

static void
check_token_fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScController) self = user_data;
  const ScCredential *credential;
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->check_token, sc_token_free);
  self->check_token = sc_grant_keeper_get_token_finish (SC_GRANT_KEEPER (source), result, &error);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  credential = sc_grant_keeper_get_credential (self->keeper);
  if (self->check_token == NULL || credential == NULL)
    {
      if (error != NULL)
        apply_error (self, error);
      return_check (self);
      return;
    }
  sc_provider_get_status_async (self->provider, credential, self->check_token, self->cancellable,
                                status_answered_cb, g_object_ref (self));
}

static void
ask_status (ScController *self)
{
  sc_grant_keeper_get_token_async (self->keeper, self->cancellable, check_token_fetched_cb,
                                   g_object_ref (self));
}

static void
setup_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScController) self = user_data;
  g_autoptr (ScCloudStatus) status = NULL;
  g_autoptr (GError) error = NULL;

  status = sc_provider_setup_finish (SC_PROVIDER (source), result, &error);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (status != NULL)
    {
      take_practice (self, status->practice);
      apply_status (self, status);
    }
  else
    {
      apply_error (self, error);
    }
  return_check (self);
}

void
sc_controller_setup (ScController *self)
{
  if (sc_provider_can_setup (self->provider) && self->check_token != NULL)
    {
      sc_provider_setup_async (self->provider, self->check_token, self->cancellable,
                               setup_answered_cb, g_object_ref (self));
      return;
    }
  sc_controller_dispatch (self, SC_EVENT_CHECK_CONNECTING, NULL, "check");
  return_check (self);
}

/* Begin */

static void
take_spu (ScController *self, ScSpuFindings *findings)
{
  if (findings == NULL)
    return;
  g_clear_pointer (&self->spu, sc_spu_findings_free);
  self->spu = findings;
  sc_light_set_spu (&self->lights[SC_LIGHT_SPU], self->spu,
                    sc_settings_get (self->settings, SC_SETTING_SPU_ELSEWHERE));
}

static void
late_revoker_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScController) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!sc_revoker_load_finish (SC_REVOKER (source), result, &error))
    g_info ("grants that wait for revocation cannot be read: %s", error->message);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  sc_revoker_run (self->revoker);
  ask_status (self);
}

static void
credential_looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScController) self = user_data;
  g_autoptr (GError) error = NULL;

  sc_grant_keeper_load_finish (SC_GRANT_KEEPER (source), result, &error);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (error == NULL)
    {
      sc_controller_adopt_account (self);
      sc_revoker_load_async (self->revoker, sc_grant_keeper_get_credential (self->keeper)->id,
                             self->cancellable, late_revoker_loaded_cb, g_object_ref (self));
      return;
    }
  apply_error (self, error);
  return_check (self);
}

/* A keyring that was locked or late at the start may answer now. */
static void
ensure_credential (ScController *self)
{
  if (sc_grant_keeper_get_credential (self->keeper) != NULL)
    ask_status (self);
  else
    sc_grant_keeper_load_async (self->keeper, self->cancellable, credential_looked_up_cb,
                                g_object_ref (self));
}

static void
check_probed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScController) self = user_data;

  take_spu (self, sc_spu_probe_finish (result, NULL));
  if (!g_cancellable_is_cancelled (self->cancellable))
    ensure_credential (self);
}

static void
begin_check (ScController *self)
{
  self->check_retried = FALSE;
  self->connection.setup_tried = FALSE;
  sc_controller_renew_reference (self);
  sc_spu_probe_async (self->spu_names, sc_clock_get_real_time (self->clock), self->cancellable,
                      check_probed_cb, g_object_ref (self));
  sc_controller_notify (self);
}

static void
run_check (ScController *self, GTask *task)
{
  g_autoptr (GTask) owned = task;

  if (self->connection.state == SC_STATE_BROWSER_OPEN || self->connect_task != NULL ||
      self->ending_practice)
    {
      g_task_return_new_error (task, SC_ERROR, SC_ERROR_BUSY, "another command is under way");
      return;
    }
  if (!self->connection.has_credential)
    {
      g_task_return_new_error (task, SC_ERROR, SC_ERROR_NOT_CONNECTED, "nothing is connected");
      return;
    }
  g_ptr_array_add (self->check_tasks, g_steal_pointer (&owned));
  if (self->check_tasks->len == 1)
    begin_check (self);
}

void
sc_controller_check_async (ScController *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task;

  g_return_if_fail (SC_IS_CONTROLLER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_controller_check_async);
  sc_controller_run (self, run_check, task);
}

gboolean
sc_controller_check_finish (ScController *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Sync: data freshness once after connecting; the state waits for a person's Check */

static void
sync_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScController) self = user_data;
  g_autoptr (GError) error = NULL;
  ScCloudStatus *status;

  status = sc_provider_get_status_finish (SC_PROVIDER (source), result, &error);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (status != NULL && sc_grant_keeper_get_credential (self->keeper) != NULL)
    take_status (self, status);
  else if (status != NULL)
    sc_cloud_status_free (status);
  else if (sc_error_is_transport (error->code))
    set_cloud_light (self, error);
  sc_controller_notify (self);
}

void
sc_controller_sync (ScController *self)
{
  const ScCredential *credential = sc_grant_keeper_get_credential (self->keeper);
  g_autoptr (ScToken) token = sc_grant_keeper_peek_token (self->keeper);

  if (credential != NULL && token != NULL)
    sc_provider_get_status_async (self->provider, credential, token, self->cancellable,
                                  sync_answered_cb, g_object_ref (self));
}

/* Age */

static void
age_passed (gpointer user_data)
{
  g_autoptr (ScController) self = g_object_ref (user_data);

  self->age_alarm = 0;
  sc_controller_dispatch (self, SC_EVENT_AGE_EXPIRED, NULL, "status-expired");
}

void
sc_controller_arm_age (ScController *self)
{
  gint64 now = sc_clock_get_real_time (self->clock);
  gint64 age = now - self->last_checked;

  sc_clock_remove_alarm (self->clock, &self->age_alarm);
  if (self->connection.state != SC_STATE_CONNECTED || self->connection.unknown)
    return;
  /* A check that lies in the future was made by a wrong clock: it proves nothing. */
  if (age < 0 || age >= SC_STATUS_MAX_AGE)
    sc_connection_apply (&self->connection, SC_EVENT_AGE_EXPIRED, SC_ERROR_FAILED);
  else
    self->age_alarm = sc_clock_add_alarm (self->clock, SC_STATUS_MAX_AGE - age, age_passed, self);
}

static void
set_version (char **target, const char *value)
{
  if (value == NULL)
    return;
  g_free (*target);
  *target = g_strdup (value);
}

void
sc_controller_take_report_answer (ScController *self, const ScReportAnswer *answer)
{
  set_version (&self->latest_version, answer->latest_version);
  set_version (&self->minimum_version, answer->minimum_version);
  if (answer->has_state && answer->state == SC_CLOUD_STATE_CONNECTED &&
      self->connection.state == SC_STATE_CONNECTED && !self->connection.undoing)
    {
      self->last_checked = sc_clock_get_real_time (self->clock);
      self->connection.unknown = FALSE;
      self->connection.outdated = FALSE;
      sc_controller_arm_age (self);
    }
  sc_controller_save (self);
  sc_controller_notify (self);
}

/* The probe alone */

static void
shown_probe_ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScController *self = g_task_get_source_object (task);
  GError *error = NULL;
  ScSpuFindings *findings = sc_spu_probe_finish (result, &error);

  if (findings == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  take_spu (self, findings);
  sc_controller_notify (self);
  g_task_return_boolean (task, TRUE);
}

void
sc_controller_probe_spu_async (ScController *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GTask *task;

  g_return_if_fail (SC_IS_CONTROLLER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_controller_probe_spu_async);
  sc_spu_probe_async (self->spu_names, sc_clock_get_real_time (self->clock), cancellable,
                      shown_probe_ran_cb, task);
}

const ScSpuFindings *
sc_controller_probe_spu_finish (ScController *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_boolean (G_TASK (result), error) ? self->spu : NULL;
}

void
sc_controller_clear_check (ScController *self)
{
  g_ptr_array_unref (self->check_tasks);
  g_clear_pointer (&self->check_token, sc_token_free);
}
