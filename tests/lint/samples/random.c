// SPDX-License-Identifier: MIT
// A sample that breaks one rule.
// path: src/agent/sc-sample.c
// finds: g_random_

static guint
roll (void)
{
  return g_random_int ();
}
