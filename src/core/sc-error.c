// SPDX-License-Identifier: MIT
// The one error domain of the program, with stable text ids that survive renaming and translation.

#define G_LOG_DOMAIN "sc-core"

#include "sc-error.h"
