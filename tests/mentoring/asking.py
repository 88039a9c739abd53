"""Asks and mentorships in every state, for tests that go on from there."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.models import Enrolment
from lti_tool.outbox import Happening
from lti_tool.running.delivering import drain
from mentoring.mentorships import answering, ending, living
from mentoring.mentorships.holding import hold
from mentoring.mentorships.ledger import Pair
from mentoring.mentorships.models import Mentorship, Origin
from mentoring.mentorships.proposing import propose
from mentoring.mentorships.requesting import request
from mentoring.mentorships.states import MentorshipState
from mentoring.mentorships.superseding import OTHER_ACCEPTED, supersede
from mentoring.participants.joining import join
from mentoring.participants.models import Wish
from mentoring.participants.queries import participants_of
from mentoring.programs.models import MentorKind, MentorTask, ProgramVersion
from tests.cast import THEN
from tests.mentoring.conftest import School

S = MentorshipState
A_DAY = timedelta(days=1)


def designed(school: School, **words: object) -> None:
    """The program of the course says so; past its guard, which keeps versions that are in use."""
    version = school.cohort.version
    school.session.execute(update(ProgramVersion).where(ProgramVersion.id == version.id).values(**words))
    school.session.commit()
    school.session.expire_all()


def with_task(school: School, title: str, days: int) -> None:
    task = MentorTask(version_id=school.cohort.version_id, place=1, title=title, days=days)
    school.session.add(task)
    school.session.commit()
    school.session.expire_all()


def second_kind(school: School, key: str = "technical") -> MentorKind:
    kind = MentorKind(version_id=school.cohort.version_id, key=key, label=key.title(), place=2)
    school.session.add(kind)
    school.session.commit()
    school.session.expire_all()
    return kind


def wishes(school: School, mentee: Enrolment, *mentors: Enrolment) -> None:
    join(school.session, school.cohort, [mentee], at=THEN)
    mine = participants_of(school.session, school.cohort)[mentee.id]
    for rank, mentor in enumerate(mentors, 1):
        school.session.add(Wish(participant_id=mine.id, whom_id=mentor.id, rank=rank))
    school.session.commit()


def proposed(school: School, mentee: Enrolment, mentor: Enrolment, *, kind: int = 0, at: datetime = THEN) -> Mentorship:
    pair = Pair(mentee, mentor, school.cohort.version.kinds[kind])
    result = propose(school.session, school.cohort, [pair], by=school.ines, at=at, origin=Origin.RUN)
    school.session.commit()
    [made] = result.made
    return made


def requested(
    school: School, mentee: Enrolment, mentor: Enrolment, *, kind: int = 0, case: str = "Please", at: datetime = THEN
) -> Mentorship:
    kinds = school.cohort.version.kinds
    made = request(school.session, school.cohort, mentor, kinds[kind], case, by=mentee, at=at)
    school.session.commit()
    return made


def held(school: School, mentorship: Mentorship) -> Mentorship:
    found = hold(school.session, mentorship.id)
    assert found is not None
    return found


def said_yes(school: School, mentorship: Mentorship, by: Enrolment, *, at: datetime = THEN) -> Mentorship:
    answering.accept(school.session, held(school, mentorship), by=by, at=at)
    school.session.commit()
    return mentorship


def in_state(school: School, state: MentorshipState) -> Mentorship:
    """A request of Leo's to Maya, or what has become of it."""
    asked = requested(school, school.leo, school.maya)
    session, leo, maya = school.session, school.leo, school.maya
    held(school, asked)
    if state is S.INFO_ASKED:
        answering.ask_back(session, asked, "What have you tried?", by=maya, at=THEN)
    elif state is S.DECLINED:
        answering.decline(session, asked, by=maya, at=THEN, reason="no_time")
    elif state is S.WITHDRAWN:
        answering.withdraw(session, asked, by=leo, at=THEN)
    elif state is S.EXPIRED:
        answering.expire(session, asked, at=THEN)
    elif state is S.SUPERSEDED:
        supersede(session, asked, at=THEN, reason=OTHER_ACCEPTED)
    elif state is not S.PROPOSED:
        answering.accept(session, asked, by=maya, at=THEN)
        _live(session, asked, state, leo)
    session.commit()
    assert asked.state is state
    return asked


def _live(session: Session, mentorship: Mentorship, state: MentorshipState, leo: Enrolment) -> None:
    if state is S.CANCELLED:
        ending.end(session, mentorship, by=leo, at=THEN, reason="no_more_time")
    if state in (S.ACCEPTED, S.CANCELLED):
        return
    living.begin(session, mentorship, by=leo, at=THEN)
    if state is S.PAUSED:
        living.pause(session, mentorship, until=THEN + 10 * A_DAY, by=leo, at=THEN)
    elif state is S.COMPLETED:
        living.complete(session, mentorship, by=leo, at=THEN)
    elif state is S.ENDED_EARLY:
        ending.end(session, mentorship, by=leo, at=THEN, reason="no_more_time")


def deliver(app: Flask, session: Session, *, at: datetime) -> None:
    """Let everything happen that is due by then."""
    session.commit()
    with clock.moved_to(at):
        drain(app)
    session.rollback()
    session.expire_all()


def happened(session: Session) -> list[str]:
    """What was announced, in order."""
    return list(session.scalars(select(Happening.name).order_by(Happening.id)))
