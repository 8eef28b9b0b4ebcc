// SPDX-License-Identifier: MIT
// The connection's state machine: a pure, table-driven function (state, event) → (state, effects).

#define G_LOG_DOMAIN "sc-core"

#include "sc-connection.h"
