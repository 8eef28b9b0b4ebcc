// SPDX-License-Identifier: MIT
// Every scenario of the sandbox has the effect that its line in --help promises.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-sandbox-client.h"
#include "sc-test-wait.h"

#define STATUS "/api/pms/connection-status"
#define SETUP "/api/pms/setup"

static ScTestReply *
get_status (ScTestClient *client, const ScTestReply *tokens)
{
  return sc_test_client_call (client, "GET", STATUS, sc_test_reply_get (tokens, "access_token"),
                              NULL);
}

static ScTestReply *
post (ScTestClient *client, const char *path, const ScTestReply *tokens, const char *json)
{
  return sc_test_client_call (client, "POST", path, sc_test_reply_get (tokens, "access_token"),
                              json);
}

static void
assert_row (ScTestClient *client, const char *status, const char *error_code)
{
  g_autoptr (JsonObject) state = sc_test_sandbox_get_state (sc_test_client_get_sandbox (client));
  JsonArray *rows = json_object_get_array_member (state, "integrations");
  JsonObject *row;

  g_assert_cmpuint (json_array_get_length (rows), ==, 1);
  row = json_array_get_object_element (rows, 0);
  g_assert_cmpstr (json_object_get_string_member (row, "status"), ==, status);
  g_assert_cmpstr (json_object_get_string_member_with_default (row, "lastErrorCode", NULL), ==,
                   error_code);
}

static void
test_denied (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--scenario", "denied");
  g_autofree char *url = sc_test_client_authorize (client, NULL);
  g_autofree char *error = sc_test_get_parameter (url, "error");
  g_autofree char *state = sc_test_get_parameter (url, "state");
  g_autofree char *iss = sc_test_get_parameter (url, "iss");

  g_assert_true (g_str_has_prefix (url, SC_TEST_REDIRECT_URI "?"));
  g_assert_cmpstr (error, ==, "access_denied");
  g_assert_cmpstr (state, ==, "state-1");
  g_assert_cmpstr (iss, ==, sc_test_sandbox_get_url (sc_test_client_get_sandbox (client)));
}

static void
test_exchange_fails (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  g_autofree char *url = NULL;
  g_autoptr (ScTestReply) tokens = NULL;

  sc_test_sandbox_set_scenario (sc_test_client_get_sandbox (client), "exchange-fails");
  url = sc_test_client_authorize (client, NULL);
  tokens = sc_test_client_exchange (client, url);
  g_assert_cmpuint (tokens->status, ==, 400);
  g_assert_cmpstr (sc_test_reply_get (tokens, "error"), ==, "invalid_grant");
  assert_row (client, "ERROR", "API1026");
}

/* What connection-status says in a scenario that began after connecting. */
static const struct
{
  const char *scenario;
  guint status;
  const char *answer;     /* the status member */
  const char *error_code; /* the errorCode member */
  const char *row;
  const char *header;
  const char *value;
} states[] = {
  { "none", 200, "connected", NULL, "ACTIVE", NULL, NULL },
  { "status-failed", 200, "failed", "API2007", "ERROR", NULL, NULL },
  { "setup-required", 200, "connecting", NULL, "SETUP_REQUIRED", NULL, NULL },
  { "no-data-yet", 200, "connecting", NULL, "SETUP_REQUIRED", NULL, NULL },
  { "spu-offline", 200, "connected", NULL, "ACTIVE", NULL, NULL },
  { "request-key-expired", 200, "connected", NULL, "ACTIVE", NULL, NULL },
  { "rate-limited", 429, NULL, NULL, "ACTIVE", "Retry-After", "30" },
  { "unavailable", 503, NULL, NULL, "ACTIVE", "Retry-After", "120" },
  { "revoked", 401, NULL, NULL, "ACTIVE", NULL, NULL },
  { "slow", 200, "connected", NULL, "ACTIVE", NULL, NULL },
};

static void
test_states (gconstpointer user_data)
{
  gsize i = GPOINTER_TO_SIZE (user_data);
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  g_autoptr (ScTestReply) tokens = sc_test_client_sign_in (client);
  g_autoptr (ScTestReply) reply = NULL;

  sc_test_sandbox_set_scenario (sc_test_client_get_sandbox (client), states[i].scenario);
  reply = get_status (client, tokens);
  g_assert_cmpuint (reply->status, ==, states[i].status);
  if (states[i].answer != NULL)
    {
      g_assert_cmpstr (sc_test_reply_get (reply, "status"), ==, states[i].answer);
      g_assert_cmpstr (sc_test_reply_get (reply, "errorCode"), ==, states[i].error_code);
      g_assert_cmpint (json_object_get_boolean_member (reply->json, "isConnected"), ==,
                       g_str_equal (states[i].answer, "connected"));
    }
  if (states[i].header != NULL)
    g_assert_cmpstr (sc_test_reply_get_header (reply, states[i].header), ==, states[i].value);
  assert_row (client, states[i].row, states[i].error_code);
}

static void
test_status_recovers (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  ScTestSandbox *sandbox = sc_test_client_get_sandbox (client);
  g_autoptr (ScTestReply) tokens = sc_test_client_sign_in (client);
  g_autoptr (ScTestReply) failed = NULL;
  g_autoptr (ScTestReply) fine = NULL;

  sc_test_sandbox_set_scenario (sandbox, "status-failed");
  failed = get_status (client, tokens);
  sc_test_sandbox_set_scenario (sandbox, "none");
  fine = get_status (client, tokens);
  g_assert_cmpstr (sc_test_reply_get (failed, "status"), ==, "failed");
  g_assert_nonnull (sc_test_reply_get (failed, "error"));
  g_assert_cmpstr (sc_test_reply_get (fine, "status"), ==, "connected");
  g_assert_null (sc_test_reply_get (fine, "error"));
}

static void
test_setup (gconstpointer user_data)
{
  gboolean is_empty = g_str_equal (user_data, "no-data-yet");
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  g_autoptr (ScTestReply) tokens = NULL;
  g_autoptr (ScTestReply) setup = NULL;
  g_autoptr (ScTestReply) status = NULL;

  sc_test_sandbox_set_scenario (sc_test_client_get_sandbox (client), user_data);
  tokens = sc_test_client_sign_in (client);
  assert_row (client, "SETUP_REQUIRED", NULL);
  setup = post (client, SETUP, tokens, "{\"provider\":\"SIKKA\"}");
  g_assert_cmpuint (setup->status, ==, 200);
  g_assert_cmpint (json_object_get_boolean_member (setup->json, "success"), ==, !is_empty);
  g_assert_cmpstr (sc_test_reply_get (setup, "status"), ==, is_empty ? "SETUP_REQUIRED" : "ACTIVE");
  g_assert_cmpstr (sc_test_reply_get (setup, "errorCode"), ==, is_empty ? "API2010" : NULL);
  status = get_status (client, tokens);
  g_assert_cmpstr (sc_test_reply_get (status, "status"), ==, is_empty ? "connecting" : "connected");
}

static void
test_spu_offline (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  g_autoptr (ScTestReply) tokens = sc_test_client_sign_in (client);
  g_autoptr (ScTestReply) reply = NULL;
  JsonObject *sync;
  JsonObject *writeback;

  sc_test_sandbox_set_scenario (sc_test_client_get_sandbox (client), "spu-offline");
  reply = get_status (client, tokens);
  sync = json_object_get_object_member (reply->json, "dataSync");
  writeback = json_object_get_object_member (reply->json, "writeback");
  g_assert_cmpstr (json_object_get_string_member (sync, "status"), ==, "not_refresh");
  g_assert_nonnull (json_object_get_string_member (sync, "error"));
  g_assert_false (json_object_get_boolean_member (writeback, "ok"));
}

/* One refused request, one renewal, and the new key is kept. */
static void
test_key_is_renewed (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  ScTestSandbox *sandbox = sc_test_client_get_sandbox (client);
  g_autoptr (ScTestReply) tokens = NULL;
  g_autoptr (ScTestReply) status = NULL;

  tokens = sc_test_client_sign_in (client);
  sc_test_sandbox_set_scenario (sandbox, "request-key-expired");
  status = get_status (client, tokens);
  g_assert_cmpstr (sc_test_reply_get (status, "status"), ==, "connected");
  g_assert_cmpint (sc_test_sandbox_count (sandbox, "GET /v4/request_key_info"), ==, 2);
  g_assert_cmpint (sc_test_sandbox_count (sandbox, "POST /v4/request_key"), ==, 2);
  sc_test_reply_free (g_steal_pointer (&status));
  status = get_status (client, tokens);
  g_assert_cmpint (sc_test_sandbox_count (sandbox, "POST /v4/request_key"), ==, 2);
}

/* A key that is known to have expired is renewed before it is used. */
static void
test_key_ages (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  ScTestSandbox *sandbox = sc_test_client_get_sandbox (client);
  g_autoptr (ScTestReply) tokens = sc_test_client_sign_in (client);
  g_autoptr (ScTestReply) fresh = NULL;
  g_autoptr (ScTestReply) status = NULL;

  sc_test_client_advance (client, 24 * 3600);
  fresh = sc_test_client_refresh (client, sc_test_reply_get (tokens, "refresh_token"));
  status = get_status (client, fresh);
  g_assert_cmpstr (sc_test_reply_get (status, "status"), ==, "connected");
  g_assert_cmpint (sc_test_sandbox_count (sandbox, "GET /v4/request_key_info"), ==, 1);
  g_assert_cmpint (sc_test_sandbox_count (sandbox, "POST /v4/request_key"), ==, 2);
}

static void
test_revoked (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  g_autoptr (ScTestReply) tokens = sc_test_client_sign_in (client);
  g_autoptr (ScTestReply) refreshed = NULL;

  sc_test_sandbox_set_scenario (sc_test_client_get_sandbox (client), "revoked");
  refreshed = sc_test_client_refresh (client, sc_test_reply_get (tokens, "refresh_token"));
  g_assert_cmpuint (refreshed->status, ==, 400);
  g_assert_cmpstr (sc_test_reply_get (refreshed, "error"), ==, "invalid_grant");
}

static void
test_garbage (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--scenario", "garbage");
  g_autoptr (ScTestReply) reply = sc_test_client_call (client, "GET", STATUS, NULL, NULL);

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_true (g_str_has_prefix (sc_test_reply_get_header (reply, "Content-Type"), "text/html"));
  g_assert_null (reply->json);
}

static void
test_truncated (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--scenario", "truncated");
  g_autoptr (ScTestReply) reply = sc_test_client_call (client, "GET", STATUS, NULL, NULL);

  g_assert_nonnull (reply->error);
  g_assert_cmpstr (sc_test_reply_get_header (reply, "Content-Length"), ==, "4096");
}

static void
test_huge (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--scenario", "huge");
  g_autoptr (ScTestReply) reply = sc_test_client_call (client, "GET", STATUS, NULL, NULL);

  g_assert_no_error (reply->error);
  g_assert_null (sc_test_reply_get_header (reply, "Content-Length"));
  g_assert_cmpuint (strlen (reply->text), >, 16 * 1024 * 1024);
  g_assert_nonnull (reply->json);
}

static void
test_wrong_type (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--scenario", "wrong-type");
  g_autoptr (ScTestReply) reply = sc_test_client_call (client, "GET", STATUS, NULL, NULL);

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_true (json_node_get_value_type (json_object_get_member (reply->json, "status")) ==
                 G_TYPE_INT64);
  g_assert_true (json_node_get_value_type (json_object_get_member (reply->json, "isConnected")) ==
                 G_TYPE_STRING);
}

static gboolean
is_logged (gpointer user_data)
{
  return sc_test_sandbox_count (user_data, "GET " STATUS) == 1;
}

/* While one client waits for ever, others are served, and it is let go when it leaves. */
static void
test_hangs (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--scenario", "hangs");
  ScTestSandbox *sandbox = sc_test_client_get_sandbox (client);
  g_autofree char *url = g_strconcat (sc_test_sandbox_get_url (sandbox), STATUS, NULL);
  g_autoptr (SoupSession) session = soup_session_new_with_options ("proxy-resolver", NULL, NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) pending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  soup_session_send_and_read_async (session, message, G_PRIORITY_DEFAULT, cancellable,
                                    sc_test_result_cb, &pending);
  while (!is_logged (sandbox))
    g_main_context_iteration (NULL, FALSE);
  g_assert_null (pending);
  g_cancellable_cancel (cancellable);
  result = sc_test_wait_result (&pending);
  bytes = soup_session_send_and_read_finish (session, result, &error);
  g_assert_null (bytes);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_wrong_issuer (gconstpointer user_data)
{
  gboolean only_iss = g_str_equal (user_data, "wrong-iss");
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  const char *url = sc_test_sandbox_get_url (sc_test_client_get_sandbox (client));
  g_autoptr (ScTestReply) metadata = NULL;
  g_autofree char *redirect = NULL;
  g_autofree char *iss = NULL;

  sc_test_sandbox_set_scenario (sc_test_client_get_sandbox (client), user_data);
  metadata =
    sc_test_client_call (client, "GET", "/.well-known/oauth-authorization-server", NULL, NULL);
  redirect = sc_test_client_authorize (client, NULL);
  iss = sc_test_get_parameter (redirect, "iss");
  g_assert_cmpint (g_str_equal (sc_test_reply_get (metadata, "issuer"), url), ==, only_iss);
  g_assert_cmpstr (iss, !=, url);
}

static void
test_clock_skew (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--scenario", "clock-skew");
  g_autoptr (ScTestReply) reply = sc_test_client_call (client, "GET", STATUS, NULL, NULL);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) date =
    soup_date_time_new_from_http_string (sc_test_reply_get_header (reply, "Date"));
  gint64 ahead = g_date_time_difference (date, now) / G_TIME_SPAN_MINUTE;

  g_assert_cmpint (ahead, >, 50);
  g_assert_cmpint (ahead, <=, 60);
}

/* A path names what else is to be spoilt; what the tests look through never is. */
static void
test_scenario_path (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  g_autoptr (ScTestReply) tokens = sc_test_client_sign_in (client);
  g_autoptr (ScTestReply) switched =
    sc_test_client_call (client, "POST", "/sandbox/scenario", NULL,
                         "{\"name\":\"unavailable\",\"path\":\"/oauth/token\"}");
  g_autoptr (ScTestReply) everywhere = NULL;
  g_autoptr (ScTestReply) refreshed =
    sc_test_client_refresh (client, sc_test_reply_get (tokens, "refresh_token"));
  g_autoptr (ScTestReply) status = get_status (client, tokens);
  g_autoptr (ScTestReply) unknown =
    sc_test_client_call (client, "POST", "/sandbox/scenario", NULL, "{\"name\":\"no-such\"}");

  g_assert_cmpuint (switched->status, ==, 200);
  g_assert_cmpuint (refreshed->status, ==, 503);
  g_assert_cmpuint (status->status, ==, 200);
  g_assert_cmpuint (unknown->status, ==, 400);
  everywhere = sc_test_client_call (client, "POST", "/sandbox/scenario", NULL,
                                    "{\"name\":\"unavailable\",\"path\":\"/\"}");
  g_assert_cmpuint (everywhere->status, ==, 200);
  sc_test_sandbox_set_scenario (sc_test_client_get_sandbox (client), "none");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sandbox/scenario/denied", test_denied);
  g_test_add_func ("/sandbox/scenario/exchange-fails", test_exchange_fails);
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autofree char *path = g_strconcat ("/sandbox/scenario/states/", states[i].scenario, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_states);
    }
  g_test_add_func ("/sandbox/scenario/status-recovers", test_status_recovers);
  g_test_add_data_func ("/sandbox/scenario/setup-required", "setup-required", test_setup);
  g_test_add_data_func ("/sandbox/scenario/no-data-yet", "no-data-yet", test_setup);
  g_test_add_func ("/sandbox/scenario/spu-offline", test_spu_offline);
  g_test_add_func ("/sandbox/scenario/request-key-expired", test_key_is_renewed);
  g_test_add_func ("/sandbox/scenario/key-ages", test_key_ages);
  g_test_add_func ("/sandbox/scenario/revoked", test_revoked);
  g_test_add_func ("/sandbox/scenario/garbage", test_garbage);
  g_test_add_func ("/sandbox/scenario/truncated", test_truncated);
  g_test_add_func ("/sandbox/scenario/huge", test_huge);
  g_test_add_func ("/sandbox/scenario/wrong-type", test_wrong_type);
  g_test_add_func ("/sandbox/scenario/hangs", test_hangs);
  g_test_add_data_func ("/sandbox/scenario/wrong-issuer", "wrong-issuer", test_wrong_issuer);
  g_test_add_data_func ("/sandbox/scenario/wrong-iss", "wrong-iss", test_wrong_issuer);
  g_test_add_func ("/sandbox/scenario/clock-skew", test_clock_skew);
  g_test_add_func ("/sandbox/scenario/path", test_scenario_path);

  return g_test_run ();
}
