"""A whole campaign by its pages, on either database: and nothing that leaves the tool holds what the gate withheld.

Leo is reviewed by six groups. Vera alone answers as somebody outside, and four write on a question that takes five.
What she chose and what they wrote is then looked for in every text there is: pages of everybody, mails, notices,
statements, events, personal data, the workbook's cells and the words of the PDF.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from lti_tool import clock, personal_data
from lti_tool.models import Enrolment
from lti_tool.notifying.models import PersonalNotice
from lti_tool.outbox import Happening
from reviews.answering.models import Remark, Response
from reviews.campaigns.models import Assignment, Campaign, Target
from reviews.campaigns.phases import Phase
from reviews.campaigns.rules import REPORT
from reviews.instruments.content import OpenQuestion
from reviews.results import paper
from reviews.results.models import ReportSnapshot
from tests.cast import THEN
from tests.lti_tool.mail_server import MailServerInHand
from tests.mentoring.asking import deliver
from tests.mentoring.conftest import visit
from tests.reading_pdf import words_of
from tests.reviews.answering.statements import told
from tests.reviews.conftest import CONTENT, LATER, Reviews

__all__ = ["visit"]

PEERS, REPORTS = ("Ana", "Ben", "Cem", "Dana", "Eli"), ("Fay", "Gil", "Hana")
VERA = "vera@firm.example"
SCORES = {"self": 5, "mentor": 4, "peer": 4, "report": 3, "external": 1}
KEPT_BACK = "lighthouse"
"""Stands in what four write on a question."""
HERS = re.compile(r"(?<![\d.,/v])1[.,]0+(?!\d|\.\d)")
"""What a mean of Vera's alone would look like, on a page or in JSON; nothing else comes out at 1."""
ASKED = replace(
    CONTENT,
    questions=(OpenQuestion(key="keep", text="What should go on?"), OpenQuestion(key="change", text="What not?")),
)
MAIL_LINK = re.compile(r"http://[^/\s]+(/reviews/r/[\w-]+)\n")


@dataclass
class Story:
    """The campaign, gone through by its pages from its draft to its release."""

    app: Flask
    reviews: Reviews
    visit: Callable[[Enrolment], FlaskClient]
    there: MailServerInHand
    pages: list[tuple[str, str]] = field(default_factory=list)
    """Every page somebody saw on the way, by who it was."""

    @property
    def campaign(self) -> Campaign:
        return self.reviews.session.scalars(select(Campaign)).one()

    @property
    def target(self) -> Target:
        return self.reviews.session.scalars(select(Target)).one()

    @property
    def snapshot(self) -> ReportSnapshot:
        wanted = select(ReportSnapshot).where(ReportSnapshot.target_id.is_not(None))
        return self.reviews.session.scalars(wanted).one()

    def here(self, then: str) -> str:
        return f"/courses/{self.reviews.school.course.public_id}/reviews{then}"

    def of_campaign(self, then: str = "") -> str:
        return self.here(f"/campaigns/{self.campaign.public_id}{then}")

    def browser(self, who: Enrolment) -> FlaskClient:
        return self.visit(who)

    def see(self, who: Enrolment, address: str) -> str:
        answer = self.browser(who).get(address, follow_redirects=True)
        assert answer.status_code == 200, address
        self.pages.append((f"{who.name}: {address}", answer.text))
        return answer.text

    def post(self, client: FlaskClient, address: str, **data: object) -> str:
        answer = client.post(address, data=data, follow_redirects=True)
        assert answer.status_code == 200, answer.text
        self.pages.append((f"after {address}", answer.text))
        self.reviews.session.expire_all()
        return " ".join(unescape(re.sub(r"<[^>]*>", " ", answer.text)).split())

    def answered(self, assignment: Assignment) -> dict[str, object]:
        key, number = assignment.group.key, assignment.target.assignments.index(assignment)
        words = {"keep": f"Says no. {number}"} if key == "peer" else {}
        if key in (REPORT, "external"):
            words["change"] = f"The {KEPT_BACK}, no. {number}"
        ratings = {f"r.{each}": str(SCORES[key]) for each in ASKED.statements}
        return {"seq": 0, "do": "hand_in", **ratings, **{f"c.{each}": text for each, text in words.items()}}


def gone_through(story: Story) -> None:
    reviews, school = story.reviews, story.reviews.school
    school.mentors(maya=1)
    school.paired(school.leo, school.maya)
    everybody = {each.name: each for each in reviews.join(*PEERS, *REPORTS)}
    instrument = reviews.instrument
    ines, leo = story.browser(school.ines), story.browser(school.leo)
    form = {"title": "Spring round", "instrument": f"own:{instrument.public_id}", "whom": "later", "moment": "date"}
    rest = {"purpose": "development", "released_by": "staff", "means": 3, "comments": 5, "spread": 8}
    numbers = {"retention_months": 24, "open_days": 14, "milestone": "kick_off", "reviewed": "mentee"}
    story.post(ines, story.here("/campaigns/new"), **form, **rest, **numbers, closes=f"{LATER:%Y-%m-%dT%H:%M}")
    story.post(ines, story.of_campaign("/people"), people=[school.leo.public_id], person=[school.leo.public_id])

    assert "asked to name their raters" in story.post(ines, story.of_campaign("/phase"), act="nominate")
    naming = story.here(f"/naming/{story.target.public_id}")
    for group, names in (("peer", PEERS), ("report", REPORTS)):
        for name in names:
            story.post(leo, f"{naming}/raters", group=group, person=everybody[name].public_id)
    story.post(leo, f"{naming}/raters", group="external", name="Vera Stein", mail=VERA)
    story.post(leo, f"{naming}/completion")
    assert "9 raters were named and wait" in story.post(ines, story.of_campaign("/phase"), act="end_nominating")
    named = [each.public_id for each in story.target.assignments if each.state.value == "proposed"]
    story.post(ines, story.of_campaign("/named"), named=named, answer="yes")
    assert "0 of 11 answers are in." in story.post(ines, story.of_campaign("/phase"), act="collect")

    for assignment in story.target.assignments:
        if assignment.rater is not None:
            page = story.here(f"/answers/{assignment.public_id}")
            story.see(assignment.rater, page)
            said = story.post(story.browser(assignment.rater), page, **story.answered(assignment))
            assert "Handed in. Thank you." in said
    _vera_answers(story)
    assert "11 of 11 answers are in." in story.see(school.ines, story.of_campaign()).replace("\n", " ")
    deliver(story.app, reviews.session, at=LATER)
    assert story.campaign.phase is Phase.CLOSED
    with clock.moved_to(LATER):
        ines = story.browser(school.ines)
        story.post(ines, story.of_campaign("/phase"), act="release")
        story.post(ines, story.of_campaign("/results/everybody"))
        deliver(story.app, reviews.session, at=LATER)
    reviews.session.expire_all()


def _vera_answers(story: Story) -> None:
    deliver(story.app, story.reviews.session, at=THEN)
    [link] = [
        found[1]
        for each in story.there.taken
        if each.recipient == VERA and (found := MAIL_LINK.search(each.part("plain")))
    ]
    browser = story.app.test_client()
    assert browser.post(f"{link}/begin").status_code == 303
    asked = next(each for each in story.target.assignments if each.mail == VERA)
    assert browser.post(link, data=story.answered(asked)).status_code == 200
    story.reviews.session.expire_all()
    assert asked.state.value == "submitted"


@pytest.fixture
def story(app: Flask, reviews: Reviews, visit, there: MailServerInHand) -> Story:
    reviews.content = ASKED
    story = Story(app, reviews, visit, there)
    with clock.moved_to(THEN):
        gone_through(story)
    return story


def texts(story: Story) -> Iterator[tuple[str, str]]:
    """Everything that leaves the tool, with where it was found."""
    school, result = story.reviews.school, story.here(f"/results/{story.snapshot.public_id}")
    yield from story.pages
    with clock.moved_to(LATER):
        for who in (school.ines, school.leo):
            yield f"the result, for {who.name}", story.see(who, result)
        yield "everybody", story.see(school.ines, story.of_campaign("/results/everybody"))
        for who in (school.ines, school.leo, school.maya, *story.reviews.peers):
            for address in (story.here("/"), story.here("/").removesuffix("reviews/")):
                yield f"{address}, for {who.name}", story.see(who, address)
        yield from _files(story, result)
    for mail in story.there.taken:
        yield f"mail to {mail.recipient}", mail.part("plain")
        yield f"mail to {mail.recipient}", mail.part("html")
    for notice in story.reviews.session.scalars(select(PersonalNotice).order_by(PersonalNotice.id)):
        yield "notice", f"{notice.subject} {notice.paragraphs}"
    for statement in told(story.reviews.session):
        yield "statement", json.dumps(statement)
    for happening in story.reviews.session.scalars(select(Happening).order_by(Happening.id)):
        yield happening.name, happening.body
    for who in (school.leo, school.maya, school.ines, *story.reviews.peers):
        yield f"personal data of {who.name}", json.dumps(personal_data.export(story.reviews.session, who.person))


def _files(story: Story, result: str) -> Iterator[tuple[str, str]]:
    ines = story.browser(story.reviews.school.ines)
    for address in (f"{result}/result.xlsx", f"{story.of_campaign('/results/everybody')}.xlsx"):
        answer = ines.get(address)
        assert answer.status_code == 200, address
        for row in _rows(answer.data):
            yield address, " ".join(f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in _told(row))
    if paper.is_installed():
        yield "PDF", words_of(ines.get(f"{result}/result.pdf").data)


def _rows(file: bytes) -> Iterator[Sequence[object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(file))
    for name in book.sheet_names:
        yield from book.get_sheet_by_name(name).to_python()


def _told(row: Sequence[object]) -> list[object]:
    """A row without how many raters there were, which a workbook writes as it writes a mean: the seventh cell."""
    return [cell for place, cell in enumerate(row) if place != 6]


def test_a_campaign_goes_from_its_draft_to_its_result_by_its_pages(story: Story):
    page = story.see(story.reviews.school.leo, story.here(f"/results/{story.snapshot.public_id}"))
    said = " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())

    means = {
        (cell["what"], *cell["groups"]): (cell["n"], cell["mean"]) for cell in story.snapshot.published["statements"]
    }
    assert means["asks", "peer"] == (5, 4.0)
    assert means["asks", "report", "external"] == (4, 2.5)
    assert not [key for key in means if key[1:] in (("report",), ("external",))]
    assert {each["text"] for each in story.snapshot.published["words"]} == _of_peers(story)
    assert "Direct reports and People outside" in said
    assert "2.5" in said


def test_nothing_that_leaves_the_tool_holds_what_the_gate_withheld(story: Story):
    found = list(texts(story))

    assert [where for where, text in found if KEPT_BACK in text] == []
    assert [
        (where, text[max(one.start() - 60, 0) : one.end()]) for where, text in found for one in HERS.finditer(text)
    ] == []


def test_it_was_there_to_be_found(story: Story):
    """The same search finds it in the rows that the gate reads, and every kind of text was looked at."""
    ratings = [json.dumps({key: float(score) for key, score in each.ratings.items()}) for each in _all(story, Response)]
    assert sum(bool(HERS.search(text)) for text in ratings) == 1
    assert sum(KEPT_BACK in each.text for each in _all(story, Remark)) == 4
    where = {place.split(":")[0].split(" of ")[0].split(" to ")[0] for place, _text in texts(story)}
    assert {"mail", "notice", "statement", "ReviewReleased", "personal data", "everybody"} <= where
    assert any(place.endswith(".xlsx") for place in where)


def _of_peers(story: Story) -> set[str]:
    return {f"Says no. {n}" for n, each in enumerate(story.target.assignments) if each.group.key == "peer"}


def _all(story: Story, kind: type[Any]) -> list[Any]:
    return list(story.reviews.session.scalars(select(kind)))
