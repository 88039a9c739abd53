from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from lti_tool.db import db
from lti_tool.models import Course, Enrolment, Role
from mentoring.mentorships import telling_people
from mentoring.mentorships.models import Mentorship, Origin
from mentoring.mentorships.proposing import propose
from mentoring.pairing.assigning import Assigned, Pair
from mentoring.participants.offering import Offering, offer
from mentoring.programs.models import Cohort
from mentoring.programs.starting import ensure
from tests.cast import THEN, Cast
from tests.mentoring.telling import Told


@dataclass
class School:
    """One course with its people, and the acts that tests begin with."""

    session: Session
    cast: Cast
    course: Course
    ines: Enrolment
    maya: Enrolment
    leo: Enrolment
    zoe: Enrolment

    @property
    def cohort(self) -> Cohort:
        return ensure(self.session, self.course, at=THEN)

    def join(self, name: str, role: Role = Role.LEARNER, **rest: bool) -> Enrolment:
        return self.cast.enrol(self.course, name, role, **rest)

    def mentors(self, **capacities: int) -> None:
        offers = [Offering(getattr(self, name), capacity) for name, capacity in capacities.items()]
        self.offers(*offers)

    def join_mentor(self, name: str, capacity: int = 1) -> Enrolment:
        """Somebody who mentors, with this many places."""
        person = self.join(name)
        self.offers(Offering(person, capacity))
        return person

    def offers(self, *offers: Offering) -> None:
        assert offer(self.session, self.cohort, offers, at=THEN) == []
        self.session.commit()

    def pair(self, *pairs: tuple[Enrolment, Enrolment], by: Enrolment | None = None) -> Assigned:
        """Make these (mentee, mentor) pairs as Ines, whatever the program asks of people before they are matched."""
        kind = self.cohort.version.kinds[0]
        wanted = [Pair(mentee, mentor, kind) for mentee, mentor in pairs]
        result = propose(self.session, self.cohort, wanted, by=by or self.ines, at=THEN, origin=Origin.ASSIGNED)
        self.session.commit()
        return result

    def paired(self, mentee: Enrolment, mentor: Enrolment) -> Mentorship:
        [mentorship] = self.pair((mentee, mentor)).made
        return mentorship


@pytest.fixture
def school(session: Session, cast: Cast) -> School:
    course = cast.course()
    return School(
        session,
        cast,
        course,
        ines=cast.enrol(course, "Ines Torres", Role.INSTRUCTOR),
        maya=cast.enrol(course, "Maya Okafor"),
        leo=cast.enrol(course, "Leo Baum"),
        zoe=cast.enrol(course, "Zoe Lind"),
    )


@pytest.fixture
def visit(app: Flask, cast: Cast) -> Callable[[Enrolment], FlaskClient]:
    return lambda person: cast.visit(app.test_client(), person)


@pytest.fixture
def told(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Told:
    """What people are told from here on."""
    told = Told(app)
    monkeypatch.setattr(telling_people, "_tell", told.tell)
    return told


Counting = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def counting(app: Flask, session: Session) -> Counting:
    """`with counting() as queries`: every statement sent to the database meanwhile."""

    @contextmanager
    def count() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return count
