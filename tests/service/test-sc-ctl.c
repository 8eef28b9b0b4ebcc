// SPDX-License-Identifier: MIT
// The real sikkactl on a private bus, against an agent whose answers are scripted: exit status,
// text, JSON, Ctrl-C, and what it does with an agent that is gone, wrong or hostile.

#include <unistd.h>

#include <glib/gstdio.h>

#include "sc-test-run.h"

#define URL "https://cloud.example/oauth/authorize?client_id=sikka-companion&state=x"

/* --- one command, one answer --- */

typedef struct
{
  const char *name;
  void (*script) (ScTestFakeAgent *agent);
  const char *arguments;
  ScTestExit exit;
  const char *out; /* lines of standard output in this order; * stands for anything */
  const char *err;
  const char *calls; /* what the agent was asked, in order */
} Row;

static void
be_connected (ScTestFakeAgent *agent)
{
  sc_test_fake_agent_set_state (agent, "connected", "connected", "connected");
}

static void
be_returned (ScTestFakeAgent *agent)
{
  sc_test_fake_agent_set_state (agent, "connecting", "connecting", "check-to-verify");
}

/* A second sign-in was given up; the first one's connection is as it was. */
static void
be_still_connected (ScTestFakeAgent *agent)
{
  sc_test_fake_agent_set_state (agent, "connected", "connected", "authorization-cancelled");
  g_object_set (agent->skeleton, "error-id", "cancelled", NULL);
}

static void
be_too_old (ScTestFakeAgent *agent)
{
  sc_test_fake_agent_set_state (agent, "connected", "unknown", "too-old");
}

static void
be_failed (ScTestFakeAgent *agent)
{
  sc_test_fake_agent_set_state (agent, "failed", "failed", "failed");
  g_object_set (agent->skeleton, "error-id", "sikka-spu-offline", NULL);
}

static void
be_strange (ScTestFakeAgent *agent)
{
  sc_test_fake_agent_set_state (agent, "connected", "wonderful", "connected");
}

static void
be_newer (ScTestFakeAgent *agent)
{
  g_object_set (agent->skeleton, "api-version", 2u, NULL);
}

static void
be_offline (ScTestFakeAgent *agent)
{
  be_connected (agent);
  agent->check_error_id = "net-offline";
}

static void
refuse_timed_out (ScTestFakeAgent *agent)
{
  agent->refusal = "OauthTimedOut";
}

static void
refuse_not_connected (ScTestFakeAgent *agent)
{
  agent->refusal = "NotConnected";
}

static void
refuse_unheard_of (ScTestFakeAgent *agent)
{
  agent->refusal = "SomethingNew";
}

static void
answer_nothing (ScTestFakeAgent *agent)
{
  agent->refusal = "";
}

static void
break_log (ScTestFakeAgent *agent)
{
  agent->broken_at = 2;
}

static void
fail_preflight (ScTestFakeAgent *agent)
{
  agent->preflight_verdict = "failed";
}

static const Row rows[] = {
  { "status/connected", be_connected, "status", SC_TEST_EXIT_OK,
    "Successfully connected to Happy Dental Clinic (Dentrix).\n"
    "Last checked on Saturday, 20 November 2021 at 09:12. Reference K7-21F.\n"
    "✓ SPU on this PC: ok. *\n    SSCservice.exe: running\n"
    "! Fresh data at Sikka: needs someone. Never checked.\n"
    "    Next step, for your IT: See that the PC with the SPU is on at night and that the SPU "
    "runs.\n"
    "✗ Service reachable: failed. *\n    Next step, for your IT: Check the proxy settings of this "
    "PC.\n"
    "? Permission: not known. Never checked.\n*",
    "", "" },
  { "status/pending", sc_test_fake_agent_be_pending, "status", SC_TEST_EXIT_NOT_CONNECTED,
    "Not connected yet.\nRun \"sikkactl connect\" to connect.\nNever checked.*", "", "" },
  { "status/returned", be_returned, "status", SC_TEST_EXIT_NOT_CONNECTED,
    "Connection in progress.\nRun \"sikkactl check\" to verify.\n*", "", "" },
  { "status/too-old", be_too_old, "status", SC_TEST_EXIT_NOT_CONNECTED,
    "Not known: the last check is too old *", "", "" },
  { "status/still-connected", be_still_connected, "status", SC_TEST_EXIT_OK,
    "Authorization cancelled.\n"
    "This PC is still connected to Happy Dental Clinic (Dentrix).\nLast checked *",
    "", "" },
  { "status/failed", be_failed, "status", SC_TEST_EXIT_FAILED,
    "The connection failed.\nSikka cannot reach the SPU of this practice.\nNext step, for your IT: "
    "*",
    "", "" },
  { "status/unknown-word", be_strange, "status", SC_TEST_EXIT_NOT_CONNECTED,
    "It is not known whether the connection works.\n*", "", "" },
  { "status/newer-agent", be_newer, "status", SC_TEST_EXIT_FAILED, "",
    "The agent is newer than this program.\n*", "" },
  { "check/connected", be_connected, "check", SC_TEST_EXIT_OK,
    "Successfully connected to Happy Dental Clinic (Dentrix).\n"
    "Last checked on Saturday, 20 November 2021 at 09:12. Reference K7-21F.\n*",
    "", "Check" },
  { "check/returned", be_returned, "check", SC_TEST_EXIT_NOT_CONNECTED,
    "Connection in progress.\n*", "", "Check" },
  { "check/failed", be_failed, "check", SC_TEST_EXIT_FAILED, "The connection failed.\n*", "",
    "Check" },
  { "check/offline", be_offline, "check", SC_TEST_EXIT_FAILED,
    "The check could not be completed. *\nSuccessfully connected to *\n"
    "This PC has no connection to the internet.\nNext step, for your IT: *",
    "", "Check" },
  { "check/not-connected", refuse_not_connected, "check", SC_TEST_EXIT_NOT_CONNECTED, "",
    "This PC is not connected.\nNext step, for the front desk: *\nDetail: refused by the script\n",
    "Check" },
  { "check/timed-out", refuse_timed_out, "check", SC_TEST_EXIT_CANCELLED, "", "Time ran out: *",
    "Check" },
  { "check/unheard-of", refuse_unheard_of, "check", SC_TEST_EXIT_FAILED, "",
    "Something went wrong *", "Check" },
  { "check/agent-dies", answer_nothing, "check", SC_TEST_EXIT_NO_AGENT, "",
    "The companion's agent cannot be reached.\n*", "Check" },
  { "spu", be_connected, "spu", SC_TEST_EXIT_OK,
    "✗ The SPU is installed on this PC, but it does not run completely.\n    SSCservice.exe: "
    "running\n",
    "", "ProbeSpu" },
  { "reports", be_connected, "reports", SC_TEST_EXIT_OK,
    "2 reports wait to be sent.\nSat 2021-11-20 09:12:00  r-1  connected\n    state, tried 1 time, "
    "*\n*",
    "", "ListReports" },
  { "preflight/ready", be_connected, "preflight", SC_TEST_EXIT_OK,
    "This PC is ready to connect.\n✓ Keyring: ok.\n*", "", "Preflight" },
  { "preflight/failed", fail_preflight, "preflight", SC_TEST_EXIT_FAILED,
    "This PC is not ready to connect.\n✓ Keyring: ok.\n✗ Clock: failed.\n    7 minutes behind\n"
    "    This PC's clock is wrong by more than five minutes.\n    Next step, for your IT: *",
    "", "Preflight" },
  { "log", be_connected, "log", SC_TEST_EXIT_OK,
    "1  Sat 2021-11-20 09:12:01  anna  connect  connected  K7-1\n*", "",
    "ListActivity 0 ListActivity 1000 ListActivity 1001" },
  { "log/verify", be_connected, "log --verify", SC_TEST_EXIT_OK,
    "The log is intact: 1001 rows were looked at.\nHead of the chain: abc\n", "", "VerifyLog" },
  { "log/broken", break_log, "log --verify", SC_TEST_EXIT_FAILED,
    "The log is broken: row 2 does not fit the one before it.\n*", "", "VerifyLog" },
  { "disconnect/yes", be_connected, "disconnect --yes", SC_TEST_EXIT_OK,
    "This PC is disconnected.\n", "", "Disconnect this-pc immediate" },
  { "disconnect/typed", be_connected, "disconnect < yes", SC_TEST_EXIT_OK,
    "This PC is disconnected.\n",
    "This ends the connection of this PC to Happy Dental Clinic (Dentrix).\n*",
    "Disconnect this-pc immediate" },
  { "disconnect/not-typed", be_connected, "disconnect < no", SC_TEST_EXIT_CANCELLED, "",
    "*Not confirmed, so nothing was done.\n*", "" },
  { "disconnect/end-of-input", be_connected, "disconnect", SC_TEST_EXIT_CANCELLED, "",
    "*Not confirmed, so nothing was done.\n*", "" },
  { "disconnect/pending", sc_test_fake_agent_be_pending, "disconnect", SC_TEST_EXIT_OK,
    "There is nothing to disconnect: this PC is not connected.\n", "", "" },
  { "disconnect/practice-yes", be_connected, "disconnect --practice --yes", SC_TEST_EXIT_OK,
    "The practice is disconnected: Happy Dental Clinic (Dentrix).\n", "",
    "Disconnect practice immediate name=Happy Dental Clinic" },
  { "disconnect/practice-typed", be_connected, "disconnect --practice < Happy Dental Clinic",
    SC_TEST_EXIT_OK, "The practice is disconnected: *",
    "*Type its name to go on: Happy Dental Clinic\n*",
    "Disconnect practice immediate name=Happy Dental Clinic" },
  { "disconnect/practice-mistyped", be_connected, "disconnect --practice < yes",
    SC_TEST_EXIT_CANCELLED, "", "*Not confirmed*", "" },
  { "disconnect/practice-pending", sc_test_fake_agent_be_pending, "disconnect --practice --yes",
    SC_TEST_EXIT_NOT_CONNECTED, "", "This PC is not connected.\n*", "" },
  { "connect/refused", refuse_timed_out, "connect", SC_TEST_EXIT_CANCELLED, "", "Time ran out: *",
    "Connect open-browser" },
  { "usage/no-command", be_connected, "", SC_TEST_EXIT_USAGE, "",
    "sikkactl: A command is missing.\n*", "" },
  { "usage/no-such-command", be_connected, "conect", SC_TEST_EXIT_USAGE, "",
    "sikkactl: There is no command \"conect\".\n*", "" },
  { "usage/no-such-option", be_connected, "status --yes", SC_TEST_EXIT_USAGE, "", "sikkactl: *",
    "" },
  { "usage/too-much", be_connected, "check now", SC_TEST_EXIT_USAGE, "",
    "sikkactl: \"now\" is not *", "" },
  { "usage/number", be_connected, "connect --timeout=soon", SC_TEST_EXIT_USAGE, "", "sikkactl: *",
    "" },
  { "usage/negative", be_connected, "connect --timeout=-1", SC_TEST_EXIT_USAGE, "", "sikkactl: *",
    "" },
  { "usage/export-nowhere", be_connected, "log --export=-", SC_TEST_EXIT_USAGE, "", "sikkactl: *",
    "" },
  { "usage/empty-name", be_connected, "connect --accept-practice=", SC_TEST_EXIT_USAGE, "",
    "sikkactl: *", "" },
  { "help", be_connected, "--help", SC_TEST_EXIT_OK, "Usage:\n*preflight *Exit status: *", "", "" },
  { "help/command", be_connected, "log --help", SC_TEST_EXIT_OK, "Usage:\n*--verify*--export*", "",
    "" },
  { "version", be_connected, "--version", SC_TEST_EXIT_OK, "sikkactl *\n", "", "" },
};

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (ScTestFakeAgent) agent = sc_test_fake_agent_start ();
  g_autoptr (ScTestRun) run = NULL;

  row->script (agent);
  run = sc_test_run (agent, row->arguments);
  sc_test_run_wait (run);
  sc_test_run_assert (run, row->exit, row->out, row->err);
  g_assert_cmpstr (agent->calls->str, ==, row->calls);
}

static void
test_missing (void)
{
  g_autoptr (ScTestFakeAgent) agent = sc_test_fake_agent_start ();
  const char *const commands[] = { "status", "connect", "check",   "disconnect --yes",
                                   "spu",    "log",     "reports", "preflight" };

  sc_test_fake_agent_leave (agent);
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autoptr (ScTestRun) run = sc_test_run (agent, commands[i]);

      sc_test_run_wait (run);
      sc_test_run_assert (run, SC_TEST_EXIT_NO_AGENT, "",
                          "The companion's agent cannot be reached.\n*");
    }
}

/* --- export --- */

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n_files = 0;

  g_assert_nonnull (dir);
  while (g_dir_read_name (dir) != NULL)
    n_files++;

  return n_files;
}

static void
remove_folder (const char *folder)
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

static void
assert_export (ScTestFakeAgent *self, const char *file, ScTestExit exit, const char *contents)
{
  g_autofree char *arguments = g_strdup_printf ("log --export=%s", file);
  g_autoptr (ScTestRun) run = sc_test_run (self, arguments);
  g_autofree char *written = NULL;

  sc_test_run_wait (run);
  sc_test_run_assert (run, exit, exit == SC_TEST_EXIT_OK ? "1001 rows were written to *" : "",
                      exit == SC_TEST_EXIT_OK ? "" : "*Next step, *");
  g_file_get_contents (file, &written, NULL, NULL);
  if (contents == NULL)
    g_assert_null (written);
  else
    g_assert_true (g_pattern_match_simple (contents, written));
}

static void
test_export (void)
{
  g_autoptr (ScTestFakeAgent) agent = sc_test_fake_agent_start ();
  g_autofree char *folder = g_dir_make_tmp ("sc-ctl-XXXXXX", NULL);
  g_autofree char *csv = g_build_filename (folder, "log.csv", NULL);
  g_autofree char *lines = g_build_filename (folder, "log.jsonl", NULL);

  agent->log_user = "=cmd|'x'\", \"";
  assert_export (agent, csv, SC_TEST_EXIT_OK,
                 "sequence,time,user,action,result,reference,hash\r\n"
                 "1,2021-11-20T09:12:01Z,\"'=cmd|'x'\"\", \"\"\",\"connect\",*\r\n"
                 "1001,*\"\r\n");
  assert_export (agent, lines, SC_TEST_EXIT_OK,
                 "{\"sequence\":1,\"time\":\"2021-11-20T09:12:01Z\","
                 "\"user\":\"=cmd|'x'\\\", \\\"\",*}\n*{\"sequence\":1001,*}\n");
  g_assert_cmpuint (count_files (folder), ==, 2);
  remove_folder (folder);
}

/* Nothing half-written: the old file stays, no other is left beside it. */
static void
test_export_fails (void)
{
  g_autoptr (ScTestFakeAgent) agent = sc_test_fake_agent_start ();
  g_autofree char *folder = g_dir_make_tmp ("sc-ctl-XXXXXX", NULL);
  g_autofree char *kept = g_build_filename (folder, "kept.csv", NULL);
  g_autofree char *nowhere = g_build_filename (folder, "nowhere", "log.csv", NULL);
  g_autofree char *taken = g_build_filename (folder, "taken.csv", NULL);

  g_assert_cmpint (g_mkdir (taken, 0700), ==, 0);
  assert_export (agent, nowhere, SC_TEST_EXIT_FAILED, NULL);
  assert_export (agent, taken, SC_TEST_EXIT_FAILED, NULL);
  g_assert_true (g_file_set_contents (kept, "old", -1, NULL));
  agent->log_fails_after = 1000;
  assert_export (agent, kept, SC_TEST_EXIT_FAILED, "old");
  g_assert_cmpuint (count_files (folder), ==, 2);
  remove_folder (folder);
}

/* Who has the old file open, or a link to it, sees it whole: it is replaced, not written over. */
static void
test_export_replaces (void)
{
  g_autoptr (ScTestFakeAgent) agent = sc_test_fake_agent_start ();
  g_autofree char *folder = g_dir_make_tmp ("sc-ctl-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "log.csv", NULL);
  g_autofree char *link_to_old = g_build_filename (folder, "old.csv", NULL);
  g_autofree char *old = NULL;

  g_assert_true (g_file_set_contents (file, "old", -1, NULL));
  g_assert_cmpint (link (file, link_to_old), ==, 0);
  assert_export (agent, file, SC_TEST_EXIT_OK, "sequence,*");
  g_assert_true (g_file_get_contents (link_to_old, &old, NULL, NULL));
  g_assert_cmpstr (old, ==, "old");
  g_assert_cmpuint (count_files (folder), ==, 2);
  remove_folder (folder);
}

/* An agent that hands out the same rows for ever is not listened to for ever. */
static void
test_log_endless (void)
{
  g_autoptr (ScTestFakeAgent) agent = sc_test_fake_agent_start ();
  g_autoptr (ScTestRun) run = NULL;

  agent->log_repeats = TRUE;
  run = sc_test_run (agent, "log");
  sc_test_run_wait (run);
  sc_test_run_assert (run, SC_TEST_EXIT_FAILED, "", "The agent's answer cannot be understood.\n*");
  g_assert_cmpstr (agent->calls->str, ==, "ListActivity 0 ListActivity 1000");
}

/* --- a hostile agent --- */

static void
test_hostile (void)
{
  g_autoptr (ScTestFakeAgent) agent = sc_test_fake_agent_start ();
  const char *const commands[] = { "status",
                                   "check",
                                   "spu",
                                   "log",
                                   "log --verify",
                                   "reports",
                                   "preflight",
                                   "disconnect --practice --yes",
                                   "disconnect < no",
                                   "status --json",
                                   "check --json",
                                   "spu --json",
                                   "log --json",
                                   "log --verify --json",
                                   "reports --json",
                                   "preflight --json" };

  sc_test_fake_agent_be_hostile (agent);
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autoptr (ScTestRun) run = sc_test_run (agent, commands[i]);

      sc_test_run_wait (run); /* looks at every character that came out */
      if (strstr (commands[i], "--json") == NULL)
        g_assert_cmpuint (run->out->len, <, 4000);
    }
}

/* --- JSON --- */

static void
save_output (ScTestFakeAgent *self, const char *arguments, const char *file)
{
  g_autoptr (ScTestRun) run = sc_test_run (self, arguments);

  sc_test_run_wait (run);
  g_assert_cmpuint (run->out->len, >, 0);
  g_assert_true (g_file_set_contents (file, run->out->str, (gssize) run->out->len, NULL));
}

static void
assert_schema (const char *folder)
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

static void
test_schema (void)
{
  g_autoptr (ScTestFakeAgent) agent = sc_test_fake_agent_start ();
  g_autofree char *folder = g_dir_make_tmp ("sc-ctl-XXXXXX", NULL);
  g_autofree char *export = g_build_filename (folder, "export.csv", NULL);
  g_autofree char *log_export = g_strdup_printf ("log --json --verify --export=%s", export);
  void (*const scripts[]) (ScTestFakeAgent *) = {
    be_connected, sc_test_fake_agent_be_pending, be_failed,       be_strange, fail_preflight,
    break_log,    sc_test_fake_agent_be_hostile, refuse_timed_out
  };
  const char *const commands[] = {
    "status --json",  "--json check",     "disconnect --yes --json", "spu --json", "log --json",
    "reports --json", "preflight --json", "log --json --verify",     log_export
  };

  agent->url = URL;
  agent->finish_at_once = "returned";
  for (gsize i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      g_autofree char *connect = g_strdup_printf ("%s/%u-connect.json", folder, (guint) i);

      scripts[i](agent);
      save_output (agent, "connect --json", connect);
      for (gsize j = 0; j < G_N_ELEMENTS (commands); j++)
        {
          g_autofree char *file = g_strdup_printf ("%s/%u-%u.json", folder, (guint) i, (guint) j);

          save_output (agent, commands[j], file);
        }
    }
  assert_schema (folder);
  remove_folder (folder);
}

static void
add_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/ctl/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_nonnull (g_getenv ("SC_TEST_SIKKACTL"));

  add_rows ();
  g_test_add_func ("/ctl/agent-missing", test_missing);
  g_test_add_func ("/ctl/log/export", test_export);
  g_test_add_func ("/ctl/log/export-replaces", test_export_replaces);
  g_test_add_func ("/ctl/log/export-fails", test_export_fails);
  g_test_add_func ("/ctl/log/endless", test_log_endless);
  g_test_add_func ("/ctl/hostile", test_hostile);
  g_test_add_func ("/ctl/json/schema", test_schema);

  return g_test_run ();
}
