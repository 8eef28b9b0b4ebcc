// SPDX-License-Identifier: MIT
// The authorization response in the query of the redirect (RFC 6749 §4.1.2, RFC 9207).

#define G_LOG_DOMAIN "sc-core"

#include "sc-redirect.h"
