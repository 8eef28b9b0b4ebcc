// SPDX-License-Identifier: MIT
// Requests that no listener on a loopback port may be hurt by.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-hostile.h"

#include <string.h>

const ScTestHostile sc_test_hostile[] = {
  { "state-wrong", "GET /callback?code=x&state=bad HTTP/1.1" HOST, 400, 1 },
  { "state-missing", "GET /callback?code=x HTTP/1.1" HOST, 400, 1 },
  { "state-empty", "GET /callback?code=x&state= HTTP/1.1" HOST, 400, 1 },
  { "state-doubled", "GET " GOOD "&state={S} HTTP/1.1" HOST, 400, 1 },
  { "state-prefix", "GET /callback?code=x&state=Zm9y HTTP/1.1" HOST, 400, 1 },
  { "code-doubled", "GET " GOOD "&code=y HTTP/1.1" HOST, 400, 1 },
  { "code-and-error", "GET " GOOD "&error=access_denied HTTP/1.1" HOST, 400, 1 },
  { "nothing", "GET /callback?state={S} HTTP/1.1" HOST, 400, 1 },
  { "no-query", "GET /callback HTTP/1.1" HOST, 400, 1 },
  { "error-wrong-state", "GET /callback?error=access_denied&state=bad HTTP/1.1" HOST, 400, 1 },
  { "error-no-state", "GET /callback?error=access_denied HTTP/1.1" HOST, 400, 1 },
  { "injected-separator", "GET /callback?code=x%26state%3D{S} HTTP/1.1" HOST, 400, 1 },
  { "query-nul", "GET " GOOD "%00 HTTP/1.1" HOST, 400, 1 },
  { "query-bad-utf8", "GET /callback?code=%ff%fe&state={S} HTTP/1.1" HOST, 400, 1 },
  { "query-raw-bytes", "GET /callback?code=\xff\xfe&state={S} HTTP/1.1" HOST, 400, 1 },

  { "path-root", "GET / HTTP/1.1" HOST, 404, 0 },
  { "path-favicon", "GET /favicon.ico HTTP/1.1" HOST, 404, 0 },
  { "path-longer", "GET /callback/?code=c0de&state={S} HTTP/1.1" HOST, 404, 0 },
  { "path-prefix", "GET /callbacks?code=c0de&state={S} HTTP/1.1" HOST, 404, 0 },
  { "path-case", "GET /Callback?code=c0de&state={S} HTTP/1.1" HOST, 404, 0 },
  { "path-escaped", "GET /%63allback?code=c0de&state={S} HTTP/1.1" HOST, 404, 0 },
  { "path-traversal", "GET /../../etc/passwd HTTP/1.1" HOST, 404, 0 },
  { "path-dots", "GET /x/../callback?code=c0de&state={S} HTTP/1.1" HOST, 404, 0 },
  { "path-absolute", "GET http://{H}" GOOD " HTTP/1.1" HOST, 404, 0 },

  { "method-head", "HEAD " GOOD " HTTP/1.1" HOST, 405, 1 },
  { "method-post", "POST " GOOD " HTTP/1.1\r\nHost: {H}\r\nContent-Length: 3\r\n\r\na=b", 405, 1 },
  { "method-post-half", "POST /callback HTTP/1.1\r\nHost: {H}\r\nContent-Length: 9\r\n\r\n", 405,
    1 },
  { "method-put", "PUT " GOOD " HTTP/1.1" HOST, 405, 1 },
  { "method-delete", "DELETE " GOOD " HTTP/1.1" HOST, 405, 1 },
  { "method-options", "OPTIONS * HTTP/1.1" HOST, 405, 0 },
  { "method-connect", "CONNECT {H} HTTP/1.1" HOST, 405, 0 },
  { "method-case", "Get " GOOD " HTTP/1.1" HOST, 405, 1 },
  { "method-made-up", "FROB / HTTP/1.1" HOST, 405, 0 },

  { "host-missing", "GET " GOOD " HTTP/1.1\r\n\r\n", 421, 1 },
  { "host-missing-1.0", "GET " GOOD " HTTP/1.0\r\n\r\n", 421, 1 },
  { "host-doubled", WITH ("Host: {H}"), 421, 1 },
  { "host-doubled-evil", "GET " GOOD " HTTP/1.1\r\nHost: evil\r\nHost: {H}\r\n\r\n", 421, 1 },
  { "host-evil", "GET " GOOD " HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421, 1 },
  { "host-no-port", "GET " GOOD " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 421, 1 },
  { "host-other-port", "GET " GOOD " HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n", 421, 1 },
  { "host-localhost", "GET " GOOD " HTTP/1.1\r\nHost: localhost\r\n\r\n", 421, 1 },
  { "host-user", "GET " GOOD " HTTP/1.1\r\nHost: me@{H}\r\n\r\n", 421, 1 },
  { "host-list", "GET " GOOD " HTTP/1.1\r\nHost: {H}, {H}\r\n\r\n", 421, 1 },
  { "host-empty", "GET " GOOD " HTTP/1.1\r\nHost:\r\n\r\n", 421, 1 },
  { "host-hidden", "GET " GOOD " HTTP/1.0\r\nConnection: Host\r\nHost: evil\r\n\r\n", 421, 1 },

  { "origin-foreign", WITH ("Origin: https://evil.example"), 403, 1 },
  { "origin-null", WITH ("Origin: null"), 403, 1 },
  { "origin-other-port", WITH ("Origin: http://127.0.0.1:1"), 403, 1 },
  { "origin-second", WITH ("Origin: http://{H}\r\nOrigin: https://evil.example"), 403, 1 },
  { "fetch-no-cors", WITH ("Sec-Fetch-Mode: no-cors"), 403, 1 },
  { "fetch-cors", WITH ("Sec-Fetch-Mode: cors"), 403, 1 },
  { "fetch-iframe", WITH ("Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe"), 403, 1 },
  { "fetch-image", WITH ("Sec-Fetch-Dest: image"), 403, 1 },
  { "prefetch", WITH ("Sec-Purpose: prefetch"), 403, 1 },
  { "prerender", WITH ("Sec-Purpose: prefetch;prerender"), 403, 1 },
  { "prefetch-old", WITH ("Purpose: Prefetch"), 403, 1 },

  { "body-announced", WITH ("Content-Length: 9"), 400, 1 },
  { "body-length-bad", WITH ("Content-Length: banana"), 400, 1 },
  { "body-length-negative", WITH ("Content-Length: -5"), 400, 1 },
  { "body-chunked", WITH ("Transfer-Encoding: chunked"), 400, 1 },
  { "header-folded", WITH ("X-A: b\r\n c"), 400, 1 },
  { "header-space", WITH ("Origin : http://{H}"), 400, 1 },
  { "header-no-colon", WITH ("nonsense"), 400, 1 },
  { "header-no-name", WITH (": x"), 400, 1 },
  { "header-control", WITH ("X-A: \x01"), 400, 1 },
  { "header-nul", WITH ("X-A: a{0}b"), 400, 0 },
  { "line-nul", "GET " GOOD "{0} HTTP/1.1" HOST, 400, 0 },
  { "header-lone-lf", WITH ("X-A: b\nHost: {H}"), 400, 1 },

  { "garbage", "\x01\x02\x03garbage\r\n\r\n", 400, 0 },
  { "garbage-lower", "hello there\r\n\r\n", 400, 0 },
  { "garbage-words", "THIS IS NO HTTP\r\n\r\n", 400, 0 },
  { "empty-lines", "\r\n\r\n\r\n", 400, 0 },
  { "version-0.9", "GET " GOOD "\r\n\r\n", 400, 0 },
  { "version-2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, 0 },
  { "two-spaces", "GET  " GOOD " HTTP/1.1" HOST, 400, 0 },
  { "tls-hello", "\x16\x03\x01\x02\x01\x01\xfc\x03\x03", 400, 0 },
  { "half-request-closed", "GET " GOOD " HTT", 0, 0 },
  { "connect-and-close", "", 0, 0 },
  { NULL },
};

const ScTestLarge sc_test_large[] = {
  { "url", "GET /callback?code=", "aaaaaaaaaa", 10000, "&state={S} HTTP/1.1" HOST },
  { "header", "GET " GOOD " HTTP/1.1\r\nHost: {H}\r\nX-A: ", "aaaaaaaaaa", 10000, "\r\n\r\n" },
  { "header-count", "GET " GOOD " HTTP/1.1\r\nHost: {H}\r\n", "X-A: b\r\n", 5000, "\r\n" },
  { "endless", "GET " GOOD " HTTP/1.1\r\nHost: {H}\r\nX-A: ", "aaaaaaaaaa", 100000, "" },
  { "just-too-large", "GET " GOOD " HTTP/1.1\r\nHost: {H}\r\nX-A: ", "a", 16 * 1024, "\r\n\r\n" },
  { NULL },
};

char *
sc_test_large_build (const ScTestLarge *row)
{
  GString *request = g_string_new (row->begin);

  for (guint i = 0; i < row->times; i++)
    g_string_append (request, row->unit);
  g_string_append (request, row->end);
  return g_string_free (request, FALSE);
}

static void
put_nul (GString *text)
{
  const char *place = strstr (text->str, "{0}");

  if (place == NULL)
    return;
  text->str[place - text->str] = '\0';
  g_string_erase (text, strlen (text->str) + 1, strlen ("0}"));
}

GBytes *
sc_test_hostile_fill (const char *request, const char *authority, const char *state)
{
  GString *text = g_string_new (request);

  g_string_replace (text, "{H}", authority, 0);
  g_string_replace (text, "{S}", state, 0);
  put_nul (text);
  return g_string_free_to_bytes (text);
}
