// SPDX-License-Identifier: MIT
// SQLite in as few words as the sandbox needs: each part has a database of its own.

#pragma once

#include <glib.h>

#include <sqlite3.h>

G_BEGIN_DECLS

/**
 * sc_sandbox_db_open:
 * @directory: (nullable): an existing folder; %NULL keeps the database in memory
 * @name: file name inside it
 * @schema: statements that make the tables if they are not there
 *
 * Errors: %G_IO_ERROR_FAILED with SQLite's text.
 *
 * Returns: (transfer full): the database; free with sqlite3_close()
 */
sqlite3 *
sc_sandbox_db_open (const char *directory, const char *name, const char *schema, GError **error);

/**
 * sc_sandbox_db_query:
 * @types: one letter for each argument: "s" a nullable text, "i" a #gint64
 *
 * Returns: (transfer full): the statement, before its first row
 */
sqlite3_stmt *sc_sandbox_db_query (sqlite3 *db, const char *sql, const char *types, ...);

/**
 * sc_sandbox_db_next:
 *
 * Returns: whether @statement stands on another row
 */
gboolean sc_sandbox_db_next (sqlite3_stmt *statement);

/**
 * sc_sandbox_db_run:
 *
 * As sc_sandbox_db_query(), for a statement without rows.
 *
 * Returns: how many rows it changed
 */
int sc_sandbox_db_run (sqlite3 *db, const char *sql, const char *types, ...);

/**
 * sc_sandbox_db_dup_text:
 *
 * Returns: (transfer full) (nullable): column number @column of the row
 */
char *sc_sandbox_db_dup_text (sqlite3_stmt *statement, int column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3, sqlite3_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

G_END_DECLS
