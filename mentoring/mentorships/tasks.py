"""What is to be done in a mentorship: by the program from its beginning, or given by one of its people; ticked by them
while it lasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.models import Enrolment
from lti_tool.panels import Card, NextStep, Urgency
from mentoring.events import TaskDone, TaskGiven
from mentoring.mentorships import task_telling
from mentoring.mentorships.days import in_words
from mentoring.mentorships.models import Mentorship, Part, Task
from mentoring.mentorships.postcards import within
from mentoring.mentorships.refusing import Refusal
from mentoring.mentorships.sections import Look, Section
from mentoring.mentorships.timeline import steps
from mentoring.participants.models import Participant

FEW = 3
"""That are to be done stand on the page of the mentorship."""
SOON = timedelta(days=7)
MOST_OPEN = 100
"""Tasks of one mentorship that are to be done."""


@dataclass(frozen=True, kw_only=True)
class Wording:
    """How a task is put."""

    title: str
    detail: str = ""
    due: datetime | None = None


def give(session: Session, mentorship: Mentorship, wording: Wording, *, by: Participant, at: datetime) -> Task:
    """To the mentee, in a circle to all; the same open task is given no second time. Raises Refusal."""
    to_do = [task for task in mentorship.tasks if task.done is None]
    if (same := next((task for task in to_do if _is_same(task, wording, by)), None)) is not None:
        return same
    if len(to_do) >= MOST_OPEN:
        raise Refusal(_("%(most)d tasks are to be done already. Tick or take back one first.", most=MOST_OPEN))
    part = Part.PEER if mentorship.is_circle else Part.MENTEE
    task = Task(part=part, given_by=by, given_by_id=by.id, changes=0, **vars(wording))
    mentorship.tasks.append(task)
    session.flush()
    to = tuple(person.enrolment.who for person in mentorship.people if person.id != by.id)
    outbox.announce(session, TaskGiven(**within(mentorship, by, at), task=task.public_id, to=to))
    task_telling.given(session, mentorship, task, by=by, at=at)
    return task


def change(session: Session, task: Task, wording: Wording, *, by: Participant, at: datetime) -> bool:
    """Put it otherwise; whether anything is different, which the others are told. Raises Refusal."""
    _must_be_to_do(task)
    if (task.title, task.detail, task.due) == (wording.title, wording.detail, wording.due):
        return False
    task.title, task.detail, task.due = wording.title, wording.detail, wording.due
    task.given_by, task.given_by_id = by, by.id
    task.changes += 1
    session.flush()
    task_telling.changed(session, task.mentorship, task, by=by, at=at)
    return True


def take_back(session: Session, task: Task, *, by: Participant, at: datetime) -> None:
    """Nobody has to do it any more, and it is gone. Raises Refusal."""
    _must_be_to_do(task)
    mentorship = task.mentorship
    task_telling.taken_back(session, mentorship, task, by=by, at=at)
    mentorship.tasks.remove(task)
    session.delete(task)
    session.flush()


def tick(session: Session, mentorship: Mentorship, task: Task, is_done: bool, *, by: Participant, at: datetime) -> None:
    """It is done, which is announced, or it was not after all; a second tick changes nothing. The caller commits."""
    was_done = task.done is not None
    task.tick(is_done, by=by, at=at)
    steps.follow(session, mentorship, task, by=by)
    if is_done and not was_done:
        session.flush()
        outbox.announce(session, TaskDone(**within(mentorship, by, at), task=task.public_id))
        task_telling.done(session, mentorship, task, by=by, at=at)


def may_give(look: Look) -> bool:
    """The mentor of a pair; in a circle, everybody."""
    return look.can_write and look.part in (Part.MENTOR, Part.PEER)


def may_change(look: Look, task: Task) -> bool:
    """Whoever gave it; of a pair whoever mentors now, who may have come later. What the program says stays."""
    if look.mine is None or not may_give(look) or task.given_by_id is None or task.done is not None:
        return False
    return task.given_by_id == look.mine.id or not look.mentorship.is_circle


def _is_same(task: Task, wording: Wording, by: Participant) -> bool:
    return task.given_by_id == by.id and (task.title, task.due) == (wording.title, wording.due)


def _must_be_to_do(task: Task) -> None:
    if task.done is not None:
        raise Refusal(_("This is done already, so it stays as it is. Give another task instead."))


def section(look: Look) -> Card | None:
    """What is due first, and what was done last; all of them have a page of their own."""
    if not look.mentorship.tasks and not may_give(look):
        return None
    said = words_for(look)
    urgency, step = _next(look, said["to_do"])
    return Card(title=_("Tasks"), template="mentorships/_tasks.html", context=said, urgency=urgency, next_step=step)


def words_for(look: Look) -> dict[str, Any]:
    """What the templates of tasks are given."""
    tasks = look.mentorship.tasks
    to_do = sorted(
        (task for task in tasks if task.done is None), key=lambda task: (task.due is None, task.due, task.id)
    )
    done = sorted(
        (task for task in tasks if task.done is not None), key=lambda task: (task.done, task.id), reverse=True
    )
    shown = [*to_do[:FEW], *done[:1]]
    return {
        "look": look,
        "to_do": to_do,
        "done": done,
        "shown": shown,
        "left_out": len(tasks) - len(shown),
        "may_give": may_give(look),
        "may_change": lambda task: may_change(look, task),
        "by_when": lambda task: by_when(task, look.at),
        "names": {member.participant_id: member.participant.name for member in look.mentorship.members},
        "who_sees_it": _("everybody in this circle, and instructors.")
        if look.mentorship.is_circle
        else _("the mentor, the mentee, and instructors."),
    }


def _next(look: Look, to_do: Sequence[Task]) -> tuple[Urgency, NextStep | None]:
    """Of those with a day the first, when that is near or past; whoever it is for is reminded."""
    first = to_do[0] if to_do else None
    if first is None or first.due is None or first.due > look.at + SOON or not _is_for(look):
        return Urgency.QUIET, None
    said = {"what": first.title, "day": in_words(first.due)}
    is_late = first.is_overdue(look.at)
    sentence = (
        _("The task “%(what)s” was planned for %(day)s; it is not too late.", **said)
        if is_late
        else _("The task “%(what)s” is to be done by %(day)s.", **said)
    )
    url = f"{page_of(look.me, look.mentorship)}#section-tasks"
    step = NextStep(sentence=sentence, label=_("See the tasks"), url=url)
    return Urgency.USEFUL if is_late else Urgency.QUIET, step


def _is_for(look: Look) -> bool:
    """Tasks are the mentee's, and of all in a circle."""
    return look.can_write and look.part in (Part.MENTEE, Part.PEER)


def by_when(task: Task, at: datetime) -> str:
    """*By Nov 23, 2026*, and a kind word where that has passed; nothing where no day was named."""
    if task.due is None:
        return ""
    if task.is_overdue(at):
        return str(_("Was planned for %(day)s; it is not too late", day=in_words(task.due)))
    return str(_("By %(when)s", when=in_words(task.due)))


def page_of(me: Enrolment, mentorship: Mentorship) -> str:
    return url_for("mentorships.mentorship", course=me.course.public_id, mentorship_id=mentorship.public_id)


def given_by(session: Session, participants: Sequence[int]) -> list[dict[str, Any]]:
    """The tasks that these people gave, as plain JSON: the words are theirs."""
    given = session.scalars(select(Task).where(Task.given_by_id.in_(participants)).order_by(Task.id))
    return [
        {
            "mentorship": task.mentorship.public_id,
            "title": task.title,
            "detail": task.detail,
            "due": task.due.isoformat() if task.due else None,
            "done": task.done.isoformat() if task.done else None,
        }
        for task in given
    ]


def forget(session: Session, participants: Sequence[int]) -> None:
    """What these people gave and nobody has done goes; of what was done it stays that it was."""
    theirs = Task.given_by_id.in_(participants)
    session.execute(delete(Task).where(theirs, Task.done.is_(None)))
    session.execute(update(Task).where(theirs).values(title="", detail=""))


SECTION = Section(key="tasks", order=22, fill=section)
