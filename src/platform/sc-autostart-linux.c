// SPDX-License-Identifier: MIT
// Starting the agent when the person signs in: a desktop entry in their autostart folder.

#define G_LOG_DOMAIN "sc-platform"

#include "config.h"

#include <errno.h>
#include <string.h>

#include <glib/gstdio.h>

#include "sc-autostart.h"

#include "sc-error.h"
#include "sc-system.h"

#define GROUP G_KEY_FILE_DESKTOP_GROUP
#define GNOME_KEY "X-GNOME-Autostart-enabled"
#define PROGRAM SC_LIBEXEC_DIR "/sikka-companion-agent"

static char *
build_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "autostart", SC_APP_ID ".Agent.desktop", NULL);
}

/* Desktop Entry Specification, "The Exec key": what means something there is escaped. */
static char *
quote_for_exec (const char *path)
{
  GString *text = g_string_new ("\"");

  for (const char *p = path; *p != '\0'; p++)
    {
      if (strchr ("\"`$\\", *p) != NULL)
        g_string_append_c (text, '\\');
      g_string_append_c (text, *p);
      if (*p == '%')
        g_string_append_c (text, '%');
    }
  g_string_append_c (text, '"');
  return g_string_free (text, FALSE);
}

static gboolean
is_switched_off (GKeyFile *entry)
{
  return g_key_file_get_boolean (entry, GROUP, G_KEY_FILE_DESKTOP_KEY_HIDDEN, NULL) ||
         (g_key_file_has_key (entry, GROUP, GNOME_KEY, NULL) &&
          !g_key_file_get_boolean (entry, GROUP, GNOME_KEY, NULL));
}

gboolean
sc_autostart_get (void)
{
  g_autoptr (GKeyFile) entry = g_key_file_new ();
  g_autofree char *path = build_path ();

  return g_key_file_load_from_file (entry, path, G_KEY_FILE_NONE, NULL) &&
         g_key_file_has_key (entry, GROUP, G_KEY_FILE_DESKTOP_KEY_EXEC, NULL) &&
         !is_switched_off (entry);
}

gboolean
sc_autostart_is_supported (void)
{
  return !sc_system_is_sandboxed ();
}

/* Sets what the agent needs and leaves what else stands there: an entry may have been edited. */
static void
fill_entry (GKeyFile *entry, gboolean enabled)
{
  g_autofree char *command = quote_for_exec (PROGRAM);

  g_key_file_set_string (entry, GROUP, G_KEY_FILE_DESKTOP_KEY_TYPE, "Application");
  g_key_file_set_string (entry, GROUP, G_KEY_FILE_DESKTOP_KEY_NAME, "Sikka Companion");
  g_key_file_set_string (entry, GROUP, G_KEY_FILE_DESKTOP_KEY_ICON, SC_APP_ID);
  g_key_file_set_string (entry, GROUP, G_KEY_FILE_DESKTOP_KEY_EXEC, command);
  /* After the program was removed nothing is tried in vain. */
  g_key_file_set_string (entry, GROUP, G_KEY_FILE_DESKTOP_KEY_TRY_EXEC, PROGRAM);
  g_key_file_set_boolean (entry, GROUP, G_KEY_FILE_DESKTOP_KEY_NO_DISPLAY, TRUE);
  g_key_file_remove_key (entry, GROUP, GNOME_KEY, NULL);
  if (enabled)
    g_key_file_remove_key (entry, GROUP, G_KEY_FILE_DESKTOP_KEY_HIDDEN, NULL);
  else
    g_key_file_set_boolean (entry, GROUP, G_KEY_FILE_DESKTOP_KEY_HIDDEN, TRUE);
}

static gboolean
write_entry (GKeyFile *entry, const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *text = NULL;
  g_autoptr (GError) cause = NULL;
  gsize length = 0;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, SC_ERROR, SC_ERROR_FAILED, "autostart folder: %s", g_strerror (errno));
      return FALSE;
    }
  text = g_key_file_to_data (entry, &length, NULL);
  if (g_file_set_contents_full (path, text, length, G_FILE_SET_CONTENTS_CONSISTENT, 0644, &cause))
    return TRUE;
  sc_error_set_cause (error, SC_ERROR_FAILED, "autostart entry", cause);
  return FALSE;
}

gboolean
sc_autostart_set (gboolean enabled, GError **error)
{
  g_autoptr (GKeyFile) entry = NULL;
  g_autofree char *path = NULL;

  if (!sc_autostart_is_supported ())
    {
      g_set_error_literal (error, SC_ERROR, SC_ERROR_NOT_SUPPORTED,
                           "autostart cannot be set from inside a sandbox");
      return FALSE;
    }
  entry = g_key_file_new ();
  path = build_path ();
  if (!enabled && !g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  /* One that cannot be read is written anew. */
  if (!g_key_file_load_from_file (entry, path,
                                  G_KEY_FILE_KEEP_COMMENTS | G_KEY_FILE_KEEP_TRANSLATIONS, NULL))
    {
      g_key_file_unref (entry);
      entry = g_key_file_new ();
    }
  fill_entry (entry, enabled);
  return write_entry (entry, path, error);
}
