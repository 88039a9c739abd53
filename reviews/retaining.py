"""When its time is over a campaign is reduced to what was published: single answers go, and who was asked by mail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from reviews.answering.models import Remark, Response
from reviews.campaigns.models import Assignment, Campaign, Target
from reviews.results import freezing


def reduce(session: Session, campaign: Campaign, *, at: datetime) -> None:
    """Put together what was not yet, then let single answers go; the caller commits. A second time changes nothing.

    Trends go on: they compare what was published.
    """
    if campaign.reduced is not None or campaign.closed is None:
        return
    for target in campaign.targets:
        freezing.freeze(session, target, by=None, at=at)
    targets = select(Target.id).where(Target.campaign_id == campaign.id)
    for model in (Response, Remark):
        session.execute(delete(model).where(model.target_id.in_(targets)).execution_options(synchronize_session=False))
    session.execute(
        delete(Assignment)
        .where(Assignment.target_id.in_(targets), Assignment.mail.is_not(None))
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Assignment)
        .where(Assignment.target_id.in_(targets))
        .values(reason="", sealed_draft=None)
        .execution_options(synchronize_session=False)
    )
    campaign.reduced = at
    session.flush()
    session.expire_all()
