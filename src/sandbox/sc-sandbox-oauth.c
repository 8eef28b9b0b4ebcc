// SPDX-License-Identifier: MIT
// The authorization server's front: metadata (RFC 8414) and the authorization endpoint.

#define G_LOG_DOMAIN "sc-sandbox"

#include "sc-sandbox-oauth.h"

#include "sc-sandbox-answer.h"
#include "sc-sandbox-crypto.h"
#include "sc-sandbox-redirect.h"
#include "sc-sandbox-sign-in.h"
#include "sc-sandbox-token.h"

#include <string.h>

#define SCOPES "connection offline_access"
#define OTHER_ISSUER "http://127.0.0.1:9/other-issuer"
#define CHALLENGE_LENGTH 43
#define BASE64URL "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

static const char *
get_iss (ScSandbox *sandbox)
{
  return sc_sandbox_has_scenario (sandbox, SC_SANDBOX_SCENARIO_WRONG_ISSUER) ||
             sc_sandbox_has_scenario (sandbox, SC_SANDBOX_SCENARIO_WRONG_ISS)
           ? OTHER_ISSUER
           : sc_sandbox_get_public_url (sandbox);
}

static void
set_strings (JsonObject *object, const char *name, const char *words)
{
  g_auto (GStrv) values = g_strsplit (words, " ", -1);
  JsonArray *array = json_array_new ();

  for (char **value = values; *value != NULL; value++)
    json_array_add_string_element (array, *value);
  json_object_set_array_member (object, name, array);
}

static void
handle_metadata (gpointer part, ScSandboxRequest *request)
{
  const char *url = sc_sandbox_get_public_url (request->sandbox);
  gboolean is_other = sc_sandbox_has_scenario (request->sandbox, SC_SANDBOX_SCENARIO_WRONG_ISSUER);
  g_autofree char *authorize = g_strconcat (url, "/oauth/authorize", NULL);
  g_autofree char *token = g_strconcat (url, "/oauth/token", NULL);
  g_autofree char *revoke = g_strconcat (url, "/oauth/revoke", NULL);
  JsonObject *metadata =
    sc_sandbox_json_new ("issuer", is_other ? OTHER_ISSUER : url, "authorization_endpoint",
                         authorize, "token_endpoint", token, "revocation_endpoint", revoke, NULL);

  set_strings (metadata, "scopes_supported", SCOPES);
  set_strings (metadata, "response_types_supported", "code");
  set_strings (metadata, "response_modes_supported", "query");
  set_strings (metadata, "grant_types_supported", "authorization_code refresh_token");
  set_strings (metadata, "token_endpoint_auth_methods_supported", "none");
  set_strings (metadata, "revocation_endpoint_auth_methods_supported", "none");
  set_strings (metadata, "code_challenge_methods_supported", "S256");
  json_object_set_boolean_member (metadata, "authorization_response_iss_parameter_supported", TRUE);
  sc_sandbox_answer_json (request, SOUP_STATUS_OK, metadata);
}

gboolean
sc_sandbox_oauth_is_scope (const char *scope, const char *allowed)
{
  g_auto (GStrv) wanted = g_strsplit (scope != NULL ? scope : "", " ", -1);
  g_auto (GStrv) known = g_strsplit (allowed, " ", -1);

  for (char **name = wanted; *name != NULL; name++)
    {
      if (!g_strv_contains ((const char *const *) known, *name))
        return FALSE;
    }

  return *wanted != NULL;
}

/* Returns: the error of RFC 6749 §4.1.2.1 that the request deserves, or NULL */
static const char *
find_error (ScSandboxRequest *request, const char *scope)
{
  const char *challenge = sc_sandbox_request_get (request, "code_challenge");
  const char *method = sc_sandbox_request_get (request, "code_challenge_method");
  const char *type = sc_sandbox_request_get (request, "response_type");

  if (type == NULL)
    return "invalid_request";
  if (strcmp (type, "code") != 0)
    return "unsupported_response_type";
  if (g_strcmp0 (method, "S256") != 0 || challenge == NULL ||
      strlen (challenge) != CHALLENGE_LENGTH || strspn (challenge, BASE64URL) != CHALLENGE_LENGTH)
    return "invalid_request";
  if (!sc_sandbox_oauth_is_scope (scope, SCOPES))
    return "invalid_scope";

  return NULL;
}

static char *
build_error_url (ScSandbox *sandbox, const char *redirect_uri, const char *state, const char *error)
{
  return sc_sandbox_redirect_build (redirect_uri, "error", error, "state", state, "iss",
                                    get_iss (sandbox), NULL);
}

static void
start_sign_in (ScSandboxGrants *grants, ScSandboxRequest *request, const char *scope)
{
  ScSandboxAuthorization authorization = {
    .client_id = (char *) sc_sandbox_request_get (request, "client_id"),
    .redirect_uri = (char *) sc_sandbox_request_get (request, "redirect_uri"),
    .scope = (char *) scope,
    .code_challenge = (char *) sc_sandbox_request_get (request, "code_challenge"),
    .state = (char *) sc_sandbox_request_get (request, "state"),
  };
  g_autofree char *id = sc_sandbox_grants_add_request (grants, &authorization);
  g_autofree char *url = sc_sandbox_sign_in_start (request->sandbox, id);

  sc_sandbox_note_secret (request->sandbox, "state", authorization.state);
  sc_sandbox_answer_redirect (request, url);
}

/* Before client and redirect URI are known to be good, nobody is redirected (§4.1.2.1). */
static void
handle_authorize (gpointer part, ScSandboxRequest *request)
{
  const char *client_id = sc_sandbox_request_get (request, "client_id");
  const char *redirect_uri = sc_sandbox_request_get (request, "redirect_uri");
  const char *scope = sc_sandbox_request_get (request, "scope");
  const char *error;

  if (request->query_repeats)
    {
      sc_sandbox_answer_problem_page (request, "The request repeats a parameter.");
      return;
    }
  if (g_strcmp0 (client_id, SC_SANDBOX_CLIENT_ID) != 0)
    {
      sc_sandbox_answer_problem_page (request, "The program that sent you is not known here.");
      return;
    }
  if (!sc_sandbox_redirect_is_loopback (redirect_uri))
    {
      sc_sandbox_answer_problem_page (request, "The redirect address is not registered.");
      return;
    }

  scope = scope != NULL ? scope : SCOPES;
  error = find_error (request, scope);
  if (error != NULL)
    {
      g_autofree char *url = build_error_url (request->sandbox, redirect_uri,
                                              sc_sandbox_request_get (request, "state"), error);

      sc_sandbox_answer_redirect (request, url);
      return;
    }
  start_sign_in (part, request, scope);
}

char *
sc_sandbox_oauth_approve (ScSandbox *sandbox, const char *request_id, const ScSandboxGrant *grant)
{
  ScSandboxGrants *grants = sc_sandbox_get_grants (sandbox);
  g_autoptr (ScSandboxAuthorization) request = sc_sandbox_grants_take_request (grants, request_id);
  g_autofree char *code = NULL;

  if (request == NULL)
    return NULL;

  code = grant != NULL
           ? sc_sandbox_grants_add_code (grants, request, grant, sc_sandbox_get_now (sandbox))
           : sc_sandbox_crypto_create_token ();
  sc_sandbox_note_secret (sandbox, "code", code);

  return sc_sandbox_redirect_build (request->redirect_uri, "code", code, "state", request->state,
                                    "iss", get_iss (sandbox), NULL);
}

char *
sc_sandbox_oauth_refuse (ScSandbox *sandbox, const char *request_id, const char *error)
{
  g_autoptr (ScSandboxAuthorization) request =
    sc_sandbox_grants_take_request (sc_sandbox_get_grants (sandbox), request_id);

  if (request == NULL)
    return NULL;

  return build_error_url (sandbox, request->redirect_uri, request->state, error);
}

const ScSandboxRoute sc_sandbox_oauth_routes[] = {
  { "GET", "/.well-known/oauth-authorization-server", handle_metadata },
  { "GET", "/oauth/authorize", handle_authorize },
  { "POST", "/oauth/token", sc_sandbox_token_handle },
  { "POST", "/oauth/revoke", sc_sandbox_token_handle_revoke },
  { NULL },
};
