"""People take part: by themselves, because an instructor put them down, or because somebody thought of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.models import Enrolment, Role
from mentoring.events import PersonLetIn, ProgramJoined
from mentoring.participants.models import Answer, Came, Participant, ParticipantState
from mentoring.participants.nominating import waiting_for
from mentoring.participants.queries import part_of, takes_people
from mentoring.participants.saying import held
from mentoring.programs.models import Cohort

BY_OTHERS = (Came.ADDED, Came.TICKED)


def enter(session: Session, cohort: Cohort, person: Enrolment, *, came: Came, at: datetime) -> Participant:
    """Their part in the cohort, held until the caller commits, with a place on the waiting list if that is due.

    Who takes part already goes on as they are. Whom an instructor puts down never waits, nor does a newcomer who was
    invited.
    """
    is_new = part_of(session, cohort, person) is None
    participant = held(session, cohort, person, at=at)
    if is_new or participant.state in (ParticipantState.LEFT, ParticipantState.INVITED):
        is_newcomer = participant.state == ParticipantState.INVITED and participant.came == Came.NEWCOMER
        if participant.state != ParticipantState.INVITED:
            participant.came = came
        is_let_in = came in BY_OTHERS or is_newcomer or takes_people(cohort)
        participant.state = ParticipantState.TAKING_PART if is_let_in else ParticipantState.WAITING_LIST
    elif came in BY_OTHERS and participant.state == ParticipantState.WAITING_LIST:
        participant.state = ParticipantState.TAKING_PART
    return participant


def take_part(
    session: Session, cohort: Cohort, me: Enrolment, *, mentors: bool, seeks: bool, consents: bool, at: datetime
) -> Participant:
    """I take part as one of the two, or as both; the caller commits. A consent that stands keeps its date."""
    before = _has_joined(part_of(session, cohort, me))
    participant = enter(session, cohort, me, came=Came.JOINED, at=at)
    participant.as_mentor, participant.as_mentee = mentors, seeks
    participant.consented = (participant.consented or at) if consents else None
    if mentors:
        _answer(session, participant, Answer.ACCEPTED, at)
    session.flush()
    if not before and _has_joined(participant):
        tell_joined(session, participant, at)
    return participant


def _has_joined(participant: Participant | None) -> bool:
    """Whether they take part because they said so themselves; whom others put down has not said anything yet."""
    if participant is None or participant.state != ParticipantState.TAKING_PART:
        return False
    return participant.came not in BY_OTHERS or participant.consented is not None


def tell_joined(session: Session, participant: Participant, at: datetime) -> None:
    if participant.enrolment.is_test:
        return
    program = participant.cohort.program
    outbox.announce(
        session,
        ProgramJoined(
            at=at,
            who=participant.enrolment.who,
            where=participant.enrolment.course.where,
            program=program.public_id,
            program_title=program.title,
            cohort=participant.cohort.public_id,
            cohort_title=participant.cohort.title,
        ),
    )


def put_down(
    session: Session, cohort: Cohort, person: Enrolment, *, mentors: bool, seeks: bool, at: datetime
) -> Participant:
    """An instructor says what somebody does; whether they consent stays theirs to say. The caller commits."""
    participant = enter(session, cohort, person, came=Came.ADDED, at=at)
    participant.as_mentor, participant.as_mentee = mentors, seeks
    session.flush()
    tell_let_in(session, participant, at)
    return participant


def tell_let_in(session: Session, participant: Participant, at: datetime) -> None:
    """Those who wait for somebody to join hear of whom an instructor has put down or let in; the caller commits."""
    who, cohort = participant.enrolment, participant.cohort
    if participant.state == ParticipantState.TAKING_PART and not who.is_test:
        outbox.announce(session, PersonLetIn(at=at, who=who.who, where=who.course.where, cohort=cohort.public_id))


def leave(session: Session, participant: Participant) -> None:
    """They take no part any more; what they said stays for another time. Mentorships are not touched."""
    participant.state = ParticipantState.LEFT
    participant.as_mentor = participant.as_mentee = False
    participant.consented = participant.paused_until = None
    session.flush()


def let_in(session: Session, participant: Participant, *, at: datetime) -> bool:
    """From the waiting list; False if they do not stand on it. The caller commits."""
    if participant.state != ParticipantState.WAITING_LIST:
        return False
    participant.state = ParticipantState.TAKING_PART
    session.flush()
    tell_let_in(session, participant, at)
    return True


def accept(session: Session, cohort: Cohort, me: Enrolment, *, at: datetime) -> Participant | None:
    """I will mentor, as somebody suggested; nothing if nobody did. The caller commits."""
    if not waiting_for(session, cohort, me):
        return None
    was_mentee = (part := part_of(session, cohort, me)) is not None and part.as_mentee
    participant = enter(session, cohort, me, came=Came.NOMINATED, at=at)
    participant.as_mentor, participant.as_mentee = True, was_mentee
    _answer(session, participant, Answer.ACCEPTED, at)
    session.flush()
    tell_joined(session, participant, at)
    return participant


def decline(session: Session, cohort: Cohort, me: Enrolment, *, at: datetime) -> bool:
    """Not now. They stay what they were; False if nobody had asked. The caller commits."""
    asked = waiting_for(session, cohort, me)
    for nomination in asked:
        nomination.answer, nomination.answered = Answer.DECLINED, at
    participant = part_of(session, cohort, me)
    if participant is not None and participant.state == ParticipantState.INVITED and participant.nominated_by_id:
        is_mentee = me.role == Role.LEARNER
        participant.state = ParticipantState.TAKING_PART if is_mentee else ParticipantState.LEFT
    session.flush()
    return bool(asked)


def _answer(session: Session, participant: Participant, answer: Answer, at: datetime) -> None:
    for nomination in waiting_for(session, participant.cohort, participant.enrolment):
        nomination.answer, nomination.answered = answer, at
        participant.nominated_by_id = participant.nominated_by_id or nomination.by_id
