// SPDX-License-Identifier: MIT
// The controller on D-Bus: the commands. Every argument is foreign and looked at.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-bus-service-private.h"

#include "sc-preflight.h"

#define MAX_ROWS 1000
/* Characters of an activation token; real ones have some dozens. */
#define MAX_TOKEN 255

G_DEFINE_FINAL_TYPE (ScBusService, sc_bus_service, G_TYPE_OBJECT)

enum
{
  QUIT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* The properties first, so that who hears the answer reads what belongs to it. */
static void
flush_properties (GDBusMethodInvocation *invocation)
{
  g_dbus_interface_skeleton_flush (
    G_DBUS_INTERFACE_SKELETON (g_dbus_method_invocation_get_user_data (invocation)));
}

/* "oauth-timed-out" → ca.parlae.SikkaCompanion.Error.OauthTimedOut; the message is technical. */
static void
return_error (GDBusMethodInvocation *invocation, const GError *error)
{
  g_autoptr (GString) name = g_string_new ("ca.parlae.SikkaCompanion.Error.");
  gboolean upper = TRUE;

  for (const char *c = sc_error_get_id (error); *c != '\0'; c++)
    {
      if (*c != '-')
        g_string_append_c (name, upper ? g_ascii_toupper (*c) : *c);
      upper = *c == '-';
    }
  flush_properties (invocation);
  g_dbus_method_invocation_return_dbus_error (invocation, name->str, error->message);
}

static void
return_bad_argument (GDBusMethodInvocation *invocation, const char *message)
{
  g_autoptr (GError) error = g_error_new (SC_ERROR, SC_ERROR_INVALID_ARGUMENT, "%s", message);

  return_error (invocation, error);
}

/* What a command may be told beside its arguments. Names that are not here are of a later version.
 */
static const struct
{
  const char *name;
  const char *type;
} known_options[] = {
  { "open-browser", "b" },  { "preflight", "b" },        { "immediate", "b" },
  { "practice-name", "s" }, { "activation-token", "s" }, { "desktop-startup-id", "s" },
};

/* A value of another type would read as if it were not there, and the command do something else. */
static gboolean
check_options (GDBusMethodInvocation *invocation, GVariant *options)
{
  for (guint i = 0; i < G_N_ELEMENTS (known_options); i++)
    {
      g_autoptr (GVariant) value = g_variant_lookup_value (options, known_options[i].name, NULL);
      g_autofree char *message = NULL;

      if (value == NULL || g_variant_is_of_type (value, G_VARIANT_TYPE (known_options[i].type)))
        continue;
      message =
        g_strdup_printf ("%s is not of type \"%s\"", known_options[i].name, known_options[i].type);
      return_bad_argument (invocation, message);
      return FALSE;
    }
  return TRUE;
}

static gboolean
lookup_boolean (GVariant *options, const char *name, gboolean fallback)
{
  gboolean value = fallback;

  g_variant_lookup (options, name, "b", &value);
  return value;
}

/* It becomes part of the browser's environment. */
static gboolean
is_token (const char *text)
{
  gsize length = 0;

  while (length <= MAX_TOKEN && g_ascii_isprint (text[length]))
    length++;
  return length <= MAX_TOKEN && text[length] == '\0';
}

/* @token: (out) (nullable): of the window or command that asked */
static gboolean
take_platform_data (GDBusMethodInvocation *invocation, GVariant *platform_data, const char **token)
{
  *token = NULL;
  if (!check_options (invocation, platform_data))
    return FALSE;
  if (!g_variant_lookup (platform_data, "activation-token", "&s", token))
    g_variant_lookup (platform_data, "desktop-startup-id", "&s", token);
  if (*token == NULL || is_token (*token))
    return TRUE;
  return_bad_argument (invocation, "the activation token is too long or not printable");
  return FALSE;
}

/* Connect, Check, Cancel */

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GDBusMethodInvocation *invocation = user_data;
  g_autoptr (GError) error = NULL;
  guint transaction = sc_controller_connect_finish (SC_CONTROLLER (source), result, &error);

  if (error != NULL)
    {
      return_error (invocation, error);
      return;
    }
  flush_properties (invocation);
  sc_agent1_complete_connect (NULL, invocation, transaction);
}

static gboolean
handle_connect_cb (ScAgent1 *agent,
                   GDBusMethodInvocation *invocation,
                   GVariant *options,
                   GVariant *platform_data,
                   ScBusService *self)
{
  const char *token;

  if (!check_options (invocation, options) ||
      !take_platform_data (invocation, platform_data, &token))
    return TRUE;
  sc_controller_connect_async (self->controller, lookup_boolean (options, "open-browser", TRUE),
                               lookup_boolean (options, "preflight", TRUE), token, NULL,
                               connected_cb, invocation);
  return TRUE;
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GDBusMethodInvocation *invocation = user_data;
  ScController *controller = SC_CONTROLLER (source);
  const ScConnection *connection = sc_controller_get_connection (controller);
  g_autoptr (GError) error = NULL;

  if (!sc_controller_check_finish (controller, result, &error))
    {
      return_error (invocation, error);
      return;
    }
  flush_properties (invocation);
  sc_agent1_complete_check (NULL, invocation, sc_connection_get_status (connection),
                            connection->has_error ? sc_error_to_id (connection->error) : "",
                            sc_controller_get_reference (controller));
}

static gboolean
handle_check_cb (ScAgent1 *agent,
                 GDBusMethodInvocation *invocation,
                 GVariant *platform_data,
                 ScBusService *self)
{
  const char *token;

  if (take_platform_data (invocation, platform_data, &token))
    sc_controller_check_async (self->controller, NULL, checked_cb, invocation);
  return TRUE;
}

/* For commands that are done when they return and answer nothing. */
static gboolean
return_done (GDBusMethodInvocation *invocation, gboolean done, GError *error)
{
  g_autoptr (GError) owned = error;

  if (!done)
    {
      return_error (invocation, owned);
      return TRUE;
    }
  flush_properties (invocation);
  g_dbus_method_invocation_return_value (invocation, NULL);
  return TRUE;
}

static gboolean
handle_cancel_cb (ScAgent1 *agent, GDBusMethodInvocation *invocation, ScBusService *self)
{
  GError *error = NULL;
  gboolean done = sc_controller_cancel (self->controller, &error);

  return return_done (invocation, done, error);
}

static gboolean
handle_confirm_practice_cb (ScAgent1 *agent,
                            GDBusMethodInvocation *invocation,
                            gboolean accept,
                            ScBusService *self)
{
  GError *error = NULL;
  gboolean done = sc_controller_confirm_practice (self->controller, accept, &error);

  return return_done (invocation, done, error);
}

/* Disconnect */

static void
disconnected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;
  gboolean done = sc_controller_disconnect_finish (SC_CONTROLLER (source), result, &error);

  return_done (user_data, done, error);
}

static gboolean
handle_disconnect_cb (ScAgent1 *agent,
                      GDBusMethodInvocation *invocation,
                      const char *scope,
                      GVariant *options,
                      ScBusService *self)
{
  gboolean practice = g_str_equal (scope, "practice");
  const char *practice_name = NULL;

  if (!practice && !g_str_equal (scope, "this-pc"))
    {
      return_bad_argument (invocation, "scope is neither \"this-pc\" nor \"practice\"");
      return TRUE;
    }
  if (!check_options (invocation, options))
    return TRUE;
  g_variant_lookup (options, "practice-name", "&s", &practice_name);
  sc_controller_disconnect_async (self->controller, practice,
                                  lookup_boolean (options, "immediate", FALSE), practice_name, NULL,
                                  disconnected_cb, invocation);
  return TRUE;
}

static gboolean
handle_undo_disconnect_cb (ScAgent1 *agent, GDBusMethodInvocation *invocation, ScBusService *self)
{
  GError *error = NULL;
  gboolean done = sc_controller_undo (self->controller, &error);

  return return_done (invocation, done, error);
}

/* Looks */

static void
preflight_ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GDBusMethodInvocation *invocation = user_data;
  g_autoptr (ScPreflight) preflight = NULL;
  g_autoptr (GError) error = NULL;
  GVariantBuilder rows;

  preflight = sc_controller_preflight_finish (SC_CONTROLLER (source), result, &error);
  if (preflight == NULL)
    {
      return_error (invocation, error);
      return;
    }
  g_variant_builder_init (&rows, G_VARIANT_TYPE ("a(ssss)"));
  for (ScPreflightCheck check = 0; check < SC_N_PREFLIGHTS; check++)
    {
      const ScPreflightRow *row = sc_preflight_get_row (preflight, check);

      g_variant_builder_add (&rows, "(ssss)", sc_preflight_check_get_id (check),
                             sc_preflight_verdict_get_id (row->verdict),
                             sc_error_get_id (row->error),
                             row->error != NULL ? row->error->message : "");
    }
  flush_properties (invocation);
  sc_agent1_complete_preflight (NULL, invocation, g_variant_builder_end (&rows));
}

static gboolean
handle_preflight_cb (ScAgent1 *agent, GDBusMethodInvocation *invocation, ScBusService *self)
{
  sc_controller_preflight_async (self->controller, NULL, preflight_ran_cb, invocation);
  return TRUE;
}

static void
spu_probed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GDBusMethodInvocation *invocation = user_data;
  ScController *controller = SC_CONTROLLER (source);
  const ScSpuFindings *findings;
  g_autoptr (GError) error = NULL;

  findings = sc_controller_probe_spu_finish (controller, result, &error);
  if (findings == NULL)
    {
      return_error (invocation, error);
      return;
    }
  flush_properties (invocation);
  sc_agent1_complete_probe_spu (
    NULL, invocation,
    sc_bus_state_build_spu (findings, sc_settings_get (sc_controller_get_settings (controller),
                                                       SC_SETTING_SPU_ELSEWHERE)));
}

static gboolean
handle_probe_spu_cb (ScAgent1 *agent, GDBusMethodInvocation *invocation, ScBusService *self)
{
  sc_controller_probe_spu_async (self->controller, NULL, spu_probed_cb, invocation);
  return TRUE;
}

/* Settings */

static gboolean
handle_set_spu_elsewhere_cb (ScAgent1 *agent,
                             GDBusMethodInvocation *invocation,
                             gboolean elsewhere,
                             ScBusService *self)
{
  GError *error = NULL;
  gboolean done = sc_controller_set_spu_elsewhere (self->controller, elsewhere, &error);

  return return_done (invocation, done, error);
}

static gboolean
handle_set_autostart_cb (ScAgent1 *agent,
                         GDBusMethodInvocation *invocation,
                         gboolean enabled,
                         ScBusService *self)
{
  GError *error = NULL;
  gboolean done = sc_controller_set_autostart (self->controller, enabled, &error);

  return return_done (invocation, done, error);
}

static gboolean
handle_set_check_at_sign_in_cb (ScAgent1 *agent,
                                GDBusMethodInvocation *invocation,
                                gboolean enabled,
                                ScBusService *self)
{
  GError *error = NULL;
  gboolean done = sc_controller_set_check_at_sign_in (self->controller, enabled, &error);

  return return_done (invocation, done, error);
}

/* Journal */

static gboolean
handle_list_reports_cb (ScAgent1 *agent, GDBusMethodInvocation *invocation, ScBusService *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) reports =
    sc_journal_list_reports (sc_controller_get_journal (self->controller), &error);
  GVariantBuilder rows;

  if (reports == NULL)
    {
      return_error (invocation, error);
      return TRUE;
    }
  g_variant_builder_init (&rows, G_VARIANT_TYPE ("a(sxssux)"));
  for (guint i = 0; i < reports->len; i++)
    {
      const ScOutboxReport *report = g_ptr_array_index (reports, i);

      g_variant_builder_add (&rows, "(sxssux)", report->id, report->created, "waiting",
                             report->kind, report->attempts, report->next_attempt);
    }
  sc_agent1_complete_list_reports (agent, invocation, g_variant_builder_end (&rows));
  return TRUE;
}

static gboolean
handle_list_activity_cb (ScAgent1 *agent,
                         GDBusMethodInvocation *invocation,
                         gint64 after,
                         guint limit,
                         ScBusService *self)
{
  g_autoptr (GPtrArray) activity = NULL;
  g_autoptr (GError) error = NULL;
  GVariantBuilder rows;

  if (after < 0 || limit < 1 || limit > MAX_ROWS)
    {
      return_bad_argument (invocation, "after must be 0 or more, limit from 1 to 1000");
      return TRUE;
    }
  activity =
    sc_journal_list_activity (sc_controller_get_journal (self->controller), after, limit, &error);
  if (activity == NULL)
    {
      return_error (invocation, error);
      return TRUE;
    }
  g_variant_builder_init (&rows, G_VARIANT_TYPE ("a(xxsssss)"));
  for (guint i = 0; i < activity->len; i++)
    {
      const ScActivity *row = g_ptr_array_index (activity, i);

      g_variant_builder_add (&rows, "(xxsssss)", row->sequence, row->time, row->user, row->action,
                             row->result, row->reference, row->hash);
    }
  sc_agent1_complete_list_activity (agent, invocation, g_variant_builder_end (&rows));
  return TRUE;
}

static gboolean
handle_verify_log_cb (ScAgent1 *agent, GDBusMethodInvocation *invocation, ScBusService *self)
{
  ScJournal *journal = sc_controller_get_journal (self->controller);
  g_autofree char *head = NULL;
  g_autoptr (GError) error = NULL;
  gint64 rows = 0;
  gint64 broken_at = 0;
  gint64 length = 0;
  gboolean looked = sc_journal_verify_activity (journal, &rows, &broken_at, &error);

  if (!looked && !g_error_matches (error, SC_ERROR, SC_ERROR_JOURNAL_BROKEN))
    {
      return_error (invocation, error);
      return TRUE;
    }
  head = sc_journal_get_head (journal, &length);
  sc_agent1_complete_verify_log (agent, invocation, looked && broken_at == 0, rows, broken_at,
                                 head);
  return TRUE;
}

static gboolean
handle_quit_cb (ScAgent1 *agent, GDBusMethodInvocation *invocation, ScBusService *self)
{
  sc_agent1_complete_quit (agent, invocation);
  g_signal_emit (self, signals[QUIT], 0);
  return TRUE;
}

/* Signals */

static void
transaction_finished_cb (ScController *controller,
                         guint transaction,
                         const char *outcome,
                         const char *error_id,
                         const char *reference,
                         ScBusService *self)
{
  /* The state first, so that who hears of the outcome reads what belongs to it. */
  sc_bus_state_update (self);
  g_dbus_interface_skeleton_flush (G_DBUS_INTERFACE_SKELETON (self->agent));
  sc_agent1_emit_transaction_finished (self->agent, transaction, outcome, error_id, reference);
}

static void
connect_commands (ScBusService *self)
{
  static const struct
  {
    const char *signal;
    GCallback handler;
  } commands[] = {
    { "handle-connect", G_CALLBACK (handle_connect_cb) },
    { "handle-check", G_CALLBACK (handle_check_cb) },
    { "handle-cancel", G_CALLBACK (handle_cancel_cb) },
    { "handle-confirm-practice", G_CALLBACK (handle_confirm_practice_cb) },
    { "handle-disconnect", G_CALLBACK (handle_disconnect_cb) },
    { "handle-undo-disconnect", G_CALLBACK (handle_undo_disconnect_cb) },
    { "handle-preflight", G_CALLBACK (handle_preflight_cb) },
    { "handle-probe-spu", G_CALLBACK (handle_probe_spu_cb) },
    { "handle-set-spu-elsewhere", G_CALLBACK (handle_set_spu_elsewhere_cb) },
    { "handle-set-autostart", G_CALLBACK (handle_set_autostart_cb) },
    { "handle-set-check-at-sign-in", G_CALLBACK (handle_set_check_at_sign_in_cb) },
    { "handle-list-reports", G_CALLBACK (handle_list_reports_cb) },
    { "handle-list-activity", G_CALLBACK (handle_list_activity_cb) },
    { "handle-verify-log", G_CALLBACK (handle_verify_log_cb) },
    { "handle-quit", G_CALLBACK (handle_quit_cb) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_signal_connect (self->agent, commands[i].signal, commands[i].handler, self);
}

ScBusService *
sc_bus_service_new (ScController *controller)
{
  ScBusService *self;

  g_return_val_if_fail (SC_IS_CONTROLLER (controller), NULL);

  self = g_object_new (SC_TYPE_BUS_SERVICE, NULL);
  self->controller = g_object_ref (controller);
  connect_commands (self);
  g_signal_connect_swapped (controller, "changed", G_CALLBACK (sc_bus_state_update), self);
  g_signal_connect (controller, "transaction-finished", G_CALLBACK (transaction_finished_cb), self);
  sc_bus_state_set_constants (self);
  sc_bus_state_update (self);
  return self;
}

gboolean
sc_bus_service_export (ScBusService *self, GDBusConnection *connection, GError **error)
{
  g_return_val_if_fail (SC_IS_BUS_SERVICE (self), FALSE);

  return g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->agent), connection,
                                           SC_BUS_SERVICE_PATH, error);
}

void
sc_bus_service_unexport (ScBusService *self)
{
  g_return_if_fail (SC_IS_BUS_SERVICE (self));

  g_dbus_interface_skeleton_flush (G_DBUS_INTERFACE_SKELETON (self->agent));
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->agent));
}

static void
sc_bus_service_finalize (GObject *object)
{
  ScBusService *self = SC_BUS_SERVICE (object);

  g_signal_handlers_disconnect_by_data (self->controller, self);
  g_signal_handlers_disconnect_by_data (self->agent, self);
  g_object_unref (self->controller);
  g_object_unref (self->agent);
  G_OBJECT_CLASS (sc_bus_service_parent_class)->finalize (object);
}

static void
sc_bus_service_class_init (ScBusServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sc_bus_service_finalize;
  signals[QUIT] = g_signal_new ("quit", SC_TYPE_BUS_SERVICE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
}

static void
sc_bus_service_init (ScBusService *self)
{
  self->agent = sc_agent1_skeleton_new ();
}
