// SPDX-License-Identifier: MIT
// The keeper: what the keyring holds is what is in use, whatever fails in between, and a token is
// given out only once the credential behind it is safe.

#include "sc-test-canned.h"
#include "sc-test-wait.h"

#define ITEM SC_CREDENTIAL_SLOT_CONNECTION
#define PENDING SC_CREDENTIAL_SLOT_PENDING_REVOCATION

static void
store (ScTestCanned *canned, const char *id)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sc_test_canned_store (canned, id, &error));
  g_assert_no_error (error);
}

static void
assert_token (ScTestCanned *canned, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *token = sc_test_canned_get_token (canned, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (token, ==, expected);
}

static const char *
get_id (ScTestCanned *canned)
{
  const ScCredential *credential = sc_grant_keeper_get_credential (canned->keeper);

  return credential != NULL ? credential->id : NULL;
}

/* The token in memory is too old; the keyring's credential is not. */
static void
let_token_expire (ScTestCanned *canned)
{
  sc_clock_manual_advance (SC_CLOCK_MANUAL (canned->clock), 2 * 3600);
}

static guint
count_refreshes (ScTestCanned *canned)
{
  return sc_test_server_count (canned->server, SC_TEST_TOKEN);
}

static void
test_load (ScTestCanned *canned, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  store (canned, "a");
  sc_test_canned_restart (canned);
  g_assert_cmpstr (sc_grant_keeper_get_keyring_state (canned->keeper), ==, "");
  g_assert_true (sc_test_canned_load (canned, &error));
  g_assert_cmpstr (get_id (canned), ==, "a");
  g_assert_cmpint (sc_grant_keeper_get_kept (canned->keeper), ==, SC_KEPT_KEYRING);
  g_assert_cmpstr (sc_grant_keeper_get_keyring_state (canned->keeper), ==, "ok");
  g_assert_null (sc_grant_keeper_peek_token (canned->keeper));
  assert_token (canned, "access-1");
}

static const struct
{
  const char *name;
  ScError lookup;   /* SC_ERROR_FAILED: works */
  const char *item; /* (nullable) */
  ScError expected;
  const char *state;
} load_rows[] = {
  { "absent", SC_ERROR_FAILED, NULL, SC_ERROR_STORE_ABSENT, "absent" },
  { "damaged", SC_ERROR_FAILED, "{\"v\":1", SC_ERROR_STORE_DAMAGED, "failed" },
  { "newer", SC_ERROR_FAILED, "{\"v\":99}", SC_ERROR_STORE_DAMAGED, "failed" },
  { "foreign", SC_ERROR_FAILED,
    "{\"v\":1,\"id\":\"x\",\"provider\":\"cloud\",\"issuer\":\"https://elsewhere.example\","
    "\"clientId\":\"c\",\"refreshToken\":\"r\",\"obtained\":1}",
    SC_ERROR_STORE_ABSENT, "absent" },
  { "locked", SC_ERROR_STORE_LOCKED, NULL, SC_ERROR_STORE_LOCKED, "locked" },
  { "unavailable", SC_ERROR_STORE_UNAVAILABLE, NULL, SC_ERROR_STORE_UNAVAILABLE, "unavailable" },
  { "failed", SC_ERROR_STORE_FAILED, NULL, SC_ERROR_STORE_FAILED, "failed" },
};

static void
test_load_fails (ScTestCanned *canned, gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;

  sc_test_store_put (canned->store, ITEM, load_rows[row].item);
  if (load_rows[row].lookup != SC_ERROR_FAILED)
    sc_test_store_fail (canned->store, SC_TEST_STORE_LOOKUP, ITEM, load_rows[row].lookup);
  g_assert_false (sc_test_canned_load (canned, &error));
  g_assert_error (error, SC_ERROR, (int) load_rows[row].expected);
  g_assert_cmpstr (sc_grant_keeper_get_keyring_state (canned->keeper), ==, load_rows[row].state);
  g_assert_null (get_id (canned));
  /* Looking changes nothing. */
  g_assert_cmpstr (sc_test_store_peek (canned->store, ITEM), ==, load_rows[row].item);
}

static void
test_store_replaces (ScTestCanned *canned, gconstpointer data)
{
  store (canned, "a");
  store (canned, "b");

  g_assert_cmpstr (get_id (canned), ==, "b");
  g_assert_true (sc_test_canned_item_has (canned, ITEM, "refresh-b"));
  g_assert_true (sc_test_canned_item_has (canned, PENDING, "refresh-a"));
  g_assert_true (sc_revoker_has (canned->revoker, "a"));
  assert_token (canned, "access-b");
  g_assert_cmpuint (count_refreshes (canned), ==, 0);
}

/* Which slot refuses: nothing is lost, and the old one is not on its way out. */
static void
test_store_fails (ScTestCanned *canned, gconstpointer data)
{
  ScCredentialSlot slot = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;

  store (canned, "a");
  sc_test_store_fail (canned->store, SC_TEST_STORE_STORE, slot, SC_ERROR_STORE_LOCKED);
  g_assert_false (sc_test_canned_store (canned, "b", &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_STORE_LOCKED);
  g_assert_cmpuint (canned->store_failures, ==, 1);
  g_assert_cmpstr (get_id (canned), ==, "a");
  g_assert_false (sc_revoker_has (canned->revoker, "a"));
  g_assert_true (sc_test_canned_item_has (canned, ITEM, "refresh-a"));
  assert_token (canned, "access-a");

  sc_test_store_work (canned->store);
  store (canned, "c");
  g_assert_cmpstr (get_id (canned), ==, "c");
}

static void
test_no_keyring (ScTestCanned *canned, gconstpointer data)
{
  sc_test_store_fail (canned->store, SC_TEST_STORE_N_CALLS, SC_N_CREDENTIAL_SLOTS,
                      SC_ERROR_STORE_UNAVAILABLE);
  store (canned, "a");
  g_assert_cmpint (sc_grant_keeper_get_kept (canned->keeper), ==, SC_KEPT_MEMORY);
  assert_token (canned, "access-a");
  g_assert_cmpint (sc_grant_keeper_get_kept (canned->keeper), ==, SC_KEPT_MEMORY);

  /* It appears: the next call moves the connection there. */
  sc_test_store_work (canned->store);
  assert_token (canned, "access-a");
  g_assert_cmpint (sc_grant_keeper_get_kept (canned->keeper), ==, SC_KEPT_KEYRING);
  g_assert_true (sc_test_canned_item_has (canned, ITEM, "refresh-a"));
  g_assert_cmpuint (count_refreshes (canned), ==, 0);
}

static void
test_one_refresh (ScTestCanned *canned, gconstpointer data)
{
  GAsyncResult *results[5] = { NULL };

  store (canned, "a");
  let_token_expire (canned);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    sc_grant_keeper_get_token_async (canned->keeper, NULL, sc_test_result_cb, &results[i]);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr (GAsyncResult) result = sc_test_wait_result (&results[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (ScToken) token = sc_grant_keeper_get_token_finish (canned->keeper, result, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (sc_secret_string_peek (token->access_token), ==, "access-1");
    }
  g_assert_cmpuint (count_refreshes (canned), ==, 1);
}

static gboolean
is_held (gpointer user_data)
{
  return sc_test_store_count_held (user_data) > 0;
}

static void
test_written_first (ScTestCanned *canned, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ScToken) token = NULL;

  store (canned, "a");
  let_token_expire (canned);
  sc_test_store_hold (canned->store);
  sc_grant_keeper_get_token_async (canned->keeper, NULL, sc_test_result_cb, &result);
  sc_test_wait_until (is_held, canned->store);
  sc_test_canned_settle (canned);
  g_assert_null (result);

  sc_test_store_release (canned->store, FALSE);
  result = sc_test_wait_result (&result);
  g_assert_true (sc_test_canned_item_has (canned, ITEM, "rotated-1"));
  token = sc_grant_keeper_get_token_finish (canned->keeper, result, NULL);
  g_assert_nonnull (token);
}

static void
test_write_fails (ScTestCanned *canned, gconstpointer data)
{
  store (canned, "a");
  let_token_expire (canned);
  sc_test_store_fail (canned->store, SC_TEST_STORE_STORE, ITEM, SC_ERROR_STORE_FAILED);
  assert_token (canned, "access-1");
  g_assert_cmpint (sc_grant_keeper_get_kept (canned->keeper), ==, SC_KEPT_MEMORY);
  g_assert_cmpuint (canned->store_failures, ==, 1);
  g_assert_true (sc_test_canned_item_has (canned, ITEM, "refresh-a"));

  sc_test_store_work (canned->store);
  assert_token (canned, "access-1");
  g_assert_cmpuint (count_refreshes (canned), ==, 1);
  g_assert_cmpint (sc_grant_keeper_get_kept (canned->keeper), ==, SC_KEPT_KEYRING);
  g_assert_true (sc_test_canned_item_has (canned, ITEM, "rotated-1"));
}

static void
test_invalidate (ScTestCanned *canned, gconstpointer data)
{
  g_autoptr (ScToken) refused = NULL;

  store (canned, "a");
  refused = sc_grant_keeper_peek_token (canned->keeper);
  sc_grant_keeper_invalidate (canned->keeper, refused);
  assert_token (canned, "access-1");
  /* Too late: that one is out of use already. */
  sc_grant_keeper_invalidate (canned->keeper, refused);
  sc_grant_keeper_invalidate (canned->keeper, NULL);
  assert_token (canned, "access-1");
  g_assert_cmpuint (count_refreshes (canned), ==, 1);
}

static void
test_refresh_fails (ScTestCanned *canned, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (sc_test_canned_get_token (canned, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_NOT_CONNECTED);
  g_clear_error (&error);

  store (canned, "a");
  let_token_expire (canned);
  sc_test_server_set_answer (canned->server, SC_TEST_TOKEN, 400, "application/json",
                             "{\"error\":\"invalid_grant\"}");
  g_assert_null (sc_test_canned_get_token (canned, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_OAUTH_GRANT);
  /* What to do about it is the controller's. */
  g_assert_cmpstr (get_id (canned), ==, "a");
  sc_test_canned_answer_token (canned, "access-2", "rotated-2");
  assert_token (canned, "access-2");
}

static void
test_retire (ScTestCanned *canned, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sc_test_canned_retire (canned, &error));
  store (canned, "a");
  g_assert_true (sc_test_canned_retire (canned, &error));
  g_assert_no_error (error);
  g_assert_null (get_id (canned));
  g_assert_cmpint (sc_grant_keeper_get_kept (canned->keeper), ==, SC_KEPT_NONE);
  g_assert_null (sc_test_store_peek (canned->store, ITEM));
  g_assert_true (sc_test_canned_item_has (canned, PENDING, "refresh-a"));
  g_assert_null (sc_test_canned_get_token (canned, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_NOT_CONNECTED);
}

static void
test_retire_fails (ScTestCanned *canned, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  store (canned, "a");
  sc_test_store_fail (canned->store, SC_TEST_STORE_N_CALLS, SC_N_CREDENTIAL_SLOTS,
                      SC_ERROR_STORE_LOCKED);
  g_assert_false (sc_test_canned_retire (canned, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_STORE_LOCKED);
  g_assert_null (get_id (canned));
  g_assert_true (sc_revoker_has (canned->revoker, "a"));
}

/* Disconnected while a refresh is under way: its credential must not come back. */
static void
test_retire_during_refresh (ScTestCanned *canned, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ScToken) token = NULL;
  g_autoptr (GError) error = NULL;

  store (canned, "a");
  let_token_expire (canned);
  sc_grant_keeper_get_token_async (canned->keeper, NULL, sc_test_result_cb, &result);
  g_assert_true (sc_test_canned_retire (canned, NULL));
  result = sc_test_wait_result (&result);
  token = sc_grant_keeper_get_token_finish (canned->keeper, result, &error);
  g_assert_error (error, SC_ERROR, SC_ERROR_NOT_CONNECTED);
  g_assert_cmpuint (count_refreshes (canned), ==, 1);
  g_assert_null (sc_test_store_peek (canned->store, ITEM));
  g_assert_cmpint (sc_grant_keeper_get_kept (canned->keeper), ==, SC_KEPT_NONE);
}

/* The same a moment later, when the keyring is being written; a slow keyring answers in any order.
 */
static void
test_retire_during_write (ScTestCanned *canned, gconstpointer data)
{
  g_autoptr (GAsyncResult) fetched = NULL;
  g_autoptr (GAsyncResult) retired = NULL;

  store (canned, "a");
  let_token_expire (canned);
  sc_test_store_hold (canned->store);
  sc_grant_keeper_get_token_async (canned->keeper, NULL, sc_test_result_cb, &fetched);
  sc_test_wait_until (is_held, canned->store);
  sc_grant_keeper_retire_async (canned->keeper, NULL, sc_test_result_cb, &retired);
  sc_test_canned_settle (canned);
  sc_test_store_release (canned->store, TRUE);
  g_object_unref (sc_test_wait_result (&fetched));
  g_object_unref (sc_test_wait_result (&retired));

  g_assert_null (sc_test_store_peek (canned->store, ITEM));
  g_assert_cmpint (sc_grant_keeper_get_kept (canned->keeper), ==, SC_KEPT_NONE);
  /* The newest refresh token is the one that ends it. */
  g_assert_true (sc_test_canned_item_has (canned, PENDING, "rotated-1"));
}

/* Connected anew while the old grant is being refreshed: the keyring ends with the new one. */
static void
test_store_during_write (ScTestCanned *canned, gconstpointer data)
{
  g_autoptr (GAsyncResult) fetched = NULL;
  g_autoptr (GAsyncResult) stored = NULL;
  ScGrant *grant = sc_test_canned_create_grant (canned, "b");

  store (canned, "a");
  let_token_expire (canned);
  sc_test_store_hold (canned->store);
  sc_grant_keeper_get_token_async (canned->keeper, NULL, sc_test_result_cb, &fetched);
  sc_test_wait_until (is_held, canned->store);
  sc_grant_keeper_store_async (canned->keeper, grant, NULL, sc_test_result_cb, &stored);
  sc_test_canned_settle (canned);
  sc_test_store_release (canned->store, TRUE);
  g_object_unref (sc_test_wait_result (&fetched));
  g_object_unref (sc_test_wait_result (&stored));

  g_assert_cmpstr (get_id (canned), ==, "b");
  g_assert_true (sc_test_canned_item_has (canned, ITEM, "refresh-b"));
  g_assert_true (sc_test_canned_item_has (canned, PENDING, "rotated-1"));
}

/* And the other way round: the refresh answers while the new grant is being stored. */
static void
test_refresh_during_store (ScTestCanned *canned, gconstpointer data)
{
  g_autoptr (GAsyncResult) fetched = NULL;
  g_autoptr (GAsyncResult) stored = NULL;
  g_autoptr (ScToken) token = NULL;

  store (canned, "a");
  let_token_expire (canned);
  sc_test_store_hold (canned->store);
  sc_grant_keeper_store_async (canned->keeper, sc_test_canned_create_grant (canned, "b"), NULL,
                               sc_test_result_cb, &stored);
  sc_grant_keeper_get_token_async (canned->keeper, NULL, sc_test_result_cb, &fetched);
  sc_test_canned_settle (canned);
  g_assert_cmpuint (count_refreshes (canned), ==, 1);
  sc_test_store_release (canned->store, TRUE);
  g_object_unref (sc_test_wait_result (&stored));
  fetched = sc_test_wait_result (&fetched);

  /* Who waited for a token gets the one of the connection that there is now. */
  token = sc_grant_keeper_get_token_finish (canned->keeper, fetched, NULL);
  g_assert_nonnull (token);
  g_assert_cmpstr (sc_secret_string_peek (token->access_token), ==, "access-b");
  g_assert_cmpstr (get_id (canned), ==, "b");
  g_assert_true (sc_test_canned_item_has (canned, ITEM, "refresh-b"));
}

/* A keyring that could not be asked at the start: what it holds is replaced as any other. */
static void
test_store_over_unknown (ScTestCanned *canned, gconstpointer data)
{
  store (canned, "a");
  sc_test_canned_restart (canned);
  sc_test_store_fail (canned->store, SC_TEST_STORE_LOOKUP, ITEM, SC_ERROR_STORE_LOCKED);
  g_assert_false (sc_test_canned_load (canned, NULL));
  sc_test_store_work (canned->store);
  store (canned, "b");

  g_assert_true (sc_revoker_has (canned->revoker, "a"));
  g_assert_true (sc_test_canned_item_has (canned, PENDING, "refresh-a"));
  g_assert_true (sc_test_canned_item_has (canned, ITEM, "refresh-b"));
}

int
main (int argc, char **argv)
{
  sc_test_canned_init (&argc, &argv);
#define ADD(name, data, test)                                                               \
  g_test_add ("/agent/grant-keeper/" name, ScTestCanned, data, sc_test_canned_set_up, test, \
              sc_test_canned_tear_down)
  ADD ("load", NULL, test_load);
  ADD ("store-replaces", NULL, test_store_replaces);
  ADD ("store-fails", GUINT_TO_POINTER (ITEM), test_store_fails);
  ADD ("store-fails-for-old", GUINT_TO_POINTER (PENDING), test_store_fails);
  ADD ("no-keyring", NULL, test_no_keyring);
  ADD ("one-refresh", NULL, test_one_refresh);
  ADD ("written-first", NULL, test_written_first);
  ADD ("write-fails", NULL, test_write_fails);
  ADD ("invalidate", NULL, test_invalidate);
  ADD ("refresh-fails", NULL, test_refresh_fails);
  ADD ("retire", NULL, test_retire);
  ADD ("retire-fails", NULL, test_retire_fails);
  ADD ("retire-during-refresh", NULL, test_retire_during_refresh);
  ADD ("retire-during-write", NULL, test_retire_during_write);
  ADD ("store-during-write", NULL, test_store_during_write);
  ADD ("refresh-during-store", NULL, test_refresh_during_store);
  ADD ("store-over-unknown", NULL, test_store_over_unknown);
  for (guint i = 0; i < G_N_ELEMENTS (load_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/agent/grant-keeper/load/", load_rows[i].name, NULL);

      g_test_add (path, ScTestCanned, GUINT_TO_POINTER (i), sc_test_canned_set_up, test_load_fails,
                  sc_test_canned_tear_down);
    }
  return g_test_run ();
}
