// SPDX-License-Identifier: MIT
// A program of the project that a test runs in its desktop session, with its output captured.

#pragma once

#include "sc-test-desktop.h"

G_BEGIN_DECLS

typedef struct _ScTestCommand ScTestCommand;

/**
 * sc_test_command_start:
 * @desktop: the session that it runs in
 * @line: a command line with a shell's quotes; its first word is "sikkactl" or
 *   "sikka-companion-agent", which SC_TEST_SIKKACTL and SC_TEST_AGENT of the environment name
 * @input: (nullable): its standard input
 *
 * Returns: (transfer full): the running program
 */
ScTestCommand *sc_test_command_start (ScTestDesktop *desktop, const char *line, const char *input);

/** sc_test_command_wait: Returns: the exit status, once it has ended; -1 when a signal ended it */
int sc_test_command_wait (ScTestCommand *self);

/** sc_test_command_run: starts and waits. Returns: (transfer full): the program that has ended */
ScTestCommand *sc_test_command_run (ScTestDesktop *desktop, const char *line, const char *input);

/** sc_test_command_interrupt: what Ctrl-C does */
void sc_test_command_interrupt (ScTestCommand *self);

/** sc_test_command_get_output: Returns: (transfer none): all of standard output, after the wait */
const char *sc_test_command_get_output (ScTestCommand *self);
/** sc_test_command_get_errors: Returns: (transfer none): all of standard error, after the wait */
const char *sc_test_command_get_errors (ScTestCommand *self);

/** sc_test_command_free: @self: (nullable) (transfer full): killed when it still runs */
void sc_test_command_free (ScTestCommand *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTestCommand, sc_test_command_free)

G_END_DECLS
