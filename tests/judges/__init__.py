"""Independent judges, each in a process of its own: from npm a validator, a real LRS and a reader of GIFT; from PyPI
two writers of packages and a converter between versions of QTI.

`npm ci` in this folder installs those, `make test` these. They are for tests only: never imported, linked or shipped.
"""

import base64
import json
import os
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

HERE = Path(__file__).parent
VALIDATOR = HERE / "node_modules" / "@learninglocker" / "xapi-validation"
GIFT = HERE / "node_modules" / "gift-pegjs"
LRS = HERE / "node_modules" / "xapi-statements" / "dist" / "server.js"
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"

PYTHON = HERE / "python"
PACKAGES = PYTHON / "packages"

LONGEST_VERDICT = 60
LONGEST_START = 60


class JudgeMissing(Exception):
    """This machine has no Node, or the npm judges are not installed."""


def node_for(judge: Path) -> str:
    """The node program, once it is certain that it could run this judge."""
    node = shutil.which("node")
    if node is None:
        raise JudgeMissing("Node is not installed, so the npm judges cannot run.")
    if not judge.exists():
        raise JudgeMissing("The npm judges are not installed: run npm ci in tests/judges.")
    return node


def leave_out(missing: JudgeMissing) -> None:
    """Skips with one line, or fails where nothing may be left out."""
    if os.environ.get("CI") == "true":
        pytest.fail(str(missing), pytrace=False)
    pytest.skip(str(missing))


def judge(statements: Sequence[object]) -> list[list[str]]:
    """The warnings of npm @learninglocker/xapi-validation, statement by statement; it judges by 1.0.3."""
    return _asked(VALIDATOR, "judge.js", statements)


def read_gift(texts: Sequence[str]) -> list[Any]:
    """What npm gift-pegjs reads of each text: a list of questions, or a sentence that says why it is none."""
    return _asked(GIFT, "gift.js", texts)


def written(cases: Sequence[object]) -> list[bytes]:
    """The packages that text2qti makes of texts, and qti-package-maker of items: see `python/judge.py`."""
    return [base64.b64decode(each) for each in _asked_of_python("write", cases)]


def converted(packages: Sequence[bytes], to: str) -> list[bytes]:
    """The same questions as citolab-qti-convert says them in another version: `3.0`, or `2.1`."""
    cases = [{"package": base64.b64encode(each).decode(), "to": to} for each in packages]
    return [base64.b64decode(each["package"]) for each in _asked_of_python("convert", cases)]


def python_judges() -> None:
    """Raises JudgeMissing where they are not installed."""
    if not (PACKAGES / "installed").exists():
        raise JudgeMissing("The Python judges are not installed: make test does it.")


def _asked_of_python(act: str, cases: Sequence[object]) -> list[Any]:
    """What lies in their folder is found by their process alone."""
    python_judges()
    environment = {**os.environ, "PYTHONPATH": str(PACKAGES), "PYTHONDONTWRITEBYTECODE": "1"}
    return _answers([sys.executable, "judge.py", act], PYTHON, cases, environment)


def _asked(judge: Path, script: str, cases: Sequence[object]) -> list[Any]:
    return _answers([node_for(judge), script], HERE, cases, dict(os.environ))


def _answers(command: Sequence[str], folder: Path, cases: Sequence[object], environment: dict[str, str]) -> list[Any]:
    """One line of JSON for each case goes in, one comes out."""
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        input=lines,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=LONGEST_VERDICT,
        check=True,
    )
    verdicts = [json.loads(line) for line in done.stdout.split("\n") if line]
    if len(verdicts) != len(cases):
        raise RuntimeError(f"The judge was asked {len(cases)} times and answered {len(verdicts)} times.")
    return verdicts


@dataclass(frozen=True)
class RealLrs:
    """A running npm xapi-statements with nothing in it; it takes any credentials and knows 1.0.x only."""

    endpoint: str
    """Where `statements` and `about` hang, with a slash at the end."""


@contextmanager
def real_lrs() -> Iterator[RealLrs]:
    """Starts npm xapi-statements in memory and stops it afterwards; nothing of it stays on the disk."""
    node = node_for(LRS)
    told, tell = os.pipe()
    with TemporaryDirectory() as folder, os.fdopen(told) as port_line:
        try:
            process = subprocess.Popen(
                [node, "--no-deprecation", "--require", str(HERE / "only_here.js"), str(LRS)],
                cwd=folder,
                env={**os.environ, **SETTINGS, "TELL_PORT_ON": str(tell)},
                pass_fds=(tell,),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        finally:
            os.close(tell)
        try:
            ready, _, _ = select.select([port_line], [], [], LONGEST_START)
            port = port_line.readline().strip() if ready else ""
            if not port:
                raise RuntimeError(f"npm xapi-statements did not start within {LONGEST_START} seconds.")
            yield RealLrs(endpoint=f"http://127.0.0.1:{port}/xAPI/")
        finally:
            _stop(process)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


SETTINGS = {
    "MODELS_REPO": "memory",
    "STORAGE_REPO": "memory",
    "AUTH_REPO": "test",
    "EVENTS_REPO": "test",
    "SERVICE_AWAIT_UPDATES": "true",
    "NEW_RELIC_ENABLED": "false",
}
