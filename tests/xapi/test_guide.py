"""What docs/xapi.md tells to type can be typed, and does what it says."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import click
import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from campus.serving import QuietHandler
from lti_tool import clock
from lti_tool.db import transaction
from lti_tool.models import Enrolment
from tests.cast import Cast
from tests.xapi.outside import stored_ids, tell
from xapi.lrs import credentials, storing

TEXT = (Path(__file__).parents[2] / "docs" / "xapi.md").read_text(encoding="utf-8")
BLOCKS = [textwrap.dedent(block) for block in re.findall(r"(?:^ {4,}\S.*\n)(?:^ {4,}.*\n)*", TEXT, re.MULTILINE)]
CURLS = [
    command for block in BLOCKS for command in re.split(r"^(?=curl )", block, flags=re.MULTILINE) if "curl" in command
]
PROGRAMS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
RESOURCES = [*re.findall(r"^\| `([a-z/]+)` \| GET", TEXT, re.MULTILINE), "activities/profile"]


@dataclass(frozen=True)
class Served:
    """The tool at an address, with a key that may do everything."""

    address: str
    key: str
    secret: str

    def instead(self, text: str) -> str:
        """The same for this tool."""
        said = text.replace("https://tool.example", self.address)
        return (
            said.replace("KEY:SECRET", f"{self.key}:{self.secret}")
            .replace('"KEY"', f'"{self.key}"')
            .replace('"SECRET"', f'"{self.secret}"')
        )


@pytest.fixture
def leo(cast: Cast) -> Enrolment:
    return cast.enrol(cast.course(), "Leo")


@pytest.fixture
def served(app: Flask, session: Session, leo: Enrolment) -> Iterator[Served]:
    with transaction() as own:
        store = storing.store_of(own, leo.who.platform, clock.now())
        key, secret = credentials.issue(own, store, label="Reader", at=clock.now(), scopes=["all"])
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield Served(f"http://127.0.0.1:{server.port}", key, secret)
    server.shutdown()
    thread.join()


def test_every_curl_can_be_typed_in_the_order_in_which_it_stands(served: Served, session: Session, tmp_path: Path):
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("This machine has no curl.")
    (tmp_path / ".curlrc").write_text("fail\nsilent\nshow-error\n", encoding="utf-8")

    for command in CURLS:
        done = subprocess.run(
            ["/bin/sh", "-c", served.instead(command)],
            env={"PATH": str(Path(curl).parent), "CURL_HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"

    assert len(CURLS) >= 12
    assert "6b2f7a1e-9a7d-4d57-9a5c-0b3a3c6d8e01" in stored_ids(session), "what is told there is stored"


def test_every_resource_has_an_example():
    asked = [re.findall(r"/lrs/(?:1\.0\.3|2\.0\.0)/([a-z/]+)", command) for command in CURLS]

    assert len(RESOURCES) == 7
    assert {each for found in asked for each in found} == set(RESOURCES)


def test_a_warehouse_gets_everything_once_and_forgets_what_was_voided(served: Served, session: Session, leo: Enrolment):
    copy = _run(PROGRAMS[0], served)["copy"]
    rows: dict[str, Any] = {}

    def load(statement: Any) -> None:
        rows.setdefault(statement["id"], statement)

    tell(leo.who, 1200)
    since = copy("1970-01-01T00:00:00Z", load, rows.pop)
    assert list(rows) == stored_ids(session), "three pages"
    tell(leo.who, 3, after=1200)
    _void(served, first := next(iter(rows)))
    copy(since, load, rows.pop)

    assert list(rows) == [each for each in stored_ids(session) if each != first]


def test_a_notebook_gets_a_row_for_each_statement(served: Served, leo: Enrolment, monkeypatch: pytest.MonkeyPatch):
    if "pandas" not in sys.modules:
        monkeypatch.setitem(sys.modules, "pandas", SimpleNamespace(json_normalize=_rows))
    tell(leo.who, 3)

    found = _run(PROGRAMS[1].replace("verbs/answered", "verbs/attended"), served)["statements"]

    assert len(found) == 3


def _rows(statements: Sequence[Any], sep: str) -> Sequence[Any]:
    """In place of pandas, which the tool does without."""
    assert sep == "_"
    return statements


def _run(program: str, served: Served) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(served.instead(program), names)
    return names


def _void(served: Served, statement_id: str) -> None:
    [command] = [each for each in CURLS if "StatementRef" in each]
    typed = re.sub(r'("StatementRef", "id": ")[^"]+', rf"\g<1>{statement_id}", served.instead(command))
    subprocess.run(["/bin/sh", "-c", typed], capture_output=True, timeout=30, check=True)


@pytest.mark.parametrize("typed", re.findall(r"^ +\.venv/bin/flask --app wsgi (.+)$", TEXT, re.MULTILINE))
def test_every_command_can_be_typed(app: Flask, typed: str):
    words = shlex.split(re.sub(r"<[^>]*>", "something", typed))
    command: click.Command = app.cli
    while isinstance(command, click.Group):
        assert words[0] in command.commands, typed
        command = command.commands[words.pop(0)]
    options = {name for each in command.params if isinstance(each, click.Option) for name in each.opts}
    needed = {each.opts[0] for each in command.params if each.required and isinstance(each, click.Option)}

    assert {word for word in words if word.startswith("--")} <= options
    assert needed - {"--secret"} <= set(words), "the secret is asked for"
