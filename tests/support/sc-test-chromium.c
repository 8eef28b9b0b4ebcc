// SPDX-License-Identifier: MIT
// A real Chromium, without a window, as the default browser of a test's desktop.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-chromium.h"

#include "sc-test-wait.h"

#include <glib/gstdio.h>
#include <unistd.h>

#define FOLDER "chromium"
#define DESKTOP_FILE "home/.local/share/applications/sc-test-browser.desktop"
#define DEFAULTS_FILE "home/.config/mimeapps.list"

struct _ScTestChromium
{
  ScTestDesktop *desktop;
  char *folder;
  ScTestWebdriver *driver; /* (nullable): as long as it runs */
};

static const char desktop_entry[] = "[Desktop Entry]\n"
                                    "Type=Application\n"
                                    "Name=Chromium of the test\n"
                                    "Exec=\"%s\" \"%s\" %d %%u\n"
                                    "MimeType=x-scheme-handler/http;x-scheme-handler/https;\n";

static const char defaults[] = "[Default Applications]\n"
                               "x-scheme-handler/http=sc-test-browser.desktop\n"
                               "x-scheme-handler/https=sc-test-browser.desktop\n";

static const char *
get_script (void)
{
  const char *script = g_getenv ("SC_TEST_BROWSER");

  if (script == NULL)
    g_error ("SC_TEST_BROWSER has to name test-browser.sh");
  return script;
}

static void
write_file (ScTestDesktop *desktop, const char *name, const char *text)
{
  g_autofree char *path = sc_test_desktop_get_path (desktop, name);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

ScTestChromium *
sc_test_chromium_install (ScTestDesktop *desktop)
{
  ScTestChromium *self = g_new0 (ScTestChromium, 1);
  g_autofree char *entry = NULL;

  self->desktop = desktop;
  self->folder = sc_test_desktop_get_path (desktop, FOLDER);
  entry = g_strdup_printf (desktop_entry, get_script (), self->folder, (int) getpid ());
  write_file (desktop, DESKTOP_FILE, entry);
  write_file (desktop, DEFAULTS_FILE, defaults);
  return self;
}

void
sc_test_chromium_open (ScTestChromium *self, const char *url)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autofree char *owner = g_strdup_printf ("%d", (int) getpid ());
  g_autoptr (GSubprocess) script = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *place = NULL;

  g_subprocess_launcher_set_environ (launcher, sc_test_desktop_get_environment (self->desktop));
  script =
    g_subprocess_launcher_spawn (launcher, &error, get_script (), self->folder, owner, url, NULL);
  g_assert_no_error (error);
  g_subprocess_wait_async (script, NULL, sc_test_result_cb, &place);
  result = sc_test_wait_result (&place);
  g_assert_true (g_subprocess_wait_finish (script, result, NULL));
  g_assert_true (g_subprocess_get_successful (script));
}

/* ---- the debugger's address ---- */

typedef struct
{
  char *path;
  char *text;
} FileWait;

/* Two lines: the port and a path. It is there at once with both, or not yet. */
static gboolean
has_port (gpointer user_data)
{
  FileWait *wait = user_data;

  g_clear_pointer (&wait->text, g_free);
  return g_file_get_contents (wait->path, &wait->text, NULL, NULL) &&
         strchr (wait->text, '\n') != NULL;
}

static char *
wait_for_address (ScTestChromium *self)
{
  FileWait wait = { g_build_filename (self->folder, "profile", "DevToolsActivePort", NULL), NULL };
  char *address;

  sc_test_wait_polling (has_port, &wait);
  *strchr (wait.text, '\n') = '\0';
  address = g_strconcat ("127.0.0.1:", wait.text, NULL);
  g_free (wait.path);
  g_free (wait.text);
  return address;
}

ScTestWebdriver *
sc_test_chromium_get_driver (ScTestChromium *self)
{
  if (self->driver == NULL)
    {
      g_autofree char *address = wait_for_address (self);

      self->driver = sc_test_webdriver_start (address);
    }
  return self->driver;
}

char *
sc_test_chromium_read (ScTestChromium *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? text : g_strdup ("");
}

/* ---- the end ---- */

/* One that nobody has waited for yet is still listed, without a command line. */
static gboolean
has_ended (gpointer user_data)
{
  g_autofree char *path = g_strconcat ("/proc/", user_data, "/cmdline", NULL);
  g_autofree char *line = NULL;

  return !g_file_get_contents (path, &line, NULL, NULL) || *line == '\0';
}

void
sc_test_chromium_stop (ScTestChromium *self)
{
  g_autofree char *pid = NULL;

  if (self == NULL)
    return;
  pid = g_strchomp (sc_test_chromium_read (self, "pid"));
  if (*pid != '\0')
    {
      sc_test_webdriver_close_browser (sc_test_chromium_get_driver (self));
      sc_test_wait_polling (has_ended, pid);
    }
  sc_test_webdriver_stop (self->driver);
  g_free (self->folder);
  g_free (self);
}
