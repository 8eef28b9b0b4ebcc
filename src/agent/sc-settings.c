// SPDX-License-Identifier: MIT
// What a person has chosen: settings.ini in the user's configuration folder, written atomically.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-settings.h"

#include "sc-error.h"

#include <gio/gio.h>

#define GROUP "general"

struct _ScSettings
{
  GObject parent_instance;

  char *path;
  GKeyFile *file;
  char *problem;
  gboolean unreadable;
};

G_DEFINE_FINAL_TYPE (ScSettings, sc_settings, G_TYPE_OBJECT)

static const char *const keys[SC_N_SETTINGS] = { "spu_elsewhere", "check_at_sign_in" };

static void
set_problem (ScSettings *self, const char *problem)
{
  self->problem = g_strdup (problem);
  self->unreadable = TRUE;
}

/* Bytes that are no text are looked for here: a GKeyFile reads past some of them, and what it does
 * not know would be lost with the next write. */
static void
load (ScSettings *self)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  if (!g_file_get_contents (self->path, &text, &length, &error))
    {
      if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        set_problem (self, error->message);
      return;
    }
  if (!g_utf8_validate_len (text, length, NULL))
    set_problem (self, "not UTF-8 text");
  else if (!g_key_file_load_from_data (self->file, text, length, G_KEY_FILE_KEEP_COMMENTS, NULL))
    set_problem (self, "not in the form of [group] and key=value lines");
}

ScSettings *
sc_settings_new (const char *path)
{
  ScSettings *self;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (SC_TYPE_SETTINGS, NULL);
  self->path = g_strdup (path);
  load (self);
  return self;
}

gboolean
sc_settings_get (ScSettings *self, ScSetting setting)
{
  g_return_val_if_fail (SC_IS_SETTINGS (self), FALSE);
  g_return_val_if_fail (setting < SC_N_SETTINGS, FALSE);

  return g_key_file_get_boolean (self->file, GROUP, keys[setting], NULL);
}

/* What was put aside before stays too. */
static char *
choose_name_aside (const char *path)
{
  char *name = g_strconcat (path, ".set-aside", NULL);

  for (guint n = 2; g_file_test (name, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK); n++)
    {
      g_free (name);
      name = g_strdup_printf ("%s.set-aside-%u", path, n);
    }
  return name;
}

static gboolean
set_bad_file_aside (ScSettings *self, GError **error)
{
  g_autofree char *aside = choose_name_aside (self->path);
  g_autoptr (GFile) from = g_file_new_for_path (self->path);
  g_autoptr (GFile) to = g_file_new_for_path (aside);

  if (!self->unreadable)
    return TRUE;
  if (!g_file_move (from, to, G_FILE_COPY_NOFOLLOW_SYMLINKS, NULL, NULL, NULL, error))
    return FALSE;
  self->unreadable = FALSE;
  return TRUE;
}

static gboolean
write_file (ScSettings *self, GError **error)
{
  g_autofree char *text = g_key_file_to_data (self->file, NULL, NULL);

  return set_bad_file_aside (self, error) &&
         g_file_set_contents_full (self->path, text, -1,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}

gboolean
sc_settings_set (ScSettings *self, ScSetting setting, gboolean value, GError **error)
{
  gboolean before;
  g_autoptr (GError) cause = NULL;

  g_return_val_if_fail (SC_IS_SETTINGS (self), FALSE);
  g_return_val_if_fail (setting < SC_N_SETTINGS, FALSE);

  before = sc_settings_get (self, setting);
  g_key_file_set_boolean (self->file, GROUP, keys[setting], value);
  if (!write_file (self, &cause))
    {
      g_key_file_set_boolean (self->file, GROUP, keys[setting], before);
      g_set_error (error, SC_ERROR, SC_ERROR_FAILED, "writing the settings: %s", cause->message);
      return FALSE;
    }
  return TRUE;
}

const char *
sc_settings_get_problem (ScSettings *self)
{
  g_return_val_if_fail (SC_IS_SETTINGS (self), NULL);

  return self->problem;
}

static void
sc_settings_finalize (GObject *object)
{
  ScSettings *self = SC_SETTINGS (object);

  g_free (self->path);
  g_free (self->problem);
  g_key_file_unref (self->file);
  G_OBJECT_CLASS (sc_settings_parent_class)->finalize (object);
}

static void
sc_settings_class_init (ScSettingsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sc_settings_finalize;
}

static void
sc_settings_init (ScSettings *self)
{
  self->file = g_key_file_new ();
}
