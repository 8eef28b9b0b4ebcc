// SPDX-License-Identifier: MIT
// The clock moved by hand: what every test of the agent stands on.

#include "sc-clock.h"

#define REAL_TIME 1700000000

typedef struct
{
  ScClock *clock;
  GString *calls; /* one letter each */
  guint id;       /* for an alarm that is set or taken away by another */
  gint64 boot_time;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->clock = sc_clock_manual_new (REAL_TIME);
  fixture->calls = g_string_new (NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->clock);
  g_string_free (fixture->calls, TRUE);
}

static void
advance (Fixture *fixture, gint64 seconds)
{
  sc_clock_manual_advance (SC_CLOCK_MANUAL (fixture->clock), seconds);
}

static void
a_due_cb (gpointer user_data)
{
  Fixture *fixture = user_data;

  g_string_append_c (fixture->calls, 'a');
  fixture->boot_time = sc_clock_get_boot_time (fixture->clock);
}

static void
b_due_cb (gpointer user_data)
{
  g_string_append_c (((Fixture *) user_data)->calls, 'b');
}

static void
removes_other_cb (gpointer user_data)
{
  Fixture *fixture = user_data;

  g_string_append_c (fixture->calls, 'r');
  sc_clock_remove_alarm (fixture->clock, &fixture->id);
}

static void
sets_next_cb (gpointer user_data)
{
  Fixture *fixture = user_data;

  g_string_append_c (fixture->calls, 's');
  sc_clock_add_alarm (fixture->clock, 5, a_due_cb, fixture);
}

static void
test_both_times_move (Fixture *fixture, gconstpointer data)
{
  gint64 before = sc_clock_get_boot_time (fixture->clock);

  g_assert_cmpint (sc_clock_get_real_time (fixture->clock), ==, REAL_TIME);
  advance (fixture, 90);
  g_assert_cmpint (sc_clock_get_real_time (fixture->clock), ==, REAL_TIME + 90);
  g_assert_cmpint (sc_clock_get_boot_time (fixture->clock), ==, before + 90 * G_USEC_PER_SEC);
}

static void
test_fires_once_when_due (Fixture *fixture, gconstpointer data)
{
  gint64 before = sc_clock_get_boot_time (fixture->clock);
  guint id = sc_clock_add_alarm (fixture->clock, 10, a_due_cb, fixture);

  g_assert_cmpuint (id, !=, 0);
  advance (fixture, 9);
  g_assert_cmpstr (fixture->calls->str, ==, "");
  g_assert_cmpuint (sc_clock_manual_count_alarms (SC_CLOCK_MANUAL (fixture->clock)), ==, 1);
  advance (fixture, 100);
  g_assert_cmpstr (fixture->calls->str, ==, "a");
  g_assert_cmpint (fixture->boot_time, ==, before + 10 * G_USEC_PER_SEC);
  g_assert_cmpuint (sc_clock_manual_count_alarms (SC_CLOCK_MANUAL (fixture->clock)), ==, 0);
  advance (fixture, 100);
  g_assert_cmpstr (fixture->calls->str, ==, "a");
  /* Its id is stale now, which harms nobody. */
  sc_clock_remove_alarm (fixture->clock, &id);
  g_assert_cmpuint (id, ==, 0);
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  sc_clock_add_alarm (fixture->clock, 20, b_due_cb, fixture);
  sc_clock_add_alarm (fixture->clock, 10, a_due_cb, fixture);
  sc_clock_add_alarm (fixture->clock, 20, a_due_cb, fixture);
  sc_clock_add_alarm (fixture->clock, 0, b_due_cb, fixture);
  advance (fixture, 0);
  g_assert_cmpstr (fixture->calls->str, ==, "b");
  advance (fixture, 20);
  g_assert_cmpstr (fixture->calls->str, ==, "baba");
}

static void
test_removal (Fixture *fixture, gconstpointer data)
{
  guint id = sc_clock_add_alarm (fixture->clock, 10, a_due_cb, fixture);
  guint none = 0;

  sc_clock_add_alarm (fixture->clock, 10, b_due_cb, fixture);
  sc_clock_remove_alarm (fixture->clock, &id);
  g_assert_cmpuint (id, ==, 0);
  sc_clock_remove_alarm (fixture->clock, &none);
  advance (fixture, 10);
  g_assert_cmpstr (fixture->calls->str, ==, "b");
}

static void
test_callbacks_change_alarms (Fixture *fixture, gconstpointer data)
{
  sc_clock_add_alarm (fixture->clock, 10, removes_other_cb, fixture);
  fixture->id = sc_clock_add_alarm (fixture->clock, 10, b_due_cb, fixture);
  sc_clock_add_alarm (fixture->clock, 10, sets_next_cb, fixture);
  advance (fixture, 14);
  g_assert_cmpstr (fixture->calls->str, ==, "rs");
  advance (fixture, 1);
  g_assert_cmpstr (fixture->calls->str, ==, "rsa");
}

static void
test_far_future (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpuint (sc_clock_add_alarm (fixture->clock, G_MAXINT64, a_due_cb, fixture), !=, 0);
  advance (fixture, 365 * 24 * 3600);
  g_assert_cmpstr (fixture->calls->str, ==, "");
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/platform/clock/both-times-move", test_both_times_move);
  add ("/platform/clock/fires-once-when-due", test_fires_once_when_due);
  add ("/platform/clock/order", test_order);
  add ("/platform/clock/removal", test_removal);
  add ("/platform/clock/callbacks-change-alarms", test_callbacks_change_alarms);
  add ("/platform/clock/far-future", test_far_future);
  return g_test_run ();
}
