// SPDX-License-Identifier: MIT
// Opening the journal: recovery, what is put aside, the copy in memory where nothing can be
// written; and its transactions.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-journal-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>

/* Another process of ours holds the file for the time of a write at most. */
#define BUSY_TIMEOUT_MS 2000
/* What a connect writes is far below this; a disk that has no room for it has no room for us. */
#define PROBE_SIZE (128 * 1024)

typedef enum
{
  VERDICT_USABLE,
  VERDICT_REFUSED,     /* damaged, another program's or newer: to be put aside */
  VERDICT_UNREACHABLE, /* the file may be fine, but it cannot be written now */
} Verdict;

G_DEFINE_FINAL_TYPE (ScJournal, sc_journal, G_TYPE_OBJECT)

static void
close_database (ScJournal *self)
{
  if (self->database != NULL && sqlite3_close (self->database) != SQLITE_OK)
    g_critical ("a statement of the journal is still in use");
  self->database = NULL;
}

static void
sc_journal_finalize (GObject *object)
{
  ScJournal *self = SC_JOURNAL (object);

  close_database (self);
  g_free (self->path);
  g_free (self->set_aside);

  G_OBJECT_CLASS (sc_journal_parent_class)->finalize (object);
}

static void
sc_journal_class_init (ScJournalClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sc_journal_finalize;
}

static void
sc_journal_init (ScJournal *self)
{
}

/* The file may come from anybody: nothing that is stored in it may run. A file that is refused
 * stays as it was found, so it is not checkpointed by closing it. */
static int
harden (sqlite3 *database)
{
  sqlite3_extended_result_codes (database, 1);
  sqlite3_db_config (database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config (database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  sqlite3_db_config (database, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
  sqlite3_db_config (database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  return sqlite3_busy_timeout (database, BUSY_TIMEOUT_MS);
}

/* Every commit reaches the disk before it returns. The small cache is for an agent that idles. */
static int
settle (sqlite3 *database)
{
  int result = harden (database);

  if (result == SQLITE_OK)
    result = sc_journal_schema_examine (database);
  if (result == SQLITE_OK)
    result = sqlite3_exec (database,
                           "PRAGMA journal_mode = WAL;"
                           "PRAGMA synchronous = FULL;"
                           "PRAGMA foreign_keys = ON;"
                           "PRAGMA cell_size_check = ON;"
                           "PRAGMA cache_size = -256;"
                           "PRAGMA journal_size_limit = 1048576;",
                           NULL, NULL, NULL);
  if (result == SQLITE_OK)
    result = sc_journal_schema_migrate (database, sc_journal_schema_steps, SC_JOURNAL_SCHEMA);
  if (result == SQLITE_OK)
    result = sc_journal_schema_verify (database);
  if (result == SQLITE_OK)
    sqlite3_db_config (database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
  return result;
}

static ScError
map_file_error (const GError *error)
{
  if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOSPC))
    return SC_ERROR_JOURNAL_FULL;
  if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_ROFS) ||
      g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_ACCES) ||
      g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_PERM))
    return SC_ERROR_JOURNAL_READ_ONLY;
  return SC_ERROR_JOURNAL_FAILED;
}

/* A file beside the database, as durable as it, for a moment: the one way to know what the disk
 * says. */
static gboolean
probe_disk (ScJournal *self, ScError *code)
{
  g_autofree char *name = g_strconcat (self->path, ".probe", NULL);
  g_autofree char *zeroes = g_malloc0 (PROBE_SIZE);
  g_autoptr (GError) cause = NULL;

  if (!g_file_set_contents_full (name, zeroes, PROBE_SIZE,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                 &cause))
    {
      *code = map_file_error (cause);
      return FALSE;
    }
  g_unlink (name);
  return TRUE;
}

/* A file that SQLite cannot make is one that it cannot open; why, it does not keep. */
static ScError
find_reason (ScJournal *self, int result)
{
  ScError code;

  if ((result & 0xff) == SQLITE_CANTOPEN && !probe_disk (self, &code) &&
      code == SC_ERROR_JOURNAL_FULL)
    return code;
  return sc_journal_map_result (self->database, result);
}

static Verdict
judge (ScJournal *self, int result)
{
  switch (result & 0xff)
    {
    case SQLITE_OK:
      return VERDICT_USABLE;
    case SQLITE_ERROR: /* a table or a column is missing */
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return VERDICT_REFUSED;
    default:
      sc_journal_note_error (self, find_reason (self, result));
      return VERDICT_UNREACHABLE;
    }
}

/* SQLite gives the -wal and -shm files the mode of the database. A file that somebody made
 * read-only stays so. What fails here fails in SQLite too, with a reason. */
static void
make_private (const char *path)
{
  GStatBuf status;
  int fd;

  if (g_stat (path, &status) == 0)
    {
      if (S_ISREG (status.st_mode) && (status.st_mode & 077) != 0)
        g_chmod (path, status.st_mode & 0700);
      return;
    }
  fd = g_open (path, O_CREAT | O_EXCL | O_RDWR, 0600);
  if (fd >= 0)
    g_close (fd, NULL);
}

static Verdict
open_file (ScJournal *self)
{
  Verdict verdict;
  int result;

  if (g_file_test (self->path, G_FILE_TEST_IS_DIR))
    return VERDICT_REFUSED;

  make_private (self->path);
  result =
    sqlite3_open_v2 (self->path, &self->database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
  if (result == SQLITE_OK && sqlite3_db_readonly (self->database, "main") == 1)
    result = SQLITE_READONLY;
  if (result == SQLITE_OK)
    result = settle (self->database);
  verdict = judge (self, result);
  if (verdict != VERDICT_USABLE)
    close_database (self);
  return verdict;
}

static const char *const parts[] = { "-wal", "-shm", "" };

static gboolean
is_free (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *part = g_strconcat (name, parts[i], NULL);

      if (g_file_test (part, G_FILE_TEST_EXISTS) || g_file_test (part, G_FILE_TEST_IS_SYMLINK))
        return FALSE;
    }
  return TRUE;
}

static char *
choose_name_aside (const char *path)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%dT%H%M%SZ");
  char *name = g_strdup_printf ("%s.set-aside-%s", path, time);

  for (guint n = 2; !is_free (name); n++)
    {
      g_free (name);
      name = g_strdup_printf ("%s.set-aside-%s-%u", path, time, n);
    }
  return name;
}

/* The database itself goes last: a crash in between leaves it to be refused again, and never a
 * fresh one beside a log that belongs to the old. */
static gboolean
move_aside (ScJournal *self)
{
  g_autofree char *name = choose_name_aside (self->path);
  g_autofree char *shown = g_path_get_basename (name);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *from = g_strconcat (self->path, parts[i], NULL);
      g_autofree char *to = g_strconcat (name, parts[i], NULL);

      if (g_rename (from, to) != 0 && errno != ENOENT)
        {
          gboolean refused = errno == EROFS || errno == EACCES || errno == EPERM;

          sc_journal_note_error (self,
                                 refused ? SC_ERROR_JOURNAL_READ_ONLY : SC_ERROR_JOURNAL_FAILED);
          return FALSE;
        }
    }
  g_warning ("the journal is damaged or newer than this program; it is kept as %s", shown);
  self->set_aside = g_steal_pointer (&name);
  return TRUE;
}

/* Read as the system allows it: without any write, and where even the shared index of the
 * write-ahead log cannot be made, the file alone. */
static sqlite3 *
open_to_read (const char *path)
{
  const char *const options[] = { "mode=ro", "immutable=1" };
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);

  for (gsize i = 0; uri != NULL && i < G_N_ELEMENTS (options); i++)
    {
      g_autofree char *name = g_strdup_printf ("%s?%s", uri, options[i]);
      sqlite3 *source = NULL;

      if (sqlite3_open_v2 (name, &source, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL) ==
            SQLITE_OK &&
          harden (source) == SQLITE_OK && sc_journal_schema_examine (source) == SQLITE_OK)
        return source;
      sqlite3_close (source);
    }
  return NULL;
}

/* What was recorded is shown and gone on with, even where nothing new can be recorded. */
static void
copy_into_memory (ScJournal *self)
{
  sqlite3 *source = open_to_read (self->path);
  sqlite3_backup *copy;

  if (source == NULL)
    return;
  copy = sqlite3_backup_init (self->database, "main", source, "main");
  if (copy != NULL)
    {
      sqlite3_backup_step (copy, -1);
      sqlite3_backup_finish (copy);
    }
  sqlite3_close (source);
}

static void
open_memory (ScJournal *self, gboolean with_copy)
{
  if (sqlite3_open (":memory:", &self->database) != SQLITE_OK)
    g_error ("no memory for the journal");
  if (with_copy)
    copy_into_memory (self);
  if (settle (self->database) == SQLITE_OK)
    return;
  if (!with_copy)
    g_error ("no memory for the journal");
  close_database (self);
  open_memory (self, FALSE);
}

ScJournal *
sc_journal_open (const char *path)
{
  ScJournal *self;
  Verdict verdict;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (SC_TYPE_JOURNAL, NULL);
  self->path = g_canonicalize_filename (path, NULL);
  verdict = open_file (self);
  if (verdict == VERDICT_REFUSED && move_aside (self))
    {
      verdict = open_file (self);
      if (verdict == VERDICT_REFUSED)
        sc_journal_note_error (self, SC_ERROR_JOURNAL_FAILED);
    }
  if (verdict != VERDICT_USABLE)
    {
      self->in_memory = TRUE;
      open_memory (self, TRUE);
    }
  return self;
}

ScJournalHealth
sc_journal_get_health (ScJournal *self)
{
  g_return_val_if_fail (SC_IS_JOURNAL (self), SC_JOURNAL_FAILED);

  return self->health;
}

const char *
sc_journal_get_set_aside (ScJournal *self)
{
  g_return_val_if_fail (SC_IS_JOURNAL (self), NULL);

  return self->set_aside;
}

const char *
sc_journal_get_path (ScJournal *self)
{
  g_return_val_if_fail (SC_IS_JOURNAL (self), NULL);

  return self->path;
}

static ScError
error_from_health (ScJournalHealth health)
{
  switch (health)
    {
    case SC_JOURNAL_FULL:
      return SC_ERROR_JOURNAL_FULL;
    case SC_JOURNAL_READ_ONLY:
      return SC_ERROR_JOURNAL_READ_ONLY;
    default:
      return SC_ERROR_JOURNAL_FAILED;
    }
}

/* Pages are taken and given back, so that a database that cannot grow says so. */
static gboolean
probe_database (ScJournal *self, GError **error)
{
  return sc_journal_run (self, error,
                         "INSERT INTO outbox VALUES ('', '', '', 0, hex (zeroblob (?)), 0, 0)", "x",
                         (gint64) PROBE_SIZE / 2) &&
         sc_journal_run (self, error, "DELETE FROM outbox WHERE id = ''", "");
}

gboolean
sc_journal_probe_space (ScJournal *self, GError **error)
{
  ScError code;
  gboolean own;

  g_return_val_if_fail (SC_IS_JOURNAL (self), FALSE);

  if (self->in_memory)
    {
      g_set_error_literal (error, SC_ERROR, error_from_health (self->health),
                           "journal: works in memory");
      return FALSE;
    }
  /* The write-ahead log uses its own space again, so a write to the database alone can go well on a
   * disk that is full. */
  if (!probe_disk (self, &code))
    {
      sc_journal_note_error (self, code);
      g_set_error_literal (error, SC_ERROR, code, "journal: no file can be written beside it");
      return FALSE;
    }
  if (!sc_journal_enter (self, &own, error))
    return FALSE;
  return sc_journal_leave (self, own, probe_database (self, error), error);
}

gboolean
sc_journal_begin (ScJournal *self, GError **error)
{
  g_return_val_if_fail (SC_IS_JOURNAL (self), FALSE);
  g_return_val_if_fail (!self->in_transaction, FALSE);

  if (!sc_journal_run (self, error, "BEGIN IMMEDIATE", ""))
    return FALSE;
  self->in_transaction = TRUE;
  self->spoiled = FALSE;
  return TRUE;
}

gboolean
sc_journal_commit (ScJournal *self, GError **error)
{
  g_return_val_if_fail (SC_IS_JOURNAL (self), FALSE);
  g_return_val_if_fail (self->in_transaction, FALSE);

  if (self->spoiled)
    {
      sc_journal_rollback (self);
      g_set_error_literal (error, SC_ERROR, error_from_health (self->health),
                           "journal: a part of the transaction was not written");
      return FALSE;
    }
  if (!sc_journal_run (self, error, "COMMIT", ""))
    {
      sc_journal_rollback (self);
      return FALSE;
    }
  self->in_transaction = FALSE;
  return TRUE;
}

void
sc_journal_rollback (ScJournal *self)
{
  g_return_if_fail (SC_IS_JOURNAL (self));

  /* After some errors SQLite has rolled back already. */
  if (sqlite3_get_autocommit (self->database) == 0)
    sqlite3_exec (self->database, "ROLLBACK", NULL, NULL, NULL);
  self->in_transaction = FALSE;
  self->spoiled = FALSE;
}

gboolean
sc_journal_enter (ScJournal *self, gboolean *own, GError **error)
{
  *own = !self->in_transaction;
  return !*own || sc_journal_begin (self, error);
}

gboolean
sc_journal_leave (ScJournal *self, gboolean own, gboolean done, GError **error)
{
  if (!own)
    return done;
  if (done)
    return sc_journal_commit (self, error);
  sc_journal_rollback (self);
  return FALSE;
}
