// SPDX-License-Identifier: MIT
// A sample that breaks one rule.
// path: tests/unit/test-sample.c
// finds: tests use g_assert_

static void
run (void)
{
  g_assert (TRUE);
}
