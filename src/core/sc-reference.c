// SPDX-License-Identifier: MIT
// The short code that a person reads out on the phone: "K7-21F".

#define G_LOG_DOMAIN "sc-core"

#include "sc-reference.h"
