// SPDX-License-Identifier: MIT
// Every scenario of the sandbox through the real agent and the real command line, each followed by
// the real thing; and how many requests that takes, by the sandbox's own log.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-workplace.h"

#define IDLE_MS 2000

/* A scenario, and what is seen of it. */
typedef struct
{
  const char *scenario;
  const char *path;    /* where it strikes instead of the API, NULL: there */
  gboolean from_start; /* on before Connect, else while connected */
  const char *outcome; /* of Connect, when from_start */
  const char *check;   /* "STATUS ERROR-ID" of sikkactl check; NULL: there is nothing to check */
  int exit_status;     /* of sikkactl check */
  guint statuses;      /* requests of that check */
  guint setups;
  gboolean attention; /* after it */
} Scenario;

static const Scenario scenarios[] = {
  { "none", NULL, TRUE, "returned ", "connected ", 0, 1, 0, FALSE },
  { "denied", NULL, TRUE, "denied oauth-denied", NULL, 0, 0, 0, FALSE },
  { "exchange-fails", NULL, TRUE, "failed oauth-grant", NULL, 0, 0, 0, FALSE },
  { "status-failed", NULL, FALSE, NULL, "failed sikka-not-granted", 4, 1, 0, FALSE },
  { "status-failed", NULL, TRUE, "returned ", "failed sikka-not-granted", 4, 1, 0, FALSE },
  { "setup-required", NULL, TRUE, "returned ", "connected ", 0, 1, 1, FALSE },
  { "setup-required", NULL, FALSE, NULL, "connected ", 0, 1, 0, TRUE },
  { "spu-offline", NULL, FALSE, NULL, "connected ", 0, 1, 0, TRUE },
  { "no-data-yet", NULL, TRUE, "returned ", "connecting ", 1, 1, 1, FALSE },
  { "request-key-expired", NULL, FALSE, NULL, "connected ", 0, 1, 0, FALSE },
  { "rate-limited", NULL, FALSE, NULL, "connected cloud-rate-limited", 4, 1, 0, FALSE },
  { "slow", NULL, FALSE, NULL, "connected ", 0, 1, 0, FALSE },
  { "garbage", NULL, FALSE, NULL, "connected cloud-answer", 4, 1, 0, FALSE },
  { "truncated", NULL, FALSE, NULL, "connected net-truncated", 4, 1, 0, FALSE },
  { "huge", NULL, FALSE, NULL, "connected net-too-large", 4, 1, 0, FALSE },
  { "wrong-type", NULL, FALSE, NULL, "connected cloud-answer", 4, 1, 0, FALSE },
  { "wrong-iss", NULL, TRUE, "failed oauth-issuer", NULL, 0, 0, 0, FALSE },
  { "clock-skew", NULL, FALSE, NULL, "connected ", 0, 1, 0, TRUE },
  { "unavailable", NULL, FALSE, NULL, "connected cloud-unavailable", 4, 1, 0, FALSE },
  { "unavailable", NULL, TRUE, "returned ", "connecting cloud-unavailable", 1, 1, 0, FALSE },
  { "unavailable", "/oauth/token", TRUE, "failed cloud-unavailable", NULL, 0, 0, 0, FALSE },
  { "garbage", "/oauth/token", TRUE, "failed oauth-token", NULL, 0, 0, 0, FALSE },
  { "wrong-type", "/oauth/token", TRUE, "failed oauth-token", NULL, 0, 0, 0, FALSE },
  { "truncated", "/oauth/token", TRUE, "failed net-truncated", NULL, 0, 0, 0, FALSE },
  { "huge", "/oauth/token", TRUE, "failed net-too-large", NULL, 0, 0, 0, FALSE },
  { "revoked", NULL, FALSE, NULL, "failed oauth-grant", 4, 1, 0, FALSE },
  { "strict-rotation", NULL, FALSE, NULL, "connected ", 0, 1, 0, FALSE },
};

static void
assert_check (ScTestWorkplace *workplace, const char *expected, int exit_status)
{
  g_autofree char *output = sc_test_workplace_run (workplace, "sikkactl check --json", exit_status);
  g_autoptr (JsonNode) node = json_from_string (output, NULL);
  JsonObject *answer = json_node_get_object (node);
  const char *error_id = "";
  g_autofree char *found = NULL;

  if (!json_object_get_null_member (answer, "error"))
    error_id =
      json_object_get_string_member (json_object_get_object_member (answer, "error"), "id");
  found = g_strdup_printf ("%s %s", json_object_get_string_member (answer, "status"), error_id);
  g_assert_cmpstr (found, ==, expected);
}

static void
assert_one_click (ScTestWorkplace *workplace, const Scenario *row)
{
  gint64 statuses = sc_test_sandbox_count (workplace->sandbox, SC_TEST_STATUS);
  gint64 setups = sc_test_sandbox_count (workplace->sandbox, SC_TEST_SETUP);

  assert_check (workplace, row->check, row->exit_status);
  g_assert_cmpint (sc_test_sandbox_count (workplace->sandbox, SC_TEST_STATUS) - statuses, ==,
                   row->statuses);
  g_assert_cmpint (sc_test_sandbox_count (workplace->sandbox, SC_TEST_SETUP) - setups, ==,
                   row->setups);
  sc_test_agent_wait_text (workplace->agent, "Busy", "");
  g_assert_cmpint (sc_agent1_get_attention (sc_test_agent_get_proxy (workplace->agent)), ==,
                   row->attention);
}

static void
begin_scenario (ScTestWorkplace *workplace, const Scenario *row)
{
  if (row->path != NULL)
    sc_test_sandbox_set_trouble (workplace->sandbox, row->scenario, row->path);
  else
    sc_test_sandbox_set_scenario (workplace->sandbox, row->scenario);
}

/* What a person would click next: a connection that is held has to be checked again, one that needs
 * a new setup has to be made anew. */
static gboolean
has_to_authorize (ScTestWorkplace *workplace)
{
  g_autofree char *kept = sc_test_agent_get_text (workplace->agent, "KeptIn");
  g_autofree char *account_row = sc_test_workplace_find_row (workplace, "front-desk@d10023");
  g_autofree char *status = sc_test_agent_get_text (workplace->agent, "Status");

  return g_str_equal (kept, "none") ||
         (g_str_equal (account_row, "SETUP_REQUIRED") && g_str_equal (status, "connected"));
}

static void
assert_works_again (ScTestWorkplace *workplace)
{
  sc_test_sandbox_set_scenario (workplace->sandbox, "none");
  if (has_to_authorize (workplace))
    {
      g_autofree char *outcome = sc_test_workplace_authorize (workplace, SC_TEST_HAPPY, "allow");

      g_assert_cmpstr (outcome, ==, "returned ");
    }
  assert_check (workplace, "connected ", 0);
  sc_test_agent_wait_text (workplace->agent, "Busy", "");
  sc_test_agent_assert_text (workplace->agent, "PracticeName", "Happy Dental Clinic");
  g_assert_false (sc_agent1_get_attention (sc_test_agent_get_proxy (workplace->agent)));
}

static gboolean
is_synced (gpointer user_data)
{
  ScTestWorkplace *workplace = user_data;

  return sc_test_sandbox_count (workplace->sandbox, SC_TEST_STATUS) == 1;
}

static void
test_scenario (gconstpointer data)
{
  const Scenario *row = data;
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();

  if (row->from_start)
    {
      g_autofree char *outcome = NULL;

      begin_scenario (workplace, row);
      outcome = sc_test_workplace_authorize (workplace, SC_TEST_HAPPY, "allow");
      g_assert_cmpstr (outcome, ==, row->outcome);
      if (row->check != NULL)
        sc_test_wait_polling (is_synced, workplace);
    }
  else
    {
      sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
      begin_scenario (workplace, row);
    }
  if (row->check != NULL)
    assert_one_click (workplace, row);
  else
    sc_test_workplace_refuse (workplace, "Check", g_variant_new ("(a{sv})", NULL), "NotConnected");
  assert_works_again (workplace);
}

/* ---- scenarios with a story of their own ---- */

/* The metadata are asked for at every Connect, so it never comes to a browser. */
static void
test_wrong_issuer (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();

  sc_test_sandbox_set_scenario (workplace->sandbox, "wrong-issuer");
  sc_test_workplace_refuse (workplace, "Connect", g_variant_new ("(a{sv}a{sv})", NULL, NULL),
                            "OauthIssuer");
  sc_test_agent_assert_text (workplace->agent, "AuthorizationUrl", "");
  assert_works_again (workplace);
}

static void
test_other_practice (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();
  g_autoptr (GVariant) answer = NULL;
  g_autofree char *url = NULL;
  g_autofree char *page = NULL;
  guint transaction;

  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  sc_test_sandbox_set_scenario (workplace->sandbox, "other-practice");
  transaction = sc_test_agent_connect (workplace->agent, FALSE);
  url = sc_test_agent_wait_address (workplace->agent);
  page = sc_test_workplace_decide (url, SC_TEST_HAPPY, "allow");
  sc_test_agent_wait_text (workplace->agent, "Step", "confirm-practice");
  answer = sc_test_workplace_call (workplace, "ConfirmPractice", g_variant_new ("(b)", FALSE));
  g_assert_cmpstr (sc_test_agent_wait_outcome (workplace->agent, transaction)->outcome, ==,
                   "declined");
  assert_check (workplace, "connected ", 0);
  assert_works_again (workplace);
}

/* A rotation that never reached the disk: against strict rotation that means to sign in again. */
static void
test_strict_rotation (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();

  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  sc_test_sandbox_set_scenario (workplace->sandbox, "strict-rotation");
  for (guint i = 0; i < 3; i++)
    {
      sc_test_sandbox_advance_clock (workplace->sandbox, 2 * 60 * 60);
      assert_check (workplace, "connected ", 0);
      sc_test_workplace_stop_agent (workplace);
      sc_test_workplace_start_agent (workplace);
    }
  assert_check (workplace, "connected ", 0);
}

static gboolean
is_asked (gpointer user_data)
{
  ScTestWorkplace *workplace = user_data;

  return sc_test_sandbox_count (workplace->sandbox, SC_TEST_STATUS) == 3;
}

/* The client's own limit is half a minute; what else the agent does must not wait for it. */
static void
test_hangs (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();
  g_autoptr (ScTestCommand) check = NULL;
  g_autoptr (GVariant) answer = NULL;

  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  sc_test_sandbox_set_scenario (workplace->sandbox, "hangs");
  check = sc_test_command_start (workplace->desktop, "sikkactl check", NULL);
  sc_test_wait_polling (is_asked, workplace);

  sc_test_agent_wait_text (workplace->agent, "Busy", "check");
  sc_test_workplace_refuse (workplace, "Connect", g_variant_new ("(a{sv}a{sv})", NULL, NULL),
                            "Busy");
  g_free (sc_test_workplace_run (workplace, "sikkactl status", 0));
  answer = sc_test_workplace_call (workplace, "Quit", NULL);
  g_assert_cmpint (sc_test_command_wait (check), ==, 3);
  sc_test_desktop_wait_name (workplace->desktop, "ca.parlae.SikkaCompanion.Agent", FALSE);

  sc_test_workplace_stop_agent (workplace);
  sc_test_workplace_start_agent (workplace);
  sc_test_agent_assert_text (workplace->agent, "Status", "connected");
  assert_works_again (workplace);
}

/* ---- nothing by itself ---- */

static gboolean
time_passed_cb (gpointer user_data)
{
  gboolean *passed = user_data;

  *passed = TRUE;
  return G_SOURCE_REMOVE;
}

/* Absence has no event to wait for. */
static void
let_time_pass (void)
{
  gboolean passed = FALSE;

  g_timeout_add (IDLE_MS, time_passed_cb, &passed);
  while (!passed)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_idle (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();
  gint64 requests;

  let_time_pass ();
  g_assert_cmpint (sc_test_sandbox_count (workplace->sandbox, NULL), ==, 0);
  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  requests = sc_test_sandbox_count (workplace->sandbox, NULL);
  sc_test_workplace_stop_agent (workplace);
  sc_test_workplace_start_agent (workplace);
  g_free (sc_test_workplace_run (workplace, "sikkactl status", 0));
  g_free (sc_test_workplace_run (workplace, "sikkactl reports", 0));
  g_free (sc_test_workplace_run (workplace, "sikkactl log --verify", 0));
  g_free (sc_test_workplace_run (workplace, "sikkactl spu", 0));
  let_time_pass ();
  g_assert_cmpint (sc_test_sandbox_count (workplace->sandbox, NULL), ==, requests);
}

static void
add_scenario (const Scenario *row)
{
  g_autoptr (GString) path = g_string_new ("/agent/scenarios/");

  g_string_append (path, row->scenario);
  if (row->path != NULL)
    g_string_append_printf (path, "-at%s", row->path);
  g_string_append (path, row->from_start ? "/from-start" : "/while-connected");
  g_string_replace (path, "-at/oauth/", "-at-", 0);
  g_test_add_data_func (path->str, row, test_scenario);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (scenarios); i++)
    add_scenario (&scenarios[i]);
  g_test_add_func ("/agent/scenarios/wrong-issuer", test_wrong_issuer);
  g_test_add_func ("/agent/scenarios/other-practice", test_other_practice);
  g_test_add_func ("/agent/scenarios/strict-rotation/across-restarts", test_strict_rotation);
  g_test_add_func ("/agent/scenarios/hangs", test_hangs);
  g_test_add_func ("/agent/scenarios/idle", test_idle);

  return g_test_run ();
}
