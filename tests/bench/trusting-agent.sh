#!/bin/sh
# sikka-companion-agent, SC_BENCH_AGENT, where the system's trust store also holds the bench's
# authority: SC_BENCH_TRUST, all of the real store and that one certificate. Nothing is changed but
# this process's own view of the file system, and the process keeps its id.
# shellcheck disable=SC2016
exec unshare --user --map-current-user --keep-caps --mount -- sh -c '
  mount --bind "$SC_BENCH_TRUST" "$SC_BENCH_TRUST_STORE" &&
  exec setpriv --inh-caps=-all --ambient-caps=-all "$SC_BENCH_AGENT"'
