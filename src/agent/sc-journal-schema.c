// SPDX-License-Identifier: MIT
// The journal's tables, how an older file becomes the present one, and what makes a file whole.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-journal-private.h"

/* STRICT, so that a value of a wrong type is an error on the way in, not a surprise on the way out.
 * The outbox keeps its rowid: it is the order of arrival, which no change of the clock disturbs.
 * activity_head is there from the start, so that its absence means somebody took it away. */
static const char version_1[] =
  "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
  "CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
  "CREATE TABLE outbox (id TEXT PRIMARY KEY NOT NULL, account TEXT NOT NULL, kind TEXT NOT NULL,"
  "  created INTEGER NOT NULL, body TEXT NOT NULL, attempts INTEGER NOT NULL,"
  "  next_attempt INTEGER NOT NULL) STRICT;"
  "CREATE TABLE activity (sequence INTEGER PRIMARY KEY, time INTEGER NOT NULL, user TEXT NOT NULL,"
  "  action TEXT NOT NULL, result TEXT NOT NULL, reference TEXT NOT NULL, hash TEXT NOT NULL)"
  "  STRICT;"
  "CREATE TABLE checkpoint (sequence INTEGER PRIMARY KEY, hash TEXT NOT NULL) STRICT;"
  "CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
  "CREATE TABLE pending_revocation (credential_id TEXT PRIMARY KEY, since INTEGER NOT NULL)"
  "  STRICT, WITHOUT ROWID;"
  "INSERT INTO meta VALUES ('activity_head', '0 " SC_ACTIVITY_GENESIS "');"
  "PRAGMA user_version = 1;"
  "PRAGMA application_id = " G_STRINGIFY (SC_JOURNAL_APPLICATION_ID) ";";

const char *const sc_journal_schema_steps[SC_JOURNAL_SCHEMA] = { version_1 };

/* Preparing these fails where a table or a column is missing. */
static const char *const used_columns[] = {
  "SELECT key, value FROM meta",
  "SELECT key, value FROM state",
  "SELECT rowid, id, account, kind, created, body, attempts, next_attempt FROM outbox",
  "SELECT sequence, time, user, action, result, reference, hash FROM activity",
  "SELECT sequence, hash FROM checkpoint",
  "SELECT name, value FROM counters",
  "SELECT credential_id, since FROM pending_revocation",
};

static int
read_number (sqlite3 *database, const char *sql, gint64 *value)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  int result = sqlite3_prepare_v2 (database, sql, -1, &statement, NULL);

  if (result != SQLITE_OK)
    return result;
  result = sqlite3_step (statement);
  if (result != SQLITE_ROW)
    return result == SQLITE_DONE ? SQLITE_CORRUPT : result;
  *value = sqlite3_column_int64 (statement, 0);
  return SQLITE_OK;
}

static int
check_integrity (sqlite3 *database)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  int result = sqlite3_prepare_v2 (database, "PRAGMA integrity_check (1)", -1, &statement, NULL);

  if (result != SQLITE_OK)
    return result;
  result = sqlite3_step (statement);
  if (result != SQLITE_ROW)
    return result == SQLITE_DONE ? SQLITE_CORRUPT : result;
  if (g_strcmp0 ((const char *) sqlite3_column_text (statement, 0), "ok") != 0)
    return SQLITE_CORRUPT;
  return SQLITE_OK;
}

int
sc_journal_schema_examine (sqlite3 *database)
{
  gint64 application = 0;
  gint64 version = 0;
  gint64 n_objects = 0;
  int result = read_number (database, "PRAGMA application_id", &application);

  if (result == SQLITE_OK)
    result = read_number (database, "PRAGMA user_version", &version);
  if (result == SQLITE_OK)
    result = read_number (database, "SELECT count(*) FROM sqlite_schema", &n_objects);
  if (result != SQLITE_OK)
    return result;

  if (version == 0 && n_objects == 0)
    return SQLITE_OK;
  if (application != SC_JOURNAL_APPLICATION_ID || version < 1 || version > SC_JOURNAL_SCHEMA)
    return SQLITE_NOTADB;
  return check_integrity (database);
}

/* The version is read within the transaction: another process may have migrated meanwhile. */
static int
run_steps (sqlite3 *database, const char *const *steps, guint n_steps)
{
  gint64 version = 0;
  int result = read_number (database, "PRAGMA user_version", &version);

  for (gint64 i = MAX (version, 0); i < n_steps && result == SQLITE_OK; i++)
    {
      result = sqlite3_exec (database, steps[i], NULL, NULL, NULL);
      if (result == SQLITE_OK)
        result = read_number (database, "PRAGMA user_version", &version);
      g_assert (result != SQLITE_OK || version == i + 1);
    }
  return result;
}

int
sc_journal_schema_migrate (sqlite3 *database, const char *const *steps, guint n_steps)
{
  gint64 version = 0;
  int result = read_number (database, "PRAGMA user_version", &version);

  if (result != SQLITE_OK || version >= n_steps)
    return result;
  result = sqlite3_exec (database, "BEGIN IMMEDIATE", NULL, NULL, NULL);
  if (result != SQLITE_OK)
    return result;
  result = run_steps (database, steps, n_steps);
  if (result == SQLITE_OK)
    result = sqlite3_exec (database, "COMMIT", NULL, NULL, NULL);
  if (result != SQLITE_OK && sqlite3_get_autocommit (database) == 0)
    sqlite3_exec (database, "ROLLBACK", NULL, NULL, NULL);
  return result;
}

int
sc_journal_schema_verify (sqlite3 *database)
{
  for (gsize i = 0; i < G_N_ELEMENTS (used_columns); i++)
    {
      g_autoptr (sqlite3_stmt) statement = NULL;
      int result = sqlite3_prepare_v2 (database, used_columns[i], -1, &statement, NULL);

      if (result != SQLITE_OK)
        return result;
    }
  return SQLITE_OK;
}
