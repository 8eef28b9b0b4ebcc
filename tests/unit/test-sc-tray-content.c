// SPDX-License-Identifier: MIT
// What the tray shows in each state: shape, words, menu.

#include "sc-tray-content.h"

#include <locale.h>
#include <string.h>

/* Saturday, 21 November 2026, 09:12 UTC. */
#define SATURDAY 1795252320

typedef struct
{
  const char *name;
  ScConnection connection;
  const char *busy;
  const char *practice;
  gint64 last_checked;
  const char *shape;
  const char *tooltip;
  const char *menu; /* visible items from the top; those in brackets are disabled */
} Row;

#define HELD .has_credential = TRUE

static const Row rows[] = {
  { "pending",
    { .state = SC_STATE_PENDING },
    "",
    NULL,
    0,
    "unknown",
    "Sikka Companion – not connected yet",
    "[status] connect quit" },
  { "preflight",
    { .state = SC_STATE_PENDING },
    "preflight",
    NULL,
    0,
    "busy",
    "Sikka Companion – getting ready to connect",
    "[status] [connect] quit" },
  { "browser-open",
    { .state = SC_STATE_BROWSER_OPEN },
    "",
    NULL,
    0,
    "busy",
    "Sikka Companion – waiting for somebody to sign in in the browser",
    "[status] connect quit" },
  { "browser-over-connected",
    { .state = SC_STATE_BROWSER_OPEN, .before = SC_STATE_CONNECTED, HELD },
    "",
    "Happy",
    SATURDAY,
    "busy",
    "Happy – waiting for somebody to sign in in the browser, "
    "checked Saturday, 21 November 2026, 09:12",
    "[status] [check] reconnect quit" },
  { "confirming",
    { .state = SC_STATE_BROWSER_OPEN, .before = SC_STATE_CONNECTED, .confirming = TRUE, HELD },
    "connect",
    "Happy",
    SATURDAY,
    "attention",
    "Happy – another practice was signed in, is that right?",
    "[status] [check] [reconnect] quit" },
  { "storing",
    { .state = SC_STATE_BROWSER_OPEN },
    "connect",
    NULL,
    0,
    "busy",
    "Sikka Companion – connecting",
    "[status] [connect] quit" },
  { "returned",
    { .state = SC_STATE_RETURNED, HELD },
    "",
    "Happy",
    0,
    "unknown",
    "Happy – permission received, not checked yet",
    "[status] check reconnect quit" },
  { "preparing",
    { .state = SC_STATE_RETURNED, .preparing = TRUE, HELD },
    "",
    "Happy",
    SATURDAY,
    "busy",
    "Happy – Sikka is preparing the data (up to 4 hours), "
    "checked Saturday, 21 November 2026, 09:12",
    "[status] check reconnect quit" },
  { "connected",
    { .state = SC_STATE_CONNECTED, HELD },
    "",
    "Happy Dental Clinic",
    SATURDAY,
    "ok",
    "Happy Dental Clinic – connected, checked Saturday 09:12",
    "[status] check reconnect quit" },
  { "checking",
    { .state = SC_STATE_CONNECTED, HELD },
    "check",
    "Happy",
    SATURDAY,
    "busy",
    "Happy – checking",
    "[status] [check] [reconnect] quit" },
  { "offline",
    { .state = SC_STATE_CONNECTED, HELD, .has_error = TRUE, .error = SC_ERROR_NET_OFFLINE },
    "",
    "Happy",
    SATURDAY,
    "ok",
    "Happy – connected, checked Saturday 09:12",
    "[status] check reconnect quit" },
  { "reconnect-cancelled",
    { .state = SC_STATE_CONNECTED, HELD, .has_error = TRUE, .error = SC_ERROR_CANCELLED },
    "",
    "Happy",
    SATURDAY,
    "ok",
    "Happy – connected, checked Saturday 09:12",
    "[status] check reconnect quit" },
  { "attention",
    { .state = SC_STATE_CONNECTED, .attention = TRUE, HELD },
    "",
    "Happy",
    SATURDAY,
    "attention",
    "Happy – connected, but something needs someone, checked Saturday 09:12",
    "[status] check reconnect quit" },
  { "undoing",
    { .state = SC_STATE_CONNECTED, .undoing = TRUE, HELD },
    "",
    "Happy",
    SATURDAY,
    "ok",
    "Happy – about to be disconnected, checked Saturday 09:12",
    "[status] check reconnect quit" },
  { "too-old",
    { .state = SC_STATE_CONNECTED, .unknown = TRUE, .outdated = TRUE, HELD },
    "",
    "Happy",
    SATURDAY,
    "unknown",
    "Happy – not known whether it still works, checked Saturday, 21 November 2026, 09:12",
    "check [status] reconnect quit" },
  { "value-unknown",
    { .state = SC_STATE_FAILED,
      .unknown = TRUE,
      HELD,
      .has_error = TRUE,
      .error = SC_ERROR_CLOUD_ANSWER },
    "",
    "Happy",
    SATURDAY,
    "unknown",
    "Happy – not known how it is, checked Saturday, 21 November 2026, 09:12",
    "check [status] connect quit" },
  { "withdrawn",
    { .state = SC_STATE_FAILED,
      .withdrawn = TRUE,
      .has_error = TRUE,
      .error = SC_ERROR_OAUTH_GRANT },
    "",
    "Happy",
    0,
    "failed",
    "Happy – the permission was withdrawn",
    "[status] connect quit" },
  { "not-held",
    { .state = SC_STATE_FAILED,
      .withdrawn = TRUE,
      .has_error = TRUE,
      .error = SC_ERROR_STORE_ABSENT },
    "",
    "Happy",
    0,
    "failed",
    "Happy – this PC does not hold the permission any more",
    "[status] connect quit" },
  { "failed",
    { .state = SC_STATE_FAILED, HELD, .has_error = TRUE, .error = SC_ERROR_CLOUD_STATUS },
    "",
    "Happy",
    SATURDAY,
    "failed",
    "Happy – the connection failed, checked Saturday, 21 November 2026, 09:12",
    "[status] check connect quit" },
  { "denied",
    { .state = SC_STATE_FAILED, .has_error = TRUE, .error = SC_ERROR_OAUTH_DENIED },
    "",
    NULL,
    0,
    "failed",
    "Sikka Companion – not connected, the permission was refused",
    "[status] connect quit" },
  { "hostile-name",
    { .state = SC_STATE_RETURNED, HELD },
    "",
    "A\nB\xff<b>_x",
    0,
    "unknown",
    "A B\xef\xbf\xbd<b>_x – permission received, not checked yet",
    "[status] check reconnect quit" },
};

static const char *
name_item (const ScTrayItem *item)
{
  switch ((ScTrayCommand) item->id)
    {
    case SC_TRAY_COMMAND_STATUS:
      return "status";
    case SC_TRAY_COMMAND_CHECK:
      g_assert_cmpstr (item->label, ==, "Check Connection");
      return "check";
    case SC_TRAY_COMMAND_OPEN:
      g_assert_cmpstr (item->label, ==, "Open Sikka Companion");
      return "open";
    case SC_TRAY_COMMAND_CONNECT:
      return g_str_equal (item->label, "Reconnect") ? "reconnect" : "connect";
    case SC_TRAY_COMMAND_QUIT:
      g_assert_cmpstr (item->label, ==, "Quit");
      return "quit";
    default:
      return NULL;
    }
}

static char *
describe_menu (const ScTrayView *view)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < view->items->len; i++)
    {
      const ScTrayItem *item = g_ptr_array_index (view->items, i);

      if (item->label != NULL && item->visible)
        g_string_append_printf (text, item->enabled ? "%s " : "[%s] ", name_item (item));
    }
  g_string_truncate (text, text->len - 1);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static ScTrayView *
create_view (const Row *row, gboolean has_window)
{
  g_autoptr (ScPractice) practice =
    row->practice != NULL ? sc_practice_new ("D10023", row->practice, "Dentrix") : NULL;
  const ScTrayFacts facts = {
    .connection = &row->connection,
    .busy = row->busy,
    .practice = practice,
    .last_checked = row->last_checked,
    .has_window = has_window,
  };

  return sc_tray_content_create (&facts);
}

static void
test_state (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (ScTrayView) view = create_view (row, FALSE);
  g_autofree char *menu = describe_menu (view);

  g_assert_cmpstr (sc_tray_shape_get_id (view->shape), ==, row->shape);
  g_assert_cmpstr (view->tooltip, ==, row->tooltip);
  g_assert_cmpstr (menu, ==, row->menu);
  g_assert_cmpstr (sc_tray_view_find_item (view, SC_TRAY_COMMAND_STATUS)->label, ==, view->tooltip);
}

static void
test_window (void)
{
  g_autoptr (ScTrayView) view = create_view (&rows[0], TRUE);
  g_autofree char *menu = describe_menu (view);

  g_assert_cmpstr (menu, ==, "[status] open connect quit");
}

static void
test_long_name (void)
{
  g_autofree char *name = g_strnfill (5000, 'x');
  const Row row = { "", { .state = SC_STATE_PENDING }, "", name };
  g_autoptr (ScTrayView) view = create_view (&row, FALSE);

  g_assert_cmpint (g_utf8_strlen (view->tooltip, -1), <, 100);
}

/* Every combination of flags and errors has a message, and every message words. */
static void
test_every_message (void)
{
  for (guint state = 0; state < SC_N_STATES; state++)
    for (guint flags = 0; flags < 64; flags++)
      for (guint error = 0; error < SC_N_ERRORS; error++)
        {
          const ScConnection connection = {
            .state = state,
            .confirming = (flags & 1) != 0,
            .preparing = (flags & 2) != 0,
            .attention = (flags & 4) != 0,
            .unknown = (flags & 8) != 0,
            .outdated = (flags & 8) != 0,
            .withdrawn = (flags & 16) != 0,
            .has_error = (flags & 32) != 0,
            .error = error,
          };

          g_assert_true (sc_tray_content_has_message (sc_connection_get_message (&connection)));
        }
}

/* A panel remembers ids; what is the same must compare so, and what is not must not. */
static void
test_compare (void)
{
  g_autoptr (ScTrayView) pending = create_view (&rows[0], FALSE);
  g_autoptr (ScTrayView) again = create_view (&rows[0], FALSE);
  g_autoptr (ScTrayView) window = create_view (&rows[0], TRUE);

  g_assert_true (sc_tray_view_has_same_items (pending, again));
  g_assert_false (sc_tray_view_has_same_items (pending, window));
  g_assert_null (sc_tray_view_find_item (pending, 4711));
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/tray-content/state/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], test_state);
    }
  g_test_add_func ("/tray-content/offers-the-window-when-there-is-one", test_window);
  g_test_add_func ("/tray-content/shortens-a-long-name", test_long_name);
  g_test_add_func ("/tray-content/has-words-for-every-message", test_every_message);
  g_test_add_func ("/tray-content/compares-menus", test_compare);
  return g_test_run ();
}
