#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs the npm tools of tests/package-lock.json when that has changed, then runs a program.
# usage: with-tools.sh tap|exitcode PROGRAM [ARGUMENT…]
# What it starts finds the tools in SC_TEST_NODE_MODULES.
set -eu
protocol=$1
shift
tests=$(cd "$(dirname "$0")/.." && pwd)

miss() {
  if [ "${SC_TEST_ALLOW_SKIP:-}" != 1 ]; then
    echo "$1 is needed and is not here" >&2
    exit 1
  fi
  echo "1..0 # SKIP $1 is not here"
  [ "$protocol" = tap ] && exit 0
  exit 77
}

# npm prints nothing of its own while all goes well.
install_tools() {
  command -v npm >/dev/null || miss npm
  rm -f "$stamp"
  (cd "$tests" && npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error) >&2
  cp "$tests/package-lock.json" "$stamp"
}

command -v node >/dev/null || miss node
stamp=$tests/node_modules/.installed-lock.json
# Two build folders may come at the same time.
exec 9<"$0"
flock 9
cmp -s "$tests/package-lock.json" "$stamp" || install_tools
exec 9>&-

export SC_TEST_NODE_MODULES="$tests/node_modules" REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true
exec "$@"
