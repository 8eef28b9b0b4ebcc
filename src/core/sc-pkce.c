// SPDX-License-Identifier: MIT
// Proof Key for Code Exchange, S256 only (RFC 7636), and the state value of the same shape.

#define G_LOG_DOMAIN "sc-core"

#include "sc-pkce.h"
