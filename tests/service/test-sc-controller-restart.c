// SPDX-License-Identifier: MIT
// The controller after a restart: each recorded state, and what a kill leaves half done.

#include "sc-test-parts.h"
#include "sc-test-wait.h"

#define CONNECTION SC_CREDENTIAL_SLOT_CONNECTION

static void
check (ScTestParts *parts)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sc_test_parts_check (parts, &error));
  g_assert_no_error (error);
}

static void
test_pending (ScTestParts *parts, gconstpointer data)
{
  sc_test_parts_start (parts);
  sc_test_parts_restart (parts);
  sc_test_parts_assert_state (parts, "pending");
  sc_test_parts_assert_message (parts, "connect-first");
  g_assert_cmpint (sc_test_parts_count (parts, NULL), ==, 0);
}

static void
test_browser_open (ScTestParts *parts, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  sc_test_parts_start (parts);
  sc_test_parts_connect (parts, &error);
  sc_test_parts_restart (parts);
  sc_test_parts_assert_state (parts, "pending");
}

static void
test_returned (ScTestParts *parts, gconstpointer data)
{
  sc_test_parts_start (parts);
  sc_test_parts_authorize (parts);
  sc_test_parts_restart (parts);
  sc_test_parts_assert_state (parts, "returned");
  g_assert_cmpstr (sc_controller_get_practice (parts->controller)->name, ==, "Happy Dental Clinic");
  check (parts);
  sc_test_parts_assert_state (parts, "connected");
}

static void
test_connected (ScTestParts *parts, gconstpointer data)
{
  g_autofree char *reference = NULL;
  gint64 requests;

  sc_test_parts_start (parts);
  sc_test_parts_reach_connected (parts);
  reference = g_strdup (sc_controller_get_reference (parts->controller));
  requests = sc_test_parts_count (parts, NULL);
  sc_clock_manual_advance (SC_CLOCK_MANUAL (parts->clock), 3600);
  sc_test_parts_restart (parts);
  sc_test_parts_assert_status (parts, "connected");
  g_assert_cmpstr (sc_controller_get_reference (parts->controller), ==, reference);
  g_assert_cmpint (sc_test_parts_count (parts, NULL), ==, requests);

  /* The age goes on where it was. */
  sc_test_parts_advance (parts, SC_STATUS_MAX_AGE - 3600 - 1);
  sc_test_parts_assert_status (parts, "connected");
  sc_test_parts_advance (parts, 1);
  sc_test_parts_assert_status (parts, "unknown");
}

static void
test_connected_too_old (ScTestParts *parts, gconstpointer data)
{
  sc_test_parts_start (parts);
  sc_test_parts_reach_connected (parts);
  sc_test_parts_end (parts);
  sc_clock_manual_advance (SC_CLOCK_MANUAL (parts->clock), SC_STATUS_MAX_AGE);
  sc_test_parts_start (parts);
  sc_test_parts_assert_state (parts, "connected");
  sc_test_parts_assert_status (parts, "unknown");
  sc_test_parts_assert_message (parts, "too-old");
}

/* A check from the future was made by a wrong clock. */
static void
test_connected_from_the_future (ScTestParts *parts, gconstpointer data)
{
  sc_test_parts_start (parts);
  sc_test_parts_reach_connected (parts);
  sc_test_parts_end (parts);
  g_clear_object (&parts->clock);
  parts->clock = sc_clock_manual_new (g_get_real_time () / G_USEC_PER_SEC - 7 * 24 * 3600);
  sc_test_parts_start (parts);
  sc_test_parts_assert_status (parts, "unknown");
}

static void
test_failed (ScTestParts *parts, gconstpointer data)
{
  sc_test_parts_start (parts);
  sc_test_parts_authorize (parts);
  sc_test_sandbox_set_scenario (parts->sandbox, "status-failed");
  check (parts);
  sc_test_parts_wait_delivered (parts);
  sc_test_parts_restart (parts);
  sc_test_parts_assert_state (parts, "failed");
  g_assert_cmpint (sc_controller_get_connection (parts->controller)->error, ==,
                   SC_ERROR_SIKKA_NOT_GRANTED);
  g_assert_true (sc_controller_get_connection (parts->controller)->has_credential);
}

/* Killed between the keyring and the journal. */
static void
test_credential_without_record (ScTestParts *parts, gconstpointer data)
{
  ScJournalState nothing = { 0 };

  sc_test_parts_start (parts);
  sc_test_parts_authorize (parts);
  sc_test_parts_settle (parts);
  sc_test_parts_end (parts);
  g_assert_true (sc_journal_save_state (parts->journal, &nothing, NULL));
  sc_test_parts_start (parts);
  sc_test_parts_assert_state (parts, "returned");
  g_assert_cmpstr (sc_controller_get_practice (parts->controller)->name, ==, "Happy Dental Clinic");
  check (parts);
  sc_test_parts_assert_state (parts, "connected");
  sc_test_parts_wait_delivered (parts);
}

static void
test_record_without_credential (ScTestParts *parts, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  sc_test_parts_start (parts);
  sc_test_parts_reach_connected (parts);
  sc_test_parts_end (parts);
  sc_test_store_put (parts->store, CONNECTION, NULL);
  sc_test_parts_start (parts);
  sc_test_parts_assert_state (parts, "failed");
  sc_test_parts_assert_message (parts, "not-held");
  g_assert_cmpint (sc_controller_get_connection (parts->controller)->error, ==,
                   SC_ERROR_STORE_ABSENT);
  g_assert_false (sc_test_parts_check (parts, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_NOT_CONNECTED);
}

/* Killed right after the decision: the journal has it, the keyring knows nothing of it yet. */
static void
test_disconnect_half_done (ScTestParts *parts, gconstpointer data)
{
  ScJournalState state = { 0 };
  guint reports;

  sc_test_parts_start (parts);
  sc_test_parts_reach_connected (parts);
  reports = sc_test_parts_count_reports (parts);
  sc_test_parts_end (parts);
  g_assert_true (sc_journal_load_state (parts->journal, &state, NULL));
  sc_journal_add_revocation (parts->journal, state.credential_id,
                             sc_clock_get_real_time (parts->clock), NULL);
  state.state = SC_STATE_PENDING;
  sc_journal_save_state (parts->journal, &state, NULL);
  sc_journal_enqueue_report (parts->journal, "8e6e7d3c-4b51-4a0c-9c1d-0a1b2c3d4e5f", state.account,
                             "state", 1795252320,
                             "{\"id\":\"8e6e7d3c-4b51-4a0c-9c1d-0a1b2c3d4e5f\"}", NULL);
  sc_journal_state_clear (&state);

  sc_test_parts_start (parts);
  sc_test_parts_wait_grants (parts, 0);
  sc_test_parts_settle (parts);
  sc_test_parts_assert_state (parts, "pending");
  g_assert_null (sc_test_store_peek (parts->store, CONNECTION));
  g_assert_cmpuint (sc_test_parts_count_waiting (parts), ==, 0);
  g_assert_cmpuint (sc_test_parts_count_reports (parts), >=, reports);
}

/* The keyring at the start */

static void
test_locked_then_unlocked (ScTestParts *parts, gconstpointer data)
{
  sc_test_parts_start (parts);
  sc_test_parts_reach_connected (parts);
  sc_test_parts_end (parts);
  sc_test_store_fail (parts->store, SC_TEST_STORE_N_CALLS, SC_N_CREDENTIAL_SLOTS,
                      SC_ERROR_STORE_LOCKED);
  sc_test_parts_start (parts);
  sc_test_parts_assert_state (parts, "connected");
  g_assert_cmpstr (sc_grant_keeper_get_keyring_state (sc_controller_get_keeper (parts->controller)),
                   ==, "locked");

  /* Still locked: nothing is lost by asking. */
  check (parts);
  sc_test_parts_assert_state (parts, "connected");
  g_assert_cmpint (sc_controller_get_connection (parts->controller)->error, ==,
                   SC_ERROR_STORE_LOCKED);
  sc_test_store_work (parts->store);
  check (parts);
  sc_test_parts_assert_message (parts, "connected");
  sc_test_parts_wait_delivered (parts);
}

/* Locked at the start while an older grant waits there, and connected anew before anybody looked:
 * both old ones end. */
static void
test_locked_then_reconnected (ScTestParts *parts, gconstpointer data)
{
  sc_test_parts_start (parts);
  sc_test_parts_reach_connected (parts);
  sc_test_parts_end (parts);
  sc_test_store_fail (parts->store, SC_TEST_STORE_LOOKUP, SC_N_CREDENTIAL_SLOTS,
                      SC_ERROR_STORE_LOCKED);
  sc_test_parts_start (parts);
  sc_test_store_work (parts->store);
  sc_test_parts_reach_connected (parts);
  sc_test_parts_wait_grants (parts, 1);
}

/* Disconnect needs the grant that the keyring holds: while that cannot be had, nothing changes. */
static void
test_locked_then_disconnected (ScTestParts *parts, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  sc_test_parts_start (parts);
  sc_test_parts_reach_connected (parts);
  sc_test_parts_end (parts);
  sc_test_store_fail (parts->store, SC_TEST_STORE_N_CALLS, SC_N_CREDENTIAL_SLOTS,
                      SC_ERROR_STORE_LOCKED);
  sc_test_parts_start (parts);
  g_assert_false (sc_test_parts_disconnect (parts, TRUE, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_STORE_LOCKED);
  g_clear_error (&error);
  sc_test_parts_assert_state (parts, "connected");

  sc_test_store_work (parts->store);
  g_assert_true (sc_test_parts_disconnect (parts, TRUE, &error));
  g_assert_no_error (error);
  sc_test_parts_assert_state (parts, "pending");
  g_assert_null (sc_test_store_peek (parts->store, CONNECTION));
  sc_test_parts_wait_grants (parts, 0);
}

static void
test_memory_only (ScTestParts *parts, gconstpointer data)
{
  ScGrantKeeper *keeper;

  sc_test_store_fail (parts->store, SC_TEST_STORE_N_CALLS, SC_N_CREDENTIAL_SLOTS,
                      SC_ERROR_STORE_UNAVAILABLE);
  sc_test_parts_start (parts);
  sc_test_parts_reach_connected (parts);
  keeper = sc_controller_get_keeper (parts->controller);
  g_assert_cmpint (sc_grant_keeper_get_kept (keeper), ==, SC_KEPT_MEMORY);
  g_assert_cmpstr (sc_grant_keeper_get_keyring_state (keeper), ==, "unavailable");

  sc_test_parts_restart (parts);
  sc_test_parts_assert_state (parts, "failed");
  sc_test_parts_assert_message (parts, "not-held");
}

static void
test_keyring_appears (ScTestParts *parts, gconstpointer data)
{
  sc_test_store_fail (parts->store, SC_TEST_STORE_N_CALLS, SC_N_CREDENTIAL_SLOTS,
                      SC_ERROR_STORE_UNAVAILABLE);
  sc_test_parts_start (parts);
  sc_test_parts_reach_connected (parts);
  sc_test_store_work (parts->store);
  check (parts);
  sc_test_parts_wait_delivered (parts);
  sc_test_parts_restart (parts);
  sc_test_parts_assert_state (parts, "connected");
}

static void
test_check_at_sign_in (ScTestParts *parts, gconstpointer data)
{
  gint64 checked;

  sc_test_parts_start (parts);
  sc_test_parts_reach_connected (parts);
  checked = sc_controller_get_last_checked (parts->controller);
  g_assert_true (sc_settings_set (parts->settings, SC_SETTING_CHECK_AT_SIGN_IN, TRUE, NULL));
  sc_test_parts_end (parts);
  sc_clock_manual_advance (SC_CLOCK_MANUAL (parts->clock), 3600);
  sc_test_parts_start (parts);
  while (sc_controller_get_last_checked (parts->controller) == checked)
    g_main_context_iteration (NULL, TRUE);
  sc_test_parts_assert_message (parts, "connected");
  sc_test_parts_wait_delivered (parts);
}

static void
test_commands_wait (ScTestParts *parts, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  sc_test_parts_start (parts);
  sc_test_parts_reach_connected (parts);
  sc_test_parts_end (parts);
  sc_test_store_hold (parts->store);
  sc_test_parts_create (parts);
  sc_controller_check_async (parts->controller, NULL, sc_test_result_cb, &result);
  sc_controller_start (parts->controller);
  sc_test_parts_settle (parts);
  g_assert_null (result);
  g_assert_cmpuint (sc_test_store_count_held (parts->store), ==, 1);

  sc_test_store_release (parts->store, FALSE);
  result = sc_test_wait_result (&result);
  g_assert_true (sc_controller_check_finish (parts->controller, result, &error));
  sc_test_parts_assert_message (parts, "connected");
  sc_test_parts_wait_delivered (parts);
}

/* The disk */

static void
test_disk_full (ScTestParts *parts, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  sc_test_parts_start (parts);
  sc_test_parts_reach_connected (parts);
  sc_test_parts_fill_disk (parts);
  g_assert_cmpuint (sc_test_parts_connect (parts, &error), ==, 0);
  g_assert_error (error, SC_ERROR, SC_ERROR_JOURNAL_FULL);
  sc_test_parts_assert_state (parts, "connected");

  /* A few rows find room in pages that are there already. */
  for (guint i = 0; i < 200 && sc_journal_get_health (parts->journal) != SC_JOURNAL_FULL; i++)
    check (parts);
  sc_test_parts_assert_message (parts, "connected");
  sc_test_parts_settle (parts);
  g_assert_cmpint (sc_journal_get_health (parts->journal), ==, SC_JOURNAL_FULL);

  sc_test_parts_free_disk (parts);
  check (parts);
  sc_test_parts_settle (parts);
  g_assert_cmpint (sc_journal_get_health (parts->journal), ==, SC_JOURNAL_RECORDING);
  sc_test_parts_restart (parts);
  sc_test_parts_assert_state (parts, "connected");
}

int
main (int argc, char **argv)
{
  sc_test_parts_init (&argc, &argv);
#define ADD(name, test)                                                                         \
  g_test_add ("/agent/controller/restart/" name, ScTestParts, NULL, sc_test_parts_set_up, test, \
              sc_test_parts_tear_down)
  ADD ("pending", test_pending);
  ADD ("browser-open", test_browser_open);
  ADD ("returned", test_returned);
  ADD ("connected", test_connected);
  ADD ("connected-too-old", test_connected_too_old);
  ADD ("connected-from-the-future", test_connected_from_the_future);
  ADD ("failed", test_failed);
  ADD ("credential-without-record", test_credential_without_record);
  ADD ("record-without-credential", test_record_without_credential);
  ADD ("disconnect-half-done", test_disconnect_half_done);
  ADD ("locked-then-unlocked", test_locked_then_unlocked);
  ADD ("locked-then-reconnected", test_locked_then_reconnected);
  ADD ("locked-then-disconnected", test_locked_then_disconnected);
  ADD ("memory-only", test_memory_only);
  ADD ("keyring-appears", test_keyring_appears);
  ADD ("check-at-sign-in", test_check_at_sign_in);
  ADD ("commands-wait", test_commands_wait);
  ADD ("disk-full", test_disk_full);
  return g_test_run ();
}
