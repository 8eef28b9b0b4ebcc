// SPDX-License-Identifier: MIT
// The real agent in a tray: what its icon shows and does along a connection's life, and what it
// notifies of.

#include "sc-test-watcher.h"
#include "sc-test-workplace.h"

#include <string.h>

#define CHECK 2
#define OPEN 3
#define CONNECT 4
#define QUIT 5
#define WINDOW "ca.parlae.SikkaCompanion"
#define WINDOW_PATH "/ca/parlae/SikkaCompanion"
#define NOTIFICATIONS "org.freedesktop.Notifications"
#define NOTIFICATIONS_PATH "/org/freedesktop/Notifications"

/* ---- the desktop's side: notifications and a stand-in for the window ---- */

typedef struct
{
  GDBusConnection *bus;
  guint objects[2];
  guint names[2];
  guint n_notified;
  guint n_closed;
  char *title; /* (nullable): of the last notification */
  guint n_opened;
  char *token; /* (nullable): that the window was opened with */
} Desk;

static const char introspection[] =
  "<node><interface name='" NOTIFICATIONS "'>"
  "<method name='Notify'><arg type='s' direction='in'/><arg type='u' direction='in'/>"
  "<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='s' direction='in'/>"
  "<arg type='as' direction='in'/><arg type='a{sv}' direction='in'/>"
  "<arg type='i' direction='in'/><arg type='u' direction='out'/></method>"
  "<method name='CloseNotification'><arg type='u' direction='in'/></method>"
  "</interface><interface name='org.freedesktop.Application'><method name='Activate'>"
  "<arg type='a{sv}' direction='in'/></method></interface></node>";

static void
take_notification (Desk *self, GVariant *arguments, GDBusMethodInvocation *invocation)
{
  g_free (self->title);
  g_variant_get_child (arguments, 3, "s", &self->title);
  self->n_notified++;
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(u)", 7));
}

static void
take_activation (Desk *self, GVariant *arguments, GDBusMethodInvocation *invocation)
{
  g_autoptr (GVariant) platform_data = g_variant_get_child_value (arguments, 0);

  g_clear_pointer (&self->token, g_free);
  g_variant_lookup (platform_data, "activation-token", "s", &self->token);
  self->n_opened++;
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
called_cb (GDBusConnection *bus,
           const char *sender,
           const char *path,
           const char *interface,
           const char *method,
           GVariant *arguments,
           GDBusMethodInvocation *invocation,
           gpointer user_data)
{
  Desk *self = user_data;

  if (g_str_equal (method, "Notify"))
    {
      take_notification (self, arguments, invocation);
      return;
    }
  if (g_str_equal (method, "Activate"))
    {
      take_activation (self, arguments, invocation);
      return;
    }
  self->n_closed++;
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
desk_serve (Desk *self, guint index, GDBusInterfaceInfo *info, const char *path, const char *name)
{
  static const GDBusInterfaceVTable vtable = { called_cb, NULL, NULL };

  self->objects[index] =
    g_dbus_connection_register_object (self->bus, path, info, &vtable, self, NULL, NULL);
  self->names[index] = g_bus_own_name_on_connection (self->bus, name, G_BUS_NAME_OWNER_FLAGS_NONE,
                                                     NULL, NULL, NULL, NULL);
}

static Desk *
desk_new (ScTestWorkplace *workplace)
{
  Desk *self = g_new0 (Desk, 1);
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (introspection, NULL);

  self->bus = sc_test_watcher_connect (workplace->desktop);
  desk_serve (self, 0, node->interfaces[0], NOTIFICATIONS_PATH, NOTIFICATIONS);
  sc_test_desktop_wait_name (workplace->desktop, NOTIFICATIONS, TRUE);
  return self;
}

static void
desk_add_window (Desk *self, ScTestWorkplace *workplace)
{
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (introspection, NULL);

  desk_serve (self, 1, node->interfaces[1], WINDOW_PATH, WINDOW);
  sc_test_desktop_wait_name (workplace->desktop, WINDOW, TRUE);
}

static void
desk_free (Desk *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->names); i++)
    if (self->names[i] != 0)
      {
        g_bus_unown_name (self->names[i]);
        g_dbus_connection_unregister_object (self->bus, self->objects[i]);
      }
  g_dbus_connection_close_sync (self->bus, NULL, NULL);
  g_object_unref (self->bus);
  g_free (self->title);
  g_free (self->token);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Desk, desk_free)

static gboolean
is_notified (gpointer user_data)
{
  return ((Desk *) user_data)->n_notified > 0;
}

static gboolean
is_closed (gpointer user_data)
{
  return ((Desk *) user_data)->n_closed > 0;
}

static gboolean
is_opened (gpointer user_data)
{
  return ((Desk *) user_data)->n_opened > 0;
}

/* ---- what the icon shows ---- */

typedef struct
{
  ScTestWatcher *watcher;
  const char *text;
} Wanted;

static gboolean
menu_has (gpointer user_data)
{
  Wanted *wanted = user_data;
  g_autofree char *menu = sc_test_watcher_read_menu (wanted->watcher);

  return strstr (menu, wanted->text) != NULL;
}

static void
wait_menu (ScTestWatcher *watcher, const char *text)
{
  Wanted wanted = { watcher, text };

  sc_test_wait_polling (menu_has, &wanted);
}

static void
assert_icon (ScTestWatcher *watcher, const char *shape)
{
  g_autoptr (GVariant) name = sc_test_watcher_read (watcher, "IconName");
  g_autofree char *wanted = g_strconcat (WINDOW "-", shape, "-symbolic", NULL);

  g_assert_cmpstr (g_variant_get_string (name, NULL), ==, wanted);
}

static void
assert_tooltip_begins (ScTestWatcher *watcher, const char *text)
{
  g_autoptr (GVariant) tooltip = sc_test_watcher_read (watcher, "ToolTip");
  const char *title = NULL;

  g_variant_get_child (tooltip, 2, "&s", &title);
  if (!g_str_has_prefix (title, text))
    g_assert_cmpstr (title, ==, text);
}

/* ---- tests ---- */

static void
test_life (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();
  g_autoptr (ScTestWatcher) watcher = sc_test_watcher_start (workplace->desktop, TRUE);
  g_autoptr (Desk) desk = desk_new (workplace);
  gint64 checks = 0;

  assert_icon (watcher, "unknown");
  assert_tooltip_begins (watcher, "Sikka Companion – not connected yet");
  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  assert_icon (watcher, "ok");
  assert_tooltip_begins (watcher, "Happy Dental Clinic – connected, checked ");

  checks = sc_test_sandbox_count (workplace->sandbox, SC_TEST_STATUS);
  sc_test_watcher_click (watcher, CHECK);
  sc_test_agent_wait_text (workplace->agent, "Busy", "");
  wait_menu (watcher, "\n2 Check Connection\n4 Reconnect\n");
  g_assert_cmpint (sc_test_sandbox_count (workplace->sandbox, SC_TEST_STATUS), ==, checks + 1);

  sc_test_sandbox_set_scenario (workplace->sandbox, "status-failed");
  sc_test_watcher_click (watcher, CHECK);
  wait_menu (watcher, "the connection failed");
  assert_icon (watcher, "failed");
  wait_menu (watcher, "\n4 Connect via Sikka\n");
  /* Who clicked looks at it. */
  g_assert_cmpuint (desk->n_notified, ==, 0);
}

static void
test_withdrawn_found_by_report (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();
  g_autoptr (Desk) desk = desk_new (workplace);
  g_autoptr (ScTestWatcher) watcher = NULL;
  g_autofree char *checked = NULL;
  g_autofree char *outcome = NULL;

  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  sc_test_workplace_stop_cloud (workplace);
  checked = sc_test_workplace_check (workplace);
  sc_test_workplace_stop_agent (workplace);
  sc_test_workplace_sql (workplace, "UPDATE outbox SET next_attempt = 0");
  sc_test_workplace_start_cloud (workplace);
  sc_test_sandbox_reset (workplace->sandbox);
  g_assert_cmpuint (desk->n_notified, ==, 0);

  sc_test_workplace_start_agent (workplace);
  sc_test_wait_until (is_notified, desk);
  g_assert_cmpstr (desk->title, ==, "The permission was withdrawn");
  watcher = sc_test_watcher_start (workplace->desktop, TRUE);
  wait_menu (watcher, "the permission was withdrawn");
  assert_icon (watcher, "failed");

  outcome = sc_test_workplace_authorize (workplace, SC_TEST_HAPPY, "allow");
  g_assert_cmpstr (outcome, ==, "returned ");
  sc_test_wait_until (is_closed, desk);
  g_assert_cmpuint (desk->n_notified, ==, 1);
}

/* "Check once when I sign in": nobody waits for that answer. */
static void
test_failure_found_at_sign_in (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();
  g_autoptr (Desk) desk = desk_new (workplace);
  g_autoptr (GVariant) answer = NULL;
  g_autofree char *checked = NULL;

  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  answer = sc_test_workplace_call (workplace, "SetCheckAtSignIn", g_variant_new ("(b)", TRUE));
  sc_test_workplace_stop_agent (workplace);
  sc_test_sandbox_set_scenario (workplace->sandbox, "status-failed");
  sc_test_workplace_start_agent (workplace);
  sc_test_wait_until (is_notified, desk);
  g_assert_cmpstr (desk->title, ==, "The connection failed");

  sc_test_sandbox_set_scenario (workplace->sandbox, "none");
  checked = sc_test_workplace_check (workplace);
  g_assert_cmpstr (checked, ==, "connected ");
  sc_test_wait_until (is_closed, desk);
}

static void
test_asks_about_practice (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();
  g_autoptr (ScTestWatcher) watcher = sc_test_watcher_start (workplace->desktop, TRUE);
  g_autoptr (Desk) desk = desk_new (workplace);
  g_autoptr (GVariant) answer = NULL;
  g_autofree char *url = NULL;
  g_autofree char *page = NULL;

  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  sc_test_agent_connect (workplace->agent, FALSE);
  url = sc_test_agent_wait_address (workplace->agent);
  assert_icon (watcher, "busy");
  page = sc_test_workplace_decide (url, SC_TEST_BRIGHT, "allow");
  sc_test_wait_until (is_notified, desk);
  g_assert_cmpstr (desk->title, ==, "Is this the right practice?");
  assert_icon (watcher, "attention");

  answer = sc_test_workplace_call (workplace, "ConfirmPractice", g_variant_new ("(b)", FALSE));
  sc_test_wait_until (is_closed, desk);
  assert_icon (watcher, "ok");
}

static void
test_connect_cannot_begin (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();
  g_autoptr (ScTestWatcher) watcher = sc_test_watcher_start (workplace->desktop, TRUE);
  g_autoptr (Desk) desk = desk_new (workplace);

  sc_test_workplace_stop_cloud (workplace);
  sc_test_watcher_click (watcher, CONNECT);
  sc_test_wait_until (is_notified, desk);
  g_assert_cmpstr (desk->title, ==, "Connecting did not begin");
}

static void
test_window (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();
  g_autoptr (ScTestWatcher) watcher = sc_test_watcher_start (workplace->desktop, TRUE);
  g_autoptr (Desk) desk = desk_new (workplace);
  g_autofree char *menu = sc_test_watcher_read_menu (watcher);
  g_autoptr (GVariant) provided = NULL;

  g_assert_null (strstr (menu, "Open Sikka Companion"));
  desk_add_window (desk, workplace);
  wait_menu (watcher, "\n3 Open Sikka Companion\n");
  provided = sc_test_watcher_call (watcher, "ProvideXdgActivationToken",
                                   g_variant_new ("(s)", "from-the-menu"), NULL);
  sc_test_watcher_click (watcher, OPEN);
  sc_test_wait_until (is_opened, desk);
  g_assert_cmpstr (desk->token, ==, "from-the-menu");
}

static void
test_quit (void)
{
  g_autoptr (ScTestDesktop) desktop = sc_test_desktop_start (SC_TEST_DESKTOP_BUS);
  g_autoptr (ScTestWatcher) watcher = sc_test_watcher_start (desktop, TRUE);
  g_autoptr (ScTestCommand) agent = sc_test_command_start (desktop, "sikka-companion-agent", NULL);

  wait_menu (watcher, "\n5 Quit\n");
  sc_test_watcher_click (watcher, QUIT);
  g_assert_cmpint (sc_test_command_wait (agent), ==, 0);
}

/* A second agent hands over to the first, and never shows an icon. */
static void
test_second_agent (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_start ();
  g_autoptr (ScTestWatcher) watcher = sc_test_watcher_start (workplace->desktop, TRUE);
  g_autoptr (ScTestCommand) second = NULL;

  sc_test_watcher_wait_item (watcher);
  second = sc_test_command_run (workplace->desktop, "sikka-companion-agent", NULL);
  g_assert_cmpint (sc_test_command_wait (second), ==, 0);
  assert_icon (watcher, "unknown");
  g_assert_cmpuint (sc_test_watcher_count_items (watcher), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agent/tray/follows-the-connection", test_life);
  g_test_add_func ("/agent/tray/notifies-of-a-withdrawal-that-a-report-found",
                   test_withdrawn_found_by_report);
  g_test_add_func ("/agent/tray/notifies-of-a-failure-found-at-sign-in",
                   test_failure_found_at_sign_in);
  g_test_add_func ("/agent/tray/asks-about-another-practice", test_asks_about_practice);
  g_test_add_func ("/agent/tray/says-that-connect-cannot-begin", test_connect_cannot_begin);
  g_test_add_func ("/agent/tray/opens-the-window", test_window);
  g_test_add_func ("/agent/tray/quits", test_quit);
  g_test_add_func ("/agent/tray/is-one-of-two-agents", test_second_agent);
  return g_test_run ();
}
