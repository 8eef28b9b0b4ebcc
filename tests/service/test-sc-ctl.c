// SPDX-License-Identifier: MIT
// The real sikkactl on a private bus, against an agent whose answers are scripted: exit status,
// text, JSON, Ctrl-C, and what it does with an agent that is gone, wrong or hostile.

#include <signal.h>

#include "sc-test-ctl.h"
#include "sc-test-wait.h"

#define URL "https://cloud.example/oauth/authorize?client_id=sikka-companion&state=x"

/* --- one command, one answer --- */

typedef struct
{
  const char *name;
  void (*script) (ScTestAgent *agent);
  const char *arguments;
  ScCtlTestExit exit;
  const char *out; /* lines of standard output in this order; * stands for anything */
  const char *err;
  const char *calls; /* what the agent was asked, in order */
} Row;

static void
be_connected (ScTestAgent *agent)
{
  sc_test_agent_set_state (agent, "connected", "connected", "connected");
}

static void
be_pending (ScTestAgent *agent)
{
  sc_test_agent_set_state (agent, "pending", "pending", "connect-first");
  g_object_set (agent->skeleton, "practice-name", "", "last-checked", (gint64) 0, NULL);
}

static void
be_returned (ScTestAgent *agent)
{
  sc_test_agent_set_state (agent, "connecting", "connecting", "check-to-verify");
}

static void
be_too_old (ScTestAgent *agent)
{
  sc_test_agent_set_state (agent, "connected", "unknown", "too-old");
}

static void
be_failed (ScTestAgent *agent)
{
  sc_test_agent_set_state (agent, "failed", "failed", "failed");
  g_object_set (agent->skeleton, "error-id", "sikka-spu-offline", NULL);
}

static void
be_strange (ScTestAgent *agent)
{
  sc_test_agent_set_state (agent, "connected", "wonderful", "connected");
}

static void
be_newer (ScTestAgent *agent)
{
  g_object_set (agent->skeleton, "api-version", 2u, NULL);
}

static void
be_offline (ScTestAgent *agent)
{
  be_connected (agent);
  agent->check_error_id = "net-offline";
}

static void
refuse_timed_out (ScTestAgent *agent)
{
  agent->refusal = "OauthTimedOut";
}

static void
refuse_not_connected (ScTestAgent *agent)
{
  agent->refusal = "NotConnected";
}

static void
refuse_unheard_of (ScTestAgent *agent)
{
  agent->refusal = "SomethingNew";
}

static void
answer_nothing (ScTestAgent *agent)
{
  agent->refusal = "";
}

static void
break_log (ScTestAgent *agent)
{
  agent->broken_at = 2;
}

static void
fail_preflight (ScTestAgent *agent)
{
  agent->preflight_verdict = "failed";
}

static const Row rows[] = {
  { "status/connected", be_connected, "status", SC_CTL_TEST_OK,
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
  { "status/pending", be_pending, "status", SC_CTL_TEST_NOT_CONNECTED,
    "Not connected yet.\nRun \"sikkactl connect\" to connect.\nNever checked.*", "", "" },
  { "status/returned", be_returned, "status", SC_CTL_TEST_NOT_CONNECTED,
    "Connection in progress.\nRun \"sikkactl check\" to verify.\n*", "", "" },
  { "status/too-old", be_too_old, "status", SC_CTL_TEST_NOT_CONNECTED,
    "Not known: the last check is too old *", "", "" },
  { "status/failed", be_failed, "status", SC_CTL_TEST_FAILED,
    "The connection failed.\nSikka cannot reach the SPU of this practice.\nNext step, for your IT: "
    "*",
    "", "" },
  { "status/unknown-word", be_strange, "status", SC_CTL_TEST_NOT_CONNECTED,
    "It is not known whether the connection works.\n*", "", "" },
  { "status/newer-agent", be_newer, "status", SC_CTL_TEST_FAILED, "",
    "The agent is newer than this program.\n*", "" },
  { "check/connected", be_connected, "check", SC_CTL_TEST_OK,
    "Successfully connected to Happy Dental Clinic (Dentrix).\n"
    "Last checked on Saturday, 20 November 2021 at 09:12. Reference K7-21F.\n*",
    "", "Check" },
  { "check/returned", be_returned, "check", SC_CTL_TEST_NOT_CONNECTED, "Connection in progress.\n*",
    "", "Check" },
  { "check/failed", be_failed, "check", SC_CTL_TEST_FAILED, "The connection failed.\n*", "",
    "Check" },
  { "check/offline", be_offline, "check", SC_CTL_TEST_FAILED,
    "The check could not be completed. *\nSuccessfully connected to *\n"
    "This PC has no connection to the internet.\nNext step, for your IT: *",
    "", "Check" },
  { "check/not-connected", refuse_not_connected, "check", SC_CTL_TEST_NOT_CONNECTED, "",
    "This PC is not connected.\nNext step, for the front desk: *\nDetail: refused by the script\n",
    "Check" },
  { "check/timed-out", refuse_timed_out, "check", SC_CTL_TEST_CANCELLED, "", "Time ran out: *",
    "Check" },
  { "check/unheard-of", refuse_unheard_of, "check", SC_CTL_TEST_FAILED, "",
    "Something went wrong *", "Check" },
  { "check/agent-dies", answer_nothing, "check", SC_CTL_TEST_NO_AGENT, "",
    "The companion's agent cannot be reached.\n*", "Check" },
  { "spu", be_connected, "spu", SC_CTL_TEST_OK,
    "✗ The SPU is installed on this PC, but it does not run completely.\n    SSCservice.exe: "
    "running\n",
    "", "ProbeSpu" },
  { "reports", be_connected, "reports", SC_CTL_TEST_OK,
    "2 reports wait to be sent.\nSat 2021-11-20 09:12:00  r-1  connected\n    state, tried 1 time, "
    "*\n*",
    "", "ListReports" },
  { "preflight/ready", be_connected, "preflight", SC_CTL_TEST_OK,
    "This PC is ready to connect.\n✓ Keyring: ok.\n*", "", "Preflight" },
  { "preflight/failed", fail_preflight, "preflight", SC_CTL_TEST_FAILED,
    "This PC is not ready to connect.\n✓ Keyring: ok.\n✗ Clock: failed.\n    7 minutes behind\n"
    "    This PC's clock is wrong by more than five minutes.\n    Next step, for your IT: *",
    "", "Preflight" },
  { "log", be_connected, "log", SC_CTL_TEST_OK,
    "1  Sat 2021-11-20 09:12:01  anna  connect  connected  K7-1\n*", "",
    "ListActivity 0 ListActivity 1000 ListActivity 1001" },
  { "log/verify", be_connected, "log --verify", SC_CTL_TEST_OK,
    "The log is intact: 1001 rows were looked at.\nHead of the chain: abc\n", "", "VerifyLog" },
  { "log/broken", break_log, "log --verify", SC_CTL_TEST_FAILED,
    "The log is broken: row 2 does not fit the one before it.\n*", "", "VerifyLog" },
  { "disconnect/yes", be_connected, "disconnect --yes", SC_CTL_TEST_OK,
    "This PC is disconnected.\n", "", "Disconnect this-pc immediate" },
  { "disconnect/typed", be_connected, "disconnect < yes", SC_CTL_TEST_OK,
    "This PC is disconnected.\n",
    "This ends the connection of this PC to Happy Dental Clinic (Dentrix).\n*",
    "Disconnect this-pc immediate" },
  { "disconnect/not-typed", be_connected, "disconnect < no", SC_CTL_TEST_CANCELLED, "",
    "*Not confirmed, so nothing was done.\n*", "" },
  { "disconnect/end-of-input", be_connected, "disconnect", SC_CTL_TEST_CANCELLED, "",
    "*Not confirmed, so nothing was done.\n*", "" },
  { "disconnect/pending", be_pending, "disconnect", SC_CTL_TEST_OK,
    "There is nothing to disconnect: this PC is not connected.\n", "", "" },
  { "disconnect/practice-yes", be_connected, "disconnect --practice --yes", SC_CTL_TEST_OK,
    "The practice is disconnected: Happy Dental Clinic (Dentrix).\n", "",
    "Disconnect practice immediate name=Happy Dental Clinic" },
  { "disconnect/practice-typed", be_connected, "disconnect --practice < Happy Dental Clinic",
    SC_CTL_TEST_OK, "The practice is disconnected: *",
    "*Type its name to go on: Happy Dental Clinic\n*",
    "Disconnect practice immediate name=Happy Dental Clinic" },
  { "disconnect/practice-mistyped", be_connected, "disconnect --practice < yes",
    SC_CTL_TEST_CANCELLED, "", "*Not confirmed*", "" },
  { "disconnect/practice-pending", be_pending, "disconnect --practice --yes",
    SC_CTL_TEST_NOT_CONNECTED, "", "This PC is not connected.\n*", "" },
  { "connect/refused", refuse_timed_out, "connect", SC_CTL_TEST_CANCELLED, "", "Time ran out: *",
    "Connect open-browser" },
  { "usage/no-command", be_connected, "", SC_CTL_TEST_USAGE, "",
    "sikkactl: A command is missing.\n*", "" },
  { "usage/no-such-command", be_connected, "conect", SC_CTL_TEST_USAGE, "",
    "sikkactl: There is no command \"conect\".\n*", "" },
  { "usage/no-such-option", be_connected, "status --yes", SC_CTL_TEST_USAGE, "", "sikkactl: *",
    "" },
  { "usage/too-much", be_connected, "check now", SC_CTL_TEST_USAGE, "",
    "sikkactl: \"now\" is not *", "" },
  { "usage/number", be_connected, "connect --timeout=soon", SC_CTL_TEST_USAGE, "", "sikkactl: *",
    "" },
  { "usage/negative", be_connected, "connect --timeout=-1", SC_CTL_TEST_USAGE, "", "sikkactl: *",
    "" },
  { "usage/export-nowhere", be_connected, "log --export=-", SC_CTL_TEST_USAGE, "", "sikkactl: *",
    "" },
  { "usage/empty-name", be_connected, "connect --accept-practice=", SC_CTL_TEST_USAGE, "",
    "sikkactl: *", "" },
  { "help", be_connected, "--help", SC_CTL_TEST_OK, "Usage:\n*preflight *Exit status: *", "", "" },
  { "help/command", be_connected, "log --help", SC_CTL_TEST_OK, "Usage:\n*--verify*--export*", "",
    "" },
  { "version", be_connected, "--version", SC_CTL_TEST_OK, "sikkactl *\n", "", "" },
};

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (ScTestAgent) agent = sc_test_agent_start ();
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
  g_autoptr (ScTestAgent) agent = sc_test_agent_start ();
  const char *const commands[] = { "status", "connect", "check", "disconnect --yes", "spu",
                                   "log", "reports", "preflight" };

  sc_test_agent_leave (agent);
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autoptr (ScTestRun) run = sc_test_run (agent, commands[i]);

      sc_test_run_wait (run);
      sc_test_run_assert (run, SC_CTL_TEST_NO_AGENT, "",
                          "The companion's agent cannot be reached.\n*");
    }
}

/* --- connect --- */

static void
assert_finishes (const char *arguments,
                 const char *outcome,
                 ScCtlTestExit exit,
                 const char *out,
                 const char *err)
{
  g_autoptr (ScTestAgent) agent = sc_test_agent_start ();
  g_autoptr (ScTestRun) run = NULL;

  be_pending (agent);
  agent->url = URL;
  run = sc_test_run (agent, arguments);
  sc_test_run_wait_for (run, run->out, URL "\n*");
  sc_test_agent_finish (agent, outcome, "");
  sc_test_run_wait (run);
  sc_test_run_assert (run, exit, out, err);
}

static void
test_connect_outcomes (void)
{
  assert_finishes ("connect", "returned", SC_CTL_TEST_OK,
                   URL "\nThe browser opens this address. *\nAuthorized. Run \"sikkactl check\" *",
                   "");
  assert_finishes ("connect --no-browser", "returned", SC_CTL_TEST_OK,
                   URL "\nOpen this address in a browser on this PC. *\nAuthorized. *", "");
  assert_finishes ("connect", "denied", SC_CTL_TEST_CANCELLED, URL "\n*",
                   "The permission was refused *");
  assert_finishes ("connect", "cancelled", SC_CTL_TEST_CANCELLED, URL "\n*", "Cancelled.\n*");
  assert_finishes ("connect", "timed-out", SC_CTL_TEST_CANCELLED, URL "\n*", "Time ran out*");
  assert_finishes ("connect", "declined", SC_CTL_TEST_CANCELLED, URL "\n*", "The other practice *");
  assert_finishes ("connect", "failed", SC_CTL_TEST_FAILED, URL "\n*", "Something went wrong*");
  assert_finishes ("connect", "who-knows", SC_CTL_TEST_FAILED, URL "\n*", "Something went wrong*");
}

/* The agent is through before the answer to Connect is on its way. */
static void
test_connect_instantly (void)
{
  g_autoptr (ScTestAgent) agent = sc_test_agent_start ();
  g_autoptr (ScTestRun) run = NULL;

  be_pending (agent);
  agent->url = URL;
  agent->finish_at_once = "returned";
  run = sc_test_run (agent, "connect");
  sc_test_run_wait (run);
  sc_test_run_assert (run, SC_CTL_TEST_OK, URL "\n*Authorized. *", "");
}

/* Somebody else's transaction ends; ours goes on. */
static void
test_connect_other_transaction (void)
{
  g_autoptr (ScTestAgent) agent = sc_test_agent_start ();
  g_autoptr (ScTestRun) run = NULL;

  be_pending (agent);
  agent->url = URL;
  run = sc_test_run (agent, "connect");
  sc_test_run_wait_for (run, run->out, URL "\n*");
  sc_agent1_emit_transaction_finished (agent->skeleton, agent->transaction - 1, "failed", "failed",
                                       "");
  sc_test_agent_finish (agent, "returned", "");
  sc_test_run_wait (run);
  sc_test_run_assert (run, SC_CTL_TEST_OK, URL "\n*Authorized. *", "");
}

static void
test_connect_json (void)
{
  g_autoptr (ScTestAgent) agent = sc_test_agent_start ();
  g_autoptr (ScTestRun) run = NULL;

  be_pending (agent);
  agent->url = URL;
  run = sc_test_run (agent, "connect --no-browser --json");
  sc_test_run_wait_for (run, run->err, URL "\n*");
  sc_test_agent_finish (agent, "denied", "oauth-denied");
  sc_test_run_wait (run);
  sc_test_run_assert (run, SC_CTL_TEST_CANCELLED,
                      "{*\"outcome\" : \"denied\"*\"id\" : \"oauth-denied\"*}\n", URL "\n*");
  g_assert_null (strstr (run->out->str, "authorize"));
}

static void
test_connect_interrupted (gconstpointer data)
{
  g_autoptr (ScTestAgent) agent = sc_test_agent_start ();
  g_autoptr (ScTestRun) run = NULL;

  be_pending (agent);
  agent->url = URL;
  run = sc_test_run (agent, "connect");
  sc_test_run_wait_for (run, run->out, URL "\n*");
  g_subprocess_send_signal (run->process, GPOINTER_TO_INT (data));
  sc_test_run_wait (run);
  sc_test_run_assert (run, SC_CTL_TEST_CANCELLED, URL "\n*", "Cancelled.\n*");
  g_assert_cmpstr (agent->calls->str, ==, "Connect open-browser Cancel");
}

static void
test_connect_gives_up (void)
{
  g_autoptr (ScTestAgent) agent = sc_test_agent_start ();
  g_autoptr (ScTestRun) run = NULL;

  be_pending (agent);
  agent->url = URL;
  run = sc_test_run (agent, "connect --no-browser --timeout=1");
  sc_test_run_wait (run);
  sc_test_run_assert (run, SC_CTL_TEST_CANCELLED, URL "\n*", "Time ran out*");
  g_assert_cmpstr (agent->calls->str, ==, "Connect Cancel");
}

static void
test_connect_agent_leaves (void)
{
  g_autoptr (ScTestAgent) agent = sc_test_agent_start ();
  g_autoptr (ScTestRun) run = NULL;

  be_pending (agent);
  agent->url = URL;
  run = sc_test_run (agent, "connect");
  sc_test_run_wait_for (run, run->out, URL "\n*");
  sc_test_agent_leave (agent);
  sc_test_run_wait (run);
  sc_test_run_assert (run, SC_CTL_TEST_NO_AGENT, URL "\n*",
                      "The companion's agent cannot be reached.\n*");
}

static void
test_connect_bad_address (gconstpointer data)
{
  g_autoptr (ScTestAgent) agent = sc_test_agent_start ();
  g_autoptr (ScTestRun) run = NULL;

  be_pending (agent);
  agent->url = data;
  run = sc_test_run (agent, "connect");
  sc_test_run_wait (run);
  sc_test_run_assert (run, SC_CTL_TEST_FAILED, "", "The agent's answer cannot be understood.\n*");
  g_assert_cmpstr (agent->calls->str, ==, "Connect open-browser Cancel");
}

/* --- another practice --- */

typedef struct
{
  const char *name;
  const char *arguments;
  const char *typed; /* on a terminal, NULL: there is none */
  gboolean accepted;
} PracticeRow;

static const PracticeRow practice_rows[] = {
  { "no-terminal", "connect", NULL, FALSE },
  { "typed-yes", "connect", "y\n", TRUE },
  { "typed-no", "connect", "n\n", FALSE },
  { "typed-nothing", "connect", "\n", FALSE },
  { "named", "connect --accept-practice=Other Dental", NULL, TRUE },
  { "named-otherwise", "connect --accept-practice=Other", NULL, FALSE },
};

static void
test_practice (gconstpointer data)
{
  const PracticeRow *row = data;
  g_autoptr (ScTestAgent) agent = sc_test_agent_start ();
  g_autoptr (ScTestRun) run = NULL;

  be_connected (agent);
  agent->url = URL;
  run = row->typed != NULL ? sc_test_run_on_terminal (agent, row->arguments)
                           : sc_test_run (agent, row->arguments);
  sc_test_run_wait_for (run, run->out, URL "\n*");
  sc_test_agent_ask_practice (agent, "Other Dental", "Open Dental");
  if (row->typed != NULL)
    {
      sc_test_run_wait_for (run, run->err,
                            "*Connect this PC to Other Dental (Open Dental) instead? [y/N] ");
      sc_test_run_type (run, row->typed);
    }
  sc_test_run_wait (run);
  sc_test_run_assert (
    run, row->accepted ? SC_CTL_TEST_OK : SC_CTL_TEST_CANCELLED,
    URL "\n*Another practice was signed in than before: Other Dental (Open Dental).\n*", "*");
  g_assert_cmpstr (agent->calls->str, ==,
                   row->accepted ? "Connect open-browser ConfirmPractice yes"
                                 : "Connect open-browser ConfirmPractice no");
}

/* --- export --- */

static void
test_export (void)
{
  g_autoptr (ScTestAgent) agent = sc_test_agent_start ();
  g_autofree char *folder = g_dir_make_tmp ("sc-ctl-XXXXXX", NULL);
  g_autofree char *csv = g_build_filename (folder, "log.csv", NULL);
  g_autofree char *lines = g_build_filename (folder, "log.jsonl", NULL);

  agent->log_user = "=cmd|'x'\", \"";
  sc_test_agent_assert_export (agent, csv, SC_CTL_TEST_OK,
                               "sequence,time,user,action,result,reference,hash\r\n"
                               "1,2021-11-20T09:12:01Z,\"'=cmd|'x'\"\", \"\"\",\"connect\",*\r\n"
                               "1001,*\"\r\n");
  sc_test_agent_assert_export (agent, lines, SC_CTL_TEST_OK,
                               "{\"sequence\":1,\"time\":\"2021-11-20T09:12:01Z\","
                               "\"user\":\"=cmd|'x'\\\", \\\"\",*}\n*{\"sequence\":1001,*}\n");
  g_assert_cmpuint (sc_test_count_files (folder), ==, 2);
  sc_test_remove_folder (folder);
}

/* Nothing half-written: the old file stays, no other is left beside it. */
static void
test_export_fails (void)
{
  g_autoptr (ScTestAgent) agent = sc_test_agent_start ();
  g_autofree char *folder = g_dir_make_tmp ("sc-ctl-XXXXXX", NULL);
  g_autofree char *kept = g_build_filename (folder, "kept.csv", NULL);
  g_autofree char *nowhere = g_build_filename (folder, "nowhere", "log.csv", NULL);
  g_autofree char *taken = g_build_filename (folder, "taken.csv", NULL);

  g_assert_cmpint (g_mkdir (taken, 0700), ==, 0);
  sc_test_agent_assert_export (agent, nowhere, SC_CTL_TEST_FAILED, NULL);
  sc_test_agent_assert_export (agent, taken, SC_CTL_TEST_FAILED, NULL);
  g_assert_true (g_file_set_contents (kept, "old", -1, NULL));
  agent->log_fails_after = 1000;
  sc_test_agent_assert_export (agent, kept, SC_CTL_TEST_FAILED, "old");
  g_assert_cmpuint (sc_test_count_files (folder), ==, 2);
  sc_test_remove_folder (folder);
}

/* An agent that hands out the same rows for ever is not listened to for ever. */
static void
test_log_endless (void)
{
  g_autoptr (ScTestAgent) agent = sc_test_agent_start ();
  g_autoptr (ScTestRun) run = NULL;

  agent->log_repeats = TRUE;
  run = sc_test_run (agent, "log");
  sc_test_run_wait (run);
  sc_test_run_assert (run, SC_CTL_TEST_FAILED, "", "The agent's answer cannot be understood.\n*");
}

/* --- a hostile agent --- */

static void
test_hostile (void)
{
  g_autoptr (ScTestAgent) agent = sc_test_agent_start ();
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

  sc_test_agent_be_hostile (agent);
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
test_schema (void)
{
  g_autoptr (ScTestAgent) agent = sc_test_agent_start ();
  g_autofree char *folder = g_dir_make_tmp ("sc-ctl-XXXXXX", NULL);
  g_autofree char *export = g_build_filename (folder, "export.csv", NULL);
  g_autofree char *log_export = g_strdup_printf ("log --json --verify --export=%s", export);
  void (*const scripts[]) (ScTestAgent *) = { be_connected,
                                              be_pending,
                                              be_failed,
                                              be_strange,
                                              fail_preflight,
                                              break_log,
                                              sc_test_agent_be_hostile,
                                              refuse_timed_out };
  const char *const commands[] = {
    "status --json", "--json check", "disconnect --yes --json", "spu --json", "log --json",
    "reports --json", "preflight --json", "log --json --verify", log_export
  };

  agent->url = URL;
  agent->finish_at_once = "returned";
  for (gsize i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      g_autofree char *connect = g_strdup_printf ("%s/%u-connect.json", folder, (guint) i);

      scripts[i](agent);
      sc_test_agent_save_output (agent, "connect --json", connect);
      for (gsize j = 0; j < G_N_ELEMENTS (commands); j++)
        {
          g_autofree char *file = g_strdup_printf ("%s/%u-%u.json", folder, (guint) i, (guint) j);

          sc_test_agent_save_output (agent, commands[j], file);
        }
    }
  sc_test_assert_schema (folder);
  sc_test_remove_folder (folder);
}

static void
add_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/ctl/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_row);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (practice_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/ctl/practice/", practice_rows[i].name, NULL);

      g_test_add_data_func (path, &practice_rows[i], test_practice);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_nonnull (g_getenv ("SC_TEST_SIKKACTL"));

  add_rows ();
  g_test_add_func ("/ctl/agent-missing", test_missing);
  g_test_add_func ("/ctl/connect/outcomes", test_connect_outcomes);
  g_test_add_func ("/ctl/connect/instantly", test_connect_instantly);
  g_test_add_func ("/ctl/connect/other-transaction", test_connect_other_transaction);
  g_test_add_func ("/ctl/connect/json", test_connect_json);
  g_test_add_data_func ("/ctl/connect/ctrl-c", GINT_TO_POINTER (SIGINT), test_connect_interrupted);
  g_test_add_data_func ("/ctl/connect/terminated", GINT_TO_POINTER (SIGTERM),
                        test_connect_interrupted);
  g_test_add_func ("/ctl/connect/gives-up", test_connect_gives_up);
  g_test_add_func ("/ctl/connect/agent-leaves", test_connect_agent_leaves);
  g_test_add_data_func ("/ctl/connect/address-drives-terminal", "https://x/\033[2J",
                        test_connect_bad_address);
  g_test_add_data_func ("/ctl/connect/address-of-another-kind", "javascript:x",
                        test_connect_bad_address);
  g_test_add_func ("/ctl/log/export", test_export);
  g_test_add_func ("/ctl/log/export-fails", test_export_fails);
  g_test_add_func ("/ctl/log/endless", test_log_endless);
  g_test_add_func ("/ctl/hostile", test_hostile);
  g_test_add_func ("/ctl/json/schema", test_schema);

  return g_test_run ();
}
