"""A statement to start from, and ways to spoil it."""

import copy
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CORPUS = Path(__file__).parent / "corpus"

BASE: dict[str, Any] = {
    "id": "6b2f7a1e-9a7d-4d57-9a5c-0b3a3c6d8e01",
    "actor": {
        "objectType": "Agent",
        "account": {"homePage": "https://moodle.example.org", "name": "c1d2e3f4"},
    },
    "verb": {"id": "http://adlnet.gov/expapi/verbs/answered", "display": {"en-US": "answered"}},
    "object": {
        "objectType": "Activity",
        "id": "https://tool.example.org/xapi/activities/quiz/7/question/3",
        "definition": {
            "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
            "name": {"en": "Q3"},
            "interactionType": "choice",
            "correctResponsesPattern": ["a"],
            "choices": [
                {"id": "a", "description": {"en": "A"}},
                {"id": "b", "description": {"en": "B"}},
            ],
        },
    },
    "result": {
        "score": {"scaled": 0.5, "raw": 5, "min": 0, "max": 10},
        "success": True,
        "completion": True,
        "response": "a",
        "duration": "PT1M30.5S",
    },
    "context": {
        "registration": "16ad7a5b-bb2b-4a9d-8c2e-000000000001",
        "platform": "Moodle",
        "language": "en-GB",
        "contextActivities": {
            "parent": [{"id": "https://tool.example.org/xapi/activities/quiz/7"}],
            "grouping": [{"id": "https://moodle.example.org/course/view.php?id=2"}],
        },
        "extensions": {"https://tool.example.org/xapi/ext/pairing": "p1"},
    },
    "timestamp": "2026-11-22T12:00:00.123Z",
}

AGENT = {"objectType": "Agent", "mbox": "mailto:maya@example.org"}
GROUP = {"objectType": "Group", "member": [AGENT]}
REFERENCE = {"objectType": "StatementRef", "id": "16ad7a5b-bb2b-4a9d-8c2e-000000000002"}
QUIZ = {"id": "https://tool.example.org/xapi/activities/quiz/7"}
SUB_STATEMENT = {
    "objectType": "SubStatement",
    "actor": AGENT,
    "verb": {"id": "http://activitystrea.ms/schedule"},
    "object": {"id": "https://tool.example.org/xapi/activities/meeting/1"},
}
ATTACHMENT = {
    "usageType": "https://tool.example.org/xapi/usage/notes",
    "display": {"en": "Notes"},
    "contentType": "text/plain; charset=utf-8",
    "length": 27,
    "sha2": "495395e777cd98da653df9615d09c0fd6bb2f8d4788394cd53c56a3bfdcd848a",
}
VOIDED = "http://adlnet.gov/expapi/verbs/voided"


def changed(*changes: tuple[str, object], base: dict[str, Any] = BASE) -> dict[str, Any]:
    """The base statement with other values at these dotted places."""
    statement = copy.deepcopy(base)
    for place, value in changes:
        *path, last = place.split(".")
        part = statement
        for name in path:
            part = part.setdefault(name, {})
        part[last] = value
    return statement


def without(*places: str, base: dict[str, Any] = BASE) -> dict[str, Any]:
    """The base statement with these dotted places gone."""
    statement = copy.deepcopy(base)
    for place in places:
        *path, last = place.split(".")
        part = statement
        for name in path:
            part = part[name]
        del part[last]
    return statement


def about(thing: object, **context: object) -> dict[str, Any]:
    """The base statement about another kind of thing, whose context is empty unless one is given."""
    statement = changed(("object", thing))
    del statement["context"]
    return {**statement, "context": context} if context else statement


def corpus(version: str) -> Iterator[dict[str, Any]]:
    with gzip.open(CORPUS / f"statements-{version}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
