"""Several people side by side: whoever is asked about them in one campaign and group answers part by part for all.

Each of them has a draft of their own, and is handed in by itself; what is saved here is laid over what it holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from lti_tool.models import Enrolment
from reviews.answering import queries, warning, writing
from reviews.answering.naming import Names
from reviews.answering.reading import read
from reviews.answering.said import Said, open_parts
from reviews.answering.sheet import Fault, Sheet, sheet_of
from reviews.answering.standing import Standing, standing_of
from reviews.answering.taking import is_checklist
from reviews.campaigns.models import Assignment, Campaign, Target
from reviews.instruments.content import Content

FEWEST = 2
Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True)
class Column:
    """One of the people answered about, with the part that is shown."""

    assignment: Assignment
    sheet: Sheet
    open: int
    """How many parts of all are open, not only of those shown."""

    @property
    def under(self) -> str:
        return under(self.assignment)


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """What one rater is asked about several people in the same words."""

    campaign: Campaign
    group: str
    content: Content
    assignments: Sequence[Assignment]

    @property
    def parts(self) -> int:
        """One for each competency, and one for the open questions if there are any."""
        return len(self.content.for_group(self.group)) + bool(self.content.questions_for(self.group))

    def part(self, n: int) -> Content:
        """What is asked in part `n`, from 1; all of them for 0."""
        asked = [competency for competency, _statements in self.content.for_group(self.group)]
        if n == 0:
            return self.content
        if n <= len(asked):
            return replace(self.content, competencies=(asked[n - 1],), questions=())
        return replace(self.content, competencies=())


def under(assignment: Assignment) -> str:
    """What stands before the names of its fields."""
    return f"{assignment.public_id}."


def bundle_of(session: Session, me: Enrolment, campaign: str, group: str, *, at: datetime) -> Bundle | None:
    """Those I can answer about now in this group of this campaign, if there are several."""
    found = session.scalars(
        select(Assignment)
        .join(Assignment.target)
        .join(Target.campaign)
        .where(Campaign.public_id == campaign, Campaign.course_id == me.course_id, Assignment.rater_id == me.id)
        .options(
            contains_eager(Assignment.target).options(contains_eager(Target.campaign), joinedload(Target.enrolment))
        )
        .order_by(Assignment.id)
    ).all()
    open_ones = [each for each in found if each.group.key == group and standing_of(each, at) is Standing.OPEN]
    about_people = [each for each in open_ones if may_stand_beside_others(each)]
    if len(about_people) < FEWEST:
        return None
    first = about_people[0]
    return Bundle(
        campaign=first.target.campaign, group=group, content=first.group.content, assignments=tuple(about_people)
    )


def may_stand_beside_others(assignment: Assignment) -> bool:
    """Whoever it is about is somebody, and levels are chosen: a checklist is ticked for one person at a time."""
    return assignment.target.enrolment_id is not None and not is_checklist(assignment.group)


def columns(bundle: Bundle, n: int, sent: Mapping[str, str] | None = None) -> list[Column]:
    """Part `n` of each; as it was sent, where something of it cannot be kept."""
    return [_column(bundle, bundle.part(n), each, sent) for each in bundle.assignments]


def _column(bundle: Bundle, part: Content, assignment: Assignment, sent: Mapping[str, str] | None) -> Column:
    draft, name = writing.draft_of(assignment), under(assignment)
    said, lengths = draft, {}
    if sent is not None:
        came = read(sent, part, bundle.group, draft, under=name)
        said, lengths = came.said, dict(came.lengths)
    sheet = sheet_of(part, bundle.group, said, lengths=lengths, under=name)
    return Column(assignment=assignment, sheet=sheet, open=len(open_parts(bundle.content, bundle.group, draft)))


def keep(session: Session, bundle: Bundle, n: int, form: Mapping[str, str], *, at: datetime) -> list[Fault]:
    """Lay what was sent of part `n` over each draft; the caller commits. What was too long to be kept.

    Whoever was handed in meanwhile is left alone.
    """
    part, faults = bundle.part(n), list[Fault]()
    for assignment in sorted(bundle.assignments, key=lambda each: each.id):
        try:
            writing.hold(session, assignment, at)
        except writing.NotTaken:
            continue
        before = writing.draft_of(assignment)
        sent = read(form, part, bundle.group, before, under=under(assignment))
        faults += sheet_of(part, bundle.group, sent.said, lengths=sent.lengths, under=under(assignment)).faults
        said = over(before, sent.kept, part, bundle.group)
        if said != before:
            writing.keep(session, assignment, said, at=at)
    return faults


def over(before: Said, said: Said, part: Content, group: str) -> Said:
    """What was said before, with all that this part asks as it is said now."""
    statements = {each.key for _competency, asked in part.for_group(group) for each in asked}
    competencies = {competency.key for competency, _asked in part.for_group(group)}
    words = competencies | {each.key for each in part.questions_for(group)}
    comments = {key: text for key, text in said.comments.items() if text}
    return Said(
        ratings=_without(before.ratings, statements) | dict(said.ratings),
        importance=_without(before.importance, competencies) | dict(said.importance),
        comments=_without(before.comments, words) | comments,
        quotable=(before.quotable - words) | said.quotable,
    )


def _without(said: Mapping[str, Value], keys: set[str]) -> dict[str, Value]:
    return {key: value for key, value in said.items() if key not in keys}


@dataclass(frozen=True, kw_only=True)
class HandedIn:
    """What came of handing in all that are complete."""

    done: int
    open: Sequence[Assignment]
    """Something of them has to be answered first."""
    warned: Sequence[Assignment]
    """A comment names somebody or insults: their writer decides on their own page."""


def hand_in_complete(session: Session, bundle: Bundle, *, at: datetime) -> HandedIn:
    """The caller commits."""
    names = queries.names_in(session, bundle.campaign.course)
    done, unfinished, warned = 0, list[Assignment](), list[Assignment]()
    for assignment in sorted(bundle.assignments, key=lambda each: each.id):
        try:
            writing.hold(session, assignment, at)
        except writing.NotTaken:
            continue
        said, whom = writing.draft_of(assignment), assignment.target.enrolment
        sheet = sheet_of(bundle.content, bundle.group, said)
        if sheet.open:
            unfinished.append(assignment)
        elif any(warning.warnings(sheet, said, Names(names, whom.person.name if whom else ""))):
            warned.append(assignment)
        else:
            writing.hand_in(session, assignment, said, at=at)
            done += 1
    return HandedIn(done=done, open=unfinished, warned=warned)
