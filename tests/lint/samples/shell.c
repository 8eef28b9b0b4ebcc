// SPDX-License-Identifier: MIT
// A sample that breaks one rule.
// path: src/agent/sc-sample.c
// finds: never a shell

static int
run (void)
{
  return system ("true");
}
