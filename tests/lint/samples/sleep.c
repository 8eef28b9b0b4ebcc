// SPDX-License-Identifier: MIT
// A sample that breaks one rule.
// path: tests/unit/test-sample.c
// finds: sleep in place

static void
run (void)
{
  g_usleep (5);
}
