"""The results of a whole campaign are put together and released: few at once, many by a job that can be left.

Each is put together in a transaction of its own, and nobody whom it is about sees it. Then all are released at one
moment, and those whom they are about are told, some at a time. A job that is killed goes on where it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Select, exists, func, select, update
from sqlalchemy.orm import Session

from lti_tool import clock, jobs
from lti_tool.db import db, transaction
from lti_tool.jobs import Job, JobFailed, JobState, Task
from lti_tool.models import Enrolment
from reviews.campaigns.models import Campaign, NotPossible, Target
from reviews.campaigns.phases import Phase
from reviews.results import cohort, freezing
from reviews.results.gathering import AT_ONCE
from reviews.results.models import ReportSnapshot

JOB = "review-results"
FEW = 20
"""So many are put together while the page waits: what takes a second."""
TOLD_AT_ONCE = 50
SHOWN = timedelta(hours=1)
"""How long a page says that it failed."""


@dataclass(frozen=True, kw_only=True)
class Errand:
    """What is to be done with the results of a campaign."""

    campaign: int
    by: int | None
    """Nobody where they are released by themselves."""
    coach: int | None
    """Whose people alone it is about; empty for everybody."""
    releases: bool = False
    pools: bool = False
    """Whether what they have in common is put together as well."""

    @property
    def targets(self) -> Select[Any]:
        """Those whose results are meant: nobody answers about them any more."""
        wanted = select(Target.id).where(Target.campaign_id == self.campaign, Target.closed.is_not(None))
        return wanted if self.coach is None else wanted.where(Target.coach_id == self.coach)

    @property
    def waiting(self) -> Select[Any]:
        """Of those, whose result is not put together."""
        return self.targets.where(~_HAS_RESULT).order_by(Target.id)

    @property
    def untold(self) -> Select[Any]:
        """Their released results of which nobody was told."""
        theirs = ReportSnapshot.target_id.in_(self.targets)
        return select(ReportSnapshot).where(
            theirs,
            ReportSnapshot.released.is_not(None),
            ReportSnapshot.told.is_(None),
            ReportSnapshot.revoked.is_(None),
        )


_HAS_RESULT = exists().where(ReportSnapshot.target_id == Target.id, ReportSnapshot.revoked.is_(None))
_IS_RELEASED = _HAS_RESULT.where(ReportSnapshot.released.is_not(None))


def init_app(app: Flask) -> None:
    jobs.register(app, JOB, work)


def put_together(session: Session, campaign: Campaign, *, by: Enrolment, at: datetime) -> Job | None:
    """Every result that is closed and that `by` may release; the caller commits. The job that does it, or None if it
    is done. Raises NotPossible once single answers are gone."""
    return _do(session, campaign, by=by, at=at)


def release(session: Session, campaign: Campaign, *, by: Enrolment | None, at: datetime) -> Job | None:
    """The same, and released at one moment. Raises NotPossible also where a pair's other side still answers."""
    sides = select(Target.mentorship_id).where(Target.campaign_id == campaign.id, Target.mentorship_id.is_not(None))
    half = sides.group_by(Target.mentorship_id, Target.opens).having(func.count(Target.closed) == 1)
    if session.scalar(half.limit(1)) is not None:
        raise NotPossible("Both sides of a pair are released together.")
    return _do(session, campaign, releases=True, by=by, at=at)


def pool(session: Session, campaign: Campaign, *, by: Enrolment, at: datetime) -> Job | None:
    """What everybody of a campaign has in common, with each one's result before. Raises NotPossible."""
    cohort.check(campaign)
    return _do(session, campaign, pools=True, by=by, at=at)


def newest(session: Session, campaign: Campaign, me: Enrolment) -> Job | None:
    """What goes on just now, or has failed a moment ago, of what is mine to see."""
    found = [
        jobs.newest(session, _key(campaign, _coach(me), each), since=SHOWN) for each in ("release", "pool", "read")
    ]
    shown = [each for each in found if each is not None and each.state is not JobState.DONE]
    return max(shown, key=lambda each: each.id, default=None)


@dataclass(frozen=True)
class Numbers:
    """How far the results of some people have come."""

    to_put_together: int
    to_release: int
    put_together: int


def numbers(session: Session, among: Select[Any]) -> Numbers:
    """Of those with these row numbers."""
    waiting = select(Target.id).where(Target.id.in_(among), Target.closed.is_not(None), ~_HAS_RESULT)
    there = select(ReportSnapshot.id).where(ReportSnapshot.target_id.in_(among), ReportSnapshot.revoked.is_(None))
    unreleased = there.where(ReportSnapshot.released.is_(None))
    return Numbers(*(_number(session, each) for each in (waiting, unreleased, there)))


def _coach(by: Enrolment | None) -> int | None:
    return by.id if by is not None and not by.is_instructor else None


def _key(campaign: Campaign, coach: int | None, what: str) -> str:
    return f"{JOB}:{campaign.public_id}:{coach or 'all'}:{what}"


def _do(session: Session, campaign: Campaign, *, by: Enrolment | None, at: datetime, **what: bool) -> Job | None:
    errand = Errand(campaign=campaign.id, by=by.id if by else None, coach=_coach(by), **what)
    session.flush()
    if campaign.reduced is not None and session.scalar(errand.waiting.limit(1)) is not None:
        raise NotPossible("Its answers are gone.")
    if _number(session, errand.targets) > FEW:
        key = _key(campaign, errand.coach, "release" if errand.releases else "pool" if errand.pools else "read")
        return jobs.ask(session, JOB, asdict(errand), key=key, course=campaign.course, by=by)
    _freeze(session, session.scalars(errand.waiting).all(), by, at)
    if errand.pools:
        cohort.freeze(session, campaign, by=by, at=at)
    if errand.releases:
        _release(session, errand, at)
        _tell(session, errand, at)
    return None


def _number(session: Session, wanted: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(wanted.subquery())) or 0


def _freeze(session: Session, targets: Sequence[int], by: Enrolment | None, at: datetime) -> None:
    wanted = select(Target).where(Target.id.in_(targets)).order_by(Target.id)
    freezing.freeze_all(session, session.scalars(wanted).all(), by=by, at=at)


def _release(session: Session, errand: Errand, at: datetime) -> None:
    """All of them at once; a campaign of which nothing else waits is released with them."""
    campaign = session.get_one(Campaign, errand.campaign, with_for_update={"of": Campaign}, populate_existing=True)
    wanted = update(ReportSnapshot).where(
        ReportSnapshot.target_id.in_(errand.targets),
        ReportSnapshot.released.is_(None),
        ReportSnapshot.revoked.is_(None),
    )
    session.execute(wanted.values(released=at, released_by_id=errand.by).execution_options(synchronize_session=False))
    session.expire_all()
    still = select(Target.id).where(Target.campaign_id == campaign.id, ~_IS_RELEASED)
    if campaign.phase is Phase.CLOSED and session.scalar(still.limit(1)) is None:
        campaign.move(Phase.RELEASED, at=at)


def _tell(session: Session, errand: Errand, at: datetime) -> int:
    """Some of those whom nobody told yet; how many."""
    wanted = errand.untold.order_by(ReportSnapshot.id).limit(TOLD_AT_ONCE)
    found = session.scalars(wanted.with_for_update(of=ReportSnapshot)).all()
    for snapshot in found:
        freezing.tell(session, snapshot, at=at)
    session.flush()
    return len(found)


def work(task: Task) -> dict[str, Any]:
    errand, at = Errand(**task.body), clock.now()
    by = db.session.get(Enrolment, errand.by) if errand.by is not None else None
    waiting, everybody = db.session.scalars(errand.waiting).all(), _number(db.session, errand.targets)
    done, total = everybody - len(waiting), everybody * (2 if errand.releases else 1)
    for first in range(0, len(waiting), AT_ONCE):
        some = waiting[first : first + AT_ONCE]
        with transaction() as session:
            try:
                _freeze(session, some, by, at)
            except NotPossible as stands:
                raise JobFailed(str(stands)) from stands
        done += len(some)
        task.report(done, total)
    if errand.pools:
        with transaction() as session:
            cohort.freeze(session, session.get_one(Campaign, errand.campaign), by=by, at=at)
    if errand.releases:
        with transaction() as session:
            _release(session, errand, at)
        _tell_all(task, errand, at, total)
    return {"results": everybody}


def _tell_all(task: Task, errand: Errand, at: datetime, total: int) -> None:
    while True:
        with transaction() as session:
            told = _tell(session, errand, at)
        if told == 0:
            return
        task.report(total - _number(db.session, errand.untold), total)
