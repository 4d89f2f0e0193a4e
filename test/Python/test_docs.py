"""The generated pages are there and complete: every op, pass, instruction, operator, report key and target key."""

import json
import re
import subprocess
import sys

import numpy as np
import pytest
import rnn_mlir
from places import BUILD, RNNC, ROOT
from shrunken_targets import account_problems
from test_package import BYTES, speech

PAGES = BUILD / "docs"
SOURCES = ROOT / "include" / "rnn-mlir"


def page(name):
    return (PAGES / name).read_text()


def table_keys(name):
    return re.findall(r"^\| `([^`]+)` \|", page(name), re.M)


def flat(value, path=""):
    if isinstance(value, dict):
        for key, each in value.items():
            yield from flat(each, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for each in value:
            yield from flat(each, path + "[]")
    else:
        yield path


@pytest.mark.parametrize("dialect", ["onnx", "rnn", "rpu"])
def test_every_op_has_a_section_with_a_summary(dialect):
    sources = "".join(path.read_text() for path in (SOURCES / "Dialect" / dialect.capitalize() / "IR").glob("*.td"))
    definitions = re.findall(r"^def (?:Onnx|Rnn|Rpu)_(\w+)Op *: *\w+<\"(\w+)\"", sources, re.M)
    ops = {("lane." if cls.startswith("Lane") and cls != "Lanes" else "") + name for cls, name in definitions}
    text = page(f"{dialect}-dialect.md")
    sections = dict(re.findall(rf"^### `{dialect}\.([\w.]+)` \([^\n]*\)\n(.*?)(?=^### |\Z)", text, re.M | re.S))
    assert len(ops) > 3 and ops == set(sections)
    for name, body in sections.items():
        assert re.match(r"\n_\S.*_\n", body), f"{dialect}.{name} has no summary"


def constraints_of(name):
    """The numbered constraints of the page, by op; a page of several ops has a section for each."""
    text = (ROOT / "docs" / "rnn" / f"{name}.md").read_text()
    sections = re.findall(r"^## (rnn\.\w+)\n(.*?)(?=^## |\Z)", text, re.M | re.S) or [(f"rnn.{name}", text)]
    return {(op, number) for op, body in sections for number in re.findall(r"^\* \((C\d+)\)", body, re.M)}


@pytest.mark.parametrize("name", ["lstm", "sru", "qrnn", "product", "encode", "recurrence"])
def test_each_constraint_of_a_page_is_provoked(name):
    """The tests of the verifier provoke each numbered constraint of each op of the page, and no other number."""
    tests = "".join(path.read_text() for path in (ROOT / "test" / "Dialect" / "Rnn").glob(f"{name}*-errors.mlir"))
    # Behind the expected error comes the line of the op.
    found = re.findall(r"expected-error.*\((C\d+)\).*\n(?: *//.*\n)*.*?\b(rnn\.\w+)", tests)
    wanted = constraints_of(name)
    assert wanted and wanted == {(op, number) for number, op in found}


def test_cells_share_the_constraints_of_lstm():
    def constraints(name):
        return re.findall(r"^\* \((C\d+)\)", (ROOT / "docs" / "rnn" / f"{name}.md").read_text(), re.M)

    shared = [number for number in constraints("lstm") if number not in ("C10", "C12")]
    assert constraints("gru") == constraints("elman") == shared


def test_every_pass_has_a_section_with_an_example():
    flags = {flag for path in SOURCES.rglob("Passes.td") for flag in re.findall(r': Pass<"([\w-]+)"', path.read_text())}
    text = page("passes.md")
    sections = dict(re.findall(r"^### `-([\w-]+)`\n(.*?)(?=^#{1,3} |\Z)", text, re.M | re.S))
    assert len(flags) > 5 and flags == set(sections)
    for flag, body in sections.items():
        assert "```mlir" in body, f"{flag} has no example"


def passes():
    """All passes, as pipelines of a module with a place for options."""
    texts = [path.read_text() for path in sorted(SOURCES.rglob("Passes.td"))]
    found = [each for text in texts for each in re.findall(r': Pass<"([\w-]+)"(?:, "([\w:]+)")?>', text)]
    return {
        flag: f"rpu.program({flag}{{}})" if anchor.endswith("ProgramOp") else f"{flag}{{}}" for flag, anchor in found
    }


def example_of(flag):
    """The two parts of a pass's example, and the text that leads to the first."""
    section = re.search(rf"^### `-{flag}`\n(.*?)(?=^#{{1,3}} |\Z)", page("passes.md"), re.M | re.S)[1]
    before, after = re.findall(r"```mlir\n(.*?)```", section, re.S)
    return before, after, re.search(r"^Example.*:$", section, re.M)[0]


def printed(text, *passes, options=()):
    pipeline = f"--pass-pipeline=builtin.module({','.join(filter(None, passes))})"
    command = [BUILD / "bin" / "rnn-opt", "-", pipeline, *options]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("flag, pipeline", [each for each in passes().items() if each[0] != "onnx-verify"])
def test_the_example_of_a_pass_runs(flag, pipeline):
    """The pass turns the first part of its example into the second, with the options and other passes it names."""
    before, after, lead = example_of(flag)
    options, first, last = re.fullmatch(
        r"Example(?:, with `([^`]+)`)?(?:, behind `([^`]+)`)?(?:, followed by `([^`]+)`)?:", lead
    ).groups()
    run = pipeline.replace("{}", f"{{{options}}}" if options else "")
    assert printed(before, first) != printed(after, first) == printed(before, first, run, last)


def test_the_example_of_onnx_verify_runs():
    """Its first part passes as it is, its second is refused as it says."""
    right, wrong, _ = example_of("onnx-verify")
    assert printed(right) == printed(right, "onnx-verify")
    assert "expected-error" in wrong
    printed(wrong, "onnx-verify", options=["-verify-diagnostics"])


def test_every_instruction_has_a_section():
    source = (SOURCES / "Dialect" / "Rpu" / "IR" / "RpuInstr.td").read_text()
    opcodes = set(re.findall(r"0x[0-9a-f]{2}\b", source))
    assert len(opcodes) > 30
    assert opcodes == set(re.findall(r"^## `[\w.]+` \(opcode (0x[0-9a-f]{2}),? ?.*\)$", page("instructions.md"), re.M))


def test_every_operator_has_a_row():
    source = (SOURCES / "Dialect" / "Onnx" / "IR" / "OnnxOperators.td").read_text()
    operators = set(re.findall(r"^def (\w+) *: *\w+<\"\1\"", source, re.M))
    rows = set(re.findall(r"^\| (\w+) \|", page("operators.md"), re.M)) - {"operator"}
    assert {"LSTM", "GRU", "RNN"} <= operators
    assert operators == rows


def expected_errors():
    """The errors that tests of passes expect, each at its line: a test without the error fails."""
    tests = [path.read_text() for path in sorted((ROOT / "test").rglob("*.mlir"))]
    return "\n".join(
        error for text in tests if "-verify-diagnostics" in text for error in re.findall(r"expected-error.*", text)
    )


def test_each_error_of_a_dialect_is_provoked():
    """Tests of the ops, attributes and passes of the dialects provoke each error, whatever its constraint's number."""
    checks = [path.read_text() for path in (ROOT / "test").rglob("*.test")]
    errors = "\n".join([expected_errors(), *re.findall(r"^[A-Z]+: .*error: .*", "\n".join(checks), re.M)])
    wanted = set()
    for path in sorted((ROOT / "lib" / "Dialect").rglob("*.cpp")):
        for statement in re.findall(r"\bemit(?:Op)?Error\((.*?);\n", path.read_text(), re.S):
            texts = [text for text in re.findall(r'"((?:[^"\\]|\\.)*)"', statement) if len(text) > 3]
            wanted.add(".*".join(re.escape(text.replace('\\"', '"').strip()) for text in texts))
    # The candidates of rpu-sync order each conflict; should they not, a program is refused before it is wrong.
    wanted -= {"", re.escape("has conflicting accesses that no semaphore between its instructions can order")}
    assert len(wanted) > 50
    assert not {each for each in wanted if not re.search(each, errors)}


def test_each_limit_of_an_operator_is_provoked():
    """Tests provoke the error of each limit of each operator, and of those of all operators at one of them."""
    rows = re.findall(r"^\| (\w+) \|.*\| (.*) \| ([^|]*) \| [^|]* \|$", page("operators.md"), re.M)
    errors = expected_errors()
    limits = {(name, limit) for name, _, text in rows if name != "operator" for limit in text.split("; ") if limit}
    wanted = {f"{{{name} supports {limit}, found " for name, limit in limits}
    for name, attributes, _ in rows:
        for attribute, limit in re.findall(r"`(\w+)` [^;|(]*(?:\([^)]*\))?[^;|(]* of [^;|(]*\(([^)]*)\)", attributes):
            wanted.add(f"{{{name}: attribute '{attribute}': .* (supported: {limit}), found ")
    common = re.search(r"Limits of all: (.*); (.*); (.*) but for .*\.$", page("operators.md"), re.M)
    wanted |= {f" supports {limit}, found " for limit in common.groups()}
    assert len(wanted) > 50
    assert not {each for each in wanted if not re.search(re.escape(each).replace(r"\.\*", ".*"), errors)}


def test_the_keys_of_a_report_are_those_of_its_page():
    session = rnn_mlir.Session(rnn_mlir.compile(BYTES))
    session.run({"x": speech(3)})
    declared = table_keys("report.md")
    assert len(declared) == len(set(declared))
    assert set(flat(session.report)) == set(declared)


def test_the_parts_of_a_report_add_up():
    session = rnn_mlir.Session(rnn_mlir.compile(BYTES))
    session.run({"x": speech(9)})
    (layer,) = session.report["layers"]
    assert not account_problems(session.report)
    parts = [value for key, value in layer["energy"].items() if key != "total"]
    np.testing.assert_allclose(sum(parts), layer["energy"]["total"], rtol=1e-12)


def test_the_energy_of_a_report_follows_from_the_target_and_the_counts():
    """By component and layer, and per step, inference and operation: of a target whose numbers are read here."""
    session = rnn_mlir.Session(rnn_mlir.compile(BYTES))
    for _ in range(3):
        session.run({"x": speech(9)})
    report, target = session.report, json.loads(rnnc("targets", "generic", "--json"))

    def joule(*path):
        entry = target
        for key in path:
            entry = entry[key]
        return entry["value"] * {"pJ": 1e-12, "pJ/B": 1e-12, "mW": 1e-3}[entry["unit"]]

    parts, layers = report["energy_components"], report["layers"]
    for name, value in parts.items():
        np.testing.assert_allclose(value, sum(layer["energy"][name] for layer in layers), rtol=1e-12)
    np.testing.assert_allclose(sum(parts.values()), report["energy"], rtol=1e-12)
    macs = sum(layer["macs"] for layer in layers)
    np.testing.assert_allclose(parts["mat"], macs * joule("mat", "energy"), rtol=1e-12)
    moved = {name: [sum(layer["bytes"][name][way] for layer in layers) for way in ("read", "written")]
             for name in ("dram", "weight", "vector", "acc")}  # fmt: skip
    for name, (read, written) in moved.items():
        place = ("dram",) if name == "dram" else ("memories", name)
        energy = read * joule(*place, "read_energy") + written * joule(*place, "write_energy")
        np.testing.assert_allclose(parts[name], energy, rtol=1e-12)
    leaking = [
        ("sequencer", "leakage"),
        ("dma", "leakage"),
        ("mat", "leakage"),
        ("vec", "leakage"),
        ("dram", "background"),
    ]
    leaking += [("memories", name, "leakage") for name in ("weight", "vector", "acc")]
    watt = sum(joule(*path) for path in leaking)
    np.testing.assert_allclose(parts["leakage"], watt * report["seconds"], rtol=1e-12)
    np.testing.assert_allclose(target["derived"]["leakage"], watt, rtol=1e-12)
    for key, divisor in (("step", report["steps"]), ("run", 3), ("operation", 2 * macs)):
        np.testing.assert_allclose(report[f"energy_per_{key}"] * divisor, report["energy"], rtol=1e-12)
    np.testing.assert_allclose(report["power"] * report["seconds"], report["energy"], rtol=1e-12)
    np.testing.assert_allclose(report["leakage_share"] * report["energy"], parts["leakage"], rtol=1e-12)


HEAD = {"name", "summary", "kind", "base"}


def target_keys(column=None):
    """The keys of the page; those with this in the column that says what stands where a key is not given."""
    rows = re.findall(r"^\| `([^`]+)` \|[^|]*\|[^|]*\| ([^|]*) \|", page("target.md"), re.M)
    assert len(rows) > 60
    return {key for key, absent in rows if column in (None, absent)} - HEAD


def test_the_keys_of_a_target_are_those_of_its_page():
    target = json.loads(rnnc("targets", "generic", "--json"))
    target.pop("derived")
    entry = re.compile(r"\.(value(\[\])?|unit|source|grade|at\.nm|at\.V)$")
    used = {entry.sub("", key) for key in flat(target)} - HEAD
    assert target_keys("required") <= used <= target_keys()


def test_a_key_that_is_required_is_missed_and_no_other(tmp_path):
    """The page's defaults are those of the reader: each key of the generic target is left out once."""
    lines = (ROOT / "targets" / "generic.yaml").read_text().splitlines()
    required, stack, tried = target_keys("required"), [], 0
    for number, line in enumerate(lines):
        found = re.match(r"( *)([a-z_]+):(.*)", line)
        if not found:
            continue
        stack[len(found[1]) // 2 :] = [found[2]]
        key = ".".join(stack)
        if found[3].strip() and key not in HEAD | {"technology", "voltage"}:
            path = tmp_path / "less.yaml"
            path.write_text("\n".join(lines[:number] + lines[number + 1 :]))
            done = subprocess.run([RNNC, "targets", path], capture_output=True, text=True, timeout=60)
            assert (f"missing key '{found[2]}'" in done.stderr) == (key in required), key
            tried += 1
    assert tried > 50


def json_keys(command):
    """The documented keys of a command, or none."""
    section = re.search(rf"^## {re.escape(command)}\n(.*?)(?=^## |\Z)", page("json.md"), re.M | re.S)
    return re.findall(r"^\| `([^`]+)` \|", section[1], re.M)


def written(value):
    """The keys of all objects, without the [] of an array of plain values and of the array of all."""
    return {re.sub(r"\[\]$", "", re.sub(r"^\[\]\.", "", key)) for key in flat(value)}


def rnnc(*arguments):
    return subprocess.run([RNNC, *arguments], capture_output=True, text=True, check=True, timeout=120).stdout


def test_the_keys_of_rnncs_json_are_those_of_their_page(tmp_path):
    rnn_mlir.compile(BYTES).save(tmp_path / "m.rpu")
    script = ROOT / "test" / "Tools" / "rnnc" / "Inputs" / "lstm.py"
    for kind in ("test", "invalid"):
        subprocess.run([sys.executable, script, kind, tmp_path / "cases" / kind / "model.onnx"], check=True)
    rnnc("check", tmp_path / "cases", f"--json={tmp_path / 'check.json'}")
    rows = []
    # One with cases, one with figures beside it, one that cannot be run.
    for claim in ("epur-mwl-weight-reads", "chipmunk-efficiency", "spartus-speed"):
        rnnc("reproduce", claim, f"--json={tmp_path / 'claim.json'}")
        rows += json.loads((tmp_path / "claim.json").read_text())
    results = {
        "rnnc targets --json": json.loads(rnnc("targets", "--json")),
        "rnnc targets TARGET --json": json.loads(rnnc("targets", "generic", "--json"))["derived"],
        "rnnc info --json": json.loads(rnnc("info", tmp_path / "m.rpu", "--json")),
        "rnnc check --json=FILE": json.loads((tmp_path / "check.json").read_text()),
        # A list without elements has its key.
        "rnnc reproduce --json=FILE": [
            {
                key: value or [None] if isinstance(value, list) else value
                for key, value in row.items()
                if value != [] or key in ("calibrated", "assumed")
            }
            for row in rows
        ],
    }
    for command, result in results.items():
        keys = json_keys(command)
        assert len(keys) == len(set(keys)) and written(result) == set(keys), command
    info = results["rnnc info --json"]
    assert info["nodes"] == [program["node"] for program in info["programs"]]
    clocks = {each["name"]: each["clock"] for each in results["rnnc targets --json"]}
    assert clocks["cpu"] is None and clocks["generic"] == 1e9 and clocks["epur"] == 5e8


def test_a_target_as_json_has_the_keys_of_its_page():
    target = json.loads(rnnc("targets", "generic", "--json"))
    assert target["clock"] == {"value": 1, "unit": "GHz", "grade": "assumed"}
    assert target["mat"]["energy"]["at"] == {"nm": 45, "V": 0.9} and target["mat"]["energy"]["grade"] == "M"
    # 256 multipliers at 1 GHz against 16 bytes a cycle.
    assert target["derived"]["operations_per_second"] == 512e9 and target["derived"]["ridge"] == 32
    assert json.loads(rnnc("targets", "epur", "--json"))["mat"]["formats"]["value"] == ["f16"]
