// SPDX-License-Identifier: MIT
// The sandbox's Sikka: the portal, and API v4 with the quirks that Sikka documents.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-sandbox-client.h"

#define APP_ID "SANDBOX-APP-ID-NOT-REAL"
#define APP_KEY "SANDBOX-APP-KEY-NOT-REAL"
#define APP "\"app_id\":\"" APP_ID "\",\"app_key\":\"" APP_KEY "\""
#define PORTAL "/portal/authapp.aspx"
#define SECRET_GRANT                                                  \
  "{" APP ",\"grant_type\":\"request_key\",\"office_id\":\"D10023\"," \
  "\"secret_key\":\"SANDBOX-SECRET-KEY-D10023\"}"

static ScTestReply *
get (ScTestClient *client, const char *path, const char *request_key)
{
  return sc_test_client_send (client, "GET", path, NULL, NULL, "App-Id", APP_ID, "App-Key", APP_KEY,
                              "Request-Key", request_key, NULL);
}

static ScTestReply *
post_key (ScTestClient *client, const char *json)
{
  return sc_test_client_call (client, "POST", "/v4/request_key", NULL, json);
}

static void
assert_error (const ScTestReply *reply, guint status, const char *code)
{
  g_autofree char *text = g_strdup_printf ("%u", status);

  g_assert_cmpuint (reply->status, ==, status);
  g_assert_cmpstr (sc_test_reply_get (reply, "error_code"), ==, code);
  g_assert_cmpstr (sc_test_reply_get (reply, "http_code"), ==, text);
  g_assert_nonnull (sc_test_reply_get (reply, "http_code_desc"));
  g_assert_nonnull (sc_test_reply_get (reply, "short_message"));
  g_assert_nonnull (sc_test_reply_get (reply, "long_message"));
  g_assert_nonnull (sc_test_reply_get (reply, "more_information"));
}

static void
assert_string_cb (JsonObject *object, const char *name, JsonNode *node, gpointer user_data)
{
  g_assert_true (json_node_get_value_type (node) == G_TYPE_STRING);
}

/* Sends the browser to the loopback port without the cloud: provider "sikka". */
static char *
decide (ScTestClient *client, const char *practice, const char *decision)
{
  g_autofree char *form =
    soup_form_encode ("app_id", APP_ID, "redirect_uri", SC_TEST_REDIRECT_URI, "state", "s 1",
                      "practice", practice, "decision", decision, NULL);
  g_autoptr (ScTestReply) reply = sc_test_client_post_form (client, PORTAL, form);

  g_assert_cmpuint (reply->status, ==, 302);

  return g_strdup (sc_test_reply_get_header (reply, "Location"));
}

static ScTestReply *
exchange (ScTestClient *client, const char *url)
{
  g_autofree char *code = sc_test_get_parameter (url, "code");
  g_autofree char *json =
    g_strdup_printf ("{" APP ",\"grant_type\":\"authorization_code\",\"code\":\"%s\"}", code);

  return post_key (client, json);
}

static void
test_portal_page (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new (NULL, NULL);
  g_autoptr (ScTestReply) page = sc_test_client_send (
    client, "GET",
    PORTAL "?app_id=" APP_ID "&redirect_uri=http://127.0.0.1:1/callback&state=%22%3E%3Cb%3E", NULL,
    NULL, NULL);

  g_assert_cmpuint (page->status, ==, 200);
  g_assert_nonnull (strstr (page->text, "id=\"allow\""));
  g_assert_nonnull (strstr (page->text, "id=\"deny\""));
  g_assert_nonnull (strstr (page->text, "value=\"D10023\" checked"));
  g_assert_nonnull (strstr (page->text, "Bright Smiles Dental"));
  g_assert_nonnull (strstr (page->text, "value=\"&quot;&gt;&lt;b&gt;\""));
  g_assert_nonnull (
    strstr (sc_test_reply_get_header (page, "Content-Security-Policy"), "default-src 'none'"));
}

static void
test_portal_refuses_strangers (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--auto-approve", NULL);
  static const char *const queries[] = {
    "",
    "?app_id=other&redirect_uri=http://127.0.0.1:1/callback&state=s",
    "?app_id=" APP_ID "&redirect_uri=http://127.0.0.1:1/other&state=s",
    "?app_id=" APP_ID "&redirect_uri=https://evil.example/callback&state=s",
    "?app_id=" APP_ID "&state=s",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autofree char *path = g_strconcat (PORTAL, queries[i], NULL);
      g_autoptr (ScTestReply) reply = sc_test_client_send (client, "GET", path, NULL, NULL, NULL);

      g_assert_cmpuint (reply->status, ==, 400);
      g_assert_null (sc_test_reply_get_header (reply, "Location"));
    }
}

static void
test_portal_allows (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new (NULL, NULL);
  g_autofree char *url = decide (client, "C20417", "allow");
  g_autofree char *state = sc_test_get_parameter (url, "state");
  g_autoptr (ScTestReply) keys = exchange (client, url);
  g_autoptr (ScTestReply) again = exchange (client, url);

  g_assert_true (g_str_has_prefix (url, SC_TEST_REDIRECT_URI "?"));
  g_assert_cmpstr (state, ==, "s 1");
  g_assert_cmpuint (keys->status, ==, 200);
  g_assert_cmpstr (sc_test_reply_get (keys, "issued_to"), ==, "C20417");
  assert_error (again, 400, "API1026");
}

static void
test_portal_denies (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new (NULL, NULL);
  g_autofree char *url = decide (client, "D10023", "deny");
  g_autofree char *error = sc_test_get_parameter (url, "error");
  g_autofree char *state = sc_test_get_parameter (url, "state");
  g_autofree char *code = sc_test_get_parameter (url, "code");

  g_assert_cmpstr (error, ==, "access_denied");
  g_assert_cmpstr (state, ==, "s 1");
  g_assert_null (code);
}

static void
test_other_practice (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new ("--scenario", "other-practice");
  g_autofree char *url = decide (client, "D10023", "allow");
  g_autoptr (ScTestReply) keys = exchange (client, url);

  g_assert_cmpstr (sc_test_reply_get (keys, "issued_to"), ==, "C20417");
}

static void
test_key_is_text (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new (NULL, NULL);
  g_autoptr (ScTestReply) keys = post_key (client, SECRET_GRANT);
  g_autoptr (ScTestReply) info = NULL;

  g_assert_cmpuint (keys->status, ==, 200);
  json_object_foreach_member (keys->json, assert_string_cb, NULL);
  g_assert_cmpstr (sc_test_reply_get (keys, "expires_in"), ==, "86400 second(s)");
  g_assert_cmpstr (sc_test_reply_get (keys, "status"), ==, "active");
  g_assert_cmpuint (strlen (sc_test_reply_get (keys, "request_key")), ==, 32);
  g_assert_nonnull (sc_test_reply_get_header (keys, "X-Rate-Limit-Limit"));
  g_assert_nonnull (sc_test_reply_get_header (keys, "X-Rate-Limit-Remaining"));
  g_assert_nonnull (sc_test_reply_get_header (keys, "X-Rate-Limit-Reset"));

  info = get (client, "/v4/request_key_info", sc_test_reply_get (keys, "request_key"));
  g_assert_cmpuint (info->status, ==, 200);
  json_object_foreach_member (info->json, assert_string_cb, NULL);
  g_assert_nonnull (sc_test_reply_get_header (info, "Request-Key-Expires"));
  g_assert_null (sc_test_reply_get (info, "refresh_key"));
}

static const struct
{
  const char *json;
  guint status;
  const char *code;
} bad_grants[] = {
  { "no JSON", 415, "API1006" },
  { "[]", 415, "API1006" },
  { "{\"app_key\":\"x\",\"grant_type\":\"request_key\"}", 400, "API1001" },
  { "{\"app_id\":\"x\",\"grant_type\":\"request_key\"}", 400, "API1002" },
  { "{\"app_id\":\"x\",\"app_key\":\"x\",\"grant_type\":\"request_key\"}", 401, "API2003" },
  { "{" APP "}", 400, "API1020" },
  { "{" APP ",\"grant_type\":\"password\"}", 400, "API1020" },
  { "{" APP ",\"grant_type\":\"request_key\"}", 400, "API1003" },
  { "{" APP ",\"grant_type\":\"request_key\",\"office_id\":\"D10023\"}", 400, "API1005" },
  { "{" APP ",\"grant_type\":\"request_key\",\"office_id\":\"D10023\",\"secret_key\":\"x\"}", 401,
    "API2007" },
  { "{" APP ",\"grant_type\":\"refresh_key\",\"refresh_key\":\"x\"}", 400, "API1026" },
  { "{" APP ",\"grant_type\":\"authorization_code\",\"code\":\"x\"}", 400, "API1026" },
};

static void
test_refuses_grant (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new (NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (bad_grants); i++)
    {
      g_autoptr (ScTestReply) reply = post_key (client, bad_grants[i].json);

      g_test_message ("%s", bad_grants[i].json);
      assert_error (reply, bad_grants[i].status, bad_grants[i].code);
      json_object_foreach_member (reply->json, assert_string_cb, NULL);
    }
}

static void
test_key_expires (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new (NULL, NULL);
  g_autoptr (ScTestReply) keys = post_key (client, SECRET_GRANT);
  g_autofree char *refresh =
    g_strdup_printf ("{" APP ",\"grant_type\":\"refresh_key\",\"refresh_key\":\"%s\"}",
                     sc_test_reply_get (keys, "refresh_key"));
  g_autoptr (ScTestReply) expired = NULL;
  g_autoptr (ScTestReply) renewed = NULL;
  g_autoptr (ScTestReply) info = NULL;

  sc_test_client_advance (client, 24 * 3600);
  expired = get (client, "/v4/request_key_info", sc_test_reply_get (keys, "request_key"));
  assert_error (expired, 400, "API1025");
  renewed = post_key (client, refresh);
  g_assert_cmpuint (renewed->status, ==, 200);
  info = get (client, "/v4/request_key_info", sc_test_reply_get (renewed, "request_key"));
  g_assert_cmpuint (info->status, ==, 200);
}

static void
test_keys_are_deleted (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new (NULL, NULL);
  g_autoptr (ScTestReply) keys = post_key (client, SECRET_GRANT);
  const char *request_key = sc_test_reply_get (keys, "request_key");
  const char *refresh_key = sc_test_reply_get (keys, "refresh_key");
  g_autoptr (ScTestReply) missing = get (client, "/v4/request_key_info", NULL);
  g_autoptr (ScTestReply) deleted = sc_test_client_send (client, "DELETE", "/v4/request_key", NULL,
                                                         NULL, "Request-Key", request_key, NULL);
  g_autoptr (ScTestReply) info = get (client, "/v4/request_key_info", request_key);
  g_autoptr (ScTestReply) no_app = sc_test_client_send (client, "DELETE", "/v4/refresh_key", NULL,
                                                        NULL, "Refresh-Key", refresh_key, NULL);
  g_autoptr (ScTestReply) gone =
    sc_test_client_send (client, "DELETE", "/v4/refresh_key", NULL, NULL, "Refresh-Key",
                         refresh_key, "App-Id", APP_ID, "App-Key", APP_KEY, NULL);

  assert_error (missing, 400, "API1004");
  assert_error (deleted, 200, "API0002");
  assert_error (info, 200, "API0003");
  assert_error (no_app, 400, "API1001");
  assert_error (gone, 200, "API0002");
}

static void
test_lists (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new (NULL, NULL);
  g_autoptr (ScTestReply) first = get (client, "/v4/authorized_practices", NULL);
  g_autoptr (ScTestReply) all = get (client, "/v4/authorized_practices?show=all", NULL);
  g_autoptr (ScTestReply) page =
    get (client, "/v4/authorized_practices?show=all&limit=2&offset=1", NULL);
  JsonArray *items = json_object_get_array_member (all->json, "items");
  JsonObject *third = json_array_get_object_element (items, 2);
  JsonArray *second_page = json_object_get_array_member (page->json, "items");

  g_assert_cmpstr (sc_test_reply_get (first, "total_count"), ==, "3");
  g_assert_cmpstr (sc_test_reply_get (all, "total_count"), ==, "5");
  g_assert_cmpstr (sc_test_reply_get (all, "limit"), ==, "50");
  json_object_foreach_member (third, assert_string_cb, NULL);
  /* offset counts pages, not items */
  g_assert_cmpuint (json_array_get_length (second_page), ==, 2);
  g_assert_true (json_object_equal (json_array_get_object_element (second_page, 0), third));
}

static const struct
{
  const char *scenario;
  const char *path;
  guint status;
  const char *code;
} answers[] = {
  { "none", "/v4/data_sync_status?office_id=D10023", 200, NULL },
  { "none", "/v4/health_check?office_id=D10023", 200, NULL },
  { "none", "/v4/practice_location?office_id=D30991", 200, NULL },
  { "none", "/v4/supported_pmses", 200, NULL },
  { "none", "/v4/data_sync_status?office_id=X99999", 204, NULL },
  { "none", "/v4/authorized_practices?show=all&offset=9", 204, NULL },
  { "no-data-yet", "/v4/data_sync_status?office_id=D10023", 500, "API2010" },
  { "no-data-yet", "/v4/health_check?office_id=D10023", 500, "API2010" },
  { "status-failed", "/v4/data_sync_status?office_id=D10023", 401, "API2007" },
};

static void
test_answers (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new (NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (ScTestReply) reply = NULL;

      g_test_message ("%s in %s", answers[i].path, answers[i].scenario);
      sc_test_sandbox_set_scenario (sc_test_client_get_sandbox (client), answers[i].scenario);
      reply = get (client, answers[i].path, NULL);
      g_assert_cmpuint (reply->status, ==, answers[i].status);
      if (answers[i].status == 204)
        g_assert_cmpstr (reply->text, ==, "");
      if (answers[i].code != NULL)
        assert_error (reply, answers[i].status, answers[i].code);
    }
}

static void
test_write_back (void)
{
  g_autoptr (ScTestClient) client = sc_test_client_new (NULL, NULL);
  g_autoptr (ScTestReply) keys = post_key (client, SECRET_GRANT);
  const char *key = sc_test_reply_get (keys, "request_key");
  g_autoptr (ScTestReply) queued =
    sc_test_client_send (client, "POST", "/v4/appointment", "application/json",
                         "{\"check_spu\":true}", "Request-Key", key, NULL);
  g_autoptr (ScTestReply) offline = NULL;

  assert_error (queued, 201, "API2016");
  sc_test_sandbox_set_scenario (sc_test_client_get_sandbox (client), "spu-offline");
  offline = sc_test_client_send (client, "POST", "/v4/appointment", "application/json",
                                 "{\"check_spu\":true}", "Request-Key", key, NULL);
  assert_error (offline, 412, "API2017");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sandbox/portal/page", test_portal_page);
  g_test_add_func ("/sandbox/portal/refuses-strangers", test_portal_refuses_strangers);
  g_test_add_func ("/sandbox/portal/allows", test_portal_allows);
  g_test_add_func ("/sandbox/portal/denies", test_portal_denies);
  g_test_add_func ("/sandbox/portal/other-practice", test_other_practice);
  g_test_add_func ("/sandbox/sikka/key-is-text", test_key_is_text);
  g_test_add_func ("/sandbox/sikka/refuses-grant", test_refuses_grant);
  g_test_add_func ("/sandbox/sikka/key-expires", test_key_expires);
  g_test_add_func ("/sandbox/sikka/keys-are-deleted", test_keys_are_deleted);
  g_test_add_func ("/sandbox/sikka/lists", test_lists);
  g_test_add_func ("/sandbox/sikka/answers", test_answers);
  g_test_add_func ("/sandbox/sikka/write-back", test_write_back);

  return g_test_run ();
}
