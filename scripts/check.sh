#!/usr/bin/env bash
# Runs every test of a finished build: scripts/check.sh [BUILD_FOLDER], by default `build`. lit, the C++ unit tests and
# pytest; the last line is `N passed, N failed`, with `, N skipped` where tests were skipped.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
case "${1:-}" in
  -h | --help)
    sed -n '2,3s/^# //p' "$0"
    exit 0
    ;;
esac
if [ $# -gt 1 ] || [ ! -f "${1:-build}/CMakeCache.txt" ]; then
  echo "check: error: expects the folder of a finished build, found '${*:-build}'" >&2
  exit 1
fi
folder=$(realpath "${1:-build}")

# What pytest runs and imports is of this build. Python has no sanitizer of its own: its runtime is loaded before it.
# The packages of LLVM have none either, and their containers and allocators cross the border.
python=(env RNN_MLIR_BUILD="$folder" PYTHONPATH="$folder/python")
export ASAN_OPTIONS=allow_user_poisoning=0:detect_container_overflow=0:detect_leaks=0
if grep -q '^RNN_SANITIZE:BOOL=ON' "$folder/CMakeCache.txt"; then
  # The sanitizer's own dlopen does not see the run path of its caller.
  export LD_LIBRARY_PATH=$folder/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
  python+=(LD_PRELOAD="$(clang-22 -print-file-name=libclang_rt.asan-x86_64.so)")
fi
python+=(build/venv/bin/python)

trap 'echo "interrupted" >&2; exit 130' INT TERM
passed=0 failed=0 skipped=0
# add FILE: the counts of a JUnit report
add() {
  local counts
  counts=$(build/venv/bin/python - "$1" <<'PYTHON'
import sys
import xml.etree.ElementTree as tree

try:
    suites = [s for s in tree.parse(sys.argv[1]).iter("testsuite") if s.get("tests")]
except (OSError, tree.ParseError):
    suites = None
if not suites:
    print("0 1 0")
else:
    cases = [c for s in suites for c in s.findall("testcase")]
    bad = sum(c.find("failure") is not None or c.find("error") is not None for c in cases)
    left = sum(c.find("skipped") is not None for c in cases)
    print(len(cases) - bad - left, bad, left)
PYTHON
  )
  read -r p f s <<<"$counts"
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
}

reports=$folder/test-reports
rm -rf "$reports"
mkdir -p "$reports"

echo "lit tests"
ended=0
build/venv/bin/lit --xunit-xml-output "$reports/lit.xml" -sv "$folder/test" </dev/null || ended=1
add "$reports/lit.xml"

echo "unit tests"
for name in $(<"$folder/bin/unit/tests"); do
  "$folder/bin/unit/$name" --gtest_output="xml:$reports/$name.xml" --gtest_brief=1 </dev/null || { ended=1 && echo "$name failed"; }
  # GoogleTest writes <testsuite> elements below <testsuites>; a crash leaves no report, which counts as a failure.
  add "$reports/$name.xml"
done

echo "Python tests"
"${python[@]}" -m pytest -q -n 2 --dist worksteal --junit-xml="$reports/pytest.xml" </dev/null || ended=1
add "$reports/pytest.xml"

summary="$passed passed, $failed failed"
[ "$skipped" = 0 ] || summary="$summary, $skipped skipped"
echo "$summary"
# A runner that ended badly without a failed test was interrupted, or failed as it ended.
[ "$failed" = 0 ] && [ "$passed" -gt 0 ] && [ "$ended" = 0 ]
