// SPDX-License-Identifier: MIT
// The controller with the real sandbox and a clock moved by hand: from nothing to connected, and
// what time does to it.

#include "sc-authorizer.h"
#include "sc-test-parts.h"
#include "sc-test-wait.h"

#define HOUR (60 * 60)

static void
test_whole_life (ScTestParts *parts, gconstpointer data)
{
  g_autofree char *page = NULL;
  g_autoptr (GError) error = NULL;

  sc_test_parts_start (parts);
  sc_test_parts_assert_state (parts, "pending");
  g_assert_cmpint (sc_test_parts_count (parts, NULL), ==, 0);

  g_assert_cmpuint (sc_test_parts_connect (parts, &error), ==, 1);
  g_assert_no_error (error);
  sc_test_parts_assert_state (parts, "browser-open");
  g_assert_cmpint (sc_controller_get_browser_deadline (parts->controller), ==,
                   sc_clock_get_real_time (parts->clock) + SC_AUTHORIZER_TIME_LIMIT);

  page = sc_test_parts_decide (parts, SC_TEST_OFFICE, "allow");
  sc_test_parts_wait_finished (parts);
  g_assert_nonnull (strstr (page, sc_controller_get_reference (parts->controller)));
  g_assert_cmpstr (parts->outcome, ==, "returned");
  g_assert_cmpstr (parts->error_id, ==, "");
  sc_test_parts_assert_state (parts, "returned");
  sc_test_parts_assert_message (parts, "check-to-verify");
  g_assert_cmpstr (sc_controller_get_practice (parts->controller)->name, ==, "Happy Dental Clinic");
  g_assert_nonnull (sc_test_store_peek (parts->store, SC_CREDENTIAL_SLOT_CONNECTION));

  g_assert_true (sc_test_parts_check (parts, &error));
  g_assert_no_error (error);
  sc_test_parts_assert_state (parts, "connected");
  sc_test_parts_assert_status (parts, "connected");
  g_assert_cmpint (sc_controller_get_last_checked (parts->controller), ==,
                   sc_clock_get_real_time (parts->clock));
  sc_test_parts_wait_delivered (parts);
  g_assert_cmpuint (sc_test_parts_count_reports (parts), ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, scenario, test)                                                                  \
  g_test_add ("/agent/controller/" name, ScTestParts, scenario, sc_test_parts_set_up, test,        \
              sc_test_parts_tear_down)
  ADD ("whole-life", NULL, test_whole_life);
  return g_test_run ();
}
