// SPDX-License-Identifier: MIT
// The controller's memory: what is recorded after an event, and restored at the next start.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-controller-private.h"

#include "config.h"
#include "sc-random.h"
#include "sc-system.h"

/* A keyring that is locked when the state is recorded still holds what it held. */
static void
follow_credential (ScController *self)
{
  const ScCredential *credential = sc_grant_keeper_get_credential (self->keeper);
  gboolean in_keyring = sc_grant_keeper_get_kept (self->keeper) == SC_KEPT_KEYRING;

  if (credential == NULL && self->connection.has_credential)
    return;
  g_clear_pointer (&self->recorded_id, g_free);
  if (credential != NULL && self->connection.has_credential && in_keyring)
    self->recorded_id = g_strdup (credential->id);
}

static void
fill_state (ScController *self, ScJournalState *state)
{
  gboolean browser = self->connection.state == SC_STATE_BROWSER_OPEN;

  follow_credential (self);
  *state = (ScJournalState){
    .state = browser ? self->connection.before : self->connection.state,
    .attention = self->connection.attention,
    .unknown = self->connection.unknown,
    .withdrawn = self->connection.withdrawn,
    .has_error = self->connection.has_error,
    .error = self->connection.error,
    .practice = self->practice,
    .last_checked = self->last_checked,
    .reference = self->reference,
    .credential_id = self->recorded_id,
    .account = self->account,
    .latest_version = self->latest_version,
    .minimum_version = self->minimum_version,
  };
}

static gboolean
enqueue_report (ScController *self, gint64 now, gboolean state_changed, GError **error)
{
  g_autofree char *id = sc_random_create_uuid (error);
  g_autofree char *os = sc_system_describe_os ();
  g_autofree char *head = NULL;
  g_autofree char *body = NULL;
  ScReport report = {
    .id = id,
    .kind = state_changed ? "state" : "routine",
    .created = now,
    .app_version = SC_VERSION,
    .os = os,
    .device_id = self->device_id != NULL ? self->device_id : "",
    .connection = &self->connection,
    .reference = self->reference != NULL ? self->reference : "",
    .lights = self->lights,
    .counters = sc_journal_get_counters (self->journal),
  };

  if (id == NULL)
    return FALSE;
  head = sc_journal_get_head (self->journal, &report.chain_length);
  report.chain_head = head;
  body = sc_report_serialize (&report);
  return sc_journal_enqueue_report (self->journal, id, self->account != NULL ? self->account : "",
                                    report.kind, now, body, error);
}

static const char *
get_result (ScController *self)
{
  if (self->connection.has_error)
    return sc_error_to_id (self->connection.error);
  return sc_connection_get_status (&self->connection);
}

static gboolean
write_record (ScController *self,
              const char *action,
              gboolean report,
              gboolean state_changed,
              gboolean retire,
              GError **error)
{
  const ScCredential *credential = sc_grant_keeper_get_credential (self->keeper);
  gint64 now = sc_clock_get_real_time (self->clock);
  ScJournalState state;

  fill_state (self, &state);
  if (!sc_journal_append_activity (self->journal, now, sc_system_get_user (), action,
                                   get_result (self), self->reference, error))
    return FALSE;
  if (!sc_journal_save_state (self->journal, &state, error))
    return FALSE;
  if (retire && credential != NULL &&
      !sc_journal_add_revocation (self->journal, credential->id, now, error))
    return FALSE;
  return !report || enqueue_report (self, now, state_changed, error);
}

void
sc_controller_record (ScController *self,
                      const char *action,
                      gboolean report,
                      gboolean state_changed,
                      gboolean retire)
{
  g_autoptr (GError) error = NULL;

  if (sc_journal_begin (self->journal, &error) &&
      write_record (self, action, report, state_changed, retire, &error) &&
      sc_journal_commit (self->journal, &error))
    return;
  sc_journal_rollback (self->journal);
  g_warning ("not recorded: %s", error->message);
}

void
sc_controller_save (ScController *self)
{
  ScJournalState state;
  g_autoptr (GError) error = NULL;

  fill_state (self, &state);
  if (!sc_journal_save_state (self->journal, &state, &error))
    g_warning ("not recorded: %s", error->message);
}

void
sc_controller_log (ScController *self, const char *action, const char *result)
{
  g_autoptr (GError) error = NULL;

  if (!sc_journal_append_activity (self->journal, sc_clock_get_real_time (self->clock),
                                   sc_system_get_user (), action, result, self->reference, &error))
    g_warning ("not recorded: %s", error->message);
}

static void
ensure_device_id (ScController *self)
{
  if (self->device_id == NULL)
    self->device_id = sc_journal_get_device_id (self->journal);
  if (self->device_id != NULL)
    return;
  self->device_id = sc_random_create_uuid (NULL);
  if (self->device_id != NULL)
    sc_journal_set_device_id (self->journal, self->device_id, NULL);
}

/* The keyring that does not answer is no proof that nothing is there; a connection that was in
 * memory only is gone for sure. */
static gboolean
presume_credential (ScController *self, const ScJournalState *state)
{
  const char *keyring = sc_grant_keeper_get_keyring_state (self->keeper);

  if (sc_grant_keeper_get_credential (self->keeper) != NULL)
    return TRUE;
  if (g_str_equal (keyring, "ok") || g_str_equal (keyring, "absent"))
    return FALSE;
  return state->credential_id != NULL && *state->credential_id != '\0';
}

static void
set_string (char **target, const char *value)
{
  g_free (*target);
  *target = g_strdup (value);
}

static void
take_recorded (ScController *self, ScJournalState *state)
{
  const ScCredential *credential = sc_grant_keeper_get_credential (self->keeper);
  gboolean credential_held = presume_credential (self, state);

  self->connection = sc_connection_restore (state->state, credential_held);
  if (self->connection.state == state->state)
    {
      self->connection.attention = state->attention;
      self->connection.unknown = state->unknown;
      self->connection.withdrawn = state->withdrawn;
      self->connection.has_error = state->has_error;
      self->connection.error = state->error;
    }
  g_clear_pointer (&self->practice, sc_practice_free);
  self->practice = credential != NULL && credential->practice != NULL
                     ? sc_practice_copy (credential->practice)
                     : g_steal_pointer (&state->practice);
  self->last_checked = state->last_checked;
  set_string (&self->recorded_id, state->credential_id);
  set_string (&self->reference, state->reference);
  set_string (&self->latest_version, state->latest_version);
  set_string (&self->minimum_version, state->minimum_version);
  g_free (self->account);
  self->account =
    credential != NULL ? sc_credential_get_account (credential) : g_strdup (state->account);
  sc_courier_set_account (self->courier, credential != NULL ? self->account : NULL);
}

void
sc_controller_restore (ScController *self)
{
  ScJournalState state = { 0 };
  g_autoptr (GError) error = NULL;

  if (!sc_journal_load_state (self->journal, &state, &error))
    g_warning ("what was recorded cannot be read: %s", error->message);
  ensure_device_id (self);
  take_recorded (self, &state);
  if (self->loaded && self->connection.state != state.state)
    sc_controller_record (self, "restore", TRUE, TRUE, FALSE);
  sc_controller_refresh_authorization_light (self, NULL);
  sc_controller_arm_age (self);
  sc_journal_state_clear (&state);
}

void
sc_controller_adopt_account (ScController *self)
{
  const ScCredential *credential = sc_grant_keeper_get_credential (self->keeper);
  g_autofree char *dropped_text = NULL;
  guint dropped = 0;

  g_return_if_fail (credential != NULL);

  g_free (self->account);
  self->account = sc_credential_get_account (credential);
  sc_courier_set_account (self->courier, self->account);
  if (!sc_journal_adopt_reports (self->journal, self->account, &dropped, NULL) || dropped == 0)
    return;
  dropped_text = g_strdup_printf ("dropped-%u-of-another-practice", dropped);
  sc_controller_log (self, "reports", dropped_text);
}
