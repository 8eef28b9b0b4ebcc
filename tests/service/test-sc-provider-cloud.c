// SPDX-License-Identifier: MIT
// Provider "cloud" against the real sandbox.

#define G_LOG_DOMAIN "sc-test"

#include "sc-provider-cloud.h"

#include "sc-error.h"
#include "sc-pkce.h"
#include "sc-test-provider.h"
#include "sc-test-sandbox.h"

#define PRACTICE "D10023"
#define METADATA "GET /.well-known/oauth-authorization-server"
#define TOKEN "POST /oauth/token"
#define REVOKE "POST /oauth/revoke"
#define STATUS "GET /api/pms/connection-status"

typedef struct
{
  ScTestSandbox *sandbox;
  ScProvider *provider;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (ScHttp) http = sc_http_new (NULL, NULL);
  g_autoptr (ScCloudClient) cloud = NULL;
  const char *url;

  self->sandbox = sc_test_sandbox_start (NULL);
  url = sc_test_sandbox_get_url (self->sandbox);
  cloud = sc_cloud_client_new (http, url);
  self->provider =
    sc_provider_cloud_new (http, cloud, url, "sikka-companion", "connection offline_access");
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_finalize_object (self->provider);
  sc_test_sandbox_stop (self->sandbox);
}

static gboolean
is_same_secret (const ScSecretString *a, const ScSecretString *b)
{
  return sc_secret_string_equal (a, sc_secret_string_peek (b));
}

static void
test_begin (Fixture *self, gconstpointer data)
{
  g_autoptr (ScTransaction) transaction = sc_test_transaction_new ();
  g_autoptr (GHashTable) query = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GUri) uri = NULL;
  g_autofree char *challenge = sc_pkce_compute_challenge (transaction->code_verifier);

  g_assert_true (sc_test_provider_begin (self->provider, transaction, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (transaction->issuer, ==, sc_test_sandbox_get_url (self->sandbox));
  g_assert_true (transaction->iss_required);

  uri = g_uri_parse (transaction->authorization_url, G_URI_FLAGS_ENCODED, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (g_uri_get_path (uri), ==, "/oauth/authorize");
  query = g_uri_parse_params (g_uri_get_query (uri), -1, "&", 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (query), ==, 7);
  g_assert_cmpstr (g_hash_table_lookup (query, "response_type"), ==, "code");
  g_assert_cmpstr (g_hash_table_lookup (query, "client_id"), ==, "sikka-companion");
  g_assert_cmpstr (g_hash_table_lookup (query, "redirect_uri"), ==, SC_TEST_REDIRECT_URI);
  g_assert_cmpstr (g_hash_table_lookup (query, "scope"), ==, "connection offline_access");
  g_assert_cmpstr (g_hash_table_lookup (query, "state"), ==,
                   sc_secret_string_peek (transaction->state));
  g_assert_cmpstr (g_hash_table_lookup (query, "code_challenge"), ==, challenge);
  g_assert_cmpstr (g_hash_table_lookup (query, "code_challenge_method"), ==, "S256");
}

static void
test_exchange (Fixture *self, gconstpointer data)
{
  g_autoptr (ScGrant) grant = sc_test_provider_connect (self->provider, PRACTICE);
  const ScCredential *credential = grant->credential;

  g_assert_cmpstr (credential->id, ==, SC_TEST_CREDENTIAL_ID);
  g_assert_cmpstr (credential->provider, ==, "cloud");
  g_assert_cmpstr (credential->provider, ==, sc_provider_get_id (self->provider));
  g_assert_cmpstr (credential->issuer, ==, sc_test_sandbox_get_url (self->sandbox));
  g_assert_cmpstr (credential->client_id, ==, "sikka-companion");
  g_assert_cmpstr (credential->scope, ==, "connection offline_access");
  g_assert_cmpint (credential->obtained, >, 0);
  g_assert_nonnull (credential->refresh_token);
  g_assert_null (credential->request_key);
  g_assert_cmpstr (credential->practice->office_id, ==, PRACTICE);
  g_assert_cmpstr (credential->practice->name, ==, "Happy Dental Clinic");
  g_assert_cmpstr (credential->practice->pms_type, ==, "Dentrix");
  g_assert_true (sc_token_is_fresh (grant->token, credential->obtained));
  g_assert_cmpint (grant->token->expires_at, >, credential->obtained);
  g_assert_null (grant->token->refresh_token);
  g_assert_null (sc_provider_restore_token (self->provider, credential));

  /* The token answer named the practice, and the metadata were kept. */
  g_assert_cmpint (sc_test_sandbox_count (self->sandbox, METADATA), ==, 1);
  g_assert_cmpint (sc_test_sandbox_count (self->sandbox, TOKEN), ==, 1);
  g_assert_cmpint (sc_test_sandbox_count (self->sandbox, STATUS), ==, 0);
}

static void
test_refresh (Fixture *self, gconstpointer data)
{
  g_autoptr (ScGrant) first = sc_test_provider_connect (self->provider, PRACTICE);
  g_autoptr (ScGrant) second = NULL;
  g_autoptr (ScGrant) third = NULL;
  g_autoptr (GError) error = NULL;

  second = sc_test_provider_refresh (self->provider, first->credential, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (second->credential->id, ==, SC_TEST_CREDENTIAL_ID);
  g_assert_cmpstr (second->credential->practice->office_id, ==, PRACTICE);
  g_assert_false (
    is_same_secret (first->credential->refresh_token, second->credential->refresh_token));
  g_assert_false (is_same_secret (first->token->access_token, second->token->access_token));

  third = sc_test_provider_refresh (self->provider, second->credential, &error);
  g_assert_no_error (error);
  g_assert_nonnull (third);
  g_assert_cmpint (sc_test_sandbox_count (self->sandbox, TOKEN), ==, 3);
  g_assert_cmpint (sc_test_sandbox_count (self->sandbox, METADATA), ==, 1);
}

/* A crash between rotation and storing: the server's grace lets the old token work once more. */
static void
test_refresh_repeated (Fixture *self, gconstpointer data)
{
  g_autoptr (ScGrant) first = sc_test_provider_connect (self->provider, PRACTICE);
  g_autoptr (ScGrant) lost = NULL;
  g_autoptr (ScGrant) again = NULL;
  g_autoptr (GError) error = NULL;

  lost = sc_test_provider_refresh (self->provider, first->credential, &error);
  g_assert_no_error (error);
  again = sc_test_provider_refresh (self->provider, first->credential, &error);
  g_assert_no_error (error);
  g_assert_nonnull (again);
}

static void
test_refresh_strict (Fixture *self, gconstpointer data)
{
  g_autoptr (ScGrant) first = sc_test_provider_connect (self->provider, PRACTICE);
  g_autoptr (ScGrant) second = NULL;
  g_autoptr (ScGrant) again = NULL;
  g_autoptr (GError) error = NULL;

  sc_test_sandbox_set_scenario (self->sandbox, "strict-rotation");
  second = sc_test_provider_refresh (self->provider, first->credential, &error);
  g_assert_no_error (error);
  again = sc_test_provider_refresh (self->provider, first->credential, &error);
  g_assert_error (error, SC_ERROR, SC_ERROR_OAUTH_GRANT);
  g_assert_null (again);
}

static void
test_revoke (Fixture *self, gconstpointer data)
{
  g_autoptr (ScGrant) grant = sc_test_provider_connect (self->provider, PRACTICE);
  g_autoptr (ScGrant) refreshed = NULL;
  g_autoptr (ScCloudStatus) status = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (sc_test_provider_revoke (self->provider, grant->credential, &error));
  g_assert_no_error (error);
  status = sc_test_provider_get_status (self->provider, grant, &error);
  g_assert_error (error, SC_ERROR, SC_ERROR_CLOUD_UNAUTHORIZED);
  g_clear_error (&error);
  refreshed = sc_test_provider_refresh (self->provider, grant->credential, &error);
  g_assert_error (error, SC_ERROR, SC_ERROR_OAUTH_GRANT);
  g_clear_error (&error);

  g_assert_true (sc_test_provider_revoke (self->provider, grant->credential, &error));
  g_assert_no_error (error);
  g_assert_cmpint (sc_test_sandbox_count (self->sandbox, REVOKE), ==, 2);
}

static void
test_status (Fixture *self, gconstpointer data)
{
  g_autoptr (ScGrant) grant = sc_test_provider_connect (self->provider, PRACTICE);
  g_autoptr (ScCloudStatus) status = NULL;
  g_autoptr (GError) error = NULL;

  status = sc_test_provider_get_status (self->provider, grant, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status->state, ==, SC_CLOUD_STATE_CONNECTED);
  g_assert_cmpstr (status->practice->name, ==, "Happy Dental Clinic");
  g_assert_nonnull (status->data_sync);
  g_assert_cmpint (sc_test_sandbox_count (self->sandbox, STATUS), ==, 1);
}

static void
test_setup (Fixture *self, gconstpointer data)
{
  g_autoptr (ScGrant) grant = NULL;
  g_autoptr (ScCloudStatus) before = NULL;
  g_autoptr (ScCloudStatus) after = NULL;
  g_autoptr (GError) error = NULL;

  sc_test_sandbox_set_scenario (self->sandbox, "setup-required");
  grant = sc_test_provider_connect (self->provider, PRACTICE);
  before = sc_test_provider_get_status (self->provider, grant, &error);
  g_assert_no_error (error);
  g_assert_cmpint (before->state, ==, SC_CLOUD_STATE_CONNECTING);

  g_assert_true (sc_provider_can_setup (self->provider));
  after = sc_test_provider_setup (self->provider, grant->token, &error);
  g_assert_no_error (error);
  g_assert_cmpint (after->state, ==, SC_CLOUD_STATE_CONNECTED);
}

static void
test_disconnect (Fixture *self, gconstpointer data)
{
  g_autoptr (ScGrant) grant = sc_test_provider_connect (self->provider, PRACTICE);
  g_autoptr (GError) error = NULL;

  g_assert_true (sc_test_provider_disconnect (self->provider, grant->token, &error));
  g_assert_no_error (error);
  g_assert_cmpint (sc_test_sandbox_count (self->sandbox, "DELETE /api/pms/connection"), ==, 1);
}

/* What the browser brings is looked at before anything is sent. */
static void
test_refused_answers (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *scenario;
    const char *decision;
    const char *id;
    gint64 token_requests;
  } rows[] = {
    { "none", "deny", "oauth-denied", 0 },
    { "denied", "allow", "oauth-denied", 0 },
    { "wrong-iss", "allow", "oauth-issuer", 0 },
    { "wrong-iss", "deny", "oauth-issuer", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ScTransaction) transaction = sc_test_transaction_new ();
      g_autoptr (ScRedirect) redirect = NULL;
      g_autoptr (ScGrant) grant = NULL;
      g_autoptr (GError) error = NULL;

      sc_test_sandbox_set_scenario (self->sandbox, rows[i].scenario);
      g_assert_true (sc_test_provider_begin (self->provider, transaction, &error));
      redirect = sc_test_provider_decide (transaction, PRACTICE, rows[i].decision);
      grant = sc_test_provider_exchange (self->provider, transaction, redirect, &error);
      g_test_message ("%s %s", rows[i].scenario, rows[i].decision);
      g_assert_cmpstr (sc_error_get_id (error), ==, rows[i].id);
      g_assert_null (grant);
      g_assert_cmpint (sc_test_sandbox_count (self->sandbox, TOKEN), ==, rows[i].token_requests);
    }
}

/* A code works once, and with the verifier of its own transaction only. */
static void
test_refused_codes (Fixture *self, gconstpointer data)
{
  g_autoptr (ScTransaction) transaction = sc_test_transaction_new ();
  g_autoptr (ScSecretString) other_verifier =
    sc_secret_string_new ("another-verifier-of-forty-three-characters-x");
  g_autoptr (ScTransaction) other =
    sc_transaction_new (SC_TEST_REDIRECT_URI, "id", transaction->state, other_verifier);
  g_autoptr (ScRedirect) redirect = NULL;
  g_autoptr (ScGrant) grant = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (sc_test_provider_begin (self->provider, transaction, &error));
  g_assert_true (sc_test_provider_begin (self->provider, other, &error));
  redirect = sc_test_provider_decide (transaction, PRACTICE, "allow");
  grant = sc_test_provider_exchange (self->provider, other, redirect, &error);
  g_assert_error (error, SC_ERROR, SC_ERROR_OAUTH_GRANT);
  g_assert_null (grant);
  g_clear_error (&error);

  grant = sc_test_provider_exchange (self->provider, transaction, redirect, &error);
  g_assert_error (error, SC_ERROR, SC_ERROR_OAUTH_GRANT);
  g_assert_null (grant);
}

static void
test_wrong_issuer (Fixture *self, gconstpointer data)
{
  g_autoptr (ScTransaction) transaction = sc_test_transaction_new ();
  g_autoptr (GError) error = NULL;

  sc_test_sandbox_set_scenario (self->sandbox, "wrong-issuer");
  g_assert_false (sc_test_provider_begin (self->provider, transaction, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_OAUTH_ISSUER);
  g_assert_null (transaction->authorization_url);
}

/* Trouble at the token endpoint, seen by a refresh. */
static void
test_token_trouble (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *scenario;
    const char *id;
  } rows[] = {
    { "revoked", "oauth-grant" },
    { "rate-limited", "cloud-rate-limited" },
    { "unavailable", "cloud-unavailable" },
    { "garbage", "oauth-token" },
    { "wrong-type", "oauth-token" },
    { "truncated", "net-truncated" },
    { "huge", "net-too-large" },
  };
  g_autoptr (ScGrant) grant = sc_test_provider_connect (self->provider, PRACTICE);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ScGrant) refreshed = NULL;
      g_autoptr (GError) error = NULL;

      sc_test_sandbox_set_trouble (self->sandbox, rows[i].scenario, "/oauth/token");
      refreshed = sc_test_provider_refresh (self->provider, grant->credential, &error);
      g_test_message ("%s", rows[i].scenario);
      g_assert_null (refreshed);
      g_assert_cmpstr (sc_error_get_id (error), ==, rows[i].id);
    }
}

static void
test_other_practice (Fixture *self, gconstpointer data)
{
  g_autoptr (ScGrant) grant = NULL;

  sc_test_sandbox_set_scenario (self->sandbox, "other-practice");
  grant = sc_test_provider_connect (self->provider, PRACTICE);
  g_assert_cmpstr (grant->credential->practice->office_id, ==, "C20417");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) \
  g_test_add ("/net/provider-cloud/" path, Fixture, NULL, set_up, test, tear_down)
  ADD ("begins-with-pkce-and-state", test_begin);
  ADD ("exchanges-the-code", test_exchange);
  ADD ("rotates-the-refresh-token", test_refresh);
  ADD ("refreshes-again-after-a-loss", test_refresh_repeated);
  ADD ("loses-the-grant-where-rotation-is-strict", test_refresh_strict);
  ADD ("revokes", test_revoke);
  ADD ("asks-for-the-status", test_status);
  ADD ("sets-up", test_setup);
  ADD ("disconnects-the-practice", test_disconnect);
  ADD ("refuses-answers-before-it-sends", test_refused_answers);
  ADD ("is-refused-with-a-used-or-foreign-code", test_refused_codes);
  ADD ("refuses-another-issuer", test_wrong_issuer);
  ADD ("names-trouble-at-the-token-endpoint", test_token_trouble);
  ADD ("takes-the-practice-from-the-server", test_other_practice);
#undef ADD
  return g_test_run ();
}
