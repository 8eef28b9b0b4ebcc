// SPDX-License-Identifier: MIT
// Opening the default browser: here a script that writes down its arguments and its environment.
// It is the browser for http alone, so that for https there is none.

#include <string.h>

#include <glib/gstdio.h>

#include "sc-browser.h"
#include "sc-error.h"
#include "sc-test-desktop.h"
#include "sc-test-wait.h"

#define URL "http://127.0.0.1:4711/authorize?client_id=x&state=s3cret%20&scope=a+b"
#define FOLDER "home/.local/share/applications"

static ScTestDesktop *desktop;

static void
write_file (const char *name, int mode, const char *format, const char *argument)
{
  g_autofree char *path = sc_test_desktop_get_path (desktop, name);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GString) text = g_string_new (format);

  g_string_replace (text, "@", argument, 0);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (
    g_file_set_contents_full (path, text->str, -1, G_FILE_SET_CONTENTS_NONE, mode, NULL));
}

static void
install_browser (void)
{
  g_autofree char *script = sc_test_desktop_get_path (desktop, "browser");
  g_autofree char *report = sc_test_desktop_get_path (desktop, "report");

  write_file ("browser", 0700,
              "#!/bin/sh\n{ echo \"ARGUMENT=$1\"; env; } > '@.new'\nmv '@.new' '@'\n", report);
  write_file (FOLDER "/browser.desktop", 0600,
              "[Desktop Entry]\nType=Application\nName=Browser\nExec=@ %u\n"
              "MimeType=x-scheme-handler/http;\n",
              script);
  write_file ("home/.config/mimeapps.list", 0600,
              "[Default Applications]\nx-scheme-handler/http=@\n", "browser.desktop");
}

static gboolean
is_there (gpointer user_data)
{
  return g_file_test (user_data, G_FILE_TEST_EXISTS);
}

/* What the browser wrote. */
static char **
wait_for_report (void)
{
  g_autofree char *path = sc_test_desktop_get_path (desktop, "report");
  g_autofree char *text = NULL;
  g_autoptr (GFile) folder = g_file_new_for_path (path);
  g_autoptr (GFileMonitor) monitor = g_file_monitor (folder, G_FILE_MONITOR_NONE, NULL, NULL);

  sc_test_wait_until (is_there, path);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_remove (path);
  return g_strsplit (text, "\n", -1);
}

static const char *
find_line (char **lines, const char *name)
{
  for (char **line = lines; *line != NULL; line++)
    if (g_str_has_prefix (*line, name) && (*line)[strlen (name)] == '=')
      return *line + strlen (name) + 1;
  return NULL;
}

static void
open_url (const char *url, const char *token, GCancellable *cancellable, int expected)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *place = NULL;
  gboolean opened = FALSE;

  sc_browser_open_async (url, token, cancellable, sc_test_result_cb, &place);
  result = sc_test_wait_result (&place);
  opened = sc_browser_open_finish (result, &error);
  g_assert_cmpint (opened, ==, expected < 0);
  if (expected < 0)
    {
      g_assert_no_error (error);
      return;
    }
  g_assert_error (error, SC_ERROR, expected);
  g_assert_null (strstr (error->message, "s3cret"));
}

static void
test_url_arrives (void)
{
  g_auto (GStrv) lines = NULL;

  open_url (URL, "token-42", NULL, -1);
  lines = wait_for_report ();
  g_assert_cmpstr (find_line (lines, "ARGUMENT"), ==, URL);
  g_assert_cmpstr (find_line (lines, "XDG_ACTIVATION_TOKEN"), ==, "token-42");
  g_assert_cmpstr (find_line (lines, "DESKTOP_STARTUP_ID"), ==, "token-42");
}

static void
test_environment_is_clean (void)
{
  g_auto (GStrv) lines = NULL;

  open_url (URL, NULL, NULL, -1);
  lines = wait_for_report ();
  g_assert_null (find_line (lines, "SIKKA_APP_ID"));
  g_assert_null (find_line (lines, "SIKKA_APP_KEY"));
  g_assert_null (find_line (lines, "XDG_ACTIVATION_TOKEN"));
  g_assert_null (find_line (lines, "DESKTOP_STARTUP_ID"));
  /* Everything else is the person's. */
  g_assert_cmpstr (find_line (lines, "SC_TEST_KEPT"), ==, "kept");
}

static void
test_no_browser (void)
{
  open_url ("https://cloud.example/authorize?state=s3cret", NULL, NULL, SC_ERROR_BROWSER);
}

static void
test_refuses (void)
{
  open_url ("http://cloud.example/?state=s3cret", NULL, NULL, SC_ERROR_NET_INSECURE);
  open_url ("file:///etc/passwd?s3cret", NULL, NULL, SC_ERROR_NET_INSECURE);
  open_url ("s3cret", NULL, NULL, SC_ERROR_INVALID_ARGUMENT);
}

static void
test_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_cancellable_cancel (cancellable);
  open_url (URL, NULL, cancellable, SC_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_autofree char *nowhere = NULL;
  int status = 0;

  g_test_init (&argc, &argv, NULL);
  desktop = sc_test_desktop_start (SC_TEST_DESKTOP_BUS);
  sc_test_desktop_enter (desktop);
  nowhere = sc_test_desktop_get_path (desktop, "nowhere");
  g_setenv ("XDG_DATA_DIRS", nowhere, TRUE);
  g_setenv ("SIKKA_APP_ID", "s3cret", TRUE);
  g_setenv ("SIKKA_APP_KEY", "s3cret", TRUE);
  g_setenv ("XDG_ACTIVATION_TOKEN", "old", TRUE);
  g_setenv ("SC_TEST_KEPT", "kept", TRUE);
  install_browser ();

  g_test_add_func ("/platform/browser/url-arrives", test_url_arrives);
  g_test_add_func ("/platform/browser/environment-is-clean", test_environment_is_clean);
  g_test_add_func ("/platform/browser/no-browser", test_no_browser);
  g_test_add_func ("/platform/browser/refuses", test_refuses);
  g_test_add_func ("/platform/browser/cancelled", test_cancelled);
  status = g_test_run ();
  sc_test_desktop_stop (desktop);
  return status;
}
