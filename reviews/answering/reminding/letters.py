"""While a campaign collects, a letter falls due each day and looks who is to be told or reminded; others tell them.

Whoever is to be told is looked at again in the moment they are told, and it is written down with it: so a letter that
comes twice, or after somebody has answered, tells nobody anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, mail, outbox
from lti_tool.db import transaction
from lti_tool.mail import NoticeKind, Words, path_to
from lti_tool.notifying.models import QUIET_FROM, QUIET_UNTIL
from lti_tool.notifying.quiet import QuietHours
from lti_tool.outbox import Done, Errand, Outcome
from lti_tool.pages import local_time, zone_of
from reviews.answering.outside import asking
from reviews.answering.reminding.listed import WaitingList
from reviews.answering.reminding.rule import A_DAY, Reminding
from reviews.answering.reminding.waiting import Waiting, held_waiting, waiting_in
from reviews.campaigns.models import Assignment, Campaign
from reviews.campaigns.phases import Phase
from reviews.events import CampaignOpened

LANE = "review-reminders"
KIND = NoticeKind("review_answers", _l("Reviews and evaluations you are asked for"), order=46)
AT_ONCE = 50


class Why(StrEnum):
    RULE = "rule"
    HAND = "hand"
    """An instructor has asked for it."""


class ReminderCarrier:
    batch = 10

    def carry(self, errands: Sequence[Errand]) -> list[Outcome]:
        return [_carry(errand) for errand in errands]


def hear_of_opening(session: Session, opened: CampaignOpened) -> None:
    campaign = session.scalars(select(Campaign).where(Campaign.public_id == opened.campaign)).one()
    _post_day(session, campaign, max(opened.at, campaign.opens or opened.at))


def remind_now(session: Session, campaign: Campaign, *, at: datetime) -> int:
    """Have everybody reminded who was not within a day; how many. The caller commits."""
    chosen = WaitingList(session, campaign, at=at).to_remind(at=at)
    _post_telling(session, campaign, chosen, Why.HAND)
    return len(chosen)


def _carry(errand: Errand) -> Outcome:
    at = clock.now()
    with transaction() as session:
        campaign = session.get(Campaign, errand.body["campaign"], populate_existing=True)
        if campaign is not None and campaign.phase is Phase.COLLECTING:
            if errand.body["what"] == "day":
                _look(session, campaign, at)
            else:
                _tell(session, campaign, errand.body["whom"], Why(errand.body["why"]), at)
    return Done()


def _look(session: Session, campaign: Campaign, at: datetime) -> None:
    """Once a day; a worker that was off for a week looks once."""
    rule = Reminding.of(campaign.reminding)
    chosen = [each.key for each in waiting_in(session, campaign, at=at) if each.is_new or each.is_due(rule, at=at)]
    _post_telling(session, campaign, chosen, Why.RULE)
    _post_day(session, campaign, at + A_DAY)


def _post_day(session: Session, campaign: Campaign, due: datetime) -> None:
    body = {"campaign": campaign.id, "what": "day"}
    outbox.post(session, LANE, body, due=due, key=f"{LANE}:{campaign.id}:{due.isoformat()}")


def _post_telling(session: Session, campaign: Campaign, chosen: Sequence[str], why: Why) -> None:
    for first in range(0, len(chosen), AT_ONCE):
        whom = chosen[first : first + AT_ONCE]
        outbox.post(session, LANE, {"campaign": campaign.id, "what": "tell", "whom": whom, "why": why.value})


def _tell(session: Session, campaign: Campaign, whom: Iterable[str], why: Why, at: datetime) -> None:
    rule = Reminding.of(campaign.reminding)
    for each in held_waiting(session, campaign, list(whom), at=at):
        if each.is_new and each.reminders == 0:
            _tell_of_asking(session, campaign, each, at)
        elif each.may_be_reminded(at=at) if why is Why.HAND else each.is_due(rule, at=at):
            _remind(session, campaign, each, at)


def _tell_of_asking(session: Session, campaign: Campaign, each: Waiting[Assignment], at: datetime) -> None:
    """People outside have a letter of their own; where it went already, it does not go again."""
    newest = max(assignment.id for assignment in each.open)
    if (rater := each.open[0].rater) is not None:
        key = f"review-asked:{campaign.public_id}:{newest}"
        mail.tell(session, rater, KIND.key, lambda: _asked(campaign, each), key=key, at=at)
    else:
        asking.ask(session, each.open, at=at)
    _write_down(each, at, reminders=0)


def _remind(session: Session, campaign: Campaign, each: Waiting[Assignment], at: datetime) -> None:
    reminders = each.reminders + 1
    if (rater := each.open[0].rater) is None:
        [assignment] = each.open
        asking.remind(session, assignment, at=at, due=_not_in_quiet_hours(each, at))
    else:
        key = f"review-reminded:{campaign.public_id}:{each.key}:{reminders}"
        mail.tell(session, rater, KIND.key, lambda: _reminded(campaign, each), key=key, at=at)
    _write_down(each, at, reminders=reminders)


def _write_down(each: Waiting[Assignment], at: datetime, *, reminders: int) -> None:
    for assignment in each.open:
        assignment.reminded, assignment.reminders = at, reminders


def _not_in_quiet_hours(each: Waiting[Assignment], at: datetime) -> datetime:
    """Where somebody outside is, nobody knows: the clocks of whom it is about are taken for theirs."""
    subject = each.open[0].target.enrolment
    zone: ZoneInfo = zone_of(subject.person if subject else None)
    return QuietHours(QUIET_FROM, QUIET_UNTIL, zone).ends_after(at) or at


def _asked(campaign: Campaign, each: Waiting[Assignment]) -> Words:
    """Names nobody whom it is about: the notice lies in a mailbox."""
    words = ngettext(
        "You are asked for %(num)d answer sheet in “%(title)s”. Before the first answer it says who will see what.",
        "You are asked for %(num)d answer sheets in “%(title)s”. Before the first answer it says who will see what.",
        len(each.open),
        title=campaign.title,
    )
    return Words(
        _("You are asked: %(title)s", title=campaign.title), (words, *_until(each)), _("Answer"), _there(campaign)
    )


def _reminded(campaign: Campaign, each: Waiting[Assignment]) -> Words:
    words = _("You have handed in %(done)d of %(of)d in “%(title)s”. You can decline as well.",
              done=each.done, of=each.of, title=campaign.title)  # fmt: skip
    subject = _("Still waiting for your answers: %(title)s", title=campaign.title)
    return Words(subject, (words, *_until(each)), _("Go on"), _there(campaign))


def _until(each: Waiting[Assignment]) -> tuple[str, ...]:
    return (_("Answers count until %(when)s.", when=local_time(each.closes)),) if each.closes is not None else ()


def _there(campaign: Campaign) -> str:
    return path_to("reviews.index", course=campaign.course.public_id)
