// SPDX-License-Identifier: MIT
// The cloud exchanges the portal's code for Sikka's keys and finds out whose they are.

#pragma once

#include "sc-sandbox-cloud.h"

G_BEGIN_DECLS

/**
 * ScSandboxExchange:
 * @is_empty: Sikka has no data of this practice yet
 * @error: (nullable): why it failed; nothing else but @error_code is set then
 * @error_code: (nullable): Sikka's code of it
 */
typedef struct
{
  char *office_id;
  char *practice_name;
  char *pms_type;
  gboolean is_empty;
  ScSandboxSecrets *secrets;
  gint64 expires_in;
  char *error;
  char *error_code;
} ScSandboxExchange;

void sc_sandbox_exchange_free (ScSandboxExchange *self);

/** sc_sandbox_exchange_async: @code is the one that Sikka's portal sent */
void sc_sandbox_exchange_async (ScSandboxCloud *cloud,
                                const char *code,
                                GAsyncReadyCallback callback,
                                gpointer user_data);

/** sc_sandbox_exchange_finish: Returns: (transfer full): what came of it */
ScSandboxExchange *sc_sandbox_exchange_finish (GAsyncResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScSandboxExchange, sc_sandbox_exchange_free)

G_END_DECLS
