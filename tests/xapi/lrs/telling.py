"""Statements with names, so that a test can say which ones came back."""

import json
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from tests.xapi.lrs.conftest import THEN
from xapi.lrs import reading, storing
from xapi.lrs.asking import ask
from xapi.lrs.models import Store
from xapi.lrs.reading import Sight
from xapi.validation import errors

Statement = dict[str, Any]

AUTHORITY = {"objectType": "Agent", "account": {"homePage": "https://tool.example", "name": "mentoring"}}
MAYA = {"objectType": "Agent", "account": {"homePage": "https://campus.example", "name": "maya"}}
LEO = {"objectType": "Agent", "account": {"homePage": "https://campus.example", "name": "leo"}}
ZOE = {"objectType": "Agent", "mbox": "mailto:zoe@campus.example"}

QUIZ = "https://tool.example/xapi/quiz/7"
QUESTION = "https://tool.example/xapi/question/3"
COURSE = "https://tool.example/xapi/course/2"
OTHER_COURSE = "https://tool.example/xapi/course/3"
VERBS = "http://adlnet.gov/expapi/verbs/"


def id_of(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://tool.example/statements/{name}"))


def activity(iri: str) -> Statement:
    return {"objectType": "Activity", "id": iri}


def told(name: str, *, verb: str | Statement = "answered", **parts: object) -> Statement:
    """Leo answers a question, unless other parts are given; the statement carries its name in its response."""
    statement = {
        "id": id_of(name),
        "actor": LEO,
        "verb": {"id": VERBS + verb} if isinstance(verb, str) else verb,
        "object": activity(QUESTION),
        "result": {"response": name},
        "timestamp": "2026-11-23T08:00:00.000Z",
        **parts,
    }
    assert errors(statement) == []
    return statement


def about(name: str) -> Statement:
    return {"objectType": "StatementRef", "id": id_of(name)}


def voiding(name: str, target: str) -> Statement:
    return told(name, verb="voided", object=about(target))


def keep(session: Session, store: Store, *statements: Statement, at: datetime = THEN) -> list[str]:
    ids = storing.store(session, store, statements, AUTHORITY, at)
    session.commit()
    return ids


def keep_each_second(session: Session, store: Store, *statements: Statement) -> None:
    for seconds, statement in enumerate(statements):
        keep(session, store, statement, at=THEN + timedelta(seconds=seconds))


def names(bodies: Iterable[str | Statement]) -> list[str]:
    read = [json.loads(body) if isinstance(body, str) else body for body in bodies]
    return [statement["result"]["response"] for statement in read]


def found(session: Session, store: Store, *, course: str | None = None, **parameters: object) -> list[str]:
    """The names of what these query parameters find."""
    page = reading.find(session, store, ask(as_sent(parameters)), Sight(course))
    return names(page.bodies)


def as_sent(parameters: dict[str, object]) -> dict[str, Sequence[str]]:
    return {name: [json.dumps(value) if isinstance(value, dict) else str(value)] for name, value in parameters.items()}
