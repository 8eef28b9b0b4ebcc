// SPDX-License-Identifier: MIT
// The demo where there is no screen: the whole journey by itself, in a desktop session of its own.
// A real Chromium shows the portal's page, and the click on Allow is a click on that page.
//
// usage: demo-headless SCREENSHOTS

#define G_LOG_DOMAIN "sc-demo"

#include "sc-test-agent.h"
#include "sc-test-child.h"
#include "sc-test-chromium.h"
#include "sc-test-command.h"
#include "sc-test-sandbox.h"
#include "sc-test-wait.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct
{
  const char *screenshots;
  ScTestDesktop *desktop;
  ScTestSandbox *sandbox;
  ScTestChromium *browser;
  ScTestAgent *agent;
  GSubprocess *spu[2];
} Demo;

static void say (const char *what, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
say (const char *what, const char *format, ...)
{
  static int number = 0;
  g_autofree char *result = NULL;
  va_list arguments;

  va_start (arguments, format);
  result = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  printf ("%2d. %s: %s\n", ++number, what, result);
  fflush (stdout);
}

static void
show_output (ScTestCommand *command)
{
  const char *const texts[] = { sc_test_command_get_output (command),
                                sc_test_command_get_errors (command) };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_auto (GStrv) lines = g_strsplit (texts[i], "\n", -1);

      for (char **line = lines; *line != NULL; line++)
        if (**line != '\0')
          printf ("      | %s\n", *line);
    }
  fflush (stdout);
}

static int
run (Demo *self, const char *line)
{
  g_autoptr (ScTestCommand) command = sc_test_command_run (self->desktop, line, NULL);
  int status = sc_test_command_wait (command);

  say (line, "exit status %d", status);
  show_output (command);
  return status;
}

/* ---- the computer ---- */

/* A link to sleep(1) bears the name that the agent looks for. */
static GSubprocess *
play (Demo *self, const char *name)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autofree char *program = g_find_program_in_path ("sleep");
  g_autofree char *path = sc_test_desktop_get_path (self->desktop, name);
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_assert_cmpint (symlink (program, path), ==, 0);
  sc_test_child_end_with_parent (launcher);
  process = g_subprocess_launcher_spawn (launcher, &error, path, "infinity", NULL);
  g_assert_no_error (error);
  return process;
}

static void
start (Demo *self)
{
  self->sandbox = sc_test_sandbox_start (NULL);
  say ("Sandbox", "ready at %s", sc_test_sandbox_get_url (self->sandbox));
  self->desktop = sc_test_desktop_start (SC_TEST_DESKTOP_KEYRING | SC_TEST_DESKTOP_DISPLAY);
  self->browser = sc_test_chromium_install (self->desktop);
  say ("Desktop", "Xvfb on display %s, a private bus, an unlocked keyring, Chromium as browser",
       g_environ_getenv (sc_test_desktop_get_environment (self->desktop), "DISPLAY"));
  self->spu[0] = play (self, "SSCservice.exe");
  self->spu[1] = play (self, "SSCWindowsService.exe");
  say ("SPU", "played by two programs of its names that do nothing");
  self->agent = sc_test_agent_start (self->desktop, sc_test_sandbox_get_url (self->sandbox), NULL);
  say ("Agent", "version %s on the bus",
       sc_agent1_get_version (sc_test_agent_get_proxy (self->agent)));
}

static void
stop (Demo *self)
{
  sc_test_agent_stop (self->agent);
  sc_test_chromium_stop (self->browser);
  for (gsize i = 0; i < G_N_ELEMENTS (self->spu); i++)
    {
      g_subprocess_force_exit (self->spu[i]);
      g_object_unref (self->spu[i]);
    }
  sc_test_desktop_stop (self->desktop);
  sc_test_sandbox_stop (self->sandbox);
}

/* ---- the person ---- */

static char *
take_picture (Demo *self, const char *name)
{
  char *path = g_build_filename (self->screenshots, name, NULL);

  sc_test_webdriver_save_screenshot (sc_test_chromium_get_driver (self->browser), path);
  return path;
}

static void
allow_in_browser (Demo *self)
{
  ScTestWebdriver *driver = sc_test_chromium_get_driver (self->browser);
  g_autofree char *portal = g_strconcat (sc_test_sandbox_get_url (self->sandbox), "/portal/", NULL);
  g_autofree char *heading = NULL;
  g_autofree char *practice = NULL;
  g_autofree char *button = NULL;
  g_autofree char *picture = NULL;

  sc_test_webdriver_wait_page (driver, portal);
  heading = sc_test_webdriver_get_text (driver, "h1");
  practice = sc_test_webdriver_get_text (driver, "label:has(input:checked) b");
  button = sc_test_webdriver_get_text (driver, "#allow");
  picture = take_picture (self, "portal.png");
  say ("Browser page", "Sikka - %s (%s)", heading, picture);
  sc_test_webdriver_click (driver, "#allow");
  say ("Browser page", "clicked %s for %s", button, practice);
}

static void
read_result (Demo *self, const char *callback)
{
  ScTestWebdriver *driver = sc_test_chromium_get_driver (self->browser);
  g_autofree char *heading = NULL;
  g_autofree char *reference = NULL;
  g_autofree char *picture = NULL;

  sc_test_webdriver_wait_page (driver, callback);
  heading = sc_test_webdriver_get_text (driver, "h1");
  reference = sc_test_webdriver_get_text (driver, "code");
  picture = take_picture (self, "result.png");
  say ("Browser page", "%s, reference %s (%s)", heading, reference, picture);
}

static void
connect_practice (Demo *self)
{
  static const char line[] = "sikkactl connect";
  g_autoptr (ScTestCommand) command = sc_test_command_start (self->desktop, line, NULL);
  g_autofree char *callback = sc_test_agent_wait_callback (self->agent);

  say (line, "the agent listens at %s and opens the default browser", callback);
  allow_in_browser (self);
  read_result (self, callback);
  say (line, "exit status %d", sc_test_command_wait (command));
  show_output (command);
}

static gboolean
has_report (gpointer user_data)
{
  g_autoptr (JsonObject) state = sc_test_sandbox_get_state (user_data);

  return json_object_get_int_member (state, "reports") > 0;
}

static void
count_reports (Demo *self)
{
  g_autoptr (JsonObject) state = NULL;

  sc_test_wait_polling (has_report, self->sandbox);
  state = sc_test_sandbox_get_state (self->sandbox);
  say ("Sandbox", "%d reports arrived", (int) json_object_get_int_member (state, "reports"));
}

int
main (int argc, char **argv)
{
  Demo demo = { .screenshots = argc > 1 ? argv[1] : "screenshots" };
  int status;

  if (g_mkdir_with_parents (demo.screenshots, 0755) != 0)
    {
      g_printerr ("demo: cannot make the folder %s\n", demo.screenshots);
      return EXIT_FAILURE;
    }
  start (&demo);
  connect_practice (&demo);
  status = run (&demo, "sikkactl check");
  count_reports (&demo);
  if (run (&demo, "sikkactl log --verify") != EXIT_SUCCESS)
    status = EXIT_FAILURE;
  stop (&demo);
  return status;
}
