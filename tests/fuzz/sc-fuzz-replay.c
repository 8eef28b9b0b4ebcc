// SPDX-License-Identifier: MIT
// Replays a target's corpus as unit tests, with any compiler: each file, and each beginning of it.

#define G_LOG_DOMAIN "sc-fuzz"

#include "sc-fuzz.h"

#include <string.h>

/* A copy of exactly this size, so that valgrind and ASan see one byte too many. */
static void
replay (const char *bytes, gsize size)
{
  g_autofree guint8 *copy = g_malloc (MAX (size, 1));

  memcpy (copy, bytes, size);
  LLVMFuzzerTestOneInput (copy, size);
}

static void
test_file (gconstpointer user_data)
{
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize size = 0;

  g_file_get_contents (user_data, &bytes, &size, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i <= size; i++)
    replay (bytes, i);
}

static guint
add_files (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) files = g_dir_open (folder, 0, &error);
  g_autofree char *target = g_path_get_basename (folder);
  const char *name = NULL;
  guint count = 0;

  g_assert_no_error (error);
  for (; (name = g_dir_read_name (files)) != NULL; count++)
    {
      g_autofree char *path = g_strdup_printf ("/fuzz/%s/%s", target, name);

      g_test_add_data_func_full (path, g_build_filename (folder, name, NULL), test_file, g_free);
    }
  return count;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  g_assert_cmpuint (add_files (argv[1]), >, 0);
  return g_test_run ();
}
