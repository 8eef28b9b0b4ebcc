// SPDX-License-Identifier: MIT
// A run of the real sikkactl against a scripted agent.

#pragma once

#include "sc-test-fake-agent.h"

G_BEGIN_DECLS

/* Written down once more on purpose: scripts out there depend on these numbers. */
typedef enum
{
  SC_TEST_EXIT_OK = 0,
  SC_TEST_EXIT_NOT_CONNECTED = 1,
  SC_TEST_EXIT_USAGE = 2,
  SC_TEST_EXIT_NO_AGENT = 3,
  SC_TEST_EXIT_FAILED = 4,
  SC_TEST_EXIT_CANCELLED = 5,
} ScTestExit;

/**
 * ScTestRun: a running sikkactl.
 * @out: what came on standard output until now
 * @err: what came on standard error until now, or on the terminal
 */
typedef struct
{
  GSubprocess *process;
  GString *out;
  GString *err;
  guint open_streams;
  gboolean exited;
  int terminal;
  guint terminal_source;
} ScTestRun;

/**
 * sc_test_run:
 * @arguments: what is typed, blanks between; what follows " < " is the one line of its input; an
 *   argument that begins with --accept-practice= goes to the end
 *
 * Returns: (transfer full): the run
 */
ScTestRun *sc_test_run (ScTestFakeAgent *agent, const char *arguments);
/** sc_test_run_on_terminal: the same, standard input and error being a terminal */
ScTestRun *sc_test_run_on_terminal (ScTestFakeAgent *agent, const char *arguments);
void sc_test_run_free (ScTestRun *self);
/** sc_test_run_type: types on the terminal */
void sc_test_run_type (ScTestRun *self, const char *text);
/** sc_test_run_wait_for: until @stream, @out or @err, matches @pattern */
void sc_test_run_wait_for (ScTestRun *self, GString *stream, const char *pattern);
/** sc_test_run_wait: until it has ended; nothing that drives a terminal may have come out */
void sc_test_run_wait (ScTestRun *self);
/** sc_test_run_assert: @out, @err: patterns for all that came out */
void sc_test_run_assert (ScTestRun *self, ScTestExit exit, const char *out, const char *err);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTestRun, sc_test_run_free)

G_END_DECLS
