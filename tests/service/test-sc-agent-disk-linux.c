// SPDX-License-Identifier: MIT
// The real agent on a full disk: a small file system of its own, which only a child of this test
// sees.

#define _GNU_SOURCE
#define G_LOG_DOMAIN "sc-test"

#include "sc-test-workplace.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>

/* Needs the rights of root; a user namespace cannot be had by a program with threads. */
static void
mount_small_disk (const char *folder)
{
  if (unshare (CLONE_NEWNS) != 0 || mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
      mount ("tmpfs", folder, "tmpfs", 0, "size=2m,nr_inodes=64,mode=700") != 0)
    g_error ("no file system of its own: %s", g_strerror (errno));
}

static void
fill_disk (const char *path)
{
  FILE *file = g_fopen (path, "wb");

  g_assert_nonnull (file);
  setvbuf (file, NULL, _IONBF, 0);
  while (fputc ('x', file) != EOF)
    ;
  fclose (file);
}

static void
assert_check (ScTestWorkplace *workplace, const char *expected)
{
  g_autofree char *found = sc_test_workplace_check (workplace);

  g_assert_cmpstr (found, ==, expected);
}

static void
run_on_small_disk (void)
{
  g_autoptr (ScTestWorkplace) workplace = sc_test_workplace_prepare (SC_TEST_DESKTOP_KEYRING);
  g_autofree char *filler = sc_test_workplace_get_path (workplace, "data/filler");
  g_autofree char *folder = g_path_get_dirname (filler);

  mount_small_disk (folder);
  sc_test_workplace_start_agent (workplace);
  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
  fill_disk (filler);

  sc_test_workplace_refuse (workplace, "Connect", g_variant_new ("(a{sv}a{sv})", NULL, NULL),
                            "JournalFull");
  sc_test_agent_assert_text (workplace->agent, "AuthorizationUrl", "");
  sc_test_agent_assert_text (workplace->agent, "Status", "connected");
  assert_check (workplace, "connected ");
  sc_test_agent_assert_text (workplace->agent, "JournalState", "full");
  sc_test_workplace_kill_agent (workplace);
  sc_test_workplace_start_agent (workplace);
  sc_test_agent_assert_text (workplace->agent, "Status", "connected");
  assert_check (workplace, "connected ");

  g_assert_cmpint (g_remove (filler), ==, 0);
  assert_check (workplace, "connected ");
  sc_test_agent_assert_text (workplace->agent, "JournalState", "recording");
  g_free (sc_test_workplace_run (workplace, "sikkactl log --verify", 0));
  sc_test_workplace_connect (workplace, SC_TEST_HAPPY);
}

static gboolean
can_mount (void)
{
  g_autoptr (GSubprocess) process =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL, "unshare", "--mount", "mount", "-t",
                      "tmpfs", "tmpfs", g_get_tmp_dir (), NULL);

  return process != NULL && g_subprocess_wait_check (process, NULL, NULL);
}

static void
test_full (void)
{
  if (g_test_subprocess ())
    {
      run_on_small_disk ();
      return;
    }
  if (!can_mount () && g_getenv ("SC_TEST_ALLOW_SKIP") != NULL)
    {
      g_test_skip ("no file system of its own can be mounted here");
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/agent/disk/full", test_full);

  return g_test_run ();
}
