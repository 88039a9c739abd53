"""What the people of a campaign have in common: pooled behind the gate, put together once, for those who teach.

Reports of single people and these figures are made of the same blocks, so that nothing can be subtracted from one
another: each person's result is put together first, and what went into the cohort's is written into its ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Enrolment
from reviews import disclosure
from reviews.campaigns.models import Campaign, NotPossible, Target
from reviews.campaigns.phases import AssignmentState
from reviews.campaigns.rules import CampaignKind
from reviews.disclosure import Ledger, Member
from reviews.results import freezing, gathering, published, quality
from reviews.results.gathering import Gathered
from reviews.results.models import ReportSnapshot
from reviews.results.published import Answered, Report


def cohort_of(session: Session, campaign: Campaign) -> ReportSnapshot | None:
    return session.scalars(select(ReportSnapshot).where(ReportSnapshot.whole_of_id == campaign.id)).first()


def freeze(session: Session, campaign: Campaign, *, by: Enrolment | None, at: datetime) -> ReportSnapshot:
    """The campaign's figures, put together now unless they were before; the caller commits.

    Raises NotPossible while answers still come in, where those who are reviewed are asked different things, and once
    single answers are gone.
    """
    session.flush()
    session.refresh(campaign, with_for_update=True)
    if (kept := cohort_of(session, campaign)) is not None:
        return kept
    check(campaign)
    snapshots = freezing.freeze_all(session, campaign.targets, by=by, at=at)
    asked, policy = gathering.asked(campaign.version.said, campaign.groups), campaign.limits.policy
    gathered = gathering.gather(session, campaign.targets)
    members = [_member(each, snapshot) for each, snapshot in zip(gathered, snapshots, strict=True)]
    pooled = disclosure.pool(asked, members, policy)
    for snapshot, member in zip(snapshots, pooled, strict=True):
        snapshot.ledger = member.ledger.as_json()
    shown = disclosure.figures(asked, pooled, policy)
    reports = [Report.of_json(each.published).shown for each in snapshots]
    answers = (each.responses for each in members)
    measured = quality.of_campaign(asked, zip(answers, reports, strict=True), policy)
    whole = ReportSnapshot(
        whole_of=campaign,
        published={
            **published.as_json(shown),
            "answered": [asdict(each) for each in _answered(snapshots)],
            "quality": [each.as_json() for each in measured],
            "subjects": len(snapshots),
        },
        created=at,
        made_by_id=by.id if by else None,
    )
    session.add(whole)
    session.flush()
    return whole


def check(campaign: Campaign) -> None:
    """Raises NotPossible where there can be no figures of everybody, or not yet, or not any more."""
    if campaign.kind is not CampaignKind.REVIEW:
        raise NotPossible("Only a 360-degree review has people in common.")
    if campaign.reduced is not None or any(each.closed is None for each in campaign.targets):
        raise NotPossible("Answers still come in, or are gone.")


def _member(gathered: Gathered, snapshot: ReportSnapshot) -> Member:
    return Member(gathered.responses, Ledger.of_json(snapshot.ledger), _raters(gathered.target))


def _raters(target: Target) -> dict[str, frozenset[str]]:
    """Who has answered in each group, by a name that is the same wherever they answer."""
    found: dict[str, set[str]] = {}
    for each in target.assignments:
        if each.state is AssignmentState.SUBMITTED:
            name = f"{each.rater_id}" if each.rater_id is not None else f"{each.mail}"
            found.setdefault(each.group.key, set()).add(name)
    return {key: frozenset(names) for key, names in found.items()}


def _answered(snapshots: Sequence[ReportSnapshot]) -> list[Answered]:
    """How many of each group, over everybody."""
    found: dict[str, Answered] = {}
    for snapshot in snapshots:
        for each in Report.of_json(snapshot.published).answered:
            there = found.get(each.group, Answered(each.group, 0, 0))
            found[each.group] = Answered(each.group, there.asked + each.asked, there.answered + each.answered)
    return list(found.values())
