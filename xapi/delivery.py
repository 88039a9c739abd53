"""Statements on their way to LRSs outside: in batches, under their own ids, so that telling twice tells once."""

from __future__ import annotations

import base64
import json
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import select, update

from lti_tool import keys, outbox
from lti_tool.db import db, transaction
from lti_tool.errors import log_unexpected
from lti_tool.outbox import Dead, Done, Errand, Outcome, Pause, Rest
from lti_tool.outgoing.http import Answer, CallFailed, http
from lti_tool.terminal import printable
from xapi.endpoints import Endpoint
from xapi.lrs import parts
from xapi.lrs.comparing import say_the_same
from xapi.lrs.parts import Part
from xapi.written import Written, data_of, written_for

MOST_STATEMENTS = 500
FEWEST_BYTES = 16 * 1024
"""An LRS that refuses this as too large refuses a single statement, and no smaller request helps."""

MOST_WORDS = 200
"""Characters of what an LRS says about a refusal."""
_ADDRESS = re.compile(r"[^\s\"':]+@[^\s\"']+")

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    outbox.register_carrier(app, "lrs", StatementCarrier())


class StatementCarrier:
    """Sends stored statements as they were written, in order."""

    batch = MOST_STATEMENTS

    def carry(self, errands: Sequence[Errand]) -> Iterator[Outcome]:
        """As it goes, so that a slow LRS does not outlast the hold; whatever happens, nothing overtakes what waits."""
        last: Outcome = Rest("not tried")
        told = 0
        try:
            for last in _carry(errands):
                told += 1
                yield last
        except Exception as problem:
            log_unexpected(log, problem)
            db.session.rollback()
            last = Rest(f"{type(problem).__name__} inside the tool; see the log")
        yield from [last] * (len(errands) - told)


def _carry(errands: Sequence[Errand]) -> Iterator[Outcome]:
    """One outcome each, in order, until one of them has to wait."""
    endpoint = _endpoint(errands[0].lane)
    if endpoint is None:
        yield from [Dead("this LRS is no longer registered")] * len(errands)
        return
    found = written_for(endpoint, [_named(errand) for errand in errands])
    told: list[Told] = [(errand, found.get(_named(errand))) for errand in errands]
    client = _Client(endpoint)
    db.session.commit()
    for part in _parts(told, endpoint.most_bytes):
        outcomes = _send(client, part)
        _remember(endpoint, client)
        yield from outcomes
        if isinstance(outcomes[-1], (Rest, Pause)):
            return


def _remember(endpoint: Endpoint, client: _Client) -> None:
    """How much the LRS takes at once, so that it is not asked in vain the next time."""
    if client.took_at_most is not None and client.took_at_most < endpoint.most_bytes:
        with transaction() as session:
            session.execute(
                update(Endpoint)
                .where(Endpoint.id == endpoint.id)
                .values(most_bytes=max(client.took_at_most, FEWEST_BYTES))
            )


Told = tuple[Errand, Written | None]
"""A letter, and its statement; None where that is gone."""


def _named(errand: Errand) -> tuple[int, str]:
    """The store and the id of its statement."""
    return errand.body["store"], errand.body["statement"]


def _endpoint(lane: str) -> Endpoint | None:
    return db.session.scalar(select(Endpoint).where(Endpoint.public_id == lane.partition(":")[2]))


def _parts(told: Sequence[Told], most: int) -> list[list[Told]]:
    """In order, cut so that each part stays under what the LRS takes at once."""
    parts: list[list[Told]] = []
    size = most
    for each in told:
        written = each[1]
        length = written.size + 1 if written else 0
        if size + length > most:
            parts.append([])
            size = 2
        parts[-1].append(each)
        size += length
    return parts


class _Client:
    """Talks xAPI to one LRS, in the version it wants."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.took_at_most: int | None = None
        """Half of what it refused as too large."""
        self._statements = endpoint.url.rstrip("/") + "/statements"
        signed = f"{endpoint.key}:{keys.unseal(endpoint.sealed_secret)}"
        self._headers = {
            "X-Experience-API-Version": endpoint.version,
            "Authorization": "Basic " + base64.b64encode(signed.encode()).decode(),
        }

    def post(self, statements: Sequence[Written]) -> Answer:
        kind, body = "application/json", f"[{','.join(each.text for each in statements)}]".encode()
        if data := data_of(statements):
            kind, body = parts.written([Part({"Content-Type": kind}, body), *data])
        answer = http().post(self._statements, body, headers={**self._headers, "Content-Type": kind})
        if answer.status == 413:
            self.took_at_most = len(body) // 2
        return answer

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
    if isinstance(first[-1], (Rest, Pause)):
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
        answer = client.post([written for _errand, written in there if written is not None])
    except CallFailed as problem:
        return [Rest(str(problem))] * len(part)
    return _judge(client, part, answer)


def _judge(client: _Client, part: Sequence[Told], answer: Answer) -> list[Outcome]:
    said = f"the LRS answered HTTP {answer.status}"
    if answer.is_ok:
        return [Done()] * len(part)
    if answer.status in (401, 403, 404):
        return [Pause(f"{said}: check its address and credentials, then resume")] * len(part)
    if answer.status in (400, 409, 413, 422):
        if len(part) == 1:
            return [_settle(client, part[0], answer.status, said + _in_its_words(answer))]
        return _send_halves(client, part)
    return [Rest(said, _wished(answer.headers.get("retry-after", "")))] * len(part)


def _in_its_words(answer: Answer) -> str:
    """What an LRS says about a refusal, short, in one line, and without what might be a mail address."""
    text = _ADDRESS.sub("…", " ".join(answer.text().split()))
    return f": {printable(text[:MOST_WORDS])}" if text else ""


def _wished(retry_after: str) -> float | None:
    """How many seconds the LRS asks us to wait; None where it names none, or 0, so that we never hammer it."""
    if not (retry_after.isascii() and retry_after.isdecimal()):
        return None
    return min(float(retry_after), 3600.0) or None


def _settle(client: _Client, told: Told, status: int, said: str) -> Outcome:
    """One statement that was refused alone: fine if the LRS has just that one, given up otherwise."""
    written = told[1]
    if status != 409 or written is None:
        return Dead(said)
    try:
        answer = client.get(written.statement_id)
        if answer.status >= 500:
            return Rest(f"the LRS answered HTTP {answer.status} when asked what it has")
    except CallFailed as problem:
        return Rest(str(problem))
    if answer.is_ok and _tells_the_same(answer, json.loads(written.text)):
        return Done()
    return Dead("the LRS has another statement under this id")


def _tells_the_same(answer: Answer, body: Mapping[str, Any]) -> bool:
    """Whether the LRS has just this statement; an answer that is no statement says that it has not."""
    try:
        return say_the_same(answer.json(), body)
    except (CallFailed, AttributeError, LookupError, TypeError, ValueError, RecursionError):
        return False
