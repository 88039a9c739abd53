"""What a campaign is to be like, as plain values: its kind, rater groups, thresholds, moments; no database, no web."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from reviews.disclosure.policy import Policy
from reviews.instruments.content import SELF


class CampaignKind(StrEnum):
    REVIEW = "review"
    """People are reviewed by those around them."""
    PAIR = "pair"
    """The two of a mentorship evaluate each other."""
    PROGRAM = "program"
    """Those of a program evaluate it."""
    SURVEY = "survey"
    """Everybody of the course is asked, about nobody."""


class Purpose(StrEnum):
    """What results are used for. It is declared before the first answer, and printed on every report."""

    DEVELOPMENT = "development"
    DECISION = "decision"


class Moment(StrEnum):
    """When it opens."""

    DATE = "date"
    DAYS = "days"
    """Some days after a mentorship began."""
    INTERVAL = "interval"
    """Every some days of a mentorship."""
    BASELINE = "baseline"
    """When somebody joins."""
    MID = "mid"
    END = "end"
    """In the middle and at the end of a mentorship."""
    MILESTONE = "milestone"
    """When a mentorship reaches what `Milestone` names."""


class Milestone(StrEnum):
    """What a mentorship reaches on its way, once."""

    KICK_OFF = "kick_off"
    AGREEMENT = "agreement"
    """All have signed it."""
    GOAL = "goal"
    """The first of its goals."""


class ReleasedBy(StrEnum):
    STAFF = "staff"
    COACH = "coach"
    """The coach or mentor named for each person."""
    AT_CLOSE = "at_close"
    """By itself, as soon as it is closed."""


class Anonymity(StrEnum):
    NAMED = "named"
    """Shown with the name."""
    ATTRIBUTED = "attributed"
    """Shown as what these few said; who they are is known."""
    ANONYMOUS = "anonymous"
    """Shown only together with enough others."""


class NominatedBy(StrEnum):
    NOBODY = "nobody"
    """Who belongs to it is known: oneself, the mentors, the mentees, the manager."""
    SUBJECT = "subject"
    STAFF = "staff"


class SeesComments(StrEnum):
    """How comments of a group are shown."""

    VERBATIM = "verbatim"
    SHUFFLED = "shuffled"
    """In one pool with those of other groups, in no order."""
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """The fewest raters behind what is shown of anonymous groups. See docs/disclosure.md."""

    means: int = 3
    comments: int = 5
    spread: int = 8

    def as_json(self) -> dict[str, int]:
        return asdict(self)

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Thresholds:
        return cls(**said)

    @property
    def policy(self) -> Policy:
        """As the gate takes them. Raises ValueError for looser ones than the least there is."""
        return Policy(means=self.means, comments=self.comments, spreads=self.spread)


@dataclass(frozen=True, kw_only=True)
class GroupRule:
    """A rater group as a campaign begins with it."""

    key: str
    label: str = ""
    """What the campaign calls it; empty for what the tool calls one of its own."""
    anonymity: Anonymity
    nominated_by: NominatedBy = NominatedBy.NOBODY
    least: int = 0
    """Fewer answers at closing are told to whoever runs it."""
    fewest_invited: int = 0
    most_invited: int | None = None
    weight: float = 1.0
    """In the mean of all others; one's own answers have none."""
    comments: SeesComments = SeesComments.SHUFFLED


KNOWN_PEOPLE = frozenset({"manager", "mentor"})
"""Groups of one or two whom everybody can name: they are attributed, or named, and never called anonymous."""
MENTOR, MANAGER, PEER, REPORT, MENTEE, EXTERNAL = "mentor", "manager", "peer", "report", "mentee", "external"
EVERYONE = "everyone"
_ANONYMOUS = {"anonymity": Anonymity.ANONYMOUS, "nominated_by": NominatedBy.SUBJECT, "least": 3}

GROUPS: Mapping[CampaignKind, tuple[GroupRule, ...]] = {
    CampaignKind.REVIEW: (
        GroupRule(key=SELF, anonymity=Anonymity.NAMED, weight=0.0, comments=SeesComments.VERBATIM),
        GroupRule(key=MANAGER, anonymity=Anonymity.ATTRIBUTED, least=1, comments=SeesComments.VERBATIM),
        GroupRule(key=MENTOR, anonymity=Anonymity.ATTRIBUTED, least=1, comments=SeesComments.VERBATIM),
        GroupRule(key=PEER, fewest_invited=5, most_invited=10, **_ANONYMOUS),  # type: ignore[arg-type]
        GroupRule(key=REPORT, most_invited=12, **_ANONYMOUS),  # type: ignore[arg-type]
        GroupRule(key=MENTEE, anonymity=Anonymity.ANONYMOUS, least=3),
        GroupRule(key=EXTERNAL, most_invited=8, **_ANONYMOUS),  # type: ignore[arg-type]
    ),
    CampaignKind.PAIR: (
        GroupRule(key=MENTOR, anonymity=Anonymity.ATTRIBUTED, comments=SeesComments.VERBATIM),
        GroupRule(key=MENTEE, anonymity=Anonymity.ATTRIBUTED, comments=SeesComments.VERBATIM),
    ),
    CampaignKind.PROGRAM: (
        GroupRule(key=MENTEE, anonymity=Anonymity.ANONYMOUS, least=3),
        GroupRule(key=MENTOR, anonymity=Anonymity.ANONYMOUS, least=3),
    ),
    CampaignKind.SURVEY: (GroupRule(key=EVERYONE, anonymity=Anonymity.ANONYMOUS, least=3),),
}
"""Sensible ones to begin with; a campaign may leave some out, add others, and change each."""
