// SPDX-License-Identifier: MIT
// Every field that the program writes anywhere, with its class: the one place to look when asking what

#define G_LOG_DOMAIN "sc-core"

#include "sc-field.h"
