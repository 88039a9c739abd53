"""Matching packages of others, each asked in a process of its own.

Both call their package `matching`, so no environment holds the two: each has a folder, made once, as ltijs has its
node_modules. What they share with us, numpy, they take from ours.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mentoring.pairing.matching.problem import Pair, Problem
from tools import machine
from tools.installing import ROOT
from tools.trouble import Trouble


@dataclass(frozen=True)
class Matcher:
    """A package, and the program that hands it a class."""

    name: str
    folder: Path

    def install(self) -> None:
        """Raises Trouble where pip cannot."""
        if problem := machine.install_from_pip(self.folder, self.name):
            raise Trouble(f"{problem}.")

    def pairs(self, problems: Sequence[Problem]) -> list[list[Pair]]:
        """For classes with one kind of mentor, one for each mentee."""
        asked = [(problem.scores[0].tolist(), problem.free.tolist()) for problem in problems]
        done = subprocess.run(
            [sys.executable, str(self.folder / "peer.py")],
            input=json.dumps(asked),
            env={**os.environ, "PYTHONPATH": str(self.folder / machine.PACKAGES)},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise Trouble(f"{self.name} ended with {done.stderr.strip().splitlines()[-1:]}.")
        return [[Pair(*each) for each in some] for some in json.loads(done.stdout)]


PEERS = ROOT / "bench" / "peers"
GALE_SHAPLEY = Matcher("Gale and Shapley (matching 1.4.3)", PEERS / "gale_shapley")
MENTOR_MATCH = Matcher("mentor-match 7.0.1", PEERS / "mentor_match")
