// SPDX-License-Identifier: MIT
// The activity log: what is written, every kind of tampering by a second connection, and pruning.

#define G_LOG_DOMAIN "sc-test"

#include "sc-journal-fixture.h"

#include <string.h>

#define N_ROWS 5

static void
set_up_rows (Fixture *fixture, gconstpointer data)
{
  set_up (fixture, data);
  for (guint i = 0; i < N_ROWS; i++)
    append (fixture->journal, i % 2 == 0 ? "connect" : "check");
}

static const ScActivity *
get_row (GPtrArray *rows, guint i)
{
  g_assert_cmpuint (i, <, rows->len);
  return g_ptr_array_index (rows, i);
}

static void
assert_head (ScJournal *journal, gint64 expected_length, const char *expected_hash)
{
  gint64 length;
  g_autofree char *hash = sc_journal_get_head (journal, &length);

  g_assert_cmpint (length, ==, expected_length);
  if (expected_hash != NULL)
    g_assert_cmpstr (hash, ==, expected_hash);
}

static void
test_appends (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) rows = NULL;

  assert_head (fixture->journal, 0, SC_ACTIVITY_GENESIS);
  g_assert_cmpint (verify (fixture->journal), ==, 0);
  append (fixture->journal, "connect");
  reopen (fixture);
  append (fixture->journal, "check");
  g_assert_true (sc_journal_append_activity (fixture->journal, CREATED, "o'neil\n2026 root", "quit",
                                             "ok\x1b[2J", NULL, NULL));

  rows = sc_journal_list_activity (fixture->journal, 0, 10, NULL);
  g_assert_cmpuint (rows->len, ==, 3);
  g_assert_cmpint (get_row (rows, 1)->sequence, ==, 2);
  g_assert_cmpint (get_row (rows, 1)->time, ==, CREATED);
  g_assert_cmpstr (get_row (rows, 1)->user, ==, "anna");
  g_assert_cmpstr (get_row (rows, 1)->action, ==, "check");
  g_assert_cmpstr (get_row (rows, 1)->result, ==, "connected");
  g_assert_cmpstr (get_row (rows, 1)->reference, ==, "K7-21F");
  g_assert_cmpstr (get_row (rows, 2)->user, ==, "o'neil 2026 root");
  g_assert_null (strchr (get_row (rows, 2)->result, '\x1b'));
  g_assert_cmpstr (get_row (rows, 2)->reference, ==, "");
  assert_head (fixture->journal, 3, get_row (rows, 2)->hash);
  g_assert_cmpint (verify (fixture->journal), ==, 0);
}

static void
test_lists (Fixture *fixture, gconstpointer data)
{
  const struct
  {
    gint64 after;
    guint limit;
    guint n_rows;
    gint64 first;
  } cases[] = {
    { 0, 100, 5, 1 },          { 0, 2, 2, 1 },          { 3, 100, 2, 4 },        { 5, 100, 0, 0 },
    { G_MAXINT64, 100, 0, 0 }, { -1, G_MAXUINT, 5, 1 }, { G_MININT64, 1, 1, 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) rows =
        sc_journal_list_activity (fixture->journal, cases[i].after, cases[i].limit, NULL);

      g_assert_cmpuint (rows->len, ==, cases[i].n_rows);
      if (rows->len > 0)
        g_assert_cmpint (get_row (rows, 0)->sequence, ==, cases[i].first);
    }
}

/* The rows from here are those of set_up_rows(): 1 to 5. */
static const struct
{
  const char *name;
  const char *sql;
  gint64 broken_at;
} tamperings[] = {
  { "time", "UPDATE activity SET time = time + 1 WHERE sequence = 3", 3 },
  { "user", "UPDATE activity SET user = 'Anna' WHERE sequence = 3", 3 },
  { "action", "UPDATE activity SET action = 'checks' WHERE sequence = 2", 2 },
  { "result", "UPDATE activity SET result = 'connecteD' WHERE sequence = 1", 1 },
  { "reference", "UPDATE activity SET reference = '' WHERE sequence = 5", 5 },
  { "hash", "UPDATE activity SET hash = substr (hash, 2) || '0' WHERE sequence = 4", 4 },
  { "hash-longer", "UPDATE activity SET hash = hash || '0' WHERE sequence = 5", 5 },
  { "last-hash", "UPDATE activity SET hash = upper (hash) WHERE sequence = 5", 5 },
  { "text-moved", "UPDATE activity SET user = 'annac', action = 'onnect' WHERE sequence = 1", 1 },
  { "hidden-after-nul",
    "UPDATE activity SET user = CAST (x'616e6e610078' AS TEXT) WHERE sequence = 3", 3 },
  { "swapped",
    "UPDATE activity SET sequence = 99 WHERE sequence = 2;"
    "UPDATE activity SET sequence = 2 WHERE sequence = 3;"
    "UPDATE activity SET sequence = 3 WHERE sequence = 99",
    2 },
  { "first-removed", "DELETE FROM activity WHERE sequence = 1", 1 },
  { "middle-removed", "DELETE FROM activity WHERE sequence = 3", 3 },
  { "middle-removed-and-closed-up",
    "DELETE FROM activity WHERE sequence = 3;"
    "UPDATE activity SET sequence = sequence - 1 WHERE sequence > 3",
    3 },
  { "tail-removed", "DELETE FROM activity WHERE sequence > 3", 4 },
  { "all-removed", "DELETE FROM activity", 1 },
  { "added-at-end", "INSERT INTO activity VALUES (6, 1, 'a', 'b', 'c', '', 'd')", 6 },
  { "added-far-away",
    "INSERT INTO activity VALUES (9223372036854775807, 1, 'a', 'b', 'c', '', 'd')", 6 },
  { "added-before", "INSERT INTO activity VALUES (0, 1, 'a', 'b', 'c', '', 'd')", 1 },
  { "added-below-zero",
    "INSERT INTO activity VALUES (-9223372036854775808, 1, 'a', 'b', 'c', '', 'd')", 1 },
  { "head-removed", "DELETE FROM meta WHERE key = 'activity_head'", 5 },
  { "head-garbled", "UPDATE meta SET value = 'x' WHERE key = 'activity_head'", 5 },
  { "head-huge",
    "UPDATE meta SET value = '9223372036854775807 " SC_ACTIVITY_GENESIS "'"
    " WHERE key = 'activity_head'",
    5 },
  { "head-moved-back",
    "UPDATE meta SET value = (SELECT '4 ' || hash FROM activity WHERE sequence = 4)"
    " WHERE key = 'activity_head'",
    5 },
  { "head-of-another-chain",
    "UPDATE meta SET value = '5 " SC_ACTIVITY_GENESIS "' WHERE key = 'activity_head'", 5 },
  { "head-and-rows-removed", "DELETE FROM activity; DELETE FROM meta WHERE key = 'activity_head'",
    1 },
  { "checkpoint-added",
    "INSERT INTO checkpoint SELECT sequence, hash FROM activity WHERE sequence = 3", 1 },
  { "checkpoint-wrong", "INSERT INTO checkpoint VALUES (0, 'x')", 1 },
};

/* Seen at once, and still seen after the program has written on. */
static void
test_tampering (Fixture *fixture, gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);

  g_assert_cmpint (verify (fixture->journal), ==, 0);
  tamper (fixture, tamperings[i].sql);
  g_assert_cmpint (verify (fixture->journal), ==, tamperings[i].broken_at);
  append (fixture->journal, "check");
  append (fixture->journal, "check");
  g_assert_cmpint (verify (fixture->journal), >, 0);
  reopen (fixture);
  g_assert_cmpint (verify (fixture->journal), >, 0);
}

/* Bytes that read as the text they replace, because reading mends them. */
static void
test_unreadable_text (Fixture *fixture, gconstpointer data)
{
  g_assert_true (sc_journal_append_activity (fixture->journal, CREATED, "a\xef\xbf\xbd", "quit",
                                             "ok", NULL, NULL));
  g_assert_cmpint (verify (fixture->journal), ==, 0);
  tamper (fixture, "UPDATE activity SET user = CAST (x'61ff' AS TEXT) WHERE sequence = 1");
  g_assert_cmpint (verify (fixture->journal), ==, 1);
  tamper (fixture, "UPDATE activity SET user = CAST (x'6100' AS TEXT) WHERE sequence = 1");
  g_assert_cmpint (verify (fixture->journal), ==, 1);
}

/* A row whose own hash was made to fit: the next one does not, and at the end the head does not. */
static void
test_rehashed_row (Fixture *fixture, gconstpointer data)
{
  gint64 sequence = GPOINTER_TO_SIZE (data);
  g_autoptr (GPtrArray) rows = sc_journal_list_activity (fixture->journal, sequence - 2, 2, NULL);
  ScActivity forged = *get_row (rows, 1);
  g_autofree char *hash = NULL;
  g_autofree char *sql = NULL;

  forged.user = (char *) "mallory";
  hash = sc_activity_compute_hash (&forged, get_row (rows, 0)->hash);
  sql = g_strdup_printf ("UPDATE activity SET user = 'mallory', hash = '%s' WHERE sequence = %d",
                         hash, (int) sequence);
  tamper (fixture, sql);
  g_assert_cmpint (verify (fixture->journal), ==, MIN (sequence + 1, N_ROWS));
}

/* Beyond the limit: the older half goes, what is left still fits. */
static void
fill (ScJournal *journal, guint n)
{
  g_assert_true (sc_journal_begin (journal, NULL));
  for (guint i = 0; i < n; i++)
    append (journal, "check");
  g_assert_true (sc_journal_commit (journal, NULL));
}

static void
test_prunes (Fixture *fixture, gconstpointer data)
{
  gint64 rows;
  gint64 broken_at;

  fill (fixture->journal, SC_JOURNAL_MAX_ACTIVITY);
  assert_look (fixture, "SELECT count (*) FROM activity", "20000");
  assert_look (fixture, "SELECT count (*) FROM checkpoint", "0");

  append (fixture->journal, "check");
  assert_look (fixture, "SELECT min (sequence) FROM activity", "10002");
  assert_look (fixture, "SELECT sequence FROM checkpoint", "10001");
  reopen (fixture);
  g_assert_true (sc_journal_verify_activity (fixture->journal, &rows, &broken_at, NULL));
  g_assert_cmpint (rows, ==, 10000);
  g_assert_cmpint (broken_at, ==, 0);
  assert_head (fixture->journal, 20001, NULL);

  append (fixture->journal, "check");
  g_assert_cmpint (verify (fixture->journal), ==, 0);
  tamper (fixture, "UPDATE activity SET user = 'eve' WHERE sequence = 10002");
  g_assert_cmpint (verify (fixture->journal), ==, 10002);
  tamper (fixture, "UPDATE activity SET user = 'anna' WHERE sequence = 10002;"
                   "UPDATE checkpoint SET hash = replace (hash, substr (hash, 1, 1), 'g')");
  g_assert_cmpint (verify (fixture->journal), ==, 10002);
  tamper (fixture, "DELETE FROM checkpoint");
  g_assert_cmpint (verify (fixture->journal), ==, 1);
}

/* Pruning takes nothing from a break on: it is what somebody will want to see. */
static void
test_keeps_evidence (Fixture *fixture, gconstpointer data)
{
  fill (fixture->journal, SC_JOURNAL_MAX_ACTIVITY);
  tamper (fixture, "UPDATE activity SET user = 'eve' WHERE sequence = 5000");
  append (fixture->journal, "check");
  assert_look (fixture, "SELECT min (sequence) FROM activity", "5000");
  g_assert_cmpint (verify (fixture->journal), ==, 5000);
  append (fixture->journal, "check");
  g_assert_cmpint (verify (fixture->journal), ==, 5000);
}

int
main (int argc, char **argv)
{
  init_test (&argc, &argv);

  g_test_add ("/agent/journal/activity/appends", Fixture, NULL, set_up, test_appends, tear_down);
  g_test_add ("/agent/journal/activity/lists", Fixture, NULL, set_up_rows, test_lists, tear_down);
  for (gsize i = 0; i < G_N_ELEMENTS (tamperings); i++)
    {
      g_autofree char *path =
        g_strconcat ("/agent/journal/activity/tampered/", tamperings[i].name, NULL);

      g_test_add (path, Fixture, GSIZE_TO_POINTER (i), set_up_rows, test_tampering, tear_down);
    }
  g_test_add ("/agent/journal/activity/tampered/unreadable-text", Fixture, NULL, set_up,
              test_unreadable_text, tear_down);
  g_test_add ("/agent/journal/activity/rehashed/middle", Fixture, GSIZE_TO_POINTER (3), set_up_rows,
              test_rehashed_row, tear_down);
  g_test_add ("/agent/journal/activity/rehashed/last", Fixture, GSIZE_TO_POINTER (N_ROWS),
              set_up_rows, test_rehashed_row, tear_down);
  g_test_add ("/agent/journal/activity/prunes", Fixture, NULL, set_up, test_prunes, tear_down);
  g_test_add ("/agent/journal/activity/keeps-evidence", Fixture, NULL, set_up, test_keeps_evidence,
              tear_down);

  return g_test_run ();
}
