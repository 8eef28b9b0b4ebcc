// SPDX-License-Identifier: MIT
// The browser's way through Sikka's portal and back to the cloud.

#define G_LOG_DOMAIN "sc-sandbox"

#include "sc-sandbox-sign-in.h"

#include "sc-sandbox-answer.h"
#include "sc-sandbox-exchange.h"
#include "sc-sandbox-oauth.h"
#include "sc-sandbox-portal.h"

#include <string.h>

/* There is no sign-in of its own: everybody is the front desk of the practice that they pick, and
 * the account is named after both. */
#define USER "front-desk"
#define STATE_LIFETIME_MS (10 * 60 * 1000)

typedef struct
{
  ScSandboxCloud *cloud;
  ScSandboxRequest *request;
  char *authorization; /* id of the authorization request */
} SignIn;

static void
sign_in_free (SignIn *sign_in)
{
  sc_sandbox_request_release (sign_in->request);
  g_free (sign_in->authorization);
  g_free (sign_in);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SignIn, sign_in_free)

static char *
create_state (ScSandboxCloud *cloud, const char *nonce)
{
  JsonObject *object = sc_sandbox_json_new ("account", USER, "nonce", nonce, NULL);
  g_autofree char *text = NULL;
  g_autofree char *payload = NULL;
  g_autofree char *signature = NULL;

  json_object_set_int_member (object, "timestamp", sc_sandbox_get_now (cloud->sandbox) * 1000);
  text = sc_sandbox_json_to_text (object);
  json_object_unref (object);
  payload = sc_sandbox_crypto_encode ((const guint8 *) text, strlen (text));
  signature = sc_sandbox_crypto_sign (cloud->state_key, payload);

  return g_strjoin (".", payload, signature, NULL);
}

char *
sc_sandbox_sign_in_start (ScSandbox *sandbox, const char *request_id)
{
  ScSandboxCloud *cloud = sc_sandbox_get_cloud (sandbox);
  g_autofree char *nonce = sc_sandbox_crypto_create_token ();
  g_autofree char *state = create_state (cloud, nonce);

  sc_sandbox_store_add_sign_in (cloud->store, nonce, request_id);

  return sc_sandbox_portal_build_url (sandbox, state);
}

static JsonObject *
open_state (ScSandboxCloud *cloud, const char *state)
{
  g_auto (GStrv) parts = g_strsplit (state, ".", 2);
  g_autofree char *signature = NULL;
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) node = NULL;

  if (g_strv_length (parts) != 2)
    return NULL;
  signature = sc_sandbox_crypto_sign (cloud->state_key, parts[0]);
  if (!sc_sandbox_crypto_equal (signature, parts[1]))
    return NULL;
  text = sc_sandbox_crypto_decode (parts[0]);
  node = text != NULL ? json_from_string (text, NULL) : NULL;

  return node != NULL ? json_node_dup_object (node) : NULL;
}

/* Returns: (transfer full) (nullable): the authorization request that @state belongs to */
static char *
take_state (ScSandboxCloud *cloud, const char *state)
{
  g_autoptr (JsonObject) object = open_state (cloud, state);
  gint64 age;

  if (object == NULL)
    return NULL;
  age =
    sc_sandbox_get_now (cloud->sandbox) * 1000 - json_object_get_int_member (object, "timestamp");
  if (age < 0 || age > STATE_LIFETIME_MS)
    return NULL;

  return sc_sandbox_store_take_sign_in (cloud->store, sc_sandbox_json_get (object, "nonce"));
}

static void
send_back (ScSandboxRequest *request, const char *url)
{
  if (url != NULL)
    sc_sandbox_answer_redirect (request, url);
  else
    sc_sandbox_answer_problem_page (request, "This sign-in is over. Start again.");
}

static void
store_failure (ScSandboxCloud *cloud, const ScSandboxExchange *exchange)
{
  ScSandboxIntegration row = {
    .account = (char *) USER,
    .status = (char *) "ERROR",
    .last_error = exchange->error,
    .last_error_code = exchange->error_code,
  };

  sc_sandbox_store_put (cloud->store, &row, sc_sandbox_get_now (cloud->sandbox));
}

static void
store_success (ScSandboxCloud *cloud, const ScSandboxExchange *exchange, char *account)
{
  gint64 now = sc_sandbox_get_now (cloud->sandbox);
  gboolean needs_setup =
    exchange->is_empty ||
    sc_sandbox_has_scenario (cloud->sandbox, SC_SANDBOX_SCENARIO_SETUP_REQUIRED);
  ScSandboxIntegration row = {
    .account = account,
    .status = (char *) (needs_setup ? "SETUP_REQUIRED" : "ACTIVE"),
    .office_id = exchange->office_id,
    .practice_name = exchange->practice_name,
    .pms_type = exchange->pms_type,
  };

  sc_sandbox_store_put (cloud->store, &row, now);
  sc_sandbox_store_put_secrets (cloud->store, account, exchange->secrets,
                                now + exchange->expires_in);
}

static char *
approve (SignIn *sign_in, const ScSandboxExchange *exchange)
{
  g_autofree char *office = NULL;
  g_autofree char *account = NULL;
  ScSandboxGrant grant = {
    .office_id = exchange->office_id,
    .practice_name = exchange->practice_name,
    .pms_type = exchange->pms_type,
  };

  if (exchange->error != NULL)
    {
      store_failure (sign_in->cloud, exchange);
      return sc_sandbox_oauth_approve (sign_in->cloud->sandbox, sign_in->authorization, NULL);
    }
  office = g_ascii_strdown (exchange->office_id, -1);
  account = g_strconcat (USER, "@", office, NULL);
  grant.account = account;
  store_success (sign_in->cloud, exchange, account);

  return sc_sandbox_oauth_approve (sign_in->cloud->sandbox, sign_in->authorization, &grant);
}

static void
exchange_finished_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SignIn) sign_in = user_data;
  g_autoptr (ScSandboxExchange) exchange = sc_sandbox_exchange_finish (result);
  g_autofree char *url = approve (sign_in, exchange);

  send_back (sign_in->request, url);
}

static void
refuse (ScSandboxRequest *request, const char *authorization, const char *error)
{
  gboolean is_denied = g_strcmp0 (error, "access_denied") == 0;
  g_autofree char *url = sc_sandbox_oauth_refuse (request->sandbox, authorization,
                                                  is_denied ? "access_denied" : "server_error");

  send_back (request, url);
}

void
sc_sandbox_sign_in_handle_callback (gpointer part, ScSandboxRequest *request)
{
  ScSandboxCloud *cloud = part;
  const char *state = sc_sandbox_request_get (request, "state");
  const char *code = sc_sandbox_request_get (request, "code");
  g_autofree char *authorization = NULL;
  SignIn *sign_in;

  if (state != NULL && !request->query_repeats)
    authorization = take_state (cloud, state);
  if (authorization == NULL)
    {
      sc_sandbox_answer_problem_page (request, "This sign-in is over. Start again.");
      return;
    }
  if (code == NULL)
    {
      refuse (request, authorization, sc_sandbox_request_get (request, "error"));
      return;
    }
  sign_in = g_new0 (SignIn, 1);
  sign_in->cloud = cloud;
  sign_in->request = sc_sandbox_request_hold (request);
  sign_in->authorization = g_steal_pointer (&authorization);
  sc_sandbox_exchange_async (cloud, code, exchange_finished_cb, sign_in);
}
