"""What observers see: a summary of the learners their LMS names, where the program allows it.

An observer (the LTI role `Mentor`, often a parent) follows exactly the learners of this course that the newest
launch named. Features say whether a course allows it and what there is to tell; nothing here reads answers,
reviews or notes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy import ForeignKey, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from lti_tool import panels
from lti_tool.db import Base, db
from lti_tool.models import Course, Enrolment, Person, Role
from lti_tool.panels import Card, Panel


class Observed(Base):
    """A learner an observer may follow, as the observer's newest launch said."""

    __tablename__ = "observed"
    __table_args__ = (UniqueConstraint("observer_id", "learner_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    observer_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id))
    learner_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id), index=True)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing an observer is told about a learner."""

    label: str
    value: str
    tone: str = "plain"
    """As the macro `state` takes it: plain, done, waiting or wrong."""


Policy = Callable[[Course], bool]
Teller = Callable[[Sequence[Enrolment]], Mapping[int, Sequence[Line]]]
"""Lines about these learners of one course, by enrolment id."""


class _Registry:
    def __init__(self) -> None:
        self.policies: list[Policy] = []
        self.tellers: list[tuple[int, Teller]] = []


def init_app(app: Flask) -> None:
    app.extensions["observing"] = _Registry()
    panels.register(app, Panel(key="observed", order=10, open_to=(Role.OBSERVER,), fill=observed_card))


def register_policy(app: Flask, policy: Policy) -> None:
    """Let a feature say whether observers of a course may follow their learners; one yes is enough."""
    app.extensions["observing"].policies.append(policy)


def register_teller(app: Flask, teller: Teller, *, order: int) -> None:
    app.extensions["observing"].tellers.append((order, teller))


def note(session: Session, observer: Enrolment, subjects: Sequence[str]) -> None:
    """Take over whom the newest launch lets this person observe; whoever is not named any more is let go.

    Only learners of this very course count, whatever else was named. The caller commits.
    """
    session.execute(delete(Observed).where(Observed.observer_id == observer.id))
    if observer.role != Role.OBSERVER or not subjects:
        return
    learners = session.scalars(
        select(Enrolment.id)
        .join(Enrolment.person)
        .where(Enrolment.course_id == observer.course_id, Person.subject.in_(subjects), Enrolment.role == Role.LEARNER)
        .order_by(Enrolment.number)
    )
    session.add_all(Observed(observer_id=observer.id, learner_id=learner) for learner in learners.all())


def followed_by(session: Session, observer: Enrolment) -> Sequence[Enrolment]:
    """The learners this observer may follow just now, by the number they carry in the course."""
    return session.scalars(
        select(Enrolment)
        .join(Observed, Observed.learner_id == Enrolment.id)
        .where(
            Observed.observer_id == observer.id,
            Enrolment.course_id == observer.course_id,
            Enrolment.role == Role.LEARNER,
            Enrolment.is_active,
            ~Enrolment.is_test,
        )
        .order_by(Enrolment.number)
    ).all()


def may_observe(course: Course) -> bool:
    return any(policy(course) for policy in _registry().policies)


def observed_card(me: Enrolment) -> Card:
    """The learners I may follow with what is told about each, or why there is nothing to see."""
    is_allowed = may_observe(me.course)
    learners = followed_by(db.session, me) if is_allowed else []
    return Card(
        title=_("Whom you follow"),
        template="_observed.html",
        context={"is_allowed": is_allowed, "learners": _told(learners)},
    )


def _told(learners: Sequence[Enrolment]) -> list[tuple[Enrolment, list[Line]]]:
    if not learners:
        return []
    told = [teller(learners) for _order, teller in sorted(_registry().tellers, key=lambda each: each[0])]
    return [(learner, [line for lines in told for line in lines.get(learner.id, ())]) for learner in learners]


def _registry() -> _Registry:
    found = current_app.extensions["observing"]
    assert isinstance(found, _Registry)
    return found
