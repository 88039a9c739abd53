"""The training gate: what somebody has to have done before they are matched, and how it comes to be done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from flask import Flask
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, selectinload

from lti_tool import outbox
from lti_tool.db import find_or_create
from lti_tool.events import ActivityCompleted
from lti_tool.models import Course, Enrolment, Person, Platform
from mentoring.mentorships.models import Part
from mentoring.names import alphabetically
from mentoring.participants.joining import hold, join
from mentoring.participants.models import Participant, ParticipantState, Passed, TrainingDone
from mentoring.participants.queries import is_here, is_seeking
from mentoring.programs import newcomers
from mentoring.programs.choices import Manner
from mentoring.programs.models import Cohort, ProgramVersion, TrainingItem
from mentoring.programs.starting import current


def init_app(app: Flask) -> None:
    outbox.subscribe(app, ActivityCompleted, hear)


class Standing(StrEnum):
    """How far somebody has come with an item."""

    DONE = "done"
    EXPIRED = "expired"
    """Done, and due anew."""
    OPEN = "open"


@dataclass(frozen=True)
class Step:
    """An item of a training for somebody."""

    item: TrainingItem
    done: datetime | None
    expires: datetime | None
    standing: Standing
    has_passed: bool = False
    """Whether a quiz said so, which nobody takes back."""

    @property
    def is_done(self) -> bool:
        return self.standing == Standing.DONE


def is_trained(version: ProgramVersion, participant: Participant, part: Part, at: datetime) -> bool:
    """Whether they have done everything the version asks of this part (MENTOR or MENTEE), and it still holds.

    Reads `version.training`, `participant.training` and `participant.passed`: load them together for many people.
    """
    return not missing(version, participant, part, at)


def missing(version: ProgramVersion, participant: Participant | None, part: Part, at: datetime) -> list[TrainingItem]:
    """What of it is still to be done, or due anew."""
    return [step.item for step in steps(version, participant, part, at) if not step.is_done]


def steps(
    version: ProgramVersion,
    participant: Participant | None,
    part: Part,
    at: datetime,
    quizzes: Mapping[str, datetime] | None = None,
) -> list[Step]:
    """Every item for this part, in order, with how far they have come.

    A quiz is done by passing it, and by an instructor's word for who need not take it. Of somebody who does not take
    part yet nobody has said anything, but they may have passed quizzes: when, by activity.
    """
    done = {each.item: each.done for each in participant.training} if participant else {}
    passed = {each.activity: each.at for each in participant.passed} if participant else quizzes or {}
    return [
        _step(item, done.get(item.key), passed.get(item.address) if item.manner == Manner.QUIZ else None, at)
        for item in version.training
        if item.is_for_mentors == (part == Part.MENTOR)
    ]


def _step(item: TrainingItem, said: datetime | None, passed: datetime | None, at: datetime) -> Step:
    done = max(filter(None, (said, passed)), default=None)
    if done is None:
        return Step(item, None, None, Standing.OPEN)
    expires = done + timedelta(days=item.valid_days) if item.valid_days else None
    has_expired = expires is not None and expires <= at
    has_passed = passed is not None and not has_expired
    return Step(item, done, expires, Standing.EXPIRED if has_expired else Standing.DONE, has_passed)


def parts_of(person: Enrolment, participant: Participant | None) -> list[Part]:
    """What they are, or are to be, in the run: mentor, mentee, both or neither."""
    if participant is not None and participant.state == ParticipantState.LEFT:
        return []
    parts = [Part.MENTOR] if participant is not None and participant.as_mentor else []
    return [*parts, Part.MENTEE] if is_here(person) and is_seeking(person, participant) else parts


def participant_of(session: Session, cohort: Cohort, person: Enrolment) -> Participant | None:
    """Somebody's part in a run with all they have done."""
    return session.scalar(
        select(Participant)
        .where(Participant.cohort_id == cohort.id, Participant.enrolment_id == person.id)
        .options(*WITH_TRAINING)
    )


WITH_TRAINING = (selectinload(Participant.training), selectinload(Participant.passed))
"""What `steps` reads, for many people at once."""


@dataclass(frozen=True)
class Trainee:
    """Somebody with something to learn, and how far they have come with all of it."""

    person: Enrolment
    steps: Sequence[Step]

    @property
    def missing(self) -> Sequence[Step]:
        return [step for step in self.steps if not step.is_done]

    def step(self, key: str) -> Step | None:
        return next((step for step in self.steps if step.item.key == key), None)


def trainees(session: Session, cohort: Cohort, people: Iterable[Enrolment], at: datetime) -> list[Trainee]:
    """Those among these people who have training to do, by name."""
    found = session.scalars(select(Participant).where(Participant.cohort_id == cohort.id).options(*WITH_TRAINING))
    participants = {participant.enrolment_id: participant for participant in found}
    passed = _passed(session, cohort, Enrolment.course_id == cohort.course.id)
    rows = []
    for person in sorted(people, key=alphabetically):
        theirs = _steps_of(cohort.version, person, participants.get(person.id), at, passed[person.id])
        if theirs:
            rows.append(Trainee(person, theirs))
    return rows


def steps_of(session: Session, cohort: Cohort, person: Enrolment, at: datetime) -> list[Step]:
    """Everything somebody has to do, for every part they have."""
    participant = participant_of(session, cohort, person)
    passed = {} if participant else _passed(session, cohort, Enrolment.id == person.id)[person.id]
    return _steps_of(cohort.version, person, participant, at, passed)


def _steps_of(
    version: ProgramVersion,
    person: Enrolment,
    participant: Participant | None,
    at: datetime,
    passed: Mapping[str, datetime],
) -> list[Step]:
    return [step for part in parts_of(person, participant) for step in steps(version, participant, part, at, passed)]


def _passed(session: Session, cohort: Cohort, whose: ColumnElement[bool]) -> Mapping[int, Mapping[str, datetime]]:
    """When these people passed the quizzes that the training asks for, by enrolment id and activity."""
    found: defaultdict[int, dict[str, datetime]] = defaultdict(dict)
    asked = [item.address for item in cohort.version.training if item.manner == Manner.QUIZ]
    if asked:
        for each in session.scalars(select(Passed).join(Passed.enrolment).where(whose, Passed.activity.in_(asked))):
            found[each.enrolment_id][each.activity] = each.at
    return found


def tick(
    session: Session,
    cohort: Cohort,
    item: TrainingItem,
    people: Mapping[Enrolment, bool],
    *,
    by: Enrolment,
    at: datetime,
) -> None:
    """Note for these people that they have done an item, or that they have not after all; the caller commits."""
    join(session, cohort, [person for person, is_done in people.items() if is_done], at=at)
    held = hold(session, cohort, people)
    changed = False
    for person, is_done in people.items():
        if (participant := held.get(person.id)) is not None:
            _note(session, participant, item, is_done=is_done, by=by, at=at)
            changed = changed or is_done
    session.flush()
    if changed and cohort.invites_newcomers:
        newcomers.put_up(session, cohort, at)


def _note(
    session: Session, participant: Participant, item: TrainingItem, *, is_done: bool, by: Enrolment, at: datetime
) -> None:
    known = next((each for each in participant.training if each.item == item.key), None)
    if known is None and is_done:
        participant.training.append(TrainingDone(item=item.key, done=at, said_by=by))
    elif known is not None and is_done:
        known.done, known.said_by = at, by
    elif known is not None:
        participant.training.remove(known)
        session.delete(known)


def hear(session: Session, event: ActivityCompleted) -> None:
    """Remember what somebody has passed, whether or not a training asks for it today."""
    if not event.has_passed:
        return
    enrolment = session.scalar(
        select(Enrolment)
        .join(Enrolment.person)
        .join(Person.platform)
        .join(Enrolment.course)
        .where(
            Platform.public_id == event.who.platform,
            Person.subject == event.who.subject,
            Course.public_id == event.where.course,
        )
    )
    if enrolment is None:
        return
    key = {"enrolment_id": enrolment.id, "activity": event.activity}
    passed, _is_new = find_or_create(session, Passed, key, at=event.at)
    passed.at = max(passed.at, event.at)
    cohort = current(session, enrolment.course)
    if cohort is not None and cohort.invites_newcomers:
        newcomers.put_up(session, cohort, event.at)
