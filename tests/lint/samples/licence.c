// A sample that breaks one rule.
// path: src/core/sc-sample.c
// finds: no SPDX line
