"""Who is with whom in a draft, changed by dragging with a mouse, and the same by keyboard alone, in Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import select

from lti_tool import clock
from lti_tool.db import db, transaction
from lti_tool.models import Course, Enrolment
from mentoring.pairing.models import MatchRun
from mentoring.programs.starting import ensure
from tests.browser import acts
from tests.browser.aside import Inside
from tests.browser.conftest import Sit
from tests.browser.keyboard import Keyboard
from tests.browser.people import NARROW, Desk
from tools.scene import offer_and_need

pytestmark = pytest.mark.browser


def drafted(desk: Desk, inside: Inside, deliver: Callable[[], int]) -> None:
    """The class of thirty has said what it offers and needs, and its draft is looked at."""
    desk.open("mentoring")
    deliver()
    inside.do(lambda: _say(desk))
    tool = desk.open("mentoring")
    tool.get_by_role("link", name="Pairing", exact=True).click()
    tool.get_by_role("button", name="Suggest pairs").click()
    expect(desk.heading).to_have_text("Draft of pairs")


def _say(desk: Desk) -> None:
    keys = {person.id: person.key for person in desk.campus.people()}
    with transaction() as session:
        people = {keys[each.person.subject]: each for each in session.scalars(select(Enrolment))}
        cohort = ensure(session, session.scalars(select(Course)).one(), at=clock.now())
        offer_and_need(session, cohort, people, at=clock.now())


def pairs(inside: Inside) -> dict[str, str]:
    """Who has whom in the draft there is."""

    def read() -> dict[str, str]:
        run = db.session.scalars(select(MatchRun).order_by(MatchRun.id.desc()).limit(1)).one()
        return {each.mentee.name: each.mentor.name for each in run.matches}

    return inside.do(read)


def left_over(desk: Desk) -> Locator:
    return desk.tool.locator("section[aria-labelledby=left-title] li").first


def places(desk: Desk) -> Locator:
    return desk.tool.locator("li[data-place]")


def name_in(row: Locator) -> str:
    return str(row.get_attribute("data-drag") or row.get_attribute("data-name"))


def take_up(desk: Desk, row: Locator, by: str = ".grip") -> None:
    """Hold the row by its grip or something else, and move off it: the places come into sight."""
    row.locator(by).first.hover()
    desk.page.mouse.down()
    box = row.bounding_box()
    assert box is not None
    desk.page.mouse.move(box["x"] + 40, box["y"] + 8, steps=6)
    expect(desk.tool.locator("#drag-said")).to_contain_text("or press Escape.")
    desk.page.mouse.move(box["x"] + box["width"] + 6, box["y"] + 20, steps=8)
    expect(desk.tool.locator("html")).to_have_class(re.compile("is-under-way"))


def carry_over(desk: Desk, place: Locator) -> None:
    """To the middle of this place, as it lies while something is dragged."""
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None
    desk.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=6)


def test_somebody_left_over_and_somebody_paired_are_dragged_onto_mentors(
    sit: Sit, inside: Inside, deliver: Callable[[], int]
):
    ines = sit("ines")
    drafted(ines, inside, deliver)
    said, before = ines.tool.locator("#drag-said"), pairs(inside)

    # Whoever is left over is put onto somebody who is full: that is said before, and warned of after.
    row = left_over(ines)
    mentee, place = name_in(row), places(ines).filter(has_text="Full").first
    mentor = name_in(place)
    take_up(ines, row)
    expect(said).to_have_text(f"Put {mentee} onto a mentor, or press Escape.")
    carry_over(ines, place)
    expect(place).to_have_class(re.compile("is-under"))
    expect(said).to_contain_text(f"{mentor} has no place left.")
    ines.page.mouse.up()
    acts.flash(ines.tool, f"{mentor} and {mentee} are together in this draft, and locked.")
    expect(ines.heading).to_have_text("Draft of pairs")
    assert pairs(inside) == {**before, mentee: mentor}
    expect(ines.tool.locator("#warned-title")).to_have_text("One pair breaks a rule")

    # And from there onto somebody else, by the name.
    row = ines.tool.locator("#proposals > li").filter(has_text=mentee)
    place = places(ines).filter(has_not_text=mentor).nth(1)
    other = name_in(place)
    take_up(ines, row, by="a")
    carry_over(ines, place)
    expect(said).to_contain_text(f"to put {mentee}")
    ines.page.mouse.up()
    acts.flash(ines.tool, f"{other} and {mentee} are together in this draft, and locked.")
    assert pairs(inside) == {**before, mentee: other}


def test_escape_and_letting_go_elsewhere_change_nothing(sit: Sit, inside: Inside, deliver: Callable[[], int]):
    ines = sit("ines")
    drafted(ines, inside, deliver)
    said, before = ines.tool.locator("#drag-said"), pairs(inside)
    row = ines.tool.locator("#proposals > li").first
    own = ines.tool.locator(f"li[data-place='{row.get_attribute('data-from')}']")

    take_up(ines, row)
    carry_over(ines, places(ines).filter(has_not_text=name_in(own)).first)
    expect(said).not_to_contain_text("or press Escape.")
    ines.page.keyboard.press("Escape")
    expect(said).to_have_text("Nothing was changed.")
    ines.page.mouse.up()

    take_up(ines, row)
    carry_over(ines, own)
    expect(own).not_to_have_class(re.compile("is-place"))
    ines.page.mouse.up()
    expect(said).to_have_text("Nothing was changed.")
    assert pairs(inside) == before


def test_places_are_in_sight_of_a_narrow_frame_too(sit: Sit, inside: Inside, deliver: Callable[[], int]):
    ines = sit("ines", size=NARROW)
    drafted(ines, inside, deliver)
    row = ines.tool.locator("#proposals > li").last
    mentee, before = name_in(row), pairs(inside)

    take_up(ines, row)
    place = places(ines).filter(has_not_text=before[mentee]).first
    expect(place).to_be_in_viewport()
    carry_over(ines, place)
    ines.page.mouse.up()

    acts.flash(ines.tool, f"and {mentee} are together in this draft, and locked.")
    assert pairs(inside) != before


def test_the_same_is_done_by_keyboard_alone(sit: Sit, inside: Inside, deliver: Callable[[], int]):
    ines = sit("ines")
    drafted(ines, inside, deliver)
    before, keyboard = pairs(inside), Keyboard(ines)
    mentee = name_in(left_over(ines))

    keyboard.tab_to(mentee)
    keyboard.press("Enter")
    expect(ines.heading).to_have_text(mentee)
    button = ines.tool.locator("section > .people button").filter(has_text="Pair anyway").first
    words = button.inner_text().strip()
    mentor = words.partition(": ")[2]
    keyboard.tab_to(words)
    keyboard.press("Enter")

    acts.flash(ines.tool, f"{mentor} and {mentee} are together in this draft, and locked.")
    assert pairs(inside) == {**before, mentee: mentor}
    assert keyboard.lost == []


def test_without_scripts_there_is_nothing_to_drag(sit: Sit, inside: Inside, deliver: Callable[[], int]):
    ines = sit("ines", java_script_enabled=False)
    drafted(ines, inside, deliver)

    expect(ines.tool.locator(".grip").first).to_be_hidden()
    expect(ines.tool.locator("[data-for-dragging]")).to_be_hidden()
