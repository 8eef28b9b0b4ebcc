// SPDX-License-Identifier: MIT
// The report that goes to the cloud after a change of state or a check (contract: CompanionReport).

#define G_LOG_DOMAIN "sc-core"

#include "sc-report.h"
