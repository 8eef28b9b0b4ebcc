// SPDX-License-Identifier: MIT
// What a kill, a damaged file and a newer schema leave behind: earlier rows whole, nothing deleted,
// and always a journal that records. The program starts itself again as the one to be killed.

#define G_LOG_DOMAIN "sc-test"

#include "sc-journal-fixture.h"

#include <gio/gio.h>
#include <string.h>

#define PAGE 4096

/* How the child writes: within a transaction that is still open, or each row by itself. */
#define INSIDE "--inside"
#define AFTER "--after"

static char *program;

/* --- killed --- */

static void
write_more (ScJournal *journal)
{
  enqueue (journal, "report-2", "account-1", "state");
  append (journal, "check");
  g_assert_true (sc_journal_set_device_id (journal, "device-2", NULL));
  g_assert_true (sc_journal_count (journal, SC_COUNTER_REFRESHES, 1, NULL));
}

/* Ends with the parent at the latest: its standard input is closed then. */
static int
run_child (const char *mode, const char *path)
{
  g_autoptr (ScJournal) journal = sc_journal_open (path);

  g_assert_cmpint (sc_journal_get_health (journal), ==, SC_JOURNAL_RECORDING);
  if (g_str_equal (mode, INSIDE))
    g_assert_true (sc_journal_begin (journal, NULL));
  write_more (journal);
  g_print ("written\n");
  getchar ();
  return 0;
}

static void
write_and_kill (Fixture *fixture, const char *mode)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;
  g_autoptr (GSubprocess) child =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                      program, mode, fixture->path, NULL);
  g_autoptr (GDataInputStream) output = NULL;

  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (child));
  line = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (line, ==, "written");
  g_subprocess_force_exit (child);
  g_assert_true (g_subprocess_wait (child, NULL, &error));
  g_assert_false (g_subprocess_get_successful (child));
}

static void
write_first (Fixture *fixture)
{
  enqueue (fixture->journal, "report-1", "account-1", "state");
  append (fixture->journal, "connect");
  g_assert_true (sc_journal_set_device_id (fixture->journal, "device-1", NULL));
}

static void
assert_written (ScJournal *journal, const char *reports, const char *device, int n_refreshes)
{
  g_autofree char *device_id = sc_journal_get_device_id (journal);

  assert_reports (journal, reports);
  g_assert_cmpstr (device_id, ==, device);
  g_assert_cmpint (sc_journal_get_counters (journal).refreshes, ==, n_refreshes);
  g_assert_cmpint (verify (journal), ==, 0);
}

static void
test_killed_inside (Fixture *fixture, gconstpointer data)
{
  write_first (fixture);
  g_clear_object (&fixture->journal);
  write_and_kill (fixture, INSIDE);
  reopen (fixture);
  assert_written (fixture->journal, "report-1", "device-1", 0);
  write_more (fixture->journal);
  assert_written (fixture->journal, "report-1 report-2", "device-2", 1);
}

static void
test_killed_after (Fixture *fixture, gconstpointer data)
{
  write_first (fixture);
  g_clear_object (&fixture->journal);
  write_and_kill (fixture, AFTER);
  reopen (fixture);
  assert_written (fixture->journal, "report-1 report-2", "device-2", 1);
}

/* --- set aside --- */

static GBytes *
read_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *contents;
  gsize length;

  g_file_get_contents (path, &contents, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (contents, length);
}

static void
write_file (const char *path, const char *contents, gssize length)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, contents, length, &error);
  g_assert_no_error (error);
}

static void
overwrite (Fixture *fixture, gsize from, gsize to)
{
  g_autoptr (GBytes) bytes = read_file (fixture->path);
  g_autofree char *contents = g_memdup2 (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  g_assert_cmpuint (to, <=, g_bytes_get_size (bytes));
  for (gsize i = from; i < to; i++)
    contents[i] = (char) g_test_rand_int ();
  write_file (fixture->path, contents, (gssize) g_bytes_get_size (bytes));
}

static void
damage_middle (Fixture *fixture)
{
  overwrite (fixture, 2 * PAGE, 8 * PAGE);
}

static void
damage_header (Fixture *fixture)
{
  overwrite (fixture, 0, 100);
}

static void
damage_schema_page (Fixture *fixture)
{
  overwrite (fixture, 100, PAGE);
}

static void
truncate_half (Fixture *fixture)
{
  g_autoptr (GBytes) bytes = read_file (fixture->path);

  write_file (fixture->path, g_bytes_get_data (bytes, NULL),
              (gssize) g_bytes_get_size (bytes) / 2 + 17);
}

static void
truncate_to_a_few_bytes (Fixture *fixture)
{
  write_file (fixture->path, "SQLite format 3", 15);
}

static void
replace_by_text (Fixture *fixture)
{
  write_file (fixture->path, "This is a letter to a patient.\n", -1);
}

static void
replace_by_zeroes (Fixture *fixture)
{
  g_autofree char *zeroes = g_malloc0 (5 * PAGE);

  write_file (fixture->path, zeroes, 5 * PAGE);
}

static void
replace_by_other_database (Fixture *fixture)
{
  g_remove (fixture->path);
  tamper (fixture, "CREATE TABLE recipes (title TEXT); INSERT INTO recipes VALUES ('soup')");
}

static void
make_newer (Fixture *fixture)
{
  tamper (fixture, "ALTER TABLE outbox ADD COLUMN priority INTEGER; PRAGMA user_version = 2");
}

static void
make_much_newer (Fixture *fixture)
{
  tamper (fixture, "PRAGMA user_version = 2147483647");
}

static void
make_version_negative (Fixture *fixture)
{
  tamper (fixture, "PRAGMA user_version = -1");
}

static void
make_version_zero (Fixture *fixture)
{
  tamper (fixture, "PRAGMA user_version = 0");
}

static void
take_application_id (Fixture *fixture)
{
  tamper (fixture, "PRAGMA application_id = 7");
}

static void
take_table (Fixture *fixture)
{
  tamper (fixture, "DROP TABLE pending_revocation");
}

static void
take_column (Fixture *fixture)
{
  tamper (fixture, "ALTER TABLE activity DROP COLUMN reference");
}

static const struct
{
  const char *name;
  void (*damage) (Fixture *fixture);
} damages[] = {
  { "middle", damage_middle },
  { "header", damage_header },
  { "schema-page", damage_schema_page },
  { "truncated", truncate_half },
  { "few-bytes", truncate_to_a_few_bytes },
  { "text-file", replace_by_text },
  { "zeroes", replace_by_zeroes },
  { "other-database", replace_by_other_database },
  { "newer", make_newer },
  { "much-newer", make_much_newer },
  { "version-negative", make_version_negative },
  { "version-zero", make_version_zero },
  { "other-application", take_application_id },
  { "table-missing", take_table },
  { "column-missing", take_column },
};

static void
write_a_lot (ScJournal *journal)
{
  g_assert_true (sc_journal_begin (journal, NULL));
  for (guint i = 0; i < 400; i++)
    append (journal, "connect");
  g_assert_true (sc_journal_commit (journal, NULL));
}

/* The second time in the same second: both stay. */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *first = NULL;

  for (guint n = 0; n < 2; n++)
    {
      g_autoptr (GBytes) before = NULL;
      g_autoptr (GBytes) after = NULL;

      write_a_lot (fixture->journal);
      g_clear_object (&fixture->journal);
      damages[i].damage (fixture);
      before = read_file (fixture->path);

      fixture->journal = sc_journal_open (fixture->path);
      g_assert_cmpint (sc_journal_get_health (fixture->journal), ==, SC_JOURNAL_RECORDING);
      g_assert_true (g_str_has_prefix (sc_journal_get_set_aside (fixture->journal), fixture->path));
      g_assert_cmpstr (sc_journal_get_set_aside (fixture->journal), !=, first);
      after = read_file (sc_journal_get_set_aside (fixture->journal));
      g_assert_true (g_bytes_equal (before, after));
      assert_reports (fixture->journal, "");
      g_free (first);
      first = g_strdup (sc_journal_get_set_aside (fixture->journal));
    }
  write_more (fixture->journal);
  reopen (fixture);
  assert_written (fixture->journal, "report-2", "device-2", 1);
}

static void
test_empty_file (Fixture *fixture, gconstpointer data)
{
  write_file (fixture->path, "", 0);
  reopen (fixture);
  write_more (fixture->journal);
}

static void
test_folder_in_its_place (Fixture *fixture, gconstpointer data)
{
  g_autofree char *inside = g_build_filename (fixture->path, "letter.txt", NULL);
  g_autofree char *kept = NULL;

  g_assert_cmpint (g_mkdir (fixture->path, 0700), ==, 0);
  write_file (inside, "Dear patient", -1);
  fixture->journal = sc_journal_open (fixture->path);
  g_assert_cmpint (sc_journal_get_health (fixture->journal), ==, SC_JOURNAL_RECORDING);
  kept = g_build_filename (sc_journal_get_set_aside (fixture->journal), "letter.txt", NULL);
  g_assert_true (g_file_test (kept, G_FILE_TEST_IS_REGULAR));
  write_more (fixture->journal);
}

/* The log of a killed writer goes with the file it belongs to, byte for byte. */
static void
test_log_goes_along (Fixture *fixture, gconstpointer data)
{
  g_autofree char *log = g_strconcat (fixture->path, "-wal", NULL);
  g_autofree char *kept = NULL;
  g_autoptr (GBytes) before = NULL;
  g_autoptr (GBytes) after = NULL;

  write_first (fixture);
  g_clear_object (&fixture->journal);
  write_and_kill (fixture, AFTER);
  before = read_file (log);
  g_assert_cmpuint (g_bytes_get_size (before), >, 0);
  replace_by_text (fixture);

  fixture->journal = sc_journal_open (fixture->path);
  kept = g_strconcat (sc_journal_get_set_aside (fixture->journal), "-wal", NULL);
  after = read_file (kept);
  g_assert_true (g_bytes_equal (before, after));
  assert_reports (fixture->journal, "");
}

/* A newer file keeps what only its log holds. */
static void
test_newer_with_log (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_strdup (fixture->path);

  make_newer (fixture);
  g_clear_object (&fixture->journal);
  tamper (fixture, "PRAGMA user_version = 1");
  write_and_kill (fixture, AFTER);
  {
    sqlite3 *database = NULL;

    /* Into the log alone, as the newer program would have left it when killed. */
    g_assert_cmpint (sqlite3_open (fixture->path, &database), ==, SQLITE_OK);
    sqlite3_db_config (database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    g_assert_cmpint (sqlite3_exec (database, "PRAGMA user_version = 2", NULL, NULL, NULL), ==,
                     SQLITE_OK);
    sqlite3_close (database);
  }
  fixture->journal = sc_journal_open (fixture->path);
  g_assert_nonnull (sc_journal_get_set_aside (fixture->journal));
  g_free (fixture->path);
  fixture->path = g_strdup (sc_journal_get_set_aside (fixture->journal));
  assert_look (fixture, "SELECT id FROM outbox", "report-2");
  assert_look (fixture, "PRAGMA user_version", "2");
  g_free (fixture->path);
  fixture->path = g_steal_pointer (&path);
}

/* Wherever the bytes are wrong: no crash, and a journal that records in the end. */
static void
test_any_byte (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) whole = NULL;
  gsize size;

  write_a_lot (fixture->journal);
  write_first (fixture);
  g_clear_object (&fixture->journal);
  whole = read_file (fixture->path);
  size = g_bytes_get_size (whole);
  for (guint i = 0; i < 60; i++)
    {
      gsize from = (gsize) g_test_rand_int_range (0, (gint32) size);
      gint64 rows;
      gint64 broken_at;
      ScJournalState state;
      g_autofree char *name = NULL;

      write_file (fixture->path, g_bytes_get_data (whole, NULL), (gssize) size);
      overwrite (fixture, from, MIN (from + 8, size));
      fixture->journal = sc_journal_open (fixture->path);
      g_assert_cmpint (sc_journal_get_health (fixture->journal), ==, SC_JOURNAL_RECORDING);
      if (sc_journal_load_state (fixture->journal, &state, NULL))
        sc_journal_state_clear (&state);
      sc_journal_verify_activity (fixture->journal, &rows, &broken_at, NULL);
      sc_journal_append_activity (fixture->journal, CREATED, "a", "b", "c", NULL, NULL);
      g_clear_object (&fixture->journal);
    }
}

/* Damaged while it is open: said so, and put aside the next time. */
static void
test_damaged_while_open (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gint64 rows;
  gint64 broken_at;

  write_a_lot (fixture->journal);
  tamper (fixture, "PRAGMA wal_checkpoint (TRUNCATE)");
  {
    g_autoptr (GBytes) whole = read_file (fixture->path);
    g_autofree char *noise = g_strnfill (g_bytes_get_size (whole) - 2 * PAGE, '\xa5');
    FILE *file = g_fopen (fixture->path, "r+b");

    g_assert_cmpint (fseek (file, 2 * PAGE, SEEK_SET), ==, 0);
    g_assert_cmpuint (fwrite (noise, 1, strlen (noise), file), ==, strlen (noise));
    fclose (file);
  }
  sqlite3_db_release_memory (fixture->journal->database);

  g_assert_false (sc_journal_verify_activity (fixture->journal, &rows, &broken_at, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_JOURNAL_FAILED);
  g_assert_cmpint (sc_journal_get_health (fixture->journal), ==, SC_JOURNAL_FAILED);
  g_clear_object (&fixture->journal);

  fixture->journal = sc_journal_open (fixture->path);
  g_assert_cmpint (sc_journal_get_health (fixture->journal), ==, SC_JOURNAL_RECORDING);
  g_assert_nonnull (sc_journal_get_set_aside (fixture->journal));
}

/* --- the schema's next version --- */

static void
assert_migration (Fixture *fixture, const char *step, int expected, const char *version)
{
  const char *const steps[] = { sc_journal_schema_steps[0], step };
  sqlite3 *database = NULL;

  g_assert_cmpint (sqlite3_open (fixture->path, &database), ==, SQLITE_OK);
  g_assert_cmpint (sc_journal_schema_migrate (database, steps, G_N_ELEMENTS (steps)), ==, expected);
  g_assert_cmpint (sqlite3_get_autocommit (database), !=, 0);
  g_assert_cmpint (sqlite3_close (database), ==, SQLITE_OK);
  assert_look (fixture, "PRAGMA user_version", version);
}

static void
test_migrates (Fixture *fixture, gconstpointer data)
{
  const char *columns = "SELECT count (*) FROM pragma_table_info ('outbox')";

  write_first (fixture);
  g_clear_object (&fixture->journal);
  assert_migration (fixture,
                    "ALTER TABLE outbox ADD COLUMN priority INTEGER; SELECT no_such_function ();",
                    SQLITE_ERROR, "1");
  assert_look (fixture, columns, "7");
  assert_migration (fixture,
                    "ALTER TABLE outbox ADD COLUMN priority INTEGER; PRAGMA user_version = 2;",
                    SQLITE_OK, "2");
  assert_look (fixture, columns, "8");
  assert_look (fixture, "SELECT id FROM outbox", "report-1");
  assert_migration (fixture, "not run again", SQLITE_OK, "2");
}

static void
add_damages (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autofree char *path = g_strconcat ("/agent/journal/set-aside/", damages[i].name, NULL);

      g_test_add (path, Fixture, GSIZE_TO_POINTER (i), set_up, test_damaged, tear_down);
    }
}

#define ADD(name, set_up_function, function) \
  g_test_add ("/agent/journal/" name, Fixture, NULL, set_up_function, function, tear_down)

int
main (int argc, char **argv)
{
  program = argv[0];
  if (argc == 3 && (g_str_equal (argv[1], INSIDE) || g_str_equal (argv[1], AFTER)))
    return run_child (argv[1], argv[2]);
  init_test (&argc, &argv);

  ADD ("killed/inside-a-transaction", set_up, test_killed_inside);
  ADD ("killed/after-writing", set_up, test_killed_after);
  add_damages ();
  ADD ("set-aside/empty-file", set_up_folder, test_empty_file);
  ADD ("set-aside/folder-in-its-place", set_up_folder, test_folder_in_its_place);
  ADD ("set-aside/log-goes-along", set_up, test_log_goes_along);
  ADD ("set-aside/newer-with-log", set_up, test_newer_with_log);
  ADD ("set-aside/any-byte", set_up, test_any_byte);
  ADD ("set-aside/damaged-while-open", set_up, test_damaged_while_open);
  ADD ("migrates", set_up, test_migrates);

  return g_test_run ();
}
