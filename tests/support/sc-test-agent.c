// SPDX-License-Identifier: MIT
// The real sikka-companion-agent in a test's desktop session.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-agent.h"

#include "sc-test-child.h"
#include "sc-test-wait.h"

#include <signal.h>
#include <stdlib.h>

#define NAME "ca.parlae.SikkaCompanion.Agent"
#define PATH "/ca/parlae/SikkaCompanion/Agent"

struct _ScTestAgent
{
  ScTestDesktop *desktop;
  GSubprocess *process;
  ScAgent1 *proxy;
  GPtrArray *outcomes; /* (element-type ScTestOutcome) */
};

static void
outcome_free (gpointer data)
{
  ScTestOutcome *outcome = data;

  g_free (outcome->outcome);
  g_free (outcome->error_id);
  g_free (outcome->reference);
  g_free (outcome);
}

static void
transaction_finished_cb (ScAgent1 *proxy,
                         guint transaction,
                         const char *outcome,
                         const char *error_id,
                         const char *reference,
                         ScTestAgent *self)
{
  const ScTestOutcome heard = { transaction, g_strdup (outcome), g_strdup (error_id),
                                g_strdup (reference) };

  g_ptr_array_add (self->outcomes, g_memdup2 (&heard, sizeof heard));
}

static void
spawn (ScTestAgent *self, GStrv environment)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  const char *program = g_getenv ("SC_TEST_AGENT");
  g_autoptr (GError) error = NULL;

  if (program == NULL)
    g_error ("SC_TEST_AGENT has to name the sikka-companion-agent program");
  g_subprocess_launcher_set_environ (launcher, environment);
  sc_test_child_end_with_parent (launcher);
  self->process = g_subprocess_launcher_spawn (launcher, &error, program, NULL);
  g_assert_no_error (error);
}

static void
watch (ScTestAgent *self)
{
  g_autoptr (GError) error = NULL;

  sc_test_desktop_wait_name (self->desktop, NAME, TRUE);
  self->proxy =
    sc_agent1_proxy_new_sync (sc_test_desktop_get_bus (self->desktop),
                              G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START, NAME, PATH, NULL, &error);
  g_assert_no_error (error);
  g_dbus_proxy_set_default_timeout (G_DBUS_PROXY (self->proxy), SC_TEST_CEILING * 1000);
  g_signal_connect (self->proxy, "transaction-finished", G_CALLBACK (transaction_finished_cb),
                    self);
}

ScTestAgent *
sc_test_agent_start (ScTestDesktop *desktop, const char *cloud_url, ...)
{
  ScTestAgent *self = g_new0 (ScTestAgent, 1);
  g_auto (GStrv) environment = g_strdupv (sc_test_desktop_get_environment (desktop));
  const char *name;
  va_list more;

  if (cloud_url != NULL)
    environment = g_environ_setenv (environment, "SIKKA_COMPANION_CLOUD_URL", cloud_url, TRUE);
  va_start (more, cloud_url);
  while ((name = va_arg (more, const char *)) != NULL)
    environment = g_environ_setenv (environment, name, va_arg (more, const char *), TRUE);
  va_end (more);

  self->desktop = desktop;
  self->outcomes = g_ptr_array_new_with_free_func (outcome_free);
  spawn (self, environment);
  watch (self);
  return self;
}

static void
end (ScTestAgent *self, int with_signal)
{
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *place = NULL;

  g_subprocess_send_signal (self->process, with_signal);
  g_subprocess_wait_async (self->process, NULL, sc_test_result_cb, &place);
  result = sc_test_wait_result (&place);
  g_assert_true (g_subprocess_wait_finish (self->process, result, NULL));
  if (with_signal == SIGTERM)
    {
      g_assert_true (g_subprocess_get_if_exited (self->process));
      g_assert_cmpint (g_subprocess_get_exit_status (self->process), ==, EXIT_SUCCESS);
    }
  sc_test_desktop_wait_name (self->desktop, NAME, FALSE);

  g_signal_handlers_disconnect_by_data (self->proxy, self);
  g_object_unref (self->proxy);
  g_object_unref (self->process);
  g_ptr_array_unref (self->outcomes);
  g_free (self);
}

void
sc_test_agent_stop (ScTestAgent *self)
{
  if (self != NULL)
    end (self, SIGTERM);
}

void
sc_test_agent_kill (ScTestAgent *self)
{
  end (self, SIGKILL);
}

int
sc_test_agent_get_pid (ScTestAgent *self)
{
  return atoi (g_subprocess_get_identifier (self->process));
}

ScAgent1 *
sc_test_agent_get_proxy (ScTestAgent *self)
{
  return self->proxy;
}

/* ---- commands ---- */

GVariant *
sc_test_agent_call (ScTestAgent *self, const char *method, GVariant *arguments, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *place = NULL;

  g_dbus_proxy_call (G_DBUS_PROXY (self->proxy), method, arguments, G_DBUS_CALL_FLAGS_NONE, -1,
                     NULL, sc_test_result_cb, &place);
  result = sc_test_wait_result (&place);
  return g_dbus_proxy_call_finish (G_DBUS_PROXY (self->proxy), result, error);
}

guint
sc_test_agent_connect (ScTestAgent *self, gboolean open_browser)
{
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;
  GVariantDict options;
  guint transaction;

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "open-browser", "b", open_browser);
  answer = sc_test_agent_call (
    self, "Connect", g_variant_new ("(@a{sv}a{sv})", g_variant_dict_end (&options), NULL), &error);
  g_assert_no_error (error);
  g_variant_get (answer, "(u)", &transaction);
  return transaction;
}

char *
sc_test_agent_check (ScTestAgent *self)
{
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;
  char *status;

  answer = sc_test_agent_call (self, "Check", g_variant_new ("(a{sv})", NULL), &error);
  g_assert_no_error (error);
  g_variant_get_child (answer, 0, "s", &status);
  return status;
}

/* ---- waiting ---- */

static gboolean
has_address (gpointer user_data)
{
  g_autofree char *address = sc_test_agent_get_text (user_data, "AuthorizationUrl");

  return *address != '\0';
}

char *
sc_test_agent_wait_address (ScTestAgent *self)
{
  sc_test_wait_until (has_address, self);
  return sc_test_agent_get_text (self, "AuthorizationUrl");
}

char *
sc_test_agent_wait_callback (ScTestAgent *self)
{
  g_autofree char *address = sc_test_agent_wait_address (self);
  g_autoptr (GUri) uri = g_uri_parse (address, G_URI_FLAGS_ENCODED, NULL);
  g_autoptr (GHashTable) parameters = NULL;

  g_assert_nonnull (uri);
  parameters = g_uri_parse_params (g_uri_get_query (uri), -1, "&", G_URI_PARAMS_NONE, NULL);
  g_assert_nonnull (parameters);
  return g_strdup (g_hash_table_lookup (parameters, "redirect_uri"));
}

typedef struct
{
  ScTestAgent *agent;
  guint transaction;
} OutcomeWait;

static const ScTestOutcome *
find_outcome (ScTestAgent *self, guint transaction)
{
  for (guint i = 0; i < self->outcomes->len; i++)
    {
      const ScTestOutcome *outcome = g_ptr_array_index (self->outcomes, i);

      if (outcome->transaction == transaction)
        return outcome;
    }
  return NULL;
}

static gboolean
has_outcome (gpointer user_data)
{
  const OutcomeWait *wait = user_data;

  return find_outcome (wait->agent, wait->transaction) != NULL;
}

const ScTestOutcome *
sc_test_agent_wait_outcome (ScTestAgent *self, guint transaction)
{
  OutcomeWait wait = { self, transaction };

  sc_test_wait_until (has_outcome, &wait);
  return find_outcome (self, transaction);
}

char *
sc_test_agent_get_text (ScTestAgent *self, const char *name)
{
  g_autoptr (GVariant) value = g_dbus_proxy_get_cached_property (G_DBUS_PROXY (self->proxy), name);

  g_assert_nonnull (value);
  g_assert_true (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING));
  return g_variant_dup_string (value, NULL);
}

typedef struct
{
  ScTestAgent *agent;
  const char *name;
  const char *value;
} TextWait;

static gboolean
has_text (gpointer user_data)
{
  const TextWait *wait = user_data;
  g_autofree char *text = sc_test_agent_get_text (wait->agent, wait->name);

  return g_str_equal (text, wait->value);
}

void
sc_test_agent_wait_text (ScTestAgent *self, const char *name, const char *value)
{
  TextWait wait = { self, name, value };

  sc_test_wait_until (has_text, &wait);
}
