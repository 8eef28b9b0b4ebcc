// SPDX-License-Identifier: MIT
// The activity log: each row chained to the one before, the newest remembered apart, so that a row
// that was changed, taken out or added shows.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-journal-private.h"

#include <string.h>

#define HEAD_KEY "activity_head"
#define HASH_LENGTH 64
/* Far above any log; numbers beyond it were put there by somebody else, and are no place to go on
 * from. */
#define MAX_SEQUENCE ((gint64) 1 << 62)

/**
 * Link: a place in the chain: a row's number and hash
 * @known: the file said so; else it begins at the genesis hash
 */
typedef struct
{
  gint64 sequence;
  char hash[HASH_LENGTH + 1];
  gboolean known;
} Link;

static void
set_link (Link *link, gint64 sequence, const char *hash)
{
  link->sequence = sequence;
  g_strlcpy (link->hash, hash, sizeof link->hash);
}

static gboolean
is_hash (const char *text)
{
  gsize length = strspn (text, "0123456789abcdef");

  return length == HASH_LENGTH && text[length] == '\0';
}

/* "42 6f3c…" */
static gboolean
parse_head (const char *text, Link *head)
{
  g_auto (GStrv) words = g_strsplit (text, " ", 2);
  gint64 sequence;

  if (g_strv_length (words) != 2 || !is_hash (words[1]) ||
      !g_ascii_string_to_signed (words[0], 10, 0, MAX_SEQUENCE, &sequence, NULL))
    return FALSE;
  set_link (head, sequence, words[1]);
  return TRUE;
}

/* @sql answers one row of sequence and hash, or none. */
static gboolean
read_link (ScJournal *self, Link *link, GError **error, const char *sql, gint64 limit)
{
  g_autoptr (sqlite3_stmt) statement = sc_journal_prepare (self, error, sql, "x", limit);
  g_autoptr (GError) cause = NULL;

  *link = (Link){ .hash = SC_ACTIVITY_GENESIS };
  if (statement == NULL)
    return FALSE;
  if (sc_journal_next (self, statement, &cause))
    {
      g_autofree char *hash = sc_journal_dup_text (statement, 1);

      link->known = TRUE;
      set_link (link, sqlite3_column_int64 (statement, 0), hash);
    }
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_newest_row (ScJournal *self, Link *link, gint64 up_to, GError **error)
{
  return read_link (self, link, error,
                    "SELECT sequence, hash FROM activity WHERE sequence <= ?"
                    " ORDER BY sequence DESC LIMIT 1",
                    up_to);
}

static gboolean
read_checkpoint (ScJournal *self, Link *link, GError **error)
{
  return read_link (self, link, error,
                    "SELECT sequence, hash FROM checkpoint WHERE sequence <= ?"
                    " ORDER BY sequence DESC LIMIT 1",
                    MAX_SEQUENCE);
}

static gboolean
read_head (ScJournal *self, Link *head, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autofree char *text = sc_journal_get_meta (self, HEAD_KEY, &cause);

  *head = (Link){ .hash = SC_ACTIVITY_GENESIS };
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  head->known = text != NULL && parse_head (text, head);
  return TRUE;
}

static gboolean
write_head (ScJournal *self, const ScActivity *row, GError **error)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT " %s", row->sequence, row->hash);

  return sc_journal_set_meta (self, HEAD_KEY, text, error);
}

/* Where the next row goes. A number that is taken was put there by somebody else; a lost head
 * leaves a gap on purpose: both keep showing at every verification, rather than being mended over.
 */
static gboolean
find_place (ScJournal *self, Link *previous, gint64 *sequence, GError **error)
{
  Link newest;

  if (!read_head (self, previous, error) || !read_newest_row (self, &newest, MAX_SEQUENCE, error))
    return FALSE;
  *sequence = MAX (previous->sequence, newest.sequence) + (previous->known ? 1 : 2);
  if (!previous->known)
    *previous = newest;
  return TRUE;
}

static gboolean
read_oldest (ScJournal *self, gint64 *sequence, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
    sc_journal_prepare (self, error, "SELECT min (sequence) FROM activity", "");

  if (statement == NULL || !sc_journal_next (self, statement, error))
    return FALSE;
  *sequence = MAX (sqlite3_column_int64 (statement, 0), 1);
  return TRUE;
}

static gboolean
prune_up_to (ScJournal *self, gint64 sequence, GError **error)
{
  Link last;

  if (!read_newest_row (self, &last, sequence, error))
    return FALSE;
  if (!last.known)
    return TRUE;
  g_info ("activity log: rows up to %" G_GINT64_FORMAT " are pruned", last.sequence);
  return sc_journal_run (self, error, "INSERT OR REPLACE INTO checkpoint VALUES (?, ?)", "xs",
                         last.sequence, last.hash) &&
         sc_journal_run (self, error, "DELETE FROM activity WHERE sequence <= ?", "x",
                         last.sequence);
}

/* Nothing from a break on is pruned: it is the evidence. */
static gboolean
prune (ScJournal *self, gint64 newest, GError **error)
{
  gint64 oldest;
  gint64 rows;
  gint64 broken_at;
  gint64 last = newest - SC_JOURNAL_MAX_ACTIVITY / 2;

  if (!read_oldest (self, &oldest, error))
    return FALSE;
  if (newest - oldest < SC_JOURNAL_MAX_ACTIVITY)
    return TRUE;
  if (!sc_journal_verify_activity (self, &rows, &broken_at, error))
    return FALSE;
  return prune_up_to (self, broken_at > 0 ? MIN (last, broken_at - 1) : last, error);
}

static gboolean
insert_row (ScJournal *self, const ScActivity *row, GError **error)
{
  return sc_journal_run (self, error, "INSERT INTO activity VALUES (?, ?, ?, ?, ?, ?, ?)",
                         "xxsssss", row->sequence, row->time, row->user, row->action, row->result,
                         row->reference, row->hash);
}

static gboolean
append (ScJournal *self, ScActivity *row, GError **error)
{
  Link previous;

  if (!find_place (self, &previous, &row->sequence, error))
    return FALSE;
  row->hash = sc_activity_compute_hash (row, previous.hash);
  return insert_row (self, row, error) && write_head (self, row, error) &&
         prune (self, row->sequence, error);
}

gboolean
sc_journal_append_activity (ScJournal *self,
                            gint64 time,
                            const char *user,
                            const char *action,
                            const char *result,
                            const char *reference,
                            GError **error)
{
  g_autoptr (ScActivity) row = NULL;
  gboolean own;

  g_return_val_if_fail (SC_IS_JOURNAL (self), FALSE);
  g_return_val_if_fail (user != NULL && action != NULL && result != NULL, FALSE);

  row = g_new0 (ScActivity, 1);
  row->time = time;
  row->user = sc_activity_sanitize (user);
  row->action = sc_activity_sanitize (action);
  row->result = sc_activity_sanitize (result);
  row->reference = sc_activity_sanitize (reference != NULL ? reference : "");
  if (!sc_journal_enter (self, &own, error))
    return FALSE;
  return sc_journal_leave (self, own, append (self, row, error), error);
}

char *
sc_journal_get_head (ScJournal *self, gint64 *length)
{
  g_autoptr (GError) error = NULL;
  Link head;

  g_return_val_if_fail (SC_IS_JOURNAL (self), NULL);

  if (read_head (self, &head, &error) && !head.known)
    read_newest_row (self, &head, MAX_SEQUENCE, &error);
  if (error != NULL)
    sc_journal_warn ("activity log", error);
  if (length != NULL)
    *length = head.sequence;
  return g_strdup (head.hash);
}

static ScActivity *
row_from_statement (sqlite3_stmt *statement)
{
  ScActivity *row = g_new0 (ScActivity, 1);

  row->sequence = sqlite3_column_int64 (statement, 0);
  row->time = sqlite3_column_int64 (statement, 1);
  row->user = sc_journal_dup_text (statement, 2);
  row->action = sc_journal_dup_text (statement, 3);
  row->result = sc_journal_dup_text (statement, 4);
  row->reference = sc_journal_dup_text (statement, 5);
  row->hash = sc_journal_dup_text (statement, 6);
  return row;
}

GPtrArray *
sc_journal_list_activity (ScJournal *self, gint64 after, guint limit, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) cause = NULL;

  g_return_val_if_fail (SC_IS_JOURNAL (self), NULL);

  statement = sc_journal_prepare (self, error,
                                  "SELECT sequence, time, user, action, result, reference, hash"
                                  " FROM activity WHERE sequence > ? ORDER BY sequence LIMIT ?",
                                  "xx", after, (gint64) limit);
  if (statement == NULL)
    return NULL;
  rows = g_ptr_array_new_with_free_func ((GDestroyNotify) sc_activity_free);
  while (sc_journal_next (self, statement, &cause))
    g_ptr_array_add (rows, row_from_statement (statement));
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return NULL;
    }
  return g_steal_pointer (&rows);
}

/* Text that is not what we write would be mended while reading, and the change go unseen. */
static gboolean
is_untouched (sqlite3_stmt *statement)
{
  for (int column = 2; column <= 6; column++)
    {
      if (!sc_journal_is_clean_text (statement, column))
        return FALSE;
    }
  return TRUE;
}

/* @link moves on to the row when it fits. */
static gboolean
follow (sqlite3_stmt *statement, Link *link)
{
  g_autoptr (ScActivity) row = row_from_statement (statement);
  g_autofree char *hash = sc_activity_compute_hash (row, link->hash);

  if (row->sequence != link->sequence + 1 || !g_str_equal (row->hash, hash) ||
      !is_untouched (statement))
    return FALSE;
  set_link (link, row->sequence, hash);
  return TRUE;
}

/* Never 0, which says that all fits. */
static gint64
find_break (gint64 found, gint64 expected)
{
  return found > 0 ? MIN (found, expected) : expected;
}

static gint64
check_end (const Link *last, const Link *head)
{
  if (head->known && head->sequence == last->sequence && g_str_equal (head->hash, last->hash))
    return 0;
  if (head->known && head->sequence != last->sequence)
    return MIN (head->sequence, last->sequence) + 1;
  return MAX (last->sequence, 1);
}

gboolean
sc_journal_verify_activity (ScJournal *self, gint64 *rows, gint64 *broken_at, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  g_autoptr (GError) cause = NULL;
  Link link;
  Link head;

  g_return_val_if_fail (SC_IS_JOURNAL (self), FALSE);
  g_return_val_if_fail (rows != NULL && broken_at != NULL, FALSE);

  *rows = 0;
  *broken_at = 0;
  statement = sc_journal_prepare (self, error,
                                  "SELECT sequence, time, user, action, result, reference, hash"
                                  " FROM activity ORDER BY sequence",
                                  "");
  if (statement == NULL || !read_checkpoint (self, &link, error) || !read_head (self, &head, error))
    return FALSE;
  while (*broken_at == 0 && sc_journal_next (self, statement, &cause))
    {
      *rows += 1;
      if (!follow (statement, &link))
        *broken_at = find_break (sqlite3_column_int64 (statement, 0), link.sequence + 1);
    }
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (*broken_at == 0)
    *broken_at = check_end (&link, &head);
  return TRUE;
}
