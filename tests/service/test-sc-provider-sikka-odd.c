// SPDX-License-Identifier: MIT
// Provider "sikka" against answers that the sandbox does not give.

#define G_LOG_DOMAIN "sc-test"

#include "sc-provider-sikka.h"

#include "sc-error.h"
#include "sc-json.h"
#include "sc-test-provider.h"
#include "sc-test-server.h"
#include "sc-test-wait.h"

#include <string.h>

#define APP_ID "the-app-id"
#define APP_KEY "the-app-key"

#define PRACTICE "D10023"
#define GRANT "POST /v4/request_key"
#define INFO "GET /v4/request_key_info"
#define PRACTICES "GET /v4/authorized_practices"
#define DELETE_REQUEST_KEY "DELETE /v4/request_key"
#define DELETE_REFRESH_KEY "DELETE /v4/refresh_key"

#define REQUEST_KEY "request-key-of-32-alphanumerics0"
#define REFRESH_KEY "refresh-key-of-32-alphanumerics0"
#define KEY(more)                                                            \
  "{\"request_key\":\"" REQUEST_KEY "\",\"expires_in\":\"85603 second(s)\"," \
  "\"issued_to\":\"" PRACTICE "\",\"status\":\"active\"" more "}"
#define GOOD_KEY KEY (",\"refresh_key\":\"" REFRESH_KEY "\"")
#define OTHER_KEY                                                             \
  "{\"request_key\":\"" REQUEST_KEY "\",\"refresh_key\":\"" REFRESH_KEY "\"," \
  "\"issued_to\":\"C20417\",\"status\":\"active\"}"
#define ITEM(date)                                                     \
  "{\"items\":[{\"office_id\":\"" PRACTICE "\",\"practice_id\":\"1\"," \
  "\"secret_key\":\"s3cret\",\"practice_name\":\"Happy\","             \
  "\"practice_management_system\":\"Dentrix\",\"data_synchronization_date\":\"" date "\"}]}"
#define CODE_BODY(http, code) \
  "{\"http_code\":\"" http "\",\"error_code\":\"" code "\",\"short_message\":\"x\"}"

static ScProvider *
provider_new (const char *url)
{
  g_autoptr (ScHttp) http = sc_http_new (NULL, NULL);
  g_autoptr (ScSecretString) app_id = sc_secret_string_new (APP_ID);
  g_autoptr (ScSecretString) app_key = sc_secret_string_new (APP_KEY);
  g_autofree char *authorize_url = g_strconcat (url, "/portal/authapp.aspx", NULL);
  g_autofree char *api_url = g_strconcat (url, "/v4", NULL);

  return sc_provider_sikka_new (http, authorize_url, api_url, app_id, app_key);
}

typedef struct
{
  ScTestServer *server;
  ScProvider *provider;
  ScTransaction *transaction;
} Odd;

static void
set_up_odd (Odd *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->server = sc_test_server_new ();
  self->provider = provider_new (sc_test_server_get_url (self->server));
  self->transaction = sc_test_transaction_new ();
  sc_test_server_set_answer (self->server, GRANT, 200, "application/json", GOOD_KEY);
  sc_test_server_set_answer (self->server, INFO, 200, "application/json", KEY (""));
  sc_test_server_set_answer (self->server, PRACTICES, 200, "application/json",
                             ITEM ("2026-11-21T02:11:00"));
  g_assert_true (sc_test_provider_begin (self->provider, self->transaction, &error));
  g_assert_no_error (error);
}

static void
tear_down_odd (Odd *self, gconstpointer data)
{
  sc_transaction_free (self->transaction);
  g_assert_finalize_object (self->provider);
  sc_test_server_free (self->server);
}

static ScGrant *
exchange (Odd *self, const char *iss, GError **error)
{
  g_autoptr (ScRedirect) redirect = sc_test_redirect_new ("the-code", iss);

  return sc_test_provider_exchange (self->provider, self->transaction, redirect, error);
}

static void
test_request (Odd *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScGrant) grant = exchange (self, NULL, &error);
  g_autoptr (JsonObject) body = NULL;
  const char *text = sc_test_server_get_body (self->server, GRANT);

  g_assert_no_error (error);
  body = sc_json_parse_object (text, strlen (text), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (json_object_get_size (body), ==, 4);
  g_assert_cmpstr (json_object_get_string_member (body, "grant_type"), ==, "authorization_code");
  g_assert_cmpstr (json_object_get_string_member (body, "code"), ==, "the-code");
  g_assert_cmpstr (json_object_get_string_member (body, "app_id"), ==, APP_ID);
  g_assert_cmpstr (json_object_get_string_member (body, "app_key"), ==, APP_KEY);
  g_assert_cmpstr (sc_test_server_get_header (self->server, PRACTICES, "App-Id"), ==, APP_ID);
  g_assert_cmpstr (sc_test_server_get_header (self->server, PRACTICES, "App-Key"), ==, APP_KEY);
}

static void
test_foreign_iss (Odd *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScGrant) grant = exchange (self, "https://other.example", &error);

  g_assert_error (error, SC_ERROR, SC_ERROR_OAUTH_ISSUER);
  g_assert_cmpuint (sc_test_server_count (self->server, NULL), ==, 0);
}

static void
assert_silent (const GError *error)
{
  static const char *const secrets[] = { APP_KEY, REQUEST_KEY, REFRESH_KEY, "the-code", "s3cret" };

  for (gsize i = 0; error != NULL && i < G_N_ELEMENTS (secrets); i++)
    g_assert_null (strstr (error->message, secrets[i]));
}

static void
test_grant_answers (Odd *self, gconstpointer data)
{
  static const struct
  {
    guint status;
    const char *body;
    const char *exchange;
    const char *refresh;
  } rows[] = {
    { 200, GOOD_KEY, "", "" },
    { 200, KEY (""), "oauth-token", "" },
    { 200, "[" GOOD_KEY "]", "", "" },
    { 200, OTHER_KEY, "practice-unknown", "sikka-rejected" },
    { 200, "<html>", "sikka-rejected", "sikka-rejected" },
    { 204, "", "sikka-rejected", "sikka-rejected" },
    { 200, CODE_BODY ("401", "API2003"), "sikka-app", "sikka-app" },
    { 401, CODE_BODY ("401", "API2003"), "sikka-app", "sikka-app" },
    { 401, CODE_BODY ("401", "API2007"), "sikka-not-granted", "sikka-not-granted" },
    { 400, CODE_BODY ("400", "API1026"), "oauth-grant", "oauth-grant" },
    { 404, CODE_BODY ("404", "API2009"), "oauth-grant", "oauth-grant" },
    { 410, CODE_BODY ("410", "API2018"), "oauth-grant", "oauth-grant" },
    { 400, CODE_BODY ("400", "API1020"), "sikka-rejected", "sikka-rejected" },
    { 404, "<html>", "sikka-rejected", "sikka-rejected" },
    { 429, CODE_BODY ("429", "API2012"), "sikka-quota", "sikka-quota" },
    { 503, CODE_BODY ("503", "API2002"), "sikka-unavailable", "sikka-unavailable" },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (ScGrant) held = exchange (self, NULL, &error);

  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ScGrant) exchanged = NULL;
      g_autoptr (ScGrant) refreshed = NULL;
      g_autoptr (GError) exchange_error = NULL;
      g_autoptr (GError) refresh_error = NULL;

      g_test_message ("%u %s", rows[i].status, rows[i].body);
      sc_test_server_set_answer (self->server, GRANT, rows[i].status, "application/json",
                                 rows[i].body);
      exchanged = exchange (self, NULL, &exchange_error);
      g_assert_cmpstr (sc_error_get_id (exchange_error), ==, rows[i].exchange);
      assert_silent (exchange_error);
      refreshed = sc_test_provider_refresh (self->provider, held->credential, &refresh_error);
      g_assert_cmpstr (sc_error_get_id (refresh_error), ==, rows[i].refresh);
      assert_silent (refresh_error);
    }
}

static gboolean
is_given_back (gpointer user_data)
{
  return sc_test_server_count (user_data, DELETE_REQUEST_KEY) > 0 &&
         sc_test_server_count (user_data, DELETE_REFRESH_KEY) > 0;
}

/* Keys whose practice cannot be named are given back. */
static void
test_practice_unknown (Odd *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScGrant) grant = NULL;

  sc_test_server_set_answer (self->server, PRACTICES, 204, "text/plain", "");
  grant = exchange (self, NULL, &error);
  g_assert_error (error, SC_ERROR, SC_ERROR_PRACTICE_UNKNOWN);
  g_assert_cmpuint (sc_test_server_count (self->server, PRACTICES), ==, 1);
  sc_test_wait_until (is_given_back, self->server);
  g_assert_cmpstr (sc_test_server_get_header (self->server, DELETE_REQUEST_KEY, "Request-Key"), ==,
                   REQUEST_KEY);
  g_assert_cmpstr (sc_test_server_get_header (self->server, DELETE_REFRESH_KEY, "Refresh-Key"), ==,
                   REFRESH_KEY);
  g_assert_cmpstr (sc_test_server_get_header (self->server, DELETE_REFRESH_KEY, "App-Key"), ==,
                   APP_KEY);
}

/* A page that is full has a next one. */
static void
test_pages (Odd *self, gconstpointer data)
{
  g_autoptr (GString) page = g_string_new ("{\"items\":[");
  g_autoptr (GError) error = NULL;
  g_autoptr (ScGrant) grant = NULL;

  for (guint i = 0; i < 50; i++)
    g_string_append_printf (page, "%s{\"office_id\":\"X%u\",\"secret_key\":\"s3cret\"}",
                            i > 0 ? "," : "", i);
  g_string_append (page, "]}");
  sc_test_server_set_answer (self->server, PRACTICES, 200, "application/json", page->str);
  grant = exchange (self, NULL, &error);
  g_assert_error (error, SC_ERROR, SC_ERROR_PRACTICE_UNKNOWN);
  g_assert_cmpuint (sc_test_server_count (self->server, PRACTICES), ==, 100);
}

static void
test_status_answers (Odd *self, gconstpointer data)
{
  static const struct
  {
    const char *info;
    guint status;
    const char *practices;
    const char *id;
    gint64 last_data_at; /* -2: nothing is said of data at all */
  } rows[] = {
    { KEY (""), 200, ITEM ("2026-11-21T02:11:00"), "", 1795227060 },
    { KEY (""), 200, ITEM ("2026-11-21 02:11:00"), "", 1795227060 },
    { KEY (""), 200, ITEM ("1111-11-11T00:00:00"), "", -1 },
    { KEY (""), 200, ITEM ("soon"), "", -1 },
    { KEY (""), 503, CODE_BODY ("503", "API2002"), "", -2 },
    { KEY (""), 401, CODE_BODY ("401", "API2003"), "sikka-app", 0 },
    { KEY (""), 204, "", "sikka-not-granted", 0 },
    { "{\"request_key\":\"k\",\"issued_to\":\"" PRACTICE "\",\"status\":\"inactive\"}", 200, "{}",
      "sikka-key-expired", 0 },
    { OTHER_KEY, 200, "{\"items\":[{\"office_id\":\"C20417\"}]}", "sikka-rejected", 0 },
    { CODE_BODY ("200", "API0003"), 200, "{}", "sikka-key-expired", 0 },
    { CODE_BODY ("400", "API1026"), 200, "{}", "sikka-key-expired", 0 },
    { CODE_BODY ("400", "API1025"), 200, "{}", "sikka-key-expired", 0 },
    { CODE_BODY ("500", "API2010"), 200, "{}", "sikka-no-data-yet", 0 },
    { "<html>", 200, "{}", "sikka-rejected", 0 },
  };
  g_autoptr (GError) exchange_error = NULL;
  g_autoptr (ScGrant) grant = exchange (self, NULL, &exchange_error);

  g_assert_no_error (exchange_error);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ScCloudStatus) status = NULL;
      g_autoptr (GError) error = NULL;

      sc_test_server_set_answer (self->server, INFO, 200, "application/json", rows[i].info);
      sc_test_server_set_answer (self->server, PRACTICES, rows[i].status, "application/json",
                                 rows[i].practices);
      status = sc_test_provider_get_status (self->provider, grant, &error);
      g_test_message ("%s %u %s", rows[i].info, rows[i].status, rows[i].practices);
      g_assert_cmpstr (sc_error_get_id (error), ==, rows[i].id);
      assert_silent (error);
      if (status == NULL)
        continue;
      g_assert_cmpstr (status->practice->office_id, ==, PRACTICE);
      g_assert_cmpint (status->data_sync != NULL ? status->data_sync->last_data_at : -2, ==,
                       rows[i].last_data_at);
    }
  g_assert_cmpstr (sc_test_server_get_header (self->server, INFO, "Request-Key"), ==, REQUEST_KEY);
  g_assert_null (sc_test_server_get_header (self->server, INFO, "App-Key"));
}

static void
test_revocation_answers (Odd *self, gconstpointer data)
{
  static const struct
  {
    guint request_status;
    const char *request_body;
    guint refresh_status;
    const char *refresh_body;
    const char *id;
  } rows[] = {
    { 200, CODE_BODY ("200", "API0002"), 200, CODE_BODY ("200", "API0002"), "" },
    { 204, "", 204, "", "" },
    { 400, CODE_BODY ("400", "API1025"), 200, CODE_BODY ("200", "API0002"), "" },
    { 503, "{}", 200, CODE_BODY ("200", "API0002"), "" },
    { 200, "{}", 400, CODE_BODY ("400", "API1026"), "" },
    { 200, "{}", 401, CODE_BODY ("401", "API2003"), "sikka-app" },
    { 200, "{}", 200, CODE_BODY ("401", "API2003"), "sikka-app" },
    { 200, "{}", 503, "<html>", "sikka-unavailable" },
    { 200, "{}", 200, "<html>", "sikka-rejected" },
  };
  g_autoptr (GError) exchange_error = NULL;
  g_autoptr (ScGrant) grant = exchange (self, NULL, &exchange_error);

  g_assert_no_error (exchange_error);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      sc_test_server_set_answer (self->server, DELETE_REQUEST_KEY, rows[i].request_status,
                                 "application/json", rows[i].request_body);
      sc_test_server_set_answer (self->server, DELETE_REFRESH_KEY, rows[i].refresh_status,
                                 "application/json", rows[i].refresh_body);
      sc_test_provider_revoke (self->provider, grant->credential, &error);
      g_test_message ("%u %u %s", rows[i].request_status, rows[i].refresh_status,
                      rows[i].refresh_body);
      g_assert_cmpstr (sc_error_get_id (error), ==, rows[i].id);
      assert_silent (error);
    }
}

/* The app's keys are not for another API than the configured one. */
static void
test_other_api (Odd *self, gconstpointer data)
{
  g_autoptr (ScCredential) credential = sc_credential_new ("id", "sikka", "https://api.example");
  g_autoptr (ScGrant) grant = NULL;
  g_autoptr (GError) error = NULL;

  credential->refresh_token = sc_secret_string_new (REFRESH_KEY);
  grant = sc_test_provider_refresh (self->provider, credential, &error);
  g_assert_error (error, SC_ERROR, SC_ERROR_OAUTH_ISSUER);
  g_clear_error (&error);
  g_assert_false (sc_test_provider_revoke (self->provider, credential, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_OAUTH_ISSUER);
  g_assert_cmpuint (sc_test_server_count (self->server, NULL), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) \
  g_test_add ("/net/provider-sikka-odd/" path, Odd, NULL, set_up_odd, test, tear_down_odd)
  ADD ("sends-what-sikka-expects", test_request);
  ADD ("refuses-a-foreign-iss", test_foreign_iss);
  ADD ("judges-grant-answers", test_grant_answers);
  ADD ("gives-back-keys-without-practice", test_practice_unknown);
  ADD ("turns-the-pages", test_pages);
  ADD ("judges-status-answers", test_status_answers);
  ADD ("judges-revocation-answers", test_revocation_answers);
  ADD ("keeps-keys-from-another-api", test_other_api);
#undef ADD
  return g_test_run ();
}
