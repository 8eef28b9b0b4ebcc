// SPDX-License-Identifier: MIT
// The pre-flight: each check fails by itself, and is named.

#include "sc-preflight.h"
#include "sc-test-canned.h"
#include "sc-test-wait.h"

#define METADATA "GET /.well-known/oauth-authorization-server"

/* The linker puts this in place of the real one: no port can be made to fail without everything
 * else failing too. */
gboolean __real_sc_loopback_self_test_finish (GAsyncResult *result, GError **error);
gboolean __wrap_sc_loopback_self_test_finish (GAsyncResult *result, GError **error);

static gboolean loopback_is_blocked;

gboolean
__wrap_sc_loopback_self_test_finish (GAsyncResult *result, GError **error)
{
  if (!loopback_is_blocked)
    return __real_sc_loopback_self_test_finish (result, error);
  g_set_error_literal (error, SC_ERROR, SC_ERROR_LOOPBACK_BLOCKED, "the test blocks it");
  return FALSE;
}

static ScPreflight *
run (ScTestCanned *canned)
{
  g_autoptr (ScPreflight) preflight =
    sc_preflight_new (SC_CREDENTIAL_STORE (canned->store), canned->cloud, canned->journal);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  sc_preflight_run_async (preflight, NULL, sc_test_result_cb, &result);
  result = sc_test_wait_result (&result);
  g_assert_true (sc_preflight_run_finish (preflight, result, &error));
  g_assert_no_error (error);
  return g_steal_pointer (&preflight);
}

/* @check is as said, all others are ok. */
static void
assert_only (ScPreflight *preflight,
             ScPreflightCheck check,
             ScPreflightVerdict verdict,
             ScError code)
{
  const GError *failure = sc_preflight_get_failure (preflight);

  for (guint i = 0; i < SC_N_PREFLIGHTS; i++)
    {
      const ScPreflightRow *row = sc_preflight_get_row (preflight, i);

      g_assert_cmpint (row->verdict, ==, i == check ? verdict : SC_PREFLIGHT_OK);
      if (i == check)
        g_assert_error (row->error, SC_ERROR, (int) code);
      else
        g_assert_no_error (row->error);
    }
  if (verdict == SC_PREFLIGHT_FAILED)
    g_assert_error (failure, SC_ERROR, (int) code);
  else
    g_assert_null (failure);
}

static void
test_all_well (ScTestCanned *canned, gconstpointer data)
{
  g_autoptr (ScPreflight) preflight = run (canned);

  for (guint i = 0; i < SC_N_PREFLIGHTS; i++)
    g_assert_cmpint (sc_preflight_get_row (preflight, i)->verdict, ==, SC_PREFLIGHT_OK);
  g_assert_null (sc_preflight_get_failure (preflight));
  /* Nothing is left behind. */
  g_assert_null (sc_test_store_peek (canned->store, SC_CREDENTIAL_SLOT_SELF_TEST));
}

static const struct
{
  const char *name;
  ScTestStoreCall call;
  ScError error;
  ScPreflightVerdict verdict;
} keyring_rows[] = {
  { "locked", SC_TEST_STORE_STORE, SC_ERROR_STORE_LOCKED, SC_PREFLIGHT_FAILED },
  { "failed", SC_TEST_STORE_STORE, SC_ERROR_STORE_FAILED, SC_PREFLIGHT_FAILED },
  { "forgets", SC_TEST_STORE_LOOKUP, SC_ERROR_STORE_ABSENT, SC_PREFLIGHT_FAILED },
  { "clings", SC_TEST_STORE_CLEAR, SC_ERROR_STORE_FAILED, SC_PREFLIGHT_FAILED },
  { "unavailable", SC_TEST_STORE_STORE, SC_ERROR_STORE_UNAVAILABLE, SC_PREFLIGHT_WARNING },
};

static void
test_keyring (ScTestCanned *canned, gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr (ScPreflight) preflight = NULL;

  sc_test_store_fail (canned->store, keyring_rows[row].call, SC_CREDENTIAL_SLOT_SELF_TEST,
                      keyring_rows[row].error);
  preflight = run (canned);
  assert_only (preflight, SC_PREFLIGHT_KEYRING, keyring_rows[row].verdict, keyring_rows[row].error);
}

static const struct
{
  const char *name;
  guint status;
  const char *type;
  const char *body;
  ScError error;
} cloud_rows[] = {
  { "down", 503, "text/plain", "", SC_ERROR_CLOUD_UNAVAILABLE },
  { "captive-portal", 200, "text/html", "<html>", SC_ERROR_NET_CAPTIVE_PORTAL },
  { "garbage", 200, "application/json", "{", SC_ERROR_CLOUD_ANSWER },
};

static void
test_cloud (ScTestCanned *canned, gconstpointer data)
{
  guint row = GPOINTER_TO_UINT (data);
  g_autoptr (ScPreflight) preflight = NULL;

  sc_test_server_set_answer (canned->server, METADATA, cloud_rows[row].status, cloud_rows[row].type,
                             cloud_rows[row].body);
  preflight = run (canned);
  assert_only (preflight, SC_PREFLIGHT_CLOUD, SC_PREFLIGHT_FAILED, cloud_rows[row].error);
}

static void
test_clock (ScTestCanned *canned, gconstpointer data)
{
  g_autoptr (ScPreflight) preflight = NULL;

  sc_test_server_set_header (canned->server, "Date", "Thu, 01 Jan 2026 00:00:00 GMT");
  preflight = run (canned);
  assert_only (preflight, SC_PREFLIGHT_CLOCK, SC_PREFLIGHT_WARNING, SC_ERROR_CLOCK);
}

static void
test_disk (ScTestCanned *canned, gconstpointer data)
{
  g_autoptr (ScPreflight) preflight = NULL;

  sc_test_canned_lock_journal (canned);
  preflight = run (canned);
  assert_only (preflight, SC_PREFLIGHT_DISK, SC_PREFLIGHT_FAILED, SC_ERROR_JOURNAL_READ_ONLY);
}

static void
test_loopback (ScTestCanned *canned, gconstpointer data)
{
  g_autoptr (ScPreflight) preflight = NULL;

  loopback_is_blocked = TRUE;
  preflight = run (canned);
  loopback_is_blocked = FALSE;
  assert_only (preflight, SC_PREFLIGHT_LOOPBACK, SC_PREFLIGHT_FAILED, SC_ERROR_LOOPBACK_BLOCKED);
}

static void
test_cancelled (ScTestCanned *canned, gconstpointer data)
{
  g_autoptr (ScPreflight) preflight =
    sc_preflight_new (SC_CREDENTIAL_STORE (canned->store), canned->cloud, canned->journal);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  sc_test_store_hold (canned->store);
  sc_preflight_run_async (preflight, cancellable, sc_test_result_cb, &result);
  g_cancellable_cancel (cancellable);
  sc_test_store_release (canned->store, FALSE);
  result = sc_test_wait_result (&result);
  g_assert_false (sc_preflight_run_finish (preflight, result, &error));
  g_assert_cmpstr (sc_error_get_id (error), ==, "cancelled");
}

static void
test_ids (void)
{
  g_assert_cmpstr (sc_preflight_check_get_id (SC_PREFLIGHT_KEYRING), ==, "keyring");
  g_assert_cmpstr (sc_preflight_check_get_id (SC_PREFLIGHT_LOOPBACK), ==, "loopback");
  g_assert_cmpstr (sc_preflight_check_get_id (SC_PREFLIGHT_CLOUD), ==, "cloud");
  g_assert_cmpstr (sc_preflight_check_get_id (SC_PREFLIGHT_CLOCK), ==, "clock");
  g_assert_cmpstr (sc_preflight_check_get_id (SC_PREFLIGHT_DISK), ==, "disk");
  g_assert_cmpstr (sc_preflight_verdict_get_id (SC_PREFLIGHT_OK), ==, "ok");
  g_assert_cmpstr (sc_preflight_verdict_get_id (SC_PREFLIGHT_WARNING), ==, "warning");
  g_assert_cmpstr (sc_preflight_verdict_get_id (SC_PREFLIGHT_FAILED), ==, "failed");
}

int
main (int argc, char **argv)
{
  sc_test_canned_init (&argc, &argv);
#define ADD(name, data, test)                                                            \
  g_test_add ("/agent/preflight/" name, ScTestCanned, data, sc_test_canned_set_up, test, \
              sc_test_canned_tear_down)
#define ADD_ROWS(group, rows, test)                                                        \
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)                                          \
    {                                                                                      \
      g_autofree char *path = g_strconcat ("/agent/preflight/" group, rows[i].name, NULL); \
      g_test_add (path, ScTestCanned, GUINT_TO_POINTER (i), sc_test_canned_set_up, test,   \
                  sc_test_canned_tear_down);                                               \
    }
  ADD ("all-well", NULL, test_all_well);
  ADD ("loopback", NULL, test_loopback);
  ADD ("clock", NULL, test_clock);
  ADD ("disk", NULL, test_disk);
  ADD ("cancelled", NULL, test_cancelled);
  ADD_ROWS ("keyring/", keyring_rows, test_keyring);
  ADD_ROWS ("cloud/", cloud_rows, test_cloud);
  g_test_add_func ("/agent/preflight/ids", test_ids);
  return g_test_run ();
}
