// SPDX-License-Identifier: MIT
// Kills the agent at each durable step of everything that changes something, one after the other,
// and looks what the next start makes of it. The steps are not listed here: each operation is run
// once to learn them.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-crash.h"

#include <glib/gstdio.h>

#define BRIGHT_OR_HAPPY SC_TEST_HAPPY " " SC_TEST_BRIGHT
#define HAPPY_NAME "Happy Dental Clinic"
#define NO_DATABASE "no database at all"
#define HOUR (60 * 60)

/**
 * Operation:
 * @scenario: (nullable): of the cloud, while the agent is killed and starts again
 * @unheard: (nullable): what the cloud does not answer until the agent is dead
 * @prepare: what is there before, on a PC where nothing is; no agent runs afterwards
 * @prepare_again: (nullable): the same on a PC that is connected already
 * @act: the whole of it. Returns: whether the agent lives
 * @expected: each of these ends has to come about at some point
 * @wavers: it is not that all points up to one leave the old connection, and all after it the new
 */
typedef struct
{
  const char *path;
  const char *scenario;
  const char *unheard;
  void (*prepare) (ScTestCrash *crash);
  void (*prepare_again) (ScTestCrash *crash);
  gboolean (*act) (ScTestCrash *crash, ScTestVictim *victim);
  ScTestExpected expected;
  gboolean wavers;
} Operation;

/* ---- what is there before ---- */

static void
prepare_nothing (ScTestCrash *crash)
{
}

static void
prepare_journal (ScTestCrash *crash)
{
  sc_test_workplace_start_agent (crash->workplace);
  sc_test_agent_wait_text (crash->workplace->agent, "KeyringState", "absent");
  sc_test_workplace_kill_agent (crash->workplace);
}

static void
prepare_damaged (ScTestCrash *crash)
{
  prepare_journal (crash);
  sc_test_workplace_write (crash->workplace, "data/journal.db", NO_DATABASE, -1);
  sc_test_workplace_write (crash->workplace, "data/journal.db-wal", "and no log of one", -1);
}

static void
prepare_connected (ScTestCrash *crash)
{
  sc_test_workplace_start_agent (crash->workplace);
  sc_test_workplace_connect (crash->workplace, SC_TEST_HAPPY);
  sc_test_workplace_kill_agent (crash->workplace);
}

/* Two reports that the cloud did not take, and that are due now. */
static void
queue_reports (ScTestCrash *crash)
{
  ScTestWorkplace *workplace = crash->workplace;

  sc_test_sandbox_set_trouble (workplace->sandbox, "unavailable", "/api/pms/companion/reports");
  sc_test_workplace_start_agent (workplace);
  for (guint i = 0; i < 2; i++)
    g_free (sc_test_workplace_check (workplace));
  sc_test_workplace_wait_reports (workplace, 2);
  sc_test_workplace_kill_agent (workplace);
  sc_test_sandbox_set_scenario (workplace->sandbox, "none");
  sc_test_workplace_sql (workplace, "UPDATE outbox SET next_attempt = 0");
}

static void
prepare_reports (ScTestCrash *crash)
{
  prepare_connected (crash);
  queue_reports (crash);
}

/* ---- what the agent is killed over ---- */

static gboolean
act_start (ScTestCrash *crash, ScTestVictim *victim)
{
  return sc_test_crash_wait_settled (crash, victim);
}

static gboolean
act_connect (ScTestCrash *crash, ScTestVictim *victim)
{
  return sc_test_victim_authorize (victim, SC_TEST_HAPPY) && sc_test_victim_check (victim) &&
         sc_test_crash_wait_settled (crash, victim);
}

static gboolean
act_connect_elsewhere (ScTestCrash *crash, ScTestVictim *victim)
{
  return sc_test_victim_authorize (victim, SC_TEST_BRIGHT) && sc_test_victim_check (victim) &&
         sc_test_crash_wait_settled (crash, victim);
}

/* Two refreshes: for the want of a token, and for one that has expired. */
static gboolean
act_refresh (ScTestCrash *crash, ScTestVictim *victim)
{
  if (!sc_test_victim_check (victim) || !sc_test_crash_wait_settled (crash, victim))
    return FALSE;
  sc_test_sandbox_advance_clock (crash->workplace->sandbox, 2 * HOUR);
  return sc_test_victim_check (victim) && sc_test_crash_wait_settled (crash, victim);
}

static gboolean
act_disconnect (ScTestCrash *crash, ScTestVictim *victim)
{
  return sc_test_victim_disconnect (victim, NULL) && sc_test_crash_wait_settled (crash, victim);
}

static gboolean
act_disconnect_practice (ScTestCrash *crash, ScTestVictim *victim)
{
  return sc_test_victim_disconnect (victim, HAPPY_NAME) &&
         sc_test_crash_wait_settled (crash, victim);
}

static gboolean
has_tried_to_revoke (gpointer user_data)
{
  g_auto (GStrv) points = sc_test_crash_read_points (user_data);

  return g_strv_contains ((const char *const *) points, "http/POST/oauth/revoke/after#1");
}

static gboolean
act_disconnect_unheard (ScTestCrash *crash, ScTestVictim *victim)
{
  return sc_test_victim_disconnect (victim, NULL) &&
         sc_test_victim_wait (victim, has_tried_to_revoke, crash);
}

static const Operation operations[] = {
  { "/crash/create-journal",
    NULL,
    NULL,
    prepare_nothing,
    NULL,
    act_start,
    { .practices = "", .may_be_pending = TRUE } },
  { "/crash/set-journal-aside",
    NULL,
    NULL,
    prepare_damaged,
    NULL,
    act_start,
    { .practices = "", .may_be_pending = TRUE, .aside = NO_DATABASE } },
  { "/crash/connect",
    NULL,
    NULL,
    prepare_journal,
    NULL,
    act_connect,
    { .connects = TRUE, .practices = SC_TEST_HAPPY, .may_be_pending = TRUE } },
  { "/crash/reconnect",
    NULL,
    NULL,
    prepare_connected,
    prepare_nothing,
    act_connect,
    { .was_connected = TRUE, .connects = TRUE, .practices = SC_TEST_HAPPY } },
  { "/crash/reconnect-elsewhere",
    NULL,
    NULL,
    prepare_connected,
    NULL,
    act_connect_elsewhere,
    { .was_connected = TRUE, .connects = TRUE, .practices = BRIGHT_OR_HAPPY } },
  { "/crash/refresh",
    NULL,
    NULL,
    prepare_connected,
    prepare_nothing,
    act_refresh,
    { .was_connected = TRUE, .practices = SC_TEST_HAPPY } },
  { "/crash/refresh-strict-rotation",
    "strict-rotation",
    NULL,
    prepare_connected,
    prepare_nothing,
    act_refresh,
    { .was_connected = TRUE, .practices = SC_TEST_HAPPY, .may_be_withdrawn = TRUE },
    .wavers = TRUE },
  { "/crash/disconnect",
    NULL,
    NULL,
    prepare_connected,
    prepare_nothing,
    act_disconnect,
    { .was_connected = TRUE, .practices = SC_TEST_HAPPY, .may_be_pending = TRUE } },
  { "/crash/disconnect-unheard",
    NULL,
    "/oauth/revoke",
    prepare_connected,
    prepare_nothing,
    act_disconnect_unheard,
    { .was_connected = TRUE, .practices = SC_TEST_HAPPY, .may_be_pending = TRUE } },
  { "/crash/disconnect-practice",
    NULL,
    NULL,
    prepare_connected,
    prepare_nothing,
    act_disconnect_practice,
    { .was_connected = TRUE,
      .practices = SC_TEST_HAPPY,
      .may_be_pending = TRUE,
      .may_be_withdrawn = TRUE } },
  { "/crash/reports",
    NULL,
    NULL,
    prepare_reports,
    queue_reports,
    act_start,
    { .was_connected = TRUE, .practices = SC_TEST_HAPPY } },
};

/* ---- the run ---- */

/* @office: (nullable): what the last run left connected, %NULL before the first */
static void
prepare (ScTestCrash *crash, const Operation *operation, const char *office)
{
  sc_test_sandbox_set_scenario (crash->workplace->sandbox, "none");
  if (operation->prepare_again != NULL && office != NULL && *office != '\0' && crash->orphans == 0)
    {
      operation->prepare_again (crash);
    }
  else
    {
      sc_test_crash_wipe (crash);
      operation->prepare (crash);
    }
  if (operation->scenario != NULL)
    sc_test_sandbox_set_scenario (crash->workplace->sandbox, operation->scenario);
  if (operation->unheard != NULL)
    sc_test_sandbox_set_trouble (crash->workplace->sandbox, "unavailable", operation->unheard);
}

/* Returns: (transfer full): the points that the whole operation passes */
static char **
learn (ScTestCrash *crash, const Operation *operation)
{
  ScTestVictim *victim;

  prepare (crash, operation, NULL);
  sc_test_crash_forget_points (crash);
  victim = sc_test_victim_start (crash->workplace, NULL, crash->log);
  g_assert_true (operation->act (crash, victim));
  sc_test_victim_end (victim);
  return sc_test_crash_read_points (crash);
}

/* Returns: (transfer full): the practice that is connected after a crash at @point */
static char *
crash_at (ScTestCrash *crash, const Operation *operation, const char *point)
{
  ScTestVictim *victim;

  sc_test_crash_forget_points (crash);
  victim = sc_test_victim_start (crash->workplace, point, crash->log);
  operation->act (crash, victim);
  if (!sc_test_victim_wait_death (victim))
    g_error ("%s: %s is never reached", operation->path, point);
  sc_test_victim_end (victim);
  if (operation->unheard != NULL)
    sc_test_sandbox_set_scenario (crash->workplace->sandbox, "none");
  return sc_test_crash_judge (crash, &operation->expected);
}

/* A test that only ever sees one end would see it too where nothing is done at all. */
static void
assert_all_ends (const ScTestExpected *expected, GHashTable *ends)
{
  g_auto (GStrv) offices = g_strsplit (expected->practices, " ", -1);

  for (guint i = 0; offices[i] != NULL; i++)
    if (!g_hash_table_contains (ends, offices[i]))
      g_error ("at no point it ends with %s", offices[i]);
  g_assert_cmpint (expected->may_be_pending || expected->may_be_withdrawn, ==,
                   g_hash_table_contains (ends, ""));
}

static void
test_operation (gconstpointer data)
{
  const Operation *operation = data;
  g_autoptr (ScTestCrash) crash = sc_test_crash_new ();
  g_auto (GStrv) points = learn (crash, operation);
  g_autoptr (GHashTable) ends = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  char *office = NULL;
  guint n_turns = 0;

  for (guint i = 0; points[i] != NULL; i++)
    {
      g_autofree char *before = g_strdup (office);

      prepare (crash, operation, office);
      office = crash_at (crash, operation, points[i]);
      g_test_message ("%s: %s", points[i], *office != '\0' ? office : "nothing");
      n_turns += before != NULL && !g_str_equal (before, office);
      g_hash_table_add (ends, office);
    }
  assert_all_ends (&operation->expected, ends);
  g_assert_true (n_turns <= 1 || operation->wavers);
  g_test_message ("killed at %u points", g_strv_length (points));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (operations); i++)
    g_test_add_data_func (operations[i].path, &operations[i], test_operation);

  return g_test_run ();
}
