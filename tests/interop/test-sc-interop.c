// SPDX-License-Identifier: MIT
// Provider "cloud" against a certified authorization server that knows nothing of it.

#define G_LOG_DOMAIN "sc-test"

#include "sc-provider-cloud.h"

#include "sc-error.h"
#include "sc-test-oidc.h"
#include "sc-test-provider.h"

#include <string.h>

#define CLIENT_ID "sikka-companion"
#define SCOPE "connection offline_access"
#define TOKEN "POST /token"

typedef struct
{
  ScTestOidc *server;
  ScProvider *provider;
} Fixture;

static ScProvider *
provider_new (const char *url, const char *issuer, const char *client_id)
{
  g_autoptr (ScHttp) http = sc_http_new (NULL, NULL);
  g_autoptr (ScCloudClient) cloud = sc_cloud_client_new (http, url);

  return sc_provider_cloud_new (http, cloud, issuer, client_id, SCOPE);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  const char *url;

  self->server = sc_test_oidc_start (data);
  url = sc_test_oidc_get_url (self->server);
  self->provider = provider_new (url, url, CLIENT_ID);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_finalize_object (self->provider);
  sc_test_oidc_stop (self->server);
}

static ScTransaction *
begin (ScProvider *provider)
{
  ScTransaction *transaction = sc_test_transaction_new ();
  g_autoptr (GError) error = NULL;

  sc_test_provider_begin (provider, transaction, &error);
  g_assert_no_error (error);
  return transaction;
}

static ScRedirect *
decide (const ScTransaction *transaction, const char *decision)
{
  g_autofree char *url = sc_test_oidc_decide (transaction->authorization_url, decision);
  g_autoptr (GError) error = NULL;
  ScRedirect *redirect;

  g_assert_nonnull (url);
  g_assert_true (g_str_has_prefix (url, SC_TEST_REDIRECT_URI "?"));
  redirect = sc_redirect_parse (strchr (url, '?') + 1, transaction->state, &error);
  g_assert_no_error (error);
  return redirect;
}

static ScGrant *
sign_in (ScProvider *provider)
{
  g_autoptr (ScTransaction) transaction = begin (provider);
  g_autoptr (ScRedirect) redirect = decide (transaction, "allow");
  g_autoptr (GError) error = NULL;
  ScGrant *grant = sc_test_provider_exchange (provider, transaction, redirect, &error);

  g_assert_no_error (error);
  return grant;
}

static void
assert_refused (ScProvider *provider, const ScCredential *credential, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScGrant) grant = sc_test_provider_refresh (provider, credential, &error);

  g_assert_null (grant);
  g_assert_error (error, SC_ERROR, code);
}

static void
assert_works (ScProvider *provider, const ScGrant *grant)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScCloudStatus) status = sc_test_provider_get_status (provider, grant, &error);

  g_assert_no_error (error);
  g_assert_cmpint (status->state, ==, SC_CLOUD_STATE_CONNECTED);
}

static void
assert_dead (ScProvider *provider, const ScGrant *grant)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScCloudStatus) status = sc_test_provider_get_status (provider, grant, &error);

  g_assert_null (status);
  g_assert_error (error, SC_ERROR, SC_ERROR_CLOUD_UNAUTHORIZED);
}

static ScGrant *
refresh (ScProvider *provider, const ScGrant *grant)
{
  g_autoptr (GError) error = NULL;
  ScGrant *next = sc_test_provider_refresh (provider, grant->credential, &error);

  g_assert_no_error (error);
  return next;
}

static gboolean
is_same_token (const ScGrant *a, const ScGrant *b)
{
  return sc_secret_string_equal (a->credential->refresh_token,
                                 sc_secret_string_peek (b->credential->refresh_token));
}

/* It has no RFC 8414 path, only the one of OpenID Connect, which is asked second. */
static void
test_discovery (Fixture *self, gconstpointer data)
{
  g_autoptr (ScTransaction) transaction = begin (self->provider);
  g_autofree char *endpoint = g_strconcat (sc_test_oidc_get_url (self->server), "/auth?", NULL);

  g_assert_cmpstr (transaction->issuer, ==, sc_test_oidc_get_url (self->server));
  g_assert_true (transaction->iss_required);
  g_assert_true (g_str_has_prefix (transaction->authorization_url, endpoint));
  g_assert_cmpint (sc_test_oidc_count (self->server, "GET /.well-known/oauth-authorization-server"),
                   ==, 1);
  g_assert_cmpint (sc_test_oidc_count (self->server, "GET /.well-known/openid-configuration"), ==,
                   1);
}

static void
test_wrong_issuer (Fixture *self, gconstpointer data)
{
  g_autoptr (ScTransaction) transaction = sc_test_transaction_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (sc_test_provider_begin (self->provider, transaction, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_OAUTH_ISSUER);
  g_assert_null (transaction->authorization_url);
}

static void
test_login (Fixture *self, gconstpointer data)
{
  g_autoptr (ScGrant) grant = sign_in (self->provider);
  const ScCredential *credential = grant->credential;

  g_assert_cmpstr (credential->issuer, ==, sc_test_oidc_get_url (self->server));
  g_assert_cmpstr (credential->client_id, ==, CLIENT_ID);
  g_assert_cmpstr (credential->practice->office_id, ==, "D10023");
  g_assert_cmpstr (credential->practice->name, ==, "Happy Dental Clinic");
  assert_works (self->provider, grant);
}

/* The server replaces the refresh token at each use and takes a used one for a stolen one. */
static void
test_rotation (Fixture *self, gconstpointer data)
{
  g_autoptr (ScGrant) first = sign_in (self->provider);
  g_autoptr (ScGrant) second = refresh (self->provider, first);
  g_autoptr (ScGrant) third = refresh (self->provider, second);

  g_assert_false (is_same_token (first, second));
  g_assert_false (is_same_token (second, third));
  g_assert_cmpstr (third->credential->id, ==, first->credential->id);
  g_assert_cmpstr (third->credential->practice->office_id, ==, "D10023");
  assert_works (self->provider, third);

  assert_refused (self->provider, first->credential, SC_ERROR_OAUTH_GRANT);
  assert_refused (self->provider, third->credential, SC_ERROR_OAUTH_GRANT);
  assert_dead (self->provider, third);
}

static void
test_revocation (Fixture *self, gconstpointer data)
{
  g_autoptr (ScGrant) grant = sign_in (self->provider);
  g_autoptr (ScGrant) other = sign_in (self->provider);
  g_autoptr (GError) error = NULL;

  assert_works (self->provider, grant);
  g_assert_true (sc_test_provider_revoke (self->provider, grant->credential, &error));
  g_assert_no_error (error);
  assert_refused (self->provider, grant->credential, SC_ERROR_OAUTH_GRANT);
  assert_dead (self->provider, grant);
  assert_works (self->provider, other);

  g_assert_true (sc_test_provider_revoke (self->provider, grant->credential, &error));
  g_assert_no_error (error);
}

/* ---- what the server says no to ---- */

static void
assert_exchange_fails (ScProvider *provider,
                       const ScTransaction *transaction,
                       const ScRedirect *redirect,
                       int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScGrant) grant = sc_test_provider_exchange (provider, transaction, redirect, &error);

  g_assert_null (grant);
  g_assert_error (error, SC_ERROR, code);
}

static void
test_denied (Fixture *self, gconstpointer data)
{
  g_autoptr (ScTransaction) transaction = begin (self->provider);
  g_autoptr (ScRedirect) redirect = decide (transaction, "deny");

  g_assert_cmpstr (redirect->oauth_error, ==, "access_denied");
  g_assert_cmpstr (redirect->issuer, ==, sc_test_oidc_get_url (self->server));
  assert_exchange_fails (self->provider, transaction, redirect, SC_ERROR_OAUTH_DENIED);
  g_assert_cmpint (sc_test_oidc_count (self->server, TOKEN), ==, 0);
}

/* The second use ends what the first one brought. */
static void
test_code_twice (Fixture *self, gconstpointer data)
{
  g_autoptr (ScTransaction) transaction = begin (self->provider);
  g_autoptr (ScRedirect) redirect = decide (transaction, "allow");
  g_autoptr (GError) error = NULL;
  g_autoptr (ScGrant) grant =
    sc_test_provider_exchange (self->provider, transaction, redirect, &error);

  g_assert_no_error (error);
  assert_exchange_fails (self->provider, transaction, redirect, SC_ERROR_OAUTH_GRANT);
  assert_refused (self->provider, grant->credential, SC_ERROR_OAUTH_GRANT);
  assert_dead (self->provider, grant);
}

static ScTransaction *
copy_with_verifier (const ScTransaction *transaction, const char *code_verifier)
{
  g_autoptr (ScSecretString) verifier = sc_secret_string_new (code_verifier);
  ScTransaction *copy = sc_transaction_new (transaction->redirect_uri, transaction->credential_id,
                                            transaction->state, verifier);

  copy->issuer = g_strdup (transaction->issuer);
  copy->iss_required = transaction->iss_required;
  return copy;
}

static void
test_code_of_others (Fixture *self, gconstpointer data)
{
  const char *url = sc_test_oidc_get_url (self->server);
  g_autoptr (ScProvider) somebody = provider_new (url, url, "somebody-else");
  g_autoptr (ScTransaction) theirs = begin (somebody);
  g_autoptr (ScTransaction) ours = begin (self->provider);
  g_autoptr (ScTransaction) guessed =
    copy_with_verifier (ours, "dGhlLXdyb25nLXZlcmlmaWVyLWZvci10aGlzLWNvZGU");
  g_autoptr (ScRedirect) their_code = decide (theirs, "allow");
  g_autoptr (ScRedirect) our_code = decide (ours, "allow");
  g_autoptr (ScRedirect) no_code = sc_test_redirect_new ("bm90LWEtY29kZQ", url);

  assert_exchange_fails (self->provider, ours, their_code, SC_ERROR_OAUTH_GRANT);
  assert_exchange_fails (self->provider, ours, no_code, SC_ERROR_OAUTH_GRANT);
  assert_exchange_fails (self->provider, guessed, our_code, SC_ERROR_OAUTH_GRANT);
}

static void
test_unknown_client (Fixture *self, gconstpointer data)
{
  const char *url = sc_test_oidc_get_url (self->server);
  g_autoptr (ScProvider) stranger = provider_new (url, url, "not-registered");
  g_autoptr (ScTransaction) transaction = begin (stranger);
  g_autoptr (ScRedirect) redirect = sc_test_redirect_new ("bm90LWEtY29kZQ", url);
  g_autoptr (ScGrant) grant = sign_in (self->provider);

  g_assert_null (sc_test_oidc_decide (transaction->authorization_url, "allow"));
  assert_exchange_fails (stranger, transaction, redirect, SC_ERROR_OAUTH_CLIENT);
  g_free (grant->credential->client_id);
  grant->credential->client_id = g_strdup ("not-registered");
  assert_refused (self->provider, grant->credential, SC_ERROR_OAUTH_CLIENT);
}

/* The answer of a server that was not asked (RFC 9700 §4.4): its code goes nowhere. */
static void
test_mix_up (Fixture *self, gconstpointer data)
{
  g_autoptr (ScTestOidc) other_server = sc_test_oidc_start (NULL);
  const char *other_url = sc_test_oidc_get_url (other_server);
  g_autoptr (ScProvider) other = provider_new (other_url, other_url, CLIENT_ID);
  g_autoptr (ScTransaction) transaction = begin (self->provider);
  g_autoptr (ScTransaction) other_transaction = begin (other);
  g_autoptr (ScRedirect) redirect = decide (other_transaction, "allow");

  g_assert_cmpstr (redirect->issuer, ==, other_url);
  assert_exchange_fails (self->provider, transaction, redirect, SC_ERROR_OAUTH_ISSUER);
  g_clear_pointer (&redirect->issuer, g_free);
  assert_exchange_fails (self->provider, transaction, redirect, SC_ERROR_OAUTH_ISSUER);
  g_assert_cmpint (sc_test_oidc_count (self->server, TOKEN), ==, 0);
  g_assert_cmpint (sc_test_oidc_count (other_server, TOKEN), ==, 0);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    const char *option;
    void (*run) (Fixture *, gconstpointer);
  } tests[] = {
    { "/interop/discovery", NULL, test_discovery },
    { "/interop/discovery/wrong-issuer", "--wrong-issuer", test_wrong_issuer },
    { "/interop/login", NULL, test_login },
    { "/interop/rotation", NULL, test_rotation },
    { "/interop/revocation", NULL, test_revocation },
    { "/interop/denied", NULL, test_denied },
    { "/interop/code/twice", NULL, test_code_twice },
    { "/interop/code/of-others", NULL, test_code_of_others },
    { "/interop/unknown-client", NULL, test_unknown_client },
    { "/interop/mix-up", NULL, test_mix_up },
  };

  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, tests[i].option, set_up, tests[i].run, tear_down);

  return g_test_run ();
}
