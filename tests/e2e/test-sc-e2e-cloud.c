// SPDX-License-Identifier: MIT
// Provider "cloud", clicked through in Chromium: allowed, denied, another practice, and what a real
// browser sends without being asked.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-client.h"
#include "sc-test-command.h"
#include "sc-test-journey.h"
#include "sc-test-server.h"

#include <stdlib.h>

#define HAPPY_CONNECTED "Successfully connected to Happy Dental Clinic (Dentrix)."
#define BRIGHT_CONNECTED "Successfully connected to Bright Smiles Dental (Eaglesoft)."

static void
assert_status_says (ScTestJourney *journey, const char *text)
{
  g_autoptr (ScTestCommand) command =
    sc_test_command_run (journey->desktop, "sikkactl status", NULL);

  g_assert_nonnull (strstr (sc_test_command_get_output (command), text));
}

static void
test_allow (void)
{
  g_autoptr (ScTestJourney) journey = sc_test_journey_start ();
  ScTestWebdriver *driver = sc_test_journey_open_portal (journey);
  const ScTestOutcome *outcome;
  g_autofree char *heading = NULL;
  g_autofree char *reference = NULL;

  sc_test_journey_assert_buttons (journey, "back skip cancel");
  sc_test_webdriver_click (driver, "#allow");
  heading = sc_test_journey_wait_answer (journey);
  g_assert_cmpstr (heading, ==, "Permission given");
  outcome = sc_test_journey_wait_outcome (journey);
  g_assert_cmpstr (outcome->outcome, ==, "returned");
  g_assert_cmpstr (outcome->error_id, ==, "");
  sc_test_agent_assert_text (journey->agent, "Step", "returned");
  sc_test_agent_assert_text (journey->agent, "KeptIn", "keyring");

  /* One reference for the browser, the agent and the command line. */
  reference = sc_test_webdriver_get_text (driver, "code");
  g_assert_cmpstr (reference, ==, outcome->reference);
  assert_status_says (journey, reference);

  sc_test_journey_check (journey, HAPPY_CONNECTED, EXIT_SUCCESS);
  sc_test_journey_assert_buttons (journey, "reconnect disconnect back continue");
}

static void
test_deny (void)
{
  g_autoptr (ScTestJourney) journey = sc_test_journey_start ();
  const ScTestOutcome *outcome;
  g_autofree char *heading = NULL;

  sc_test_journey_open_portal (journey);
  sc_test_journey_click (journey, SC_TEST_HAPPY, "#deny");
  heading = sc_test_journey_wait_answer (journey);
  g_assert_cmpstr (heading, ==, "Authorization cancelled");
  outcome = sc_test_journey_wait_outcome (journey);
  g_assert_cmpstr (outcome->outcome, ==, "denied");
  g_assert_cmpstr (outcome->error_id, ==, "oauth-denied");
  sc_test_agent_assert_text (journey->agent, "Phase", "failed");
  sc_test_agent_assert_text (journey->agent, "MessageId", "authorization-denied");
  sc_test_journey_assert_buttons (journey, "connect back skip");
  sc_test_journey_wait_items (journey, 0);

  /* And again, on the same browser and agent. */
  sc_test_journey_connect (journey, SC_TEST_HAPPY);
}

/* ---- another practice on Reconnect ---- */

/* Returns: the window's question, with the browser telling the person to go back to it */
static ScTestJourney *
start_with_question (void)
{
  ScTestJourney *journey = sc_test_journey_start ();
  g_autofree char *heading = NULL;
  const char *name;
  const char *pms;

  sc_test_journey_connect (journey, SC_TEST_HAPPY);
  sc_test_journey_check (journey, HAPPY_CONNECTED, EXIT_SUCCESS);
  sc_test_journey_open_portal (journey);
  sc_test_journey_click (journey, SC_TEST_BRIGHT, "#allow");
  heading = sc_test_journey_wait_answer (journey);
  g_assert_cmpstr (heading, ==, "Go back to Sikka Companion to finish");
  sc_test_agent_wait_text (journey->agent, "Step", "confirm-practice");
  g_variant_get (sc_agent1_get_new_practice (sc_test_agent_get_proxy (journey->agent)), "(&s&s)",
                 &name, &pms);
  g_assert_cmpstr (name, ==, "Bright Smiles Dental");
  g_assert_cmpstr (pms, ==, "Eaglesoft");
  sc_test_agent_assert_text (journey->agent, "PracticeName", "Happy Dental Clinic");
  sc_test_journey_wait_grants (journey, 2);
  return journey;
}

static void
answer_question (ScTestJourney *journey, gboolean accept, const char *outcome)
{
  g_autoptr (GVariant) answer =
    sc_test_agent_call (journey->agent, "ConfirmPractice", g_variant_new ("(b)", accept), NULL);

  g_assert_nonnull (answer);
  g_assert_cmpstr (sc_test_journey_wait_outcome (journey)->outcome, ==, outcome);
  sc_test_journey_wait_grants (journey, 1);
}

static void
test_other_practice_accepted (void)
{
  g_autoptr (ScTestJourney) journey = start_with_question ();

  answer_question (journey, TRUE, "returned");
  sc_test_journey_check (journey, BRIGHT_CONNECTED, EXIT_SUCCESS);
}

static void
test_other_practice_declined (void)
{
  g_autoptr (ScTestJourney) journey = start_with_question ();

  answer_question (journey, FALSE, "declined");
  sc_test_agent_assert_text (journey->agent, "Phase", "connected");
  sc_test_agent_assert_text (journey->agent, "MessageId", "practice-declined");
  sc_test_journey_check (journey, HAPPY_CONNECTED, EXIT_SUCCESS);
}

/* ---- what a browser does by itself ---- */

/* Visits to the listener that are not the answer: each is told so, none ends the flow. */
static const char *const visits[] = {
  "%s",
  "%s?error=access_denied&state=wrong",
  "%s?code=guessed&state=wrong",
  "%s/../favicon.ico",
};

/* A page of somebody else's on this computer, which makes the browser ask on its own. Its heading
 * gets a class once every request has come back. */
static const char foreign_page[] =
  "<!DOCTYPE html><title>Elsewhere</title><h1>Elsewhere</h1><script>\n"
  "let left = 4\n"
  "const back = () => { if (--left == 0) document.querySelector('h1').className = 'done' }\n"
  "const add = (name, values) => document.body.append(\n"
  "  Object.assign(document.createElement(name), values, { onload: back, onerror: back }))\n"
  "add('link', { rel: 'preconnect', href: '%s' })\n"
  "add('link', { rel: 'icon', href: '%s/../favicon.ico' })\n"
  "add('link', { rel: 'prefetch', href: '%s?code=1&state=2' })\n"
  "add('img', { src: '%s?code=1&state=2' })\n"
  "add('iframe', { src: '%s?code=1&state=2' })\n"
  "fetch('%s?code=1&state=2', { method: 'POST', mode: 'no-cors' }).then(back, back)\n"
  "</script>";

static char *
fill_in (const char *text, const char *callback)
{
  GString *filled = g_string_new (text);

  g_string_replace (filled, "%s", callback, 0);
  return g_string_free (filled, FALSE);
}

static void
visit (ScTestWebdriver *driver, const char *url, const char *selector, const char *heading)
{
  g_autofree char *portal = sc_test_webdriver_get_url (driver);
  g_autofree char *text = NULL;

  sc_test_webdriver_open_page (driver, url);
  text = sc_test_webdriver_get_text (driver, selector);
  g_assert_cmpstr (text, ==, heading);
  sc_test_webdriver_close_page (driver);
  sc_test_webdriver_wait_page (driver, portal);
}

static void
test_uninvited_requests (void)
{
  g_autoptr (ScTestJourney) journey = sc_test_journey_start ();
  g_autoptr (ScTestServer) elsewhere = sc_test_server_new ();
  ScTestWebdriver *driver = sc_test_journey_open_portal (journey);
  g_autofree char *page = fill_in (foreign_page, journey->callback);
  g_autofree char *page_url = g_strconcat (sc_test_server_get_url (elsewhere), "/page", NULL);
  g_autofree char *heading = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (visits); i++)
    {
      g_autofree char *url = fill_in (visits[i], journey->callback);

      visit (driver, url, "h1", "Nothing to see here");
    }
  sc_test_server_set_answer (elsewhere, "GET /page", 200, "text/html", page);
  visit (driver, page_url, "h1.done", "Elsewhere");
  sc_test_agent_assert_text (journey->agent, "Step", "browser-open");

  sc_test_journey_click (journey, SC_TEST_HAPPY, "#allow");
  heading = sc_test_journey_wait_answer (journey);
  g_assert_cmpstr (heading, ==, "Permission given");
}

static void
test_tab_closed (void)
{
  g_autoptr (ScTestJourney) journey = sc_test_journey_start ();
  ScTestWebdriver *driver = sc_test_journey_open_portal (journey);
  g_autofree char *portal = sc_test_webdriver_get_url (driver);
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GUri) callback = g_uri_parse (journey->callback, G_URI_FLAGS_NONE, NULL);

  /* The last tab of a browser would take it along. */
  sc_test_webdriver_open_page (driver, "about:blank");
  sc_test_webdriver_wait_page (driver, portal);
  sc_test_webdriver_close_page (driver);
  sc_test_agent_assert_text (journey->agent, "Step", "browser-open");

  answer = sc_test_agent_call (journey->agent, "Cancel", NULL, NULL);
  g_assert_nonnull (answer);
  g_assert_cmpstr (sc_test_journey_wait_outcome (journey)->outcome, ==, "cancelled");
  sc_test_agent_assert_text (journey->agent, "MessageId", "authorization-cancelled");
  sc_test_journey_assert_buttons (journey, "connect back skip");
  g_assert_true (sc_test_client_is_refused (g_uri_get_port (callback)));

  sc_test_webdriver_wait_page (driver, "about:blank");
  sc_test_journey_connect (journey, SC_TEST_HAPPY);
}

static void
test_disconnect (void)
{
  g_autoptr (ScTestJourney) journey = sc_test_journey_start ();
  g_autoptr (ScTestCommand) command = NULL;

  sc_test_journey_connect (journey, SC_TEST_HAPPY);
  sc_test_journey_check (journey, HAPPY_CONNECTED, EXIT_SUCCESS);
  sc_test_journey_wait_items (journey, 1);

  command = sc_test_command_run (journey->desktop, "sikkactl disconnect --yes", NULL);
  g_assert_cmpint (sc_test_command_wait (command), ==, EXIT_SUCCESS);
  sc_test_agent_assert_text (journey->agent, "Phase", "pending");
  sc_test_journey_wait_grants (journey, 0);
  sc_test_journey_wait_items (journey, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/e2e/cloud/allow", test_allow);
  g_test_add_func ("/e2e/cloud/deny", test_deny);
  g_test_add_func ("/e2e/cloud/other-practice/accepted", test_other_practice_accepted);
  g_test_add_func ("/e2e/cloud/other-practice/declined", test_other_practice_declined);
  g_test_add_func ("/e2e/cloud/uninvited-requests", test_uninvited_requests);
  g_test_add_func ("/e2e/cloud/tab-closed", test_tab_closed);
  g_test_add_func ("/e2e/cloud/disconnect", test_disconnect);
  return g_test_run ();
}
