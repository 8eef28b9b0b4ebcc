// SPDX-License-Identifier: MIT
// The only carrier of tokens, codes, verifiers, keys and state values. Wipes itself, has no printf form.

#define G_LOG_DOMAIN "sc-core"

#include "sc-secret-string.h"
