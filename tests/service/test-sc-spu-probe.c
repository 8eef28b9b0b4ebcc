// SPDX-License-Identifier: MIT
// The SPU probe on process lists that are made up, and on the real one with a real process in it;
// the file of names, good and bad.

#include "sc-spu-probe-private.h"

#include "sc-error.h"
#include "sc-test-child.h"
#include "sc-test-wait.h"

#include <glib/gstdio.h>
#include <string.h>

#define NOW 1700000000

typedef struct
{
  char *folder;
  ScSpuNames *names;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("sc-probe-XXXXXX", NULL);
  fixture->names = sc_spu_names_load ("/nonexistent/spu.ini", NULL);
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) folder =
    g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name = NULL;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_all (child);
    }
  g_remove (path);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  remove_all (fixture->folder);
  g_free (fixture->folder);
  sc_spu_names_free (fixture->names);
}

/* ---- process lists that are made up ---- */

typedef struct
{
  const char *command; /* "|" stands for NUL; NULL: unreadable */
  const char *comm;
  const char *target;
} FakeProcess;

#define INIT                                                    \
  {                                                             \
    "/sbin/init|splash|", "systemd", "/usr/lib/systemd/systemd" \
  }
#define SHELL                                       \
  {                                                 \
    "bash|SSCservice.exe|", "bash", "/usr/bin/bash" \
  }
#define WINE "/usr/lib/wine/wine64-preloader"
#define ONE                                                           \
  {                                                                   \
    "C:\\Program Files\\SSC\\SSCservice.exe|", "SSCservice.exe", WINE \
  }
#define TWO                                                                      \
  {                                                                              \
    "C:\\Program Files\\SSC\\SSCWindowsService.exe|-d|", "SSCWindowsServi", WINE \
  }

typedef struct
{
  const char *name;
  FakeProcess processes[4];
  gboolean with_folder;
  ScSpuState state;
  gboolean first_runs;
  gboolean second_runs;
} Row;

static const Row rows[] = {
  { "both", { INIT, ONE, TWO }, FALSE, SC_SPU_RUNNING, TRUE, TRUE },
  { "both-slashes",
    { INIT, { "/opt/SSC/sscSERVICE.EXE|", "x", WINE }, { "SSCWindowsService.exe|", "y", WINE } },
    FALSE,
    SC_SPU_RUNNING,
    TRUE,
    TRUE },
  { "both-by-comm",
    { INIT, { NULL, "SSCservice.exe", NULL }, { NULL, "SSCWindowsServi", NULL } },
    FALSE,
    SC_SPU_RUNNING,
    TRUE,
    TRUE },
  { "both-by-target",
    { INIT, { "a|", "a", "/o/SSCservice.exe" }, { "b|", "b", "/o/SSCWindowsService.exe" } },
    FALSE,
    SC_SPU_RUNNING,
    TRUE,
    TRUE },
  { "only-first", { INIT, ONE }, FALSE, SC_SPU_STOPPED, TRUE, FALSE },
  { "only-second", { INIT, TWO }, FALSE, SC_SPU_STOPPED, FALSE, TRUE },
  { "folder-alone", { INIT }, TRUE, SC_SPU_STOPPED, FALSE, FALSE },
  { "nothing", { INIT }, FALSE, SC_SPU_NOT_INSTALLED, FALSE, FALSE },
  { "name-as-argument", { INIT, SHELL }, FALSE, SC_SPU_NOT_INSTALLED, FALSE, FALSE },
  { "longer-name",
    { INIT, { "C:\\MySSCservice.exe|", "MySSCservice.ex", WINE } },
    FALSE,
    SC_SPU_NOT_INSTALLED,
    FALSE,
    FALSE },
  { "dead", { INIT, { "", "SSCservice.exe", NULL } }, FALSE, SC_SPU_NOT_INSTALLED, FALSE, FALSE },
  { "hidden", { { NULL } }, FALSE, SC_SPU_COULD_NOT_LOOK, FALSE, FALSE },
  { "hidden-first", { { NULL }, ONE }, FALSE, SC_SPU_COULD_NOT_LOOK, TRUE, FALSE },
  { "hidden-both", { { NULL }, ONE, TWO }, FALSE, SC_SPU_RUNNING, TRUE, TRUE },
};

static void
write_process_file (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *bytes = g_strdup (text);

  if (text == NULL)
    return;
  g_strdelimit (bytes, "|", '\0');
  g_assert_true (g_file_set_contents (path, bytes, strlen (text), NULL));
}

static char *
make_proc (Fixture *fixture, const Row *row)
{
  char *proc = g_build_filename (fixture->folder, "proc", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (row->processes); i++)
    {
      const FakeProcess *process = &row->processes[i];
      g_autofree char *pid = g_strdup_printf ("%u", i == 0 ? 1 : 100 + i);
      g_autofree char *folder = g_build_filename (proc, pid, NULL);
      g_autofree char *link = g_build_filename (folder, "exe", NULL);
      g_autofree char *comm = g_strconcat (process->comm != NULL ? process->comm : "", "\n", NULL);

      if (i > 0 && process->comm == NULL)
        break;
      g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
      write_process_file (folder, "cmdline", process->command);
      write_process_file (folder, "comm", process->comm == NULL ? NULL : comm);
      if (process->target != NULL)
        {
          g_autoptr (GFile) file = g_file_new_for_path (link);

          g_assert_true (g_file_make_symbolic_link (file, process->target, NULL, NULL));
        }
    }
  return proc;
}

static gboolean
runs (const ScSpuFindings *findings, guint index)
{
  const ScSpuProcess *process = g_ptr_array_index (findings->processes, index);

  return process->running;
}

static void
test_row (Fixture *fixture, gconstpointer data)
{
  const Row *row = data;
  g_autofree char *proc = make_proc (fixture, row);
  g_autofree char *prefix = g_build_filename (fixture->folder, "wine", NULL);
  g_autofree char *program = g_build_filename (prefix, "drive_c", "Program Files", "SSC", NULL);
  g_autoptr (ScSpuFindings) findings = NULL;

  if (row->with_folder)
    g_assert_cmpint (g_mkdir_with_parents (program, 0700), ==, 0);
  findings = sc_spu_probe_scan (proc, prefix, fixture->names, NOW, NULL);
  g_assert_cmpint (findings->state, ==, row->state);
  g_assert_cmpint (findings->checked, ==, NOW);
  g_assert_cmpuint (findings->processes->len, ==, 2);
  g_assert_cmpint (runs (findings, 0), ==, row->first_runs);
  g_assert_cmpint (runs (findings, 1), ==, row->second_runs);
  g_assert_cmpuint (findings->evidence->len, >, 0);
}

static void
test_no_proc (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ScSpuFindings) findings = NULL;

  findings = sc_spu_probe_scan ("/nonexistent/proc", NULL, fixture->names, NOW, NULL);
  g_assert_cmpint (findings->state, ==, SC_SPU_COULD_NOT_LOOK);
  g_assert_cmpuint (findings->evidence->len, ==, 1);
}

/* ---- the real one ---- */

static GSubprocess *
start_program (Fixture *fixture, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autoptr (GFile) from = g_file_new_for_path ("/bin/sleep");
  g_autoptr (GFile) to = g_file_new_for_path (path);
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GError) error = NULL;
  GSubprocess *process = NULL;

  g_assert_true (g_file_copy (from, to, G_FILE_COPY_NONE, NULL, NULL, NULL, &error));
  sc_test_child_end_with_parent (launcher);
  process = g_subprocess_launcher_spawn (launcher, &error, path, "600", NULL);
  g_assert_no_error (error);
  return process;
}

static void
end_program (GSubprocess **process)
{
  g_subprocess_force_exit (*process);
  g_assert_true (g_subprocess_wait (*process, NULL, NULL));
  g_clear_object (process);
}

static ScSpuFindings *
probe (Fixture *fixture, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *place = NULL;

  sc_spu_probe_async (fixture->names, NOW, cancellable, sc_test_result_cb, &place);
  result = sc_test_wait_result (&place);
  return sc_spu_probe_finish (result, error);
}

static void
assert_probe (Fixture *fixture, ScSpuState state, gboolean first, gboolean second)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScSpuFindings) findings = probe (fixture, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (findings->state, ==, state);
  g_assert_cmpint (runs (findings, 0), ==, first);
  g_assert_cmpint (runs (findings, 1), ==, second);
}

static void
test_real_processes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSubprocess) first = start_program (fixture, "SSCservice.exe");
  g_autoptr (GSubprocess) second = NULL;

  assert_probe (fixture, SC_SPU_STOPPED, TRUE, FALSE);
  second = start_program (fixture, "SSCWindowsService.exe");
  assert_probe (fixture, SC_SPU_RUNNING, TRUE, TRUE);
  end_program (&first);
  assert_probe (fixture, SC_SPU_STOPPED, FALSE, TRUE);
  end_program (&second);
  assert_probe (fixture, SC_SPU_NOT_INSTALLED, FALSE, FALSE);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (probe (fixture, cancellable, &error));
  g_assert_error (error, SC_ERROR, SC_ERROR_CANCELLED);
}

/* ---- the file of names ---- */

static ScSpuNames *
load_names (Fixture *fixture, const char *text, gssize length, char **problem)
{
  g_autofree char *path = g_build_filename (fixture->folder, "spu.ini", NULL);

  g_assert_true (g_file_set_contents (path, text, length, NULL));
  return sc_spu_names_load (path, problem);
}

static void
assert_same_names (const ScSpuNames *a, const ScSpuNames *b)
{
  g_assert_cmpstrv (a->processes, b->processes);
  g_assert_cmpstrv (a->folders, b->folders);
  g_assert_cmpstrv (a->service_patterns, b->service_patterns);
  g_assert_cmpstrv (a->uninstall_patterns, b->uninstall_patterns);
  g_assert_cmpstrv (a->logs, b->logs);
  g_assert_cmpstr (a->account, ==, b->account);
}

/* The file that is installed says what is built in. */
static void
test_installed_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *problem = NULL;
  const char *path = g_getenv ("SC_TEST_SPU_INI");
  g_autoptr (ScSpuNames) names = sc_spu_names_load (path, &problem);

  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
  g_assert_cmpstr (problem, ==, NULL);
  assert_same_names (names, fixture->names);
}

static void
test_corrected_names (Fixture *fixture, gconstpointer data)
{
  g_autofree char *problem = NULL;
  const char *text = "[spu]\nprocesses=a.exe;b.exe;c.exe\nservice_patterns=*\\\\x\\\\*\n";
  g_autoptr (ScSpuNames) names = load_names (fixture, text, -1, &problem);

  g_assert_cmpstr (problem, ==, NULL);
  g_assert_cmpuint (g_strv_length (names->processes), ==, 3);
  g_assert_cmpstr (names->processes[2], ==, "c.exe");
  g_assert_cmpstr (names->service_patterns[0], ==, "*\\x\\*");
  g_assert_cmpstrv (names->folders, fixture->names->folders);
}

static const struct
{
  const char *text;
  const char *named; /* in the problem */
} bad_files[] = {
  { "processes=a\n", "" },
  { "[spu\n", "" },
  { "", "[spu]" },
  { "[other]\nprocesses=a\n", "[spu]" },
  { "[spu]\nprocesses=\n", "processes" },
  { "[spu]\nprocesses=a;;b\n", "processes" },
  { "[spu]\nfolders=  ;x\n", "folders" },
  { "[spu]\nlogs=\xff\xfe\n", "logs" },
  { "[spu]\naccount=\n", "account" },
  { "[spu]\nprocess=a\n", "process" },
};

static void
test_bad_files (Fixture *fixture, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad_files); i++)
    {
      g_autofree char *problem = NULL;
      g_autoptr (ScSpuNames) names = load_names (fixture, bad_files[i].text, -1, &problem);

      g_test_message ("%" G_GSIZE_FORMAT ": %s", i, problem);
      g_assert_nonnull (problem);
      g_assert_nonnull (strstr (problem, bad_files[i].named));
      assert_same_names (names, fixture->names);
    }
}

static void
test_file_limits (Fixture *fixture, gconstpointer data)
{
  g_autofree char *long_name = g_strnfill (256, 'x');
  g_autofree char *one_long = g_strdup_printf ("[spu]\nprocesses=%s\n", long_name);
  g_autofree char *huge = g_strnfill (65 * 1024, '#');
  g_autoptr (GString) many = g_string_new ("[spu]\nprocesses=");
  const char *texts[] = { one_long, huge, NULL };

  for (guint i = 0; i < 65; i++)
    g_string_append (many, "a;");
  texts[2] = many->str;
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *problem = NULL;
      g_autoptr (ScSpuNames) names = load_names (fixture, texts[i], -1, &problem);

      g_assert_nonnull (problem);
      assert_same_names (names, fixture->names);
    }
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* Not that of the person who runs the test. */
  g_setenv ("WINEPREFIX", "/nonexistent", TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/platform/spu-probe/scan/", rows[i].name, NULL);

      g_test_add (path, Fixture, &rows[i], set_up, test_row, tear_down);
    }
  add ("/platform/spu-probe/no-proc", test_no_proc);
  add ("/platform/spu-probe/real-processes", test_real_processes);
  add ("/platform/spu-probe/cancelled", test_cancelled);
  add ("/platform/spu-probe/names/installed-file", test_installed_file);
  add ("/platform/spu-probe/names/corrected", test_corrected_names);
  add ("/platform/spu-probe/names/bad-files", test_bad_files);
  add ("/platform/spu-probe/names/limits", test_file_limits);
  return g_test_run ();
}
