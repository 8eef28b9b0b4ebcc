// SPDX-License-Identifier: MIT
// One row of the activity log, and the hash that chains it to the row before.

#define G_LOG_DOMAIN "sc-core"

#include "sc-activity.h"
