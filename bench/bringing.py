"""`python -m bench.bringing FORMAT FILE WAY DATABASE`: one file comes into a bank, in a process that does nothing else.

WAY is `line`, all at once as the command line does it, or `page`: uploaded, read by a job, looked at, and taken by a
second one. What was spent is printed as JSON.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.datastructures import FileStorage

import mentoring
import quizzes
import reviews
import xapi
from bench import processes
from lti_tool import cli, clock
from lti_tool.app import create_app
from lti_tool.config import Config
from lti_tool.db import db, transaction
from lti_tool.models import Course, Deployment, Enrolment, Person, Platform, Role, Standing
from lti_tool.running.working import drain
from quizzes.bank import sorting
from quizzes.exchange import taking
from quizzes.exchange.bringing import finding, looking, taking_over
from quizzes.exchange.bringing.finding import Sought
from quizzes.exchange.bringing.models import QuestionImport
from quizzes.formats import registry
from quizzes.formats.base import About
from quizzes.formats.reports import Reporter
from quizzes.questions import Bank


def main(format: str, file: Path, way: str, url: str) -> dict[str, Any]:
    config = Config(root=file.parent, database_url=url, secret_key="only-for-the-bench-" + "x" * 40)
    app = create_app(config, (mentoring, quizzes, reviews, xapi))
    with app.app_context():
        cli.prepare_database()
        with transaction() as session:
            ines = _ines()
            session.add(ines)
            session.flush()
            bank = sorting.new_bank(session, ines.course, title=f"{way}", language="en", first_category="Trivia")
            named = (bank.id, ines.id)
        gc.collect()
        held = processes.most_held()
        began, worked = time.perf_counter(), time.process_time()
        told = WAYS[way](app, format, file, *named)
        spent = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - worked}
        db.session.close()
        db.engine.dispose()
    return {**told, **spent, "mib": processes.most_held() - held}


def _ines() -> Enrolment:
    now = clock.now()
    addresses = dict.fromkeys(("auth_url", "token_url", "jwks_url"), "https://campus.example/lti")
    platform = Platform(name="Campus", issuer="https://campus.example", client_id="bench", created=now, **addresses)
    deployment = Deployment(platform=platform, deployment_id="1", standing=Standing.ACTIVE, created=now)
    told = {"context_id": "course", "title": "Course", "label": "C", "line_item_scopes": [], "created": now}
    course = Course(deployment=deployment, **told)
    person = Person(platform=platform, subject="ines", name="Ines", created=now)
    return Enrolment(course=course, person=person, role=Role.INSTRUCTOR, number=1, created=now)


def _at_once(_app: Flask, format: str, file: Path, bank_id: int, _by: int) -> Mapping[str, Any]:
    with transaction() as session:
        bank = session.get_one(Bank, bank_id)
        stream = registry.stream(registry.FORMATS[format], file.read_bytes(), Reporter(), About())
        taken = taking.take(session, bank, stream, category=bank.categories[0], at=clock.now(), report=Reporter())
    return {"made": len(taken.made), "parts": ""}


def _as_the_page_does(app: Flask, format: str, file: Path, bank_id: int, by: int) -> Mapping[str, Any]:
    bank, ines = db.session.get_one(Bank, bank_id), db.session.get_one(Enrolment, by)
    began = time.perf_counter()
    with file.open("rb") as stream:
        upload, wish = FileStorage(stream, filename=file.name), looking.Wish(bank.categories[0], format)
        brought = looking.begin(db.session, bank, upload, wish, by=ines, at=clock.now())
    brought_id = brought.id
    brought = _worked_off(app, brought_id)
    found = finding.find(db.session, brought, Sought(), 0)
    looked = time.perf_counter()
    taking_over.begin(db.session, brought, at=clock.now())
    brought = _worked_off(app, brought_id)
    parts = f"; {looked - began:.1f} s until it was seen, {time.perf_counter() - looked:.1f} s until it was taken"
    return {"made": brought.counted.get("made", 0) if found.rows else 0, "parts": parts}


def _worked_off(app: Flask, import_id: int) -> QuestionImport:
    """As it is once the job is done, in a transaction of its own, as the next request sees it."""
    drain(app)
    db.session.rollback()
    return db.session.get_one(QuestionImport, import_id, populate_existing=True)


WAYS: Mapping[str, Callable[[Flask, str, Path, int, int], Mapping[str, Any]]] = {
    "line": _at_once,
    "page": _as_the_page_does,
}

if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], sys.argv[4])))
