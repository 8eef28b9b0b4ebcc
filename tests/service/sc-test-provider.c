// SPDX-License-Identifier: MIT
// A provider's calls, each waited for.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-provider.h"

#include "sc-pkce.h"
#include "sc-test-browser.h"
#include "sc-test-wait.h"

#include <string.h>

ScTransaction *
sc_test_transaction_new (void)
{
  guint8 random[SC_PKCE_RANDOM_SIZE];
  g_autoptr (ScSecretString) state = NULL;
  g_autoptr (ScSecretString) code_verifier = NULL;

  memset (random, 0x5a, sizeof random);
  state = sc_pkce_create_verifier (random);
  memset (random, 0xa5, sizeof random);
  code_verifier = sc_pkce_create_verifier (random);
  return sc_transaction_new (SC_TEST_REDIRECT_URI, SC_TEST_CREDENTIAL_ID, state, code_verifier);
}

ScRedirect *
sc_test_redirect_new (const char *code, const char *issuer)
{
  ScRedirect *redirect = g_new0 (ScRedirect, 1);

  redirect->code = sc_secret_string_new (code);
  redirect->issuer = g_strdup (issuer);
  return redirect;
}

ScRedirect *
sc_test_provider_decide (const ScTransaction *transaction,
                         const char *practice,
                         const char *decision)
{
  g_autofree char *url =
    sc_test_browser_decide (transaction->authorization_url, practice, decision);
  g_autoptr (GError) error = NULL;
  const char *query = strchr (url, '?');
  ScRedirect *redirect;

  g_assert_true (g_str_has_prefix (url, SC_TEST_REDIRECT_URI "?"));
  redirect = sc_redirect_parse (query + 1, transaction->state, &error);
  g_assert_no_error (error);
  return redirect;
}

gboolean
sc_test_provider_begin (ScProvider *provider, ScTransaction *transaction, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  sc_provider_begin_async (provider, transaction, NULL, sc_test_result_cb, &result);
  result = sc_test_wait_result (&result);
  return sc_provider_begin_finish (provider, result, error);
}

ScGrant *
sc_test_provider_exchange (ScProvider *provider,
                           const ScTransaction *transaction,
                           const ScRedirect *redirect,
                           GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  sc_provider_exchange_async (provider, transaction, redirect, NULL, sc_test_result_cb, &result);
  result = sc_test_wait_result (&result);
  return sc_provider_exchange_finish (provider, result, error);
}

ScGrant *
sc_test_provider_refresh (ScProvider *provider, const ScCredential *credential, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  sc_provider_refresh_async (provider, credential, NULL, sc_test_result_cb, &result);
  result = sc_test_wait_result (&result);
  return sc_provider_refresh_finish (provider, result, error);
}

gboolean
sc_test_provider_revoke (ScProvider *provider, const ScCredential *credential, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  sc_provider_revoke_async (provider, credential, NULL, sc_test_result_cb, &result);
  result = sc_test_wait_result (&result);
  return sc_provider_revoke_finish (provider, result, error);
}

ScCloudStatus *
sc_test_provider_get_status (ScProvider *provider, const ScGrant *grant, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  sc_provider_get_status_async (provider, grant->credential, grant->token, NULL, sc_test_result_cb,
                                &result);
  result = sc_test_wait_result (&result);
  return sc_provider_get_status_finish (provider, result, error);
}

ScCloudStatus *
sc_test_provider_setup (ScProvider *provider, const ScToken *token, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  sc_provider_setup_async (provider, token, NULL, sc_test_result_cb, &result);
  result = sc_test_wait_result (&result);
  return sc_provider_setup_finish (provider, result, error);
}

gboolean
sc_test_provider_disconnect (ScProvider *provider, const ScToken *token, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  sc_provider_disconnect_practice_async (provider, token, NULL, sc_test_result_cb, &result);
  result = sc_test_wait_result (&result);
  return sc_provider_disconnect_practice_finish (provider, result, error);
}

ScGrant *
sc_test_provider_connect (ScProvider *provider, const char *practice)
{
  g_autoptr (ScTransaction) transaction = sc_test_transaction_new ();
  g_autoptr (ScRedirect) redirect = NULL;
  g_autoptr (GError) error = NULL;
  ScGrant *grant;

  sc_test_provider_begin (provider, transaction, &error);
  g_assert_no_error (error);
  redirect = sc_test_provider_decide (transaction, practice, "allow");
  grant = sc_test_provider_exchange (provider, transaction, redirect, &error);
  g_assert_no_error (error);
  return grant;
}
