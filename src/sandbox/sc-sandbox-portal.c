// SPDX-License-Identifier: MIT
// Sikka's portal: the page on which a person picks the practice and clicks Allow or Deny.
//
// Path and parameters are those of the public code that knows the page; Sikka documents neither.

#define G_LOG_DOMAIN "sc-sandbox"

#include "sc-sandbox-portal.h"

#include "sc-sandbox-answer.h"
#include "sc-sandbox-redirect.h"
#include "sc-sandbox-sikka.h"

#include <gio/gio.h>

#define PORTAL_PATH "/portal/authapp.aspx"
#define PAGE "/ca/parlae/SikkaSandbox/portal.html"

char *
sc_sandbox_portal_build_url (ScSandbox *sandbox, const char *state)
{
  g_autofree char *page = g_strconcat (sc_sandbox_get_url (sandbox), PORTAL_PATH, NULL);

  return sc_sandbox_redirect_build (page, "app_id", SC_SANDBOX_APP_ID, "redirect_uri",
                                    sc_sandbox_get_callback_url (sandbox), "state", state, NULL);
}

/* Answers with a page when the link is not one of the partner's. */
static gboolean
check_link (ScSandboxRequest *request, const char *app_id, const char *redirect_uri)
{
  if (g_strcmp0 (app_id, SC_SANDBOX_APP_ID) != 0)
    sc_sandbox_answer_problem_page (request, "The app that sent you is not known to Sikka.");
  else if (g_strcmp0 (redirect_uri, sc_sandbox_get_callback_url (request->sandbox)) != 0 &&
           !sc_sandbox_redirect_is_loopback (redirect_uri))
    sc_sandbox_answer_problem_page (request, "The app's redirect address is not registered.");
  else
    return TRUE;

  return FALSE;
}

static void
allow (ScSandboxRequest *request,
       const char *office_id,
       const char *redirect_uri,
       const char *state)
{
  ScSandbox *sandbox = request->sandbox;
  const ScSandboxPractice *practice = sc_sandbox_practice_find (office_id);
  g_autofree char *code = NULL;
  g_autofree char *url = NULL;

  if (practice == NULL)
    {
      sc_sandbox_answer_problem_page (request, "There is no such practice.");
      return;
    }
  if (sc_sandbox_has_scenario (sandbox, SC_SANDBOX_SCENARIO_OTHER_PRACTICE))
    practice = sc_sandbox_practice_find_other (office_id);
  code = sc_sandbox_sikka_add_code (sc_sandbox_get_sikka (sandbox), practice->office_id,
                                    sc_sandbox_get_now (sandbox));
  sc_sandbox_note_secret (sandbox, "code", code);
  sc_sandbox_note_secret (sandbox, "state", state);
  url = sc_sandbox_redirect_build (redirect_uri, "code", code, "state", state, NULL);
  sc_sandbox_answer_redirect (request, url);
}

static void
deny (ScSandboxRequest *request, const char *redirect_uri, const char *state)
{
  g_autofree char *url =
    sc_sandbox_redirect_build (redirect_uri, "error", "access_denied", "error_description",
                               "The practice did not allow it", "state", state, NULL);

  sc_sandbox_answer_redirect (request, url);
}

static char *
build_practices (void)
{
  const ScSandboxPractice *practice = sc_sandbox_practice_list ();
  GString *html = g_string_new (NULL);

  for (gboolean is_first = TRUE; practice->office_id != NULL; practice++, is_first = FALSE)
    g_string_append_printf (html,
                            "      <label class=\"practice\"><input type=\"radio\""
                            " name=\"practice\" value=\"%s\"%s>"
                            "<b>%s</b><span>%s · Customer ID %s</span></label>\n",
                            practice->office_id, is_first ? " checked" : "", practice->name,
                            practice->pms, practice->office_id);

  return g_string_free (html, FALSE);
}

static void
fill_in (GString *page, const char *place, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text != NULL ? text : "", -1);

  g_string_replace (page, place, escaped, 1);
}

static void
answer_form (ScSandboxRequest *request)
{
  g_autoptr (GBytes) resource = g_resources_lookup_data (PAGE, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autoptr (GString) page =
    g_string_new_len (g_bytes_get_data (resource, NULL), g_bytes_get_size (resource));
  g_autofree char *practices = build_practices ();

  /* What comes from outside goes in last, so that nothing is looked for inside it. */
  g_string_replace (page, "@PRACTICES@", practices, 1);
  fill_in (page, "@APP_ID@", SC_SANDBOX_APP_ID);
  fill_in (page, "@REDIRECT_URI@", sc_sandbox_request_get (request, "redirect_uri"));
  fill_in (page, "@STATE@", sc_sandbox_request_get (request, "state"));
  sc_sandbox_answer_page (request, SOUP_STATUS_OK, page->str);
}

static void
handle_page (gpointer part, ScSandboxRequest *request)
{
  ScSandbox *sandbox = part;
  const char *redirect_uri = sc_sandbox_request_get (request, "redirect_uri");
  const char *state = sc_sandbox_request_get (request, "state");

  if (!check_link (request, sc_sandbox_request_get (request, "app_id"), redirect_uri))
    return;
  if (sc_sandbox_has_scenario (sandbox, SC_SANDBOX_SCENARIO_DENIED))
    deny (request, redirect_uri, state);
  else if (sc_sandbox_get_auto_approve (sandbox))
    allow (request, sc_sandbox_practice_list ()->office_id, redirect_uri, state);
  else
    answer_form (request);
}

static void
handle_decision (gpointer part, ScSandboxRequest *request)
{
  g_autoptr (GHashTable) form = sc_sandbox_request_parse_form (request);
  const char *redirect_uri;
  const char *state;
  const char *decision;

  if (form == NULL)
    {
      sc_sandbox_answer_problem_page (request, "The form did not arrive whole.");
      return;
    }
  redirect_uri = g_hash_table_lookup (form, "redirect_uri");
  state = g_hash_table_lookup (form, "state");
  decision = g_hash_table_lookup (form, "decision");
  if (!check_link (request, g_hash_table_lookup (form, "app_id"), redirect_uri))
    return;
  if (g_strcmp0 (decision, "allow") == 0)
    allow (request, g_hash_table_lookup (form, "practice"), redirect_uri, state);
  else
    deny (request, redirect_uri, state);
}

const ScSandboxRoute sc_sandbox_portal_routes[] = {
  { "GET", PORTAL_PATH, handle_page },
  { "POST", PORTAL_PATH, handle_decision },
  { NULL },
};
