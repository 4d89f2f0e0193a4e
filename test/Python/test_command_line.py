"""Exit codes of every command of rnnc, outputs that cannot be written, and the help."""

import re
import subprocess

import lstm
import numpy as np
import pytest
from places import RNNC, ROOT

COMMANDS = ["compile", "run", "check", "targets", "asm", "dis", "info", "reproduce", "help"]


def rnnc(*arguments, cwd):
    return subprocess.run([RNNC, *arguments], cwd=cwd, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A model and its program, what is malformed, and folders of tests that pass, differ and are refused."""
    place = tmp_path_factory.mktemp("commands")
    proto = lstm.model()
    (place / "m.onnx").write_bytes(proto.SerializeToString())
    (place / "invalid.onnx").write_bytes(lstm.model(activations=["Nonsense"] * 3).SerializeToString())
    (place / "corrupt").write_bytes(b"nonsense")
    (place / "corrupt.npy").write_bytes(b"nonsense")
    (place / "corrupt.yaml").write_text("nonsense: 1\n")
    x = np.random.default_rng(6).uniform(-1, 1, (3, 1, 4)).astype(np.float32)
    np.save(place / "x.npy", x)
    (place / "renamed.bin").write_bytes((place / "x.npy").read_bytes())
    y = lstm.reference(proto, x)
    for name, model, wanted in (
        ("good", proto.SerializeToString(), y),
        ("bad", proto.SerializeToString(), y + np.float32(1)),
        ("refused", (place / "invalid.onnx").read_bytes(), y),
        ("malformed", b"nonsense", y),
        ("good/EXPECT_FAIL_refused", (place / "invalid.onnx").read_bytes(), y),
    ):
        test = place / name if "/" in name else place / name / "test"
        lstm.write_data_set(test / "test_data_set_0", x, wanted)
        (test / "model.onnx").write_bytes(model)
    assert rnnc("compile", "m.onnx", "-o", "m.rpu", cwd=place).returncode == 0
    return place


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        (0, "--version"),
        (0, "compile m.onnx -o again.rpu"),
        (0, "run m.rpu --input x=x.npy"),
        (0, "run m.rpu --input x=renamed.bin"),
        (0, "check good --target=cpu"),
        (0, "check refused --target=cpu"),
        (0, "check malformed --target=cpu"),
        (0, "check good --target=cpu,generic"),
        (0, "targets"),
        (0, "targets generic"),
        (0, "asm m.rpu"),
        (0, "dis m.rpu -o -"),
        (0, "info m.rpu"),
        (0, "reproduce spartus-speed"),
        (0, "help"),
        (0, "help compile"),
        (0, "compile -o again.rpu -- m.onnx"),
        (1, "compile invalid.onnx -o n.rpu"),
        (1, "compile corrupt -o n.rpu"),
        (1, "compile none.onnx -o n.rpu"),
        (1, "compile m.onnx -o none/n.rpu"),
        (1, "run corrupt --input x=x.npy"),
        (1, "run m.rpu"),
        (1, "run m.rpu --input x=corrupt.npy"),
        (1, "run m.rpu --input x=x.npy --report=none/r.json"),
        (1, "check bad --target=cpu"),
        (1, "check refused --target=cpu --strict"),
        (1, "check malformed --target=cpu --strict"),
        (1, "check none"),
        (1, "check good --json=none/r.json"),
        (1, "asm corrupt"),
        (1, "dis corrupt"),
        (1, "info corrupt"),
        (1, "reproduce spartus-speed --json=none/r.json"),
        (2, ""),
        (2, "-- compile m.onnx -o n.rpu"),
        (2, "targets genric"),
        (2, "none"),
        *((2, f"{command} --none") for command in COMMANDS),
        (2, "compile m.onnx --target=none -o n.rpu"),
        (2, "compile m.onnx --target=corrupt.yaml -o n.rpu"),
        (2, "compile m.onnx --target=none.yaml -o n.rpu"),
        (2, "compile m.onnx --schedule=plain --time-tile=3 -o n.rpu"),
        (2, "compile m.onnx --time-tile=-1 -o n.rpu"),
        (2, "compile m.onnx --quantize=w8a16 -o n.rpu"),
        (2, "compile m.onnx --target=cpu --target=generic -o n.rpu"),
        (2, "compile m.onnx -o m.onnx"),
        (2, "compile m.onnx -o -"),
        (2, "run m.rpu --input x"),
        (2, "run m.rpu --input x=x.npy --trace=x.npy"),
        (2, "run m.rpu --input x=x.npy --report=r.json --trace=r.json"),
        (2, "run m.rpu --input x=x.npy --report=r.json --trace=./r.json"),
        (2, "run m.rpu --input x=x.npy --report=r.txt"),
        (2, "run m.rpu --input x=x.npy --max-cycles=0"),
        (2, "check good --target=none"),
        (2, "check good --schedule=plain --time-tile=3"),
        (2, "targets none"),
        (2, "targets corrupt.yaml"),
        (2, "asm m.rpu -o m.rpu"),
        (2, "dis m.rpu -o m.rpu"),
        (2, "info m.rpu m.rpu"),
        (2, "reproduce none"),
        (2, "help none"),
        (2, "help compile run"),
    ],
)
def test_exit_codes(folder, code, arguments):
    done = rnnc(*arguments.split(), cwd=folder)
    assert done.returncode == code, done.stdout + done.stderr
    assert ("error: " in done.stderr) == (code != 0) or done.stdout.endswith(" refused\n")
    assert not (folder / "n.rpu").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("compile none.onnx -o none/n.rpu", "none/n.rpu: error: there is no folder none/"),
        ("run none.rpu --report=none/r.json", "none/r.json: error: there is no folder none/"),
        ("run none.rpu --trace=none/t.json", "none/t.json: error: there is no folder none/"),
        ("run none.rpu --output=x.npy", "x.npy: error: cannot create the folder: File exists"),
        ("run none.rpu --output=x.npy/a/b", "x.npy/a/b: error: cannot create the folder: Not a directory"),
        ("check none --json=none/r.json", "none/r.json: error: there is no folder none/"),
        ("asm none.rpu -o none/m.s", "none/m.s: error: there is no folder none/"),
        ("dis none.rpu -o none/m.s", "none/m.s: error: there is no folder none/"),
        ("reproduce --json=none/r.json", "none/r.json: error: there is no folder none/"),
    ],
)
def test_outputs_are_checked_before_anything_is_read(folder, arguments, message):
    done = rnnc(*arguments.split(), cwd=folder)
    assert done.returncode == 1 and done.stdout == "" and done.stderr == message + "\n"


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        ("compile m.onnx -o -", "--output"),
        ("run m.rpu --output -", "--output"),
        ("run m.rpu --report=-", "--report"),
        ("run m.rpu --trace=-", "--trace"),
        ("check . --json=-", "--json"),
        ("reproduce --json=-", "--json"),
    ],
)
def test_standard_output_is_no_file(folder, arguments, option):
    done = rnnc(*arguments.split(), cwd=folder)
    message = (
        f"rnnc: error: {option}: expected a file, found -, and standard output is none; ./- is a file of that name"
    )
    assert done.returncode == 2 and done.stdout == "" and done.stderr.startswith(message)


@pytest.mark.parametrize("trace", ["over/output_0.npy", "./over/./output_0.npy"])
def test_a_trace_takes_the_place_of_no_output(folder, trace):
    (folder / "over").mkdir(exist_ok=True)
    done = rnnc("run", "m.rpu", "--input", "x=x.npy", "--output=over", f"--trace={trace}", cwd=folder)
    assert (done.returncode, done.stderr) == (2, f"{trace}: error: is the file of two outputs\n")
    assert not list((folder / "over").iterdir())


@pytest.mark.parametrize("command", COMMANDS)
def test_help_and_version_of_each_command(folder, command):
    text = rnnc(command, "--help", cwd=folder)
    assert (text.returncode, text.stderr) == (0, "") and f"rnnc {command} [OPTIONS]" in text.stdout
    assert rnnc("help", command, cwd=folder).stdout == text.stdout
    version = rnnc("--version", cwd=folder)
    assert re.fullmatch(r"rnnc \d+\.\d+\.\d+\n", version.stdout)
    for arguments in ([command, "--version"], [command, "some", "--version"]):
        done = rnnc(*arguments, cwd=folder)
        assert (done.returncode, done.stdout, done.stderr) == (0, version.stdout, "")


def test_help_of_rnnc(folder):
    text = rnnc("--help", cwd=folder)
    assert (text.returncode, text.stderr) == (0, "") and "rnnc [OPTIONS] SUBCOMMAND" in text.stdout
    assert rnnc("help", cwd=folder).stdout == text.stdout
    done = rnnc("help", "complie", cwd=folder)
    message = "there is no command 'complie'; did you mean compile? (see rnnc --help)"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"rnnc: error: {message}\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_behind_two_dashes_are_arguments(folder, command):
    """An argument that begins with a dash is taken, so that the error is about it; a second one is one too many."""
    options = ["-o", "n.rpu"] if command == "compile" else []
    done = rnnc(command, *options, "--", "--none=", "-more", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"rnnc: error: rnnc {command} expects no further argument, found '-more' (see rnnc {command} --help)\n"
    )
    done = rnnc(command, *options, "--", "--none=", cwd=folder)
    assert done.returncode != 0 and "--none=" in done.stderr and "option" not in done.stderr


def test_files_that_begin_with_a_dash(folder):
    (folder / "-m.onnx").write_bytes((folder / "m.onnx").read_bytes())
    assert rnnc("compile", "-o", "./-m.rpu", "--", "-m.onnx", cwd=folder).returncode == 0
    assert rnnc("run", "--input", "x=x.npy", "--", "-m.rpu", cwd=folder).returncode == 0
    done = rnnc("compile", "--", "-m.onnx", cwd=folder)
    assert done.returncode == 2 and "--output is required" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("compile m.onnx -o=", "expected '-o VALUE' or '-oVALUE', found '-o='"),
        ("compile m.onnx -o=n.rpu", "expected '-o VALUE' or '-oVALUE', found '-o=n.rpu'"),
        ("asm m.rpu -o=m.s", "expected '-o VALUE' or '-oVALUE', found '-o=m.s'"),
        ("check good --target=generic,", "--target: expected names between the commas, found generic,"),
        ("check good --target=,generic", "--target: expected names between the commas, found ,generic"),
        ("check good --target cpu,,generic", "--target: expected names between the commas, found cpu,,generic"),
        ("check good --target=,", "--target: expected names between the commas, found ,"),
    ],
)
def test_values_that_are_half_given(folder, arguments, message):
    before = set(folder.iterdir())
    done = rnnc(*arguments.split(), cwd=folder)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.removesuffix(" (see --help)\n").removesuffix("\n") == f"rnnc: error: {message}"
    assert set(folder.iterdir()) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "m.rpu", "--report=", "--trace=t.json"], "--report: expected a file, found none"),
        (["run", "m.rpu", "--report", ""], "--report: expected a file, found none"),
        (["run", "m.rpu", "--output="], "--output: expected a folder, found none"),
        (["run", "m.rpu", "--max-cycles="], "--max-cycles: expected CYCLES, found none"),
        (["compile", "m.onnx", "--host-cpu=", "-o", "n.rpu"], "--host-cpu: expected CPU,..., found none"),
        (["compile", "m.onnx", "--target=", "--output=n.rpu"], "--target: expected NAME|FILE.yaml, found none"),
        (["compile", "m.onnx", "-o", ""], "--output: expected a file, found none"),
        (["compile", "", "-o", "n.rpu"], "MODEL: expected a file, found none"),
        (["check", ""], "DIR: expected a folder, found none"),
        (["reproduce", ""], "CLAIM: expected a value, found none"),
    ],
)
def test_an_empty_text_is_no_value(folder, arguments, message):
    before = set(folder.iterdir())
    done = rnnc(*arguments, cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"rnnc: error: {message}\n")
    assert set(folder.iterdir()) == before


def test_the_folder_of_outputs_is_made(folder):
    for place in ("outputs", "outputs/more/of/them/"):
        assert rnnc("run", "m.rpu", "--input", "x=x.npy", "--output", place, cwd=folder).returncode == 0
        assert np.load(folder / place / "output_0.npy").shape == (3, 1, 1, 8)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_has_an_example_and_the_exit_codes(folder, command):
    text = rnnc(command, "--help", cwd=folder).stdout
    table = dict(re.findall(r"^\| (\d) \| (.*) \|$", (ROOT / "docs" / "command-line.md").read_text(), re.M))
    assert sorted(table) == ["0", "1", "2"]
    for code, meaning in table.items():
        assert f"\n  {code}  {meaning}\n" in text
    assert re.search(rf"^Examples:\n  rnnc {command} ", text, re.M)


@pytest.mark.parametrize("command", COMMANDS)
def test_examples_use_options_that_there_are(folder, command):
    text = rnnc(command, "--help", cwd=folder).stdout
    usage, examples = text.split("Examples:\n")
    for example in re.findall(r"^  (rnnc .*)$", examples, re.M):
        for option in re.findall(r" (--?[a-z][a-z-]*)", example):
            assert re.search(rf"(?<![\w-]){option}(?![\w-])", usage), (example, option)
