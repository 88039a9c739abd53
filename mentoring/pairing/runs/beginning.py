"""A match run: the cohort is gathered, the engine asked, and what it answers kept as a draft."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool import jobs
from lti_tool.members import people_of
from lti_tool.models import Enrolment
from mentoring.mentorships.models import Mentorship, Origin, Part
from mentoring.mentorships.states import MentorshipState
from mentoring.pairing.circles import running as circles
from mentoring.pairing.circles.running import CirclesFound
from mentoring.pairing.judging import judged
from mentoring.pairing.matching import solution
from mentoring.pairing.matching.gathering import TooManyTogether
from mentoring.pairing.matching.listening import Listener, nobody
from mentoring.pairing.matching.pool import Pool
from mentoring.pairing.matching.proposing import Lock, Proposal, Run, problem_of, propose
from mentoring.pairing.matching.scoring import points_of
from mentoring.pairing.models import Match, MatchRun, RunState
from mentoring.pairing.pooling import Gathered, gather
from mentoring.pairing.runs import keeping
from mentoring.pairing.runs.drafting import hold_runs
from mentoring.pairing.runs.keeping import Asked
from mentoring.participants.joining import join
from mentoring.participants.models import Participant
from mentoring.participants.queries import is_seeking
from mentoring.programs.models import Cohort

ENGINE = "1"
"""Changes with every change after which the same input may give another output."""
JOB = "match-run"
AT_ONCE = 60_000
"""Pairs that are looked at while the page is waited for; more are left to a process of its own."""
ONE_OF_SEVERAL = 8
"""How much more a pair costs where several kinds are arranged together."""


UNSOLVED = (solution.Contradictory, solution.Unanswered, TooManyTogether)
"""How the engine says that it found nothing: what is locked goes against sizes of groups, or it gave up."""


class NotStarted(Exception):
    """A run cannot begin; says why, in a code: `nobody_seeks`, `nobody_mentors`, `unsolved`; of peers
    `everybody_placed`, `too_few_peers`, `circles_unsolved`."""


class Forgotten(Exception):
    """Somebody of the run was erased since, and with them what the engine was told."""


class Contradictory(Exception):
    """What is locked cannot be kept; by key, the mentors with more locked pairs than places."""

    def __init__(self, mentors: Mapping[str, tuple[int, int]]) -> None:
        super().__init__("More pairs are locked than there are places.")
        self.mentors = mentors
        """The pairs locked with each, and the places there are."""


def begin(
    session: Session,
    cohort: Cohort,
    *,
    by: Enrolment | None,
    at: datetime,
    weights: Mapping[str, int] | None = None,
    is_aside: bool = False,
    seed: int | None = None,
) -> MatchRun:
    """Ask the engine about the cohort as it stands; the caller commits.

    A draft that is open is put away, and what was locked in it is kept. One that only tries other weights leaves it
    open, has its seed and stands beside it. Small classes are answered at once, larger ones by a job. Raises
    NotStarted.
    """
    hold_runs(session, cohort.course)
    _let_learners_join(session, cohort, at)
    draft = open_run(session, cohort, for_change=True)
    is_of_circles = cohort.version.is_of_peers
    ask = circles.asked if is_of_circles else _asked
    asked = ask(session, cohort, draft, at=at, weights=weights or _weights_of(draft))
    if isinstance(asked, str):
        raise NotStarted(asked)
    if draft is not None and not is_aside:
        _put_away(session, draft)
    run = MatchRun(
        cohort=cohort,
        number=_next_number(session, cohort),
        state=RunState.WORKING,
        is_aside=is_aside,
        is_of_circles=is_of_circles,
        weights={question.value: weight for question, weight in asked.weights.items()},
        seed=seed if seed is not None else draft.seed if draft is not None else secrets.randbits(53),
        engine=ENGINE,
        inputs=asked.inputs,
        made_by=by,
        created=at,
        changed=at,
    )
    run.input_hash = keeping.fingerprint(run.inputs)
    session.add(run)
    session.flush()
    if asked.is_small:
        try:
            keep(session, run, solve(run.inputs, run.seed), at=at)
        except UNSOLVED as problem:
            raise NotStarted("circles_unsolved" if is_of_circles else "unsolved") from problem
    else:
        jobs.ask(session, JOB, {"run": run.id}, key=f"{JOB}:{run.id}", course=cohort.course, by=by)
    return run


def _put_away(session: Session, draft: MatchRun) -> None:
    """Another run comes in its place, and nobody works on it any more."""
    draft.state = RunState.DISCARDED
    session.flush()
    job = jobs.newest(session, f"{JOB}:{draft.id}")
    if job is not None and job.is_unfinished:
        jobs.cancel(session, job)


def open_run(session: Session, cohort: Cohort, *, for_change: bool = False) -> MatchRun | None:
    """The draft of this cohort, or the run that is to become one; held until the caller commits, if it is changed."""
    wanted = select(MatchRun).where(
        MatchRun.cohort_id == cohort.id,
        MatchRun.state.in_((RunState.WORKING, RunState.DRAFT)),
        ~MatchRun.is_aside,
    )
    if for_change:
        wanted = wanted.with_for_update(of=MatchRun).execution_options(populate_existing=True)
    return session.scalar(wanted)


def _asked(
    session: Session, cohort: Cohort, draft: MatchRun | None, *, at: datetime, weights: Mapping[str, int] | None
) -> Asked | str:
    """What the engine is to be told about pairs; a code where there is nothing to ask."""
    gathered = gather(session, cohort, at=at, weights=weights)
    if not gathered.pool.mentees:
        return "nobody_seeks"
    if not gathered.pool.mentors:
        return "nobody_mentors"
    locked = _locked(draft, gathered)
    inputs = keeping.plain(gathered.pool, [*locked, *_agreed(session, gathered, locked)])
    return Asked(inputs, gathered.pool.design.weights, is_small=effort(gathered.pool) <= AT_ONCE)


def effort(pool: Pool) -> int:
    """How many pairs there are to look at, in pairs of one kind."""
    pairs = len(pool.mentees) * len(pool.mentors)
    return pairs * ONE_OF_SEVERAL if len(pool.design.kinds) > 1 else pairs


@dataclass(frozen=True)
class PairsFound:
    """What the engine answers about mentors and mentees."""

    pool: Pool
    answered: Run

    def __len__(self) -> int:
        return len(self.answered.proposals)

    def write(self, session: Session, run: MatchRun) -> None:
        """Into the run. What was kept by itself (a request, a wish of both) counts as locked, too."""
        ids = _ids(session, run)
        locked = {(lock.mentee, lock.mentor) for lock in self.answered.locks}
        run.matches = [
            match_of(self.pool, proposal, ids, is_locked=(proposal.mentee.key, proposal.mentor.key) in locked)
            for proposal in self.answered.proposals
        ]
        run.outcome = {**_outcome(self.pool, self.answered), **judged(self.pool, self.answered.proposals)}


def solve(inputs: Mapping[str, Any], seed: int, *, listener: Listener = nobody) -> PairsFound | CirclesFound:
    """What the engine answers, without the database; raises what UNSOLVED names. Of circles nobody is told how far."""
    if "peers" in inputs:
        return circles.solve(inputs, seed=seed)
    pool, locks = keeping.restored(inputs)
    return PairsFound(pool, propose(pool, locks, seed=seed, listener=listener))


def keep(session: Session, run: MatchRun, found: PairsFound | CirclesFound, *, at: datetime) -> None:
    """Write down the answer; the run is a draft then. The caller commits."""
    found.write(session, run)
    run.state, run.changed = RunState.DRAFT, at


def match_of(pool: Pool, proposal: Proposal, ids: Mapping[str, int], **how: bool) -> Match:
    points = points_of(pool, proposal.mentee, proposal.mentor)
    return Match(
        mentee_id=ids[proposal.mentee.key],
        mentor_id=ids[proposal.mentor.key],
        kind=proposal.kind,
        score=proposal.score,
        points={question.value: number for question, number in points.items()},
        **how,
    )


def replay(run: MatchRun) -> Run:
    """What the engine answers to what it was told then; the same as it answered then. Raises Forgotten."""
    if not run.inputs:
        raise Forgotten("Somebody who was part of this run has been erased, so it cannot be done again.")
    pool, locks = keeping.restored(run.inputs)
    return propose(pool, locks, seed=run.seed)


def _outcome(pool: Pool, answered: Run) -> dict[str, Any]:
    found = answered.solution
    return {
        "levels": keeping.plain_levels(found.levels),
        "bounds": keeping.plain_levels(found.bounds),
        "seeking": len(pool.mentees),
        "proof": _proof(pool, answered),
        "leftovers": [
            {
                "mentee": left.mentee.key,
                "person": left.mentee.who,
                "kind": left.kind,
                "missing": left.missing,
                "barred": {rule.value: count for rule, count in left.barred.items()},
            }
            for left in answered.leftovers
        ],
    }


def _proof(pool: Pool, answered: Run) -> dict[str, Any]:
    """Why no more can be placed, by keys."""
    from mentoring.pairing.matching.certifying import shortage  # Slow to be read: only who solves waits for it.

    told = shortage(problem_of(pool, answered.locks), cover=answered.solution.cover)
    return {
        "most": told.most,
        "stuck": [[pool.mentees[mentee].key, pool.design.kinds[kind].key] for mentee, kind in told.stuck],
        "wanted": [pool.mentors[mentor].key for mentor in told.wanted],
        "places": told.places,
    }


def _ids(session: Session, run: MatchRun) -> dict[str, int]:
    rows = session.execute(select(Participant.public_id, Participant.id).where(Participant.cohort_id == run.cohort_id))
    return dict(iter(rows))


def _next_number(session: Session, cohort: Cohort) -> int:
    newest = session.scalar(select(func.max(MatchRun.number)).where(MatchRun.cohort_id == cohort.id))
    return (newest or 0) + 1


def _weights_of(draft: MatchRun | None) -> Mapping[str, int] | None:
    return draft.weights if draft is not None else None


def _let_learners_join(session: Session, cohort: Cohort, at: datetime) -> None:
    """Learners are mentees without having said so; from here on they have a row."""
    people = [person for person in people_of(session, cohort.course) if is_seeking(person, None)]
    join(session, cohort, people, at=at)


def _locked(draft: MatchRun | None, gathered: Gathered) -> list[Lock]:
    """What is locked in the draft, as far as the two still take part and the kind is needed. Raises Contradictory."""
    if draft is None:
        return []
    locks = [
        Lock(match.mentee.public_id, match.mentor.public_id, match.kind)
        for match in draft.matches
        if match.is_locked
        and match.mentor.public_id in gathered.mentors
        and gathered.needs(match.mentee.public_id, match.kind)
    ]
    used = Counter(lock.mentor for lock in locks)
    free = {key: max(gathered.mentors[key].capacity - gathered.mentors[key].load, 0) for key in used}
    too_many = {key: (count, free[key]) for key, count in used.items() if count > free[key]}
    if too_many:
        raise Contradictory(too_many)
    return locks


def _agreed(session: Session, gathered: Gathered, kept: Sequence[Lock]) -> list[Lock]:
    """R12: open requests, the oldest first, and pairs who name each other first, as far as there is room."""
    requests = session.scalars(
        select(Mentorship)
        .where(
            Mentorship.cohort_id == gathered.cohort.id,
            Mentorship.origin == Origin.REQUEST,
            Mentorship.state.in_((MentorshipState.PROPOSED, MentorshipState.INFO_ASKED)),
        )
        .order_by(Mentorship.created, Mentorship.id)
    ).all()
    asked = [
        Lock(ask.person(Part.MENTEE).public_id, ask.person(Part.MENTOR).public_id, ask.kind.key) for ask in requests
    ]
    return _possible(gathered, [*asked, *_mutual(gathered)], after=kept)


def _mutual(gathered: Gathered) -> Iterable[Lock]:
    mentor_of = {mentor.who: mentor for mentor in gathered.pool.mentors}
    for mentee in gathered.pool.mentees:
        mentor = mentor_of.get(mentee.wishes[0]) if mentee.wishes else None
        if mentor is not None and mentor.wishes[:1] == (mentee.who,):
            kind = next((each for each in mentee.needs if each in mentor.kinds), None)
            if kind is not None:
                yield Lock(mentee.key, mentor.key, kind)


def _possible(gathered: Gathered, locks: Iterable[Lock], *, after: Sequence[Lock]) -> list[Lock]:
    """Those that contradict neither the places there are nor a rule, nor those before them."""
    free = {mentor.key: mentor.capacity - mentor.load for mentor in gathered.pool.mentors}
    lacking = Counter({(each.key, kind): count for each in gathered.pool.mentees for kind, count in each.needs.items()})
    free.update({key: free[key] - count for key, count in Counter(lock.mentor for lock in after).items()})
    lacking.subtract(Counter((lock.mentee, lock.kind) for lock in after))
    pairs = {(lock.mentee, lock.mentor) for lock in after}
    found = []
    for lock in locks:
        pair = lock.mentee, lock.mentor
        fits = free.get(lock.mentor, 0) > 0 and lacking[lock.mentee, lock.kind] > 0 and pair not in pairs
        if fits and not gathered.rules_against(*pair, lock.kind):
            free[lock.mentor] -= 1
            lacking[lock.mentee, lock.kind] -= 1
            pairs.add(pair)
            found.append(lock)
    return found
