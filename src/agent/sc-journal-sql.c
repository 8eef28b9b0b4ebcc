// SPDX-License-Identifier: MIT
// Statements with bound values, and what SQLite's results mean for the journal.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-journal-private.h"

#include <errno.h>

/* A disk quota is a full disk to us; not every C library has the number. */
#ifdef EDQUOT
#define QUOTA_ERRNO EDQUOT
#else
#define QUOTA_ERRNO ENOSPC
#endif

static ScError
map_system_error (sqlite3 *database)
{
  switch (sqlite3_system_errno (database))
    {
    case ENOSPC:
      return SC_ERROR_JOURNAL_FULL;
    case EROFS:
    case EACCES:
    case EPERM:
      return SC_ERROR_JOURNAL_READ_ONLY;
    default:
      return sqlite3_system_errno (database) == QUOTA_ERRNO ? SC_ERROR_JOURNAL_FULL
                                                            : SC_ERROR_JOURNAL_FAILED;
    }
}

ScError
sc_journal_map_result (sqlite3 *database, int result)
{
  switch (result & 0xff)
    {
    case SQLITE_FULL:
      return SC_ERROR_JOURNAL_FULL;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return SC_ERROR_JOURNAL_READ_ONLY;
    case SQLITE_IOERR:
      return map_system_error (database);
    default:
      return SC_ERROR_JOURNAL_FAILED;
    }
}

static ScJournalHealth
health_from_error (ScError code)
{
  switch (code)
    {
    case SC_ERROR_JOURNAL_FULL:
      return SC_JOURNAL_FULL;
    case SC_ERROR_JOURNAL_READ_ONLY:
      return SC_JOURNAL_READ_ONLY;
    default:
      return SC_JOURNAL_FAILED;
    }
}

void
sc_journal_note_error (ScJournal *self, ScError code)
{
  if (!self->in_memory)
    self->health = health_from_error (code);
  if (self->in_transaction)
    self->spoiled = TRUE;
}

void
sc_journal_note_written (ScJournal *self)
{
  if (!self->in_memory)
    self->health = SC_JOURNAL_RECORDING;
}

void
sc_journal_warn (const char *what, const GError *error)
{
  g_warning ("%s: %s", what, error->message);
}

/* SQLite's messages name tables and columns, never values. */
static void
set_error (ScJournal *self, int result, GError **error)
{
  ScError code = sc_journal_map_result (self->database, result);

  sc_journal_note_error (self, code);
  g_set_error (error, SC_ERROR, code, "journal: %s (SQLite %d)", sqlite3_errmsg (self->database),
               result);
}

static int
bind_values (sqlite3_stmt *statement, const char *types, va_list values)
{
  int result = SQLITE_OK;

  for (int i = 0; types[i] != '\0' && result == SQLITE_OK; i++)
    {
      if (types[i] == 's')
        result =
          sqlite3_bind_text (statement, i + 1, va_arg (values, const char *), -1, SQLITE_TRANSIENT);
      else if (types[i] == 'x')
        result = sqlite3_bind_int64 (statement, i + 1, va_arg (values, gint64));
      else
        g_assert_not_reached ();
    }
  return result;
}

static sqlite3_stmt *
prepare (ScJournal *self, GError **error, const char *sql, const char *types, va_list values)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  int result = sqlite3_prepare_v2 (self->database, sql, -1, &statement, NULL);

  if (result == SQLITE_OK)
    result = bind_values (statement, types, values);
  if (result != SQLITE_OK)
    {
      set_error (self, result, error);
      return NULL;
    }
  return g_steal_pointer (&statement);
}

sqlite3_stmt *
sc_journal_prepare (ScJournal *self, GError **error, const char *sql, const char *types, ...)
{
  sqlite3_stmt *statement;
  va_list values;

  va_start (values, types);
  statement = prepare (self, error, sql, types, values);
  va_end (values);
  return statement;
}

gboolean
sc_journal_next (ScJournal *self, sqlite3_stmt *statement, GError **error)
{
  int result = sqlite3_step (statement);

  if (result == SQLITE_ROW)
    return TRUE;
  if (result != SQLITE_DONE)
    set_error (self, result, error);
  return FALSE;
}

gboolean
sc_journal_run (ScJournal *self, GError **error, const char *sql, const char *types, ...)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  int result;
  va_list values;

  va_start (values, types);
  statement = prepare (self, error, sql, types, values);
  va_end (values);
  if (statement == NULL)
    return FALSE;

  result = sqlite3_step (statement);
  if (result != SQLITE_DONE)
    {
      set_error (self, result, error);
      return FALSE;
    }
  if (sqlite3_get_autocommit (self->database) != 0)
    sc_journal_note_written (self);
  return TRUE;
}

char *
sc_journal_dup_text (sqlite3_stmt *statement, int column)
{
  const char *text = (const char *) sqlite3_column_text (statement, column);

  if (text == NULL)
    return g_strdup ("");
  return g_utf8_make_valid (text, sqlite3_column_bytes (statement, column));
}

gboolean
sc_journal_is_clean_text (sqlite3_stmt *statement, int column)
{
  const char *text;

  if (sqlite3_column_type (statement, column) != SQLITE_TEXT)
    return FALSE;
  text = (const char *) sqlite3_column_text (statement, column);
  return text != NULL && g_utf8_validate_len (text, sqlite3_column_bytes (statement, column), NULL);
}
