#!/usr/bin/env bash
# Builds with the output in a log: scripts/build-to-log.sh PRESET LOG. A terminal sees how far it is. Of a build that
# fails the errors are printed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
case "${1:-}" in
  -h | --help)
    sed -n '2,3s/^# //p' "$0"
    exit 0
    ;;
esac
if [ $# != 2 ]; then
  echo "build-to-log: error: expects a preset and a file, found '$*'" >&2
  exit 1
fi
preset=$1 log=$2

show() {
  if [ ! -t 1 ]; then
    cat >/dev/null
    return
  fi
  while IFS= read -r line; do
    if [[ $line =~ ^\[[0-9]+/[0-9]+\] ]]; then
      printf '\r%s\033[K' "${BASH_REMATCH[0]}"
    fi
  done
  printf '\r\033[K'
}

mkdir -p "$(dirname "$log")"
echo "building (log: $log)"
if ! scripts/build.sh "$preset" 2>&1 | tee "$log" | show; then
  grep -E 'error|FAILED' "$log" | head -n 20 >&2
  tail -n 20 "$log" >&2
  exit 1
fi
