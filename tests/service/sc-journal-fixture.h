// SPDX-License-Identifier: MIT
// A journal in a folder of its own, and a second connection to look into and tamper with its file.

#pragma once

#include "sc-journal-private.h"

#include <glib/gstdio.h>

#define CREATED 1795252320

typedef struct
{
  char *folder;
  char *path;
  ScJournal *journal;
} Fixture;

static inline void
remove_tree (const char *path)
{
  g_autoptr (GDir) folder =
    g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_assert_cmpint (g_remove (path), ==, 0);
}

static inline void
set_up_folder (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("sc-journal-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "journal.sqlite", NULL);
}

static inline void
set_up (Fixture *fixture, gconstpointer data)
{
  set_up_folder (fixture, data);
  fixture->journal = sc_journal_open (fixture->path);
  g_assert_cmpint (sc_journal_get_health (fixture->journal), ==, SC_JOURNAL_RECORDING);
}

static inline void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->journal);
  remove_tree (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static inline void
reopen (Fixture *fixture)
{
  g_clear_object (&fixture->journal);
  fixture->journal = sc_journal_open (fixture->path);
  g_assert_cmpint (sc_journal_get_health (fixture->journal), ==, SC_JOURNAL_RECORDING);
  g_assert_null (sc_journal_get_set_aside (fixture->journal));
}

/* Runs @sql through a connection that is not the journal's. */
static inline void
tamper (Fixture *fixture, const char *sql)
{
  sqlite3 *database = NULL;
  g_autofree char *message = NULL;
  int result;

  g_assert_cmpint (sqlite3_open (fixture->path, &database), ==, SQLITE_OK);
  result = sqlite3_exec (database, sql, NULL, NULL, NULL);
  message = g_strdup (sqlite3_errmsg (database));
  g_assert_cmpint (sqlite3_close (database), ==, SQLITE_OK);
  if (result != SQLITE_OK)
    g_error ("%s: %s", sql, message);
}

/* Returns: (transfer full): first column of all rows, as text, joined by "|" */
static inline char *
look (Fixture *fixture, const char *sql)
{
  sqlite3 *database = NULL;
  sqlite3_stmt *statement = NULL;
  GString *text = g_string_new (NULL);

  g_assert_cmpint (sqlite3_open (fixture->path, &database), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (database, sql, -1, &statement, NULL), ==, SQLITE_OK);
  while (sqlite3_step (statement) == SQLITE_ROW)
    g_string_append_printf (text, "%s%s", text->len > 0 ? "|" : "",
                            (const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  g_assert_cmpint (sqlite3_close (database), ==, SQLITE_OK);
  return g_string_free (text, FALSE);
}

static inline void
assert_look (Fixture *fixture, const char *sql, const char *expected)
{
  g_autofree char *found = look (fixture, sql);

  g_assert_cmpstr (found, ==, expected);
}

static inline void
append (ScJournal *journal, const char *action)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (
    sc_journal_append_activity (journal, CREATED, "anna", action, "connected", "K7-21F", &error));
  g_assert_no_error (error);
}

static inline void
enqueue (ScJournal *journal, const char *id, const char *account, const char *kind)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (sc_journal_enqueue_report (journal, id, account, kind, CREATED, "{}", &error));
  g_assert_no_error (error);
}

/* Returns: (transfer full): the ids of the reports that wait, joined by " " */
static inline char *
list_reports (ScJournal *journal)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) reports = sc_journal_list_reports (journal, &error);
  GString *ids = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < reports->len; i++)
    {
      const ScOutboxReport *report = g_ptr_array_index (reports, i);

      g_string_append_printf (ids, "%s%s", i > 0 ? " " : "", report->id);
    }
  return g_string_free (ids, FALSE);
}

static inline void
assert_reports (ScJournal *journal, const char *expected)
{
  g_autofree char *ids = list_reports (journal);

  g_assert_cmpstr (ids, ==, expected);
}

/* Returns: sequence of the first row that does not fit */
static inline gint64
verify (ScJournal *journal)
{
  g_autoptr (GError) error = NULL;
  gint64 rows;
  gint64 broken_at;

  g_assert_true (sc_journal_verify_activity (journal, &rows, &broken_at, &error));
  g_assert_no_error (error);
  return broken_at;
}

/* What is damaged on purpose is warned about, which must not end the test. */
static inline void
init_test (int *argc, char ***argv)
{
  g_test_init (argc, argv, NULL);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
}
