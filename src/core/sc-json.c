// SPDX-License-Identifier: MIT
// Reading JSON from outside: bounded in size and depth, typed getters that name the member that is wrong.

#define G_LOG_DOMAIN "sc-core"

#include "sc-json.h"
