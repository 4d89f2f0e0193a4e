"""All node tests that the package ``onnx`` carries, on the backend: each passes, or is refused with a reason.

``python node_tests.py`` runs them all, prints what is wrong, and ends with the counts; ``--refused`` prints why the
others are refused. A test runs in a process of its own group, so that a crash is one failure.
"""

from __future__ import annotations

import argparse
import collections
import multiprocessing
import pathlib
import re
import sys
import warnings

import numpy as np
import onnx
import onnx.backend.test.loader
import rnn_mlir
from onnx import numpy_helper
from onnx.backend.test.runner import BackendIsNotSupposedToImplementIt
from rnn_mlir import backend


def load() -> list:
    """The cases, in the order of their names."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = onnx.backend.test.loader.load_model_tests(kind="node")
    return sorted(found, key=lambda case: case.name)


def parts(case):
    """The model and the data sets: inputs and outputs as arrays, None for what is no tensor."""
    if case.model is not None:

        def arrays(values):
            return [numpy_helper.to_array(v) if isinstance(v, onnx.TensorProto) else v for v in values]

        return case.model, [tuple(arrays(values) for values in each) for each in case.data_sets]
    folder = pathlib.Path(case.model_dir)

    def tensors(data, kind):
        files = sorted(data.glob(f"{kind}_*.pb"), key=lambda path: int(path.stem.rpartition("_")[2]))
        return [numpy_helper.to_array(onnx.TensorProto.FromString(path.read_bytes())) for path in files]

    sets = [(tensors(data, "input"), tensors(data, "output")) for data in sorted(folder.glob("test_data_set_*"))]
    return onnx.load(folder / "model.onnx"), sets


def difference(found, wanted, rtol, atol) -> str:
    if not isinstance(wanted, np.ndarray):
        wanted = np.asarray(wanted)
    if found.dtype != wanted.dtype or found.shape != wanted.shape:
        return f"expected {wanted.dtype}{list(wanted.shape)}, found {found.dtype}{list(found.shape)}"
    if wanted.dtype.kind not in "fc":
        return "" if np.array_equal(found, wanted) else f"expected {wanted.tolist()}, found {found.tolist()}"
    a, b = found.astype(np.float64), wanted.astype(np.float64)
    if np.allclose(a, b, rtol, atol, equal_nan=True):
        return ""
    with np.errstate(all="ignore"):
        return f"largest difference {np.nanmax(np.abs(a - b))} of {np.nanmax(np.abs(b))}"


def outcome(case, device: str) -> tuple[str, str]:
    """PASS, REFUSED or FAIL, and why."""
    try:
        model, sets = parts(case)
        made = backend.prepare(model, device)
        for inputs, outputs in sets:
            found = made.run(list(inputs))
            for actual, wanted in zip(found, outputs, strict=True):
                if text := difference(np.asarray(actual), wanted, case.rtol, case.atol):
                    return "FAIL", text
    except BackendIsNotSupposedToImplementIt as error:
        return "REFUSED", str(error)
    except rnn_mlir.RunError as error:
        return "FAIL", str(error)
    except Exception as error:  # every other one is a failure of ours, too
        return "FAIL", f"{type(error).__name__}: {error}"
    return "PASS", ""


def _work(names: list[str], device: str, results) -> None:
    cases = {case.name: case for case in load()}
    for name in names:
        results.send((name, None))
        results.send((name, outcome(cases[name], device)))
    results.close()


def run(names: list[str], device: str, timeout: float = 120) -> dict[str, tuple[str, str]]:
    """The outcomes by name. After a crash the rest goes on in a new process."""
    found: dict[str, tuple[str, str]] = {}
    context = multiprocessing.get_context("fork")
    while rest := [name for name in names if name not in found]:
        ours, theirs = context.Pipe(duplex=False)
        worker = context.Process(target=_work, args=(rest, device, theirs))
        worker.start()
        theirs.close()
        current = rest[0]
        try:
            while True:
                if not ours.poll(timeout):
                    found[current] = "FAIL", f"ran for more than {timeout} s"
                    worker.kill()
                    break
                current, result = ours.recv()
                if result:
                    found[current] = result
        except EOFError:
            if current not in found:
                worker.join()
                found[current] = "FAIL", f"crashed with exit code {worker.exitcode}"
        worker.join()
    return found


def reason(text: str) -> str:
    """The first error without its place."""
    return re.sub(r"^.*?error: ", "", text.splitlines()[0]) if text else text


def main() -> int:
    parser = argparse.ArgumentParser(description="Runs the node tests of the package onnx.")
    parser.add_argument("--device", default="CPU", help="CPU or the name of a target (default CPU)")
    parser.add_argument("--match", default="", help="a regular expression that names match")
    parser.add_argument("--refused", action="store_true", help="print the reasons of refusals with their counts")
    options = parser.parse_args()
    names = [case.name for case in load() if re.search(options.match, case.name)]
    found = run(names, options.device)
    reasons = collections.Counter()
    for name, (state, text) in found.items():
        if state == "FAIL":
            print(f"FAIL {name}: {text[:300]}")
        elif state == "REFUSED":
            reasons[reason(text)] += 1
    if options.refused:
        for text, count in reasons.most_common():
            print(f"{count:5} {text[:160]}")
    counts = collections.Counter(state for state, _ in found.values())
    print(f"{counts['PASS']} passed, {counts['FAIL']} failed, {counts['REFUSED']} refused")
    return 1 if counts["FAIL"] else 0


if __name__ == "__main__":
    sys.exit(main())
