// SPDX-License-Identifier: MIT
// The real `sikkactl connect`, against an agent whose answers are scripted: the address, every
// outcome, Ctrl-C, another practice with and without a terminal.

#include <signal.h>

#include "sc-test-run.h"

#define URL "https://cloud.example/oauth/authorize?client_id=sikka-companion&state=x"

static void
assert_finishes (const char *arguments,
                 const char *outcome,
                 ScTestExit exit,
                 const char *out,
                 const char *err)
{
  g_autoptr (ScTestFakeAgent) agent = sc_test_fake_agent_start ();
  g_autoptr (ScTestRun) run = NULL;

  sc_test_fake_agent_be_pending (agent);
  agent->url = URL;
  run = sc_test_run (agent, arguments);
  sc_test_run_wait_for (run, run->out, URL "\n*");
  sc_test_fake_agent_finish (agent, outcome, "");
  sc_test_run_wait (run);
  sc_test_run_assert (run, exit, out, err);
}

static void
test_connect_outcomes (void)
{
  assert_finishes ("connect", "returned", SC_TEST_EXIT_OK,
                   URL "\nThe browser opens this address. *\nAuthorized. Run \"sikkactl check\" *",
                   "");
  assert_finishes ("connect --no-browser", "returned", SC_TEST_EXIT_OK,
                   URL "\nOpen this address in a browser on this PC. *\nAuthorized. *", "");
  assert_finishes ("connect", "denied", SC_TEST_EXIT_CANCELLED, URL "\n*",
                   "The permission was refused *");
  assert_finishes ("connect", "cancelled", SC_TEST_EXIT_CANCELLED, URL "\n*", "Cancelled.\n*");
  assert_finishes ("connect", "timed-out", SC_TEST_EXIT_CANCELLED, URL "\n*", "Time ran out*");
  assert_finishes ("connect", "declined", SC_TEST_EXIT_CANCELLED, URL "\n*",
                   "The other practice *");
  assert_finishes ("connect", "failed", SC_TEST_EXIT_FAILED, URL "\n*", "Something went wrong*");
  assert_finishes ("connect", "who-knows", SC_TEST_EXIT_FAILED, URL "\n*", "Something went wrong*");
}

/* The agent is through before the answer to Connect is on its way. */
static void
test_connect_instantly (void)
{
  g_autoptr (ScTestFakeAgent) agent = sc_test_fake_agent_start ();
  g_autoptr (ScTestRun) run = NULL;

  sc_test_fake_agent_be_pending (agent);
  agent->url = URL;
  agent->finish_at_once = "returned";
  run = sc_test_run (agent, "connect");
  sc_test_run_wait (run);
  sc_test_run_assert (run, SC_TEST_EXIT_OK, URL "\n*Authorized. *", "");
}

/* Somebody else's transaction ends; ours goes on, to its question even. */
static void
test_connect_other_transaction (void)
{
  g_autoptr (ScTestFakeAgent) agent = sc_test_fake_agent_start ();
  g_autoptr (ScTestRun) run = NULL;

  agent->url = URL;
  run = sc_test_run (agent, "connect --accept-practice=Other");
  sc_test_run_wait_for (run, run->out, URL "\n*");
  sc_agent1_emit_transaction_finished (agent->skeleton, agent->transaction - 1, "failed", "failed",
                                       "");
  sc_test_fake_agent_ask_practice (agent, "Other", "");
  sc_test_run_wait (run);
  sc_test_run_assert (run, SC_TEST_EXIT_OK, URL "\n*Authorized. *", "");
  g_assert_cmpstr (agent->calls->str, ==, "Connect open-browser ConfirmPractice yes");
}

static void
test_connect_json (void)
{
  g_autoptr (ScTestFakeAgent) agent = sc_test_fake_agent_start ();
  g_autoptr (ScTestRun) run = NULL;

  sc_test_fake_agent_be_pending (agent);
  agent->url = URL;
  run = sc_test_run (agent, "connect --no-browser --json");
  sc_test_run_wait_for (run, run->err, URL "\n*");
  sc_test_fake_agent_finish (agent, "denied", "oauth-denied");
  sc_test_run_wait (run);
  sc_test_run_assert (run, SC_TEST_EXIT_CANCELLED,
                      "{*\"outcome\" : \"denied\"*\"id\" : \"oauth-denied\"*}\n", URL "\n*");
  g_assert_null (strstr (run->out->str, "authorize"));
}

static void
test_connect_interrupted (gconstpointer data)
{
  g_autoptr (ScTestFakeAgent) agent = sc_test_fake_agent_start ();
  g_autoptr (ScTestRun) run = NULL;

  sc_test_fake_agent_be_pending (agent);
  agent->url = URL;
  run = sc_test_run (agent, "connect");
  sc_test_run_wait_for (run, run->out, URL "\n*");
  g_subprocess_send_signal (run->process, GPOINTER_TO_INT (data));
  sc_test_run_wait (run);
  sc_test_run_assert (run, SC_TEST_EXIT_CANCELLED, URL "\n*", "Cancelled.\n*");
  g_assert_cmpstr (agent->calls->str, ==, "Connect open-browser Cancel");
}

static void
test_connect_gives_up (void)
{
  g_autoptr (ScTestFakeAgent) agent = sc_test_fake_agent_start ();
  g_autoptr (ScTestRun) run = NULL;

  sc_test_fake_agent_be_pending (agent);
  agent->url = URL;
  run = sc_test_run (agent, "connect --no-browser --timeout=1");
  sc_test_run_wait (run);
  sc_test_run_assert (run, SC_TEST_EXIT_CANCELLED, URL "\n*", "Time ran out*");
  g_assert_cmpstr (agent->calls->str, ==, "Connect Cancel");
}

static void
test_connect_agent_leaves (void)
{
  g_autoptr (ScTestFakeAgent) agent = sc_test_fake_agent_start ();
  g_autoptr (ScTestRun) run = NULL;

  sc_test_fake_agent_be_pending (agent);
  agent->url = URL;
  run = sc_test_run (agent, "connect");
  sc_test_run_wait_for (run, run->out, URL "\n*");
  sc_test_fake_agent_leave (agent);
  sc_test_run_wait (run);
  sc_test_run_assert (run, SC_TEST_EXIT_NO_AGENT, URL "\n*",
                      "The companion's agent cannot be reached.\n*");
}

static void
test_connect_bad_address (gconstpointer data)
{
  g_autoptr (ScTestFakeAgent) agent = sc_test_fake_agent_start ();
  g_autoptr (ScTestRun) run = NULL;

  sc_test_fake_agent_be_pending (agent);
  agent->url = data;
  run = sc_test_run (agent, "connect");
  sc_test_run_wait (run);
  sc_test_run_assert (run, SC_TEST_EXIT_FAILED, "", "The agent's answer cannot be understood.\n*");
  g_assert_cmpstr (agent->calls->str, ==, "Connect open-browser Cancel");
}

/* --- another practice --- */

typedef struct
{
  const char *name;
  const char *arguments;
  const char *typed; /* on a terminal, NULL: there is none */
  gboolean accepted;
  const char *says; /* a pattern */
} PracticeRow;

static const PracticeRow practice_rows[] = {
  { "no-terminal", "connect", NULL, FALSE, "*Nobody can be asked here, so it is declined.*" },
  { "typed-yes", "connect", "y\n", TRUE, "*" },
  { "typed-no", "connect", "n\n", FALSE, "*" },
  { "typed-nothing", "connect", "\n", FALSE, "*" },
  { "named", "connect --accept-practice=Other Dental", NULL, TRUE, "*" },
  { "named-otherwise", "connect --accept-practice=Other", NULL, FALSE,
    "*That is not the one named by --accept-practice, so it is declined.*" },
};

static void
test_practice (gconstpointer data)
{
  const PracticeRow *row = data;
  g_autoptr (ScTestFakeAgent) agent = sc_test_fake_agent_start ();
  g_autoptr (ScTestRun) run = NULL;

  agent->url = URL;
  run = row->typed != NULL ? sc_test_run_on_terminal (agent, row->arguments)
                           : sc_test_run (agent, row->arguments);
  sc_test_run_wait_for (run, run->out, URL "\n*");
  sc_test_fake_agent_ask_practice (agent, "Other Dental", "Open Dental");
  if (row->typed != NULL)
    {
      sc_test_run_wait_for (run, run->err,
                            "*Connect this PC to Other Dental (Open Dental) instead? [y/N] ");
      sc_test_run_type (run, row->typed);
    }
  sc_test_run_wait (run);
  sc_test_run_assert (
    run, row->accepted ? SC_TEST_EXIT_OK : SC_TEST_EXIT_CANCELLED,
    URL "\n*Another practice was signed in than before: Other Dental (Open Dental).\n*", "*");
  g_assert_true (g_pattern_match_simple (row->says, run->out->str));
  g_assert_cmpstr (agent->calls->str, ==,
                   row->accepted ? "Connect open-browser ConfirmPractice yes"
                                 : "Connect open-browser ConfirmPractice no");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_nonnull (g_getenv ("SC_TEST_SIKKACTL"));

  for (gsize i = 0; i < G_N_ELEMENTS (practice_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/ctl-connect/practice/", practice_rows[i].name, NULL);

      g_test_add_data_func (path, &practice_rows[i], test_practice);
    }
  g_test_add_func ("/ctl-connect/outcomes", test_connect_outcomes);
  g_test_add_func ("/ctl-connect/instantly", test_connect_instantly);
  g_test_add_func ("/ctl-connect/other-transaction", test_connect_other_transaction);
  g_test_add_func ("/ctl-connect/json", test_connect_json);
  g_test_add_data_func ("/ctl-connect/ctrl-c", GINT_TO_POINTER (SIGINT), test_connect_interrupted);
  g_test_add_data_func ("/ctl-connect/terminated", GINT_TO_POINTER (SIGTERM),
                        test_connect_interrupted);
  g_test_add_func ("/ctl-connect/gives-up", test_connect_gives_up);
  g_test_add_func ("/ctl-connect/agent-leaves", test_connect_agent_leaves);
  g_test_add_data_func ("/ctl-connect/address-drives-terminal", "https://x/\033[2J",
                        test_connect_bad_address);
  g_test_add_data_func ("/ctl-connect/address-of-another-kind", "javascript:x",
                        test_connect_bad_address);

  return g_test_run ();
}
