"""Raters are named, approved or not, and say no: who may be asked in which group, and how many."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.contacts.models import Outsider, is_mail
from lti_tool.models import Enrolment
from reviews.answering.outside import asking
from reviews.campaigns import telling
from reviews.campaigns.known import with_mail
from reviews.campaigns.models import Assignment, Campaign, RaterGroup, Target
from reviews.campaigns.phases import COUNTED, AssignmentState, Phase
from reviews.campaigns.rules import NominatedBy
from reviews.instruments.content import SELF


class WhyNot(StrEnum):
    """What stands against somebody as a rater."""

    ONESELF = "oneself"
    """Whoever is reviewed answers in the group of their own, and in no other."""
    IN_ANOTHER_GROUP = "in_another_group"
    IN_IT = "in_it"
    DECLINED = "declined"
    """They were asked and said no."""
    GROUP_IS_FULL = "group_is_full"
    NOT_TO_BE_NAMED = "not_to_be_named"
    """Who belongs to this group is known, or is named by others."""
    NOT_HERE = "not_here"
    """They are not in the course any more."""
    NO_MAIL = "no_mail"
    TOO_LATE = "too_late"


@dataclass
class NotAsked(Exception):
    """Somebody cannot be named, and why; `where` is the group they are in already."""

    why: WhyNot
    where: RaterGroup | None = None


def propose(
    session: Session,
    target: Target,
    group: RaterGroup,
    whom: Enrolment | Outsider,
    *,
    by: Enrolment,
    at: datetime,
) -> Assignment:
    """Name a rater; the caller commits. What staff names is approved at once. Raises NotAsked.

    The target is held until the commit, so that two who name at once do not fill a group over its most, and the
    campaign, so that it does not close meanwhile.
    """
    session.flush()
    session.refresh(target.campaign, with_for_update={"of": Campaign, "read": True})
    session.refresh(target, with_for_update={"of": Target})
    is_subject = by.id == target.enrolment_id
    _check_group(target, group, is_subject=is_subject)
    if isinstance(whom, Outsider):
        # Somebody of the course who was written down with their mail is asked as the person they are.
        whom = with_mail(session, target.campaign.course, whom.mail) or whom
    _check_person(target, group, whom)
    found = _found(session, target, whom)
    if found is not None:
        if found.state is not AssignmentState.REJECTED or found.group_id != group.id or is_subject:
            raise _stands_against(found, group)
        found.move(AssignmentState.INVITED)
        return found
    if group.most_invited is not None and _count(session, target, group) >= group.most_invited:
        raise NotAsked(WhyNot.GROUP_IS_FULL)
    state = AssignmentState.PROPOSED if is_subject else AssignmentState.INVITED
    is_asked = state is AssignmentState.INVITED and target.campaign.phase is Phase.COLLECTING
    assignment = Assignment(target=target, group=group, state=state, proposed_by=by, invited=at if is_asked else None)
    if isinstance(whom, Outsider):
        assignment.name, assignment.mail = whom.name, whom.mail.casefold()
    else:
        assignment.rater = whom
    session.add(assignment)
    session.flush()
    asking.ask(session, [assignment], at=at)
    return assignment


def approve(assignment: Assignment, *, at: datetime) -> None:
    """They are to be asked: at once where answers are collected already. Raises NotPossible."""
    assignment.move(AssignmentState.INVITED)
    assignment.reason = ""
    if assignment.target.campaign.phase is Phase.COLLECTING:
        assignment.invited = at


def reject(assignment: Assignment, reason: str) -> None:
    """They are not to be asked; whoever named them reads why. Raises NotPossible once they have begun to answer."""
    assignment.move(AssignmentState.REJECTED)
    assignment.reason = reason


def answer(session: Session, campaign: Campaign, named: Collection[str], *, reason: str | None, at: datetime) -> int:
    """Yes to these raters by their ids, or no with this reason; how many there were. The caller commits.

    The campaign is held until then: one that closes meanwhile waits, or has closed first, and then nobody is answered.
    Those who were answered or taken back already stay as they are.
    """
    session.flush()
    session.refresh(campaign, with_for_update={"of": Campaign})
    if campaign.phase not in (Phase.NOMINATING, Phase.APPROVING):
        return 0
    waiting = session.scalars(
        select(Assignment)
        .join(Assignment.target)
        .where(
            Target.campaign_id == campaign.id,
            Assignment.public_id.in_(named),
            Assignment.state == AssignmentState.PROPOSED,
        )
        .order_by(Assignment.id)
        .with_for_update(of=Assignment)
        .execution_options(populate_existing=True)
    ).all()
    for each in waiting:
        if reason is None:
            approve(each, at=at)
        else:
            reject(each, reason)
            telling.tell_of_rejection(session, each, at=at)
    return len(waiting)


def take_back(session: Session, assignment: Assignment) -> None:
    """Whoever named them changes their mind while nobody has said anything. Raises NotAsked when it is too late."""
    if assignment.state is not AssignmentState.PROPOSED:
        raise NotAsked(WhyNot.TOO_LATE)
    session.delete(assignment)
    session.flush()


def decline(assignment: Assignment, reason: str) -> None:
    """The rater says no, and why; what they have written so far goes. Raises NotPossible once it was handed in."""
    assignment.move(AssignmentState.DECLINED)
    assignment.reason, assignment.sealed_draft = reason, None


def say_complete(target: Target, *, at: datetime) -> list[RaterGroup]:
    """The list of raters is complete; comes back with the groups that have too few, in which case it is not yet."""
    short = too_small(target)
    if not short:
        target.nominated = at
    return short


def too_small(target: Target) -> list[RaterGroup]:
    """The groups in which fewer are named than the campaign wants; and anonymous ones in which some are, but so few
    that nothing could be shown of them: nobody is better, then."""
    counts = {group.id: 0 for group in target.campaign.groups}
    for each in target.assignments:
        if each.state in COUNTED:
            counts[each.group_id] += 1
    wanted = [group for group in target.campaign.groups if group.nominated_by is not NominatedBy.NOBODY]
    return [group for group in wanted if _is_too_small(group, counts[group.id])]


def _is_too_small(group: RaterGroup, count: int) -> bool:
    return count < group.fewest_invited or (group.is_anonymous and 0 < count < group.least)


def _check_group(target: Target, group: RaterGroup, *, is_subject: bool) -> None:
    if group.campaign_id != target.campaign_id:
        raise NotAsked(WhyNot.NOT_TO_BE_NAMED)
    phase = target.campaign.phase
    if is_subject and (group.nominated_by is not NominatedBy.SUBJECT or group.key == SELF):
        raise NotAsked(WhyNot.NOT_TO_BE_NAMED)
    if is_subject and phase is not Phase.NOMINATING:
        raise NotAsked(WhyNot.TOO_LATE)
    if target.closed is not None or phase in (Phase.CLOSED, Phase.RELEASED, Phase.ARCHIVED):
        raise NotAsked(WhyNot.TOO_LATE)


def _check_person(target: Target, group: RaterGroup, whom: Enrolment | Outsider) -> None:
    subject = target.enrolment
    if isinstance(whom, Enrolment):
        if not whom.is_active or whom.is_test or whom.course_id != target.campaign.course_id:
            raise NotAsked(WhyNot.NOT_HERE)
        if subject is not None and whom.id == subject.id and group.key != SELF:
            raise NotAsked(WhyNot.ONESELF)
        return
    if not is_mail(whom.mail):
        raise NotAsked(WhyNot.NO_MAIL)
    if subject is not None and subject.person.email and whom.mail.casefold() == subject.person.email.casefold():
        raise NotAsked(WhyNot.ONESELF)


def _found(session: Session, target: Target, whom: Enrolment | Outsider) -> Assignment | None:
    wanted = select(Assignment).where(Assignment.target_id == target.id)
    if isinstance(whom, Enrolment):
        wanted = wanted.where(Assignment.rater_id == whom.id)
    else:
        wanted = wanted.where(Assignment.mail == whom.mail.casefold())
    return session.scalar(wanted)


def _stands_against(found: Assignment, group: RaterGroup) -> NotAsked:
    if found.state is AssignmentState.DECLINED:
        return NotAsked(WhyNot.DECLINED, found.group)
    return NotAsked(WhyNot.IN_IT if found.group_id == group.id else WhyNot.IN_ANOTHER_GROUP, found.group)


def _count(session: Session, target: Target, group: RaterGroup) -> int:
    counted = select(func.count()).where(
        Assignment.target_id == target.id, Assignment.group_id == group.id, Assignment.state.in_(COUNTED)
    )
    return session.scalar(counted) or 0
