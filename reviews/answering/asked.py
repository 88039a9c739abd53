"""What somebody is asked just now, by campaign, with how far they have come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy.orm import Session

from lti_tool.models import Enrolment
from reviews import queries
from reviews.answering.promise import heading
from reviews.answering.standing import Standing, standing_of
from reviews.answering.together import FEWEST, may_stand_beside_others
from reviews.campaigns.models import Assignment, Campaign


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One thing to answer."""

    assignment: Assignment
    standing: Standing

    @property
    def heading(self) -> str:
        return heading(self.assignment)

    @property
    def is_begun(self) -> bool:
        return self.assignment.sealed_draft is not None

    @property
    def until(self) -> datetime | None:
        return self.assignment.target.until


@dataclass(frozen=True, kw_only=True)
class AskedIn:
    """All that one campaign asks."""

    campaign: Campaign
    all: Sequence[Asked]

    @property
    def done(self) -> int:
        return sum(each.standing is Standing.SUBMITTED for each in self.all)

    @property
    def of(self) -> int:
        """Without what was declined or is over."""
        return sum(each.standing in (Standing.SUBMITTED, Standing.OPEN, Standing.NOT_YET) for each in self.all)

    @property
    def side_by_side(self) -> Sequence[str]:
        """Keys of the groups in which several people can be answered about at once."""
        open_ones = [each.assignment for each in self.all if each.standing is Standing.OPEN]
        counts = Counter(each.group.key for each in open_ones if may_stand_beside_others(each))
        return [key for key, count in counts.items() if count >= FEWEST]


def asked_in_campaigns(session: Session, me: Enrolment, *, at: datetime) -> list[AskedIn]:
    """In the order in which they close."""
    found = [Asked(assignment=each, standing=standing_of(each, at)) for each in queries.asked_of(session, me)]
    order = sorted(found, key=lambda each: each.assignment.target.campaign_id)
    parts = {key: list(some) for key, some in groupby(order, key=lambda each: each.assignment.target.campaign_id)}
    in_order = dict.fromkeys(each.assignment.target.campaign_id for each in found)
    return [AskedIn(campaign=parts[key][0].assignment.target.campaign, all=parts[key]) for key in in_order]
