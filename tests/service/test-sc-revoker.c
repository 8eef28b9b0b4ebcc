// SPDX-License-Identifier: MIT
// The revoker: durable first, retried for a month, and never a grant that is still in use.

#include "sc-test-canned.h"
#include "sc-test-wait.h"

#define DAY (24 * 60 * 60)
#define ITEM SC_CREDENTIAL_SLOT_PENDING_REVOCATION

static void
add (ScTestCanned *canned, const char *id)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sc_test_canned_add (canned, id, &error));
  g_assert_no_error (error);
}

static void
ask_to_end (ScTestCanned *canned, const char *id)
{
  g_assert_true (
    sc_journal_add_revocation (canned->journal, id, sc_clock_get_real_time (canned->clock), NULL));
}

static void
load (ScTestCanned *canned, const char *held_id)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sc_test_canned_load_revoker (canned, held_id, &error));
  g_assert_no_error (error);
}

static guint
count_revocations (ScTestCanned *canned)
{
  return sc_test_server_count (canned->server, SC_TEST_REVOKE);
}

static gboolean
is_asked (ScTestCanned *canned, const char *id)
{
  g_autoptr (GHashTable) rows = sc_journal_list_revocations (canned->journal);

  return g_hash_table_contains (rows, id);
}

static void
run (ScTestCanned *canned)
{
  sc_revoker_run (canned->revoker);
  sc_test_canned_settle (canned);
}

static void
test_durable_first (ScTestCanned *canned, gconstpointer data)
{
  add (canned, "a");
  g_assert_true (sc_test_canned_item_has (canned, ITEM, "refresh-a"));
  g_assert_true (sc_revoker_has (canned->revoker, "a"));
  g_assert_true (sc_revoker_is_waiting (canned->revoker));
  sc_test_canned_settle (canned);
  g_assert_cmpuint (count_revocations (canned), ==, 0);

  ask_to_end (canned, "a");
  run (canned);
  g_assert_cmpuint (count_revocations (canned), ==, 1);
  g_assert_nonnull (
    strstr (sc_test_server_get_body (canned->server, SC_TEST_REVOKE), "token=refresh-a&"));
  g_assert_cmpstr (canned->finished->str, ==, "a\n");
  g_assert_null (sc_test_store_peek (canned->store, ITEM));
  g_assert_false (is_asked (canned, "a"));
  g_assert_false (sc_revoker_is_waiting (canned->revoker));
  g_assert_cmpuint (sc_test_canned_count_alarms (canned), ==, 0);
}

static void
test_several (ScTestCanned *canned, gconstpointer data)
{
  add (canned, "a");
  add (canned, "b");
  add (canned, "a");
  g_assert_true (sc_test_canned_item_has (canned, ITEM, "refresh-a"));
  g_assert_true (sc_test_canned_item_has (canned, ITEM, "refresh-b"));

  sc_test_canned_restart (canned);
  load (canned, NULL);
  run (canned);
  g_assert_cmpuint (count_revocations (canned), ==, 2);
  g_assert_cmpstr (canned->finished->str, ==, "a\nb\n");
  g_assert_null (sc_test_store_peek (canned->store, ITEM));
}

static void
test_writes_are_joined (ScTestCanned *canned, gconstpointer data)
{
  g_autoptr (ScGrant) a = sc_test_canned_create_grant (canned, "a");
  g_autoptr (ScGrant) b = sc_test_canned_create_grant (canned, "b");
  g_autoptr (ScGrant) c = sc_test_canned_create_grant (canned, "c");
  g_autoptr (GAsyncResult) last = NULL;

  load (canned, NULL);
  sc_revoker_add_async (canned->revoker, a->credential, NULL, NULL, NULL);
  sc_revoker_add_async (canned->revoker, b->credential, NULL, NULL, NULL);
  sc_revoker_add_async (canned->revoker, c->credential, NULL, sc_test_result_cb, &last);
  g_object_unref (sc_test_wait_result (&last));

  g_assert_cmpuint (sc_test_store_count (canned->store, SC_TEST_STORE_STORE, ITEM), ==, 2);
  g_assert_true (sc_test_canned_item_has (canned, ITEM, "refresh-a"));
  g_assert_true (sc_test_canned_item_has (canned, ITEM, "refresh-c"));
}

static void
test_does_not_fit (ScTestCanned *canned, gconstpointer data)
{
  g_autofree char *large = g_strnfill (900, 'x');

  for (char name = 'a'; name <= 'd'; name++)
    {
      large[0] = name;
      add (canned, large);
    }
  g_assert_cmpuint (strlen (sc_test_store_peek (canned->store, ITEM)), <=, SC_CREDENTIAL_MAX_SIZE);
  g_assert_true (sc_revoker_has (canned->revoker, large));
  large[0] = 'a';
  g_assert_false (sc_revoker_has (canned->revoker, large));
  g_assert_true (g_str_has_prefix (canned->finished->str, large));
  g_assert_nonnull (strstr (canned->finished->str, " given-up\n"));
}

static void
test_back_off (ScTestCanned *canned, gconstpointer data)
{
  static const gint64 waits[] = { 60, 120, 240, 480, 960, 1920, 3840, 7680, 15360, 21600, 21600 };

  sc_test_server_set_answer (canned->server, SC_TEST_REVOKE, 503, "text/plain", "");
  add (canned, "a");
  add (canned, "b");
  ask_to_end (canned, "a");
  ask_to_end (canned, "b");
  run (canned);
  for (guint i = 0; i < G_N_ELEMENTS (waits); i++)
    {
      g_assert_cmpuint (count_revocations (canned), ==, 2 * (i + 1));
      g_assert_cmpuint (sc_test_canned_count_alarms (canned), ==, 1);
      sc_test_canned_advance (canned, waits[i] - 1);
      g_assert_cmpuint (count_revocations (canned), ==, 2 * (i + 1));
      sc_test_canned_advance (canned, 1);
    }
  sc_test_server_set_answer (canned->server, SC_TEST_REVOKE, 200, "text/plain", "");
  sc_test_canned_advance (canned, 21600);
  g_assert_cmpstr (canned->finished->str, ==, "a\nb\n");
  g_assert_cmpuint (sc_test_canned_count_alarms (canned), ==, 0);
}

static void
test_thirty_days (ScTestCanned *canned, gconstpointer data)
{
  guint tried;

  sc_test_server_set_answer (canned->server, SC_TEST_REVOKE, 503, "text/plain", "");
  add (canned, "a");
  ask_to_end (canned, "a");
  run (canned);
  /* Off for a month. */
  sc_test_canned_restart (canned);
  load (canned, NULL);
  tried = count_revocations (canned);
  sc_test_canned_advance (canned, 30 * DAY);
  run (canned);
  g_assert_cmpuint (count_revocations (canned), ==, tried + 1);
  g_assert_true (sc_revoker_has (canned->revoker, "a"));

  sc_test_canned_advance (canned, 60);
  g_assert_cmpuint (count_revocations (canned), ==, tried + 1);
  g_assert_cmpstr (canned->finished->str, ==, "a given-up\n");
  g_assert_null (sc_test_store_peek (canned->store, ITEM));
  g_assert_false (is_asked (canned, "a"));
  g_assert_cmpuint (sc_test_canned_count_alarms (canned), ==, 0);
}

static const struct
{
  const char *name;
  guint status;
  const char *body;
  gboolean is_final;
} answers[] = {
  { "invalid-grant", 400, "{\"error\":\"invalid_grant\"}", TRUE },
  { "invalid-client", 401, "{\"error\":\"invalid_client\"}", TRUE },
  { "rate-limited", 429, "", FALSE },
  { "server-error", 500, "", FALSE },
  { "unsupported", 400, "{\"error\":\"unsupported_token_type\"}", FALSE },
};

static void
test_answer (ScTestCanned *canned, gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);

  sc_test_server_set_answer (canned->server, SC_TEST_REVOKE, answers[row].status,
                             "application/json", answers[row].body);
  add (canned, "a");
  run (canned);
  g_assert_cmpint (sc_revoker_has (canned->revoker, "a"), ==, !answers[row].is_final);
  g_assert_cmpuint (sc_test_canned_count_alarms (canned), ==, !answers[row].is_final);
}

/* A replacement puts the old grant here before the new one is stored: until the keeper says so, it
 * is in use, whatever else the revoker is doing. */
static void
test_not_before_run (ScTestCanned *canned, gconstpointer data)
{
  sc_test_server_set_answer (canned->server, SC_TEST_REVOKE, 503, "text/plain", "");
  add (canned, "a");
  sc_revoker_run (canned->revoker);
  add (canned, "in-use");
  sc_test_canned_settle (canned);
  g_assert_cmpuint (count_revocations (canned), ==, 1);

  sc_test_server_set_answer (canned->server, SC_TEST_REVOKE, 200, "text/plain", "");
  sc_test_canned_advance (canned, 60);
  g_assert_cmpstr (canned->finished->str, ==, "a\n");
  g_assert_true (sc_revoker_has (canned->revoker, "in-use"));
  g_assert_cmpuint (sc_test_canned_count_alarms (canned), ==, 0);

  run (canned);
  g_assert_cmpstr (canned->finished->str, ==, "a\nin-use\n");
}

/* A run that is asked for in the middle of another is not forgotten. */
static void
test_run_during_run (ScTestCanned *canned, gconstpointer data)
{
  add (canned, "a");
  sc_revoker_run (canned->revoker);
  add (canned, "b");
  run (canned);

  g_assert_cmpstr (canned->finished->str, ==, "a\nb\n");
}

static void
test_drop (ScTestCanned *canned, gconstpointer data)
{
  add (canned, "a");
  add (canned, "b");
  ask_to_end (canned, "a");
  sc_revoker_drop (canned->revoker, "a");
  sc_revoker_drop (canned->revoker, "unknown");
  run (canned);

  g_assert_false (is_asked (canned, "a"));
  g_assert_cmpstr (canned->finished->str, ==, "b\n");
}

/* Killed between putting the old grant here and storing the new one. */
static void
test_unfinished_replacement (ScTestCanned *canned, gconstpointer data)
{
  add (canned, "held");
  add (canned, "b");
  sc_test_canned_restart (canned);
  load (canned, "held");
  g_assert_false (sc_revoker_has (canned->revoker, "held"));
  run (canned);

  g_assert_cmpstr (canned->finished->str, ==, "b\n");
}

/* Killed between the decision to disconnect and the end of it. */
static void
test_unfinished_disconnect (ScTestCanned *canned, gconstpointer data)
{
  add (canned, "held");
  ask_to_end (canned, "held");
  sc_test_canned_restart (canned);
  load (canned, "held");
  g_assert_true (sc_revoker_has (canned->revoker, "held"));
  g_assert_true (is_asked (canned, "held"));
}

/* The same, but so early that the grant is in its own item only: the decision must not be lost. */
static void
test_disconnect_hardly_begun (ScTestCanned *canned, gconstpointer data)
{
  ask_to_end (canned, "held");
  load (canned, "held");
  g_assert_true (is_asked (canned, "held"));
}

/* Killed between storing the new grant and recording that the old one is to end. */
static void
test_replacement_without_row (ScTestCanned *canned, gconstpointer data)
{
  add (canned, "old");
  sc_test_canned_restart (canned);
  load (canned, "new");
  g_assert_true (is_asked (canned, "old"));
  run (canned);

  g_assert_cmpstr (canned->finished->str, ==, "old\n");
}

/* A keyring that was locked at the start holds grants that are not known yet: writing must not
 * throw them away. */
static void
test_locked_then_unlocked (ScTestCanned *canned, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  add (canned, "a");
  sc_test_canned_restart (canned);
  sc_test_store_fail (canned->store, SC_TEST_STORE_N_CALLS, ITEM, SC_ERROR_STORE_LOCKED);
  g_assert_false (sc_test_canned_load_revoker (canned, NULL, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_STORE_LOCKED);

  sc_test_store_work (canned->store);
  add (canned, "b");
  g_assert_true (sc_test_canned_item_has (canned, ITEM, "refresh-a"));
  g_assert_true (sc_test_canned_item_has (canned, ITEM, "refresh-b"));
  run (canned);
  g_assert_cmpstr (canned->finished->str, ==, "a\nb\n");
}

static const struct
{
  const char *name;
  ScError error;
  gboolean is_success;
} store_rows[] = {
  { "unavailable", SC_ERROR_STORE_UNAVAILABLE, TRUE },
  { "locked", SC_ERROR_STORE_LOCKED, FALSE },
  { "failed", SC_ERROR_STORE_FAILED, FALSE },
};

/* Without a keyring the grant waits in memory, and is revoked all the same. */
static void
test_store_fails (ScTestCanned *canned, gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;

  sc_test_store_fail (canned->store, SC_TEST_STORE_N_CALLS, ITEM, store_rows[row].error);
  g_assert_cmpint (sc_test_canned_add (canned, "a", &error), ==, store_rows[row].is_success);
  if (!store_rows[row].is_success)
    g_assert_error (error, SC_ERROR, (int) store_rows[row].error);
  run (canned);

  g_assert_cmpstr (canned->finished->str, ==, "a\n");
}

static void
test_damaged_item (ScTestCanned *canned, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  sc_test_store_put (canned->store, ITEM, "{\"v\":1,\"grants\":7}");
  g_assert_false (sc_test_canned_load_revoker (canned, NULL, &error));
  g_assert_nonnull (error);
  sc_test_store_put (canned->store, ITEM, "{\"v\":1,\"grants\":[7,{\"v\":1}]}");
  load (canned, NULL);
  g_assert_false (sc_revoker_is_waiting (canned->revoker));

  add (canned, "a");
  g_assert_true (sc_test_canned_item_has (canned, ITEM, "refresh-a"));
}

int
main (int argc, char **argv)
{
  sc_test_canned_init (&argc, &argv);
#define ADD(name, test)                                                                \
  g_test_add ("/agent/revoker/" name, ScTestCanned, NULL, sc_test_canned_set_up, test, \
              sc_test_canned_tear_down)
  ADD ("durable-first", test_durable_first);
  ADD ("several", test_several);
  ADD ("writes-are-joined", test_writes_are_joined);
  ADD ("does-not-fit", test_does_not_fit);
  ADD ("back-off", test_back_off);
  ADD ("thirty-days", test_thirty_days);
  ADD ("not-before-run", test_not_before_run);
  ADD ("run-during-run", test_run_during_run);
  ADD ("drop", test_drop);
  ADD ("unfinished-replacement", test_unfinished_replacement);
  ADD ("unfinished-disconnect", test_unfinished_disconnect);
  ADD ("disconnect-hardly-begun", test_disconnect_hardly_begun);
  ADD ("replacement-without-row", test_replacement_without_row);
  ADD ("locked-then-unlocked", test_locked_then_unlocked);
  ADD ("damaged-item", test_damaged_item);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autofree char *path = g_strconcat ("/agent/revoker/answer/", answers[i].name, NULL);

      g_test_add (path, ScTestCanned, GUINT_TO_POINTER (i), sc_test_canned_set_up, test_answer,
                  sc_test_canned_tear_down);
    }
  for (guint i = 0; i < G_N_ELEMENTS (store_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/agent/revoker/store/", store_rows[i].name, NULL);

      g_test_add (path, ScTestCanned, GUINT_TO_POINTER (i), sc_test_canned_set_up, test_store_fails,
                  sc_test_canned_tear_down);
    }
  return g_test_run ();
}
