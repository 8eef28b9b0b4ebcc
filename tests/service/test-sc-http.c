// SPDX-License-Identifier: MIT
// The HTTP client against servers that answer, drip, hang, lie and break off.

#define G_LOG_DOMAIN "sc-test"

#include "sc-error.h"
#include "sc-http.h"
#include "sc-test-no-leak-check.h"
#include "sc-test-peer.h"
#include "sc-test-wait.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

typedef struct
{
  SoupServer *server;
  char *url; /* without path */
  ScHttp *http;
  guint requests;
  char *seen_body;
  char *seen_authorization;
  char *seen_cookie;
} Fixture;

typedef struct
{
  ScHttpAnswer *answer;
  GError *error;
} Outcome;

static void
outcome_clear (Outcome *self)
{
  g_clear_pointer (&self->answer, sc_http_answer_free);
  g_clear_error (&self->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

static void
remember (Fixture *self, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  self->requests++;
  g_free (self->seen_body);
  self->seen_body = body->data != NULL ? g_strndup (body->data, body->length) : NULL;
  g_free (self->seen_authorization);
  self->seen_authorization = g_strdup (soup_message_headers_get_one (headers, "Authorization"));
  g_free (self->seen_cookie);
  self->seen_cookie = g_strdup (soup_message_headers_get_one (headers, "Cookie"));
}

static void
answer_cb (SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           GHashTable *query,
           gpointer user_data)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  remember (user_data, message);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_message_headers_replace (headers, "Set-Cookie", "a=b");
  if (strcmp (path, "/status") == 0)
    soup_server_message_set_status (message, SOUP_STATUS_SERVICE_UNAVAILABLE, NULL);
  else if (strcmp (path, "/redirect") == 0)
    soup_server_message_set_redirect (message, SOUP_STATUS_FOUND, "/ok");
  else if (strcmp (path, "/sign-in") == 0)
    {
      soup_server_message_set_status (message, SOUP_STATUS_UNAUTHORIZED, NULL);
      soup_message_headers_replace (headers, "WWW-Authenticate", "Basic realm=\"x\"");
    }
  else if (strcmp (path, "/empty") == 0)
    soup_server_message_set_status (message, SOUP_STATUS_NO_CONTENT, NULL);
  else
    soup_server_message_set_response (message, "Application/JSON; charset=utf-8",
                                      SOUP_MEMORY_STATIC, "{\"a\":1}", 7);
}

static void
large_cb (SoupServer *server,
          SoupServerMessage *message,
          const char *path,
          GHashTable *query,
          gpointer user_data)
{
  gsize size = g_ascii_strtoull (path + strlen ("/large/"), NULL, 10);

  remember (user_data, message);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_TAKE, g_strnfill (size, 'a'),
                                    size);
}

static void
fixture_init (Fixture *self, GTlsCertificate *certificate, GTlsDatabase *trusted)
{
  g_autoptr (GError) error = NULL;
  GSList *uris = NULL;

  memset (self, 0, sizeof *self);
  self->server = soup_server_new ("tls-certificate", certificate, NULL);
  soup_server_add_handler (self->server, NULL, answer_cb, self, NULL);
  soup_server_add_handler (self->server, "/large", large_cb, self, NULL);
  soup_server_listen_local (
    self->server, 0,
    SOUP_SERVER_LISTEN_IPV4_ONLY | (certificate != NULL ? SOUP_SERVER_LISTEN_HTTPS : 0), &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  self->url = g_strdup_printf ("%s://127.0.0.1:%d", certificate != NULL ? "https" : "http",
                               g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  self->http = sc_http_new (NULL, trusted);
}

static void
fixture_clear (Fixture *self)
{
  g_assert_finalize_object (self->http);
  soup_server_disconnect (self->server);
  g_assert_finalize_object (self->server);
  g_free (self->url);
  g_free (self->seen_body);
  g_free (self->seen_authorization);
  g_free (self->seen_cookie);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static void
send (ScHttp *http, ScHttpRequest *request, GCancellable *cancellable, Outcome *outcome)
{
  GAsyncResult *place = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  sc_http_send_async (http, request, cancellable, sc_test_result_cb, &place);
  result = sc_test_wait_result (&place);
  outcome->answer = sc_http_send_finish (http, result, &outcome->error);
  g_assert_true ((outcome->answer == NULL) == (outcome->error != NULL));
}

static void
get (Fixture *self, const char *path, Outcome *outcome)
{
  g_autofree char *url = g_strconcat (self->url, path, NULL);

  send (self->http, sc_http_request_new ("GET", url), NULL, outcome);
}

static void
test_answer (void)
{
  g_auto (Fixture) self = { 0 };
  g_auto (Outcome) outcome = { 0 };

  fixture_init (&self, NULL, NULL);
  get (&self, "/ok", &outcome);
  g_assert_no_error (outcome.error);
  g_assert_cmpuint (outcome.answer->status, ==, 200);
  g_assert_cmpstr (outcome.answer->body, ==, "{\"a\":1}");
  g_assert_cmpuint (outcome.answer->length, ==, 7);
  g_assert_cmpstr (outcome.answer->content_type, ==, "application/json");
  g_assert_cmpint (outcome.answer->retry_after, ==, -1);
  g_assert_cmpint (ABS (outcome.answer->date - outcome.answer->received), <, 60);
}

static void
test_post (void)
{
  g_auto (Fixture) self = { 0 };
  g_auto (Outcome) outcome = { 0 };
  g_autofree char *url = NULL;
  g_autoptr (ScSecretString) token = sc_secret_string_new ("t0ken");
  ScHttpRequest *request = NULL;

  fixture_init (&self, NULL, NULL);
  url = g_strconcat (self.url, "/ok", NULL);
  request = sc_http_request_new ("POST", url);
  sc_http_request_set_bearer (request, token);
  sc_http_request_take_body (request, "application/x-www-form-urlencoded", g_strdup ("c=d"));
  send (self.http, request, NULL, &outcome);
  g_assert_no_error (outcome.error);
  g_assert_cmpstr (self.seen_body, ==, "c=d");
  g_assert_cmpstr (self.seen_authorization, ==, "Bearer t0ken");
}

/* Answers that are no errors here, and nothing is done about any of them. */
static void
test_plain_answers (void)
{
  static const struct
  {
    const char *path;
    guint status;
  } cases[] = {
    { "/status", 503 },
    { "/redirect", 302 },
    { "/sign-in", 401 },
    { "/empty", 204 },
  };
  g_auto (Fixture) self = { 0 };

  fixture_init (&self, NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Outcome) outcome = { 0 };

      get (&self, cases[i].path, &outcome);
      g_assert_no_error (outcome.error);
      g_assert_cmpuint (outcome.answer->status, ==, cases[i].status);
      g_assert_cmpstr (outcome.answer->body, ==, "");
      g_assert_cmpuint (self.requests, ==, i + 1);
      g_assert_null (self.seen_cookie);
    }
}

static void
test_large (void)
{
  g_auto (Fixture) self = { 0 };
  g_auto (Outcome) fits = { 0 };
  g_auto (Outcome) too_large = { 0 };
  g_autofree char *limit = g_strdup_printf ("/large/%d", SC_HTTP_MAX_BODY);
  g_autofree char *over = g_strdup_printf ("/large/%d", SC_HTTP_MAX_BODY + 1);

  fixture_init (&self, NULL, NULL);
  get (&self, limit, &fits);
  g_assert_no_error (fits.error);
  g_assert_cmpuint (fits.answer->length, ==, SC_HTTP_MAX_BODY);
  g_assert_cmpuint (strlen (fits.answer->body), ==, SC_HTTP_MAX_BODY);
  get (&self, over, &too_large);
  g_assert_error (too_large.error, SC_ERROR, SC_ERROR_NET_TOO_LARGE);
}

#define OK "HTTP/1.1 200 OK\r\n"

static const struct
{
  const char *name;
  const char *bytes;
  gboolean is_silent_after;
  int error; /* -1: none */
  gint64 date;
  gint64 retry_after;
} raw_cases[] = {
  { "truncated", OK "Content-Length: 100\r\n\r\nshort", FALSE, SC_ERROR_NET_TRUNCATED, 0, 0 },
  { "truncated-chunk", OK "Transfer-Encoding: chunked\r\n\r\n9\r\nab", FALSE,
    SC_ERROR_NET_TRUNCATED, 0, 0 },
  { "truncated-headers", OK "Content-", FALSE, SC_ERROR_NET_TRUNCATED, 0, 0 },
  { "nothing", "", FALSE, SC_ERROR_NET_TRUNCATED, 0, 0 },
  { "garbage", "no http at all\r\n\r\n", FALSE, SC_ERROR_NET_TRUNCATED, 0, 0 },
  { "hangs", "", TRUE, SC_ERROR_NET_TIMED_OUT, 0, 0 },
  { "hangs-in-body", OK "Content-Length: 100\r\n\r\nshort", TRUE, SC_ERROR_NET_TIMED_OUT, 0, 0 },
  { "proxy-sign-in", "HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n", FALSE, SC_ERROR_NET_PROXY, 0,
    0 },
  { "until-close", OK "\r\nbody", FALSE, -1, -1, -1 },
  { "no-date", OK "Content-Length: 0\r\n\r\n", FALSE, -1, -1, -1 },
  { "date", OK "Date: Thu, 01 Jan 1970 00:01:40 GMT\r\nContent-Length: 0\r\n\r\n", FALSE, -1, 100,
    -1 },
  { "date-bad", OK "Date: soon\r\nRetry-After: later\r\nContent-Length: 0\r\n\r\n", FALSE, -1, -1,
    -1 },
  { "retry-seconds", OK "Retry-After: 120\r\nContent-Length: 0\r\n\r\n", FALSE, -1, -1, 120 },
  { "retry-huge", OK "Retry-After: 99999999999999999999\r\nContent-Length: 0\r\n\r\n", FALSE, -1,
    -1, 86400 },
  { "retry-negative", OK "Retry-After: -5\r\nContent-Length: 0\r\n\r\n", FALSE, -1, -1, -1 },
  { "retry-date",
    OK "Date: Thu, 01 Jan 1970 00:01:40 GMT\r\nRetry-After: Thu, 01 Jan 1970 00:02:40 GMT\r\n"
       "Content-Length: 0\r\n\r\n",
    FALSE, -1, 100, 60 },
  { "retry-past", OK "Retry-After: Thu, 01 Jan 1970 00:02:40 GMT\r\nContent-Length: 0\r\n\r\n",
    FALSE, -1, -1, 0 },
  { "retry-far", OK "Retry-After: Thu, 01 Jan 2099 00:00:00 GMT\r\nContent-Length: 0\r\n\r\n",
    FALSE, -1, -1, 86400 },
};

static ScHttpRequest *
request_to (guint16 port)
{
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u/", port);
  ScHttpRequest *request = sc_http_request_new ("GET", url);

  sc_http_request_set_limits (request, 1, SC_HTTP_MAX_BODY);
  return request;
}

static void
test_raw (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_auto (ScTestPeer) peer = { 0 };
  g_auto (Outcome) outcome = { 0 };
  g_autoptr (ScHttp) http = sc_http_new (NULL, NULL);

  sc_test_peer_init (&peer, raw_cases[row].bytes, raw_cases[row].is_silent_after);
  send (http, request_to (peer.port), NULL, &outcome);
  if (raw_cases[row].error >= 0)
    {
      g_assert_error (outcome.error, SC_ERROR, raw_cases[row].error);
      return;
    }
  g_assert_no_error (outcome.error);
  g_assert_cmpint (outcome.answer->date, ==, raw_cases[row].date);
  g_assert_cmpint (outcome.answer->retry_after, ==, raw_cases[row].retry_after);
}

static gboolean
drip_cb (gpointer user_data)
{
  ScTestPeer *peer = user_data;

  for (guint i = 0; i < peer->connections->len; i++)
    g_socket_send (g_socket_connection_get_socket (g_ptr_array_index (peer->connections, i)), "a",
                   1, NULL, NULL);
  return G_SOURCE_CONTINUE;
}

/* Every byte in time, and yet never done: the deadline is over the whole. */
static void
test_drip (void)
{
  g_auto (ScTestPeer) peer = { 0 };
  g_auto (Outcome) outcome = { 0 };
  g_autoptr (ScHttp) http = sc_http_new (NULL, NULL);
  guint source = g_timeout_add (20, drip_cb, &peer);

  sc_test_peer_init (&peer, OK "Content-Length: 100000\r\n\r\n", TRUE);
  send (http, request_to (peer.port), NULL, &outcome);
  g_source_remove (source);
  g_assert_error (outcome.error, SC_ERROR, SC_ERROR_NET_TIMED_OUT);
}

static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

static void
test_cancelled (void)
{
  g_auto (ScTestPeer) peer = { 0 };
  g_auto (Outcome) during = { 0 };
  g_auto (Outcome) before = { 0 };
  g_autoptr (ScHttp) http = sc_http_new (NULL, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  sc_test_peer_init (&peer, OK "Content-Length: 100\r\n\r\n", TRUE);
  g_timeout_add (20, cancel_cb, cancellable);
  send (http, request_to (peer.port), cancellable, &during);
  g_assert_error (during.error, SC_ERROR, SC_ERROR_CANCELLED);
  send (http, request_to (peer.port), cancellable, &before);
  g_assert_error (before.error, SC_ERROR, SC_ERROR_CANCELLED);
}

static void
test_refused_urls (void)
{
  static const struct
  {
    const char *url;
    ScError error;
  } cases[] = {
    { "http://example.com/", SC_ERROR_NET_INSECURE },
    { "http://localhost:1/", SC_ERROR_NET_INSECURE },
    { "ftp://127.0.0.1/", SC_ERROR_NET_INSECURE },
    { "file:///etc/passwd", SC_ERROR_NET_INSECURE },
    { "nonsense", SC_ERROR_INVALID_ARGUMENT },
    { "https://name.invalid/", SC_ERROR_NET_OFFLINE },
    { "http://127.0.0.1:1/", SC_ERROR_NET_REFUSED },
  };
  g_autoptr (ScHttp) http = sc_http_new (NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Outcome) outcome = { 0 };

      send (http, sc_http_request_new ("GET", cases[i].url), NULL, &outcome);
      g_assert_error (outcome.error, SC_ERROR, (int) cases[i].error);
    }
}

static void
test_header_injection (void)
{
  g_auto (Fixture) self = { 0 };
  g_auto (Outcome) outcome = { 0 };
  g_autoptr (ScSecretString) token = sc_secret_string_new ("t0ken\r\nX-Evil: 1");
  ScHttpRequest *request = NULL;

  fixture_init (&self, NULL, NULL);
  request = sc_http_request_new ("GET", self.url);
  sc_http_request_set_bearer (request, token);
  send (self.http, request, NULL, &outcome);
  g_assert_error (outcome.error, SC_ERROR, SC_ERROR_INVALID_ARGUMENT);
  g_assert_null (strstr (outcome.error->message, "t0ken"));
  g_assert_cmpuint (self.requests, ==, 0);
}

/* A proxy for everything, which refuses to connect: never asked for loopback. */
static void
test_proxy (void)
{
  g_auto (Fixture) self = { 0 };
  g_auto (ScTestPeer) peer = { 0 };
  g_auto (Outcome) direct = { 0 };
  g_auto (Outcome) refused = { 0 };
  g_autoptr (GProxyResolver) resolver = NULL;
  g_autoptr (ScHttp) http = NULL;
  g_autofree char *proxy = NULL;

  fixture_init (&self, NULL, NULL);
  sc_test_peer_init (&peer, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", FALSE);
  proxy = g_strdup_printf ("http://127.0.0.1:%u", peer.port);
  resolver = g_simple_proxy_resolver_new (proxy, NULL);
  http = sc_http_new (resolver, NULL);
  send (http, sc_http_request_new ("GET", self.url), NULL, &direct);
  g_assert_no_error (direct.error);
  g_assert_cmpuint (self.requests, ==, 1);
  send (http, sc_http_request_new ("GET", "https://cloud.example/"), NULL, &refused);
  g_assert_error (refused.error, SC_ERROR, SC_ERROR_NET_PROXY);
}

/* A key and certificate of the moment, in @folder. */
static GTlsCertificate *
make_certificate (const char *folder, char **pem)
{
  g_autofree char *key = g_build_filename (folder, "key.pem", NULL);
  g_autofree char *certificate = g_build_filename (folder, "certificate.pem", NULL);
  const char *const arguments[] = { "openssl",
                                    "req",
                                    "-x509",
                                    "-newkey",
                                    "ec",
                                    "-pkeyopt",
                                    "ec_paramgen_curve:prime256v1",
                                    "-nodes",
                                    "-days",
                                    "2",
                                    "-subj",
                                    "/CN=127.0.0.1",
                                    "-addext",
                                    "subjectAltName=IP:127.0.0.1",
                                    "-keyout",
                                    key,
                                    "-out",
                                    certificate,
                                    NULL };
  g_autoptr (GError) error = NULL;
  GTlsCertificate *result = NULL;
  g_autoptr (GSubprocess) openssl = g_subprocess_newv (
    arguments, G_SUBPROCESS_FLAGS_STDERR_SILENCE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error);

  g_assert_no_error (error);
  g_subprocess_wait_check (openssl, NULL, &error);
  g_assert_no_error (error);
  result = g_tls_certificate_new_from_files (certificate, key, &error);
  g_assert_no_error (error);
  g_remove (key);
  *pem = g_steal_pointer (&certificate);
  return result;
}

static void
test_tls (void)
{
  g_autofree char *folder = g_dir_make_tmp ("sc-http-XXXXXX", NULL);
  g_autofree char *pem = NULL;
  g_autoptr (GTlsCertificate) certificate = make_certificate (folder, &pem);
  g_autoptr (GTlsDatabase) trusted = g_tls_file_database_new (pem, NULL);
  g_auto (Fixture) self = { 0 };
  g_auto (Outcome) unknown = { 0 };
  g_auto (Outcome) known = { 0 };
  g_autoptr (ScHttp) system = sc_http_new (NULL, NULL);
  g_autofree char *url = NULL;

  fixture_init (&self, certificate, trusted);
  url = g_strconcat (self.url, "/ok", NULL);
  send (system, sc_http_request_new ("GET", url), NULL, &unknown);
  g_assert_error (unknown.error, SC_ERROR, SC_ERROR_NET_TLS);
  g_assert_cmpuint (self.requests, ==, 0);
  get (&self, "/ok", &known);
  g_assert_no_error (known.error);
  g_assert_cmpuint (known.answer->status, ==, 200);
  g_assert_cmpstr (known.answer->body, ==, "{\"a\":1}");
  g_remove (pem);
  g_rmdir (folder);
}

/* https to a peer that speaks no TLS, as when a captive portal answers. */
static void
test_no_tls (void)
{
  g_auto (ScTestPeer) peer = { 0 };
  g_auto (Outcome) outcome = { 0 };
  g_autoptr (ScHttp) http = sc_http_new (NULL, NULL);
  g_autofree char *url = NULL;

  sc_test_peer_init (&peer, OK "Content-Length: 0\r\n\r\n", FALSE);
  url = g_strdup_printf ("https://127.0.0.1:%u/", peer.port);
  send (http, sc_http_request_new ("GET", url), NULL, &outcome);
  g_assert_error (outcome.error, SC_ERROR, SC_ERROR_NET_TLS);
}

static GString *logged;

static GLogWriterOutput
log_writer (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (strcmp (fields[i].key, "MESSAGE") == 0 && logged != NULL)
      g_string_append (g_string_append (logged, fields[i].value), "\n");
  return G_LOG_WRITER_HANDLED;
}

/* In a process of its own, since a log writer can be set only once. */
static void
test_logs_child (void)
{
  g_auto (Fixture) self = { 0 };
  g_auto (Outcome) outcome = { 0 };
  g_autoptr (ScSecretString) token = sc_secret_string_new ("t0ken");
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *url = NULL;
  ScHttpRequest *request = NULL;

  g_log_set_writer_func (log_writer, NULL, NULL);
  fixture_init (&self, NULL, NULL);
  url = g_strconcat (self.url, "/ok?code=c0de", NULL);
  request = sc_http_request_new ("POST", url);
  sc_http_request_set_bearer (request, token);
  sc_http_request_take_body (request, "text/plain", g_strdup ("b0dy"));
  logged = text;
  send (self.http, request, NULL, &outcome);
  logged = NULL;
  g_assert_no_error (outcome.error);
  g_assert_nonnull (strstr (text->str, "POST http://127.0.0.1"));
  g_assert_nonnull (strstr (text->str, "/ok: 200"));
  g_assert_null (strstr (text->str, "c0de"));
  g_assert_null (strstr (text->str, "t0ken"));
  g_assert_null (strstr (text->str, "b0dy"));
}

static void
test_logs (void)
{
  g_test_trap_subprocess ("/net/http/logs/subprocess", 0, 0);
  g_test_trap_assert_passed ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (raw_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/net/http/raw/", raw_cases[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_raw);
    }
  g_test_add_func ("/net/http/answer", test_answer);
  g_test_add_func ("/net/http/post", test_post);
  g_test_add_func ("/net/http/plain-answers", test_plain_answers);
  g_test_add_func ("/net/http/large", test_large);
  g_test_add_func ("/net/http/drip", test_drip);
  g_test_add_func ("/net/http/cancelled", test_cancelled);
  g_test_add_func ("/net/http/refused-urls", test_refused_urls);
  g_test_add_func ("/net/http/header-injection", test_header_injection);
  g_test_add_func ("/net/http/proxy", test_proxy);
  g_test_add_func ("/net/http/tls", test_tls);
  g_test_add_func ("/net/http/no-tls", test_no_tls);
  g_test_add_func ("/net/http/logs", test_logs);
  g_test_add_func ("/net/http/logs/subprocess", test_logs_child);
  return g_test_run ();
}
