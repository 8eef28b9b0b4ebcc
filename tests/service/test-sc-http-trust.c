// SPDX-License-Identifier: MIT
// The system's certificates: all of them, only while they are needed, and never fewer checks.

#define G_LOG_DOMAIN "sc-test"

#include "sc-error.h"
#include "sc-http-trust.h"
#include "sc-http.h"
#include "sc-test-no-leak-check.h"
#include "sc-test-wait.h"

#include <libsoup/soup.h>

/* What Debian's ca-certificates makes; its first certificate stands for all. */
#define TRUST_STORE "/etc/ssl/certs/ca-certificates.crt"

static GTlsDatabase *
get_default (void)
{
  return g_tls_backend_get_default_database (g_tls_backend_get_default ());
}

/* What is held is the whole store; it goes, and what is there without it is the whole store too. */
static void
test_hold (void)
{
  g_autoptr (GTlsDatabase) own = get_default ();
  g_autoptr (GTlsDatabase) own_again = NULL;
  g_autoptr (GTlsCertificate) known = NULL;
  g_autoptr (GError) error = NULL;
  GTlsDatabase *held;
  GTlsCertificateFlags problems;

  sc_http_trust_hold ();
  held = get_default ();
  g_assert_true (held != own);
  g_assert_true (G_OBJECT_TYPE (held) == G_OBJECT_TYPE (own));
  known = g_tls_certificate_new_from_file (TRUST_STORE, &error);
  g_assert_no_error (error);
  problems = g_tls_database_verify_chain (held, known, G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER,
                                          NULL, NULL, G_TLS_DATABASE_VERIFY_NONE, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (problems & G_TLS_CERTIFICATE_UNKNOWN_CA, ==, 0);

  g_object_add_weak_pointer (G_OBJECT (held), (gpointer *) &held);
  g_object_unref (held);
  g_assert_nonnull (held);
  sc_http_trust_release ();
  g_assert_null (held);
  own_again = get_default ();
  g_assert_true (own_again == own);
}

/* A key and certificate of the moment that nobody vouches for. */
static GTlsCertificate *
make_certificate (void)
{
  const char *script = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
                       "-days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 "
                       "-keyout - 2>/dev/null";
  g_autoptr (GSubprocess) openssl = NULL;
  g_autofree char *pem = NULL;
  g_autoptr (GError) error = NULL;
  GTlsCertificate *certificate;

  openssl = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "sh", "-c", script, NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (openssl, NULL, NULL, &pem, NULL, &error));
  g_assert_no_error (error);
  certificate = g_tls_certificate_new_from_pem (pem, -1, &error);
  g_assert_no_error (error);
  return certificate;
}

static guint requests;

static void
request_cb (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer user_data)
{
  requests++;
  soup_server_message_set_status (message, SOUP_STATUS_NO_CONTENT, NULL);
}

static void
assert_refused (ScHttp *http, const char *url)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ScHttpAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *place = NULL;

  sc_http_send_async (http, sc_http_request_new ("GET", url), NULL, sc_test_result_cb, &place);
  result = sc_test_wait_result (&place);
  answer = sc_http_send_finish (http, result, &error);
  g_assert_error (error, SC_ERROR, SC_ERROR_NET_TLS);
  g_assert_cmpuint (requests, ==, 0);
}

static void
rested_cb (ScHttp *http, gpointer user_data)
{
  guint *rested = user_data;

  *rested += 1;
}

static gboolean
has_rested (gpointer user_data)
{
  return *(guint *) user_data > 0;
}

/* One rest after many requests, nothing is left of the store, and nobody is trusted more than
 * before. */
static void
test_rest (void)
{
  g_autoptr (GTlsCertificate) certificate = make_certificate ();
  g_autoptr (SoupServer) server = soup_server_new ("tls-certificate", certificate, NULL);
  g_autoptr (ScHttp) http = sc_http_new (NULL, NULL);
  g_autofree char *url = NULL;
  GTlsDatabase *held;
  guint rested = 0;
  GSList *uris;

  soup_server_add_handler (server, NULL, request_cb, NULL, NULL);
  g_assert_true (soup_server_listen_local (
    server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY | SOUP_SERVER_LISTEN_HTTPS, NULL));
  uris = soup_server_get_uris (server);
  url = g_uri_to_string (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  g_signal_connect (http, "rested", G_CALLBACK (rested_cb), &rested);
  assert_refused (http, url);
  assert_refused (http, url);
  g_assert_cmpuint (rested, ==, 0);
  held = get_default ();
  g_object_add_weak_pointer (G_OBJECT (held), (gpointer *) &held);
  g_object_unref (held);
  g_assert_nonnull (held);
  sc_test_wait_until (has_rested, &rested);
  g_assert_null (held);
  assert_refused (http, url);
  g_assert_cmpuint (rested, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/net/http/trust/hold", test_hold);
  g_test_add_func ("/net/http/trust/rest", test_rest);
  return g_test_run ();
}
