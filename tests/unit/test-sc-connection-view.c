// SPDX-License-Identifier: MIT
// What each state of the connection shows: phase, step, status, message and every button.

#include "sc-connection-text.h"

/* Phase, step, status and message; then a letter per button, H hidden, D disabled, E enabled, of
 * Connect, Check, Reconnect, Disconnect, Back, Continue, Skip, Cancel, Undo. */
static const struct
{
  const char *connection;
  const char *phase;
  const char *step;
  const char *status;
  const char *message;
  const char *buttons;
} rows[] = {
  { "pending", "pending", "", "pending", "connect-first", "EHHHEDEHH" },
  { "pending error=loopback-bind", "pending", "", "pending", "connect-first", "EHHHEDEHH" },
  { "pending error=practice-declined", "pending", "", "pending", "practice-declined", "EHHHEDEHH" },

  { "browser-open", "connecting", "browser-open", "connecting", "waiting-for-browser",
    "HHHHEDEEH" },
  { "browser-open held before=connected", "connecting", "browser-open", "connecting",
    "waiting-for-browser", "HHHHEDEEH" },
  { "browser-open held confirming before=connected", "connecting", "confirm-practice", "connecting",
    "confirm-practice", "HHHHEDEEH" },
  { "browser-open held attention unknown outdated before=connected", "connecting", "browser-open",
    "connecting", "waiting-for-browser", "HHHHEDEEH" },
  { "browser-open withdrawn before=failed", "connecting", "browser-open", "connecting",
    "waiting-for-browser", "HHHHEDEEH" },

  { "returned held", "connecting", "returned", "connecting", "check-to-verify", "EEHEEDEHH" },
  { "returned held setup-tried", "connecting", "returned", "connecting", "check-to-verify",
    "EEHEEDEHH" },
  { "returned held preparing", "connecting", "returned", "connecting", "preparing", "EEHEEDEHH" },
  { "returned held unknown error=cloud-answer", "connecting", "returned", "unknown",
    "value-unknown", "EEHEEDEHH" },
  { "returned held error=net-offline", "connecting", "returned", "connecting", "check-to-verify",
    "EEHEEDEHH" },
  { "returned held error=cancelled", "connecting", "returned", "connecting",
    "authorization-cancelled", "EEHEEDEHH" },

  { "connected held", "connected", "", "connected", "connected", "HHEEEEHHH" },
  { "connected held undoing", "connected", "", "connected", "disconnecting", "HHEHEEHHE" },
  { "connected held attention", "connected", "", "connected", "attention", "HHEEEEHHH" },
  { "connected held attention unknown outdated", "connected", "", "unknown", "too-old",
    "HHEEEEHHH" },
  { "connected held unknown error=cloud-answer", "connected", "", "unknown", "value-unknown",
    "HHEEEEHHH" },
  { "connected held error=net-offline", "connected", "", "connected", "connected", "HHEEEEHHH" },
  { "connected held error=cancelled", "connected", "", "connected", "authorization-cancelled",
    "HHEEEEHHH" },
  { "connected held error=oauth-denied", "connected", "", "connected", "authorization-denied",
    "HHEEEEHHH" },
  { "connected held error=oauth-timed-out", "connected", "", "connected", "authorization-timed-out",
    "HHEEEEHHH" },
  { "connected held error=practice-declined", "connected", "", "connected", "practice-declined",
    "HHEEEEHHH" },
  { "connected held undoing unknown outdated error=cancelled", "connected", "", "unknown",
    "disconnecting", "HHEHEEHHE" },

  { "failed error=oauth-denied", "failed", "", "failed", "authorization-denied", "EHHHEDEHH" },
  { "failed error=oauth-server", "failed", "", "failed", "failed", "EHHHEDEHH" },
  { "failed held error=cloud-status", "failed", "", "failed", "failed", "EEHEEDEHH" },
  { "failed held unknown error=cloud-answer", "failed", "", "unknown", "value-unknown",
    "EEHEEDEHH" },
  { "failed withdrawn error=oauth-grant", "failed", "", "failed", "withdrawn", "EHHHEDEHH" },
  { "failed withdrawn error=store-absent", "failed", "", "failed", "not-held", "EHHHEDEHH" },
  { "failed withdrawn error=cancelled", "failed", "", "failed", "authorization-cancelled",
    "EHHHEDEHH" },
};

static char *
describe_buttons (const ScConnection *connection)
{
  GString *text = g_string_new (NULL);

  for (ScButton button = 0; button < SC_N_BUTTONS; button++)
    g_string_append_c (text, "HDE"[sc_connection_get_button (connection, button)]);
  return g_string_free (text, FALSE);
}

static void
test_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      ScConnection connection = connection_from_text (rows[i].connection);
      g_autofree char *buttons = describe_buttons (&connection);

      g_test_message ("%s", rows[i].connection);
      g_assert_cmpstr (sc_connection_get_phase (&connection), ==, rows[i].phase);
      g_assert_cmpstr (sc_connection_get_step (&connection), ==, rows[i].step);
      g_assert_cmpstr (sc_connection_get_status (&connection), ==, rows[i].status);
      g_assert_cmpstr (sc_connection_get_message (&connection), ==, rows[i].message);
      g_assert_cmpstr (buttons, ==, rows[i].buttons);
    }
}

static void
test_state_ids (void)
{
  static const char *const ids[SC_N_STATES] = { "pending", "browser-open", "returned", "connected",
                                                "failed" };

  for (gsize i = 0; i < SC_N_STATES; i++)
    {
      g_assert_cmpstr (sc_connection_state_get_id (i), ==, ids[i]);
      g_assert_cmpint (sc_connection_state_from_id (ids[i]), ==, i);
    }
  g_assert_cmpint (sc_connection_state_from_id ("Connected"), ==, SC_STATE_PENDING);
  g_assert_cmpint (sc_connection_state_from_id (""), ==, SC_STATE_PENDING);
  g_assert_cmpint (sc_connection_state_from_id (NULL), ==, SC_STATE_PENDING);
}

static void
test_button_ids (void)
{
  static const char *const ids[SC_N_BUTTONS] = { "connect",    "check",  "reconnect",
                                                 "disconnect", "back",   "continue",
                                                 "skip",       "cancel", "undo" };

  for (gsize i = 0; i < SC_N_BUTTONS; i++)
    g_assert_cmpstr (sc_button_get_id (i), ==, ids[i]);
  g_assert_cmpstr (sc_button_state_get_id (SC_BUTTON_HIDDEN), ==, "hidden");
  g_assert_cmpstr (sc_button_state_get_id (SC_BUTTON_DISABLED), ==, "disabled");
  g_assert_cmpstr (sc_button_state_get_id (SC_BUTTON_ENABLED), ==, "enabled");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/connection-view/shows-each-state", test_rows);
  g_test_add_func ("/core/connection-view/state-ids", test_state_ids);
  g_test_add_func ("/core/connection-view/button-ids", test_button_ids);
  return g_test_run ();
}
