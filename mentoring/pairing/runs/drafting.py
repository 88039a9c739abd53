"""A draft changed by hand: a pair locked, taken apart, added or swapped; nothing holds before it is published."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lti_tool.models import Course
from mentoring.pairing.judging import judged
from mentoring.pairing.matching.pool import Pool
from mentoring.pairing.matching.proposing import Proposal
from mentoring.pairing.matching.scoring import Points, points_of
from mentoring.pairing.models import Match, MatchRun
from mentoring.pairing.pooling import Gathered
from mentoring.programs.models import Cohort, Program, ProgramVersion


class NotChanged(Exception):
    """The draft stays as it is; says why, in a code, of which `looking.NOT_CHANGED` has the sentences."""


def draft_of(session: Session, course: Course, public_id: str) -> MatchRun | None:
    """A run of this course, to look at."""
    return session.scalar(_of(course).where(MatchRun.public_id == public_id))


def draft_of_pairs(session: Session, course: Course, public_id: str) -> MatchRun | None:
    """A run of this course that proposes pairs, to look at."""
    return session.scalar(_of(course).where(MatchRun.public_id == public_id, ~MatchRun.is_of_circles))


def hold_runs(session: Session, course: Course) -> None:
    """Nobody else begins a run of this course, changes a draft or puts one away until the caller commits.

    The program is held, and before everything else: a run cannot be, before there is one.
    """
    held = select(Program.id).where(Program.course_id == course.id).order_by(Program.id).with_for_update()
    session.scalars(held).all()


def run_to_change(session: Session, course: Course, public_id: str) -> MatchRun | None:
    """A run of this course as the database has it now, held until the caller commits."""
    hold_runs(session, course)
    return session.scalar(
        _of(course)
        .where(MatchRun.public_id == public_id)
        .with_for_update(of=MatchRun)
        .execution_options(populate_existing=True)
    )


def draft_to_change(
    session: Session, course: Course, public_id: str, *, seen: str, of_circles: bool | None = False
) -> MatchRun:
    """The draft as the database has it now, held until the caller commits; `seen` says which state of it was looked at.

    Of pairs, of circles, or with None of either. Raises NotChanged where it is no such draft any more, or somebody has
    changed it since.
    """
    run = run_to_change(session, course, public_id)
    is_other = run is not None and of_circles is not None and run.is_of_circles != of_circles
    if run is None or is_other or not run.is_draft:
        raise NotChanged("no_draft")
    if token(run) != seen:
        raise NotChanged("changed_meanwhile")
    return run


def _of(course: Course) -> Select[MatchRun]:
    return (
        select(MatchRun)
        .join(MatchRun.cohort)
        .join(Cohort.version)
        .join(ProgramVersion.program)
        .where(Program.course_id == course.id)
    )


def token(run: MatchRun) -> str:
    """Tells one state of a draft from another."""
    return run.changed.isoformat()


def lock(run: MatchRun, match: Match, is_locked: bool, *, at: datetime) -> None:
    match.is_locked, run.changed = is_locked, at


def unpair(session: Session, gathered: Gathered, run: MatchRun, match: Match, *, at: datetime) -> None:
    run.matches.remove(match)
    session.delete(match)
    settle(gathered, run, at=at)


def pair(gathered: Gathered, run: MatchRun, mentee: str, mentor: str, kind: str, *, at: datetime) -> Match:
    """Put these two together, by their keys; locked, because somebody wanted it. Raises NotChanged.

    Broken rules are told (`checking.broken`), not refused: a draft may be wrong for a while.
    """
    if mentee not in gathered.mentees or mentor not in gathered.mentors:
        raise NotChanged("unknown")
    if any((each.mentee.public_id, each.mentor.public_id) == (mentee, mentor) for each in run.matches):
        raise NotChanged("paired")
    had = sum((each.mentee.public_id, each.kind) == (mentee, kind) for each in run.matches)
    if had >= gathered.mentees[mentee].needs.get(kind, 0):
        raise NotChanged("filled")
    made = Match(
        mentee=gathered.participant(mentee),
        mentor=gathered.participant(mentor),
        kind=kind,
        is_locked=True,
        by_hand=True,
        **_worth(gathered, mentee, mentor),
    )
    run.matches.append(made)
    settle(gathered, run, at=at)
    return made


def move(session: Session, gathered: Gathered, run: MatchRun, match: Match, mentor: str, *, at: datetime) -> Match:
    """Give the mentee of this pair another mentor. Raises NotChanged."""
    mentee, kind = match.mentee.public_id, match.kind
    unpair(session, gathered, run, match, at=at)
    return pair(gathered, run, mentee, mentor, kind, at=at)


def swap(session: Session, gathered: Gathered, run: MatchRun, one: Match, other: Match, *, at: datetime) -> list[Match]:
    """Let two mentees change mentors. Raises NotChanged."""
    if one.kind != other.kind:
        raise NotChanged("filled")
    mentors = one.mentor.public_id, other.mentor.public_id
    mentees = one.mentee.public_id, other.mentee.public_id
    for each in (one, other):
        run.matches.remove(each)
        session.delete(each)
    session.flush()
    return [
        pair(gathered, run, mentee, mentor, one.kind, at=at)
        for mentee, mentor in zip(mentees, reversed(mentors), strict=True)
    ]


def _worth(gathered: Gathered, mentee: str, mentor: str) -> dict[str, object]:
    two = gathered.mentees[mentee], gathered.mentors[mentor]
    alone = Pool(gathered.pool.design, [two[0]], [two[1]])
    points = points_of(gathered.pool, *two)
    return {
        "score": int(Points(alone).scores(slice(None))[0, 0]),
        "points": {question.value: number for question, number in points.items()},
    }


def settle(gathered: Gathered, run: MatchRun, *, at: datetime) -> None:
    """After a change: what is said of the whole draft is counted anew."""
    run.changed = at
    run.outcome = {**run.outcome, **judged(gathered.pool, proposals_of(gathered, run))}


def proposals_of(gathered: Gathered, run: MatchRun) -> list[Proposal]:
    """The pairs of a draft in the engine's words, without those who take no part any more."""
    return [
        Proposal(gathered.mentees[mentee], gathered.mentors[mentor], match.kind, match.score)
        for match in run.matches
        if (mentee := match.mentee.public_id) in gathered.mentees
        and (mentor := match.mentor.public_id) in gathered.mentors
        and match.kind in {kind.key for kind in gathered.pool.design.kinds}
    ]
