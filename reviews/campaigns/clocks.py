"""What falls due in a campaign: nominating ends, answers are collected no longer, single answers go.

Each a letter, which does nothing if the moment was moved since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.db import transaction
from lti_tool.outbox import Done, Errand, Outcome
from reviews import retaining
from reviews.campaigns import moments, releasing, running, telling
from reviews.campaigns.models import Campaign
from reviews.campaigns.phases import Phase


class ClockCarrier:
    batch = 20

    def carry(self, errands: Sequence[Errand]) -> list[Outcome]:
        return [_fall_due(errand) for errand in errands]


def _fall_due(errand: Errand) -> Outcome:
    at, due = clock.now(), datetime.fromisoformat(errand.body["due"])
    with transaction() as session:
        campaign = session.get(Campaign, errand.body["campaign"])
        if campaign is not None:
            running.hold(session, campaign)
            _carry_out(session, campaign, errand.body, due, at)
    return Done()


def _carry_out(session: Session, campaign: Campaign, body: Mapping[str, Any], due: datetime, at: datetime) -> None:
    match body["what"]:
        case "pair":
            moments.open_round(session, campaign, body["mentorship"], body["nth"], at=at)
        case "window":
            moments.close_window(session, campaign, body["target"], due, at=at)
        case "released":
            releasing.release(session, campaign, body["targets"], at=at)
        case "naming":
            telling.tell_of_naming(session, campaign, body["after"], running.LANE, at=at)
        case what:
            _move_on(session, campaign, what, due, at)


def _move_on(session: Session, campaign: Campaign, what: str, due: datetime, at: datetime) -> None:
    if what == "nominated" and campaign.phase is Phase.NOMINATING and campaign.nominate_by == due:
        running.close_nominating(session, campaign, at=at)
    elif what == "closed" and campaign.phase is Phase.COLLECTING and campaign.closes == due:
        running.close(session, campaign, by=None, at=at)
    elif what == "reduced" and campaign.closed and running.retention_ends(campaign) == due:
        retaining.reduce(session, campaign, at=at)
