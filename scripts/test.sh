#!/usr/bin/env bash
# Sets up, builds and runs every test: lit, the C++ unit tests, pytest. The last line is `N passed, N failed`, with
# `, N skipped` where tests were skipped.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/setup.sh || exit 1
mkdir -p build
log=build/build.log
echo "building (log: $log)"
if ! scripts/build.sh release >"$log" 2>&1; then
  grep -E 'error|FAILED' "$log" | head -n 20
  tail -n 20 "$log"
  exit 1
fi

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

reports=build/test-reports
rm -rf "$reports"
mkdir -p "$reports"

echo "lit tests"
build/venv/bin/lit --xunit-xml-output "$reports/lit.xml" -sv build/test </dev/null
add "$reports/lit.xml"

echo "unit tests"
for program in build/bin/unit/*; do
  name=$(basename "$program")
  "$program" --gtest_output="xml:$reports/$name.xml" --gtest_brief=1 </dev/null
  # GoogleTest writes <testsuite> elements below <testsuites>; a crash leaves no report, which counts as a failure.
  add "$reports/$name.xml"
done

echo "Python tests"
build/venv/bin/python -m pytest -q -n 2 --junit-xml="$reports/pytest.xml" </dev/null
add "$reports/pytest.xml"

summary="$passed passed, $failed failed"
[ "$skipped" = 0 ] || summary="$summary, $skipped skipped"
echo "$summary"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
