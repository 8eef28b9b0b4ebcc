// SPDX-License-Identifier: MIT
// Kills a program over each statement with which it brings a journal to a later version. There is
// one version so far, so the step to the second is this test's own.

#define G_LOG_DOMAIN "sc-test"

#include "sc-journal-private.h"

#include <glib/gstdio.h>

#define CREATED 1790000000

static const char version_2[] =
  "ALTER TABLE outbox ADD COLUMN channel TEXT NOT NULL DEFAULT 'old';"
  "CREATE TABLE later (id TEXT PRIMARY KEY NOT NULL, account TEXT NOT NULL) STRICT;"
  "INSERT INTO later SELECT id, account FROM outbox;"
  "UPDATE outbox SET channel = 'new';"
  "PRAGMA user_version = 2;";

/* What both versions know. */
static const char *const kept[] = {
  "SELECT group_concat (id || account || kind || created || body || attempts, ' ') FROM outbox",
  "SELECT group_concat (sequence || user || action || result || hash, ' ') FROM activity",
  "SELECT group_concat (key || value, ' ') FROM state",
  "SELECT group_concat (key || value, ' ') FROM meta",
  "SELECT group_concat (credential_id || since, ' ') FROM pending_revocation",
};

static const char *const parts[] = { "", "-wal", "-shm" };

typedef struct
{
  char *folder;
  char *path;
  char *log;
  char *whole; /* all that has to be kept */
} Fixture;

/* Returns: (transfer full): the one value that @sql answers */
static char *
look (Fixture *fixture, const char *sql)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  sqlite3 *database = NULL;
  char *value;

  g_assert_cmpint (sqlite3_open (fixture->path, &database), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (database, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  value = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  g_clear_pointer (&statement, sqlite3_finalize);
  g_assert_cmpint (sqlite3_close (database), ==, SQLITE_OK);
  return value;
}

static char *
look_at_all (Fixture *fixture)
{
  GString *all = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (kept); i++)
    {
      g_autofree char *rows = look (fixture, kept[i]);

      g_assert_nonnull (rows);
      g_string_append_printf (all, "%s\n", rows);
    }
  return g_string_free (all, FALSE);
}

/* A journal of version 1, as an agent that was killed leaves it: most of it in the log. */
static void
write_old (Fixture *fixture)
{
  g_autoptr (ScJournal) journal = sc_journal_open (fixture->path);
  ScJournalState state = { .state = SC_STATE_CONNECTED, .account = (char *) "a" };

  g_assert_true (sc_journal_set_device_id (journal, "device", NULL));
  g_assert_true (sc_journal_save_state (journal, &state, NULL));
  g_assert_true (sc_journal_add_revocation (journal, "grant", CREATED, NULL));
  g_assert_true (
    sc_journal_enqueue_report (journal, "one", "a", "state", CREATED, "{\"n\":1}", NULL));
  g_assert_true (
    sc_journal_enqueue_report (journal, "two", "a", "routine", CREATED, "{\"n\":2}", NULL));
  g_assert_true (
    sc_journal_append_activity (journal, CREATED, "somebody", "check", "connected", "R", NULL));
}

static void
remove_journal (Fixture *fixture)
{
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *part = g_strconcat (fixture->path, parts[i], NULL);

      g_unlink (part);
    }
}

/* What the child of this test does. */
static void
migrate (const char *path)
{
  const char *const steps[] = { sc_journal_schema_steps[0], version_2 };
  sqlite3 *database = NULL;

  g_assert_cmpint (sqlite3_open_v2 (path, &database, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sc_journal_schema_migrate (database, steps, G_N_ELEMENTS (steps)), ==,
                   SQLITE_OK);
  g_assert_cmpint (sqlite3_close (database), ==, SQLITE_OK);
}

/* Returns: whether the child came to its end; @point: (nullable): where it is to be killed */
static gboolean
run_child (Fixture *fixture, const char *point)
{
  g_setenv ("SC_TEST_JOURNAL", fixture->path, TRUE);
  g_setenv ("SC_TEST_CRASH_LOG", fixture->log, TRUE);
  if (point != NULL)
    g_setenv ("SC_TEST_CRASH_AT", point, TRUE);
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_unsetenv ("SC_TEST_JOURNAL");
  g_unsetenv ("SC_TEST_CRASH_LOG");
  g_unsetenv ("SC_TEST_CRASH_AT");
  return g_test_trap_has_passed ();
}

static void
assert_version (Fixture *fixture, const char *version)
{
  g_autofree char *found = look (fixture, "PRAGMA user_version");
  g_autofree char *columns =
    look (fixture, "SELECT count (*) FROM pragma_table_info ('outbox') WHERE name = 'channel'");
  g_autofree char *tables =
    look (fixture, "SELECT count (*) FROM sqlite_schema WHERE name = 'later'");
  g_autofree char *integrity = look (fixture, "PRAGMA integrity_check");
  g_autofree char *whole = look_at_all (fixture);
  const char *new = g_str_equal (found, "2") ? "1" : "0";

  g_assert_cmpstr (integrity, ==, "ok");
  g_assert_true (version == NULL || g_str_equal (found, version));
  g_assert_cmpstr (columns, ==, new);
  g_assert_cmpstr (tables, ==, new);
  g_assert_cmpstr (whole, ==, fixture->whole);
}

static void
assert_new_rows (Fixture *fixture)
{
  g_autofree char *rows = look (fixture, "SELECT group_concat (id, ' ') FROM later");
  g_autofree char *channels = look (fixture, "SELECT group_concat (channel, ' ') FROM outbox");

  g_assert_cmpstr (rows, ==, "one two");
  g_assert_cmpstr (channels, ==, "new new");
}

static void
crash_at (Fixture *fixture, const char *point)
{
  remove_journal (fixture);
  write_old (fixture);
  if (run_child (fixture, point))
    g_error ("%s is never reached", point);
  assert_version (fixture, NULL);
  g_assert_true (run_child (fixture, NULL));
  assert_version (fixture, "2");
  assert_new_rows (fixture);
}

static void
test_next_version (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) points = NULL;

  if (g_test_subprocess ())
    {
      migrate (g_getenv ("SC_TEST_JOURNAL"));
      return;
    }
  write_old (fixture);
  fixture->whole = look_at_all (fixture);
  g_assert_true (run_child (fixture, NULL));
  assert_version (fixture, "2");
  g_assert_true (g_file_get_contents (fixture->log, &text, NULL, NULL));
  points = g_strsplit (g_strchomp (text), "\n", -1);
  for (guint i = 0; points[i] != NULL; i++)
    {
      g_test_message ("%s", points[i]);
      crash_at (fixture, points[i]);
    }
  g_assert_cmpuint (g_strv_length (points), >, 1);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("sc-crash-XXXXXX", NULL);
  g_assert_nonnull (fixture->folder);
  fixture->path = g_build_filename (fixture->folder, "journal.db", NULL);
  fixture->log = g_build_filename (fixture->folder, "points", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  remove_journal (fixture);
  g_unlink (fixture->log);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->log);
  g_free (fixture->whole);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/crash/next-journal-version", Fixture, NULL, set_up, test_next_version, tear_down);

  return g_test_run ();
}
