// SPDX-License-Identifier: MIT
// The agent's parts in the test's own process: real but for the clock, which the test moves, and
// the keyring, which the test can make fail. The cloud is the real sandbox.

#pragma once

#include "sc-clock.h"
#include "sc-controller.h"
#include "sc-test-sandbox.h"
#include "sc-test-store.h"

G_BEGIN_DECLS

#define SC_TEST_OFFICE "D10023"
#define SC_TEST_OTHER_OFFICE "C20417"

/**
 * ScTestParts:
 * @sandbox: (nullable): while it is stopped
 * @url: the sandbox's, the same after a restart
 * @controller: (nullable): once sc_test_parts_start() made it
 * @finished: transactions that have finished since the last sc_test_parts_connect()
 * @outcome: (nullable): of the last transaction that finished
 */
typedef struct
{
  ScTestSandbox *sandbox;
  char *url;
  char *port;
  char *folder;
  char *journal_path;
  ScClock *clock;
  ScTestStore *store;
  ScJournal *journal;
  ScSettings *settings;
  ScHttp *http;
  ScConfig *config; /* of the next controller */
  ScController *controller;
  guint finished;
  guint transaction;
  char *outcome;
  char *error_id;
} ScTestParts;

/** sc_test_parts_init: g_test_init(), with warnings that may be said */
void sc_test_parts_init (int *argc, char ***argv);

/** sc_test_parts_set_up: for g_test_add(); @data: (nullable): a scenario of the sandbox */
void sc_test_parts_set_up (ScTestParts *self, gconstpointer data);
/** sc_test_parts_tear_down: also sees that nothing keeps the controller alive */
void sc_test_parts_tear_down (ScTestParts *self, gconstpointer data);

/** sc_test_parts_stop_sandbox: the cloud is down */
void sc_test_parts_stop_sandbox (ScTestParts *self);
/** sc_test_parts_start_sandbox: and back, with all that it knew */
void sc_test_parts_start_sandbox (ScTestParts *self);

/** sc_test_parts_create: a controller that has not started */
void sc_test_parts_create (ScTestParts *self);
/** sc_test_parts_start: one that has started and answers commands */
void sc_test_parts_start (ScTestParts *self);
/** sc_test_parts_end: the controller is gone; the journal is closed and opened again */
void sc_test_parts_end (ScTestParts *self);
/** sc_test_parts_restart: both: the computer was switched off and on */
void sc_test_parts_restart (ScTestParts *self);

/** sc_test_parts_advance: moves the clock, then lets everything that it set off come to its end */
void sc_test_parts_advance (ScTestParts *self, gint64 seconds);
/** sc_test_parts_settle: until what was begun has reached the sandbox and was answered */
void sc_test_parts_settle (ScTestParts *self);
/** sc_test_parts_count: Returns: requests at the sandbox; @method_and_path: (nullable): for all */
gint64 sc_test_parts_count (ScTestParts *self, const char *method_and_path);
/** sc_test_parts_count_waiting: Returns: reports in the journal */
guint sc_test_parts_count_waiting (ScTestParts *self);
/** sc_test_parts_count_alarms: Returns: alarms that wait */
guint sc_test_parts_count_alarms (ScTestParts *self);
/** sc_test_parts_count_grants: Returns: grants that live at the sandbox */
gint64 sc_test_parts_count_grants (ScTestParts *self);
/** sc_test_parts_count_reports: Returns: reports that the sandbox has taken */
guint sc_test_parts_count_reports (ScTestParts *self);
/** sc_test_parts_wait_grants: until so many grants live at the sandbox */
void sc_test_parts_wait_grants (ScTestParts *self, gint64 grants);
/** sc_test_parts_wait_delivered: until no report waits in the journal */
void sc_test_parts_wait_delivered (ScTestParts *self);
/** sc_test_parts_count_activity: Returns: rows of the log with @action and @result */
guint sc_test_parts_count_activity (ScTestParts *self, const char *action, const char *result);
/** sc_test_parts_fill_disk: what is written to the journal from now on does not fit */
void sc_test_parts_fill_disk (ScTestParts *self);
void sc_test_parts_free_disk (ScTestParts *self);

/* Commands, each waited for. */
guint sc_test_parts_connect (ScTestParts *self, GError **error);
gboolean sc_test_parts_check (ScTestParts *self, GError **error);
gboolean sc_test_parts_disconnect (ScTestParts *self, gboolean immediate, GError **error);
gboolean sc_test_parts_disconnect_practice (ScTestParts *self, const char *name, GError **error);

/** sc_test_parts_decide: the browser: @decision on the portal's page, back to the loopback port.
 *  Returns: (transfer full): the page that the person sees then */
char *sc_test_parts_decide (ScTestParts *self, const char *practice, const char *decision);
/** sc_test_parts_wait_finished: until the transaction has finished */
void sc_test_parts_wait_finished (ScTestParts *self);
/** sc_test_parts_authorize: connect, Allow, stored */
void sc_test_parts_authorize (ScTestParts *self);
/** sc_test_parts_reach_connected: the same, then check, until all is quiet */
void sc_test_parts_reach_connected (ScTestParts *self);
/** sc_test_parts_is_listening: whether the browser's way back at @url is open */
gboolean sc_test_parts_is_listening (const char *authorization_url);

#define sc_test_parts_assert_state(self, wanted)                                               \
  g_assert_cmpstr (                                                                            \
    sc_connection_state_get_id (sc_controller_get_connection ((self)->controller)->state), ==, \
    wanted)
#define sc_test_parts_assert_message(self, wanted)                                                \
  g_assert_cmpstr (sc_connection_get_message (sc_controller_get_connection ((self)->controller)), \
                   ==, wanted)
#define sc_test_parts_assert_status(self, wanted)                                                \
  g_assert_cmpstr (sc_connection_get_status (sc_controller_get_connection ((self)->controller)), \
                   ==, wanted)

G_END_DECLS
