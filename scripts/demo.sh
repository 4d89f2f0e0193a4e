#!/usr/bin/env bash
# The main job on real models: sets up, builds, compiles a voice activity detector (and, where ../shared/corpus is
# present, a speech enhancer) for an accelerator and for this machine, runs both, compares and reports.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
case "${1:-}" in
  "") ;;
  -h | --help)
    sed -n '2,3s/^# //p' "$0"
    exit 0
    ;;
  *)
    echo "demo: error: expects no argument but --help, found '$1'" >&2
    exit 1
    ;;
esac

scripts/setup.sh
scripts/build-to-log.sh release build/build.log
exec build/venv/bin/python scripts/demo.py </dev/null
