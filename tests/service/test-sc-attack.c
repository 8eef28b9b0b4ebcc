// SPDX-License-Identifier: MIT
// One live listener of the real agent against everything at once; then the real login succeeds on
// it. What each single request is answered is test-sc-loopback.c's business as well; here it is
// that nothing of it adds up.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-browser.h"
#include "sc-test-client.h"
#include "sc-test-hostile.h"
#include "sc-test-process.h"
#include "sc-test-workplace.h"

#include <string.h>

#define BURST 200
#define HALF 64
#define IDLE 1100
#define CALLS 20
/* kB that all of it may leave behind: what the allocator keeps of the burst. */
#define MAX_GROWTH 4096
/* What the agent allows itself, see sc_system_harden(). */
#define MAX_DESCRIPTORS 4096

/**
 * Target:
 * @authority: "127.0.0.1:PORT"
 * @state: the right one, as anybody who sees the browser's address bar knows it
 */
typedef struct
{
  ScTestWorkplace *workplace;
  guint transaction;
  char *url;
  char *authority;
  char *state;
  guint16 port;
  int pid;
} Target;

/* The agent does not let itself be looked at, but for root; the preload undoes that. */
static void
start_agent (Target *self)
{
  const char *readable = g_getenv ("SC_TEST_READABLE");
  g_autoptr (GVariant) answer = NULL;

  self->workplace = sc_test_workplace_prepare (SC_TEST_DESKTOP_KEYRING);
  self->workplace->agent =
    sc_test_agent_start (self->workplace->desktop, self->workplace->url,
                         readable != NULL ? "LD_PRELOAD" : NULL, readable, NULL);
  answer = sc_test_workplace_call (self->workplace, "SetSpuElsewhere", g_variant_new ("(b)", TRUE));
}

static void
target_init (Target *self)
{
  g_autoptr (GUri) url = NULL;
  g_autoptr (GUri) callback = NULL;
  g_autoptr (GHashTable) parameters = NULL;

  start_agent (self);
  self->pid = sc_test_agent_get_pid (self->workplace->agent);
  self->transaction = sc_test_agent_connect (self->workplace->agent, FALSE);
  self->url = sc_test_agent_wait_address (self->workplace->agent);
  url = g_uri_parse (self->url, G_URI_FLAGS_ENCODED, NULL);
  parameters = g_uri_parse_params (g_uri_get_query (url), -1, "&", G_URI_PARAMS_NONE, NULL);
  callback = g_uri_parse (g_hash_table_lookup (parameters, "redirect_uri"), G_URI_FLAGS_NONE, NULL);
  self->port = (guint16) g_uri_get_port (callback);
  self->authority = g_strdup_printf ("127.0.0.1:%u", self->port);
  self->state = g_strdup (g_hash_table_lookup (parameters, "state"));
  g_assert_nonnull (self->state);
}

static void
target_clear (Target *self)
{
  sc_test_workplace_free (self->workplace);
  g_free (self->url);
  g_free (self->authority);
  g_free (self->state);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Target, target_clear)

static ScTestClient *
start (Target *self, const char *request, guint flags)
{
  g_autoptr (GBytes) bytes = sc_test_hostile_fill (request, self->authority, self->state);

  return sc_test_client_start (self->port, bytes, flags);
}

static char *
ask (Target *self, const char *request, guint flags)
{
  return sc_test_client_finish (start (self, request, flags));
}

/* 0: closed without an answer. Nothing of the request comes back in any case. */
static void
assert_refused (Target *self, const char *name, const char *answer, guint status)
{
  g_autofree char *line = g_strdup_printf ("HTTP/1.1 %u ", status);
  gboolean is_right = status == 0 ? *answer == '\0' : g_str_has_prefix (answer, line);

  if (!is_right)
    g_test_message ("%s: expected %u, got: %.40s", name, status, answer);
  g_assert_true (is_right);
  g_assert_null (strstr (answer, "c0de"));
  g_assert_null (strstr (answer, "script>"));
  g_assert_null (strstr (answer, self->state));
}

/* ---- the kinds of attack ---- */

static void
send_requests (Target *self)
{
  for (const ScTestHostile *row = sc_test_hostile; row->name != NULL; row++)
    {
      guint flags = row->status == 0 ? SC_TEST_CLIENT_END : 0;
      g_autofree char *answer = ask (self, row->request, flags);

      assert_refused (self, row->name, answer, row->status);
    }
}

static void
send_large (Target *self)
{
  for (const ScTestLarge *row = sc_test_large; row->name != NULL; row++)
    {
      g_autofree char *request = sc_test_large_build (row);
      g_autofree char *answer = ask (self, request, 0);

      assert_refused (self, row->name, answer, 431);
    }
}

#define WRONG_STATE "GET /callback?code=x&state=bad HTTP/1.1" HOST

static void
send_odd (Target *self)
{
  g_autofree char *reflected = ask (self, SC_TEST_REFLECTED, 0);
  g_autofree char *slow = ask (self, WRONG_STATE, SC_TEST_CLIENT_BYTEWISE);
  g_autofree char *half_closed = ask (self, WRONG_STATE, SC_TEST_CLIENT_END);

  assert_refused (self, "reflected", reflected, 400);
  assert_refused (self, "slow", slow, 400);
  assert_refused (self, "half-closed", half_closed, 400);
  g_free (ask (self, "", SC_TEST_CLIENT_RESET));
  g_free (ask (self, "GET /call", SC_TEST_CLIENT_RESET));
  g_free (ask (self, WRONG_STATE, SC_TEST_CLIENT_RESET));
}

static void
call_agent (Target *self)
{
  for (guint i = 0; i < CALLS; i++)
    g_assert_cmpuint (sc_test_workplace_count_reports (self->workplace), ==, 0);
}

static void
burst (Target *self)
{
  ScTestClient *clients[BURST];

  for (guint i = 0; i < BURST; i++)
    clients[i] = start (self, WRONG_STATE, 0);
  call_agent (self);
  for (guint i = 0; i < BURST; i++)
    {
      g_autofree char *answer = sc_test_client_finish (clients[i]);

      assert_refused (self, "burst", answer, 400);
    }
}

static void
send_halves (Target *self)
{
  ScTestClient *clients[HALF];

  for (guint i = 0; i < HALF; i++)
    clients[i] = start (self, "GET " GOOD " HTTP/1.1\r\nHost: {H}\r\nX-", 0);
  call_agent (self);
  for (guint i = 0; i < HALF; i++)
    {
      g_autofree char *answer = sc_test_client_finish (clients[i]);

      assert_refused (self, "half", answer, 0);
    }
}

/* Connections that say nothing. Those that the backlog does not hold go on trying. */
static GPtrArray *
hold_idle (Target *self)
{
  g_autoptr (GSocketAddress) address =
    g_inet_socket_address_new_from_string ("127.0.0.1", self->port);
  GPtrArray *held = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < IDLE; i++)
    {
      g_autoptr (GError) error = NULL;
      GSocket *socket =
        g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);

      g_assert_no_error (error);
      g_socket_set_blocking (socket, FALSE);
      if (!g_socket_connect (socket, address, NULL, &error))
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);
      g_ptr_array_add (held, socket);
    }
  return held;
}

/* ---- what it may not do ---- */

static void
assert_limits (Target *self)
{
  guint64 soft = 0;
  guint64 hard = 0;

  sc_test_process_get_limits (self->pid, "Max open files", &soft, &hard);
  g_assert_cmpuint (soft, ==, MIN (hard, MAX_DESCRIPTORS));
  sc_test_process_get_limits (self->pid, "Max core file size", &soft, &hard);
  g_assert_cmpuint (soft, ==, 0);
  g_assert_cmpuint (hard, ==, 0);
}

typedef struct
{
  int pid;
  guint descriptors;
} Before;

static gboolean
has_descriptors (gpointer user_data)
{
  const Before *before = user_data;

  return sc_test_process_count_descriptors (before->pid) <= before->descriptors;
}

static void
assert_memory (Target *self, guint before)
{
  guint after = sc_test_process_get_memory (self->pid);

  g_test_message ("resident memory before: %u kB, after: %u kB", before, after);
#ifndef __SANITIZE_ADDRESS__ /* what it keeps of freed memory is no leak */
  g_assert_cmpuint (after, <, before + MAX_GROWTH);
#endif
}

static void
attack (Target *self)
{
  g_autoptr (GPtrArray) idle = NULL;

  send_requests (self);
  send_large (self);
  send_odd (self);
  burst (self);
  send_halves (self);
  idle = hold_idle (self);
  call_agent (self);
}

/* ---- the real login ---- */

#define TOKEN "POST /oauth/token"

static gboolean
is_exchanging (gpointer user_data)
{
  Target *self = user_data;

  return sc_test_sandbox_count (self->workplace->sandbox, TOKEN) > 0;
}

/* While the first one's answer is held; a port that is closed already is as good. */
static void
assert_second_refused (Target *self)
{
  g_autofree char *answer = NULL;

  if (sc_test_client_is_refused (self->port))
    {
      g_test_message ("second code: the port is closed");
      return;
    }
  answer = ask (self, "GET /callback?code=other&state={S} HTTP/1.1" HOST, 0);
  assert_refused (self, "second code", answer, 410);
}

/* The token endpoint takes its time, so that there is time for a second code as well. */
static void
log_in (Target *self, GPtrArray *idle)
{
  g_autofree char *callback = sc_test_browser_decide (self->url, SC_TEST_HAPPY, "allow");
  g_autofree char *request =
    g_strdup_printf ("GET %s HTTP/1.1" HOST, strstr (callback, "/callback"));
  const ScTestOutcome *outcome = NULL;
  ScTestClient *browser = NULL;
  g_autofree char *answer = NULL;

  sc_test_sandbox_set_trouble (self->workplace->sandbox, "slow", "/oauth/token");
  browser = start (self, request, 0);
  sc_test_wait_polling (is_exchanging, self);
  g_ptr_array_set_size (idle, 0);
  assert_second_refused (self);
  answer = sc_test_client_finish (browser);
  g_assert_nonnull (strstr (answer, "<title>Permission given"));
  outcome = sc_test_agent_wait_outcome (self->workplace->agent, self->transaction);
  g_assert_cmpstr (outcome->outcome, ==, "returned");
}

static void
test_one_listener (void)
{
  g_auto (Target) self = { 0 };
  Before before = { 0 };
  guint memory = 0;
  g_autoptr (GPtrArray) idle = NULL;
  g_autofree char *status = NULL;

  if (!sc_test_process_may_look () && g_getenv ("SC_TEST_ALLOW_SKIP") != NULL)
    {
      g_test_skip ("only root can count the descriptors of this agent");
      return;
    }
  sc_test_process_raise_descriptors ();
  target_init (&self);
  assert_limits (&self);
  /* Once without counting: libraries that are loaded at the first request stay. */
  send_requests (&self);
  before = (Before){ self.pid, sc_test_process_count_descriptors (self.pid) };
  memory = sc_test_process_get_memory (self.pid);

  attack (&self);
  sc_test_wait_polling (has_descriptors, &before);
  assert_memory (&self, memory);

  idle = hold_idle (&self);
  log_in (&self, idle);
  g_assert_true (sc_test_client_is_refused (self.port));
  sc_test_sandbox_set_trouble (self.workplace->sandbox, "none", "/oauth/token");
  status = sc_test_workplace_check (self.workplace);
  g_assert_cmpstr (status, ==, "connected ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agent/attack/one-listener", test_one_listener);
  return g_test_run ();
}
