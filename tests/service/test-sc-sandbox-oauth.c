// SPDX-License-Identifier: MIT
// The sandbox's authorization server: RFC 6749, 7636, 8252, 8414, 9207, and rotation.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-sandbox-client.h"

#define STATUS "/api/pms/connection-status"

static void
test_metadata (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new (NULL, NULL);
  const char *url = sc_test_sandbox_get_url (sc_test_client_get_sandbox (client));
  g_autoptr (ScTestReply) reply =
    sc_test_client_call (client, "GET", "/.well-known/oauth-authorization-server", NULL, NULL);
  JsonArray *methods;

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpstr (sc_test_reply_get (reply, "issuer"), ==, url);
  g_assert_true (g_str_has_prefix (sc_test_reply_get (reply, "authorization_endpoint"), url));
  g_assert_true (g_str_has_prefix (sc_test_reply_get (reply, "token_endpoint"), url));
  g_assert_true (g_str_has_prefix (sc_test_reply_get (reply, "revocation_endpoint"), url));
  g_assert_true (
    json_object_get_boolean_member (reply->json, "authorization_response_iss_parameter_supported"));
  methods = json_object_get_array_member (reply->json, "code_challenge_methods_supported");
  g_assert_cmpuint (json_array_get_length (methods), ==, 1);
  g_assert_cmpstr (json_array_get_string_element (methods, 0), ==, "S256");
}

static void
test_completes (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  g_autofree char *url = sc_test_client_authorize (client, NULL);
  g_autofree char *state = sc_test_get_parameter (url, "state");
  g_autofree char *iss = sc_test_get_parameter (url, "iss");
  g_autoptr (ScTestReply) tokens = sc_test_client_exchange (client, url);
  JsonObject *practice;

  g_assert_true (g_str_has_prefix (url, SC_TEST_REDIRECT_URI "?"));
  g_assert_cmpstr (state, ==, "state-1");
  g_assert_cmpstr (iss, ==, sc_test_sandbox_get_url (sc_test_client_get_sandbox (client)));
  g_assert_cmpuint (tokens->status, ==, 200);
  g_assert_cmpstr (sc_test_reply_get_header (tokens, "Cache-Control"), ==, "no-store");
  g_assert_cmpstr (sc_test_reply_get (tokens, "token_type"), ==, "Bearer");
  g_assert_cmpint (json_object_get_int_member (tokens->json, "expires_in"), ==, 3600);
  g_assert_cmpstr (sc_test_reply_get (tokens, "scope"), ==, "connection offline_access");
  g_assert_nonnull (sc_test_reply_get (tokens, "refresh_token"));
  practice = json_object_get_object_member (tokens->json, "practice");
  g_assert_cmpstr (json_object_get_string_member (practice, "officeId"), ==, "D10023");
  g_assert_cmpstr (json_object_get_string_member (practice, "name"), ==, "Happy Dental Clinic");
  g_assert_cmpstr (json_object_get_string_member (practice, "pmsType"), ==, "Dentrix");
}

/* Without offline_access there is nothing to refresh with. */
static void
test_no_offline_access (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  g_autofree char *url = sc_test_client_authorize (client, "&scope=connection");
  g_autoptr (ScTestReply) tokens = sc_test_client_exchange (client, url);

  g_assert_cmpuint (tokens->status, ==, 200);
  g_assert_null (sc_test_reply_get (tokens, "refresh_token"));
}

/* error: NULL for a page that sends nobody anywhere */
static const struct
{
  const char *name;
  const char *query;
  const char *error;
} bad_requests[] = {
  { "no parameters", "", NULL },
  { "another client",
    "response_type=code&client_id=other&code_challenge=" SC_TEST_CHALLENGE
    "&code_challenge_method=S256&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fcallback",
    NULL },
  { "no redirect URI",
    "response_type=code&client_id=sikka-companion&code_challenge=" SC_TEST_CHALLENGE
    "&code_challenge_method=S256",
    NULL },
  { "repeated state", SC_TEST_AUTHORIZE "&state=state-2", NULL },
  { "token in place of code",
    "response_type=token&client_id=sikka-companion&state=state-1&code_challenge=" SC_TEST_CHALLENGE
    "&code_challenge_method=S256"
    "&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fcallback",
    "unsupported_response_type" },
  { "no challenge",
    "response_type=code&client_id=sikka-companion&state=state-1"
    "&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fcallback",
    "invalid_request" },
  { "plain challenge",
    "response_type=code&client_id=sikka-companion&state=state-1&code_challenge=" SC_TEST_CHALLENGE
    "&code_challenge_method=plain"
    "&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fcallback",
    "invalid_request" },
  { "short challenge",
    "response_type=code&client_id=sikka-companion&state=state-1&code_challenge=abc"
    "&code_challenge_method=S256&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fcallback",
    "invalid_request" },
  { "unknown scope", SC_TEST_AUTHORIZE "&scope=connection%20everything", "invalid_scope" },
};

static void
test_refuses_request (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (bad_requests); i++)
    {
      g_autofree char *path = g_strconcat ("/oauth/authorize?", bad_requests[i].query, NULL);
      g_autoptr (ScTestReply) reply = sc_test_client_send (client, "GET", path, NULL, NULL, NULL);
      const char *location = sc_test_reply_get_header (reply, "Location");

      g_test_message ("%s", bad_requests[i].name);
      g_assert_cmpuint (reply->status, ==, bad_requests[i].error == NULL ? 400 : 302);
      if (bad_requests[i].error != NULL)
        {
          g_autofree char *error = sc_test_get_parameter (location, "error");
          g_autofree char *state = sc_test_get_parameter (location, "state");
          g_autofree char *iss = sc_test_get_parameter (location, "iss");

          g_assert_cmpstr (error, ==, bad_requests[i].error);
          g_assert_cmpstr (state, ==, "state-1");
          g_assert_nonnull (iss);
        }
    }
}

static const struct
{
  const char *uri;
  gboolean is_good;
} redirect_uris[] = {
  { "http://127.0.0.1:1/callback", TRUE },
  { "http://127.0.0.1:65535/callback", TRUE },
  { "http://127.0.0.1/callback", TRUE },
  { "http://[::1]:4000/callback", TRUE },
  { "http://[::1]/callback", TRUE },
  { "http://127.0.0.1:65536/callback", FALSE },
  { "http://127.0.0.1:0/callback", FALSE },
  { "http://127.0.0.1:/callback", FALSE },
  { "http://127.0.0.1:08/callback", FALSE },
  { "http://127.0.0.1:4000/callback/", FALSE },
  { "http://127.0.0.1:4000/callback?a=b", FALSE },
  { "http://127.0.0.1:4000/callback#f", FALSE },
  { "http://127.0.0.1:4000/CALLBACK", FALSE },
  { "http://127.0.0.1:4000/", FALSE },
  { "http://127.0.0.1:4000/other", FALSE },
  { "http://127.0.0.1:4000@evil.example/callback", FALSE },
  { "http://127.0.0.1.evil.example/callback", FALSE },
  { "https://127.0.0.1:4000/callback", FALSE },
  { "http://localhost:4000/callback", FALSE },
  { "http://127.0.0.2:4000/callback", FALSE },
  { "ca.parlae.sikkacompanion:/callback", FALSE },
};

static void
test_redirect_uri (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (redirect_uris); i++)
    {
      g_autofree char *query =
        soup_form_encode ("response_type", "code", "client_id", "sikka-companion", "code_challenge",
                          SC_TEST_CHALLENGE, "code_challenge_method", "S256", "redirect_uri",
                          redirect_uris[i].uri, NULL);
      g_autofree char *path = g_strconcat ("/oauth/authorize?", query, NULL);
      g_autofree char *url = sc_test_client_follow (client, path);

      g_test_message ("%s", redirect_uris[i].uri);
      g_assert_cmpint (url != NULL, ==, redirect_uris[i].is_good);
      if (url != NULL)
        g_assert_true (g_str_has_prefix (url, redirect_uris[i].uri));
    }
}

/* What a good exchange sends, each row with one thing wrong; the code is good in all of them. */
static const struct
{
  const char *name;
  const char *form;
  guint status;
  const char *error;
} bad_exchanges[] = {
  { "wrong verifier",
    "grant_type=authorization_code&client_id=sikka-companion"
    "&redirect_uri=http://127.0.0.1:45671/callback"
    "&code_verifier=aBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk&code=",
    400, "invalid_grant" },
  { "no verifier",
    "grant_type=authorization_code&client_id=sikka-companion"
    "&redirect_uri=http://127.0.0.1:45671/callback&code=",
    400, "invalid_request" },
  { "another port",
    "grant_type=authorization_code&client_id=sikka-companion"
    "&redirect_uri=http://127.0.0.1:45672/callback&code_verifier=" SC_TEST_VERIFIER "&code=",
    400, "invalid_grant" },
  { "another client",
    "grant_type=authorization_code&client_id=other"
    "&redirect_uri=http://127.0.0.1:45671/callback&code_verifier=" SC_TEST_VERIFIER "&code=",
    401, "invalid_client" },
  { "a secret",
    "grant_type=authorization_code&client_id=sikka-companion&client_secret=s"
    "&redirect_uri=http://127.0.0.1:45671/callback&code_verifier=" SC_TEST_VERIFIER "&code=",
    401, "invalid_client" },
  { "a repeated parameter",
    "grant_type=authorization_code&grant_type=authorization_code&client_id=sikka-companion"
    "&redirect_uri=http://127.0.0.1:45671/callback&code_verifier=" SC_TEST_VERIFIER "&code=",
    400, "invalid_request" },
  { "another grant type",
    "grant_type=password&client_id=sikka-companion&code_verifier=" SC_TEST_VERIFIER "&code=", 400,
    "unsupported_grant_type" },
  { "no grant type", "client_id=sikka-companion&code=", 400, "invalid_request" },
};

static void
test_refuses_exchange (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (bad_exchanges); i++)
    {
      g_autofree char *url = sc_test_client_authorize (client, NULL);
      g_autofree char *code = sc_test_get_parameter (url, "code");
      g_autofree char *form = g_strconcat (bad_exchanges[i].form, code, NULL);
      g_autoptr (ScTestReply) reply = sc_test_client_post_form (client, "/oauth/token", form);

      g_test_message ("%s", bad_exchanges[i].name);
      g_assert_cmpuint (reply->status, ==, bad_exchanges[i].status);
      g_assert_cmpstr (sc_test_reply_get (reply, "error"), ==, bad_exchanges[i].error);
      g_assert_cmpint (sc_test_reply_get_header (reply, "WWW-Authenticate") != NULL, ==,
                       bad_exchanges[i].status == 401);
    }
}

/* A wrong verifier spends the code: guessing is not an option. */
static void
test_wrong_verifier_spends_code (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  g_autofree char *url = sc_test_client_authorize (client, NULL);
  g_autofree char *code = sc_test_get_parameter (url, "code");
  g_autofree char *form = g_strconcat (bad_exchanges[0].form, code, NULL);
  g_autoptr (ScTestReply) wrong = sc_test_client_post_form (client, "/oauth/token", form);
  g_autoptr (ScTestReply) right = sc_test_client_exchange (client, url);

  g_assert_cmpuint (wrong->status, ==, 400);
  g_assert_cmpuint (right->status, ==, 400);
  g_assert_cmpstr (sc_test_reply_get (right, "error"), ==, "invalid_grant");
}

static void
assert_token (ScTestClient *client, const ScTestReply *tokens, guint status)
{
  g_autoptr (ScTestReply) reply =
    sc_test_client_call (client, "GET", STATUS, sc_test_reply_get (tokens, "access_token"), NULL);

  g_assert_cmpuint (reply->status, ==, status);
}

static void
test_reused_code_revokes (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  g_autofree char *url = sc_test_client_authorize (client, NULL);
  g_autoptr (ScTestReply) first = sc_test_client_exchange (client, url);
  g_autoptr (ScTestReply) second = NULL;
  g_autoptr (ScTestReply) refreshed = NULL;

  assert_token (client, first, 200);
  second = sc_test_client_exchange (client, url);
  g_assert_cmpuint (second->status, ==, 400);
  g_assert_cmpstr (sc_test_reply_get (second, "error"), ==, "invalid_grant");
  assert_token (client, first, 401);
  refreshed = sc_test_client_refresh (client, sc_test_reply_get (first, "refresh_token"));
  g_assert_cmpstr (sc_test_reply_get (refreshed, "error"), ==, "invalid_grant");
}

static void
test_lifetimes (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  g_autofree char *url = sc_test_client_authorize (client, NULL);
  g_autoptr (ScTestReply) tokens = sc_test_client_sign_in (client);
  g_autoptr (ScTestReply) late = NULL;
  g_autoptr (ScTestReply) refreshed = NULL;

  sc_test_client_advance (client, 61);
  late = sc_test_client_exchange (client, url);
  g_assert_cmpstr (sc_test_reply_get (late, "error"), ==, "invalid_grant");
  assert_token (client, tokens, 200);
  sc_test_client_advance (client, 3600);
  assert_token (client, tokens, 401);
  sc_test_client_advance (client, 366 * 24 * 3600);
  refreshed = sc_test_client_refresh (client, sc_test_reply_get (tokens, "refresh_token"));
  g_assert_cmpuint (refreshed->status, ==, 200);
  assert_token (client, refreshed, 200);
}

/* The answer to a rotation can get lost: until the new tokens are used, the old one still works. */
static void
test_rotation_has_grace (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  g_autoptr (ScTestReply) tokens = sc_test_client_sign_in (client);
  const char *old = sc_test_reply_get (tokens, "refresh_token");
  g_autoptr (ScTestReply) lost = sc_test_client_refresh (client, old);
  g_autoptr (ScTestReply) kept = sc_test_client_refresh (client, old);

  g_assert_cmpuint (lost->status, ==, 200);
  g_assert_cmpuint (kept->status, ==, 200);
  g_assert_cmpstr (sc_test_reply_get (lost, "refresh_token"), !=, old);
  g_assert_cmpstr (sc_test_reply_get (kept, "refresh_token"), !=,
                   sc_test_reply_get (lost, "refresh_token"));
  assert_token (client, kept, 200);
}

/* user_data: "refresh_token" or "access_token": which of the new tokens is used first */
static void
test_reuse_revokes (gconstpointer user_data)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  g_autoptr (ScTestReply) tokens = sc_test_client_sign_in (client);
  const char *old = sc_test_reply_get (tokens, "refresh_token");
  g_autoptr (ScTestReply) rotated = sc_test_client_refresh (client, old);
  g_autoptr (ScTestReply) used = NULL;
  g_autoptr (ScTestReply) reused = NULL;
  g_autoptr (ScTestReply) after = NULL;

  if (g_str_equal (user_data, "access_token"))
    assert_token (client, rotated, 200);
  else
    used = sc_test_client_refresh (client, sc_test_reply_get (rotated, "refresh_token"));
  reused = sc_test_client_refresh (client, old);
  g_assert_cmpuint (reused->status, ==, 400);
  g_assert_cmpstr (sc_test_reply_get (reused, "error"), ==, "invalid_grant");
  after = sc_test_client_refresh (client, sc_test_reply_get (rotated, "refresh_token"));
  g_assert_cmpuint (after->status, ==, 400);
  assert_token (client, rotated, 401);
}

static void
test_strict_rotation (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  g_autoptr (ScTestReply) tokens = sc_test_client_sign_in (client);
  const char *old = sc_test_reply_get (tokens, "refresh_token");
  g_autoptr (ScTestReply) lost = NULL;
  g_autoptr (ScTestReply) again = NULL;

  sc_test_sandbox_set_scenario (sc_test_client_get_sandbox (client), "strict-rotation");
  lost = sc_test_client_refresh (client, old);
  g_assert_cmpuint (lost->status, ==, 200);
  again = sc_test_client_refresh (client, old);
  g_assert_cmpuint (again->status, ==, 400);
  assert_token (client, lost, 401);
}

static void
revoke_token (ScTestClient *client, const char *token)
{
  g_autofree char *form = soup_form_encode ("client_id", "sikka-companion", "token", token, NULL);
  g_autoptr (ScTestReply) reply = sc_test_client_post_form (client, "/oauth/revoke", form);

  g_assert_cmpuint (reply->status, ==, 200);
}

static void
test_revocation (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  g_autoptr (ScTestReply) one = sc_test_client_sign_in (client);
  g_autoptr (ScTestReply) other = sc_test_client_sign_in (client);
  g_autoptr (ScTestReply) refreshed = NULL;
  g_autoptr (ScTestReply) stranger = NULL;

  revoke_token (client, "never-issued");
  revoke_token (client, sc_test_reply_get (one, "refresh_token"));
  assert_token (client, one, 401);
  assert_token (client, other, 200);
  revoke_token (client, sc_test_reply_get (other, "access_token"));
  assert_token (client, other, 401);
  refreshed = sc_test_client_refresh (client, sc_test_reply_get (other, "refresh_token"));
  g_assert_cmpuint (refreshed->status, ==, 200);
  stranger = sc_test_client_post_form (client, "/oauth/revoke", "client_id=other&token=x");
  g_assert_cmpuint (stranger->status, ==, 401);
  g_assert_nonnull (sc_test_reply_get_header (stranger, "WWW-Authenticate"));
}

static void
test_other_methods (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new (NULL, NULL);
  g_autoptr (ScTestReply) token =
    sc_test_client_send (client, "GET", "/oauth/token", NULL, NULL, NULL);
  g_autoptr (ScTestReply) nothing =
    sc_test_client_send (client, "GET", "/oauth/nothing", NULL, NULL, NULL);

  g_assert_cmpuint (token->status, ==, 405);
  g_assert_cmpstr (sc_test_reply_get_header (token, "Allow"), ==, "POST");
  g_assert_cmpuint (nothing->status, ==, 404);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sandbox/oauth/metadata", test_metadata);
  g_test_add_func ("/sandbox/oauth/completes", test_completes);
  g_test_add_func ("/sandbox/oauth/no-offline-access", test_no_offline_access);
  g_test_add_func ("/sandbox/oauth/refuses-request", test_refuses_request);
  g_test_add_func ("/sandbox/oauth/redirect-uri", test_redirect_uri);
  g_test_add_func ("/sandbox/oauth/refuses-exchange", test_refuses_exchange);
  g_test_add_func ("/sandbox/oauth/wrong-verifier-spends-code", test_wrong_verifier_spends_code);
  g_test_add_func ("/sandbox/oauth/reused-code-revokes", test_reused_code_revokes);
  g_test_add_func ("/sandbox/oauth/lifetimes", test_lifetimes);
  g_test_add_func ("/sandbox/oauth/rotation-has-grace", test_rotation_has_grace);
  g_test_add_data_func ("/sandbox/oauth/reuse-revokes/after-refresh", "refresh_token",
                        test_reuse_revokes);
  g_test_add_data_func ("/sandbox/oauth/reuse-revokes/after-access", "access_token",
                        test_reuse_revokes);
  g_test_add_func ("/sandbox/oauth/strict-rotation", test_strict_rotation);
  g_test_add_func ("/sandbox/oauth/revocation", test_revocation);
  g_test_add_func ("/sandbox/oauth/other-methods", test_other_methods);

  return g_test_run ();
}
