// SPDX-License-Identifier: MIT
// The agent's icon in a real panel: xfce4-panel on a display without a screen, with a real mouse.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-child.h"
#include "sc-test-command.h"
#include "sc-test-desktop.h"
#include "sc-test-wait.h"

#include <signal.h>
#include <string.h>

#define AGENT "ca.parlae.SikkaCompanion.Agent"
#define WINDOW "ca.parlae.SikkaCompanion"
#define WINDOW_PATH "/ca/parlae/SikkaCompanion"
#define WATCHER "org.kde.StatusNotifierWatcher"
#define XFCONF "org.xfce.Xfconf"
#define XFCONF_SERVICE "/usr/share/dbus-1/services/org.xfce.Xfconf.service"
/* The icon's place: the panel is at the bottom of the display, 1024 by 768, and has nothing else.
 */
#define ICON_X "14"
#define ICON_Y "754"
#define ICON_AREA "26x26+2+740"
/* Pixels of the icon that are dark on the panel's light ground, by far fewer than it has. */
#define MIN_DARK 20

typedef struct
{
  ScTestDesktop *desktop;
  GSubprocess *xfconf;
  GSubprocess *panel;
  ScTestCommand *agent;
  guint activated;
} Fixture;

static const char panel_config[] =
  "<?xml version='1.0' encoding='UTF-8'?>\n"
  "<channel name='xfce4-panel' version='1.0'>\n"
  "  <property name='configver' type='int' value='2'/>\n"
  "  <property name='panels' type='array'><value type='int' value='1'/>\n"
  "    <property name='panel-1' type='empty'>\n"
  "      <property name='position' type='string' value='p=8;x=512;y=752'/>\n"
  "      <property name='length' type='uint' value='100'/>\n"
  "      <property name='position-locked' type='bool' value='true'/>\n"
  "      <property name='icon-size' type='uint' value='22'/>\n"
  "      <property name='size' type='uint' value='30'/>\n"
  "      <property name='plugin-ids' type='array'><value type='int' value='1'/></property>\n"
  "    </property>\n"
  "  </property>\n"
  "  <property name='plugins' type='empty'>\n"
  "    <property name='plugin-1' type='string' value='systray'>\n"
  "      <property name='square-icons' type='bool' value='true'/>\n"
  "    </property>\n"
  "  </property>\n"
  "</channel>\n";

/* ---- programs ---- */

static GSubprocess *
spawn (Fixture *self, GSubprocessFlags flags, const char *const *argv)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);
  g_autoptr (GError) error = NULL;
  GSubprocess *process = NULL;

  g_subprocess_launcher_set_environ (launcher, sc_test_desktop_get_environment (self->desktop));
  /* What the desktop's programs complain of is not for us to judge. */
  g_subprocess_launcher_unsetenv (launcher, "G_DEBUG");
  sc_test_child_end_with_parent (launcher);
  process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  return process;
}

/* Runs to its end; Returns: (transfer full): all of its standard output */
static GBytes *
run (Fixture *self, const char *const *argv)
{
  g_autoptr (GSubprocess) process =
    spawn (self, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, argv);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *place = NULL;
  GBytes *output = NULL;

  g_subprocess_communicate_async (process, NULL, NULL, sc_test_result_cb, &place);
  result = sc_test_wait_result (&place);
  g_subprocess_communicate_finish (process, result, &output, NULL, &error);
  g_assert_no_error (error);
  return output;
}

static void
end (GSubprocess **process)
{
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *place = NULL;

  if (*process == NULL)
    return;
  g_subprocess_send_signal (*process, SIGTERM);
  g_subprocess_wait_async (*process, NULL, sc_test_result_cb, &place);
  result = sc_test_wait_result (&place);
  g_clear_object (process);
}

/* Nothing is activated on the bus of a test, so the panel's settings are started here. */
static void
start_xfconf (Fixture *self)
{
  g_autoptr (GKeyFile) service = g_key_file_new ();
  g_autofree char *program = NULL;
  g_autoptr (GError) error = NULL;

  g_key_file_load_from_file (service, XFCONF_SERVICE, G_KEY_FILE_NONE, &error);
  g_assert_no_error (error);
  program = g_key_file_get_string (service, "D-BUS Service", "Exec", &error);
  g_assert_no_error (error);
  self->xfconf = spawn (self, G_SUBPROCESS_FLAGS_STDERR_SILENCE, (const char *[]){ program, NULL });
  sc_test_desktop_wait_name (self->desktop, XFCONF, TRUE);
}

static void
start_panel (Fixture *self)
{
  self->panel = spawn (self, G_SUBPROCESS_FLAGS_STDERR_SILENCE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE,
                       (const char *[]){ "xfce4-panel", "--disable-wm-check", NULL });
  sc_test_desktop_wait_name (self->desktop, WATCHER, TRUE);
}

static void
stop_panel (Fixture *self)
{
  end (&self->panel);
  sc_test_desktop_wait_name (self->desktop, WATCHER, FALSE);
}

static void
start_agent (Fixture *self)
{
  self->agent = sc_test_command_start (self->desktop, "sikka-companion-agent", NULL);
  sc_test_desktop_wait_name (self->desktop, AGENT, TRUE);
}

static void
write_panel_config (Fixture *self)
{
  g_autofree char *folder =
    sc_test_desktop_get_path (self->desktop, "home/.config/xfce4/xfconf/xfce-perchannel-xml");
  g_autofree char *path = g_build_filename (folder, "xfce4-panel.xml", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_file_set_contents (path, panel_config, -1, &error);
  g_assert_no_error (error);
}

/* As if they were installed. */
static void
link_icons (Fixture *self)
{
  g_autofree char *path = sc_test_desktop_get_path (self->desktop, "home/.local/share/icons");
  g_autoptr (GFile) link = g_file_new_for_path (path);
  const char *icons = g_getenv ("SC_TEST_ICONS");
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (icons);
  g_file_make_symbolic_link (link, icons, NULL, &error);
  g_assert_no_error (error);
}

/* ---- what is on the display ---- */

static guint
count_dark (Fixture *self)
{
  g_autoptr (GBytes) pixels =
    run (self, (const char *[]){ "import", "-silent", "-window", "root", "-crop", ICON_AREA,
                                 "-colorspace", "gray", "-depth", "8", "gray:-", NULL });
  gsize size = 0;
  const guint8 *bytes = g_bytes_get_data (pixels, &size);
  guint dark = 0;

  for (gsize i = 0; i < size; i++)
    dark += bytes[i] < 100;
  return size == 26 * 26 ? dark : 0;
}

/* All dark is the display before the panel has drawn itself. */
static gboolean
icon_is_drawn (gpointer user_data)
{
  guint dark = count_dark (user_data);

  return dark >= MIN_DARK && dark < 26 * 26 / 2;
}

static gint64
get_number (const char *geometry, const char *name)
{
  const char *place = strstr (geometry, name);

  g_assert_nonnull (place);
  return g_ascii_strtoll (place + strlen (name), NULL, 10);
}

/* Returns: (transfer full) (nullable): geometry of the tooltip or menu that is seen; the program
 * that draws them has no other window wider than an icon */
static char *
find_window (Fixture *self)
{
  g_autoptr (GBytes) output =
    run (self, (const char *[]){ "xdotool", "search", "--onlyvisible", "--name", "wrapper-2.0",
                                 "getwindowgeometry", "--shell", "%@", NULL });
  gsize size = 0;
  const char *bytes = g_bytes_get_data (output, &size);
  g_autofree char *text = g_strndup (bytes, size);
  g_auto (GStrv) windows = g_strsplit (text, "WINDOW=", -1);

  for (char **window = windows; *window != NULL; window++)
    if (**window != '\0' && get_number (*window, "\nWIDTH=") > 60)
      return g_strdup (*window);
  return NULL;
}

static gboolean
window_is_there (gpointer user_data)
{
  g_autofree char *geometry = find_window (user_data);

  return geometry != NULL;
}

static gboolean
window_is_gone (gpointer user_data)
{
  return !window_is_there (user_data);
}

static void
move_mouse (Fixture *self, const char *x, const char *y)
{
  g_autoptr (GBytes) output =
    run (self, (const char *[]){ "xdotool", "mousemove", "--sync", x, y, NULL });
}

static void
click (Fixture *self, const char *button)
{
  g_autoptr (GBytes) output = run (self, (const char *[]){ "xdotool", "click", button, NULL });
}

/* For a person who looks at the pictures: SC_TEST_PICTURES is a folder. */
static void
take_picture (Fixture *self, const char *name)
{
  const char *folder = g_getenv ("SC_TEST_PICTURES");
  g_autofree char *path = NULL;
  g_autoptr (GBytes) output = NULL;

  if (folder == NULL)
    return;
  path = g_strconcat (folder, "/", name, ".png", NULL);
  output = run (self, (const char *[]){ "import", "-silent", "-window", "root", path, NULL });
}

/* ---- the window's stand-in ---- */

static void
window_called_cb (GDBusConnection *bus,
                  const char *sender,
                  const char *path,
                  const char *interface,
                  const char *method,
                  GVariant *arguments,
                  GDBusMethodInvocation *invocation,
                  gpointer user_data)
{
  Fixture *self = user_data;

  g_assert_cmpstr (method, ==, "Activate");
  self->activated++;
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static gboolean
is_activated (gpointer user_data)
{
  return ((Fixture *) user_data)->activated > 0;
}

/* ---- tests ---- */

static void
set_up (Fixture *self, gconstpointer data)
{
  self->desktop = sc_test_desktop_start (SC_TEST_DESKTOP_DISPLAY);
  write_panel_config (self);
  link_icons (self);
  start_xfconf (self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  sc_test_command_free (self->agent);
  end (&self->panel);
  end (&self->xfconf);
  sc_test_desktop_stop (self->desktop);
}

static void
test_quit (Fixture *self, gconstpointer data)
{
  g_autofree char *geometry = NULL;
  g_autofree char *x = NULL;
  g_autofree char *y = NULL;

  start_panel (self);
  start_agent (self);
  sc_test_wait_polling (icon_is_drawn, self);
  take_picture (self, "icon");

  move_mouse (self, "12", "752");
  move_mouse (self, ICON_X, ICON_Y);
  sc_test_wait_polling (window_is_there, self);
  take_picture (self, "tooltip");
  move_mouse (self, "500", "300");
  sc_test_wait_polling (window_is_gone, self);

  move_mouse (self, ICON_X, ICON_Y);
  click (self, "3");
  sc_test_wait_polling (window_is_there, self);
  take_picture (self, "menu");
  geometry = find_window (self);
  /* Quit is the lowest line. */
  x = g_strdup_printf ("%" G_GINT64_FORMAT, get_number (geometry, "\nX=") + 40);
  y = g_strdup_printf ("%" G_GINT64_FORMAT,
                       get_number (geometry, "\nY=") + get_number (geometry, "\nHEIGHT=") - 16);
  move_mouse (self, x, y);
  click (self, "1");
  g_assert_cmpint (sc_test_command_wait (self->agent), ==, 0);
  sc_test_desktop_wait_name (self->desktop, AGENT, FALSE);
}

static void
test_left_click (Fixture *self, gconstpointer data)
{
  static const GDBusInterfaceVTable vtable = { window_called_cb, NULL, NULL };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (
    "<node><interface name='org.freedesktop.Application'><method name='Activate'>"
    "<arg type='a{sv}' direction='in'/></method></interface></node>",
    NULL);
  GDBusConnection *bus = sc_test_desktop_get_bus (self->desktop);
  guint object = g_dbus_connection_register_object (bus, WINDOW_PATH, node->interfaces[0], &vtable,
                                                    self, NULL, NULL);
  guint name =
    g_bus_own_name_on_connection (bus, WINDOW, G_BUS_NAME_OWNER_FLAGS_NONE, NULL, NULL, NULL, NULL);

  sc_test_desktop_wait_name (self->desktop, WINDOW, TRUE);
  start_panel (self);
  start_agent (self);
  sc_test_wait_polling (icon_is_drawn, self);
  move_mouse (self, ICON_X, ICON_Y);
  click (self, "1");
  sc_test_wait_until (is_activated, self);
  g_bus_unown_name (name);
  g_dbus_connection_unregister_object (bus, object);
}

static void
test_panel_comes_and_goes (Fixture *self, gconstpointer data)
{
  start_agent (self);
  for (guint round = 0; round < 2; round++)
    {
      g_assert_cmpuint (count_dark (self), >=, 26 * 26 / 2);
      start_panel (self);
      sc_test_wait_polling (icon_is_drawn, self);
      stop_panel (self);
      sc_test_desktop_wait_name (self->desktop, AGENT, TRUE);
    }
  sc_test_command_interrupt (self->agent);
  g_assert_cmpint (sc_test_command_wait (self->agent), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/e2e/tray/tooltip-menu-and-quit", Fixture, NULL, set_up, test_quit, tear_down);
  g_test_add ("/e2e/tray/left-click-opens-the-window", Fixture, NULL, set_up, test_left_click,
              tear_down);
  g_test_add ("/e2e/tray/without-a-panel-and-with-a-new-one", Fixture, NULL, set_up,
              test_panel_comes_and_goes, tear_down);
  return g_test_run ();
}
