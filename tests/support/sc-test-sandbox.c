// SPDX-License-Identifier: MIT
// The real sikka-sandbox as the peer of a test.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-sandbox.h"

#include "sc-test-child.h"
#include "sc-test-wait.h"

#include <glib/gstdio.h>

#define READY_PREFIX "sandbox ready at "

struct _ScTestSandbox
{
  GSubprocess *process;
  char *url;
  char *own_state_dir; /* (nullable): to be removed */
};

static gboolean
has_argument (GPtrArray *argv, const char *name)
{
  for (guint i = 0; i < argv->len; i++)
    if (g_str_has_prefix (g_ptr_array_index (argv, i), name))
      return TRUE;
  return FALSE;
}

static void
add_option (GPtrArray *argv, const char *name, const char *value)
{
  g_ptr_array_add (argv, g_strdup (name));
  g_ptr_array_add (argv, g_strdup (value));
}

static GPtrArray *
collect_arguments (const char *first_arg, va_list more)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  const char *program = g_getenv ("SC_TEST_SANDBOX");

  if (program == NULL)
    g_error ("SC_TEST_SANDBOX has to name the sikka-sandbox program");
  g_ptr_array_add (argv, g_strdup (program));
  for (const char *arg = first_arg; arg != NULL; arg = va_arg (more, const char *))
    g_ptr_array_add (argv, g_strdup (arg));
  return g_steal_pointer (&argv);
}

static void
spawn (ScTestSandbox *self, GPtrArray *argv)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GError) error = NULL;

  sc_test_child_end_with_parent (launcher);
  self->process =
    g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, &error);
  g_assert_no_error (error);
}

static gboolean
ceiling_reached_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

/* In a context of its own, so that nothing of the test is dispatched meanwhile. */
static char *
read_first_line (GSubprocess *process)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GDataInputStream) lines =
    g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  g_autoptr (GCancellable) ceiling = g_cancellable_new ();
  g_autoptr (GSource) timer = g_timeout_source_new_seconds (SC_TEST_CEILING);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  char *line;

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  g_main_context_push_thread_default (context);
  g_source_set_callback (timer, ceiling_reached_cb, ceiling, NULL);
  g_source_attach (timer, context);
  g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, ceiling, sc_test_result_cb,
                                       &result);
  while (result == NULL)
    g_main_context_iteration (context, TRUE);
  line = g_data_input_stream_read_line_finish (lines, result, NULL, &error);
  g_source_destroy (timer);
  g_main_context_pop_thread_default (context);

  g_assert_no_error (error);
  return line;
}

static void
wait_until_ready (ScTestSandbox *self)
{
  g_autofree char *line = read_first_line (self->process);

  if (line == NULL)
    g_error ("the sandbox ended before it was ready");
  g_strchomp (line);
  g_assert_true (g_str_has_prefix (line, READY_PREFIX));
  self->url = g_strdup (line + strlen (READY_PREFIX));
}

ScTestSandbox *
sc_test_sandbox_start (const char *first_arg, ...)
{
  g_autoptr (ScTestSandbox) self = g_new0 (ScTestSandbox, 1);
  g_autoptr (GPtrArray) argv = NULL;
  g_autoptr (GError) error = NULL;
  va_list more;

  va_start (more, first_arg);
  argv = collect_arguments (first_arg, more);
  va_end (more);

  if (!has_argument (argv, "--port"))
    add_option (argv, "--port", "0");
  if (!has_argument (argv, "--state-dir"))
    {
      self->own_state_dir = g_dir_make_tmp ("sc-test-sandbox-XXXXXX", &error);
      g_assert_no_error (error);
      add_option (argv, "--state-dir", self->own_state_dir);
    }
  g_ptr_array_add (argv, NULL);

  spawn (self, argv);
  wait_until_ready (self);
  return g_steal_pointer (&self);
}

/* The sandbox's state directory is flat. */
static void
remove_directory (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      g_unlink (file);
    }
  g_rmdir (path);
}

void
sc_test_sandbox_stop (ScTestSandbox *self)
{
  if (self == NULL)
    return;

  if (self->process != NULL)
    {
      g_subprocess_force_exit (self->process);
      g_subprocess_wait (self->process, NULL, NULL);
    }
  if (self->own_state_dir != NULL)
    remove_directory (self->own_state_dir);
  g_clear_object (&self->process);
  g_free (self->own_state_dir);
  g_free (self->url);
  g_free (self);
}

const char *
sc_test_sandbox_get_url (ScTestSandbox *self)
{
  return self->url;
}

const char *
sc_test_sandbox_get_port (ScTestSandbox *self)
{
  return strrchr (self->url, ':') + 1;
}

static void
post (ScTestSandbox *self, const char *path, const char *body)
{
  g_autofree char *url = g_strconcat (self->url, path, NULL);
  g_autoptr (ScTestAnswer) answer = sc_test_http_send ("POST", url, "application/json", body, NULL);

  g_assert_cmpuint (answer->status / 100, ==, 2);
}

void
sc_test_sandbox_set_scenario (ScTestSandbox *self, const char *name)
{
  g_autofree char *body = g_strdup_printf ("{\"name\":\"%s\"}", name);

  post (self, "/sandbox/scenario", body);
}

void
sc_test_sandbox_set_trouble (ScTestSandbox *self, const char *name, const char *path)
{
  g_autofree char *body = g_strdup_printf ("{\"name\":\"%s\",\"path\":\"%s\"}", name, path);

  post (self, "/sandbox/scenario", body);
}

void
sc_test_sandbox_advance_clock (ScTestSandbox *self, gint64 seconds)
{
  g_autofree char *body = g_strdup_printf ("{\"advance\":%" G_GINT64_FORMAT "}", seconds);

  post (self, "/sandbox/clock", body);
}

void
sc_test_sandbox_reset (ScTestSandbox *self)
{
  post (self, "/sandbox/reset", "{}");
}

static JsonObject *
get_object (ScTestSandbox *self, const char *path)
{
  g_autofree char *url = g_strconcat (self->url, path, NULL);
  g_autoptr (ScTestAnswer) answer = sc_test_http_send ("GET", url, NULL, NULL, NULL);

  g_assert_cmpuint (answer->status, ==, 200);
  return sc_test_answer_get_object (answer);
}

gint64
sc_test_sandbox_count (ScTestSandbox *self, const char *method_and_path)
{
  g_autoptr (JsonObject) log = get_object (self, "/sandbox/requests");

  if (method_and_path == NULL)
    return json_object_get_int_member (log, "total");
  return json_object_get_int_member_with_default (json_object_get_object_member (log, "counters"),
                                                  method_and_path, 0);
}

JsonObject *
sc_test_sandbox_get_state (ScTestSandbox *self)
{
  return get_object (self, "/sandbox/state");
}

JsonObject *
sc_test_sandbox_get_reports (ScTestSandbox *self)
{
  return get_object (self, "/sandbox/reports");
}
