#!/usr/bin/env bash
# Plants the changes of test/mutants.txt in a copy of the tree, one at a time, and says which test finds each:
# scripts/mutants.sh [--list] [--jobs=N] [NAME...]. The last line is `N found, N not found`; exit 0 if at least 95 % are found.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
case "${1:-}" in
  -h | --help)
    sed -n '2,3s/^# //p' "$0"
    exit 0
    ;;
esac
[ -x build/venv/bin/python ] || scripts/setup.sh
exec build/venv/bin/python scripts/mutants.py "$@"
