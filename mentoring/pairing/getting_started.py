"""What is left to set up in a course, as lines of an instructor's home page."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from lti_tool import activities
from lti_tool.db import db
from lti_tool.models import Enrolment, Placement


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


def roster_task(me: Enrolment) -> Task:
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


def quiz_tasks(me: Enrolment) -> list[Task]:
    """One, where there are quizzes."""
    return [_quiz_task(me)] if activities.find("quiz") else []


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
