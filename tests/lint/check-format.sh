#!/bin/sh
# SPDX-License-Identifier: MIT
# clang-format 14 is the law: every C file of the tree is as it writes it.
# usage: check-format.sh ROOT
cd "$1" || exit 2
git ls-files '*.c' '*.h' | grep -v '^tests/lint/samples/' | xargs clang-format --dry-run -Werror
