// SPDX-License-Identifier: MIT
// The cloud's API: every status, every shape, on real sockets.

#define G_LOG_DOMAIN "sc-test"

#include "sc-cloud-client.h"

#include "sc-error.h"
#include "sc-json.h"
#include "sc-test-sandbox.h"
#include "sc-test-server.h"
#include "sc-test-wait.h"

#include <string.h>

#define METADATA "GET /.well-known/oauth-authorization-server"
#define STATUS "GET /api/pms/connection-status"
#define SETUP "POST /api/pms/setup"
#define REPORT "POST /api/pms/companion/reports"
#define CONNECTION "DELETE /api/pms/connection"
#define TOKEN "an-access-token-that-nobody-may-see"

#define GOOD_STATUS                                                        \
  "{\"isConnected\":true,\"status\":\"connected\",\"provider\":\"SIKKA\"," \
  "\"practiceName\":\"Happy Dental Clinic\",\"pmsType\":\"Dentrix\","      \
  "\"timestamp\":\"2026-11-21T09:12:00Z\"}"
#define GOOD_SETUP                                                                  \
  "{\"success\":true,\"provider\":\"SIKKA\",\"features\":{},\"status\":\"ACTIVE\"," \
  "\"practiceName\":\"Happy Dental Clinic\",\"pmsType\":\"Dentrix\"}"

typedef struct
{
  ScTestServer *server;
  ScCloudClient *client;
  ScSecretString *token;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (ScHttp) http = sc_http_new (NULL, NULL);

  self->server = sc_test_server_new ();
  self->client = sc_cloud_client_new (http, sc_test_server_get_url (self->server));
  self->token = sc_secret_string_new (TOKEN);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_finalize_object (self->client);
  sc_secret_string_unref (self->token);
  sc_test_server_free (self->server);
}

static gboolean
reach (ScCloudClient *client, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  sc_cloud_client_reach_async (client, NULL, sc_test_result_cb, &result);
  result = sc_test_wait_result (&result);
  return sc_cloud_client_reach_finish (client, result, error);
}

/* The four calls with a token, with one shape for the table: Returns: whether it succeeded */
typedef gboolean (*Ask) (Fixture *self, GCancellable *cancellable, GError **error);

static gboolean
ask_status (Fixture *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ScCloudStatus) status = NULL;

  sc_cloud_client_get_status_async (self->client, self->token, cancellable, sc_test_result_cb,
                                    &result);
  result = sc_test_wait_result (&result);
  status = sc_cloud_client_get_status_finish (self->client, result, error);
  return status != NULL && status->state == SC_CLOUD_STATE_CONNECTED;
}

static gboolean
ask_setup (Fixture *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ScCloudStatus) status = NULL;

  sc_cloud_client_setup_async (self->client, self->token, cancellable, sc_test_result_cb, &result);
  result = sc_test_wait_result (&result);
  status = sc_cloud_client_setup_finish (self->client, result, error);
  return status != NULL && status->state == SC_CLOUD_STATE_CONNECTED;
}

static ScReportAnswer *
send_report (Fixture *self, GCancellable *cancellable, gint64 *retry_after, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  sc_cloud_client_send_report_async (self->client, self->token, "{\"id\":\"1\"}", cancellable,
                                     sc_test_result_cb, &result);
  result = sc_test_wait_result (&result);
  return sc_cloud_client_send_report_finish (self->client, result, retry_after, error);
}

static gboolean
ask_report (Fixture *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (ScReportAnswer) answer = send_report (self, cancellable, NULL, error);

  return answer != NULL;
}

static gboolean
ask_deletion (Fixture *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  sc_cloud_client_delete_connection_async (self->client, self->token, cancellable,
                                           sc_test_result_cb, &result);
  result = sc_test_wait_result (&result);
  return sc_cloud_client_delete_connection_finish (self->client, result, error);
}

static const struct
{
  const char *route;
  Ask ask;
  const char *good;
} calls[] = {
  { STATUS, ask_status, GOOD_STATUS },
  { SETUP, ask_setup, GOOD_SETUP },
  { REPORT, ask_report, "{}" },
  { CONNECTION, ask_deletion, "{}" },
};

/* Every call against every status: "" is success. */
static void
test_statuses (Fixture *self, gconstpointer data)
{
  static const struct
  {
    guint status;
    const char *id;
  } rows[] = {
    { 200, "" },
    { 202, "" },
    { 302, "cloud-answer" },
    { 400, "cloud-rejected" },
    { 401, "cloud-unauthorized" },
    { 403, "cloud-forbidden" },
    { 409, "cloud-rejected" },
    { 429, "cloud-rate-limited" },
    { 500, "cloud-unavailable" },
    { 503, "cloud-unavailable" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (calls); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (rows); j++)
      {
        g_autoptr (GError) error = NULL;
        gboolean succeeded;

        sc_test_server_set_answer (self->server, calls[i].route, rows[j].status, "application/json",
                                   calls[i].good);
        succeeded = calls[i].ask (self, NULL, &error);
        g_test_message ("%s %u", calls[i].route, rows[j].status);
        g_assert_cmpstr (sc_error_get_id (error), ==, rows[j].id);
        g_assert_cmpint (succeeded, ==, error == NULL);
        if (error != NULL)
          g_assert_null (strstr (error->message, TOKEN));
      }
}

static void
test_not_found (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (ask_status (self, NULL, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_CLOUD_REJECTED);
  g_clear_error (&error);

  g_assert_true (ask_deletion (self, NULL, &error));
  g_assert_no_error (error);
}

static void
test_unreadable (Fixture *self, gconstpointer data)
{
  static const char *const bodies[] = { "", "<html>Sign in</html>", "{", "[]", "{\"status\":5}" };

  for (gsize i = 0; i < 2; i++)
    for (gsize j = 0; j < G_N_ELEMENTS (bodies); j++)
      {
        g_autoptr (GError) error = NULL;

        sc_test_server_set_answer (self->server, calls[i].route, 200, "application/json",
                                   bodies[j]);
        g_assert_false (calls[i].ask (self, NULL, &error));
        g_assert_error (error, SC_ERROR, SC_ERROR_CLOUD_ANSWER);
      }
}

static void
test_bearer (Fixture *self, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autoptr (GError) error = NULL;

      sc_test_server_set_answer (self->server, calls[i].route, 200, "application/json",
                                 calls[i].good);
      g_assert_true (calls[i].ask (self, NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (sc_test_server_count (self->server, calls[i].route), ==, 1);
      g_assert_cmpstr (sc_test_server_get_header (self->server, calls[i].route, "Authorization"),
                       ==, "Bearer " TOKEN);
    }
}

static void
test_cancelled (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_cancellable_cancel (cancellable);
  for (gsize i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (calls[i].ask (self, cancellable, &error));
      g_assert_error (error, SC_ERROR, SC_ERROR_CANCELLED);
    }
  g_assert_cmpuint (sc_test_server_count (self->server, NULL), ==, 0);
}

static void
test_setup_body (Fixture *self, gconstpointer data)
{
  g_autoptr (JsonObject) body = NULL;
  g_autoptr (GError) error = NULL;
  const char *text;

  sc_test_server_set_answer (self->server, SETUP, 201, "application/json", GOOD_SETUP);
  g_assert_true (ask_setup (self, NULL, &error));
  g_assert_no_error (error);
  text = sc_test_server_get_body (self->server, SETUP);
  g_assert_cmpstr (sc_test_server_get_header (self->server, SETUP, "Content-Type"), ==,
                   "application/json");

  body = sc_json_parse_object (text, strlen (text), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (json_object_get_size (body), ==, 2);
  g_assert_cmpstr (json_object_get_string_member (body, "provider"), ==, "SIKKA");
  g_assert_cmpstr (
    json_object_get_string_member (json_object_get_object_member (body, "config"), "timezone"), ==,
    "UTC");
}

static void
test_retry_after (Fixture *self, gconstpointer data)
{
  static const struct
  {
    guint status;
    const char *header;
    gint64 seconds;
  } rows[] = {
    { 202, NULL, -1 }, { 202, "15", 15 }, { 429, "30", 30 }, { 503, "120", 120 }, { 503, NULL, -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ScReportAnswer) answer = NULL;
      g_autoptr (GError) error = NULL;
      gint64 retry_after = 0;

      sc_test_server_set_answer (self->server, REPORT, rows[i].status, "application/json", "");
      sc_test_server_set_header (self->server, "Retry-After", rows[i].header);
      answer = send_report (self, NULL, &retry_after, &error);
      g_assert_cmpint (answer != NULL, ==, rows[i].status == 202);
      g_assert_cmpint (retry_after, ==, rows[i].seconds);
    }
}

static void
test_report_answer (Fixture *self, gconstpointer data)
{
  g_autoptr (ScReportAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  sc_test_server_set_answer (self->server, REPORT, 202, "application/json",
                             "{\"connectionStatus\":\"failed\",\"latestVersion\":\"2.0.0\"}");
  answer = send_report (self, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (answer->has_state);
  g_assert_cmpint (answer->state, ==, SC_CLOUD_STATE_FAILED);
  g_assert_cmpstr (answer->latest_version, ==, "2.0.0");
  g_assert_cmpstr (sc_test_server_get_body (self->server, REPORT), ==, "{\"id\":\"1\"}");
}

/* "" is: the cloud is there. */
static void
test_reach (Fixture *self, gconstpointer data)
{
  static const struct
  {
    guint status;
    const char *content_type;
    const char *body;
    const char *id;
  } rows[] = {
    { 200, "application/json", "{\"issuer\":\"@URL@\"}", "" },
    { 200, "text/html", "<h1>Sign in to the Wi-Fi</h1>", "net-captive-portal" },
    { 200, "text/html; charset=utf-8", "{}", "net-captive-portal" },
    { 200, "text/plain", "welcome", "cloud-answer" },
    { 302, "text/html", "", "net-captive-portal" },
    { 307, "text/plain", "", "net-captive-portal" },
    { 511, "text/html", "<h1>Sign in</h1>", "net-captive-portal" },
    { 403, "text/html", "blocked", "cloud-forbidden" },
    { 404, "application/json", "{}", "" },
    { 429, "application/json", "{}", "cloud-rate-limited" },
    { 503, "text/html", "maintenance", "cloud-unavailable" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean reached;

      sc_test_server_set_answer (self->server, METADATA, rows[i].status, rows[i].content_type,
                                 rows[i].body);
      reached = reach (self->client, &error);
      g_test_message ("%u %s", rows[i].status, rows[i].content_type);
      g_assert_cmpstr (sc_error_get_id (error), ==, rows[i].id);
      g_assert_cmpint (reached, ==, error == NULL);
    }
  g_assert_null (sc_test_server_get_header (self->server, METADATA, "Authorization"));
}

static void
test_clock_skew (void)
{
  g_autoptr (ScTestSandbox) sandbox = sc_test_sandbox_start (NULL);
  g_autoptr (ScHttp) http = sc_http_new (NULL, NULL);
  g_autoptr (ScCloudClient) client = sc_cloud_client_new (http, sc_test_sandbox_get_url (sandbox));
  g_autoptr (GError) error = NULL;
  gint64 skew = 0;

  g_assert_false (sc_cloud_client_get_clock_skew (client, &skew));
  g_assert_true (reach (client, &error));
  g_assert_no_error (error);
  g_assert_true (sc_cloud_client_get_clock_skew (client, &skew));
  g_assert_cmpint (ABS (skew), <, 300);

  /* This PC is an hour behind what the cloud says. */
  sc_test_sandbox_set_scenario (sandbox, "clock-skew");
  g_assert_true (reach (client, &error));
  g_assert_true (sc_cloud_client_get_clock_skew (client, &skew));
  g_assert_cmpint (skew, <, -3000);
  g_assert_cmpint (skew, >, -4200);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) \
  g_test_add ("/net/cloud-client/" path, Fixture, NULL, set_up, test, tear_down)
  ADD ("maps-every-status", test_statuses);
  ADD ("takes-404-as-disconnected", test_not_found);
  ADD ("names-unreadable-answers", test_unreadable);
  ADD ("sends-the-bearer-token", test_bearer);
  ADD ("is-cancelled-before-it-sends", test_cancelled);
  ADD ("sets-up-with-the-time-zone", test_setup_body);
  ADD ("hands-on-retry-after", test_retry_after);
  ADD ("reads-the-report-answer", test_report_answer);
  ADD ("tells-captive-portals", test_reach);
#undef ADD
  g_test_add_func ("/net/cloud-client/measures-clock-skew", test_clock_skew);
  return g_test_run ();
}
