#!/usr/bin/env bash
# Sets up, builds and runs every test: scripts/test.sh [release|asan]. The last line is `N passed, N failed`, with
# `, N skipped` where tests were skipped. `asan` builds with AddressSanitizer and UndefinedBehaviorSanitizer.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

preset=${1:-release}
case "$preset" in
  release) folder=build ;;
  asan) folder=build-asan ;;
  -h | --help)
    sed -n '2,3s/^# //p' "$0"
    exit 0
    ;;
  *)
    echo "test: error: expects release or asan, found '$preset'" >&2
    exit 1
    ;;
esac

scripts/setup.sh
mkdir -p "$folder"
log=$folder/build.log
echo "building (log: $log)"
if ! scripts/build.sh "$preset" >"$log" 2>&1; then
  grep -E 'error|FAILED' "$log" | head -n 20
  tail -n 20 "$log"
  exit 1
fi
exec scripts/check.sh "$folder"
