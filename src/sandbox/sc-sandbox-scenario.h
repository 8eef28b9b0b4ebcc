// SPDX-License-Identifier: MIT
// The ways in which the sandbox can be told to fail.

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  SC_SANDBOX_SCENARIO_NONE,
  SC_SANDBOX_SCENARIO_DENIED,
  SC_SANDBOX_SCENARIO_EXCHANGE_FAILS,
  SC_SANDBOX_SCENARIO_STATUS_FAILED,
  SC_SANDBOX_SCENARIO_SETUP_REQUIRED,
  SC_SANDBOX_SCENARIO_SPU_OFFLINE,
  SC_SANDBOX_SCENARIO_NO_DATA_YET,
  SC_SANDBOX_SCENARIO_REQUEST_KEY_EXPIRED,
  SC_SANDBOX_SCENARIO_RATE_LIMITED,
  SC_SANDBOX_SCENARIO_SLOW,
  SC_SANDBOX_SCENARIO_HANGS,
  SC_SANDBOX_SCENARIO_GARBAGE,
  SC_SANDBOX_SCENARIO_TRUNCATED,
  SC_SANDBOX_SCENARIO_HUGE,
  SC_SANDBOX_SCENARIO_WRONG_TYPE,
  SC_SANDBOX_SCENARIO_WRONG_ISSUER,
  SC_SANDBOX_SCENARIO_WRONG_ISS,
  SC_SANDBOX_SCENARIO_CLOCK_SKEW,
  SC_SANDBOX_SCENARIO_UNAVAILABLE,
  SC_SANDBOX_SCENARIO_REVOKED,
  SC_SANDBOX_SCENARIO_OTHER_PRACTICE,
  SC_SANDBOX_SCENARIO_STRICT_ROTATION,
  SC_SANDBOX_N_SCENARIOS
} ScSandboxScenario;

/**
 * sc_sandbox_scenario_get_name:
 *
 * Returns: (transfer none): e.g. "setup-required"
 */
const char *sc_sandbox_scenario_get_name (ScSandboxScenario scenario);

/**
 * sc_sandbox_scenario_find:
 * @name: (nullable): a name
 * @scenario: (out): the scenario of that name
 *
 * Returns: whether there is one
 */
gboolean sc_sandbox_scenario_find (const char *name, ScSandboxScenario *scenario);

/**
 * sc_sandbox_scenario_describe:
 *
 * Returns: (transfer full): every name with its line, for --help
 */
char *sc_sandbox_scenario_describe (void);

G_END_DECLS
