"""A campaign is drafted, changed while it is a draft, and thrown away while it is a draft; a few words change later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from lti_tool.models import Course, Enrolment
from mentoring.programs.choices import ForWhom
from mentoring.programs.models import Cohort
from reviews import disclosure
from reviews.answering import writing
from reviews.campaigns.models import Assignment, Campaign, NotPossible, RaterGroup
from reviews.campaigns.phases import Phase
from reviews.campaigns.rules import (
    GROUPS,
    KNOWN_PEOPLE,
    CampaignKind,
    GroupRule,
    Milestone,
    Moment,
    Purpose,
    ReleasedBy,
    Thresholds,
)
from reviews.instruments.content import InstrumentKind
from reviews.instruments.models import InstrumentVersion

RETENTION_MONTHS = 24
TAKEN = (
    *("title", "version", "cohort", "purpose", "purpose_words", "moment", "days", "milestone", "reviewed", "open_days"),
    *("nominate_by", "opens", "closes", "released_by", "retention_months", "follows"),
)
RULED = ("label", "anonymity", "nominated_by", "least", "fewest_invited", "most_invited", "weight", "comments")


@dataclass(frozen=True, kw_only=True)
class Design:
    """What a campaign is to be like."""

    kind: CampaignKind
    title: str
    version: InstrumentVersion
    groups: Sequence[GroupRule] = ()
    """Empty for the usual ones of its kind."""
    own_versions: Mapping[str, InstrumentVersion] = field(default_factory=dict)
    """By group, what it is asked where that is something else: mentors are evaluated otherwise than mentees."""
    cohort: Cohort | None = None
    purpose: Purpose = Purpose.DEVELOPMENT
    purpose_words: str = ""
    moment: Moment = Moment.DATE
    days: int | None = None
    milestone: Milestone | None = None
    reviewed: ForWhom = ForWhom.MENTEE
    open_days: int = 14
    nominate_by: datetime | None = None
    opens: datetime | None = None
    closes: datetime | None = None
    released_by: ReleasedBy = ReleasedBy.STAFF
    thresholds: Thresholds = field(default_factory=Thresholds)
    retention_months: int = RETENTION_MONTHS
    follows: Campaign | None = None

    @property
    def rules(self) -> Sequence[GroupRule]:
        usual = GROUPS[self.kind]
        if self.version.instrument.kind is InstrumentKind.CHECKLIST:
            # What was seen done is ticked by those who look after somebody.
            usual = tuple(rule for rule in usual if rule.key in KNOWN_PEOPLE) or usual
        return self.groups or usual


def make(session: Session, course: Course, design: Design, *, by: Enrolment | None, at: datetime) -> Campaign:
    """A draft of this design; the caller commits."""
    campaign = Campaign(course=course, kind=design.kind, made_by=by, created=at)
    _take(campaign, design)
    campaign.groups = _groups(design.rules, {})
    _ask_otherwise(campaign, design)
    session.add(campaign)
    session.flush()
    return campaign


def change(session: Session, campaign: Campaign, design: Design) -> None:
    """The draft is like this now, its rater groups included. Raises NotPossible once it is no draft any more."""
    change_groups(session, campaign, design.rules)
    _take(campaign, design)
    _ask_otherwise(campaign, design)
    session.flush()


def change_groups(session: Session, campaign: Campaign, rules: Sequence[GroupRule]) -> None:
    """These rater groups and no others; those who were to answer in one that is gone are not asked.

    Raises NotPossible once it is no draft any more; the caller commits.
    """
    session.flush()
    session.refresh(campaign, with_for_update={"of": Campaign})
    if campaign.phase is not Phase.DRAFT:
        raise NotPossible("Only a draft changes as a whole.")
    by_key = {each.key: each for each in campaign.groups}
    gone = [group.id for key, group in by_key.items() if key not in {rule.key for rule in rules}]
    session.execute(delete(Assignment).where(Assignment.group_id.in_(gone)))
    campaign.groups = _groups(rules, by_key)
    session.flush()
    session.expire_all()


def rules_of(campaign: Campaign) -> list[GroupRule]:
    """The rater groups as it has them now."""
    return [GroupRule(key=each.key, **{name: getattr(each, name) for name in RULED}) for each in campaign.groups]


class TooLoose(Exception):
    """Somebody has answered under stricter thresholds, and was told so."""


def adjust(
    session: Session,
    campaign: Campaign,
    *,
    title: str,
    released_by: ReleasedBy,
    thresholds: Thresholds,
    retention_months: int,
) -> None:
    """What may change while it runs; the caller commits. Raises TooLoose where somebody has answered, and NotPossible
    once it is closed."""
    session.flush()
    session.refresh(campaign, with_for_update={"of": Campaign})
    if not campaign.is_running:
        raise NotPossible("It is closed, and results are made by what was set.")
    old, new = campaign.limits.policy, thresholds.policy
    if not disclosure.may_change(old, new, has_answers=has_answers(session, campaign)):
        raise TooLoose
    campaign.title, campaign.released_by = title, released_by
    campaign.thresholds, campaign.retention_months = thresholds.as_json(), retention_months


def has_answers(session: Session, campaign: Campaign) -> bool:
    return bool(writing.answered(session, campaign))


def throw_away(session: Session, campaign: Campaign) -> None:
    """A draft nobody was asked by goes. Raises NotPossible for any other."""
    if campaign.phase is not Phase.DRAFT:
        raise NotPossible("People were asked: it stays.")
    for target in campaign.targets:
        for assignment in target.assignments:
            session.delete(assignment)
        session.flush()
        session.delete(target)
    session.flush()
    session.delete(campaign)


def _take(campaign: Campaign, design: Design) -> None:
    for name in TAKEN:
        setattr(campaign, name, getattr(design, name))
    campaign.thresholds = design.thresholds.as_json()


def _groups(rules: Sequence[GroupRule], known: Mapping[str, RaterGroup]) -> list[RaterGroup]:
    return [_filled(known.get(rule.key) or RaterGroup(key=rule.key), n, rule) for n, rule in enumerate(rules, 1)]


def _ask_otherwise(campaign: Campaign, design: Design) -> None:
    for group in campaign.groups:
        group.own_version = design.own_versions.get(group.key)


def _filled(group: RaterGroup, place: int, rule: GroupRule) -> RaterGroup:
    group.place = place
    for name in RULED:
        setattr(group, name, getattr(rule, name))
    return group
