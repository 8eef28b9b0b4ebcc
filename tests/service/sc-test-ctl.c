// SPDX-License-Identifier: MIT
// For test-sc-ctl: an agent whose answers are scripted, and runs of the real sikkactl against it.

#define _XOPEN_SOURCE 700

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <glib-unix.h>

#include "sc-test-ctl.h"
#include "sc-test-wait.h"

#define BUS_NAME "ca.parlae.SikkaCompanion.Agent"
#define OBJECT_PATH "/ca/parlae/SikkaCompanion/Agent"
#define ERROR_PREFIX "ca.parlae.SikkaCompanion.Error."

#define MORNING G_GINT64_CONSTANT (1637399520) /* Saturday, 20 November 2021, 09:12 UTC */
#define LOG_ROWS 1001                          /* one more than a page */

/* Clears the screen, moves back, colours, turns the writing direction. */
#define EVIL "Evil\033[2J\r\n\t\b\302\23331m\342\200\256\342\200\251\177"

static void
add_call (ScTestAgent *self, const char *call)
{
  if (self->calls->len > 0)
    g_string_append_c (self->calls, ' ');
  g_string_append (self->calls, call);
}

/* --- the agent's methods --- */

static gboolean
refuse (ScTestAgent *self, GDBusMethodInvocation *invocation)
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
  ScTestAgent *self = user_data;
  gboolean open_browser = TRUE;

  g_variant_lookup (options, "open-browser", "b", &open_browser);
  add_call (self, open_browser ? "Connect open-browser" : "Connect");
  if (refuse (self, invocation))
    return TRUE;

  self->transaction++;
  sc_test_agent_set_state (self, "connecting", "connecting", "waiting-for-browser");
  g_object_set (skeleton, "step", "browser-open", "authorization-url", self->url, NULL);
  if (self->finish_at_once != NULL)
    sc_test_agent_finish (self, self->finish_at_once, "");
  sc_agent1_complete_connect (skeleton, invocation, self->transaction);
  return TRUE;
}

static gboolean
check_called_cb (ScAgent1 *skeleton,
                 GDBusMethodInvocation *invocation,
                 GVariant *platform_data,
                 gpointer user_data)
{
  ScTestAgent *self = user_data;

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
  ScTestAgent *self = user_data;

  add_call (self, "Cancel");
  sc_test_agent_finish (self, "cancelled", "cancelled");
  sc_agent1_complete_cancel (skeleton, invocation);
  return TRUE;
}

static gboolean
confirm_practice_called_cb (ScAgent1 *skeleton,
                            GDBusMethodInvocation *invocation,
                            gboolean accept,
                            gpointer user_data)
{
  ScTestAgent *self = user_data;

  add_call (self, accept ? "ConfirmPractice yes" : "ConfirmPractice no");
  sc_agent1_complete_confirm_practice (skeleton, invocation);
  sc_test_agent_finish (self, accept ? "returned" : "declined", accept ? "" : "practice-declined");
  return TRUE;
}

static gboolean
disconnect_called_cb (ScAgent1 *skeleton,
                      GDBusMethodInvocation *invocation,
                      const char *scope,
                      GVariant *options,
                      gpointer user_data)
{
  ScTestAgent *self = user_data;
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
  ScTestAgent *self = user_data;
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
  ScTestAgent *self = user_data;
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
  ScTestAgent *self = user_data;
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
add_log_row (ScTestAgent *self, GVariantBuilder *page, gint64 sequence)
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
  ScTestAgent *self = user_data;
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
  ScTestAgent *self = user_data;

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
take_name (ScTestAgent *self)
{
  gboolean owned = FALSE;

  self->owner_id = g_bus_own_name_on_connection (
    self->connection, BUS_NAME, G_BUS_NAME_OWNER_FLAGS_NONE, owned_cb, NULL, &owned, NULL);
  sc_test_wait_until (is_true, &owned);
}

static void
set_lights (ScTestAgent *self)
{
  GVariant *lights = g_variant_new_parsed (
    "[{'id': <'spu'>, 'verdict': <'ok'>, 'checked': <%x>, 'evidence': <'SSCservice.exe: running'>,"
    "  'advice': <''>, 'actor': <''>},"
    " {'id': <'sikka'>, 'verdict': <'attention'>, 'checked': <int64 0>, 'evidence': <''>,"
    "  'advice': <'sikka-stale'>, 'actor': <'it'>},"
    " {'id': <'cloud'>, 'verdict': <'failed'>, 'checked': <%x>, 'advice': <'net-proxy'>,"
    "  'actor': <'it'>},"
    " {'id': <'authorization'>, 'verdict': <'never-heard-of'>}]",
    MORNING, MORNING);

  sc_agent1_set_lights (self->skeleton, lights);
}

static void
set_defaults (ScTestAgent *self)
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
  sc_test_agent_set_state (self, "connected", "connected", "connected");
}

ScTestAgent *
sc_test_agent_start (void)
{
  ScTestAgent *self = g_new0 (ScTestAgent, 1);
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
sc_test_agent_leave (ScTestAgent *self)
{
  g_clear_handle_id (&self->owner_id, g_bus_unown_name);
  g_assert_true (g_dbus_connection_flush_sync (self->connection, NULL, NULL));
}

void
sc_test_agent_stop (ScTestAgent *self)
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
sc_test_agent_set_state (ScTestAgent *self,
                         const char *phase,
                         const char *status,
                         const char *message)
{
  g_object_set (self->skeleton, "phase", phase, "status", status, "message-id", message, "step", "",
                "error-id", "", NULL);
}

void
sc_test_agent_be_hostile (ScTestAgent *self)
{
  static const char *const properties[] = {
    "version",
    "practice-name",
    "pms-type",
    "office-id",
    "reference",
    "error-id",
    "message-id",
    "busy",
    "kept-in",
    "journal-state",
    "latest-version",
    "cloud-url",
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
  sc_agent1_set_config_problems (self->skeleton, g_variant_new_parsed ("[(%s, %s, %s)]", self->huge,
                                                                       self->huge, self->huge));
  sc_agent1_set_vendor (
    self->skeleton,
    g_variant_new_parsed ("{'service_name': %s, 'support_phone': %s}", self->huge, self->huge));
}

void
sc_test_agent_finish (ScTestAgent *self, const char *outcome, const char *error_id)
{
  g_object_set (self->skeleton, "step", g_str_equal (outcome, "returned") ? "returned" : "", NULL);
  sc_agent1_emit_transaction_finished (self->skeleton, self->transaction, outcome, error_id,
                                       "K7-21F");
}

void
sc_test_agent_ask_practice (ScTestAgent *self, const char *name, const char *pms)
{
  g_object_set (self->skeleton, "step", "confirm-practice", NULL);
  sc_agent1_set_new_practice (self->skeleton, g_variant_new ("(ss)", name, pms));
}

void
sc_test_agent_assert_export (ScTestAgent *self,
                             const char *file,
                             ScCtlTestExit exit,
                             const char *contents)
{
  g_autofree char *arguments = g_strdup_printf ("log --export=%s", file);
  g_autoptr (ScTestRun) run = sc_test_run (self, arguments);
  g_autofree char *written = NULL;

  sc_test_run_wait (run);
  sc_test_run_assert (run, exit, exit == SC_CTL_TEST_OK ? "1001 rows were written to *" : "",
                      exit == SC_CTL_TEST_OK ? "" : "*Next step, *");
  g_file_get_contents (file, &written, NULL, NULL);
  if (contents == NULL)
    g_assert_null (written);
  else
    g_assert_true (g_pattern_match_simple (contents, written));
}

void
sc_test_agent_save_output (ScTestAgent *self, const char *arguments, const char *file)
{
  g_autoptr (ScTestRun) run = sc_test_run (self, arguments);

  sc_test_run_wait (run);
  g_assert_cmpuint (run->out->len, >, 0);
  g_assert_true (g_file_set_contents (file, run->out->str, (gssize) run->out->len, NULL));
}

/* --- runs --- */

typedef struct
{
  ScTestRun *run;
  GString *text;
} Reader;

static void
bytes_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Reader *reader = user_data;
  g_autoptr (GBytes) bytes =
    g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, NULL);

  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    {
      reader->run->open_streams--;
      g_free (reader);
      return;
    }

  g_string_append_len (reader->text, g_bytes_get_data (bytes, NULL),
                       (gssize) g_bytes_get_size (bytes));
  g_input_stream_read_bytes_async (G_INPUT_STREAM (source), 65536, G_PRIORITY_DEFAULT, NULL,
                                   bytes_read_cb, reader);
}

static void
read_stream (ScTestRun *run, GInputStream *stream, GString *text)
{
  Reader *reader = g_new0 (Reader, 1);

  reader->run = run;
  reader->text = text;
  run->open_streams++;
  g_input_stream_read_bytes_async (stream, 65536, G_PRIORITY_DEFAULT, NULL, bytes_read_cb, reader);
}

static void
exited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ScTestRun *run = user_data;

  g_assert_true (g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL));
  run->exited = TRUE;
}

static gboolean
terminal_readable_cb (int fd, GIOCondition condition, gpointer user_data)
{
  ScTestRun *run = user_data;
  char buffer[4096];
  gssize length = read (fd, buffer, sizeof buffer);

  if (length > 0)
    {
      g_string_append_len (run->err, buffer, length);
      return G_SOURCE_CONTINUE;
    }

  /* Linux says EIO when the last one has left the other side. */
  run->open_streams--;
  run->terminal_source = 0;
  return G_SOURCE_REMOVE;
}

/* A name with a blank in it can only stand at the end. */
static GPtrArray *
split_arguments (const char *arguments)
{
  GPtrArray *argv = g_ptr_array_new_with_free_func (g_free);
  const char *name = strstr (arguments, "--accept-practice=");
  g_autofree char *words =
    g_strndup (arguments, name != NULL ? (gsize) (name - arguments) : strlen (arguments));
  g_auto (GStrv) split = g_strsplit (words, " ", -1);

  g_ptr_array_add (argv, g_strdup (g_getenv ("SC_TEST_SIKKACTL")));
  for (gsize i = 0; split[i] != NULL; i++)
    if (*split[i] != '\0')
      g_ptr_array_add (argv, g_strdup (split[i]));
  if (name != NULL)
    g_ptr_array_add (argv, g_strdup (name));
  g_ptr_array_add (argv, NULL);
  return argv;
}

static GSubprocessLauncher *
launcher_new (ScTestAgent *agent, GSubprocessFlags flags)
{
  GSubprocessLauncher *launcher = g_subprocess_launcher_new (flags);

  g_subprocess_launcher_setenv (launcher, "DBUS_SESSION_BUS_ADDRESS",
                                g_test_dbus_get_bus_address (agent->bus), TRUE);
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C.UTF-8", TRUE);
  g_subprocess_launcher_setenv (launcher, "TZ", "UTC", TRUE);
  g_subprocess_launcher_setenv (launcher, "G_DEBUG", "fatal-criticals", TRUE);
  return launcher;
}

static ScTestRun *
spawn (GSubprocessLauncher *launcher, const char *arguments)
{
  ScTestRun *run = g_new0 (ScTestRun, 1);
  g_autoptr (GPtrArray) argv = split_arguments (arguments);
  g_autoptr (GError) error = NULL;

  run->terminal = -1;
  run->out = g_string_new (NULL);
  run->err = g_string_new (NULL);
  run->process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, &error);
  g_assert_no_error (error);
  g_subprocess_wait_async (run->process, NULL, exited_cb, run);
  read_stream (run, g_subprocess_get_stdout_pipe (run->process), run->out);
  return run;
}

ScTestRun *
sc_test_run (ScTestAgent *agent, const char *arguments)
{
  g_auto (GStrv) parts = g_strsplit (arguments, " < ", 2);
  g_autoptr (GSubprocessLauncher) launcher =
    launcher_new (agent, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                           G_SUBPROCESS_FLAGS_STDERR_PIPE);
  ScTestRun *run = spawn (launcher, parts[0] != NULL ? parts[0] : "");
  GOutputStream *input = g_subprocess_get_stdin_pipe (run->process);

  read_stream (run, g_subprocess_get_stderr_pipe (run->process), run->err);
  if (g_strv_length (parts) > 1)
    g_assert_true (g_output_stream_printf (input, NULL, NULL, NULL, "%s\n", parts[1]));
  g_assert_true (g_output_stream_close (input, NULL, NULL));
  return run;
}

ScTestRun *
sc_test_run_on_terminal (ScTestAgent *agent, const char *arguments)
{
  g_autoptr (GSubprocessLauncher) launcher = launcher_new (agent, G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  int terminal = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC);
  ScTestRun *run;
  int other;

  g_assert_cmpint (terminal, >=, 0);
  g_assert_cmpint (grantpt (terminal), ==, 0);
  g_assert_cmpint (unlockpt (terminal), ==, 0);
  other = open (ptsname (terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
  g_assert_cmpint (other, >=, 0);
  g_subprocess_launcher_take_stdin_fd (launcher, dup (other));
  g_subprocess_launcher_take_stderr_fd (launcher, other);

  run = spawn (launcher, arguments);
  g_subprocess_launcher_close (launcher);
  run->terminal = terminal;
  run->open_streams++;
  run->terminal_source = g_unix_fd_add (terminal, G_IO_IN | G_IO_HUP, terminal_readable_cb, run);
  return run;
}

void
sc_test_run_free (ScTestRun *self)
{
  g_assert_true (self->exited);
  if (self->terminal >= 0)
    close (self->terminal);
  g_clear_object (&self->process);
  g_string_free (self->out, TRUE);
  g_string_free (self->err, TRUE);
  g_free (self);
}

void
sc_test_run_type (ScTestRun *self, const char *text)
{
  g_assert_cmpint (write (self->terminal, text, strlen (text)), ==, strlen (text));
}

typedef struct
{
  ScTestRun *run;
  GString *text;
  const char *pattern;
} Wait;

static gboolean
has_come (gpointer user_data)
{
  Wait *wait = user_data;

  return g_pattern_match_simple (wait->pattern, wait->text->str) ||
         (wait->run->exited && wait->run->open_streams == 0);
}

void
sc_test_run_wait_for (ScTestRun *self, GString *stream, const char *pattern)
{
  Wait wait = { self, stream, pattern };

  sc_test_wait_until (has_come, &wait);
  if (!g_pattern_match_simple (pattern, stream->str))
    g_test_message ("out: %s\nerr: %s", self->out->str, self->err->str);
  g_assert_true (g_pattern_match_simple (pattern, stream->str));
}

static gboolean
has_ended (gpointer user_data)
{
  ScTestRun *run = user_data;

  return run->exited && run->open_streams == 0;
}

static void
assert_harmless (GString *text, gboolean terminal)
{
  g_assert_true (g_utf8_validate (text->str, (gssize) text->len, NULL));
  for (const char *p = text->str; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean line_end = c == '\n' || (terminal && c == '\r');

      g_assert_true (line_end || !g_unichar_iscntrl (c));
      g_assert_cmphex (c, !=, 0x202e);
      g_assert_cmphex (c, !=, 0x2029);
    }
}

void
sc_test_run_wait (ScTestRun *self)
{
  sc_test_wait_until (has_ended, self);
  assert_harmless (self->out, FALSE);
  assert_harmless (self->err, self->terminal >= 0);
}

static void
assert_matches (const char *pattern, const char *text)
{
  if (!g_pattern_match_simple (pattern, text))
    g_test_message ("pattern: %s\ntext: %s", pattern, text);
  g_assert_true (g_pattern_match_simple (pattern, text));
}

void
sc_test_run_assert (ScTestRun *self, ScCtlTestExit exit, const char *out, const char *err)
{
  assert_matches (out, self->out->str);
  assert_matches (err, self->err->str);
  g_assert_true (g_subprocess_get_if_exited (self->process));
  g_assert_cmpint (g_subprocess_get_exit_status (self->process), ==, (int) exit);
}

/* --- files --- */

void
sc_test_assert_schema (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) check = g_subprocess_new (
    G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE, &error,
    g_getenv ("SC_TEST_CTL_CHECK_SCHEMA"), g_getenv ("SC_TEST_CTL_SCHEMA"), folder, NULL);
  g_autofree char *output = NULL;

  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (check, NULL, NULL, &output, NULL, &error));
  if (!g_subprocess_get_successful (check))
    g_test_message ("%s", output);
  g_assert_true (g_subprocess_get_successful (check));
}

guint
sc_test_count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n_files = 0;

  g_assert_nonnull (dir);
  while (g_dir_read_name (dir) != NULL)
    n_files++;

  return n_files;
}

void
sc_test_remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}
