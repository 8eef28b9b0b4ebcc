// SPDX-License-Identifier: MIT
// A sample that breaks one rule.
// path: src/core/sc-sample.c
// finds: has no prefix

void
run (void)
{
}
