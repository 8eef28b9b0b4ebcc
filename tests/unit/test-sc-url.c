// SPDX-License-Identifier: MIT
// URLs: which are taken, how they are joined, redacted, extended and compared.

#define G_LOG_DOMAIN "sc-test"

#include "sc-error.h"
#include "sc-secret-string.h"
#include "sc-url.h"

#define OK -1

typedef struct
{
  const char *url;
  int code;
} CheckRow;

static const CheckRow check_rows[] = {
  { "https://app.parlae.ca", OK },
  { "https://app.parlae.ca:8443/path?a=b&c=%20", OK },
  { "HTTPS://APP.PARLAE.CA/", OK },
  { "https://[2001:db8::1]/", OK },
  { "http://127.0.0.1", OK },
  { "http://127.0.0.1:8080/x", OK },
  { "http://[::1]:8080/", OK },

  { "http://app.parlae.ca/", SC_ERROR_NET_INSECURE },
  { "http://localhost/", SC_ERROR_NET_INSECURE },
  { "http://localhost.evil.example/", SC_ERROR_NET_INSECURE },
  { "http://127.0.0.1.evil.example/", SC_ERROR_NET_INSECURE },
  { "http://127.1/", SC_ERROR_NET_INSECURE },
  { "http://127.0.0.2/", SC_ERROR_NET_INSECURE },
  { "http://0.0.0.0/", SC_ERROR_NET_INSECURE },
  { "http://[::2]/", SC_ERROR_NET_INSECURE },
  { "http://[::ffff:127.0.0.1]/", SC_ERROR_NET_INSECURE },
  { "ftp://127.0.0.1/", SC_ERROR_NET_INSECURE },
  { "file:///etc/passwd", SC_ERROR_NET_INSECURE },
  { "javascript:alert(1)", SC_ERROR_NET_INSECURE },
  { "httpsx://a/", SC_ERROR_NET_INSECURE },

  { "", SC_ERROR_INVALID_ARGUMENT },
  { "app.parlae.ca", SC_ERROR_INVALID_ARGUMENT },
  { "/path", SC_ERROR_INVALID_ARGUMENT },
  { "//app.parlae.ca/", SC_ERROR_INVALID_ARGUMENT },
  { "https:", SC_ERROR_INVALID_ARGUMENT },
  { "https://", SC_ERROR_INVALID_ARGUMENT },
  { "https:///path", SC_ERROR_INVALID_ARGUMENT },
  { "https:app.parlae.ca", SC_ERROR_INVALID_ARGUMENT },
  { "https://user@app.parlae.ca/", SC_ERROR_INVALID_ARGUMENT },
  { "https://user:word@app.parlae.ca/", SC_ERROR_INVALID_ARGUMENT },
  { "http://127.0.0.1:80@evil.example/", SC_ERROR_INVALID_ARGUMENT },
  { "https://app.parlae.ca/#part", SC_ERROR_INVALID_ARGUMENT },
  { "https://app.parlae.ca/#", SC_ERROR_INVALID_ARGUMENT },
  { "https://app.parlae.ca/a b", SC_ERROR_INVALID_ARGUMENT },
  { " https://app.parlae.ca/", SC_ERROR_INVALID_ARGUMENT },
  { "https://app.parlae.ca/\r\nHost: evil.example", SC_ERROR_INVALID_ARGUMENT },
  { "https://app.parlae.ca/\x7f", SC_ERROR_INVALID_ARGUMENT },
  { "https://äpp.example/", SC_ERROR_INVALID_ARGUMENT },
  { "https://good.example\\@evil.example/", SC_ERROR_INVALID_ARGUMENT },
  { "https://app%2eparlae.ca/", SC_ERROR_INVALID_ARGUMENT },
  { "http://[::1%25lo]/", SC_ERROR_INVALID_ARGUMENT },
  { "http://::1/", SC_ERROR_INVALID_ARGUMENT },
  { "https://app.parlae.ca:0/", SC_ERROR_INVALID_ARGUMENT },
  { "https://app.parlae.ca:99999/", SC_ERROR_INVALID_ARGUMENT },
  { "https://app.parlae.ca/%zz", SC_ERROR_INVALID_ARGUMENT },
};

static void
test_check (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (check_rows); i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean is_taken = sc_url_check (check_rows[i].url, &error);

      g_test_message ("row %u", i);
      g_assert_cmpint (is_taken, ==, check_rows[i].code == OK);
      if (is_taken)
        g_assert_no_error (error);
      else
        g_assert_error (error, SC_ERROR, check_rows[i].code);
    }
}

/* What a URL may carry does not get into an error. */
static void
test_errors_quote_nothing (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (check_rows); i++)
    {
      g_autoptr (GError) error = NULL;

      if (!sc_url_check (check_rows[i].url, &error))
        g_assert_null (g_strrstr (error->message, "example"));
    }
}

static void
assert_text (char *text, const char *expected)
{
  g_assert_cmpstr (text, ==, expected);
  sc_secret_free (text);
}

static void
test_join (void)
{
  assert_text (sc_url_join ("https://a.example", "/b"), "https://a.example/b");
  assert_text (sc_url_join ("https://a.example/", "/b"), "https://a.example/b");
  assert_text (sc_url_join ("https://a.example/v4//", "/b/c"), "https://a.example/v4/b/c");
}

static void
test_redact (void)
{
  assert_text (sc_url_redact ("https://u:p@a.example:8443/b%20c?code=hush#x"),
               "https://a.example:8443/b%20c");
  assert_text (sc_url_redact ("http://[::1]:80/callback?code=hush"), "http://[::1]:80/callback");
  assert_text (sc_url_redact ("https://a.example"), "https://a.example");
  assert_text (sc_url_redact (NULL), "(no url)");
  assert_text (sc_url_redact (""), "(no url)");
  assert_text (sc_url_redact ("no url at all"), "(no url)");
  assert_text (sc_url_redact ("data:hush"), "(no url)");
  assert_text (sc_url_redact ("https://a.example/\nforged line"), "(no url)");
}

static void
test_add_query (void)
{
  static const char *const none = NULL;

  assert_text (sc_url_add_query ("https://a.example/x", "b", "c d&e=f", "g", "ü+/", NULL),
               "https://a.example/x?b=c%20d%26e%3Df&g=%C3%BC%2B%2F");
  assert_text (sc_url_add_query ("https://a.example/x?own=1", "b", "c", NULL),
               "https://a.example/x?own=1&b=c");
  assert_text (sc_url_add_query ("https://a.example/x?", "b", "c", NULL),
               "https://a.example/x?b=c");
  assert_text (sc_url_add_query ("https://a.example/x?own=1&", "b", "c", NULL),
               "https://a.example/x?own=1&b=c");
  assert_text (sc_url_add_query ("https://a.example/x", "left-out", none, "b", "", NULL),
               "https://a.example/x?b=");
  assert_text (sc_url_add_query ("https://a.example/x", "left-out", none, NULL),
               "https://a.example/x");
  assert_text (sc_url_add_query ("https://a.example/x", NULL), "https://a.example/x");
}

static void
test_build_form (void)
{
  static const char *const none = NULL;

  assert_text (sc_url_build_form ("grant_type", "authorization_code", "code", "a+b c", NULL),
               "grant_type=authorization_code&code=a%2Bb%20c");
  assert_text (sc_url_build_form ("left-out", none, "a&b", "1", NULL), "a%26b=1");
  assert_text (sc_url_build_form (NULL, NULL), "");
}

static void
test_has_origin (void)
{
  static const struct
  {
    const char *a;
    const char *b;
    gboolean same;
  } rows[] = {
    { "https://a.example/x", "https://a.example/y?z", TRUE },
    { "https://a.example", "HTTPS://A.Example:443/", TRUE },
    { "http://127.0.0.1/", "http://127.0.0.1:80/", TRUE },
    { "https://a.example", "https://a.example:8443", FALSE },
    { "https://127.0.0.1", "http://127.0.0.1", FALSE },
    { "https://a.example", "https://b.example", FALSE },
    { "https://a.example", "https://a.example.b.example", FALSE },
    { "no url", "no url", FALSE },
    { "https://a.example", "no url", FALSE },
    { "data:x", "data:x", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_assert_cmpint (sc_url_has_origin (rows[i].a, rows[i].b), ==, rows[i].same);
      g_assert_cmpint (sc_url_has_origin (rows[i].b, rows[i].a), ==, rows[i].same);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/url/check", test_check);
  g_test_add_func ("/core/url/errors-quote-nothing", test_errors_quote_nothing);
  g_test_add_func ("/core/url/join", test_join);
  g_test_add_func ("/core/url/redact", test_redact);
  g_test_add_func ("/core/url/add-query", test_add_query);
  g_test_add_func ("/core/url/build-form", test_build_form);
  g_test_add_func ("/core/url/has-origin", test_has_origin);
  return g_test_run ();
}
