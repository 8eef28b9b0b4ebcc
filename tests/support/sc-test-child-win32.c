// SPDX-License-Identifier: MIT
// Windows: nothing is done, the test's own stop has to run.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-child.h"

void
sc_test_child_end_with_parent (GSubprocessLauncher *launcher)
{
}
