// SPDX-License-Identifier: MIT
// One contract for every credential store: memory, and libsecret on a real gnome-keyring.

#include "sc-credential-store.h"
#include "sc-credential.h"
#include "sc-error.h"
#include "sc-test-desktop.h"
#include "sc-test-wait.h"

#include <string.h>

#define CONNECTION SC_CREDENTIAL_SLOT_CONNECTION
#define PENDING SC_CREDENTIAL_SLOT_PENDING_REVOCATION

typedef ScCredentialStore *(*CreateStore) (void);

typedef struct
{
  ScCredentialStore *store;
  GCancellable *cancellable;
  GAsyncResult *place;
} Fixture;

/* One session for the whole program: libsecret keeps the process's connection to the bus. */
static ScTestDesktop *desktop;

static void
set_up (Fixture *fixture, gconstpointer create)
{
  fixture->store = ((CreateStore) create) ();
  fixture->cancellable = g_cancellable_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer create)
{
  g_assert_null (fixture->place);
  g_object_unref (fixture->cancellable);
  g_assert_finalize_object (fixture->store);
}

static void
set_up_keyring (Fixture *fixture, gconstpointer create)
{
  sc_test_desktop_keyring_start (desktop);
  set_up (fixture, create);
}

/* Each test begins with a keyring that nobody ever used. */
static void
tear_down_keyring (Fixture *fixture, gconstpointer create)
{
  tear_down (fixture, create);
  sc_test_desktop_prompter_stop (desktop);
  sc_test_desktop_keyring_stop (desktop);
  sc_test_desktop_keyring_remove (desktop);
}

static void
renew_cancellable (Fixture *fixture)
{
  g_object_unref (fixture->cancellable);
  fixture->cancellable = g_cancellable_new ();
}

/* ---- operations, begun and awaited ---- */

static void
begin_store (Fixture *fixture, ScCredentialSlot slot, const char *text)
{
  g_autoptr (ScSecretString) value = sc_secret_string_new (text);

  sc_credential_store_store_async (fixture->store, slot, value, fixture->cancellable,
                                   sc_test_result_cb, &fixture->place);
}

static void
begin_lookup (Fixture *fixture, ScCredentialSlot slot)
{
  sc_credential_store_lookup_async (fixture->store, slot, fixture->cancellable, sc_test_result_cb,
                                    &fixture->place);
}

static void
begin_clear (Fixture *fixture, ScCredentialSlot slot)
{
  sc_credential_store_clear_async (fixture->store, slot, fixture->cancellable, sc_test_result_cb,
                                   &fixture->place);
}

static void
end_store (Fixture *fixture, int expected)
{
  g_autoptr (GAsyncResult) result = sc_test_wait_result (&fixture->place);
  g_autoptr (GError) error = NULL;
  gboolean ok = sc_credential_store_store_finish (fixture->store, result, &error);

  if (expected < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, SC_ERROR, expected);
  g_assert_cmpint (ok, ==, expected < 0);
}

static void
end_clear (Fixture *fixture, int expected)
{
  g_autoptr (GAsyncResult) result = sc_test_wait_result (&fixture->place);
  g_autoptr (GError) error = NULL;
  gboolean ok = sc_credential_store_clear_finish (fixture->store, result, &error);

  if (expected < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, SC_ERROR, expected);
  g_assert_cmpint (ok, ==, expected < 0);
}

static ScSecretString *
end_lookup (Fixture *fixture, GError **error)
{
  g_autoptr (GAsyncResult) result = sc_test_wait_result (&fixture->place);

  return sc_credential_store_lookup_finish (fixture->store, result, error);
}

static void
end_lookup_with_value (Fixture *fixture, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScSecretString) value = end_lookup (fixture, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (sc_secret_string_peek (value), ==, text);
}

static void
end_lookup_with_error (Fixture *fixture, int expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScSecretString) value = end_lookup (fixture, &error);

  g_assert_error (error, SC_ERROR, expected);
  g_assert_null (value);
}

static void
assert_stores (Fixture *fixture, ScCredentialSlot slot, const char *text)
{
  begin_store (fixture, slot, text);
  end_store (fixture, -1);
}

static void
assert_clears (Fixture *fixture, ScCredentialSlot slot)
{
  begin_clear (fixture, slot);
  end_clear (fixture, -1);
}

static void
assert_holds (Fixture *fixture, ScCredentialSlot slot, const char *text)
{
  begin_lookup (fixture, slot);
  end_lookup_with_value (fixture, text);
}

static void
assert_absent (Fixture *fixture, ScCredentialSlot slot)
{
  begin_lookup (fixture, slot);
  end_lookup_with_error (fixture, SC_ERROR_STORE_ABSENT);
}

/* All three operations give the same answer. */
static void
assert_all_fail (Fixture *fixture, int expected)
{
  begin_store (fixture, CONNECTION, "value");
  end_store (fixture, expected);
  begin_lookup (fixture, CONNECTION);
  end_lookup_with_error (fixture, expected);
  begin_clear (fixture, CONNECTION);
  end_clear (fixture, expected);
}

/* ---- what holds for every store ---- */

static void
test_absent (Fixture *fixture, gconstpointer create)
{
  assert_absent (fixture, CONNECTION);
}

static void
test_store_and_lookup (Fixture *fixture, gconstpointer create)
{
  assert_stores (fixture, CONNECTION, "{\"v\":1}");
  assert_holds (fixture, CONNECTION, "{\"v\":1}");
}

static void
test_replaces (Fixture *fixture, gconstpointer create)
{
  assert_stores (fixture, CONNECTION, "first");
  assert_stores (fixture, CONNECTION, "second");
  assert_holds (fixture, CONNECTION, "second");
  /* There is one item, not two: after one removal nothing is left. */
  assert_clears (fixture, CONNECTION);
  assert_absent (fixture, CONNECTION);
}

static void
test_slots_are_apart (Fixture *fixture, gconstpointer create)
{
  for (guint slot = 0; slot < SC_N_CREDENTIAL_SLOTS; slot++)
    assert_stores (fixture, slot, sc_credential_slot_get_name (slot));
  assert_clears (fixture, PENDING);
  for (guint slot = 0; slot < SC_N_CREDENTIAL_SLOTS; slot++)
    {
      if (slot == PENDING)
        assert_absent (fixture, slot);
      else
        assert_holds (fixture, slot, sc_credential_slot_get_name (slot));
    }
}

static void
test_clear (Fixture *fixture, gconstpointer create)
{
  assert_clears (fixture, CONNECTION);
  assert_stores (fixture, CONNECTION, "value");
  assert_clears (fixture, CONNECTION);
  assert_absent (fixture, CONNECTION);
  assert_clears (fixture, CONNECTION);
}

static void
test_non_ascii (Fixture *fixture, gconstpointer create)
{
  const char *text = "{\"name\":\"Zähne & Söhne 歯科 \\u0001 🦷\"}";

  assert_stores (fixture, CONNECTION, text);
  assert_holds (fixture, CONNECTION, text);
}

static void
test_empty (Fixture *fixture, gconstpointer create)
{
  assert_stores (fixture, CONNECTION, "");
  assert_holds (fixture, CONNECTION, "");
}

static void
test_size_limit (Fixture *fixture, gconstpointer create)
{
  g_autofree char *largest = g_strnfill (SC_CREDENTIAL_MAX_SIZE, 'x');
  g_autofree char *larger = g_strnfill (SC_CREDENTIAL_MAX_SIZE + 1, 'x');

  assert_stores (fixture, CONNECTION, largest);
  begin_store (fixture, CONNECTION, larger);
  end_store (fixture, SC_ERROR_STORE_TOO_LARGE);
  assert_holds (fixture, CONNECTION, largest);
}

static void
test_already_cancelled (Fixture *fixture, gconstpointer create)
{
  assert_stores (fixture, CONNECTION, "before");
  g_cancellable_cancel (fixture->cancellable);
  assert_all_fail (fixture, SC_ERROR_CANCELLED);
  renew_cancellable (fixture);
  assert_holds (fixture, CONNECTION, "before");
}

/* Two at once end in one of the two values, never in none and never in a mixture. */
static void
test_concurrent_stores (Fixture *fixture, gconstpointer create)
{
  g_autoptr (ScSecretString) value = NULL;
  g_autoptr (GAsyncResult) other = NULL;
  GAsyncResult *place = NULL;
  g_autoptr (ScSecretString) one = sc_secret_string_new ("one");

  assert_stores (fixture, CONNECTION, "zero");
  sc_credential_store_store_async (fixture->store, PENDING, one, NULL, sc_test_result_cb, &place);
  assert_stores (fixture, CONNECTION, "two");
  other = sc_test_wait_result (&place);
  g_assert_true (sc_credential_store_store_finish (fixture->store, other, NULL));
  assert_holds (fixture, CONNECTION, "two");
  assert_holds (fixture, PENDING, "one");
}

static const struct
{
  const char *name;
  void (*test) (Fixture *, gconstpointer);
} contract[] = {
  { "absent", test_absent },
  { "store-and-lookup", test_store_and_lookup },
  { "replaces", test_replaces },
  { "slots-are-apart", test_slots_are_apart },
  { "clear", test_clear },
  { "non-ascii", test_non_ascii },
  { "empty", test_empty },
  { "size-limit", test_size_limit },
  { "already-cancelled", test_already_cancelled },
  { "concurrent-stores", test_concurrent_stores },
};

/* ---- what the two differ in ---- */

static void
test_memory_forgets (Fixture *fixture, gconstpointer create)
{
  g_autoptr (ScCredentialStore) another = sc_credential_store_new_memory ();

  g_assert_false (sc_credential_store_is_persistent (fixture->store));
  assert_stores (fixture, CONNECTION, "value");
  g_set_object (&fixture->store, another);
  assert_absent (fixture, CONNECTION);
  g_clear_object (&another);
}

static void
test_keyring_keeps (Fixture *fixture, gconstpointer create)
{
  g_autoptr (ScCredentialStore) another = sc_credential_store_new_system ();

  g_assert_true (sc_credential_store_is_persistent (fixture->store));
  assert_stores (fixture, CONNECTION, "value");
  g_set_object (&fixture->store, another);
  assert_holds (fixture, CONNECTION, "value");
  g_clear_object (&another);
}

/* Nothing can show a prompt here. "Locked" must never read as "absent". */
static void
test_locked (Fixture *fixture, gconstpointer create)
{
  assert_stores (fixture, CONNECTION, "value");
  sc_test_desktop_keyring_lock (desktop);
  assert_all_fail (fixture, SC_ERROR_STORE_LOCKED);
}

static void
test_locked_without_item (Fixture *fixture, gconstpointer create)
{
  sc_test_desktop_keyring_lock (desktop);
  assert_all_fail (fixture, SC_ERROR_STORE_LOCKED);
}

/* Here and below every prompt has a prompter of its own, so that no key goes to a window that is
 * about to close. */
static void
test_prompt_dismissed (Fixture *fixture, gconstpointer create)
{
  assert_stores (fixture, CONNECTION, "value");
  sc_test_desktop_keyring_lock (desktop);
  sc_test_desktop_prompter_start (desktop);
  begin_lookup (fixture, CONNECTION);
  sc_test_desktop_answer_prompt (desktop, FALSE);
  end_lookup_with_error (fixture, SC_ERROR_STORE_LOCKED);
  sc_test_desktop_prompter_stop (desktop);

  sc_test_desktop_prompter_start (desktop);
  begin_store (fixture, CONNECTION, "other");
  sc_test_desktop_answer_prompt (desktop, FALSE);
  end_store (fixture, SC_ERROR_STORE_LOCKED);
  sc_test_desktop_prompter_stop (desktop);

  sc_test_desktop_prompter_start (desktop);
  begin_clear (fixture, CONNECTION);
  sc_test_desktop_answer_prompt (desktop, FALSE);
  end_clear (fixture, SC_ERROR_STORE_LOCKED);
}

static void
test_prompt_answered (Fixture *fixture, gconstpointer create)
{
  assert_stores (fixture, CONNECTION, "value");
  sc_test_desktop_keyring_lock (desktop);
  sc_test_desktop_prompter_start (desktop);
  begin_lookup (fixture, CONNECTION);
  sc_test_desktop_answer_prompt (desktop, TRUE);
  end_lookup_with_value (fixture, "value");
  sc_test_desktop_prompter_stop (desktop);

  sc_test_desktop_keyring_lock (desktop);
  sc_test_desktop_prompter_start (desktop);
  begin_store (fixture, CONNECTION, "other");
  sc_test_desktop_answer_prompt (desktop, TRUE);
  end_store (fixture, -1);
  assert_holds (fixture, CONNECTION, "other");
}

static void
test_cancelled_while_prompting (Fixture *fixture, gconstpointer create)
{
  assert_stores (fixture, CONNECTION, "value");
  sc_test_desktop_keyring_lock (desktop);
  sc_test_desktop_prompter_start (desktop);
  begin_lookup (fixture, CONNECTION);
  sc_test_desktop_wait_prompt (desktop);
  g_assert_null (fixture->place);
  g_cancellable_cancel (fixture->cancellable);
  end_lookup_with_error (fixture, SC_ERROR_CANCELLED);
  /* What stays on the screen harms nobody. */
  sc_test_desktop_answer_prompt (desktop, FALSE);
  sc_test_desktop_prompter_stop (desktop);

  /* The next one asks again and works: the keyring has survived that. */
  renew_cancellable (fixture);
  sc_test_desktop_prompter_start (desktop);
  begin_store (fixture, CONNECTION, "other");
  sc_test_desktop_answer_prompt (desktop, TRUE);
  end_store (fixture, -1);
}

static void
test_appears_late (Fixture *fixture, gconstpointer create)
{
  assert_all_fail (fixture, SC_ERROR_STORE_UNAVAILABLE);
  sc_test_desktop_keyring_start (desktop);
  assert_absent (fixture, CONNECTION);
  assert_stores (fixture, CONNECTION, "value");
  sc_test_desktop_keyring_stop (desktop);
  assert_all_fail (fixture, SC_ERROR_STORE_UNAVAILABLE);
}

static void
test_restarted (Fixture *fixture, gconstpointer create)
{
  assert_stores (fixture, CONNECTION, "value");
  sc_test_desktop_keyring_stop (desktop);
  sc_test_desktop_keyring_start (desktop);
  assert_holds (fixture, CONNECTION, "value");
  sc_test_desktop_keyring_stop (desktop);
  sc_test_desktop_keyring_start_locked (desktop);
  begin_lookup (fixture, CONNECTION);
  end_lookup_with_error (fixture, SC_ERROR_STORE_LOCKED);
}

/* A service, but nobody ever made a keyring, and nothing can ask for its first password. */
static void
test_no_keyring_yet (Fixture *fixture, gconstpointer create)
{
  sc_test_desktop_keyring_start_locked (desktop);
  assert_absent (fixture, CONNECTION);
  assert_clears (fixture, CONNECTION);
  begin_store (fixture, CONNECTION, "value");
  end_store (fixture, SC_ERROR_STORE_UNAVAILABLE);
}

static void
test_no_bus (Fixture *fixture, gconstpointer create)
{
  g_autofree char *address = g_strdup (g_getenv ("DBUS_SESSION_BUS_ADDRESS"));

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  assert_all_fail (fixture, SC_ERROR_STORE_UNAVAILABLE);
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", address, TRUE);
}

static void
add_contract (const char *prefix,
              CreateStore create,
              void (*before) (Fixture *, gconstpointer),
              void (*after) (Fixture *, gconstpointer))
{
  for (gsize i = 0; i < G_N_ELEMENTS (contract); i++)
    {
      g_autofree char *path = g_strconcat (prefix, contract[i].name, NULL);

      g_test_add (path, Fixture, create, before, contract[i].test, after);
    }
}

static void
add_keyring (const char *name, void (*test) (Fixture *, gconstpointer), gboolean started)
{
  g_autofree char *path = g_strconcat ("/platform/credential-store/libsecret/", name, NULL);

  g_test_add (path, Fixture, sc_credential_store_new_system, started ? set_up_keyring : set_up,
              test, tear_down_keyring);
}

int
main (int argc, char **argv)
{
  int status = 0;

  g_test_init (&argc, &argv, NULL);
  desktop = sc_test_desktop_start (SC_TEST_DESKTOP_DISPLAY);
  sc_test_desktop_enter (desktop);

  add_contract ("/platform/credential-store/memory/", sc_credential_store_new_memory, set_up,
                tear_down);
  g_test_add ("/platform/credential-store/memory/forgets", Fixture, sc_credential_store_new_memory,
              set_up, test_memory_forgets, tear_down);

  /* First, while this process has no connection to the bus yet. */
  add_keyring ("no-bus", test_no_bus, FALSE);
  add_contract ("/platform/credential-store/libsecret/", sc_credential_store_new_system,
                set_up_keyring, tear_down_keyring);
  add_keyring ("keeps", test_keyring_keeps, TRUE);
  add_keyring ("locked", test_locked, TRUE);
  add_keyring ("locked-without-item", test_locked_without_item, TRUE);
  add_keyring ("prompt-dismissed", test_prompt_dismissed, TRUE);
  add_keyring ("prompt-answered", test_prompt_answered, TRUE);
  add_keyring ("cancelled-while-prompting", test_cancelled_while_prompting, TRUE);
  add_keyring ("appears-late", test_appears_late, FALSE);
  add_keyring ("restarted", test_restarted, TRUE);
  add_keyring ("no-keyring-yet", test_no_keyring_yet, FALSE);

  status = g_test_run ();
  sc_test_desktop_stop (desktop);
  return status;
}
