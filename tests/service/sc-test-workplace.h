// SPDX-License-Identifier: MIT
// The PC of a practice on real parts: the agent's own process on a private bus, gnome-keyring, and
// the sandbox as the cloud. What a browser does is done over HTTP.

#pragma once

#include "sc-test-agent.h"
#include "sc-test-command.h"
#include "sc-test-sandbox.h"
#include "sc-test-wait.h"

G_BEGIN_DECLS

/** The practices of the sandbox that are picked here. */
#define SC_TEST_HAPPY "D10023"
#define SC_TEST_BRIGHT "C20417"

/** Requests that are counted. */
#define SC_TEST_STATUS "GET /api/pms/connection-status"
#define SC_TEST_SETUP "POST /api/pms/setup"
#define SC_TEST_REPORTS "POST /api/pms/companion/reports"
#define SC_TEST_REVOKE "POST /oauth/revoke"

/**
 * ScTestWorkplace:
 * @sandbox: (nullable): while the cloud is down
 * @url: the cloud's, the same after a restart
 * @agent: (nullable): while it runs
 */
typedef struct
{
  ScTestDesktop *desktop;
  ScTestSandbox *sandbox;
  ScTestAgent *agent;
  char *url;
  char *port;
  char *state_dir;
} ScTestWorkplace;

/** sc_test_workplace_prepare: Returns: (transfer full): everything but the agent */
ScTestWorkplace *sc_test_workplace_prepare (ScTestDesktopFlags flags);
/** sc_test_workplace_start: Returns: (transfer full): everything, with an unlocked keyring */
ScTestWorkplace *sc_test_workplace_start (void);
void sc_test_workplace_free (ScTestWorkplace *self);

/** sc_test_workplace_start_agent: as at a sign-in, and says that the SPU is on another computer */
void sc_test_workplace_start_agent (ScTestWorkplace *self);
void sc_test_workplace_stop_agent (ScTestWorkplace *self);
/** sc_test_workplace_kill_agent: as by a power cut */
void sc_test_workplace_kill_agent (ScTestWorkplace *self);
/** sc_test_workplace_stop_cloud: nothing listens at @url any more */
void sc_test_workplace_stop_cloud (ScTestWorkplace *self);
/** sc_test_workplace_start_cloud: at @url again, with all that it knew */
void sc_test_workplace_start_cloud (ScTestWorkplace *self);

/**
 * sc_test_workplace_call:
 * @method: of Agent1, which has to succeed
 * @arguments: (nullable): floating is fine
 *
 * Returns: (transfer full): the answer
 */
GVariant *sc_test_workplace_call (ScTestWorkplace *self, const char *method, GVariant *arguments);
/** sc_test_workplace_refuse: as above, and has to fail with ca.parlae.SikkaCompanion.Error.@error
 */
void sc_test_workplace_refuse (ScTestWorkplace *self,
                               const char *method,
                               GVariant *arguments,
                               const char *error);

/** sc_test_workplace_decide: goes from @url through the portal to the agent's page, "allow" or
 *  "deny". Returns: (transfer full): the page */
char *sc_test_workplace_decide (const char *url, const char *practice, const char *decision);
/** sc_test_workplace_authorize: Connect and all that a person does. Returns: (transfer full):
 *  "OUTCOME ERROR-ID", e.g. "returned " */
char *
sc_test_workplace_authorize (ScTestWorkplace *self, const char *practice, const char *decision);
/** sc_test_workplace_check: Returns: (transfer full): "STATUS ERROR-ID", e.g. "connected " */
char *sc_test_workplace_check (ScTestWorkplace *self);
/** sc_test_workplace_connect: authorized for @practice and checked; has to be connected, with no
 *  report left */
void sc_test_workplace_connect (ScTestWorkplace *self, const char *practice);
/** sc_test_workplace_disconnect: this PC, at once */
void sc_test_workplace_disconnect (ScTestWorkplace *self);
/** sc_test_workplace_run: a line of sc_test_command_start(). Returns: (transfer full): its standard
 *  output, once it ended with @status */
char *sc_test_workplace_run (ScTestWorkplace *self, const char *line, int status);

/** sc_test_workplace_count_reports: Returns: how many wait in the journal */
guint sc_test_workplace_count_reports (ScTestWorkplace *self);
void sc_test_workplace_wait_reports (ScTestWorkplace *self, guint n);
/** sc_test_workplace_wait_grants: until the sandbox has @n */
void sc_test_workplace_wait_grants (ScTestWorkplace *self, guint n);
/** sc_test_workplace_find_row: Returns: (transfer full): status of the sandbox's row for @account,
 *  "" without one */
char *sc_test_workplace_find_row (ScTestWorkplace *self, const char *account);
/** sc_test_workplace_has_activity: whether the log has a row "ACTION RESULT" */
gboolean sc_test_workplace_has_activity (ScTestWorkplace *self, const char *row);

/** sc_test_workplace_get_path: Returns: (transfer full): "config/…" or "data/…" in the program's
 *  own folder, which is there afterwards */
char *sc_test_workplace_get_path (ScTestWorkplace *self, const char *name);
/** sc_test_workplace_write: @name as above; @size -1: NUL-terminated */
void
sc_test_workplace_write (ScTestWorkplace *self, const char *name, const char *text, gssize size);
/** sc_test_workplace_sql: changes the journal behind the agent's back */
void sc_test_workplace_sql (ScTestWorkplace *self, const char *sql);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTestWorkplace, sc_test_workplace_free)

G_END_DECLS
