// SPDX-License-Identifier: MIT
// Provider "cloud" against servers that the sandbox does not play: bare, odd and broken ones.

#define G_LOG_DOMAIN "sc-test"

#include "sc-provider-cloud.h"

#include "sc-error.h"
#include "sc-test-provider.h"
#include "sc-test-server.h"
#include "sc-test-wait.h"

#include <string.h>

#define METADATA "GET /.well-known/oauth-authorization-server"
#define OPENID "GET /.well-known/openid-configuration"
#define TOKEN "POST /token"
#define REVOKE "POST /revoke"
#define STATUS "GET /api/pms/connection-status"

#define ENDPOINTS                                                                               \
  "\"authorization_endpoint\":\"@URL@/authorize?tenant=7\",\"token_endpoint\":\"@URL@/token\"," \
  "\"response_types_supported\":[\"code\"]"
#define S256 ",\"code_challenge_methods_supported\":[\"S256\"]"
#define ISSUER "{\"issuer\":\"@URL@\","
#define REVOCATION ",\"revocation_endpoint\":\"@URL@/revoke\""
#define ISS ",\"authorization_response_iss_parameter_supported\":true"
#define GOOD_METADATA ISSUER ENDPOINTS S256 REVOCATION "}"

#define ACCESS "access-token-of-the-odd-server"
#define REFRESH "refresh-token-of-the-odd-server"
#define CODE "code-of-the-odd-server"
#define BEARER "{\"access_token\":\"" ACCESS "\",\"token_type\":\"bearer\""
#define PRACTICE \
  ",\"practice\":{\"officeId\":\"D10023\",\"name\":\"Happy\",\"pmsType\":\"Dentrix\"}"
#define GOOD_TOKEN BEARER ",\"refresh_token\":\"" REFRESH "\"" PRACTICE "}"
#define BARE_TOKEN BEARER ",\"refresh_token\":\"" REFRESH "\"}"

typedef struct
{
  ScTestServer *server;
  ScProvider *provider;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (ScHttp) http = sc_http_new (NULL, NULL);
  g_autoptr (ScCloudClient) cloud = NULL;
  const char *url;

  self->server = sc_test_server_new ();
  url = sc_test_server_get_url (self->server);
  sc_test_server_set_answer (self->server, METADATA, 200, "application/json", GOOD_METADATA);
  sc_test_server_set_answer (self->server, TOKEN, 200, "application/json", GOOD_TOKEN);
  sc_test_server_set_answer (self->server, REVOKE, 200, "text/plain", "");
  cloud = sc_cloud_client_new (http, url);
  self->provider = sc_provider_cloud_new (http, cloud, url, "client", "connection");
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_finalize_object (self->provider);
  sc_test_server_free (self->server);
}

static ScTransaction *
begin (Fixture *self)
{
  g_autoptr (ScTransaction) transaction = sc_test_transaction_new ();
  g_autoptr (GError) error = NULL;

  sc_test_provider_begin (self->provider, transaction, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&transaction);
}

/* From the begin to the grant with the code "CODE". */
static ScGrant *
connect_with (Fixture *self, const char *iss, GError **error)
{
  g_autoptr (ScTransaction) transaction = begin (self);
  g_autoptr (ScRedirect) redirect = sc_test_redirect_new (CODE, iss);

  return sc_test_provider_exchange (self->provider, transaction, redirect, error);
}

static ScCredential *
credential_new (const char *issuer)
{
  ScCredential *credential = sc_credential_new ("old-id", "cloud", issuer);

  g_free (credential->client_id);
  credential->client_id = g_strdup ("client");
  credential->refresh_token = sc_secret_string_new ("the-old-refresh-token");
  credential->scope = g_strdup ("old-scope");
  credential->practice = sc_practice_new ("D10023", "Happy", "Dentrix");
  return credential;
}

static GHashTable *
get_form (Fixture *self, const char *route)
{
  g_autoptr (GError) error = NULL;
  GHashTable *form = g_uri_parse_params (sc_test_server_get_body (self->server, route), -1, "&",
                                         G_URI_PARAMS_WWW_FORM, &error);

  g_assert_no_error (error);
  return form;
}

static void
assert_field (GHashTable *form, const char *name, const char *value)
{
  g_assert_cmpstr (g_hash_table_lookup (form, name), ==, value);
}

static void
test_metadata (Fixture *self, gconstpointer data)
{
  static const struct
  {
    guint status;
    const char *body;
    const char *id;
  } rows[] = {
    { 200, GOOD_METADATA, "" },
    { 200, ISSUER ENDPOINTS S256 "}", "" },
    { 200, ISSUER ENDPOINTS "}", "oauth-metadata" },
    { 200, ISSUER ENDPOINTS ",\"code_challenge_methods_supported\":[\"plain\"]}",
      "oauth-metadata" },
    { 200, "{\"issuer\":\"@URL@/\"," ENDPOINTS S256 "}", "oauth-issuer" },
    { 200, "{\"issuer\":\"https://other.example\"," ENDPOINTS S256 "}", "oauth-issuer" },
    { 200, "{\"issuer\":7}", "oauth-metadata" },
    { 200, "<html>Sign in to the Wi-Fi</html>", "oauth-metadata" },
    { 200, "", "oauth-metadata" },
    { 204, "", "oauth-metadata" },
    { 302, "", "oauth-metadata" },
    { 403, "{}", "oauth-metadata" },
    { 404, "{}", "oauth-metadata" },
    { 429, "{}", "cloud-rate-limited" },
    { 500, "{}", "cloud-unavailable" },
    { 503, "{}", "cloud-unavailable" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ScTransaction) transaction = sc_test_transaction_new ();
      g_autoptr (GError) error = NULL;

      sc_test_server_set_answer (self->server, METADATA, rows[i].status, "application/json",
                                 rows[i].body);
      sc_test_provider_begin (self->provider, transaction, &error);
      g_test_message ("%u %s", rows[i].status, rows[i].body);
      g_assert_cmpstr (sc_error_get_id (error), ==, rows[i].id);
      g_assert_cmpint (transaction->authorization_url != NULL, ==, error == NULL);
    }
}

static void
test_endpoint_query (Fixture *self, gconstpointer data)
{
  g_autoptr (ScTransaction) transaction = begin (self);
  g_autofree char *start = g_strconcat (sc_test_server_get_url (self->server),
                                        "/authorize?tenant=7&response_type=code&", NULL);

  g_assert_true (g_str_has_prefix (transaction->authorization_url, start));
  g_assert_false (transaction->iss_required);
}

/* Begin reads anew, what follows uses what it read. */
static void
test_metadata_kept (Fixture *self, gconstpointer data)
{
  g_autoptr (ScGrant) grant = connect_with (self, NULL, NULL);
  g_autoptr (ScGrant) refreshed = NULL;
  g_autoptr (ScTransaction) transaction = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (sc_test_server_count (self->server, METADATA), ==, 1);
  refreshed = sc_test_provider_refresh (self->provider, grant->credential, &error);
  g_assert_no_error (error);
  g_assert_true (sc_test_provider_revoke (self->provider, grant->credential, &error));
  g_assert_cmpuint (sc_test_server_count (self->server, METADATA), ==, 1);
  transaction = begin (self);
  g_assert_cmpuint (sc_test_server_count (self->server, METADATA), ==, 2);
}

static void
test_openid_place (Fixture *self, gconstpointer data)
{
  g_autoptr (ScTransaction) transaction = NULL;

  sc_test_server_set_answer (self->server, METADATA, 404, "text/plain", "no");
  sc_test_server_set_answer (self->server, OPENID, 200, "application/json", GOOD_METADATA);
  transaction = begin (self);
  g_assert_cmpuint (sc_test_server_count (self->server, OPENID), ==, 1);
}

/* RFC 9207 §2.4: nothing is sent with a code that another server may have given. */
static void
test_iss (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *metadata;
    const char *iss; /* "own" is the server's own */
    const char *id;
  } rows[] = {
    { GOOD_METADATA, NULL, "" },
    { GOOD_METADATA, "own", "" },
    { GOOD_METADATA, "https://other.example", "oauth-issuer" },
    { ISSUER ENDPOINTS S256 ISS "}", "own", "" },
    { ISSUER ENDPOINTS S256 ISS "}", NULL, "oauth-issuer" },
    { ISSUER ENDPOINTS S256 ISS "}", "https://other.example", "oauth-issuer" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      guint before = sc_test_server_count (self->server, TOKEN);
      const char *iss =
        g_strcmp0 (rows[i].iss, "own") == 0 ? sc_test_server_get_url (self->server) : rows[i].iss;
      g_autoptr (ScGrant) grant = NULL;
      g_autoptr (GError) error = NULL;

      sc_test_server_set_answer (self->server, METADATA, 200, "application/json", rows[i].metadata);
      grant = connect_with (self, iss, &error);
      g_assert_cmpstr (sc_error_get_id (error), ==, rows[i].id);
      g_assert_cmpuint (sc_test_server_count (self->server, TOKEN) - before, ==,
                        error == NULL ? 1 : 0);
    }
}

static void
test_exchange_form (Fixture *self, gconstpointer data)
{
  g_autoptr (ScTransaction) transaction = sc_test_transaction_new ();
  g_autoptr (ScGrant) grant = connect_with (self, NULL, NULL);
  g_autoptr (GHashTable) form = get_form (self, TOKEN);

  g_assert_cmpuint (g_hash_table_size (form), ==, 5);
  assert_field (form, "grant_type", "authorization_code");
  assert_field (form, "code", CODE);
  assert_field (form, "redirect_uri", SC_TEST_REDIRECT_URI);
  assert_field (form, "client_id", "client");
  assert_field (form, "code_verifier", sc_secret_string_peek (transaction->code_verifier));
  g_assert_null (sc_test_server_get_header (self->server, TOKEN, "Authorization"));
  g_assert_cmpstr (sc_test_server_get_header (self->server, TOKEN, "Content-Type"), ==,
                   "application/x-www-form-urlencoded");
  /* No scope in the answer: as requested. No expiry: none known. */
  g_assert_cmpstr (grant->credential->scope, ==, "connection");
  g_assert_cmpint (grant->token->expires_at, ==, 0);
}

static const struct
{
  guint status;
  const char *body;
  const char *exchange;
  const char *refresh;
} token_answers[] = {
  { 200, GOOD_TOKEN, "", "" },
  { 200, BEARER PRACTICE "}", "oauth-token", "" },
  { 200, "<html>Sign in</html>", "oauth-token", "oauth-token" },
  { 200, "", "oauth-token", "oauth-token" },
  { 200, "{\"access_token\":5,\"token_type\":\"Bearer\"}", "oauth-token", "oauth-token" },
  { 200, "{\"access_token\":\"" ACCESS "\",\"token_type\":\"mac\"}", "oauth-token", "oauth-token" },
  { 200, "{\"token_type\":\"Bearer\"}", "oauth-token", "oauth-token" },
  { 302, "", "oauth-server", "oauth-server" },
  { 400, "{\"error\":\"invalid_grant\"}", "oauth-grant", "oauth-grant" },
  { 400, "{\"error\":\"invalid_grant\",\"error_description\":\"" CODE "\"}", "oauth-grant",
    "oauth-grant" },
  { 400, "{\"error\":\"unauthorized_client\"}", "oauth-client", "oauth-client" },
  { 401, "{\"error\":\"invalid_client\"}", "oauth-client", "oauth-client" },
  { 400, "{\"error\":\"invalid_scope\"}", "oauth-server", "oauth-server" },
  { 400, "<html>", "oauth-server", "oauth-server" },
  { 404, "", "oauth-server", "oauth-server" },
  { 429, "{}", "cloud-rate-limited", "cloud-rate-limited" },
  { 500, "{}", "cloud-unavailable", "cloud-unavailable" },
  { 503, "<html>", "cloud-unavailable", "cloud-unavailable" },
};

static void
assert_refused (const GError *error, const char *id)
{
  static const char *const secrets[] = { ACCESS, REFRESH, CODE, "the-old-refresh-token" };

  g_assert_cmpstr (sc_error_get_id (error), ==, id);
  for (gsize i = 0; error != NULL && i < G_N_ELEMENTS (secrets); i++)
    g_assert_null (strstr (error->message, secrets[i]));
}

static void
test_token_answers (Fixture *self, gconstpointer data)
{
  g_autoptr (ScCredential) credential = credential_new (sc_test_server_get_url (self->server));

  for (gsize i = 0; i < G_N_ELEMENTS (token_answers); i++)
    {
      g_autoptr (ScGrant) exchanged = NULL;
      g_autoptr (ScGrant) refreshed = NULL;
      g_autoptr (GError) exchange_error = NULL;
      g_autoptr (GError) refresh_error = NULL;

      g_test_message ("%u %s", token_answers[i].status, token_answers[i].body);
      sc_test_server_set_answer (self->server, TOKEN, token_answers[i].status, "application/json",
                                 token_answers[i].body);
      exchanged = connect_with (self, NULL, &exchange_error);
      assert_refused (exchange_error, token_answers[i].exchange);
      refreshed = sc_test_provider_refresh (self->provider, credential, &refresh_error);
      assert_refused (refresh_error, token_answers[i].refresh);
    }
}

typedef struct
{
  ScTestServer *server;
  guint before;
} Revocation;

static gboolean
is_revoked (gpointer user_data)
{
  Revocation *revocation = user_data;

  return sc_test_server_count (revocation->server, REVOKE) == revocation->before + 1;
}

/* The token answer is silent, so the status has to name the practice; a grant without one is given
 * back. */
static void
test_practice (Fixture *self, gconstpointer data)
{
  static const struct
  {
    guint status;
    const char *body;
    const char *id;
  } rows[] = {
    { 200, "{\"isConnected\":true,\"status\":\"connected\",\"officeId\":\"D10023\"}", "" },
    { 200, "{\"isConnected\":false,\"status\":\"pending\"}", "practice-unknown" },
    { 200, "{\"isConnected\":true,\"status\":\"connected\",\"practiceName\":\"Happy\"}",
      "practice-unknown" },
    { 200, "<html>", "cloud-answer" },
    { 401, "{}", "cloud-unauthorized" },
    { 503, "{}", "cloud-unavailable" },
  };

  sc_test_server_set_answer (self->server, TOKEN, 200, "application/json", BARE_TOKEN);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Revocation revocation = { self->server, sc_test_server_count (self->server, REVOKE) };
      g_autoptr (ScGrant) grant = NULL;
      g_autoptr (GError) error = NULL;

      sc_test_server_set_answer (self->server, STATUS, rows[i].status, "application/json",
                                 rows[i].body);
      grant = connect_with (self, NULL, &error);
      g_test_message ("%u %s", rows[i].status, rows[i].body);
      assert_refused (error, rows[i].id);
      g_assert_cmpstr (sc_test_server_get_header (self->server, STATUS, "Authorization"), ==,
                       "Bearer " ACCESS);
      if (grant != NULL)
        g_assert_cmpstr (grant->credential->practice->office_id, ==, "D10023");
      else
        {
          g_autoptr (GHashTable) form = NULL;

          sc_test_wait_until (is_revoked, &revocation);
          form = get_form (self, REVOKE);
          assert_field (form, "token", REFRESH);
        }
    }
}

static void
test_refresh_without_rotation (Fixture *self, gconstpointer data)
{
  g_autoptr (ScCredential) credential = credential_new (sc_test_server_get_url (self->server));
  g_autoptr (ScGrant) grant = NULL;
  g_autoptr (GHashTable) form = NULL;
  g_autoptr (GError) error = NULL;

  sc_test_server_set_answer (self->server, TOKEN, 200, "application/json", BEARER "}");
  grant = sc_test_provider_refresh (self->provider, credential, &error);
  g_assert_no_error (error);
  g_assert_true (
    sc_secret_string_equal (grant->credential->refresh_token, "the-old-refresh-token"));
  g_assert_cmpstr (grant->credential->scope, ==, "old-scope");
  g_assert_cmpstr (grant->credential->id, ==, "old-id");

  form = get_form (self, TOKEN);
  g_assert_cmpuint (g_hash_table_size (form), ==, 3);
  assert_field (form, "grant_type", "refresh_token");
  assert_field (form, "refresh_token", "the-old-refresh-token");
  assert_field (form, "client_id", "client");
}

static void
test_refresh_with_rotation (Fixture *self, gconstpointer data)
{
  g_autoptr (ScCredential) credential = credential_new (sc_test_server_get_url (self->server));
  g_autoptr (ScGrant) grant = NULL;
  g_autoptr (GError) error = NULL;

  sc_test_server_set_answer (self->server, TOKEN, 200, "application/json",
                             BEARER ",\"refresh_token\":\"" REFRESH "\",\"scope\":\"new\","
                                    "\"practice\":{\"officeId\":\"C20417\"}}");
  grant = sc_test_provider_refresh (self->provider, credential, &error);
  g_assert_no_error (error);
  g_assert_true (sc_secret_string_equal (grant->credential->refresh_token, REFRESH));
  g_assert_cmpstr (grant->credential->scope, ==, "new");
  g_assert_cmpstr (grant->credential->practice->office_id, ==, "D10023");
  g_assert_true (sc_secret_string_equal (credential->refresh_token, "the-old-refresh-token"));
}

static void
test_revoke (Fixture *self, gconstpointer data)
{
  static const struct
  {
    guint status;
    const char *body;
    const char *id;
  } rows[] = {
    { 200, "", "" },
    { 200, "<html>", "" },
    { 302, "", "oauth-server" },
    { 400, "{\"error\":\"unsupported_token_type\"}", "oauth-server" },
    { 401, "{\"error\":\"invalid_client\"}", "oauth-client" },
    { 429, "{}", "cloud-rate-limited" },
    { 503, "{}", "cloud-unavailable" },
  };
  g_autoptr (ScCredential) credential = credential_new (sc_test_server_get_url (self->server));

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GHashTable) form = NULL;
      g_autoptr (GError) error = NULL;

      sc_test_server_set_answer (self->server, REVOKE, rows[i].status, "text/plain", rows[i].body);
      sc_test_provider_revoke (self->provider, credential, &error);
      g_test_message ("%u", rows[i].status);
      assert_refused (error, rows[i].id);
      form = get_form (self, REVOKE);
      g_assert_cmpuint (g_hash_table_size (form), ==, 3);
      assert_field (form, "token", "the-old-refresh-token");
      assert_field (form, "token_type_hint", "refresh_token");
      assert_field (form, "client_id", "client");
    }
}

static void
test_revoke_without_endpoint (Fixture *self, gconstpointer data)
{
  g_autoptr (ScCredential) credential = credential_new (sc_test_server_get_url (self->server));
  g_autoptr (GError) error = NULL;

  sc_test_server_set_answer (self->server, METADATA, 200, "application/json",
                             ISSUER ENDPOINTS S256 "}");
  g_assert_true (sc_test_provider_revoke (self->provider, credential, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (sc_test_server_count (self->server, NULL), ==, 1);
}

/* After the configuration changed: the old token goes to the old server, and only to be ended. */
static void
test_other_issuer (Fixture *self, gconstpointer data)
{
  g_autoptr (ScTestServer) old = sc_test_server_new ();
  g_autoptr (ScCredential) credential = credential_new (sc_test_server_get_url (old));
  g_autoptr (ScTransaction) transaction = begin (self);
  g_autoptr (ScGrant) grant = NULL;
  g_autoptr (GError) error = NULL;

  sc_test_server_set_answer (old, METADATA, 200, "application/json", GOOD_METADATA);
  sc_test_server_set_answer (old, REVOKE, 200, "text/plain", "");
  grant = sc_test_provider_refresh (self->provider, credential, &error);
  g_assert_error (error, SC_ERROR, SC_ERROR_OAUTH_ISSUER);
  g_clear_error (&error);
  g_assert_cmpuint (sc_test_server_count (old, NULL), ==, 0);

  g_assert_true (sc_test_provider_revoke (self->provider, credential, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (sc_test_server_count (old, REVOKE), ==, 1);
  g_assert_cmpuint (sc_test_server_count (self->server, NULL), ==, 1);
}

static void
test_cancelled (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (ScCredential) credential = credential_new (sc_test_server_get_url (self->server));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ScGrant) grant = NULL;
  g_autoptr (GError) error = NULL;

  sc_provider_refresh_async (self->provider, credential, cancellable, sc_test_result_cb, &result);
  g_cancellable_cancel (cancellable);
  result = sc_test_wait_result (&result);
  grant = sc_provider_refresh_finish (self->provider, result, &error);
  g_assert_error (error, SC_ERROR, SC_ERROR_CANCELLED);
  g_assert_null (grant);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) \
  g_test_add ("/net/provider-cloud-odd/" path, Fixture, NULL, set_up, test, tear_down)
  ADD ("judges-the-metadata", test_metadata);
  ADD ("keeps-the-endpoints-own-query", test_endpoint_query);
  ADD ("reads-metadata-once-for-each-begin", test_metadata_kept);
  ADD ("finds-metadata-in-the-openid-place", test_openid_place);
  ADD ("checks-iss-before-it-sends", test_iss);
  ADD ("sends-what-a-public-client-sends", test_exchange_form);
  ADD ("judges-token-answers", test_token_answers);
  ADD ("needs-to-know-the-practice", test_practice);
  ADD ("keeps-the-token-without-rotation", test_refresh_without_rotation);
  ADD ("takes-the-new-token-with-rotation", test_refresh_with_rotation);
  ADD ("judges-revocation-answers", test_revoke);
  ADD ("revokes-without-an-endpoint", test_revoke_without_endpoint);
  ADD ("keeps-tokens-from-other-issuers", test_other_issuer);
  ADD ("is-cancelled", test_cancelled);
#undef ADD
  return g_test_run ();
}
