#!/bin/sh
# SPDX-License-Identifier: MIT
# Nothing of one machine, of a package registry or of a log belongs in the repository.
# usage: check-leftovers.sh ROOT
cd "$1" || exit 2
found=$(git grep -nIE '(^|[^a-z.])/(work|root|home/[a-z]+)/|registry\.npm|npmjs|sandbox\.log' -- . \
  ':!tests/lint/check-leftovers.sh')
if [ -n "$found" ]; then
  echo "$found"
  exit 1
fi
