// SPDX-License-Identifier: MIT
// SQLite in as few words as the sandbox needs: each part has a database of its own.

#define G_LOG_DOMAIN "sc-sandbox"

#include "sc-sandbox-db.h"

#include <gio/gio.h>

/* A killed sandbox keeps what it answered for; a power cut may take it, and tests run faster. */
static const char pragmas[] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;"
                              "PRAGMA foreign_keys = ON;";

sqlite3 *
sc_sandbox_db_open (const char *directory, const char *name, const char *schema, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (sqlite3) db = NULL;

  g_return_val_if_fail (name != NULL && schema != NULL, NULL);

  path = directory != NULL ? g_build_filename (directory, name, NULL) : g_strdup (":memory:");
  if (sqlite3_open (path, &db) != SQLITE_OK ||
      sqlite3_exec (db, pragmas, NULL, NULL, NULL) != SQLITE_OK ||
      sqlite3_exec (db, schema, NULL, NULL, NULL) != SQLITE_OK)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", name, sqlite3_errmsg (db));
      return NULL;
    }

  return g_steal_pointer (&db);
}

static sqlite3_stmt *
prepare (sqlite3 *db, const char *sql, const char *types, va_list arguments)
{
  sqlite3_stmt *statement = NULL;

  /* The statements are constants of ours: one that SQLite does not take is a mistake in the code.
   */
  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK)
    g_error ("%s: %s", sqlite3_errmsg (db), sql);
  for (int i = 0; types[i] != '\0'; i++)
    {
      if (types[i] == 'i')
        sqlite3_bind_int64 (statement, i + 1, va_arg (arguments, gint64));
      else
        sqlite3_bind_text (statement, i + 1, va_arg (arguments, const char *), -1,
                           SQLITE_TRANSIENT);
    }

  return statement;
}

sqlite3_stmt *
sc_sandbox_db_query (sqlite3 *db, const char *sql, const char *types, ...)
{
  va_list arguments;
  sqlite3_stmt *statement;

  g_return_val_if_fail (db != NULL && sql != NULL && types != NULL, NULL);

  va_start (arguments, types);
  statement = prepare (db, sql, types, arguments);
  va_end (arguments);

  return statement;
}

gboolean
sc_sandbox_db_next (sqlite3_stmt *statement)
{
  int result = sqlite3_step (statement);

  if (result != SQLITE_ROW && result != SQLITE_DONE)
    g_warning ("%s", sqlite3_errmsg (sqlite3_db_handle (statement)));

  return result == SQLITE_ROW;
}

int
sc_sandbox_db_run (sqlite3 *db, const char *sql, const char *types, ...)
{
  va_list arguments;
  g_autoptr (sqlite3_stmt) statement = NULL;

  g_return_val_if_fail (db != NULL && sql != NULL && types != NULL, 0);

  va_start (arguments, types);
  statement = prepare (db, sql, types, arguments);
  va_end (arguments);
  sc_sandbox_db_next (statement);

  return sqlite3_changes (db);
}

char *
sc_sandbox_db_dup_text (sqlite3_stmt *statement, int column)
{
  return g_strdup ((const char *) sqlite3_column_text (statement, column));
}
