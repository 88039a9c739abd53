"""Raters are told that they are asked, and reminded by rule or by hand: once for each person and campaign."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool import clock
from lti_tool.contacts.models import Outsider
from lti_tool.models import Enrolment
from lti_tool.notifying.models import PersonalNotice
from reviews.answering import writing
from reviews.answering.outside import links
from reviews.answering.reminding import letters
from reviews.answering.reminding.rule import Reminding
from reviews.campaigns import nominating
from reviews.campaigns.models import Campaign, Target
from reviews.campaigns.rules import EXTERNAL
from tests.cast import THEN
from tests.lti_tool.mail_server import MailServerInHand
from tests.mentoring.asking import deliver
from tests.reviews.conftest import LATER, Reviews

A_DAY = timedelta(days=1)
VERA = Outsider("Vera Stein", "vera@firm.example")


@pytest.mark.parametrize(
    ("day", "last", "count", "expected"),
    [
        (4.9, 0, 0, False),
        (5, 0, 0, True),
        (9, 5, 1, False),
        (10, 5, 1, True),
        (12, 10, 2, True),
        (13, 12, 3, False),
        (11, 0, 0, True),
        (12, 11.5, 1, False),
        (14, 0, 0, False),
    ],
)
def test_the_rule_says_when(day: float, last: float, count: int, expected: bool):
    """Every five days, once more two days before the end after fourteen, three times at most, never twice a day."""
    rule = Reminding(every=5, before=2, most=3)

    is_due = rule.is_due(opened=THEN, closes=LATER, last=THEN + last * A_DAY, count=count, at=THEN + day * A_DAY)

    assert is_due is expected


@dataclass
class Asked:
    """Ana is asked about Leo and Zoe, Vera outside about Leo."""

    app: Flask
    reviews: Reviews
    there: MailServerInHand
    campaign: Campaign
    targets: list[Target]
    ana: Enrolment

    def told(self, at: datetime) -> list[str]:
        """The subjects of what Ana is newly told until then."""
        before = len(self._notices())
        deliver(self.app, self.reviews.session, at=at)
        return [each.subject for each in self._notices()[before:]]

    def _notices(self) -> list[PersonalNotice]:
        wanted = select(PersonalNotice).where(PersonalNotice.enrolment_id == self.ana.id)
        return list(self.reviews.session.scalars(wanted.order_by(PersonalNotice.id)))

    def words(self) -> str:
        return " ".join(self._notices()[-1].paragraphs)

    def mails_to_vera(self) -> int:
        return sum(each.recipient == VERA.mail for each in self.there.taken)

    @property
    def url(self) -> str:
        course = self.reviews.school.course.public_id
        return f"/courses/{course}/reviews/campaigns/{self.campaign.public_id}/reminders"


@pytest.fixture
def asked(app: Flask, reviews: Reviews, there: MailServerInHand) -> Asked:
    campaign, targets = reviews.review_of(reviews.school.leo, reviews.school.zoe)
    [ana] = reviews.join("Ana")
    for target in targets:
        reviews.name(target, [ana])
    external, by = campaign.group(EXTERNAL), reviews.school.ines
    nominating.propose(reviews.session, targets[0], external, VERA, by=by, at=THEN)
    reviews.session.commit()
    reviews.collect(campaign)
    return Asked(app, reviews, there, campaign, targets, ana)


ASKED, REMINDED = "You are asked: Spring round", "Still waiting for your answers: Spring round"


def test_everybody_is_told_once_that_they_are_asked_and_for_how_many(asked: Asked):
    assert asked.told(THEN) == [ASKED]
    assert "2 answer sheets" in asked.words()
    assert not any(name in asked.words() for name in ("Leo", "Zoe"))

    assert asked.told(THEN + A_DAY) == []


def test_reminders_come_by_rule_one_for_all_that_waits_and_not_more_than_said(asked: Asked):
    asked.told(THEN)

    days = [day for day in range(1, 15) for told in [asked.told(THEN + day * A_DAY)] if told == [REMINDED]]

    assert days == [5, 10, 12]
    assert "0 of 2" in asked.words()
    assert asked.mails_to_vera() == 4


def test_who_has_answered_declined_or_stopped_is_not_reminded(asked: Asked):
    asked.told(THEN)
    mine = [asked.reviews.assignment(target, asked.ana) for target in asked.targets]
    asked.reviews.answer(mine[0], 4)
    writing.decline(asked.reviews.session, mine[1], "Hardly know her.", at=THEN)
    [vera] = [each for each in asked.targets[0].assignments if each.mail]
    links.stop(asked.reviews.session, vera, at=THEN)
    asked.reviews.session.commit()

    assert [asked.told(THEN + day * A_DAY) for day in (5, 10, 12)] == [[], [], []]
    assert asked.mails_to_vera() == 1


def test_what_was_missed_is_made_up_for_once(asked: Asked):
    asked.told(THEN)

    assert asked.told(THEN + 11 * A_DAY) == [REMINDED]


def test_a_letter_that_comes_twice_reminds_once(asked: Asked):
    asked.told(THEN)
    with clock.moved_to(THEN + 5 * A_DAY):
        for _ in range(2):
            letters._look(asked.reviews.session, asked.campaign, clock.now())
        asked.reviews.session.commit()

    assert asked.told(THEN + 5 * A_DAY) == [REMINDED]


def test_by_hand_nobody_is_reminded_twice_a_day(asked: Asked, visit: Callable[[Enrolment], FlaskClient]):
    asked.told(THEN)

    with clock.moved_to(THEN + timedelta(hours=3)):
        early = visit(asked.reviews.school.ines).post(f"{asked.url}/now", follow_redirects=True).text
    with clock.moved_to(THEN + A_DAY):
        ines = visit(asked.reviews.school.ines)
        page = ines.get(asked.url).text
        first = ines.post(f"{asked.url}/now", follow_redirects=True).text
        second = ines.post(f"{asked.url}/now", follow_redirects=True).text

    assert "Nobody: all have answered, or were told of it within a day." in early
    assert "4 of them were not told anything within a day" in page
    assert "4 people are reminded now." in first
    assert "4 people are reminded now." in second
    assert asked.told(THEN + A_DAY) == [REMINDED]
    with clock.moved_to(THEN + A_DAY):
        assert "Nobody is reminded more than once a day." in ines.get(asked.url).text


def test_of_many_who_have_not_answered_a_page_shows_some(
    asked: Asked, visit: Callable[[Enrolment], FlaskClient], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("reviews.answering.reminding.views.AT_ONCE", 3)
    asked.told(THEN)

    with clock.moved_to(THEN + 2 * A_DAY):
        ines = visit(asked.reviews.school.ines)
        first, second = ines.get(asked.url).text, ines.get(f"{asked.url}?from=3").text

    assert "1 to 3 of 4" in first
    assert "4 to 4 of 4" in second
    assert ("Leo Baum" in first) != ("Leo Baum" in second)
    assert "would be reminded now" in second, "all of them, whichever are shown"


def test_mail_to_somebody_outside_waits_for_the_morning(asked: Asked):
    asked.told(THEN)
    night = THEN.replace(hour=23) + A_DAY
    with clock.moved_to(night):
        letters.remind_now(asked.reviews.session, asked.campaign, at=night)
        asked.reviews.session.commit()

    asked.told(night)
    assert asked.mails_to_vera() == 1
    asked.told(night + timedelta(hours=8))
    assert asked.mails_to_vera() == 2


def test_whoever_runs_it_sets_the_rule_and_reads_who_declined_and_why(
    asked: Asked, visit: Callable[[Enrolment], FlaskClient]
):
    ines = visit(asked.reviews.school.ines)
    declined = asked.reviews.assignment(asked.targets[0], asked.ana)
    writing.decline(asked.reviews.session, declined, "Hardly know him.", at=THEN)
    asked.reviews.session.commit()

    assert ines.post(asked.url, data={"every": "0", "before": "", "most": "3"}).status_code == 422
    assert ines.post(asked.url, data={"every": "7", "before": "", "most": "1"}).status_code == 302

    asked.reviews.session.expire_all()
    assert asked.campaign.reminding == {"every": 7, "before": None, "most": 1}
    assert "Hardly know him." in ines.get(asked.url).text
    assert visit(asked.ana).get(asked.url).status_code == 403


def test_a_new_link_goes_to_somebody_outside(asked: Asked, visit: Callable[[Enrolment], FlaskClient]):
    asked.told(THEN)
    ines = visit(asked.reviews.school.ines)
    [vera] = [each for each in asked.targets[0].assignments if each.mail]

    answer = ines.post(f"{asked.url}/{vera.public_id}/link", follow_redirects=True)
    asked.told(THEN)

    assert "A new link is on its way to vera@firm.example." in answer.text
    assert asked.mails_to_vera() == 2
    inside = asked.reviews.assignment(asked.targets[0], asked.ana).public_id
    assert ines.post(f"{asked.url}/{inside}/link").status_code == 404


def test_whoever_has_left_is_not_told_anything(asked: Asked):
    asked.ana.is_active = False
    asked.reviews.session.commit()

    assert asked.told(THEN) == []
    assert asked.told(THEN + 5 * A_DAY) == []
