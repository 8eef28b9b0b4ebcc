// SPDX-License-Identifier: MIT
// What an agent that was killed left in journal, keyring and cloud, and what the next start makes
// of it.

#pragma once

#include "sc-test-victim.h"

G_BEGIN_DECLS

/**
 * ScTestCrash: a PC and a cloud on which one agent after the other is killed.
 * @log: the file of the points that victims passed
 * @orphans: grants at the cloud that nobody holds, each of them unavoidable
 */
typedef struct
{
  ScTestWorkplace *workplace;
  char *log;
  guint orphans;
} ScTestCrash;

/**
 * ScTestExpected: how it may end.
 * @was_connected: there was a connection: once the journal says that there is none, none comes back
 * @connects: a code is exchanged on the way
 * @practices: office ids, blanks between, "" for none: one of them is connected, unless
 * @may_be_pending: nothing is left of the connection, or
 * @may_be_withdrawn: the same, and only Connect is offered
 * @aside: (nullable): what the journal was, no database, and has to be kept as
 */
typedef struct
{
  gboolean was_connected;
  gboolean connects;
  const char *practices;
  gboolean may_be_pending;
  gboolean may_be_withdrawn;
  const char *aside;
} ScTestExpected;

ScTestCrash *sc_test_crash_new (void);
void sc_test_crash_free (ScTestCrash *self);

/** sc_test_crash_wipe: nothing is known here and there; no agent runs */
void sc_test_crash_wipe (ScTestCrash *self);

/** sc_test_crash_forget_points: the log begins anew: the agents that are killed until the next
 *  judgement are judged together */
void sc_test_crash_forget_points (ScTestCrash *self);
/** sc_test_crash_read_points: Returns: (transfer full): those in the log, in their order */
char **sc_test_crash_read_points (ScTestCrash *self);

/** sc_test_crash_wait_settled: until nothing is under way any more: no command, no report that
 * could go, no grant that is to end. Returns: whether the victim lives */
gboolean sc_test_crash_wait_settled (ScTestCrash *self, ScTestVictim *victim);

/**
 * sc_test_crash_judge:
 * @self: with no agent running, and the log of those that died
 * @expected: how it may end
 *
 * Starts the agent that is installed, lets it settle, and compares journal, keyring and cloud.
 * Fails the test where something is lost, doubled or half.
 *
 * Returns: (transfer full): office id of the practice that is connected, "" for none; the agent is
 * not running any more
 */
char *sc_test_crash_judge (ScTestCrash *self, const ScTestExpected *expected);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTestCrash, sc_test_crash_free)

G_END_DECLS
