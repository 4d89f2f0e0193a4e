"""Traces: slices of a track are disjoint or nested and inside the run, say their time step, and are documented."""

import collections
import json
import pathlib
import re
import subprocess

import lstm
import numpy as np
import pytest
import rnn_mlir
from places import RNNC, ROOT


def traced(tmp_path, steps, **options):
    program = rnn_mlir.compile(lstm.model(True).SerializeToString(), **options)
    program.save(tmp_path / "m.rpu")
    np.save(tmp_path / "x.npy", np.random.default_rng(steps).uniform(-1, 1, (steps, 1, 4)).astype(np.float32))
    files = {option: tmp_path / f"{option}.json" for option in ("trace", "report")}
    command = [RNNC, "run", tmp_path / "m.rpu", "--input", f"x={tmp_path / 'x.npy'}"]
    ran = subprocess.run(
        [*command, *(f"--{option}={file}" for option, file in files.items())],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return (*(json.loads(file.read_text()) for file in files.values()), ran.stdout)


def slow_clock(tmp_path):
    """A target whose cycles are no whole number of picoseconds."""
    path = tmp_path / "slow.yaml"
    text = pathlib.Path(ROOT / "targets" / "generic.yaml").read_text()
    assert "clock: {value: 1, unit: GHz" in text
    path.write_text(text.replace("clock: {value: 1, unit: GHz", "clock: {value: 300, unit: MHz"))
    return str(path)


@pytest.mark.parametrize(
    ("steps", "options"),
    [(1, {}), (3, {}), (40, {}), (200, {"schedule": "plain"}), (33, {"time_tile": 4}), (40, {"target": slow_clock})],
)
def test_slices_of_a_track_nest(tmp_path, steps, options):
    options = {key: value(tmp_path) if callable(value) else value for key, value in options.items()}
    trace, report, _ = traced(tmp_path, steps, **options)
    total, tiny = report["seconds"] * 1e6, 1e-7
    tracks, latencies = collections.defaultdict(list), collections.defaultdict(list)
    for event in trace["traceEvents"]:
        if event["ph"] == "X":
            tracks[event["pid"], event["tid"]].append((event["ts"], event["ts"] + event["dur"]))
        elif event["ph"] in "be":
            latencies[event["cat"], event["id"]].append((event["ph"], event["ts"]))
    assert len(tracks) == 6 and latencies
    for slices in tracks.values():
        open_until = []
        for begin, end in sorted(slices, key=lambda each: (each[0], -each[1])):
            assert -tiny <= begin <= end <= total + 1e-6
            while open_until and open_until[-1] <= begin + tiny:
                open_until.pop()
            assert not open_until or end <= open_until[-1] + tiny
            open_until.append(end)
    for events in latencies.values():
        assert [phase for phase, _ in events] == ["b", "e"] * (len(events) // 2)
        times = [time for _, time in events]
        assert times == sorted(times) and times[-1] <= total + 1e-6


TRACKS = ["seq", "load", "store", "mat", "vec", "dram channel"]


def slices(trace):
    """The arguments of all slices by track, of a trace of one program."""
    names = {event["tid"]: event["args"]["name"] for event in trace["traceEvents"] if event["name"] == "thread_name"}
    assert [names[tid] for tid in sorted(names)] == TRACKS
    found = {name: [] for name in TRACKS}
    for event in trace["traceEvents"]:
        if event["ph"] == "X":
            found[names[event["tid"]]].append(event["args"] | {"name": event["name"]})
    return found


def test_steps_are_time_steps(tmp_path):
    trace, _, _ = traced(tmp_path, 10, time_tile=4)
    by_role = collections.defaultdict(lambda: collections.defaultdict(list))
    for track, each in slices(trace).items():
        for args in each if track in ("load", "store", "mat", "vec") else []:
            by_role[args["role"]][args.get("tile"), args.get("step")].append(args)
    # Ten steps in tiles of 4, 4 and 2: the recurrence works at each, input and projection at whole tiles.
    assert set(by_role["recur"]) == {(step // 4, step) for step in range(10)}
    assert len({len(each) for each in by_role["recur"].values()}) == 1
    assert set(by_role["project"]) == {(0, 0), (1, 4), (2, 8)}
    assert {(0, 0), (1, 4), (2, 8)} <= set(by_role["input"])
    assert set(by_role["weights"]) == {(None, None)}
    assert all(args["sequence"] == 0 for each in by_role["recur"].values() for args in each)


def test_tracks_show_what_the_report_counts(tmp_path):
    trace, report, _ = traced(tmp_path, 12)
    (layer,) = report["layers"]
    (process,) = [e["args"]["name"] for e in trace["traceEvents"] if e["name"] == "process_name"]
    assert process == f"{layer['node']} ({layer['program']})"
    found = slices(trace)
    for engine in ("load", "store", "mat", "vec"):
        line = layer["engines"][engine]
        assert len(found[engine]) == line["instructions"]
        taken = line["busy"] + line["fill"] + line["stalls"]["channel"]
        assert sum(args["cycles"] for args in found[engine]) == taken
    own = [args for args in found["seq"] if args["engine"] == "seq"]
    assert len(own) == layer["engines"]["seq"]["instructions"]
    sequencer = layer["engines"]["seq"]
    assert sum(args["cycles"] for args in found["seq"]) == sequencer["busy"] + sequencer["stalls"]["fetch"]
    # Every transfer ends with the slice of its copy; a fence has none.
    copies = [args for args in found["load"] + found["store"] if not args["name"].startswith("fence")]
    ends = {(args["instruction"], args["cycle"] + args["cycles"]) for args in copies}
    assert len(copies) == len(found["dram channel"])
    assert ends == {(args["instruction"], args["cycle"] + args["cycles"]) for args in found["dram channel"]}


def test_every_field_is_documented(tmp_path):
    trace, _, _ = traced(tmp_path, 10, time_tile=4)
    documented = set(re.findall(r"^\| `([a-z_.]+)` \|", (ROOT / "docs" / "trace.md").read_text(), re.M)) - {"seq"}
    documented = {name for name in documented if name not in TRACKS}
    written = set()
    for event in trace["traceEvents"]:
        written |= {key for key in event if key != "args"}
        written |= {f"args.{key}" for key in event.get("args", {})}
    assert written == documented


def test_no_host_code_takes_no_time(tmp_path):
    _, report, text = traced(tmp_path, 3)
    assert report["host_cpu"] == "" and report["host_seconds"] == 0 and report["simulation_seconds"] > 0
    assert "host code" not in text and "simulation" in text


def test_host_code_takes_time(tmp_path):
    session = rnn_mlir.Session(rnn_mlir.compile(lstm.model().SerializeToString(), target="cpu"))
    session.run({"x": np.zeros((3, 1, 4), np.float32)})
    assert session.report["host_cpu"] and session.report["host_seconds"] > 0
