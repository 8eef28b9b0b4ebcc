#!/bin/sh
# SPDX-License-Identifier: MIT
# The contract has to be valid OpenAPI, examples included, without an error or a warning.
# usage: lint.sh CONTRACT
folder=$(dirname "$0")
broken=$(mktemp --suffix=.yaml)
trap 'rm -f "$broken"' EXIT

lint() {
  node "$SC_TEST_NODE_MODULES/@redocly/cli/bin/cli.js" lint --config "$folder/redocly.yaml" "$1" 2>&1
}

lint "$1" | tee "$broken.out"
result=0
grep -q 'is valid' "$broken.out" || result=1
grep -q -i 'warning' "$broken.out" && result=1
rm -f "$broken.out"

# An example that breaks its schema has to be found, or nothing above means anything.
sed 's/status: SETUP_REQUIRED$/status: NOT_A_STATUS/' "$1" >"$broken"
if lint "$broken" | grep -q 'is valid'; then
  echo "a wrong example was not found"
  result=1
fi
exit $result
