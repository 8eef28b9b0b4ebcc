// SPDX-License-Identifier: MIT
// Files and surroundings that nobody should leave behind, through the real agent.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-workplace.h"
int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  return g_test_run ();
}
