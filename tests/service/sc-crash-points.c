// SPDX-License-Identifier: MIT
// Places where a test ends the agent: before and after each step that is durable somewhere. Linked
// around the agent's own objects (ld --wrap), so that nothing in them knows of it.
//
// SC_TEST_CRASH_LOG=FILE lists the points that are passed, SC_TEST_CRASH_AT=POINT#N kills the
// process when it comes to a point for the Nth time. A point is named after what is done:
// "journal/…", "file/…", "keyring/…" or "http/…", and ends in "/before" or "/after".

#define G_LOG_DOMAIN "sc-test"

#include "sc-credential-store.h"
#include "sc-http-private.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
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

static void
pass (const char *step, const char *when)
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

/* ---- what is answered later: its point is passed before the caller hears of it ---- */

typedef struct
{
  char *step;
  GAsyncReadyCallback callback;
  gpointer user_data;
} Pending;

static Pending *
begin (char *step, GAsyncReadyCallback callback, gpointer user_data)
{
  Pending *pending = g_new0 (Pending, 1);

  pending->step = step;
  pending->callback = callback;
  pending->user_data = user_data;
  pass (step, "before");
  return pending;
}

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Pending *pending = user_data;

  pass (pending->step, "after");
  g_free (pending->step);
  if (pending->callback != NULL)
    pending->callback (source, result, pending->user_data);
}

/* ---- the keyring ---- */

#define SLOT_STEP(verb, slot) \
  g_strdup_printf ("keyring/%s/%s", verb, sc_credential_slot_get_name (slot))

void __real_sc_credential_store_store_async (ScCredentialStore *self,
                                             ScCredentialSlot slot,
                                             ScSecretString *value,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer user_data);
void __wrap_sc_credential_store_store_async (ScCredentialStore *self,
                                             ScCredentialSlot slot,
                                             ScSecretString *value,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer user_data);

void
__wrap_sc_credential_store_store_async (ScCredentialStore *self,
                                        ScCredentialSlot slot,
                                        ScSecretString *value,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  Pending *pending = begin (SLOT_STEP ("store", slot), callback, user_data);

  __real_sc_credential_store_store_async (self, slot, value, cancellable, ended_cb, pending);
}

void __real_sc_credential_store_clear_async (ScCredentialStore *self,
                                             ScCredentialSlot slot,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer user_data);
void __wrap_sc_credential_store_clear_async (ScCredentialStore *self,
                                             ScCredentialSlot slot,
                                             GCancellable *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer user_data);

void
__wrap_sc_credential_store_clear_async (ScCredentialStore *self,
                                        ScCredentialSlot slot,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  Pending *pending = begin (SLOT_STEP ("clear", slot), callback, user_data);

  __real_sc_credential_store_clear_async (self, slot, cancellable, ended_cb, pending);
}

/* ---- HTTP ---- */

static char *
describe_request (const ScHttpRequest *request)
{
  g_autoptr (GUri) uri = g_uri_parse (request->url, G_URI_FLAGS_ENCODED, NULL);

  return g_strdup_printf ("http/%s%s", request->method, uri != NULL ? g_uri_get_path (uri) : "");
}

void __real_sc_http_send_async (ScHttp *self,
                                ScHttpRequest *request,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
void __wrap_sc_http_send_async (ScHttp *self,
                                ScHttpRequest *request,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);

void
__wrap_sc_http_send_async (ScHttp *self,
                           ScHttpRequest *request,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  Pending *pending = begin (describe_request (request), callback, user_data);

  __real_sc_http_send_async (self, request, cancellable, ended_cb, pending);
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

/* Within a transaction nothing is durable before its COMMIT; but the tables are made and changed
 * step by step, and each of these counts. */
static gboolean
is_durable (sqlite3_stmt *statement)
{
  const char *sql = sqlite3_sql (statement);
  gboolean alone = sqlite3_get_autocommit (sqlite3_db_handle (statement)) != 0;

  if (sql == NULL || g_str_has_prefix (sql, "BEGIN") || g_str_has_prefix (sql, "ROLLBACK"))
    return FALSE;
  if (g_str_has_prefix (sql, "COMMIT") || g_str_has_prefix (sql, "CREATE") ||
      g_str_has_prefix (sql, "PRAGMA user_version =") ||
      g_str_has_prefix (sql, "PRAGMA application_id =") ||
      g_str_has_prefix (sql, "PRAGMA journal_mode ="))
    return TRUE;
  return alone && sqlite3_stmt_readonly (statement) == 0 && !g_str_has_prefix (sql, "PRAGMA");
}

static int
statement_cb (unsigned type, void *context, void *data, void *detail)
{
  sqlite3_stmt *statement = data;
  g_autofree char *step = NULL;

  if (!is_durable (statement))
    return 0;
  step = describe_statement (sqlite3_sql (statement));
  pass (step, type == SQLITE_TRACE_STMT ? "before" : "after");
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
  pass (step, "before");
  result = __real_rename (from, to);
  pass (step, "after");
  return result;
}
