// SPDX-License-Identifier: MIT
// The cloud's JSON about a connection: what connection-status and setup answer.

#pragma once

#include "sc-sandbox-check.h"

G_BEGIN_DECLS

/**
 * sc_sandbox_status_map:
 * @row_status: (nullable): ACTIVE, INACTIVE, ERROR, SETUP_REQUIRED, or %NULL without a row
 *
 * Returns: (transfer none): connected, pending, failed, connecting
 */
const char *sc_sandbox_status_map (const char *row_status);

/**
 * sc_sandbox_status_describe:
 * @row: (nullable): the row as it is after the check
 * @check: (nullable): what Sikka said, %NULL when it was not asked
 *
 * Returns: (transfer full): the body of connection-status
 */
JsonObject *sc_sandbox_status_describe (ScSandbox *sandbox,
                                        const ScSandboxIntegration *row,
                                        const ScSandboxCheck *check);

/**
 * sc_sandbox_status_describe_setup:
 *
 * Returns: (transfer full): the body of setup
 */
JsonObject *
sc_sandbox_status_describe_setup (const ScSandboxIntegration *row, const ScSandboxCheck *check);

G_END_DECLS
