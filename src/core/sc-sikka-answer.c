// SPDX-License-Identifier: MIT
// Sikka API v4 answers in Sikka's own shapes: strings everywhere, expires_in as text, errors in bodies.

#define G_LOG_DOMAIN "sc-core"

#include "sc-sikka-answer.h"
