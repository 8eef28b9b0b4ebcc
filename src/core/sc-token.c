// SPDX-License-Identifier: MIT
// Tokens: the access token with its expiry, and the token endpoint's answers (RFC 6749 §5).

#define G_LOG_DOMAIN "sc-core"

#include "sc-token.h"
