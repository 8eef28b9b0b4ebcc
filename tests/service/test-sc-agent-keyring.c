// SPDX-License-Identifier: MIT
// Each state of a real gnome-keyring, as the real agent meets it.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-keyring.h"
#include "sc-test-workplace.h"

#define FOREIGN "foreign"

static void
assert_check (ScTestWorkplace *workplace, const char *expected)
{
  g_autofree char *found = sc_test_workplace_check (workplace);

  g_assert_cmpstr (found, ==, expected);
}

static void
refuse_connect (ScTestWorkplace *workplace, const char *error)
{
  sc_test_workplace_refuse (workplace, "Connect", g_variant_new ("(a{sv}a{sv})", NULL, NULL),
                            error);
  sc_test_agent_assert_text (workplace->agent, "AuthorizationUrl", "");
  g_assert_cmpint (sc_test_sandbox_count (workplace->sandbox, "GET /oauth/authorize"), ==, 0);
}

/* Returns: (transfer full): "VERDICT ERROR-ID" of the pre-flight's keyring row */
static char *
get_preflight_row (ScTestWorkplace *workplace)
{
  g_autoptr (GVariant) answer = sc_test_workplace_call (workplace, "Preflight", NULL);
  g_autoptr (GVariant) rows = g_variant_get_child_value (answer, 0);
  const char *check;
  const char *verdict;
  const char *error_id;

  g_variant_get_child (rows, 0, "(&s&s&ss)", &check, &verdict, &error_id, NULL);
  g_assert_cmpstr (check, ==, "keyring");
  return g_strdup_printf ("%s %s", verdict, error_id);
}

static void
assert_preflight_row (ScTestWorkplace *workplace, const char *expected)
{
  g_autofree char *row = get_preflight_row (workplace);

  g_assert_cmpstr (row, ==, expected);
}

/* ---- unlocked ---- */

static void
test_unlocked (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();
  g_autofree char *item = NULL;

  sc_test_keyring_add_foreign (workplace->desktop, FOREIGN, "theirs");
  sc_test_keyring_add_foreign (workplace->desktop, "connection", "theirs");
  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  sc_test_agent_assert_text (workplace->agent, "KeptIn", "keyring");
  sc_test_agent_assert_text (workplace->agent, "KeyringState", "ok");
  sc_test_keyring_wait (workplace->desktop, "connection connection foreign");

  sc_test_workplace_disconnect (workplace);
  sc_test_workplace_wait_grants (workplace, 0);
  sc_test_keyring_wait (workplace->desktop, "connection foreign");
  item = sc_test_keyring_read (workplace->desktop, FOREIGN);
  g_assert_cmpstr (item, ==, "theirs");
  g_clear_pointer (&item, g_free);
  item = sc_test_keyring_read (workplace->desktop, "connection");
  g_assert_cmpstr (item, ==, "theirs");
}

/* ---- locked ---- */

static void
test_locked_before_connect (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();

  sc_test_desktop_keyring_lock (workplace->desktop);
  refuse_connect (workplace, "StoreLocked");
  sc_test_agent_assert_text (workplace->agent, "Phase", "pending");
  sc_test_agent_assert_text (workplace->agent, "ErrorId", "store-locked");
  sc_test_agent_assert_text (workplace->agent, "KeyringState", "locked");
  assert_preflight_row (workplace, "failed store-locked");

  sc_test_desktop_keyring_stop (workplace->desktop);
  sc_test_desktop_keyring_start (workplace->desktop);
  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
}

/* Locked at the sign-in: a practice that was connected is not taken for one that never was. */
static void
test_locked_at_start (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();

  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  sc_test_workplace_stop_agent (workplace);
  sc_test_desktop_keyring_stop (workplace->desktop);
  sc_test_desktop_keyring_start_locked (workplace->desktop);

  for (guint i = 0; i < 2; i++)
    {
      sc_test_workplace_start_agent (workplace);
      sc_test_agent_wait_text (workplace->agent, "KeyringState", "locked");
      sc_test_agent_assert_text (workplace->agent, "Status", "connected");
      assert_check (workplace, "connected store-locked");
      sc_test_agent_assert_text (workplace->agent, "PracticeName", "Happy Dental Clinic");
      sc_test_workplace_stop_agent (workplace);
    }
  sc_test_workplace_start_agent (workplace);

  sc_test_desktop_keyring_stop (workplace->desktop);
  sc_test_desktop_keyring_start (workplace->desktop);
  assert_check (workplace, "connected ");
  sc_test_agent_assert_text (workplace->agent, "KeptIn", "keyring");
  sc_test_workplace_wait_reports (workplace, 0);
}

static void
test_locked_disconnect (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();

  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  sc_test_workplace_stop_agent (workplace);
  sc_test_desktop_keyring_lock (workplace->desktop);
  sc_test_workplace_start_agent (workplace);
  sc_test_agent_wait_text (workplace->agent, "KeyringState", "locked");
  sc_test_workplace_refuse (workplace, "Disconnect",
                            g_variant_new_parsed ("('this-pc', {'immediate': <true>})"),
                            "StoreLocked");
  sc_test_agent_assert_text (workplace->agent, "Status", "connected");
  sc_test_workplace_wait_grants (workplace, 1);
}

static ScTestWorkplace *
start_with_prompts (void)
{
  ScTestWorkplace *workplace =
    sc_test_workplace_prepare (SC_TEST_DESKTOP_KEYRING | SC_TEST_DESKTOP_DISPLAY);

  sc_test_workplace_start_agent (workplace);
  return workplace;
}

typedef struct
{
  ScTestWorkplace *workplace;
  GAsyncResult *place;
} Call;

static void
begin_call (Call *call, const char *method, GVariant *arguments)
{
  g_dbus_proxy_call (G_DBUS_PROXY (sc_test_agent_get_proxy (call->workplace->agent)), method,
                     arguments, G_DBUS_CALL_FLAGS_NONE, -1, NULL, sc_test_result_cb, &call->place);
}

static GVariant *
end_call (Call *call, GError **error)
{
  g_autoptr (GAsyncResult) result = sc_test_wait_result (&call->place);

  return g_dbus_proxy_call_finish (G_DBUS_PROXY (sc_test_agent_get_proxy (call->workplace->agent)),
                                   result, error);
}

/* Connect, with a prompter of its own for its prompt, so that no key goes to a window that is
 * closing. Returns: (transfer full) (nullable): the answer */
static GVariant *
connect_with_prompt (ScTestWorkplace *workplace, gboolean unlock, GError **error)
{
  Call call = { workplace, NULL };
  GVariant *answer;

  sc_test_desktop_prompter_start (workplace->desktop);
  begin_call (&call, "Connect", g_variant_new_parsed ("({'open-browser': <false>}, @a{sv} {})"));
  sc_test_desktop_answer_prompt (workplace->desktop, unlock);
  answer = end_call (&call, error);
  sc_test_desktop_prompter_stop (workplace->desktop);
  return answer;
}

static void
test_prompt (void)
{
  g_autoptr (ScTestWorkplace) workplace = start_with_prompts ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autofree char *name = NULL;

  sc_test_desktop_keyring_lock (workplace->desktop);
  answer = connect_with_prompt (workplace, FALSE, &error);
  g_assert_null (answer);
  name = g_dbus_error_get_remote_error (error);
  g_assert_cmpstr (name, ==, "ca.parlae.SikkaCompanion.Error.StoreLocked");
  sc_test_agent_assert_text (workplace->agent, "Phase", "pending");
  sc_test_agent_assert_text (workplace->agent, "AuthorizationUrl", "");

  g_clear_error (&error);
  answer = connect_with_prompt (workplace, TRUE, &error);
  g_assert_no_error (error);
  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  sc_test_agent_assert_text (workplace->agent, "KeptIn", "keyring");
}

/* ---- no keyring ---- */

static void
test_absent (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_prepare (SC_TEST_DESKTOP_BUS);
  g_autofree char *says = NULL;

  sc_test_workplace_start_agent (workplace);
  assert_preflight_row (workplace, "warning store-unavailable");
  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  sc_test_agent_assert_text (workplace->agent, "KeptIn", "memory");
  sc_test_agent_assert_text (workplace->agent, "KeyringState", "unavailable");
  assert_check (workplace, "connected ");

  sc_test_workplace_stop_agent (workplace);
  sc_test_workplace_start_agent (workplace);
  sc_test_agent_wait_text (workplace->agent, "KeyringState", "unavailable");
  sc_test_agent_wait_text (workplace->agent, "Phase", "failed");
  sc_test_agent_assert_text (workplace->agent, "ErrorId", "store-absent");
  sc_test_agent_assert_text (workplace->agent, "KeptIn", "none");
  says = sc_test_workplace_run (workplace, "sikkactl status", 4);
  g_assert_true (g_str_has_prefix (says, "Not connected:"));
  sc_test_workplace_refuse (workplace, "Check", g_variant_new ("(a{sv})", NULL), "NotConnected");
  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
}

static void
test_disconnect_from_memory (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_prepare (SC_TEST_DESKTOP_BUS);

  sc_test_workplace_start_agent (workplace);
  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  sc_test_workplace_disconnect (workplace);
  sc_test_workplace_wait_grants (workplace, 0);
  sc_test_agent_assert_text (workplace->agent, "Phase", "pending");
}

static void
test_appears_late (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_prepare (SC_TEST_DESKTOP_BUS);

  sc_test_workplace_start_agent (workplace);
  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  sc_test_agent_assert_text (workplace->agent, "KeptIn", "memory");
  sc_test_desktop_keyring_start (workplace->desktop);
  assert_check (workplace, "connected ");
  sc_test_agent_assert_text (workplace->agent, "KeptIn", "keyring");
  sc_test_keyring_wait (workplace->desktop, "connection");
  sc_test_workplace_wait_reports (workplace, 0);

  sc_test_workplace_kill_agent (workplace);
  sc_test_workplace_start_agent (workplace);
  sc_test_agent_wait_text (workplace->agent, "KeptIn", "keyring");
  assert_check (workplace, "connected ");
}

/* ---- an item that somebody changed ---- */

static const char *const damages[] = {
  "", "x", "{}", "{\"v\":1}", "{\"v\":99,\"id\":\"x\"}", "[[[[[[[[[[[[[[[[", "{\"v\":1,\"id\":5}",
};

static void
test_damaged (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();
  g_autofree char *whole = NULL;

  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  whole = sc_test_keyring_read (workplace->desktop, "connection");
  for (gsize i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autofree char *kept = NULL;

      sc_test_workplace_stop_agent (workplace);
      sc_test_keyring_write (workplace->desktop, "connection", damages[i]);
      sc_test_workplace_start_agent (workplace);
      assert_check (workplace, "connected store-damaged");
      sc_test_agent_assert_text (workplace->agent, "KeyringState", "failed");
      kept = sc_test_keyring_read (workplace->desktop, "connection");
      g_assert_cmpstr (kept, ==, damages[i]);
    }

  /* Nothing was given up: the whole item works again, and so does a new connection over a bad one.
   */
  sc_test_keyring_write (workplace->desktop, "connection", whole);
  assert_check (workplace, "connected ");
  sc_test_workplace_stop_agent (workplace);
  sc_test_keyring_write (workplace->desktop, "connection", "x");
  sc_test_workplace_start_agent (workplace);
  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  sc_test_keyring_wait (workplace->desktop, "connection");
}

/* Taken away by hand: nothing is left that could be checked. */
static void
test_item_deleted (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();

  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  sc_test_workplace_stop_agent (workplace);
  sc_test_desktop_keyring_stop (workplace->desktop);
  sc_test_desktop_keyring_remove (workplace->desktop);
  sc_test_desktop_keyring_start (workplace->desktop);
  sc_test_workplace_start_agent (workplace);
  sc_test_agent_wait_text (workplace->agent, "Phase", "failed");
  sc_test_agent_assert_text (workplace->agent, "ErrorId", "store-absent");
  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/agent/keyring/unlocked", test_unlocked);
  g_test_add_func ("/agent/keyring/locked-before-connect", test_locked_before_connect);
  g_test_add_func ("/agent/keyring/locked-at-start", test_locked_at_start);
  g_test_add_func ("/agent/keyring/locked-disconnect", test_locked_disconnect);
  g_test_add_func ("/agent/keyring/prompt", test_prompt);
  g_test_add_func ("/agent/keyring/absent", test_absent);
  g_test_add_func ("/agent/keyring/disconnect-from-memory", test_disconnect_from_memory);
  g_test_add_func ("/agent/keyring/appears-late", test_appears_late);
  g_test_add_func ("/agent/keyring/damaged", test_damaged);
  g_test_add_func ("/agent/keyring/item-deleted", test_item_deleted);

  return g_test_run ();
}
