// SPDX-License-Identifier: MIT
// The icon and its menu on a private bus, with a panel of the test.

#include "sc-error.h"
#include "sc-test-wait.h"
#include "sc-test-watcher.h"
#include "sc-tray.h"

#define APP_ID "ca.parlae.SikkaCompanion"

typedef struct
{
  ScTestDesktop *desktop;
  GDBusConnection *bus; /* the tray's */
  ScTray *tray;
  guint activated;
  int chosen; /* 0 when nothing was */
  guint n_chosen;
  char *token; /* (nullable): of the last activation or choice */
  guint availability_changes;
} Fixture;

static void
activated_cb (ScTray *tray, const char *token, Fixture *self)
{
  self->activated++;
  g_free (self->token);
  self->token = g_strdup (token);
}

static void
chosen_cb (ScTray *tray, int id, const char *token, Fixture *self)
{
  self->chosen = id;
  self->n_chosen++;
  g_free (self->token);
  self->token = g_strdup (token);
}

static void
available_changed_cb (ScTray *tray, Fixture *self)
{
  self->availability_changes++;
}

static ScTrayView *
create_view (ScTrayShape shape, const char *tooltip, const char *check)
{
  ScTrayView *view = sc_tray_view_new (shape, tooltip);

  sc_tray_view_add_item (view, 1, tooltip, FALSE, TRUE);
  sc_tray_view_add_item (view, 2, check, TRUE, TRUE);
  sc_tray_view_add_separator (view, 100);
  sc_tray_view_add_item (view, 3, "Hidden", TRUE, FALSE);
  sc_tray_view_add_item (view, 5, "Quit", TRUE, TRUE);
  return view;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->desktop = sc_test_desktop_start (SC_TEST_DESKTOP_BUS);
  self->bus = sc_test_watcher_connect (self->desktop);
  self->tray = sc_tray_new_system (self->bus);
  g_signal_connect (self->tray, "activated", G_CALLBACK (activated_cb), self);
  g_signal_connect (self->tray, "item-chosen", G_CALLBACK (chosen_cb), self);
  g_signal_connect (self->tray, "available-changed", G_CALLBACK (available_changed_cb), self);
  sc_tray_show (self->tray, create_view (SC_TRAY_SHAPE_OK, "A_B – connected", "Check"));
  sc_tray_start (self->tray, &error);
  g_assert_no_error (error);
}

static gboolean
is_gone (gpointer user_data)
{
  return ((Fixture *) user_data)->tray == NULL;
}

/* What was asked of a watcher keeps the tray until it is answered or cancelled. */
static void
tear_down (Fixture *self, gconstpointer data)
{
  g_object_add_weak_pointer (G_OBJECT (self->tray), (gpointer *) &self->tray);
  sc_tray_stop (self->tray);
  g_object_unref (self->tray);
  sc_test_wait_until (is_gone, self);
  g_dbus_connection_close_sync (self->bus, NULL, NULL);
  g_clear_object (&self->bus);
  g_clear_pointer (&self->token, g_free);
  sc_test_desktop_stop (self->desktop);
}

static gboolean
is_available (gpointer user_data)
{
  return sc_tray_is_available (((Fixture *) user_data)->tray);
}

static gboolean
is_not_available (gpointer user_data)
{
  return !is_available (user_data);
}

static void
assert_refused (ScTestWatcher *watcher, gboolean menu, const char *method, GVariant *arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = menu
                                  ? sc_test_watcher_call_menu (watcher, method, arguments, &error)
                                  : sc_test_watcher_call (watcher, method, arguments, &error);

  g_assert_error (error, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS);
}

static void
assert_answers (ScTestWatcher *watcher, const char *method, GVariant *arguments, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = sc_test_watcher_call_menu (watcher, method, arguments, &error);
  g_autofree char *printed = NULL;

  g_assert_no_error (error);
  printed = g_variant_print (answer, FALSE);
  g_assert_cmpstr (printed, ==, text);
}

/* ---- the icon ---- */

static void
test_properties (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *name;
    const char *value;
  } wanted[] = {
    { "AttentionIconName", "'" APP_ID "-ok-symbolic'" },
    { "Category", "'ApplicationStatus'" },
    { "IconName", "'" APP_ID "-ok-symbolic'" },
    { "IconPixmap", "@a(iiay) []" },
    { "Id", "'" APP_ID "'" },
    { "ItemIsMenu", "false" },
    { "Menu", "objectpath '/StatusNotifierItem/Menu'" },
    { "Status", "'Active'" },
    { "Title", "'Sikka Companion'" },
    { "ToolTip", "('', @a(iiay) [], 'A_B – connected', '')" },
    { "WindowId", "0" },
  };
  g_autoptr (ScTestWatcher) watcher = sc_test_watcher_start (self->desktop, TRUE);
  g_autoptr (GVariant) all = NULL;

  g_assert_cmpstr (sc_test_watcher_wait_item (watcher), ==,
                   g_dbus_connection_get_unique_name (self->bus));
  all = sc_test_watcher_read_all (watcher);
  for (gsize i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      g_autoptr (GVariant) value = g_variant_lookup_value (all, wanted[i].name, NULL);
      g_autofree char *text = g_variant_print (value, TRUE);

      g_assert_cmpstr (text, ==, wanted[i].value);
    }
  g_assert_cmpuint (g_variant_n_children (all), ==, 16);
}

static void
test_activates (Fixture *self, gconstpointer data)
{
  g_autoptr (ScTestWatcher) watcher = sc_test_watcher_start (self->desktop, TRUE);
  g_autoptr (GVariant) provided = sc_test_watcher_call (watcher, "ProvideXdgActivationToken",
                                                        g_variant_new ("(s)", "token-1"), NULL);
  g_autoptr (GVariant) activated = NULL;
  g_autoptr (GVariant) again = NULL;
  g_autoptr (GVariant) scrolled = NULL;
  g_autoptr (GVariant) menu = NULL;

  g_assert_nonnull (provided);
  activated = sc_test_watcher_call (watcher, "Activate", g_variant_new ("(ii)", -5, 7), NULL);
  g_assert_nonnull (activated);
  g_assert_cmpuint (self->activated, ==, 1);
  g_assert_cmpstr (self->token, ==, "token-1");

  /* A token is good for one click. */
  again = sc_test_watcher_call (watcher, "SecondaryActivate", g_variant_new ("(ii)", 0, 0), NULL);
  g_assert_nonnull (again);
  g_assert_cmpuint (self->activated, ==, 2);
  g_assert_null (self->token);

  scrolled = sc_test_watcher_call (watcher, "Scroll", g_variant_new ("(is)", 1, "vertical"), NULL);
  menu = sc_test_watcher_call (watcher, "ContextMenu", g_variant_new ("(ii)", 0, 0), NULL);
  g_assert_true (scrolled != NULL && menu != NULL);
  g_assert_cmpuint (self->activated, ==, 2);
}

static void
test_refuses_tokens (Fixture *self, gconstpointer data)
{
  g_autoptr (ScTestWatcher) watcher = sc_test_watcher_start (self->desktop, TRUE);
  g_autofree char *long_token = g_strnfill (256, 'x');
  const char *const tokens[] = { "", "a b", "line\nend", "\xc3\xa4", long_token };

  for (gsize i = 0; i < G_N_ELEMENTS (tokens); i++)
    {
      g_autoptr (GVariant) activated = NULL;

      assert_refused (watcher, FALSE, "ProvideXdgActivationToken",
                      g_variant_new ("(s)", tokens[i]));
      activated = sc_test_watcher_call (watcher, "Activate", g_variant_new ("(ii)", 0, 0), NULL);
      g_assert_null (self->token);
    }
}

static void
test_tells_changes (Fixture *self, gconstpointer data)
{
  static const struct
  {
    ScTrayShape shape;
    const char *tooltip;
    const char *check;
    const char *signals;
    const char *icon;
    const char *status;
  } steps[] = {
    { SC_TRAY_SHAPE_OK, "A_B – connected", "Check", "", "ok", "Active" },
    { SC_TRAY_SHAPE_BUSY, "A_B – connected", "Check", "NewAttentionIcon NewIcon", "busy",
      "Active" },
    { SC_TRAY_SHAPE_FAILED, "A_B – connected", "Check", "NewAttentionIcon NewIcon NewStatus",
      "failed", "NeedsAttention" },
    { SC_TRAY_SHAPE_ATTENTION, "A_B – connected", "Check", "NewAttentionIcon NewIcon", "attention",
      "NeedsAttention" },
    { SC_TRAY_SHAPE_ATTENTION, "A_B – connected", "Look", "LayoutUpdated", "attention",
      "NeedsAttention" },
    { SC_TRAY_SHAPE_UNKNOWN, "C", "Look",
      "LayoutUpdated NewAttentionIcon NewIcon NewStatus "
      "NewToolTip",
      "unknown", "Active" },
  };
  g_autoptr (ScTestWatcher) watcher = sc_test_watcher_start (self->desktop, TRUE);

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autofree char *icon = g_strconcat (APP_ID "-", steps[i].icon, "-symbolic", NULL);
      g_autofree char *signals = NULL;
      g_autoptr (GVariant) name = NULL;
      g_autoptr (GVariant) status = NULL;

      sc_tray_show (self->tray, create_view (steps[i].shape, steps[i].tooltip, steps[i].check));
      signals = sc_test_watcher_take_signals (watcher);
      g_assert_cmpstr (signals, ==, steps[i].signals);
      name = sc_test_watcher_read (watcher, "IconName");
      g_assert_cmpstr (g_variant_get_string (name, NULL), ==, icon);
      status = sc_test_watcher_read (watcher, "Status");
      g_assert_cmpstr (g_variant_get_string (status, NULL), ==, steps[i].status);
    }
}

/* ---- the watcher ---- */

static void
test_follows_watcher (Fixture *self, gconstpointer data)
{
  g_assert_false (sc_tray_is_available (self->tray));
  for (guint round = 1; round <= 3; round++)
    {
      ScTestWatcher *watcher = sc_test_watcher_start (self->desktop, TRUE);

      sc_test_wait_until (is_available, self);
      g_assert_cmpuint (sc_test_watcher_count_items (watcher), ==, 1);
      sc_test_watcher_stop (watcher);
      sc_test_wait_until (is_not_available, self);
      g_assert_cmpuint (self->availability_changes, ==, 2 * round);
    }
}

static void
test_follows_host (Fixture *self, gconstpointer data)
{
  g_autoptr (ScTestWatcher) watcher = sc_test_watcher_start (self->desktop, FALSE);
  g_autofree char *signals = NULL;

  sc_test_watcher_wait_item (watcher);
  signals = sc_test_watcher_take_signals (watcher);
  g_assert_false (sc_tray_is_available (self->tray));
  sc_test_watcher_set_host (watcher, TRUE);
  sc_test_wait_until (is_available, self);
  sc_test_watcher_set_host (watcher, FALSE);
  sc_test_wait_until (is_not_available, self);
  g_assert_cmpuint (sc_test_watcher_count_items (watcher), ==, 1);
}

/* What somebody else says of hosts is not believed. */
static void
test_ignores_strangers (Fixture *self, gconstpointer data)
{
  g_autoptr (ScTestWatcher) watcher = sc_test_watcher_start (self->desktop, FALSE);
  g_autofree char *signals = NULL;

  sc_test_watcher_wait_item (watcher);
  g_dbus_connection_emit_signal (sc_test_desktop_get_bus (self->desktop), NULL,
                                 "/StatusNotifierWatcher", "org.kde.StatusNotifierWatcher",
                                 "StatusNotifierHostRegistered", NULL, NULL);
  signals = sc_test_watcher_take_signals (watcher);
  g_assert_cmpuint (self->availability_changes, ==, 0);
}

/* Two panels draw the same icon: both read it, both may click. */
static void
test_two_hosts (Fixture *self, gconstpointer data)
{
  g_autoptr (ScTestWatcher) watcher = sc_test_watcher_start (self->desktop, TRUE);
  g_autoptr (GDBusConnection) other = sc_test_watcher_connect (self->desktop);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autofree char *menu = NULL;
  GAsyncResult *place = NULL;

  sc_test_watcher_click (watcher, 2);
  g_dbus_connection_call (other, sc_test_watcher_wait_item (watcher), "/StatusNotifierItem/Menu",
                          "com.canonical.dbusmenu", "Event",
                          g_variant_new ("(isvu)", 5, "clicked", g_variant_new_int32 (0), 0), NULL,
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, sc_test_result_cb, &place);
  result = sc_test_wait_result (&place);
  answer = g_dbus_connection_call_finish (other, result, NULL);
  g_assert_nonnull (answer);
  g_assert_cmpuint (self->n_chosen, ==, 2);
  g_assert_cmpint (self->chosen, ==, 5);
  menu = sc_test_watcher_read_menu (watcher);
  g_assert_cmpstr (menu, ==, "[1 A__B – connected]\n2 Check\n5 Quit\n");
  g_dbus_connection_close_sync (other, NULL, NULL);
}

static void
test_stops (Fixture *self, gconstpointer data)
{
  g_autoptr (ScTestWatcher) watcher = sc_test_watcher_start (self->desktop, TRUE);
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;

  sc_test_wait_until (is_available, self);
  sc_tray_stop (self->tray);
  g_assert_false (sc_tray_is_available (self->tray));
  answer = sc_test_watcher_call (watcher, "Activate", g_variant_new ("(ii)", 0, 0), &error);
  g_assert_error (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD);
  g_assert_cmpuint (self->activated, ==, 0);
}

static void
test_no_bus (void)
{
  g_autoptr (ScTray) tray = sc_tray_new_system (NULL);
  g_autoptr (GError) error = NULL;

  sc_tray_show (tray, sc_tray_view_new (SC_TRAY_SHAPE_OK, "ok"));
  g_assert_false (sc_tray_start (tray, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_NOT_SUPPORTED);
  sc_tray_show (tray, sc_tray_view_new (SC_TRAY_SHAPE_FAILED, "failed"));
  sc_tray_stop (tray);
}

/* ---- the menu ---- */

static const char *const every_name[] = { NULL };
static const char *const only_label[] = { "label", "unheard-of", NULL };

static void
test_layout (Fixture *self, gconstpointer data)
{
  g_autoptr (ScTestWatcher) watcher = sc_test_watcher_start (self->desktop, TRUE);

  assert_answers (watcher, "GetLayout", g_variant_new ("(ii^as)", 0, 0, every_name),
                  "(1, (0, {'children-display': <'submenu'>}, []))");
  assert_answers (watcher, "GetLayout", g_variant_new ("(ii^as)", 0, 1, only_label),
                  "(1, (0, {}, [<(1, {'label': <'A__B – connected'>}, @av [])>, "
                  "<(2, {'label': <'Check'>}, @av [])>, <(100, @a{sv} {}, @av [])>, "
                  "<(3, {'label': <'Hidden'>}, @av [])>, <(5, {'label': <'Quit'>}, @av [])>]))");
  assert_answers (watcher, "GetLayout", g_variant_new ("(ii^as)", 100, -1, every_name),
                  "(1, (100, {'enabled': <false>, 'type': <'separator'>, 'visible': <true>}, "
                  "[]))");
  assert_answers (watcher, "GetGroupProperties",
                  g_variant_new_parsed ("([2, 4711, 0], ['label', 'children-display'])"),
                  "([(2, {'label': <'Check'>}), (0, {'children-display': <'submenu'>})],)");
  assert_answers (watcher, "GetGroupProperties", g_variant_new_parsed ("(@ai [], ['label'])"),
                  "([(1, {'label': <'A__B – connected'>}), (2, {'label': <'Check'>}), (100, {}), "
                  "(3, {'label': <'Hidden'>}), (5, {'label': <'Quit'>})],)");
  assert_answers (watcher, "GetProperty", g_variant_new ("(is)", 3, "visible"), "(<false>,)");
  assert_answers (watcher, "AboutToShow", g_variant_new ("(i)", 0), "(false,)");
  assert_answers (watcher, "AboutToShowGroup", g_variant_new_parsed ("([0, 5, 9, -1],)"),
                  "([], [9, -1])");
  sc_tray_show (self->tray, create_view (SC_TRAY_SHAPE_OK, "A_B – connected", "Look"));
  assert_answers (watcher, "GetLayout", g_variant_new ("(ii^as)", 2, -1, only_label),
                  "(2, (2, {'label': <'Look'>}, []))");
}

static void
test_refuses_ids (Fixture *self, gconstpointer data)
{
  g_autoptr (ScTestWatcher) watcher = sc_test_watcher_start (self->desktop, TRUE);
  static const int ids[] = { 4, -1, 4711, G_MAXINT, G_MININT };

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      assert_refused (watcher, TRUE, "GetLayout",
                      g_variant_new ("(ii^as)", ids[i], -1, every_name));
      assert_refused (watcher, TRUE, "GetProperty", g_variant_new ("(is)", ids[i], "label"));
      assert_refused (watcher, TRUE, "AboutToShow", g_variant_new ("(i)", ids[i]));
      assert_refused (watcher, TRUE, "Event",
                      g_variant_new ("(isvu)", ids[i], "clicked", g_variant_new_int32 (0), 0));
    }
  assert_refused (watcher, TRUE, "GetLayout", g_variant_new ("(ii^as)", 0, -2, every_name));
  assert_refused (watcher, TRUE, "GetProperty", g_variant_new ("(is)", 2, "toggle-state"));
  assert_refused (
    watcher, TRUE, "EventGroup",
    g_variant_new_parsed ("([(4, 'clicked', <0>, uint32 0), (6, 'clicked', <0>, uint32 0)],)"));
  g_assert_cmpuint (self->n_chosen, ==, 0);
}

static void
test_chooses (Fixture *self, gconstpointer data)
{
  g_autoptr (ScTestWatcher) watcher = sc_test_watcher_start (self->desktop, TRUE);
  g_autoptr (GVariant) provided = sc_test_watcher_call (watcher, "ProvideXdgActivationToken",
                                                        g_variant_new ("(s)", "token-2"), NULL);

  sc_test_watcher_click (watcher, 2);
  g_assert_cmpint (self->chosen, ==, 2);
  g_assert_cmpstr (self->token, ==, "token-2");

  assert_answers (
    watcher, "EventGroup",
    g_variant_new_parsed ("([(5, 'clicked', <0>, uint32 0), (4711, 'clicked', <0>, uint32 0)],)"),
    "([4711],)");
  g_assert_cmpint (self->chosen, ==, 5);
  g_assert_null (self->token);
  assert_answers (watcher, "EventGroup", g_variant_new_parsed ("(@a(isvu) [],)"), "([],)");
  g_assert_cmpuint (self->n_chosen, ==, 2);
}

/* Of the root, disabled, a separator, hidden; and an item that is only pointed at. */
static void
test_ignores_clicks (Fixture *self, gconstpointer data)
{
  g_autoptr (ScTestWatcher) watcher = sc_test_watcher_start (self->desktop, TRUE);
  static const int ids[] = { 0, 1, 100, 3 };

  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    sc_test_watcher_click (watcher, ids[i]);
  assert_answers (watcher, "Event",
                  g_variant_new ("(isvu)", 2, "hovered", g_variant_new_int32 (0), 0), "()");
  assert_answers (watcher, "Event", g_variant_new ("(isvu)", 2, "", g_variant_new_int32 (0), 0),
                  "()");
  g_assert_cmpuint (self->n_chosen, ==, 0);
}

#define ADD(path, test) g_test_add ("/tray/" path, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("shows-what-it-is-told", test_properties);
  ADD ("is-activated", test_activates);
  ADD ("refuses-bad-tokens", test_refuses_tokens);
  ADD ("tells-what-changed-and-nothing-else", test_tells_changes);
  ADD ("registers-with-each-watcher", test_follows_watcher);
  ADD ("is-seen-only-with-a-host", test_follows_host);
  ADD ("believes-only-the-watcher", test_ignores_strangers);
  ADD ("serves-two-panels", test_two_hosts);
  ADD ("stops", test_stops);
  g_test_add_func ("/tray/is-none-without-a-bus", test_no_bus);
  ADD ("menu/layout", test_layout);
  ADD ("menu/refuses-unknown-ids", test_refuses_ids);
  ADD ("menu/chooses", test_chooses);
  ADD ("menu/ignores-what-cannot-be-clicked", test_ignores_clicks);
  return g_test_run ();
}
