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


@pytest.mark.parametrize("name", ["lstm", "sru", "qrnn", "product", "recurrence"])
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


def test_the_keys_of_a_target_are_those_of_its_page():
    def keys(lines):
        stack = []
        for line in lines:
            found = re.match(r"( *)([a-z_]+):(.*)", line)
            if not found:
                continue
            depth = len(found[1]) // 2
            stack[depth:] = [found[2]]
            if found[3].strip():
                yield ".".join(stack)

    used = set(keys((ROOT / "targets" / "generic.yaml").read_text().splitlines()))
    assert used == set(table_keys("target.md"))


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
    rnnc("reproduce", f"--json={tmp_path / 'claims.json'}")
    results = {
        "rnnc targets --json": json.loads(rnnc("targets", "--json")),
        "rnnc info --json": json.loads(rnnc("info", tmp_path / "m.rpu", "--json")),
        "rnnc check --json=FILE": json.loads((tmp_path / "check.json").read_text()),
        "rnnc reproduce --json=FILE": json.loads((tmp_path / "claims.json").read_text()),
    }
    for command, result in results.items():
        keys = json_keys(command)
        assert len(keys) == len(set(keys)) and written(result) == set(keys), command
    info = results["rnnc info --json"]
    assert info["nodes"] == [program["node"] for program in info["programs"]]
    assert {each["name"]: each["clock"] for each in results["rnnc targets --json"]} == {"cpu": None, "generic": 1e9}


def test_a_target_as_json_has_the_keys_of_its_page():
    target = json.loads(rnnc("targets", "generic", "--json"))
    assert target["clock"]["value"] == 1 and target["clock"]["unit"] == "GHz" and target["mat"]["rows"]["unit"] == "1"
    assert {re.sub(r"\.(value|unit|source)$", "", key) for key in flat(target)} == set(table_keys("target.md"))
