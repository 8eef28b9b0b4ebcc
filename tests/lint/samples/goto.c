// SPDX-License-Identifier: MIT
// A sample that breaks one rule.
// path: src/core/sc-sample.c
// finds: goto

static void
run (void)
{
  goto out;
out:
  return;
}
