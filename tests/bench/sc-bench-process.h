// SPDX-License-Identifier: MIT
// Programs that the bench starts, and what the kernel says about them.

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** ScBenchProgram: a running program that speaks in lines */
typedef struct
{
  GSubprocess *process;
  GDataInputStream *lines;
} ScBenchProgram;

/**
 * sc_bench_program_start:
 * @environment: (nullable): its environment, %NULL for ours
 * @argv: what to start
 *
 * Returns: (transfer full) (nullable): the program, which ends with the bench; %NULL when it
 * cannot be started
 */
ScBenchProgram *sc_bench_program_start (char **environment, const char *const *argv);

/** sc_bench_program_read: blocks. Returns: (transfer full): the next line, %NULL after the last */
char *sc_bench_program_read (ScBenchProgram *self);

/** sc_bench_program_write: @line: without its end */
void sc_bench_program_write (ScBenchProgram *self, const char *line);

/** sc_bench_program_get_pid: Returns: its process id */
int sc_bench_program_get_pid (ScBenchProgram *self);

/** sc_bench_program_wait: Returns: whether it ended by itself, with status 0 */
gboolean sc_bench_program_wait (ScBenchProgram *self);

/** sc_bench_program_free: @self: (nullable): killed when it still runs */
void sc_bench_program_free (ScBenchProgram *self);

/** sc_bench_get_program: Returns: (transfer none): the path that the environment variable @name
 *  holds, for what this build made */
const char *sc_bench_get_program (const char *name);

/** ScBenchWork: what all threads of a process have done since its start */
typedef struct
{
  gint64 voluntary_switches;
  gint64 involuntary_switches;
  double cpu_ms;
  guint threads;
} ScBenchWork;

ScBenchWork sc_bench_read_work (int pid);

/** ScBenchMemory: in MB of 1,024 kB, as /proc counts */
typedef struct
{
  double pss;
  double uss;
  double rss;
} ScBenchMemory;

/** sc_bench_read_memory: Returns: %FALSE when the kernel does not tell: the agent is not dumpable,
 *  so only root may look */
gboolean sc_bench_read_memory (int pid, ScBenchMemory *memory);

/** sc_bench_now: Returns: milliseconds of the monotonic clock */
double sc_bench_now (void);

/** sc_bench_let_pass: @seconds of real time, the main loop running: the one thing here that is
 *  measured by waiting */
void sc_bench_let_pass (guint seconds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScBenchProgram, sc_bench_program_free)

G_END_DECLS
