// SPDX-License-Identifier: MIT
// A sample that breaks one rule.
// path: src/agent/sc-sample.c
// finds: G_OS_WIN32 outside

#ifdef G_OS_WIN32
#endif
