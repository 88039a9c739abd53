"""What an instructor's home page says about the pairing: three numbers, and what is left to set up."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.panels import Card, NextStep, Panel, Urgency
from mentoring.pairing.circles import overview as circles
from mentoring.pairing.getting_started import Task, quiz_tasks, roster_task
from mentoring.pairing.models import MatchRun
from mentoring.pairing.numbers import Numbers, numbers_of
from mentoring.pairing.runs.beginning import open_run
from mentoring.pairing.shortage import too_few_places, waiting
from mentoring.programs.starting import current, newest


def fill(me: Enrolment) -> Card:
    cohort = current(db.session, me.course)
    if cohort is not None and cohort.version.is_of_peers:
        return circles.fill(me, cohort)
    board = numbers_of(db.session, me.course)
    tasks = _tasks(me, board)
    draft = open_run(db.session, cohort) if cohort else None
    step = _next_step(me, board, draft)
    return Card(
        title=_("Pairing"),
        template="pairing/_overview.html",
        context={
            "board": board,
            "mentors_url": url_for("participants.mentors", course=me.course.public_id),
            "pairing_url": url_for("pairing.board", course=me.course.public_id),
            "shortage": too_few_places(board) if draft is not None else "",
            "tasks": [] if all(task.is_done for task in tasks) else tasks,
        },
        urgency=Urgency.WAITING if step and (board.free or draft) else Urgency.NEXT,
        next_step=step,
    )


def _next_step(me: Enrolment, board: Numbers, draft: MatchRun | None) -> NextStep | None:
    mentors_url = url_for("participants.mentors", course=me.course.public_id)
    if not board.mentors:
        return NextStep(
            sentence=_("Nobody mentors in this course yet. Say who does, and how many mentees they can take."),
            label=_("Choose mentors"),
            url=mentors_url,
        )
    if draft is not None:
        return NextStep(
            sentence=_("A draft of pairs waits for you. Nobody but instructors sees it before it is published."),
            label=_("Open the draft"),
            url=url_for("runs.show", course=me.course.public_id, run_id=draft.public_id),
        )
    if not board.without:
        return None
    if board.is_short:
        return NextStep(sentence=too_few_places(board), label=_("Find more places"), url=mentors_url)
    return NextStep(
        sentence=waiting(board.without),
        label=_("Assign mentors"),
        url=url_for("pairing.board", course=me.course.public_id),
    )


def _tasks(me: Enrolment, board: Numbers) -> list[Task]:
    found = [_design_task(me, board), roster_task(me), _mentors_task(me, board), _pairs_task(me, board)]
    return [*found, *quiz_tasks(me)]


def _design_task(me: Enrolment, board: Numbers) -> Task:
    # Pairs stand: the simple program suits this course.
    version = None if board.pairs else newest(db.session, me.course)
    return Task(
        label=_("Design the program"),
        is_done=bool(board.pairs) or (version is not None and not version.is_simple),
        detail=_("Choose a ready-made one; that takes two minutes. Without it, a simple one holds."),
        url=url_for("programs.program" if board.pairs or version else "programs.templates", course=me.course.public_id),
        action=_("Design"),
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
        detail=_(
            "%(complete)d of %(seeking)d have every mentor they need.", complete=board.complete, seeking=board.seeking
        )
        if board.pairs
        else "",
        url=url_for("pairing.board", course=me.course.public_id),
        action=_("Assign"),
    )


PANEL = Panel(key="pairing", order=5, open_to=(Role.INSTRUCTOR,), fill=fill)
