// SPDX-License-Identifier: MIT
// What a public client sends to an authorization server, and how it takes a token answer in.

#define G_LOG_DOMAIN "sc-net"

#include "sc-oauth.h"

#include "sc-error.h"
#include "sc-pkce.h"
#include "sc-url.h"

#define STATUS_OK 200

char *
sc_oauth_build_authorization_url (const char *endpoint,
                                  const char *client_id,
                                  const char *scope,
                                  const ScTransaction *transaction)
{
  g_autofree char *challenge = NULL;

  g_return_val_if_fail (endpoint != NULL, NULL);
  g_return_val_if_fail (client_id != NULL, NULL);
  g_return_val_if_fail (transaction != NULL, NULL);

  challenge = sc_pkce_compute_challenge (transaction->code_verifier);
  return sc_url_add_query (endpoint, "response_type", "code", "client_id", client_id,
                           "redirect_uri", transaction->redirect_uri, "scope", scope, "state",
                           sc_secret_string_peek (transaction->state), "code_challenge", challenge,
                           "code_challenge_method", "S256", NULL);
}

char *
sc_oauth_build_exchange_form (const char *client_id,
                              const ScTransaction *transaction,
                              const ScRedirect *redirect)
{
  g_return_val_if_fail (client_id != NULL, NULL);
  g_return_val_if_fail (transaction != NULL, NULL);
  g_return_val_if_fail (redirect != NULL && redirect->code != NULL, NULL);

  return sc_url_build_form ("grant_type", "authorization_code", "code",
                            sc_secret_string_peek (redirect->code), "redirect_uri",
                            transaction->redirect_uri, "client_id", client_id, "code_verifier",
                            sc_secret_string_peek (transaction->code_verifier), NULL);
}

char *
sc_oauth_build_refresh_form (const ScCredential *credential)
{
  g_return_val_if_fail (credential != NULL && credential->refresh_token != NULL, NULL);

  return sc_url_build_form ("grant_type", "refresh_token", "refresh_token",
                            sc_secret_string_peek (credential->refresh_token), "client_id",
                            credential->client_id, NULL);
}

char *
sc_oauth_build_revocation_form (const ScCredential *credential)
{
  g_return_val_if_fail (credential != NULL && credential->refresh_token != NULL, NULL);

  return sc_url_build_form ("token", sc_secret_string_peek (credential->refresh_token),
                            "token_type_hint", "refresh_token", "client_id", credential->client_id,
                            NULL);
}

static void
move_to_credential (ScToken *token, ScCredential *credential, gint64 received)
{
  if (token->refresh_token != NULL)
    {
      g_clear_pointer (&credential->refresh_token, sc_secret_string_unref);
      credential->refresh_token = g_steal_pointer (&token->refresh_token);
    }
  if (token->scope != NULL)
    {
      g_free (credential->scope);
      credential->scope = g_strdup (token->scope);
    }
  credential->obtained = received;
}

ScToken *
sc_oauth_read_token (const ScHttpAnswer *answer, ScCredential *credential, GError **error)
{
  g_autoptr (ScToken) token = NULL;

  g_return_val_if_fail (answer != NULL, NULL);
  g_return_val_if_fail (credential != NULL, NULL);

  if (answer->status != STATUS_OK)
    {
      g_propagate_error (error,
                         sc_token_parse_error (answer->body, answer->length, answer->status));
      return NULL;
    }
  token = sc_token_parse (answer->body, answer->length, answer->received, error);
  if (token == NULL)
    return NULL;

  move_to_credential (token, credential, answer->received);
  if (credential->refresh_token != NULL)
    return g_steal_pointer (&token);
  g_set_error (error, SC_ERROR, SC_ERROR_OAUTH_TOKEN,
               "token answer: member \"refresh_token\" is missing");
  return NULL;
}
