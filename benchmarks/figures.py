"""Measures the project's figures, each next to its peer in the same run, and prints them as a table.

    build/venv/bin/python benchmarks/figures.py [NAME ...]

Names: simulator, cpu, sru, length, compile, nodes, start, corpus, build, tests. Without a name all are measured but
`build` and `tests`, which take minutes: they time a build without ccache and the whole test script, each in a clean
clone of the last commit after its set-up. `corpus` needs the models and tests of ../shared/corpus. Times are medians
of interleaved runs (ours, the peer's, ours, …), ratios are medians of the ratios pair by pair; ONNX Runtime and NumPy
run with one thread. The exit code is 1 where a figure does not reach its goal.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when NumPy is loaded

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "test"))
from places import CORPUS, RECURRENT, RNNC, is_refused_as_named  # noqa: E402

TARGETS = ("generic", "cpu")


def lstm_model(hidden: int, layers: int = 1, steps=100, width: int | None = None) -> onnx.ModelProto:
    """A stack of forward LSTMs, batch 1, f32, input width = hidden unless given; ``steps`` an int or a dim name."""
    rng = np.random.default_rng(hidden)
    nodes, initializers = [], []
    source, columns = "x", width or hidden
    for k in range(layers):
        scale = 1 / np.sqrt(hidden)
        for name, shape in (("w", (1, 4 * hidden, columns)), ("r", (1, 4 * hidden, hidden)), ("b", (1, 8 * hidden))):
            values = (rng.standard_normal(shape) * scale).astype(np.float32)
            initializers.append(numpy_helper.from_array(values, f"{name}{k}"))
        nodes.append(
            helper.make_node(
                "LSTM", [source, f"w{k}", f"r{k}", f"b{k}"], [f"y{k}"], name=f"lstm{k}", hidden_size=hidden
            )
        )
        nodes.append(helper.make_node("Squeeze", [f"y{k}", "one"], [f"z{k}"], name=f"squeeze{k}"))
        source, columns = f"z{k}", hidden
    initializers.append(numpy_helper.from_array(np.array([1], np.int64), "one"))
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        "lstm",
        [value("x", TensorProto.FLOAT, [steps, 1, width or hidden])],
        [value(source, TensorProto.FLOAT, [steps, 1, hidden])],
        initializers,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)


def peer(proto: onnx.ModelProto):
    """An ONNX Runtime session of one thread."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(proto.SerializeToString(), options, providers=["CPUExecutionProvider"])


def paired(ours, theirs, seconds: float = 4.0) -> tuple[float, float, float]:
    """Median times of two calls in turn and the median of their ratios, after a warm-up of both."""
    for _ in range(3):
        ours(), theirs()
    pairs, begun = [], time.perf_counter()
    while len(pairs) < 10 or time.perf_counter() - begun < seconds:
        t0 = time.perf_counter()
        ours()
        t1 = time.perf_counter()
        theirs()
        pairs.append((t1 - t0, time.perf_counter() - t1))
    a, b = zip(*pairs)
    return statistics.median(a), statistics.median(b), statistics.median(x / y for x, y in pairs)


def least(*calls, seconds: float = 8.0) -> list[float]:
    """The least processor time of each call. They are taken in turn, each four times: what one of them leaves in the
    caches is its own.
    """
    times, begun = [float("inf")] * len(calls), time.perf_counter()
    while time.perf_counter() - begun < seconds:
        for index, call in enumerate(calls):
            for _ in range(4):
                before = time.process_time()
                call()
                times[index] = min(times[index], time.process_time() - before)
    return times


class Row(NamedTuple):
    """A line of the table, and whether the figure reaches its goal."""

    what: str
    ours: str
    theirs: str = "-"
    ratio: str = "-"
    goal: str = "-"
    reached: bool = True


def against_onnx_runtime(target: str, hidden: int, most: float | None = None) -> Row:
    import rnn_mlir

    proto = lstm_model(hidden)
    x = {"x": np.random.default_rng(1).standard_normal((100, 1, hidden)).astype(np.float32)}
    session = rnn_mlir.Session(rnn_mlir.compile(proto.SerializeToString(), target=target, host_cpu="native"))
    other = peer(proto)
    ours, theirs, ratio = paired(lambda: session.run(x), lambda: other.run(None, x))
    return Row(
        f"{target}: LSTM H={hidden}, T=100",
        f"{ours * 1e3:.3f} ms",
        f"{theirs * 1e3:.3f} ms",
        f"{ratio:.2f}",
        f"<= {most}" if most else "-",
        not most or ratio <= most,
    )


def plain_order(hidden: int) -> Row:
    """The simulator's time beside that of the weights' traffic in plain order: W and R read once for every step.

    The peer is 100 products of a [4H, 2H] matrix and a vector by NumPy's BLAS on one thread, which reads what a step
    of the plain order reads and does little else.
    """
    import rnn_mlir

    proto, rng = lstm_model(hidden), np.random.default_rng(1)
    x = {"x": rng.standard_normal((100, 1, hidden)).astype(np.float32)}
    session = rnn_mlir.Session(rnn_mlir.compile(proto.SerializeToString(), target="generic", schedule="plain"))
    weights, vector = (rng.standard_normal(n).astype(np.float32) for n in ((4 * hidden, 2 * hidden), 2 * hidden))

    def traffic() -> None:
        for _ in range(100):
            weights @ vector

    ours, theirs, ratio = paired(lambda: session.run(x), traffic)
    return Row(
        f"generic, plain order: LSTM H={hidden}, T=100; peer: its traffic alone, {weights.nbytes / 1e6:.1f} MB a step",
        f"{ours * 1e3:.3f} ms",
        f"{theirs * 1e3:.3f} ms",
        f"{ratio:.2f}",
    )


def simulator() -> Iterator[Row]:
    for hidden, most in {128: 1.2, 256: 1.0, 512: 1.6, 1024: 2.2}.items():
        yield against_onnx_runtime("generic", hidden, most)
    for hidden in (256, 1024):
        yield plain_order(hidden)


def cpu() -> Iterator[Row]:
    for hidden, most in {128: 0.9, 256: 1.05, 1024: 1.1}.items():
        yield against_onnx_runtime("cpu", hidden, most)


def sru_module(hidden: int) -> str:
    """An SRU layer with peepholes, batch 1, f32, as many inputs as units."""
    rng = np.random.default_rng(hidden)

    def constant(name: str, *shape: int) -> str:
        values = (rng.standard_normal(shape) / np.sqrt(hidden)).astype("<f4")
        size = "x".join(map(str, shape))
        return f'%{name} = arith.constant dense<"0x{values.tobytes().hex()}"> : tensor<{size}xf32>'

    sequence, state, pair = f"tensor<?x1x{hidden}xf32>", f"tensor<1x{hidden}xf32>", f"tensor<{2 * hidden}xf32>"
    return f"""func.func @main(%x: {sequence}) -> {sequence} {{
      {constant("w", 3 * hidden, hidden)}
      {constant("b", 2 * hidden)}
      {constant("v", 2 * hidden)}
      %y, %c = rnn.sru %x, %w bias(%b) peephole(%v)
        : ({sequence}, tensor<{3 * hidden}x{hidden}xf32>, {pair}, {pair}) -> ({sequence}, {state})
      return %y : {sequence}
    }}"""


def sru() -> Iterator[Row]:
    """SRU with 16 steps a weight fetch against 1, beside what the memory and the arithmetic of this machine allow.

    The base: how fast this machine has been seen to read as many weights, by BLAS on one thread for a matrix and
    a vector or for the product of two vectors, or by the steps that fetch every weight; and how fast BLAS multiplies
    two matrices that fit the caches. A step takes no less than its share of the weights' bytes at that bandwidth, nor
    than its operations at that rate. Times are the least of several that are taken in turn, and of the processor: what
    others do meanwhile on this machine is left out as far as it can be.
    """
    import rnn_mlir

    hidden, steps, tile = 1024, 256, 16
    rng = np.random.default_rng(1)
    x = {"input_0": rng.standard_normal((steps, 1, hidden)).astype(np.float32)}
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "sru.mlir"
        path.write_text(sru_module(hidden))
        sessions = [
            rnn_mlir.Session(rnn_mlir.compile(path, target="cpu", host_cpu="native", schedule=schedule, time_tile=size))
            for schedule, size in (("plain", 1), ("mwl", tile))
        ]
    weights, vector = (rng.standard_normal(n).astype(np.float32) for n in ((3 * hidden, hidden), hidden))
    halves = np.split(weights.ravel(), 2)
    square = rng.standard_normal((hidden, hidden)).astype(np.float32)
    one, many, matrix, vectors, multiply = least(
        lambda: sessions[0].run(x),
        lambda: sessions[1].run(x),
        lambda: weights @ vector,
        lambda: halves[0] @ halves[1],
        lambda: square @ square,
    )
    speedup, bandwidth, rate = one / many, weights.nbytes / min(matrix, vectors, one / steps), 2 * hidden**3 / multiply
    bounds = [max(weights.nbytes / bandwidth / size, 2 * weights.size / rate) for size in (1, tile)]
    allowed = bounds[0] / bounds[1]
    yield Row(
        f"cpu: SRU-{hidden}, {tile} steps a weight fetch against 1; base: {bandwidth / 1e9:.1f} GB/s and "
        f"{rate / 1e9:.1f} GFLOP/s",
        f"{speedup:.2f} ({one / steps * 1e6:.0f} to {many / steps * 1e6:.0f} µs a step)",
        f"{allowed:.2f} ({bounds[0] * 1e6:.0f} to {bounds[1] * 1e6:.0f} µs a step)",
        f"{speedup / allowed:.2f}",
        ">= 0.8",
        speedup >= 0.8 * allowed,
    )


# Starts and times its arguments from a small process: Linux hands the peak of the process that called exec on to the
# new program, and this process holds the model.
LAUNCHER = """
import os, subprocess, sys, time
begun = time.perf_counter()
process = subprocess.Popen(sys.argv[1:])
_, status, usage = os.wait4(process.pid, 0)
print(time.perf_counter() - begun, usage.ru_maxrss * 1024)
sys.exit(status != 0)
"""


def compile_once(model: pathlib.Path, out: pathlib.Path, *options: str) -> tuple[float, int]:
    """Wall time in seconds and peak resident bytes of one ``rnnc compile``."""
    command = [sys.executable, "-S", "-c", LAUNCHER, RNNC, "compile", model, *options, "-o", out]
    seconds, peak = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(seconds), int(peak)


def length() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for steps in (10, 100_000):
            onnx.save(lstm_model(128, steps=steps), folder / f"t{steps}.onnx")
        for target in ("generic", "cpu"):

            def compile_steps(steps: int, target: str = target) -> None:
                compile_once(folder / f"t{steps}.onnx", folder / f"t{steps}.rpu", f"--target={target}")

            long, short, ratio = paired(partial(compile_steps, 100_000), partial(compile_steps, 10), seconds=10)
            sizes = [(folder / f"t{steps}.rpu").stat().st_size for steps in (100_000, 10)]
            yield Row(
                f"{target}: program bytes, T=100000 / T=10",
                *map(str, sizes),
                f"{sizes[0] / sizes[1]:.4f}",
                "within 2 %",
                abs(sizes[0] / sizes[1] - 1) <= 0.02,
            )
            yield Row(
                f"{target}: compile time, T=100000 / T=10",
                f"{long:.3f} s",
                f"{short:.3f} s",
                f"{ratio:.3f}",
                "within 10 %",
                abs(ratio - 1) <= 0.1,
            )


def compile_large() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        model, out = pathlib.Path(folder) / "stack.onnx", pathlib.Path(folder) / "stack.rpu"
        onnx.save(lstm_model(1024, layers=4, steps="T"), model)
        size = model.stat().st_size
        runs = [compile_once(model, out, "--target=generic") for _ in range(3)]
        seconds, peak = statistics.median(s for s, _ in runs), max(p for _, p in runs)
        yield Row("compile four LSTM-1024 for generic", f"{seconds:.2f} s", goal="<= 3 s", reached=seconds <= 3)
        yield Row(
            "peak memory / model file",
            f"{peak / 1e6:.0f} MB",
            f"{size / 1e6:.0f} MB",
            f"{peak / size:.2f}",
            "<= 2.5",
            peak / size <= 2.5,
        )


def chain_model(nodes: int, size: int | str) -> onnx.ModelProto:
    """Elementwise nodes one behind the other, f32, on one dimension of ``size``."""
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        [
            helper.make_node(operator, [f"x{k}"] + ["x0"] * (operator in ("Add", "Mul")), [f"x{k + 1}"], name=f"n{k}")
            for k, operator in enumerate(itertools.islice(itertools.cycle(("Add", "Sigmoid", "Mul", "Relu")), nodes))
        ],
        "chain",
        [value("x0", TensorProto.FLOAT, [size])],
        [value(f"x{nodes}", TensorProto.FLOAT, [size])],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)


def nodes() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        model, out = pathlib.Path(folder) / "chain.onnx", pathlib.Path(folder) / "chain.rpu"
        for size in (4, "N"):
            each = {}
            for count in (200, 1600):
                onnx.save(chain_model(count, size), model)
                runs = [compile_once(model, out, "--target=cpu", "--host-cpu=x86-64-v3") for _ in range(3)]
                each[count] = statistics.median(s for s, _ in runs) / count
            yield Row(
                f"cpu: compile a node of a chain of 1600 / of 200, f32[{size}]",
                f"{each[1600] * 1e3:.2f} ms",
                f"{each[200] * 1e3:.2f} ms",
                f"{each[1600] / each[200]:.2f}",
            )


def wall(command: list) -> float:
    """The median time of a process."""

    def once():
        begun = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - begun

    once()
    return statistics.median(once() for _ in range(11))


def import_time() -> float:
    """The median time of the statement that imports the package, each in a process of its own."""
    code = "import time; t = time.perf_counter(); import rnn_mlir; print(time.perf_counter() - t)"
    command = [sys.executable, "-c", code]
    runs = [float(subprocess.run(command, check=True, capture_output=True, text=True).stdout) for _ in range(12)]
    return statistics.median(runs[1:])


def start() -> Iterator[Row]:
    version = wall([RNNC, "--version"])
    yield Row("rnnc --version", f"{version * 1e3:.0f} ms", goal="< 60 ms", reached=version < 0.06)
    bare, full = wall([sys.executable, "-c", "pass"]), wall([sys.executable, "-c", "import rnn_mlir"])
    yield Row("import rnn_mlir (whole process; bare Python)", f"{full * 1e3:.0f} ms", f"{bare * 1e3:.0f} ms")
    statement = import_time()
    yield Row("import rnn_mlir (the statement)", f"{statement * 1e3:.0f} ms", goal="< 150 ms", reached=statement < 0.15)


def records(folder: pathlib.Path) -> list[dict]:
    """What ``rnnc check`` says of the tests in a folder, on both targets."""
    with tempfile.TemporaryDirectory() as temporary:
        report = pathlib.Path(temporary) / "check.json"
        targets = [f"--target={target}" for target in TARGETS]
        subprocess.run([RNNC, "check", folder, *targets, f"--json={report}"], stdout=subprocess.DEVNULL)
        return json.loads(report.read_text())


def counted(what: str, found: list[dict], goal: str) -> Iterator[Row]:
    """A row for each target: how many tests are right, refused as their names say, and neither; the base is how many
    there are of each.
    """
    for target in TARGETS:
        ours = [record for record in found if record["target"] == target]
        to_refuse = [record for record in ours if record["name"].split("/")[-1].startswith("EXPECT_FAIL_")]
        refused = sum(map(is_refused_as_named, to_refuse))
        passed = sum(record["status"] == "PASS" for record in ours if record not in to_refuse)
        yield Row(
            f"{target}: {what}",
            f"{passed} pass, {refused} refused, {len(ours) - passed - refused} wrong",
            f"{len(ours) - len(to_refuse)} to pass, {len(to_refuse)} to refuse",
            f"{(passed + refused) / max(1, len(ours)):.2f}",
            goal,
            0 < len(ours) == passed + refused,
        )


def relative_error(model: pathlib.Path, golden: pathlib.Path) -> float:
    """ONNX Runtime's largest difference from the golden outputs, relative to the largest magnitude of each."""
    session, largest = peer(onnx.load(model)), 0.0
    for data in sorted(golden.glob("test_data_set_*")):

        def arrays(kind: str, data: pathlib.Path = data) -> list[np.ndarray]:
            files = [data / f"{kind}_{k}.pb" for k in range(len(list(data.glob(f"{kind}_*.pb"))))]
            return [numpy_helper.to_array(onnx.load_tensor(file)) for file in files]

        feed = dict(zip([each.name for each in session.get_inputs()], arrays("input")))
        for got, want in zip(session.run(None, feed), arrays("output")):
            if magnitude := np.abs(want.astype(np.float64)).max(initial=0):
                largest = max(largest, np.abs(got.astype(np.float64) - want).max() / magnitude)
    return largest


def corpus() -> Iterator[Row]:
    if not CORPUS.is_dir():
        yield Row("corpus", f"{CORPUS} is absent", reached=False)
        return
    with tempfile.TemporaryDirectory() as folder:
        for test in RECURRENT:
            (pathlib.Path(folder) / f"{test.parent.name}_{test.name}").symlink_to(test)
        yield from counted("recurrent tests of ONNX", records(pathlib.Path(folder)), "all pass")
    yield from counted("ort_vectors", records(CORPUS / "ort_vectors"), "all pass or are refused as named")
    for family, name in (("silero_vad_v6", "silero_vad_16k_sequence"), ("dtln", "dtln_model_1")):
        with tempfile.TemporaryDirectory() as folder:
            model, golden = pathlib.Path(folder) / f"{name}.onnx", pathlib.Path(folder) / "golden" / name
            golden.parent.mkdir()
            model.symlink_to(CORPUS / "models" / family / f"{name}.onnx")
            golden.symlink_to(CORPUS / "models" / family / "golden" / name)
            theirs = relative_error(model, golden)
            for record in records(pathlib.Path(folder)):
                ours = record.get("largest_relative", float("nan"))
                yield Row(
                    f"{record['target']}: {name}, largest error / largest magnitude of the golden output",
                    f"{ours:.2g}",
                    f"{theirs:.2g}",
                    f"{ours / theirs:.2f}" if theirs else "-",
                    "<= 1e-4",
                    ours <= 1e-4,
                )


def timed_in_clone(command: list[str]) -> tuple[float, str]:
    """Seconds that a command takes in a clean clone of the last commit after its set-up, without ccache, and the last
    line that it prints.
    """
    with tempfile.TemporaryDirectory() as folder:
        clone = pathlib.Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        subprocess.run([clone / "scripts" / "setup.sh"], check=True, stdout=subprocess.DEVNULL)
        environment = {**os.environ, "CCACHE_DISABLE": "1", "RNN_MLIR_CORPUS": str(CORPUS)}
        begun = time.perf_counter()
        done = subprocess.run(
            [clone / command[0], *command[1:]], env=environment, stdout=subprocess.PIPE, text=True, check=False
        )
        seconds = time.perf_counter() - begun
        last = (done.stdout.splitlines() or [""])[-1]
        return (seconds if done.returncode == 0 else float("nan")), last


def build() -> Iterator[Row]:
    seconds, _ = timed_in_clone(["scripts/build.sh", "release"])
    what = f"clean build without ccache, {os.cpu_count()} cores"
    yield Row(what, f"{seconds / 60:.1f} min", goal="<= 6 min on two cores", reached=seconds <= 6 * 60)


def tests() -> Iterator[Row]:
    seconds, last = timed_in_clone(["scripts/test.sh"])
    what = f"scripts/test.sh after set-up, build without ccache included, {os.cpu_count()} cores: {last}"
    yield Row(what, f"{seconds / 60:.1f} min", goal="<= 15 min on two cores", reached=seconds <= 15 * 60)


FIGURES = {
    "simulator": simulator,
    "cpu": cpu,
    "sru": sru,
    "length": length,
    "compile": compile_large,
    "nodes": nodes,
    "start": start,
    "corpus": corpus,
}
#: Measured only where they are named.
SLOW_FIGURES = {"build": build, "tests": tests}


def main() -> int:
    names = [*FIGURES, *SLOW_FIGURES]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[*names, []], metavar="NAME", help=", ".join(names))
    arguments = parser.parse_args()
    print("| what | rnn-mlir | ONNX Runtime or base | ratio | to reach |\n|---|---|---|---|---|")
    missed = []
    for name in arguments.names or FIGURES:
        for row in (FIGURES | SLOW_FIGURES)[name]():
            print(f"| {' | '.join(row[:-1])} |", flush=True)
            missed += [] if row.reached else [row.what]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"\npeak memory of this process: {peak:.0f} MB",
        *(f"missed: {what}" for what in missed),
        sep="\n",
        file=sys.stderr,
    )
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
