// SPDX-License-Identifier: MIT
// A run of the real sikkactl against a scripted agent.

#define _XOPEN_SOURCE 700

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <glib-unix.h>

#include "sc-test-run.h"
#include "sc-test-wait.h"

typedef struct
{
  ScTestRun *run;
  GString *text;
} Reader;

static void
bytes_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Reader *reader = user_data;
  g_autoptr (GBytes) bytes =
    g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, NULL);

  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    {
      reader->run->open_streams--;
      g_free (reader);
      return;
    }

  g_string_append_len (reader->text, g_bytes_get_data (bytes, NULL),
                       (gssize) g_bytes_get_size (bytes));
  g_input_stream_read_bytes_async (G_INPUT_STREAM (source), 65536, G_PRIORITY_DEFAULT, NULL,
                                   bytes_read_cb, reader);
}

static void
read_stream (ScTestRun *run, GInputStream *stream, GString *text)
{
  Reader *reader = g_new0 (Reader, 1);

  reader->run = run;
  reader->text = text;
  run->open_streams++;
  g_input_stream_read_bytes_async (stream, 65536, G_PRIORITY_DEFAULT, NULL, bytes_read_cb, reader);
}

static void
exited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ScTestRun *run = user_data;

  g_assert_true (g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL));
  run->exited = TRUE;
}

static gboolean
terminal_readable_cb (int fd, GIOCondition condition, gpointer user_data)
{
  ScTestRun *run = user_data;
  char buffer[4096];
  gssize length = read (fd, buffer, sizeof buffer);

  if (length > 0)
    {
      g_string_append_len (run->err, buffer, length);
      return G_SOURCE_CONTINUE;
    }

  /* Linux says EIO when the last one has left the other side. */
  run->open_streams--;
  run->terminal_source = 0;
  return G_SOURCE_REMOVE;
}

/* A name with a blank in it can only stand at the end. */
static GPtrArray *
split_arguments (const char *arguments)
{
  GPtrArray *argv = g_ptr_array_new_with_free_func (g_free);
  const char *name = strstr (arguments, "--accept-practice=");
  g_autofree char *words =
    g_strndup (arguments, name != NULL ? (gsize) (name - arguments) : strlen (arguments));
  g_auto (GStrv) split = g_strsplit (words, " ", -1);

  g_ptr_array_add (argv, g_strdup (g_getenv ("SC_TEST_SIKKACTL")));
  for (gsize i = 0; split[i] != NULL; i++)
    if (*split[i] != '\0')
      g_ptr_array_add (argv, g_strdup (split[i]));
  if (name != NULL)
    g_ptr_array_add (argv, g_strdup (name));
  g_ptr_array_add (argv, NULL);
  return argv;
}

static GSubprocessLauncher *
launcher_new (ScTestFakeAgent *agent, GSubprocessFlags flags)
{
  GSubprocessLauncher *launcher = g_subprocess_launcher_new (flags);

  g_subprocess_launcher_setenv (launcher, "DBUS_SESSION_BUS_ADDRESS",
                                g_test_dbus_get_bus_address (agent->bus), TRUE);
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C.UTF-8", TRUE);
  g_subprocess_launcher_setenv (launcher, "TZ", "UTC", TRUE);
  g_subprocess_launcher_setenv (launcher, "G_DEBUG", "fatal-criticals", TRUE);
  return launcher;
}

static ScTestRun *
spawn (GSubprocessLauncher *launcher, const char *arguments)
{
  ScTestRun *run = g_new0 (ScTestRun, 1);
  g_autoptr (GPtrArray) argv = split_arguments (arguments);
  g_autoptr (GError) error = NULL;

  run->terminal = -1;
  run->out = g_string_new (NULL);
  run->err = g_string_new (NULL);
  run->process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, &error);
  g_assert_no_error (error);
  g_subprocess_wait_async (run->process, NULL, exited_cb, run);
  read_stream (run, g_subprocess_get_stdout_pipe (run->process), run->out);
  return run;
}

ScTestRun *
sc_test_run (ScTestFakeAgent *agent, const char *arguments)
{
  g_auto (GStrv) parts = g_strsplit (arguments, " < ", 2);
  g_autoptr (GSubprocessLauncher) launcher =
    launcher_new (agent, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                           G_SUBPROCESS_FLAGS_STDERR_PIPE);
  ScTestRun *run = spawn (launcher, parts[0] != NULL ? parts[0] : "");
  GOutputStream *input = g_subprocess_get_stdin_pipe (run->process);

  read_stream (run, g_subprocess_get_stderr_pipe (run->process), run->err);
  if (g_strv_length (parts) > 1)
    g_assert_true (g_output_stream_printf (input, NULL, NULL, NULL, "%s\n", parts[1]));
  g_assert_true (g_output_stream_close (input, NULL, NULL));
  return run;
}

ScTestRun *
sc_test_run_on_terminal (ScTestFakeAgent *agent, const char *arguments)
{
  g_autoptr (GSubprocessLauncher) launcher = launcher_new (agent, G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  int terminal = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC);
  ScTestRun *run;
  int other;

  g_assert_cmpint (terminal, >=, 0);
  g_assert_cmpint (grantpt (terminal), ==, 0);
  g_assert_cmpint (unlockpt (terminal), ==, 0);
  other = open (ptsname (terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
  g_assert_cmpint (other, >=, 0);
  g_subprocess_launcher_take_stdin_fd (launcher, dup (other));
  g_subprocess_launcher_take_stderr_fd (launcher, other);

  run = spawn (launcher, arguments);
  g_subprocess_launcher_close (launcher);
  run->terminal = terminal;
  run->open_streams++;
  run->terminal_source = g_unix_fd_add (terminal, G_IO_IN | G_IO_HUP, terminal_readable_cb, run);
  return run;
}

void
sc_test_run_free (ScTestRun *self)
{
  g_assert_true (self->exited);
  if (self->terminal >= 0)
    close (self->terminal);
  g_clear_object (&self->process);
  g_string_free (self->out, TRUE);
  g_string_free (self->err, TRUE);
  g_free (self);
}

void
sc_test_run_type (ScTestRun *self, const char *text)
{
  g_assert_cmpint (write (self->terminal, text, strlen (text)), ==, strlen (text));
}

typedef struct
{
  ScTestRun *run;
  GString *text;
  const char *pattern;
} Wait;

static gboolean
has_come (gpointer user_data)
{
  Wait *wait = user_data;

  return g_pattern_match_simple (wait->pattern, wait->text->str) ||
         (wait->run->exited && wait->run->open_streams == 0);
}

void
sc_test_run_wait_for (ScTestRun *self, GString *stream, const char *pattern)
{
  Wait wait = { self, stream, pattern };

  sc_test_wait_until (has_come, &wait);
  if (!g_pattern_match_simple (pattern, stream->str))
    g_test_message ("out: %s\nerr: %s", self->out->str, self->err->str);
  g_assert_true (g_pattern_match_simple (pattern, stream->str));
}

static gboolean
has_ended (gpointer user_data)
{
  ScTestRun *run = user_data;

  return run->exited && run->open_streams == 0;
}

static void
assert_harmless (GString *text, gboolean terminal)
{
  g_assert_true (g_utf8_validate (text->str, (gssize) text->len, NULL));
  for (const char *p = text->str; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean line_end = c == '\n' || (terminal && c == '\r');

      g_assert_true (line_end || !g_unichar_iscntrl (c));
      g_assert_cmphex (c, !=, 0x202e);
      g_assert_cmphex (c, !=, 0x2029);
    }
}

void
sc_test_run_wait (ScTestRun *self)
{
  sc_test_wait_until (has_ended, self);
  assert_harmless (self->out, FALSE);
  assert_harmless (self->err, self->terminal >= 0);
}

static void
assert_matches (const char *pattern, const char *text)
{
  if (!g_pattern_match_simple (pattern, text))
    g_test_message ("pattern: %s\ntext: %s", pattern, text);
  g_assert_true (g_pattern_match_simple (pattern, text));
}

void
sc_test_run_assert (ScTestRun *self, ScTestExit exit, const char *out, const char *err)
{
  assert_matches (out, self->out->str);
  assert_matches (err, self->err->str);
  g_assert_true (g_subprocess_get_if_exited (self->process));
  g_assert_cmpint (g_subprocess_get_exit_status (self->process), ==, (int) exit);
}
