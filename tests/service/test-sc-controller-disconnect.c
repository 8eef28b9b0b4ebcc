// SPDX-License-Identifier: MIT
// The controller's Disconnect: Undo, the last report before the revocation, the whole practice.

#include "sc-test-parts.h"
#include "sc-test-wait.h"

#define CONNECTION SC_CREDENTIAL_SLOT_CONNECTION
#define PENDING SC_CREDENTIAL_SLOT_PENDING_REVOCATION
#define REPORTS "POST /api/pms/companion/reports"
#define REVOKE "POST /oauth/revoke"
#define DELETE "DELETE /api/pms/connection"

static void
set_up (ScTestParts *parts, gconstpointer data)
{
  sc_test_parts_set_up (parts, NULL);
  sc_test_parts_start (parts);
  sc_test_parts_reach_connected (parts);
  g_assert_cmpint (sc_test_parts_count_grants (parts), ==, 1);
}

static void
disconnect (ScTestParts *parts, gboolean immediate)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sc_test_parts_disconnect (parts, immediate, &error));
  g_assert_no_error (error);
}

static void
assert_all_gone (ScTestParts *parts)
{
  g_autoptr (GHashTable) asked = sc_journal_list_revocations (parts->journal);

  sc_test_parts_assert_state (parts, "pending");
  g_assert_null (sc_test_store_peek (parts->store, CONNECTION));
  g_assert_null (sc_test_store_peek (parts->store, PENDING));
  g_assert_null (sc_controller_get_practice (parts->controller));
  g_assert_null (sc_controller_get_cloud_status (parts->controller));
  g_assert_cmpint (sc_test_parts_count_grants (parts), ==, 0);
  g_assert_cmpuint (g_hash_table_size (asked), ==, 0);
  g_assert_cmpuint (sc_test_parts_count_alarms (parts), ==, 0);
}

static void
test_undo (ScTestParts *parts, gconstpointer data)
{
  gint64 requests = sc_test_parts_count (parts, NULL);
  g_autoptr (GError) error = NULL;

  disconnect (parts, FALSE);
  sc_test_parts_assert_message (parts, "disconnecting");
  g_assert_cmpint (sc_controller_get_undo_deadline (parts->controller), ==,
                   sc_clock_get_real_time (parts->clock) + SC_CONTROLLER_UNDO);
  sc_test_parts_advance (parts, 9);
  g_assert_true (sc_controller_undo (parts->controller, &error));
  sc_test_parts_advance (parts, 3600);

  sc_test_parts_assert_message (parts, "connected");
  g_assert_cmpint (sc_controller_get_undo_deadline (parts->controller), ==, 0);
  g_assert_cmpint (sc_test_parts_count (parts, NULL), ==, requests);
  g_assert_cmpuint (sc_test_parts_count_activity (parts, "disconnect", "undone"), ==, 1);
  g_assert_false (sc_controller_undo (parts->controller, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_INVALID_ARGUMENT);
}

static void
test_undo_expires (ScTestParts *parts, gconstpointer data)
{
  guint reports = sc_test_parts_count_reports (parts);

  disconnect (parts, FALSE);
  sc_test_parts_advance (parts, 9);
  sc_test_parts_assert_state (parts, "connected");
  g_assert_cmpint (sc_test_parts_count (parts, REVOKE), ==, 0);

  sc_test_parts_advance (parts, 1);
  sc_test_parts_wait_grants (parts, 0);
  sc_test_parts_settle (parts);
  assert_all_gone (parts);
  g_assert_cmpuint (sc_test_parts_count_reports (parts), ==, reports + 1);
  g_assert_cmpint (sc_test_parts_count (parts, REVOKE), ==, 1);
}

static gint64
find_request (ScTestParts *parts, const char *method, const char *path)
{
  g_autofree char *url = g_strconcat (parts->url, "/sandbox/requests", NULL);
  g_autoptr (ScTestAnswer) answer = sc_test_http_send ("GET", url, NULL, NULL, NULL);
  g_autoptr (JsonObject) log = sc_test_answer_get_object (answer);
  JsonArray *requests = json_object_get_array_member (log, "requests");
  gint64 found = -1;

  for (guint i = 0; i < json_array_get_length (requests); i++)
    {
      JsonObject *request = json_array_get_object_element (requests, i);

      if (g_str_equal (json_object_get_string_member (request, "method"), method) &&
          g_str_equal (json_object_get_string_member (request, "path"), path))
        found = i;
    }
  return found;
}

static void
test_immediate (ScTestParts *parts, gconstpointer data)
{
  guint reports = sc_test_parts_count_reports (parts);

  disconnect (parts, TRUE);
  g_assert_null (sc_test_store_peek (parts->store, CONNECTION));
  sc_test_parts_wait_grants (parts, 0);
  sc_test_parts_settle (parts);
  assert_all_gone (parts);
  g_assert_cmpuint (sc_test_parts_count_reports (parts), ==, reports + 1);
  g_assert_cmpint (find_request (parts, "POST", "/api/pms/companion/reports"), <,
                   find_request (parts, "POST", "/oauth/revoke"));
}

/* Down at the disconnect: it counts all the same, and the server hears of it later. */
static void
test_cloud_is_down (ScTestParts *parts, gconstpointer data)
{
  guint reports = sc_test_parts_count_reports (parts);

  sc_test_parts_stop_sandbox (parts);
  disconnect (parts, TRUE);
  sc_test_parts_settle (parts);
  sc_test_parts_assert_state (parts, "pending");
  g_assert_null (sc_test_store_peek (parts->store, CONNECTION));
  g_assert_nonnull (sc_test_store_peek (parts->store, PENDING));
  g_assert_cmpuint (sc_test_parts_count_waiting (parts), ==, 1);
  g_assert_cmpuint (sc_test_parts_count_alarms (parts), ==, 1);

  sc_test_parts_start_sandbox (parts);
  g_assert_cmpint (sc_test_parts_count_grants (parts), ==, 1);
  sc_test_parts_advance (parts, 60);
  sc_test_parts_wait_grants (parts, 0);
  sc_test_parts_settle (parts);
  assert_all_gone (parts);

  /* Nobody is connected, so the report waits for the next token of this practice. */
  g_assert_cmpuint (sc_test_parts_count_waiting (parts), ==, 1);
  sc_test_parts_reach_connected (parts);
  g_assert_cmpuint (sc_test_parts_count_reports (parts), ==, reports + 3);
}

static void
test_revoked_after_restart (ScTestParts *parts, gconstpointer data)
{
  sc_test_parts_stop_sandbox (parts);
  disconnect (parts, TRUE);
  sc_test_parts_end (parts);
  sc_test_parts_start_sandbox (parts);
  sc_test_parts_start (parts);
  sc_test_parts_wait_grants (parts, 0);
  sc_test_parts_settle (parts);
  assert_all_gone (parts);
}

/* The last report may take ten seconds, and then the grant ends without it. */
static void
test_cloud_hangs (ScTestParts *parts, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  sc_test_sandbox_set_scenario (parts->sandbox, "slow");
  sc_controller_disconnect_async (parts->controller, FALSE, TRUE, NULL, NULL, sc_test_result_cb,
                                  &result);
  sc_test_parts_settle (parts);
  g_assert_null (result);
  g_assert_cmpstr (sc_controller_get_busy (parts->controller), ==, "disconnect");
  sc_test_parts_advance (parts, 10);
  result = sc_test_wait_result (&result);
  g_assert_true (sc_controller_disconnect_finish (parts->controller, result, &error));
  sc_test_parts_wait_grants (parts, 0);
}

/* A command that comes while the grant is on its way out waits for its turn. */
static void
test_connect_meanwhile (ScTestParts *parts, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  sc_controller_disconnect_async (parts->controller, FALSE, TRUE, NULL, NULL, sc_test_result_cb,
                                  &result);
  while (!g_str_equal (sc_controller_get_busy (parts->controller), "disconnect"))
    g_main_context_iteration (NULL, TRUE);
  sc_test_parts_reach_connected (parts);
  g_assert_nonnull (result);
  sc_test_parts_wait_grants (parts, 1);
  g_assert_nonnull (sc_test_store_peek (parts->store, CONNECTION));
}

static void
test_wrong_moment (ScTestParts *parts, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  disconnect (parts, TRUE);
  g_assert_false (sc_test_parts_disconnect (parts, TRUE, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_NOT_CONNECTED);
}

static void
test_browser_open (ScTestParts *parts, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (sc_test_parts_connect (parts, &error), >, 0);
  disconnect (parts, TRUE);
  g_assert_cmpstr (parts->outcome, ==, "cancelled");
  sc_test_parts_wait_grants (parts, 0);
  sc_test_parts_settle (parts);
  assert_all_gone (parts);
}

/* The keyring cannot be changed: the person reads "pending", and the grant ends at the server; what
 * the keyring still holds is not taken for a connection at the next start. */
static void
test_keyring_is_locked (ScTestParts *parts, gconstpointer data)
{
  sc_test_store_fail (parts->store, SC_TEST_STORE_N_CALLS, SC_N_CREDENTIAL_SLOTS,
                      SC_ERROR_STORE_LOCKED);
  disconnect (parts, TRUE);
  sc_test_parts_wait_grants (parts, 0);
  sc_test_parts_settle (parts);
  sc_test_parts_assert_state (parts, "pending");
  g_assert_nonnull (sc_test_store_peek (parts->store, CONNECTION));

  sc_test_store_work (parts->store);
  sc_test_parts_restart (parts);
  sc_test_parts_settle (parts);
  sc_test_parts_assert_state (parts, "pending");
  g_assert_null (sc_test_store_peek (parts->store, CONNECTION));
}

/* The whole practice */

static void
test_practice (ScTestParts *parts, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sc_test_parts_disconnect_practice (parts, "Happy Dental Clinic", &error));
  g_assert_no_error (error);
  g_assert_cmpint (sc_test_parts_count (parts, DELETE), ==, 1);
  sc_test_parts_wait_grants (parts, 0);
  sc_test_parts_settle (parts);
  assert_all_gone (parts);
}

/* Nothing else begins while the cloud is asked. */
static void
test_practice_is_busy (ScTestParts *parts, gconstpointer data)
{
  g_autofree char *name = NULL;
  g_autoptr (GAsyncResult) ending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  name = g_strdup (sc_controller_get_practice (parts->controller)->name);
  sc_controller_disconnect_async (parts->controller, TRUE, TRUE, name, NULL, sc_test_result_cb,
                                  &ending);
  g_assert_cmpstr (sc_controller_get_busy (parts->controller), ==, "disconnect");
  g_assert_false (sc_test_parts_check (parts, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_cmpuint (sc_test_parts_connect (parts, &error), ==, 0);
  g_assert_error (error, SC_ERROR, SC_ERROR_BUSY);
  g_clear_error (&error);
  result = sc_test_wait_result (&ending);
  g_assert_true (sc_controller_disconnect_finish (parts->controller, result, &error));
  g_assert_no_error (error);
  sc_test_parts_assert_state (parts, "pending");
  g_assert_cmpstr (sc_controller_get_busy (parts->controller), ==, "");
}

static void
test_practice_wrong_name (ScTestParts *parts, gconstpointer data)
{
  static const char *const names[] = { "happy dental clinic", "", "Bright Smiles Dental", NULL };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (sc_test_parts_disconnect_practice (parts, names[i], &error));
      g_assert_error (error, SC_ERROR, SC_ERROR_INVALID_ARGUMENT);
    }
  g_assert_cmpint (sc_test_parts_count (parts, DELETE), ==, 0);
  sc_test_parts_assert_message (parts, "connected");
}

static void
test_practice_hidden (ScTestParts *parts, gconstpointer data)
{
  const char *policy = "[policy]\nhide_disconnect_practice=true\n";
  g_autoptr (GError) error = NULL;

  sc_test_parts_end (parts);
  parts->config = sc_config_new (parts->url);
  sc_config_merge (parts->config, "policy.ini", policy, strlen (policy), TRUE);
  sc_test_parts_start (parts);
  g_assert_false (sc_test_parts_disconnect_practice (parts, "Happy Dental Clinic", &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_NOT_SUPPORTED);
  g_assert_cmpint (sc_test_parts_count (parts, DELETE), ==, 0);
}

static void
test_practice_cloud_fails (ScTestParts *parts, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  sc_test_sandbox_set_scenario (parts->sandbox, "unavailable");
  g_assert_false (sc_test_parts_disconnect_practice (parts, "Happy Dental Clinic", &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_CLOUD_UNAVAILABLE);
  sc_test_parts_assert_message (parts, "connected");
  g_assert_nonnull (sc_test_store_peek (parts->store, CONNECTION));
  g_assert_cmpuint (
    sc_test_parts_count_activity (parts, "disconnect-practice", "cloud-unavailable"), ==, 1);
}

static void
test_practice_expired_token (ScTestParts *parts, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  sc_test_sandbox_advance_clock (parts->sandbox, 2 * 3600);
  g_assert_true (sc_test_parts_disconnect_practice (parts, "Happy Dental Clinic", &error));
  g_assert_no_error (error);
  g_assert_cmpint (sc_test_parts_count (parts, DELETE), ==, 2);
  sc_test_parts_wait_grants (parts, 0);
}

int
main (int argc, char **argv)
{
  sc_test_parts_init (&argc, &argv);
#define ADD(name, test)                                                              \
  g_test_add ("/agent/controller/disconnect/" name, ScTestParts, NULL, set_up, test, \
              sc_test_parts_tear_down)
  ADD ("undo", test_undo);
  ADD ("undo-expires", test_undo_expires);
  ADD ("immediate", test_immediate);
  ADD ("cloud-is-down", test_cloud_is_down);
  ADD ("revoked-after-restart", test_revoked_after_restart);
  ADD ("cloud-hangs", test_cloud_hangs);
  ADD ("connect-meanwhile", test_connect_meanwhile);
  ADD ("wrong-moment", test_wrong_moment);
  ADD ("browser-open", test_browser_open);
  ADD ("keyring-is-locked", test_keyring_is_locked);
  ADD ("practice", test_practice);
  ADD ("practice-is-busy", test_practice_is_busy);
  ADD ("practice-wrong-name", test_practice_wrong_name);
  ADD ("practice-hidden", test_practice_hidden);
  ADD ("practice-cloud-fails", test_practice_cloud_fails);
  ADD ("practice-expired-token", test_practice_expired_token);
  return g_test_run ();
}
