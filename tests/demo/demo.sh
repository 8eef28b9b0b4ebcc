#!/bin/bash
# SPDX-License-Identifier: MIT
# The demo: from nothing to "Successfully connected to Happy Dental Clinic (Dentrix)".
#
# usage: demo.sh BUILD [SCREENSHOTS]
#   BUILD        where everything is built
#   SCREENSHOTS  folder for pictures of the pages, when there is no display
#
# With a display a person clicks in their own browser; with none the journey runs by itself.
# Exit status 0 only when connected.
set -euo pipefail
build=$(readlink -f "$1")
screenshots=${2:-screenshots}
tests=$(dirname "$(dirname "$(readlink -f "$0")")")

export SC_TEST_SANDBOX=$build/src/sandbox/sikka-sandbox
export SC_TEST_AGENT=$build/src/agent/sikka-companion-agent
export SC_TEST_SIKKACTL=$build/src/ctl/sikkactl
export SC_TEST_BROWSER=$tests/support/test-browser.sh

name=ca.parlae.SikkaCompanion.Agent
credential=ca.parlae.SikkaCompanion.Credential
folder=$build/demo
instead="It runs by itself, apart from your session: env -u DISPLAY -u WAYLAND_DISPLAY ./run demo"
children=()

refuse() {
  printf '%s\n' "$@" >&2
  exit 1
}

run_without_display() {
  local status=0
  echo "No display: the demo runs by itself, in a desktop session of its own."
  "$build/tests/demo/demo-headless" "$screenshots" || status=$?
  if [ "$status" = 0 ]; then echo "Connected."; else echo "Not connected." >&2; fi
  exit "$status"
}

# --- with a display ---

call_bus() { # method, arguments
  gdbus call --session --timeout 5 --dest org.freedesktop.DBus --object-path /org/freedesktop/DBus \
    --method "org.freedesktop.DBus.$1" "${@:2}"
}

# The agent's items in the person's keyring; none when there is no keyring.
find_items() {
  gdbus call --session --timeout 5 --dest org.freedesktop.secrets \
    --object-path /org/freedesktop/secrets --method org.freedesktop.Secret.Service.SearchItems \
    "{'xdg:schema': '$credential'}" 2>/dev/null | grep -o '/org/[^'\'']*' || true
}

check_session() {
  local owned
  owned=$(call_bus NameHasOwner "$name" 2>/dev/null) ||
    refuse "There is a display, but no session bus. Run the demo in a terminal of the desktop," \
      "$instead"
  [ "$owned" = "(false,)" ] ||
    refuse "The agent of Sikka Companion runs in this session already; the demo leaves it alone." \
      "$instead"
  # What a demo that was cut off has left may go; a real connection may not.
  if [ -n "$(find_items)" ] && [ ! -e "$folder/began" ]; then
    refuse "Your keyring holds a connection of Sikka Companion, which the demo would replace." \
      "$instead"
  fi
}

clean_up() {
  trap - EXIT INT TERM
  # So that nothing stays in the keyring: the item goes once the sandbox has revoked the grant.
  "$SC_TEST_SIKKACTL" disconnect --yes >/dev/null 2>&1 || true
  for _ in {1..50}; do
    if [ -z "$(find_items)" ]; then
      rm -f "$folder/began"
      break
    fi
    sleep 0.1
  done
  if [ ${#children[@]} -gt 0 ]; then kill "${children[@]}" 2>/dev/null || true; fi
  wait
}

start_sandbox() {
  local line
  exec 3< <(exec "$SC_TEST_SANDBOX" --state-dir "$folder/sandbox")
  children+=($!)
  read -r line <&3
  url=${line#sandbox ready at }
  echo "1. Sandbox: ready at $url"
}

# Links to sleep(1) bear the names that the agent looks for.
play_spu() {
  local program
  for program in SSCservice.exe SSCWindowsService.exe; do
    ln -s "$(command -v sleep)" "$folder/$program"
    "$folder/$program" infinity &
    children+=($!)
  done
  echo "2. SPU: played by two programs of its names that do nothing"
}

# Its data is the demo's own; the person's applications are found all the same, for the browser.
start_agent() {
  XDG_DATA_DIRS=${XDG_DATA_HOME:-$HOME/.local/share}:${XDG_DATA_DIRS:-/usr/local/share:/usr/share} \
    XDG_DATA_HOME=$folder/data SIKKA_COMPANION_CLOUD_URL=$url "$SC_TEST_AGENT" &
  children+=($!)
  gdbus wait --session --timeout 10 "$name"
  echo "3. Agent: on the session bus"
}

run_with_display() {
  local status=0
  check_session
  rm -rf "$folder"
  mkdir -p "$folder/data"
  touch "$folder/began"
  trap clean_up EXIT
  trap 'exit 130' INT TERM
  start_sandbox
  play_spu
  start_agent

  echo "4. sikkactl connect: your browser opens Sikka's page (of the sandbox)."
  echo "   Click \"Allow\" there."
  until "$SC_TEST_SIKKACTL" connect; do
    read -r -p "   That was not it. Enter tries again, Ctrl-C ends the demo. "
  done
  echo "5. sikkactl check:"
  "$SC_TEST_SIKKACTL" check || status=$?
  echo "The demo stays until you press Enter. Until then try: $SC_TEST_SIKKACTL status"
  read -r || true
  exit "$status"
}

if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  run_without_display
else
  run_with_display
fi
