// SPDX-License-Identifier: MIT
// Authorization server metadata (RFC 8414).

#define G_LOG_DOMAIN "sc-core"

#include "sc-server-metadata.h"
