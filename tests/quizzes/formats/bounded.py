"""Files that may kill a process are read in one of their own, with so much memory and time and no more."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1 << 20
MEMORY, SECONDS = 700, 30
"""Megabytes of addresses, of which the libraries alone take 250; seconds of a processor."""


@dataclass(frozen=True)
class Told:
    """What became of a file."""

    questions: list[str]
    errors: list[str]
    """The words of what was wrong, by which `wording` has its sentences."""
    seconds: float
    """Of the processor, for reading alone."""
    megabytes: float
    """By which the process grew while it read."""


class Bounded:
    """Has libraries loaded once, and a copy of itself for each file."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def read(self, file: Path, format: str = "") -> Told:
        """Fails where reading takes more than there is, or kills its process."""
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps([str(file), format]), file=self._process.stdin, flush=True)
        said = json.loads(self._process.stdout.readline())
        assert "died" not in said, said
        return Told(**said)


@contextmanager
def begun() -> Iterator[Bounded]:
    command = [sys.executable, "-m", __name__]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Bounded(process)
        assert process.stdin
        process.stdin.close()


def _serve() -> None:
    from quizzes.formats import registry

    assert all(registry.FORMATS.values())
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _read(*json.loads(line))
            sys.stdout.flush()
            os._exit(0)
        _child, status = os.waitpid(child, 0)
        if status:
            print(json.dumps({"died": status}), flush=True)


def _read(path: str, format: str) -> None:
    from quizzes.formats import registry
    from quizzes.formats.reports import Severity

    content = Path(path).read_bytes()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY * MEGABYTE, MEMORY * MEGABYTE))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    before, began = _peak(), time.process_time()
    found = registry.read(content, path, format=format)
    took, grown = time.process_time() - began, _peak() - before
    errors = [str(each.odd) for each in found.report.findings if each.severity is Severity.ERROR]
    texts = [str(each.body["text"])[:60] for each in found.bank.questions[:100]]
    print(json.dumps({"questions": texts, "errors": errors, "seconds": took, "megabytes": grown}))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    _serve()
