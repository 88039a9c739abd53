"""Every page of what people do together after the match, as each of them meets it: axe and the ruler find nothing.

Each walk is made twice, narrow in the frame of the course page and wide in a window of its own.
"""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from campus.testing import CampusInHand
from lti_tool.db import db
from mentoring.together.checkins.asking import secret_of
from mentoring.together.checkins.models import CheckIn
from tests.browser.aside import Inside, aside
from tests.browser.touring import Begin, Tour
from tools.lived_in import set_flash_scene, set_lived_in_scene

pytestmark = [pytest.mark.browser, pytest.mark.judges, pytest.mark.sqlite]

Pages = tuple[tuple[str, str], ...]
"""Where each lies below an address, and its heading."""
OF_BOTH: Pages = (
    ("", "^You and "),
    ("/agreement", "^Agreement$"),
    ("/agreement/next", " the agreement$"),
    ("/timeline", "^Timeline$"),
    ("/meetings", "^Meetings$"),
    ("/meetings/new", "^Book a meeting with "),
    ("/goals", "^Goals$"),
    ("/conversation", "^Messages with "),
    ("/resources", "^Resources$"),
    ("/notes", "^Notes$"),
    ("/notebook", "^From your notebooks$"),
    ("/thanks", "^Thank "),
    ("/closing", "^A good end with "),
    ("/summary", " and "),
)
OF_EVERYBODY: Pages = (
    ("/notebook", "^My notebook$"),
    ("/mentoring/calendar", "^Meetings in my calendar$"),
    ("/mentoring/reminders", "^Reminders$"),
    ("/mentoring/thanks", "^Thanks you received$"),
    ("/mentoring/mentorships/past", "^Mentorships that are over$"),
    ("/mentoring/concerns", "^Concerns$"),
    ("/mentoring/concerns/new", "^What is it about|^Raise a concern$"),
    ("/notices/settings", "^What is mailed"),
)
OF_INSTRUCTORS: Pages = (
    ("/looking-after", "^How mentors are$"),
    ("/check-ins", "^Check-ins with people outside$"),
    ("/resources", "^Resources of the program$"),
    ("/program/edit/steps", "."),
    ("/settings", "^Settings of the mentoring program$"),
    ("/mentorships", "^Mentorships$"),
)
OF_AN_INSTRUCTOR: Pages = (
    ("/agreement", "^Agreement$"),
    ("/meetings", "^Meetings$"),
    ("/goals", "^Goals$"),
    ("/notes", "^Notes$"),
    ("/resources", "^Resources$"),
    ("/check-ins", "^Who is asked about Leo"),
)
"""Of a mentorship that is not theirs."""
ID = r"\w{16}"


@pytest.fixture
def scene(app: Flask, campus: CampusInHand) -> None:
    aside(lambda: set_lived_in_scene(app, campus))


def to_mentorship_with(tour: Tour, name: str) -> str:
    """From the home page; its address."""
    tour.follow(name, f"with {name}", "^You and ")
    return tour.path


@pytest.mark.usefixtures("scene")
def test_what_a_mentee_sees(begin: Begin, is_framed: bool):
    tour = begin("leo", "mentoring")
    course = tour.path.rstrip("/")

    tour.open_all("home", "Next for you")
    base = to_mentorship_with(tour, "Maya Okonkwo")
    tour.go_through(base, (*OF_BOTH, ("/check-ins", "^Who is asked about you$")))
    tour.go_each(f"{base}/meetings", rf"/meetings/{ID}$", "^Meeting with ")
    first, *_rest = tour.go_each(f"{base}/goals", rf"/goals/{ID}$", ".")
    tour.go(f"{first}/change", "a goal, to change", "^Change the goal$")
    tour.go(f"{base}/goals/new", "a new goal", "^Set a goal$")
    refuse(tour, "Set this goal", "^Set a goal$", is_framed)
    tour.go_each(f"{base}/notes", rf"/notes/{ID}$", "^Change a note$")
    tour.go_each(tour.path, r"/remove$", "^Delete this note")
    tour.go_through(course, OF_EVERYBODY)
    tour.go_each(f"{course}/notebook", rf"/notebook/{ID}$", "^Change an entry$")
    tour.go_each(tour.path, r"/remove$", "^Delete this entry")
    tour.go_each(f"{course}/mentoring/concerns", rf"/concerns/{ID}$", "get on")
    tour.go_each(base, rf"/block/{ID}$", "^Block ")
    tour.go_each(f"{course}/mentoring/concerns/new", r"/concerns/new\?about=", "^Raise a concern$", most=1)
    refuse(tour, "Send it", "^Raise a concern$", is_framed)
    tour.go_each(base, rf"/group-meetings/{ID}$", "with several$")

    assert tour.found == {}


@pytest.mark.usefixtures("scene")
def test_what_a_mentor_sees(begin: Begin, is_framed: bool):
    tour = begin("maya", "mentoring")
    course = tour.path.rstrip("/")

    tour.open_all("home", "Next for you")
    base = to_mentorship_with(tour, "Leo Nowak")
    tour.go_through(base, OF_BOTH)
    tour.go(f"{base}/brief", "brief", "^Before you meet ")
    tour.go_each(f"{base}/meetings", rf"/meetings/{ID}$", "^Meeting with ", most=5)
    tour.go_each(f"{base}/goals", rf"/goals/{ID}$", ".", most=2)
    tour.go(f"{base}/tasks/new", "a new task", "^Give a task$")
    refuse(tour, "Give the task", "^Give a task$", is_framed)
    tour.go_each(base, rf"/tasks/{ID}/change$", "^Change the task$")
    tour.go(f"{base}/resources", "resources", "^Resources$")
    share_a_file(tour)
    tour.go(f"{course}/mentoring/resources", "resources of the program", "^Resources of the program$")
    tour.go_through(course, OF_EVERYBODY[2:])
    tour.go_through(
        f"{course}/mentoring",
        (("/how-it-goes", "^How it goes for you$"), ("/group-meetings", "^Meetings with several$")),
    )
    refuse(tour, "Book it", "^Meetings with several$", is_framed)
    tour.go_each(f"{course}/mentoring/group-meetings", rf"/group-meetings/{ID}$", "^Your meeting with several$")
    tour.go_each(f"{course}/mentoring/mentorships/past", r"/(summary|closing|thanks)$", ".")

    assert tour.found == {}


@pytest.mark.usefixtures("scene")
def test_what_those_see_who_begin_anew(begin: Begin):
    """Chloé says what her new mentor may read of before, and her new mentor reads it."""
    chloe = begin("chloe", "mentoring")

    base = to_mentorship_with(chloe, "Maya Okonkwo")
    chloe.open_all("their mentorship", "^You and ")
    chloe.go(f"{base}/earlier", "what may be read", "^What may your new mentor read")
    for box in chloe.desk.tool.locator("main input[type=checkbox]").all():
        box.check()
    chloe.press("Keep it so", "what may be read, said", "^You and ", ".flash.is-success")
    maya = begin("maya", "mentoring")
    to_mentorship_with(maya, "Chloé Dubois-Lefèvre")
    maya.open_all("the mentee's mentorship", "^You and ")
    maya.go_each(maya.path, r"/earlier/read$", "^What was before$")

    assert {**chloe.found, **maya.found} == {}


@pytest.mark.usefixtures("scene")
def test_what_those_see_who_come_to_an_end(begin: Begin):
    """Tendai, and the assistant of the course who mentors them."""
    tendai, anouk = begin("tendai", "mentoring"), begin("anouk", "mentoring")

    base = to_mentorship_with(tendai, "Anouk Visser")
    tendai.go_through(base, OF_BOTH[:3] + OF_BOTH[-3:])
    to_mentorship_with(anouk, "Tendai Moyo")
    anouk.go_through(base, (*OF_BOTH, ("/brief", "^Before you meet ")))

    assert {**tendai.found, **anouk.found} == {}


@pytest.mark.usefixtures("scene")
def test_what_an_instructor_sees(begin: Begin, is_framed: bool):
    tour = begin("ines", "mentoring")
    course = tour.path.rstrip("/")
    mentoring = f"{course}/mentoring"

    tour.open_all("home", "Next for you")
    tour.go_through(mentoring, OF_INSTRUCTORS)
    tour.go_through(course, OF_EVERYBODY[2:])
    tour.go_each(f"{mentoring}/looking-after", rf"/looking-after/{ID}$", "^How it goes for ", most=3)
    tour.go_each(f"{mentoring}/concerns", rf"/concerns/{ID}$", "get on")
    tour.go(f"{mentoring}/fading", "fading", "^Mentorships that fade$")
    rescues = tour.links(r"[?]do=")[:3]
    tour.go_each(f"{mentoring}/fading", r"/fading/\w+/write$", "^Write to ", most=1)
    refuse(tour, "Send", "^Write to ", is_framed)
    for each in rescues:
        tour.go(each, f"a rescue, {each.partition('?')[2]}", " and ")
    tour.go(f"{mentoring}/mentorships", "mentorships", "^Mentorships$")
    tour.follow(re.compile("Leo Nowak"), "a mentorship", " and ")
    tour.open_all("a mentorship, all of it open", " and ")
    base = tour.path
    tour.go_through(base, OF_AN_INSTRUCTOR)
    tour.go_each(f"{base}/goals", rf"/goals/{ID}$", ".", most=2)
    tour.go_each(f"{base}/notes", rf"/notes/{ID}$", "^Change a note$")

    assert tour.found == {}


@pytest.mark.usefixtures("scene")
def test_what_somebody_outside_sees(begin: Begin, is_framed: bool, inside: Inside, tool_url: str):
    """Whoever is asked what change they see comes from a mail, and is nobody whom the tool knows."""
    tour = begin("leo", "mentoring")
    vera, another = inside.do(_secrets)

    tour.desk.page.context.clear_cookies()
    tour.expects("status of 410")
    for address, heading in (
        (f"/check-in/{vera}", "^What change do you see in "),
        (f"/check-in/{vera}/stop", "^No more of these mails"),
        (f"/check-in/{another}", "^This has been answered$"),
    ):
        tour.go(f"{tool_url}{address}", heading, heading)
    tour.expects("status of 404")
    tour.go(f"{tool_url}/check-in/nothing", "no such address", "^There is nothing to answer here$")
    tour.desk.frame.goto(f"{tool_url}/check-in/{vera}")
    refuse(tour, "Send the answer", "^What change do you see in ", is_framed)
    tour.desk.tool.get_by_role("radio").first.check()
    tour.press("Send the answer", "thanks for the answer", "^Thank you$")

    assert tour.found == {}


def test_what_is_seen_of_single_times(begin: Begin, is_framed: bool, app: Flask, campus: CampusInHand):
    aside(lambda: set_flash_scene(app, campus))
    maya, leo = begin("maya", "mentoring"), begin("leo", "mentoring")

    for tour in (maya, leo):
        tour.look("home", "Next for you")
        tour.go(f"{tour.path.rstrip('/')}/mentoring/slots", "times to book", "^Times to book$")
    refuse(maya, "Offer it", "^Times to book$", is_framed)
    maya.go_each("slots", rf"/group-meetings/{ID}$", "^Your meeting with several$")

    assert {**maya.found, **leo.found} == {}


def _secrets() -> list[str]:
    """Of those who are asked about Leo, and about Tendai."""
    asked = db.session.scalars(select(CheckIn).order_by(CheckIn.answered.is_not(None))).all()
    return [secret_of(each.public_id) for each in asked]


def refuse(tour: Tour, button: str, heading: str, is_framed: bool) -> None:
    """Send the form with nothing in it."""
    tour.expects("status of 422", *["Blocked autofocusing"] * is_framed)
    tour.press(button, f"{heading}, refused", heading, ".error-summary")


def share_a_file(tour: Tour) -> None:
    tour.desk.tool.get_by_label("Title").fill("Advice")
    file = {"name": "advice.txt", "mimeType": "text/plain", "buffer": b"Ask early. Ask often.\n"}
    tour.desk.tool.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    tour.press("Share it", "resources, one more", "^Resources$", ".flash.is-success")
