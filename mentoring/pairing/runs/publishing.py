"""A draft becomes mentorships, as a whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from lti_tool.models import Enrolment
from mentoring.mentorships.ledger import Pair
from mentoring.mentorships.models import Mentorship, Origin
from mentoring.mentorships.proposing import propose
from mentoring.pairing.checking import broken
from mentoring.pairing.models import Match, MatchRun, RunState
from mentoring.pairing.pooling import gather
from mentoring.pairing.rules import Rule
from mentoring.participants.joining import hold


@dataclass
class Published:
    """What came of it: mentorships, or the pairs that stand in the way and the rules they break."""

    made: Sequence[Mentorship] = ()
    refused: list[tuple[Match, list[Rule]]] = field(default_factory=list)


def publish(session: Session, run: MatchRun, *, by: Enrolment, at: datetime) -> Published:
    """Make the pairs of a draft that the caller holds; the caller commits if nothing was refused.

    Everybody concerned is held, and every hard rule looked at again as things stand now; one pair that breaks one
    keeps the whole draft a draft.
    """
    people = [match.mentee.enrolment for match in run.matches] + [match.mentor.enrolment for match in run.matches]
    hold(session, run.cohort, people)
    gathered = gather(session, run.cohort, at=at)
    refused = [(match, rules) for match, rules in zip(run.matches, broken(gathered, run.matches), strict=True) if rules]
    if refused:
        return Published(refused=refused)
    kinds = {kind.key: kind for kind in run.cohort.version.kinds}
    pairs = [Pair(match.mentee.enrolment, match.mentor.enrolment, kinds[match.kind]) for match in run.matches]
    result = propose(session, run.cohort, pairs, by=by, at=at, origin=Origin.RUN, run_id=run.id)
    if result.refused:
        by_pair = {(match.mentee.enrolment_id, match.mentor.enrolment_id): match for match in run.matches}
        return Published(
            refused=[(by_pair[each.pair.mentee.id, each.pair.mentor.id], [each.rule]) for each in result.refused]
        )
    run.state, run.published, run.published_by, run.changed = RunState.PUBLISHED, at, by, at
    return Published(made=result.made)
