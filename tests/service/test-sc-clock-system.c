// SPDX-License-Identifier: MIT
// The real clock with real alarms. Order and number are looked at, never how long it took.

#include "sc-clock.h"
#include "sc-test-wait.h"

typedef struct
{
  ScClock *clock;
  GString *calls;
  guint id;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->clock = sc_clock_new_system ();
  fixture->calls = g_string_new (NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->clock != NULL)
    g_assert_finalize_object (fixture->clock);
  g_string_free (fixture->calls, TRUE);
}

static void
a_due_cb (gpointer user_data)
{
  g_string_append_c (((Fixture *) user_data)->calls, 'a');
}

static void
b_due_cb (gpointer user_data)
{
  g_string_append_c (((Fixture *) user_data)->calls, 'b');
}

static void
sets_next_cb (gpointer user_data)
{
  Fixture *fixture = user_data;

  g_string_append_c (fixture->calls, 's');
  fixture->id = sc_clock_add_alarm (fixture->clock, 0, a_due_cb, fixture);
}

static void
drops_clock_cb (gpointer user_data)
{
  Fixture *fixture = user_data;

  g_string_append_c (fixture->calls, 'd');
  g_clear_object (&fixture->clock);
}

static gboolean
has_two_calls (gpointer user_data)
{
  return ((Fixture *) user_data)->calls->len >= 2;
}

static gboolean
has_call (gpointer user_data)
{
  return ((Fixture *) user_data)->calls->len >= 1;
}

static void
test_times (Fixture *fixture, gconstpointer data)
{
  gint64 real_time = sc_clock_get_real_time (fixture->clock);
  gint64 boot_time = sc_clock_get_boot_time (fixture->clock);

  g_assert_cmpint (real_time, >, 1700000000);
  g_assert_cmpint (boot_time, >, 0);
  g_assert_cmpint (sc_clock_get_boot_time (fixture->clock), >=, boot_time);
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  sc_clock_add_alarm (fixture->clock, 1, b_due_cb, fixture);
  sc_clock_add_alarm (fixture->clock, 0, a_due_cb, fixture);
  g_assert_cmpstr (fixture->calls->str, ==, "");
  sc_test_wait_until (has_two_calls, fixture);
  g_assert_cmpstr (fixture->calls->str, ==, "ab");
}

static void
test_removal (Fixture *fixture, gconstpointer data)
{
  guint id = sc_clock_add_alarm (fixture->clock, 0, a_due_cb, fixture);

  sc_clock_add_alarm (fixture->clock, 0, b_due_cb, fixture);
  sc_clock_add_alarm (fixture->clock, 1, b_due_cb, fixture);
  sc_clock_remove_alarm (fixture->clock, &id);
  g_assert_cmpuint (id, ==, 0);
  sc_test_wait_until (has_two_calls, fixture);
  g_assert_cmpstr (fixture->calls->str, ==, "bb");
}

static void
test_alarm_set_by_alarm (Fixture *fixture, gconstpointer data)
{
  sc_clock_add_alarm (fixture->clock, 0, sets_next_cb, fixture);
  sc_test_wait_until (has_two_calls, fixture);
  g_assert_cmpstr (fixture->calls->str, ==, "sa");
}

static void
test_clock_dropped_by_alarm (Fixture *fixture, gconstpointer data)
{
  sc_clock_add_alarm (fixture->clock, 0, drops_clock_cb, fixture);
  sc_clock_add_alarm (fixture->clock, 3600, a_due_cb, fixture);
  sc_test_wait_until (has_call, fixture);
  g_assert_null (fixture->clock);
}

/* An alarm that waits must not keep the main loop busy. */
static void
test_waits_without_a_tick (Fixture *fixture, gconstpointer data)
{
  sc_clock_add_alarm (fixture->clock, 3600, a_due_cb, fixture);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_false (g_main_context_pending (NULL));
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
  add ("/platform/clock-system/times", test_times);
  add ("/platform/clock-system/order", test_order);
  add ("/platform/clock-system/removal", test_removal);
  add ("/platform/clock-system/alarm-set-by-alarm", test_alarm_set_by_alarm);
  add ("/platform/clock-system/clock-dropped-by-alarm", test_clock_dropped_by_alarm);
  add ("/platform/clock-system/waits-without-a-tick", test_waits_without_a_tick);
  return g_test_run ();
}
