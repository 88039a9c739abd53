"""A campaign goes from its draft to collecting answers and to its close; by hand, or when its time has come."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, Select, Update, select, update
from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.models import Enrolment
from reviews.campaigns import arranging, telling
from reviews.campaigns.models import Assignment, Campaign, NotPossible, Target
from reviews.campaigns.phases import TO_ANSWER, AssignmentState, Phase
from reviews.campaigns.rules import CampaignKind, NominatedBy
from reviews.events import CampaignClosed, CampaignOpened
from reviews.instruments import versions
from reviews.instruments.checking import faults
from reviews.instruments.models import InstrumentVersion

LANE = "review-clock"


class NotReady(Exception):
    """It cannot begin as it is; `why` names the cause in a word, for the page to say in a sentence."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def hold(session: Session, campaign: Campaign) -> None:
    """Nobody else moves it on until the commit."""
    session.flush()
    session.refresh(campaign, with_for_update=True)


def open_nominating(session: Session, campaign: Campaign, *, at: datetime) -> None:
    """Those who are reviewed name their raters from now on. Raises NotPossible, NotReady; the caller commits."""
    hold(session, campaign)
    if campaign.kind is not CampaignKind.REVIEW:
        raise NotPossible("Only in a 360-degree review raters are named.")
    if not any(group.nominated_by is NominatedBy.SUBJECT for group in campaign.groups):
        raise NotReady("nobody_names")
    _check(campaign, at)
    campaign.move(Phase.NOMINATING, at=at)
    _freeze(campaign, at)
    telling.post_naming(session, campaign, LANE, at=at)
    if campaign.nominate_by is not None:
        outbox.post(session, LANE, _errand(campaign, "nominated", campaign.nominate_by), due=campaign.nominate_by)


def close_nominating(session: Session, campaign: Campaign, *, at: datetime) -> None:
    """No more raters are named; who was named is approved or not. Raises NotPossible; the caller commits."""
    hold(session, campaign)
    campaign.move(Phase.APPROVING, at=at)


def reopen_nominating(session: Session, campaign: Campaign, *, until: datetime | None, at: datetime) -> None:
    hold(session, campaign)
    campaign.move(Phase.NOMINATING, at=at)
    campaign.nominate_by = until
    if until is not None:
        outbox.post(session, LANE, _errand(campaign, "nominated", until), due=until)


def collect(session: Session, campaign: Campaign, *, by: Enrolment | None, at: datetime) -> None:
    """Everybody approved is asked, as soon as it opens. The caller commits.

    Raises NotPossible, and NotReady where there is nobody to be asked or to be asked about, or somebody who was named
    waits for a yes or no: whoever named them would never hear why they are not asked.
    """
    hold(session, campaign)
    _check(campaign, at)
    if campaign.phase is Phase.DRAFT:
        _arrange(session, campaign, at)
    if session.scalar(select(_waiting(campaign).exists())):
        raise NotReady("named_wait")
    if campaign.is_by_date and not session.scalar(select(_asked_in(campaign).exists())):
        raise NotReady("nobody_asked")
    campaign.move(Phase.COLLECTING, at=at)
    _freeze(campaign, at)
    session.flush()
    session.execute(_of(campaign).where(Assignment.state == AssignmentState.INVITED).values(invited=at))
    session.expire_all()
    if campaign.closes is not None and campaign.is_by_date:
        outbox.post(session, LANE, _errand(campaign, "closed", campaign.closes), due=campaign.closes)
    outbox.announce(session, CampaignOpened(at=at, by=by.who if by else None, **_about(campaign)))


def prolong(session: Session, campaign: Campaign, closes: datetime, *, at: datetime) -> None:
    """It closes at another time. Raises NotPossible unless it collects and the new time is to come."""
    hold(session, campaign)
    is_later = closes > at and (campaign.opens is None or closes > campaign.opens)
    if campaign.phase is not Phase.COLLECTING or not is_later or not campaign.is_by_date:
        raise NotPossible("Only what collects can be prolonged, and only into the future.")
    campaign.closes = closes
    outbox.post(session, LANE, _errand(campaign, "closed", closes), due=closes)


def close(session: Session, campaign: Campaign, *, by: Enrolment | None, at: datetime) -> None:
    """No answer counts any more; drafts that were not handed in go. Raises NotPossible; the caller commits."""
    hold(session, campaign)
    campaign.move(Phase.CLOSED, at=at)
    session.execute(update(Target).where(Target.campaign_id == campaign.id, Target.closed.is_(None)).values(closed=at))
    _expire(session, Target.campaign_id == campaign.id)
    ends = retention_ends(campaign)
    outbox.post(session, LANE, _errand(campaign, "reduced", ends), due=ends)
    outbox.announce(session, CampaignClosed(at=at, by=by.who if by else None, **_about(campaign)))


def retention_ends(campaign: Campaign) -> datetime:
    """When the single answers of a closed campaign go. Raises NotPossible for one that still runs."""
    if campaign.closed is None:
        raise NotPossible("It still runs.")
    ends: datetime = campaign.closed + relativedelta(months=campaign.retention_months)
    return ends


def close_target(session: Session, target: Target, *, at: datetime) -> None:
    """The window of its own is over."""
    if target.closed is None:
        target.closed = at
        _expire(session, Target.id == target.id)


def _expire(session: Session, wanted: ColumnElement[bool]) -> None:
    targets = select(Target.id).where(wanted)
    session.execute(
        update(Assignment)
        .where(Assignment.target_id.in_(targets), Assignment.state.in_(TO_ANSWER | {AssignmentState.PROPOSED}))
        .values(state=AssignmentState.EXPIRED, sealed_draft=None)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def _check(campaign: Campaign, at: datetime) -> None:
    if campaign.is_by_date:
        if campaign.closes is None:
            raise NotReady("no_close")
        if campaign.closes <= at:
            raise NotReady("closes_in_the_past")
    elif campaign.cohort is None:
        raise NotReady("no_program")
    if campaign.kind is CampaignKind.REVIEW and campaign.is_by_date and not campaign.targets:
        raise NotReady("nobody_reviewed")
    if any(faults(version.said) for version in _versions(campaign)):
        raise NotReady("instrument")


def _arrange(session: Session, campaign: Campaign, at: datetime) -> None:
    if not campaign.is_by_date:
        return
    if campaign.kind in (CampaignKind.PROGRAM, CampaignKind.SURVEY):
        arranging.arrange_whole(session, campaign, at=at)
    elif campaign.kind is CampaignKind.PAIR:
        opens = campaign.opens or at
        for mentorship in arranging.standing_pairs(session, campaign):
            arranging.arrange_pair(session, campaign, mentorship, opens=opens, at=at)


def _freeze(campaign: Campaign, at: datetime) -> None:
    for version in _versions(campaign):
        versions.freeze(version, at=at)


def _versions(campaign: Campaign) -> set[InstrumentVersion]:
    return {campaign.version, *(group.version for group in campaign.groups)}


def _waiting(campaign: Campaign) -> Select[int]:
    """Raters who were named and got neither a yes nor a no."""
    named = select(Assignment.id).join(Assignment.target)
    return named.where(Target.campaign_id == campaign.id, Assignment.state == AssignmentState.PROPOSED)


def _asked_in(campaign: Campaign) -> Select[int]:
    """Raters who are to be asked, or who said no before."""
    asked = select(Assignment.id).join(Assignment.target)
    return asked.where(Target.campaign_id == campaign.id, Assignment.state != AssignmentState.REJECTED)


def _of(campaign: Campaign) -> Update:
    targets = select(Target.id).where(Target.campaign_id == campaign.id)
    return update(Assignment).where(Assignment.target_id.in_(targets)).execution_options(synchronize_session=False)


def _errand(campaign: Campaign, what: str, due: datetime) -> dict[str, object]:
    """A letter that names another moment than the campaign does nothing: it was moved since."""
    return {"campaign": campaign.id, "what": what, "due": due.isoformat()}


def _about(campaign: Campaign) -> dict[str, Any]:
    return {
        "where": campaign.course.where,
        "campaign": campaign.public_id,
        "kind": campaign.kind.value,
        "title": campaign.title,
    }
