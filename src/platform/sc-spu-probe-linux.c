// SPDX-License-Identifier: MIT
// Looking for an SPU that runs under Wine: its programs in the process list, its folder in the
// person's Wine prefix.

#define G_LOG_DOMAIN "sc-platform"

#include <string.h>

#include "sc-spu-probe-private.h"

#include "sc-error.h"
#include "sc-system.h"

/* The kernel keeps this much of a program's name in /proc/PID/comm. */
#define COMM_LENGTH 15
#define MAX_FINDINGS_PER_NAME 3

static const char *const wine_folders[] = {
  "drive_c",
  "drive_c/Program Files",
  "drive_c/Program Files (x86)",
};

typedef struct
{
  char *proc;
  char *wine_prefix;
  ScSpuNames *names;
  gint64 now;
} Probe;

/* One process, as far as it can be seen; a member is NULL when it cannot. */
typedef struct
{
  const char *pid;
  char *command; /* argv[0] */
  char *target;  /* of the exe link */
  char *comm;
} Process;

static void
process_clear (Process *self)
{
  g_free (self->command);
  g_free (self->target);
  g_free (self->comm);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Process, process_clear)

static char *
read_line (const char *proc, const char *pid, const char *name)
{
  g_autofree char *path = g_build_filename (proc, pid, name, NULL);
  char *text = NULL;

  /* Up to the first NUL, that is argv[0], or up to the end of the line. */
  if (g_file_get_contents (path, &text, NULL, NULL))
    g_strdelimit (text, "\n", '\0');
  return text;
}

static char *
read_target (const char *proc, const char *pid)
{
  g_autofree char *path = g_build_filename (proc, pid, "exe", NULL);

  return g_file_read_link (path, NULL);
}

/* Under Wine argv[0] is a Windows path. */
static const char *
find_base (const char *path)
{
  const char *base = path;

  for (const char *p = path; *p != '\0'; p++)
    if (*p == '/' || *p == '\\')
      base = p + 1;
  return base;
}

static gboolean
is_named (const char *path, const char *name)
{
  return path != NULL && g_ascii_strcasecmp (find_base (path), name) == 0;
}

static gboolean
has_name (const Process *process, const char *name)
{
  if (is_named (process->command, name) || is_named (process->target, name))
    return TRUE;
  if (process->comm == NULL)
    return FALSE;
  return strlen (name) > COMM_LENGTH ? strlen (process->comm) == COMM_LENGTH &&
                                         g_ascii_strncasecmp (process->comm, name, COMM_LENGTH) == 0
                                     : g_ascii_strcasecmp (process->comm, name) == 0;
}

static void add_evidence (ScSpuFindings *findings, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
add_evidence (ScSpuFindings *findings, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_ptr_array_add (findings->evidence, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

static void
look_at_process (const Probe *self, const char *pid, guint *n_found, ScSpuFindings *findings)
{
  g_auto (Process) process = { .pid = pid };

  process.command = read_line (self->proc, pid, "cmdline");
  /* Dead ones that nobody waited for, and the kernel's own, have no command line. */
  if (process.command != NULL && *process.command == '\0')
    return;
  process.target = read_target (self->proc, pid);
  process.comm = read_line (self->proc, pid, "comm");
  for (guint i = 0; self->names->processes[i] != NULL; i++)
    if (has_name (&process, self->names->processes[i]) && n_found[i]++ < MAX_FINDINGS_PER_NAME)
      add_evidence (findings, "%s runs as process %s", self->names->processes[i], pid);
}

static gboolean
is_number (const char *text)
{
  return *text != '\0' && strspn (text, "0123456789") == strlen (text);
}

/* With hidepid the processes of other users are missing, the first of them all among them. */
static gboolean
sees_everybody (const char *proc)
{
  g_autofree char *first = read_line (proc, "1", "comm");

  return first != NULL;
}

static gboolean
has_program_folder (const Probe *self, ScSpuFindings *findings)
{
  for (char **name = self->names->folders; self->wine_prefix != NULL && *name != NULL; name++)
    for (gsize i = 0; i < G_N_ELEMENTS (wine_folders); i++)
      {
        g_autofree char *path = g_build_filename (self->wine_prefix, wine_folders[i], *name, NULL);

        if (g_file_test (path, G_FILE_TEST_IS_DIR))
          {
            add_evidence (findings, "folder %s/%s in the Wine prefix", wine_folders[i], *name);
            return TRUE;
          }
      }
  return FALSE;
}

/* The processes were counted; what does that say? */
static ScSpuState
judge (const Probe *self, const guint *n_found, ScSpuFindings *findings)
{
  guint n_names = g_strv_length (self->names->processes);
  guint n_running = 0;

  for (guint i = 0; i < n_names; i++)
    {
      sc_spu_findings_add_process (findings, self->names->processes[i], n_found[i] > 0);
      n_running += n_found[i] > 0;
    }
  if (n_names > 0 && n_running == n_names)
    return SC_SPU_RUNNING;
  if (!sees_everybody (self->proc))
    {
      add_evidence (findings, "the processes of other users are hidden");
      return SC_SPU_COULD_NOT_LOOK;
    }
  if (has_program_folder (self, findings) || n_running > 0)
    return SC_SPU_STOPPED;
  add_evidence (findings, "no process and no Wine folder of the SPU");
  return SC_SPU_NOT_INSTALLED;
}

static ScSpuFindings *
probe_scan (const Probe *self, GCancellable *cancellable)
{
  ScSpuFindings *findings = sc_spu_findings_new (self->now);
  g_autofree guint *n_found = g_new0 (guint, g_strv_length (self->names->processes) + 1);
  g_autoptr (GDir) folder = g_dir_open (self->proc, 0, NULL);
  const char *entry = NULL;

  findings->state = SC_SPU_COULD_NOT_LOOK;
  if (folder == NULL)
    {
      add_evidence (findings, "the process list cannot be read");
      return findings;
    }
  while (!g_cancellable_is_cancelled (cancellable) && (entry = g_dir_read_name (folder)) != NULL)
    if (is_number (entry))
      look_at_process (self, entry, n_found, findings);
  findings->state = judge (self, n_found, findings);
  return findings;
}

ScSpuFindings *
sc_spu_probe_scan (const char *proc,
                   const char *wine_prefix,
                   const ScSpuNames *names,
                   gint64 now,
                   GCancellable *cancellable)
{
  const Probe self = { (char *) proc, (char *) wine_prefix, (ScSpuNames *) names, now };

  g_return_val_if_fail (proc != NULL, NULL);
  g_return_val_if_fail (names != NULL, NULL);

  return probe_scan (&self, cancellable);
}

static void
probe_free (Probe *self)
{
  g_free (self->proc);
  g_free (self->wine_prefix);
  sc_spu_names_free (self->names);
  g_free (self);
}

static void
probe_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (ScSpuFindings) findings = probe_scan (data, cancellable);

  if (g_cancellable_is_cancelled (cancellable))
    g_task_return_new_error (task, SC_ERROR, SC_ERROR_CANCELLED, "SPU probe: cancelled");
  else
    g_task_return_pointer (task, g_steal_pointer (&findings),
                           (GDestroyNotify) sc_spu_findings_free);
}

static Probe *
probe_new (const ScSpuNames *names, gint64 now)
{
  const char *prefix = g_getenv ("WINEPREFIX");
  Probe *self = g_new0 (Probe, 1);

  self->proc = g_strdup ("/proc");
  self->wine_prefix = g_strdup (prefix);
  if (prefix == NULL)
    self->wine_prefix = g_build_filename (g_get_home_dir (), ".wine", NULL);
  self->names = sc_spu_names_copy (names);
  self->now = now;
  return self;
}

void
sc_spu_probe_async (const ScSpuNames *names,
                    gint64 now,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (names != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, sc_spu_probe_async);
  g_task_set_check_cancellable (task, FALSE);
  if (sc_system_is_sandboxed ())
    {
      ScSpuFindings *findings = sc_spu_findings_new (now);

      findings->state = SC_SPU_COULD_NOT_LOOK;
      add_evidence (findings, "a sandbox hides the other programs");
      g_task_return_pointer (task, findings, (GDestroyNotify) sc_spu_findings_free);
      return;
    }
  g_task_set_task_data (task, probe_new (names, now), (GDestroyNotify) probe_free);
  /* Hundreds of small files of the kernel, each of which may block. */
  g_task_run_in_thread (task, probe_in_thread);
}

ScSpuFindings *
sc_spu_probe_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, sc_spu_probe_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
