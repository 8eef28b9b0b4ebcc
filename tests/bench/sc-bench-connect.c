// SPDX-License-Identifier: MIT
// From the start of a login to tokens in hand, against a server that redirects at once.

#define G_LOG_DOMAIN "sc-bench"

#include "sc-bench-cloud.h"
#include "sc-bench-figures.h"
#include "sc-bench-rows.h"
#include "sc-test-agent.h"
#include "sc-test-wait.h"

#include <string.h>

#define ROUNDS 15

/* Programs that log in: each prints a line that ends with @asks and the URL that its browser is to
 * open, and later one with @done in it. */
typedef struct
{
  const char *name;
  const char *const *argv;
  char **environment;
  const char *asks;
  const char *done;
  double bar; /* ours divided by it; 0 for none */
  GArray *tokens;
} Peer;

/* Milliseconds from the start to: the authorization URL, tokens in hand, all over. */
typedef struct
{
  double url;
  double tokens;
  double done;
} Times;

typedef struct
{
  ScTestDesktop *desktop;
  ScTestAgent *agent;
  ScBenchProgram *server;
  SoupSession *browser;
  char *url;
} Scene;

/* When the last token answer had left the server: the same moment for everybody. What a client does
 * with it afterwards is not the server's, so it is not in it. */
static double
read_tokens_time (Scene *scene)
{
  g_autofree char *line = sc_bench_program_read (scene->server);

  g_assert_nonnull (line);
  return g_ascii_strtoll (line, NULL, 10) / 1e3;
}

static gboolean
is_quiet (gpointer user_data)
{
  Scene *scene = user_data;
  g_autoptr (GVariant) answer = sc_test_agent_call (scene->agent, "ListReports", NULL, NULL);
  g_autoptr (GVariant) reports = NULL;

  g_assert_nonnull (answer);
  reports = g_variant_get_child_value (answer, 0);
  return g_variant_n_children (reports) == 0;
}

/* The click is the D-Bus call; by the end the grant was stored in the keyring and read back, and
 * the journal has it on the disk. */
static Times
time_agent (Scene *scene, double begin)
{
  guint transaction = sc_test_agent_connect (scene->agent, FALSE);
  g_autofree char *url = sc_test_agent_wait_address (scene->agent);
  Times times = { .url = sc_bench_now () - begin };

  g_assert_cmpuint (sc_bench_browser_follow (scene->browser, url), ==, 200);
  g_assert_cmpstr (sc_test_agent_wait_outcome (scene->agent, transaction)->outcome, ==, "returned");
  times.done = sc_bench_now () - begin;
  times.tokens = read_tokens_time (scene) - begin;
  sc_test_wait_polling (is_quiet, scene);
  return times;
}

static void
start_agent (Scene *scene)
{
  scene->agent = sc_test_agent_start (scene->desktop, scene->url, NULL);
}

/* As above, with an agent that has to be started first. */
static Times
time_cold_agent (Scene *scene)
{
  double begin;

  sc_test_agent_stop (g_steal_pointer (&scene->agent));
  begin = sc_bench_now ();
  start_agent (scene);
  return time_agent (scene, begin);
}

static char *
read_until (ScBenchProgram *program, const char *wanted)
{
  char *line;

  while ((line = sc_bench_program_read (program)) != NULL && strstr (line, wanted) == NULL)
    g_free (line);
  return line;
}

/* The URL at the end of a line with @asks before it; whatever else a program says has no URL. */
static char *
read_url (ScBenchProgram *program, const char *asks)
{
  g_autofree char *line = read_until (program, asks);
  const char *url = NULL;

  while (line != NULL && (url = strstr (strstr (line, asks), "http://")) == NULL)
    {
      g_free (line);
      line = read_until (program, asks);
    }
  return g_strdup (url);
}

/* Returns: milliseconds to tokens, -1 when it does not log in */
static double
time_peer (Scene *scene, const Peer *peer)
{
  double begin = sc_bench_now ();
  g_autoptr (ScBenchProgram) program = sc_bench_program_start (peer->environment, peer->argv);
  g_autofree char *url = NULL;
  g_autofree char *done = NULL;

  if (program == NULL)
    return -1;
  url = read_url (program, peer->asks);
  if (url == NULL)
    return -1;
  sc_bench_browser_follow (scene->browser, url);
  done = read_until (program, peer->done);
  return done != NULL ? read_tokens_time (scene) - begin : -1;
}

static void
print_peer (const Peer *peer, GArray *ours)
{
  g_autofree char *ratio = g_strdup_printf ("ratio, agent / %s", peer->name);
  double median;

  if (peer->tokens->len != ours->len)
    {
      sc_bench_print_note ("%s: not installed, or it did not log in", peer->name);
      return;
    }
  sc_bench_print_samples (peer->name, peer->tokens, " ms");
  median = sc_bench_print_ratio (ratio, ours, peer->tokens);
  if (peer->bar > 0)
    sc_bench_print_bar (ratio, median, peer->bar, "");
}

/* What is asked of the agent, by its parts. */
typedef struct
{
  GArray *url;
  GArray *tokens;
  GArray *done;
  GArray *cold; /* tokens, with the agent's own start */
} Ours;

static void
ours_clear (Ours *ours)
{
  g_array_unref (ours->url);
  g_array_unref (ours->tokens);
  g_array_unref (ours->done);
  g_array_unref (ours->cold);
}

static void
take_round (Scene *scene, Peer *peers, gsize n_peers, Ours *ours)
{
  Times cold = time_cold_agent (scene);
  Times running = time_agent (scene, sc_bench_now ());

  sc_bench_samples_add (ours->cold, cold.tokens);
  sc_bench_samples_add (ours->url, running.url);
  sc_bench_samples_add (ours->tokens, running.tokens);
  sc_bench_samples_add (ours->done, running.done);
  for (gsize i = 0; i < n_peers; i++)
    {
      double taken = time_peer (scene, &peers[i]);

      if (taken >= 0)
        sc_bench_samples_add (peers[i].tokens, taken);
    }
}

static void
measure (Scene *scene, Peer *peers, gsize n_peers)
{
  Ours ours = { sc_bench_samples_new (), sc_bench_samples_new (), sc_bench_samples_new (),
                sc_bench_samples_new () };

  for (guint i = 0; i < ROUNDS; i++)
    take_round (scene, peers, n_peers, &ours);

  sc_bench_print_title ("start of connect to tokens in hand",
                        "all in turn, the same browser; until the token answer left the server");
  sc_bench_print_samples ("agent, to the authorization URL", ours.url, " ms");
  sc_bench_print_samples ("agent, tokens in hand", ours.tokens, " ms");
  sc_bench_print_samples ("agent, stored and written down", ours.done, " ms");
  sc_bench_print_samples ("agent started first, tokens", ours.cold, " ms");
  for (gsize i = 0; i < n_peers; i++)
    print_peer (&peers[i], ours.tokens);
  ours_clear (&ours);
}

static char **
build_rclone_environment (Scene *scene)
{
  char **environment = g_strdupv (sc_test_desktop_get_environment (scene->desktop));
  g_autofree char *authorize = g_strconcat (scene->url, "/oauth/authorize", NULL);
  g_autofree char *token = g_strconcat (scene->url, "/oauth/token", NULL);

  environment = g_environ_setenv (environment, "RCLONE_DRIVE_AUTH_URL", authorize, TRUE);
  return g_environ_setenv (environment, "RCLONE_DRIVE_TOKEN_URL", token, TRUE);
}

static void
scene_init (Scene *scene)
{
  const char *argv[] = { sc_bench_get_program ("SC_BENCH_REDIRECTING_SERVER"), NULL };

  scene->desktop = sc_test_desktop_start (SC_TEST_DESKTOP_KEYRING);
  scene->server = sc_bench_program_start (NULL, argv);
  g_assert_nonnull (scene->server);
  scene->url = sc_bench_program_read (scene->server);
  g_assert_nonnull (scene->url);
  scene->browser = sc_bench_browser_new (NULL);
  start_agent (scene);
}

static void
scene_clear (Scene *scene)
{
  sc_test_agent_stop (scene->agent);
  sc_bench_program_free (scene->server);
  g_object_unref (scene->browser);
  sc_test_desktop_stop (scene->desktop);
  g_free (scene->url);
}

void
sc_bench_connect (void)
{
  Scene scene = { NULL };
  g_auto (GStrv) rclone_environment = NULL;
  const char *bare[] = { sc_bench_get_program ("SC_BENCH_BARE_OAUTH_CLIENT"), NULL, NULL };
  const char *const rclone[] = { "rclone", "authorize", "--auth-no-open-browser", "drive", "bench",
                                 "bench",  NULL };
  const char *msal[] = { "node", sc_bench_get_program ("SC_BENCH_MSAL_CLIENT"), NULL, NULL };
  Peer peers[] = {
    { "bare GLib+libsoup client", bare, NULL, "", "tokens", 0, sc_bench_samples_new () },
    { "rclone", rclone, NULL, "go to the following link: ", "access_token", 1.0 / 3,
      sc_bench_samples_new () },
    { "msal-node", msal, NULL, "", "tokens", 0.1, sc_bench_samples_new () },
  };

  scene_init (&scene);
  bare[1] = scene.url;
  msal[2] = scene.url;
  rclone_environment = build_rclone_environment (&scene);
  peers[1].environment = rclone_environment;
  measure (&scene, peers, G_N_ELEMENTS (peers));
  for (gsize p = 0; p < G_N_ELEMENTS (peers); p++)
    g_array_unref (peers[p].tokens);
  scene_clear (&scene);
}
