// SPDX-License-Identifier: MIT
// The sandbox ends in order when it is asked to.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-child.h"

#include <signal.h>

static void
test_signal (gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  g_autofree char *line = NULL;

  sc_test_child_end_with_parent (launcher);
  /* Under the sanitizers the sandbox may not lose anything but what lsan.supp names. */
  g_subprocess_launcher_setenv (launcher, "ASAN_OPTIONS", "fast_unwind_on_malloc=0", TRUE);
  process = g_subprocess_launcher_spawn (launcher, &error, g_getenv ("SC_TEST_SANDBOX"), NULL);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  line = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
  g_assert_true (g_str_has_prefix (line, "sandbox ready at http://127.0.0.1:"));

  g_subprocess_send_signal (process, GPOINTER_TO_INT (user_data));
  g_subprocess_wait (process, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/sandbox/quit/sigterm", GINT_TO_POINTER (SIGTERM), test_signal);
  g_test_add_data_func ("/sandbox/quit/sigint", GINT_TO_POINTER (SIGINT), test_signal);

  return g_test_run ();
}
