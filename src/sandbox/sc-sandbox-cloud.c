// SPDX-License-Identifier: MIT
// The cloud's API (the contract is data/openapi/companion-cloud.yaml).

#define G_LOG_DOMAIN "sc-sandbox"

#include "config.h"

#include "sc-sandbox-cloud.h"

#include "sc-sandbox-answer.h"
#include "sc-sandbox-grant.h"
#include "sc-sandbox-oauth.h"
#include "sc-sandbox-random.h"
#include "sc-sandbox-sign-in.h"
#include "sc-sandbox-status.h"

#include <string.h>

#define MAX_REPORT_SIZE (64 * 1024)
#define MAX_REPORT_ID 64

/* A request that waits for what Sikka says about a row. */
typedef struct
{
  ScSandboxCloud *cloud;
  ScSandboxRequest *request;
  ScSandboxIntegration *row;
} Waiting;

static void
waiting_free (Waiting *waiting)
{
  sc_sandbox_request_release (waiting->request);
  sc_sandbox_integration_free (waiting->row);
  g_free (waiting);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Waiting, waiting_free)

static Waiting *
waiting_new (ScSandboxCloud *cloud, ScSandboxRequest *request, ScSandboxIntegration *row)
{
  Waiting *waiting = g_new0 (Waiting, 1);

  waiting->cloud = cloud;
  waiting->request = sc_sandbox_request_hold (request);
  waiting->row = row;

  return waiting;
}

ScSandboxCloud *
sc_sandbox_cloud_new (ScSandbox *sandbox, const char *state_dir, GError **error)
{
  g_autoptr (ScSandboxCloud) self = g_new0 (ScSandboxCloud, 1);

  self->sandbox = sandbox;
  self->sikka = sc_sandbox_sikka_client_new (sandbox);
  sc_sandbox_random_fill (self->state_key, sizeof self->state_key);
  self->store = sc_sandbox_store_new (state_dir, error);

  return self->store != NULL ? g_steal_pointer (&self) : NULL;
}

void
sc_sandbox_cloud_free (ScSandboxCloud *self)
{
  g_clear_pointer (&self->sikka, sc_sandbox_sikka_client_free);
  g_clear_pointer (&self->store, sc_sandbox_store_free);
  g_free (self);
}

void
sc_sandbox_cloud_enter (ScSandboxCloud *self, ScSandboxScenario scenario)
{
  if (scenario == SC_SANDBOX_SCENARIO_SETUP_REQUIRED || scenario == SC_SANDBOX_SCENARIO_NO_DATA_YET)
    sc_sandbox_store_require_setup (self->store, sc_sandbox_get_now (self->sandbox));
}

/* Returns: (transfer full) (nullable): the grant behind the bearer token (RFC 6750 §2.1) */
static ScSandboxGrant *
find_grant (ScSandboxRequest *request)
{
  const char *header = sc_sandbox_request_get_header (request, "Authorization");
  ScSandbox *sandbox = request->sandbox;

  if (header == NULL || g_ascii_strncasecmp (header, "Bearer ", strlen ("Bearer ")) != 0 ||
      sc_sandbox_has_scenario (sandbox, SC_SANDBOX_SCENARIO_REVOKED))
    return NULL;

  return sc_sandbox_grants_authenticate (sc_sandbox_get_grants (sandbox),
                                         header + strlen ("Bearer "), sc_sandbox_get_now (sandbox));
}

/* As find_grant(), answering with an error when there is none. */
static ScSandboxGrant *
check_bearer (ScSandboxRequest *request)
{
  g_autoptr (ScSandboxGrant) grant = NULL;

  if (sc_sandbox_request_get_header (request, "Authorization") == NULL)
    {
      sc_sandbox_answer_unauthorized (request, "Bearer realm=\"companion\"", "unauthorized",
                                      "an access token is needed");
      return NULL;
    }
  grant = find_grant (request);
  if (grant == NULL)
    sc_sandbox_answer_unauthorized (request, "Bearer realm=\"companion\", error=\"invalid_token\"",
                                    "invalid_token", "the access token is not good any more");
  else if (!g_str_has_prefix (grant->scope, "connection") &&
           !g_str_has_suffix (grant->scope, " connection"))
    {
      sc_sandbox_answer_set_header (request, "WWW-Authenticate",
                                    "Bearer realm=\"companion\", error=\"insufficient_scope\", "
                                    "scope=\"connection\"");
      sc_sandbox_answer_error (request, SOUP_STATUS_FORBIDDEN, "insufficient_scope",
                               "scope connection is needed");
      return NULL;
    }

  return g_steal_pointer (&grant);
}

static const char *
judge (const ScSandboxCheck *check)
{
  if (check->error == NULL)
    return "ACTIVE";
  /* Nothing uploaded yet is a matter of hours, not a failure. */
  if (g_strcmp0 (check->error_code, "API2010") == 0)
    return "SETUP_REQUIRED";

  return "ERROR";
}

/* Writes what Sikka said into the row. */
static void
apply (Waiting *waiting, const ScSandboxCheck *check)
{
  ScSandboxStore *store = waiting->cloud->store;
  g_autofree char *account = g_strdup (waiting->row->account);

  sc_sandbox_store_set_status (store, account, judge (check), check->error, check->error_code,
                               sc_sandbox_get_now (waiting->cloud->sandbox));
  sc_sandbox_integration_free (waiting->row);
  waiting->row = sc_sandbox_store_find (store, account);
}

static void
status_checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Waiting) waiting = user_data;
  g_autoptr (ScSandboxCheck) check = sc_sandbox_check_finish (result);

  apply (waiting, check);
  sc_sandbox_answer_json (
    waiting->request, SOUP_STATUS_OK,
    sc_sandbox_status_describe (waiting->cloud->sandbox, waiting->row, check));
}

static void
handle_status (gpointer part, ScSandboxRequest *request)
{
  ScSandboxCloud *self = part;
  g_autoptr (ScSandboxGrant) grant = check_bearer (request);
  g_autoptr (ScSandboxIntegration) row = NULL;
  const ScSandboxIntegration *asked;

  if (grant == NULL)
    return;
  row = sc_sandbox_store_find (self->store, grant->account);
  if (row == NULL || g_str_equal (row->status, "INACTIVE") ||
      g_str_equal (row->status, "SETUP_REQUIRED"))
    {
      sc_sandbox_answer_json (request, SOUP_STATUS_OK,
                              sc_sandbox_status_describe (self->sandbox, row, NULL));
      return;
    }
  asked = row; /* which goes on to live in the waiting request */
  sc_sandbox_check_async (self, asked, status_checked_cb,
                          waiting_new (self, request, g_steal_pointer (&row)));
}

static void
setup_checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Waiting) waiting = user_data;
  g_autoptr (ScSandboxCheck) check = sc_sandbox_check_finish (result);

  apply (waiting, check);
  sc_sandbox_answer_json (waiting->request, SOUP_STATUS_OK,
                          sc_sandbox_status_describe_setup (waiting->row, check));
}

static gboolean
has_only (JsonObject *object, const char *const *names)
{
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *link = members; link != NULL; link = link->next)
    {
      if (!g_strv_contains (names, link->data))
        return FALSE;
    }

  return TRUE;
}

/* A client that sends a key or a password has got something wrong that is better said at once. */
static gboolean
is_setup_body (JsonObject *body)
{
  static const char *const top[] = { "provider", "config", NULL };
  static const char *const inner[] = { "timezone", NULL };
  JsonNode *config = json_object_get_member (body, "config");

  return has_only (body, top) && g_strcmp0 (sc_sandbox_json_get (body, "provider"), "SIKKA") == 0 &&
         (config == NULL ||
          (JSON_NODE_HOLDS_OBJECT (config) && has_only (json_node_get_object (config), inner)));
}

static void
handle_setup (gpointer part, ScSandboxRequest *request)
{
  ScSandboxCloud *self = part;
  g_autoptr (ScSandboxGrant) grant = check_bearer (request);
  g_autoptr (JsonObject) body = sc_sandbox_request_parse_json (request);
  g_autoptr (ScSandboxIntegration) row = NULL;
  const ScSandboxIntegration *asked;

  if (grant == NULL)
    return;
  if (body == NULL || !is_setup_body (body))
    {
      sc_sandbox_answer_error (request, SOUP_STATUS_BAD_REQUEST, "invalid_request",
                               "provider SIKKA and config.timezone are all that is taken here; "
                               "credentials never are");
      return;
    }
  row = sc_sandbox_store_find (self->store, grant->account);
  if (row == NULL || g_str_equal (row->status, "INACTIVE"))
    {
      sc_sandbox_answer_error (request, SOUP_STATUS_NOT_FOUND, "not_found",
                               "there is no connection to set up");
      return;
    }
  asked = row; /* which goes on to live in the waiting request */
  sc_sandbox_check_async (self, asked, setup_checked_cb,
                          waiting_new (self, request, g_steal_pointer (&row)));
}

static JsonObject *
describe_receipt (ScSandboxCloud *self, const char *account)
{
  g_autoptr (ScSandboxIntegration) row = sc_sandbox_store_find (self->store, account);

  return sc_sandbox_json_new ("connectionStatus",
                              sc_sandbox_status_map (row != NULL ? row->status : NULL),
                              "latestVersion", SC_VERSION, "minimumVersion", SC_VERSION, NULL);
}

static void
handle_report (gpointer part, ScSandboxRequest *request)
{
  ScSandboxCloud *self = part;
  g_autoptr (ScSandboxGrant) grant = check_bearer (request);
  SoupMessageBody *text = soup_server_message_get_request_body (request->message);
  g_autoptr (JsonObject) body = NULL;
  const char *id;

  if (grant == NULL)
    return;
  if (text->length > MAX_REPORT_SIZE)
    {
      sc_sandbox_answer_error (request, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, "too_large",
                               "a report is at most 64 KB");
      return;
    }
  body = sc_sandbox_request_parse_json (request);
  id = sc_sandbox_json_get (body, "id");
  if (id == NULL || *id == '\0' || strlen (id) > MAX_REPORT_ID)
    sc_sandbox_answer_error (request, SOUP_STATUS_BAD_REQUEST, "invalid_request",
                             "a report is an object with an id of at most 64 bytes");
  else if (!sc_sandbox_store_add_report (self->store, id, grant->account, text->data,
                                         sc_sandbox_get_now (self->sandbox)))
    sc_sandbox_answer_error (request, SOUP_STATUS_CONFLICT, "conflict",
                             "another account has a report of this id");
  else
    sc_sandbox_answer_json (request, SOUP_STATUS_ACCEPTED, describe_receipt (self, grant->account));
}

/* Keys that Sikka does not take back are forgotten all the same. */
static void
request_key_deleted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Waiting) waiting = user_data;
  g_autoptr (ScSandboxReply) reply = sc_sandbox_sikka_client_send_finish (result);
  ScSandboxCloud *self = waiting->cloud;
  JsonObject *answer = sc_sandbox_json_new ("status", "INACTIVE", NULL);

  sc_sandbox_store_delete_secrets (self->store, waiting->row->account);
  sc_sandbox_store_set_status (self->store, waiting->row->account, "INACTIVE", NULL, NULL,
                               sc_sandbox_get_now (self->sandbox));
  json_object_set_boolean_member (answer, "success", TRUE);
  sc_sandbox_answer_json (waiting->request, SOUP_STATUS_OK, answer);
}

static void
refresh_key_deleted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Waiting *waiting = user_data;
  g_autoptr (ScSandboxReply) reply = sc_sandbox_sikka_client_send_finish (result);
  g_autoptr (ScSandboxSecrets) secrets =
    sc_sandbox_store_find_secrets (waiting->cloud->store, waiting->row->account);

  sc_sandbox_sikka_client_send_async (waiting->cloud->sikka, "DELETE", "/v4/request_key",
                                      "Request-Key", secrets != NULL ? secrets->request_key : "",
                                      NULL, request_key_deleted_cb, waiting);
}

static void
handle_disconnect (gpointer part, ScSandboxRequest *request)
{
  ScSandboxCloud *self = part;
  g_autoptr (ScSandboxGrant) grant = check_bearer (request);
  g_autoptr (ScSandboxIntegration) row = NULL;
  g_autoptr (ScSandboxSecrets) secrets = NULL;

  if (grant == NULL)
    return;
  row = sc_sandbox_store_find (self->store, grant->account);
  secrets = sc_sandbox_store_find_secrets (self->store, grant->account);
  if (row == NULL || g_str_equal (row->status, "INACTIVE"))
    {
      sc_sandbox_answer_error (request, SOUP_STATUS_NOT_FOUND, "not_found",
                               "there is no connection to end");
      return;
    }
  sc_sandbox_sikka_client_send_async (self->sikka, "DELETE", "/v4/refresh_key", "Refresh-Key",
                                      secrets != NULL ? secrets->refresh_key : "", NULL,
                                      refresh_key_deleted_cb,
                                      waiting_new (self, request, g_steal_pointer (&row)));
}

const ScSandboxRoute sc_sandbox_cloud_routes[] = {
  { "GET", "/api/pms/connection-status", handle_status },
  { "POST", "/api/pms/setup", handle_setup },
  { "POST", "/api/pms/companion/reports", handle_report },
  { "DELETE", "/api/pms/connection", handle_disconnect },
  { "GET", "/api/pms/sikka/oauth/callback", sc_sandbox_sign_in_handle_callback },
  { NULL },
};
