// SPDX-License-Identifier: MIT
// Provider "sikka", clicked through in Chromium: the agent talks to Sikka itself, with an app key
// that nothing it starts may see; reports go out with a token of their own.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-browser.h"
#include "sc-test-command.h"
#include "sc-test-journey.h"
#include "sc-test-wait.h"

#include <glib/gstdio.h>
#include <stdlib.h>

#define CONNECTED "Successfully connected to Happy Dental Clinic (Dentrix)."

/* The sandbox's invented app. */
#define APP_ID "SANDBOX-APP-ID-NOT-REAL"
#define APP_KEY "SANDBOX-APP-KEY-NOT-REAL"

static void
write_configuration (ScTestJourney *journey)
{
  g_autofree char *folder =
    sc_test_desktop_get_path (journey->desktop, "home/.config/sikka-companion");
  g_autofree char *path = g_build_filename (folder, "companion.ini", NULL);
  const char *url = sc_test_sandbox_get_url (journey->sandbox);
  g_autofree char *text = g_strdup_printf ("[connection]\nprovider=sikka\n"
                                           "[sikka]\nauthorize_url=%s/portal/authapp.aspx\n"
                                           "api_url=%s/v4\n",
                                           url, url);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static ScTestJourney *
start (void)
{
  ScTestJourney *journey = sc_test_journey_prepare ();
  g_autoptr (GVariant) answer = NULL;

  write_configuration (journey);
  journey->agent =
    sc_test_agent_start (journey->desktop, sc_test_sandbox_get_url (journey->sandbox),
                         "SIKKA_APP_ID", APP_ID, "SIKKA_APP_KEY", APP_KEY, NULL);
  answer =
    sc_test_agent_call (journey->agent, "SetSpuElsewhere", g_variant_new ("(b)", TRUE), NULL);
  g_assert_nonnull (answer);
  sc_test_agent_assert_text (journey->agent, "Provider", "sikka");
  return journey;
}

static void
test_connect (void)
{
  g_autoptr (ScTestJourney) journey = start ();

  sc_test_journey_connect (journey, SC_TEST_HAPPY);
  sc_test_agent_assert_text (journey->agent, "KeptIn", "keyring");
  sc_test_journey_check (journey, CONNECTED, EXIT_SUCCESS);

  /* It asked Sikka, and the cloud nothing. */
  g_assert_cmpint (sc_test_sandbox_count (journey->sandbox, "POST /v4/request_key"), ==, 1);
  g_assert_cmpint (sc_test_sandbox_count (journey->sandbox, "POST /oauth/token"), ==, 0);
  g_assert_cmpint (sc_test_sandbox_count (journey->sandbox, "GET /api/pms/connection-status"), ==,
                   0);
}

static void
test_deny (void)
{
  g_autoptr (ScTestJourney) journey = start ();
  g_autofree char *heading = NULL;

  sc_test_journey_open_portal (journey);
  sc_test_journey_click (journey, SC_TEST_HAPPY, "#deny");
  heading = sc_test_journey_wait_answer (journey);
  g_assert_cmpstr (heading, ==, "Authorization cancelled");
  g_assert_cmpstr (sc_test_journey_wait_outcome (journey)->outcome, ==, "denied");
  sc_test_agent_assert_text (journey->agent, "Phase", "failed");
  sc_test_journey_assert_buttons (journey, "connect back skip");
  g_assert_cmpint (sc_test_sandbox_count (journey->sandbox, "POST /v4/request_key"), ==, 0);
}

/* ---- what the browser inherits ---- */

static void
test_key_not_inherited (void)
{
  g_autoptr (ScTestJourney) journey = start ();
  g_autofree char *inherited = NULL;
  g_autofree char *opened = NULL;
  g_autofree char *home = sc_test_desktop_get_path (journey->desktop, "home");

  sc_test_journey_open_portal (journey);
  inherited = sc_test_chromium_read (journey->browser, "environment");
  g_assert_nonnull (strstr (inherited, home));
  g_assert_null (strstr (inherited, "SIKKA_APP"));
  g_assert_null (strstr (inherited, APP_ID));
  g_assert_null (strstr (inherited, APP_KEY));

  /* The id has to be in the link; the key never. */
  opened = sc_test_chromium_read (journey->browser, "urls");
  g_assert_nonnull (strstr (opened, APP_ID));
  g_assert_null (strstr (opened, APP_KEY));
}

/* ---- reports ---- */

#define STORE_TOKEN "sikka-companion-agent --store-cloud-token"
#define REDIRECT_URI "http%3A%2F%2F127.0.0.1%3A45671%2Fcallback"
/* RFC 7636 appendix B */
#define VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

static char *
take_code (const char *redirect)
{
  g_autoptr (GUri) uri = g_uri_parse (redirect, G_URI_FLAGS_ENCODED, NULL);
  g_autoptr (GHashTable) parameters =
    g_uri_parse_params (g_uri_get_query (uri), -1, "&", G_URI_PARAMS_NONE, NULL);

  return g_strdup (g_hash_table_lookup (parameters, "code"));
}

/* As the vendor would hand one out. */
static char *
get_cloud_token (ScTestSandbox *sandbox)
{
  const char *url = sc_test_sandbox_get_url (sandbox);
  g_autofree char *authorize = g_strconcat (
    url, "/oauth/authorize?response_type=code&client_id=sikka-companion&state=s&redirect_uri=",
    REDIRECT_URI, "&code_challenge=", CHALLENGE, "&code_challenge_method=S256", NULL);
  g_autofree char *token_url = g_strconcat (url, "/oauth/token", NULL);
  g_autofree char *redirect = sc_test_browser_decide (authorize, SC_TEST_HAPPY, "allow");
  g_autofree char *code = take_code (redirect);
  g_autofree char *form = g_strconcat (
    "grant_type=authorization_code&client_id=sikka-companion&redirect_uri=", REDIRECT_URI,
    "&code_verifier=", VERIFIER, "&code=", code, NULL);
  g_autoptr (ScTestAnswer) answer =
    sc_test_http_send ("POST", token_url, "application/x-www-form-urlencoded", form, NULL);
  g_autoptr (JsonObject) object = sc_test_answer_get_object (answer);

  return g_strdup (json_object_get_string_member (object, "access_token"));
}

static gboolean
has_report (gpointer user_data)
{
  g_autoptr (JsonObject) state = sc_test_sandbox_get_state (user_data);

  return json_object_get_int_member (state, "reports") > 0;
}

static void
test_reports (void)
{
  g_autoptr (ScTestJourney) journey = start ();
  g_autofree char *token = get_cloud_token (journey->sandbox);
  g_autofree char *line = g_strconcat (token, "\n", NULL);
  g_autoptr (ScTestCommand) command = NULL;
  g_autoptr (JsonObject) reports = NULL;
  JsonObject *report;

  command = sc_test_command_run (journey->desktop, STORE_TOKEN, line);
  g_assert_cmpint (sc_test_command_wait (command), ==, EXIT_SUCCESS);
  g_assert_cmpstr (sc_test_command_get_output (command), ==, "");
  g_assert_cmpstr (sc_test_command_get_errors (command), ==, "");
  sc_test_journey_wait_items (journey, 1);

  sc_test_journey_connect (journey, SC_TEST_HAPPY);
  sc_test_journey_check (journey, CONNECTED, EXIT_SUCCESS);
  sc_test_wait_polling (has_report, journey->sandbox);
  reports = sc_test_sandbox_get_reports (journey->sandbox);
  report = json_array_get_object_element (json_object_get_array_member (reports, "reports"), 0);
  g_assert_cmpstr (json_object_get_string_member (report, "account"), ==, "front-desk@d10023");
}

static void
test_token_refused (void)
{
  static const char *const lines[] = { "", "\n", "two words\n" };
  g_autoptr (ScTestDesktop) desktop = sc_test_desktop_start (SC_TEST_DESKTOP_KEYRING);

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (ScTestCommand) command = sc_test_command_run (desktop, STORE_TOKEN, lines[i]);

      g_assert_cmpint (sc_test_command_wait (command), ==, EXIT_FAILURE);
      g_assert_cmpstr (sc_test_command_get_errors (command), ==,
                       "Standard input holds no token. Write it there as one line.\n");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/e2e/sikka/connect", test_connect);
  g_test_add_func ("/e2e/sikka/deny", test_deny);
  g_test_add_func ("/e2e/sikka/key-not-inherited", test_key_not_inherited);
  g_test_add_func ("/e2e/sikka/reports", test_reports);
  g_test_add_func ("/e2e/sikka/token-refused", test_token_refused);
  return g_test_run ();
}
