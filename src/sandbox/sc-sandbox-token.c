// SPDX-License-Identifier: MIT
// The token endpoint (RFC 6749 §3.2, RFC 7636 §4.6) and the revocation endpoint (RFC 7009).

#define G_LOG_DOMAIN "sc-sandbox"

#include "sc-sandbox-token.h"

#include "sc-sandbox-answer.h"
#include "sc-sandbox-crypto.h"
#include "sc-sandbox-oauth.h"

#include <string.h>

static void
refuse (ScSandboxRequest *request, const char *error, const char *description)
{
  sc_sandbox_answer_error (request, SOUP_STATUS_BAD_REQUEST, error, description);
}

/* A public client names itself and has nothing to prove (§3.2.1). */
static GHashTable *
check_client (ScSandboxRequest *request)
{
  g_autoptr (GHashTable) form = sc_sandbox_request_parse_form (request);

  if (form == NULL)
    {
      refuse (request, "invalid_request", "not a form, or a parameter is repeated");
      return NULL;
    }
  if (g_strcmp0 (g_hash_table_lookup (form, "client_id"), SC_SANDBOX_CLIENT_ID) != 0 ||
      g_hash_table_contains (form, "client_secret") ||
      sc_sandbox_request_get_header (request, "Authorization") != NULL)
    {
      sc_sandbox_answer_unauthorized (request, "Basic realm=\"sikka-sandbox\"", "invalid_client",
                                      "the client is not known, or brought a secret");
      return NULL;
    }

  return g_steal_pointer (&form);
}

static JsonObject *
describe_practice (const ScSandboxGrant *grant)
{
  return sc_sandbox_json_new ("officeId", grant->office_id, "name", grant->practice_name, "pmsType",
                              grant->pms_type, NULL);
}

static void
answer_tokens (ScSandboxRequest *request,
               const ScSandboxGrant *grant,
               const char *scope,
               const ScSandboxTokens *tokens)
{
  JsonObject *answer =
    sc_sandbox_json_new ("access_token", tokens->access_token, "token_type", "Bearer",
                         "refresh_token", tokens->refresh_token, "scope", scope, NULL);

  sc_sandbox_note_secret (request->sandbox, "access_token", tokens->access_token);
  sc_sandbox_note_secret (request->sandbox, "refresh_token", tokens->refresh_token);
  json_object_set_int_member (answer, "expires_in", SC_SANDBOX_ACCESS_LIFETIME);
  json_object_set_object_member (answer, "practice", describe_practice (grant));
  sc_sandbox_answer_set_header (request, "Pragma", "no-cache");
  sc_sandbox_answer_json (request, SOUP_STATUS_OK, answer);
}

static gboolean
is_verifier (const char *code_verifier, const char *code_challenge)
{
  gsize length = strlen (code_verifier);
  g_autofree char *computed = sc_sandbox_crypto_challenge (code_verifier);

  return length >= 43 && length <= 128 && sc_sandbox_crypto_equal (computed, code_challenge);
}

static void
handle_code (ScSandboxGrants *grants, ScSandboxRequest *request, GHashTable *form)
{
  const char *code = g_hash_table_lookup (form, "code");
  const char *verifier = g_hash_table_lookup (form, "code_verifier");
  const char *redirect_uri = g_hash_table_lookup (form, "redirect_uri");
  gint64 now = sc_sandbox_get_now (request->sandbox);
  g_autoptr (ScSandboxAuthorization) authorization = NULL;
  g_autoptr (ScSandboxGrant) grant = NULL;
  g_auto (ScSandboxTokens) tokens = { NULL };

  if (code == NULL || verifier == NULL || redirect_uri == NULL)
    {
      refuse (request, "invalid_request", "code, code_verifier and redirect_uri are needed");
      return;
    }
  sc_sandbox_note_secret (request->sandbox, "code_verifier", verifier);
  grant = sc_sandbox_grants_take_code (grants, code, now, &authorization);
  if (grant == NULL || strcmp (redirect_uri, authorization->redirect_uri) != 0 ||
      !is_verifier (verifier, authorization->code_challenge))
    {
      refuse (request, "invalid_grant", "the code is not good for this request");
      return;
    }
  sc_sandbox_grants_open (grants, code, grant, now, &tokens);
  answer_tokens (request, grant, grant->scope, &tokens);
}

static ScSandboxGrant *
rotate (ScSandboxGrants *grants,
        ScSandboxRequest *request,
        const char *refresh_token,
        ScSandboxTokens *tokens)
{
  ScSandbox *sandbox = request->sandbox;

  if (sc_sandbox_has_scenario (sandbox, SC_SANDBOX_SCENARIO_REVOKED))
    return NULL;

  return sc_sandbox_grants_refresh (
    grants, refresh_token, SC_SANDBOX_CLIENT_ID,
    sc_sandbox_has_scenario (sandbox, SC_SANDBOX_SCENARIO_STRICT_ROTATION),
    sc_sandbox_get_now (sandbox), tokens);
}

static void
handle_refresh (ScSandboxGrants *grants, ScSandboxRequest *request, GHashTable *form)
{
  const char *refresh_token = g_hash_table_lookup (form, "refresh_token");
  const char *scope = g_hash_table_lookup (form, "scope");
  g_autoptr (ScSandboxGrant) grant = NULL;
  g_auto (ScSandboxTokens) tokens = { NULL };

  if (refresh_token == NULL)
    {
      refuse (request, "invalid_request", "refresh_token is needed");
      return;
    }
  if (scope != NULL && !sc_sandbox_oauth_is_scope (scope, "connection offline_access"))
    {
      refuse (request, "invalid_scope", "the scope is more than was granted");
      return;
    }
  grant = rotate (grants, request, refresh_token, &tokens);
  if (grant == NULL)
    {
      refuse (request, "invalid_grant", "the refresh token is not good any more");
      return;
    }
  answer_tokens (request, grant, grant->scope, &tokens);
}

void
sc_sandbox_token_handle (gpointer part, ScSandboxRequest *request)
{
  g_autoptr (GHashTable) form = check_client (request);
  const char *type;

  if (form == NULL)
    return;
  type = g_hash_table_lookup (form, "grant_type");
  if (g_strcmp0 (type, "authorization_code") == 0)
    handle_code (part, request, form);
  else if (g_strcmp0 (type, "refresh_token") == 0)
    handle_refresh (part, request, form);
  else if (type != NULL)
    refuse (request, "unsupported_grant_type", "authorization_code or refresh_token");
  else
    refuse (request, "invalid_request", "grant_type is needed");
}

void
sc_sandbox_token_handle_revoke (gpointer part, ScSandboxRequest *request)
{
  g_autoptr (GHashTable) form = check_client (request);
  const char *token;

  if (form == NULL)
    return;
  token = g_hash_table_lookup (form, "token");
  if (token == NULL)
    {
      refuse (request, "invalid_request", "token is needed");
      return;
    }
  sc_sandbox_grants_revoke (part, token, SC_SANDBOX_CLIENT_ID);
  sc_sandbox_answer_empty (request, SOUP_STATUS_OK);
}
