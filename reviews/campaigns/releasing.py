"""Results that nobody has to release: soon after they are closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import outbox
from reviews.campaigns.models import Campaign, Target
from reviews.campaigns.rules import ReleasedBy
from reviews.campaigns.running import LANE
from reviews.events import CampaignClosed
from reviews.results import freezing, many


def init_app(app: Flask) -> None:
    outbox.subscribe(app, CampaignClosed, _hear_of_closing)


def _hear_of_closing(session: Session, event: CampaignClosed) -> None:
    campaign = session.scalars(select(Campaign).where(Campaign.public_id == event.campaign)).one()
    _post(session, campaign, None, at=event.at)


def after_closing(session: Session, campaign: Campaign, targets: Sequence[Target], *, at: datetime) -> None:
    """These are closed; where nobody has to release them, they are soon. The caller commits."""
    _post(session, campaign, [target.id for target in targets], at=at)


def _post(session: Session, campaign: Campaign, targets: Sequence[int] | None, *, at: datetime) -> None:
    if campaign.released_by is ReleasedBy.AT_CLOSE:
        body = {"campaign": campaign.id, "what": "released", "targets": targets, "due": at.isoformat()}
        outbox.post(session, LANE, body, due=at)


def release(session: Session, campaign: Campaign, targets: Sequence[int] | None, *, at: datetime) -> None:
    """What such a letter does, of these or of all: a pair whose other side still answers waits for it. The caller
    commits."""
    if targets is None:
        many.release(session, campaign, by=None, at=at)
        return
    for target in session.scalars(select(Target).where(Target.id.in_(targets)).order_by(Target.id)):
        if all(each.closed is not None for each in freezing.together(session, target)):
            freezing.release(session, target, by=None, at=at)
