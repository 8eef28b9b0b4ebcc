// SPDX-License-Identifier: MIT
// The token endpoint (RFC 6749 §3.2, RFC 7636 §4.6) and the revocation endpoint (RFC 7009).

#pragma once

#include "sc-sandbox-request.h"

G_BEGIN_DECLS

/** sc_sandbox_token_handle: POST /oauth/token; the part is the sandbox's #ScSandboxGrants */
void sc_sandbox_token_handle (gpointer part, ScSandboxRequest *request);

/** sc_sandbox_token_handle_revoke: POST /oauth/revoke, likewise */
void sc_sandbox_token_handle_revoke (gpointer part, ScSandboxRequest *request);

G_END_DECLS
