// SPDX-License-Identifier: MIT
// Health lights: a verdict with its evidence, age and advice, and who acts. "Could not look" is not "broken".

#define G_LOG_DOMAIN "sc-core"

#include "sc-light.h"
