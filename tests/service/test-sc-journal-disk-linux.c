// SPDX-License-Identifier: MIT
// Disks that are full or cannot be written. A full one is a small file system of its own, mounted
// where only a child process sees it.

#define _GNU_SOURCE
#define G_LOG_DOMAIN "sc-test"

#include "sc-journal-fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOBODY 65534
#define CANNOT_MOUNT 77
#define SMALL_DISK "--small-disk"

static char *program;

/* --- read-only --- */

/* Permissions do not bind root: the folder then belongs to somebody who is not. */
static void
become_somebody (Fixture *fixture)
{
  if (geteuid () != 0)
    return;
  g_assert_cmpint (chown (fixture->folder, NOBODY, NOBODY), ==, 0);
  if (g_file_test (fixture->path, G_FILE_TEST_EXISTS))
    g_assert_cmpint (chown (fixture->path, NOBODY, NOBODY), ==, 0);
  g_assert_cmpint (seteuid (NOBODY), ==, 0);
}

static void
tear_down_somebody (Fixture *fixture, gconstpointer data)
{
  if (getuid () == 0)
    g_assert_cmpint (seteuid (0), ==, 0);
  g_assert_cmpint (g_chmod (fixture->folder, 0700), ==, 0);
  tear_down (fixture, data);
}

static void
assert_not_recorded (Fixture *fixture, ScJournalHealth health, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (sc_journal_get_health (fixture->journal), ==, health);
  g_assert_false (sc_journal_probe_space (fixture->journal, &error));
  g_assert_error (error, SC_ERROR, code);

  /* It goes on in memory, and does not pretend. */
  enqueue (fixture->journal, "in-memory", "a", "state");
  append (fixture->journal, "check");
  g_assert_cmpint (verify (fixture->journal), ==, 0);
  g_assert_cmpint (sc_journal_get_health (fixture->journal), ==, health);
}

static void
test_read_only_empty_folder (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (g_chmod (fixture->folder, 0500), ==, 0);
  become_somebody (fixture);
  fixture->journal = sc_journal_open (fixture->path);
  assert_not_recorded (fixture, SC_JOURNAL_READ_ONLY, SC_ERROR_JOURNAL_READ_ONLY);
  assert_reports (fixture->journal, "in-memory");
  g_assert_null (sc_journal_get_set_aside (fixture->journal));
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

static void
write_and_close (Fixture *fixture)
{
  enqueue (fixture->journal, "recorded", "a", "state");
  append (fixture->journal, "connect");
  g_clear_object (&fixture->journal);
}

static void
assert_goes_on (Fixture *fixture)
{
  fixture->journal = sc_journal_open (fixture->path);
  assert_not_recorded (fixture, SC_JOURNAL_READ_ONLY, SC_ERROR_JOURNAL_READ_ONLY);
  assert_reports (fixture->journal, "recorded in-memory");
  g_assert_null (sc_journal_get_set_aside (fixture->journal));
}

static void
test_read_only_folder (Fixture *fixture, gconstpointer data)
{
  write_and_close (fixture);
  g_assert_cmpint (g_chmod (fixture->folder, 0500), ==, 0);
  become_somebody (fixture);
  assert_goes_on (fixture);
}

static void
test_read_only_file (Fixture *fixture, gconstpointer data)
{
  write_and_close (fixture);
  g_assert_cmpint (g_chmod (fixture->path, 0400), ==, 0);
  become_somebody (fixture);
  assert_goes_on (fixture);
}

/* Neither readable nor to be moved: begin from nothing, leave it alone. */
static void
test_not_ours_to_read (Fixture *fixture, gconstpointer data)
{
  write_and_close (fixture);
  g_assert_cmpint (g_chmod (fixture->path, 0), ==, 0);
  become_somebody (fixture);
  fixture->journal = sc_journal_open (fixture->path);
  assert_not_recorded (fixture, SC_JOURNAL_READ_ONLY, SC_ERROR_JOURNAL_READ_ONLY);
  assert_reports (fixture->journal, "in-memory");
}

static void
test_damaged_in_read_only_folder (Fixture *fixture, gconstpointer data)
{
  write_and_close (fixture);
  g_assert_true (g_file_set_contents (fixture->path, "no database at all", -1, NULL));
  g_assert_cmpint (g_chmod (fixture->folder, 0500), ==, 0);
  become_somebody (fixture);
  fixture->journal = sc_journal_open (fixture->path);
  assert_not_recorded (fixture, SC_JOURNAL_READ_ONLY, SC_ERROR_JOURNAL_READ_ONLY);
  g_assert_null (sc_journal_get_set_aside (fixture->journal));
}

static void
test_folder_missing (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "missing", "journal.sqlite", NULL);

  fixture->journal = sc_journal_open (path);
  assert_not_recorded (fixture, SC_JOURNAL_READ_ONLY, SC_ERROR_JOURNAL_READ_ONLY);
}

static void
test_read_only_later (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  enqueue (fixture->journal, "recorded", "a", "state");
  sqlite3_exec (fixture->journal->database, "PRAGMA query_only = ON", NULL, NULL, NULL);
  g_assert_false (sc_journal_remove_report (fixture->journal, "recorded", &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_JOURNAL_READ_ONLY);
  g_assert_cmpint (sc_journal_get_health (fixture->journal), ==, SC_JOURNAL_READ_ONLY);
  assert_reports (fixture->journal, "recorded");

  sqlite3_exec (fixture->journal->database, "PRAGMA query_only = OFF", NULL, NULL, NULL);
  g_assert_true (sc_journal_remove_report (fixture->journal, "recorded", NULL));
  g_assert_cmpint (sc_journal_get_health (fixture->journal), ==, SC_JOURNAL_RECORDING);
}

static void
test_folder_turns_read_only (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  become_somebody (fixture);
  g_assert_cmpint (g_chmod (fixture->folder, 0500), ==, 0);
  g_assert_false (sc_journal_probe_space (fixture->journal, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_JOURNAL_READ_ONLY);
  g_assert_cmpint (sc_journal_get_health (fixture->journal), ==, SC_JOURNAL_READ_ONLY);
  g_assert_cmpint (g_chmod (fixture->folder, 0700), ==, 0);
  g_assert_true (sc_journal_probe_space (fixture->journal, NULL));
  g_assert_cmpint (sc_journal_get_health (fixture->journal), ==, SC_JOURNAL_RECORDING);
}

static void
assert_mode (const char *path, const char *suffix, guint expected)
{
  g_autofree char *name = g_strconcat (path, suffix, NULL);
  GStatBuf status;

  g_assert_cmpint (g_stat (name, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, expected);
}

static void
test_private (Fixture *fixture, gconstpointer data)
{
  mode_t mask = umask (0);

  fixture->journal = sc_journal_open (fixture->path);
  append (fixture->journal, "connect");
  assert_mode (fixture->path, "", 0600);
  assert_mode (fixture->path, "-wal", 0600);
  assert_mode (fixture->path, "-shm", 0600);
  g_clear_object (&fixture->journal);

  g_assert_cmpint (g_chmod (fixture->path, 0666), ==, 0);
  reopen (fixture);
  append (fixture->journal, "check");
  assert_mode (fixture->path, "", 0600);
  assert_mode (fixture->path, "-wal", 0600);
  umask (mask);
}

/* --- full: the database cannot grow --- */

static gboolean
enqueue_large (ScJournal *journal, const char *id, GError **error)
{
  g_autofree char *body = g_strnfill (64 * 1024, 'x');

  return sc_journal_enqueue_report (journal, id, "a", "state", CREATED, body, error);
}

static void
assert_full (gboolean result, ScJournal *journal, GError **error)
{
  g_assert_false (result);
  g_assert_error (*error, SC_ERROR, SC_ERROR_JOURNAL_FULL);
  g_clear_error (error);
  g_assert_cmpint (sc_journal_get_health (journal), ==, SC_JOURNAL_FULL);
}

static void
test_full_database (Fixture *fixture, gconstpointer data)
{
  ScJournal *journal = fixture->journal;
  g_autoptr (GError) error = NULL;

  enqueue (journal, "recorded", "a", "state");
  sqlite3_exec (journal->database, "PRAGMA max_page_count = 1", NULL, NULL, NULL);
  assert_full (enqueue_large (journal, "large", &error), journal, &error);
  assert_full (sc_journal_probe_space (journal, &error), journal, &error);

  /* Inside a transaction: all of it goes, and the next one stands by itself. */
  g_assert_true (sc_journal_begin (journal, NULL));
  append (journal, "connect");
  assert_full (enqueue_large (journal, "large", &error), journal, &error);
  sc_journal_rollback (journal);
  assert_reports (journal, "recorded");
  assert_look (fixture, "SELECT count (*) FROM activity", "0");
  g_assert_true (sc_journal_begin (journal, NULL));
  assert_full (enqueue_large (journal, "large", &error), journal, &error);
  assert_full (sc_journal_commit (journal, &error), journal, &error);

  sqlite3_exec (journal->database, "PRAGMA max_page_count = 1000000", NULL, NULL, NULL);
  g_assert_true (enqueue_large (journal, "large", &error));
  g_assert_cmpint (sc_journal_get_health (journal), ==, SC_JOURNAL_RECORDING);
  g_assert_true (sc_journal_probe_space (journal, NULL));
  reopen (fixture);
  assert_reports (fixture->journal, "recorded large");
}

/* --- full: the disk itself --- */

static void
mount_small_disk (const char *folder)
{
  if (unshare (CLONE_NEWNS) != 0 || mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
      mount ("tmpfs", folder, "tmpfs", 0, "size=2m,nr_inodes=64,mode=700") != 0)
    {
      g_printerr ("no file system of its own: %s\n", g_strerror (errno));
      exit (CANNOT_MOUNT);
    }
}

static void
fill_disk (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "filler", NULL);
  g_autofree char *block = g_malloc0 (4096);
  int fd = g_open (path, O_CREAT | O_WRONLY | O_APPEND, 0600);

  g_assert_cmpint (fd, >=, 0);
  while (write (fd, block, 4096) > 0)
    ;
  g_assert_cmpint (errno, ==, ENOSPC);
  close (fd);
}

static void
free_disk (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "filler", NULL);

  g_assert_cmpint (g_remove (path), ==, 0);
}

static void
write_until_full (ScJournal *journal)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *id = g_strdup_printf ("large-%u", i);

      if (!enqueue_large (journal, id, &error))
        break;
    }
  assert_full (error == NULL, journal, &error);
}

/* Full while it is open: said so, earlier rows stay, and it records again once there is room. */
static void
check_full_later (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *reports = NULL;
  g_autofree char *reports_later = NULL;

  fixture->journal = sc_journal_open (fixture->path);
  enqueue (fixture->journal, "recorded", "a", "state");
  fill_disk (fixture->folder);
  assert_full (sc_journal_probe_space (fixture->journal, &error), fixture->journal, &error);
  write_until_full (fixture->journal);
  reports = list_reports (fixture->journal);
  g_assert_true (g_str_has_prefix (reports, "recorded"));

  free_disk (fixture->folder);
  enqueue (fixture->journal, "later", "a", "state");
  g_assert_cmpint (sc_journal_get_health (fixture->journal), ==, SC_JOURNAL_RECORDING);
  g_assert_true (sc_journal_probe_space (fixture->journal, NULL));
  reopen (fixture);
  reports_later = list_reports (fixture->journal);
  g_assert_true (g_str_has_suffix (reports_later, " later"));
}

/* Full at the start: what was recorded is there, new things are kept in memory, nothing is put
 * aside. */
static void
check_full_at_start (Fixture *fixture)
{
  g_autofree char *before = list_reports (fixture->journal);
  g_autofree char *with_one_more = g_strconcat (before, " in-memory", NULL);

  g_clear_object (&fixture->journal);
  fill_disk (fixture->folder);
  fixture->journal = sc_journal_open (fixture->path);
  g_assert_null (sc_journal_get_set_aside (fixture->journal));
  assert_not_recorded (fixture, SC_JOURNAL_FULL, SC_ERROR_JOURNAL_FULL);
  assert_reports (fixture->journal, with_one_more);
  g_clear_object (&fixture->journal);

  free_disk (fixture->folder);
  reopen (fixture);
  assert_reports (fixture->journal, before);
  g_assert_cmpint (verify (fixture->journal), ==, 0);
  g_clear_object (&fixture->journal);
}

static void
check_full_and_new (Fixture *fixture)
{
  g_assert_cmpint (g_remove (fixture->path), ==, 0);
  fill_disk (fixture->folder);
  fixture->journal = sc_journal_open (fixture->path);
  g_assert_null (sc_journal_get_set_aside (fixture->journal));
  assert_not_recorded (fixture, SC_JOURNAL_FULL, SC_ERROR_JOURNAL_FULL);
  g_clear_object (&fixture->journal);
}

/* Room for bytes, but for no further file: not even SQLite's own beside the database. */
static void
check_no_more_files (Fixture *fixture)
{
  int fd = 0;

  fixture->journal = sc_journal_open (fixture->path);
  write_and_close (fixture);
  for (guint i = 0; fd >= 0; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s/file-%u", fixture->folder, i);

      fd = g_open (name, O_CREAT | O_WRONLY, 0600);
      if (fd >= 0)
        close (fd);
    }
  g_assert_cmpint (errno, ==, ENOSPC);
  fixture->journal = sc_journal_open (fixture->path);
  assert_not_recorded (fixture, SC_JOURNAL_FULL, SC_ERROR_JOURNAL_FULL);
  assert_reports (fixture->journal, "recorded in-memory");
  g_clear_object (&fixture->journal);
}

static int
run_on_small_disk (char *folder)
{
  g_autofree char *path = g_build_filename (folder, "journal.sqlite", NULL);
  Fixture fixture = { .folder = folder, .path = path };

  mount_small_disk (folder);
  check_full_later (&fixture);
  check_full_at_start (&fixture);
  check_full_and_new (&fixture);
  free_disk (folder);
  check_no_more_files (&fixture);
  return 0;
}

static void
test_full_disk (Fixture *fixture, gconstpointer data)
{
  /* Mounting needs root: its own, in a user namespace, will do. */
  const char *const command[] = { "unshare",       "--user", "--map-root-user", program, SMALL_DISK,
                                  fixture->folder, NULL };
  gsize skip = geteuid () == 0 ? 3 : 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) child =
    g_subprocess_newv (command + skip, G_SUBPROCESS_FLAGS_NONE, &error);

  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait (child, NULL, &error));
  g_assert_true (g_subprocess_get_if_exited (child));
  if (g_subprocess_get_exit_status (child) == CANNOT_MOUNT && g_getenv ("SC_TEST_ALLOW_SKIP"))
    g_test_skip ("no file system of its own can be mounted here");
  else
    g_assert_cmpint (g_subprocess_get_exit_status (child), ==, 0);
}

#define ADD(name, set_up_function, function, tear_down_function) \
  g_test_add ("/agent/journal/" name, Fixture, NULL, set_up_function, function, tear_down_function)

int
main (int argc, char **argv)
{
  program = argv[0];
  if (argc == 3 && g_str_equal (argv[1], SMALL_DISK))
    return run_on_small_disk (argv[2]);
  init_test (&argc, &argv);

  ADD ("read-only/empty-folder", set_up_folder, test_read_only_empty_folder, tear_down_somebody);
  ADD ("read-only/folder", set_up, test_read_only_folder, tear_down_somebody);
  ADD ("read-only/file", set_up, test_read_only_file, tear_down_somebody);
  ADD ("read-only/not-ours-to-read", set_up, test_not_ours_to_read, tear_down_somebody);
  ADD ("read-only/damaged", set_up, test_damaged_in_read_only_folder, tear_down_somebody);
  ADD ("read-only/folder-missing", set_up_folder, test_folder_missing, tear_down);
  ADD ("read-only/later", set_up, test_read_only_later, tear_down);
  ADD ("read-only/folder-later", set_up, test_folder_turns_read_only, tear_down_somebody);
  ADD ("private", set_up_folder, test_private, tear_down);
  ADD ("full/database", set_up, test_full_database, tear_down);
  ADD ("full/disk", set_up_folder, test_full_disk, tear_down);

  return g_test_run ();
}
