// SPDX-License-Identifier: MIT
// The browser's way without a browser.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-browser.h"

#include "sc-test-http.h"

#include <libsoup/soup.h>

#define MAX_STEPS 10

static void
unescape (GString *text)
{
  g_string_replace (text, "&quot;", "\"", 0);
  g_string_replace (text, "&#39;", "'", 0);
  g_string_replace (text, "&lt;", "<", 0);
  g_string_replace (text, "&gt;", ">", 0);
  g_string_replace (text, "&amp;", "&", 0);
}

/* The hidden fields of a page: Returns: (transfer full): name to value */
static GHashTable *
read_hidden_fields (const char *page)
{
  g_autoptr (GRegex) regex =
    g_regex_new ("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  GHashTable *fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (g_regex_match (regex, page, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL))
    {
      g_autofree char *value = g_match_info_fetch (match, 2);
      GString *text = g_string_new (value);

      unescape (text);
      g_hash_table_insert (fields, g_match_info_fetch (match, 1), g_string_free (text, FALSE));
    }
  return fields;
}

static char *
read_form_action (const char *page, const char *url)
{
  g_autoptr (GRegex) regex = g_regex_new ("<form method=\"post\" action=\"([^\"]*)\"", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *action = NULL;
  char *absolute;

  g_assert_true (g_regex_match (regex, page, 0, &match));
  action = g_match_info_fetch (match, 1);
  absolute = g_uri_resolve_relative (url, action, G_URI_FLAGS_ENCODED, NULL);
  g_assert_nonnull (absolute);
  return absolute;
}

static ScTestAnswer *
send_form (const char *page, const char *url, const char *practice, const char *decision)
{
  g_autoptr (GHashTable) fields = read_hidden_fields (page);
  g_autofree char *action = read_form_action (page, url);
  g_autofree char *body = NULL;

  g_hash_table_insert (fields, g_strdup ("practice"), g_strdup (practice));
  g_hash_table_insert (fields, g_strdup ("decision"), g_strdup (decision));
  body = soup_form_encode_hash (fields);
  return sc_test_http_send ("POST", action, "application/x-www-form-urlencoded", body, NULL);
}

static gboolean
is_same_server (const char *a, const char *b)
{
  g_autoptr (GUri) uri_a = g_uri_parse (a, G_URI_FLAGS_ENCODED, NULL);
  g_autoptr (GUri) uri_b = g_uri_parse (b, G_URI_FLAGS_ENCODED, NULL);

  g_assert_nonnull (uri_a);
  g_assert_nonnull (uri_b);
  return g_uri_get_port (uri_a) == g_uri_get_port (uri_b);
}

char *
sc_test_browser_decide (const char *authorization_url, const char *practice, const char *decision)
{
  g_autofree char *url = g_strdup (authorization_url);

  for (guint i = 0; i < MAX_STEPS; i++)
    {
      g_autoptr (ScTestAnswer) answer = sc_test_http_send ("GET", url, NULL, NULL, NULL);
      g_autofree char *next = NULL;

      if (answer->status == 200)
        {
          g_autofree char *page = g_steal_pointer (&answer->body);
          sc_test_answer_free (answer);
          answer = send_form (page, url, practice, decision);
        }
      g_assert_cmpuint (answer->status / 100, ==, 3);
      next = g_uri_resolve_relative (url, answer->location, G_URI_FLAGS_ENCODED, NULL);
      g_assert_nonnull (next);
      if (!is_same_server (authorization_url, next))
        return g_steal_pointer (&next);
      g_free (url);
      url = g_steal_pointer (&next);
    }
  g_assert_not_reached ();
}
