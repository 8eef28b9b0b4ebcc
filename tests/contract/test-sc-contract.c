// SPDX-License-Identifier: MIT
// The real companion and the real sandbox with Prism between them: every exchange is held against
// the contract, and every answer that the contract names is got once.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-agent.h"
#include "sc-test-browser.h"
#include "sc-test-contract.h"
#include "sc-test-prism.h"
#include "sc-test-sandbox.h"
#include "sc-test-wait.h"

#define FORM "application/x-www-form-urlencoded"
#define JSON "application/json"
#define PRACTICE "D10023"
#define OTHER_PRACTICE "C20417"
#define PRACTICE_NAME "Happy Dental Clinic"

#define METADATA "/.well-known/oauth-authorization-server"
#define STATUS "/api/pms/connection-status"
#define SETUP "/api/pms/setup"
#define REPORTS "/api/pms/companion/reports"
#define CONNECTION "/api/pms/connection"
#define CALLBACK "/api/pms/sikka/oauth/callback"

/* RFC 7636 appendix B. */
#define VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
#define REDIRECT_URI "http%3A%2F%2F127.0.0.1%3A9%2Fcallback"
#define AUTHORIZE(client)                                                               \
  "/oauth/authorize?response_type=code&client_id=" client "&redirect_uri=" REDIRECT_URI \
  "&state=abc&code_challenge=" CHALLENGE "&code_challenge_method=S256"
#define OURS "sikka-companion"
#define REFRESH "grant_type=refresh_token&refresh_token=not-a-token&client_id="
#define REPORT(id, os, more)                                                    \
  "{\"id\":\"" id "\",\"kind\":\"state\",\"created\":\"2026-11-21T09:12:00Z\"," \
  "\"appVersion\":\"0.1.0\",\"os\":\"" os "\",\"deviceId\":\"device-1\","       \
  "\"state\":{\"phase\":\"pending\",\"status\":\"pending\",\"errorId\":\"\"},"  \
  "\"reference\":\"\",\"lights\":[],"                                           \
  "\"counters\":{\"refreshes\":0,\"callbacks\":0,\"storeErrors\":0},"           \
  "\"activity\":{\"head\":\"" HEAD "\",\"length\":1}" more "}"
#define HEAD "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define ID "1b4e28ba-2fa1-41d2-883f-0016d3cca427"

static const ScTestUnseen unseen[] = {
  { "GET /oauth/authorize 200",
    "nobody signs in at the sandbox: it goes on to the portal at once" },
  { NULL },
};

/* What all cases share; a case starts with an empty sandbox. */
static ScTestSandbox *sandbox;
static ScTestPrism *strict;  /* in front of the companion */
static ScTestPrism *lenient; /* for requests that violate the contract, so that they are answered */
static ScTestContract *contract;

/* ---- what the proxies saw ---- */

static void
assert_none (GPtrArray *lines)
{
  for (guint i = 0; i < lines->len; i++)
    g_test_message ("%s", (char *) g_ptr_array_index (lines, i));
  g_assert_cmpuint (lines->len, ==, 0);
}

static JsonObject *
read_requests (void)
{
  g_autofree char *url = g_strconcat (sc_test_sandbox_get_url (sandbox), "/sandbox/requests", NULL);
  g_autoptr (ScTestAnswer) answer = sc_test_http_send ("GET", url, NULL, NULL, NULL);

  return sc_test_answer_get_object (answer);
}

/* Ends a case: nothing went past the proxies, and none of them noted anything but @n_wrong requests
 * that were meant to be wrong. */
static void
end_case (guint n_wrong)
{
  g_autoptr (JsonObject) log = read_requests ();
  g_autoptr (ScTestPrismNotes) of_companion = sc_test_prism_look (strict);
  g_autoptr (ScTestPrismNotes) of_test = sc_test_prism_look (lenient);
  guint seen = sc_test_contract_see (contract, json_object_get_array_member (log, "requests"));

  assert_none (of_companion->in_requests);
  assert_none (of_companion->in_answers);
  assert_none (of_test->in_answers);
  g_assert_cmpuint (of_test->in_requests->len, ==, n_wrong);
  g_assert_cmpuint (seen, >, 0);
  g_assert_cmpuint (of_companion->forwarded + of_test->forwarded, ==, seen);
  sc_test_sandbox_reset (sandbox);
}

/* ---- the companion's side ---- */

typedef struct
{
  ScTestDesktop *desktop;
  ScTestAgent *agent;
} Companion;

static Companion *
companion_start (void)
{
  Companion *self = g_new0 (Companion, 1);

  self->desktop = sc_test_desktop_start (SC_TEST_DESKTOP_KEYRING);
  self->agent = sc_test_agent_start (self->desktop, sc_test_prism_get_url (strict), NULL);
  return self;
}

static gboolean
has_no_report (gpointer user_data)
{
  Companion *self = user_data;
  g_autoptr (GVariant) answer = sc_test_agent_call (self->agent, "ListReports", NULL, NULL);
  g_autoptr (GVariant) reports = g_variant_get_child_value (answer, 0);

  return g_variant_n_children (reports) == 0;
}

static void
companion_wait_reports (Companion *self)
{
  sc_test_wait_polling (has_no_report, self);
}

static void
companion_free (Companion *self)
{
  sc_test_agent_stop (self->agent);
  sc_test_desktop_stop (self->desktop);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Companion, companion_free)

/* The browser's way: the proxy, Sikka's portal beside it, the proxy again. */
static char *
browse (const char *authorization_url, const char *practice, const char *decision)
{
  g_autofree char *portal = sc_test_browser_decide (authorization_url, practice, decision);
  g_autofree char *callback = sc_test_browser_decide (portal, practice, decision);

  g_assert_true (g_str_has_prefix (portal, sc_test_sandbox_get_url (sandbox)));
  g_assert_true (g_str_has_prefix (callback, sc_test_prism_get_url (strict)));
  return sc_test_browser_decide (callback, practice, decision);
}

static gboolean
has_synced (gpointer user_data)
{
  g_autoptr (GVariant) data_sync = sc_agent1_dup_data_sync (user_data);

  return data_sync != NULL && g_variant_n_children (data_sync) > 0;
}

/* The answer to the look after connecting is here: a scenario set now is the next check's alone. */
static void
companion_wait_synced (Companion *self)
{
  sc_test_wait_until (has_synced, sc_test_agent_get_proxy (self->agent));
}

static void
companion_connect (Companion *self, const char *decision, const char *outcome)
{
  guint transaction = sc_test_agent_connect (self->agent, FALSE);
  g_autofree char *url = sc_test_agent_wait_address (self->agent);
  g_autofree char *redirect = NULL;
  g_autoptr (ScTestAnswer) page = NULL;

  g_assert_true (g_str_has_prefix (url, sc_test_prism_get_url (strict)));
  redirect = browse (url, PRACTICE, decision);
  page = sc_test_http_send ("GET", redirect, NULL, NULL, NULL);
  g_assert_cmpuint (page->status, ==, 200);
  g_assert_cmpstr (sc_test_agent_wait_outcome (self->agent, transaction)->outcome, ==, outcome);
}

static void
companion_check (Companion *self, const char *expected)
{
  g_autofree char *status = sc_test_agent_check (self->agent);

  g_assert_cmpstr (status, ==, expected);
}

static void
companion_disconnect (Companion *self, const char *scope)
{
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "immediate", "b", TRUE);
  g_variant_dict_insert (&options, "practice-name", "s", PRACTICE_NAME);
  answer =
    sc_test_agent_call (self->agent, "Disconnect",
                        g_variant_new ("(s@a{sv})", scope, g_variant_dict_end (&options)), &error);
  g_assert_no_error (error);
  sc_test_agent_wait_text (self->agent, "Phase", "pending");
}

static gboolean
is_revoked (gpointer user_data)
{
  return sc_test_sandbox_count (sandbox, "POST /oauth/revoke") > 0;
}

/* ---- cases of the companion ---- */

static void
test_connect_and_check (void)
{
  g_autoptr (Companion) companion = companion_start ();
  g_autoptr (JsonObject) reports = NULL;

  companion_connect (companion, "allow", "returned");
  companion_check (companion, "connected");
  companion_wait_reports (companion);
  reports = sc_test_sandbox_get_reports (sandbox);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (reports, "reports")), >=,
                    2);
  end_case (0);
}

static void
test_denied (void)
{
  g_autoptr (Companion) companion = companion_start ();

  companion_connect (companion, "deny", "denied");
  end_case (0);
}

static void
test_refresh (void)
{
  g_autoptr (Companion) companion = companion_start ();

  companion_connect (companion, "allow", "returned");
  companion_check (companion, "connected");
  companion_wait_reports (companion);
  sc_test_sandbox_advance_clock (sandbox, 7200);
  companion_check (companion, "connected");
  companion_wait_reports (companion);
  g_assert_cmpint (sc_test_sandbox_count (sandbox, "POST /oauth/token"), ==, 2);
  end_case (0);
}

typedef struct
{
  const char *scenario;
  const char *status;
  guint setups;
} CheckRow;

static void
test_check (gconstpointer data)
{
  const CheckRow *row = data;
  g_autoptr (Companion) companion = companion_start ();

  companion_connect (companion, "allow", "returned");
  companion_wait_synced (companion);
  sc_test_sandbox_set_scenario (sandbox, row->scenario);
  companion_check (companion, row->status);
  g_assert_cmpint (sc_test_sandbox_count (sandbox, "POST " SETUP), ==, row->setups);
  companion_wait_reports (companion);
  end_case (0);
}

static const CheckRow checks[] = {
  { "setup-required", "connected", 1 },      { "no-data-yet", "connecting", 1 },
  { "spu-offline", "connected", 0 },         { "status-failed", "failed", 0 },
  { "request-key-expired", "connected", 0 },
};

static void
test_disconnect_this_pc (void)
{
  g_autoptr (Companion) companion = companion_start ();

  companion_connect (companion, "allow", "returned");
  companion_check (companion, "connected");
  companion_disconnect (companion, "this-pc");
  sc_test_wait_polling (is_revoked, NULL);
  companion_wait_reports (companion);
  g_assert_cmpint (sc_test_sandbox_count (sandbox, "DELETE " CONNECTION), ==, 0);
  end_case (0);
}

static void
test_disconnect_practice (void)
{
  g_autoptr (Companion) companion = companion_start ();

  companion_connect (companion, "allow", "returned");
  companion_check (companion, "connected");
  companion_disconnect (companion, "practice");
  g_assert_cmpint (sc_test_sandbox_count (sandbox, "DELETE " CONNECTION), ==, 1);
  sc_test_wait_polling (is_revoked, NULL);
  companion_wait_reports (companion);
  end_case (0);
}

/* ---- the test as a client ---- */

static ScTestAnswer *
ask (ScTestPrism *proxy,
     const char *method,
     const char *path,
     const char *type,
     const char *body,
     const char *token)
{
  g_autofree char *url = g_strconcat (sc_test_prism_get_url (proxy), path, NULL);
  g_autofree char *bearer = g_strconcat ("Bearer ", token, NULL);

  return sc_test_http_send (method, url, type, body, token != NULL ? "Authorization" : NULL, bearer,
                            NULL);
}

static void
assert_answer (ScTestPrism *proxy,
               const char *method,
               const char *path,
               const char *type,
               const char *body,
               const char *token,
               guint status)
{
  g_autoptr (ScTestAnswer) answer = ask (proxy, method, path, type, body, token);

  g_assert_cmpuint (answer->status, ==, status);
}

/* Returns: (transfer full): an access token of the companion's client for @practice */
static char *
get_token (const char *practice, const char *scope)
{
  g_autofree char *url =
    g_strconcat (sc_test_prism_get_url (strict), AUTHORIZE (OURS) "&scope=", scope, NULL);
  g_autofree char *redirect = browse (url, practice, "allow");
  g_autoptr (GMatchInfo) match = NULL;
  g_autoptr (GRegex) regex = g_regex_new ("[?&]code=([^&]*)", 0, 0, NULL);
  g_autofree char *code = NULL;
  g_autofree char *form = NULL;
  g_autoptr (ScTestAnswer) answer = NULL;
  g_autoptr (JsonObject) tokens = NULL;

  g_assert_true (g_regex_match (regex, redirect, 0, &match));
  code = g_match_info_fetch (match, 1);
  form = g_strconcat (
    "grant_type=authorization_code&client_id=sikka-companion&redirect_uri=" REDIRECT_URI
    "&code_verifier=" VERIFIER "&code=",
    code, NULL);
  answer = ask (strict, "POST", "/oauth/token", FORM, form, NULL);
  tokens = sc_test_answer_get_object (answer);
  return g_strdup (json_object_get_string_member (tokens, "access_token"));
}

/* A good request to everything that there is. */
static const struct
{
  const char *method;
  const char *path;
  const char *type;
  const char *body;
  gboolean needs_token;
} operations[] = {
  { "GET", METADATA, NULL, NULL, FALSE },
  { "GET", AUTHORIZE (OURS), NULL, NULL, FALSE },
  { "POST", "/oauth/token", FORM, REFRESH OURS, FALSE },
  { "POST", "/oauth/revoke", FORM, "token=not-a-token&client_id=sikka-companion", FALSE },
  { "GET", CALLBACK "?state=abc&code=abc", NULL, NULL, FALSE },
  { "GET", STATUS, NULL, NULL, TRUE },
  { "POST", SETUP, JSON, "{\"provider\":\"SIKKA\"}", TRUE },
  { "POST", REPORTS, JSON, REPORT (ID, "linux", ""), TRUE },
  { "DELETE", CONNECTION, NULL, NULL, TRUE },
};

static void
assert_everywhere (gboolean only_api, const char *token, guint status)
{
  for (gsize i = 0; i < G_N_ELEMENTS (operations); i++)
    if (operations[i].needs_token || !only_api)
      assert_answer (strict, operations[i].method, operations[i].path, operations[i].type,
                     operations[i].body, operations[i].needs_token ? token : NULL, status);
}

static void
test_trouble (void)
{
  sc_test_sandbox_set_trouble (sandbox, "rate-limited", "/");
  assert_everywhere (FALSE, "any", 429);
  sc_test_sandbox_set_trouble (sandbox, "unavailable", "/");
  assert_everywhere (FALSE, "any", 503);
  sc_test_sandbox_set_scenario (sandbox, "none");
  end_case (0);
}

static void
test_access (void)
{
  g_autofree char *narrow = get_token (PRACTICE, "offline_access");

  assert_everywhere (TRUE, "wrong", 401);
  assert_everywhere (TRUE, narrow, 403);
  assert_answer (lenient, "GET", STATUS, NULL, NULL, NULL, 401);
  end_case (1);
}

static void
test_oauth_errors (void)
{
  assert_answer (strict, "POST", "/oauth/token", FORM, REFRESH OURS, NULL, 400);
  assert_answer (strict, "POST", "/oauth/token", FORM, REFRESH "nobody", NULL, 401);
  assert_answer (strict, "POST", "/oauth/revoke", FORM, "token=any&client_id=nobody", NULL, 401);
  assert_answer (strict, "GET", CALLBACK "?state=forged&code=abc", NULL, NULL, NULL, 400);
  assert_answer (strict, "GET", AUTHORIZE (OURS) "&scope=everything", NULL, NULL, NULL, 302);
  assert_answer (strict, "GET", AUTHORIZE ("nobody"), NULL, NULL, NULL, 400);
  assert_answer (lenient, "POST", "/oauth/revoke", FORM, "client_id=sikka-companion", NULL, 400);
  end_case (1);
}

static void
test_api_errors (void)
{
  g_autofree char *token = get_token (PRACTICE, "connection%20offline_access");
  g_autofree char *other = get_token (OTHER_PRACTICE, "connection%20offline_access");
  g_autofree char *filler = g_strnfill (70 * 1024, 'x');
  g_autoptr (GString) huge = g_string_new (REPORT (ID, "@", ""));

  g_string_replace (huge, "@", filler, 1);
  assert_answer (strict, "POST", REPORTS, JSON, REPORT (ID, "linux", ""), token, 202);
  assert_answer (strict, "POST", REPORTS, JSON, REPORT (ID, "linux", ""), token, 202);
  assert_answer (strict, "POST", REPORTS, JSON, REPORT (ID, "linux", ""), other, 409);
  assert_answer (strict, "POST", REPORTS, JSON, huge->str, token, 413);
  assert_answer (lenient, "POST", REPORTS, JSON, REPORT ("", "linux", ""), token, 400);
  assert_answer (lenient, "POST", SETUP, JSON,
                 "{\"provider\":\"SIKKA\",\"config\":{\"app_key\":\"K\"}}", token, 400);
  assert_answer (strict, "DELETE", CONNECTION, NULL, NULL, token, 200);
  assert_answer (strict, "DELETE", CONNECTION, NULL, NULL, token, 404);
  assert_answer (strict, "POST", SETUP, JSON, "{\"provider\":\"SIKKA\"}", token, 404);
  end_case (2);
}

/* ---- that a violation is seen at all ---- */

static void
test_notices_violations (void)
{
  g_autofree char *token = get_token (PRACTICE, "connection%20offline_access");
  g_autoptr (ScTestPrismNotes) before = sc_test_prism_look (strict);
  g_autoptr (ScTestPrismNotes) of_companion = NULL;
  g_autoptr (ScTestPrismNotes) of_test = NULL;

  assert_answer (strict, "POST", REPORTS, JSON, REPORT (ID, "linux", ",\"patient\":\"Erika\""),
                 token, 422);
  assert_answer (strict, "GET", STATUS "/more", NULL, NULL, token, 404);
  of_companion = sc_test_prism_look (strict);
  g_assert_cmpuint (before->in_answers->len, ==, 0);
  g_assert_cmpuint (of_companion->in_answers->len, ==, 2);
  g_assert_cmpuint (of_companion->forwarded, ==, 0);

  /* An answer that the contract does not allow. */
  sc_test_sandbox_set_scenario (sandbox, "wrong-type");
  assert_answer (strict, "GET", STATUS, NULL, NULL, token, 500);
  assert_answer (lenient, "GET", STATUS, NULL, NULL, token, 200);
  g_clear_pointer (&of_companion, sc_test_prism_notes_free);
  of_companion = sc_test_prism_look (strict);
  of_test = sc_test_prism_look (lenient);
  g_assert_cmpuint (of_companion->in_answers->len, >, 0);
  g_assert_cmpuint (of_test->in_answers->len, >, 0);
  sc_test_sandbox_reset (sandbox);
}

/* Last, after all others. */
static void
test_covers_contract (void)
{
  sc_test_contract_assert_seen (contract, unseen);
}

static void
start_parts (void)
{
  guint16 port = sc_test_prism_find_port ();
  g_autofree char *public_url = g_strdup_printf ("http://127.0.0.1:%u", port);
  g_autofree char *text = sc_test_prism_bundle ();

  contract = sc_test_contract_new (text);
  sandbox = sc_test_sandbox_start ("--public-url", public_url, NULL);
  strict = sc_test_prism_start (port, sc_test_sandbox_get_url (sandbox), TRUE);
  lenient =
    sc_test_prism_start (sc_test_prism_find_port (), sc_test_sandbox_get_url (sandbox), FALSE);
}

static void
stop_parts (void)
{
  sc_test_prism_stop (lenient);
  sc_test_prism_stop (strict);
  sc_test_sandbox_stop (sandbox);
  sc_test_contract_free (contract);
}

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/contract/companion/connect-and-check", test_connect_and_check);
  g_test_add_func ("/contract/companion/denied", test_denied);
  g_test_add_func ("/contract/companion/refresh", test_refresh);
  for (gsize i = 0; i < G_N_ELEMENTS (checks); i++)
    {
      g_autofree char *path = g_strconcat ("/contract/companion/check-", checks[i].scenario, NULL);
      g_test_add_data_func (path, &checks[i], test_check);
    }
  g_test_add_func ("/contract/companion/disconnect-this-pc", test_disconnect_this_pc);
  g_test_add_func ("/contract/companion/disconnect-practice", test_disconnect_practice);
  g_test_add_func ("/contract/cloud/trouble", test_trouble);
  g_test_add_func ("/contract/cloud/access", test_access);
  g_test_add_func ("/contract/cloud/oauth-errors", test_oauth_errors);
  g_test_add_func ("/contract/cloud/api-errors", test_api_errors);
  g_test_add_func ("/contract/proxy/notices-violations", test_notices_violations);
  g_test_add_func ("/contract/all/every-answer-was-seen", test_covers_contract);

  start_parts ();
  result = g_test_run ();
  stop_parts ();
  return result;
}
