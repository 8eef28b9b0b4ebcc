// SPDX-License-Identifier: MIT
// A search for secrets in all that programs write, say and hold.

#define _GNU_SOURCE
#define G_LOG_DOMAIN "sc-test"

#include "sc-test-search.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PIECE 16

typedef struct
{
  char *kind;
  char *value;
  gsize length;
} Secret;

typedef struct
{
  char *kind;
  char *place;
} Find;

struct _ScTestSearch
{
  GPtrArray *secrets; /* (element-type Secret) */
  GPtrArray *finds;   /* (element-type Find) */
};

static void
secret_free (gpointer data)
{
  Secret *secret = data;

  g_free (secret->kind);
  g_free (secret->value);
  g_free (secret);
}

static void
find_free (gpointer data)
{
  Find *find = data;

  g_free (find->kind);
  g_free (find->place);
  g_free (find);
}

ScTestSearch *
sc_test_search_new (void)
{
  ScTestSearch *self = g_new0 (ScTestSearch, 1);

  self->secrets = g_ptr_array_new_with_free_func (secret_free);
  self->finds = g_ptr_array_new_with_free_func (find_free);
  return self;
}

void
sc_test_search_free (ScTestSearch *self)
{
  g_ptr_array_unref (self->secrets);
  g_ptr_array_unref (self->finds);
  g_free (self);
}

void
sc_test_search_add (ScTestSearch *self, const char *kind, const char *value)
{
  Secret *secret = NULL;

  g_assert_cmpuint (strlen (value), >=, PIECE);
  for (guint i = 0; i < self->secrets->len; i++)
    if (g_str_equal (((Secret *) g_ptr_array_index (self->secrets, i))->value, value))
      return;
  secret = g_new0 (Secret, 1);
  secret->kind = g_strdup (kind);
  secret->value = g_strdup (value);
  secret->length = strlen (value);
  g_ptr_array_add (self->secrets, secret);
}

guint
sc_test_search_count (ScTestSearch *self, const char *kind)
{
  guint count = 0;

  for (guint i = 0; i < self->secrets->len; i++)
    count += g_str_equal (((Secret *) g_ptr_array_index (self->secrets, i))->kind, kind);
  return count;
}

/* ---- looking ---- */

static void
add_find (ScTestSearch *self, const char *kind, const char *place)
{
  Find *find;

  for (guint i = 0; i < self->finds->len; i++)
    {
      find = g_ptr_array_index (self->finds, i);
      if (g_str_equal (find->kind, kind) && g_str_equal (find->place, place))
        return;
    }
  find = g_new0 (Find, 1);
  find->kind = g_strdup (kind);
  find->place = g_strdup (place);
  g_ptr_array_add (self->finds, find);
}

static gboolean
has_piece (const Secret *secret, const void *bytes, gsize length)
{
  for (gsize start = 0; start < secret->length; start += PIECE)
    {
      const char *piece = secret->value + MIN (start, secret->length - PIECE);

      if (memmem (bytes, length, piece, PIECE) != NULL)
        return TRUE;
    }
  return FALSE;
}

void
sc_test_search_bytes (ScTestSearch *self, const char *place, const void *bytes, gsize length)
{
  for (guint i = 0; i < self->secrets->len; i++)
    {
      const Secret *secret = g_ptr_array_index (self->secrets, i);

      if (has_piece (secret, bytes, length))
        add_find (self, secret->kind, place);
    }
}

static void
search_file (ScTestSearch *self, const char *place, const char *path)
{
  g_autofree char *text = NULL;
  gsize length;

  if (g_file_get_contents (path, &text, &length, NULL))
    sc_test_search_bytes (self, place, text, length);
}

void
sc_test_search_folder (ScTestSearch *self, const char *prefix, const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      g_autofree char *place = g_strconcat (prefix, " ", name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_REGULAR))
        search_file (self, place, child);
      else if (g_file_test (child, G_FILE_TEST_IS_DIR))
        sc_test_search_folder (self, prefix, child);
    }
}

void
sc_test_search_proc (ScTestSearch *self, const char *prefix, int pid, const char *file)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/%s", pid, file);
  g_autofree char *place = g_strconcat (prefix, " ", file, NULL);

  search_file (self, place, path);
}

/* ---- memory ---- */

/* A page that cannot be read, as a guard page, ends the mapping. */
static void
search_mapping (ScTestSearch *self, int memory, const char *place, guint64 start, guint64 end)
{
  g_autofree char *bytes = g_malloc (end - start);
  gsize length = 0;
  gssize count;

  do
    {
      count = pread (memory, bytes + length, end - start - length, (off_t) (start + length));
      length += MAX (count, 0);
    }
  while (count > 0 && length < end - start);
  sc_test_search_bytes (self, place, bytes, length);
}

/* What is mapped from a file and was never writable is the file's. */
static void
search_line (ScTestSearch *self, int memory, const char *prefix, const char *line)
{
  guint64 start;
  guint64 end;
  char rights[5];
  int rest = 0;
  g_autofree char *name = NULL;
  g_autofree char *place = NULL;

  if (sscanf (line, "%" G_GINT64_MODIFIER "x-%" G_GINT64_MODIFIER "x %4s %*s %*s %*s %n", &start,
              &end, rights, &rest) < 3)
    return;
  if (rights[0] != 'r' || rights[1] != 'w')
    return;
  name = g_path_get_basename (line[rest] != '\0' ? line + rest : "anonymous");
  place = g_strconcat (prefix, " memory ", name, NULL);
  search_mapping (self, memory, place, start, end);
}

gboolean
sc_test_search_memory (ScTestSearch *self, const char *prefix, int pid)
{
  g_autofree char *maps_path = g_strdup_printf ("/proc/%d/maps", pid);
  g_autofree char *memory_path = g_strdup_printf ("/proc/%d/mem", pid);
  g_autofree char *maps = NULL;
  g_auto (GStrv) lines = NULL;
  int memory = open (memory_path, O_RDONLY | O_CLOEXEC);

  if (memory < 0)
    return FALSE;
  if (g_file_get_contents (maps_path, &maps, NULL, NULL))
    lines = g_strsplit (maps, "\n", -1);
  for (char **line = lines; line != NULL && *line != NULL; line++)
    search_line (self, memory, prefix, *line);
  close (memory);
  return lines != NULL;
}

/* ---- finds ---- */

void
sc_test_search_exempt (ScTestSearch *self, const char *kind, const char *place, const char *why)
{
  for (guint i = self->finds->len; i > 0; i--)
    {
      const Find *find = g_ptr_array_index (self->finds, i - 1);

      if (!g_str_equal (find->kind, kind) || !g_str_equal (find->place, place))
        continue;
      g_test_message ("%s in %s: %s", kind, place, why);
      g_ptr_array_remove_index (self->finds, i - 1);
    }
}

gboolean
sc_test_search_has (ScTestSearch *self, const char *pattern)
{
  for (guint i = 0; i < self->finds->len; i++)
    {
      const Find *find = g_ptr_array_index (self->finds, i);

      if (g_pattern_match_simple (pattern, find->place))
        return TRUE;
    }
  return FALSE;
}

char *
sc_test_search_take (ScTestSearch *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->finds->len; i++)
    {
      const Find *find = g_ptr_array_index (self->finds, i);

      g_string_append_printf (text, "%s in %s\n", find->kind, find->place);
    }
  g_ptr_array_set_size (self->finds, 0);
  return g_strdup (text->str);
}
