"""What whoever runs a campaign does next, in a sentence and a button; and why something cannot begin yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lti_tool.pages import local_time
from lti_tool.panels import Urgency
from reviews.campaigns.models import Campaign
from reviews.campaigns.phases import Phase
from reviews.campaigns.progress import Progress
from reviews.campaigns.rules import CampaignKind, Moment, NominatedBy, ReleasedBy


class Act(StrEnum):
    """What can be done with a campaign as a whole."""

    CHOOSE = "choose"
    NOMINATE = "nominate"
    APPROVE = "approve"
    END_NOMINATING = "end_nominating"
    REOPEN = "reopen"
    COLLECT = "collect"
    CLOSE = "close"
    RELEASE = "release"
    ARCHIVE = "archive"


BUTTONS: Mapping[Act, LazyString] = {
    Act.CHOOSE: _l("Choose who is reviewed"),
    Act.NOMINATE: _l("Have raters named"),
    Act.APPROVE: _l("Look at who was named"),
    Act.END_NOMINATING: _l("End naming raters"),
    Act.REOPEN: _l("Have raters named once more"),
    Act.COLLECT: _l("Ask for answers"),
    Act.CLOSE: _l("Close it"),
    Act.RELEASE: _l("Release the results"),
    Act.ARCHIVE: _l("Archive it"),
}
PAGES = frozenset({Act.CHOOSE, Act.APPROVE})
"""Acts that open a page; the others change something at once."""

WHY_NOT: Mapping[str, LazyString] = {
    "nobody_names": _l(
        "No rater group is named by those who are reviewed. Ask for answers at once, or change a group."
    ),
    "no_close": _l("It has no day on which it closes. Say one in its settings."),
    "closes_in_the_past": _l("The day on which it closes is over. Choose a later one in its settings."),
    "no_program": _l("It opens by mentorships and belongs to no run of a program. Choose one in its settings."),
    "nobody_reviewed": _l("Nobody is reviewed yet. Choose who is."),
    "nobody_asked": _l("There is nobody to ask yet: no mentorship stands, or nobody is in these groups."),
    "named_wait": _l("Some who were named wait for your yes or no. Look at them first, and then ask for answers."),
    "instrument": _l("What is asked has something to be mended. Open the instrument and see what it says."),
}


@dataclass(frozen=True)
class Next:
    """What comes next."""

    sentence: str
    act: Act | None = None
    others: tuple[Act, ...] = ()
    """What can be done as well."""
    urgency: Urgency = Urgency.QUIET


def next_for(campaign: Campaign, progress: Progress, at: datetime) -> Next:
    """What whoever runs it does next."""
    match campaign.phase:
        case Phase.DRAFT:
            return _of_draft(campaign, progress)
        case Phase.NOMINATING:
            return _of_nominating(campaign, progress)
        case Phase.APPROVING:
            return _of_approving(progress)
        case Phase.COLLECTING:
            return Next(" ".join(_collecting(campaign, progress, at)), others=(Act.CLOSE,))
        case Phase.CLOSED:
            return _of_closed(campaign)
        case Phase.RELEASED:
            return Next(_("Results are released. Archive it once nobody needs it in this list."), others=(Act.ARCHIVE,))
        case Phase.ARCHIVED:
            return Next(_("It is archived. Results can still be read."))


def _of_draft(campaign: Campaign, progress: Progress) -> Next:
    if campaign.is_by_mentorships:
        said = _("Start it: from then on each mentorship opens it when it gets there.")
        return Next(said, Act.COLLECT, urgency=Urgency.USEFUL)
    if campaign.kind is not CampaignKind.REVIEW:
        return Next(_("Start it once all is as it should be."), Act.COLLECT, urgency=Urgency.USEFUL)
    if campaign.moment is Moment.BASELINE:
        return Next(_("Start it: whoever joins from then on is reviewed."), Act.COLLECT, urgency=Urgency.USEFUL)
    if not progress.people:
        return Next(_("Choose who is reviewed."), Act.CHOOSE, urgency=Urgency.USEFUL)
    if any(group.nominated_by is NominatedBy.SUBJECT for group in campaign.groups):
        said = ngettext(
            "%(num)d person is reviewed. Have them name who knows their work.",
            "%(num)d people are reviewed. Have them name who knows their work.",
            progress.people,
        )
        return Next(said, Act.NOMINATE, (Act.COLLECT,), Urgency.USEFUL)
    said = ngettext(
        "%(num)d person is reviewed. Ask their raters for answers.",
        "%(num)d people are reviewed. Ask their raters for answers.",
        progress.people,
    )
    return Next(said, Act.COLLECT, urgency=Urgency.USEFUL)


def _of_nominating(campaign: Campaign, progress: Progress) -> Next:
    said = _("%(done)d of %(all)d have completed their list of raters.", done=progress.complete, all=progress.people)
    if campaign.nominate_by is not None:
        said += " " + _("Raters are named until %(when)s.", when=local_time(campaign.nominate_by))
    if progress.complete == progress.people:
        return Next(said, Act.END_NOMINATING, urgency=Urgency.WAITING)
    return Next(said, Act.APPROVE if progress.proposed else None, (Act.END_NOMINATING,))


def _of_approving(progress: Progress) -> Next:
    if progress.proposed:
        said = ngettext(
            "%(num)d rater was named and waits for your yes or no.",
            "%(num)d raters were named and wait for your yes or no.",
            progress.proposed,
        )
        return Next(said, Act.APPROVE, (Act.REOPEN,), Urgency.WAITING)
    return Next(_("Every list is settled. Ask for answers."), Act.COLLECT, (Act.REOPEN,), Urgency.WAITING)


def _collecting(campaign: Campaign, progress: Progress, at: datetime) -> Iterator[str]:
    yield _("%(done)d of %(all)d answers are in.", done=progress.done, all=progress.asked)
    if campaign.moment is Moment.BASELINE:
        yield _("It opens by itself for whoever joins, and goes on until you close it.")
    elif campaign.is_by_mentorships:
        yield _("It opens by itself for each mentorship, and goes on until you close it.")
    elif campaign.opens is not None and campaign.opens > at:
        yield _("Answers are taken from %(when)s.", when=local_time(campaign.opens))
    if campaign.closes is not None:
        yield _("It closes on %(when)s.", when=local_time(campaign.closes))


def _of_closed(campaign: Campaign) -> Next:
    if campaign.released_by is ReleasedBy.COACH:
        said = _("It is closed. The coaches release the results; you can release all of them at once.")
        return Next(said, None, (Act.RELEASE, Act.ARCHIVE))
    if campaign.released_by is ReleasedBy.AT_CLOSE:
        return Next(_("It is closed, and the results are being released."), None, (Act.RELEASE, Act.ARCHIVE))
    said = _("It is closed. Release the results, so that those whom they are about can read them.")
    return Next(said, Act.RELEASE, (Act.ARCHIVE,), Urgency.WAITING)
