// SPDX-License-Identifier: MIT
// Reports and revocations that have to wait: none is lost, none is told to somebody else.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-workplace.h"
int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  return g_test_run ();
}
