// SPDX-License-Identifier: MIT
// The sandbox's own pages, for people and tests: request log, state, reports, scenario, clock.

#pragma once

#include "sc-sandbox-request.h"

G_BEGIN_DECLS

/** sc_sandbox_control_routes: the part is the #ScSandbox itself */
extern const ScSandboxRoute sc_sandbox_control_routes[];

G_END_DECLS
