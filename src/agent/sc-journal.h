// SPDX-License-Identifier: MIT
// The journal: one SQLite database with the recorded state, the outbox of reports, the activity
// log, counters, and the ids of grants that wait for revocation. No secret is ever in it.

#pragma once

#include "sc-activity.h"
#include "sc-connection.h"
#include "sc-practice.h"
#include "sc-report.h"

G_BEGIN_DECLS

/** SC_JOURNAL_SCHEMA: version of the tables, in PRAGMA user_version. */
#define SC_JOURNAL_SCHEMA 1
/** SC_JOURNAL_MAX_REPORTS: reports that wait at most; the oldest routine ones merge beyond it. */
#define SC_JOURNAL_MAX_REPORTS 1000
/** SC_JOURNAL_MAX_ACTIVITY: rows kept before the oldest half is pruned at a checkpoint. */
#define SC_JOURNAL_MAX_ACTIVITY 20000

typedef enum
{
  SC_JOURNAL_RECORDING,
  SC_JOURNAL_FULL,
  SC_JOURNAL_READ_ONLY,
  SC_JOURNAL_FAILED,
} ScJournalHealth;

/** ScJournalState: the recorded connection; strings may be %NULL. */
typedef struct
{
  ScConnectionState state;
  gboolean attention;
  gboolean unknown;
  gboolean withdrawn;
  gboolean has_error;
  ScError error;
  ScPractice *practice;
  gint64 last_checked;
  char *reference;
  char *credential_id;
  char *account;
  char *latest_version;
  char *minimum_version;
} ScJournalState;

void sc_journal_state_clear (ScJournalState *self);

/** ScOutboxReport: a report that waits. */
typedef struct
{
  char *id;
  char *account; /* "" while nobody was connected */
  char *kind;
  gint64 created;
  char *body;
  guint attempts;
  gint64 next_attempt; /* seconds since 1970, 0: at once */
} ScOutboxReport;

void sc_outbox_report_free (ScOutboxReport *self);

#define SC_TYPE_JOURNAL (sc_journal_get_type ())
G_DECLARE_FINAL_TYPE (ScJournal, sc_journal, SC, JOURNAL, GObject)

/**
 * sc_journal_open:
 * @path: the database file; its folder exists
 *
 * WAL, synchronous=FULL, foreign keys, integrity check, recovery, migration. A file that is
 * damaged, no database, or newer than this program is renamed to "<name>.set-aside-<UTC time>[-n]"
 * with its -wal and -shm, never deleted, and a new one begun. Where nothing can be written the
 * journal works in memory and its health says why. A full disk or a read-only folder found later
 * changes the health; each successful write sets it back.
 *
 * Returns: (transfer full): a journal, always
 */
ScJournal *sc_journal_open (const char *path);

ScJournalHealth sc_journal_get_health (ScJournal *self);
/** sc_journal_get_set_aside: Returns: (transfer none) (nullable): the file that was put aside at
 * open */
const char *sc_journal_get_set_aside (ScJournal *self);
/** sc_journal_get_path: Returns: (transfer none) */
const char *sc_journal_get_path (ScJournal *self);
/** sc_journal_probe_space: tries a small durable write; %SC_ERROR_JOURNAL_FULL, _READ_ONLY, _FAILED
 */
gboolean sc_journal_probe_space (ScJournal *self, GError **error);

/**
 * sc_journal_begin:
 *
 * All writing functions below may stand alone, each durable when it returns, or between begin and
 * commit, durable together. After an error of a write inside, sc_journal_rollback() is called.
 *
 * Errors of every writing function: %SC_ERROR_JOURNAL_FULL, %SC_ERROR_JOURNAL_READ_ONLY,
 * %SC_ERROR_JOURNAL_FAILED.
 */
gboolean sc_journal_begin (ScJournal *self, GError **error);
gboolean sc_journal_commit (ScJournal *self, GError **error);
void sc_journal_rollback (ScJournal *self);

gboolean sc_journal_save_state (ScJournal *self, const ScJournalState *state, GError **error);
/** sc_journal_load_state: pending and nothing known when none was saved; bad values read as those
 */
gboolean sc_journal_load_state (ScJournal *self, ScJournalState *state, GError **error);

/** sc_journal_get_device_id: Returns: (transfer full) (nullable): the id, %NULL before one was set
 */
char *sc_journal_get_device_id (ScJournal *self);
gboolean sc_journal_set_device_id (ScJournal *self, const char *device_id, GError **error);

/**
 * sc_journal_append_activity:
 * @self: the journal
 * @time: seconds since 1970
 * @user: who
 * @action: what
 * @result: with which result
 * @reference: (nullable): the reference
 *
 * Texts pass sc_activity_sanitize(). Chains the row to the one before; prunes at a checkpoint
 * beyond %SC_JOURNAL_MAX_ACTIVITY.
 */
gboolean sc_journal_append_activity (ScJournal *self,
                                     gint64 time,
                                     const char *user,
                                     const char *action,
                                     const char *result,
                                     const char *reference,
                                     GError **error);
/** sc_journal_get_head: @length: (out): sequence of the newest row. Returns: (transfer full): its
 * hash */
char *sc_journal_get_head (ScJournal *self, gint64 *length);
/** sc_journal_list_activity: Returns: (transfer full) (element-type ScActivity): rows after @after
 */
GPtrArray *sc_journal_list_activity (ScJournal *self, gint64 after, guint limit, GError **error);
/**
 * sc_journal_verify_activity:
 * @rows: (out): rows looked at
 * @broken_at: (out): sequence of the first row that does not fit, 0 when all do
 *
 * Starts at the newest checkpoint (or the genesis hash); gaps and a missing tail count as breaks.
 */
gboolean
sc_journal_verify_activity (ScJournal *self, gint64 *rows, gint64 *broken_at, GError **error);

/**
 * sc_journal_enqueue_report:
 * @account: whose it is; "" while nobody is connected, given to the next account that connects
 *
 * An id that waits already is kept once.
 */
gboolean sc_journal_enqueue_report (ScJournal *self,
                                    const char *id,
                                    const char *account,
                                    const char *kind,
                                    gint64 created,
                                    const char *body,
                                    GError **error);
/** sc_journal_adopt_reports: gives reports without an account to @account, drops those of others;
 *  @dropped: (out): how many */
gboolean
sc_journal_adopt_reports (ScJournal *self, const char *account, guint *dropped, GError **error);
/** sc_journal_next_report: Returns: (transfer full) (nullable): the oldest of @account that is due
 */
ScOutboxReport *sc_journal_next_report (ScJournal *self, const char *account, gint64 now);
/** sc_journal_next_attempt: Returns: when the next report of @account is due, -1 when none waits */
gint64 sc_journal_next_attempt (ScJournal *self, const char *account);
gboolean sc_journal_remove_report (ScJournal *self, const char *id, GError **error);
/** sc_journal_delay_report: counts an attempt and sets when to try again */
gboolean
sc_journal_delay_report (ScJournal *self, const char *id, gint64 next_attempt, GError **error);
/** sc_journal_list_reports: Returns: (transfer full) (element-type ScOutboxReport): all that wait
 */
GPtrArray *sc_journal_list_reports (ScJournal *self, GError **error);

typedef enum
{
  SC_COUNTER_REFRESHES,
  SC_COUNTER_CALLBACKS,
  SC_COUNTER_STORE_ERRORS,
} ScCounter;

gboolean sc_journal_count (ScJournal *self, ScCounter counter, gint64 add, GError **error);
ScCounters sc_journal_get_counters (ScJournal *self);

/* Grants that wait for revocation: their ids alone; the tokens are in the keyring. */
gboolean sc_journal_add_revocation (ScJournal *self,
                                    const char *credential_id,
                                    gint64 since,
                                    GError **error);
gboolean sc_journal_remove_revocation (ScJournal *self, const char *credential_id, GError **error);
/** sc_journal_list_revocations: Returns: (transfer full) (element-type utf8 gint64): id to since */
GHashTable *sc_journal_list_revocations (ScJournal *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScOutboxReport, sc_outbox_report_free)

G_END_DECLS
