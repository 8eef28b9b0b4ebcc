// SPDX-License-Identifier: MIT
// The agent's life and its door: start and end, every method and property of the interface, and
// arguments that nobody should send.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-workplace.h"

#include <string.h>

#define NAME "ca.parlae.SikkaCompanion.Agent"
#define STATUS_MAX_AGE (26 * 60 * 60)
#define HUGE_LENGTH (1024 * 1024)

/* ---- start and end ---- */

static const struct
{
  const char *line;
  int status;
  const char *output; /* somewhere in what it prints */
  const char *errors;
} command_lines[] = {
  { "sikka-companion-agent --version", 0, "sikka-companion-agent ", "" },
  { "sikka-companion-agent --help", 0, "--store-cloud-token", "" },
  { "sikka-companion-agent --no-such-option", 2, "", "--no-such-option" },
  { "sikka-companion-agent start", 2, "", "\"start\" is not understood." },
  { "sikka-companion-agent ''", 2, "", "\"\" is not understood." },
};

static void
test_command_line (void)
{
  g_autoptr (ScTestDesktop) desktop = sc_test_desktop_start (SC_TEST_DESKTOP_BUS);

  for (gsize i = 0; i < G_N_ELEMENTS (command_lines); i++)
    {
      g_autoptr (ScTestCommand) command =
        sc_test_command_run (desktop, command_lines[i].line, NULL);

      g_assert_cmpint (sc_test_command_wait (command), ==, command_lines[i].status);
      g_assert_nonnull (strstr (sc_test_command_get_output (command), command_lines[i].output));
      g_assert_nonnull (strstr (sc_test_command_get_errors (command), command_lines[i].errors));
    }
}

static void
test_without_bus (void)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (ScTestDesktop) desktop = sc_test_desktop_start (SC_TEST_DESKTOP_BUS);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *errors = NULL;

  g_subprocess_launcher_set_environ (launcher, sc_test_desktop_get_environment (desktop));
  g_subprocess_launcher_setenv (launcher, "DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere", TRUE);
  process = g_subprocess_launcher_spawn (launcher, &error, g_getenv ("SC_TEST_AGENT"), NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, NULL, &errors, &error));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 1);
  g_assert_nonnull (strstr (errors, "there is no session bus to serve"));
}

static void
test_second_start (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();
  g_autofree char *owner =
    g_dbus_proxy_get_name_owner (G_DBUS_PROXY (sc_test_agent_get_proxy (workplace->agent)));
  g_autofree char *same = NULL;

  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  g_free (sc_test_workplace_run (workplace, "sikka-companion-agent", 0));
  same = g_dbus_proxy_get_name_owner (G_DBUS_PROXY (sc_test_agent_get_proxy (workplace->agent)));
  g_assert_cmpstr (owner, ==, same);
  sc_test_agent_assert_text (workplace->agent, "Status", "connected");
}

/* sc_test_workplace_stop_agent() sees that the status is 0, also of an agent that has ended. */
static void
test_quit (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();
  g_autoptr (GVariant) answer = sc_test_workplace_call (workplace, "Quit", NULL);

  g_assert_cmpstr (g_variant_get_type_string (answer), ==, "()");
  sc_test_desktop_wait_name (workplace->desktop, NAME, FALSE);
  sc_test_workplace_stop_agent (workplace);
}

static void
test_terminated_while_browser_is_open (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();

  sc_test_agent_connect (workplace->agent, FALSE);
  g_free (sc_test_agent_wait_address (workplace->agent));
  sc_test_workplace_stop_agent (workplace);

  sc_test_workplace_start_agent (workplace);
  sc_test_agent_assert_text (workplace->agent, "Phase", "pending");
  sc_test_agent_assert_text (workplace->agent, "AuthorizationUrl", "");
  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
}

/* The first call of all, which on a desktop starts the agent, comes before the keyring answered. */
static void
test_early_calls (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();

  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *status = NULL;

      sc_test_workplace_stop_agent (workplace);
      workplace->agent = sc_test_agent_start (workplace->desktop, workplace->url, NULL);
      status = sc_test_workplace_check (workplace);
      g_assert_cmpstr (status, ==, "connected ");

      sc_test_workplace_stop_agent (workplace);
      workplace->agent = sc_test_agent_start (workplace->desktop, workplace->url, NULL);
      sc_test_agent_assert_text (workplace->agent, "Status", "connected");
      sc_test_agent_assert_text (workplace->agent, "PracticeName", "Happy Dental Clinic");
    }
}

static void
test_restart_keeps_connection (gconstpointer data)
{
  void (*end) (ScTestWorkplace *) = *(void *const *) data;
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();
  static const char *const names[] = { "Phase",    "Status",  "PracticeName", "PmsType",
                                       "OfficeId", "ErrorId", "MessageId",    "Reference" };
  g_autoptr (GPtrArray) before = g_ptr_array_new_with_free_func (g_free);
  gint64 checked;
  g_autofree char *status = NULL;

  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  checked = sc_agent1_get_last_checked (sc_test_agent_get_proxy (workplace->agent));
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_ptr_array_add (before, sc_test_agent_get_text (workplace->agent, names[i]));
  end (workplace);

  sc_test_workplace_start_agent (workplace);
  sc_test_agent_wait_text (workplace->agent, "KeptIn", "keyring");
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    sc_test_agent_assert_text (workplace->agent, names[i], before->pdata[i]);
  g_assert_cmpint (sc_agent1_get_last_checked (sc_test_agent_get_proxy (workplace->agent)), ==,
                   checked);
  status = sc_test_workplace_check (workplace);
  g_assert_cmpstr (status, ==, "connected ");
}

/* ---- every method ---- */

typedef struct
{
  ScTestWorkplace *workplace;
  GHashTable *called; /* names of methods */
} Tour;

/* Returns: (transfer full): the answer as text */
static char *
tour_call (Tour *tour, const char *method, const char *arguments)
{
  g_autoptr (GVariant) answer =
    sc_test_workplace_call (tour->workplace, method, g_variant_new_parsed (arguments));

  g_hash_table_add (tour->called, (gpointer) method);
  return g_variant_print (answer, FALSE);
}

static void
tour_assert (Tour *tour, const char *method, const char *arguments, const char *pattern)
{
  g_autofree char *answer = tour_call (tour, method, arguments);

  if (!g_regex_match_simple (pattern, answer, G_REGEX_DOTALL, 0))
    g_error ("%s answers %s, not %s", method, answer, pattern);
}

static void
tour_settings (Tour *tour)
{
  ScTestAgent *agent = tour->workplace->agent;

  tour_assert (tour, "SetSpuElsewhere", "(true,)", "^\\(\\)$");
  tour_assert (tour, "SetAutostart", "(true,)", "^\\(\\)$");
  tour_assert (tour, "SetCheckAtSignIn", "(true,)", "^\\(\\)$");
  g_assert_true (sc_agent1_get_spu_elsewhere (sc_test_agent_get_proxy (agent)));
  g_assert_true (sc_agent1_get_autostart (sc_test_agent_get_proxy (agent)));
  g_assert_true (sc_agent1_get_check_at_sign_in (sc_test_agent_get_proxy (agent)));
  tour_assert (tour, "SetAutostart", "(false,)", "^\\(\\)$");
  tour_assert (tour, "SetCheckAtSignIn", "(false,)", "^\\(\\)$");
  g_assert_false (sc_agent1_get_autostart (sc_test_agent_get_proxy (agent)));
  tour_assert (tour, "Preflight", "()",
               "^\\(\\[\\('keyring', 'ok', '', ''\\), \\('loopback', 'ok', '', ''\\), "
               "\\('cloud', 'ok', '', ''\\), \\('clock', 'ok', '', ''\\), "
               "\\('disk', 'ok', '', ''\\)\\],\\)$");
  tour_assert (tour, "ProbeSpu", "()", "'verdict': <'elsewhere'>");
}

static void
tour_browser (Tour *tour, const char *practice)
{
  g_autofree char *url = NULL;

  tour_assert (tour, "Connect", "({'open-browser': <false>}, @a{sv} {})", "^\\([0-9]+,\\)$");
  url = sc_test_agent_wait_address (tour->workplace->agent);
  if (practice != NULL)
    g_free (sc_test_workplace_decide (url, practice, "allow"));
}

static void
tour_connection (Tour *tour)
{
  ScTestAgent *agent = tour->workplace->agent;

  tour_browser (tour, NULL);
  tour_assert (tour, "Cancel", "()", "^\\(\\)$");
  sc_test_agent_wait_text (agent, "MessageId", "authorization-cancelled");
  tour_browser (tour, SC_TEST_HAPPY);
  sc_test_agent_wait_text (agent, "Step", "returned");
  tour_assert (tour, "Check", "(@a{sv} {},)", "^\\('connected', '', '[^']+'\\)$");

  tour_browser (tour, SC_TEST_BRIGHT);
  sc_test_agent_wait_text (agent, "Step", "confirm-practice");
  tour_assert (tour, "ConfirmPractice", "(false,)", "^\\(\\)$");
  sc_test_agent_wait_text (agent, "MessageId", "practice-declined");

  tour_assert (tour, "Disconnect", "('this-pc', @a{sv} {})", "^\\(\\)$");
  sc_test_agent_wait_text (agent, "MessageId", "disconnecting");
  tour_assert (tour, "UndoDisconnect", "()", "^\\(\\)$");
  sc_test_agent_wait_text (agent, "Status", "connected");
  sc_test_workplace_wait_reports (tour->workplace, 0);
}

static void
tour_journal (Tour *tour)
{
  tour_assert (tour, "ListReports", "()", "^\\(\\[\\],\\)$");
  tour_assert (tour, "ListActivity", "(int64 0, uint32 1)", "^\\(\\[\\(1, [0-9]+, '[^']+', ");
  tour_assert (tour, "ListActivity", "(int64 9223372036854775807, uint32 1000)", "^\\(\\[\\],\\)$");
  tour_assert (tour, "VerifyLog", "()", "^\\(true, [0-9]+, 0, '[0-9a-f]{64}'\\)$");
  tour_assert (tour, "Quit", "()", "^\\(\\)$");
}

/* A method that is new in the contract fails here until somebody calls it above. */
static void
test_every_method (void)
{
  const GDBusInterfaceInfo *info = sc_agent1_interface_info ();
  Tour tour = { sc_test_workplace_start (), g_hash_table_new (g_str_hash, g_str_equal) };

  tour_settings (&tour);
  tour_connection (&tour);
  tour_journal (&tour);
  for (guint i = 0; info->methods[i] != NULL; i++)
    if (!g_hash_table_contains (tour.called, info->methods[i]->name))
      g_error ("nobody calls %s", info->methods[i]->name);
  g_hash_table_unref (tour.called);
  sc_test_workplace_free (tour.workplace);
}

/* ---- every property ---- */

#define BUTTONS(connect, check, reconnect, disconnect, on, skip)                               \
  "{'connect': '" connect "', 'check': '" check "', 'reconnect': '" reconnect                  \
  "', 'disconnect': '" disconnect "', 'back': 'enabled', 'continue': '" on "', 'skip': '" skip \
  "', 'cancel': 'hidden', 'undo': 'hidden'}"
/* Members of a dictionary come in any order. */
#define LIGHT(id, verdict) "(?=.*{(?=[^}]*'id': <'" id "'>)[^}]*'verdict': <'" verdict "'>)"
#define TEXT "'[^']+'"
#define TIME "[1-9][0-9]{9}"

/* What each property says, as a regular expression of its whole text form. */
static const struct
{
  const char *name;
  const char *fresh;     /* never connected */
  const char *connected; /* to Happy Dental Clinic; NULL: the same */
} properties[] = {
  { "Version", "'[0-9]+\\.[0-9]+\\.[0-9]+'", NULL },
  { "ApiVersion", "1", NULL },
  { "Phase", "'pending'", "'connected'" },
  { "Step", "''", NULL },
  { "Status", "'pending'", "'connected'" },
  { "Attention", "false", NULL },
  { "Busy", "''", NULL },
  { "ErrorId", "''", NULL },
  { "MessageId", "'connect-first'", "'connected'" },
  { "Reference", "''", TEXT },
  { "Buttons", BUTTONS ("enabled", "hidden", "hidden", "hidden", "disabled", "enabled"),
    BUTTONS ("hidden", "hidden", "enabled", "enabled", "enabled", "hidden") },
  { "PracticeName", "''", "'Happy Dental Clinic'" },
  { "PmsType", "''", "'Dentrix'" },
  { "OfficeId", "''", "'D10023'" },
  { "NewPractice", "\\('', ''\\)", NULL },
  { "LastChecked", "0", TIME },
  { "StatusExpires", "0", TIME },
  { "AuthorizationUrl", "''", NULL },
  { "BrowserDeadline", "0", NULL },
  { "UndoDeadline", "0", NULL },
  { "KeptIn", "'none'", "'keyring'" },
  { "KeyringState", "'absent'", "'ok'" },
  { "JournalState", "'recording'", NULL },
  { "Lights", "(?=.*<'spu'>)(?=.*<'sikka'>)(?=.*<'authorization'>)(?=.*<'cloud'>).*",
    LIGHT ("spu", "not-here") LIGHT ("sikka", "ok") LIGHT ("authorization", "ok")
      LIGHT ("cloud", "ok") ".*" },
  { "Locations", "\\[\\]", "\\[.*\\]" },
  { "DataSync", "{}", "(?=.*'status': <'[^']+'>)(?=.*'last_data_at': <int64 " TIME ">).*" },
  { "Features", "{}", "{'[^']+': (true|false).*}" },
  { "LatestVersion", "''", "'[^']*'" },
  { "MinimumVersion", "''", "'[^']*'" },
  { "SpuElsewhere", "true", NULL },
  { "CheckAtSignIn", "false", NULL },
  { "Autostart", "(true|false)", NULL },
  { "AutostartLocked", "''", NULL },
  { "Vendor", "{'service_name': 'Parlae', 'support_phone': '', .*'privacy_url': ''}", NULL },
  { "CloudUrl", "'http://127\\.0\\.0\\.1:[0-9]+'", NULL },
  { "Provider", "'cloud'", NULL },
  { "ConfigProblems", "\\[.*\\]", NULL },
};

static const char *
find_pattern (const char *name, gboolean connected)
{
  for (gsize i = 0; i < G_N_ELEMENTS (properties); i++)
    if (g_str_equal (properties[i].name, name))
      return connected && properties[i].connected != NULL ? properties[i].connected
                                                          : properties[i].fresh;
  g_error ("nobody says what %s should be", name);
}

static GVariant *
read_properties (ScTestWorkplace *workplace)
{
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;

  answer = g_dbus_connection_call_sync (
    sc_test_desktop_get_bus (workplace->desktop), NAME, "/ca/parlae/SikkaCompanion/Agent",
    "org.freedesktop.DBus.Properties", "GetAll",
    g_variant_new ("(s)", sc_agent1_interface_info ()->name), G_VARIANT_TYPE ("(a{sv})"),
    G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  return g_variant_get_child_value (answer, 0);
}

/* A property that is new in the contract fails here until the table says what it should be. */
static void
assert_properties (ScTestWorkplace *workplace, gboolean connected)
{
  const GDBusInterfaceInfo *info = sc_agent1_interface_info ();
  g_autoptr (GVariant) all = read_properties (workplace);

  for (guint i = 0; info->properties[i] != NULL; i++)
    {
      const char *name = info->properties[i]->name;
      g_autofree char *pattern = g_strdup_printf ("^(?:%s)$", find_pattern (name, connected));
      g_autoptr (GVariant) value =
        g_variant_lookup_value (all, name, G_VARIANT_TYPE (info->properties[i]->signature));
      g_autofree char *text = NULL;

      g_assert_nonnull (value);
      text = g_variant_print (value, FALSE);
      if (!g_regex_match_simple (pattern, text, G_REGEX_DOTALL, 0))
        g_error ("%s is %s, not %s", name, text, pattern);
    }
}

static void
test_every_property (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();
  ScAgent1 *proxy = sc_test_agent_get_proxy (workplace->agent);

  sc_test_agent_wait_text (workplace->agent, "KeyringState", "absent");
  assert_properties (workplace, FALSE);
  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  assert_properties (workplace, TRUE);
  g_assert_cmpint (sc_agent1_get_status_expires (proxy), ==,
                   sc_agent1_get_last_checked (proxy) + STATUS_MAX_AGE);
}

/* ---- the command line says the same ---- */

static char *
format_time (gint64 time)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (time);

  return g_date_time_format_iso8601 (date);
}

static void
test_sikkactl_agrees (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();
  ScAgent1 *proxy = sc_test_agent_get_proxy (workplace->agent);
  g_autofree char *none = sc_test_workplace_run (workplace, "sikkactl status --json", 1);
  g_autofree char *output = NULL;
  g_autofree char *checked = NULL;
  g_autofree char *expires = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *status;

  g_assert_nonnull (strstr (none, "\"pending\""));
  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  output = sc_test_workplace_run (workplace, "sikkactl status --json", 0);
  node = json_from_string (output, NULL);
  status = json_node_get_object (node);
  g_assert_cmpstr (json_object_get_string_member (status, "status"), ==,
                   sc_agent1_get_status (proxy));
  g_assert_cmpstr (json_object_get_string_member (status, "phase"), ==,
                   sc_agent1_get_phase (proxy));
  g_assert_cmpstr (json_object_get_string_member (status, "reference"), ==,
                   sc_agent1_get_reference (proxy));
  checked = format_time (sc_agent1_get_last_checked (proxy));
  expires = format_time (sc_agent1_get_status_expires (proxy));
  g_assert_cmpstr (json_object_get_string_member (status, "last_checked"), ==, checked);
  g_assert_cmpstr (json_object_get_string_member (status, "status_expires"), ==, expires);
}

/* ---- what nobody should send ---- */

typedef struct
{
  const char *method;
  const char *arguments; /* in which @HUGE@ becomes a megabyte of text */
  const char *error;
} BadCall;

static const BadCall always_bad[] = {
  { "Connect", "({'open-browser': <'yes'>}, @a{sv} {})", "InvalidArgument" },
  { "Connect", "({'preflight': <1>}, @a{sv} {})", "InvalidArgument" },
  { "Connect", "({'open-browser': <false>}, {'activation-token': <5>})", "InvalidArgument" },
  { "Connect", "({'open-browser': <false>}, {'activation-token': <'@HUGE@'>})", "InvalidArgument" },
  { "Connect", "({'open-browser': <false>}, {'desktop-startup-id': <'a\\nb'>})",
    "InvalidArgument" },
  { "Check", "({'activation-token': <true>},)", "InvalidArgument" },
  { "Cancel", "()", "NotConnected" },
  { "ConfirmPractice", "(true,)", "InvalidArgument" },
  { "ConfirmPractice", "(false,)", "InvalidArgument" },
  { "UndoDisconnect", "()", "InvalidArgument" },
  { "Disconnect", "('planet', @a{sv} {})", "InvalidArgument" },
  { "Disconnect", "('', @a{sv} {})", "InvalidArgument" },
  { "Disconnect", "('@HUGE@', @a{sv} {})", "InvalidArgument" },
  { "Disconnect", "('this-pc', {'immediate': <'yes'>})", "InvalidArgument" },
  { "Disconnect", "('practice', {'practice-name': <5>})", "InvalidArgument" },
  { "ListActivity", "(int64 -1, uint32 10)", "InvalidArgument" },
  { "ListActivity", "(int64 0, uint32 0)", "InvalidArgument" },
  { "ListActivity", "(int64 0, uint32 1001)", "InvalidArgument" },
  { "ListActivity", "(int64 0, uint32 4294967295)", "InvalidArgument" },
};

static const BadCall bad_while_pending[] = {
  { "Check", "(@a{sv} {},)", "NotConnected" },
  { "Disconnect", "('this-pc', {'immediate': <true>})", "NotConnected" },
  { "Disconnect", "('practice', {'practice-name': <''>})", "NotConnected" },
};

static const BadCall bad_while_connected[] = {
  { "Disconnect", "('practice', @a{sv} {})", "InvalidArgument" },
  { "Disconnect", "('practice', {'practice-name': <''>})", "InvalidArgument" },
  { "Disconnect", "('practice', {'practice-name': <'happy dental clinic'>})", "InvalidArgument" },
  { "Disconnect", "('practice', {'practice-name': <'@HUGE@'>})", "InvalidArgument" },
};

static void
refuse_all (ScTestWorkplace *workplace, const BadCall *calls, gsize n)
{
  g_autofree char *huge = g_strnfill (HUGE_LENGTH, 'x');

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GString) arguments = g_string_new (calls[i].arguments);

      g_string_replace (arguments, "@HUGE@", huge, 0);
      sc_test_workplace_refuse (workplace, calls[i].method, g_variant_new_parsed (arguments->str),
                                calls[i].error);
    }
}

/* Arguments of another signature never reach the agent's code. */
static void
refuse_signatures (ScTestWorkplace *workplace)
{
  const GDBusInterfaceInfo *info = sc_agent1_interface_info ();

  for (guint i = 0; info->methods[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GVariant) answer =
        sc_test_agent_call (workplace->agent, info->methods[i]->name,
                            g_variant_new_parsed ("('surplus', 5, true)"), &error);

      g_assert_null (answer);
      g_assert_error (error, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS);
    }
}

/* Without the times: a light may be looked at again meanwhile, and a second later. */
static char *
print_properties (ScTestWorkplace *workplace)
{
  g_autoptr (GRegex) times = g_regex_new ("'checked': <int64 [0-9]+>", 0, 0, NULL);
  g_autoptr (GVariant) all = read_properties (workplace);
  g_autofree char *text = g_variant_print (all, FALSE);

  return g_regex_replace_literal (times, text, -1, 0, "", 0, NULL);
}

static void
refuse_everything (ScTestWorkplace *workplace, const BadCall *calls, gsize n)
{
  g_autofree char *before = print_properties (workplace);
  g_autofree char *after = NULL;
  gint64 requests = sc_test_sandbox_count (workplace->sandbox, NULL);

  refuse_all (workplace, always_bad, G_N_ELEMENTS (always_bad));
  refuse_all (workplace, calls, n);
  refuse_signatures (workplace);
  after = print_properties (workplace);
  g_assert_cmpstr (after, ==, before);
  g_assert_cmpint (sc_test_sandbox_count (workplace->sandbox, NULL), ==, requests);
}

static void
test_bad_arguments (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();

  sc_test_agent_wait_text (workplace->agent, "KeyringState", "absent");
  refuse_everything (workplace, bad_while_pending, G_N_ELEMENTS (bad_while_pending));
  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  refuse_everything (workplace, bad_while_connected, G_N_ELEMENTS (bad_while_connected));
}

static void
test_wrong_time (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();
  g_autoptr (GVariant) undone = NULL;
  g_autoptr (GVariant) cancelled = NULL;
  g_autofree char *url = NULL;
  guint transaction = sc_test_agent_connect (workplace->agent, FALSE);

  sc_test_workplace_refuse (workplace, "Check", g_variant_new_parsed ("(@a{sv} {},)"), "Busy");
  sc_test_workplace_refuse (workplace, "ConfirmPractice", g_variant_new_parsed ("(true,)"),
                            "InvalidArgument");
  sc_test_workplace_refuse (workplace, "UndoDisconnect", NULL, "InvalidArgument");
  g_assert_cmpuint (sc_test_agent_connect (workplace->agent, FALSE), ==, transaction);
  url = sc_test_agent_wait_address (workplace->agent);
  cancelled = sc_test_workplace_call (workplace, "Cancel", NULL);
  sc_test_workplace_refuse (workplace, "Cancel", NULL, "NotConnected");
  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  undone = sc_test_workplace_call (workplace, "Disconnect",
                                   g_variant_new_parsed ("('this-pc', @a{sv} {})"));
  g_clear_pointer (&undone, g_variant_unref);
  undone = sc_test_workplace_call (workplace, "UndoDisconnect", NULL);
  sc_test_workplace_refuse (workplace, "UndoDisconnect", NULL, "InvalidArgument");
  sc_test_agent_wait_text (workplace->agent, "Status", "connected");
}

static void (*const ends[]) (ScTestWorkplace *) = { sc_test_workplace_stop_agent,
                                                    sc_test_workplace_kill_agent };

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/agent/life/command-line", test_command_line);
  g_test_add_func ("/agent/life/without-bus", test_without_bus);
  g_test_add_func ("/agent/life/second-start", test_second_start);
  g_test_add_func ("/agent/life/quit", test_quit);
  g_test_add_func ("/agent/life/terminated-while-browser-is-open",
                   test_terminated_while_browser_is_open);
  g_test_add_func ("/agent/life/early-calls", test_early_calls);
  g_test_add_data_func ("/agent/life/keeps-connection-when-ended", &ends[0],
                        test_restart_keeps_connection);
  g_test_add_data_func ("/agent/life/keeps-connection-when-killed", &ends[1],
                        test_restart_keeps_connection);
  g_test_add_func ("/agent/life/every-method", test_every_method);
  g_test_add_func ("/agent/life/every-property", test_every_property);
  g_test_add_func ("/agent/life/sikkactl-agrees", test_sikkactl_agrees);
  g_test_add_func ("/agent/life/bad-arguments", test_bad_arguments);
  g_test_add_func ("/agent/life/wrong-time", test_wrong_time);

  return g_test_run ();
}
