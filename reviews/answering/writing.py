"""A rater's answers are kept as they are written, and handed in: from then on nothing leads back to who wrote them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, insert, select, union
from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.db import table
from lti_tool.keys import seal, unseal
from reviews.answering import progressing
from reviews.answering.models import Remark, Response, random_id
from reviews.answering.said import NOTHING, Said, only_asked, open_parts, told_in_words
from reviews.campaigns import nominating
from reviews.campaigns.models import Assignment, Campaign, Target
from reviews.campaigns.phases import TO_ANSWER, AssignmentState

MOST_SHUFFLED = 50
"""Answers of a group that are written anew with each one that is handed in; of a large group, as many of them."""


class Kept(StrEnum):
    """What became of a draft that was sent."""

    NEW = "new"
    HAD = "had"
    """This very one was kept before."""
    OLDER = "older"
    """Another one was kept since the page that sent it last heard of any."""


class NotTaken(Exception):
    """It was handed in before, or its time is over."""


class StillOpen(Exception):
    """Something has to be answered first; `parts` are its keys."""

    def __init__(self, parts: Sequence[str]) -> None:
        super().__init__(", ".join(parts))
        self.parts = parts


def draft_of(assignment: Assignment) -> Said:
    """What was written so far; of one that was handed in, nothing any more."""
    return Said.of_text(unseal(assignment.sealed_draft)) if assignment.sealed_draft else NOTHING


def keep(session: Session, assignment: Assignment, said: Said, *, seq: int | None = None, at: datetime) -> Kept:
    """Keep this as the draft; the caller commits. Raises NotTaken.

    `seq` is what a page that saves by itself counts this save as, one more than that of the last it knows of: what
    arrives late, or from a page that does not know of a newer one, changes nothing.
    """
    hold(session, assignment, at)
    asked = only_asked(assignment.group.content, assignment.group.key, said)
    if seq is not None and seq <= assignment.seq:
        return Kept.HAD if seq == assignment.seq and draft_of(assignment) == asked else Kept.OLDER
    assignment.seq = max(assignment.seq + 1, seq or 0)
    assignment.sealed_draft = seal(asked.as_text())
    if assignment.state is AssignmentState.INVITED:
        assignment.move(AssignmentState.STARTED)
    return Kept.NEW


def knows(assignment: Assignment, said: Said, seq: int) -> bool:
    """Whether a page that knows of the draft with this number knows of the newest, or says what that one says."""
    asked = only_asked(assignment.group.content, assignment.group.key, said)
    return seq >= assignment.seq or draft_of(assignment) == asked


def hand_in(session: Session, assignment: Assignment, said: Said, *, at: datetime) -> None:
    """These are their answers; the caller commits. Raises NotTaken, and StillOpen, having changed nothing.

    Of anonymous groups the row of answers has no key to anybody and not even the day; and because it is written
    together with those that were there, in an order of chance, neither its place nor its transaction tells whose it is.
    """
    hold(session, assignment, at)
    group, content = assignment.group, assignment.group.content
    asked = only_asked(content, group.key, said)
    if parts := open_parts(content, group.key, asked):
        raise StillOpen(parts)
    asked = told_in_words(content, group.key, asked)
    assignment.move(AssignmentState.SUBMITTED)
    assignment.submitted, assignment.sealed_draft, assignment.seq = at.date(), None, 0
    session.flush()
    whose = None if group.is_anonymous else assignment.id
    about = {"target_id": assignment.target_id, "group_id": group.id, "assignment_id": whose}
    day = None if group.is_anonymous else at.date()
    ratings = {"day": day, "ratings": dict(asked.ratings), "importance": dict(asked.importance)}
    _mixed_in(session, Response, [{**about, **ratings}])
    remarks = [
        {**about, "about": key, "text": text, "redacted": None, "may_be_quoted": key in asked.quotable}
        for key, text in asked.comments.items()
    ]
    _mixed_in(session, Remark, remarks)
    if assignment.rater is not None and not assignment.rater.is_test:
        outbox.announce(session, progressing.progressed(session, assignment, at))


def decline(session: Session, assignment: Assignment, reason: str, *, at: datetime) -> None:
    """Its rater says no, and why; what they had written goes. The caller commits. Raises NotTaken."""
    hold(session, assignment, at)
    nominating.decline(assignment, reason)
    assignment.seq = 0


def hold(session: Session, assignment: Assignment, at: datetime) -> None:
    """Nobody else changes it until the commit. Raises NotTaken where it takes no answers."""
    session.flush()
    session.refresh(assignment, with_for_update={"of": Assignment})
    if assignment.state not in TO_ANSWER or not assignment.target.takes_answers(at):
        raise NotTaken


def _mixed_in(session: Session, model: type[Response] | type[Remark], new: Sequence[Mapping[str, object]]) -> None:
    """Write these rows, and those of the same group about the same target anew, all under other keys."""
    if not new:
        return
    columns = table(model).c
    target, group = new[0]["target_id"], new[0]["group_id"]
    rows = [dict(each) for each in new]
    if new[0]["assignment_id"] is None:
        wanted = select(table(model)).where(columns.target_id == target, columns.group_id == group)
        there = session.execute(wanted.order_by(columns.id).with_for_update()).mappings().all()
        drawn = random.SystemRandom().sample(there, min(len(there), MOST_SHUFFLED))
        if drawn:
            session.execute(delete(table(model)).where(columns.id.in_([each["id"] for each in drawn])))
        rows += [dict(each) for each in drawn]
    for row in rows:
        row["id"] = random_id()
    random.SystemRandom().shuffle(rows)
    session.execute(insert(table(model)), rows)


def answered(session: Session, campaign: Campaign) -> set[int]:
    """The ids of those about whom somebody has handed in, also where whoever did was erased since."""
    of_it, submitted = Target.campaign_id == campaign.id, Assignment.state == AssignmentState.SUBMITTED
    handed_in = select(Assignment.target_id).join(Assignment.target).where(of_it, submitted)
    kept = select(Response.target_id).join(Response.target).where(of_it)
    return set(session.scalars(union(handed_in, kept)))
