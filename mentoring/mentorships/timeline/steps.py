"""The program's steps on a timeline: copied when a mentorship begins, and each done by its own event.

A quiz or a review says so itself (`ActivityCompleted`), a task when it is ticked among the tasks, and what is to be
read or done is ticked by whoever has done it. One that is for several is done when all of them have done it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from sqlalchemy import and_, insert, select
from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.db import find_or_create, table
from lti_tool.events import ActivityCompleted
from lti_tool.models import Course, Enrolment, Person, Platform
from mentoring.events import StepDone
from mentoring.mentorships.models import Membership, Mentorship, Part, Task
from mentoring.mentorships.postcards import within
from mentoring.mentorships.refusing import Refusal
from mentoring.mentorships.states import STANDING
from mentoring.mentorships.timeline.models import StepMark, TimelineEntry
from mentoring.participants.models import Participant, Passed
from mentoring.programs.choices import ForWhom, StepManner
from mentoring.programs.models import ProgramStep

PARTS: Mapping[ForWhom, Sequence[Part]] = {
    ForWhom.MENTEE: (Part.MENTEE, Part.PEER),
    ForWhom.MENTOR: (Part.MENTOR, Part.SUBSTITUTE, Part.PEER),
    ForWhom.BOTH: tuple(Part),
}
"""Whose a step is; among peers everybody's."""


def init_app(app: Flask) -> None:
    outbox.subscribe(app, ActivityCompleted, hear)


def lay_out(session: Session, mentorships: Sequence[Mentorship]) -> None:
    """Copy the steps of each one's program; what somebody has passed before is done."""
    planned = _planned(session, {each.cohort.version_id for each in mentorships})
    rows = [row for each in mentorships for row in _copies(each, planned[each.cohort.version_id])]
    if not rows:
        return
    session.execute(insert(table(TimelineEntry)), rows)
    if any(row["manner"] is StepManner.ACTIVITY for row in rows):
        _count_what_was_passed(session, [each.id for each in mentorships])


def times_of(mentorship: Mentorship) -> tuple[datetime, datetime]:
    """When one that counts began, and when it is planned to end."""
    assert mentorship.started is not None
    assert mentorship.planned_end is not None
    return mentorship.started, mentorship.planned_end


def after(share: int, started: datetime, ends: datetime) -> datetime:
    """So many percent of the way."""
    return started + (ends - started) * share / 100


def people_of(entry: TimelineEntry, mentorship: Mentorship) -> list[Participant]:
    """Whose step it is, among those who belong to it now."""
    parts = PARTS[entry.whom or ForWhom.BOTH]
    return [
        member.participant for member in mentorship.members if member.until == mentorship.ended and member.part in parts
    ]


def tick(
    session: Session, mentorship: Mentorship, entry: TimelineEntry, is_done: bool, *, by: Participant, at: datetime
) -> None:
    """Somebody says for themselves that they have done it, or have not after all. Raises Refusal."""
    if all(person.id != by.id for person in people_of(entry, mentorship)):
        raise Refusal(_("This step is not yours to tick: it is for the other side."))
    mark = entry.mark_of(by)
    if is_done and mark is None:
        entry.marks.append(StepMark(participant=by, participant_id=by.id, done=at))
        outbox.announce(session, StepDone(**within(mentorship, by, at), step=entry.public_id))
    elif not is_done and mark is not None:
        entry.marks.remove(mark)
        session.delete(mark)
    _settle(entry, mentorship)
    session.flush()


def follow(session: Session, mentorship: Mentorship, task: Task, *, by: Participant) -> None:
    """A task was ticked, or its tick taken away: so is the step that waits for it."""
    waiting = session.scalars(
        select(TimelineEntry).where(
            TimelineEntry.mentorship_id == mentorship.id,
            TimelineEntry.manner == StepManner.TASK,
            TimelineEntry.address == task.title,
        )
    )
    for entry in waiting:
        entry.done, entry.done_by = task.done, by if task.done else None


def hear(session: Session, event: ActivityCompleted) -> None:
    """Somebody has done a quiz or a review: what was not passed does not count, and what cannot be passed does."""
    if event.has_passed is False:
        return
    found = session.execute(_waiting_for(event)).all()
    for entry, participant in found:
        if all(person.id != participant.id for person in people_of(entry, entry.mentorship)):
            continue
        key = {"entry_id": entry.id, "participant_id": participant.id}
        find_or_create(session, StepMark, key, done=event.at)
        session.expire(entry, ["marks"])
        _settle(entry, entry.mentorship)


def _waiting_for(event: ActivityCompleted) -> Any:
    """The open steps of standing mentorships that this completes, held so that two who finish at once count both."""
    return (
        select(TimelineEntry, Participant)
        .join(TimelineEntry.mentorship)
        .join(Membership, Membership.mentorship_id == Mentorship.id)
        .join(Participant, Participant.id == Membership.participant_id)
        .join(Participant.enrolment)
        .join(Enrolment.person)
        .join(Person.platform)
        .join(Course, Course.id == Enrolment.course_id)
        .where(
            TimelineEntry.manner == StepManner.ACTIVITY,
            TimelineEntry.address == event.activity,
            TimelineEntry.done.is_(None),
            Mentorship.state.in_(STANDING),
            Membership.until.is_(None),
            Platform.public_id == event.who.platform,
            Person.subject == event.who.subject,
            Course.public_id == event.where.course,
        )
        .order_by(TimelineEntry.id)
        .with_for_update(of=TimelineEntry)
        .execution_options(populate_existing=True)
    )


def _planned(session: Session, version_ids: set[int]) -> dict[int, list[ProgramStep]]:
    found: dict[int, list[ProgramStep]] = defaultdict(list)
    for step in session.scalars(
        select(ProgramStep).where(ProgramStep.version_id.in_(version_ids)).order_by(ProgramStep.place)
    ):
        found[step.version_id].append(step)
    return found


def _copies(mentorship: Mentorship, planned: Sequence[ProgramStep]) -> Iterator[dict[str, Any]]:
    started, ends = times_of(mentorship)
    for step in planned:
        yield {
            "mentorship_id": mentorship.id,
            "manner": step.manner,
            "whom": step.whom,
            "address": step.address,
            "share": step.share,
            "title": step.title,
            "due": after(step.share, started, ends)
            if step.share is not None
            else started + timedelta(days=step.days or 0),
        }


def _count_what_was_passed(session: Session, mentorship_ids: Sequence[int]) -> None:
    rows = session.execute(
        select(TimelineEntry, Membership.participant_id, Passed.at)
        .join(Membership, Membership.mentorship_id == TimelineEntry.mentorship_id)
        .join(Participant, Participant.id == Membership.participant_id)
        .join(
            Passed,
            and_(Passed.enrolment_id == Participant.enrolment_id, Passed.activity == TimelineEntry.address),
        )
        .where(
            TimelineEntry.mentorship_id.in_(mentorship_ids),
            TimelineEntry.manner == StepManner.ACTIVITY,
            Membership.until.is_(None),
        )
        .order_by(TimelineEntry.id)
    ).all()
    for entry, participant_id, at in rows:
        if all(person.id != participant_id for person in people_of(entry, entry.mentorship)):
            continue
        entry.marks.append(StepMark(participant_id=participant_id, done=at))
        _settle(entry, entry.mentorship)
    session.flush()


def _settle(entry: TimelineEntry, mentorship: Mentorship) -> None:
    """It is done when the last of those has done it whose it is."""
    done = {mark.participant_id: mark.done for mark in entry.marks}
    whose = [person.id for person in people_of(entry, mentorship)]
    is_done = bool(whose) and all(each in done for each in whose)
    entry.done = max(done[each] for each in whose) if is_done else None
