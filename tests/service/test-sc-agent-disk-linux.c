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
#include <unistd.h>

#define REPORTS_PATH "/api/pms/companion/reports"
#define HOUR (60 * 60)

/* Needs the rights of root: see become_root(). */
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

/* ---- a disk that fills up in the middle ---- */

typedef struct
{
  ScTestWorkplace *workplace;
  char *filler;
  char *report; /* id of the one that waits */
} SmallDisk;

static char *
get_waiting (ScTestWorkplace *workplace)
{
  g_autoptr (GVariant) answer = sc_test_workplace_call (workplace, "ListReports", NULL);
  g_autoptr (GVariant) rows = g_variant_get_child_value (answer, 0);
  char *id;

  g_assert_cmpuint (g_variant_n_children (rows), ==, 1);
  g_variant_get_child (rows, 0, "(sxssux)", &id, NULL, NULL, NULL, NULL, NULL);
  return id;
}

static gboolean
was_delivered (ScTestWorkplace *workplace, const char *id)
{
  g_autoptr (JsonObject) answer = sc_test_sandbox_get_reports (workplace->sandbox);
  JsonArray *reports = json_object_get_array_member (answer, "reports");
  guint n = 0;

  for (guint i = 0; i < json_array_get_length (reports); i++)
    n += g_str_equal (
      json_object_get_string_member (json_array_get_object_element (reports, i), "id"), id);
  return n == 1;
}

/* Connected, with a report that the cloud has not taken yet, and then no room any more. */
static void
small_disk_fill (SmallDisk *self)
{
  g_autofree char *folder = NULL;

  self->workplace = sc_test_workplace_prepare (SC_TEST_DESKTOP_KEYRING);
  self->filler = sc_test_workplace_get_path (self->workplace, "data/filler");
  folder = g_path_get_dirname (self->filler);
  mount_small_disk (folder);
  sc_test_workplace_start_agent (self->workplace);
  sc_test_workplace_connect (self->workplace, SC_TEST_HAPPY);
  sc_test_sandbox_set_trouble (self->workplace->sandbox, "unavailable", REPORTS_PATH);
  assert_check (self->workplace, "connected ");
  sc_test_workplace_wait_reports (self->workplace, 1);
  self->report = get_waiting (self->workplace);
  g_assert_false (was_delivered (self->workplace, self->report));
}

/* Room again: what was written before the disk was full has not been lost. */
static void
small_disk_clear (SmallDisk *self)
{
  sc_test_workplace_kill_agent (self->workplace);
  g_assert_cmpint (g_remove (self->filler), ==, 0);
  sc_test_workplace_sql (self->workplace, "UPDATE outbox SET next_attempt = 0");
  sc_test_sandbox_set_scenario (self->workplace->sandbox, "none");
  sc_test_workplace_start_agent (self->workplace);
  sc_test_workplace_connect (self->workplace, SC_TEST_HAPPY);
  g_assert_true (was_delivered (self->workplace, self->report));
  g_free (sc_test_workplace_run (self->workplace, "sikkactl log --verify", 0));
  sc_test_workplace_wait_grants (self->workplace, 1);
  sc_test_workplace_free (self->workplace);
  g_free (self->filler);
  g_free (self->report);
}

static void
fill_over_connect (void)
{
  SmallDisk disk;
  guint transaction;
  g_autofree char *url = NULL;

  small_disk_fill (&disk);
  transaction = sc_test_agent_connect (disk.workplace->agent, FALSE);
  url = sc_test_agent_wait_address (disk.workplace->agent);
  fill_disk (disk.filler);
  g_free (sc_test_workplace_decide (url, SC_TEST_HAPPY, "allow"));
  g_assert_cmpstr (sc_test_agent_wait_outcome (disk.workplace->agent, transaction)->outcome, ==,
                   "returned");
  assert_check (disk.workplace, "connected ");
  sc_test_agent_assert_text (disk.workplace->agent, "JournalState", "full");
  sc_test_workplace_wait_grants (disk.workplace, 1);

  sc_test_workplace_kill_agent (disk.workplace);
  sc_test_workplace_start_agent (disk.workplace);
  assert_check (disk.workplace, "connected ");
  small_disk_clear (&disk);
}

static void
fill_over_refresh (void)
{
  SmallDisk disk;

  small_disk_fill (&disk);
  fill_disk (disk.filler);
  sc_test_sandbox_advance_clock (disk.workplace->sandbox, 2 * HOUR);
  assert_check (disk.workplace, "connected ");
  sc_test_agent_assert_text (disk.workplace->agent, "JournalState", "full");

  sc_test_workplace_kill_agent (disk.workplace);
  sc_test_workplace_start_agent (disk.workplace);
  assert_check (disk.workplace, "connected ");
  small_disk_clear (&disk);
}

static void
fill_over_disconnect (void)
{
  SmallDisk disk;

  small_disk_fill (&disk);
  fill_disk (disk.filler);
  sc_test_workplace_disconnect (disk.workplace);
  sc_test_workplace_wait_grants (disk.workplace, 0);

  sc_test_workplace_kill_agent (disk.workplace);
  sc_test_workplace_start_agent (disk.workplace);
  sc_test_workplace_refuse (disk.workplace, "Check", g_variant_new ("(a{sv})", NULL),
                            "NotConnected");
  /* The journal could not be told that it was asked for: the keyring is what counts. */
  sc_test_agent_assert_text (disk.workplace->agent, "KeptIn", "none");
  sc_test_agent_assert_text (disk.workplace->agent, "Phase", "failed");
  sc_test_agent_assert_text (disk.workplace->agent, "ErrorId", "store-absent");
  small_disk_clear (&disk);
}

/* ---- each in a process of its own ---- */

#define UNSHARE "unshare", "--user", "--map-root-user", "--mount"

static gboolean
can_mount (void)
{
  g_autoptr (GSubprocess) process =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL, UNSHARE, "mount", "-t", "tmpfs",
                      "tmpfs", g_get_tmp_dir (), NULL);

  return process != NULL && g_subprocess_wait_check (process, NULL, NULL);
}

/* Root in a user namespace of its own, which a program can only enter before it has threads: so the
 * test begins once more inside one. */
static void
become_root (char **argv)
{
  g_autoptr (GPtrArray) command = g_ptr_array_new ();
  static const char *const unshare_command[] = { UNSHARE, "--" };

  if (geteuid () == 0 || !can_mount ())
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (unshare_command); i++)
    g_ptr_array_add (command, (char *) unshare_command[i]);
  for (char **argument = argv; *argument != NULL; argument++)
    g_ptr_array_add (command, *argument);
  g_ptr_array_add (command, NULL);
  execvp ("unshare", (char **) command->pdata);
}

static void
test_full (gconstpointer data)
{
  void (*run) (void) = *(void (*const *) (void)) data;

  if (g_test_subprocess ())
    {
      run ();
      return;
    }
  if (geteuid () != 0 && g_getenv ("SC_TEST_ALLOW_SKIP") != NULL)
    {
      g_test_skip ("no file system of its own can be mounted here");
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static const struct
{
  const char *path;
  void (*run) (void);
} cases[] = {
  { "/agent/disk/full", run_on_small_disk },
  { "/agent/disk/fills-over-connect", fill_over_connect },
  { "/agent/disk/fills-over-refresh", fill_over_refresh },
  { "/agent/disk/fills-over-disconnect", fill_over_disconnect },
};

int
main (int argc, char **argv)
{
  become_root (argv);
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, &cases[i].run, test_full);

  return g_test_run ();
}
