// SPDX-License-Identifier: MIT
// The outbox: reports that wait to be sent, oldest first, each with its account.

#define G_LOG_DOMAIN "sc-agent"

#include "sc-journal-private.h"

/* The one kind that may be merged: each holds totals, so that a newer one says all an older one
 * did. */
#define KIND_ROUTINE "routine"

void
sc_outbox_report_free (ScOutboxReport *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->account);
  g_free (self->kind);
  g_free (self->body);
  g_free (self);
}

static ScOutboxReport *
report_from_row (sqlite3_stmt *statement)
{
  ScOutboxReport *report = g_new0 (ScOutboxReport, 1);

  report->id = sc_journal_dup_text (statement, 0);
  report->account = sc_journal_dup_text (statement, 1);
  report->kind = sc_journal_dup_text (statement, 2);
  report->created = sqlite3_column_int64 (statement, 3);
  report->body = sc_journal_dup_text (statement, 4);
  report->attempts = (guint) CLAMP (sqlite3_column_int64 (statement, 5), 0, G_MAXINT32);
  report->next_attempt = MAX (sqlite3_column_int64 (statement, 6), 0);
  return report;
}

static gboolean
count_reports (ScJournal *self, gint64 *n_reports, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
    sc_journal_prepare (self, error, "SELECT count (*) FROM outbox", "");

  if (statement == NULL || !sc_journal_next (self, statement, error))
    return FALSE;
  *n_reports = sqlite3_column_int64 (statement, 0);
  return TRUE;
}

static gboolean
note_merged (ScJournal *self, GError **error)
{
  g_info ("the outbox is full; the oldest routine report is merged into a newer one");
  return sc_journal_run (
    self, error,
    "INSERT INTO meta VALUES ('merged_reports', '1') ON CONFLICT (key) DO UPDATE"
    " SET value = CAST (CAST (value AS INTEGER) + 1 AS TEXT)",
    "");
}

/* Drops one: the oldest routine report, or, when only changes of state wait, the oldest of those,
 * which is a loss and so stands in the log. */
static gboolean
drop_oldest (ScJournal *self, gint64 now, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  g_autofree char *kind = NULL;
  gint64 row;

  statement = sc_journal_prepare (self, error,
                                  "SELECT rowid, kind FROM outbox"
                                  " ORDER BY kind = '" KIND_ROUTINE "' DESC, rowid LIMIT 1",
                                  "");
  if (statement == NULL || !sc_journal_next (self, statement, error))
    return FALSE;
  row = sqlite3_column_int64 (statement, 0);
  kind = sc_journal_dup_text (statement, 1);
  sqlite3_reset (statement);

  if (!sc_journal_run (self, error, "DELETE FROM outbox WHERE rowid = ?", "x", row))
    return FALSE;
  if (g_str_equal (kind, KIND_ROUTINE))
    return note_merged (self, error);
  return sc_journal_append_activity (self, now, g_get_user_name (), "report-dropped", "outbox-full",
                                     NULL, error);
}

static gboolean
make_room (ScJournal *self, gint64 now, GError **error)
{
  gint64 n_reports = 0;

  if (!count_reports (self, &n_reports, error))
    return FALSE;
  for (; n_reports > SC_JOURNAL_MAX_REPORTS; n_reports--)
    {
      if (!drop_oldest (self, now, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
sc_journal_enqueue_report (ScJournal *self,
                           const char *id,
                           const char *account,
                           const char *kind,
                           gint64 created,
                           const char *body,
                           GError **error)
{
  gboolean own;
  gboolean done;

  g_return_val_if_fail (SC_IS_JOURNAL (self), FALSE);
  g_return_val_if_fail (id != NULL && account != NULL && kind != NULL && body != NULL, FALSE);

  if (!sc_journal_enter (self, &own, error))
    return FALSE;
  done =
    sc_journal_run (self, error,
                    "INSERT INTO outbox (id, account, kind, created, body, attempts, next_attempt)"
                    " VALUES (?, ?, ?, ?, ?, 0, 0) ON CONFLICT DO NOTHING",
                    "sssxs", id, account, kind, created, body) &&
    make_room (self, created, error);
  return sc_journal_leave (self, own, done, error);
}

static gboolean
adopt (ScJournal *self, const char *account, guint *dropped, GError **error)
{
  if (!sc_journal_run (self, error, "DELETE FROM outbox WHERE account NOT IN ('', ?)", "s",
                       account))
    return FALSE;
  *dropped = (guint) sqlite3_changes (self->database);
  return sc_journal_run (self, error, "UPDATE outbox SET account = ? WHERE account = ''", "s",
                         account);
}

gboolean
sc_journal_adopt_reports (ScJournal *self, const char *account, guint *dropped, GError **error)
{
  guint n_dropped = 0;
  gboolean own;

  g_return_val_if_fail (SC_IS_JOURNAL (self), FALSE);
  g_return_val_if_fail (account != NULL && *account != '\0', FALSE);

  if (!sc_journal_enter (self, &own, error) ||
      !sc_journal_leave (self, own, adopt (self, account, &n_dropped, error), error))
    return FALSE;
  if (dropped != NULL)
    *dropped = n_dropped;
  return TRUE;
}

ScOutboxReport *
sc_journal_next_report (ScJournal *self, const char *account, gint64 now)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  g_autoptr (GError) error = NULL;
  ScOutboxReport *report = NULL;

  g_return_val_if_fail (SC_IS_JOURNAL (self), NULL);
  g_return_val_if_fail (account != NULL, NULL);

  statement = sc_journal_prepare (self, &error,
                                  "SELECT id, account, kind, created, body, attempts, next_attempt"
                                  " FROM outbox WHERE account = ? AND next_attempt <= ?"
                                  " ORDER BY rowid LIMIT 1",
                                  "sx", account, now);
  if (statement != NULL && sc_journal_next (self, statement, &error))
    report = report_from_row (statement);
  if (error != NULL)
    sc_journal_warn ("outbox", error);
  return report;
}

gint64
sc_journal_next_attempt (ScJournal *self, const char *account)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  g_autoptr (GError) error = NULL;
  gint64 next = -1;

  g_return_val_if_fail (SC_IS_JOURNAL (self), -1);
  g_return_val_if_fail (account != NULL, -1);

  statement = sc_journal_prepare (self, &error,
                                  "SELECT next_attempt FROM outbox WHERE account = ?"
                                  " ORDER BY next_attempt LIMIT 1",
                                  "s", account);
  if (statement != NULL && sc_journal_next (self, statement, &error))
    next = MAX (sqlite3_column_int64 (statement, 0), 0);
  if (error != NULL)
    sc_journal_warn ("outbox", error);
  return next;
}

gboolean
sc_journal_remove_report (ScJournal *self, const char *id, GError **error)
{
  g_return_val_if_fail (SC_IS_JOURNAL (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  return sc_journal_run (self, error, "DELETE FROM outbox WHERE id = ?", "s", id);
}

gboolean
sc_journal_delay_report (ScJournal *self, const char *id, gint64 next_attempt, GError **error)
{
  g_return_val_if_fail (SC_IS_JOURNAL (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  return sc_journal_run (self, error,
                         "UPDATE outbox SET attempts = min (attempts, 2147483646) + 1,"
                         " next_attempt = ? WHERE id = ?",
                         "xs", next_attempt, id);
}

GPtrArray *
sc_journal_list_reports (ScJournal *self, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  g_autoptr (GPtrArray) reports = NULL;
  g_autoptr (GError) cause = NULL;

  g_return_val_if_fail (SC_IS_JOURNAL (self), NULL);

  statement = sc_journal_prepare (self, error,
                                  "SELECT id, account, kind, created, body, attempts, next_attempt"
                                  " FROM outbox ORDER BY rowid",
                                  "");
  if (statement == NULL)
    return NULL;
  reports = g_ptr_array_new_with_free_func ((GDestroyNotify) sc_outbox_report_free);
  while (sc_journal_next (self, statement, &cause))
    g_ptr_array_add (reports, report_from_row (statement));
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return NULL;
    }
  return g_steal_pointer (&reports);
}
