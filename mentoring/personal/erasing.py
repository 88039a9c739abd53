"""What stays of mentorships, and what goes, when one of their people is erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from lti_tool.events import PersonLeftCourse
from lti_tool.models import Enrolment, Person
from lti_tool.personal_data import enrolments_of
from mentoring.mentorships import ending, leaving, tasks
from mentoring.mentorships.agreement.standing import texts_of
from mentoring.mentorships.circles import changing
from mentoring.mentorships.holding import hold_people, lock
from mentoring.mentorships.models import Membership, Mentorship, Part, Transition
from mentoring.mentorships.states import STANDING
from mentoring.mentorships.timeline.models import StepMark, TimelineEntry
from mentoring.pairing.models import Match, MatchCircle, MatchCircleMember, MatchRun, RunState
from mentoring.participants.models import (
    Exclusion,
    MenteeNeed,
    MentorOffer,
    Nomination,
    Participant,
    ParticipantState,
    Passed,
    TrainingDone,
    Wish,
)
from mentoring.personal.giving import participants_of
from mentoring.together import wings


def erase(session: Session, person: Person, at: datetime) -> Sequence[str]:
    """Let their mentorships end first, as for somebody who has left; then take away what they said about themselves."""
    enrolments = enrolments_of(session, person)
    for enrolment in enrolments:
        _end_all(session, enrolment, at)
    parts = participants_of(session, person)
    ids = [each.id for each in parts]
    kept = _forget_words(session, ids, [each.id for each in enrolments])
    _forget_rows(session, ids, [each.id for each in enrolments])
    _forget_runs(session, parts)
    for wing in wings():
        wing.forget(session, person, ids)
    for participant in parts:
        _empty(participant)
    session.flush()
    return [
        "Erased: what they offered, sought, wished, answered and wrote, whom they were kept apart from, training.",
        f"Kept: {kept} mentorships with their history and tasks, for whoever was in them too.",
    ]


def _end_all(session: Session, enrolment: Enrolment, at: datetime) -> None:
    """Nobody waits for them any more, and every mentorship they stand in ends."""
    if enrolment.is_active:
        enrolment.is_active, enrolment.left = False, at
    left = PersonLeftCourse(at=at, who=enrolment.who, where=enrolment.course.where, role=enrolment.role.value)
    leaving.let_asks_rest(session, left)
    ids = session.scalars(
        select(Membership.mentorship_id)
        .join(Membership.participant)
        .join(Membership.mentorship)
        .where(Participant.enrolment_id == enrolment.id, Membership.until.is_(None), Mentorship.state.in_(STANDING))
    ).all()
    hold_people(session, ids)
    for mentorship in lock(session, ids):
        if mentorship.is_circle:
            _leave_circle(session, mentorship, enrolment, at)
            continue
        is_mentee = mentorship.mentee.enrolment_id == enrolment.id
        ending.end(session, mentorship, by=None, at=at, reason=ending.MENTEE_LEFT if is_mentee else ending.MENTOR_LEFT)


def _leave_circle(session: Session, circle: Mentorship, enrolment: Enrolment, at: datetime) -> None:
    for person in circle.people:
        if person.enrolment_id == enrolment.id:
            changing.remove(session, circle, person, by=None, at=at, reason=changing.MEMBER_LEFT)


def _forget_words(session: Session, participants: Sequence[int], enrolments: Sequence[int]) -> int:
    """What they wrote in mentorships, notes about endings too; how many mentorships stay."""
    memberships = session.execute(
        select(Membership.mentorship_id, Membership.part).where(Membership.participant_id.in_(participants))
    ).all()
    for part, words in (
        (Part.MENTEE, {Mentorship.case_text: "", Mentorship.answer: ""}),
        (Part.MENTOR, {Mentorship.question: ""}),
    ):
        ids = [mentorship for mentorship, had in memberships if had == part]
        session.execute(update(Mentorship).where(Mentorship.id.in_(ids)).values(words))
    tasks.forget(session, participants)
    for version, names in texts_of(session, participants).items():
        for name in names:
            setattr(version, name, "")
    session.execute(delete(TimelineEntry).where(TimelineEntry.by_id.in_(participants)))
    # The history is never changed, but for this: the words were theirs, and the step stays.
    session.execute(update(Transition).where(Transition.actor_id.in_(enrolments)).values(note=""))
    return len({mentorship for mentorship, _part in memberships})


def _forget_rows(session: Session, participants: Sequence[int], enrolments: Sequence[int]) -> None:
    for of_participant in (
        MentorOffer.participant_id,
        MenteeNeed.participant_id,
        TrainingDone.participant_id,
        Wish.participant_id,
        StepMark.participant_id,
    ):
        session.execute(delete(of_participant.class_).where(of_participant.in_(participants)))
    for of_enrolment in (
        Wish.whom_id,
        Exclusion.one_id,
        Exclusion.other_id,
        Nomination.whom_id,
        Nomination.by_id,
        Passed.enrolment_id,
    ):
        session.execute(delete(of_enrolment.class_).where(of_enrolment.in_(enrolments)))


def _forget_runs(session: Session, parts: Sequence[Participant]) -> None:
    """Open drafts lose them; of every run they were in, what the engine was told about people goes."""
    ids, keys = [each.id for each in parts], {each.public_id for each in parts}
    runs = session.scalars(select(MatchRun).where(MatchRun.cohort_id.in_({each.cohort_id for each in parts}))).all()
    for run in runs:
        if not keys.isdisjoint(_told_of(run)):
            run.inputs = {}
            if run.state in (RunState.DRAFT, RunState.WORKING):
                run.state = RunState.DISCARDED
    session.execute(delete(Match).where(or_(Match.mentee_id.in_(ids), Match.mentor_id.in_(ids))))
    session.execute(delete(MatchCircleMember).where(MatchCircleMember.participant_id.in_(ids)))
    # A proposed circle of which everybody was erased is none.
    session.execute(
        delete(MatchCircle)
        .where(MatchCircle.run_id.in_([run.id for run in runs]), ~MatchCircle.members.any())
        .execution_options(synchronize_session=False)
    )


def _told_of(run: MatchRun) -> set[str]:
    """The keys of everybody the engine was told about."""
    return {each["key"] for people in ("mentees", "mentors", "peers") for each in run.inputs.get(people, ())}


def _empty(participant: Participant) -> None:
    participant.state, participant.as_mentor, participant.as_mentee = ParticipantState.LEFT, False, False
    participant.languages, participant.interests, participant.hours, participant.shows = [], [], [], []
    participant.answers, participant.level, participant.team, participant.timezone = {}, None, "", ""
    participant.paused_until = None
