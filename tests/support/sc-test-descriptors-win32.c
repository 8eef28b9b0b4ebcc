// SPDX-License-Identifier: MIT
// Windows knows no limit that a process could set for itself.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-descriptors.h"

GPtrArray *
sc_test_descriptors_exhaust (void)
{
  return NULL;
}

void
sc_test_descriptors_release (GPtrArray *held)
{
  g_assert_not_reached ();
}
