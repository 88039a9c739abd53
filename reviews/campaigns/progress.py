"""How far campaigns have come: who was asked and who has answered, as numbers; never what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from reviews.campaigns.models import Assignment, Campaign, RaterGroup, Target
from reviews.campaigns.phases import TO_ANSWER, AssignmentState

Counts = Mapping[AssignmentState, int]


@dataclass(frozen=True)
class Progress:
    """Of one campaign, or of one rater group about one target."""

    counts: Counts = field(default_factory=dict)
    people: int = 0
    """Who or what is reviewed."""
    complete: int = 0
    """Of those, how many have said that their list of raters is complete."""

    @property
    def done(self) -> int:
        return self.counts.get(AssignmentState.SUBMITTED, 0)

    @property
    def asked(self) -> int:
        """Those who have answered or still may, or whose time was over."""
        return self.done + sum(self.counts.get(each, 0) for each in (*TO_ANSWER, AssignmentState.EXPIRED))

    @property
    def proposed(self) -> int:
        return self.counts.get(AssignmentState.PROPOSED, 0)

    @property
    def named(self) -> int:
        """Those who are asked, or will be if somebody says yes."""
        return self.asked + self.proposed


NONE = Progress()


def of_campaigns(session: Session, campaigns: Sequence[Campaign]) -> Mapping[int, Progress]:
    """Each campaign's, by its row number."""
    ids = [campaign.id for campaign in campaigns]
    people = session.execute(
        select(Target.campaign_id, func.count(), func.count(Target.nominated))
        .where(Target.campaign_id.in_(ids))
        .group_by(Target.campaign_id)
    )
    numbers = {campaign: (all_, complete) for campaign, all_, complete in people}
    counts: dict[int, dict[AssignmentState, int]] = defaultdict(dict)
    rows = session.execute(
        select(Target.campaign_id, Assignment.state, func.count())
        .join(Assignment.target)
        .where(Target.campaign_id.in_(ids))
        .group_by(Target.campaign_id, Assignment.state)
    )
    for campaign, state, number in rows:
        counts[campaign][state] = number
    return {each: Progress(counts[each], *numbers.get(each, (0, 0))) for each in ids}


Cells = Mapping[tuple[int, int], Progress]
"""By the row numbers of target and rater group; what is missing is nobody."""


def of_targets(session: Session, targets: Sequence[int]) -> Cells:
    """Each of these targets', group by group."""
    counts: dict[tuple[int, int], dict[AssignmentState, int]] = defaultdict(dict)
    rows = session.execute(
        select(Assignment.target_id, Assignment.group_id, Assignment.state, func.count())
        .where(Assignment.target_id.in_(targets))
        .group_by(Assignment.target_id, Assignment.group_id, Assignment.state)
    )
    for target, group, state, number in rows:
        counts[target, group][state] = number
    return {key: Progress(found) for key, found in counts.items()}


@dataclass(frozen=True)
class Short:
    """A group that was asked about somebody and from which too few have answered."""

    target: Target
    group: RaterGroup
    done: int


def short_of(session: Session, campaign: Campaign, most: int) -> tuple[list[Short], int]:
    """The first groups with fewer answers than the campaign wants of them, and how many there are."""
    asked = (*TO_ANSWER, AssignmentState.SUBMITTED, AssignmentState.EXPIRED)
    done = func.count(case((Assignment.state == AssignmentState.SUBMITTED, 1)))
    wanted = (
        select(Assignment.target_id, Assignment.group_id, done.label("done"))
        .join(Assignment.target)
        .join(Assignment.group)
        .where(Target.campaign_id == campaign.id, Assignment.state.in_(asked))
        .group_by(Assignment.target_id, Assignment.group_id, RaterGroup.least)
        .having(done < RaterGroup.least)
        .order_by(Assignment.target_id, Assignment.group_id)
    )
    rows = session.execute(wanted).all()
    targets = session.scalars(select(Target).where(Target.id.in_([row.target_id for row in rows[:most]])))
    by_id, groups = {target.id: target for target in targets}, {group.id: group for group in campaign.groups}
    return [Short(by_id[row.target_id], groups[row.group_id], row.done) for row in rows[:most]], len(rows)


def groups_asked(session: Session, campaign: Campaign) -> list[RaterGroup]:
    """The groups in which anybody is asked or named, in their order."""
    wanted = select(Assignment.group_id).join(Assignment.target).where(Target.campaign_id == campaign.id).distinct()
    there = set(session.scalars(wanted))
    return [group for group in campaign.groups if group.id in there]
