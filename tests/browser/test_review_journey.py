"""A 360-degree review on the campus, from its draft to the result that its subject reads: six groups, one too small.

Vera alone answers as somebody outside. What she says is nowhere: not by itself, not by subtraction, in no file.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import APIResponse, expect
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from lti_tool import clock
from lti_tool.contacts.recording import Wish, record
from lti_tool.db import db, transaction
from lti_tool.models import Course
from reviews.answering import writing
from reviews.answering.outside import links
from reviews.answering.said import Said
from reviews.campaigns import nominating
from reviews.campaigns.models import Assignment, Target
from reviews.campaigns.phases import TO_ANSWER
from reviews.campaigns.rules import EXTERNAL, MANAGER, MENTOR, PEER, REPORT
from reviews.instruments.content import Content
from reviews.results import paper
from tests.browser import acts
from tests.browser.aside import Inside
from tests.browser.conftest import Sit
from tests.browser.days import paired
from tests.browser.inspecting import faults_of
from tests.browser.people import NARROW, Desk, View
from tests.browser.test_pairing_journey import everybody
from tests.judges import AXE
from tests.reading_pdf import words_of

pytestmark = pytest.mark.browser

PEERS, REPORTS = ("amara", "ada", "tendai", "rosa", "joao"), ("chloe", "zeynep", "oysten")
SCORES = {MANAGER: 4, MENTOR: 4, PEER: 4, REPORT: 3}
VERAS, LEOS = 1, 5
SECRETS = ("lighthouse", "People outside 1.0", "(2)")
"""Vera's word on a question that four answer, and what a cell of hers or of two people would look like."""
COLUMNS = ["Self", "Manager", "Mentors", "Peers", "Direct reports and People outside", "All others"]


def _ask_around_leo(desk: Desk) -> None:
    """Maya mentors him, Tariq manages him, and he has named all but those whom he names on the page."""
    paired(desk, "leo")()
    at = clock.now()
    with transaction() as session:
        people, course = everybody(desk), session.scalars(select(Course)).one()
        assert record(session, course, [Wish(people["leo"], people["tariq"])], by=people["ines"], at=at) == []


def _name_the_others(desk: Desk) -> None:
    with transaction() as session:
        people, target = everybody(desk), session.scalars(select(Target)).one()
        for group, keys in ((PEER, PEERS[1:]), (REPORT, REPORTS)):
            for key in keys:
                where = target.campaign.group(group)
                nominating.propose(session, target, where, people[key], by=people["leo"], at=clock.now())


def _all(content: Content, group: str, score: int, **comments: str) -> Said:
    """The same good or bad answer to everything; reversed statements are answered the other way round."""
    asked = [each for _competency, statements in content.for_group(group) for each in statements]
    ratings: dict[str, int | None] = {each.key: 6 - score if each.is_reversed else score for each in asked}
    return Said(ratings=ratings, comments=comments)


def _the_others_answer() -> None:
    """All who are still asked. Four of them and Vera write what should go on, three and Vera what would help most."""
    with transaction() as session:
        wanted = select(Assignment).where(Assignment.state.in_(TO_ANSWER)).order_by(Assignment.id)
        for number, each in enumerate(session.scalars(wanted).all()):
            words = {"keep": f"Goes on, says {number}"} if each.group.is_anonymous else {}
            if each.group.key == REPORT:
                words["change"] = "Fewer meetings"
            said = _all(each.group.content, each.group.key, SCORES[each.group.key], **words)
            writing.hand_in(session, each, said, at=clock.now())


def _link_of_vera() -> str:
    asked = db.session.scalars(select(Assignment).where(Assignment.mail.is_not(None))).one()
    link = links.newest(db.session, asked)
    assert link is not None
    return f"/reviews/r/{links.secret_of(asked, link.n)}"


def _answer_all(tool: View, score: int, **words: str) -> None:
    """On the page: choose the same level everywhere, turned round where the statement is, and write."""
    tool.locator("#review[data-is-ready]").wait_for()
    groups = tool.get_by_role("radiogroup")
    for number in range(groups.count()):
        is_reversed = "nterrupt" in str(groups.nth(number).locator("legend").text_content())
        groups.nth(number).locator(f"input[value='{6 - score if is_reversed else score}']").check()
    for key, text in words.items():
        tool.locator(f"textarea[name='c.{key}']").fill(text)


def _rows(tool: View) -> Iterator[list[str]]:
    """The cells of all tables of a result, row by row."""
    for row in tool.locator("main table tr").all():
        yield [" ".join(each.split()) for each in row.locator("th, td").all_inner_texts()]


def _fetched(desk: Desk, address: str) -> bytes:
    answer: APIResponse = desk.page.context.request.get(urljoin(desk.frame.url, address))
    assert answer.ok
    return answer.body()


def _is_clean(desk: Desk) -> None:
    if AXE.exists():
        assert faults_of(desk.frame) == []


def test_a_review_from_its_draft_to_its_result(sit: Sit, inside: Inside, deliver, tool_url: str):
    ines, leo, maya, amara = sit("ines"), sit("leo", NARROW), sit("maya"), sit("amara", NARROW)
    tool = ines.open("mentoring")
    deliver()
    inside.do(lambda: _ask_around_leo(ines))

    # Ines designs it: Leo is reviewed.
    tool.get_by_role("link", name="Reviews", exact=True).click()
    tool.get_by_role("link", name="New campaign").click()
    tool.get_by_label("Title", exact=True).fill("Spring round")
    tool.get_by_label("What it is for, in your words").fill("So that Leo knows what to go on with.")
    tool.get_by_label(re.compile("^I choose them one by one")).check()
    tool.get_by_role("button", name="Make the draft").click()
    tool.get_by_role("link", name="Choose who is reviewed").click()
    tool.get_by_label(re.compile("^Leo ")).check()
    tool.get_by_role("button", name="Add those who are ticked").click()
    acts.flash(tool, "1 person more is reviewed.")
    tool.get_by_role("link", name="Spring round").click()
    tool.get_by_role("button", name="Have raters named").click()
    expect(tool.locator("#flashes .is-success")).to_be_visible()
    campaign = ines.frame.url

    # Leo names one of the course and one from outside, and hears that these are too few; then the list is complete.
    at_leos = leo.open("mentoring")
    at_leos.get_by_role("link", name="Reviews", exact=True).first.click()
    at_leos.get_by_role("link", name=re.compile("^Name raters")).click()
    expect(at_leos.locator("main")).to_contain_text("Tariq")
    at_leos.locator("#q-peer").fill("amara")
    at_leos.get_by_role("button", name=re.compile("^Find ?: Peers")).click()
    at_leos.get_by_role("button", name=re.compile("^Name ?: Amara")).first.click()
    expect(at_leos.locator("#flashes")).to_contain_text("Amara")
    at_leos.get_by_text("Somebody outside the course, as one of: People outside").click()
    at_leos.locator("#name-external").fill("Vera Stein")
    at_leos.locator("#mail-external").fill("vera@firm.example")
    at_leos.locator("#group-external").get_by_role("button", name="Name them").click()
    expect(at_leos.locator("#group-external")).to_contain_text("vera@firm.example")
    at_leos.get_by_role("button", name=re.compile("list is complete")).click()
    expect(at_leos.locator("#flashes")).to_contain_text("Peers")
    inside.do(lambda: _name_the_others(leo))
    inside.do(_let_one_outside_be_enough)
    at_leos.get_by_role("button", name=re.compile("list is complete")).click()
    expect(at_leos.locator("main")).to_contain_text("Your list is complete")

    # Ines approves all of them and asks.
    ines.frame.goto(campaign)
    tool.get_by_role("button", name="End naming raters").click()
    tool.get_by_role("link", name="Look at who was named").click()
    tool.get_by_role("button", name="Approve those who are ticked").click()
    acts.flash(tool, "9 raters are approved.")
    ines.frame.goto(campaign)
    tool.get_by_role("button", name="Ask for answers").click()
    expect(tool.locator("#flashes .is-success")).to_be_visible()
    deliver()

    # Amara declines, Leo and Maya answer here, Vera by the link in her mail.
    at_amaras = amara.open("mentoring")
    at_amaras.get_by_role("link", name="Reviews", exact=True).first.click()
    at_amaras.get_by_role("link", name="Your view of Leo").click()
    at_amaras.get_by_role("link", name="I would rather not answer").click()
    expect(amara.heading).to_have_text("You would rather not answer?")
    _is_clean(amara)
    at_amaras.locator("textarea").fill("I have hardly met him.")
    at_amaras.get_by_role("button", name="Decline", exact=True).click()
    acts.flash(at_amaras, "Declined.")
    for desk, link, score in ((leo, "How you see yourself", LEOS), (maya, "Your view of Leo", SCORES[MENTOR])):
        view = desk.open("mentoring")
        view.get_by_role("link", name="Reviews", exact=True).first.click()
        view.get_by_role("link", name=link).click()
        _answer_all(view, score)
        page = desk.frame.url
        view.get_by_role("button", name="Hand in").click()
        acts.flash(view, "Handed in. Thank you.")
        desk.frame.goto(page)
        expect(view.locator("main")).to_contain_text("You have handed this in.")
        _is_clean(desk)
    vera = sit("rosa").page
    vera.goto(f"{tool_url}{inside.do(_link_of_vera)}")
    vera.get_by_role("button", name="Begin").click()
    _answer_all(vera, VERAS, keep="Goes on, says Vera", change="Build a lighthouse")
    vera.get_by_role("button", name="Hand in").click()
    expect(vera.locator("h1")).to_have_text("Handed in. Thank you")
    inside.do(_the_others_answer)

    # Ines sees who has answered, closes it, and releases the result, which she may read first.
    ines.frame.goto(campaign)
    expect(tool.locator("main table")).to_contain_text("4 of 4")
    tool.get_by_role("button", name="Close it").click()
    expect(tool.locator("#flashes .is-success")).to_be_visible()
    tool.get_by_role("link", name="Results", exact=True).click()
    tool.get_by_role("button", name="Put the results together").click()
    acts.flash(tool, "One result can be read.")
    tool.get_by_role("link", name=re.compile("^Read it")).click()
    tool.get_by_role("button", name="Release it").click()
    acts.flash(tool, "Released")
    tool.get_by_role("link", name="All results").click()
    tool.get_by_role("link", name="Everybody together").click()
    tool.get_by_role("button", name="Put them together").click()
    expect(tool.locator("#quality")).to_be_visible()
    _is_clean(ines)
    together = str(tool.locator("main").inner_text())

    # Leo reads it.
    at_leos = leo.open("mentoring")
    at_leos.get_by_role("link", name="Reviews", exact=True).first.click()
    at_leos.get_by_role("link", name="Spring round").click()
    expect(leo.heading).to_have_text("Your result: Spring round")
    _is_clean(leo)
    page, rows = str(at_leos.locator("main").inner_text()), list(_rows(at_leos))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(_fetched(leo, f"{leo.frame.url}/result.xlsx")))
    table = sheet.get_sheet_by_index(0).to_python()
    printed = words_of(_printed(leo)) if paper.is_installed() else ""

    assert ["Listening", "5.0 (1)", "4.0 (1)", "4.0 (1)", "4.0 (4)", "2.5 (4)", "3.4 (10)"] in rows
    assert {row[3] for row in table if row[0] in ("Competency", "Statement")} == set(COLUMNS)
    for said in filter(None, (page, printed, together, "\n".join(map(str, table)))):
        for secret in SECRETS:
            assert secret not in said
    assert {cell for row in rows for cell in row if re.search(r"\d \(", cell)} <= {
        "5.0 (1)",
        "4.0 (1)",
        "4.0 (4)",
        "2.5 (4)",
        "3.4 (10)",
    }
    assert page.count("Goes on, says") == 8
    if printed:
        assert printed.count("Goes on, says") == 8
        assert "Listening 5.0 (1) 4.0 (1) 4.0 (1) 4.0 (4) 2.5 (4) 3.4 (10)" in printed


def _let_one_outside_be_enough() -> None:
    """Nothing could be shown of one alone, and the page says so; here somebody wants Vera asked all the same."""
    with transaction() as session:
        session.scalars(select(Target)).one().campaign.group(EXTERNAL).least = 0


def _printed(desk: Desk) -> bytes:
    pdf = _fetched(desk, f"{desk.frame.url}/result.pdf")
    if folder := os.environ.get("SHOTS"):
        (Path(folder) / "journey.pdf").write_bytes(pdf)
        desk.page.screenshot(path=Path(folder) / "journey.png")
    return pdf
