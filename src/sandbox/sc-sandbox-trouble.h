// SPDX-License-Identifier: MIT
// The scenarios that spoil an answer whatever it would have been.

#pragma once

#include "sc-sandbox-request.h"

G_BEGIN_DECLS

/**
 * sc_sandbox_trouble_apply:
 * @resume: goes on with the request when its time has come
 *
 * Spoils the answer when the scenario says so and the path is one that it is for.
 *
 * Returns: whether it did, so that nobody else answers
 */
gboolean
sc_sandbox_trouble_apply (ScSandboxRequest *request, void (*resume) (ScSandboxRequest *request));

G_END_DECLS
