"""Quizzes of a copied course: its links find their own quiz, and its instructor may take over the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.db import find_or_create
from lti_tool.models import Course
from lti_tool.placing import copies
from lti_tool.placing.copies import Copier
from quizzes.bank.copying import own_copy
from quizzes.designing import revising, words
from quizzes.designing.moving import moved
from quizzes.designing.settings import Settings
from quizzes.models import Quiz
from quizzes.queries import quizzes_of
from quizzes.questions import Bank


def counterpart(session: Session, course: Course, reference: str, *, at: datetime) -> Quiz | None:
    """What a copied link means in this course: the copy, found or made, of a quiz of a course it was copied from.

    None for a quiz of any other course: nobody reads its settings by writing its id into a link.
    """
    if (known := copies.here(session, course, reference)) is not None:
        return find(session, course, known)
    public_id = reference.removeprefix("quiz:")
    theirs = session.scalar(
        select(Quiz).where(Quiz.public_id == public_id, Quiz.course_id.in_(copies.origins(session, course)))
    )
    return _copy(session, theirs, course, at) if theirs is not None and theirs.is_published else None


def find(session: Session, course: Course, reference: str) -> Quiz | None:
    """The quiz of this course with this reference, or with this name where the link was placed without a course."""
    said = reference.removeprefix("quiz:")
    is_meant = (Quiz.public_id == said) | (Quiz.name == said)
    return session.scalar(select(Quiz).where(Quiz.course_id == course.id, is_meant).order_by(Quiz.id).limit(1))


def _copy(session: Session, theirs: Quiz, course: Course, at: datetime) -> Quiz:
    """The quiz of the same name, made with the same rules if there is none."""
    key = {"course_id": course.id, "name": theirs.name}
    quiz, is_new = find_or_create(session, Quiz, key, title=theirs.title, created=at)
    if is_new:
        revision = theirs.published

        def own(bank: Bank) -> Bank:
            return own_copy(session, bank, course, at)

        plan, settings = moved(session, revision.outlined, own), _for_a_new_class(revision.rules)
        revising.first(session, quiz, own(revision.bank), plan, settings, at=at)
        revising.publish(session, quiz, at=at)
    copies.note(session, course, quiz.reference, was=theirs.reference)
    return quiz


def _for_a_new_class(settings: Settings) -> Settings:
    """Without the days and the code of the old one."""
    return replace(settings, opens=None, closes=None, access_code="")


def _missing(session: Session, origin: Course, course: Course) -> list[Quiz]:
    own = {quiz.name for quiz in quizzes_of(session, course)}
    return [quiz for quiz in quizzes_of(session, origin) if quiz.name not in own]


def _plan(session: Session, origin: Course, course: Course) -> list[str]:
    return [_in_words(quiz) for quiz in _missing(session, origin, course)]


def _in_words(quiz: Quiz) -> str:
    settings, asks = quiz.settings, quiz.published.outlined.asks
    sentence: str = _(
        "The quiz %(title)s with its rules, from the bank %(bank)s: %(rules)s",
        title=quiz.title,
        bank=quiz.bank.title,
        rules=" ".join([words.size(asks, settings), words.attempts(settings), words.passing(settings)]),
    )
    return sentence


def _copy_all(session: Session, origin: Course, course: Course, at: datetime) -> None:
    for quiz in _missing(session, origin, course):
        _copy(session, quiz, course, at)


COPIER = Copier(key="quizzes", order=20, plan=_plan, copy=_copy_all)
