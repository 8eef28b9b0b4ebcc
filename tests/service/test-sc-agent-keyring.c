// SPDX-License-Identifier: MIT
// Each state of a real gnome-keyring, as the real agent meets it.

#define G_LOG_DOMAIN "sc-test"

#include "sc-test-workplace.h"
int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  return g_test_run ();
}
