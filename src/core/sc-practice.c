// SPDX-License-Identifier: MIT
// A practice's identity, none of it secret: Sikka's office id (Master Customer ID), name and PMS.

#define G_LOG_DOMAIN "sc-core"

#include "sc-practice.h"
