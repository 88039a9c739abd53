"""What an instructor's home page says about the pairing: three numbers, and what is left to set up."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from lti_tool import activities
from lti_tool.db import db
from lti_tool.models import Enrolment, Placement, Role
from lti_tool.panels import Card, NextStep, Panel, Urgency
from mentoring.pairing.numbers import Numbers, numbers_of


@dataclass(frozen=True)
class Task:
    """One line of getting started."""

    label: str
    is_done: bool
    detail: str = ""
    url: str = ""
    """Where it is done; empty where it is done in the LMS."""
    action: str = ""
    is_post: bool = False


def fill(me: Enrolment) -> Card:
    board = numbers_of(db.session, me.course)
    tasks = _tasks(me, board)
    step = _next_step(me, board)
    return Card(
        title=_("Pairing"),
        template="pairing/_overview.html",
        context={
            "board": board,
            "mentors_url": url_for("participants.mentors", course=me.course.public_id),
            "pairing_url": url_for("pairing.board", course=me.course.public_id),
            "tasks": [] if all(task.is_done for task in tasks) else tasks,
        },
        urgency=Urgency.WAITING if step and board.free else Urgency.NEXT,
        next_step=step,
    )


def _next_step(me: Enrolment, board: Numbers) -> NextStep | None:
    mentors_url = url_for("participants.mentors", course=me.course.public_id)
    if not board.mentors:
        return NextStep(
            sentence=_("Nobody mentors in this course yet. Say who does, and how many mentees they can take."),
            label=_("Choose mentors"),
            url=mentors_url,
        )
    if not board.without:
        return None
    waiting = ngettext("One person has no mentor yet.", "%(num)d people have no mentor yet.", board.without)
    if not board.free:
        return NextStep(
            sentence=_("%(waiting)s Every place is taken, so somebody has to offer more.", waiting=waiting),
            label=_("Find more places"),
            url=mentors_url,
        )
    return NextStep(
        sentence=waiting,
        label=_("Assign mentors"),
        url=url_for("pairing.board", course=me.course.public_id),
    )


def _tasks(me: Enrolment, board: Numbers) -> list[Task]:
    found = [_roster_task(me), _mentors_task(me, board), _pairs_task(me, board)]
    return [*found, _quiz_task(me)] if activities.find("quiz") else found


def _roster_task(me: Enrolment) -> Task:
    can_ask = bool(me.course.roster_url)
    return Task(
        label=_("Read the class list"),
        is_done=me.course.roster_read is not None or not can_ask,
        detail=""
        if can_ask
        else _("Your learning platform does not share its class list. People appear here as they open the tool."),
        url=url_for("people.read_again", course=me.course.public_id) if can_ask else "",
        action=_("Read it now"),
        is_post=True,
    )


def _mentors_task(me: Enrolment, board: Numbers) -> Task:
    return Task(
        label=_("Choose who mentors"),
        is_done=bool(board.mentors),
        url=url_for("participants.mentors", course=me.course.public_id),
        action=_("Choose"),
    )


def _pairs_task(me: Enrolment, board: Numbers) -> Task:
    return Task(
        label=_("Give everybody a mentor"),
        is_done=bool(board.pairs) and not board.without,
        detail=_("%(complete)d of %(seeking)d have one.", complete=board.complete, seeking=board.seeking)
        if board.pairs
        else "",
        url=url_for("pairing.board", course=me.course.public_id),
        action=_("Assign"),
    )


def _quiz_task(me: Enrolment) -> Task:
    placed = select(Placement.id).where(Placement.course_id == me.course.id, Placement.activity == "quiz")
    return Task(
        label=_("Put the quiz into your course page"),
        is_done=db.session.scalar(placed.limit(1)) is not None,
        detail=_(
            "Add an activity of this tool there, choose to select its content, and tick the quiz. Where that is not"
            " offered, give a link the custom parameter activity=quiz. Is the link there? Open it once, and"
            " this is done."
        ),
    )


PANEL = Panel(key="pairing", order=5, open_to=(Role.INSTRUCTOR,), fill=fill)
