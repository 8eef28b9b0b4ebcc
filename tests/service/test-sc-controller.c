// SPDX-License-Identifier: MIT
// The controller with the real sandbox and a clock moved by hand: from nothing to connected, and
// what time does to it.

#include "sc-authorizer.h"
#include "sc-test-parts.h"
#include "sc-test-wait.h"

#define MINUTE 60
#define HOUR (60 * MINUTE)

static void
test_whole_life (ScTestParts *parts, gconstpointer data)
{
  g_autofree char *page = NULL;
  g_autoptr (GError) error = NULL;

  sc_test_parts_start (parts);
  sc_test_parts_assert_state (parts, "pending");
  g_assert_cmpint (sc_test_parts_count (parts, NULL), ==, 0);

  g_assert_cmpuint (sc_test_parts_connect (parts, &error), ==, 1);
  g_assert_no_error (error);
  sc_test_parts_assert_state (parts, "browser-open");
  g_assert_cmpint (sc_controller_get_browser_deadline (parts->controller), ==,
                   sc_clock_get_real_time (parts->clock) + SC_AUTHORIZER_TIME_LIMIT);

  page = sc_test_parts_decide (parts, SC_TEST_OFFICE, "allow");
  sc_test_parts_wait_finished (parts);
  g_assert_nonnull (strstr (page, sc_controller_get_reference (parts->controller)));
  g_assert_cmpstr (parts->outcome, ==, "returned");
  g_assert_cmpstr (parts->error_id, ==, "");
  sc_test_parts_assert_state (parts, "returned");
  sc_test_parts_assert_message (parts, "check-to-verify");
  g_assert_cmpstr (sc_controller_get_practice (parts->controller)->name, ==, "Happy Dental Clinic");
  g_assert_nonnull (sc_test_store_peek (parts->store, SC_CREDENTIAL_SLOT_CONNECTION));

  g_assert_true (sc_test_parts_check (parts, &error));
  g_assert_no_error (error);
  sc_test_parts_assert_state (parts, "connected");
  sc_test_parts_assert_message (parts, "connected");
  g_assert_cmpint (sc_controller_get_last_checked (parts->controller), ==,
                   sc_clock_get_real_time (parts->clock));
  g_assert_cmpint (sc_controller_get_status_expires (parts->controller), ==,
                   sc_clock_get_real_time (parts->clock) + SC_STATUS_MAX_AGE);
  sc_test_parts_wait_delivered (parts);
  g_assert_cmpuint (sc_test_parts_count_reports (parts), ==, 2);
  g_assert_cmpuint (sc_test_parts_count_activity (parts, "check", "connected"), ==, 1);
}

static void
test_status_gets_old (ScTestParts *parts, gconstpointer data)
{
  gint64 requests;
  g_autoptr (GError) error = NULL;

  sc_test_parts_start (parts);
  sc_test_parts_reach_connected (parts);
  requests = sc_test_parts_count (parts, NULL);

  sc_test_parts_advance (parts, SC_STATUS_MAX_AGE - 1);
  sc_test_parts_assert_status (parts, "connected");
  sc_test_parts_advance (parts, 1);
  sc_test_parts_assert_status (parts, "unknown");
  sc_test_parts_assert_message (parts, "too-old");
  g_assert_cmpint (sc_test_parts_count (parts, NULL), ==, requests);
  g_assert_cmpuint (sc_test_parts_count_alarms (parts), ==, 0);

  g_assert_true (sc_test_parts_check (parts, &error));
  g_assert_no_error (error);
  sc_test_parts_assert_status (parts, "connected");
}

static void
test_idle_day (ScTestParts *parts, gconstpointer data)
{
  gint64 requests;

  sc_test_parts_start (parts);
  sc_test_parts_reach_connected (parts);
  requests = sc_test_parts_count (parts, NULL);
  /* The one that waits is the age's. */
  g_assert_cmpuint (sc_test_parts_count_alarms (parts), ==, 1);

  for (guint hour = 0; hour < 24; hour++)
    sc_test_parts_advance (parts, HOUR);
  g_assert_cmpint (sc_test_parts_count (parts, NULL), ==, requests);
  sc_test_parts_assert_status (parts, "connected");
}

/* The waits of one day against a cloud that asks for two minutes: never less than that, doubling
 * from there, and nothing else at all. */
static void
test_idle_day_with_report (ScTestParts *parts, gconstpointer data)
{
  static const gint64 waits[] = { 120, 120, 240, 480, 960, 1920, 3840, 7680, 15360, 21600, 21600 };
  const char *reports = "POST /api/pms/companion/reports";
  g_autoptr (GError) error = NULL;
  gint64 waited = 0;
  gint64 others;

  sc_test_parts_start (parts);
  sc_test_parts_reach_connected (parts);
  sc_test_sandbox_set_scenario (parts->sandbox, "unavailable");
  g_assert_true (sc_test_parts_check (parts, &error));
  sc_test_parts_settle (parts);
  others = sc_test_parts_count (parts, "GET /api/pms/connection-status");
  for (guint i = 0; i < G_N_ELEMENTS (waits) && waited + waits[i] < 24 * HOUR; i++)
    {
      gint64 tries = sc_test_parts_count (parts, reports);

      sc_test_parts_advance (parts, waits[i] - 1);
      g_assert_cmpint (sc_test_parts_count (parts, reports), ==, tries);
      sc_test_parts_advance (parts, 1);
      g_assert_cmpint (sc_test_parts_count (parts, reports), ==, tries + 1);
      waited += waits[i];
    }
  g_assert_cmpint (sc_test_parts_count (parts, "GET /api/pms/connection-status"), ==, others);
  g_assert_cmpuint (sc_test_parts_count_waiting (parts), ==, 1);
}

static void
test_time_limit (ScTestParts *parts, gconstpointer data)
{
  g_autofree char *url = NULL;
  g_autoptr (GError) error = NULL;

  sc_test_parts_start (parts);
  sc_test_parts_connect (parts, &error);
  url = g_strdup (sc_controller_get_authorization_url (parts->controller));
  sc_test_parts_advance (parts, SC_AUTHORIZER_TIME_LIMIT - 1);
  sc_test_parts_assert_state (parts, "browser-open");
  g_assert_true (sc_test_parts_is_listening (url));

  sc_test_parts_advance (parts, 1);
  g_assert_cmpuint (parts->finished, ==, 1);
  g_assert_cmpstr (parts->outcome, ==, "timed-out");
  g_assert_cmpstr (parts->error_id, ==, "oauth-timed-out");
  sc_test_parts_assert_state (parts, "failed");
  sc_test_parts_assert_message (parts, "authorization-timed-out");
  g_assert_false (sc_test_parts_is_listening (url));
  g_assert_cmpint (sc_controller_get_browser_deadline (parts->controller), ==, 0);
  g_assert_cmpuint (sc_test_parts_count_alarms (parts), ==, 0);
}

static void
test_connect_again (ScTestParts *parts, gconstpointer data)
{
  g_autofree char *first = NULL;
  g_autofree char *page = NULL;
  g_autoptr (GError) error = NULL;

  sc_test_parts_start (parts);
  sc_test_parts_connect (parts, &error);
  first = g_strdup (sc_controller_get_authorization_url (parts->controller));
  sc_test_parts_advance (parts, MINUTE);
  g_assert_cmpuint (sc_test_parts_connect (parts, &error), ==, 1);
  g_assert_cmpstr (sc_controller_get_authorization_url (parts->controller), ==, first);

  sc_test_parts_advance (parts, 1);
  g_assert_cmpuint (sc_test_parts_connect (parts, &error), ==, 1);
  g_assert_cmpstr (sc_controller_get_authorization_url (parts->controller), !=, first);
  g_assert_false (sc_test_parts_is_listening (first));
  g_assert_cmpint (sc_controller_get_browser_deadline (parts->controller), ==,
                   sc_clock_get_real_time (parts->clock) + SC_AUTHORIZER_TIME_LIMIT);
  page = sc_test_parts_decide (parts, SC_TEST_OFFICE, "allow");
  sc_test_parts_wait_finished (parts);
  g_assert_cmpuint (parts->transaction, ==, 1);
  g_assert_cmpstr (parts->outcome, ==, "returned");
}

static void
test_cancel (ScTestParts *parts, gconstpointer data)
{
  g_autofree char *url = NULL;
  g_autoptr (GError) error = NULL;

  sc_test_parts_start (parts);
  g_assert_false (sc_controller_cancel (parts->controller, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_NOT_CONNECTED);
  g_clear_error (&error);

  sc_test_parts_connect (parts, &error);
  url = g_strdup (sc_controller_get_authorization_url (parts->controller));
  g_assert_true (sc_controller_cancel (parts->controller, &error));
  g_assert_cmpstr (parts->outcome, ==, "cancelled");
  g_assert_cmpstr (parts->error_id, ==, "cancelled");
  sc_test_parts_assert_state (parts, "failed");
  sc_test_parts_assert_message (parts, "authorization-cancelled");
  g_assert_false (sc_test_parts_is_listening (url));
  g_assert_cmpuint (sc_test_parts_count_alarms (parts), ==, 0);
}

static void
test_cancel_keeps_connection (ScTestParts *parts, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  sc_test_parts_start (parts);
  sc_test_parts_reach_connected (parts);
  sc_test_parts_connect (parts, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (parts->finished, ==, 0);
  g_assert_true (sc_controller_cancel (parts->controller, &error));
  g_assert_cmpuint (parts->transaction, ==, 2);
  sc_test_parts_assert_state (parts, "connected");
  sc_test_parts_assert_message (parts, "authorization-cancelled");
  g_assert_cmpint (sc_test_parts_count_grants (parts), ==, 1);
}

static void
test_denied (ScTestParts *parts, gconstpointer data)
{
  g_autofree char *page = NULL;
  g_autoptr (GError) error = NULL;

  sc_test_parts_start (parts);
  sc_test_parts_connect (parts, &error);
  page = sc_test_parts_decide (parts, SC_TEST_OFFICE, "deny");
  sc_test_parts_wait_finished (parts);
  g_assert_cmpstr (parts->outcome, ==, "denied");
  g_assert_cmpstr (parts->error_id, ==, "oauth-denied");
  sc_test_parts_assert_state (parts, "failed");
  sc_test_parts_assert_message (parts, "authorization-denied");
}

static void
test_exchange_fails (ScTestParts *parts, gconstpointer data)
{
  g_autofree char *page = NULL;
  g_autoptr (GError) error = NULL;

  sc_test_parts_start (parts);
  sc_test_parts_connect (parts, &error);
  page = sc_test_parts_decide (parts, SC_TEST_OFFICE, "allow");
  sc_test_parts_wait_finished (parts);
  g_assert_cmpstr (parts->outcome, ==, "failed");
  g_assert_cmpstr (parts->error_id, ==, "oauth-grant");
  sc_test_parts_assert_state (parts, "failed");
  g_assert_null (sc_test_store_peek (parts->store, SC_CREDENTIAL_SLOT_CONNECTION));
}

static void
test_storing_fails (ScTestParts *parts, gconstpointer data)
{
  g_autofree char *page = NULL;
  g_autoptr (GError) error = NULL;

  sc_test_parts_start (parts);
  sc_test_store_fail (parts->store, SC_TEST_STORE_STORE, SC_CREDENTIAL_SLOT_CONNECTION,
                      SC_ERROR_STORE_FAILED);
  sc_test_parts_connect (parts, &error);
  g_assert_no_error (error);
  page = sc_test_parts_decide (parts, SC_TEST_OFFICE, "allow");
  sc_test_parts_wait_finished (parts);
  g_assert_cmpstr (parts->outcome, ==, "failed");
  g_assert_cmpstr (parts->error_id, ==, "store-failed");
  sc_test_parts_assert_state (parts, "failed");
  /* Nobody can use the grant: it ends at the server. */
  sc_test_parts_wait_grants (parts, 0);
  g_assert_cmpint (sc_journal_get_counters (parts->journal).store_errors, ==, 1);
  g_assert_cmpint (sc_journal_get_counters (parts->journal).callbacks, ==, 1);
}

static void
test_reconnect (ScTestParts *parts, gconstpointer data)
{
  sc_test_parts_start (parts);
  sc_test_parts_reach_connected (parts);
  sc_test_parts_reach_connected (parts);

  sc_test_parts_wait_grants (parts, 1);
  sc_test_parts_settle (parts);
  g_assert_cmpint (sc_test_parts_count (parts, "POST /oauth/revoke"), ==, 1);
  g_assert_null (sc_test_store_peek (parts->store, SC_CREDENTIAL_SLOT_PENDING_REVOCATION));
  g_assert_cmpuint (sc_test_parts_count_activity (parts, "revoke", "ok"), ==, 1);
}

int
main (int argc, char **argv)
{
  sc_test_parts_init (&argc, &argv);
#define ADD(name, scenario, test)                                                           \
  g_test_add ("/agent/controller/" name, ScTestParts, scenario, sc_test_parts_set_up, test, \
              sc_test_parts_tear_down)
  ADD ("whole-life", NULL, test_whole_life);
  ADD ("status-gets-old", NULL, test_status_gets_old);
  ADD ("idle-day", NULL, test_idle_day);
  ADD ("idle-day-with-report", NULL, test_idle_day_with_report);
  ADD ("time-limit", NULL, test_time_limit);
  ADD ("connect-again", NULL, test_connect_again);
  ADD ("cancel", NULL, test_cancel);
  ADD ("cancel-keeps-connection", NULL, test_cancel_keeps_connection);
  ADD ("denied", NULL, test_denied);
  ADD ("exchange-fails", "exchange-fails", test_exchange_fails);
  ADD ("storing-fails", NULL, test_storing_fails);
  ADD ("reconnect", NULL, test_reconnect);
  return g_test_run ();
}
