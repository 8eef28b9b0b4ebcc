// SPDX-License-Identifier: MIT
// A program of the project that a test runs in its desktop session, with its output captured.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-command.h"

#include "sc-test-child.h"
#include "sc-test-wait.h"

#include <signal.h>

struct _ScTestCommand
{
  GSubprocess *process;
  GAsyncResult *communicated;
  char *output;
  char *errors;
};

static const struct
{
  const char *name;
  const char *variable;
} programs[] = {
  { "sikkactl", "SC_TEST_SIKKACTL" },
  { "sikka-companion-agent", "SC_TEST_AGENT" },
};

static const char *
find_program (const char *name)
{
  const char *path = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (programs); i++)
    if (g_str_equal (programs[i].name, name))
      path = g_getenv (programs[i].variable);
  if (path == NULL)
    g_error ("the environment does not say where %s is", name);
  return path;
}

static char **
parse_line (const char *line)
{
  g_auto (GStrv) argv = NULL;
  g_autofree char *program = NULL;
  g_autoptr (GError) error = NULL;

  g_shell_parse_argv (line, NULL, &argv, &error);
  g_assert_no_error (error);
  program = g_steal_pointer (&argv[0]);
  argv[0] = g_strdup (find_program (program));
  return g_steal_pointer (&argv);
}

ScTestCommand *
sc_test_command_start (ScTestDesktop *desktop, const char *line, const char *input)
{
  ScTestCommand *self = g_new0 (ScTestCommand, 1);
  GSubprocessFlags flags = G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE |
                           (input != NULL ? G_SUBPROCESS_FLAGS_STDIN_PIPE : 0);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);
  g_auto (GStrv) argv = parse_line (line);
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_set_environ (launcher, sc_test_desktop_get_environment (desktop));
  sc_test_child_end_with_parent (launcher);
  self->process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8_async (self->process, input, NULL, sc_test_result_cb,
                                       &self->communicated);
  return self;
}

int
sc_test_command_wait (ScTestCommand *self)
{
  if (self->output == NULL)
    {
      g_autoptr (GAsyncResult) result = sc_test_wait_result (&self->communicated);
      g_autoptr (GError) error = NULL;

      g_subprocess_communicate_utf8_finish (self->process, result, &self->output, &self->errors,
                                            &error);
      g_assert_no_error (error);
    }
  return g_subprocess_get_if_exited (self->process) ? g_subprocess_get_exit_status (self->process)
                                                    : -1;
}

ScTestCommand *
sc_test_command_run (ScTestDesktop *desktop, const char *line, const char *input)
{
  ScTestCommand *self = sc_test_command_start (desktop, line, input);

  sc_test_command_wait (self);
  return self;
}

void
sc_test_command_interrupt (ScTestCommand *self)
{
  g_subprocess_send_signal (self->process, SIGINT);
}

const char *
sc_test_command_get_output (ScTestCommand *self)
{
  return self->output;
}

const char *
sc_test_command_get_errors (ScTestCommand *self)
{
  return self->errors;
}

void
sc_test_command_free (ScTestCommand *self)
{
  if (self == NULL)
    return;
  if (self->output == NULL)
    {
      g_subprocess_force_exit (self->process);
      sc_test_command_wait (self);
    }
  g_object_unref (self->process);
  g_free (self->output);
  g_free (self->errors);
  g_free (self);
}
