#!/bin/bash
# SPDX-License-Identifier: MIT
# The default browser of a test's desktop: Chromium without a window, with a profile of its own.
#
# usage: test-browser.sh FOLDER OWNER URL
#   FOLDER  keeps the profile, and for the test: urls (all it was given), environment (what it
#           inherited), log
#   OWNER   process id of the test, with which the browser ends even when the test is killed
set -euo pipefail
folder=$1 owner=$2 url=$3
port_file=$folder/profile/DevToolsActivePort

flags=(
  --headless=new --disable-gpu --disable-quic --disable-dev-shm-usage --window-size=1000,1040
  --no-first-run --no-default-browser-check --password-store=basic --disable-breakpad
  # Nothing of it may reach the network: every name but this computer's is unknown.
  --disable-background-networking --disable-component-update --disable-sync --disable-extensions
  --disable-default-apps --disable-domain-reliability --no-pings
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE [::1]'
  --no-proxy-server --remote-debugging-port=0 "--user-data-dir=$folder/profile"
)
# Chromium refuses to run as root with its own sandbox.
if [ "$(id -u)" = 0 ]; then flags+=(--no-sandbox); fi

is_running() {
  [ -s "$folder/pid" ] && grep -qsF -- "$folder" "/proc/$(<"$folder/pid")/cmdline"
}

end_with_owner() {
  tail --pid="$owner" -f /dev/null
  if is_running; then kill "$(<"$folder/pid")"; fi
}

start() {
  rm -f "$port_file"
  # A critical message of some library is no concern of the test here.
  env -u G_DEBUG chromium "${flags[@]}" "$url" &
  echo $! >"$folder/pid"
  end_with_owner &
  until [ -s "$port_file" ] || ! is_running; do sleep 0.05; done
}

# Without a window Chromium does not pass a page on to the Chromium that runs; its debugger does.
open_page() {
  local port query status
  query=${url//%/%25}
  query=${query//&/%26}
  read -r port <"$port_file"
  exec 3<>"/dev/tcp/127.0.0.1/$port"
  printf 'PUT /json/new?%s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\n\r\n' "$query" "$port" >&3
  read -r _ status _ <&3
  [ "$status" = 200 ]
}

mkdir -p "$folder/profile"
env >"$folder/environment"
printf '%s\n' "$url" >>"$folder/urls"

# Two at once take turns. Unlocked by hand: what stays has inherited the lock.
exec 9>"$folder/lock" </dev/null >>"$folder/log" 2>&1
flock 9
if is_running; then open_page; else start; fi
flock -u 9
