"""A part of each long campaign; docs/how-to/fuzz.md has the commands for all of it."""

import subprocess

import changed_containers
import random_recurrences
from places import BUILD, ROOT


def test_mutated_modules_do_not_crash_and_targets_agree():
    command = [BUILD / "bin" / "fuzz" / "mutate-modules", ROOT / "test", "--seed=1", "--count=400", "--whole=25"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert "400 mutants: " in done.stdout


def test_random_recurrences_agree_with_float64_on_both_targets():
    assert random_recurrences.campaign(48, seed=1, together=16) == (48, "")


def test_changed_containers_are_refused_or_run():
    used, ran, wrong = changed_containers.campaign(1500, seed=1)
    assert wrong == []
    assert used == 1500 and ran > 100
