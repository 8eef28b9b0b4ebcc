// SPDX-License-Identifier: MIT
// Every cell of the connection's table, and what holds after any sequence of events.

#include "sc-connection-text.h"

/* The error that comes with every event, so that cells that take none are seen to ignore it. */
#define GIVEN SC_ERROR_NET_OFFLINE

/* @after is NULL where nothing changes. */
typedef struct
{
  const char *before;
  ScConnectionEvent event;
  const char *after;
  const char *effects;
} Row;

static const Row rows[] = {

  /* pending */
  { "pending", SC_EVENT_CONNECT, "pending", "preflight" },
  { "pending", SC_EVENT_PREFLIGHT_PASSED, "browser-open before=pending", "open-browser" },
  { "pending error=net-offline", SC_EVENT_PREFLIGHT_PASSED, "browser-open before=pending",
    "open-browser" },
  { "pending", SC_EVENT_PREFLIGHT_FAILED, "pending error=net-offline", "" },
  { "pending", SC_EVENT_GRANT_SAME, NULL, "" },
  { "pending", SC_EVENT_GRANT_DIFFERENT, NULL, "" },
  { "pending", SC_EVENT_PRACTICE_ACCEPTED, NULL, "" },
  { "pending", SC_EVENT_PRACTICE_DECLINED, NULL, "" },
  { "pending", SC_EVENT_STORED, NULL, "" },
  { "pending", SC_EVENT_DENIED, NULL, "" },
  { "pending", SC_EVENT_CANCELLED, NULL, "" },
  { "pending", SC_EVENT_TIMED_OUT, NULL, "" },
  { "pending", SC_EVENT_AUTHORIZATION_FAILED, NULL, "" },
  { "pending", SC_EVENT_CHECK_CONNECTED, NULL, "" },
  { "pending", SC_EVENT_CHECK_CONNECTING, NULL, "" },
  { "pending", SC_EVENT_CHECK_FAILED, NULL, "" },
  { "pending", SC_EVENT_CHECK_PENDING, NULL, "" },
  { "pending", SC_EVENT_CHECK_UNKNOWN, NULL, "" },
  { "pending", SC_EVENT_GRANT_GONE, NULL, "" },
  { "pending", SC_EVENT_TRANSPORT_ERROR, NULL, "" },
  { "pending", SC_EVENT_DISCONNECT, NULL, "" },
  { "pending", SC_EVENT_DISCONNECT_NOW, NULL, "" },
  { "pending", SC_EVENT_UNDO, NULL, "" },
  { "pending", SC_EVENT_UNDO_EXPIRED, NULL, "" },
  { "pending", SC_EVENT_PRACTICE_DISCONNECTED, NULL, "" },
  { "pending", SC_EVENT_AGE_EXPIRED, NULL, "" },

  /* browser-open */
  { "browser-open before=pending", SC_EVENT_CONNECT, "browser-open before=pending",
    "reopen-browser" },
  { "browser-open held confirming before=connected", SC_EVENT_CONNECT,
    "browser-open held confirming before=connected", "reopen-browser" },
  { "browser-open before=pending", SC_EVENT_PREFLIGHT_PASSED, NULL, "" },
  { "browser-open held confirming before=connected", SC_EVENT_PREFLIGHT_PASSED, NULL, "" },
  { "browser-open before=pending", SC_EVENT_PREFLIGHT_FAILED, NULL, "" },
  { "browser-open held confirming before=connected", SC_EVENT_PREFLIGHT_FAILED, NULL, "" },
  { "browser-open before=pending", SC_EVENT_GRANT_SAME, "browser-open before=pending",
    "store-grant" },
  { "browser-open held before=connected", SC_EVENT_GRANT_SAME, "browser-open held before=connected",
    "store-grant" },
  { "browser-open held before=connected", SC_EVENT_GRANT_DIFFERENT,
    "browser-open held confirming before=connected", "ask-practice" },
  { "browser-open held before=connected", SC_EVENT_PRACTICE_ACCEPTED, NULL, "" },
  { "browser-open held confirming before=connected", SC_EVENT_PRACTICE_ACCEPTED,
    "browser-open held before=connected", "store-grant" },
  { "browser-open held before=connected", SC_EVENT_PRACTICE_DECLINED, NULL, "" },
  { "browser-open held confirming before=connected", SC_EVENT_PRACTICE_DECLINED,
    "connected held error=practice-declined", "close-browser revoke-new" },
  { "browser-open held confirming before=failed", SC_EVENT_PRACTICE_DECLINED,
    "failed held error=practice-declined", "close-browser revoke-new" },
  { "browser-open confirming before=pending", SC_EVENT_PRACTICE_DECLINED,
    "pending error=practice-declined", "close-browser revoke-new" },
  { "browser-open before=pending", SC_EVENT_STORED, "returned held", "close-browser report sync" },
  { "browser-open held attention unknown outdated before=connected", SC_EVENT_STORED,
    "returned held", "close-browser report sync" },
  { "browser-open withdrawn before=failed", SC_EVENT_STORED, "returned held",
    "close-browser report sync" },
  { "browser-open before=pending", SC_EVENT_DENIED, "failed error=oauth-denied",
    "close-browser report" },
  { "browser-open held before=returned", SC_EVENT_DENIED, "returned held error=oauth-denied",
    "close-browser" },
  { "browser-open held before=connected", SC_EVENT_DENIED, "connected held error=oauth-denied",
    "close-browser" },
  { "browser-open held attention unknown outdated before=connected", SC_EVENT_DENIED,
    "connected held attention unknown outdated error=oauth-denied", "close-browser" },
  { "browser-open withdrawn before=failed", SC_EVENT_DENIED, "failed withdrawn error=oauth-denied",
    "close-browser" },
  { "browser-open held confirming before=connected", SC_EVENT_DENIED,
    "connected held error=oauth-denied", "close-browser revoke-new" },
  { "browser-open confirming before=pending", SC_EVENT_DENIED, "failed error=oauth-denied",
    "close-browser revoke-new report" },
  { "browser-open before=pending", SC_EVENT_CANCELLED, "failed error=cancelled",
    "close-browser report" },
  { "browser-open held before=returned", SC_EVENT_CANCELLED, "returned held error=cancelled",
    "close-browser" },
  { "browser-open held before=connected", SC_EVENT_CANCELLED, "connected held error=cancelled",
    "close-browser" },
  { "browser-open held attention unknown outdated before=connected", SC_EVENT_CANCELLED,
    "connected held attention unknown outdated error=cancelled", "close-browser" },
  { "browser-open withdrawn before=failed", SC_EVENT_CANCELLED, "failed withdrawn error=cancelled",
    "close-browser" },
  { "browser-open held confirming before=connected", SC_EVENT_CANCELLED,
    "connected held error=cancelled", "close-browser revoke-new" },
  { "browser-open confirming before=pending", SC_EVENT_CANCELLED, "failed error=cancelled",
    "close-browser revoke-new report" },
  { "browser-open before=pending", SC_EVENT_TIMED_OUT, "failed error=oauth-timed-out",
    "close-browser report" },
  { "browser-open held before=returned", SC_EVENT_TIMED_OUT, "returned held error=oauth-timed-out",
    "close-browser" },
  { "browser-open held before=connected", SC_EVENT_TIMED_OUT,
    "connected held error=oauth-timed-out", "close-browser" },
  { "browser-open held attention unknown outdated before=connected", SC_EVENT_TIMED_OUT,
    "connected held attention unknown outdated error=oauth-timed-out", "close-browser" },
  { "browser-open withdrawn before=failed", SC_EVENT_TIMED_OUT,
    "failed withdrawn error=oauth-timed-out", "close-browser" },
  { "browser-open held confirming before=connected", SC_EVENT_TIMED_OUT,
    "connected held error=oauth-timed-out", "close-browser revoke-new" },
  { "browser-open confirming before=pending", SC_EVENT_TIMED_OUT, "failed error=oauth-timed-out",
    "close-browser revoke-new report" },
  { "browser-open before=pending", SC_EVENT_AUTHORIZATION_FAILED, "failed error=net-offline",
    "close-browser report" },
  { "browser-open withdrawn before=failed", SC_EVENT_AUTHORIZATION_FAILED,
    "failed withdrawn error=net-offline", "close-browser report" },
  { "browser-open held before=returned", SC_EVENT_AUTHORIZATION_FAILED,
    "returned held error=net-offline", "close-browser report" },
  { "browser-open held before=connected", SC_EVENT_AUTHORIZATION_FAILED,
    "connected held error=net-offline", "close-browser report" },
  { "browser-open held before=failed", SC_EVENT_AUTHORIZATION_FAILED,
    "failed held error=net-offline", "close-browser report" },
  { "browser-open held confirming before=connected", SC_EVENT_AUTHORIZATION_FAILED,
    "connected held error=net-offline", "close-browser revoke-new report" },
  { "browser-open before=pending", SC_EVENT_CHECK_CONNECTED, NULL, "" },
  { "browser-open held confirming before=connected", SC_EVENT_CHECK_CONNECTED, NULL, "" },
  { "browser-open before=pending", SC_EVENT_CHECK_CONNECTING, NULL, "" },
  { "browser-open held confirming before=connected", SC_EVENT_CHECK_CONNECTING, NULL, "" },
  { "browser-open before=pending", SC_EVENT_CHECK_FAILED, NULL, "" },
  { "browser-open held confirming before=connected", SC_EVENT_CHECK_FAILED, NULL, "" },
  { "browser-open before=pending", SC_EVENT_CHECK_PENDING, NULL, "" },
  { "browser-open held confirming before=connected", SC_EVENT_CHECK_PENDING, NULL, "" },
  { "browser-open before=pending", SC_EVENT_CHECK_UNKNOWN, NULL, "" },
  { "browser-open held confirming before=connected", SC_EVENT_CHECK_UNKNOWN, NULL, "" },
  { "browser-open before=pending", SC_EVENT_GRANT_GONE, NULL, "" },
  { "browser-open held confirming before=connected", SC_EVENT_GRANT_GONE, NULL, "" },
  { "browser-open before=pending", SC_EVENT_TRANSPORT_ERROR, NULL, "" },
  { "browser-open held confirming before=connected", SC_EVENT_TRANSPORT_ERROR, NULL, "" },
  { "browser-open before=pending", SC_EVENT_DISCONNECT, "pending", "close-browser" },
  { "browser-open confirming before=pending", SC_EVENT_DISCONNECT, "pending",
    "close-browser revoke-new" },
  { "browser-open held before=connected", SC_EVENT_DISCONNECT, "pending",
    "close-browser report retire-grant" },
  { "browser-open held confirming before=connected", SC_EVENT_DISCONNECT, "pending",
    "close-browser revoke-new report retire-grant" },
  { "browser-open before=pending", SC_EVENT_DISCONNECT_NOW, "pending", "close-browser" },
  { "browser-open confirming before=pending", SC_EVENT_DISCONNECT_NOW, "pending",
    "close-browser revoke-new" },
  { "browser-open held before=connected", SC_EVENT_DISCONNECT_NOW, "pending",
    "close-browser report retire-grant" },
  { "browser-open held confirming before=connected", SC_EVENT_DISCONNECT_NOW, "pending",
    "close-browser revoke-new report retire-grant" },
  { "browser-open before=pending", SC_EVENT_UNDO, NULL, "" },
  { "browser-open held confirming before=connected", SC_EVENT_UNDO, NULL, "" },
  { "browser-open before=pending", SC_EVENT_UNDO_EXPIRED, NULL, "" },
  { "browser-open held confirming before=connected", SC_EVENT_UNDO_EXPIRED, NULL, "" },
  { "browser-open before=pending", SC_EVENT_PRACTICE_DISCONNECTED, "pending",
    "close-browser report" },
  { "browser-open held before=connected", SC_EVENT_PRACTICE_DISCONNECTED, "pending",
    "close-browser report retire-grant" },
  { "browser-open held confirming before=connected", SC_EVENT_PRACTICE_DISCONNECTED, "pending",
    "close-browser revoke-new report retire-grant" },
  { "browser-open before=pending", SC_EVENT_AGE_EXPIRED, NULL, "" },
  { "browser-open held before=returned", SC_EVENT_AGE_EXPIRED, NULL, "" },
  { "browser-open held before=connected", SC_EVENT_AGE_EXPIRED,
    "browser-open held unknown outdated before=connected", "" },

  /* returned */
  { "returned held", SC_EVENT_CONNECT, "returned held", "preflight" },
  { "returned held setup-tried", SC_EVENT_PREFLIGHT_PASSED, "browser-open held before=returned",
    "open-browser" },
  { "returned held error=cancelled", SC_EVENT_PREFLIGHT_PASSED, "browser-open held before=returned",
    "open-browser" },
  { "returned held", SC_EVENT_PREFLIGHT_FAILED, "returned held error=net-offline", "" },
  { "returned held", SC_EVENT_GRANT_SAME, NULL, "" },
  { "returned held", SC_EVENT_GRANT_DIFFERENT, NULL, "" },
  { "returned held", SC_EVENT_PRACTICE_ACCEPTED, NULL, "" },
  { "returned held", SC_EVENT_PRACTICE_DECLINED, NULL, "" },
  { "returned held", SC_EVENT_STORED, NULL, "" },
  { "returned held", SC_EVENT_DENIED, NULL, "" },
  { "returned held", SC_EVENT_CANCELLED, NULL, "" },
  { "returned held", SC_EVENT_TIMED_OUT, NULL, "" },
  { "returned held", SC_EVENT_AUTHORIZATION_FAILED, NULL, "" },
  { "returned held", SC_EVENT_CHECK_CONNECTED, "connected held", "report arm-age" },
  { "returned held setup-tried preparing unknown error=cloud-answer", SC_EVENT_CHECK_CONNECTED,
    "connected held", "report arm-age" },
  { "returned held", SC_EVENT_CHECK_CONNECTING, "returned held setup-tried", "setup" },
  { "returned held preparing", SC_EVENT_CHECK_CONNECTING, "returned held setup-tried preparing",
    "setup" },
  { "returned held error=net-offline", SC_EVENT_CHECK_CONNECTING, "returned held setup-tried",
    "setup" },
  { "returned held setup-tried", SC_EVENT_CHECK_CONNECTING, "returned held preparing", "report" },
  { "returned held", SC_EVENT_CHECK_FAILED, "failed held error=net-offline", "report" },
  { "returned held setup-tried preparing unknown", SC_EVENT_CHECK_FAILED,
    "failed held error=net-offline", "report" },
  { "returned held", SC_EVENT_CHECK_PENDING, "failed withdrawn error=oauth-grant",
    "report retire-grant" },
  { "returned held setup-tried", SC_EVENT_CHECK_PENDING, "failed withdrawn error=oauth-grant",
    "report retire-grant" },
  { "returned held setup-tried", SC_EVENT_CHECK_UNKNOWN, "returned held unknown error=cloud-answer",
    "report" },
  { "returned held", SC_EVENT_CHECK_UNKNOWN, "returned held unknown error=cloud-answer", "report" },
  { "returned held", SC_EVENT_GRANT_GONE, "failed withdrawn error=oauth-grant",
    "report retire-grant" },
  { "returned held setup-tried", SC_EVENT_GRANT_GONE, "failed withdrawn error=oauth-grant",
    "report retire-grant" },
  { "returned held", SC_EVENT_TRANSPORT_ERROR, "returned held error=net-offline", "report" },
  { "returned held setup-tried preparing", SC_EVENT_TRANSPORT_ERROR,
    "returned held preparing error=net-offline", "report" },
  { "returned held", SC_EVENT_DISCONNECT, "pending", "report retire-grant" },
  { "returned held", SC_EVENT_DISCONNECT_NOW, "pending", "report retire-grant" },
  { "returned held", SC_EVENT_UNDO, NULL, "" },
  { "returned held", SC_EVENT_UNDO_EXPIRED, NULL, "" },
  { "returned held", SC_EVENT_PRACTICE_DISCONNECTED, "pending", "report retire-grant" },
  { "returned held", SC_EVENT_AGE_EXPIRED, NULL, "" },

  /* connected */
  { "connected held", SC_EVENT_CONNECT, "connected held", "preflight" },
  { "connected held undoing", SC_EVENT_CONNECT, "connected held", "preflight stop-undo" },
  { "connected held", SC_EVENT_PREFLIGHT_PASSED, "browser-open held before=connected",
    "open-browser" },
  { "connected held attention unknown outdated error=net-offline", SC_EVENT_PREFLIGHT_PASSED,
    "browser-open held attention unknown outdated before=connected", "open-browser" },
  { "connected held undoing", SC_EVENT_PREFLIGHT_PASSED, "browser-open held before=connected",
    "open-browser stop-undo" },
  { "connected held", SC_EVENT_PREFLIGHT_FAILED, "connected held error=net-offline", "" },
  { "connected held undoing", SC_EVENT_PREFLIGHT_FAILED, "connected held undoing error=net-offline",
    "" },
  { "connected held", SC_EVENT_GRANT_SAME, NULL, "" },
  { "connected held", SC_EVENT_GRANT_DIFFERENT, NULL, "" },
  { "connected held", SC_EVENT_PRACTICE_ACCEPTED, NULL, "" },
  { "connected held", SC_EVENT_PRACTICE_DECLINED, NULL, "" },
  { "connected held", SC_EVENT_STORED, NULL, "" },
  { "connected held", SC_EVENT_DENIED, NULL, "" },
  { "connected held", SC_EVENT_CANCELLED, NULL, "" },
  { "connected held", SC_EVENT_TIMED_OUT, NULL, "" },
  { "connected held", SC_EVENT_AUTHORIZATION_FAILED, NULL, "" },
  { "connected held", SC_EVENT_CHECK_CONNECTED, "connected held", "report arm-age" },
  { "connected held undoing", SC_EVENT_CHECK_CONNECTED, "connected held undoing",
    "report arm-age" },
  { "connected held attention unknown outdated error=net-offline", SC_EVENT_CHECK_CONNECTED,
    "connected held", "report arm-age" },
  { "connected held", SC_EVENT_CHECK_CONNECTING, "connected held attention", "report" },
  { "connected held undoing", SC_EVENT_CHECK_CONNECTING, "connected held undoing attention",
    "report" },
  { "connected held unknown outdated error=net-offline", SC_EVENT_CHECK_CONNECTING,
    "connected held attention unknown outdated", "report" },
  { "connected held", SC_EVENT_CHECK_FAILED, "failed held error=net-offline", "report" },
  { "connected held undoing", SC_EVENT_CHECK_FAILED, "failed held error=net-offline",
    "report stop-undo" },
  { "connected held attention unknown outdated", SC_EVENT_CHECK_FAILED,
    "failed held error=net-offline", "report" },
  { "connected held", SC_EVENT_CHECK_PENDING, "failed withdrawn error=oauth-grant",
    "report retire-grant" },
  { "connected held undoing", SC_EVENT_CHECK_PENDING, "failed withdrawn error=oauth-grant",
    "report retire-grant stop-undo" },
  { "connected held", SC_EVENT_CHECK_UNKNOWN, "connected held unknown error=cloud-answer",
    "report" },
  { "connected held undoing", SC_EVENT_CHECK_UNKNOWN,
    "connected held undoing unknown error=cloud-answer", "report" },
  { "connected held unknown outdated", SC_EVENT_CHECK_UNKNOWN,
    "connected held unknown error=cloud-answer", "report" },
  { "connected held", SC_EVENT_GRANT_GONE, "failed withdrawn error=oauth-grant",
    "report retire-grant" },
  { "connected held undoing", SC_EVENT_GRANT_GONE, "failed withdrawn error=oauth-grant",
    "report retire-grant stop-undo" },
  { "connected held", SC_EVENT_TRANSPORT_ERROR, "connected held error=net-offline", "report" },
  { "connected held undoing", SC_EVENT_TRANSPORT_ERROR, "connected held undoing error=net-offline",
    "report" },
  { "connected held attention unknown outdated", SC_EVENT_TRANSPORT_ERROR,
    "connected held attention unknown outdated error=net-offline", "report" },
  { "connected held", SC_EVENT_DISCONNECT, "connected held undoing", "start-undo" },
  { "connected held undoing", SC_EVENT_DISCONNECT, NULL, "" },
  { "connected held", SC_EVENT_DISCONNECT_NOW, "pending", "report retire-grant" },
  { "connected held undoing", SC_EVENT_DISCONNECT_NOW, "pending", "report retire-grant stop-undo" },
  { "connected held", SC_EVENT_UNDO, NULL, "" },
  { "connected held undoing", SC_EVENT_UNDO, "connected held", "stop-undo" },
  { "connected held", SC_EVENT_UNDO_EXPIRED, NULL, "" },
  { "connected held undoing", SC_EVENT_UNDO_EXPIRED, "pending", "report retire-grant" },
  { "connected held", SC_EVENT_PRACTICE_DISCONNECTED, "pending", "report retire-grant" },
  { "connected held undoing", SC_EVENT_PRACTICE_DISCONNECTED, "pending",
    "report retire-grant stop-undo" },
  { "connected held", SC_EVENT_AGE_EXPIRED, "connected held unknown outdated", "" },
  { "connected held undoing", SC_EVENT_AGE_EXPIRED, "connected held undoing unknown outdated", "" },

  /* failed */
  { "failed held error=cloud-status", SC_EVENT_CONNECT, "failed held error=cloud-status",
    "preflight" },
  { "failed error=oauth-denied", SC_EVENT_CONNECT, "failed error=oauth-denied", "preflight" },
  { "failed held error=cloud-status", SC_EVENT_PREFLIGHT_PASSED, "browser-open held before=failed",
    "open-browser" },
  { "failed withdrawn error=oauth-grant", SC_EVENT_PREFLIGHT_PASSED,
    "browser-open withdrawn before=failed", "open-browser" },
  { "failed held error=cloud-status", SC_EVENT_PREFLIGHT_FAILED, "failed held error=net-offline",
    "" },
  { "failed held error=cloud-status", SC_EVENT_GRANT_SAME, NULL, "" },
  { "failed held error=cloud-status", SC_EVENT_GRANT_DIFFERENT, NULL, "" },
  { "failed held error=cloud-status", SC_EVENT_PRACTICE_ACCEPTED, NULL, "" },
  { "failed held error=cloud-status", SC_EVENT_PRACTICE_DECLINED, NULL, "" },
  { "failed held error=cloud-status", SC_EVENT_STORED, NULL, "" },
  { "failed held error=cloud-status", SC_EVENT_DENIED, NULL, "" },
  { "failed held error=cloud-status", SC_EVENT_CANCELLED, NULL, "" },
  { "failed held error=cloud-status", SC_EVENT_TIMED_OUT, NULL, "" },
  { "failed held error=cloud-status", SC_EVENT_AUTHORIZATION_FAILED, NULL, "" },
  { "failed held error=cloud-status", SC_EVENT_CHECK_CONNECTED, "connected held",
    "report arm-age" },
  { "failed withdrawn error=oauth-grant", SC_EVENT_CHECK_CONNECTED, "connected held",
    "report arm-age" },
  { "failed held error=cloud-status", SC_EVENT_CHECK_CONNECTING, "returned held preparing",
    "report" },
  { "failed held error=cloud-status", SC_EVENT_CHECK_FAILED, "failed held error=net-offline",
    "report" },
  { "failed held error=cloud-status", SC_EVENT_CHECK_PENDING, "failed withdrawn error=oauth-grant",
    "report retire-grant" },
  { "failed error=oauth-denied", SC_EVENT_CHECK_PENDING, "failed withdrawn error=oauth-grant",
    "report" },
  { "failed held error=cloud-status", SC_EVENT_CHECK_UNKNOWN,
    "failed held unknown error=cloud-answer", "report" },
  { "failed withdrawn error=oauth-grant", SC_EVENT_CHECK_UNKNOWN,
    "failed held unknown error=cloud-answer", "report" },
  { "failed held error=cloud-status", SC_EVENT_GRANT_GONE, "failed withdrawn error=oauth-grant",
    "report retire-grant" },
  { "failed error=oauth-denied", SC_EVENT_GRANT_GONE, "failed withdrawn error=oauth-grant",
    "report" },
  { "failed held error=cloud-status", SC_EVENT_TRANSPORT_ERROR, "failed held error=net-offline",
    "report" },
  { "failed withdrawn error=oauth-grant", SC_EVENT_TRANSPORT_ERROR,
    "failed withdrawn error=net-offline", "report" },
  { "failed held error=cloud-status", SC_EVENT_DISCONNECT, "pending", "report retire-grant" },
  { "failed error=oauth-denied", SC_EVENT_DISCONNECT, "pending", "report" },
  { "failed held error=cloud-status", SC_EVENT_DISCONNECT_NOW, "pending", "report retire-grant" },
  { "failed error=oauth-denied", SC_EVENT_DISCONNECT_NOW, "pending", "report" },
  { "failed held error=cloud-status", SC_EVENT_UNDO, NULL, "" },
  { "failed held error=cloud-status", SC_EVENT_UNDO_EXPIRED, NULL, "" },
  { "failed held error=cloud-status", SC_EVENT_PRACTICE_DISCONNECTED, "pending",
    "report retire-grant" },
  { "failed error=oauth-denied", SC_EVENT_PRACTICE_DISCONNECTED, "pending", "report" },
  { "failed held error=cloud-status", SC_EVENT_AGE_EXPIRED, NULL, "" },
};

static const char *const effect_names[] = { "close-browser",  "revoke-new",   "report",
                                            "retire-grant",   "preflight",    "open-browser",
                                            "reopen-browser", "ask-practice", "store-grant",
                                            "sync",           "setup",        "start-undo",
                                            "stop-undo",      "arm-age" };

static char *
effects_to_text (ScConnectionEffects effects)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (effect_names); i++)
    if (effects & (1 << i))
      g_ptr_array_add (words, (char *) effect_names[i]);
  g_ptr_array_add (words, NULL);
  return g_strjoinv (" ", (char **) words->pdata);
}

static gboolean
is_row_of (const Row *row, ScConnectionState state, ScConnectionEvent event)
{
  return row->event == event && connection_from_text (row->before).state == state;
}

static void
assert_row (const Row *row)
{
  ScConnection connection = connection_from_text (row->before);
  ScConnectionEffects effects = sc_connection_apply (&connection, row->event, GIVEN);
  g_autofree char *after = connection_to_text (&connection);
  g_autofree char *effects_text = effects_to_text (effects);

  g_test_message ("%s, event %d", row->before, row->event);
  g_assert_cmpstr (after, ==, row->after != NULL ? row->after : row->before);
  g_assert_cmpstr (effects_text, ==, row->effects);
  if (!connection.has_error)
    g_assert_cmpint (connection.error, ==, 0);
}

static void
test_table_state (gconstpointer data)
{
  ScConnectionState state = GPOINTER_TO_INT (data);

  for (ScConnectionEvent event = 0; event < SC_N_EVENTS; event++)
    {
      guint found = 0;

      for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        if (is_row_of (&rows[i], state, event))
          {
            assert_row (&rows[i]);
            found++;
          }
      g_assert_cmpuint (found, >, 0);
    }
}

static void
test_restore (void)
{
  static const struct
  {
    ScConnectionState recorded;
    gboolean held;
    const char *expected;
  } starts[] = {
    { SC_STATE_PENDING, FALSE, "pending" },
    { SC_STATE_PENDING, TRUE, "returned held" },
    { SC_STATE_BROWSER_OPEN, FALSE, "pending" },
    { SC_STATE_BROWSER_OPEN, TRUE, "returned held" },
    { SC_STATE_RETURNED, FALSE, "failed withdrawn error=store-absent" },
    { SC_STATE_RETURNED, TRUE, "returned held" },
    { SC_STATE_CONNECTED, FALSE, "failed withdrawn error=store-absent" },
    { SC_STATE_CONNECTED, TRUE, "connected held" },
    { SC_STATE_FAILED, FALSE, "failed error=failed" },
    { SC_STATE_FAILED, TRUE, "failed held error=failed" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      ScConnection connection = sc_connection_restore (starts[i].recorded, starts[i].held);
      g_autofree char *text = connection_to_text (&connection);

      g_assert_cmpstr (text, ==, starts[i].expected);
    }
}

/* One click is two requests at most: setup is asked once per check. */
static void
test_setup_once_per_check (void)
{
  ScConnection connection = connection_from_text ("returned held");
  ScConnectionEffects effects;

  for (guint i = 0; i < 3; i++)
    {
      effects = sc_connection_apply (&connection, SC_EVENT_CHECK_CONNECTING, 0);
      g_assert_cmpint (effects, ==, SC_EFFECT_SETUP);
      effects = sc_connection_apply (&connection, SC_EVENT_CHECK_CONNECTING, 0);
      g_assert_cmpint (effects, ==, SC_EFFECT_REPORT);
    }
}

static void
assert_flags_fit_state (const ScConnection *c)
{
  ScConnectionState base = c->state == SC_STATE_BROWSER_OPEN ? c->before : c->state;

  g_assert_cmpint (base, !=, SC_STATE_BROWSER_OPEN);
  g_assert_true (c->state == SC_STATE_BROWSER_OPEN || c->before == SC_STATE_PENDING);
  g_assert_true (!c->confirming || c->state == SC_STATE_BROWSER_OPEN);
  g_assert_true (!c->undoing || c->state == SC_STATE_CONNECTED);
  g_assert_true (!c->setup_tried || c->state == SC_STATE_RETURNED);
  g_assert_true (!c->preparing || base == SC_STATE_RETURNED);
  g_assert_true (!c->attention || base == SC_STATE_CONNECTED);
  g_assert_true (!c->outdated || (c->unknown && base == SC_STATE_CONNECTED));
  g_assert_true (!c->unknown || base != SC_STATE_PENDING);
  g_assert_true (!c->withdrawn || (base == SC_STATE_FAILED && !c->has_credential));
  g_assert_true (c->state != SC_STATE_FAILED || c->has_error);
  g_assert_true (base == SC_STATE_FAILED || c->has_credential == (base != SC_STATE_PENDING));
}

static void
assert_effects_fit_change (const ScConnection *old,
                           const ScConnection *now,
                           ScConnectionEffects effects)
{
  gboolean was_open = old->state == SC_STATE_BROWSER_OPEN;
  gboolean is_open = now->state == SC_STATE_BROWSER_OPEN;
  gboolean lost = old->has_credential && !now->has_credential;

  g_assert_cmpint (effects >> G_N_ELEMENTS (effect_names), ==, 0);
  g_assert_cmpint ((effects & SC_EFFECT_OPEN_BROWSER) != 0, ==, !was_open && is_open);
  g_assert_cmpint ((effects & SC_EFFECT_CLOSE_BROWSER) != 0, ==, was_open && !is_open);
  g_assert_cmpint ((effects & SC_EFFECT_RETIRE_GRANT) != 0, ==, lost);
  g_assert_cmpint ((effects & SC_EFFECT_START_UNDO) != 0, ==, !old->undoing && now->undoing);
  if (lost)
    g_assert_true (effects & SC_EFFECT_REPORT);
  if (effects & SC_EFFECT_REVOKE_NEW)
    g_assert_true (old->confirming);
  if (old->confirming && !now->confirming)
    g_assert_true (effects & (SC_EFFECT_REVOKE_NEW | SC_EFFECT_STORE_GRANT));
}

static void
assert_event_fits_change (const ScConnection *old,
                          const ScConnection *now,
                          ScConnectionEvent event,
                          ScConnectionEffects effects)
{
  gboolean answered = event >= SC_EVENT_CHECK_CONNECTED && event <= SC_EVENT_CHECK_UNKNOWN;
  gboolean fresh = event == SC_EVENT_CHECK_CONNECTED && now->state == SC_STATE_CONNECTED;
  gboolean was_connected = old->state == SC_STATE_CONNECTED || old->before == SC_STATE_CONNECTED;

  g_assert_cmpint ((effects & SC_EFFECT_ARM_AGE) != 0, ==, fresh);
  if (!old->has_credential && now->has_credential)
    g_assert_true (answered || event == SC_EVENT_STORED);
  if (old->undoing && !now->undoing && event != SC_EVENT_UNDO_EXPIRED)
    g_assert_true (effects & SC_EFFECT_STOP_UNDO);
  if (!was_connected && now->state == SC_STATE_CONNECTED)
    g_assert_true (fresh);
  /* Connected and too old becomes good again by a check that says so, and by nothing else. */
  if (old->unknown && was_connected && now->state == SC_STATE_CONNECTED && !now->unknown)
    g_assert_true (fresh);
}

/* A walk with a fixed seed: any order of events, also those that no sane controller sends. */
static void
test_invariants (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261121);
  ScConnection connection = { 0 };
  guint seen[SC_N_STATES] = { 0 };

  for (guint i = 0; i < 200000; i++)
    {
      ScConnection old = connection;
      ScConnectionEvent event = g_rand_int_range (rand, 0, SC_N_EVENTS);
      ScConnectionEffects effects = sc_connection_apply (&connection, event, GIVEN);

      assert_flags_fit_state (&connection);
      assert_effects_fit_change (&old, &connection, effects);
      assert_event_fits_change (&old, &connection, event, effects);
      seen[connection.state]++;
    }
  for (gsize i = 0; i < SC_N_STATES; i++)
    g_assert_cmpuint (seen[i], >, 1000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < SC_N_STATES; i++)
    {
      g_autofree char *path =
        g_strconcat ("/core/connection/table/", sc_connection_state_get_id (i), NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_table_state);
    }
  g_test_add_func ("/core/connection/restores-after-start", test_restore);
  g_test_add_func ("/core/connection/asks-setup-once-per-check", test_setup_once_per_check);
  g_test_add_func ("/core/connection/invariants", test_invariants);
  return g_test_run ();
}
