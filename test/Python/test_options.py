"""The options of a compilation: every surface has every row of the one table."""

import inspect
import json
import pathlib
import re
import subprocess

import pytest
import rnn_mlir
from places import BUILD
from rnn_mlir import _rnn_mlir

OPTIONS = _rnn_mlir.options
TAKEN = [each for each in OPTIONS if not each["later"]]


def help_of(*command):
    return " ".join(subprocess.check_output([BUILD / "bin" / command[0], *command[1:]], text=True).split())


@pytest.mark.parametrize("command", ["compile", "check"])
def test_the_command_line_has_every_option(command):
    text = help_of("rnnc", command, "--help")
    for option in OPTIONS:
        if command == "compile" or option["name"] != "target":
            assert f"--{option['name']} " in text
            assert " ".join(option["help"].split()) in text
            if option["default"]:
                assert f"(default {option['default']})" in text


def test_the_pipeline_has_the_options_of_the_passes():
    text = help_of("rnn-opt", "--help")
    pipeline = text[text.index("--rnn-compile ") :]
    for option in OPTIONS:
        kind = "long" if option["kind"] == "integer" else "string"
        entry = f"--{option['name']}=<{kind}> - {' '.join(option['help'].split())}"
        assert (entry in pipeline) == option["passes"], option["name"]


def test_the_keywords_of_python_are_the_options():
    parameters = inspect.signature(rnn_mlir.compile).parameters
    assert list(parameters) == ["model", "target", "name", *(each["keyword"] for each in OPTIONS[1:])]
    for option in OPTIONS:
        default = parameters[option["keyword"]].default
        assert default == (None if option["later"] else type(default)(option["default"]))
        assert f"``{option['keyword']}``: {option['help']}" in rnn_mlir.compile.__doc__


def test_the_page_of_the_documentation_has_every_option():
    page = (BUILD / "docs" / "options.md").read_text()
    assert re.findall(r"^\| `--([\w-]+)` \|", page, re.M) == [each["name"] for each in OPTIONS]


def other_value(option):
    last = (option["choices"] or [""])[-1]
    return {"integer": option["most"], "choice": last, "choices": [last], "layer choices": last}[option["kind"]]


def test_a_program_says_what_it_was_compiled_with(tmp_path):
    import onnx.helper as h

    x, y = (h.make_tensor_value_info(name, 1, [2]) for name in "xy")
    model = h.make_model(h.make_graph([h.make_node("Neg", ["x"], ["y"])], "g", [x], [y]), ir_version=9)
    (tmp_path / "m.onnx").write_bytes(model.SerializeToString())
    for option in TAKEN[1:]:
        value = other_value(option)
        text = ",".join(value) if isinstance(value, list) else str(value)
        flag = f"--{option['name']}={text}"
        subprocess.run([BUILD / "bin/rnnc", "compile", "m.onnx", "-o", "m.rpu", flag], cwd=tmp_path, check=True)
        listed = json.loads(subprocess.check_output([BUILD / "bin/rnnc", "info", "--json", tmp_path / "m.rpu"]))
        by_python = rnn_mlir.compile(pathlib.Path(tmp_path / "m.onnx"), **{option["keyword"]: value})
        assert listed["options"] == by_python.info["options"]
        assert str(listed["options"][option["keyword"]]) == text
        rest = {each["keyword"]: each["default"] for each in TAKEN[1:] if each is not option}
        assert {key: str(listed["options"][key]) for key in rest} == rest


@pytest.mark.parametrize("option", [each for each in OPTIONS if each["later"]], ids=lambda each: each["name"])
def test_what_is_not_supported_yet_is_refused(option, tmp_path):
    for command in (["compile", "m.onnx", "-o", "m.rpu"], ["check", "."]):
        done = subprocess.run(
            [BUILD / "bin/rnnc", *command, f"--{option['name']}=8"], cwd=tmp_path, capture_output=True, text=True
        )
        assert (done.returncode, done.stderr) == (2, f"rnnc: error: not supported yet: --{option['name']}\n")
    with pytest.raises(rnn_mlir.CompileError, match=f"^not supported yet: {option['keyword']}$"):
        rnn_mlir.compile(b"", **{option["keyword"]: 8})
