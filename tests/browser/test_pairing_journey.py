"""A program from its design to a mentor who is replaced, on the campus's class of thirty, in headless Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from lti_tool import clock
from lti_tool.db import db, transaction
from lti_tool.models import Course, Enrolment
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.states import MentorshipState
from mentoring.participants.models import Participant
from mentoring.participants.wishing import wish
from mentoring.programs.starting import ensure
from mentoring.training import gate
from tests.browser import acts
from tests.browser.aside import Inside
from tests.browser.conftest import Sit
from tests.browser.people import Desk
from tools.scene import offer_and_need

pytestmark = pytest.mark.browser


def everybody(desk: Desk) -> dict[str, Enrolment]:
    """The people of the course by their keys on the campus."""
    keys = {person.id: person.key for person in desk.campus.people()}
    return {keys[each.person.subject]: each for each in db.session.scalars(select(Enrolment))}


def say_what_they_offer_and_need(desk: Desk) -> Callable[[], int]:
    """Everybody says what they offer and need and has done the training; Leo would like Maya, and else Anouk."""

    def say() -> int:
        at = clock.now()
        with transaction() as session:
            people = everybody(desk)
            cohort = ensure(session, session.scalars(select(Course)).one(), at=at)
            mentors, mentees = offer_and_need(session, cohort, people, at=at)
            trained = {each.enrolment: True for each in (*mentors, *mentees)}
            for item in cohort.version.training:
                gate.tick(session, cohort, item, trained, by=people["ines"], at=at)
            leo = next(each for each in mentees if each.enrolment_id == people["leo"].id)
            for each in (*mentors, leo):
                each.languages = sorted({*each.languages, "en"})
            for whom in ("maya", "anouk"):
                wish(session, leo, people[whom])
            maya = next(each for each in mentors if each.enrolment_id == people["maya"].id)
            wish(session, maya, people["leo"])
            return len(mentees)

    return say


def state_of(inside: Inside, mentee: str) -> list[tuple[str, MentorshipState]]:
    """Every mentor this person has been proposed, oldest first, and what became of it."""

    def read() -> list[tuple[str, MentorshipState]]:
        found = db.session.scalars(select(Mentorship).order_by(Mentorship.id)).all()
        return [(each.mentor.name, each.state) for each in found if each.mentee.name == mentee]

    return inside.do(read)


def test_a_program_from_its_design_to_a_mentor_who_is_replaced(sit: Sit, inside: Inside, deliver: Callable[[], int]):
    ines, maya, leo, anouk = (sit(person) for person in ("ines", "maya", "leo", "anouk"))
    tool, leos_name = ines.open("mentoring"), ines.campus.person("leo").shown_name
    deliver()

    # Two minutes: a ready-made program, with one thing changed.
    tool.get_by_role("link", name="Program", exact=True).click()
    tool.get_by_role("link", name="Choose a program").click()
    tool.get_by_role("link", name=re.compile("Look at it.*Student onboarding")).click()
    tool.get_by_label("Who must agree to a match").select_option("mentor")
    tool.get_by_role("button", name="Save this program").click()
    tool.get_by_role("button", name="Open the run").click()
    expect(tool.locator("main")).to_contain_text("Open: people join")
    seeking = inside.do(say_what_they_offer_and_need(ines))

    # Pairs are suggested; the wish of two for each other is kept, and somebody is left over.
    tool.get_by_role("link", name="Pairing", exact=True).click()
    tool.get_by_role("button", name="Suggest pairs").click()
    expect(ines.heading).to_have_text("Draft of pairs")
    expect(tool.locator("#proof-title")).to_contain_text(f"of {seeking} people have every mentor they need.")
    left_before = int(tool.locator("section[aria-labelledby=left-title] li").count())
    assert left_before > 1
    leos = tool.locator("#proposals > li").filter(has_text=leos_name)
    expect(leos).to_contain_text("Maya")

    # One leftover explained, and the smallest change made.
    tool.locator("section[aria-labelledby=left-title] li a").first.click()
    expect(tool.locator("main")).to_contain_text("Left over in this draft")
    tool.get_by_role("link", name=re.compile("^What would place them")).first.click()
    expect(tool.locator("main")).to_contain_text("Each of these is enough by itself")
    expect(tool.locator("main")).to_contain_text("One more place with")
    tool.get_by_role("button", name=re.compile("one more place$")).first.click()
    acts.flash(tool, "places now.")
    assert tool.locator("section[aria-labelledby=left-title] li").count() == left_before - 1

    # Published: the mentors are asked.
    tool.get_by_role("button", name="Publish").click()
    acts.flash(tool, "Published:")
    deliver()
    assert state_of(inside, leos_name)[-1][1] is MentorshipState.PROPOSED

    # Anouk finds a place more; Maya says no, and the ask goes on to her.
    inside.do(lambda: _one_more_place("anouk", ines))
    at_mayas = maya.open("mentoring")
    at_mayas.get_by_role("link", name=re.compile(leos_name)).first.click()
    at_mayas.get_by_text("Say no", exact=True).first.click()
    at_mayas.get_by_role("radio").first.check()
    at_mayas.get_by_role("button", name="Say no").click()
    acts.flash(at_mayas, "Done.")
    deliver()
    states = state_of(inside, leos_name)
    assert [state for _name, state in states] == [MentorshipState.DECLINED, MentorshipState.PROPOSED]
    assert "Anouk" in states[-1][0]

    # Anouk says yes, they meet, and pause for a while.
    at_anouks = anouk.open("mentoring")
    at_anouks.get_by_role("link", name=re.compile(leos_name)).first.click()
    expect(anouk.heading).to_have_text(re.compile(f"You and .*{leos_name}"))
    at_anouks.get_by_role("button", name="Yes, gladly").click()
    expect(at_anouks.locator("main")).to_contain_text("Not met yet")
    at_anouks.get_by_role("button", name="We have met").click()
    at_anouks.get_by_text("Pause", exact=True).first.click()
    until = (clock.now() + timedelta(days=10)).date().isoformat()
    at_anouks.get_by_label(re.compile("^Until|^Pause until")).fill(until)
    at_anouks.get_by_role("button", name="Pause").click()
    expect(at_anouks.locator("main")).to_contain_text("Paused")
    expect(leo.open("mentoring").locator("#panel-your-mentor")).to_contain_text("Anouk")

    # Ines finds Leo another mentor; the new mentorship knows which one it replaces.
    inside.do(lambda: _one_more_place("rosa", ines))
    tool = ines.open("mentoring")
    tool.get_by_role("link", name="Mentorships", exact=True).click()
    tool.get_by_role("link", name=re.compile(f"{leos_name}.*Anouk|Anouk.*{leos_name}")).first.click()
    tool.get_by_text("Find another mentor", exact=True).click()
    choice = tool.locator("select[name=rematch]")
    rosa = choice.locator("option").filter(has_text="Rosa").first.get_attribute("value")
    choice.select_option(rosa)
    tool.get_by_role("button", name="Match anew").click()
    expect(ines.heading).to_contain_text("Rosa")

    def replaced() -> tuple[str, MentorshipState]:
        newest = db.session.scalars(select(Mentorship).order_by(Mentorship.id.desc()).limit(1)).one()
        before = db.session.get(Mentorship, newest.replaces_id)
        assert before is not None
        return before.mentor.name, before.state

    name, state = inside.do(replaced)
    assert "Anouk" in name
    assert state is MentorshipState.ENDED_EARLY


def _one_more_place(key: str, desk: Desk) -> None:
    with transaction() as session:
        mentor = everybody(desk)[key]
        offer = session.scalars(select(Participant).where(Participant.enrolment_id == mentor.id)).one().offer
        assert offer is not None
        offer.capacity += 1
