// SPDX-License-Identifier: MIT
// The browser's way through Sikka's portal and back to the cloud.

#pragma once

#include "sc-sandbox-request.h"

G_BEGIN_DECLS

/**
 * sc_sandbox_sign_in_start:
 * @request_id: the authorization request that waits for the answer
 *
 * Returns: (transfer full): where to send the browser: the portal, with a state of account,
 *   timestamp and nonce that is signed, good for 10 minutes and for one answer
 */
char *sc_sandbox_sign_in_start (ScSandbox *sandbox, const char *request_id);

/** sc_sandbox_sign_in_handle_callback: Sikka's redirect; the part is an #ScSandboxCloud */
void sc_sandbox_sign_in_handle_callback (gpointer part, ScSandboxRequest *request);

G_END_DECLS
