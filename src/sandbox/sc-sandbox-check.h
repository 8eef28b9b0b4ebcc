// SPDX-License-Identifier: MIT
// The cloud looks at Sikka now: is the key good, is the data fresh, is the utility well?

#pragma once

#include "sc-sandbox-cloud.h"

G_BEGIN_DECLS

/** The questions of a check, in their order. */
typedef enum
{
  SC_SANDBOX_CHECK_KEY,
  SC_SANDBOX_CHECK_SYNC,
  SC_SANDBOX_CHECK_HEALTH,
  SC_SANDBOX_CHECK_LOCATIONS,
  SC_SANDBOX_N_CHECKS
} ScSandboxCheckStep;

/**
 * ScSandboxCheck:
 * @replies: Sikka's answers; those after a failed one are %NULL
 * @error: (nullable): why it failed
 * @error_code: (nullable): Sikka's code of it
 */
typedef struct
{
  ScSandboxReply *replies[SC_SANDBOX_N_CHECKS];
  char *error;
  char *error_code;
} ScSandboxCheck;

void sc_sandbox_check_free (ScSandboxCheck *self);

/**
 * sc_sandbox_check_get:
 *
 * Returns: (transfer none) (nullable): a text member of the first item of the list that @step got
 */
const char *
sc_sandbox_check_get (const ScSandboxCheck *self, ScSandboxCheckStep step, const char *name);

/**
 * sc_sandbox_check_async:
 * @row: whose connection
 *
 * Asks Sikka. A request key that has expired, by the clock or by API1025, is renewed once and
 * stored.
 */
void sc_sandbox_check_async (ScSandboxCloud *cloud,
                             const ScSandboxIntegration *row,
                             GAsyncReadyCallback callback,
                             gpointer user_data);

/** sc_sandbox_check_finish: Returns: (transfer full): what Sikka said */
ScSandboxCheck *sc_sandbox_check_finish (GAsyncResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScSandboxCheck, sc_sandbox_check_free)

G_END_DECLS
