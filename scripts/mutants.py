"""Runs the mutants of test/mutants.txt: see scripts/mutants.sh."""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import time
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parents[1]
LIST = ROOT / "test" / "mutants.txt"
COPY = ROOT / "build" / "mutants"
#: A change that makes a program run for ever is found, too.
SECONDS = 900


class Mutant(NamedTuple):
    name: str
    file: str
    old: str
    new: str
    #: Commands, tried in turn: `lit FOLDER`, `unit NAME`, `pytest FILE`.
    tests: list[str]


def read(path=LIST):
    """The mutants of the list. Exits where one is malformed."""
    mutants, lines = [], path.read_text().splitlines()
    defaults = []

    def fail(text):
        sys.exit(f"{path}:{at}: error: {text}")

    entry = None
    for at, line in enumerate([*lines, "mutant end"], 1):  # noqa: B007 (messages have the line)
        word, _, rest = line.partition(" ")
        if not line or line.startswith("#"):
            continue
        if word == "tests":
            defaults = [each.strip() for each in rest.split(",")]
        elif word == "mutant":
            if entry:
                if not entry["file"] or not entry["old"]:
                    fail(f"the mutant before, {entry['name']}, lacks a file or an old text")
                name, file, old, new = (entry[key] for key in ("name", "file", "old", "new"))
                mutants.append(Mutant(name, file, "\n".join(old), "\n".join(new), entry["tests"]))
            entry = {"name": rest, "file": "", "old": [], "new": [], "tests": defaults}
            if rest in {each.name for each in mutants}:
                fail(f"there are two mutants {rest}")
        elif entry is None:
            fail("expects a mutant first")
        elif word == "in":
            entry["file"] = rest
        elif line[0] == "-":
            entry["old"].append(line[1:])
        elif line[0] == "+":
            entry["new"].append(line[1:])
        else:
            fail(f"expects tests, mutant, in, - or +, found '{word}'")
    return mutants


def stale(mutant):
    """Why a mutant cannot be planted, empty where it can."""
    if not (ROOT / mutant.file).is_file():
        return f"{LIST}: error: {mutant.name}: there is no file {mutant.file}"
    count = (ROOT / mutant.file).read_text().count(mutant.old)
    return "" if count == 1 else f"{LIST}: error: {mutant.name}: found {count} times in {mutant.file}, expected once"


def copy_tree():
    """The tree as it is, with its changes, below the build folder."""
    names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True)
    wanted = [name for name in names.stdout.decode().splitlines() if (ROOT / name).is_file()]
    for name in wanted:
        source, copy = ROOT / name, COPY / name
        if not copy.exists() or copy.read_bytes() != source.read_bytes():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy)
            os.utime(copy)
    (COPY / "build").mkdir(exist_ok=True)
    if not (COPY / "build" / "venv").exists():
        (COPY / "build" / "venv").symlink_to(ROOT / "build" / "venv")


def run(command, log, **options):
    """Whether the command succeeds; its output goes to the log."""
    with open(log, "w") as out:
        try:
            return subprocess.run(command, cwd=COPY, stdout=out, stderr=subprocess.STDOUT, timeout=SECONDS,
                                  stdin=subprocess.DEVNULL, check=False, **options).returncode == 0  # fmt: skip
        except subprocess.TimeoutExpired:
            return False


def build(jobs, log):
    return run(["scripts/build.sh", "release", f"-j{jobs}"], log)


def command_of(test):
    kind, _, rest = test.partition(" ")
    python = str(COPY / "build" / "venv" / "bin" / "python")
    return {
        "lit": [
            str(COPY / "build/venv/bin/lit"),
            "-q",
            "--max-failures=1",
            *(f"build/test/{each}" for each in rest.split()),
        ],
        "unit": [f"build/bin/unit/{rest}", "--gtest_brief=1", "--gtest_fail_fast"],
        "pytest": [python, "-m", "pytest", "-q", "-x", *rest.split()],
    }[kind]


def first_failure(log):
    """The line of a log that names the test."""
    for line in log.read_text(errors="replace").splitlines():
        text = line.strip()
        if text.startswith(("FAIL: ", "FAILED ", "[  FAILED  ]", "TIMEOUT: ")):
            return text
    return "no test named"


def find(mutant, jobs, log):
    """What finds a mutant: a test, or the compiler; None where nothing does."""
    target = COPY / mutant.file
    original = target.read_text()
    target.write_text(original.replace(mutant.old, mutant.new))
    try:
        if not build(jobs, log):
            return "the build"
        environment = os.environ | {
            "RNN_MLIR_BUILD": str(COPY / "build"),
            "PYTHONPATH": str(COPY / "build" / "python"),
            "RNN_MLIR_CORPUS": os.environ.get("RNN_MLIR_CORPUS", str(ROOT.parent / "shared" / "corpus")),
        }
        for test in mutant.tests:
            if not run(command_of(test), log, env=environment):
                return f"{test}: {first_failure(log)}"
        return None
    finally:
        target.write_text(original)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="mutants to plant, all without any")
    parser.add_argument("--list", action="store_true", help="check the list and print it")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    mutants = read()
    if unknown := set(options.names) - {each.name for each in mutants}:
        sys.exit(f"error: no mutant is called {', '.join(sorted(unknown))}")
    chosen = [each for each in mutants if not options.names or each.name in options.names]
    if wrong := [text for mutant in chosen if (text := stale(mutant))]:
        sys.exit("\n".join(wrong))
    if options.list:
        for mutant in chosen:
            print(f"{mutant.name} in {mutant.file}")
        return
    copy_tree()
    log = COPY / "log"
    if not build(options.jobs, log):
        sys.exit(f"error: the tree does not build without a mutant, see {log}")
    found = 0
    for mutant in chosen:
        begun = time.monotonic()
        finder = find(mutant, options.jobs, log)
        found += finder is not None
        print(f"{mutant.name}: {finder or 'NOT FOUND'} ({time.monotonic() - begun:.0f} s)", flush=True)
    print(f"{found} found, {len(chosen) - found} not found")
    sys.exit(100 * found < 95 * len(chosen))


if __name__ == "__main__":
    main()
