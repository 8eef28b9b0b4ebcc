// SPDX-License-Identifier: MIT
// The journey of the front desk on real parts.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-journey.h"

#include "sc-test-command.h"
#include "sc-test-wait.h"

#define KEYRING "/org/freedesktop/secrets/collection/login"

ScTestJourney *
sc_test_journey_prepare (void)
{
  ScTestJourney *self = g_new0 (ScTestJourney, 1);

  self->desktop = sc_test_desktop_start (SC_TEST_DESKTOP_KEYRING);
  self->sandbox = sc_test_sandbox_start (NULL);
  self->browser = sc_test_chromium_install (self->desktop);
  return self;
}

ScTestJourney *
sc_test_journey_start (void)
{
  ScTestJourney *self = sc_test_journey_prepare ();
  g_autoptr (GVariant) answer = NULL;

  self->agent = sc_test_agent_start (self->desktop, sc_test_sandbox_get_url (self->sandbox), NULL);
  answer = sc_test_agent_call (self->agent, "SetSpuElsewhere", g_variant_new ("(b)", TRUE), NULL);
  g_assert_nonnull (answer);
  return self;
}

void
sc_test_journey_free (ScTestJourney *self)
{
  sc_test_agent_stop (self->agent);
  sc_test_chromium_stop (self->browser);
  sc_test_sandbox_stop (self->sandbox);
  sc_test_desktop_stop (self->desktop);
  g_free (self->callback);
  g_free (self);
}

/* ---- in the browser ---- */

ScTestWebdriver *
sc_test_journey_open_portal (ScTestJourney *self)
{
  g_autofree char *portal = g_strconcat (sc_test_sandbox_get_url (self->sandbox), "/portal/", NULL);
  ScTestWebdriver *driver;

  self->transaction = sc_test_agent_connect (self->agent, TRUE);
  g_free (self->callback);
  self->callback = sc_test_agent_wait_callback (self->agent);
  g_assert_true (g_str_has_prefix (self->callback, "http://127.0.0.1:"));
  driver = sc_test_chromium_get_driver (self->browser);
  sc_test_webdriver_wait_page (driver, portal);
  return driver;
}

void
sc_test_journey_click (ScTestJourney *self, const char *practice, const char *button)
{
  ScTestWebdriver *driver = sc_test_chromium_get_driver (self->browser);
  g_autofree char *choice = g_strdup_printf ("input[value='%s']", practice);

  sc_test_webdriver_click (driver, choice);
  sc_test_webdriver_click (driver, button);
}

char *
sc_test_journey_wait_answer (ScTestJourney *self)
{
  ScTestWebdriver *driver = sc_test_chromium_get_driver (self->browser);

  sc_test_webdriver_wait_page (driver, self->callback);
  return sc_test_webdriver_get_text (driver, "h1");
}

const ScTestOutcome *
sc_test_journey_wait_outcome (ScTestJourney *self)
{
  return sc_test_agent_wait_outcome (self->agent, self->transaction);
}

void
sc_test_journey_connect (ScTestJourney *self, const char *practice)
{
  g_autofree char *heading = NULL;

  sc_test_journey_open_portal (self);
  sc_test_journey_click (self, practice, "#allow");
  heading = sc_test_journey_wait_answer (self);
  g_assert_cmpstr (heading, ==, "Permission given");
  g_assert_cmpstr (sc_test_journey_wait_outcome (self)->outcome, ==, "returned");
}

/* ---- beside it ---- */

void
sc_test_journey_check (ScTestJourney *self, const char *headline, int exit_status)
{
  g_autoptr (ScTestCommand) command = sc_test_command_run (self->desktop, "sikkactl check", NULL);
  g_auto (GStrv) lines = g_strsplit (sc_test_command_get_output (command), "\n", -1);

  g_assert_cmpstr (lines[0], ==, headline);
  g_assert_cmpint (sc_test_command_wait (command), ==, exit_status);
}

typedef struct
{
  ScTestJourney *journey;
  guint n;
} CountWait;

static gboolean
has_grants (gpointer user_data)
{
  const CountWait *wait = user_data;
  g_autoptr (JsonObject) state = sc_test_sandbox_get_state (wait->journey->sandbox);

  return json_object_get_int_member (state, "grantCount") == wait->n;
}

void
sc_test_journey_wait_grants (ScTestJourney *self, guint n)
{
  CountWait wait = { self, n };

  sc_test_wait_polling (has_grants, &wait);
}

static gboolean
has_items (gpointer user_data)
{
  const CountWait *wait = user_data;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GVariant) items = NULL;
  g_autoptr (GError) error = NULL;

  answer = g_dbus_connection_call_sync (
    sc_test_desktop_get_bus (wait->journey->desktop), "org.freedesktop.secrets", KEYRING,
    "org.freedesktop.DBus.Properties", "Get",
    g_variant_new ("(ss)", "org.freedesktop.Secret.Collection", "Items"), G_VARIANT_TYPE ("(v)"),
    G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  g_variant_get (answer, "(v)", &items);
  return g_variant_n_children (items) == wait->n;
}

void
sc_test_journey_wait_items (ScTestJourney *self, guint n)
{
  CountWait wait = { self, n };

  sc_test_wait_polling (has_items, &wait);
}

void
sc_test_journey_assert_buttons (ScTestJourney *self, const char *enabled)
{
  static const char *const names[] = { "connect",  "check", "reconnect", "disconnect", "back",
                                       "continue", "skip",  "cancel",    "undo" };
  GVariant *buttons = sc_agent1_get_buttons (sc_test_agent_get_proxy (self->agent));
  g_autoptr (GString) found = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *shown = NULL;

      g_assert_true (g_variant_lookup (buttons, names[i], "&s", &shown));
      if (g_str_equal (shown, "enabled"))
        g_string_append_printf (found, "%s%s", found->len > 0 ? " " : "", names[i]);
    }
  g_assert_cmpstr (found->str, ==, enabled);
}
