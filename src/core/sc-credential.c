// SPDX-License-Identifier: MIT
// What the keyring holds: one versioned JSON object with the long-lived secrets and the identity.

#define G_LOG_DOMAIN "sc-core"

#include "sc-credential.h"
