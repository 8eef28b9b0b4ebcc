// SPDX-License-Identifier: MIT
// The real sikka-companion-agent in a test's desktop session, and its D-Bus interface. Its path
// comes from the environment, SC_TEST_AGENT.

#pragma once

#include "sc-agent1.h"
#include "sc-test-desktop.h"

G_BEGIN_DECLS

typedef struct _ScTestAgent ScTestAgent;

/** ScTestOutcome: what TransactionFinished said */
typedef struct
{
  guint transaction;
  char *outcome;
  char *error_id;
  char *reference;
} ScTestOutcome;

/**
 * sc_test_agent_start:
 * @desktop: the session that it runs in
 * @cloud_url: (nullable): its SIKKA_COMPANION_CLOUD_URL
 * @...: more names and values of its environment, ended by %NULL
 *
 * Returns: (transfer full): the agent, once it owns its name
 */
ScTestAgent *
sc_test_agent_start (ScTestDesktop *desktop, const char *cloud_url, ...) G_GNUC_NULL_TERMINATED;

/** sc_test_agent_stop: @self: (nullable) (transfer full): ended as at a sign-out, which has to end
 *  it with status 0 */
void sc_test_agent_stop (ScTestAgent *self);

/** sc_test_agent_kill: @self: (transfer full): ended as by a power cut */
void sc_test_agent_kill (ScTestAgent *self);

/** sc_test_agent_get_pid: Returns: its process id */
int sc_test_agent_get_pid (ScTestAgent *self);

/** sc_test_agent_get_proxy: Returns: (transfer none): its interface, with properties that follow */
ScAgent1 *sc_test_agent_get_proxy (ScTestAgent *self);

/**
 * sc_test_agent_call:
 * @method: of Agent1
 * @arguments: (nullable): floating is fine
 * @error: names the stable id: "ca.parlae.SikkaCompanion.Error.…"
 *
 * Calls with the main context running, so that a server of the test can answer meanwhile.
 *
 * Returns: (transfer full) (nullable): the answer
 */
GVariant *
sc_test_agent_call (ScTestAgent *self, const char *method, GVariant *arguments, GError **error);

/** sc_test_agent_connect: Returns: the transaction that Connect started; it may not fail */
guint sc_test_agent_connect (ScTestAgent *self, gboolean open_browser);

/** sc_test_agent_check: Returns: (transfer full): what Check answered as status; it may not fail */
char *sc_test_agent_check (ScTestAgent *self);

/** sc_test_agent_wait_address: Returns: (transfer full): AuthorizationUrl, once there is one */
char *sc_test_agent_wait_address (ScTestAgent *self);

/** sc_test_agent_wait_callback: Returns: (transfer full): its redirect_uri, where the browser's way
 *  ends: "http://127.0.0.1:PORT/callback" */
char *sc_test_agent_wait_callback (ScTestAgent *self);

/** sc_test_agent_wait_outcome: Returns: (transfer none): how @transaction ended, once it has */
const ScTestOutcome *sc_test_agent_wait_outcome (ScTestAgent *self, guint transaction);

/** sc_test_agent_get_text: Returns: (transfer full): the string property @name, e.g. "Phase" */
char *sc_test_agent_get_text (ScTestAgent *self, const char *name);

/** sc_test_agent_wait_text: until the string property @name is @value */
void sc_test_agent_wait_text (ScTestAgent *self, const char *name, const char *value);

/** sc_test_agent_assert_text: fails the test unless the string property @name is @value */
#define sc_test_agent_assert_text(self, name, value)                         \
  G_STMT_START                                                               \
  {                                                                          \
    g_autofree char *text_of_property = sc_test_agent_get_text (self, name); \
    g_assert_cmpstr (text_of_property, ==, value);                           \
  }                                                                          \
  G_STMT_END

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTestAgent, sc_test_agent_stop)

G_END_DECLS
