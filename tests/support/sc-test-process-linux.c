// SPDX-License-Identifier: MIT
// What the system says of a running program, from /proc.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-process.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static char *
read_file (int pid, const char *name)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/%s", pid, name);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

/* What follows @label in @text. */
static const char *
find (const char *text, const char *label)
{
  const char *place = strstr (text, label);

  g_assert_nonnull (place);
  return place + strlen (label);
}

gboolean
sc_test_process_may_look (void)
{
  return geteuid () == 0 || g_getenv ("SC_TEST_READABLE") != NULL;
}

guint
sc_test_process_count_descriptors (int pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/fd", pid);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) folder = g_dir_open (path, 0, &error);
  guint count = 0;

  g_assert_no_error (error);
  while (g_dir_read_name (folder) != NULL)
    count++;
  return count;
}

guint
sc_test_process_get_memory (int pid)
{
  g_autofree char *status = read_file (pid, "status");

  return (guint) g_ascii_strtoull (find (status, "VmRSS:"), NULL, 10);
}

static guint64
read_limit (const char **at)
{
  char *end = NULL;
  guint64 value = g_ascii_strtoull (*at, &end, 10);

  if (end != *at)
    {
      *at = end;
      return value;
    }
  *at = find (*at, "unlimited");
  return G_MAXUINT64;
}

void
sc_test_process_get_limits (int pid, const char *name, guint64 *soft, guint64 *hard)
{
  g_autofree char *limits = read_file (pid, "limits");
  const char *at = find (limits, name);

  *soft = read_limit (&at);
  *hard = read_limit (&at);
}

void
sc_test_process_raise_descriptors (void)
{
  struct rlimit limit = { 0 };

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  limit.rlim_cur = limit.rlim_max;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
}
