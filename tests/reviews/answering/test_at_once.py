"""Two at once, and closing meanwhile: on both databases there is one answer or none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select

from lti_tool.db import db
from reviews.answering import writing
from reviews.answering.models import Response
from reviews.answering.said import Said
from reviews.campaigns import running
from reviews.campaigns.models import Assignment, Campaign
from tests.cast import THEN
from tests.reviews.answering.conftest import Raters
from tests.reviews.conftest import all_of
from tests.reviews.meeting import at_once

SAID: Callable[[Raters], Said] = lambda raters: all_of(raters.reviews.content, 3)  # noqa: E731


def handing_in(raters: Raters, of: Assignment) -> Callable[[], object]:
    said, key = SAID(raters), of.id

    def hand_in() -> str:
        writing.hand_in(db.session, db.session.get_one(Assignment, key), said, at=THEN)
        return "handed in"

    return hand_in


def count(raters: Raters) -> int:
    raters.reviews.session.rollback()
    return raters.reviews.session.scalar(select(func.count()).select_from(Response)) or 0


def test_handed_in_twice_at_once_there_is_one_answer(raters: Raters):
    act = handing_in(raters, raters.ana.assignment)
    raters.reviews.session.commit()

    found = at_once(raters.app, act, act, act)

    assert sorted(map(str, found)) == ["handed in", "not taken", "not taken"]
    assert count(raters) == 1


def test_several_of_a_group_at_once_are_all_taken(raters: Raters):
    acts = [handing_in(raters, raters.page(peer).assignment) for peer in raters.reviews.peers]
    raters.reviews.session.commit()

    assert at_once(raters.app, *acts) == ["handed in"] * 5
    assert count(raters) == 5


def test_closing_meanwhile_takes_it_or_refuses_it_and_nothing_between(raters: Raters):
    act, campaign = handing_in(raters, raters.ana.assignment), raters.campaign.id
    ana = raters.ana
    raters.reviews.session.commit()

    def close() -> str:
        running.close(db.session, db.session.get_one(Campaign, campaign), by=None, at=THEN + timedelta(hours=1))
        return "closed"

    handed, closed = at_once(raters.app, act, close)

    assert closed == "closed"
    expected = {"handed in": ("submitted", 1), "not taken": ("expired", 0)}
    assert (ana.state, count(raters)) == expected[str(handed)]
