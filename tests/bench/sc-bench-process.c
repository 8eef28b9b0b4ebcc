// SPDX-License-Identifier: MIT
// Programs that the bench starts, and what the kernel says about them, on Linux.

#define G_LOG_DOMAIN "sc-bench"

#include "sc-bench-process.h"

#include "sc-test-child.h"

#include <stdlib.h>
#include <time.h>

ScBenchProgram *
sc_bench_program_start (char **environment, const char *const *argv)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                               G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  ScBenchProgram *self;

  if (environment != NULL)
    g_subprocess_launcher_set_environ (launcher, environment);
  sc_test_child_end_with_parent (launcher);
  process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  if (process == NULL)
    {
      g_printerr ("%s: %s\n", argv[0], error->message);
      return NULL;
    }
  self = g_new0 (ScBenchProgram, 1);
  self->lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  self->process = g_steal_pointer (&process);
  return self;
}

char *
sc_bench_program_read (ScBenchProgram *self)
{
  return g_data_input_stream_read_line_utf8 (self->lines, NULL, NULL, NULL);
}

void
sc_bench_program_write (ScBenchProgram *self, const char *line)
{
  GOutputStream *input = g_subprocess_get_stdin_pipe (self->process);
  g_autoptr (GError) error = NULL;

  g_output_stream_printf (input, NULL, NULL, &error, "%s\n", line);
  g_assert_no_error (error);
}

int
sc_bench_program_get_pid (ScBenchProgram *self)
{
  return atoi (g_subprocess_get_identifier (self->process));
}

gboolean
sc_bench_program_wait (ScBenchProgram *self)
{
  return g_subprocess_wait_check (self->process, NULL, NULL);
}

void
sc_bench_program_free (ScBenchProgram *self)
{
  if (self == NULL)
    return;
  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
  g_object_unref (self->lines);
  g_object_unref (self->process);
  g_free (self);
}

const char *
sc_bench_get_program (const char *name)
{
  const char *path = g_getenv (name);

  if (path == NULL)
    g_error ("%s has to name a program: run this through ./run bench", name);
  return path;
}

/* Of "Name:   123 kB", whose first characters are @name. */
static gint64
find_number (const char *text, const char *name)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], name))
      return g_ascii_strtoll (lines[i] + strlen (name), NULL, 10);
  return 0;
}

static char *
read_file (int pid, const char *format, const char *thread)
{
  g_autofree char *name = g_strdup_printf (format, thread);
  g_autofree char *path = g_strdup_printf ("/proc/%d/%s", pid, name);
  char *text = NULL;

  /* A thread may end between the listing and the look. */
  if (!g_file_get_contents (path, &text, NULL, NULL))
    return g_strdup ("");
  return text;
}

ScBenchWork
sc_bench_read_work (int pid)
{
  g_autofree char *folder = g_strdup_printf ("/proc/%d/task", pid);
  g_autoptr (GDir) threads = g_dir_open (folder, 0, NULL);
  ScBenchWork work = { 0 };
  const char *thread;

  g_assert_nonnull (threads);
  while ((thread = g_dir_read_name (threads)) != NULL)
    {
      g_autofree char *status = read_file (pid, "task/%s/status", thread);
      g_autofree char *schedstat = read_file (pid, "task/%s/schedstat", thread);

      work.threads++;
      work.voluntary_switches += find_number (status, "voluntary_ctxt_switches:");
      work.involuntary_switches += find_number (status, "nonvoluntary_ctxt_switches:");
      /* Nanoseconds on a processor; /proc/PID/stat only counts hundredths of a second. */
      work.cpu_ms += g_ascii_strtoll (schedstat, NULL, 10) / 1e6;
    }
  return work;
}

gboolean
sc_bench_read_memory (int pid, ScBenchMemory *memory)
{
  g_autofree char *text = read_file (pid, "%s", "smaps_rollup");

  if (*text == '\0')
    return FALSE;
  memory->pss = find_number (text, "Pss:") / 1024.0;
  memory->rss = find_number (text, "Rss:") / 1024.0;
  memory->uss =
    (find_number (text, "Private_Clean:") + find_number (text, "Private_Dirty:")) / 1024.0;
  return TRUE;
}

double
sc_bench_now (void)
{
  struct timespec now = { 0 };

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static gboolean
passed_cb (gpointer user_data)
{
  gboolean *passed = user_data;

  *passed = TRUE;
  return G_SOURCE_REMOVE;
}

void
sc_bench_let_pass (guint seconds)
{
  gboolean passed = FALSE;

  g_timeout_add_seconds (seconds, passed_cb, &passed);
  while (!passed)
    g_main_context_iteration (NULL, TRUE);
}
