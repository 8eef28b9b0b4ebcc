// SPDX-License-Identifier: MIT
// The redirect's query: what is believed, what is refused, and with which error.

#define G_LOG_DOMAIN "sc-test"

#include "sc-error.h"
#include "sc-redirect.h"

#include <string.h>

#define STATE "c3RhdGU_-state"
#define ISSUER "https://app.parlae.ca"

static ScRedirect *
parse (const char *query, GError **error)
{
  g_autoptr (ScSecretString) state = sc_secret_string_new (STATE);

  return sc_redirect_parse (query, state, error);
}

typedef struct
{
  const char *name;
  const char *query;
  const char *code; /* or */
  const char *oauth_error;
  const char *issuer;
} AcceptRow;

static const AcceptRow accept_rows[] = {
  { "code", "code=abc&state=" STATE, "abc", NULL, NULL },
  { "other-order", "state=" STATE "&code=abc", "abc", NULL, NULL },
  { "error", "error=access_denied&state=" STATE, NULL, "access_denied", NULL },
  { "issuer", "code=abc&state=" STATE "&iss=https%3A%2F%2Fapp.parlae.ca", "abc", NULL, ISSUER },
  { "encoded-value", "code=a%2Bb%26c%3Dd%25&state=" STATE, "a+b&c=d%", NULL, NULL },
  { "plus-is-space", "code=a+b&state=" STATE, "a b", NULL, NULL },
  { "equals-in-value", "code=ab==&state=" STATE, "ab==", NULL, NULL },
  { "encoded-state", "code=abc&state=c3RhdGU%5f-state", "abc", NULL, NULL },
  { "encoded-name", "%63ode=abc&state=" STATE, "abc", NULL, NULL },
  { "other-parameters", "session_state=x&code=abc&state=" STATE "&x=%ff&y&=z", "abc", NULL, NULL },
  { "repeated-other", "x=1&x=2&code=abc&state=" STATE, "abc", NULL, NULL },
  { "empty-pairs", "&&code=abc&&state=" STATE "&", "abc", NULL, NULL },
  { "empty-is-omitted", "error=&iss=&code=abc&state=" STATE, "abc", NULL, NULL },
  { "no-injection", "x=1%26code%3Devil%26error%3Devil&code=abc&state=" STATE, "abc", NULL, NULL },
  { "case-of-names", "Code=x&code=abc&state=" STATE, "abc", NULL, NULL },
  { "error-of-its-own", "error=AADSTS50011&state=" STATE, NULL, "other_error", NULL },
  { "error-with-space", "error=a+b&state=" STATE, NULL, "other_error", NULL },
};

static void
test_accepts (gconstpointer data)
{
  const AcceptRow *row = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ScRedirect) redirect = parse (row->query, &error);

  g_assert_no_error (error);
  g_assert_cmpint (redirect->code != NULL, ==, row->code != NULL);
  if (row->code != NULL)
    g_assert_cmpstr (sc_secret_string_peek (redirect->code), ==, row->code);
  g_assert_cmpstr (redirect->oauth_error, ==, row->oauth_error);
  g_assert_cmpstr (redirect->issuer, ==, row->issuer);
}

typedef struct
{
  const char *name;
  const char *query;
  ScError code;
} RefuseRow;

static const RefuseRow refuse_rows[] = {
  { "no-query", NULL, SC_ERROR_OAUTH_STATE },
  { "empty-query", "", SC_ERROR_OAUTH_STATE },
  { "missing-state", "code=abc", SC_ERROR_OAUTH_STATE },
  { "empty-state", "code=abc&state=", SC_ERROR_OAUTH_STATE },
  { "bare-state", "code=abc&state", SC_ERROR_OAUTH_STATE },
  { "wrong-state", "code=abc&state=other", SC_ERROR_OAUTH_STATE },
  { "shorter-state", "code=abc&state=c3Rh", SC_ERROR_OAUTH_STATE },
  { "longer-state", "code=abc&state=" STATE "x", SC_ERROR_OAUTH_STATE },
  { "error-without-state", "error=access_denied", SC_ERROR_OAUTH_STATE },
  { "error-with-wrong-state", "error=access_denied&state=other", SC_ERROR_OAUTH_STATE },
  { "injected-state", "code=abc&x=1%26state%3D" STATE, SC_ERROR_OAUTH_STATE },
  { "semicolon", "code=abc;state=" STATE, SC_ERROR_OAUTH_STATE },

  { "repeated-code", "code=abc&code=abc&state=" STATE, SC_ERROR_OAUTH_REDIRECT },
  { "repeated-code-in-disguise", "code=abc&%63ode=x&state=" STATE, SC_ERROR_OAUTH_REDIRECT },
  { "repeated-empty-code", "code=&code=abc&state=" STATE, SC_ERROR_OAUTH_REDIRECT },
  { "repeated-state", "code=abc&state=" STATE "&state=" STATE, SC_ERROR_OAUTH_REDIRECT },
  { "repeated-iss", "code=abc&iss=a&iss=a&state=" STATE, SC_ERROR_OAUTH_REDIRECT },
  { "repeated-error", "error=a&error=a&state=" STATE, SC_ERROR_OAUTH_REDIRECT },
  { "code-and-error", "code=abc&error=access_denied&state=" STATE, SC_ERROR_OAUTH_REDIRECT },
  { "neither", "state=" STATE, SC_ERROR_OAUTH_REDIRECT },
  { "bare-code", "code&state=" STATE, SC_ERROR_OAUTH_REDIRECT },
  { "nul-in-code", "code=a%00b&state=" STATE, SC_ERROR_OAUTH_REDIRECT },
  { "nul-in-state", "code=abc&state=" STATE "%00", SC_ERROR_OAUTH_REDIRECT },
  { "nul-in-iss", "code=abc&iss=a%00&state=" STATE, SC_ERROR_OAUTH_REDIRECT },
  { "nul-in-error", "error=a%00&state=" STATE, SC_ERROR_OAUTH_REDIRECT },
  { "bad-utf-8-in-code", "code=%ff&state=" STATE, SC_ERROR_OAUTH_REDIRECT },
  { "bad-utf-8-in-state", "code=abc&state=%c0%af", SC_ERROR_OAUTH_REDIRECT },
  { "raw-bad-utf-8", "code=\xff&state=" STATE, SC_ERROR_OAUTH_REDIRECT },
  { "odd-escape", "code=%zz&state=" STATE, SC_ERROR_OAUTH_REDIRECT },
  { "cut-escape", "state=" STATE "&code=a%2", SC_ERROR_OAUTH_REDIRECT },
  { "bare-percent", "state=" STATE "&code=a%", SC_ERROR_OAUTH_REDIRECT },
  { "escape-over-the-edge", "code=a%2&state=" STATE, SC_ERROR_OAUTH_REDIRECT },
  { "code-not-ascii", "code=%C3%A9&state=" STATE, SC_ERROR_OAUTH_REDIRECT },
  { "code-with-newline", "code=a%0D%0Ab&state=" STATE, SC_ERROR_OAUTH_REDIRECT },
  { "error-with-markup", "error=%22%3E%3Cb&state=" STATE, SC_ERROR_OAUTH_REDIRECT },
  { "error-with-backslash", "error=a%5Cb&state=" STATE, SC_ERROR_OAUTH_REDIRECT },
  { "error-with-newline", "error=a%0Ab&state=" STATE, SC_ERROR_OAUTH_REDIRECT },
  { "iss-with-space", "code=abc&iss=a%20b&state=" STATE, SC_ERROR_OAUTH_REDIRECT },
};

static void
test_refuses (gconstpointer data)
{
  const RefuseRow *row = data;
  g_autoptr (GError) error = NULL;

  g_assert_null (parse (row->query, &error));
  g_assert_error (error, SC_ERROR, (int) row->code);
  g_assert_null (strstr (error->message, "abc"));
  g_assert_null (strstr (error->message, STATE));
}

/* count times the same text as the value of a parameter. */
static ScRedirect *
parse_long (const char *name, const char *text, guint count, GError **error)
{
  GString *query = g_string_new ("state=" STATE "&");
  ScRedirect *redirect = NULL;

  g_string_append_printf (query, "%s=", name);
  for (guint i = 0; i < count; i++)
    g_string_append (query, text);
  redirect = parse (query->str, error);
  g_string_free (query, TRUE);
  return redirect;
}

static void
test_limits_size (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScRedirect) plain = parse_long ("code", "a", 2048, &error);
  g_autoptr (ScRedirect) encoded = parse_long ("code", "%61", 2048, &error);
  g_autoptr (ScRedirect) word = parse_long ("error", "a", 64, &error);
  g_autoptr (ScRedirect) long_word = parse_long ("error", "a", 65, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (sc_secret_string_get_length (plain->code), ==, 2048);
  g_assert_cmpuint (sc_secret_string_get_length (encoded->code), ==, 2048);
  g_assert_cmpuint (strlen (word->oauth_error), ==, 64);
  g_assert_cmpstr (long_word->oauth_error, ==, "other_error");
  g_assert_null (parse_long ("code", "a", 2049, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_OAUTH_REDIRECT);
  g_clear_error (&error);
  g_assert_null (parse_long ("code=a&iss", "a", 2049, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_OAUTH_REDIRECT);
  g_clear_error (&error);
  g_assert_null (parse_long ("code=a&x", "a", 8192, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_OAUTH_REDIRECT);
}

static void
assert_issuer (const char *query, gboolean iss_required, gboolean is_taken)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScRedirect) redirect = parse (query, NULL);

  g_assert_cmpint (sc_redirect_check_issuer (redirect, ISSUER, iss_required, &error), ==, is_taken);
  if (is_taken)
    g_assert_no_error (error);
  else
    g_assert_error (error, SC_ERROR, SC_ERROR_OAUTH_ISSUER);
}

static void
test_checks_issuer (void)
{
  assert_issuer ("code=a&state=" STATE "&iss=https://app.parlae.ca", TRUE, TRUE);
  assert_issuer ("code=a&state=" STATE "&iss=https://app.parlae.ca", FALSE, TRUE);
  assert_issuer ("code=a&state=" STATE "&iss=https://app.parlae.ca/", TRUE, FALSE);
  assert_issuer ("code=a&state=" STATE "&iss=https://evil.example", FALSE, FALSE);
  assert_issuer ("code=a&state=" STATE, FALSE, TRUE);
  assert_issuer ("code=a&state=" STATE, TRUE, FALSE);
  assert_issuer ("error=access_denied&state=" STATE, TRUE, FALSE);
  assert_issuer ("error=access_denied&state=" STATE "&iss=https://evil.example", FALSE, FALSE);
}

static void
test_checks_answer (void)
{
  static const struct
  {
    const char *query;
    int code; /* -1: a code came */
  } rows[] = {
    { "code=a&state=" STATE, -1 },
    { "error=access_denied&state=" STATE, SC_ERROR_OAUTH_DENIED },
    { "error=unauthorized_client&state=" STATE, SC_ERROR_OAUTH_CLIENT },
    { "error=invalid_client&state=" STATE, SC_ERROR_OAUTH_CLIENT },
    { "error=invalid_scope&state=" STATE, SC_ERROR_OAUTH_SERVER },
    { "error=temporarily_unavailable&state=" STATE, SC_ERROR_OAUTH_SERVER },
    { "error=X1&state=" STATE, SC_ERROR_OAUTH_SERVER },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ScRedirect) redirect = parse (rows[i].query, NULL);

      g_assert_cmpint (sc_redirect_check_answer (redirect, &error), ==, rows[i].code == -1);
      if (rows[i].code == -1)
        g_assert_no_error (error);
      else
        g_assert_error (error, SC_ERROR, rows[i].code);
    }
  sc_redirect_free (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (accept_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/core/redirect/accepts/", accept_rows[i].name, NULL);

      g_test_add_data_func (path, &accept_rows[i], test_accepts);
    }
  for (guint i = 0; i < G_N_ELEMENTS (refuse_rows); i++)
    {
      g_autofree char *path = g_strconcat ("/core/redirect/refuses/", refuse_rows[i].name, NULL);

      g_test_add_data_func (path, &refuse_rows[i], test_refuses);
    }
  g_test_add_func ("/core/redirect/limits-size", test_limits_size);
  g_test_add_func ("/core/redirect/checks-issuer", test_checks_issuer);
  g_test_add_func ("/core/redirect/checks-answer", test_checks_answer);
  return g_test_run ();
}
