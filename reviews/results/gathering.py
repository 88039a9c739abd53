"""What the gate is asked: one target's instrument, groups and answers, as its plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mentoring.mentorships.models import Part
from reviews import disclosure
from reviews.answering.models import Remark, Response
from reviews.campaigns.models import Assignment, RaterGroup, Target
from reviews.campaigns.phases import AssignmentState
from reviews.campaigns.rules import MENTEE, MENTOR, Anonymity, SeesComments
from reviews.instruments.content import SELF, Comments, Content
from reviews.instruments.models import InstrumentVersion
from reviews.results.published import Answered

NEVER_ASKED = frozenset({AssignmentState.PROPOSED, AssignmentState.REJECTED})
AT_ONCE = 100
"""Targets: more would only take more memory."""
IMPORTANCE = "importance"
"""How much a competency matters is a statement of its own, under `importance.` and the competency's key."""


@dataclass
class Gathered:
    """What there is about one target: all that was handed in, and how far each group has come."""

    target: Target
    responses: list[disclosure.Response] = field(default_factory=list)
    shortened: set[tuple[str, str]] = field(default_factory=set)
    """What is shown instead of comments out of which something was taken, each with what it is about."""
    asked: Counter[int] = field(default_factory=Counter)
    """How many were asked, or would have been, by group."""
    submitted: Counter[int] = field(default_factory=Counter)
    named: set[int] = field(default_factory=set)
    """Groups in which somebody was named."""
    seen: set[int] = field(default_factory=set)
    """Those, and groups of which answers are left although all who gave them were erased since."""

    @property
    def groups(self) -> list[RaterGroup]:
        return [group for group in self.target.campaign.groups if group.id in self.seen]

    @property
    def version(self) -> InstrumentVersion:
        return _version(self.target, self.named)

    @property
    def answered(self) -> tuple[Answered, ...]:
        """How many of each group have, of those who were asked or would have been."""
        return tuple(
            Answered(group.key, self.asked[group.id], self.submitted[group.id])
            for group in self.groups
            if self.asked[group.id]
        )


def gather(session: Session, targets: Sequence[Target]) -> Iterator[Gathered]:
    """Of each target, in as few queries for a hundred as for one; comments stand by themselves."""
    for first in range(0, len(targets), AT_ONCE):
        found = {each.id: Gathered(each) for each in targets[first : first + AT_ONCE]}
        _count(session, found)
        _rate(session, found)
        _remark(session, found)
        yield from found.values()


def _count(session: Session, found: Mapping[int, Gathered]) -> None:
    a = Assignment
    wanted = select(a.target_id, a.group_id, a.state, func.count()).where(a.target_id.in_(found))
    for target, group, state, number in session.execute(wanted.group_by(a.target_id, a.group_id, a.state)):
        found[target].seen.add(group)
        found[target].named.add(group)
        if state not in NEVER_ASKED:
            found[target].asked[group] += number
        if state is AssignmentState.SUBMITTED:
            found[target].submitted[group] += number


def _rate(session: Session, found: Mapping[int, Gathered]) -> None:
    keys = _keys(found)
    wanted = select(Response.id, Response.target_id, Response.group_id, Response.ratings, Response.importance)
    for key, target, group, ratings, importance in session.execute(
        wanted.where(Response.target_id.in_(found)).order_by(Response.id)
    ):
        said = {f"{IMPORTANCE}.{each}": score for each, score in importance.items()}
        found[target].seen.add(group)
        found[target].responses.append(disclosure.Response(key, keys[group], {**ratings, **said}))


def _remark(session: Session, found: Mapping[int, Gathered]) -> None:
    """Of a question that asks whether its answer may be quoted, only those that may."""
    keys, asks = _keys(found), {key: _ask_for_quotes(each.version) for key, each in found.items()}
    for row in session.scalars(select(Remark).where(Remark.target_id.in_(found)).order_by(Remark.id)):
        of = found[row.target_id]
        if row.redacted is not None:
            of.shortened.add((row.about, row.shown.strip()))
        if row.shown.strip() and (row.may_be_quoted or row.about not in asks[row.target_id]):
            of.responses.append(disclosure.Response(row.id, keys[row.group_id], {}, {row.about: row.shown}))


def _keys(found: Mapping[int, Gathered]) -> dict[int, str]:
    campaigns = {each.target.campaign for each in found.values()}
    return {group.id: group.key for campaign in campaigns for group in campaign.groups}


def _ask_for_quotes(version: InstrumentVersion) -> set[str]:
    return {each["key"] for each in version.content.get("questions", ()) if each.get("may_be_quoted")}


def groups_alike(target: Target) -> list[RaterGroup]:
    """All that are asked the same about the target, whether or not anybody is in them now."""
    version = version_of(target)
    return [group for group in target.campaign.groups if group.version is version]


def version_of(target: Target) -> InstrumentVersion:
    """What was asked about the target: all its groups are asked the same."""
    return _version(target, {each.group_id for each in target.assignments})


def _version(target: Target, asked: Container[int]) -> InstrumentVersion:
    group = next((each for each in target.campaign.groups if each.id in asked), None) or _other_side(target)
    return group.version if group else target.campaign.version


def _other_side(target: Target) -> RaterGroup | None:
    """Of a pair, the group that evaluates the target, even if whoever was in it was erased."""
    members = target.mentorship.members if target.mentorship else []
    parts = {each.part for each in members if each.participant.enrolment_id == target.enrolment_id}
    key = MENTEE if Part.MENTOR in parts else MENTOR
    return next((each for each in target.campaign.groups if parts and each.key == key), None)


def asked(content: Content, groups: Sequence[RaterGroup]) -> disclosure.Asked:
    return disclosure.Asked(
        groups=tuple(_group(each) for each in groups),
        competencies=tuple(_competencies(content)),
        scale=disclosure.Scale(tuple(float(score) for score in content.scale.scores)),
        questions=tuple(_questions(content)),
    )


def _group(group: RaterGroup) -> disclosure.Group:
    is_anonymous = group.anonymity is Anonymity.ANONYMOUS
    comments = SeesComments.SHUFFLED if is_anonymous and group.comments is SeesComments.VERBATIM else group.comments
    return disclosure.Group(
        key=group.key,
        anonymity=disclosure.Anonymity(group.anonymity.value),
        weight=group.weight,
        comments=disclosure.Comments(comments.value),
        is_self=group.key == SELF,
    )


def _competencies(content: Content) -> Iterator[disclosure.Competency]:
    for each in content.competencies:
        yield disclosure.Competency(
            each.key, tuple(disclosure.Statement(one.key, one.weight, one.is_reversed) for one in each.asked)
        )
    if content.asks_importance:
        for each in content.competencies:
            yield disclosure.Competency.whole(f"{IMPORTANCE}.{each.key}")


def _questions(content: Content) -> Iterator[str]:
    for each in content.competencies:
        if each.comments is not Comments.DISABLED:
            yield each.key
    for question in content.questions:
        yield question.key
