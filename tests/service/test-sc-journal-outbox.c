// SPDX-License-Identifier: MIT
// The outbox: order, due times, accounts, duplicates, and what goes when it is full.

#define G_LOG_DOMAIN "sc-test"

#include "sc-journal-fixture.h"

#include <string.h>

static void
assert_next (ScJournal *journal, const char *account, gint64 now, const char *expected)
{
  g_autoptr (ScOutboxReport) report = sc_journal_next_report (journal, account, now);

  g_assert_cmpstr (report != NULL ? report->id : NULL, ==, expected);
}

static void
test_keeps_all (Fixture *fixture, gconstpointer data)
{
  g_autofree char *body = g_strnfill (1024 * 1024, 'x');
  g_autoptr (ScOutboxReport) report = NULL;

  memcpy (body, "'\";\n\t\x01-- ?", 10);
  g_assert_true (sc_journal_enqueue_report (fixture->journal, "id-'1'", "O'Brien\n", "state",
                                            CREATED, body, NULL));
  reopen (fixture);
  report = sc_journal_next_report (fixture->journal, "O'Brien\n", CREATED);
  g_assert_nonnull (report);
  g_assert_cmpstr (report->id, ==, "id-'1'");
  g_assert_cmpstr (report->account, ==, "O'Brien\n");
  g_assert_cmpstr (report->kind, ==, "state");
  g_assert_cmpint (report->created, ==, CREATED);
  g_assert_cmpstr (report->body, ==, body);
  g_assert_cmpuint (report->attempts, ==, 0);
  g_assert_cmpint (report->next_attempt, ==, 0);
}

/* The order of arrival counts, also where the clock was set back in between. */
static void
test_order (Fixture *fixture, gconstpointer data)
{
  ScJournal *journal = fixture->journal;

  g_assert_true (sc_journal_enqueue_report (journal, "z", "a", "state", CREATED + 60, "{}", NULL));
  g_assert_true (sc_journal_enqueue_report (journal, "y", "a", "state", CREATED, "{}", NULL));
  enqueue (journal, "other", "b", "state");
  assert_reports (journal, "z y other");
  assert_next (journal, "a", CREATED, "z");
  g_assert_true (sc_journal_remove_report (journal, "z", NULL));
  g_assert_true (sc_journal_remove_report (journal, "unheard", NULL));
  assert_next (journal, "a", CREATED, "y");
  g_assert_true (sc_journal_remove_report (journal, "y", NULL));
  assert_next (journal, "a", CREATED, NULL);
  assert_next (journal, "b", CREATED, "other");
}

static void
test_due_times (Fixture *fixture, gconstpointer data)
{
  ScJournal *journal = fixture->journal;
  g_autoptr (ScOutboxReport) report = NULL;

  g_assert_cmpint (sc_journal_next_attempt (journal, "a"), ==, -1);
  enqueue (journal, "1", "a", "state");
  enqueue (journal, "2", "a", "state");
  g_assert_cmpint (sc_journal_next_attempt (journal, "a"), ==, 0);
  g_assert_cmpint (sc_journal_next_attempt (journal, "b"), ==, -1);

  g_assert_true (sc_journal_delay_report (journal, "1", 500, NULL));
  assert_next (journal, "a", 100, "2");
  g_assert_true (sc_journal_delay_report (journal, "2", 400, NULL));
  assert_next (journal, "a", 399, NULL);
  g_assert_cmpint (sc_journal_next_attempt (journal, "a"), ==, 400);
  assert_next (journal, "a", 400, "2");
  assert_next (journal, "a", 500, "1");

  g_assert_true (sc_journal_delay_report (journal, "1", 600, NULL));
  g_assert_true (sc_journal_delay_report (journal, "unheard", 600, NULL));
  reopen (fixture);
  report = sc_journal_next_report (fixture->journal, "a", 600);
  g_assert_cmpstr (report->id, ==, "1");
  g_assert_cmpuint (report->attempts, ==, 2);
  g_assert_cmpint (report->next_attempt, ==, 600);
}

static void
test_duplicate (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ScOutboxReport) report = NULL;

  enqueue (fixture->journal, "1", "a", "state");
  g_assert_true (sc_journal_delay_report (fixture->journal, "1", 500, NULL));
  g_assert_true (sc_journal_enqueue_report (fixture->journal, "1", "b", "routine", 1, "x", NULL));
  assert_reports (fixture->journal, "1");
  report = sc_journal_next_report (fixture->journal, "a", 500);
  g_assert_cmpstr (report->body, ==, "{}");
  g_assert_cmpuint (report->attempts, ==, 1);
}

static void
test_adopt (Fixture *fixture, gconstpointer data)
{
  ScJournal *journal = fixture->journal;
  guint dropped = 99;

  enqueue (journal, "1", "", "state");
  enqueue (journal, "2", "a", "state");
  enqueue (journal, "3", "b", "state");
  enqueue (journal, "4", "b", "routine");
  assert_next (journal, "a", CREATED, "2");
  g_assert_true (sc_journal_adopt_reports (journal, "a", &dropped, NULL));
  g_assert_cmpuint (dropped, ==, 2);
  assert_reports (journal, "1 2");
  assert_next (journal, "a", CREATED, "1");

  g_assert_true (sc_journal_adopt_reports (journal, "a", &dropped, NULL));
  g_assert_cmpuint (dropped, ==, 0);
  g_assert_true (sc_journal_adopt_reports (journal, "c", &dropped, NULL));
  g_assert_cmpuint (dropped, ==, 2);
  reopen (fixture);
  assert_reports (fixture->journal, "");
}

static void
fill (ScJournal *journal, const char *kind, guint first, guint n)
{
  g_assert_true (sc_journal_begin (journal, NULL));
  for (guint i = first; i < first + n; i++)
    {
      g_autofree char *id = g_strdup_printf ("%s-%u", kind, i);

      enqueue (journal, id, "a", kind);
    }
  g_assert_true (sc_journal_commit (journal, NULL));
}

static void
assert_count (Fixture *fixture, const char *kind, const char *expected)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM outbox WHERE kind = '%s'", kind);

  assert_look (fixture, sql, expected);
}

/* Routine reports give way, the oldest first, whatever state reports are older. */
static void
test_merges_routine (Fixture *fixture, gconstpointer data)
{
  ScJournal *journal = fixture->journal;

  fill (journal, "state", 0, 10);
  fill (journal, "routine", 0, SC_JOURNAL_MAX_REPORTS - 10);
  assert_count (fixture, "routine", "990");
  assert_look (fixture, "SELECT count (*) FROM meta WHERE key = 'merged_reports'", "0");

  fill (journal, "routine", 990, 3);
  fill (journal, "state", 10, 2);
  assert_count (fixture, "state", "12");
  assert_count (fixture, "routine", "988");
  assert_look (fixture, "SELECT id FROM outbox WHERE kind = 'routine' LIMIT 1", "routine-5");
  assert_look (fixture, "SELECT count (*) FROM outbox WHERE id = 'routine-992'", "1");
  assert_look (fixture, "SELECT value FROM meta WHERE key = 'merged_reports'", "5");
  assert_look (fixture, "SELECT count (*) FROM activity", "0");
}

/* A change of state is dropped only when nothing else waits, and the log says so. */
static void
test_drops_state_last (Fixture *fixture, gconstpointer data)
{
  ScJournal *journal = fixture->journal;

  fill (journal, "state", 0, SC_JOURNAL_MAX_REPORTS);
  enqueue (journal, "one", "a", "routine");
  assert_count (fixture, "state", "1000");
  assert_count (fixture, "routine", "0");
  assert_look (fixture, "SELECT count (*) FROM activity", "0");

  fill (journal, "state", SC_JOURNAL_MAX_REPORTS, 2);
  assert_count (fixture, "state", "1000");
  assert_look (fixture, "SELECT id FROM outbox ORDER BY rowid LIMIT 1", "state-2");
  assert_look (fixture, "SELECT id FROM outbox ORDER BY rowid DESC LIMIT 1", "state-1001");
  assert_look (fixture, "SELECT action || ' ' || result FROM activity",
               "report-dropped outbox-full|report-dropped outbox-full");
  g_assert_cmpint (verify (journal), ==, 0);
}

/* More than fit, written by some other version: one new report brings it back to the limit. */
static void
test_far_too_many (Fixture *fixture, gconstpointer data)
{
  tamper (fixture, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)"
                   " INSERT INTO outbox SELECT 'r' || i, 'a', 'routine', 0, '{}', -7, -7 FROM n");
  enqueue (fixture->journal, "new", "a", "state");
  assert_count (fixture, "routine", "999");
  assert_count (fixture, "state", "1");
  assert_next (fixture->journal, "a", 0, "r502");
  g_assert_cmpint (sc_journal_next_attempt (fixture->journal, "a"), ==, 0);
}

#define ADD(name, function) \
  g_test_add ("/agent/journal/outbox/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  init_test (&argc, &argv);

  ADD ("keeps-all", test_keeps_all);
  ADD ("order", test_order);
  ADD ("due-times", test_due_times);
  ADD ("duplicate", test_duplicate);
  ADD ("adopt", test_adopt);
  ADD ("merges-routine", test_merges_routine);
  ADD ("drops-state-last", test_drops_state_last);
  ADD ("far-too-many", test_far_too_many);

  return g_test_run ();
}
