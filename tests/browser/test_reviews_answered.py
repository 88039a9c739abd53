"""Somebody answers about others: by keyboard on a phone, with the network gone, by a link; what axe finds there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import select

from lti_tool import clock
from lti_tool.contacts.models import Outsider
from lti_tool.db import db, transaction
from lti_tool.models import Enrolment, Person
from reviews.answering import writing
from reviews.answering.models import Response
from reviews.answering.outside import links
from reviews.campaigns import arranging, making, nominating, running
from reviews.campaigns.making import Design
from reviews.campaigns.models import Assignment, Campaign, Target
from reviews.campaigns.rules import EXTERNAL, GROUPS, MENTOR, PEER, CampaignKind
from reviews.instruments import versions
from reviews.instruments.ready_made import ready_made
from tests.browser.aside import Inside
from tests.browser.conftest import Sit
from tests.browser.inspecting import faults_of
from tests.browser.keyboard import Keyboard
from tests.browser.people import NARROW, WIDE, Desk, Size, View

pytestmark = pytest.mark.browser


def enrolment(name: str) -> Enrolment:
    wanted = select(Enrolment).join(Enrolment.person).where(Person.name.startswith(name))
    return db.session.scalars(wanted).unique().one()


def reviewed_by_maya(about: Sequence[str]) -> None:
    """Each of these, by themselves and Maya as a peer; answers are collected from now on."""
    with transaction() as session:
        leo, at = enrolment("Leo"), clock.now()
        instrument = versions.take_over(session, leo.course, ready_made()["mentoring_competencies"], at=at)
        design = Design(
            kind=CampaignKind.REVIEW,
            title="Spring round",
            version=instrument.newest,
            closes=at + timedelta(days=14),
            purpose_words="So that Leo knows what to go on with.",
        )
        campaign = making.make(session, leo.course, design, by=None, at=at)
        for target in arranging.add_people(session, campaign, [enrolment(name) for name in about], at=at):
            nominating.propose(session, target, campaign.group(PEER), enrolment("Maya"), by=enrolment("Ines"), at=at)
        running.collect(session, campaign, by=None, at=at)


def of_maya() -> list[Assignment]:
    found = db.session.scalars(select(Assignment).order_by(Assignment.id))
    return [each for each in found if each.group.key == PEER]


def drafted() -> dict[str, object]:
    [assignment] = of_maya()
    said = writing.draft_of(assignment)
    return {"ratings": dict(said.ratings), "comments": dict(said.comments)}


AtPage = Callable[..., Desk]


@pytest.fixture
def maya(sit: Sit, inside: Inside) -> AtPage:
    """Maya stands on the page of what she is asked about Leo."""

    def at(size: Size = WIDE, about: Sequence[str] = ("Leo",)) -> Desk:
        for name in ("Ines", *about):
            sit(name.lower()).open("mentoring")
        desk = sit("maya", size)
        home = desk.open("mentoring").locator(".course-title a")
        inside.do(lambda: reviewed_by_maya(about))
        reviews = f"{home.get_attribute('href')}reviews/"
        desk.frame.goto(urljoin(desk.frame.url, reviews))
        desk.tool.get_by_role("link", name="Your view of Leo").click()
        desk.tool.locator("#review").wait_for()
        return desk

    return at


def ready(tool: View) -> None:
    tool.locator("#review[data-is-ready]").wait_for()


def level(tool: View, statement: str, name: str) -> Locator:
    return tool.get_by_role("radiogroup", name=statement).get_by_role("radio", name=name)


ASKS, SUMS_UP = "Asks questions before giving advice.", "Sums up what the other person said"


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing(maya: AtPage, size: Size):
    desk = maya(size)
    ready(desk.tool)

    assert faults_of(desk.frame) == []
    desk.watch.expect("status of 422")
    desk.watch.expect("Blocked autofocusing")
    desk.tool.get_by_role("button", name="Hand in").click()
    desk.tool.locator(".error-summary").wait_for()
    assert faults_of(desk.frame) == []


def test_each_change_is_kept_by_itself_also_after_the_network_was_gone(maya: AtPage, inside: Inside):
    desk = maya()
    tool = desk.tool
    ready(tool)
    desk.page.on("requestfailed", lambda _request: desk.watch.expect("ERR_INTERNET_DISCONNECTED"))
    level(tool, ASKS, "Often").check()
    expect(tool.locator("#saving")).to_contain_text("Saved, open: 18")

    desk.page.context.set_offline(True)
    level(tool, SUMS_UP, "Seldom").check()
    tool.get_by_label("In your words: Listening").fill("Asks well.")
    expect(tool.locator("#saving")).to_contain_text("no connection")
    level(tool, SUMS_UP, "Sometimes").check()
    desk.page.context.set_offline(False)

    expect(tool.locator("#saving")).to_contain_text("Saved, open: 17")
    assert inside.do(drafted) == {
        "ratings": {"listening.asks": 4, "listening.sums_up": 3},
        "comments": {"listening": "Asks well."},
    }


def test_by_keyboard_alone_on_a_phone_it_is_answered_and_handed_in(maya: AtPage, inside: Inside):
    desk = maya(NARROW)
    ready(desk.tool)
    keyboard = Keyboard(desk)
    content = ready_made()["mentoring_competencies"].content

    for key in content.statements:
        keyboard.answer(f"r.{key}", ["4"])
    keyboard.tab_to("Hand in")
    keyboard.press("Enter")

    expect(desk.tool.locator("main")).to_contain_text("Handed in. Thank you.")
    [ratings] = inside.do(lambda: [dict(each.ratings) for each in db.session.scalars(select(Response))])
    assert ratings == dict.fromkeys(content.statements, 4)
    assert keyboard.lost == []


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_side_by_side_nor_where_reminders_are_set(maya: AtPage, sit: Sit, inside: Inside, size: Size):
    desk = maya(size, ("Leo", "Amara"))
    desk.frame.goto(urljoin(desk.frame.url, "../"))
    assert faults_of(desk.frame) == []
    desk.tool.get_by_role("link", name="Answer about several side by side").click()
    ready(desk.tool)
    assert faults_of(desk.frame) == []

    ines = sit("ines", size)
    ines.open("mentoring")
    campaign = inside.do(lambda: db.session.scalars(select(Campaign.public_id)).one())
    ines.frame.goto(
        urljoin(desk.frame.url, f"/courses/{desk.frame.url.split('/')[4]}/reviews/campaigns/{campaign}/reminders")
    )
    assert faults_of(ines.frame) == []


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_on_a_checklist(sit: Sit, inside: Inside, size: Size):
    for name in ("ines", "leo"):
        sit(name).open("mentoring")
    maya = sit("maya", size)
    maya.open("mentoring")
    inside.do(a_checklist_for_maya)
    maya.tool.get_by_role("link", name="Reviews", exact=True).first.click()
    maya.tool.get_by_role("link", name="Your view of Leo").click()
    ready(maya.tool)
    maya.tool.get_by_role("checkbox").first.check()
    expect(maya.tool.locator("#saving")).to_contain_text("Saved")

    assert faults_of(maya.frame) == []


def a_checklist_for_maya() -> None:
    with transaction() as session:
        leo, at = enrolment("Leo"), clock.now()
        instrument = versions.take_over(session, leo.course, ready_made()["observation_checklist"], at=at)
        groups = [each for each in GROUPS[CampaignKind.REVIEW] if each.key == MENTOR]
        design = Design(
            kind=CampaignKind.REVIEW,
            title="Seen done",
            version=instrument.newest,
            closes=at + timedelta(days=14),
            groups=groups,
        )
        campaign = making.make(session, leo.course, design, by=None, at=at)
        [target] = arranging.add_people(session, campaign, [leo], at=at)
        nominating.propose(session, target, campaign.group(MENTOR), enrolment("Maya"), by=enrolment("Ines"), at=at)
        running.collect(session, campaign, by=None, at=at)


def test_side_by_side_each_choice_is_kept_for_its_person(maya: AtPage, inside: Inside):
    desk = maya(WIDE, ("Leo", "Amara"))
    desk.frame.goto(urljoin(desk.frame.url, "../"))
    tool = desk.tool
    tool.get_by_role("link", name="Answer about several side by side").click()
    ready(tool)

    tool.get_by_label(f"Amara Okafor: {ASKS}").select_option("Often")
    expect(tool.locator("#saving")).to_contain_text("Saved, open: 37")
    tool.get_by_role("button", name="Save and next").click()
    expect(tool.locator("main")).to_contain_text("Working on goals")

    assert inside.do(lambda: [dict(writing.draft_of(each).ratings) for each in of_maya()]) == [
        {},
        {"listening.asks": 4},
    ]


def test_a_link_opens_in_one_browser_and_tells_another_how(maya: AtPage, sit: Sit, inside: Inside, tool_url: str):
    maya(WIDE)
    link = f"{tool_url}{inside.do(a_link_for_vera)}"
    mine, other = sit("zoe", NARROW).page, sit("leo", NARROW)
    mine.goto(link)
    assert faults_of(mine.main_frame) == []
    mine.get_by_role("button", name="Begin").press("Enter")
    ready(mine)
    assert faults_of(mine.main_frame) == []
    level(mine, ASKS, "Often").check()
    expect(mine.locator("#saving")).to_contain_text("Saved, open: 18")

    other.watch.expect("status of 409")
    other.page.goto(link)
    expect(other.page.locator("h1")).to_have_text("This link is in use in another browser")
    assert faults_of(other.page.main_frame) == []
    mine.reload()
    expect(level(mine, ASKS, "Often")).to_be_checked()


def a_link_for_vera() -> str:
    with transaction() as session:
        target, vera = (
            session.scalars(select(Target).order_by(Target.id)).first(),
            Outsider("Vera Stein", "vera@firm.example"),
        )
        assert target is not None
        group = target.campaign.group(EXTERNAL)
        asked = nominating.propose(session, target, group, vera, by=enrolment("Ines"), at=clock.now())
        link = links.make(session, asked, at=clock.now())
        return f"/reviews/r/{links.secret_of(asked, link.n)}"
