"""A review is chosen in the deep-linking dialogue, and its link in the course page opens for each what is theirs.

Who has nothing to do there reads how it stands: before it begins, while it runs, and after its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.testing import Answer, CampusInHand, FlaskBrowser, FormPost, launch
from lti_tool import clock
from lti_tool.models import Course, Enrolment
from lti_tool.running.delivering import drain
from reviews.answering import writing
from reviews.answering.said import Said
from reviews.campaigns import arranging, making, nominating, running
from reviews.campaigns.making import Design
from reviews.campaigns.models import Assignment, Campaign, Target
from reviews.campaigns.phases import Phase
from reviews.campaigns.rules import PEER, CampaignKind
from reviews.instruments import choosing
from reviews.results import many
from tests.mentoring.reading import words

HOUR = timedelta(hours=1)


@dataclass
class Placed:
    """Leo is reviewed in *Spring round*, whose link stands in the course page."""

    app: Flask
    session: Session
    campus: CampusInHand
    people: dict[str, Enrolment]
    campaign: Campaign
    target: Target
    link: str = ""

    def place(self) -> None:
        """As Ines does it: *Add an activity*, a tick, *Place in the course page*."""
        ines, client = self.campus.visitor("ines"), self.app.test_client()
        address = launch(ines, "add", FlaskBrowser(client)).answer.goes_to
        choice = client.get(address)
        key = f"review-{self.campaign.public_id}"
        assert f'name="pick-{key}"' in choice.text
        page = client.post(address, data={f"pick-{key}": "y", f"title-{key}": "Spring round"})
        form = FormPost.read(Answer(page.status_code, address, dict(page.headers), page.text))
        assert form.sent_by(ines.browser).status == 200, self.campus.refusals()
        placement = self.campus.here.register.placements("2")[-1]
        assert placement.title == "Spring round"
        self.link = placement.key

    def read(self, person: str) -> str:
        """What somebody reads who follows the link."""
        client = self.app.test_client()
        opened = launch(self.campus.visitor(person), self.link, FlaskBrowser(client)).answer
        assert opened.status == 303, opened.text
        answer = client.get(opened.goes_to, follow_redirects=True)
        assert answer.status_code == 200
        return words(answer)

    def ask_ada(self) -> Assignment:
        group, by = self.campaign.group(PEER), self.people["ines"]
        return nominating.propose(self.session, self.target, group, self.people["ada"], by=by, at=clock.now())

    def collect(self) -> None:
        running.collect(self.session, self.campaign, by=self.people["ines"], at=clock.now())
        self.session.commit()

    def answer(self, assignment: Assignment) -> None:
        ratings = dict.fromkeys(assignment.group.content.statements, 4)
        writing.hand_in(self.session, assignment, Said(ratings=ratings), at=clock.now())
        self.session.commit()


@pytest.fixture
def placed(app: Flask, session: Session, campus: CampusInHand) -> Placed:
    client = app.test_client()
    assert launch(campus.visitor("ines"), "mentoring", FlaskBrowser(client)).answer.status == 303
    drain(app)
    keys = {person.id: person.key for person in campus.people()}
    people = {keys[each.person.subject]: each for each in session.scalars(select(Enrolment))}
    course, at = session.scalars(select(Course)).one(), clock.now()
    version = choosing.version_for(session, course, "ready:newcomer_onboarding", at=at)
    assert version is not None
    design = Design(kind=CampaignKind.REVIEW, title="Spring round", version=version, closes=at + 24 * HOUR)
    campaign = making.make(session, course, design, by=people["ines"], at=at)
    [target] = arranging.add_people(session, campaign, [people["leo"]], at=at)
    session.commit()
    placed = Placed(app, session, campus, people, campaign, target)
    placed.place()
    return placed


def test_before_it_begins_the_link_says_so_to_everybody(placed: Placed):
    assert "It has not begun yet. You are reviewed in it. Your result stands behind this link" in placed.read("leo")
    nobody = "It has not begun yet. You are not asked for anything in it, and it is not about you."
    assert nobody in placed.read("ada")
    assert "Have them name who knows their work." in placed.read("ines")


def test_while_raters_are_named_whoever_is_reviewed_names_them_there(placed: Placed):
    running.open_nominating(placed.session, placed.campaign, at=clock.now())
    placed.session.commit()

    assert "Who reviews you" in placed.read("leo")
    assert "Raters are still being named. Answers are taken afterwards." in placed.read("ada")
    assert "0 of 1 have completed their list of raters." in placed.read("ines")


def test_before_its_day_the_link_says_when_it_opens(placed: Placed):
    placed.campaign.opens = clock.now() + HOUR
    placed.ask_ada()
    placed.collect()

    said = placed.read("ada")
    assert "Answers are taken from" in said
    assert "You are asked for your view then, and find it behind this link." in said
    assert "You are not asked for anything in it, and it is not about you." in placed.read("amara")


def test_while_it_runs_each_finds_what_is_theirs(placed: Placed):
    asked = placed.ask_ada()
    placed.collect()

    assert "Your view of Leo" in placed.read("ada")
    assert "How you see yourself" in placed.read("leo")
    assert "0 of 2 answers are in." in placed.read("ines")
    said = placed.read("amara")
    assert "Answers come in until" in said
    assert "You are not asked for anything in it, and it is not about you." in said
    placed.answer(asked)
    assert "You have handed in all that you were asked for. Thank you." in placed.read("ada")


def test_after_its_end_the_link_says_so_and_opens_the_result(placed: Placed):
    asked = placed.ask_ada()
    placed.collect()
    placed.answer(asked)
    running.close(placed.session, placed.campaign, by=placed.people["ines"], at=clock.now())
    placed.session.commit()

    closed = "It is closed. No answer counts any more."
    assert f"{closed} You have handed in all that you were asked for. Thank you." in placed.read("ada")
    assert "You are reviewed in it. Your result stands behind this link once it is released." in placed.read("leo")
    assert "It is closed. Release the results" in placed.read("ines")
    many.release(placed.session, placed.campaign, by=placed.people["ines"], at=clock.now())
    placed.session.commit()
    assert placed.read("leo").startswith("Result: Spring round")
    assert "It is over, and its results were released." in placed.read("amara")


def test_once_it_is_archived_the_link_says_that_it_is_over(placed: Placed):
    placed.campaign.phase = Phase.ARCHIVED
    placed.session.commit()

    assert "It is over, and archived. You were reviewed in it, and there is no result" in placed.read("leo")
    assert "It is over, and archived. You are not asked for anything in it" in placed.read("amara")
    assert "It is archived. Results can still be read." in placed.read("ines")
