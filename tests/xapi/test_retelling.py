"""Whatever is announced is retold in the same transaction, and the times of one run strictly increase."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.db import transaction
from lti_tool.events import CourseEntered, Event
from lti_tool.outbox import Happening
from mentoring.events import GoalSet
from tests.cast import Cast
from tests.xapi.outside import connect, letters
from xapi import translations, validation
from xapi.endpoints import RefusedStatement
from xapi.lrs.models import StoredStatement
from xapi.profile import examples, ordering
from xapi.retelling import BadTranslation
from xapi.translations import TRANSLATIONS, translate

TOLD_AT_ONCE = [kind for kind in TRANSLATIONS if kind is not CourseEntered]
"""Who enters a course is told of a moment later: see `test_delivery`."""


@pytest.fixture(autouse=True)
def platform(app: Flask, cast: Cast, session: Session) -> None:
    """The one that made-up events are of; nobody but us hears them, as features look for what stands in them."""
    cast.platform().public_id = "platform"
    session.commit()
    registry = app.extensions["outbox"]
    registry.listeners = [heard for heard in registry.listeners if heard[1].__module__ == "xapi.retelling"]


def announce(*events: Event) -> None:
    for event in events:
        with transaction() as session:
            outbox.announce(session, event)


def stored(session: Session) -> list[dict[str, Any]]:
    session.rollback()
    return [json.loads(body) for body in session.scalars(select(StoredStatement.body).order_by(StoredStatement.seq))]


@pytest.mark.parametrize("kind", TOLD_AT_ONCE, ids=lambda kind: kind.__name__)
def test_every_event_that_has_a_translation_is_stored_in_its_transaction(session: Session, kind: type[Event]):
    event = examples.made_up(kind)[0]

    announce(event)

    told = translate(event, current_app.config["IRI_BASE"])
    assert [each["id"] for each in stored(session)] == [each["id"] for each in told]


@pytest.mark.every_case
@pytest.mark.parametrize("earlier", [timedelta(0), timedelta(milliseconds=1), timedelta(seconds=5)], ids=str)
def test_what_happens_in_one_moment_is_told_in_order(session: Session, earlier: timedelta):
    """And what is announced later is told later, though a clock was set back meanwhile."""
    names = ("MentorAssigned", "MentorshipBegan", "GoalSet", "GoalReached", "MentorshipCompleted")
    kinds = {kind.__name__: kind for kind in TRANSLATIONS}
    events = [examples.made_up(kinds[name])[0] for name in names]
    later = [
        replace(event, at=event.at - number * earlier, event_id=f"11111111-2222-4333-8444-55555555555{number}")
        for number, event in enumerate(events)
    ]

    announce(*later)

    run = stored(session)
    times = [each["timestamp"] for each in run]
    assert len(times) == 6
    assert times == sorted(set(times))
    assert {each["context"]["registration"] for each in run} == {run[0]["context"]["registration"]}
    found = ordering.pattern_of(run)
    assert found is not None
    assert found.key == "life-of-a-mentorship"


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Translations write whom they tell of by name: valid, and against the profile."""
    translated = translations.translate

    def translate_with_name(event: Event, base: str) -> list[dict[str, Any]]:
        return [{**each, "actor": {**each["actor"], "name": "Leo"}} for each in translated(event, base)]

    monkeypatch.setattr(translations, "translate", translate_with_name)


def test_what_breaks_the_profile_alone_is_refused_before_it_is_stored(app: Flask, session: Session, named: None):
    app.testing = False
    connect("http://localhost/xAPI")
    event = examples.made_up(GoalSet)[0]
    [statement] = translations.translate(event, current_app.config["IRI_BASE"])
    assert validation.emitter_errors(statement) == []

    announce(event)

    assert stored(session) == []
    assert letters(session) == []
    refused = session.scalars(select(RefusedStatement)).one()
    assert refused.faults == "goal-set: $.actor.name must not be there"
    assert session.scalars(select(Happening.name)).all() == ["GoalSet"], "what somebody did stands all the same"


def test_in_tests_what_breaks_the_profile_undoes_all_of_it(session: Session, named: None):
    with pytest.raises(BadTranslation, match="must not be there"):
        announce(examples.made_up(GoalSet)[0])

    assert stored(session) == []
    assert session.scalars(select(Happening.name)).all() == []


def test_runs_do_not_wait_for_one_another(session: Session):
    kinds = {kind.__name__: kind for kind in TRANSLATIONS}
    first = examples.made_up(kinds["GoalSet"])[0]
    other = replace(first, mentorship="another", event_id="11111111-2222-4333-8444-666666666666")  # type: ignore[call-arg]

    announce(first, other)

    assert {each["timestamp"] for each in stored(session)} == {"2026-09-01T10:30:00.000Z"}
