// SPDX-License-Identifier: MIT
// An agent on a private bus whose answers are scripted, for tests of what talks to it.

#pragma once

#include <gio/gio.h>

#include "sc-agent1.h"

G_BEGIN_DECLS

/**
 * ScTestFakeAgent:
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
} ScTestFakeAgent;

/** sc_test_fake_agent_start: Returns: (transfer full): an agent on a private bus */
ScTestFakeAgent *sc_test_fake_agent_start (void);
void sc_test_fake_agent_stop (ScTestFakeAgent *self);

/** sc_test_fake_agent_leave: gives up the bus name, as an agent that died */
void sc_test_fake_agent_leave (ScTestFakeAgent *self);
void sc_test_fake_agent_set_state (ScTestFakeAgent *self,
                                   const char *phase,
                                   const char *status,
                                   const char *message);
/** sc_test_fake_agent_be_pending: not connected, and never was */
void sc_test_fake_agent_be_pending (ScTestFakeAgent *self);
/** sc_test_fake_agent_be_hostile: every text is long, and full of what drives a terminal */
void sc_test_fake_agent_be_hostile (ScTestFakeAgent *self);
void sc_test_fake_agent_finish (ScTestFakeAgent *self, const char *outcome, const char *error_id);
void sc_test_fake_agent_ask_practice (ScTestFakeAgent *self, const char *name, const char *pms);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTestFakeAgent, sc_test_fake_agent_stop)

G_END_DECLS
