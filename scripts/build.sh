#!/usr/bin/env bash
# Configures and builds: scripts/build.sh [release|asan] [ninja target ...]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
preset=${1:-release}
case "$preset" in
  release) folder=build ;;
  asan) folder=build-asan ;;
  -h | --help)
    sed -n '2s/^# //p' "$0"
    exit 0
    ;;
  *)
    echo "build: error: expects release or asan, found '$preset'" >&2
    exit 1
    ;;
esac
shift || true

log=$folder/configure.log
mkdir -p "$folder"
if ! cmake --preset "$preset" >"$log" 2>&1 </dev/null; then
  cat "$log" >&2
  exit 1
fi
exec ninja -C "$folder" "$@" </dev/null
