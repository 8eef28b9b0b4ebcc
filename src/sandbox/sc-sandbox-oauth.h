// SPDX-License-Identifier: MIT
// The authorization server's front: metadata (RFC 8414) and the authorization endpoint.

#pragma once

#include "sc-sandbox-grant.h"
#include "sc-sandbox-request.h"

G_BEGIN_DECLS

/** SC_SANDBOX_CLIENT_ID: the one registered client, public (RFC 6749 §2.1). */
#define SC_SANDBOX_CLIENT_ID "sikka-companion"

/** sc_sandbox_oauth_routes: the part is the sandbox's #ScSandboxGrants */
extern const ScSandboxRoute sc_sandbox_oauth_routes[];

/**
 * sc_sandbox_oauth_is_scope:
 * @scope: (nullable): names separated by spaces
 * @allowed: the names that may occur
 *
 * Whether @scope is one or more of @allowed.
 */
gboolean sc_sandbox_oauth_is_scope (const char *scope, const char *allowed);

/**
 * sc_sandbox_oauth_approve:
 * @request_id: from sc_sandbox_grants_add_request(), through the sign-in
 * @grant: (nullable): account and practice; %NULL when the cloud could not connect the practice,
 *   the token endpoint then refuses the code
 *
 * Returns: (transfer full) (nullable): where to send the browser, %NULL for a request that is not
 *   known any more
 */
char *
sc_sandbox_oauth_approve (ScSandbox *sandbox, const char *request_id, const ScSandboxGrant *grant);

/**
 * sc_sandbox_oauth_refuse:
 * @error: an error of RFC 6749 §4.1.2.1
 *
 * As sc_sandbox_oauth_approve(), for a request that was not granted.
 */
char *sc_sandbox_oauth_refuse (ScSandbox *sandbox, const char *request_id, const char *error);

G_END_DECLS
