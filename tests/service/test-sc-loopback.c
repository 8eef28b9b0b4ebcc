// SPDX-License-Identifier: MIT
// The loopback listener's guards on real sockets: every hostile request, and after each the real
// login.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-loopback.h"

#include <string.h>

static void
test_hostile (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_auto (ScTestLoopback) self = { 0 };
  g_autofree char *answer = NULL;

  sc_test_loopback_init (&self, 0, 0);
  if (sc_test_hostile[row].status == 0)
    {
      answer = sc_test_client_finish (
        sc_test_loopback_start (&self, sc_test_hostile[row].request, SC_TEST_CLIENT_END));
      g_assert_cmpstr (answer, ==, "");
    }
  else
    {
      answer = sc_test_loopback_ask (&self, sc_test_hostile[row].request);
      sc_test_assert_status (answer, sc_test_hostile[row].status);
      g_assert_null (strstr (answer, "c0de"));
      g_assert_null (strstr (answer, SC_TEST_STATE));
    }
  g_assert_cmpuint (self.redirected, ==, 0);
  g_assert_true (sc_loopback_is_listening (self.listener));
  g_assert_cmpuint (sc_loopback_get_callbacks (self.listener), ==, sc_test_hostile[row].callbacks);
  sc_test_loopback_assert_login (&self);
  g_assert_cmpuint (sc_loopback_get_callbacks (self.listener), ==,
                    sc_test_hostile[row].callbacks + 1);
}

/* What a browser sends has to pass every guard; a Range does not cut the page. */
static void
test_browser (void)
{
  static const char request[] =
    WITH ("Connection: keep-alive\r\nUpgrade-Insecure-Requests: 1\r\n"
          "User-Agent: Mozilla/5.0\r\nAccept: text/html,*/*;q=0.8\r\n"
          "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"
          "Sec-Fetch-User: ?1\r\nSec-Fetch-Dest: document\r\nRange: bytes=0-3\r\n"
          "Content-Length: 0\r\nOrigin: http://{H}");
  g_auto (ScTestLoopback) self = { 0 };
  g_autofree char *answer = NULL;

  sc_test_loopback_init (&self, 0, 0);
  answer = sc_test_loopback_ask (&self, request);
  sc_test_assert_status (answer, 200);
  sc_test_assert_contains (answer, "</html>");
  g_assert_cmpstr (self.code, ==, "c0de");
}

static void
test_denied (void)
{
  static const char request[] = "GET /callback?error=access_denied&state={S} HTTP/1.1" HOST;
  g_auto (ScTestLoopback) self = { 0 };
  g_autofree char *answer = NULL;

  sc_test_loopback_init (&self, 0, 0);
  answer = sc_test_loopback_ask (&self, request);
  sc_test_assert_status (answer, 200);
  sc_test_assert_contains (answer, "<title>Authorization cancelled");
  g_assert_cmpstr (self.oauth_error, ==, "access_denied");
  g_assert_null (self.code);
}

static void
test_reflects_nothing (void)
{
  g_auto (ScTestLoopback) self = { 0 };
  g_autofree char *answer = NULL;

  sc_test_loopback_init (&self, 0, 0);
  answer = sc_test_loopback_ask (&self, SC_TEST_REFLECTED);
  g_assert_null (strstr (answer, "script>"));
  g_assert_null (strstr (answer, "alert"));
  sc_test_assert_status (answer, 400);
  sc_test_loopback_assert_login (&self);
}

static void
test_large (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_auto (ScTestLoopback) self = { 0 };
  g_autofree char *request = sc_test_large_build (&sc_test_large[row]);
  g_autofree char *answer = NULL;

  sc_test_loopback_init (&self, 0, 0);
  answer = sc_test_loopback_ask (&self, request);
  sc_test_assert_status (answer, 431);
  sc_test_assert_contains (answer, "Request Header Fields Too Large");
  sc_test_loopback_assert_login (&self);
}

static void
test_large_enough (void)
{
  g_auto (ScTestLoopback) self = { 0 };
  g_autofree char *padding = g_strnfill (15 * 1024, 'a');
  g_autofree char *request =
    g_strconcat ("GET " GOOD " HTTP/1.1\r\nHost: {H}\r\nCookie: ", padding, "\r\n\r\n", NULL);
  g_autofree char *answer = NULL;

  sc_test_loopback_init (&self, 0, 0);
  answer = sc_test_loopback_ask (&self, request);
  sc_test_assert_status (answer, 200);
}

static void
test_second (void)
{
  g_auto (ScTestLoopback) self = { 0 };
  g_autofree char *favicon = NULL;
  g_autofree char *second = NULL;
  g_autofree char *wrong = NULL;

  sc_test_loopback_init (&self, 0, 0);
  favicon = sc_test_loopback_ask (&self, "GET /favicon.ico HTTP/1.1" HOST);
  sc_test_assert_status (favicon, 404);
  sc_test_loopback_assert_login (&self);
  second = sc_test_loopback_ask (&self, "GET " GOOD "2 HTTP/1.1" HOST);
  sc_test_assert_status (second, 400);
  g_clear_pointer (&second, g_free);
  second = sc_test_loopback_ask (&self, "GET /callback?code=other&state={S} HTTP/1.1" HOST);
  sc_test_assert_status (second, 410);
  sc_test_assert_contains (second, "<title>This answer was already used");
  wrong = sc_test_loopback_ask (&self, "GET /callback?code=other&state=bad HTTP/1.1" HOST);
  sc_test_assert_status (wrong, 400);
  g_assert_cmpuint (self.redirected, ==, 1);
  g_assert_cmpuint (sc_loopback_get_callbacks (self.listener), ==, 4);
}

static char *
extract (const char *text, const char *begin, const char *end)
{
  const char *from = strstr (text, begin);
  const char *to = from != NULL ? strstr (from + strlen (begin), end) : NULL;

  g_assert_nonnull (to);
  from += strlen (begin);
  return g_strndup (from, to - from);
}

static void
assert_headers (const char *answer)
{
  static const char *const headers[] = {
    "\r\nContent-Type: text/html; charset=utf-8\r\n",
    "\r\nCache-Control: no-store\r\n",
    "\r\nReferrer-Policy: no-referrer\r\n",
    "\r\nX-Content-Type-Options: nosniff\r\n",
    "\r\nContent-Security-Policy: default-src 'none'; style-src 'sha256-",
    "frame-ancestors 'none'\r\n",
    "\r\nConnection: close\r\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    sc_test_assert_contains (answer, headers[i]);
  g_assert_null (strstr (answer, "Access-Control"));
  g_assert_null (strstr (answer, "\r\nServer:"));
  g_assert_null (strstr (answer, "Set-Cookie"));
}

static void
test_headers (void)
{
  static const char *const requests[] = {
    REAL,
    "GET /callback HTTP/1.1" HOST,
    "GET /favicon.ico HTTP/1.1" HOST,
    "POST / HTTP/1.1" HOST,
    "GET " GOOD " HTTP/1.1\r\n\r\n",
    "garbage",
  };
  g_auto (ScTestLoopback) self = { 0 };

  sc_test_loopback_init (&self, 0, 0);
  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autofree char *answer = sc_test_loopback_ask (&self, requests[i]);

      assert_headers (answer);
    }
}

/* A browser would drop the style if its hash were another. */
static void
test_style_hash (void)
{
  g_auto (ScTestLoopback) self = { 0 };
  g_autofree char *answer = NULL;
  g_autofree char *style = NULL;
  g_autofree char *hash = NULL;
  g_autofree char *hex = NULL;
  g_autofree char *style_hex = NULL;
  g_autofree guchar *digest = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  gsize size = 0;

  sc_test_loopback_init (&self, 0, 0);
  answer = sc_test_loopback_ask (&self, "GET /callback HTTP/1.1" HOST);
  style = extract (answer, "<style>", "</style>");
  hash = extract (answer, "'sha256-", "'");
  digest = g_base64_decode (hash, &size);
  for (gsize i = 0; i < size; i++)
    g_string_append_printf (text, "%02x", digest[i]);
  style_hex = g_compute_checksum_for_string (G_CHECKSUM_SHA256, style, -1);
  g_assert_cmpstr (text->str, ==, style_hex);
  g_assert_null (strstr (answer, " style="));
  g_assert_null (strstr (answer, "<script"));
}

static void
test_method_answer (void)
{
  g_auto (ScTestLoopback) self = { 0 };
  g_autofree char *head = NULL;
  g_autofree char *post = NULL;

  sc_test_loopback_init (&self, 0, 0);
  head = sc_test_loopback_ask (&self, "HEAD " GOOD " HTTP/1.1" HOST);
  sc_test_assert_contains (head, "\r\nAllow: GET\r\n");
  g_assert_true (g_str_has_suffix (head, "\r\n\r\n"));
  post = sc_test_loopback_ask (&self, "POST / HTTP/1.1" HOST);
  sc_test_assert_contains (post, "\r\nAllow: GET\r\n");
  sc_test_assert_contains (post, "</html>");
}

static void
test_address (void)
{
  g_auto (ScTestLoopback) self = { 0 };
  g_autofree char *uri = NULL;

  sc_test_loopback_init (&self, 0, 0);
  g_assert_cmpuint (sc_loopback_get_port (self.listener), !=, 0);
  uri = g_strdup_printf ("http://127.0.0.1:%u/callback", sc_loopback_get_port (self.listener));
  g_assert_cmpstr (sc_loopback_get_redirect_uri (self.listener), ==, uri);
}

static void
add_tables (void)
{
  for (gsize i = 0; sc_test_hostile[i].name != NULL; i++)
    {
      g_autofree char *path = g_strconcat ("/net/loopback/hostile/", sc_test_hostile[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_hostile);
    }
  for (gsize i = 0; sc_test_large[i].name != NULL; i++)
    {
      g_autofree char *path = g_strconcat ("/net/loopback/too-large/", sc_test_large[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_large);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_tables ();
  g_test_add_func ("/net/loopback/address", test_address);
  g_test_add_func ("/net/loopback/browser", test_browser);
  g_test_add_func ("/net/loopback/denied", test_denied);
  g_test_add_func ("/net/loopback/reflects-nothing", test_reflects_nothing);
  g_test_add_func ("/net/loopback/large-enough", test_large_enough);
  g_test_add_func ("/net/loopback/second", test_second);
  g_test_add_func ("/net/loopback/headers", test_headers);
  g_test_add_func ("/net/loopback/style-hash", test_style_hash);
  g_test_add_func ("/net/loopback/method-answer", test_method_answer);
  return g_test_run ();
}
