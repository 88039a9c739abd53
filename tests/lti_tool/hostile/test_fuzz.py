"""Launches bent at random, ten thousand: no crash, no row of who must not be let in, one verdict each, nobody named.

A try depends on its number alone: `fuzz.run(range(4711, 4712))` makes it again.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lti_tool.arrivals import states
from lti_tool.arrivals.verifying import state_cookie
from lti_tool.db import db
from lti_tool.models import Platform
from tests.lti_tool.hostile.mutating import EITHER, LET_IN, MARK, REFUSED, Bent, bend
from tests.lti_tool.hostile.trying import Trying
from tests.lti_tool.launching import TARGET
from tests.lti_tool.outcomes import NOTED, Watch, row_counts, verdicts_in

SEED = "hostile"
AT_ONCE = 100
QUICK, ALL = 1_500, 10_000
LET_IN_AS = ("ok", "no_course")
MAY_WRITE = {NOTED, "UPDATE platform_key_set"}
"""What a refused launch may leave behind: a deployment nobody knew is noted, and once a minute an unknown key makes
us ask the platform for its keys again."""


@dataclass
class Fuzz:
    """Makes tries by their numbers and complains of whatever came out wrong."""

    app: Flask
    watch: Watch
    seen: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def run(self, numbers: range) -> None:
        """Those that must be refused first, so that the tables can be counted around them."""
        tries = list(self._bent(numbers))
        must_not = [each for each in tries if each[1].fate == REFUSED]
        with self.app.app_context():
            before = row_counts(db.session)
        for number, bent, cookie in must_not:
            self._judge(number, bent, cookie)
        with self.app.app_context():
            left = row_counts(db.session) - before
        if set(left) - {"deployment"}:
            self.faults.append(f"{numbers}: refused launches left {dict(left)}")
        for number, bent, cookie in tries:
            if bent.fate != REFUSED:
                self._judge(number, bent, cookie)

    def _bent(self, numbers: range) -> Iterator[tuple[int, Bent, str]]:
        at = int(time.time())
        with self.app.app_context():
            platform = db.session.scalars(select(Platform.public_id)).one()
            made = {number: states.seal(platform, target=TARGET, deployment="") for number in numbers}
            cookies = {state: state_cookie(state) for state in made.values()}
        for number, state in made.items():
            bent = bend(f"{SEED} {number}", nonce=states.nonce_of(state), state=state, at=at)
            bent.form += [("id_token", bent.token())] if bent.is_launch else []
            yield number, bent, cookies[state]

    def _judge(self, number: int, bent: Bent, cookie: str) -> None:
        client = self.app.test_client(use_cookies=False)
        self.watch.forget()
        answer = _sent(client, bent, cookie)
        told = [*self._wrong(bent, answer), *self._leaks(bent, answer)]
        verdicts = verdicts_in(self.watch.lines)
        self.seen["let in" if set(verdicts) & set(LET_IN_AS) else "refused" if verdicts else "no launch"] += 1
        if answer.status_code == 303:
            self.watch.forget()
            cookies = "; ".join(line.partition(";")[0] for line in answer.headers.getlist("Set-Cookie"))
            page = client.get(answer.location, headers={"Cookie": cookies})
            if page.status_code >= 400:
                told.append(f"its page answered {page.status_code}")
        self.faults += [f"try {number} ({', '.join(bent.told)}): {each}" for each in told]

    def _wrong(self, bent: Bent, answer: TestResponse) -> Iterator[str]:
        verdicts = verdicts_in(self.watch.lines)
        is_in = bool(verdicts) and verdicts[0] in LET_IN_AS
        if answer.status_code >= 500:
            yield f"answered {answer.status_code}"
        if len(verdicts) != bent.is_launch:
            yield f"verdicts {verdicts}, answered {answer.status_code}"
        if is_in != (answer.status_code in (200, 303)) and bent.is_launch:
            yield f"{verdicts} answered with {answer.status_code}"
        if bent.fate != EITHER and is_in != (bent.fate == LET_IN):
            yield f"{bent.fate.name} and yet {verdicts}"
        if not is_in and self.watch.wrote - MAY_WRITE:
            yield f"refused and wrote {sorted(self.watch.wrote - MAY_WRITE)}"

    def _leaks(self, bent: Bent, answer: TestResponse) -> Iterator[str]:
        secrets = [MARK, bent.state, str(bent.body.get("nonce")), *(part for part in _token(bent).split(".") if part)]
        told = "\n".join(self.watch.lines)
        found = [each[:30] for each in secrets if len(each) > 7 and each in told]
        if found:
            yield f"the log says {found}"
        if [line for line in self.watch.lines if not line.isprintable()]:
            yield "a line of the log can be forged"
        if answer.status_code != 303 and MARK in answer.text:
            yield "the page names somebody"


def _token(bent: Bent) -> str:
    return dict(bent.form).get("id_token", "")


def _sent(client: FlaskClient, bent: Bent, cookie: str) -> TestResponse:
    fields = [*([("state", bent.state)] if bent.says_state else []), *reversed(bent.form)]
    said = bent.state if bent.cookie == "the right one" else bent.cookie
    headers = {**bent.headers, **({"Cookie": f"{cookie}={said}"} if said is not None else {})}
    if bent.content_type == "multipart/form-data":
        names = dict(reversed(fields))
        return client.open(
            "/lti/launch",
            method=bent.method,
            data=names,
            content_type=bent.content_type,
            headers=headers,
            query_string=bent.query,
        )
    return client.open(
        "/lti/launch",
        method=bent.method,
        data=urlencode(fields).encode(),
        content_type=bent.content_type or "application/x-www-form-urlencoded",
        headers=headers,
        query_string=bent.query,
    )


@pytest.fixture
def fuzz(app: Flask, trying: Trying, session: Session) -> Iterator[Fuzz]:
    session.rollback()
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with Watch(app) as watch:
        yield Fuzz(app, watch)


def _run(fuzz: Fuzz, numbers: range) -> None:
    for start in range(numbers.start, numbers.stop, AT_ONCE):
        fuzz.run(range(start, min(start + AT_ONCE, numbers.stop)))


def test_bent_launches_never_break_anything(fuzz: Fuzz):
    _run(fuzz, range(QUICK))

    assert "\n".join(fuzz.faults) == ""
    assert all(fuzz.seen[kind] > QUICK // 50 for kind in ("let in", "refused", "no launch")), fuzz.seen


@pytest.mark.soak
def test_ten_thousand_bent_launches_never_break_anything(fuzz: Fuzz):
    _run(fuzz, range(QUICK, ALL))

    assert "\n".join(fuzz.faults) == ""
