"""A wrong setting of ``rnnc check`` is an error of the command line: exit code 2, and no test runs."""

import json
import os
import pathlib
import resource
import signal
import subprocess
import time

import lstm
import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper
from places import RNNC

X = np.linspace(-1, 1, 12, dtype=np.float32).reshape(3, 1, 4)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "model.onnx").write_bytes(lstm.model().SerializeToString())
    (tmp_path / "malformed.yaml").write_text("nonsense: 1\n")
    (tmp_path / "folder.yaml").mkdir()
    return tmp_path


NUMBERS = "expected a finite number of at least 0, found "


@pytest.mark.parametrize(
    ("option", "message"),
    [
        *(
            (f"--{kind}={text}", f"rnnc: error: --{kind}: {NUMBERS}{text}")
            for kind in ("rtol", "atol")
            for text in ("nan", "inf", "-1", "1e400")
        ),
        ("--target=generic,nonsense", "rnnc: error: no target is called 'nonsense'; there are chipmunk, cpu"),
        ("--target=malformed.yaml", "malformed.yaml:1:1: error: unknown key 'nonsense'"),
        ("--target=none.yaml", "none.yaml: error: cannot read: No such file or directory"),
        ("--target=folder.yaml", "folder.yaml: error: cannot read: Is a directory"),
        ("--host-cpu=z80", "rnnc: error: --host-cpu: expected x86-64-v3, x86-64-v4 or native, found z80"),
        ("--schedule=none", "rnnc: error: --schedule: expected mwl, plain, overlap or auto, found none"),
    ],
)
def test_wrong_settings_are_refused_before_anything_runs(folder, option, message):
    ran = subprocess.run([RNNC, "check", ".", option], cwd=folder, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 2 and ran.stdout == "" and message in ran.stderr


@pytest.mark.parametrize("options", [["--target=cpu", "--target=cpu"], ["--target=cpu,cpu"]])
def test_a_target_counts_once(folder, options):
    ran = subprocess.run([RNNC, "check", ".", *options], cwd=folder, capture_output=True, text=True, timeout=60)
    # The test has no data set.
    assert ran.stdout.endswith("\n0 passed, 1 failed, 0 refused\n"), ran.stdout + ran.stderr


def test_several_refusals_are_one_line_and_all_in_the_file(folder):
    wrong = lstm.model(activations=["Nonsense", "Folly", "Tanh"], clip=-1.0)
    (folder / "model.onnx").write_bytes(wrong.SerializeToString())
    (folder / "EXPECT_FAIL_same").mkdir()
    (folder / "EXPECT_FAIL_same" / "model.onnx").write_bytes(wrong.SerializeToString())
    ran = subprocess.run([RNNC, "check", ".", "--json=r.json"], cwd=folder, capture_output=True, text=True, timeout=60)
    passed, refused = sorted(json.loads((folder / "r.json").read_text()), key=lambda record: record["status"])
    first, *others = refused["errors"]
    assert len(others) == 2 and all(each.startswith("./model.onnx:lstm_0: error: ") for each in refused["errors"])
    assert (
        sum("Nonsense" in each for each in refused["errors"]) == sum("Folly" in each for each in refused["errors"]) == 1
    )
    assert refused["detail"] == f"{first} (and 2 more)"
    assert passed["status"] == "PASS" and passed["detail"].endswith(" (and 2 more)") and len(passed["errors"]) == 3
    assert not {"steps", "cycles", "energy"} & passed.keys()
    assert ran.stdout.splitlines()[0].endswith(f"[generic]: {passed['detail']}")
    assert [line.split()[0] for line in ran.stdout.splitlines()] == ["PASS", "REFUSED", "1"]


def test_paths_are_printed_as_they_are_given(folder, tmp_path_factory):
    (folder / "model.onnx").write_bytes(b"nonsense")
    place = tmp_path_factory.mktemp("links")
    (place / "link").symlink_to(folder)
    ran = subprocess.run([RNNC, "check", "link"], cwd=place, capture_output=True, text=True, timeout=60)
    assert ran.stdout.startswith(f"REFUSED {folder.name} [generic]: link/model.onnx: error: ")


def test_a_link_to_a_folder_around_it_is_not_followed(folder):
    for name in ("a", "b"):
        (folder / "tests" / name).mkdir(parents=True)
        (folder / "tests" / name / "model.onnx").write_bytes(b"nonsense")
    (folder / "tests" / "b" / "around").symlink_to(folder / "tests")
    (folder / "tests" / "beside").symlink_to(folder / "tests" / "a")
    ran = subprocess.run([RNNC, "check", folder / "tests"], capture_output=True, text=True, timeout=60)
    assert sorted(line.split()[1] for line in ran.stdout.splitlines()[:-1]) == ["a", "b", "beside"]


def test_a_run_that_fails_names_its_data_set(folder):
    data = folder / "test_data_set_0"
    data.mkdir()
    wrong, y = (helper.make_tensor(name, 1, [1], [0.0]).SerializeToString() for name in ("x", "y"))
    (data / "input_0.pb").write_bytes(wrong)
    (data / "output_0.pb").write_bytes(y)
    ran = subprocess.run([RNNC, "check", folder], capture_output=True, text=True, timeout=60)
    assert ran.stdout.startswith(f"FAIL {folder.name} [generic]: test_data_set_0: model.onnx:x: error: expected shape")


def test_data_sets_without_a_model_fail(folder):
    """Found among tests that have theirs, each by its name; of a test that must be refused, too."""
    tests, model = folder / "tests", (folder / "model.onnx").read_bytes()
    wanted = {
        "link": "model.onnx beside test_data_set_0, found a link to nothing",
        "none": "model.onnx beside test_data_set_0, found none",
        "other": "model.onnx beside test_data_set_0, found foo.onnx",
        "EXPECT_FAIL_none": "model.onnx beside test_data_set_0, found none",
        "golden/lost": "model.onnx beside test_data_set_0, or lost.onnx beside golden, found none",
    }
    for name in (*wanted, "right", "folder", "golden/kept", "golden/gone"):
        lstm.write_data_set(tests / name / "test_data_set_0", X, lstm.reference(lstm.model(), X))
    (tests / "link" / "model.onnx").symlink_to("nowhere")
    (tests / "gone.onnx").symlink_to("nowhere")
    (tests / "folder" / "model.onnx").mkdir()
    for name in ("other/foo", "right/model", "kept"):
        (tests / f"{name}.onnx").write_bytes(model)
    ran = subprocess.run([RNNC, "check", tests], capture_output=True, text=True, timeout=60)
    assert ran.returncode == 1
    lines = {line.split()[1]: line for line in ran.stdout.splitlines()[:-1]}
    for name, text in wanted.items():
        assert lines.pop(name) == f"FAIL {name} [generic]: {tests / name}: error: expected {text}"
    found = "expected gone.onnx beside golden/gone/test_data_set_0, found a link to nothing"
    assert lines.pop("gone") == f"FAIL gone [generic]: {tests}: error: {found}"
    regular = f"{tests / 'folder' / 'model.onnx'}: error: expected a regular file"
    assert lines.pop("folder") == f"FAIL folder [generic]: {regular}"
    assert sorted(lines) == ["kept", "right"] and all(line.startswith("PASS ") for line in lines.values())


def test_a_value_for_an_input_with_an_initializer_is_told_to_be_one(tmp_path):
    value = helper.make_tensor_value_info
    w = numpy_helper.from_array(np.ones(3, np.float32), "w")
    graph = helper.make_graph(
        [helper.make_node("Sub", ["x", "w"], ["y"])], "g", [value("x", 1, [3]), value("w", 1, [3])],
        [value("y", 1, [3])], [w],
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    (tmp_path / "model.onnx").write_bytes(model.SerializeToString())
    data = tmp_path / "test_data_set_0"
    x = np.arange(3, dtype=np.float32)
    lstm.write_data_set(data, x, x - 1)
    assert subprocess.run([RNNC, "check", tmp_path], capture_output=True, timeout=60).returncode == 0
    for names in (("", ""), ("x", "w")):
        for k, (name, array) in enumerate(zip(names, (x, np.full(3, 5, np.float32)), strict=True)):
            (data / f"input_{k}.pb").write_bytes(numpy_helper.from_array(array, name).SerializeToString())
        ran = subprocess.run([RNNC, "check", tmp_path], capture_output=True, text=True, timeout=60)
        told = "test_data_set_0: model.onnx:w: error: is a constant of the program, as the model has an initializer"
        assert ran.stdout.startswith(f"FAIL {tmp_path.name} [generic]: {told}"), ran.stdout


def statuses(folder, **options):
    """Exit code and first words of ``rnnc check``, after the names of the tests."""
    ran = subprocess.run([RNNC, "check", folder, "--target=cpu"], capture_output=True, text=True, timeout=60, **options)
    lines = [line.split(" ", 3) for line in ran.stdout.splitlines()[:-1]]
    return ran.returncode, {name: (status, detail) for status, name, _, detail in lines}


def environment_with_linker(folder, script):
    folder.mkdir()
    (folder / "ld.lld-22").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "ld.lld-22").chmod(0o755)
    return {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


@pytest.fixture
def twins(tmp_path):
    """A folder with one model as two tests, of which the second is to be refused."""
    for name in ("plain", "EXPECT_FAIL_twin"):
        (tmp_path / "tests" / name).mkdir(parents=True)
        model = tmp_path / "tests" / name / "model.onnx"
        onnx.save(lstm.model(), model, save_as_external_data=True, location="weights", size_threshold=0)
    return tmp_path / "tests"


def fail(code, found, text):
    return code == 1 and [status for status, _ in found.values()] == ["FAIL"] * 2 and str(found).count(text) == 2


def test_a_linker_that_fails_is_no_refusal(twins):
    found = statuses(twins, env=environment_with_linker(twins.parent / "bin", "exit 1"))
    assert fail(*found, "model.onnx: error: the linker failed on host code"), found


def test_a_program_that_cannot_be_written_is_no_refusal(twins):
    found = statuses(twins, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64)))
    assert fail(*found, "error: cannot write a temporary file: File too large"), found
    # On a device nothing is written but the program file.
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))  # noqa: E731
    ran = subprocess.run([RNNC, "check", twins], capture_output=True, text=True, timeout=60, preexec_fn=limit)
    assert ran.returncode == 1 and ran.stdout.endswith("\n0 passed, 2 failed, 0 refused\n"), ran.stdout
    assert ran.stdout.count(".rpu: error: cannot write: File too large\n") == 2


def test_a_temporary_folder_that_cannot_be_made_is_an_error(twins):
    ran = subprocess.run(
        [RNNC, "check", twins], capture_output=True, text=True, timeout=60, env={**os.environ, "TMPDIR": "/proc"}
    )
    assert ran.returncode == 1 and ran.stdout == "" and "cannot create a temporary folder: " in ran.stderr


def test_external_data_that_cannot_be_read_is_no_refusal(twins):
    for weights in twins.rglob("weights"):
        weights.write_bytes(weights.read_bytes()[:-1])
    code, found = statuses(twins)
    # A file that is too short is malformed.
    assert code == 0 and [found[name][0] for name in ("plain", "EXPECT_FAIL_twin")] == ["REFUSED", "PASS"]
    assert str(found).count("the file has ") == 2
    for weights in twins.rglob("weights"):
        weights.unlink()
    found = statuses(twins)
    assert fail(*found, "error: external data 'weights': No such file or directory"), found


def has_ended(process):
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] in "XZ"
    except FileNotFoundError:
        return True


def wait_until(condition):
    for _ in range(600):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("expected within a minute")


@pytest.mark.parametrize("way", ["timeout", signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_linker_outlives_the_check(way, tmp_path):
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        [helper.make_node("Add", ["x", "x"], ["y"])], "g", [value("x", 1, [3])], [value("y", 1, [3])]
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    (tmp_path / "model.onnx").write_bytes(model.SerializeToString())
    note, number = tmp_path / "bin" / "note", tmp_path / "bin" / "number"
    env = environment_with_linker(tmp_path / "bin", f"echo $$ > {note}; mv {note} {number}; exec sleep 300")
    seconds = 6 if way == "timeout" else 100
    command = [RNNC, "check", tmp_path, "--target=cpu", f"--timeout={seconds}"]
    # A shell's background processes, as those of CI, ignore SIGINT and hand that on.
    check = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=env,
                             preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))  # fmt: skip
    linker = None
    try:
        wait_until(number.exists)
        linker = int(number.read_text())
        if way != "timeout":
            check.send_signal(way)
        printed, _ = check.communicate(timeout=60)
        if way == "timeout":
            assert check.returncode == 1 and f": takes longer than {seconds} s\n" in printed
        else:
            assert check.returncode == (-way if way == signal.SIGKILL else 128 + way)
        wait_until(lambda: has_ended(linker))
    finally:
        check.kill()
        if linker and not has_ended(linker):
            os.kill(linker, signal.SIGKILL)


def test_what_cannot_be_looked_at_is_no_test(folder):
    """Links to themselves, and a name that is too long for a model beside it."""
    tests = folder / "tests"
    for name in ("right/model", "known", "data"):
        (tests / name).parent.mkdir(parents=True, exist_ok=True)
        (tests / f"{name}.onnx").write_bytes((folder / "model.onnx").read_bytes())
    long = "n" * 255
    for name in ("right", "golden/known", f"golden/{long}"):
        lstm.write_data_set(tests / name / "test_data_set_0", X, lstm.reference(lstm.model(), X))
    for name in ("self", "right/test_data_set_1", "golden/data", "broken/model.onnx"):
        (tests / name).parent.mkdir(exist_ok=True)
        (tests / name).symlink_to(pathlib.Path(name).name)
    code, found = statuses(tests)
    assert code == 1 and sorted(found) == ["broken", f"golden/{long}", "known", "right"]
    broken = f"{tests / 'broken' / 'model.onnx'}: error: cannot open: Too many levels of symbolic links"
    assert found["broken"] == ("FAIL", broken)
    assert found[f"golden/{long}"][0] == "FAIL" and found[f"golden/{long}"][1].endswith("found none")
    assert found["known"][0] == found["right"][0] == "PASS"


def test_a_deep_value_in_an_index_is_named_by_its_kind(folder):
    (folder / "test").mkdir()
    (folder / "model.onnx").rename(folder / "test" / "model.onnx")
    deep = "[" * 100000 + "]" * 100000
    for text, message in (
        (f"[{deep}]", 'expected an object with "name" and "tol", found array'),
        (f'[{{"name": {deep}}}]', 'expected a text as "name", found array'),
    ):
        (folder / "index.json").write_text(text)
        ran = subprocess.run([RNNC, "check", folder], capture_output=True, text=True, timeout=60)
        assert (ran.returncode, ran.stderr) == (1, f"{folder / 'index.json'}:[0]: error: {message}\n")


def test_an_output_of_f16_may_be_rounded_to_the_neighbour(tmp_path):
    """1 and its neighbours below and above, 2^-11 and 2^-10 of it away, and the one behind that."""
    value = helper.make_tensor_value_info
    type = onnx.TensorProto.FLOAT16
    graph = helper.make_graph(
        [helper.make_node("Neg", ["x"], ["y"])], "g", [value("x", type, [1])], [value("y", type, [1])]
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    for name, found in (("below", -1 + 2**-11), ("above", -1 - 2**-10), ("beyond", -1 - 3 * 2**-10)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.onnx").write_bytes(model.SerializeToString())
        x, y = np.array([1], np.float16), np.array([found], np.float16)
        lstm.write_data_set(tmp_path / name / "test_data_set_0", x, y)
    done = subprocess.run(
        [RNNC, "check", tmp_path, "--target=cpu", "--host-cpu=native"], capture_output=True, text=True, timeout=120
    )
    words = {line.split()[1]: line.split()[0] for line in done.stdout.splitlines() if line[:4] in ("PASS", "FAIL")}
    assert words == {"below": "PASS", "above": "PASS", "beyond": "FAIL"}, done.stdout
