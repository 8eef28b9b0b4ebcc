// SPDX-License-Identifier: MIT
// The real sikka-sandbox as the peer of a test: started on a port from the kernel, looked into
// through its /sandbox pages. Its path comes from the environment, SC_TEST_SANDBOX.

#pragma once

#include "sc-test-http.h"

G_BEGIN_DECLS

typedef struct _ScTestSandbox ScTestSandbox;

/**
 * sc_test_sandbox_start:
 * @first_arg: (nullable): first argument for the program, e.g. "--auto-approve"
 * @...: more of them, ended by %NULL
 *
 * Starts the sandbox and waits for its ready line. "--port 0" is added unless a port is given, and
 * a state directory that goes away at the stop unless one is given: a test that stops and starts
 * the same sandbox gives both.
 *
 * Returns: (transfer full): the running sandbox; the test has failed when it did not get ready
 */
/* No G_GNUC_NULL_TERMINATED: it does not let a first argument be the end. */
ScTestSandbox *sc_test_sandbox_start (const char *first_arg, ...);

/** sc_test_sandbox_stop: @self: (nullable) (transfer full): killed, as a power cut would; its
 *  database survives that */
void sc_test_sandbox_stop (ScTestSandbox *self);

/** sc_test_sandbox_get_url: Returns: (transfer none): "http://127.0.0.1:PORT" */
const char *sc_test_sandbox_get_url (ScTestSandbox *self);

/** sc_test_sandbox_get_port: Returns: (transfer none): the port as text, for "--port" of the next
 *  start */
const char *sc_test_sandbox_get_port (ScTestSandbox *self);

/** sc_test_sandbox_set_scenario: @name: as in the sandbox's README, "none" for no trouble */
void sc_test_sandbox_set_scenario (ScTestSandbox *self, const char *name);

/** sc_test_sandbox_set_trouble: @name: as above; @path: where it strikes instead of the cloud's
 *  API, e.g. "/oauth/token" */
void sc_test_sandbox_set_trouble (ScTestSandbox *self, const char *name, const char *path);

/** sc_test_sandbox_advance_clock: @seconds: how far its clock is put forward, expiry included */
void sc_test_sandbox_advance_clock (ScTestSandbox *self, gint64 seconds);

/** sc_test_sandbox_reset: forgets all grants, rows, reports and counters, ends the scenario */
void sc_test_sandbox_reset (ScTestSandbox *self);

/**
 * sc_test_sandbox_count:
 * @method_and_path: (nullable): e.g. "POST /oauth/token"; %NULL for all requests
 *
 * Returns: how many such requests the sandbox's own log has; its /sandbox pages are not counted
 */
gint64 sc_test_sandbox_count (ScTestSandbox *self, const char *method_and_path);

/** sc_test_sandbox_get_state: Returns: (transfer full): GET /sandbox/state */
JsonObject *sc_test_sandbox_get_state (ScTestSandbox *self);

/** sc_test_sandbox_get_reports: Returns: (transfer full): GET /sandbox/reports */
JsonObject *sc_test_sandbox_get_reports (ScTestSandbox *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScTestSandbox, sc_test_sandbox_stop)

G_END_DECLS
