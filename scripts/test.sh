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
scripts/build-to-log.sh "$preset" "$folder/build.log"
exec scripts/check.sh "$folder"
