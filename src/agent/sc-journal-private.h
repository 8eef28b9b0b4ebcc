// SPDX-License-Identifier: MIT
// What the parts of the journal share: the object, statements with bound values, and the schema.

#pragma once

#include "sc-journal.h"

#include <sqlite3.h>

G_BEGIN_DECLS

/** SC_JOURNAL_APPLICATION_ID: "ScJn", in the file's header: tells our databases from others. */
#define SC_JOURNAL_APPLICATION_ID 0x53634a6e

/**
 * ScJournal:
 * @database: never %NULL once opened
 * @in_memory: nothing reaches the disk; @health says why and stays
 * @in_transaction: between begin and commit
 * @spoiled: something inside the transaction failed, so it must not be committed
 */
struct _ScJournal
{
  GObject parent_instance;

  char *path;
  char *set_aside;
  sqlite3 *database;
  ScJournalHealth health;
  gboolean in_memory;
  gboolean in_transaction;
  gboolean spoiled;
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

/* Statements: sc-journal-sql.c */

/**
 * sc_journal_prepare:
 * @types: one letter per value, as in GVariant: "s" a nullable string, "x" a #gint64
 *
 * Values are bound, never built into @sql.
 *
 * Returns: (transfer full) (nullable): the statement, with @error set when %NULL
 */
sqlite3_stmt *
sc_journal_prepare (ScJournal *self, GError **error, const char *sql, const char *types, ...);
/** sc_journal_next: whether there is a row; at the end %FALSE with @error left alone */
gboolean sc_journal_next (ScJournal *self, sqlite3_stmt *statement, GError **error);
/** sc_journal_run: as sc_journal_prepare(), for a statement that answers no rows */
gboolean sc_journal_run (ScJournal *self, GError **error, const char *sql, const char *types, ...);
/** sc_journal_dup_text: Returns: (transfer full): the column as valid UTF-8 without NUL, whatever
 * the file holds */
char *sc_journal_dup_text (sqlite3_stmt *statement, int column);
/** sc_journal_is_clean_text: whether sc_journal_dup_text() would give the column as it is */
gboolean sc_journal_is_clean_text (sqlite3_stmt *statement, int column);

/** sc_journal_map_result: the #ScError for what SQLite answered last on @database */
ScError sc_journal_map_result (sqlite3 *database, int result);
/** sc_journal_note_error: remembers @code as the journal's health */
void sc_journal_note_error (ScJournal *self, ScError code);
/** sc_journal_note_written: something has reached the disk, so the journal records again */
void sc_journal_note_written (ScJournal *self);
/** sc_journal_warn: logs the error of a function that has no other way to tell */
void sc_journal_warn (const char *what, const GError *error);

/* Several statements that belong together, within the caller's transaction or one of their own. */

/** sc_journal_enter: @own: (out): whether a transaction was begun here */
gboolean sc_journal_enter (ScJournal *self, gboolean *own, GError **error);
/** sc_journal_leave: commits or rolls back what sc_journal_enter() began; @done: all went well.
 *  Returns: whether all is written */
gboolean sc_journal_leave (ScJournal *self, gboolean own, gboolean done, GError **error);

/** sc_journal_get_meta: Returns: (transfer full) (nullable): %NULL when absent, or with @error set
 */
char *sc_journal_get_meta (ScJournal *self, const char *key, GError **error);
gboolean sc_journal_set_meta (ScJournal *self, const char *key, const char *value, GError **error);

/* The schema: sc-journal-schema.c. Results are SQLite's. */

/** sc_journal_schema_steps: one SQL script per version; each ends by setting user_version. */
extern const char *const sc_journal_schema_steps[SC_JOURNAL_SCHEMA];

/** sc_journal_schema_examine: SQLITE_OK for a new or whole database of ours; SQLITE_NOTADB for
 * another program's or a newer one; SQLITE_CORRUPT for a damaged one */
int sc_journal_schema_examine (sqlite3 *database);
/** sc_journal_schema_migrate: runs the steps that @database has not seen, all or none */
int sc_journal_schema_migrate (sqlite3 *database, const char *const *steps, guint n_steps);
/** sc_journal_schema_verify: SQLITE_OK when every table and column that is used is there */
int sc_journal_schema_verify (sqlite3 *database);

G_END_DECLS
