// SPDX-License-Identifier: MIT
// A cloud that is reached over TLS, and a browser that trusts it.

#define G_LOG_DOMAIN "sc-bench"

#include "sc-bench-cloud.h"

/* The file that GnuTLS, and so glib-networking, reads on Debian. */
#define TRUST_STORE "/etc/ssl/certs/ca-certificates.crt"
#define MAX_STEPS 10

/* ---- certificates ---- */

static gboolean
run (const char *folder, const char *line)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
    G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_auto (GStrv) argv = g_strsplit (line, " ", -1);
  g_autoptr (GSubprocess) process = NULL;

  g_subprocess_launcher_set_cwd (launcher, folder);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv, NULL);
  return process != NULL && g_subprocess_wait_check (process, NULL, NULL);
}

static void
run_openssl (const char *folder, const char *arguments)
{
  g_autofree char *line = g_strconcat ("openssl ", arguments, NULL);

  if (!run (folder, line))
    g_error ("this did not work: %s", line);
}

static void
concatenate (const char *first, const char *second, const char *path)
{
  g_autofree char *head = NULL;
  g_autofree char *tail = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (first, &head, NULL, &error);
  g_assert_no_error (error);
  g_file_get_contents (second, &tail, NULL, &error);
  g_assert_no_error (error);
  text = g_strconcat (head, tail, NULL);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

/* An authority that lives as long as the desktop, and a certificate for 127.0.0.1 of it. */
static void
make_certificates (const char *folder)
{
  g_autofree char *authority = g_build_filename (folder, "authority.pem", NULL);
  g_autofree char *leaf = g_build_filename (folder, "leaf.pem", NULL);
  g_autofree char *key = g_build_filename (folder, "leaf.key", NULL);
  g_autofree char *server = g_build_filename (folder, "server.pem", NULL);
  g_autofree char *trust = g_build_filename (folder, "trust.pem", NULL);
  g_autofree char *names = g_build_filename (folder, "names", NULL);

  g_assert_true (g_file_set_contents (names, "subjectAltName=IP:127.0.0.1\n", -1, NULL));
  run_openssl (folder, "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
                       "-subj /CN=bench-authority -keyout authority.key -out authority.pem");
  run_openssl (folder, "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
                       "-subj /CN=127.0.0.1 -keyout leaf.key -out leaf.csr");
  run_openssl (folder, "x509 -req -in leaf.csr -CA authority.pem -CAkey authority.key "
                       "-CAcreateserial -days 2 -extfile names -out leaf.pem");
  concatenate (leaf, key, server);
  concatenate (TRUST_STORE, authority, trust);
}

/* ---- the cloud ---- */

gboolean
sc_bench_cloud_is_private (void)
{
  return run ("/", "unshare --user --map-current-user --keep-caps --mount mount --bind " TRUST_STORE
                   " " TRUST_STORE);
}

static void
start_over_tls (ScBenchCloud *self, const char *folder)
{
  g_autofree char *server = g_build_filename (folder, "server.pem", NULL);
  g_autofree char *trust = g_build_filename (folder, "trust.pem", NULL);
  g_autofree char *authority = g_build_filename (folder, "authority.pem", NULL);
  const char *argv[] = { sc_bench_get_program ("SC_BENCH_TLS_FRONT"), server, NULL };
  g_autofree char *port = NULL;
  g_autoptr (GError) error = NULL;

  make_certificates (folder);
  self->front = sc_bench_program_start (NULL, argv);
  g_assert_nonnull (self->front);
  port = sc_bench_program_read (self->front);
  g_assert_nonnull (port);
  self->url = g_strconcat ("https://127.0.0.1:", port, NULL);
  self->sandbox = sc_test_sandbox_start ("--auto-approve", "--public-url", self->url, NULL);
  sc_bench_program_write (self->front, sc_test_sandbox_get_port (self->sandbox));
  self->tls_database = g_tls_file_database_new (authority, &error);
  g_assert_no_error (error);

  g_setenv ("SC_BENCH_TRUST", trust, TRUE);
  g_setenv ("SC_BENCH_TRUST_STORE", TRUST_STORE, TRUE);
  g_setenv ("SC_TEST_AGENT", sc_bench_get_program ("SC_BENCH_TRUSTING_AGENT"), TRUE);
}

ScBenchCloud *
sc_bench_cloud_start (ScTestDesktop *desktop)
{
  ScBenchCloud *self = g_new0 (ScBenchCloud, 1);
  g_autofree char *folder = sc_test_desktop_get_path (desktop, ".");

  if (sc_bench_cloud_is_private ())
    start_over_tls (self, folder);
  else
    {
      self->sandbox = sc_test_sandbox_start ("--auto-approve", NULL);
      self->url = g_strdup (sc_test_sandbox_get_url (self->sandbox));
    }
  return self;
}

void
sc_bench_cloud_free (ScBenchCloud *self)
{
  sc_bench_program_free (self->front);
  sc_test_sandbox_stop (self->sandbox);
  g_clear_object (&self->tls_database);
  g_free (self->url);
  g_free (self);
}

/* ---- the browser ---- */

SoupSession *
sc_bench_browser_new (GTlsDatabase *tls_database)
{
  SoupSession *browser = soup_session_new ();

  if (tls_database != NULL)
    soup_session_set_tls_database (browser, tls_database);
  return browser;
}

static char *
resolve (char *base, const char *location)
{
  char *absolute = g_uri_resolve_relative (base, location, G_URI_FLAGS_ENCODED, NULL);

  g_assert_nonnull (absolute);
  g_free (base);
  return absolute;
}

/* The answer of an authorization server that was asked for response_mode=form_post. */
static guint
post_form (SoupSession *browser, const char *url, GBytes *form)
{
  g_autoptr (SoupMessage) message = soup_message_new ("POST", url);
  g_autoptr (GBytes) page = NULL;
  g_autoptr (GError) error = NULL;

  soup_message_set_request_body_from_bytes (message, SOUP_FORM_MIME_TYPE_URLENCODED, form);
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  page = soup_session_send_and_read (browser, message, NULL, &error);
  g_assert_no_error (error);
  return soup_message_get_status (message);
}

guint
sc_bench_browser_follow (SoupSession *browser, const char *url)
{
  g_autofree char *next = g_strdup (url);

  for (guint i = 0; i < MAX_STEPS; i++)
    {
      g_autoptr (SoupMessage) message = soup_message_new ("GET", next);
      g_autoptr (GBytes) page = NULL;
      g_autoptr (GError) error = NULL;
      SoupMessageHeaders *headers;
      const char *target;

      g_assert_nonnull (message);
      soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
      page = soup_session_send_and_read (browser, message, NULL, &error);
      g_assert_no_error (error);
      headers = soup_message_get_response_headers (message);
      target = soup_message_headers_get_one (headers, "X-Bench-Post-To");
      if (target != NULL)
        return post_form (browser, target, page);
      target = soup_message_headers_get_one (headers, "Location");
      if (target == NULL)
        return soup_message_get_status (message);
      next = resolve (g_steal_pointer (&next), target);
    }
  g_assert_not_reached ();
}
