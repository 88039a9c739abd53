"""What an instructor's home page says about circles: two numbers, and what is left to set up."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.panels import Card, NextStep, Urgency
from mentoring.pairing.circles.numbers import Numbers, numbers_of
from mentoring.pairing.getting_started import Task, quiz_tasks, roster_task
from mentoring.programs.models import Cohort


def fill(me: Enrolment, cohort: Cohort) -> Card:
    numbers = numbers_of(db.session, cohort)
    tasks = [roster_task(me), _circles_task(me, numbers), *quiz_tasks(me)]
    step = _next_step(me, numbers)
    return Card(
        title=_("Circles"),
        template="pairing/circles/_overview.html",
        context={
            "numbers": numbers,
            "board_url": _board(me),
            "tasks": [] if all(task.is_done for task in tasks) else tasks,
        },
        urgency=Urgency.WAITING if step and numbers.can_suggest else Urgency.NEXT,
        next_step=step,
    )


def _next_step(me: Enrolment, numbers: Numbers) -> NextStep | None:
    if not numbers.without:
        return None
    waiting = ngettext("One person has no circle yet.", "%(num)d people have no circle yet.", numbers.without)
    if not numbers.can_suggest and not numbers.circles:
        return None
    return NextStep(
        sentence=waiting,
        label=_("Form circles") if numbers.can_suggest else _("Find a circle for them"),
        url=_board(me),
    )


def _circles_task(me: Enrolment, numbers: Numbers) -> Task:
    return Task(
        label=_("Give everybody a circle"),
        is_done=bool(numbers.circles) and not numbers.without,
        detail=_("%(placed)d of %(seeking)d are in one.", placed=numbers.placed, seeking=numbers.seeking)
        if numbers.circles
        else "",
        url=_board(me),
        action=_("Form circles"),
    )


def _board(me: Enrolment) -> str:
    return url_for("pairing.board", course=me.course.public_id)
