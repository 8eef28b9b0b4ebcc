// SPDX-License-Identifier: MIT
// The sandbox's cloud API, its own pages and its command line.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-sandbox-client.h"

#include <glib/gstdio.h>

#define STATUS "/api/pms/connection-status"
#define SETUP "/api/pms/setup"
#define REPORTS "/api/pms/companion/reports"
#define CONNECTION "/api/pms/connection"

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
test_status (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  g_autoptr (ScTestReply) tokens = sc_test_client_sign_in (client);
  g_autoptr (ScTestReply) status = get_status (client, tokens);
  JsonObject *sync;

  g_assert_cmpuint (status->status, ==, 200);
  g_assert_true (json_object_get_boolean_member (status->json, "isConnected"));
  g_assert_cmpstr (sc_test_reply_get (status, "status"), ==, "connected");
  g_assert_cmpstr (sc_test_reply_get (status, "provider"), ==, "SIKKA");
  g_assert_cmpstr (sc_test_reply_get (status, "practiceName"), ==, "Happy Dental Clinic");
  g_assert_cmpstr (sc_test_reply_get (status, "pmsType"), ==, "Dentrix");
  g_assert_cmpstr (sc_test_reply_get (status, "officeId"), ==, "D10023");
  g_assert_nonnull (sc_test_reply_get (status, "timestamp"));
  g_assert_null (sc_test_reply_get (status, "error"));
  sync = json_object_get_object_member (status->json, "dataSync");
  g_assert_cmpstr (json_object_get_string_member (sync, "status"), ==, "refresh");
  g_assert_cmpstr (json_object_get_string_member (sync, "schedule"), ==, "daily 02:00");
  g_assert_cmpint (json_object_get_int_member (sync, "intervalMinutes"), ==, 1440);
  assert_row (client, "ACTIVE", NULL);
}

/* The cloud asks Sikka over the wire, and the log shows it. */
static void
test_counts_requests (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  ScTestSandbox *sandbox = sc_test_client_get_sandbox (client);
  g_autoptr (ScTestReply) tokens = sc_test_client_sign_in (client);
  g_autoptr (ScTestReply) status = get_status (client, tokens);
  g_autoptr (ScTestReply) log =
    sc_test_client_call (client, "GET", "/sandbox/requests", NULL, NULL);
  JsonArray *requests = json_object_get_array_member (log->json, "requests");
  JsonObject *first = json_array_get_object_element (requests, 0);

  g_assert_cmpint (sc_test_sandbox_count (sandbox, "GET " STATUS), ==, 1);
  g_assert_cmpint (sc_test_sandbox_count (sandbox, "POST /oauth/token"), ==, 1);
  g_assert_cmpint (sc_test_sandbox_count (sandbox, "POST /v4/request_key"), ==, 1);
  g_assert_cmpint (sc_test_sandbox_count (sandbox, "GET /v4/authorized_practices"), ==, 1);
  g_assert_cmpint (sc_test_sandbox_count (sandbox, "GET /v4/data_sync_status"), ==, 1);
  g_assert_cmpint (sc_test_sandbox_count (sandbox, "GET /sandbox/requests"), ==, 0);
  g_assert_cmpint (sc_test_sandbox_count (sandbox, NULL), ==, json_array_get_length (requests));
  g_assert_cmpstr (json_object_get_string_member (first, "method"), ==, "GET");
  g_assert_cmpstr (json_object_get_string_member (first, "path"), ==, "/oauth/authorize");
  g_assert_cmpint (json_object_get_int_member (first, "status"), ==, 302);
  g_assert_null (strchr (log->text, '?'));
  g_assert_null (strstr (log->text, sc_test_reply_get (tokens, "access_token")));
  g_assert_null (strstr (log->text, SC_TEST_CHALLENGE));
}

static void
test_needs_token (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  g_autofree char *url = sc_test_client_authorize (client, "&scope=offline_access");
  g_autoptr (ScTestReply) narrow = sc_test_client_exchange (client, url);
  g_autoptr (ScTestReply) none = sc_test_client_call (client, "GET", STATUS, NULL, NULL);
  g_autoptr (ScTestReply) wrong = sc_test_client_call (client, "POST", REPORTS, "x", "{}");
  g_autoptr (ScTestReply) forbidden = get_status (client, narrow);

  g_assert_cmpuint (none->status, ==, 401);
  g_assert_true (g_str_has_prefix (sc_test_reply_get_header (none, "WWW-Authenticate"), "Bearer"));
  g_assert_cmpuint (wrong->status, ==, 401);
  g_assert_nonnull (strstr (sc_test_reply_get_header (wrong, "WWW-Authenticate"), "invalid_token"));
  g_assert_cmpuint (forbidden->status, ==, 403);
}

static void
test_setup_refuses_credentials (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  g_autoptr (ScTestReply) tokens = sc_test_client_sign_in (client);
  static const struct
  {
    const char *json;
    guint status;
  } rows[] = {
    { "{\"provider\":\"SIKKA\"}", 200 },
    { "{\"provider\":\"SIKKA\",\"config\":{\"timezone\":\"America/Toronto\"}}", 200 },
    { "{\"provider\":\"SIKKA\",\"app_key\":\"k\"}", 400 },
    { "{\"provider\":\"SIKKA\",\"config\":{\"requestKey\":\"k\"}}", 400 },
    { "{\"provider\":\"SIKKA\",\"config\":\"k\"}", 400 },
    { "{\"provider\":\"KOLLA\"}", 400 },
    { "{\"provider\":5}", 400 },
    { "nothing", 400 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ScTestReply) reply = post (client, SETUP, tokens, rows[i].json);

      g_test_message ("%s", rows[i].json);
      g_assert_cmpuint (reply->status, ==, rows[i].status);
    }
}

static void
test_reports_are_idempotent (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  ScTestSandbox *sandbox = sc_test_client_get_sandbox (client);
  g_autoptr (ScTestReply) tokens = sc_test_client_sign_in (client);
  g_autoptr (ScTestReply) first = post (client, REPORTS, tokens, "{\"id\":\"r-1\",\"n\":1}");
  g_autoptr (ScTestReply) second = post (client, REPORTS, tokens, "{\"id\":\"r-1\",\"n\":2}");
  g_autoptr (ScTestReply) nameless = post (client, REPORTS, tokens, "{\"n\":3}");
  g_autoptr (JsonObject) stored = sc_test_sandbox_get_reports (sandbox);
  JsonArray *reports = json_object_get_array_member (stored, "reports");
  JsonObject *report = json_array_get_object_element (reports, 0);
  JsonObject *body = json_object_get_object_member (report, "body");
  g_autofree char *filler = g_strnfill (70000, 'x');
  g_autofree char *large = g_strdup_printf ("{\"id\":\"r-2\",\"x\":\"%s\"}", filler);
  g_autoptr (ScTestReply) refused = post (client, REPORTS, tokens, large);

  g_assert_cmpuint (first->status, ==, 202);
  g_assert_cmpstr (sc_test_reply_get (first, "connectionStatus"), ==, "connected");
  g_assert_nonnull (sc_test_reply_get (first, "latestVersion"));
  g_assert_nonnull (sc_test_reply_get (first, "minimumVersion"));
  g_assert_cmpuint (second->status, ==, 202);
  g_assert_cmpuint (nameless->status, ==, 400);
  g_assert_cmpuint (json_array_get_length (reports), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (report, "account"), ==, "front-desk@d10023");
  g_assert_cmpint (json_object_get_int_member (body, "n"), ==, 1);
  g_assert_cmpuint (refused->status, ==, 413);
}

static void
test_reports_belong_to_accounts (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  g_autoptr (ScTestReply) happy = sc_test_client_sign_in (client);
  g_autoptr (ScTestReply) bright = NULL;
  g_autoptr (ScTestReply) theirs = NULL;
  g_autoptr (ScTestReply) ours = post (client, REPORTS, happy, "{\"id\":\"r-1\"}");

  sc_test_sandbox_set_scenario (sc_test_client_get_sandbox (client), "other-practice");
  bright = sc_test_client_sign_in (client);
  theirs = post (client, REPORTS, bright, "{\"id\":\"r-1\"}");
  g_assert_cmpuint (ours->status, ==, 202);
  g_assert_cmpuint (theirs->status, ==, 409);
}

static void
test_disconnect (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  ScTestSandbox *sandbox = sc_test_client_get_sandbox (client);
  g_autoptr (ScTestReply) tokens = sc_test_client_sign_in (client);
  const char *token = sc_test_reply_get (tokens, "access_token");
  g_autoptr (ScTestReply) first = sc_test_client_call (client, "DELETE", CONNECTION, token, NULL);
  g_autoptr (ScTestReply) second = sc_test_client_call (client, "DELETE", CONNECTION, token, NULL);
  g_autoptr (ScTestReply) status = get_status (client, tokens);
  g_autoptr (ScTestReply) setup = post (client, SETUP, tokens, "{\"provider\":\"SIKKA\"}");

  g_assert_cmpuint (first->status, ==, 200);
  g_assert_cmpuint (second->status, ==, 404);
  g_assert_cmpstr (sc_test_reply_get (status, "status"), ==, "pending");
  g_assert_cmpuint (setup->status, ==, 404);
  g_assert_cmpint (sc_test_sandbox_count (sandbox, "DELETE /v4/refresh_key"), ==, 1);
  g_assert_cmpint (sc_test_sandbox_count (sandbox, "DELETE /v4/request_key"), ==, 1);
  assert_row (client, "INACTIVE", NULL);
}

/* Returns: the URL of the cloud's callback that the portal would send the browser to */
static char *
get_callback (ScTestClient *client)
{
  g_autoptr (ScTestReply) authorize =
    sc_test_client_send (client, "GET", "/oauth/authorize?" SC_TEST_AUTHORIZE, NULL, NULL, NULL);
  g_autoptr (ScTestReply) portal = sc_test_client_send (
    client, "GET", sc_test_reply_get_header (authorize, "Location"), NULL, NULL, NULL);

  return g_strdup (sc_test_reply_get_header (portal, "Location"));
}

static void
assert_callback (ScTestClient *client, const char *url, guint status)
{
  g_autoptr (ScTestReply) reply = sc_test_client_send (client, "GET", url, NULL, NULL, NULL);

  g_assert_cmpuint (reply->status, ==, status);
}

static void
test_state_is_good_once (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  g_autofree char *url = get_callback (client);
  g_autofree char *late = get_callback (client);
  g_autofree char *forged = get_callback (client);
  char *state = strstr (forged, "state=") + strlen ("state=");

  state[20] = state[20] == 'A' ? 'B' : 'A';
  assert_callback (client, forged, 400);
  assert_callback (client, "/api/pms/sikka/oauth/callback?code=x", 400);
  assert_callback (client, "/api/pms/sikka/oauth/callback?code=x&state=y", 400);
  assert_callback (client, url, 302);
  assert_callback (client, url, 400);
  g_assert_cmpint (
    sc_test_sandbox_count (sc_test_client_get_sandbox (client), "POST /v4/request_key"), ==, 1);
  sc_test_client_advance (client, 601);
  assert_callback (client, late, 400);
}

static void
test_reset (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  g_autoptr (ScTestReply) tokens = sc_test_client_sign_in (client);
  g_autoptr (ScTestReply) reset =
    sc_test_client_call (client, "POST", "/sandbox/reset", NULL, NULL);
  g_autoptr (JsonObject) state = sc_test_sandbox_get_state (sc_test_client_get_sandbox (client));
  g_autoptr (ScTestReply) status = get_status (client, tokens);

  g_assert_cmpuint (reset->status, ==, 204);
  g_assert_cmpint (json_object_get_int_member (state, "grantCount"), ==, 0);
  g_assert_cmpuint (status->status, ==, 401);
}

/* The cloud is down and comes back on the same port: grants and rows are still there. */
static void
test_survives_restart (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("sc-test-restart-XXXXXX", &error);
  g_autofree char *option = g_strconcat ("--state-dir=", dir, NULL);
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", option);
  g_autoptr (ScTestReply) tokens = sc_test_client_sign_in (client);
  g_autoptr (ScTestReply) status = NULL;
  g_autoptr (GDir) files = NULL;
  const char *name;

  sc_test_client_free (g_steal_pointer (&client));
  client = sc_test_client_new (option, NULL);
  status = get_status (client, tokens);
  g_assert_cmpstr (sc_test_reply_get (status, "status"), ==, "connected");
  sc_test_client_free (g_steal_pointer (&client));

  files = g_dir_open (dir, 0, NULL);
  while ((name = g_dir_read_name (files)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);
      g_unlink (path);
    }
  g_rmdir (dir);
}

static const struct
{
  const char *argument;
  int exit_status;
  const char *text; /* on standard output or error */
} command_lines[] = {
  { "--help", 0, "request-key-expired" },
  { "--no-such-option", 2, "Unknown option" },
  { "--port=none", 2, "none" },
  { "--port=65536", 2, "65536" },
  { "--scenario=no-such", 2, "no such scenario: no-such" },
  { "surplus", 2, "unexpected argument: surplus" },
  { "--state-dir=/dev/null/x", 1, "/dev/null/x" },
};

static void
test_tells_secrets (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", "--tell-secrets");
  g_autoptr (ScTestReply) tokens = sc_test_client_sign_in (client);
  g_autoptr (ScTestReply) told =
    sc_test_client_call (client, "GET", "/sandbox/secrets", NULL, NULL);
  JsonArray *secrets = json_object_get_array_member (told->json, "secrets");
  g_autoptr (GString) kinds = g_string_new (NULL);
  gboolean is_token_told = FALSE;

  for (guint i = 0; i < json_array_get_length (secrets); i++)
    {
      JsonObject *secret = json_array_get_object_element (secrets, i);
      const char *value = json_object_get_string_member (secret, "value");

      g_string_append_printf (kinds, "%s ", json_object_get_string_member (secret, "kind"));
      is_token_told |= g_str_equal (value, sc_test_reply_get (tokens, "refresh_token"));
    }
  g_assert_cmpstr (kinds->str, ==,
                   "state code state request_key refresh_key code "
                   "code_verifier access_token refresh_token ");
  g_assert_true (is_token_told);
}

static void
test_keeps_secrets (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  g_autoptr (ScTestReply) tokens = sc_test_client_sign_in (client);
  g_autoptr (ScTestReply) told =
    sc_test_client_call (client, "GET", "/sandbox/secrets", NULL, NULL);

  g_assert_cmpuint (told->status, ==, 404);
}

static void
test_command_line (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (command_lines); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *output = NULL;
      g_autoptr (GSubprocess) process =
        g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE, &error,
                          g_getenv ("SC_TEST_SANDBOX"), command_lines[i].argument, NULL);

      g_test_message ("%s", command_lines[i].argument);
      g_assert_no_error (error);
      g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (g_subprocess_get_exit_status (process), ==, command_lines[i].exit_status);
      g_assert_nonnull (strstr (output, command_lines[i].text));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sandbox/cloud/status", test_status);
  g_test_add_func ("/sandbox/cloud/counts-requests", test_counts_requests);
  g_test_add_func ("/sandbox/cloud/needs-token", test_needs_token);
  g_test_add_func ("/sandbox/cloud/setup-refuses-credentials", test_setup_refuses_credentials);
  g_test_add_func ("/sandbox/cloud/reports-are-idempotent", test_reports_are_idempotent);
  g_test_add_func ("/sandbox/cloud/reports-belong-to-accounts", test_reports_belong_to_accounts);
  g_test_add_func ("/sandbox/cloud/disconnect", test_disconnect);
  g_test_add_func ("/sandbox/cloud/state-is-good-once", test_state_is_good_once);
  g_test_add_func ("/sandbox/cloud/survives-restart", test_survives_restart);
  g_test_add_func ("/sandbox/reset", test_reset);
  g_test_add_func ("/sandbox/secrets/told", test_tells_secrets);
  g_test_add_func ("/sandbox/secrets/kept", test_keeps_secrets);
  g_test_add_func ("/sandbox/command-line", test_command_line);

  return g_test_run ();
}
