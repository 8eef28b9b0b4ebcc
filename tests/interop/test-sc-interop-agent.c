// SPDX-License-Identifier: MIT
// The agent itself, on real parts, with a certified authorization server as its cloud.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-agent.h"
#include "sc-test-http.h"
#include "sc-test-oidc.h"
#include "sc-test-wait.h"

#define TOKEN "POST /token"
#define REVOKE "POST /token/revocation"

typedef struct
{
  ScTestDesktop *desktop;
  ScTestOidc *server;
  ScTestAgent *agent;
} Fixture;

static void
start_agent (Fixture *self)
{
  self->agent = sc_test_agent_start (self->desktop, sc_test_oidc_get_url (self->server), NULL);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->desktop = sc_test_desktop_start (SC_TEST_DESKTOP_KEYRING);
  self->server = sc_test_oidc_start (NULL);
  start_agent (self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  sc_test_agent_stop (self->agent);
  sc_test_oidc_stop (self->server);
  sc_test_desktop_stop (self->desktop);
}

/* All that a person does. Returns: (transfer full): "OUTCOME ERROR-ID" */
static char *
authorize (Fixture *self, const char *decision)
{
  guint transaction = sc_test_agent_connect (self->agent, FALSE);
  g_autofree char *url = sc_test_agent_wait_address (self->agent);
  g_autofree char *callback = sc_test_oidc_decide (url, decision);
  g_autoptr (ScTestAnswer) page = NULL;
  const ScTestOutcome *outcome;

  g_assert_nonnull (callback);
  page = sc_test_http_send ("GET", callback, NULL, NULL, NULL);
  g_assert_cmpuint (page->status, ==, 200);
  outcome = sc_test_agent_wait_outcome (self->agent, transaction);
  return g_strdup_printf ("%s %s", outcome->outcome, outcome->error_id);
}

static void
assert_check (Fixture *self, const char *expected)
{
  g_autofree char *status = sc_test_agent_check (self->agent);

  g_assert_cmpstr (status, ==, expected);
}

static void
disconnect (Fixture *self)
{
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "immediate", "b", TRUE);
  answer = sc_test_agent_call (
    self->agent, "Disconnect",
    g_variant_new ("(s@a{sv})", "this-pc", g_variant_dict_end (&options)), &error);
  g_assert_no_error (error);
}

static gboolean
is_revoked (gpointer user_data)
{
  return sc_test_oidc_count (user_data, REVOKE) > 0;
}

static void
test_journey (Fixture *self, gconstpointer data)
{
  g_autofree char *outcome = authorize (self, "allow");

  g_assert_cmpstr (outcome, ==, "returned ");
  assert_check (self, "connected");
  sc_test_agent_assert_text (self->agent, "PracticeName", "Happy Dental Clinic");
  sc_test_agent_assert_text (self->agent, "KeptIn", "keyring");
  g_assert_cmpint (sc_test_oidc_count (self->server, TOKEN), ==, 1);

  /* Each start needs an access token, and each rotation has to come to the keyring. */
  for (guint i = 0; i < 3; i++)
    {
      sc_test_agent_stop (self->agent);
      start_agent (self);
      assert_check (self, "connected");
      g_assert_cmpint (sc_test_oidc_count (self->server, TOKEN), ==, i + 2);
    }

  disconnect (self);
  sc_test_agent_wait_text (self->agent, "Phase", "pending");
  sc_test_wait_polling (is_revoked, self->server);
}

static void
test_denied (Fixture *self, gconstpointer data)
{
  g_autofree char *outcome = authorize (self, "deny");
  g_autofree char *second = NULL;

  g_assert_cmpstr (outcome, ==, "denied oauth-denied");
  g_assert_cmpint (sc_test_oidc_count (self->server, TOKEN), ==, 0);
  second = authorize (self, "allow");
  g_assert_cmpstr (second, ==, "returned ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/interop/agent/journey", Fixture, NULL, set_up, test_journey, tear_down);
  g_test_add ("/interop/agent/denied", Fixture, NULL, set_up, test_denied, tear_down);

  return g_test_run ();
}
