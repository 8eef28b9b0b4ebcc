// SPDX-License-Identifier: MIT
// A sample that breaks one rule.
// path: src/core/sc-sample.c
// finds: does not begin as its file

void
sc_other_run (void)
{
}
