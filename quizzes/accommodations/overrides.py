"""Other rules of a quiz for a group or for one learner: when it opens and closes, how long, how often, which code.

Of what holds for somebody their own comes first, then what their groups have, and of several groups what gives most.
What was granted to them (`models.py`) comes on top. The groups are those the LMS tells of; one that is gone there takes
its rules with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, bindparam, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from lti_tool.models import Enrolment
from lti_tool.roster.groups import CourseGroup, GroupMembership
from quizzes.models import Quiz
from quizzes.timing import Instead, most_generous


class Override(Base):
    """What is otherwise in one quiz for a group, or for one learner; what is empty is as for everybody."""

    __tablename__ = "quiz_override"
    __table_args__ = (
        UniqueConstraint("quiz_id", "group_id"),
        UniqueConstraint("quiz_id", "enrolment_id"),
        CheckConstraint("(group_id IS NULL) <> (enrolment_id IS NULL)", name="for_one"),
        CheckConstraint("minutes > 0 AND attempts > 0", name="more_than_nothing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    quiz_id: Mapped[int] = mapped_column(ForeignKey(Quiz.id))
    group_id: Mapped[int | None] = mapped_column(ForeignKey(CourseGroup.id, ondelete="CASCADE"), index=True)
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id), index=True)
    opens: Mapped[datetime | None]
    closes: Mapped[datetime | None]
    minutes: Mapped[int | None]
    """For an attempt."""
    attempts: Mapped[int | None]
    """In all."""
    access_code: Mapped[str] = mapped_column(default="")
    """Staff can read it, as they can the quiz's own."""

    quiz: Mapped[Quiz] = relationship()
    group: Mapped[CourseGroup | None] = relationship()
    enrolment: Mapped[Enrolment | None] = relationship()

    @property
    def instead(self) -> Instead:
        return Instead(
            opens=self.opens,
            closes=self.closes,
            limit=timedelta(minutes=self.minutes) if self.minutes else None,
            attempts=self.attempts,
            access_codes=(self.access_code,) if self.access_code else (),
        )

    @property
    def is_own(self) -> bool:
        return self.enrolment_id is not None

    @property
    def name(self) -> str:
        """Of whoever it is for."""
        return self.group.label if self.group else str(self.enrolment and self.enrolment.name)


def for_learner(session: Session, quiz: Quiz, learner: Enrolment) -> Instead:
    return for_learner_in(session, [quiz], learner).get(quiz.id, Instead())


_MY_GROUPS = select(GroupMembership.group_id).where(GroupMembership.enrolment_id == bindparam("learner"))
_OF_LEARNER = select(Override).where(
    Override.quiz_id.in_(bindparam("quizzes", expanding=True)),
    (Override.enrolment_id == bindparam("learner")) | Override.group_id.in_(_MY_GROUPS),
)


def for_learner_in(session: Session, quizzes: Sequence[Quiz], learner: Enrolment) -> Mapping[int, Instead]:
    """What is otherwise for this learner, by the quiz's row; nothing of quizzes in which all is as for everybody."""
    found: dict[int, list[Override]] = {}
    for each in session.scalars(_OF_LEARNER, {"quizzes": [quiz.id for quiz in quizzes], "learner": learner.id}):
        found.setdefault(each.quiz_id, []).append(each)
    return {quiz: together(overrides) for quiz, overrides in found.items()}


def for_all(session: Session, quiz: Quiz) -> Mapping[int, Instead]:
    """What is otherwise in this quiz, by the row of each enrolment that it is for."""
    overrides = of_quiz(session, quiz)
    members = _members_of(session, overrides)
    found: dict[int, list[Override]] = {}
    for override in overrides:
        own = [override.enrolment_id] if override.enrolment_id is not None else []
        for learner in own or members.get(override.group_id or 0, []):
            found.setdefault(learner, []).append(override)
    return {learner: together(theirs) for learner, theirs in found.items()}


def _members_of(session: Session, overrides: Sequence[Override]) -> Mapping[int, list[int]]:
    """Who is in the groups that these are for, by row, in one statement however many groups there are."""
    groups = [each.group_id for each in overrides if each.group_id is not None]
    found: dict[int, list[int]] = {}
    wanted = select(GroupMembership.group_id, GroupMembership.enrolment_id).where(GroupMembership.group_id.in_(groups))
    for group, learner in session.execute(wanted):
        found.setdefault(group, []).append(learner)
    return found


def together(overrides: Iterable[Override]) -> Instead:
    """Their own before the groups', of those the most generous, thing by thing; codes in the order they were given."""
    all_of_them = sorted(overrides, key=lambda each: each.id)
    own = most_generous(each.instead for each in all_of_them if each.is_own)
    return own.or_else(most_generous(each.instead for each in all_of_them if not each.is_own))


def of_quiz(session: Session, quiz: Quiz) -> Sequence[Override]:
    """The groups first, each by its name."""
    wanted = select(Override).where(Override.quiz_id == quiz.id)
    found = session.scalars(wanted.options(joinedload(Override.group), joinedload(Override.enrolment))).all()
    return sorted(found, key=lambda each: (each.is_own, each.name.casefold(), each.id))


def _learners(session: Session, override: Override) -> list[int]:
    """The rows of those it is for, in their order."""
    if override.enrolment_id is not None:
        return [override.enrolment_id]
    wanted = select(GroupMembership.enrolment_id).where(GroupMembership.group_id == override.group_id)
    return sorted(session.scalars(wanted))


def learners_of(session: Session, override: Override) -> list[Enrolment]:
    wanted = select(Enrolment).where(Enrolment.id.in_(_learners(session, override))).order_by(Enrolment.id)
    return list(session.scalars(wanted))
