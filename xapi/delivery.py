"""Statements on their way to LRSs outside: in batches, under their own ids, so that telling twice tells once."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import select, tuple_

from lti_tool import keys, outbox
from lti_tool.db import db
from lti_tool.outbox import Dead, Done, Errand, Later, Outcome, Pause
from lti_tool.outgoing.http import Answer, CallFailed, http
from xapi.endpoints import Endpoint
from xapi.lrs.comparing import say_the_same
from xapi.lrs.models import StoredStatement

VERSION = "1.0.3"
MOST_STATEMENTS = 500
MOST_BYTES = 1024 * 1024
ADDED_BY_THE_STORE = ("stored", "authority", "version")

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    outbox.register_carrier(app, "lrs", StatementCarrier())


class StatementCarrier:
    """Sends stored statements as they were written, in order."""

    batch = MOST_STATEMENTS

    def carry(self, errands: Sequence[Errand]) -> list[Outcome]:
        endpoint = _endpoint(errands[0].lane)
        if endpoint is None:
            return [Dead("this LRS is no longer registered")] * len(errands)
        bodies = _bodies(errands)
        client = _Client(endpoint)
        db.session.commit()
        outcomes: list[Outcome] = []
        for part in _parts(errands, bodies):
            found = _send(client, part)
            outcomes += found
            if isinstance(found[-1], (Later, Pause)):
                # What follows in the lane must not overtake what could not be sent.
                return [*outcomes, *[found[-1]] * (len(errands) - len(outcomes))]
        return outcomes


Told = tuple[Errand, dict[str, Any] | None]


def _endpoint(lane: str) -> Endpoint | None:
    return db.session.scalar(select(Endpoint).where(Endpoint.public_id == lane.partition(":")[2]))


def _bodies(errands: Sequence[Errand]) -> dict[tuple[int, str], dict[str, Any]]:
    wanted = [(errand.body["store"], errand.body["statement"]) for errand in errands]
    rows = db.session.execute(
        select(StoredStatement.store_id, StoredStatement.statement_id, StoredStatement.body).where(
            tuple_(StoredStatement.store_id, StoredStatement.statement_id).in_(wanted)
        )
    )
    return {(store, statement_id): _as_written(json.loads(body)) for store, statement_id, body in rows}


def _as_written(statement: dict[str, Any]) -> dict[str, Any]:
    """Without what our own store added: the next store adds its own."""
    return {name: value for name, value in statement.items() if name not in ADDED_BY_THE_STORE}


def _parts(errands: Sequence[Errand], bodies: Mapping[tuple[int, str], dict[str, Any]]) -> list[list[Told]]:
    """The errands in order, cut so that each part stays under a megabyte."""
    parts: list[list[Told]] = []
    size = MOST_BYTES
    for errand in errands:
        body = bodies.get((errand.body["store"], errand.body["statement"]))
        length = len(json.dumps(body)) + 2
        if size + length > MOST_BYTES:
            parts.append([])
            size = 0
        parts[-1].append((errand, body))
        size += length
    return parts


class _Client:
    """Talks xAPI 1.0.3 to one LRS."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._statements = endpoint.url.rstrip("/") + "/statements"
        signed = f"{endpoint.key}:{keys.unseal(endpoint.sealed_secret)}"
        self._headers = {
            "X-Experience-API-Version": VERSION,
            "Authorization": "Basic " + base64.b64encode(signed.encode()).decode(),
        }

    def post(self, statements: Sequence[Mapping[str, Any]]) -> Answer:
        body = json.dumps(statements, ensure_ascii=False, separators=(",", ":")).encode()
        return http().post(self._statements, body, headers={**self._headers, "Content-Type": "application/json"})

    def get(self, statement_id: str) -> Answer:
        return http().get(f"{self._statements}?{urlencode({'statementId': statement_id})}", headers=self._headers)


def _send(client: _Client, part: Sequence[Told]) -> list[Outcome]:
    """One outcome for each statement; a part that fails in a way nobody foresaw is cut in two.

    So one odd statement, or an odd answer to it, is given up alone and holds up no other.
    """
    try:
        return _tell(client, part)
    except Exception as problem:
        log.error("Sending %d statements met an unexpected %s", len(part), type(problem).__name__)
        if len(part) == 1:
            return [Dead(f"{type(problem).__name__} inside the tool when sending this statement")]
        return _send_halves(client, part)


def _send_halves(client: _Client, part: Sequence[Told]) -> list[Outcome]:
    """The first half, then the second, unless the first has to wait: what follows must not overtake it."""
    middle = len(part) // 2
    first = _send(client, part[:middle])
    if isinstance(first[-1], (Later, Pause)):
        return [*first, *[first[-1]] * (len(part) - middle)]
    return [*first, *_send(client, part[middle:])]


def _tell(client: _Client, part: Sequence[Told]) -> list[Outcome]:
    """One outcome for each statement; a part that is refused is cut in two until the bad one stands alone."""
    there = [told for told in part if told[1] is not None]
    if len(there) < len(part):
        return [
            outcome
            for told in part
            for outcome in (_send(client, [told]) if told[1] is not None else [Dead("the statement is gone")])
        ]
    try:
        answer = client.post([body for _errand, body in there if body is not None])
    except CallFailed as problem:
        return [Later(str(problem))] * len(part)
    return _judge(client, part, answer)


def _judge(client: _Client, part: Sequence[Told], answer: Answer) -> list[Outcome]:
    said = f"the LRS answered HTTP {answer.status}"
    if answer.is_ok:
        return [Done()] * len(part)
    if answer.status in (401, 403, 404):
        return [Pause(f"{said}: check its address and credentials, then resume")] * len(part)
    if answer.status in (400, 409, 413, 422):
        if len(part) == 1:
            return [_settle(client, part[0], answer.status, said)]
        return _send_halves(client, part)
    return [Later(said, _wished(answer.headers.get("retry-after", "")))] * len(part)


def _wished(retry_after: str) -> float | None:
    """How many seconds the LRS asks us to wait; None where it names none, or 0, so that we never hammer it."""
    if not (retry_after.isascii() and retry_after.isdecimal()):
        return None
    return min(float(retry_after), 3600.0) or None


def _settle(client: _Client, told: Told, status: int, said: str) -> Outcome:
    """One statement that was refused alone: fine if the LRS has just that one, given up otherwise."""
    body = told[1]
    if status != 409 or body is None:
        return Dead(said)
    try:
        answer = client.get(body["id"])
        if answer.status >= 500:
            return Later(f"the LRS answered HTTP {answer.status} when asked what it has")
    except CallFailed as problem:
        return Later(str(problem))
    if answer.is_ok and _tells_the_same(answer, body):
        return Done()
    return Dead("the LRS has another statement under this id")


def _tells_the_same(answer: Answer, body: Mapping[str, Any]) -> bool:
    """Whether the LRS has just this statement; an answer that is no statement says that it has not."""
    try:
        return say_the_same(answer.json(), body)
    except (CallFailed, AttributeError, LookupError, TypeError, ValueError, RecursionError):
        return False
