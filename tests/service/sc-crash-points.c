// SPDX-License-Identifier: MIT
// Points where a test ends a program, and those of the journal and its files. Linked around the
// program's own objects (ld --wrap), so that nothing in them knows of it.
//
// SC_TEST_CRASH_LOG=FILE lists the points that are passed, SC_TEST_CRASH_AT=POINT#N kills the
// process when it comes to a point for the Nth time. A point is named after what is done:
// "journal/…", "file/…", "keyring/…" or "http/…", and ends in "/before" or "/after".

#define G_LOG_DOMAIN "sc-test"

#include "sc-crash-points.h"

#include "sc-journal-private.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- a point ---- */

static int
open_log (void)
{
  const char *path = g_getenv ("SC_TEST_CRASH_LOG");

  if (path == NULL)
    return -1;
  return open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* One write, so that the line is whole or not there. */
static void
write_line (const char *point)
{
  static int log = -2;
  g_autofree char *line = g_strconcat (point, "\n", NULL);

  if (log == -2)
    log = open_log ();
  if (log >= 0 && write (log, line, strlen (line)) < 0)
    g_warning ("the log of crash points cannot be written");
}

void
sc_crash_points_pass (const char *step, const char *when)
{
  static GHashTable *counts;
  g_autofree char *name = g_strconcat (step, "/", when, NULL);
  g_autofree char *point = NULL;
  guint n;

  if (counts == NULL)
    counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, name)) + 1;
  g_hash_table_insert (counts, g_strdup (name), GUINT_TO_POINTER (n));
  point = g_strdup_printf ("%s#%u", name, n);
  write_line (point);
  if (g_strcmp0 (point, g_getenv ("SC_TEST_CRASH_AT")) == 0)
    raise (SIGKILL);
}

/* ---- the journal ---- */

/* "INSERT OR REPLACE INTO state VALUES (?, ?)" is "journal/INSERT-OR-REPLACE-INTO-state". */
static char *
describe_statement (const char *sql)
{
  g_autoptr (GString) step = g_string_new ("journal");

  for (guint words = 0; words < 5 && (g_ascii_isalpha (*sql) || *sql == '_'); words++)
    {
      gsize length = strspn (sql, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_");

      if (words > 0 && strncmp (sql, "VALUES", length) == 0)
        break;
      g_string_append_c (step, words == 0 ? '/' : '-');
      g_string_append_len (step, sql, (gssize) length);
      sql += length + strspn (sql + length, " ");
    }
  return g_string_free (g_steal_pointer (&step), FALSE);
}

static gboolean migrating;

int __real_sc_journal_schema_migrate (sqlite3 *database, const char *const *steps, guint n_steps);
int __wrap_sc_journal_schema_migrate (sqlite3 *database, const char *const *steps, guint n_steps);

int
__wrap_sc_journal_schema_migrate (sqlite3 *database, const char *const *steps, guint n_steps)
{
  int result;

  migrating = TRUE;
  result = __real_sc_journal_schema_migrate (database, steps, n_steps);
  migrating = FALSE;
  return result;
}

/* Within a transaction nothing is durable before its COMMIT; but each step of a migration counts.
 */
static gboolean
is_durable (sqlite3_stmt *statement)
{
  const char *sql = sqlite3_sql (statement);
  gboolean alone = sqlite3_get_autocommit (sqlite3_db_handle (statement)) != 0;

  if (sql == NULL || g_str_has_prefix (sql, "BEGIN") || g_str_has_prefix (sql, "ROLLBACK"))
    return FALSE;
  if (g_str_has_prefix (sql, "COMMIT") || g_str_has_prefix (sql, "PRAGMA journal_mode ="))
    return TRUE;
  if (g_str_has_prefix (sql, "PRAGMA") && strchr (sql, '=') == NULL)
    return FALSE;
  return (alone || migrating) && sqlite3_stmt_readonly (statement) == 0;
}

static int
statement_cb (unsigned type, void *context, void *data, void *detail)
{
  sqlite3_stmt *statement = data;
  g_autofree char *step = NULL;

  if (!is_durable (statement))
    return 0;
  step = describe_statement (sqlite3_sql (statement));
  sc_crash_points_pass (step, type == SQLITE_TRACE_STMT ? "before" : "after");
  return 0;
}

int __real_sqlite3_open_v2 (const char *name, sqlite3 **database, int flags, const char *vfs);
int __wrap_sqlite3_open_v2 (const char *name, sqlite3 **database, int flags, const char *vfs);

int
__wrap_sqlite3_open_v2 (const char *name, sqlite3 **database, int flags, const char *vfs)
{
  int result = __real_sqlite3_open_v2 (name, database, flags, vfs);

  if (result == SQLITE_OK)
    sqlite3_trace_v2 (*database, SQLITE_TRACE_STMT | SQLITE_TRACE_PROFILE, statement_cb, NULL);
  return result;
}

/* ---- files ---- */

int __real_rename (const char *from, const char *to);
int __wrap_rename (const char *from, const char *to);

int
__wrap_rename (const char *from, const char *to)
{
  const char *kind = strrchr (from, '-');
  g_autofree char *step = NULL;
  int result;

  step = g_strdup_printf (
    "file/rename%s",
    g_strcmp0 (kind, "-wal") == 0 || g_strcmp0 (kind, "-shm") == 0 ? kind : "-database");
  sc_crash_points_pass (step, "before");
  result = __real_rename (from, to);
  sc_crash_points_pass (step, "after");
  return result;
}
