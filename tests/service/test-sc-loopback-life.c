// SPDX-License-Identifier: MIT
// The loopback listener over time: slow and silent peers, crowds, the held answer, the end.

#define G_LOG_DOMAIN "sc-test"

#include "sc-error.h"
#include "sc-test-descriptors.h"
#include "sc-test-loopback.h"
#include "sc-test-wait.h"

static gboolean
time_is_up_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static guint
count_events (guint milliseconds)
{
  gboolean is_over = FALSE;
  guint count = 0;

  g_timeout_add (milliseconds, time_is_up_cb, &is_over);
  for (; !is_over; count++)
    g_main_context_iteration (NULL, TRUE);
  return count;
}

static void
test_slow (void)
{
  g_auto (ScTestLoopback) self = { 0 };
  g_autofree char *answer = NULL;

  sc_test_loopback_init (&self, 0, 0);
  answer = sc_test_client_finish (sc_test_loopback_start (&self, REAL, SC_TEST_CLIENT_BYTEWISE));
  sc_test_assert_status (answer, 200);
}

static void
test_reset (void)
{
  g_auto (ScTestLoopback) self = { 0 };

  sc_test_loopback_init (&self, 0, 0);
  g_free (
    sc_test_client_finish (sc_test_loopback_start (&self, "GET /call", SC_TEST_CLIENT_RESET)));
  sc_test_loopback_assert_login (&self);
}

/* More silent connections than are accepted at once: the login waits in the backlog for a place. */
static void
idle (const char *begin)
{
  g_auto (ScTestLoopback) self = { 0 };
  ScTestClient *clients[SC_LOOPBACK_MAX_CONNECTIONS + 8];

  sc_test_loopback_init (&self, 0, 1000);
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    {
      clients[i] = sc_test_loopback_start (&self, begin, 0);
      sc_test_client_wait_connected (clients[i]);
    }
  sc_test_loopback_assert_login (&self);
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    {
      g_autofree char *answer = sc_test_client_finish (clients[i]);

      g_assert_cmpstr (answer, ==, "");
    }
}

static void
test_idle (void)
{
  idle ("");
}

static void
test_half (void)
{
  idle ("GET " GOOD " HTTP/1.1\r\nHost: {H}\r\nX-");
}

/* Long before their deadline, which is beyond the ceiling: silent ones make room for the login. */
static void
test_crowded (void)
{
  g_auto (ScTestLoopback) self = { 0 };
  ScTestClient *clients[4 * SC_LOOPBACK_MAX_CONNECTIONS];

  sc_test_loopback_init (&self, 0, 2 * SC_TEST_CEILING * 1000);
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    {
      clients[i] = sc_test_loopback_start (&self, "GET /", 0);
      sc_test_client_wait_connected (clients[i]);
    }
  sc_test_loopback_assert_login (&self);
  sc_loopback_close (self.listener);
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    g_free (sc_test_client_finish (clients[i]));
}

/* One more than are open at once waits for a place, and gets it when another goes. */
static void
test_full (void)
{
  g_auto (ScTestLoopback) self = { 0 };
  g_autoptr (GSocketClient) connector = g_socket_client_new ();
  g_autoptr (GPtrArray) silent = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *answer = NULL;
  ScTestClient *client = NULL;

  /* So long that nobody has to go early either. */
  sc_test_loopback_init (&self, 0, 50 * SC_TEST_CEILING * 1000);
  for (guint i = 0; i < SC_LOOPBACK_MAX_CONNECTIONS; i++)
    g_ptr_array_add (silent, g_socket_client_connect_to_host (connector, "127.0.0.1",
                                                              sc_loopback_get_port (self.listener),
                                                              NULL, NULL));
  client = sc_test_loopback_start (&self, REAL, 0);
  sc_test_client_wait_connected (client);
  count_events (200);
  g_assert_cmpuint (self.redirected, ==, 0);
  g_ptr_array_set_size (silent, SC_LOOPBACK_MAX_CONNECTIONS - 1);
  answer = sc_test_client_finish (client);
  sc_test_assert_status (answer, 200);
}

static void
test_parallel (void)
{
  g_auto (ScTestLoopback) self = { 0 };
  ScTestClient *clients[200];

  sc_test_loopback_init (&self, 0, 0);
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    clients[i] = sc_test_loopback_start (&self, "GET /callback?code=x&state=bad HTTP/1.1" HOST, 0);
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    {
      g_autofree char *answer = sc_test_client_finish (clients[i]);

      sc_test_assert_status (answer, 400);
    }
  sc_test_loopback_assert_login (&self);
}

static gboolean
is_redirected (gpointer user_data)
{
  return ((ScTestLoopback *) user_data)->redirected > 0;
}

static ScTestClient *
start_held (ScTestLoopback *self)
{
  ScTestClient *client = NULL;

  self->is_held = TRUE;
  client = sc_test_loopback_start (self, REAL, 0);
  sc_test_wait_until (is_redirected, self);
  return client;
}

static const struct
{
  ScLoopbackPage page;
  const char *title;
} page_cases[] = {
  { SC_LOOPBACK_PAGE_DONE, "<title>Permission given" },
  { SC_LOOPBACK_PAGE_DENIED, "<title>Authorization cancelled" },
  { SC_LOOPBACK_PAGE_FAILED, "<title>Connecting did not work" },
  { SC_LOOPBACK_PAGE_GO_BACK, "<title>Go back to Sikka Companion to finish" },
};

static void
test_held (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (page_cases); i++)
    {
      g_auto (ScTestLoopback) self = { 0 };
      ScTestClient *client = NULL;
      g_autofree char *used = NULL;
      g_autofree char *answer = NULL;

      sc_test_loopback_init (&self, 0, 0);
      client = start_held (&self);
      used = sc_test_loopback_ask (&self, REAL);
      sc_test_assert_status (used, 410);
      g_assert_false (sc_test_client_is_done (client));
      sc_loopback_answer (self.listener, page_cases[i].page, "K7-21F");
      sc_loopback_answer (self.listener, SC_LOOPBACK_PAGE_FAILED, NULL);
      answer = sc_test_client_finish (client);
      sc_test_assert_status (answer, 200);
      sc_test_assert_contains (answer, page_cases[i].title);
      sc_test_assert_contains (answer, "K7-21F");
    }
}

static void
test_held_too_long (void)
{
  g_auto (ScTestLoopback) self = { 0 };
  ScTestClient *client = NULL;
  g_autofree char *answer = NULL;

  sc_test_loopback_init (&self, 50, 0);
  client = start_held (&self);
  answer = sc_test_client_finish (client);
  sc_test_assert_status (answer, 200);
  sc_test_assert_contains (answer, "<title>Go back to Sikka Companion");
  sc_loopback_answer (self.listener, SC_LOOPBACK_PAGE_DONE, NULL);
  g_assert_true (sc_loopback_is_listening (self.listener));
}

/* The deadline is for strangers: it does not run while the answer is held. */
static void
test_held_past_deadline (void)
{
  g_auto (ScTestLoopback) self = { 0 };
  g_autofree char *answer = NULL;

  sc_test_loopback_init (&self, 600, 100);
  answer = sc_test_client_finish (start_held (&self));
  sc_test_assert_contains (answer, "<title>Go back to Sikka Companion");
}

static void
test_browser_leaves (void)
{
  g_auto (ScTestLoopback) self = { 0 };
  g_autofree char *used = NULL;

  sc_test_loopback_init (&self, 0, 0);
  self.is_held = TRUE;
  g_free (sc_test_client_finish (sc_test_loopback_start (&self, REAL, SC_TEST_CLIENT_RESET)));
  sc_test_wait_until (is_redirected, &self);
  sc_loopback_answer (self.listener, SC_LOOPBACK_PAGE_DONE, NULL);
  used = sc_test_loopback_ask (&self, REAL);
  sc_test_assert_status (used, 410);
}

static void
test_close (void)
{
  g_auto (ScTestLoopback) self = { 0 };
  ScTestClient *waiting = NULL;
  ScTestClient *idle_client = NULL;
  g_autofree char *answer = NULL;
  g_autofree char *nothing = NULL;
  guint16 port = 0;

  /* A deadline beyond the ceiling: it is the closing that has to end the silent connection. */
  sc_test_loopback_init (&self, 0, 2 * SC_TEST_CEILING * 1000);
  port = sc_loopback_get_port (self.listener);
  idle_client = sc_test_loopback_start (&self, "GET /", 0);
  sc_test_client_wait_connected (idle_client);
  waiting = start_held (&self);
  g_assert_true (sc_loopback_is_listening (self.listener));
  sc_loopback_close (self.listener);
  g_assert_false (sc_loopback_is_listening (self.listener));
  g_assert_true (sc_test_client_is_refused (port));
  answer = sc_test_client_finish (waiting);
  sc_test_assert_status (answer, 200);
  sc_test_assert_contains (answer, "<title>Connecting did not work");
  sc_test_assert_contains (answer, "</html>");
  nothing = sc_test_client_finish (idle_client);
  g_assert_cmpstr (nothing, ==, "");
  sc_loopback_close (self.listener);
}

static void
test_unref_flushes (void)
{
  g_auto (ScTestLoopback) self = { 0 };
  ScTestClient *waiting = NULL;
  g_autofree char *answer = NULL;

  sc_test_loopback_init (&self, 0, 0);
  waiting = start_held (&self);
  sc_loopback_answer (self.listener, SC_LOOPBACK_PAGE_DONE, NULL);
  g_clear_object (&self.listener);
  answer = sc_test_client_finish (waiting);
  sc_test_assert_contains (answer, "Permission given");
  sc_test_assert_contains (answer, "</html>");
}

/* No descriptor left: accepting rests, does not spin, and goes on. */
static void
test_no_descriptors (void)
{
  g_auto (ScTestLoopback) self = { 0 };
  g_autofree char *answer = NULL;
  ScTestClient *client = NULL;
  GPtrArray *held = NULL;

  sc_test_loopback_init (&self, 0, 0);
  held = sc_test_descriptors_exhaust ();
  if (held == NULL)
    {
      g_test_skip ("descriptors cannot be limited here");
      return;
    }
  client = sc_test_loopback_start (&self, REAL, 0);
  g_assert_cmpuint (count_events (500), <, 30);
  g_assert_cmpuint (self.redirected, ==, 0);
  sc_test_descriptors_release (held);
  answer = sc_test_client_finish (client);
  sc_test_assert_status (answer, 200);
  g_assert_cmpstr (self.code, ==, "c0de");
}

static void
test_self_test (void)
{
  GAsyncResult *place = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  sc_loopback_self_test_async (NULL, sc_test_result_cb, &place);
  result = sc_test_wait_result (&place);
  g_assert_true (sc_loopback_self_test_finish (result, &error));
  g_assert_no_error (error);
}

static void
test_self_test_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *place = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  sc_loopback_self_test_async (cancellable, sc_test_result_cb, &place);
  g_cancellable_cancel (cancellable);
  result = sc_test_wait_result (&place);
  g_assert_false (sc_loopback_self_test_finish (result, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* First, so that no connection of another test gives descriptors back meanwhile. */
  g_test_add_func ("/net/loopback/no-descriptors", test_no_descriptors);
  g_test_add_func ("/net/loopback/slow", test_slow);
  g_test_add_func ("/net/loopback/reset", test_reset);
  g_test_add_func ("/net/loopback/idle", test_idle);
  g_test_add_func ("/net/loopback/half", test_half);
  g_test_add_func ("/net/loopback/crowded", test_crowded);
  g_test_add_func ("/net/loopback/full", test_full);
  g_test_add_func ("/net/loopback/parallel", test_parallel);
  g_test_add_func ("/net/loopback/held", test_held);
  g_test_add_func ("/net/loopback/held-too-long", test_held_too_long);
  g_test_add_func ("/net/loopback/held-past-deadline", test_held_past_deadline);
  g_test_add_func ("/net/loopback/browser-leaves", test_browser_leaves);
  g_test_add_func ("/net/loopback/close", test_close);
  g_test_add_func ("/net/loopback/unref-flushes", test_unref_flushes);
  g_test_add_func ("/net/loopback/self-test", test_self_test);
  g_test_add_func ("/net/loopback/self-test-cancelled", test_self_test_cancelled);
  return g_test_run ();
}
