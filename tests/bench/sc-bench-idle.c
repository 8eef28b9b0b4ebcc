// SPDX-License-Identifier: MIT
// What an agent costs that is connected, checked and left alone.

#define G_LOG_DOMAIN "sc-bench"

#include "sc-bench-cloud.h"
#include "sc-bench-figures.h"
#include "sc-bench-rows.h"
#include "sc-test-agent.h"
#include "sc-test-wait.h"

#define SETTLE 60 /* seconds from the check to the look at the memory */
#define WINDOW 60 /* seconds in which nothing should happen */
#define BAR_PSS 6.0
#define BAR_SWITCHES 2

typedef struct
{
  ScTestDesktop *desktop;
  ScBenchCloud *cloud;
  ScTestAgent *agent;
  ScBenchProgram *bare;
} Scene;

static gboolean
is_delivered (gpointer user_data)
{
  Scene *scene = user_data;
  g_autoptr (GVariant) answer = sc_test_agent_call (scene->agent, "ListReports", NULL, NULL);
  g_autoptr (GVariant) reports = NULL;

  g_assert_nonnull (answer);
  reports = g_variant_get_child_value (answer, 0);
  return g_variant_n_children (reports) == 0;
}

static void
connect_and_check (Scene *scene)
{
  g_autoptr (SoupSession) browser = sc_bench_browser_new (scene->cloud->tls_database);
  guint transaction = sc_test_agent_connect (scene->agent, FALSE);
  g_autofree char *url = sc_test_agent_wait_address (scene->agent);
  g_autofree char *status = NULL;

  g_assert_cmpuint (sc_bench_browser_follow (browser, url), ==, 200);
  g_assert_cmpstr (sc_test_agent_wait_outcome (scene->agent, transaction)->outcome, ==, "returned");
  status = sc_test_agent_check (scene->agent);
  g_assert_cmpstr (status, ==, "connected");
  sc_test_wait_polling (is_delivered, scene);
}

static void
scene_init (Scene *scene)
{
  const char *argv[] = { sc_bench_get_program ("SC_BENCH_BARE_APPLICATION"), NULL };

  scene->desktop = sc_test_desktop_start (SC_TEST_DESKTOP_KEYRING);
  scene->cloud = sc_bench_cloud_start (scene->desktop);
  scene->bare = sc_bench_program_start (sc_test_desktop_get_environment (scene->desktop), argv);
  g_assert_nonnull (scene->bare);
  sc_test_desktop_wait_name (scene->desktop, "ca.parlae.SikkaCompanion.Bare", TRUE);
}

static void
start_agent (Scene *scene)
{
  scene->agent = sc_test_agent_start (scene->desktop, scene->cloud->url, "SC_BENCH_TRUST",
                                      g_getenv ("SC_BENCH_TRUST"), "SC_BENCH_TRUST_STORE",
                                      g_getenv ("SC_BENCH_TRUST_STORE"), NULL);
}

static void
scene_clear (Scene *scene)
{
  sc_test_agent_stop (scene->agent);
  sc_bench_program_free (scene->bare);
  sc_bench_cloud_free (scene->cloud);
  sc_test_desktop_stop (scene->desktop);
}

static void
print_memory (Scene *scene)
{
  ScBenchMemory ours;
  ScBenchMemory bare;

  sc_bench_print_title ("agent idle, PSS",
                        "60 s after a finished connect and check; one agent, one look");
  sc_bench_print_note ("the cloud was reached over %s",
                       scene->cloud->front != NULL ? "TLS, with the system's whole trust store"
                                                   : "plain HTTP: no private mount here");
  if (!sc_bench_read_memory (sc_test_agent_get_pid (scene->agent), &ours) ||
      !sc_bench_read_memory (sc_bench_program_get_pid (scene->bare), &bare))
    {
      sc_bench_print_note ("not measured: the agent is not dumpable, only root may look");
      return;
    }
  sc_bench_print_number ("agent, PSS", ours.pss, " MB");
  sc_bench_print_number ("agent, USS (its own alone)", ours.uss, " MB");
  sc_bench_print_number ("agent, RSS", ours.rss, " MB");
  sc_bench_print_number ("bare GApplication, PSS", bare.pss, " MB");
  sc_bench_print_number ("bare GApplication, USS", bare.uss, " MB");
  sc_bench_print_number ("ratio of PSS", ours.pss / bare.pss, "");
  sc_bench_print_bar ("PSS", ours.pss, BAR_PSS, " MB");
}

static void
print_work (const char *name, const ScBenchWork *before, const ScBenchWork *after)
{
  g_print ("   %-34s %" G_GINT64_FORMAT " voluntary and %" G_GINT64_FORMAT
           " involuntary switches, %.3f ms CPU, %u threads\n",
           name, after->voluntary_switches - before->voluntary_switches,
           after->involuntary_switches - before->involuntary_switches,
           after->cpu_ms - before->cpu_ms, after->threads);
}

static void
print_window (Scene *scene)
{
  int agent = sc_test_agent_get_pid (scene->agent);
  int bare = sc_bench_program_get_pid (scene->bare);
  gint64 requests = sc_test_sandbox_count (scene->cloud->sandbox, NULL);
  ScBenchWork agent_before = sc_bench_read_work (agent);
  ScBenchWork bare_before = sc_bench_read_work (bare);
  ScBenchWork agent_after;
  ScBenchWork bare_after;

  sc_bench_let_pass (WINDOW);
  agent_after = sc_bench_read_work (agent);
  bare_after = sc_bench_read_work (bare);
  requests = sc_test_sandbox_count (scene->cloud->sandbox, NULL) - requests;

  sc_bench_print_title ("agent idle, 60 s", "the 60 seconds after that; all threads");
  sc_bench_print_number ("requests", requests, "");
  print_work ("agent", &agent_before, &agent_after);
  print_work ("bare GApplication", &bare_before, &bare_after);
  sc_bench_print_bar ("requests", requests, 0, "");
  sc_bench_print_bar ("voluntary switches",
                      agent_after.voluntary_switches - agent_before.voluntary_switches,
                      BAR_SWITCHES, "");
  sc_bench_print_bar ("CPU", (int) (agent_after.cpu_ms - agent_before.cpu_ms), 0, " ms");
}

void
sc_bench_idle (void)
{
  Scene scene = { NULL };

  scene_init (&scene);
  start_agent (&scene);
  connect_and_check (&scene);
  sc_bench_let_pass (SETTLE);
  print_memory (&scene);
  print_window (&scene);
  scene_clear (&scene);
}
