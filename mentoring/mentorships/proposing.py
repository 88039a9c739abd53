"""Pairs are proposed: several at once, by hand, from a run of the engine, or by a mentee who asks.

Where nobody has to agree the two are a pair at once. Otherwise the mentor is asked, and meanwhile the place is held;
only a mentee's own request holds none, because they may ask several mentors for one place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.models import Enrolment
from mentoring.events import MentorshipProposed
from mentoring.mentorships import telling_people
from mentoring.mentorships.agreeing import announce_pairs, settle, take_place
from mentoring.mentorships.barring import Bars
from mentoring.mentorships.ledger import Ledger, Pair, taken_by
from mentoring.mentorships.models import Membership, Mentorship, Origin, Part
from mentoring.mentorships.postcards import about
from mentoring.mentorships.states import MentorshipState
from mentoring.mentorships.superseding import asking_others, open_asks_of, supersede_between
from mentoring.mentorships.winding import wind
from mentoring.pairing.rules import Rule, obstacle
from mentoring.participants.joining import hold, join
from mentoring.participants.queries import is_here
from mentoring.programs.choices import MustAgree
from mentoring.programs.models import Cohort
from mentoring.programs.starting import settled


@dataclass(frozen=True)
class Refused:
    """A pair that was not made, and the rule that stood in the way."""

    pair: Pair
    rule: Rule


@dataclass
class Assigned:
    """What became of the pairs: each is in exactly one of the two."""

    made: list[Mentorship] = field(default_factory=list)
    """Pairs already, or asked whether they would be."""
    refused: list[Refused] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Story:
    """Where a proposal comes from."""

    origin: Origin = Origin.ASSIGNED
    run_id: int | None = None
    case_text: str = ""
    passed_on_from: Mentorship | None = None
    replaces: Mentorship | None = None
    is_agreed: bool = False
    """Whether both have said yes before: the mentor by offering a time, the mentee by booking it."""


def propose(
    session: Session,
    cohort: Cohort,
    pairs: Sequence[Pair],
    *,
    by: Enrolment | None,
    at: datetime,
    origin: Origin,
    run_id: int | None = None,
    case_text: str = "",
    bars: Bars | None = None,
) -> Assigned:
    """Propose every pair that no rule forbids and announce it; the caller commits.

    Everybody concerned is held meanwhile, so two instructors can never give away the same place, and a pair
    is made as a whole or not at all. Pairs are taken in the order given: the first gets the last place.
    `by` is nobody where the clock passes an ask on. Places, pairs and people are checked always; `bars` are
    further rules.
    """
    story = Story(origin=origin, run_id=run_id, case_text=case_text)
    return propose_as(session, cohort, pairs, story, by=by, at=at, bars=bars)


def propose_as(
    session: Session,
    cohort: Cohort,
    pairs: Sequence[Pair],
    story: Story,
    *,
    by: Enrolment | None,
    at: datetime,
    bars: Bars | None = None,
) -> Assigned:
    """As `propose`, for pairs that have a story."""
    people = [person for pair in pairs for person in (pair.mentee, pair.mentor)]
    pairs = _of_today(settled(session, cohort), pairs)
    join(session, cohort, [pair.mentee for pair in pairs if is_here(pair.mentee)], at=at)
    held = hold(session, cohort, people)
    ledger = Ledger(held, taken_by(session, held.values()))
    result = Assigned()
    for pair in pairs:
        rule = _obstacle(session, pair, ledger, story, at, bars)
        if rule is not None:
            result.refused.append(Refused(pair, rule))
            continue
        mentorship = _make(cohort, pair, ledger, story, by=by, at=at)
        session.add(mentorship)
        result.made.append(mentorship)
    session.flush()
    if standing := [made for made in result.made if made.is_standing]:
        announce_pairs(session, standing, by=by, at=at)
    if asked := [made for made in result.made if made.is_open]:
        _announce_asked(session, asked, by=by, at=at)
    return result


def _of_today(cohort: Cohort, pairs: Sequence[Pair]) -> Sequence[Pair]:
    """The pairs with the kinds of the version the cohort has by now: the design may just have been changed."""
    kinds = {kind.key: kind for kind in cohort.version.kinds}
    return [replace(pair, kind=kinds.get(pair.kind.key, pair.kind)) for pair in pairs]


def _obstacle(
    session: Session, pair: Pair, ledger: Ledger, story: Story, at: datetime, bars: Bars | None
) -> Rule | None:
    rule = obstacle(ledger.situation(pair))
    if rule is not None:
        return rule
    mentee, mentor = ledger.held[pair.mentee.id], ledger.held[pair.mentor.id]
    if story.origin is Origin.REQUEST and not story.is_agreed and _is_asked(session, ledger, pair):
        return Rule.SAME_PAIR
    return bars(session, mentee, [mentor], pair.kind.key, at).get(mentor.id) if bars else None


def _is_asked(session: Session, ledger: Ledger, pair: Pair) -> bool:
    """Whether the mentee waits for an answer of this mentor already."""
    mine = open_asks_of(session, ledger.held[pair.mentee.id], Part.MENTEE)
    theirs = open_asks_of(session, ledger.held[pair.mentor.id], Part.MENTOR)
    return not set(mine).isdisjoint(theirs)


def _make(
    cohort: Cohort, pair: Pair, ledger: Ledger, story: Story, *, by: Enrolment | None, at: datetime
) -> Mentorship:
    mentee, mentor = ledger.held[pair.mentee.id], ledger.held[pair.mentor.id]
    is_request = story.origin is Origin.REQUEST
    is_pair = story.is_agreed or (cohort.version.must_agree is MustAgree.NOBODY and not is_request)
    mentorship = Mentorship(
        cohort=cohort,
        kind=pair.kind,
        state=MentorshipState.ACCEPTED if is_pair else MentorshipState.PROPOSED,
        origin=story.origin,
        run_id=story.run_id,
        case_text=story.case_text,
        passed_on_from_id=story.passed_on_from.id if story.passed_on_from else None,
        replaces_id=story.replaces.id if story.replaces else None,
        mentor_agreed=at if story.is_agreed else None,
        mentee_agreed=at if is_request else None,
        created=at,
        members=[
            Membership(participant=mentor, part=Part.MENTOR, since=at),
            Membership(participant=mentee, part=Part.MENTEE, since=at),
        ],
    )
    if is_pair or not is_request:
        take_place(mentorship, ledger, at=at)
    if is_pair:
        settle(mentorship, at=at)
    else:
        mentorship.wait_for(Part.MENTOR, at=at)
    mentorship.begin(by=by, at=at)
    return mentorship


def _announce_asked(session: Session, asked: Sequence[Mentorship], *, by: Enrolment | None, at: datetime) -> None:
    asking, asker = asking_others(session, asked), by.who if by else None
    for each in asked:
        if each.mentee.id in asking:
            supersede_between(session, each, at=at)
    outbox.announce_all(
        session, [MentorshipProposed(**about(each, at), by=asker, origin=each.origin.value) for each in asked]
    )
    for each in asked:
        telling_people.asked(session, each, at=at)
        wind(session, each)
