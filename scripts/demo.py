"""Compiles and runs real recurrent models, compares them with ONNX Runtime and says what they take and cost.

Called by scripts/demo.sh. The audio is Debian's: the recordings of a voice that alsa-utils ships.
"""

from __future__ import annotations

import importlib.util
import os
import pathlib
import subprocess
import sys
import time
import wave

import numpy as np
import onnxruntime
import rnn_mlir

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORPUS = pathlib.Path(os.environ.get("RNN_MLIR_CORPUS", ROOT.parent / "shared" / "corpus"))
OUT = ROOT / "build" / "demo"
RATE, FRAME, CONTEXT = 16000, 512, 64
TARGETS = ("generic", "cpu")
TOLERANCE = 1e-4
RUNS = 3


def recording(path: pathlib.Path) -> np.ndarray:
    """A recording at 16 kHz: low-passed by a windowed sinc, then every third sample of 48 kHz."""
    with wave.open(str(path)) as file:
        if file.getframerate() != 3 * RATE or file.getsampwidth() != 2:
            sys.exit(f"demo: error: {path}: expected 16-bit samples at {3 * RATE} Hz")
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, file.getnchannels())
    taps = np.arange(-48, 49)
    kernel = np.sinc(taps / 3.2) * np.hanning(taps.size)
    return np.convolve(samples.mean(axis=1) / 32768, kernel / kernel.sum(), "same")[::3]


def speech() -> np.ndarray:
    """Sentences with silence between them, a whole number of frames."""
    folder = pathlib.Path("/usr/share/sounds/alsa")
    paths = [p for p in sorted(folder.glob("*.wav")) if p.stem != "Noise"]
    if not paths:
        sys.exit(f"demo: error: expected recordings in {folder}, found none (Debian package alsa-utils)")
    pause = np.random.default_rng(0).standard_normal(RATE * 7 // 10) * 1e-4
    audio = np.concatenate([pause] + [part for path in paths for part in (recording(path), pause)])
    return audio[: audio.size // FRAME * FRAME].astype(np.float32)


def frames(audio: np.ndarray) -> np.ndarray:
    """512 new samples each, after the 64 before them."""
    padded = np.concatenate([np.zeros(CONTEXT, np.float32), audio])
    return np.stack([padded[at : at + CONTEXT + FRAME] for at in range(0, audio.size, FRAME)])


def segments(probabilities: np.ndarray) -> list[tuple[float, float]]:
    """Where speech begins (0.5 reached) and ends (below 0.35 for a quarter of a second), in seconds."""
    found, begin, quiet = [], None, 0
    for k, p in enumerate([*probabilities, *[0.0] * 8]):
        quiet = quiet + 1 if p < 0.35 else 0
        if begin is None and p >= 0.5:
            begin = k
        elif begin is not None and quiet == 8:
            found.append((begin * FRAME / RATE, (k - 7) * FRAME / RATE))
            begin = None
    return found


def reference(model: pathlib.Path, inputs: dict) -> dict:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    return dict(zip([o.name for o in session.get_outputs()], session.run(None, inputs), strict=True))


def row(target: str, report: dict, steps: int, difference: float) -> str:
    cycles, layers = report["cycles"], report["layers"]
    host = f"{report['host_seconds'] / report['runs'] / steps * 1e6:.1f}"
    if not layers:
        return f"| {target} | - | - | - | {host} | - | - | {difference:.1e} |"
    busy = ", ".join(
        f"{engine} {100 * sum(layer['engines'][engine]['busy'] for layer in layers) / cycles:.0f} %"
        for engine in layers[0]["engines"]
    )
    bounds = {layer["account"]["bound"] for layer in layers}
    share = 100 * report["bound_cycles"] / cycles
    cause = ", ".join(sorted(bounds))
    bound = f"{report['bound_cycles'] / report['steps']:.0f} cycles ({cause}; {share:.0f} % of the time)"
    return (
        f"| {target} | {report['cycles_per_step']:.0f} | {report['seconds_per_step'] * 1e6:.2f} "
        f"| {report['energy_per_step'] * 1e6:.2f} | {host} | {busy} | {bound} | {difference:.1e} |"
    )


def demonstrate(title: str, model: pathlib.Path, inputs: dict, steps: int) -> dict:
    """Runs a model on every target, prints the table and returns the outputs of the first."""
    print(f"\n{title}: {model.name}, {steps} step{'s' * (steps != 1)}")
    wanted, rows, first, worst = reference(model, inputs), [], None, 0.0
    for target in TARGETS:
        begun = time.perf_counter()
        program = rnn_mlir.compile(model, target=target, schedule="auto")
        compiled = time.perf_counter() - begun
        file = OUT / f"{model.stem}.{target}.rpu"
        program.save(file)
        session = rnn_mlir.Session(program)
        outputs = session.run(inputs)
        # What is measured are runs behind a first, which finds nothing in the caches.
        session.reset_report()
        begun = time.perf_counter()
        for _ in range(RUNS):
            session.run(inputs)
        seconds = (time.perf_counter() - begun) / RUNS
        difference = max(
            float(np.abs(outputs[name] - array).max() / max(np.abs(array).max(), 1e-30))
            for name, array in wanted.items()
        )
        worst, first = max(worst, difference), first or outputs
        rows.append(row(target, session.report, steps, difference))
        size = file.stat().st_size / 1e6
        print(
            f"  {target}: compiled in {compiled:.2f} s to {size:.1f} MB, ran in {seconds * 1e3:.3g} ms (mean of {RUNS})"
        )
    print(
        "\n| target | cycles a step | us a step | uJ a step | host us a step | busy | lower bound a step "
        "| largest difference |"
    )
    print("|---|---|---|---|---|---|---|---|")
    print("\n".join(rows))
    print(
        "Cycles, time, energy and busy shares are of the simulated device, which runs the recurrent layers;\n"
        "the other operators are host code, measured on this machine. Differences are from ONNX Runtime,\n"
        "relative to an output's largest magnitude."
    )
    if worst > TOLERANCE:
        sys.exit(f"demo: error: expected a difference of at most {TOLERANCE}, found {worst:.1e}")
    return first


def trace(model: pathlib.Path, inputs: dict) -> None:
    """Runs the program file once more with a trace and a report for the reader."""
    arguments = []
    for name, array in inputs.items():
        path = OUT / f"{name}.npy"
        np.save(path, array)
        arguments += ["--input", f"{name}={path}"]
    program = OUT / f"{model.stem}.generic.rpu"
    files = [f"--trace={OUT / 'trace.json'}", f"--report={OUT / 'report.html'}"]
    subprocess.run([ROOT / "build/bin/rnnc", "run", program, *arguments, *files], check=True, stdout=subprocess.DEVNULL)
    steps = len(inputs["input"])
    print(f"\nA run of {steps} steps, in which loading the weights counts for more than above, for the eye:")
    print(f"Report: {(OUT / 'report.html').relative_to(ROOT)} (any browser)")
    print(f"Trace: {(OUT / 'trace.json').relative_to(ROOT)}: open https://ui.perfetto.dev and drop the file there")


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    package = importlib.util.find_spec("silero_vad").submodule_search_locations[0]
    silero = pathlib.Path(package) / "data" / "silero_vad_16k_sequence.onnx"
    audio = speech()
    state = np.zeros((1, 1, 128), np.float32)
    inputs = {"input": frames(audio), "h": state, "c": state}
    outputs = demonstrate("Voice activity", silero, inputs, len(inputs["input"]))
    print(f"\nSpeech in {audio.size / RATE:.1f} s of sound:")
    for begin, end in segments(outputs["speech_probs"]):
        print(f"  {begin:5.2f} s to {end:5.2f} s")

    dtln = CORPUS / "models" / "dtln" / "dtln_model_1.onnx"
    if dtln.is_file():
        frame = np.abs(np.fft.rfft(audio[RATE : RATE + FRAME])).astype(np.float32)
        states = np.zeros((1, 2, 128, 2), np.float32)
        demonstrate("Speech enhancement", dtln, {"input_2": frame.reshape(1, 1, 257), "input_3": states}, 1)
    else:
        print(f"\nNo {os.path.relpath(CORPUS)}: the speech enhancer is left out.")
    short = {**inputs, "input": inputs["input"][40:60]}
    trace(silero, short)


if __name__ == "__main__":
    main()
