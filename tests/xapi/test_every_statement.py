"""Everything happens through the real code: each kind of statement is told, as the profile says, and names nobody."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.testing import CampusInHand
from lti_tool.outbox import Happening
from tests.cast import Cast
from tests.conftest import Arrive
from tests.journeys.secrecy import named_in
from tests.lti_tool.mail_server import MailServerInHand
from tests.xapi import everything
from tests.xapi.everything import PEERS, TYPED, Life, enrolled, from_campus
from xapi import translations, validation
from xapi import vocabulary as v
from xapi.endpoints import RefusedStatement
from xapi.lrs.models import StoredStatement
from xapi.profile import matching, ordering
from xapi.profile.templates import TEMPLATES

Statement = dict[str, Any]
ADDED = ("stored", "authority", "version")


@pytest.fixture
def told(
    app: Flask, session: Session, cast: Cast, campus: CampusInHand, arrive: Arrive, there: MailServerInHand
) -> list[Statement]:
    """Every statement of a year in which everything happens, as it was written, in the order of the store."""
    del TYPED[1:]
    Life(app, from_campus(session, cast, campus, arrive), there).live()
    return [
        {name: part for name, part in json.loads(body).items() if name not in ADDED}
        for body in session.scalars(select(StoredStatement.body).order_by(StoredStatement.seq))
    ]


def runs(statements: Sequence[Statement]) -> dict[str, list[Statement]]:
    found: dict[str, list[Statement]] = defaultdict(list)
    for each in statements:
        if registration := each["context"].get("registration"):
            found[registration].append(each)
    return found


def test_each_kind_of_statement_is_told_as_the_profile_says_and_names_nobody(
    told: list[Statement], session: Session, campus: CampusInHand
):
    met = {template.key for each in told if (template := matching.template_of(each)) is not None}

    assert met == {template.key for template in TEMPLATES}
    assert [fault for each in told for fault in matching.faults_of(each)] == []
    assert [fault for each in told for fault in validation.emitter_errors(each)] == []
    assert session.scalars(select(RefusedStatement)).all() == []
    _every_event_that_is_told_of_has_happened(session)
    _each_run_is_one(told)
    _nobody_is_named(told, campus)
    _nothing_typed_is_told(told)
    _no_rater_is_known_to_a_result(told, session, campus)


def _every_event_that_is_told_of_has_happened(session: Session) -> None:
    """So that no translation is left out."""
    happened = set(session.scalars(select(Happening.name)))

    assert {kind.__name__ for kind in translations.TRANSLATIONS} - happened == set()


def _each_run_is_one(told: list[Statement]) -> None:
    found = runs(told)
    patterns = [ordering.pattern_of(run) for run in found.values()]

    assert {pattern.key for pattern in patterns if pattern} == {"life-of-a-mentorship", "nothing-came-of-it", "attempt"}
    assert [list(map(_verb, run)) for run, pattern in zip(found.values(), patterns, strict=True) if not pattern] == []
    for run in found.values():
        assert [later["timestamp"] for now, later in pairwise(run) if later["timestamp"] <= now["timestamp"]] == []


def _verb(statement: Statement) -> str:
    return str(statement["verb"]["id"])


def _nobody_is_named(told: list[Statement], campus: CampusInHand) -> None:
    text = json.dumps(told, ensure_ascii=False)

    assert named_in(text, campus) == []
    assert re.findall(r"\w+@\w+", text) == []
    assert [word for word in ("Vera", "Stein", "firm.example") if word in text] == []


def _nothing_typed_is_told(told: list[Statement]) -> None:
    text = json.dumps(told, ensure_ascii=False)

    assert len(TYPED) > 40
    assert [each for each in TYPED if each in text] == []


def _no_rater_is_known_to_a_result(told: list[Statement], session: Session, campus: CampusInHand) -> None:
    """What others said of somebody stands beside nobody but them."""
    released = [each for each in told if _verb(each) == v.EVALUATED.iri]
    raters = {enrolled(session, campus, key).person.subject for key in PEERS}

    assert {json.loads(each)["name"] for each in _accounts(released)} == {
        "mentoring",
        enrolled(session, campus, everything.ZOE).person.subject,
    }
    assert raters.isdisjoint(json.loads(each)["name"] for each in _accounts(released))


def _accounts(part: Any) -> set[str]:
    """Every account that stands in it, wherever."""
    if isinstance(part, list):
        return {each for item in part for each in _accounts(item)}
    if not isinstance(part, dict):
        return set()
    own = {json.dumps(part["account"])} if "account" in part else set()
    return own.union(*(_accounts(each) for each in part.values()))


@pytest.mark.sqlite
def test_an_independent_judge_finds_every_statement_valid(
    told: list[Statement], judge: Callable[[Sequence[object]], list[list[str]]]
):
    verdicts = judge(told)

    assert len(verdicts) == len(told) > 100
    assert [(_verb(each), said) for each, said in zip(told, verdicts, strict=True) if said] == []
