// SPDX-License-Identifier: MIT
// A desktop session of its own for a test.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-desktop.h"

#include "sc-test-child.h"
#include "sc-test-wait.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#define PASSWORD "correct horse"
#define CONNECTION_FLAGS \
  (G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION)
#define SECRETS_NAME "org.freedesktop.secrets"
#define SECRETS_PATH "/org/freedesktop/secrets"
#define SECRETS_INTERFACE "org.freedesktop.Secret.Service"
/* It prints its control socket, and warnings of its own about what a normal day is for it. */
#define KEYRING_OUTPUT (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE)
#define KEYRING_COMMAND "gnome-keyring-daemon --foreground --components=secrets"
#define KEYRING_END "read -r line; kill $!; wait $!"
#define PROMPTER_NAME "org.gnome.keyring.SystemPrompter"
#define PROMPTER_PROGRAM "/usr/libexec/gcr-prompter"

struct _ScTestDesktop
{
  char *folder;
  char **environment;
  GSubprocess *bus_daemon;
  GSubprocess *keyring;
  GSubprocess *display;
  GSubprocess *prompter;
  GDBusConnection *bus;
};

/* No <servicedir>: what the test did not start is not there. */
static const char bus_config[] = "<busconfig>\n"
                                 "  <type>session</type>\n"
                                 "  <listen>unix:path=%s</listen>\n"
                                 "  <auth>EXTERNAL</auth>\n"
                                 "  <policy context=\"default\">\n"
                                 "    <allow send_destination=\"*\" eavesdrop=\"true\"/>\n"
                                 "    <allow eavesdrop=\"true\"/>\n"
                                 "    <allow own=\"*\"/>\n"
                                 "  </policy>\n"
                                 "</busconfig>\n";

static const struct
{
  const char *variable;
  const char *folder;
} folders[] = {
  { "HOME", "home" },
  { "XDG_CONFIG_HOME", "home/.config" },
  { "XDG_DATA_HOME", "home/.local/share" },
  { "XDG_CACHE_HOME", "home/.cache" },
  { "XDG_STATE_HOME", "home/.local/state" },
  { "XDG_RUNTIME_DIR", "run" },
  { "XDG_CONFIG_DIRS", "etc/xdg" },
};

/* What would lead back to the machine's own session. */
static const char *const foreign_variables[] = {
  "DISPLAY",       "WAYLAND_DISPLAY",      "XAUTHORITY", "GNOME_KEYRING_CONTROL",
  "SSH_AUTH_SOCK", "DBUS_STARTER_ADDRESS",
};

char *
sc_test_desktop_get_path (ScTestDesktop *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

static void
set_variable (ScTestDesktop *self, const char *name, const char *value)
{
  self->environment = g_environ_setenv (self->environment, name, value, TRUE);
}

static void
make_folders (ScTestDesktop *self)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("sc-desktop-XXXXXX", &error);
  g_assert_no_error (error);
  self->environment = g_get_environ ();
  for (gsize i = 0; i < G_N_ELEMENTS (foreign_variables); i++)
    self->environment = g_environ_unsetenv (self->environment, foreign_variables[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *path = sc_test_desktop_get_path (self, folders[i].folder);

      g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
      set_variable (self, folders[i].variable, path);
    }
}

/* ---- processes ---- */

static GSubprocess *
spawn (ScTestDesktop *self,
       GSubprocessFlags flags,
       gboolean end_with_parent,
       const char *const *argv)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);
  g_autoptr (GError) error = NULL;
  GSubprocess *process = NULL;

  g_subprocess_launcher_set_environ (launcher, self->environment);
  /* Ours must not have criticals; those of the desktop are not for us to judge. */
  g_subprocess_launcher_unsetenv (launcher, "G_DEBUG");
  if (end_with_parent)
    sc_test_child_end_with_parent (launcher);
  process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  return process;
}

/* The line with which a program says that it is ready. */
static char *
read_line (GSubprocess *process)
{
  GInputStream *output = g_subprocess_get_stdout_pipe (process);
  g_autoptr (GDataInputStream) stream = g_data_input_stream_new (output);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *place = NULL;
  char *line = NULL;

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (stream), FALSE);
  g_data_input_stream_read_line_async (stream, G_PRIORITY_DEFAULT, NULL, sc_test_result_cb, &place);
  result = sc_test_wait_result (&place);
  line = g_data_input_stream_read_line_finish (stream, result, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
  return line;
}

static void
wait_for_end (GSubprocess *process)
{
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *place = NULL;

  g_subprocess_wait_async (process, NULL, sc_test_result_cb, &place);
  result = sc_test_wait_result (&place);
  g_assert_true (g_subprocess_wait_finish (process, result, NULL));
}

static void
end_process (GSubprocess **process)
{
  if (*process == NULL)
    return;
  g_subprocess_send_signal (*process, SIGTERM);
  wait_for_end (*process);
  g_clear_object (process);
}

/* ---- the bus ---- */

typedef struct
{
  gboolean answered;
  gboolean owned;
  gboolean wanted;
} NameWait;

static void
name_appeared_cb (GDBusConnection *bus, const char *name, const char *owner, gpointer user_data)
{
  NameWait *wait = user_data;

  wait->answered = TRUE;
  wait->owned = TRUE;
}

static void
name_vanished_cb (GDBusConnection *bus, const char *name, gpointer user_data)
{
  NameWait *wait = user_data;

  wait->answered = TRUE;
  wait->owned = FALSE;
}

static gboolean
name_is_as_wanted (gpointer user_data)
{
  NameWait *wait = user_data;

  return wait->answered && wait->owned == wait->wanted;
}

void
sc_test_desktop_wait_name (ScTestDesktop *self, const char *name, gboolean owned)
{
  NameWait wait = { FALSE, FALSE, owned };
  guint watch = g_bus_watch_name_on_connection (self->bus, name, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                                name_appeared_cb, name_vanished_cb, &wait, NULL);

  sc_test_wait_until (name_is_as_wanted, &wait);
  g_bus_unwatch_name (watch);
}

static void
start_bus (ScTestDesktop *self)
{
  g_autofree char *socket = sc_test_desktop_get_path (self, "run/bus");
  g_autofree char *path = sc_test_desktop_get_path (self, "bus.conf");
  g_autofree char *config = g_strdup_printf (bus_config, socket);
  g_autofree char *option = g_strconcat ("--config-file=", path, NULL);
  const char *argv[] = { "dbus-daemon", option, "--nofork", "--print-address=1", NULL };
  g_autofree char *address = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, config, -1, NULL));
  self->bus_daemon = spawn (self, G_SUBPROCESS_FLAGS_STDOUT_PIPE, TRUE, argv);
  address = read_line (self->bus_daemon);
  set_variable (self, "DBUS_SESSION_BUS_ADDRESS", address);
  self->bus =
    g_dbus_connection_new_for_address_sync (address, CONNECTION_FLAGS, NULL, NULL, &error);
  g_assert_no_error (error);
}

/* ---- the keyring ---- */

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) folder = NULL;
  const char *name = NULL;

  if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    folder = g_dir_open (path, 0, NULL);
  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_folder (child);
    }
  g_remove (path);
}

static void
call_keyring (ScTestDesktop *self, const char *method, GVariant *arguments)
{
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;

  answer =
    g_dbus_connection_call_sync (self->bus, SECRETS_NAME, SECRETS_PATH, SECRETS_INTERFACE, method,
                                 arguments, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

/* The shell ends the keyring when its input ends, and so also when the test is aborted: a program
 * with capabilities, as this one is, does not get the signal of sc_test_child_end_with_parent(). */
static void
start_keyring (ScTestDesktop *self, const char *script)
{
  g_assert_null (self->keyring);
  self->keyring = spawn (self, G_SUBPROCESS_FLAGS_STDIN_PIPE | KEYRING_OUTPUT, FALSE,
                         (const char *[]){ "sh", "-c", script, PASSWORD, NULL });
  sc_test_desktop_wait_name (self, SECRETS_NAME, TRUE);
}

void
sc_test_desktop_keyring_start (ScTestDesktop *self)
{
  start_keyring (self, "printf %s \"$0\" | " KEYRING_COMMAND " --unlock & " KEYRING_END);
}

void
sc_test_desktop_keyring_start_locked (ScTestDesktop *self)
{
  start_keyring (self, KEYRING_COMMAND " & " KEYRING_END);
}

void
sc_test_desktop_keyring_stop (ScTestDesktop *self)
{
  if (self->keyring == NULL)
    return;
  g_output_stream_close (g_subprocess_get_stdin_pipe (self->keyring), NULL, NULL);
  wait_for_end (self->keyring);
  g_clear_object (&self->keyring);
  sc_test_desktop_wait_name (self, SECRETS_NAME, FALSE);
}

void
sc_test_desktop_keyring_remove (ScTestDesktop *self)
{
  g_autofree char *path = sc_test_desktop_get_path (self, "home/.local/share/keyrings");

  g_assert_null (self->keyring);
  remove_folder (path);
}

void
sc_test_desktop_keyring_lock (ScTestDesktop *self)
{
  const char *const paths[] = { SECRETS_PATH "/collection/login", NULL };

  call_keyring (self, "Lock", g_variant_new ("(^ao)", paths));
}

/* ---- display and prompts ---- */

static void
start_display (ScTestDesktop *self)
{
  const char *argv[] = { "Xvfb", "-displayfd", "1", "-screen", "0", "1024x768x24", NULL };
  g_autofree char *number = NULL;
  g_autofree char *display = NULL;

  self->display =
    spawn (self, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, TRUE, argv);
  number = read_line (self->display);
  display = g_strconcat (":", number, NULL);
  set_variable (self, "DISPLAY", display);
  set_variable (self, "GDK_BACKEND", "x11");
}

void
sc_test_desktop_prompter_start (ScTestDesktop *self)
{
  g_assert_nonnull (self->display);
  g_assert_null (self->prompter);
  self->prompter = spawn (self, G_SUBPROCESS_FLAGS_STDERR_SILENCE, TRUE,
                          (const char *[]){ PROMPTER_PROGRAM, NULL });
  sc_test_desktop_wait_name (self, PROMPTER_NAME, TRUE);
}

void
sc_test_desktop_prompter_stop (ScTestDesktop *self)
{
  if (self->prompter == NULL)
    return;
  end_process (&self->prompter);
  sc_test_desktop_wait_name (self, PROMPTER_NAME, FALSE);
}

static void
run_xdotool (ScTestDesktop *self, const char *const *argv)
{
  g_autoptr (GSubprocess) process = spawn (self, G_SUBPROCESS_FLAGS_STDOUT_SILENCE, TRUE, argv);

  wait_for_end (process);
  g_assert_true (g_subprocess_get_successful (process));
}

void
sc_test_desktop_wait_prompt (ScTestDesktop *self)
{
  run_xdotool (self, (const char *[]){ "xdotool", "search", "--sync", "--onlyvisible", "--class",
                                       "gcr-prompter", "windowfocus", "--sync", NULL });
}

void
sc_test_desktop_answer_prompt (ScTestDesktop *self, gboolean unlock)
{
  sc_test_desktop_wait_prompt (self);
  /* Keys of the server, not events sent to the window: that is gone before the last one. */
  if (unlock)
    run_xdotool (self, (const char *[]){ "xdotool", "type", PASSWORD, NULL });
  run_xdotool (self, (const char *[]){ "xdotool", "key", unlock ? "Return" : "Escape", NULL });
}

/* ---- the whole ---- */

char **
sc_test_desktop_get_environment (ScTestDesktop *self)
{
  return self->environment;
}

GDBusConnection *
sc_test_desktop_get_bus (ScTestDesktop *self)
{
  return self->bus;
}

void
sc_test_desktop_enter (ScTestDesktop *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (foreign_variables); i++)
    g_unsetenv (foreign_variables[i]);
  for (char **entry = self->environment; *entry != NULL; entry++)
    {
      g_auto (GStrv) pair = g_strsplit (*entry, "=", 2);

      g_setenv (pair[0], pair[1], TRUE);
    }
}

ScTestDesktop *
sc_test_desktop_start (ScTestDesktopFlags flags)
{
  ScTestDesktop *self = g_new0 (ScTestDesktop, 1);

  make_folders (self);
  if (flags & SC_TEST_DESKTOP_DISPLAY)
    start_display (self);
  start_bus (self);
  if (flags & SC_TEST_DESKTOP_KEYRING)
    sc_test_desktop_keyring_start (self);
  return self;
}

void
sc_test_desktop_stop (ScTestDesktop *self)
{
  if (self == NULL)
    return;
  sc_test_desktop_prompter_stop (self);
  sc_test_desktop_keyring_stop (self);
  g_dbus_connection_close_sync (self->bus, NULL, NULL);
  g_object_unref (self->bus);
  end_process (&self->bus_daemon);
  end_process (&self->display);
  remove_folder (self->folder);
  g_strfreev (self->environment);
  g_free (self->folder);
  g_free (self);
}
