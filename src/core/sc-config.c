// SPDX-License-Identifier: MIT
// Configuration: built-in default < companion.ini < policy. Reads text, not files; names what is wrong.

#define G_LOG_DOMAIN "sc-core"

#include "sc-config.h"
