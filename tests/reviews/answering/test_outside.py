"""Somebody outside is asked by mail, and answers at a secret address that one browser opens once."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool import clock
from lti_tool.contacts.models import Outsider
from lti_tool.outbox import Happening
from reviews.answering.models import Response
from reviews.answering.outside import asking
from reviews.answering.outside.models import OutsideLink, ReviewStop
from reviews.campaigns import nominating
from reviews.campaigns.models import Assignment, Campaign
from reviews.campaigns.rules import EXTERNAL
from tests.cast import THEN
from tests.lti_tool.mail_server import MailServerInHand
from tests.mentoring.asking import deliver
from tests.reviews.answering.conftest import RATED
from tests.reviews.conftest import LATER, Reviews

VERA = Outsider("Vera Stein", "vera@firm.example")
OTHERS = [Outsider(f"Customer {n}", f"customer{n}@firm.example") for n in range(3)]
MAIL_LINK = re.compile(r"http://[^/\s]+(/reviews/r/[\w-]+)\n")


@dataclass
class Asked:
    """Vera, who is not in the course, is asked about Leo."""

    app: Flask
    reviews: Reviews
    there: MailServerInHand
    campaign: Campaign
    assignment: Assignment

    def browser(self) -> FlaskClient:
        return self.app.test_client()

    def mailed(self, at: datetime = THEN) -> list[str]:
        """The links in what Vera is mailed now."""
        before = len(self.there.taken)
        deliver(self.app, self.reviews.session, at=at)
        found = [each for each in self.there.taken[before:] if each.recipient == VERA.mail]
        return [match[1] for each in found if (match := MAIL_LINK.search(each.part("plain")))]

    def link(self) -> str:
        [link] = self.mailed()
        return link

    def begun(self, link: str) -> FlaskClient:
        browser = self.browser()
        assert browser.post(f"{link}/begin").status_code == 303
        return browser

    def hand_in(self, browser: FlaskClient, link: str, seq: int = 0):
        return browser.post(link, data={"seq": seq, "do": "hand_in", **RATED})

    @property
    def state(self) -> str:
        self.reviews.session.expire_all()
        return self.assignment.state.value


@pytest.fixture
def asked(app: Flask, reviews: Reviews, there: MailServerInHand) -> Asked:
    campaign, [target] = reviews.review_of(reviews.school.leo)
    group, by = campaign.group(EXTERNAL), reviews.school.ines
    vera, *_others = [
        nominating.propose(reviews.session, target, group, each, by=by, at=THEN) for each in (VERA, *OTHERS)
    ]
    reviews.session.commit()
    reviews.collect(campaign)
    return Asked(app, reviews, there, campaign, vera)


def test_they_are_mailed_once_with_the_name_of_whom_it_is_about_and_of_nobody_else(asked: Asked):
    link = asked.link()

    taken = next(each for each in asked.there.taken if each.recipient == VERA.mail)
    text = taken.part("plain")
    assert "How do you see Leo Baum?" in text
    assert f"{link}/stop" in text
    assert not any(each.name in text for each in (*OTHERS, VERA))
    assert "leo" not in link.lower()
    assert asked.mailed() == []
    asking.ask(asked.reviews.session, [asked.assignment], at=THEN)
    asked.reviews.session.commit()
    assert asked.mailed() == []


def test_nobody_is_mailed_before_it_opens(app: Flask, reviews: Reviews, there: MailServerInHand):
    campaign, [target] = reviews.review_of(reviews.school.leo, opens=THEN + timedelta(days=2))
    vera = nominating.propose(reviews.session, target, campaign.group(EXTERNAL), VERA, by=reviews.school.ines, at=THEN)
    reviews.session.commit()
    reviews.collect(campaign)
    asked = Asked(app, reviews, there, campaign, vera)

    assert asked.mailed() == []
    assert len(asked.mailed(at=THEN + timedelta(days=2))) == 1


def test_looking_into_a_link_opens_nothing(asked: Asked):
    link = asked.link()

    for _ in range(3):
        page = asked.browser().get(link)
        assert page.status_code == 200
        assert asked.browser().head(link).status_code == 200

    assert "Begin" in page.text
    assert "Who will see what" in page.text
    assert "Leo Baum" in page.text
    assert not any(each.name in page.text for each in OTHERS)
    assert "Level 4" not in page.text
    assert asked.begun(link).get(link).status_code == 200


def test_the_first_browser_answers_and_hands_in(asked: Asked):
    link = asked.link()
    browser = asked.begun(link)

    form = browser.get(link).text
    assert "Level 4" in form
    assert "In your group, People outside, 4 people are asked now" in form
    assert browser.post(f"{link}/draft", data={"seq": 1, "r.asks": "4"}).get_json()["open"] == 2
    answer = asked.hand_in(browser, link, seq=1)

    assert answer.status_code == 200
    assert "Handed in. Thank you" in answer.text
    assert asked.state == "submitted"
    [row] = asked.reviews.session.scalars(select(Response))
    assert (row.ratings, row.assignment_id, row.day) == ({"asks": 4, "sums_up": None, "keeps": 5}, None, None)


def test_a_link_used_twice_says_that_it_was_used(asked: Asked):
    link = asked.link()
    browser = asked.begun(link)
    asked.hand_in(browser, link)

    answers = [browser.get(link), asked.hand_in(browser, link), asked.browser().get(link)]

    assert [each.status_code for each in answers] == [410, 410, 410]
    assert all("This has been handed in" in each.text for each in answers)
    assert len(asked.reviews.session.scalars(select(Response)).all()) == 1


def test_another_browser_does_not_get_in_and_is_told_how(asked: Asked):
    link = asked.link()
    asked.begun(link).post(link, data={"seq": 0, "r.asks": "4"})
    other = asked.browser()

    answers = [other.get(link), other.post(f"{link}/begin"), asked.hand_in(other, link)]

    assert [each.status_code for each in answers] == [409, 409, 409]
    assert all("in use in another browser" in each.text for each in answers)
    assert "Set-Cookie" not in answers[1].headers
    assert other.post(f"{link}/draft", data={"seq": 5, "r.asks": "1"}).status_code == 404
    assert asked.state == "started"


def test_it_was_me_brings_a_new_link_to_the_same_mail_and_ends_the_old_one(asked: Asked):
    link = asked.link()
    first = asked.begun(link)
    first.post(link, data={"seq": 0, "r.asks": "4"})

    with clock.moved_to(THEN + timedelta(minutes=5)):
        assert asked.browser().post(f"{link}/again").status_code == 429
    with clock.moved_to(THEN + timedelta(minutes=11)):
        assert asked.browser().post(f"{link}/again").status_code == 200
        [new] = asked.mailed(at=clock.now())
        assert new != link
        assert "A newer link was mailed to you" in first.get(link).text
        assert first.get(link).status_code == 410
        form = asked.begun(new).get(new).text

    assert re.search(r'name="r.asks" value="4" checked', form)


def test_whoever_runs_it_sends_a_new_one(asked: Asked):
    link = asked.link()
    asked.begun(link)

    asking.send_anew(asked.reviews.session, asked.assignment, at=THEN)
    asked.reviews.session.commit()

    [new] = asked.mailed()
    assert asked.browser().get(link).status_code == 410
    assert asked.begun(new).get(new).status_code == 200


def test_after_closing_it_says_so(asked: Asked):
    link = asked.link()
    browser = asked.begun(link)
    asked.reviews.close(asked.campaign)

    answers = [browser.get(link), asked.hand_in(browser, link)]

    assert [each.status_code for each in answers] == [410, 410]
    assert all("The time to answer is over" in each.text for each in answers)
    assert asked.reviews.session.scalars(select(Response)).all() == []


def test_whoever_declines_there_says_why(asked: Asked):
    link = asked.link()
    browser = asked.browser()

    assert browser.post(f"{link}/decline", data={"reason": ""}).status_code == 422
    assert browser.post(f"{link}/decline", data={"reason": "We met once."}).status_code == 200

    assert (asked.state, asked.assignment.reason) == ("declined", "We met once.")
    answer = browser.get(link)
    assert (answer.status_code, "You have declined" in answer.text) == (410, True)


def test_whoever_stops_these_mails_is_asked_nothing_until_they_say_otherwise(asked: Asked):
    link = asked.link()
    browser = asked.begun(link)

    assert browser.post(f"{link}/stop").status_code == 200
    answer = browser.get(link)
    assert (answer.status_code, "You want no more of these mails" in answer.text) == (410, True)
    asking.remind(asked.reviews.session, asked.assignment, at=THEN, due=THEN)
    asked.reviews.session.commit()
    assert asked.mailed() == []
    assert browser.post(f"{link}/stop", data={"what": "go_on"}).status_code == 200

    assert browser.get(link).status_code == 200
    assert asked.reviews.session.scalars(select(ReviewStop)).all() == []


def test_an_address_that_never_was_is_not_found_and_names_nobody(asked: Asked):
    asked.link()

    for answer in (asked.browser().get("/reviews/r/made-up"), asked.browser().post("/reviews/r/made-up/stop")):
        assert answer.status_code == 404
        assert "Leo" not in answer.text


def test_a_word_of_somebody_elses_opens_nothing(asked: Asked):
    link = asked.link()
    asked.begun(link)
    [stored] = asked.reviews.session.scalars(select(OutsideLink.opened_by).where(OutsideLink.opened_by != ""))
    thief = asked.browser()
    thief.set_cookie("review", stored, domain="localhost")

    assert thief.get(link).status_code == 409


def test_the_word_is_kept_where_only_the_browser_reads_it(asked: Asked):
    link = asked.link()

    cookie = asked.browser().post(f"{link}/begin").headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    asked.app.config["IS_HTTPS"] = True
    stricter = asked.browser().post(f"{link}/begin", headers={"Cookie": cookie.split(";")[0]})
    assert stricter.status_code == 409
    asked.app.config["IS_HTTPS"] = False


def test_neither_logs_nor_events_join_who_answers_with_whom_it_is_about(asked: Asked, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    link = asked.link()
    browser = asked.begun(link)
    browser.get(link)
    asked.hand_in(browser, link)

    secret = link.rpartition("/")[2]
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith(("sqlalchemy", "tests"))]
    assert not any(secret in line or VERA.mail in line for line in ours)
    told = [each.body for each in asked.reviews.session.scalars(select(Happening))]
    assert not any("vera" in body.lower() or secret in body for body in told)
    assert secret not in str(asked.reviews.session.scalars(select(OutsideLink.secret)).all())


def test_a_rater_who_is_erased_leaves_an_address_that_never_was(asked: Asked):
    link = asked.link()
    asked.reviews.session.delete(asked.assignment)
    asked.reviews.session.commit()

    assert asked.browser().get(link).status_code == 404


def test_the_time_to_answer_ends_while_they_write(asked: Asked):
    link = asked.link()
    browser = asked.begun(link)

    with clock.moved_to(LATER):
        assert browser.post(f"{link}/draft", data={"seq": 1, "r.asks": "4"}).status_code == 410
