"""A newcomer on the roster is asked to take part, reminded, and put up for matching, without anybody's click.

Whoever appears (by a roster, or by opening the tool) makes the course's run look around soon: every learner who is no
participant yet becomes one. One look does for many newcomers, and one that was missed is made up for by the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from flask import Flask
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, happenings, mail, outbox
from lti_tool.db import transaction
from lti_tool.events import CourseEntered, PersonJoinedCourse, PersonReturned
from lti_tool.mail import Words
from lti_tool.models import Course, Enrolment, Role
from lti_tool.outbox import Done, Errand, Later, Outcome
from mentoring.events import AnswerAwaited, ReadyForMatching
from mentoring.names import in_sentence
from mentoring.participants.joining import join
from mentoring.participants.models import Came, Participant, ParticipantState
from mentoring.participants.taking_part import tell_joined
from mentoring.programs.choices import CohortState
from mentoring.programs.models import Cohort, Program, ProgramVersion

INVITATIONS = "invitations"
"""The kind of notice by which people are asked to take part."""
LOOKING, REMINDING = "mentoring-newcomers", "mentoring-reminders"
TAKES_IN = (CohortState.OPEN, CohortState.MATCHING, CohortState.RUNNING)
"""States in which a run takes newcomers in."""
MOST_REMINDED = 200
"""People a letter reminds: what takes a second."""


def init_app(app: Flask) -> None:
    outbox.subscribe(app, PersonJoinedCourse, _hear)
    outbox.subscribe(app, PersonReturned, _hear)
    happenings.hear_soon(app, CourseEntered, _hear_of_visits)
    outbox.register_carrier(app, LOOKING, LookingCarrier())
    outbox.register_carrier(app, REMINDING, RemindingCarrier())


def _hear(session: Session, event: PersonJoinedCourse | PersonReturned) -> None:
    if event.role == Role.LEARNER:
        _look_in(session, {event.where.course}, event.at)


def _hear_of_visits(session: Session, events: Sequence[CourseEntered]) -> None:
    first = [event for event in events if event.is_first and event.role == Role.LEARNER]
    if first:
        _look_in(session, {event.where.course for event in first}, first[0].at)


def _look_in(session: Session, courses: set[str], at: datetime) -> None:
    inviting = (
        select(Cohort)
        .join(Cohort.version)
        .join(ProgramVersion.program)
        .join(Program.course)
        .where(Course.public_id.in_(courses), Cohort.invites_newcomers, Cohort.state.in_(TAKES_IN))
        .order_by(Cohort.id)
    )
    for cohort in session.scalars(inviting):
        look_soon(session, cohort, at)


def look_soon(session: Session, cohort: Cohort, at: datetime) -> None:
    """Let this run look around for newcomers, if it takes them in; the caller commits."""
    if cohort.invites_newcomers and cohort.state in TAKES_IN:
        outbox.post(session, LOOKING, {"cohort": cohort.id}, due=max(at, cohort.starts), key=f"newcomers:{cohort.id}")


class LookingCarrier:
    """Takes newcomers in."""

    batch = 20

    def carry(self, errands: Sequence[Errand]) -> list[Outcome]:
        return [_look(errand) for errand in errands]


def _look(errand: Errand) -> Outcome:
    at = clock.now()
    with transaction() as session:
        cohort = session.get(Cohort, errand.body["cohort"], with_for_update={"of": Cohort}, populate_existing=True)
        if cohort is not None:
            if cohort.starts > at:
                return Later("the run has not begun", (cohort.starts - at).total_seconds() + 0.001)
            take_in(session, cohort, at=at)
    return Done()


def take_in(session: Session, cohort: Cohort, *, at: datetime) -> Sequence[Participant]:
    """Make participants of the learners who are none yet, and ask those whose consent is needed; the caller commits."""
    is_over = cohort.ends is not None and cohort.ends <= at
    if is_over or not cohort.invites_newcomers or cohort.state not in TAKES_IN:
        return ()
    people = _not_yet_taking_part(session, cohort)
    needs_consent = cohort.version.needs_consent
    join(
        session,
        cohort,
        people,
        at=at,
        came=Came.NEWCOMER,
        state=ParticipantState.INVITED if needs_consent else ParticipantState.TAKING_PART,
    )
    taken = _rows_of(session, cohort, people)
    for participant in taken:
        participant.as_mentee = True
    if taken and needs_consent:
        _remind_later(session, taken, cohort, at)
    session.flush()
    if taken and not needs_consent:
        put_up(session, cohort, at)
    return taken


def _not_yet_taking_part(session: Session, cohort: Cohort) -> Sequence[Enrolment]:
    part = select(Participant.enrolment_id).where(Participant.cohort_id == cohort.id)
    return session.scalars(
        select(Enrolment)
        .where(
            Enrolment.course_id == cohort.program.course_id,
            Enrolment.role == Role.LEARNER,
            Enrolment.is_active,
            ~Enrolment.is_test,
            Enrolment.id.not_in(part),
        )
        .order_by(Enrolment.id)
    ).all()


def _rows_of(session: Session, cohort: Cohort, people: Sequence[Enrolment]) -> Sequence[Participant]:
    """Their rows, but for those that somebody else was quicker to make."""
    return session.scalars(
        select(Participant)
        .where(
            Participant.cohort_id == cohort.id,
            Participant.enrolment_id.in_([person.id for person in people]),
            Participant.came == Came.NEWCOMER,
        )
        .order_by(Participant.id)
    ).all()


def answer(session: Session, participant: Participant, *, takes_part: bool, at: datetime) -> None:
    """Write down what a newcomer who was asked has said; the caller commits. Who has said not now may still say yes."""
    if takes_part:
        participant.state, participant.consented = ParticipantState.TAKING_PART, at
        session.flush()
        tell_joined(session, participant, at)
        put_up(session, participant.cohort, at)
    else:
        participant.state = ParticipantState.LEFT


def put_up(session: Session, cohort: Cohort, at: datetime) -> None:
    """Say that somebody of this run has become ready to be matched; the caller commits."""
    event = ReadyForMatching(
        at=at, where=cohort.course.where, cohort=cohort.public_id, program=cohort.program.public_id
    )
    outbox.announce(session, event)


def _remind_later(session: Session, asked: Sequence[Participant], cohort: Cohort, at: datetime) -> None:
    due = at + timedelta(days=cohort.version.reply_days)
    for start in range(0, len(asked), MOST_REMINDED):
        ids = [participant.id for participant in asked[start : start + MOST_REMINDED]]
        outbox.post(session, REMINDING, {"participants": ids}, due=due)


class RemindingCarrier:
    """Reminds those who have not answered, once."""

    batch = 1

    def carry(self, errands: Sequence[Errand]) -> list[Outcome]:
        return [_remind(errand) for errand in errands]


def _remind(errand: Errand) -> Outcome:
    with transaction() as session:
        waiting = session.scalars(
            select(Participant)
            .where(Participant.id.in_(errand.body["participants"]), Participant.state == ParticipantState.INVITED)
            .order_by(Participant.id)
            .with_for_update(of=Participant)
            .execution_options(populate_existing=True)
        )
        for participant in waiting:
            if participant.cohort.state in TAKES_IN and participant.enrolment.is_active:
                _tell(session, participant, at=clock.now())
    return Done()


def _tell(session: Session, participant: Participant, *, at: datetime) -> None:
    """Let it be known that somebody's answer is awaited, and remind them."""
    cohort = participant.cohort
    event = AnswerAwaited(
        at=at,
        # The same if the letter is carried once more after a crash.
        event_id=str(uuid5(NAMESPACE_OID, f"newcomer:{participant.public_id}")),
        who=participant.enrolment.who,
        where=cohort.course.where,
        program=cohort.program.public_id,
        program_title=cohort.program.title,
        asked=participant.created,
    )
    outbox.announce(session, event)

    def say() -> Words:
        title = in_sentence(cohort.program.title)
        return Words(
            _("Would you like to take part in %(program)s?", program=title),
            (_("Nobody is matched with you before you agree. “Not now” is an answer, too."),),
            _("Answer"),
            mail.path_to("courses.home", course=cohort.course.public_id),
        )

    mail.tell(session, participant.enrolment, INVITATIONS, say, key=f"newcomer:{participant.public_id}", at=at)
