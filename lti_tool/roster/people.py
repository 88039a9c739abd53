"""Who is in the course, as its instructors see it: the people, and how the readings of the class list went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from flask import Blueprint, Flask, Response, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, jobs, panels, roster
from lti_tool.access import open_to
from lti_tool.db import db
from lti_tool.jobs import Job, JobState
from lti_tool.models import Course, Enrolment, Person, Role
from lti_tool.names import plainly
from lti_tool.pages import local_day, render
from lti_tool.paging import beginning, searched
from lti_tool.panels import Card, NavigationItem, Panel
from lti_tool.roster import groups
from lti_tool.roster.readings import RosterReading, counts_of, newest_of, notable_of
from lti_tool.roster.times import key_of
from lti_tool.roster.words import OCCASIONS, PROBLEMS, count_sentence, differences

bp = Blueprint("people", __name__)

AT_ONCE = 100
"""People on one page."""
LATELY = timedelta(days=7)
SHOWN_FOR = timedelta(days=60)
"""How long a reading that changed something stays on the page."""
PATIENCE = timedelta(minutes=2)
"""After which a reading that has not begun is worth a word about the work loop."""


class Which(StrEnum):
    """Whom the page lists."""

    HERE = "here"
    LEFT = "left"


def init_app(app: Flask) -> None:
    panels.register(app, Panel(key="people", order=90, open_to=(Role.INSTRUCTOR,), fill=card))
    item = NavigationItem(
        label=_l("People"), endpoint="people.show", order=30, open_to=(Role.INSTRUCTOR,), is_seldom=True
    )
    panels.register_navigation(app, item)


@bp.get("/courses/<course>/people")
@open_to(Role.INSTRUCTOR)
def show(me: Enrolment) -> ResponseReturnValue:
    which = Which.LEFT if request.args.get("show") == Which.LEFT else Which.HERE
    choice = groups.choice_of(db.session, me.course, request.args.get("group", ""))
    search = searched()
    everybody = _everybody(db.session, me.course)
    found = [each for each in everybody if _is_wanted(each, which, choice, search)]
    first = beginning(len(found), AT_ONCE)
    return render(
        "people/people.html",
        me=me,
        lines=_lines(db.session, found[first : first + AT_ONCE]),
        found=len(found),
        first=first,
        at_once=AT_ONCE,
        here=sum(each.is_active for each in everybody),
        left=sum(not each.is_active for each in everybody),
        which=which,
        choice=choice,
        search=search,
        progress=progress_of(me.course),
        newest=_told(newest_of(db.session, me.course)),
        notable=[
            (each, differences(each)) for each in notable_of(db.session, me.course, since=clock.now() - SHOWN_FOR)
        ],
        occasions=OCCASIONS,
    )


@bp.get("/courses/<course>/people/reading")
@open_to(Role.INSTRUCTOR)
def reading(me: Enrolment) -> ResponseReturnValue:
    """How far the reading has come, for htmx; everybody else is on the page itself."""
    progress = progress_of(me.course)
    if request.headers.get("HX-Request") != "true":
        return redirect(url_for(".show", course=me.course.public_id))
    answer: Response = make_response(render("people/_progress.html", me=me, progress=progress))
    if not progress.is_going_on:
        answer.headers["HX-Refresh"] = "true"
    return answer


@bp.post("/courses/<course>/people/read")
@open_to(Role.INSTRUCTOR)
def read_again(me: Enrolment) -> ResponseReturnValue:
    if me.course.roster_url:
        roster.ask_for(db.session, me.course, roster.How.ASKED, by=me)
        db.session.commit()
    else:
        flash(_("Your learning platform does not share its class list, so there is nothing to read."), "error")
    return redirect(url_for(".show", course=me.course.public_id))


@bp.post("/courses/<course>/people/stop")
@open_to(Role.INSTRUCTOR)
def stop(me: Enrolment) -> ResponseReturnValue:
    job = jobs.newest(db.session, key_of(me.course))
    if job is not None and job.is_unfinished:
        jobs.cancel(db.session, job)
        db.session.commit()
        flash(_("The reading stops. The list stays as it is."), "success")
    else:
        flash(_("The class list was not being read any more."), "info")
    return redirect(url_for(".show", course=me.course.public_id))


@dataclass(frozen=True)
class Somebody:
    """What is needed of everybody to choose whom to list."""

    id: int
    name: str
    number: int
    is_active: bool

    @property
    def sort_key(self) -> tuple[bool, str, int]:
        return not self.name, self.name, self.number


def _everybody(session: Session, course: Course) -> list[Somebody]:
    """Everybody the course has or had, by name; preview students are nobody."""
    rows = session.execute(
        select(Enrolment.id, Person.name, Enrolment.number, Enrolment.is_active)
        .join(Enrolment.person)
        .where(Enrolment.course_id == course.id, ~Enrolment.is_test)
    )
    found = [Somebody(id, plainly(name), number, is_active) for id, name, number, is_active in rows]
    return sorted(found, key=lambda each: each.sort_key)


def _is_wanted(each: Somebody, which: Which, choice: groups.Choice, search: str) -> bool:
    name = each.name or plainly(_("Participant %(number)s", number=each.number)) if search else ""
    return (
        each.is_active == (which == Which.HERE)
        and choice.shows(each.id)
        and all(word in name for word in plainly(search).split())
    )


@dataclass(frozen=True)
class Line:
    """Somebody as the page shows them."""

    person: Enrolment
    joined: str
    """The day they came, in words."""


def _lines(session: Session, chosen: Sequence[Somebody]) -> list[Line]:
    rows = session.scalars(select(Enrolment).where(Enrolment.id.in_([each.id for each in chosen])))
    people = {row.id: row for row in rows}
    return [Line(people[each.id], local_day(people[each.id].created)) for each in chosen]


@dataclass(frozen=True)
class Progress:
    """How it stands with reading the roster just now."""

    can_ask: bool
    job: Job | None
    """The reading that waits, runs or was stopped."""

    @property
    def is_going_on(self) -> bool:
        """Whether the page is worth asking for news of it."""
        return self.job is not None and self.job.is_unfinished and self.job.due <= clock.now()

    @property
    def is_put_off(self) -> bool:
        """Whether it failed and is tried again later."""
        return self.job is not None and self.job.state == JobState.WAITING and self.job.due > clock.now()

    @property
    def is_stuck(self) -> bool:
        """Whether it should have begun long ago: nobody does the work."""
        job = self.job
        return job is not None and job.state == JobState.WAITING and job.due < clock.now() - PATIENCE

    @property
    def was_stopped(self) -> bool:
        return self.job is not None and self.job.state == JobState.CANCELLED


def progress_of(course: Course) -> Progress:
    job = jobs.newest(db.session, key_of(course), since=timedelta(hours=1))
    return Progress(bool(course.roster_url), job)


@dataclass(frozen=True)
class Told:
    """The newest reading, and why it failed if it did."""

    reading: RosterReading
    cause: str
    cure: str


def _told(newest: RosterReading | None) -> Told | None:
    if newest is None:
        return None
    if newest.problem is None:
        return Told(newest, "", "")
    cause, cure = PROBLEMS[newest.problem]
    return Told(newest, str(cause), str(cure))


def card(me: Enrolment) -> Card | None:
    """A quiet word where the class list changed or could not be read; nothing where all is as it was."""
    newest = newest_of(db.session, me.course)
    if newest is None:
        return None
    counts = counts_of(db.session, me.course, since=clock.now() - LATELY)
    told = _told(newest)
    changes = count_sentence(counts)
    if not (changes or newest.problem):
        return None
    return Card(
        title=_("People"),
        template="people/_card.html",
        context={"told": told, "changes": changes, "url": url_for("people.show", course=me.course.public_id)},
    )
