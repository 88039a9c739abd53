"""What people are told about tasks that one of them gave; none of its words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lti_tool import mail
from lti_tool.mail import Words
from mentoring.mentorships.days import in_words
from mentoring.mentorships.models import Mentorship, Task
from mentoring.mentorships.telling_people import MENTORSHIPS
from mentoring.names import in_sentence
from mentoring.participants.models import Participant


def given(session: Session, mentorship: Mentorship, task: Task, *, by: Participant, at: datetime) -> None:
    def say() -> Words:
        subject = _("%(name)s has given you a task", name=in_sentence(by.name))
        return Words(subject, _by_when(task), _("Read the task"), _page(mentorship))

    _tell(session, _others(mentorship, by), say, key=f"task-given:{task.public_id}", at=at)


def changed(session: Session, mentorship: Mentorship, task: Task, *, by: Participant, at: datetime) -> None:
    def say() -> Words:
        subject = _("%(name)s has changed a task of yours", name=in_sentence(by.name))
        return Words(subject, _by_when(task), _("Read the task"), _page(mentorship))

    _tell(session, _others(mentorship, by), say, key=f"task-changed:{task.public_id}:{task.changes}", at=at)


def taken_back(session: Session, mentorship: Mentorship, task: Task, *, by: Participant, at: datetime) -> None:
    def say() -> Words:
        subject = _("%(name)s has taken a task back", name=in_sentence(by.name))
        return Words(subject, (_("You do not have to do it any more."),), _("Open"), _page(mentorship))

    _tell(session, _others(mentorship, by), say, key=f"task-taken-back:{task.public_id}", at=at)


def done(session: Session, mentorship: Mentorship, task: Task, *, by: Participant, at: datetime) -> None:
    """Tell whoever gave it and belongs to this still; of a task of the program nobody."""

    def say() -> Words:
        subject = _("%(name)s says that a task of yours is done", name=in_sentence(by.name))
        return Words(subject, (), _("Open"), _page(mentorship))

    giver = [person for person in _others(mentorship, by) if person.id == task.given_by_id]
    _tell(session, giver, say, key=f"task-done:{task.public_id}", at=at)


def _by_when(task: Task) -> tuple[str, ...]:
    return (_("It is due on %(day)s.", day=in_words(task.due)),) if task.due else ()


def _others(mentorship: Mentorship, by: Participant) -> list[Participant]:
    return [person for person in mentorship.people if person.id != by.id]


def _tell(session: Session, people: Iterable[Participant], say: Callable[[], Words], *, key: str, at: datetime) -> None:
    for person in people:
        mail.tell(session, person.enrolment, MENTORSHIPS, say, key=key, at=at)


def _page(mentorship: Mentorship) -> str:
    course = mentorship.cohort.course.public_id
    return url_for("mentorships.mentorship", course=course, mentorship_id=mentorship.public_id)
