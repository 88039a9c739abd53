"""Most starts are alike: a first attempt, by the rules that hold for all. When a class begins there are hundreds.

So they go a short way (docs/decisions/0019-short-starts.md): what they need is read in few statements, and the attempt
is drawn before anything is held; then what was read is read again. Whatever is not as for most, or not as it was a
moment ago, is left to `starting.start`, which knows all the rules.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Text, bindparam, cast, select

from lti_tool import outbox
from lti_tool.access import Known
from lti_tool.brief import asking, brief_transaction
from lti_tool.db import table
from lti_tool.events import Where, Who
from lti_tool.models import Course, Enrolment, Person, Platform
from lti_tool.prepared import Here, Prepared
from lti_tool.roster.groups import GroupMembership
from quizzes import queries, starting
from quizzes.accommodations.models import Grant
from quizzes.accommodations.overrides import Override
from quizzes.designing import freezing
from quizzes.designing.models import QuizRevision
from quizzes.designing.plan import Plan
from quizzes.designing.settings import Settings
from quizzes.events import QuizStarted
from quizzes.models import Attempt, Quiz


class Door(NamedTuple):
    """A published quiz, as one learner finds it."""

    quiz: int
    revision: int
    title: str
    course_title: str
    platform: str
    platform_row: int
    issuer: str
    subject: str
    is_test: bool
    has_begun: bool
    """Whether there is an attempt of theirs, be it over or not."""
    is_granted: bool
    """Whether they were ever granted something, here or in another quiz."""
    is_otherwise: bool
    """Whether other rules hold here for them or for a group of theirs."""
    plan: str
    settings: str


_QUIZ, _REVISION, _PLATFORM = table(Quiz).c, table(QuizRevision).c, table(Platform).c
_ME, _PERSON, _COURSE = table(Enrolment).c, table(Person).c, table(Course).c
_ATTEMPT, _GRANT, _OVERRIDE, _MEMBER = table(Attempt).c, table(Grant).c, table(Override).c, table(GroupMembership).c
_MY_GROUPS = select(_MEMBER.group_id).where(_MEMBER.enrolment_id == _ME.id)
_DOOR = Prepared(
    select(
        _QUIZ.id,
        _REVISION.id,
        _QUIZ.title,
        _COURSE.title,
        _PLATFORM.public_id,
        _PLATFORM.id,
        _PLATFORM.issuer,
        _PERSON.subject,
        _ME.is_test,
        select(_ATTEMPT.id).where(_ATTEMPT.quiz_id == _QUIZ.id, _ATTEMPT.enrolment_id == _ME.id).exists(),
        select(_GRANT.id).where(_GRANT.enrolment_id == _ME.id).exists(),
        select(_OVERRIDE.id)
        .where(_OVERRIDE.quiz_id == _QUIZ.id, (_OVERRIDE.enrolment_id == _ME.id) | _OVERRIDE.group_id.in_(_MY_GROUPS))
        .exists(),
        cast(_REVISION.plan, Text),
        cast(_REVISION.settings, Text),
    )
    .join_from(table(Enrolment), table(Person), _PERSON.id == _ME.person_id)
    .join(table(Platform), _PLATFORM.id == _PERSON.platform_id)
    .join(table(Course), _COURSE.id == _ME.course_id)
    .join(table(Quiz), _QUIZ.course_id == _COURSE.id)
    .join(table(QuizRevision), (_REVISION.quiz_id == _QUIZ.id) & _REVISION.is_current)
    .where(_ME.id == bindparam("me"), _QUIZ.public_id == bindparam("quiz"))
)


def begin(me: Known, quiz: str, seed: bytes, *, at: datetime) -> str | None:
    """The public id of my new attempt, announced and committed; None where `starting.start` has to look at it."""
    here = asking()
    door = _look(here, me, quiz)
    if door is None or door.has_begun or door.is_granted or door.is_otherwise:
        return None
    settings = _settings(door.settings)
    turn = settings.timetable.next_attempt([], at)
    outline = freezing.kept(here, _plan(door.plan), door.platform_row)
    if settings.access_code or not turn.is_allowed or outline is None:
        return None
    try:
        drawn = starting.drawn_from(here, outline, door.quiz, me.id, seed)
    except starting.NothingToAsk:
        return None
    about = {"quiz_id": door.quiz, "revision_id": door.revision, "enrolment_id": me.id}
    values = drawn.values | about | {"n": turn.n, "started": at, "deadline": settings.timetable.deadline(at)}
    with brief_transaction() as here:
        queries.hold_quiz(here, door.quiz)
        queries.hold_one(here, me.id)
        if _look(here, me, quiz) != door:
            return None
        starting.write(here, values, drawn.rows)
        if not door.is_test:
            outbox.announce(here, _told(me, door, quiz, values["public_id"], turn.n, at))
    return str(values["public_id"])


def _look(here: Here, me: Known, quiz: str) -> Door | None:
    """None where the course has no such quiz, or it is not published."""
    row = _DOOR.one(here, me=me.id, quiz=quiz)
    return Door(*row) if row is not None else None


@lru_cache(maxsize=64)
def _settings(said: str) -> Settings:
    return Settings.of(json.loads(said))


@lru_cache(maxsize=64)
def _plan(said: str) -> Plan:
    return Plan.of(json.loads(said))


def _told(me: Known, door: Door, quiz: str, attempt: str, n: int, at: datetime) -> QuizStarted:
    return QuizStarted(
        at=at,
        who=Who(platform=door.platform, issuer=door.issuer, subject=door.subject),
        where=Where(course=me.course, title=door.course_title),
        quiz=quiz,
        title=door.title,
        attempt=attempt,
        n=n,
    )
