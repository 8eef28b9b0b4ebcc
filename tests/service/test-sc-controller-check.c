// SPDX-License-Identifier: MIT
// The controller's Check and the practice question: what the cloud says, and what becomes of it.

#include "sc-controller-private.h"
#include "sc-test-parts.h"
#include "sc-test-wait.h"

#define STATUS "GET /api/pms/connection-status"
#define SETUP "POST /api/pms/setup"

static void
check (ScTestParts *parts)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sc_test_parts_check (parts, &error));
  g_assert_no_error (error);
}

/* A scenario that begins after connecting, and what Check makes of it. */
static const struct
{
  const char *scenario;
  const char *state;
  const char *status;
  const char *message;
  const char *error_id;
  gint64 grants;
} rows[] = {
  { "status-failed", "failed", "failed", "failed", "sikka-not-granted", 1 },
  { "revoked", "failed", "failed", "withdrawn", "oauth-grant", 1 },
  { "spu-offline", "connected", "connected", "attention", "", 1 },
  { "setup-required", "connected", "connected", "attention", "", 1 },
  { "request-key-expired", "connected", "connected", "connected", "", 1 },
  { "rate-limited", "connected", "connected", "connected", "cloud-rate-limited", 1 },
  { "garbage", "connected", "connected", "connected", "cloud-answer", 1 },
  { "truncated", "connected", "connected", "connected", "net-truncated", 1 },
  { "huge", "connected", "connected", "connected", "net-too-large", 1 },
  { "wrong-type", "connected", "connected", "connected", "cloud-answer", 1 },
  { "unavailable", "connected", "connected", "connected", "cloud-unavailable", 1 },
};

static void
set_up (ScTestParts *parts, gconstpointer data)
{
  sc_test_parts_set_up (parts, NULL);
}

static void
test_scenario (ScTestParts *parts, gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  const ScConnection *connection;

  sc_test_parts_start (parts);
  sc_test_parts_reach_connected (parts);
  sc_test_sandbox_set_scenario (parts->sandbox, rows[row].scenario);
  check (parts);

  connection = sc_controller_get_connection (parts->controller);
  sc_test_parts_assert_state (parts, rows[row].state);
  sc_test_parts_assert_status (parts, rows[row].status);
  sc_test_parts_assert_message (parts, rows[row].message);
  g_assert_cmpstr (connection->has_error ? sc_error_to_id (connection->error) : "", ==,
                   rows[row].error_id);
  sc_test_parts_settle (parts);
}

static void
test_cloud_is_down (ScTestParts *parts, gconstpointer data)
{
  gint64 checked;

  sc_test_parts_start (parts);
  sc_test_parts_reach_connected (parts);
  checked = sc_controller_get_last_checked (parts->controller);
  sc_test_parts_stop_sandbox (parts);
  sc_test_parts_advance (parts, 60);
  check (parts);

  sc_test_parts_assert_status (parts, "connected");
  g_assert_cmpint (sc_controller_get_last_checked (parts->controller), ==, checked);
  g_assert_cmpint (sc_controller_get_light (parts->controller, SC_LIGHT_CLOUD)->verdict, ==,
                   SC_VERDICT_FAILED);
  sc_test_parts_start_sandbox (parts);
  check (parts);
  sc_test_parts_assert_message (parts, "connected");
  g_assert_cmpint (sc_controller_get_light (parts->controller, SC_LIGHT_CLOUD)->verdict, ==,
                   SC_VERDICT_OK);
}

static void
test_setup (ScTestParts *parts, gconstpointer data)
{
  sc_test_parts_start (parts);
  sc_test_parts_authorize (parts);
  check (parts);
  sc_test_parts_assert_state (parts, "connected");
  g_assert_cmpint (sc_test_parts_count (parts, SETUP), ==, 1);
}

static void
test_setup_cannot_help (ScTestParts *parts, gconstpointer data)
{
  sc_test_parts_start (parts);
  sc_test_parts_authorize (parts);
  check (parts);
  sc_test_parts_assert_state (parts, "returned");
  sc_test_parts_assert_message (parts, "preparing");
  g_assert_cmpint (sc_test_parts_count (parts, SETUP), ==, 1);

  sc_test_sandbox_set_scenario (parts->sandbox, "none");
  check (parts);
  sc_test_parts_assert_state (parts, "connected");
}

static void
test_one_question (ScTestParts *parts, gconstpointer data)
{
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GError) error = NULL;
  gint64 asked;

  sc_test_parts_start (parts);
  sc_test_parts_reach_connected (parts);
  asked = sc_test_parts_count (parts, STATUS);
  sc_controller_check_async (parts->controller, NULL, sc_test_result_cb, &first);
  sc_controller_check_async (parts->controller, NULL, sc_test_result_cb, &second);
  g_assert_cmpstr (sc_controller_get_busy (parts->controller), ==, "check");
  g_object_unref (sc_test_wait_result (&first));
  g_object_unref (sc_test_wait_result (&second));
  g_assert_cmpint (sc_test_parts_count (parts, STATUS), ==, asked + 1);
  g_assert_cmpstr (sc_controller_get_busy (parts->controller), ==, "");
}

/* Withdrawn: the grant leaves the keyring, the report waits for the same practice's next token. */
static void
test_withdrawn (ScTestParts *parts, gconstpointer data)
{
  sc_test_parts_start (parts);
  sc_test_parts_reach_connected (parts);
  sc_test_sandbox_set_scenario (parts->sandbox, "revoked");
  check (parts);
  sc_test_parts_settle (parts);
  g_assert_null (sc_test_store_peek (parts->store, SC_CREDENTIAL_SLOT_CONNECTION));
  g_assert_null (sc_test_store_peek (parts->store, SC_CREDENTIAL_SLOT_PENDING_REVOCATION));
  g_assert_cmpuint (sc_test_parts_count_waiting (parts), ==, 1);
  g_assert_cmpuint (sc_test_parts_count_alarms (parts), ==, 0);

  sc_test_sandbox_set_scenario (parts->sandbox, "none");
  sc_test_parts_reach_connected (parts);
  g_assert_cmpuint (sc_test_parts_count_reports (parts), ==, 5);
}

/* The other practice */

static void
authorize_other (ScTestParts *parts)
{
  g_autofree char *page = NULL;
  g_autoptr (GError) error = NULL;

  sc_test_parts_connect (parts, &error);
  g_assert_no_error (error);
  page = sc_test_parts_decide (parts, SC_TEST_OTHER_OFFICE, "allow");
  sc_test_parts_assert_state (parts, "browser-open");
  sc_test_parts_assert_message (parts, "confirm-practice");
  g_assert_cmpuint (parts->finished, ==, 0);
  g_assert_cmpstr (sc_controller_get_new_practice (parts->controller)->name, ==,
                   "Bright Smiles Dental");
  g_assert_cmpstr (sc_controller_get_practice (parts->controller)->name, ==, "Happy Dental Clinic");
  /* A person who thinks it over has all the time there is. */
  g_assert_cmpint (sc_controller_get_browser_deadline (parts->controller), ==, 0);
  sc_test_parts_advance (parts, 3600);
  sc_test_parts_assert_message (parts, "confirm-practice");
}

static void
test_other_accepted (ScTestParts *parts, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  sc_test_parts_start (parts);
  sc_test_parts_reach_connected (parts);
  authorize_other (parts);
  g_assert_true (sc_controller_confirm_practice (parts->controller, TRUE, &error));
  sc_test_parts_wait_finished (parts);
  g_assert_cmpstr (parts->outcome, ==, "returned");
  g_assert_cmpstr (sc_controller_get_practice (parts->controller)->office_id, ==,
                   SC_TEST_OTHER_OFFICE);
  g_assert_null (sc_controller_get_new_practice (parts->controller));
  check (parts);
  sc_test_parts_assert_state (parts, "connected");
  sc_test_parts_wait_grants (parts, 1);
}

static void
test_other_declined (ScTestParts *parts, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  sc_test_parts_start (parts);
  g_assert_false (sc_controller_confirm_practice (parts->controller, TRUE, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  sc_test_parts_reach_connected (parts);
  authorize_other (parts);
  g_assert_true (sc_controller_confirm_practice (parts->controller, FALSE, &error));
  g_assert_cmpstr (parts->outcome, ==, "declined");
  g_assert_cmpstr (parts->error_id, ==, "practice-declined");
  sc_test_parts_assert_state (parts, "connected");
  sc_test_parts_assert_message (parts, "practice-declined");
  sc_test_parts_wait_grants (parts, 1);
  sc_test_parts_settle (parts);

  g_assert_cmpstr (sc_controller_get_practice (parts->controller)->office_id, ==, SC_TEST_OFFICE);
  check (parts);
  sc_test_parts_assert_message (parts, "connected");
}

static void
test_other_cancelled (ScTestParts *parts, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  sc_test_parts_start (parts);
  sc_test_parts_reach_connected (parts);
  authorize_other (parts);
  g_assert_true (sc_controller_cancel (parts->controller, &error));
  g_assert_cmpstr (parts->outcome, ==, "cancelled");
  sc_test_parts_assert_state (parts, "connected");
  sc_test_parts_wait_grants (parts, 1);
}

/* Commands in the wrong moment */

static void
test_busy (ScTestParts *parts, gconstpointer data)
{
  g_autoptr (GAsyncResult) checking = NULL;
  g_autoptr (GAsyncResult) connecting = NULL;
  g_autoptr (GError) error = NULL;

  sc_test_parts_start (parts);
  g_assert_false (sc_test_parts_check (parts, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_NOT_CONNECTED);
  g_clear_error (&error);
  sc_test_parts_reach_connected (parts);

  sc_controller_check_async (parts->controller, NULL, sc_test_result_cb, &checking);
  g_assert_cmpuint (sc_test_parts_connect (parts, &error), ==, 0);
  g_assert_error (error, SC_ERROR, SC_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_false (sc_test_parts_disconnect (parts, TRUE, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_BUSY);
  g_clear_error (&error);
  g_object_unref (sc_test_wait_result (&checking));

  sc_controller_connect_async (parts->controller, FALSE, TRUE, NULL, NULL, sc_test_result_cb,
                               &connecting);
  g_assert_cmpstr (sc_controller_get_busy (parts->controller), ==, "preflight");
  g_assert_cmpuint (sc_test_parts_connect (parts, &error), ==, 0);
  g_assert_error (error, SC_ERROR, SC_ERROR_BUSY);
  g_clear_error (&error);
  g_object_unref (sc_test_wait_result (&connecting));
  g_assert_false (sc_test_parts_check (parts, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_BUSY);
}

/* Whoever changes their mind during the pre-flight sees no browser. */
static void
test_cancel_preflight (ScTestParts *parts, gconstpointer data)
{
  g_autoptr (GAsyncResult) connecting = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  sc_test_parts_start (parts);
  sc_controller_connect_async (parts->controller, FALSE, TRUE, NULL, NULL, sc_test_result_cb,
                               &connecting);
  g_assert_true (sc_controller_cancel (parts->controller, &error));
  g_assert_no_error (error);
  result = sc_test_wait_result (&connecting);
  g_assert_cmpuint (sc_controller_connect_finish (parts->controller, result, &error), ==, 0);
  g_assert_error (error, SC_ERROR, SC_ERROR_CANCELLED);
  sc_test_parts_assert_state (parts, "pending");
  g_assert_cmpstr (sc_controller_get_busy (parts->controller), ==, "");
  g_assert_cmpstr (sc_controller_get_authorization_url (parts->controller), ==, "");
  sc_test_parts_reach_connected (parts);
}

/* A report that found no way goes when the network is back; a cloud that asked to wait is left
 * alone. */
static void
test_network_returns (ScTestParts *parts, gconstpointer data)
{
  sc_test_parts_start (parts);
  sc_test_parts_reach_connected (parts);
  sc_test_parts_stop_sandbox (parts);
  g_assert_true (sc_test_parts_check (parts, NULL));
  sc_test_parts_settle (parts);
  g_assert_cmpuint (sc_test_parts_count_waiting (parts), ==, 1);
  sc_test_parts_start_sandbox (parts);
  sc_courier_network_returned (parts->controller->courier);
  sc_test_parts_wait_delivered (parts);

  sc_test_sandbox_set_scenario (parts->sandbox, "unavailable");
  g_assert_true (sc_test_parts_check (parts, NULL));
  sc_test_parts_settle (parts);
  sc_test_sandbox_set_scenario (parts->sandbox, "none");
  sc_courier_network_returned (parts->controller->courier);
  sc_test_parts_settle (parts);
  g_assert_cmpuint (sc_test_parts_count_waiting (parts), ==, 1);
}

/* A report brings news */

static void
test_report_answer (ScTestParts *parts, gconstpointer data)
{
  ScReportAnswer answer = {
    .has_state = TRUE,
    .state = SC_CLOUD_STATE_CONNECTED,
    .latest_version = (char *) "9.1.0",
    .minimum_version = (char *) "0.9.0",
  };

  sc_test_parts_start (parts);
  sc_controller_take_report_answer (parts->controller, &answer);
  sc_test_parts_assert_state (parts, "pending");
  sc_test_parts_reach_connected (parts);
  sc_test_parts_advance (parts, SC_STATUS_MAX_AGE);
  sc_test_parts_assert_message (parts, "too-old");

  sc_controller_take_report_answer (parts->controller, &answer);
  sc_test_parts_assert_status (parts, "connected");
  sc_test_parts_assert_message (parts, "connected");
  g_assert_false (sc_controller_get_connection (parts->controller)->outdated);
  g_assert_cmpstr (sc_controller_get_latest_version (parts->controller), ==, "9.1.0");
  g_assert_cmpstr (sc_controller_get_minimum_version (parts->controller), ==, "0.9.0");
  sc_test_parts_advance (parts, SC_STATUS_MAX_AGE);
  sc_test_parts_assert_status (parts, "unknown");
}

/* The grant was withdrawn, and a report that waited is the first to hear of it. */
static void
test_report_finds_grant_gone (ScTestParts *parts, gconstpointer data)
{
  sc_test_parts_start (parts);
  sc_test_parts_reach_connected (parts);
  sc_test_sandbox_set_scenario (parts->sandbox, "unavailable");
  check (parts);
  sc_test_parts_settle (parts);
  sc_test_sandbox_set_scenario (parts->sandbox, "revoked");
  sc_test_parts_advance (parts, 120);

  sc_test_parts_assert_state (parts, "failed");
  sc_test_parts_assert_message (parts, "withdrawn");
  g_assert_null (sc_test_store_peek (parts->store, SC_CREDENTIAL_SLOT_CONNECTION));
  g_assert_cmpuint (sc_test_parts_count_alarms (parts), ==, 0);
}

/* Settings, the checks alone, and the probe */

static void
test_shown_preflight (ScTestParts *parts, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ScPreflight) preflight = NULL;
  g_autoptr (GError) error = NULL;

  sc_test_parts_start (parts);
  sc_test_store_fail (parts->store, SC_TEST_STORE_STORE, SC_CREDENTIAL_SLOT_SELF_TEST,
                      SC_ERROR_STORE_LOCKED);
  sc_controller_preflight_async (parts->controller, NULL, sc_test_result_cb, &result);
  result = sc_test_wait_result (&result);
  preflight = sc_controller_preflight_finish (parts->controller, result, &error);
  g_assert_no_error (error);
  g_assert_cmpint (sc_preflight_get_row (preflight, SC_PREFLIGHT_KEYRING)->verdict, ==,
                   SC_PREFLIGHT_FAILED);
  g_assert_cmpstr (sc_grant_keeper_get_keyring_state (sc_controller_get_keeper (parts->controller)),
                   ==, "locked");
  /* Nothing was begun. */
  sc_test_parts_assert_message (parts, "connect-first");
}

static void
test_settings (ScTestParts *parts, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  const ScSpuFindings *findings;

  sc_test_parts_start (parts);
  g_assert_true (sc_controller_set_spu_elsewhere (parts->controller, TRUE, &error));
  g_assert_cmpint (sc_controller_get_light (parts->controller, SC_LIGHT_SPU)->verdict, ==,
                   SC_VERDICT_NOT_HERE);
  sc_controller_probe_spu_async (parts->controller, NULL, sc_test_result_cb, &result);
  result = sc_test_wait_result (&result);
  findings = sc_controller_probe_spu_finish (parts->controller, result, &error);
  g_assert_no_error (error);
  g_assert_nonnull (findings);
  g_assert_true (sc_controller_set_check_at_sign_in (parts->controller, TRUE, &error));
  g_assert_true (
    sc_settings_get (sc_controller_get_settings (parts->controller), SC_SETTING_CHECK_AT_SIGN_IN));
}

int
main (int argc, char **argv)
{
  sc_test_parts_init (&argc, &argv);
#define ADD(name, scenario, test)                                                           \
  g_test_add ("/agent/controller/" name, ScTestParts, scenario, sc_test_parts_set_up, test, \
              sc_test_parts_tear_down)
  ADD ("check/cloud-is-down", NULL, test_cloud_is_down);
  ADD ("check/setup", "setup-required", test_setup);
  ADD ("check/setup-cannot-help", "no-data-yet", test_setup_cannot_help);
  ADD ("check/one-question", NULL, test_one_question);
  ADD ("check/withdrawn", NULL, test_withdrawn);
  ADD ("practice/accepted", NULL, test_other_accepted);
  ADD ("practice/declined", NULL, test_other_declined);
  ADD ("practice/cancelled", NULL, test_other_cancelled);
  ADD ("busy", NULL, test_busy);
  ADD ("cancel-preflight", NULL, test_cancel_preflight);
  ADD ("network-returns", NULL, test_network_returns);
  ADD ("report/answer", NULL, test_report_answer);
  ADD ("report/finds-grant-gone", NULL, test_report_finds_grant_gone);
  ADD ("shown-preflight", NULL, test_shown_preflight);
  ADD ("settings", NULL, test_settings);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path =
        g_strconcat ("/agent/controller/check/scenario/", rows[i].scenario, NULL);

      g_test_add (path, ScTestParts, GUINT_TO_POINTER (i), set_up, test_scenario,
                  sc_test_parts_tear_down);
    }
  return g_test_run ();
}
