// SPDX-License-Identifier: MIT
// Provider "sikka" against the real sandbox.

#define G_LOG_DOMAIN "sc-test"

#include "sc-provider-sikka.h"

#include "sc-error.h"
#include "sc-test-provider.h"
#include "sc-test-sandbox.h"

#include <string.h>

/* What the sandbox calls its own; invented for it. */
#define APP_ID "SANDBOX-APP-ID-NOT-REAL"
#define APP_KEY "SANDBOX-APP-KEY-NOT-REAL"

#define PRACTICE "D10023"
#define GRANT "POST /v4/request_key"
#define DELETE_REFRESH_KEY "DELETE /v4/refresh_key"

static ScProvider *
provider_new (const char *url)
{
  g_autoptr (ScHttp) http = sc_http_new (NULL, NULL);
  g_autoptr (ScSecretString) app_id = sc_secret_string_new (APP_ID);
  g_autoptr (ScSecretString) app_key = sc_secret_string_new (APP_KEY);
  g_autofree char *authorize_url = g_strconcat (url, "/portal/authapp.aspx", NULL);
  g_autofree char *api_url = g_strconcat (url, "/v4", NULL);

  return sc_provider_sikka_new (http, authorize_url, api_url, app_id, app_key);
}

typedef struct
{
  ScTestSandbox *sandbox;
  ScProvider *provider;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->sandbox = sc_test_sandbox_start (NULL);
  self->provider = provider_new (sc_test_sandbox_get_url (self->sandbox));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_finalize_object (self->provider);
  sc_test_sandbox_stop (self->sandbox);
}

static void
test_begin (Fixture *self, gconstpointer data)
{
  g_autoptr (ScTransaction) transaction = sc_test_transaction_new ();
  g_autoptr (GHashTable) query = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (sc_test_provider_begin (self->provider, transaction, &error));
  g_assert_no_error (error);
  g_assert_false (transaction->iss_required);
  query = g_uri_parse_params (strchr (transaction->authorization_url, '?') + 1, -1, "&", 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (query), ==, 3);
  g_assert_cmpstr (g_hash_table_lookup (query, "app_id"), ==, APP_ID);
  g_assert_cmpstr (g_hash_table_lookup (query, "redirect_uri"), ==, SC_TEST_REDIRECT_URI);
  g_assert_cmpstr (g_hash_table_lookup (query, "state"), ==,
                   sc_secret_string_peek (transaction->state));
  g_assert_null (strstr (transaction->authorization_url, APP_KEY));
  g_assert_cmpint (sc_test_sandbox_count (self->sandbox, NULL), ==, 0);
}

static void
test_exchange (Fixture *self, gconstpointer data)
{
  g_autoptr (ScGrant) grant = sc_test_provider_connect (self->provider, PRACTICE);
  g_autoptr (ScToken) restored = NULL;
  g_autofree char *api_url = g_strconcat (sc_test_sandbox_get_url (self->sandbox), "/v4", NULL);
  const ScCredential *credential = grant->credential;

  g_assert_cmpstr (credential->id, ==, SC_TEST_CREDENTIAL_ID);
  g_assert_cmpstr (credential->provider, ==, "sikka");
  g_assert_cmpstr (credential->provider, ==, sc_provider_get_id (self->provider));
  g_assert_cmpstr (credential->issuer, ==, api_url);
  g_assert_cmpstr (credential->client_id, ==, "");
  g_assert_nonnull (credential->refresh_token);
  g_assert_nonnull (credential->request_key);
  g_assert_cmpint (credential->request_key_expires - credential->obtained, >, 23 * 3600);
  g_assert_cmpint (credential->request_key_expires - credential->obtained, <=, 24 * 3600);
  g_assert_cmpstr (credential->practice->office_id, ==, PRACTICE);
  g_assert_cmpstr (credential->practice->name, ==, "Happy Dental Clinic");
  g_assert_cmpstr (credential->practice->pms_type, ==, "Dentrix");

  restored = sc_provider_restore_token (self->provider, credential);
  g_assert_nonnull (restored);
  g_assert_true (sc_secret_string_equal (restored->access_token,
                                         sc_secret_string_peek (grant->token->access_token)));
  g_assert_cmpint (restored->expires_at, ==, credential->request_key_expires);
}

static void
test_restore (Fixture *self, gconstpointer data)
{
  g_autoptr (ScGrant) grant = sc_test_provider_connect (self->provider, PRACTICE);
  gint64 expires = grant->credential->request_key_expires;

  grant->credential->request_key_expires = grant->credential->obtained;
  g_assert_null (sc_provider_restore_token (self->provider, grant->credential));

  grant->credential->request_key_expires = expires;
  g_free (grant->credential->issuer);
  grant->credential->issuer = g_strdup ("https://api.example");
  g_assert_null (sc_provider_restore_token (self->provider, grant->credential));
}

static void
test_refresh (Fixture *self, gconstpointer data)
{
  g_autoptr (ScGrant) first = sc_test_provider_connect (self->provider, PRACTICE);
  g_autoptr (ScGrant) second = NULL;
  g_autoptr (GError) error = NULL;

  second = sc_test_provider_refresh (self->provider, first->credential, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (second->credential->id, ==, SC_TEST_CREDENTIAL_ID);
  g_assert_cmpstr (second->credential->practice->office_id, ==, PRACTICE);
  g_assert_false (sc_secret_string_equal (
    second->credential->refresh_token, sc_secret_string_peek (first->credential->refresh_token)));
  g_assert_false (sc_secret_string_equal (second->token->access_token,
                                          sc_secret_string_peek (first->token->access_token)));
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
  g_assert_cmpstr (status->provider, ==, "SIKKA");
  g_assert_cmpstr (status->practice->name, ==, "Happy Dental Clinic");
  g_assert_cmpint (status->data_sync->last_data_at, >, 0);
  g_assert_cmpint (status->data_sync->last_data_at, <=, g_get_real_time () / G_USEC_PER_SEC);
}

static void
test_never_synced (Fixture *self, gconstpointer data)
{
  g_autoptr (ScGrant) grant = sc_test_provider_connect (self->provider, PRACTICE);
  g_autoptr (ScCloudStatus) status = NULL;
  g_autoptr (GError) error = NULL;

  sc_test_sandbox_set_scenario (self->sandbox, "no-data-yet");
  status = sc_test_provider_get_status (self->provider, grant, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status->data_sync->last_data_at, ==, -1);
}

/* API1025 on HTTP 400: refresh and ask again. */
static void
test_expired (Fixture *self, gconstpointer data)
{
  g_autoptr (ScGrant) grant = sc_test_provider_connect (self->provider, PRACTICE);
  g_autoptr (ScGrant) refreshed = NULL;
  g_autoptr (ScCloudStatus) status = NULL;
  g_autoptr (GError) error = NULL;

  sc_test_sandbox_set_scenario (self->sandbox, "request-key-expired");
  status = sc_test_provider_get_status (self->provider, grant, &error);
  g_assert_error (error, SC_ERROR, SC_ERROR_SIKKA_KEY_EXPIRED);
  g_assert_null (status);
  g_clear_error (&error);

  refreshed = sc_test_provider_refresh (self->provider, grant->credential, &error);
  g_assert_no_error (error);
  status = sc_test_provider_get_status (self->provider, refreshed, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status->state, ==, SC_CLOUD_STATE_CONNECTED);
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
  g_assert_error (error, SC_ERROR, SC_ERROR_SIKKA_KEY_EXPIRED);
  g_clear_error (&error);
  refreshed = sc_test_provider_refresh (self->provider, grant->credential, &error);
  g_assert_error (error, SC_ERROR, SC_ERROR_OAUTH_GRANT);
  g_clear_error (&error);

  g_assert_true (sc_test_provider_revoke (self->provider, grant->credential, &error));
  g_assert_no_error (error);
  g_assert_cmpint (sc_test_sandbox_count (self->sandbox, DELETE_REFRESH_KEY), ==, 2);
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *scenario;
    const char *decision;
    const char *id;
    gint64 grants;
  } rows[] = {
    { "none", "deny", "oauth-denied", 0 },
    { "denied", "allow", "oauth-denied", 0 },
    { "exchange-fails", "allow", "oauth-grant", 1 },
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
      g_assert_null (grant);
      g_assert_cmpstr (sc_error_get_id (error), ==, rows[i].id);
      g_assert_cmpint (sc_test_sandbox_count (self->sandbox, GRANT), ==, rows[i].grants);
    }
}

static void
test_not_supported (Fixture *self, gconstpointer data)
{
  g_autoptr (ScGrant) grant = sc_test_provider_connect (self->provider, PRACTICE);
  gint64 before = sc_test_sandbox_count (self->sandbox, NULL);
  g_autoptr (ScCloudStatus) status = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (sc_provider_can_setup (self->provider));
  status = sc_test_provider_setup (self->provider, grant->token, &error);
  g_assert_error (error, SC_ERROR, SC_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  g_assert_false (sc_test_provider_disconnect (self->provider, grant->token, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_NOT_SUPPORTED);
  g_assert_cmpint (sc_test_sandbox_count (self->sandbox, NULL), ==, before);
}

static void
test_configuration (void)
{
  static const struct
  {
    const char *authorize_url;
    const char *api_url;
  } rows[] = {
    { "", "https://api.example/v4" },
    { "http://portal.example/", "https://api.example/v4" },
    { "https://portal.example/", "http://api.example/v4" },
  };
  g_autoptr (ScHttp) http = sc_http_new (NULL, NULL);
  g_autoptr (ScSecretString) app = sc_secret_string_new ("app");

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ScProvider) provider =
        sc_provider_sikka_new (http, rows[i].authorize_url, rows[i].api_url, app, app);
      g_autoptr (ScTransaction) transaction = sc_test_transaction_new ();
      g_autoptr (GError) error = NULL;

      g_assert_false (sc_test_provider_begin (provider, transaction, &error));
      g_assert_error (error, SC_ERROR, SC_ERROR_CONFIG);
      g_assert_null (transaction->authorization_url);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) \
  g_test_add ("/net/provider-sikka/" path, Fixture, NULL, set_up, test, tear_down)
  ADD ("begins-at-the-portal", test_begin);
  ADD ("exchanges-the-code", test_exchange);
  ADD ("restores-a-fresh-key-only", test_restore);
  ADD ("refreshes", test_refresh);
  ADD ("asks-for-the-status", test_status);
  ADD ("tells-never-synced", test_never_synced);
  ADD ("goes-on-after-an-expired-key", test_expired);
  ADD ("revokes", test_revoke);
  ADD ("names-refusals", test_refused);
  ADD ("has-no-setup-and-no-disconnect", test_not_supported);
#undef ADD
  g_test_add_func ("/net/provider-sikka/names-bad-configuration", test_configuration);
  return g_test_run ();
}
