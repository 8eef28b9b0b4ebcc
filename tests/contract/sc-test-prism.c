// SPDX-License-Identifier: MIT
// Prism as a validating proxy in front of the sandbox.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-prism.h"

#include "sc-test-child.h"
#include "sc-test-http.h"
#include "sc-test-wait.h"

#include <glib/gstdio.h>
#include <string.h>

#define READY "Prism is listening"
#define SYNC_PATH "/look-"

struct _ScTestPrism
{
  GSubprocess *process;
  char *url;
  char *log_path;
  gsize seen;
  guint looks;
  gboolean is_looking;
};

static const char *
get_variable (const char *name)
{
  const char *value = g_getenv (name);

  if (value == NULL)
    g_error ("%s has to be in the environment", name);
  return value;
}

static char *
build_tool_path (const char *name)
{
  return g_build_filename (get_variable ("SC_TEST_NODE_MODULES"), name, NULL);
}

guint16
sc_test_prism_find_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GError) error = NULL;

  g_socket_listener_add_address (listener, wanted, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
                                 NULL, &address, &error);
  g_assert_no_error (error);
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
}

static void
spawn (ScTestPrism *self, guint16 port, const char *upstream, gboolean is_strict)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autofree char *program = build_tool_path ("@stoplight/prism-cli/dist/index.js");
  g_autofree char *port_text = g_strdup_printf ("%u", port);
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_set_stdout_file_path (launcher, self->log_path);
  sc_test_child_end_with_parent (launcher);
  self->process = g_subprocess_launcher_spawn (
    launcher, &error, "node", "--require", get_variable ("SC_TEST_PASS_REDIRECTS"), program,
    "proxy", get_variable ("SC_TEST_CONTRACT"), upstream, "--host", "127.0.0.1", "--port",
    port_text, is_strict ? "--errors" : NULL, NULL);
  g_assert_no_error (error);
}

static char *
read_log (ScTestPrism *self)
{
  char *text = NULL;

  g_assert_true (g_file_get_contents (self->log_path, &text, NULL, NULL));
  return text;
}

typedef struct
{
  ScTestPrism *prism;
  const char *text;
} LogWait;

static gboolean
is_logged (gpointer user_data)
{
  const LogWait *wait = user_data;
  g_autofree char *log = read_log (wait->prism);

  return strstr (log + wait->prism->seen, wait->text) != NULL;
}

static void
wait_logged (ScTestPrism *self, const char *text)
{
  LogWait wait = { self, text };

  sc_test_wait_polling (is_logged, &wait);
}

ScTestPrism *
sc_test_prism_start (guint16 port, const char *upstream, gboolean is_strict)
{
  ScTestPrism *self = g_new0 (ScTestPrism, 1);
  g_autoptr (GError) error = NULL;
  int descriptor = g_file_open_tmp ("sc-test-prism-XXXXXX", &self->log_path, &error);

  g_assert_no_error (error);
  g_close (descriptor, NULL);
  self->url = g_strdup_printf ("http://127.0.0.1:%u", port);
  spawn (self, port, upstream, is_strict);
  wait_logged (self, READY);
  return self;
}

void
sc_test_prism_stop (ScTestPrism *self)
{
  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
  g_object_unref (self->process);
  g_unlink (self->log_path);
  g_free (self->log_path);
  g_free (self->url);
  g_free (self);
}

const char *
sc_test_prism_get_url (ScTestPrism *self)
{
  return self->url;
}

/* Its log is written a little after its answers: once a request of our own is in it, all before
 * are. */
static void
wait_for_log (ScTestPrism *self)
{
  g_autofree char *path = g_strdup_printf (SYNC_PATH "%u", ++self->looks);
  g_autofree char *url = g_strconcat (self->url, path, NULL);
  g_autofree char *line = g_strconcat ("get ", path, " ", NULL);
  g_autoptr (ScTestAnswer) answer = sc_test_http_send ("GET", url, NULL, NULL, NULL);

  g_assert_cmpuint (answer->status, ==, 404);
  wait_logged (self, line);
}

/* What our own request leads to is no exchange: it is left out up to the next request. */
static gboolean
is_own (ScTestPrism *self, const char *line)
{
  if (strstr (line, "Request received") != NULL)
    self->is_looking = strstr (line, SYNC_PATH) != NULL;
  return self->is_looking;
}

static void
note_line (ScTestPrismNotes *notes, const char *line)
{
  if (strstr (line, "The upstream call to ") != NULL)
    notes->forwarded++;
  else if (strstr (line, "Violation: request") != NULL)
    g_ptr_array_add (notes->in_requests, g_strdup (line));
  else if (strstr (line, "Violation:") != NULL || strstr (line, "terminated with error") != NULL)
    g_ptr_array_add (notes->in_answers, g_strdup (line));
}

ScTestPrismNotes *
sc_test_prism_look (ScTestPrism *self)
{
  ScTestPrismNotes *notes = g_new0 (ScTestPrismNotes, 1);
  g_autofree char *log = NULL;
  g_auto (GStrv) lines = NULL;

  wait_for_log (self);
  log = read_log (self);
  lines = g_strsplit (log + self->seen, "\n", -1);
  self->seen = strlen (log);
  notes->in_requests = g_ptr_array_new_with_free_func (g_free);
  notes->in_answers = g_ptr_array_new_with_free_func (g_free);
  for (char **line = lines; *line != NULL; line++)
    if (!is_own (self, *line))
      note_line (notes, *line);
  return notes;
}

void
sc_test_prism_notes_free (ScTestPrismNotes *self)
{
  g_ptr_array_unref (self->in_requests);
  g_ptr_array_unref (self->in_answers);
  g_free (self);
}

char *
sc_test_prism_bundle (void)
{
  g_autofree char *program = build_tool_path ("@redocly/cli/bin/cli.js");
  g_autofree char *out = g_strdup_printf ("%s/sc-contract-XXXXXX", g_get_tmp_dir ());
  g_autofree char *file = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_assert_nonnull (g_mkdtemp (out));
  file = g_build_filename (out, "contract.json", NULL);
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                              &error, "node", program, "bundle", get_variable ("SC_TEST_CONTRACT"),
                              "--output", file, NULL);
  g_assert_no_error (error);
  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
  g_file_get_contents (file, &text, NULL, &error);
  g_assert_no_error (error);
  g_unlink (file);
  g_rmdir (out);
  return text;
}
