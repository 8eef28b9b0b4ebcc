// SPDX-License-Identifier: MIT
// The agent built with crash points, and a person who goes on until it is dead.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-victim.h"

#include "sc-test-browser.h"
#include "sc-test-child.h"

#include <string.h>

#define NAME "ca.parlae.SikkaCompanion.Agent"
#define PATH "/ca/parlae/SikkaCompanion/Agent"
#define ERROR_PREFIX "ca.parlae.SikkaCompanion.Error."
#define POLL_INTERVAL_MS 10

struct _ScTestVictim
{
  ScTestDesktop *desktop;
  GSubprocess *process;
  ScAgent1 *proxy;
  GSocketConnection *browser; /* waits for its page */
  guint name_watch;
  guint killer;
  guint finished; /* number of the last transaction that has */
  char *outcome;  /* of it */
  gboolean is_dead;
};

/* ---- life and death ---- */

static void
died_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ScTestVictim *self = user_data;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  self->is_dead = TRUE;
}

static void
finished_cb (ScAgent1 *proxy,
             guint transaction,
             const char *outcome,
             const char *error_id,
             const char *reference,
             ScTestVictim *self)
{
  self->finished = transaction;
  g_free (self->outcome);
  self->outcome = g_strdup_printf ("%s %s", outcome, error_id);
}

static void
name_appeared_cb (GDBusConnection *bus, const char *name, const char *owner, gpointer user_data)
{
  ScTestVictim *self = user_data;

  if (self->proxy != NULL)
    return;
  self->proxy =
    sc_agent1_proxy_new_sync (bus, G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START, NAME, PATH, NULL, NULL);
  if (self->proxy == NULL)
    return;
  g_dbus_proxy_set_default_timeout (G_DBUS_PROXY (self->proxy), SC_TEST_CEILING * 1000);
  g_signal_connect (self->proxy, "transaction-finished", G_CALLBACK (finished_cb), self);
}

static void
spawn (ScTestVictim *self, GStrv environment)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  const char *program = g_getenv ("SC_TEST_CRASH_AGENT");
  g_autoptr (GError) error = NULL;

  if (program == NULL)
    g_error ("SC_TEST_CRASH_AGENT has to name the sikka-companion-agent-crash program");
  g_subprocess_launcher_set_environ (launcher, environment);
  sc_test_child_end_with_parent (launcher);
  self->process = g_subprocess_launcher_spawn (launcher, &error, program, NULL);
  g_assert_no_error (error);
  g_subprocess_wait_async (self->process, NULL, died_cb, self);
}

static gboolean
is_there (gpointer user_data)
{
  ScTestVictim *self = user_data;

  return self->is_dead || self->proxy != NULL;
}

ScTestVictim *
sc_test_victim_start (ScTestWorkplace *workplace, const char *point, const char *log)
{
  ScTestVictim *self = g_new0 (ScTestVictim, 1);
  g_auto (GStrv) environment = g_strdupv (sc_test_desktop_get_environment (workplace->desktop));

  environment = g_environ_setenv (environment, "SIKKA_COMPANION_CLOUD_URL", workplace->url, TRUE);
  if (point != NULL)
    environment = g_environ_setenv (environment, "SC_TEST_CRASH_AT", point, TRUE);
  if (log != NULL)
    environment = g_environ_setenv (environment, "SC_TEST_CRASH_LOG", log, TRUE);
  self->desktop = workplace->desktop;
  spawn (self, environment);
  self->name_watch = g_bus_watch_name_on_connection (sc_test_desktop_get_bus (self->desktop), NAME,
                                                     G_BUS_NAME_WATCHER_FLAGS_NONE,
                                                     name_appeared_cb, NULL, self, NULL);
  sc_test_wait_until (is_there, self);
  return self;
}

static gboolean
is_gone (gpointer user_data)
{
  ScTestVictim *self = user_data;

  return self->is_dead;
}

static gboolean
kill_cb (gpointer user_data)
{
  ScTestVictim *self = user_data;

  self->killer = 0;
  g_subprocess_force_exit (self->process);
  return G_SOURCE_REMOVE;
}

void
sc_test_victim_kill_after (ScTestVictim *self, guint milliseconds)
{
  self->killer = g_timeout_add (milliseconds, kill_cb, self);
}

void
sc_test_victim_end (ScTestVictim *self)
{
  g_clear_handle_id (&self->killer, g_source_remove);
  if (!self->is_dead)
    g_subprocess_force_exit (self->process);
  sc_test_wait_until (is_gone, self);
  g_bus_unwatch_name (self->name_watch);
  sc_test_desktop_wait_name (self->desktop, NAME, FALSE);
  if (self->proxy != NULL)
    g_signal_handlers_disconnect_by_data (self->proxy, self);
  g_clear_object (&self->proxy);
  g_clear_object (&self->browser);
  g_clear_object (&self->process);
  g_free (self->outcome);
  g_free (self);
}

gboolean
sc_test_victim_is_dead (ScTestVictim *self)
{
  return self->is_dead;
}

ScAgent1 *
sc_test_victim_get_proxy (ScTestVictim *self)
{
  return self->proxy;
}

/* ---- waiting ---- */

static gboolean
reached_cb (gpointer user_data)
{
  gboolean *reached = user_data;

  *reached = TRUE;
  return G_SOURCE_CONTINUE;
}

gboolean
sc_test_victim_wait_death (ScTestVictim *self)
{
  gboolean reached = FALSE;
  guint ceiling = g_timeout_add_seconds (SC_TEST_CEILING, reached_cb, &reached);

  while (!self->is_dead && !reached)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (ceiling);
  return self->is_dead;
}

typedef struct
{
  ScTestVictim *victim;
  ScTestCondition condition;
  gpointer user_data;
} Wait;

static gboolean
is_over (gpointer user_data)
{
  const Wait *wait = user_data;

  return wait->victim->is_dead || wait->condition (wait->user_data);
}

static gboolean
poll_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

gboolean
sc_test_victim_wait (ScTestVictim *self, ScTestCondition condition, gpointer user_data)
{
  Wait wait = { self, condition, user_data };
  guint poll = g_timeout_add (POLL_INTERVAL_MS, poll_cb, NULL);

  sc_test_wait_until (is_over, &wait);
  g_source_remove (poll);
  return !self->is_dead;
}

/* ---- commands ---- */

/* Returns: (transfer full) (nullable): %NULL when it is dead */
static GVariant *
call (ScTestVictim *self, const char *method, GVariant *arguments)
{
  g_autoptr (GVariant) owned = arguments != NULL ? g_variant_ref_sink (arguments) : NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *place = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *refusal = NULL;
  GVariant *answer;

  if (self->is_dead)
    return NULL;
  g_dbus_proxy_call (G_DBUS_PROXY (self->proxy), method, owned, G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                     sc_test_result_cb, &place);
  result = sc_test_wait_result (&place);
  answer = g_dbus_proxy_call_finish (G_DBUS_PROXY (self->proxy), result, &error);
  if (answer != NULL)
    return answer;

  refusal = g_dbus_error_get_remote_error (error);
  if (refusal != NULL && g_str_has_prefix (refusal, ERROR_PREFIX))
    g_error ("%s answers %s", method, refusal);
  sc_test_wait_until (is_gone, self);
  return NULL;
}

static gboolean
run (ScTestVictim *self, const char *method, GVariant *arguments)
{
  g_autoptr (GVariant) answer = call (self, method, arguments);

  return answer != NULL;
}

static gboolean
has_address (gpointer user_data)
{
  ScTestVictim *self = user_data;
  const char *address = sc_agent1_get_authorization_url (self->proxy);

  return address != NULL && *address != '\0';
}

/* The browser's request; who dies over it does not answer. */
static gboolean
visit (ScTestVictim *self, const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_ENCODED, NULL);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autofree char *request = NULL;

  g_assert_nonnull (uri);
  request = g_strdup_printf ("GET %s?%s HTTP/1.1\r\nHost: %s:%d\r\n\r\n", g_uri_get_path (uri),
                             g_uri_get_query (uri), g_uri_get_host (uri), g_uri_get_port (uri));
  g_clear_object (&self->browser);
  self->browser = g_socket_client_connect_to_host (client, g_uri_get_host (uri),
                                                   (guint16) g_uri_get_port (uri), NULL, NULL);
  if (self->browser == NULL)
    {
      sc_test_wait_until (is_gone, self);
      return FALSE;
    }
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (self->browser)), request,
                             strlen (request), NULL, NULL, NULL);
  return TRUE;
}

typedef struct
{
  ScTestVictim *victim;
  guint transaction;
} Transaction;

static gboolean
is_asked (const Transaction *self)
{
  return g_strcmp0 (sc_agent1_get_step (self->victim->proxy), "confirm-practice") == 0;
}

static gboolean
is_finished (gpointer user_data)
{
  const Transaction *self = user_data;

  return self->victim->finished == self->transaction;
}

static gboolean
is_asked_or_finished (gpointer user_data)
{
  return is_finished (user_data) || is_asked (user_data);
}

static gboolean
finish (const Transaction *transaction)
{
  ScTestVictim *self = transaction->victim;

  if (!sc_test_victim_wait (self, is_asked_or_finished, (gpointer) transaction))
    return FALSE;
  if (!is_finished ((gpointer) transaction))
    {
      if (!run (self, "ConfirmPractice", g_variant_new ("(b)", TRUE)) ||
          !sc_test_victim_wait (self, is_finished, (gpointer) transaction))
        return FALSE;
    }
  g_assert_cmpstr (self->outcome, ==, "returned ");
  return TRUE;
}

gboolean
sc_test_victim_authorize (ScTestVictim *self, const char *practice)
{
  Transaction transaction = { self, 0 };
  g_autoptr (GVariant) answer = NULL;
  g_autofree char *callback = NULL;
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "open-browser", "b", FALSE);
  answer =
    call (self, "Connect", g_variant_new ("(@a{sv}a{sv})", g_variant_dict_end (&options), NULL));
  if (answer == NULL || !sc_test_victim_wait (self, has_address, self))
    return FALSE;
  g_variant_get (answer, "(u)", &transaction.transaction);
  callback =
    sc_test_browser_decide (sc_agent1_get_authorization_url (self->proxy), practice, "allow");
  return visit (self, callback) && finish (&transaction);
}

gboolean
sc_test_victim_check (ScTestVictim *self)
{
  return run (self, "Check", g_variant_new ("(a{sv})", NULL));
}

gboolean
sc_test_victim_disconnect (ScTestVictim *self, const char *practice_name)
{
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "immediate", "b", TRUE);
  if (practice_name != NULL)
    g_variant_dict_insert (&options, "practice-name", "s", practice_name);
  return run (self, "Disconnect",
              g_variant_new ("(s@a{sv})", practice_name != NULL ? "practice" : "this-pc",
                             g_variant_dict_end (&options)));
}
