// SPDX-License-Identifier: MIT
// What the SPU probe looks for: built-in names, and the file with which support can correct them.

#define G_LOG_DOMAIN "sc-platform"

#include "sc-spu-probe-private.h"

#include <string.h>

#define GROUP "spu"
#define MAX_FILE_SIZE (64 * 1024)
#define MAX_NAMES 64
#define MAX_NAME_LENGTH 255

/* The same as data/spu.ini, for when that is missing or bad. */
static const char *const default_processes[] = { "SSCservice.exe", "SSCWindowsService.exe", NULL };
static const char *const default_folders[] = { "SSC", NULL };
static const char *const default_service_patterns[] = {
  "*\\SSCWindowsService.exe",
  "*\\SSC\\*",
  "*Sikka*",
  NULL,
};
static const char *const default_uninstall_patterns[] = { "*Sikka*", NULL };
static const char *const default_logs[] = { "Access.log", "error.log", NULL };
#define DEFAULT_ACCOUNT "Sikkauser"

typedef struct
{
  const char *key;
  const char *const *defaults;
  gsize offset;
} ListKey;

static const ListKey list_keys[] = {
  { "processes", default_processes, G_STRUCT_OFFSET (ScSpuNames, processes) },
  { "folders", default_folders, G_STRUCT_OFFSET (ScSpuNames, folders) },
  { "service_patterns", default_service_patterns, G_STRUCT_OFFSET (ScSpuNames, service_patterns) },
  { "uninstall_patterns", default_uninstall_patterns,
    G_STRUCT_OFFSET (ScSpuNames, uninstall_patterns) },
  { "logs", default_logs, G_STRUCT_OFFSET (ScSpuNames, logs) },
};

static char ***
get_list (const ScSpuNames *self, const ListKey *key)
{
  return (char ***) ((char *) self + key->offset);
}

ScSpuNames *
sc_spu_names_copy (const ScSpuNames *self)
{
  ScSpuNames *copy = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new0 (ScSpuNames, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (list_keys); i++)
    *get_list (copy, &list_keys[i]) = g_strdupv (*get_list (self, &list_keys[i]));
  copy->account = g_strdup (self->account);
  return copy;
}

void
sc_spu_names_free (ScSpuNames *self)
{
  g_return_if_fail (self != NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (list_keys); i++)
    g_strfreev (*get_list (self, &list_keys[i]));
  g_free (self->account);
  g_free (self);
}

static gboolean
is_usable (const char *name)
{
  gsize length = strlen (name);

  return length <= MAX_NAME_LENGTH && strspn (name, " \t") < length;
}

static gboolean
are_usable (char **names)
{
  gsize n_names = names == NULL ? 0 : g_strv_length (names);

  if (n_names == 0 || n_names > MAX_NAMES)
    return FALSE;
  for (char **name = names; *name != NULL; name++)
    if (!is_usable (*name))
      return FALSE;
  return TRUE;
}

/* The first problem is reported; the rest of the file is still used. */
static void
note_problem (char **problem, const char *key, const char *what)
{
  if (*problem == NULL)
    *problem = g_strdup_printf ("%s: %s", key, what);
}

static void
read_list (ScSpuNames *self, GKeyFile *file, const ListKey *key, char **problem)
{
  char ***list = get_list (self, key);
  g_auto (GStrv) names = NULL;

  if (!g_key_file_has_key (file, GROUP, key->key, NULL))
    return;
  names = g_key_file_get_string_list (file, GROUP, key->key, NULL, NULL);
  if (!are_usable (names))
    {
      note_problem (problem, key->key, "not a list of names");
      return;
    }
  g_strfreev (*list);
  *list = g_steal_pointer (&names);
}

static void
read_account (ScSpuNames *self, GKeyFile *file, char **problem)
{
  g_autofree char *account = NULL;

  if (!g_key_file_has_key (file, GROUP, "account", NULL))
    return;
  account = g_key_file_get_string (file, GROUP, "account", NULL);
  if (account == NULL || !is_usable (account))
    {
      note_problem (problem, "account", "not a name");
      return;
    }
  g_free (self->account);
  self->account = g_steal_pointer (&account);
}

static gboolean
is_known_key (const char *key)
{
  for (gsize i = 0; i < G_N_ELEMENTS (list_keys); i++)
    if (g_str_equal (key, list_keys[i].key))
      return TRUE;
  return g_str_equal (key, "account");
}

/* A misspelt key would otherwise change nothing and say nothing. */
static void
note_unknown_keys (GKeyFile *file, char **problem)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, GROUP, NULL, NULL);

  if (keys == NULL)
    note_problem (problem, "[" GROUP "]", "there is no such group");
  for (char **key = keys; key != NULL && *key != NULL; key++)
    if (!is_known_key (*key))
      note_problem (problem, *key, "there is no such key");
}

static GKeyFile *
load_file (const char *path, char **problem)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &text, &length, &error))
    {
      /* Without the file the built-in names are meant. */
      if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        *problem = g_strdup ("the file cannot be read");
      return NULL;
    }
  if (length > MAX_FILE_SIZE)
    *problem = g_strdup ("the file is too large");
  else if (!g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, &error))
    *problem = g_strdup (error->message);
  return *problem == NULL ? g_steal_pointer (&file) : NULL;
}

ScSpuNames *
sc_spu_names_load (const char *path, char **problem)
{
  g_autoptr (GKeyFile) file = NULL;
  g_autofree char *found = NULL;
  ScSpuNames *self = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_new0 (ScSpuNames, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (list_keys); i++)
    *get_list (self, &list_keys[i]) = g_strdupv ((char **) list_keys[i].defaults);
  self->account = g_strdup (DEFAULT_ACCOUNT);

  file = load_file (path, &found);
  if (file != NULL)
    {
      for (gsize i = 0; i < G_N_ELEMENTS (list_keys); i++)
        read_list (self, file, &list_keys[i], &found);
      read_account (self, file, &found);
      note_unknown_keys (file, &found);
    }
  if (problem != NULL)
    *problem = g_steal_pointer (&found);
  return self;
}
