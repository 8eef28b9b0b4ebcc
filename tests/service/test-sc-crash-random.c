// SPDX-License-Identifier: MIT
// Kills the agent at random instants, for SC_TEST_CRASH_SECONDS (120), over whatever a person may
// do next. --seed repeats a run's choices; the instants are as exact as the machine is.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-crash.h"

#define SECONDS 120
#define HOUR (60 * 60)
/* Longer than any of the operations takes, starting the program included. */
#define LONGEST_MS 450
/* A second crash comes over the recovery from the first. */
#define RECOVERY_MS 150
#define RECOVERY_CRASHES 3

static const struct
{
  const char *office;
  const char *name;
} practices[] = {
  { SC_TEST_HAPPY, "Happy Dental Clinic" },
  { SC_TEST_BRIGHT, "Bright Smiles Dental" },
};

/**
 * Run:
 * @office: the practice that is connected, "" for none
 * @next: the practice that Connect picks
 */
typedef struct
{
  ScTestCrash *crash;
  char *office;
  const char *next;
} Run;

static gboolean
act_connect (Run *run, ScTestVictim *victim)
{
  return sc_test_victim_authorize (victim, run->next) && sc_test_victim_check (victim);
}

static gboolean
act_check (Run *run, ScTestVictim *victim)
{
  return sc_test_victim_check (victim);
}

static gboolean
act_refresh (Run *run, ScTestVictim *victim)
{
  if (!sc_test_victim_check (victim))
    return FALSE;
  sc_test_sandbox_advance_clock (run->crash->workplace->sandbox, 2 * HOUR);
  return sc_test_victim_check (victim);
}

static gboolean
act_disconnect (Run *run, ScTestVictim *victim)
{
  return sc_test_victim_disconnect (victim, NULL);
}

static gboolean
act_disconnect_practice (Run *run, ScTestVictim *victim)
{
  for (gsize i = 0; i < G_N_ELEMENTS (practices); i++)
    if (g_str_equal (practices[i].office, run->office))
      return sc_test_victim_disconnect (victim, practices[i].name);
  g_assert_not_reached ();
}

static const struct
{
  const char *name;
  gboolean (*act) (Run *run, ScTestVictim *victim);
  gboolean connects;
  gboolean ends;
} operations[] = {
  { "connect", act_connect, TRUE, FALSE },
  { "check", act_check, FALSE, FALSE },
  { "refresh", act_refresh, FALSE, FALSE },
  { "disconnect", act_disconnect, FALSE, TRUE },
  { "disconnect-practice", act_disconnect_practice, FALSE, TRUE },
};

static void
crash_over (Run *run, guint operation)
{
  int instant = g_test_rand_int_range (0, LONGEST_MS);
  ScTestVictim *victim;

  g_test_message ("%s of \"%s\", next %s, killed after %d ms", operations[operation].name,
                  run->office, run->next, instant);
  victim = sc_test_victim_start (run->crash->workplace, NULL, run->crash->log);
  sc_test_victim_kill_after (victim, (guint) instant);
  operations[operation].act (run, victim);
  g_assert_true (sc_test_victim_wait_death (victim));
  sc_test_victim_end (victim);
}

static void
crash_over_recovery (Run *run)
{
  ScTestVictim *victim;

  victim = sc_test_victim_start (run->crash->workplace, NULL, run->crash->log);
  sc_test_victim_kill_after (victim, (guint) g_test_rand_int_range (0, RECOVERY_MS));
  g_assert_true (sc_test_victim_wait_death (victim));
  sc_test_victim_end (victim);
}

static void
crash_once (Run *run)
{
  gboolean connected = *run->office != '\0';
  guint operation = connected ? (guint) g_test_rand_int_range (0, G_N_ELEMENTS (operations)) : 0;
  g_autofree char *possible = NULL;
  ScTestExpected expected;

  run->next = practices[g_test_rand_int_range (0, G_N_ELEMENTS (practices))].office;
  possible = g_strjoin (" ", run->office, operations[operation].connects ? run->next : "", NULL);
  expected = (ScTestExpected){
    .was_connected = connected,
    .connects = operations[operation].connects,
    .practices = possible,
    .may_be_pending = !connected || operations[operation].ends,
    .may_be_withdrawn = !connected || operations[operation].ends,
  };
  sc_test_crash_forget_points (run->crash);
  crash_over (run, operation);
  if (g_test_rand_int_range (0, RECOVERY_CRASHES) == 0)
    crash_over_recovery (run);
  g_free (run->office);
  run->office = sc_test_crash_judge (run->crash, &expected);
}

static gint64
get_duration (void)
{
  const char *seconds = g_getenv ("SC_TEST_CRASH_SECONDS");

  return (seconds != NULL ? g_ascii_strtoll (seconds, NULL, 10) : SECONDS) * G_USEC_PER_SEC;
}

static void
test_random (void)
{
  g_autoptr (ScTestCrash) crash = sc_test_crash_new ();
  Run run = { crash, g_strdup (""), NULL };
  gint64 end = g_get_monotonic_time () + get_duration ();
  guint n;

  for (n = 0; n == 0 || g_get_monotonic_time () < end; n++)
    crash_once (&run);
  g_test_message ("killed %u times, %u exchanged codes never reached the keyring", n,
                  crash->orphans);
  g_free (run.office);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/crash/random", test_random);

  return g_test_run ();
}
