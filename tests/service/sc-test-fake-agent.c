// SPDX-License-Identifier: MIT
// An agent on a private bus whose answers are scripted, for tests of what talks to it.

#include "sc-test-fake-agent.h"
#include "sc-test-wait.h"

#define BUS_NAME "ca.parlae.SikkaCompanion.Agent"
#define OBJECT_PATH "/ca/parlae/SikkaCompanion/Agent"
#define ERROR_PREFIX "ca.parlae.SikkaCompanion.Error."

#define MORNING G_GINT64_CONSTANT (1637399520) /* Saturday, 20 November 2021, 09:12 UTC */
#define LOG_ROWS 1001                          /* one more than a page */

/* Clears the screen, moves back, colours, turns the writing direction. */
#define EVIL "Evil\033[2J\r\n\t\b\302\23331m\342\200\256\342\200\251\177"

static void
add_call (ScTestFakeAgent *self, const char *call)
{
  if (self->calls->len > 0)
    g_string_append_c (self->calls, ' ');
  g_string_append (self->calls, call);
}

/* --- the agent's methods --- */

static gboolean
refuse (ScTestFakeAgent *self, GDBusMethodInvocation *invocation)
{
  g_autofree char *name = NULL;

  if (self->refusal == NULL)
    return FALSE;

  if (*self->refusal == '\0')
    {
      g_assert_true (g_dbus_connection_close_sync (self->connection, NULL, NULL));
      g_object_unref (invocation);
      return TRUE;
    }

  name = g_strconcat (ERROR_PREFIX, self->refusal, NULL);
  g_dbus_method_invocation_return_dbus_error (invocation, name, "refused by the script");
  return TRUE;
}

static gboolean
connect_called_cb (ScAgent1 *skeleton,
                   GDBusMethodInvocation *invocation,
                   GVariant *options,
                   GVariant *platform_data,
                   gpointer user_data)
{
  ScTestFakeAgent *self = user_data;
  gboolean open_browser = TRUE;

  g_variant_lookup (options, "open-browser", "b", &open_browser);
  add_call (self, open_browser ? "Connect open-browser" : "Connect");
  if (refuse (self, invocation))
    return TRUE;

  self->transaction++;
  sc_test_fake_agent_set_state (self, "connecting", "connecting", "waiting-for-browser");
  g_object_set (skeleton, "step", "browser-open", "authorization-url", self->url, NULL);
  if (self->finish_at_once != NULL)
    sc_test_fake_agent_finish (self, self->finish_at_once, "");
  sc_agent1_complete_connect (skeleton, invocation, self->transaction);
  return TRUE;
}

static gboolean
check_called_cb (ScAgent1 *skeleton,
                 GDBusMethodInvocation *invocation,
                 GVariant *platform_data,
                 gpointer user_data)
{
  ScTestFakeAgent *self = user_data;

  add_call (self, "Check");
  if (!refuse (self, invocation))
    {
      const char *error_id =
        self->check_error_id != NULL ? self->check_error_id : sc_agent1_get_error_id (skeleton);

      sc_agent1_complete_check (skeleton, invocation, sc_agent1_get_status (skeleton), error_id,
                                sc_agent1_get_reference (skeleton));
    }
  return TRUE;
}

static gboolean
cancel_called_cb (ScAgent1 *skeleton, GDBusMethodInvocation *invocation, gpointer user_data)
{
  ScTestFakeAgent *self = user_data;

  add_call (self, "Cancel");
  sc_test_fake_agent_finish (self, "cancelled", "cancelled");
  sc_agent1_complete_cancel (skeleton, invocation);
  return TRUE;
}

static gboolean
confirm_practice_called_cb (ScAgent1 *skeleton,
                            GDBusMethodInvocation *invocation,
                            gboolean accept,
                            gpointer user_data)
{
  ScTestFakeAgent *self = user_data;

  add_call (self, accept ? "ConfirmPractice yes" : "ConfirmPractice no");
  sc_agent1_complete_confirm_practice (skeleton, invocation);
  sc_test_fake_agent_finish (self, accept ? "returned" : "declined",
                             accept ? "" : "practice-declined");
  return TRUE;
}

static gboolean
disconnect_called_cb (ScAgent1 *skeleton,
                      GDBusMethodInvocation *invocation,
                      const char *scope,
                      GVariant *options,
                      gpointer user_data)
{
  ScTestFakeAgent *self = user_data;
  gboolean immediate = FALSE;
  const char *name = NULL;

  g_variant_lookup (options, "immediate", "b", &immediate);
  g_variant_lookup (options, "practice-name", "&s", &name);
  add_call (self, "Disconnect");
  add_call (self, scope);
  if (immediate)
    add_call (self, "immediate");
  if (name != NULL)
    g_string_append_printf (self->calls, " name=%s", name);
  sc_agent1_complete_disconnect (skeleton, invocation);
  return TRUE;
}

static gboolean
preflight_called_cb (ScAgent1 *skeleton, GDBusMethodInvocation *invocation, gpointer user_data)
{
  ScTestFakeAgent *self = user_data;
  GVariantBuilder checks;
  const char *detail = self->huge != NULL ? self->huge : "7 minutes behind";

  add_call (self, "Preflight");
  g_variant_builder_init (&checks, G_VARIANT_TYPE ("a(ssss)"));
  g_variant_builder_add (&checks, "(ssss)", "keyring", "ok", "", "");
  if (self->preflight_verdict != NULL || self->huge != NULL)
    g_variant_builder_add (&checks, "(ssss)", self->huge != NULL ? self->huge : "clock",
                           self->preflight_verdict != NULL ? self->preflight_verdict : self->huge,
                           "clock", detail);
  sc_agent1_complete_preflight (skeleton, invocation, g_variant_builder_end (&checks));
  return TRUE;
}

static gboolean
probe_spu_called_cb (ScAgent1 *skeleton, GDBusMethodInvocation *invocation, gpointer user_data)
{
  ScTestFakeAgent *self = user_data;
  const char *evidence[] = { self->huge != NULL ? self->huge : "SSCservice.exe: running", NULL };
  GVariantBuilder spu;

  add_call (self, "ProbeSpu");
  g_variant_builder_init (&spu, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&spu, "{sv}", "verdict",
                         g_variant_new_string (self->huge != NULL ? self->huge : "stopped"));
  g_variant_builder_add (&spu, "{sv}", "evidence", g_variant_new_strv (evidence, -1));
  g_variant_builder_add (
    &spu, "{sv}", "processes",
    g_variant_new_parsed ("[(%s, true), ('SSCWindowsService.exe', false)]", evidence[0]));
  g_variant_builder_add (&spu, "{sv}", "checked", g_variant_new_int64 (MORNING));
  sc_agent1_complete_probe_spu (skeleton, invocation, g_variant_builder_end (&spu));
  return TRUE;
}

static gboolean
list_reports_called_cb (ScAgent1 *skeleton, GDBusMethodInvocation *invocation, gpointer user_data)
{
  ScTestFakeAgent *self = user_data;
  GVariantBuilder reports;

  add_call (self, "ListReports");
  g_variant_builder_init (&reports, G_VARIANT_TYPE ("a(sxssux)"));
  g_variant_builder_add (&reports, "(sxssux)", "r-1", MORNING, "connected", "state", 1u,
                         (gint64) 0);
  g_variant_builder_add (&reports, "(sxssux)", self->huge != NULL ? self->huge : "r-2",
                         self->huge != NULL ? G_MAXINT64 : MORNING, "failed", "routine", 3u,
                         MORNING);
  sc_agent1_complete_list_reports (skeleton, invocation, g_variant_builder_end (&reports));
  return TRUE;
}

static void
add_log_row (ScTestFakeAgent *self, GVariantBuilder *page, gint64 sequence)
{
  const char *user = self->log_user != NULL ? self->log_user : "anna";

  g_variant_builder_add (page, "(xxsssss)", sequence, MORNING + sequence,
                         self->huge != NULL && sequence == 1 ? self->huge : user, "connect",
                         "connected", "K7-1", "abc");
}

static gboolean
list_activity_called_cb (ScAgent1 *skeleton,
                         GDBusMethodInvocation *invocation,
                         gint64 after,
                         guint limit,
                         gpointer user_data)
{
  ScTestFakeAgent *self = user_data;
  gint64 rows = self->huge != NULL ? 2 : LOG_ROWS;
  gint64 start = self->log_repeats ? 0 : after;
  GVariantBuilder page;

  g_string_append_printf (self->calls, "%sListActivity %" G_GINT64_FORMAT,
                          self->calls->len > 0 ? " " : "", after);
  if (self->log_fails_after != 0 && after >= self->log_fails_after)
    {
      g_dbus_method_invocation_return_dbus_error (invocation, ERROR_PREFIX "JournalFailed", "no");
      return TRUE;
    }

  g_variant_builder_init (&page, G_VARIANT_TYPE ("a(xxsssss)"));
  for (gint64 i = start + 1; i <= rows && i <= start + limit; i++)
    add_log_row (self, &page, i);
  sc_agent1_complete_list_activity (skeleton, invocation, g_variant_builder_end (&page));
  return TRUE;
}

static gboolean
verify_log_called_cb (ScAgent1 *skeleton, GDBusMethodInvocation *invocation, gpointer user_data)
{
  ScTestFakeAgent *self = user_data;

  add_call (self, "VerifyLog");
  sc_agent1_complete_verify_log (skeleton, invocation, self->broken_at == 0, LOG_ROWS,
                                 self->broken_at, self->huge != NULL ? self->huge : "abc");
  return TRUE;
}

static const struct
{
  const char *signal;
  GCallback handler;
} handlers[] = {
  { "handle-connect", G_CALLBACK (connect_called_cb) },
  { "handle-check", G_CALLBACK (check_called_cb) },
  { "handle-cancel", G_CALLBACK (cancel_called_cb) },
  { "handle-confirm-practice", G_CALLBACK (confirm_practice_called_cb) },
  { "handle-disconnect", G_CALLBACK (disconnect_called_cb) },
  { "handle-preflight", G_CALLBACK (preflight_called_cb) },
  { "handle-probe-spu", G_CALLBACK (probe_spu_called_cb) },
  { "handle-list-reports", G_CALLBACK (list_reports_called_cb) },
  { "handle-list-activity", G_CALLBACK (list_activity_called_cb) },
  { "handle-verify-log", G_CALLBACK (verify_log_called_cb) },
};

/* --- the agent --- */

static void
owned_cb (GDBusConnection *connection, const char *name, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

static gboolean
is_true (gpointer user_data)
{
  return *(gboolean *) user_data;
}

/* The name stays taken for as long as the connection lives. */
static void
take_name (ScTestFakeAgent *self)
{
  gboolean owned = FALSE;

  self->owner_id = g_bus_own_name_on_connection (
    self->connection, BUS_NAME, G_BUS_NAME_OWNER_FLAGS_NONE, owned_cb, NULL, &owned, NULL);
  sc_test_wait_until (is_true, &owned);
}

static void
set_lights (ScTestFakeAgent *self)
{
  GVariant *lights = g_variant_new_parsed (
    "[{'id': <'spu'>, 'verdict': <'ok'>, 'checked': <%x>, 'evidence': <'SSCservice.exe: running'>,"
    "  'advice': <''>, 'actor': <''>},"
    " {'id': <'sikka'>, 'verdict': <'attention'>, 'checked': <int64 0>, 'evidence': <''>,"
    "  'advice': <'sikka-stale'>, 'actor': <'it'>},"
    " {'id': <'cloud'>, 'verdict': <'failed'>, 'checked': <%x>, 'advice': <'proxy-ask-it'>,"
    "  'actor': <'it'>},"
    " {'id': <'authorization'>, 'verdict': <'never-heard-of'>}]",
    MORNING, MORNING);

  sc_agent1_set_lights (self->skeleton, lights);
}

static void
set_defaults (ScTestFakeAgent *self)
{
  g_object_set (self->skeleton, "version", "0.1.0", "api-version", 1u, "practice-name",
                "Happy Dental Clinic", "pms-type", "Dentrix", "office-id", "D1", "reference",
                "K7-21F", "last-checked", MORNING, "kept-in", "keyring", "journal-state",
                "recording", NULL);
  sc_agent1_set_data_sync (
    self->skeleton, g_variant_new_parsed ("{'status': <'ok'>, 'last_data_at': <%x>}", MORNING));
  sc_agent1_set_locations (self->skeleton, g_variant_new_parsed ("[('Main', 'ok')]"));
  sc_agent1_set_features (self->skeleton, g_variant_new_parsed ("{'appointments': true}"));
  sc_agent1_set_vendor (self->skeleton, g_variant_new_parsed ("{'service_name': 'Parlae'}"));
  sc_agent1_set_config_problems (self->skeleton,
                                 g_variant_new_parsed ("[('a.ini', 'cloud', 'bad')]"));
  sc_agent1_set_new_practice (self->skeleton, g_variant_new ("(ss)", "", ""));
  set_lights (self);
  sc_test_fake_agent_set_state (self, "connected", "connected", "connected");
}

ScTestFakeAgent *
sc_test_fake_agent_start (void)
{
  ScTestFakeAgent *self = g_new0 (ScTestFakeAgent, 1);
  g_autoptr (GError) error = NULL;

  self->calls = g_string_new (NULL);
  self->transaction = 6;
  self->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (self->bus);
  self->connection = g_dbus_connection_new_for_address_sync (
    g_test_dbus_get_bus_address (self->bus),
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, &error);
  g_assert_no_error (error);

  self->skeleton = sc_agent1_skeleton_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect (self->skeleton, handlers[i].signal, handlers[i].handler, self);
  set_defaults (self);
  g_assert_true (g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->skeleton),
                                                   self->connection, OBJECT_PATH, NULL));
  take_name (self);
  return self;
}

void
sc_test_fake_agent_leave (ScTestFakeAgent *self)
{
  g_clear_handle_id (&self->owner_id, g_bus_unown_name);
  g_assert_true (g_dbus_connection_flush_sync (self->connection, NULL, NULL));
}

void
sc_test_fake_agent_stop (ScTestFakeAgent *self)
{
  g_clear_handle_id (&self->owner_id, g_bus_unown_name);
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->skeleton));
  g_clear_object (&self->skeleton);
  if (!g_dbus_connection_is_closed (self->connection))
    g_assert_true (g_dbus_connection_close_sync (self->connection, NULL, NULL));
  g_clear_object (&self->connection);
  g_test_dbus_down (self->bus);
  g_clear_object (&self->bus);
  g_string_free (self->calls, TRUE);
  g_free (self->huge);
  g_free (self);
}

void
sc_test_fake_agent_set_state (ScTestFakeAgent *self,
                              const char *phase,
                              const char *status,
                              const char *message)
{
  g_object_set (self->skeleton, "phase", phase, "status", status, "message-id", message, "step", "",
                "error-id", "", NULL);
}

void
sc_test_fake_agent_be_pending (ScTestFakeAgent *self)
{
  sc_test_fake_agent_set_state (self, "pending", "pending", "connect-first");
  g_object_set (self->skeleton, "practice-name", "", "last-checked", (gint64) 0, NULL);
}

void
sc_test_fake_agent_be_hostile (ScTestFakeAgent *self)
{
  static const char *const properties[] = {
    "version",    "practice-name", "pms-type", "office-id",     "reference",      "error-id",
    "message-id", "busy",          "kept-in",  "journal-state", "latest-version", "cloud-url",
  };
  g_autofree char *tail = g_strnfill (100000, 'A');

  g_free (self->huge);
  self->huge = g_strconcat (EVIL, tail, NULL);
  self->refusal = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (properties); i++)
    g_object_set (self->skeleton, properties[i], self->huge, NULL);
  g_object_set (self->skeleton, "last-checked", G_MAXINT64, "status-expires", G_MININT64, NULL);
  sc_agent1_set_lights (
    self->skeleton,
    g_variant_new_parsed ("[{'id': <%s>, 'verdict': <'failed'>, 'evidence': <%s>,"
                          "  'advice': <%s>, 'actor': <%s>, 'checked': <%x>},"
                          " {'id': <int64 1>}, {}]",
                          self->huge, self->huge, self->huge, self->huge, G_MININT64));
  sc_agent1_set_config_problems (
    self->skeleton, g_variant_new_parsed ("[(%s, %s, %s)]", self->huge, self->huge, self->huge));
  sc_agent1_set_vendor (
    self->skeleton,
    g_variant_new_parsed ("{'service_name': %s, 'support_phone': %s}", self->huge, self->huge));
}

void
sc_test_fake_agent_finish (ScTestFakeAgent *self, const char *outcome, const char *error_id)
{
  g_object_set (self->skeleton, "step", g_str_equal (outcome, "returned") ? "returned" : "", NULL);
  sc_agent1_emit_transaction_finished (self->skeleton, self->transaction, outcome, error_id,
                                       "K7-21F");
}

void
sc_test_fake_agent_ask_practice (ScTestFakeAgent *self, const char *name, const char *pms)
{
  g_object_set (self->skeleton, "step", "confirm-practice", NULL);
  sc_agent1_set_new_practice (self->skeleton, g_variant_new ("(ss)", name, pms));
}
