// SPDX-License-Identifier: MIT
// Which URLs the program talks to or opens: https, and http on loopback literals only.

#define G_LOG_DOMAIN "sc-core"

#include "sc-url.h"
