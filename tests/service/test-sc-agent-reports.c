// SPDX-License-Identifier: MIT
// Reports and revocations that have to wait: none is lost, none is told to somebody else.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-keyring.h"
#include "sc-test-workplace.h"

#include <sqlite3.h>
#include <string.h>

#define REPORTS_PATH "/api/pms/companion/reports"
#define HAPPY_ACCOUNT "front-desk@d10023"
#define BRIGHT_ACCOUNT "front-desk@c20417"

/* ---- what the cloud has ---- */

static JsonArray *
get_reports (ScTestWorkplace *workplace)
{
  g_autoptr (JsonObject) answer = sc_test_sandbox_get_reports (workplace->sandbox);

  return json_array_ref (json_object_get_array_member (answer, "reports"));
}

static guint
count_reports_of (ScTestWorkplace *workplace, const char *account)
{
  g_autoptr (JsonArray) reports = get_reports (workplace);
  guint n = 0;

  for (guint i = 0; i < json_array_get_length (reports); i++)
    n += g_str_equal (
      json_object_get_string_member (json_array_get_object_element (reports, i), "account"),
      account);
  return n;
}

/* Index of the last such request in the sandbox's log, -1 without one. */
static int
find_request (ScTestWorkplace *workplace, const char *method, const char *path)
{
  g_autofree char *url = g_strconcat (workplace->url, "/sandbox/requests", NULL);
  g_autoptr (ScTestAnswer) answer = sc_test_http_send ("GET", url, NULL, NULL, NULL);
  g_autoptr (JsonObject) log = sc_test_answer_get_object (answer);
  JsonArray *requests = json_object_get_array_member (log, "requests");

  for (int i = (int) json_array_get_length (requests) - 1; i >= 0; i--)
    {
      JsonObject *request = json_array_get_object_element (requests, (guint) i);

      if (g_str_equal (json_object_get_string_member (request, "method"), method) &&
          g_str_equal (json_object_get_string_member (request, "path"), path))
        return i;
    }
  return -1;
}

/* ---- what waits on this PC ---- */

/* Returns: (transfer full): ids of the reports that wait, blanks between */
static char *
get_waiting (ScTestWorkplace *workplace)
{
  g_autoptr (GVariant) answer = sc_test_workplace_call (workplace, "ListReports", NULL);
  g_autoptr (GVariantIter) rows = NULL;
  g_autoptr (GString) ids = g_string_new (NULL);
  const char *id;

  g_variant_get (answer, "(a(sxssux))", &rows);
  while (g_variant_iter_loop (rows, "(&sxssux)", &id, NULL, NULL, NULL, NULL, NULL))
    g_string_append_printf (ids, "%s ", id);
  return g_string_free (g_steal_pointer (&ids), FALSE);
}

/* As if the time had come. */
static void
make_due (ScTestWorkplace *workplace)
{
  sc_test_workplace_stop_agent (workplace);
  sc_test_workplace_sql (workplace, "UPDATE outbox SET next_attempt = 0");
  sc_test_workplace_start_agent (workplace);
}

static void
assert_log_fits (ScTestWorkplace *workplace)
{
  g_free (sc_test_workplace_run (workplace, "sikkactl log --verify", 0));
}

static void
assert_check (ScTestWorkplace *workplace, const char *expected)
{
  g_autofree char *found = sc_test_workplace_check (workplace);

  g_assert_cmpstr (found, ==, expected);
}

/* ---- accounts ---- */

static void
test_adopted_by_first_account (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();
  g_autofree char *outcome = NULL;

  sc_test_sandbox_set_scenario (workplace->sandbox, "exchange-fails");
  outcome = sc_test_workplace_authorize (workplace, SC_TEST_HAPPY, "allow");
  g_assert_cmpstr (outcome, ==, "failed oauth-grant");
  g_assert_cmpuint (sc_test_workplace_count_reports (workplace), ==, 1);
  sc_test_workplace_kill_agent (workplace);
  sc_test_workplace_start_agent (workplace);
  g_assert_cmpuint (sc_test_workplace_count_reports (workplace), ==, 1);
  g_assert_cmpint (sc_test_sandbox_count (workplace->sandbox, SC_TEST_REPORTS), ==, 0);

  sc_test_sandbox_set_scenario (workplace->sandbox, "none");
  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  g_assert_cmpuint (count_reports_of (workplace, HAPPY_ACCOUNT), ==, 3);
}

static void
accept_practice (ScTestWorkplace *workplace, const char *practice)
{
  guint transaction = sc_test_agent_connect (workplace->agent, FALSE);
  g_autofree char *url = sc_test_agent_wait_address (workplace->agent);
  g_autofree char *page = sc_test_workplace_decide (url, practice, "allow");
  g_autoptr (GVariant) answer = NULL;

  sc_test_agent_wait_text (workplace->agent, "Step", "confirm-practice");
  answer = sc_test_workplace_call (workplace, "ConfirmPractice", g_variant_new ("(b)", TRUE));
  g_assert_cmpstr (sc_test_agent_wait_outcome (workplace->agent, transaction)->outcome, ==,
                   "returned");
}

static gboolean
is_refused (gpointer user_data)
{
  ScTestWorkplace *workplace = user_data;

  return sc_test_sandbox_count (workplace->sandbox, SC_TEST_REPORTS) == 3;
}

static void
test_dropped_with_other_account (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();

  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  g_assert_cmpuint (count_reports_of (workplace, HAPPY_ACCOUNT), ==, 2);
  sc_test_sandbox_set_trouble (workplace->sandbox, "unavailable", REPORTS_PATH);
  assert_check (workplace, "connected ");
  sc_test_wait_polling (is_refused, workplace);
  sc_test_sandbox_set_scenario (workplace->sandbox, "none");

  accept_practice (workplace, SC_TEST_BRIGHT);
  assert_check (workplace, "connected ");
  sc_test_workplace_wait_reports (workplace, 0);
  g_assert_true (
    sc_test_workplace_has_activity (workplace, "reports dropped-1-of-another-practice"));
  g_assert_cmpuint (count_reports_of (workplace, HAPPY_ACCOUNT), ==, 2);
  g_assert_cmpuint (count_reports_of (workplace, BRIGHT_ACCOUNT), ==, 2);
  assert_log_fits (workplace);
}

/* ---- sent once, counted once ---- */

static void
insert_again (ScTestWorkplace *workplace, JsonObject *report)
{
  JsonNode *body = json_object_get_member (report, "body");
  g_autofree char *text =
    JSON_NODE_HOLDS_VALUE (body) ? json_node_dup_string (body) : json_to_string (body, FALSE);
  char *sql = sqlite3_mprintf ("INSERT INTO outbox (id, account, kind, created, body, attempts, "
                               "next_attempt) VALUES (%Q, (SELECT value FROM state WHERE key = "
                               "'account'), 'state', 1, %Q, 0, 0)",
                               json_object_get_string_member (report, "id"), text);

  sc_test_workplace_sql (workplace, sql);
  sqlite3_free (sql);
}

static void
test_duplicate (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();
  g_autoptr (JsonArray) reports = NULL;
  gint64 sent;

  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  reports = get_reports (workplace);
  sent = sc_test_sandbox_count (workplace->sandbox, SC_TEST_REPORTS);
  sc_test_workplace_kill_agent (workplace);
  insert_again (workplace, json_array_get_object_element (reports, 0));
  sc_test_workplace_start_agent (workplace);
  sc_test_workplace_wait_reports (workplace, 0);
  g_assert_cmpint (sc_test_sandbox_count (workplace->sandbox, SC_TEST_REPORTS), ==, sent + 1);
  g_assert_cmpuint (count_reports_of (workplace, HAPPY_ACCOUNT), ==,
                    json_array_get_length (reports));
}

static void
assert_put_off (ScTestWorkplace *workplace)
{
  g_autoptr (GVariant) answer = sc_test_workplace_call (workplace, "ListReports", NULL);
  g_autoptr (GVariant) rows = g_variant_get_child_value (answer, 0);
  gint64 created;
  guint attempts;
  gint64 next;

  g_variant_get_child (rows, 0, "(sxssux)", NULL, &created, NULL, NULL, &attempts, &next);
  g_assert_cmpuint (attempts, ==, 1);
  g_assert_cmpint (next, >=, created + 120);
}

static gboolean
is_refused_once (gpointer user_data)
{
  ScTestWorkplace *workplace = user_data;

  return sc_test_sandbox_count (workplace->sandbox, SC_TEST_REPORTS) == 1 &&
         sc_test_workplace_count_reports (workplace) == 1;
}

static void
test_retry_after (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();
  g_autofree char *outcome = NULL;
  g_autofree char *waiting = NULL;
  g_autofree char *after = NULL;

  sc_test_sandbox_set_trouble (workplace->sandbox, "unavailable", REPORTS_PATH);
  outcome = sc_test_workplace_authorize (workplace, SC_TEST_HAPPY, "allow");
  sc_test_wait_polling (is_refused_once, workplace);
  sc_test_sandbox_set_scenario (workplace->sandbox, "none");
  assert_check (workplace, "connected ");
  assert_put_off (workplace);
  g_assert_cmpuint (sc_test_workplace_count_reports (workplace), ==, 2);
  waiting = get_waiting (workplace);
  sc_test_workplace_kill_agent (workplace);
  sc_test_workplace_start_agent (workplace);
  assert_check (workplace, "connected ");
  after = get_waiting (workplace);
  g_assert_true (g_str_has_prefix (after, waiting));
  g_assert_cmpint (sc_test_sandbox_count (workplace->sandbox, SC_TEST_REPORTS), ==, 1);

  make_due (workplace);
  sc_test_workplace_wait_reports (workplace, 0);
  g_assert_cmpuint (count_reports_of (workplace, HAPPY_ACCOUNT), ==, 3);
}

/* ---- killed ---- */

static void
test_killed (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();

  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  sc_test_workplace_stop_cloud (workplace);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *before = NULL;
      g_autofree char *after = NULL;

      assert_check (workplace, "connected net-refused");
      before = get_waiting (workplace);
      sc_test_workplace_kill_agent (workplace);
      sc_test_workplace_start_agent (workplace);
      after = get_waiting (workplace);
      g_assert_cmpstr (after, ==, before);
      assert_log_fits (workplace);
    }
  sc_test_workplace_start_cloud (workplace);
  make_due (workplace);
  sc_test_workplace_wait_reports (workplace, 0);
  assert_check (workplace, "connected ");
}

static void
test_tampered_log (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();
  g_autofree char *output = NULL;
  g_autoptr (GVariant) answer = NULL;
  gboolean intact;
  gint64 broken_at;

  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  assert_log_fits (workplace);
  sc_test_workplace_stop_agent (workplace);
  sc_test_workplace_sql (workplace, "UPDATE activity SET result = 'denied' WHERE sequence = 2");
  sc_test_workplace_start_agent (workplace);

  output = sc_test_workplace_run (workplace, "sikkactl log --verify", 4);
  answer = sc_test_workplace_call (workplace, "VerifyLog", NULL);
  g_variant_get (answer, "(bxxs)", &intact, NULL, &broken_at, NULL);
  g_assert_false (intact);
  g_assert_cmpint (broken_at, ==, 2);
  assert_check (workplace, "connected ");
}

/* ---- Disconnect ---- */

static void
test_disconnect_this_pc (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();
  g_autofree char *row = NULL;
  guint reports;

  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  reports = count_reports_of (workplace, HAPPY_ACCOUNT);
  sc_test_workplace_disconnect (workplace);
  sc_test_agent_assert_text (workplace->agent, "Phase", "pending");
  sc_test_agent_assert_text (workplace->agent, "PracticeName", "");
  sc_test_workplace_wait_grants (workplace, 0);
  sc_test_keyring_wait (workplace->desktop, "");

  /* The report first: afterwards nobody could say whose it is. */
  g_assert_cmpuint (count_reports_of (workplace, HAPPY_ACCOUNT), ==, reports + 1);
  g_assert_cmpint (find_request (workplace, "POST", REPORTS_PATH), >, 0);
  g_assert_cmpint (find_request (workplace, "POST", REPORTS_PATH), <,
                   find_request (workplace, "POST", "/oauth/revoke"));
  row = sc_test_workplace_find_row (workplace, HAPPY_ACCOUNT);
  g_assert_cmpstr (row, ==, "ACTIVE");
  g_assert_true (sc_test_workplace_has_activity (workplace, "disconnect pending"));
}

/* Returns: (transfer full): disconnected, with the cloud down */
static ScTestWorkplace *
disconnect_offline (void)
{
  ScTestWorkplace *workplace = sc_test_workplace_start ();

  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  sc_test_workplace_stop_cloud (workplace);
  sc_test_workplace_disconnect (workplace);
  sc_test_agent_assert_text (workplace->agent, "Phase", "pending");
  sc_test_keyring_wait (workplace->desktop, "pending-revocation");
  g_assert_cmpuint (sc_test_workplace_count_reports (workplace), ==, 1);
  return workplace;
}

static void
test_revoked_after_restart (void)
{
  g_autoptr (ScTestWorkplace) workplace = disconnect_offline ();

  sc_test_workplace_kill_agent (workplace);
  sc_test_workplace_start_cloud (workplace);
  sc_test_workplace_wait_grants (workplace, 1);
  sc_test_workplace_start_agent (workplace);
  sc_test_workplace_wait_grants (workplace, 0);
  sc_test_keyring_wait (workplace->desktop, "");
  sc_test_agent_assert_text (workplace->agent, "Phase", "pending");
  g_assert_cmpuint (sc_test_workplace_count_reports (workplace), ==, 1);

  /* What is left of the old connection is told with the next one of the same practice. */
  make_due (workplace);
  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  g_assert_cmpuint (count_reports_of (workplace, HAPPY_ACCOUNT), ==, 5);
}

static void
test_revoked_after_connect (void)
{
  g_autoptr (ScTestWorkplace) workplace = disconnect_offline ();
  g_autofree char *outcome = NULL;

  sc_test_workplace_start_cloud (workplace);
  outcome = sc_test_workplace_authorize (workplace, SC_TEST_HAPPY, "allow");
  g_assert_cmpstr (outcome, ==, "returned ");
  sc_test_workplace_wait_grants (workplace, 1);
  sc_test_keyring_wait (workplace->desktop, "connection");
  assert_check (workplace, "connected ");
}

static GVariant *
build_practice_arguments (void)
{
  return g_variant_new_parsed ("('practice', {'practice-name': <'Happy Dental Clinic'>})");
}

static void
test_disconnect_practice (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();
  g_autoptr (GVariant) answer = NULL;
  g_autofree char *row = NULL;

  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  sc_test_workplace_stop_cloud (workplace);
  sc_test_workplace_refuse (workplace, "Disconnect", build_practice_arguments (), "NetRefused");
  sc_test_agent_assert_text (workplace->agent, "Status", "connected");
  sc_test_agent_assert_text (workplace->agent, "KeptIn", "keyring");
  sc_test_keyring_wait (workplace->desktop, "connection");

  sc_test_workplace_start_cloud (workplace);
  assert_check (workplace, "connected ");
  answer = sc_test_workplace_call (workplace, "Disconnect", build_practice_arguments ());
  sc_test_agent_assert_text (workplace->agent, "Phase", "pending");
  sc_test_workplace_wait_grants (workplace, 0);
  sc_test_keyring_wait (workplace->desktop, "");
  row = sc_test_workplace_find_row (workplace, HAPPY_ACCOUNT);
  g_assert_cmpstr (row, ==, "INACTIVE");
  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
}

/* The one PC disconnects the practice, this one finds out with its next check. */
static void
test_withdrawn_elsewhere (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();

  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  sc_test_sandbox_set_scenario (workplace->sandbox, "revoked");
  assert_check (workplace, "failed oauth-grant");
  sc_test_agent_assert_text (workplace->agent, "MessageId", "withdrawn");
  sc_test_agent_assert_text (workplace->agent, "KeptIn", "none");
  sc_test_sandbox_set_scenario (workplace->sandbox, "none");
  sc_test_keyring_wait (workplace->desktop, "");
  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/agent/reports/adopted-by-first-account", test_adopted_by_first_account);
  g_test_add_func ("/agent/reports/dropped-with-other-account", test_dropped_with_other_account);
  g_test_add_func ("/agent/reports/duplicate", test_duplicate);
  g_test_add_func ("/agent/reports/retry-after", test_retry_after);
  g_test_add_func ("/agent/reports/killed", test_killed);
  g_test_add_func ("/agent/reports/tampered-log", test_tampered_log);
  g_test_add_func ("/agent/disconnect/this-pc", test_disconnect_this_pc);
  g_test_add_func ("/agent/disconnect/revoked-after-restart", test_revoked_after_restart);
  g_test_add_func ("/agent/disconnect/revoked-after-connect", test_revoked_after_connect);
  g_test_add_func ("/agent/disconnect/practice", test_disconnect_practice);
  g_test_add_func ("/agent/disconnect/withdrawn-elsewhere", test_withdrawn_elsewhere);

  return g_test_run ();
}
