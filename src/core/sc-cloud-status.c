// SPDX-License-Identifier: MIT
// The cloud's JSON (data/openapi/companion-cloud.yaml): connection status, setup and report answers.

#define G_LOG_DOMAIN "sc-core"

#include "sc-cloud-status.h"
