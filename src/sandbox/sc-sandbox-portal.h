// SPDX-License-Identifier: MIT
// Sikka's portal: the page on which a person picks the practice and clicks Allow or Deny.

#pragma once

#include "sc-sandbox-request.h"

G_BEGIN_DECLS

/** sc_sandbox_portal_routes: the part is the #ScSandbox itself */
extern const ScSandboxRoute sc_sandbox_portal_routes[];

/**
 * sc_sandbox_portal_build_url:
 * @state: comes back with the answer
 *
 * Returns: (transfer full): where the cloud sends the browser, to be sent back to its callback
 */
char *sc_sandbox_portal_build_url (ScSandbox *sandbox, const char *state);

G_END_DECLS
