"""What a program's evaluation plan asks for, as campaigns of its run: what is there, what is drafted, what is missing.

A campaign of the run with the same kind and moment is the planned one, whoever made it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Course, Enrolment
from mentoring.programs.choices import EvaluationPoint
from mentoring.programs.cohorts import cohort_to_change
from mentoring.programs.models import Cohort, ProgramVersion
from mentoring.programs.starting import current
from reviews.campaigns import labels, making, running
from reviews.campaigns.making import Design
from reviews.campaigns.models import Campaign, NotPossible
from reviews.campaigns.phases import Phase
from reviews.campaigns.rules import MENTOR, CampaignKind, Moment, ReleasedBy
from reviews.instruments import choosing
from reviews.instruments.content import InstrumentKind
from reviews.instruments.models import InstrumentVersion

NEWCOMERS = f"{choosing.READY}newcomer_onboarding"
"""What people are reviewed by when they join; a draft may ask something else."""


@dataclass(frozen=True)
class Round:
    """A campaign as the plan names it."""

    kind: CampaignKind
    moment: Moment
    days: int | None = None
    compares: bool = False
    """Whether its results are held against those of the baseline."""

    def is_like(self, campaign: Campaign) -> bool:
        return (self.kind, self.moment) == (campaign.kind, campaign.moment)


@dataclass(frozen=True)
class Planned:
    """One that the plan names, and the campaign that it has become."""

    round: Round
    campaign: Campaign | None

    @property
    def title(self) -> str:
        return self.campaign.title if self.campaign else str(TITLES[self.round.kind, self.round.moment])

    @property
    def when(self) -> str:
        return labels.moment_label(self.round.kind, self.round.moment)

    @property
    def state(self) -> str:
        return str(labels.PHASES[self.campaign.phase]) if self.campaign else str(_("Not drafted yet"))

    @property
    def is_draft(self) -> bool:
        return self.campaign is not None and self.campaign.phase is Phase.DRAFT

    @property
    def is_open(self) -> bool:
        """Whether it has still to be drafted or started."""
        return self.campaign is None or self.is_draft


TITLES: Mapping[tuple[CampaignKind, Moment], LazyString] = {
    (CampaignKind.REVIEW, Moment.BASELINE): _l("Baseline review"),
    (CampaignKind.REVIEW, Moment.END): _l("Review at the end, beside the baseline"),
    (CampaignKind.PAIR, Moment.MID): _l("Mid evaluation"),
    (CampaignKind.PAIR, Moment.END): _l("End evaluation"),
    (CampaignKind.PAIR, Moment.INTERVAL): _l("Evaluation at intervals"),
    (CampaignKind.PROGRAM, Moment.DAYS): _l("Program evaluation on the way"),
    (CampaignKind.PROGRAM, Moment.MID): _l("Program evaluation in the middle"),
    (CampaignKind.PROGRAM, Moment.END): _l("Program evaluation"),
}


def rounds_of(version: ProgramVersion) -> Iterator[Round]:
    """What this plan comes to. People are reviewed when they join and, against that, at the end; the two of a pair
    evaluate each other on the way and at the end, and the program is evaluated at the end. Where peers meet in circles
    nobody is one of a pair, so on the way they say how the program is for them."""
    points = {EvaluationPoint(each) for each in version.evaluations}
    of_the_way = CampaignKind.PROGRAM if version.is_of_peers else CampaignKind.PAIR
    if EvaluationPoint.BASELINE in points:
        yield Round(CampaignKind.REVIEW, Moment.BASELINE)
    if EvaluationPoint.INTERVAL in points:
        moment = Moment.DAYS if version.is_of_peers else Moment.INTERVAL
        yield Round(of_the_way, moment, days=version.evaluation_days)
    if EvaluationPoint.MID in points:
        yield Round(of_the_way, Moment.MID)
    if EvaluationPoint.END in points:
        if not version.is_of_peers:
            yield Round(CampaignKind.PAIR, Moment.END)
        yield Round(CampaignKind.PROGRAM, Moment.END)
        if EvaluationPoint.BASELINE in points:
            yield Round(CampaignKind.REVIEW, Moment.END, compares=True)


def planned(session: Session, course: Course) -> Sequence[Planned]:
    """The plan of the run that is open now, each with its campaign; nothing where no run is open or nothing planned."""
    cohort = current(session, course)
    return _planned(session, cohort) if cohort is not None and cohort.version.evaluations else ()


def _planned(session: Session, cohort: Cohort) -> list[Planned]:
    there = session.scalars(select(Campaign).where(Campaign.cohort_id == cohort.id).order_by(Campaign.id)).all()
    return [
        Planned(each, next((campaign for campaign in there if each.is_like(campaign)), None))
        for each in rounds_of(cohort.version)
    ]


def draft(session: Session, course: Course, *, by: Enrolment, at: datetime) -> int:
    """Have a draft of everything that the plan names and that is not there; how many. The caller commits."""
    cohort = _held(session, course)
    if cohort is None:
        return 0
    missing = [each.round for each in _planned(session, cohort) if each.campaign is None]
    for each in missing:
        making.make(session, course, _design(session, cohort, each, at), by=by, at=at)
    return len(missing)


def start(session: Session, course: Course, *, by: Enrolment, at: datetime) -> tuple[int, Sequence[Campaign]]:
    """Start every draft that the plan names: from here on they open by themselves. How many; and those that cannot
    begin as they are. The caller commits."""
    cohort = _held(session, course)
    started, stuck = 0, []
    for each in _planned(session, cohort) if cohort is not None else ():
        if each.campaign is not None and each.is_draft:
            try:
                running.collect(session, each.campaign, by=by, at=at)
                started += 1
            except (running.NotReady, NotPossible):
                stuck.append(each.campaign)
    return started, stuck


def _held(session: Session, course: Course) -> Cohort | None:
    """The open run, so that of two who press the button the second finds what the first has made."""
    cohort = current(session, course)
    return cohort_to_change(session, course, cohort.public_id) if cohort is not None else None


def _design(session: Session, cohort: Cohort, wanted: Round, at: datetime) -> Design:
    before = _baseline(session, cohort) if wanted.compares else None
    version, own = (before.version, {}) if before else _asked(session, cohort.course, wanted.kind, at)
    is_of_people = wanted.kind in (CampaignKind.REVIEW, CampaignKind.PAIR)
    title = str(TITLES[wanted.kind, wanted.moment])
    return Design(
        kind=wanted.kind,
        title=_("%(title)s, %(run)s", title=title, run=cohort.title) if cohort.title else title,
        version=version,
        own_versions=own,
        cohort=cohort,
        moment=wanted.moment,
        days=wanted.days,
        # Each is open for its own time, and nobody should have to look for what has closed.
        released_by=ReleasedBy.AT_CLOSE if is_of_people else ReleasedBy.STAFF,
        follows=before,
    )


def _asked(
    session: Session, course: Course, kind: CampaignKind, at: datetime
) -> tuple[InstrumentVersion, dict[str, InstrumentVersion]]:
    usual = choosing.usual(choosing.offered(session, course, InstrumentKind(kind.value)))
    key, of_mentors = NEWCOMERS if kind is CampaignKind.REVIEW else usual[0], usual[1]
    version = choosing.version_for(session, course, key, at=at)
    mentors = choosing.version_for(session, course, of_mentors, at=at) if of_mentors else None
    assert version is not None, "what comes with the tool is there"
    return version, {MENTOR: mentors} if mentors else {}


def _baseline(session: Session, cohort: Cohort) -> Campaign | None:
    """The round that the last one is held against: it asks the same."""
    wanted = select(Campaign).where(Campaign.cohort_id == cohort.id, Campaign.kind == CampaignKind.REVIEW)
    return session.scalars(wanted.where(Campaign.moment == Moment.BASELINE).order_by(Campaign.id)).first()
