"""Is everything there, once: each grade in the campus's gradebook, each statement in the embedded LRS."""

from __future__ import annotations

import base64
import http.client
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from bench.browsers import LOOPBACK, TIMEOUT
from bench.servers import Stage
from bench.table import Check

QUESTIONS = 20


def checks(stage: Stage, handed_in: Sequence[str], *, wanted: int) -> Iterator[Check]:
    """That everybody wanted has handed in, and that nothing of it is lost or doubled."""
    state, statements = stage.campus_state(), list(read_back(stage))
    people, grades = len(handed_in), state["gradebook"]
    yield Check(
        what=f"Quizzes, {stage.name}: everybody hands in", has_passed=people == wanted, found=f"{people} of {wanted}"
    )
    yield Check(
        what=f"Quizzes, {stage.name}: one grade of each learner, sent once",
        has_passed=sorted(cell["person"] for cell in grades) == sorted(handed_in)
        and len(state["score_log"]) == people
        and state["repeated_scores"] == 0,
        found=f"{len(grades)} grades, {len(state['score_log'])} scores, {state['repeated_scores']} repeated",
    )
    verbs = Counter(_verb(statement) for statement in statements)
    ends = verbs["passed"] + verbs["failed"]
    yield Check(
        what=f"Quizzes, {stage.name}: every statement once",
        has_passed=[verbs["answered"], verbs["completed"], ends] == [QUESTIONS * people, people, people]
        and len({statement["id"] for statement in statements}) == len(statements),
        found=f"{verbs['answered']} answered, {verbs['completed']} completed, {ends} passed or failed",
    )
    told = sorted(each["result"]["score"]["raw"] for each in statements if _verb(each) == "completed")
    yield Check(
        what=f"Quizzes, {stage.name}: gradebook and LRS hold the same scores",
        has_passed=told == sorted(cell["score"] for cell in grades),
        found=f"{sum(told):.4g} points",
    )


def _verb(statement: dict[str, Any]) -> str:
    return str(statement["verb"]["id"]).rpartition("/")[2]


def read_back(stage: Stage) -> Iterator[dict[str, Any]]:
    """Every statement, as a consumer with a read-only credential gets them."""
    platform = stage.flask("platform", "list").split()[0]
    said = stage.flask("lrs", "credential", "add", "--platform", platform, "--label", "bench")
    key, secret = (re.findall(rf"^{name} +(\S+)$", said, re.MULTILINE)[0] for name in ("key", "secret"))
    more = "/lrs/1.0.3/statements?limit=500"
    while more:
        page = _get(stage, more, f"{key}:{secret}")
        yield from page["statements"]
        more = page["more"]


def _get(stage: Stage, path: str, credential: str) -> dict[str, Any]:
    parts = urlsplit(stage.tool)
    connection = http.client.HTTPConnection(LOOPBACK, parts.port, timeout=TIMEOUT)
    try:
        headers = {
            "Host": parts.netloc,
            "Authorization": "Basic " + base64.b64encode(credential.encode()).decode(),
            "X-Experience-API-Version": "1.0.3",
        }
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    assert answer.status == 200, f"{path} answered {answer.status}: {body[:300]!r}"
    page: dict[str, Any] = json.loads(body)
    return page
