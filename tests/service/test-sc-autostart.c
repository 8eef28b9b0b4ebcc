// SPDX-License-Identifier: MIT
// The desktop entry that starts the agent, in a home of its own.

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "sc-autostart.h"
#include "sc-error.h"
#include "sc-test-desktop.h"

#define GROUP G_KEY_FILE_DESKTOP_GROUP

static ScTestDesktop *desktop;

static char *
get_path (void)
{
  return sc_test_desktop_get_path (desktop, "home/.config/autostart/" SC_APP_ID ".Agent.desktop");
}

static void
write_entry (const char *text)
{
  g_autofree char *path = get_path ();
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
remove_entry (void)
{
  g_autofree char *path = get_path ();

  g_remove (path);
}

static void
set (gboolean enabled)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sc_autostart_set (enabled, &error));
  g_assert_no_error (error);
  g_assert_cmpint (sc_autostart_get (), ==, enabled);
}

static GKeyFile *
load_entry (void)
{
  g_autofree char *path = get_path ();
  g_autoptr (GError) error = NULL;
  GKeyFile *entry = g_key_file_new ();

  g_key_file_load_from_file (entry, path, G_KEY_FILE_NONE, &error);
  g_assert_no_error (error);
  return entry;
}

static void
assert_starts_agent (GKeyFile *entry)
{
  g_autofree char *command = g_key_file_get_string (entry, GROUP, "Exec", NULL);
  g_auto (GStrv) argv = NULL;

  g_assert_true (g_shell_parse_argv (command, NULL, &argv, NULL));
  g_assert_cmpuint (g_strv_length (argv), ==, 1);
  g_assert_cmpstr (argv[0], ==, SC_LIBEXEC_DIR "/sikka-companion-agent");
}

static void
test_on_and_off (void)
{
  g_autoptr (GKeyFile) entry = NULL;

  remove_entry ();
  g_assert_true (sc_autostart_is_supported ());
  g_assert_false (sc_autostart_get ());
  set (TRUE);
  entry = load_entry ();
  assert_starts_agent (entry);
  set (TRUE);
  set (FALSE);
  set (FALSE);
  set (TRUE);
}

static void
test_off_writes_nothing (void)
{
  g_autofree char *path = get_path ();

  remove_entry ();
  set (FALSE);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* What a person or their desktop may have made of the entry. */
static const struct
{
  const char *text;
  gboolean on;
} edits[] = {
  { "[Desktop Entry]\nType=Application\nExec=x\n", TRUE },
  { "[Desktop Entry]\nType=Application\nExec=x\nHidden=false\n", TRUE },
  { "[Desktop Entry]\nType=Application\nExec=x\nHidden=true\n", FALSE },
  { "[Desktop Entry]\nType=Application\nExec=x\nX-GNOME-Autostart-enabled=true\n", TRUE },
  { "[Desktop Entry]\nType=Application\nExec=x\nX-GNOME-Autostart-enabled=false\n", FALSE },
  { "[Desktop Entry]\nType=Application\n", FALSE },
  { "[Something Else]\nExec=x\n", FALSE },
  { "no key file at all", FALSE },
  { "", FALSE },
};

static void
test_edits (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (edits); i++)
    {
      g_test_message ("%s", edits[i].text);
      write_entry (edits[i].text);
      g_assert_cmpint (sc_autostart_get (), ==, edits[i].on);
      set (TRUE);
      set (FALSE);
    }
}

static void
test_keeps_what_others_wrote (void)
{
  g_autoptr (GKeyFile) entry = NULL;
  g_autofree char *delay = NULL;

  write_entry ("[Desktop Entry]\nType=Application\nExec=/old/agent\nComment[de]=Zähne\n"
               "X-GNOME-Autostart-Delay=10\nX-GNOME-Autostart-enabled=false\n");
  set (TRUE);
  entry = load_entry ();
  assert_starts_agent (entry);
  delay = g_key_file_get_string (entry, GROUP, "X-GNOME-Autostart-Delay", NULL);
  g_assert_cmpstr (delay, ==, "10");
}

static void
test_cannot_write (void)
{
  g_autofree char *path = get_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  remove_entry ();
  g_rmdir (folder);
  g_assert_true (g_file_set_contents (folder, "in the way", -1, NULL));
  g_assert_false (sc_autostart_set (TRUE, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_FAILED);
  g_remove (folder);
}

int
main (int argc, char **argv)
{
  int status = 0;

  g_test_init (&argc, &argv, NULL);
  desktop = sc_test_desktop_start (SC_TEST_DESKTOP_BUS);
  sc_test_desktop_enter (desktop);
  g_test_add_func ("/platform/autostart/on-and-off", test_on_and_off);
  g_test_add_func ("/platform/autostart/off-writes-nothing", test_off_writes_nothing);
  g_test_add_func ("/platform/autostart/edits", test_edits);
  g_test_add_func ("/platform/autostart/keeps-what-others-wrote", test_keeps_what_others_wrote);
  g_test_add_func ("/platform/autostart/cannot-write", test_cannot_write);
  status = g_test_run ();
  sc_test_desktop_stop (desktop);
  return status;
}
