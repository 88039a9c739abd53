"""A course gets its onboarding quiz, and a link in the course page learns which quiz it opens."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from lti_tool.activities import Offer
from lti_tool.db import find_or_create
from lti_tool.models import Course, Placement
from lti_tool.placing import copies
from quizzes import banks, copying
from quizzes.designing import revising, words
from quizzes.designing.plan import Plan
from quizzes.designing.settings import DEFAULT, Settings
from quizzes.models import Quiz
from quizzes.queries import quizzes_of
from quizzes.stocking import stock

ONBOARDING = "onboarding"
QUESTIONS = 20
"""How many the onboarding quiz asks."""


def offer(session: Session, course: Course, *, at: datetime) -> Quiz:
    """The course's onboarding quiz, found or made, its bank as the file has it; the caller commits."""
    bank = stock(session, banks.load(ONBOARDING), at=at)
    key = {"course_id": course.id, "name": ONBOARDING}
    quiz, is_new = find_or_create(session, Quiz, key, title=bank.title, created=at)
    if is_new:
        revising.first(session, quiz, bank, Plan.of_one_rule(bank.id, QUESTIONS), DEFAULT, at=at)
        revising.publish(session, quiz, at=at)
    return quiz


def place(session: Session, placement: Placement, course: Course, *, at: datetime) -> Quiz:
    """The quiz this link opens: the one it names, else the one it opened before, else the course's onboarding quiz.

    A link that came along when the course was copied names a quiz of the other course; it opens this course's own.
    """
    quiz = _named(session, placement.resource, course, at) or _known(session, placement.reference, course)
    onboarding = offer(session, course, at=at)
    quiz = quiz or onboarding
    placement.reference = quiz.reference
    copies.note(session, course, quiz.reference, was=placement.resource)
    return quiz


def _named(session: Session, resource: str, course: Course, at: datetime) -> Quiz | None:
    if not resource.startswith("quiz:"):
        return None
    return copying.find(session, course, resource) or copying.counterpart(session, course, resource, at=at)


def _known(session: Session, reference: str, course: Course) -> Quiz | None:
    return copying.find(session, course, reference) if reference else None


def offers(session: Session, course: Course | None) -> list[Offer]:
    """The course's quizzes, or the onboarding quiz that it would get."""
    own = quizzes_of(session, course) if course is not None else ()
    if any(quiz.name == ONBOARDING for quiz in own):
        return [_offer(quiz) for quiz in own]
    return [_onboarding(), *(_offer(quiz) for quiz in own)]


def _offer(quiz: Quiz) -> Offer:
    return Offer(
        key=f"quiz-{quiz.name}",
        activity="quiz",
        reference=quiz.reference,
        title=quiz.title,
        description=_about(quiz.published.outlined.asks, quiz.settings),
        is_graded=not quiz.settings.is_practice,
        maximum=quiz.published.outlined.worth,
    )


def _onboarding() -> Offer:
    """As the course will have it: named by its name, because it has no id yet."""
    return Offer(
        key=f"quiz-{ONBOARDING}",
        activity="quiz",
        reference=f"quiz:{ONBOARDING}",
        title=banks.load(ONBOARDING).title,
        description=_about(QUESTIONS, DEFAULT),
        is_graded=True,
        maximum=float(QUESTIONS),
    )


def _about(questions: int, settings: Settings) -> str:
    return " ".join([words.size(questions, settings), words.attempts(settings)])


def settle(session: Session, course: Course, wanted: Offer, *, at: datetime) -> Offer:
    """The offer with its quiz in place, so that the link can name it for good."""
    if wanted.reference != f"quiz:{ONBOARDING}":
        return wanted
    return replace(wanted, reference=offer(session, course, at=at).reference)
