// SPDX-License-Identifier: MIT
// How long a program takes from its start until it owns its name on the session bus.

#define G_LOG_DOMAIN "sc-bench"

#include "sc-bench-figures.h"
#include "sc-bench-process.h"
#include "sc-bench-rows.h"
#include "sc-test-desktop.h"

#include <signal.h>

#define WARM_UP 2 /* the first start makes journal and folders */
#define PAIRS 25

/* Milliseconds until @name has an owner; the program is gone afterwards. */
static double
time_start (ScTestDesktop *desktop, const char *program, const char *name)
{
  const char *argv[] = { program, NULL };
  double begin = sc_bench_now ();
  g_autoptr (ScBenchProgram) running =
    sc_bench_program_start (sc_test_desktop_get_environment (desktop), argv);
  double taken;

  g_assert_nonnull (running);
  sc_test_desktop_wait_name (desktop, name, TRUE);
  taken = sc_bench_now () - begin;
  g_subprocess_send_signal (running->process, SIGTERM);
  sc_bench_program_wait (running);
  sc_test_desktop_wait_name (desktop, name, FALSE);
  return taken;
}

void
sc_bench_start (void)
{
  g_autoptr (ScTestDesktop) desktop = sc_test_desktop_start (SC_TEST_DESKTOP_KEYRING);
  g_autoptr (GArray) ours = sc_bench_samples_new ();
  g_autoptr (GArray) bare = sc_bench_samples_new ();

  for (int i = -WARM_UP; i < PAIRS; i++)
    {
      double agent = time_start (desktop, sc_bench_get_program ("SC_BENCH_AGENT"),
                                 "ca.parlae.SikkaCompanion.Agent");
      double application = time_start (desktop, sc_bench_get_program ("SC_BENCH_BARE_APPLICATION"),
                                       "ca.parlae.SikkaCompanion.Bare");

      if (i < 0)
        continue;
      sc_bench_samples_add (ours, agent);
      sc_bench_samples_add (bare, application);
    }
  sc_bench_print_title ("agent exec to bus name owned",
                        "agent and bare GApplication in turn, seen from the bus, fork included");
  sc_bench_print_samples ("agent", ours, " ms");
  sc_bench_print_samples ("bare GApplication", bare, " ms");
  sc_bench_print_ratio ("ratio, pair by pair", ours, bare);
  sc_bench_print_note ("no bar: design.md's is about the tray item, which there is not yet");
}
