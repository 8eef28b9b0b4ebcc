// SPDX-License-Identifier: MIT
// The courier: order, back-off, what a refusal means, and whose reports may go.

#include "sc-test-canned.h"
#include "sc-test-wait.h"

#define MINUTE 60
#define HOUR (60 * MINUTE)

static void
enqueue (ScTestCanned *canned, const char *id, const char *account)
{
  g_autofree char *body = g_strdup_printf ("{\"id\":\"%s\"}", id);
  g_autoptr (GError) error = NULL;

  sc_journal_enqueue_report (canned->journal, id, account, "state",
                             sc_clock_get_real_time (canned->clock), body, &error);
  g_assert_no_error (error);
}

static guint
count_waiting (ScTestCanned *canned)
{
  g_autoptr (GPtrArray) reports = sc_journal_list_reports (canned->journal, NULL);

  return reports->len;
}

static guint
count_sent (ScTestCanned *canned)
{
  return sc_test_server_count (canned->server, SC_TEST_REPORTS);
}

static void
set_up (ScTestCanned *canned, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  sc_test_canned_set_up (canned, data);
  sc_test_canned_store (canned, "a", &error);
  g_assert_no_error (error);
  sc_courier_set_account (canned->courier, canned->account);
}

static void
refuse (ScTestCanned *canned, guint status, const char *retry_after)
{
  sc_test_server_set_answer (canned->server, SC_TEST_REPORTS, status, "application/json", "{}");
  sc_test_server_set_header (canned->server, "Retry-After", retry_after);
}

static void
accept (ScTestCanned *canned)
{
  refuse (canned, 202, NULL);
}

static void
test_oldest_first (ScTestCanned *canned, gconstpointer data)
{
  static const char *const ids[] = { "one", "two", "three" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    enqueue (canned, ids[i], canned->account);
  sc_courier_deliver (canned->courier);
  /* One at a time: a second call in the middle changes nothing. */
  sc_courier_deliver (canned->courier);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"id\":\"%s\"}", ids[i]);

      while (count_sent (canned) <= i)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpuint (count_sent (canned), ==, i + 1);
      g_assert_cmpstr (sc_test_server_get_body (canned->server, SC_TEST_REPORTS), ==, body);
    }
  sc_test_canned_settle (canned);
  g_assert_cmpuint (count_sent (canned), ==, 3);
  g_assert_cmpuint (count_waiting (canned), ==, 0);
  g_assert_cmpuint (sc_test_canned_count_alarms (canned), ==, 0);
}

static void
test_nothing_without_reason (ScTestCanned *canned, gconstpointer data)
{
  sc_courier_deliver (canned->courier);
  sc_test_canned_advance (canned, 30 * 24 * HOUR);

  g_assert_false (sc_courier_is_waiting (canned->courier));
  g_assert_cmpuint (count_sent (canned), ==, 0);
  g_assert_cmpuint (sc_test_canned_count_alarms (canned), ==, 0);
}

/* Wait before the attempt, seconds; 1, 2, 4, … minutes, never more than 6 hours. */
static void
test_back_off (ScTestCanned *canned, gconstpointer data)
{
  static const gint64 waits[] = { 60, 120, 240, 480, 960, 1920, 3840, 7680, 15360, 21600, 21600 };

  refuse (canned, 500, NULL);
  enqueue (canned, "one", canned->account);
  enqueue (canned, "two", canned->account);
  sc_courier_deliver (canned->courier);
  sc_test_canned_settle (canned);
  for (guint i = 0; i < G_N_ELEMENTS (waits); i++)
    {
      g_assert_cmpuint (count_sent (canned), ==, i + 1);
      g_assert_cmpuint (sc_test_canned_count_alarms (canned), ==, 1);
      sc_test_canned_advance (canned, waits[i] - 1);
      g_assert_cmpuint (count_sent (canned), ==, i + 1);
      sc_test_canned_advance (canned, 1);
    }
  g_assert_cmpstr (sc_test_server_get_body (canned->server, SC_TEST_REPORTS), ==,
                   "{\"id\":\"one\"}");

  accept (canned);
  sc_test_canned_advance (canned, 6 * HOUR);
  g_assert_cmpuint (count_waiting (canned), ==, 0);
  g_assert_cmpuint (sc_test_canned_count_alarms (canned), ==, 0);
}

/* What the cloud asks for holds for everything that waits, whatever else happens meanwhile. */
static void
test_retry_after (ScTestCanned *canned, gconstpointer data)
{
  guint status = GPOINTER_TO_UINT (data);

  refuse (canned, status, "900");
  enqueue (canned, "one", canned->account);
  enqueue (canned, "two", canned->account);
  sc_courier_deliver (canned->courier);
  sc_test_canned_settle (canned);
  g_assert_cmpuint (count_sent (canned), ==, 1);

  enqueue (canned, "three", canned->account);
  sc_courier_deliver (canned->courier);
  sc_test_canned_advance (canned, 899);
  sc_courier_deliver (canned->courier);
  sc_test_canned_settle (canned);
  g_assert_cmpuint (count_sent (canned), ==, 1);
  g_assert_cmpuint (sc_test_canned_count_alarms (canned), ==, 1);

  accept (canned);
  sc_test_canned_advance (canned, 1);
  g_assert_cmpuint (count_sent (canned), ==, 4);
  g_assert_cmpuint (count_waiting (canned), ==, 0);
}

/* A clock that was years ahead when the wait was written down must not hold a report for years. */
static void
test_clock_was_wrong (ScTestCanned *canned, gconstpointer data)
{
  gint64 now = sc_clock_get_real_time (canned->clock);

  enqueue (canned, "one", canned->account);
  sc_journal_delay_report (canned->journal, "one", now + 365 * 24 * HOUR, NULL);
  sc_courier_deliver (canned->courier);
  sc_test_canned_settle (canned);

  g_assert_cmpuint (count_waiting (canned), ==, 0);
}

static void
test_unauthorized (ScTestCanned *canned, gconstpointer data)
{
  refuse (canned, 401, NULL);
  enqueue (canned, "one", canned->account);
  enqueue (canned, "two", canned->account);
  sc_courier_deliver (canned->courier);
  sc_test_canned_settle (canned);

  /* Once with the token in hand, once with a new one, and then it is over for this round. */
  g_assert_cmpuint (count_sent (canned), ==, 2);
  g_assert_cmpuint (sc_test_server_count (canned->server, SC_TEST_TOKEN), ==, 1);
  g_assert_cmpstr (sc_test_server_get_header (canned->server, SC_TEST_REPORTS, "Authorization"), ==,
                   "Bearer access-1");
  g_assert_cmpuint (count_waiting (canned), ==, 2);

  accept (canned);
  sc_test_canned_advance (canned, MINUTE);
  g_assert_cmpuint (count_waiting (canned), ==, 0);
}

static void
test_refused_report (ScTestCanned *canned, gconstpointer data)
{
  refuse (canned, 400, NULL);
  enqueue (canned, "broken", canned->account);
  sc_courier_deliver (canned->courier);
  enqueue (canned, "good", canned->account);
  while (count_sent (canned) == 0)
    g_main_context_iteration (NULL, TRUE);
  accept (canned);
  sc_test_canned_settle (canned);

  g_assert_cmpuint (count_sent (canned), ==, 2);
  g_assert_cmpstr (sc_test_server_get_body (canned->server, SC_TEST_REPORTS), ==,
                   "{\"id\":\"good\"}");
  g_assert_cmpuint (count_waiting (canned), ==, 0);
}

static void
test_accounts (ScTestCanned *canned, gconstpointer data)
{
  sc_courier_set_account (canned->courier, NULL);
  enqueue (canned, "nobodys", "");
  enqueue (canned, "others", "https://elsewhere|C20417");
  sc_courier_deliver (canned->courier);
  sc_test_canned_advance (canned, HOUR);
  g_assert_cmpuint (count_sent (canned), ==, 0);

  /* Neither is ours before the journal says so. */
  sc_courier_set_account (canned->courier, canned->account);
  g_assert_false (sc_courier_is_waiting (canned->courier));
  sc_courier_deliver (canned->courier);
  sc_test_canned_settle (canned);
  g_assert_cmpuint (count_sent (canned), ==, 0);

  sc_journal_adopt_reports (canned->journal, canned->account, NULL, NULL);
  g_assert_true (sc_courier_is_waiting (canned->courier));
  sc_courier_deliver (canned->courier);
  sc_test_canned_settle (canned);
  g_assert_cmpstr (sc_test_server_get_body (canned->server, SC_TEST_REPORTS), ==,
                   "{\"id\":\"nobodys\"}");
  g_assert_cmpuint (count_waiting (canned), ==, 0);
}

static void
flush (ScTestCanned *canned)
{
  g_autoptr (GAsyncResult) result = NULL;

  sc_courier_flush_async (canned->courier, NULL, sc_test_result_cb, &result);
  result = sc_test_wait_result (&result);
  sc_courier_flush_finish (canned->courier, result);
}

static void
test_flush (ScTestCanned *canned, gconstpointer data)
{
  flush (canned);
  g_assert_cmpuint (count_sent (canned), ==, 0);

  refuse (canned, 503, "900");
  enqueue (canned, "one", canned->account);
  enqueue (canned, "two", canned->account);
  sc_courier_deliver (canned->courier);
  sc_test_canned_settle (canned);

  /* One attempt, due or not, and it ends well whatever comes of it. */
  flush (canned);
  g_assert_cmpuint (count_sent (canned), ==, 2);
  g_assert_cmpuint (count_waiting (canned), ==, 2);
  accept (canned);
  flush (canned);
  g_assert_cmpuint (count_sent (canned), ==, 4);
  g_assert_cmpuint (count_waiting (canned), ==, 0);
}

static void
test_flush_joins_round (ScTestCanned *canned, gconstpointer data)
{
  enqueue (canned, "one", canned->account);
  enqueue (canned, "two", canned->account);
  sc_courier_deliver (canned->courier);
  flush (canned);

  g_assert_cmpuint (count_sent (canned), ==, 2);
  g_assert_cmpuint (count_waiting (canned), ==, 0);
}

static void
grant_gone_cb (ScCourier *courier, guint *count)
{
  ++*count;
}

/* What the token endpoint says, how often "grant-gone" is said, how many alarms there are. */
static const struct
{
  const char *name;
  guint status;
  const char *body;
  guint gone;
  guint alarms;
} token_rows[] = {
  { "gone", 400, "{\"error\":\"invalid_grant\"}", 1, 0 },
  { "client", 401, "{\"error\":\"invalid_client\"}", 0, 0 },
  { "down", 503, "", 0, 1 },
};

static void
test_no_token (ScTestCanned *canned, gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  guint gone = 0;

  sc_test_server_set_answer (canned->server, SC_TEST_TOKEN, token_rows[row].status,
                             "application/json", token_rows[row].body);
  g_signal_connect (canned->courier, "grant-gone", G_CALLBACK (grant_gone_cb), &gone);
  enqueue (canned, "one", canned->account);
  enqueue (canned, "two", canned->account);
  sc_test_canned_advance (canned, 2 * HOUR);
  sc_courier_deliver (canned->courier);
  sc_test_canned_settle (canned);

  g_assert_cmpuint (sc_test_server_count (canned->server, SC_TEST_TOKEN), ==, 1);
  g_assert_cmpuint (gone, ==, token_rows[row].gone);
  g_assert_cmpuint (sc_test_canned_count_alarms (canned), ==, token_rows[row].alarms);
  g_assert_cmpuint (count_sent (canned), ==, 0);
  g_assert_cmpuint (count_waiting (canned), ==, 2);
}

/* A journal that cannot strike out what was sent must not make the courier send it for ever. */
static void
test_cannot_strike_out (ScTestCanned *canned, gconstpointer data)
{
  enqueue (canned, "one", canned->account);
  sc_test_canned_lock_journal (canned);
  sc_courier_deliver (canned->courier);
  sc_test_canned_settle (canned);
  g_assert_cmpuint (count_sent (canned), ==, 1);
  g_assert_cmpuint (count_waiting (canned), ==, 1);

  sc_test_canned_unlock_journal (canned);
  sc_courier_deliver (canned->courier);
  sc_test_canned_settle (canned);
  g_assert_cmpuint (count_sent (canned), ==, 2);
  g_assert_cmpuint (count_waiting (canned), ==, 0);
}

static void
answered_cb (ScCourier *courier, const ScReportAnswer *answer, char **version)
{
  g_free (*version);
  *version = g_strdup (answer->latest_version);
}

static void
test_answer (ScTestCanned *canned, gconstpointer data)
{
  g_autofree char *version = NULL;

  g_signal_connect (canned->courier, "answered", G_CALLBACK (answered_cb), &version);
  sc_test_server_set_answer (canned->server, SC_TEST_REPORTS, 202, "application/json",
                             "{\"latestVersion\":\"9.1.0\"}");
  enqueue (canned, "one", canned->account);
  sc_courier_deliver (canned->courier);
  sc_test_canned_settle (canned);

  g_assert_cmpstr (version, ==, "9.1.0");
}

/* A provider whose own tokens the cloud does not know: the bearer is another item of the keyring.
 */
static void
test_cloud_token (ScTestCanned *canned, gconstpointer data)
{
  g_autoptr (ScCourier) courier =
    sc_courier_new (canned->journal, canned->cloud, canned->keeper,
                    SC_CREDENTIAL_STORE (canned->store), canned->clock);

  sc_courier_set_account (courier, canned->account);
  enqueue (canned, "one", canned->account);
  sc_courier_deliver (courier);
  sc_test_canned_settle (canned);
  g_assert_cmpuint (count_sent (canned), ==, 0);

  sc_test_store_put (canned->store, SC_CREDENTIAL_SLOT_CLOUD_TOKEN, "given-by-hand");
  refuse (canned, 401, NULL);
  sc_courier_deliver (courier);
  sc_test_canned_settle (canned);
  g_assert_cmpuint (count_sent (canned), ==, 1);

  accept (canned);
  sc_courier_deliver (courier);
  sc_test_canned_settle (canned);
  g_assert_cmpstr (sc_test_server_get_header (canned->server, SC_TEST_REPORTS, "Authorization"), ==,
                   "Bearer given-by-hand");
  g_assert_cmpuint (sc_test_server_count (canned->server, SC_TEST_TOKEN), ==, 0);
  g_assert_cmpuint (count_waiting (canned), ==, 0);
}

int
main (int argc, char **argv)
{
  sc_test_canned_init (&argc, &argv);
#define ADD(name, data, test) \
  g_test_add ("/agent/courier/" name, ScTestCanned, data, set_up, test, sc_test_canned_tear_down)
  ADD ("oldest-first", NULL, test_oldest_first);
  ADD ("nothing-without-reason", NULL, test_nothing_without_reason);
  ADD ("back-off", NULL, test_back_off);
  ADD ("retry-after-429", GUINT_TO_POINTER (429), test_retry_after);
  ADD ("retry-after-503", GUINT_TO_POINTER (503), test_retry_after);
  ADD ("clock-was-wrong", NULL, test_clock_was_wrong);
  ADD ("unauthorized", NULL, test_unauthorized);
  ADD ("refused-report", NULL, test_refused_report);
  ADD ("accounts", NULL, test_accounts);
  ADD ("flush", NULL, test_flush);
  ADD ("flush-joins-round", NULL, test_flush_joins_round);
  ADD ("cannot-strike-out", NULL, test_cannot_strike_out);
  ADD ("answer", NULL, test_answer);
  ADD ("cloud-token", NULL, test_cloud_token);
  for (guint i = 0; i < G_N_ELEMENTS (token_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/agent/courier/no-token/", token_rows[i].name, NULL);

      g_test_add (path, ScTestCanned, GUINT_TO_POINTER (i), set_up, test_no_token,
                  sc_test_canned_tear_down);
    }
  return g_test_run ();
}
