// SPDX-License-Identifier: MIT
// For test-sc-ctl: an agent whose answers are scripted, and runs of the real sikkactl against it.

#pragma once

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "sc-agent1.h"

G_BEGIN_DECLS

/* Written down once more on purpose: scripts out there depend on these numbers. */
typedef enum
{
  SC_CTL_TEST_OK = 0,
  SC_CTL_TEST_NOT_CONNECTED = 1,
  SC_CTL_TEST_USAGE = 2,
  SC_CTL_TEST_NO_AGENT = 3,
  SC_CTL_TEST_FAILED = 4,
  SC_CTL_TEST_CANCELLED = 5,
} ScCtlTestExit;

/**
 * ScTestAgent:
 * @skeleton: its properties, to be set by the test
 * @calls: the methods that were called, with what matters of their arguments
 * @refusal: (nullable): name of the error that Check and Connect are answered with; "" to leave the
 * bus
 * @check_error_id: error id of a Check that is answered
 * @url: (nullable): the authorization URL that a Connect sets
 * @finish_at_once: (nullable): the outcome of a transaction that is over before Connect is answered
 * @transaction: the number of the transaction
 * @broken_at: the row at which the log is broken, or 0
 * @preflight_verdict: of the clock
 * @log_user: the user of the log's rows
 * @log_fails_after: the sequence number after which listing fails, or 0
 * @log_repeats: always answers the first page
 */
typedef struct
{
  GTestDBus *bus;
  GDBusConnection *connection;
  ScAgent1 *skeleton;
  guint owner_id;
  GString *calls;

  const char *refusal;
  const char *check_error_id;
  const char *url;
  const char *finish_at_once;
  guint transaction;
  gint64 broken_at;
  const char *preflight_verdict;
  const char *log_user;
  gint64 log_fails_after;
  gboolean log_repeats;
  char *huge;
} ScTestAgent;

/** sc_test_agent_start: Returns: (transfer full): an agent on a private bus */
ScTestAgent *sc_test_agent_start (void);
void sc_test_agent_stop (ScTestAgent *self);

/** sc_test_agent_leave: gives up the bus name, as an agent that died */
void sc_test_agent_leave (ScTestAgent *self);
void sc_test_agent_set_state (ScTestAgent *self,
                              const char *phase,
                              const char *status,
                              const char *message);
/** sc_test_agent_be_hostile: every text is long, and full of what drives a terminal */
void sc_test_agent_be_hostile (ScTestAgent *self);
void sc_test_agent_finish (ScTestAgent *self, const char *outcome, const char *error_id);
void sc_test_agent_ask_practice (ScTestAgent *self, const char *name, const char *pms);
/** sc_test_agent_assert_export: @contents: (nullable): a pattern, %NULL when there is no such file
 */
void sc_test_agent_assert_export (ScTestAgent *self,
                                  const char *file,
                                  ScCtlTestExit exit,
                                  const char *contents);
void sc_test_agent_save_output (ScTestAgent *self, const char *arguments, const char *file);

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
ScTestRun *sc_test_run (ScTestAgent *agent, const char *arguments);
/** sc_test_run_on_terminal: the same, standard input and error being a terminal */
ScTestRun *sc_test_run_on_terminal (ScTestAgent *agent, const char *arguments);
void sc_test_run_free (ScTestRun *self);
/** sc_test_run_type: types on the terminal */
void sc_test_run_type (ScTestRun *self, const char *text);
/** sc_test_run_wait_for: until @stream, @out or @err, matches @pattern */
void sc_test_run_wait_for (ScTestRun *self, GString *stream, const char *pattern);
/** sc_test_run_wait: until it has ended; nothing that drives a terminal may have come out */
void sc_test_run_wait (ScTestRun *self);
/** sc_test_run_assert: @out, @err: patterns for all that came out */
void sc_test_run_assert (ScTestRun *self, ScCtlTestExit exit, const char *out, const char *err);

/** sc_test_assert_schema: each *.json in @folder is as data/sikkactl.schema.json says */
void sc_test_assert_schema (const char *folder);
guint sc_test_count_files (const char *folder);
void sc_test_remove_folder (const char *folder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTestAgent, sc_test_agent_stop)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTestRun, sc_test_run_free)

G_END_DECLS
