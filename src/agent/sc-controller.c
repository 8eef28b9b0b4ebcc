// SPDX-License-Identifier: MIT
// The agent's heart: feeds events to the state machine and does what it answers.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-controller-private.h"

#include "sc-autostart.h"
#include "sc-provider-cloud.h"
#include "sc-provider-sikka.h"
#include "sc-random.h"
#include "sc-reference.h"

G_DEFINE_FINAL_TYPE (ScController, sc_controller, G_TYPE_OBJECT)

enum
{
  CHANGED,
  TRANSACTION_FINISHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

void
sc_controller_notify (ScController *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

void
sc_controller_renew_reference (ScController *self)
{
  guint8 random[SC_REFERENCE_RANDOM_SIZE];
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->reference, g_free);
  if (sc_random_fill (random, sizeof random, &error))
    self->reference = sc_reference_create (random);
  else
    g_warning ("no reference: %s", error->message);
}

/* Commands wait until the credential was looked up, and while an old one is on its way out */

typedef struct
{
  ScControllerCommand command;
  GTask *task;
} Command;

static void
command_free (Command *self)
{
  g_clear_object (&self->task);
  g_free (self);
}

void
sc_controller_run (ScController *self, ScControllerCommand command, GTask *task)
{
  Command *deferred;

  if (self->loaded && !self->retiring)
    {
      command (self, task);
      return;
    }
  deferred = g_new0 (Command, 1);
  deferred->command = command;
  deferred->task = task;
  g_ptr_array_add (self->deferred, deferred);
}

void
sc_controller_run_deferred (ScController *self)
{
  g_autoptr (GPtrArray) commands = g_steal_pointer (&self->deferred);

  self->deferred = g_ptr_array_new_with_free_func ((GDestroyNotify) command_free);
  for (guint i = 0; i < commands->len; i++)
    {
      Command *deferred = g_ptr_array_index (commands, i);

      sc_controller_run (self, deferred->command, g_steal_pointer (&deferred->task));
    }
}

/* Events and effects */

static const char *
get_outcome (ScConnectionEvent event)
{
  switch (event)
    {
    case SC_EVENT_STORED:
      return "returned";
    case SC_EVENT_DENIED:
      return "denied";
    case SC_EVENT_TIMED_OUT:
      return "timed-out";
    case SC_EVENT_PRACTICE_DECLINED:
      return "declined";
    case SC_EVENT_AUTHORIZATION_FAILED:
      return "failed";
    default:
      return "cancelled";
    }
}

static void
emit_finished (ScController *self, ScConnectionEvent event)
{
  const char *error_id = "";

  if (event != SC_EVENT_STORED)
    error_id = self->connection.has_error ? sc_error_to_id (self->connection.error) : "cancelled";
  g_signal_emit (self, signals[TRANSACTION_FINISHED], 0, self->transaction, get_outcome (event),
                 error_id, self->reference != NULL ? self->reference : "");
}

static void
run_ending_effects (ScController *self,
                    ScConnectionEffects effects,
                    ScConnectionEvent event,
                    const GError *error)
{
  if (effects & SC_EFFECT_REVOKE_NEW)
    sc_controller_revoke_new (self);
  if (effects & SC_EFFECT_CLOSE_BROWSER)
    sc_controller_close_browser (self, event, error);
  if (effects & SC_EFFECT_RETIRE_GRANT)
    sc_controller_retire_grant (self, event != SC_EVENT_GRANT_GONE);
  if (effects & SC_EFFECT_STOP_UNDO)
    sc_controller_stop_undo (self);
}

static void
run_starting_effects (ScController *self, ScConnectionEffects effects)
{
  if (effects & SC_EFFECT_PREFLIGHT)
    sc_controller_run_preflight (self);
  if (effects & SC_EFFECT_OPEN_BROWSER)
    sc_controller_open_browser (self);
  if (effects & SC_EFFECT_REOPEN_BROWSER)
    sc_controller_reopen_browser (self);
  if (effects & SC_EFFECT_ASK_PRACTICE)
    sc_controller_ask_practice (self);
  if (effects & SC_EFFECT_STORE_GRANT)
    sc_controller_store_grant (self);
  if (effects & SC_EFFECT_SYNC)
    sc_controller_sync (self);
  if (effects & SC_EFFECT_SETUP)
    sc_controller_setup (self);
  if (effects & SC_EFFECT_START_UNDO)
    sc_controller_start_undo (self);
  if (effects & SC_EFFECT_ARM_AGE)
    sc_controller_arm_age (self);
}

static gboolean
is_checked (ScConnectionEvent event)
{
  return event == SC_EVENT_CHECK_CONNECTED || event == SC_EVENT_CHECK_CONNECTING ||
         event == SC_EVENT_CHECK_FAILED || event == SC_EVENT_CHECK_PENDING ||
         event == SC_EVENT_CHECK_UNKNOWN;
}

static void
forget_practice (ScController *self)
{
  g_clear_pointer (&self->practice, sc_practice_free);
  g_clear_pointer (&self->cloud_status, sc_cloud_status_free);
  self->last_checked = 0;
  sc_light_clear (&self->lights[SC_LIGHT_SIKKA]);
  sc_light_clear (&self->lights[SC_LIGHT_WRITEBACK]);
}

/* What the event means for everything beside the state. */
static void
follow_event (ScController *self,
              ScConnectionEvent event,
              const ScConnection *before,
              gboolean settled)
{
  if (is_checked (event) && settled)
    self->last_checked = sc_clock_get_real_time (self->clock);
  if (self->connection.state == SC_STATE_CONNECTED && is_checked (event))
    self->connection.attention |= sc_controller_lights_need_someone (self);
  if (self->connection.state == SC_STATE_PENDING && before->state != SC_STATE_PENDING)
    forget_practice (self);
  if (event == SC_EVENT_STORED)
    sc_controller_adopt_account (self);
  /* A browser over a connection leaves it to get old. */
  if (self->connection.state != SC_STATE_CONNECTED &&
      self->connection.state != SC_STATE_BROWSER_OPEN)
    sc_clock_remove_alarm (self->clock, &self->age_alarm);
}

void
sc_controller_dispatch (ScController *self,
                        ScConnectionEvent event,
                        const GError *error,
                        const char *action)
{
  ScConnection before = self->connection;
  ScError code = SC_ERROR_FAILED;
  ScConnectionEffects effects;
  gboolean changed;

  if (error != NULL && error->domain == SC_ERROR)
    code = error->code;
  effects = sc_connection_apply (&self->connection, event, code);
  sc_controller_refresh_authorization_light (self, error);
  follow_event (self, event, &before, !(effects & SC_EFFECT_SETUP));

  changed =
    before.state != self->connection.state || before.attention != self->connection.attention;
  if (effects & (SC_EFFECT_REPORT | SC_EFFECT_CLOSE_BROWSER | SC_EFFECT_OPEN_BROWSER) || changed)
    sc_controller_record (self, action, (effects & SC_EFFECT_REPORT) != 0, changed,
                          (effects & SC_EFFECT_RETIRE_GRANT) != 0);
  run_ending_effects (self, effects, event, error);
  if (effects & SC_EFFECT_CLOSE_BROWSER)
    emit_finished (self, event);
  run_starting_effects (self, effects);
  if ((effects & SC_EFFECT_REPORT) && !(effects & SC_EFFECT_RETIRE_GRANT))
    sc_courier_deliver (self->courier);
  sc_controller_notify (self);
}

/* Start */

static void
network_changed_cb (GNetworkMonitor *monitor, gboolean available, ScController *self)
{
  if (!available)
    return;
  if (sc_courier_is_waiting (self->courier))
    sc_courier_network_returned (self->courier);
  if (self->loaded && !self->retiring)
    sc_revoker_run (self->revoker);
}

static gboolean
was_asked_to_end (ScController *self, const ScCredential *credential)
{
  g_autoptr (GHashTable) asked = sc_journal_list_revocations (self->journal);

  return g_hash_table_contains (asked, credential->id);
}

static void
revoker_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScController) self = user_data;
  const ScCredential *credential = sc_grant_keeper_get_credential (self->keeper);
  g_autoptr (GError) error = NULL;

  if (!sc_revoker_load_finish (SC_REVOKER (source), result, &error))
    g_info ("grants that wait for revocation cannot be read: %s", error->message);
  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  self->loaded = TRUE;
  if (credential != NULL && was_asked_to_end (self, credential))
    {
      /* Killed between the decision to disconnect and the keyring: finish it. */
      self->connection = sc_connection_restore (SC_STATE_PENDING, FALSE);
      sc_courier_set_account (self->courier, self->account);
      sc_controller_retire_grant (self, TRUE);
    }
  else
    {
      sc_controller_restore (self);
      sc_courier_deliver (self->courier);
      sc_revoker_run (self->revoker);
    }
  sc_controller_notify (self);
  sc_controller_run_deferred (self);
  if (sc_settings_get (self->settings, SC_SETTING_CHECK_AT_SIGN_IN) &&
      self->connection.has_credential)
    sc_controller_check_async (self, self->cancellable, NULL, NULL);
}

static void
credential_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ScController) self = user_data;
  const ScCredential *credential;
  g_autoptr (GError) error = NULL;

  if (!sc_grant_keeper_load_finish (SC_GRANT_KEEPER (source), result, &error))
    g_info ("no connection in the keyring: %s", error->message);
  credential = sc_grant_keeper_get_credential (self->keeper);
  sc_revoker_load_async (self->revoker, credential != NULL ? credential->id : NULL,
                         self->cancellable, revoker_loaded_cb, g_object_ref (self));
}

void
sc_controller_start (ScController *self)
{
  GNetworkMonitor *monitor = g_network_monitor_get_default ();

  g_return_if_fail (SC_IS_CONTROLLER (self));

  /* Who started the agent by asking for its state must not read "pending" for an answer. */
  sc_controller_restore (self);
  sc_controller_notify (self);
  if (sc_journal_get_set_aside (self->journal) != NULL)
    sc_controller_log (self, "journal", "set-aside");
  self->network_handler =
    g_signal_connect (monitor, "network-changed", G_CALLBACK (network_changed_cb), self);
  sc_grant_keeper_load_async (self->keeper, self->cancellable, credential_loaded_cb,
                              g_object_ref (self));
}

/* Settings */

gboolean
sc_controller_set_spu_elsewhere (ScController *self, gboolean elsewhere, GError **error)
{
  g_return_val_if_fail (SC_IS_CONTROLLER (self), FALSE);

  if (!sc_settings_set (self->settings, SC_SETTING_SPU_ELSEWHERE, elsewhere, error))
    return FALSE;
  sc_light_set_spu (&self->lights[SC_LIGHT_SPU], self->spu, elsewhere);
  sc_controller_notify (self);
  return TRUE;
}

gboolean
sc_controller_set_check_at_sign_in (ScController *self, gboolean enabled, GError **error)
{
  g_return_val_if_fail (SC_IS_CONTROLLER (self), FALSE);

  if (!sc_settings_set (self->settings, SC_SETTING_CHECK_AT_SIGN_IN, enabled, error))
    return FALSE;
  sc_controller_notify (self);
  return TRUE;
}

gboolean
sc_controller_set_autostart (ScController *self, gboolean enabled, GError **error)
{
  g_return_val_if_fail (SC_IS_CONTROLLER (self), FALSE);

  if (!sc_autostart_set (enabled, error))
    return FALSE;
  sc_controller_notify (self);
  return TRUE;
}

/* Construction */

static ScProvider *
create_provider (ScController *self, const ScControllerParts *parts)
{
  const ScConfig *config = parts->config;

  if (g_str_equal (config->provider, "sikka"))
    return sc_provider_sikka_new (parts->http, config->sikka_authorize_url, config->sikka_api_url,
                                  parts->app_id, parts->app_key);
  return sc_provider_cloud_new (parts->http, self->cloud, config->issuer, config->client_id,
                                config->scope);
}

static void
keeper_refreshed_cb (ScGrantKeeper *keeper, ScController *self)
{
  sc_journal_count (self->journal, SC_COUNTER_REFRESHES, 1, NULL);
}

static void
keeper_store_failed_cb (ScGrantKeeper *keeper, ScController *self)
{
  sc_journal_count (self->journal, SC_COUNTER_STORE_ERRORS, 1, NULL);
}

static void
grant_revoked_cb (ScRevoker *revoker, const char *id, gboolean given_up, ScController *self)
{
  sc_controller_log (self, "revoke", given_up ? "given-up" : "ok");
  /* Its row tells the next start that what the keyring still holds is no connection. */
  if (g_strcmp0 (id, self->left_behind) == 0)
    sc_journal_add_revocation (self->journal, id, sc_clock_get_real_time (self->clock), NULL);
}

static void
courier_answered_cb (ScCourier *courier, const ScReportAnswer *answer, ScController *self)
{
  sc_controller_take_report_answer (self, answer);
}

static void
courier_grant_gone_cb (ScCourier *courier, ScController *self)
{
  g_autoptr (GError) error = g_error_new (SC_ERROR, SC_ERROR_OAUTH_GRANT, "the grant is gone");

  if (self->connection.has_credential && !self->retiring)
    sc_controller_dispatch (self, SC_EVENT_GRANT_GONE, error, "report");
}

static void
connect_parts (ScController *self)
{
  g_signal_connect_swapped (self->keeper, "changed", G_CALLBACK (sc_controller_notify), self);
  g_signal_connect (self->keeper, "refreshed", G_CALLBACK (keeper_refreshed_cb), self);
  g_signal_connect (self->keeper, "store-failed", G_CALLBACK (keeper_store_failed_cb), self);
  g_signal_connect (self->revoker, "finished", G_CALLBACK (grant_revoked_cb), self);
  g_signal_connect (self->courier, "answered", G_CALLBACK (courier_answered_cb), self);
  g_signal_connect (self->courier, "grant-gone", G_CALLBACK (courier_grant_gone_cb), self);
}

ScController *
sc_controller_new (const ScControllerParts *parts)
{
  ScController *self;
  gboolean own_tokens;

  g_return_val_if_fail (parts != NULL, NULL);

  self = g_object_new (SC_TYPE_CONTROLLER, NULL);
  self->config = parts->config;
  self->spu_names = parts->spu_names;
  self->clock = g_object_ref (parts->clock);
  self->store = g_object_ref (parts->store);
  self->journal = g_object_ref (parts->journal);
  self->settings = g_object_ref (parts->settings);
  self->http = g_object_ref (parts->http);
  self->cloud = sc_cloud_client_new (self->http, self->config->cloud_url);
  self->provider = create_provider (self, parts);
  self->revoker = sc_revoker_new (self->provider, self->store, self->clock, self->journal);
  self->keeper = sc_grant_keeper_new (self->provider, self->store, self->clock, self->revoker);
  own_tokens = g_str_equal (self->config->provider, "sikka");
  self->courier = sc_courier_new (self->journal, self->cloud, self->keeper,
                                  own_tokens ? self->store : NULL, self->clock);
  connect_parts (self);
  if (parts->app_id != NULL)
    sc_secret_string_unref (parts->app_id);
  if (parts->app_key != NULL)
    sc_secret_string_unref (parts->app_key);
  return self;
}

static void
disconnect_parts (ScController *self)
{
  GNetworkMonitor *monitor = g_network_monitor_get_default ();

  g_clear_signal_handler (&self->network_handler, monitor);
  g_signal_handlers_disconnect_by_data (self->keeper, self);
  g_signal_handlers_disconnect_by_data (self->revoker, self);
  g_signal_handlers_disconnect_by_data (self->courier, self);
}

static void
sc_controller_dispose (GObject *object)
{
  ScController *self = SC_CONTROLLER (object);

  g_cancellable_cancel (self->cancellable);
  if (self->keeper != NULL)
    {
      disconnect_parts (self);
      sc_controller_clear_connect (self);
      sc_controller_clear_disconnect (self);
      sc_clock_remove_alarm (self->clock, &self->age_alarm);
    }
  g_clear_object (&self->courier);
  g_clear_object (&self->keeper);
  g_clear_object (&self->revoker);
  g_clear_object (&self->provider);
  g_clear_object (&self->cloud);
  g_clear_object (&self->http);
  g_clear_object (&self->settings);
  g_clear_object (&self->journal);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (sc_controller_parent_class)->dispose (object);
}

static void
sc_controller_finalize (GObject *object)
{
  ScController *self = SC_CONTROLLER (object);

  for (guint i = 0; i < SC_N_LIGHTS; i++)
    sc_light_clear (&self->lights[i]);
  sc_controller_clear_check (self);
  g_clear_pointer (&self->config, sc_config_free);
  g_clear_pointer (&self->spu_names, sc_spu_names_free);
  g_clear_pointer (&self->spu, sc_spu_findings_free);
  g_clear_pointer (&self->practice, sc_practice_free);
  g_clear_pointer (&self->cloud_status, sc_cloud_status_free);
  g_clear_object (&self->cancellable);
  g_ptr_array_unref (self->deferred);
  g_free (self->reference);
  g_free (self->retired_id);
  g_free (self->left_behind);
  g_free (self->account);
  g_free (self->recorded_id);
  g_free (self->device_id);
  g_free (self->latest_version);
  g_free (self->minimum_version);
  G_OBJECT_CLASS (sc_controller_parent_class)->finalize (object);
}

static void
sc_controller_class_init (ScControllerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = sc_controller_dispose;
  object_class->finalize = sc_controller_finalize;
  signals[CHANGED] = g_signal_new ("changed", SC_TYPE_CONTROLLER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[TRANSACTION_FINISHED] =
    g_signal_new ("transaction-finished", SC_TYPE_CONTROLLER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 4, G_TYPE_UINT, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
}

static void
sc_controller_init (ScController *self)
{
  self->cancellable = g_cancellable_new ();
  self->deferred = g_ptr_array_new_with_free_func ((GDestroyNotify) command_free);
  self->check_tasks = g_ptr_array_new_with_free_func (g_object_unref);
  self->retire_tasks = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < SC_N_LIGHTS; i++)
    self->lights[i] = (ScLight){ .id = i, .advice = "", .actor = "" };
}
