"""What the gate is asked: one target's instrument, groups and answers, as its plain values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select
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
IMPORTANCE = "importance"
"""How much a competency matters is a statement of its own, under `importance.` and the competency's key."""


def groups_of(session: Session, target: Target) -> list[RaterGroup]:
    """The groups in which somebody was asked about the target, in their order; also where all who answered in one were
    erased since, and their anonymous answers stayed."""
    asked = set(session.scalars(select(Assignment.group_id).where(Assignment.target_id == target.id).distinct()))
    asked |= set(session.scalars(select(Response.group_id).where(Response.target_id == target.id).distinct()))
    return [group for group in target.campaign.groups if group.id in asked]


def groups_alike(target: Target) -> list[RaterGroup]:
    """All that are asked the same about the target, whether or not anybody is in them now."""
    version = version_of(target)
    return [group for group in target.campaign.groups if group.version is version]


def version_of(target: Target) -> InstrumentVersion:
    """What was asked about the target: all its groups are asked the same."""
    asked = {each.group_id for each in target.assignments}
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


def responses(session: Session, target: Target) -> list[disclosure.Response]:
    """Everything that was handed in about the target; comments stand by themselves."""
    return [*_ratings(session, target), *_remarks(session, target)]


def shortened(session: Session, target: Target) -> set[tuple[str, str]]:
    """What is shown instead of comments out of which something was taken, each with what it is about."""
    wanted = select(Remark).where(Remark.target_id == target.id, Remark.redacted.is_not(None))
    return {(row.about, row.shown.strip()) for row in session.scalars(wanted)}


def answered(session: Session, target: Target) -> Iterator[Answered]:
    """How many of each group have, of those who were asked or would have been."""
    for group in groups_of(session, target):
        mine = [each for each in target.assignments if each.group_id == group.id and each.state not in NEVER_ASKED]
        if mine:
            yield Answered(group.key, len(mine), sum(each.state is AssignmentState.SUBMITTED for each in mine))


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


def _ratings(session: Session, target: Target) -> Iterator[disclosure.Response]:
    for row in session.scalars(select(Response).where(Response.target_id == target.id).order_by(Response.id)):
        importance = {f"{IMPORTANCE}.{key}": score for key, score in row.importance.items()}
        yield disclosure.Response(row.id, row.group.key, {**row.ratings, **importance})


def _remarks(session: Session, target: Target) -> Iterator[disclosure.Response]:
    """Of a question that asks whether its answer may be quoted, only those that may."""
    asks = {each.key for each in version_of(target).said.questions if each.may_be_quoted}
    for row in session.scalars(select(Remark).where(Remark.target_id == target.id).order_by(Remark.id)):
        if row.shown.strip() and (row.may_be_quoted or row.about not in asks):
            yield disclosure.Response(row.id, row.group.key, {}, {row.about: row.shown})
