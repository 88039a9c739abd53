"""A result is put together once, behind the gate, and kept as it is: nobody computes it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.models import Enrolment
from reviews import disclosure
from reviews.campaigns.models import NotPossible, Target
from reviews.disclosure import Asked, Ledger
from reviews.events import CompetencyResult, ReviewReleased
from reviews.instruments.content import Content
from reviews.results import gathering, published, telling
from reviews.results.concluding import Before, conclude
from reviews.results.gathering import Gathered
from reviews.results.models import ReportSnapshot
from reviews.results.published import Report


def snapshot_of(session: Session, target: Target) -> ReportSnapshot | None:
    """The newest that was not taken back."""
    wanted = select(ReportSnapshot).where(ReportSnapshot.target_id == target.id, ReportSnapshot.revoked.is_(None))
    return session.scalars(wanted.order_by(ReportSnapshot.n.desc())).first()


def freeze(session: Session, target: Target, *, by: Enrolment | None, at: datetime) -> ReportSnapshot:
    """The target's result, put together now unless it was before; the caller commits. Raises NotPossible."""
    [snapshot] = freeze_all(session, [target], by=by, at=at)
    return snapshot


def freeze_all(
    session: Session, targets: Sequence[Target], *, by: Enrolment | None, at: datetime
) -> list[ReportSnapshot]:
    """The result of each target, put together now unless it was before; the caller commits.

    Raises NotPossible while answers still come in: what changes from day to day tells who has answered what; and once
    they are reduced to what was published.
    """
    session.flush()
    _hold(session, targets)
    if any(each.closed is None for each in targets):
        raise NotPossible("Answers still come in.")
    earlier = _last(session, targets)
    kept = {key: each for key, each in earlier.items() if each.revoked is None}
    waiting = [each for each in targets if each.id not in kept]
    if any(each.campaign.reduced is not None for each in waiting):
        raise NotPossible("Its answers are gone.")
    wordings = _Wordings()
    for gathered in gathering.gather(session, waiting):
        target = gathered.target
        snapshot = _snapshot(gathered, wordings, earlier.get(target.id), _before(session, target))
        snapshot.created, snapshot.made_by_id = at, by.id if by else None
        session.add(snapshot)
        kept[target.id] = snapshot
    session.flush()
    return [kept[each.id] for each in targets]


def _hold(session: Session, targets: Sequence[Target]) -> None:
    """Read again, in one order: two who put together the same results wait for one another."""
    wanted = select(Target).where(Target.id.in_([each.id for each in targets])).order_by(Target.id)
    session.scalars(wanted.with_for_update(of=Target).execution_options(populate_existing=True)).all()


def _last(session: Session, targets: Sequence[Target]) -> dict[int, ReportSnapshot]:
    """The newest of each, also one that was taken back: what it showed was seen. As it is now: figures of everybody
    may have used more."""
    wanted = select(ReportSnapshot).where(ReportSnapshot.target_id.in_([each.id for each in targets]))
    rows = session.scalars(wanted.order_by(ReportSnapshot.n).execution_options(populate_existing=True))
    return {each.target_id: each for each in rows if each.target_id is not None}


class _Wordings:
    """What was asked, read once for all who were asked the same."""

    def __init__(self) -> None:
        self.contents: dict[int, Content] = {}
        self.asked: dict[tuple[int, ...], Asked] = {}

    def of(self, gathered: Gathered) -> tuple[Content, Asked]:
        version, groups = gathered.version, gathered.groups
        if version.id not in self.contents:
            self.contents[version.id] = version.said
        content, key = self.contents[version.id], (version.id, *(each.id for each in groups))
        if key not in self.asked:
            self.asked[key] = gathering.asked(content, groups)
        return content, self.asked[key]


def _snapshot(
    gathered: Gathered, wordings: _Wordings, earlier: ReportSnapshot | None, before: Before | None
) -> ReportSnapshot:
    target, (content, asked) = gathered.target, wordings.of(gathered)
    ledger = Ledger.of_json(earlier.ledger) if earlier else Ledger()
    shown = disclosure.publish(asked, gathered.responses, target.campaign.limits.policy, ledger)
    report = Report(
        shown=shown,
        conclusions=conclude(asked, content, shown, content.profile(target.profile), before),
        answered=gathered.answered,
        shortened=frozenset(
            n for n, each in enumerate(shown.words) if (each.question, each.text) in gathered.shortened
        ),
    )
    return ReportSnapshot(
        target=target,
        n=earlier.n + 1 if earlier else 1,
        published=report.as_json(),
        ledger=shown.ledger.as_json(),
    )


def _before(session: Session, target: Target) -> Before | None:
    """The round before, of the same person, as far as it was released."""
    if target.campaign.follows_id is None or target.enrolment_id is None:
        return None
    found = session.scalars(
        select(ReportSnapshot)
        .join(ReportSnapshot.target)
        .where(
            Target.campaign_id == target.campaign.follows_id,
            Target.enrolment_id == target.enrolment_id,
            ReportSnapshot.released.is_not(None),
            ReportSnapshot.revoked.is_(None),
        )
        .order_by(ReportSnapshot.id.desc())
    ).first()
    if found is None or found.target is None:
        return None
    content = gathering.version_of(found.target).said
    return Before(gathering.asked(content, gathering.groups_alike(found.target)), published.of(found.published))


def release(session: Session, target: Target, *, by: Enrolment | None, at: datetime) -> list[ReportSnapshot]:
    """Whoever it is about may read it from now on, and, of a pair, both sides at once; the caller commits.

    Raises NotPossible while answers still come in, of either side.
    """
    released = [freeze(session, each, by=by, at=at) for each in together(session, target)]
    for snapshot in released:
        if snapshot.released is None:
            snapshot.released, snapshot.released_by = at, by
            tell(session, snapshot, at=at)
    return released


def tell(session: Session, snapshot: ReportSnapshot, *, at: datetime) -> None:
    """Whoever it is about hears that it can be read, once, and so do those who retell it; the caller commits."""
    if snapshot.told is None:
        snapshot.told = at
        telling.released(session, snapshot, at=at)
        _announce(session, snapshot, at)


def take_back(session: Session, snapshot: ReportSnapshot, why: str, *, by: Enrolment, at: datetime) -> None:
    """Nobody reads it any more, and whoever it is about is told why if they could; the caller commits."""
    if snapshot.revoked is None:
        snapshot.revoked = at
        if snapshot.released is not None:
            telling.taken_back(session, snapshot, why, by=by, at=at)


def together(session: Session, target: Target) -> list[Target]:
    """Both sides of a pair evaluation; of everything else only itself."""
    if target.mentorship_id is None:
        return [target]
    nth = target.key.rpartition(":")[2]
    found = session.scalars(
        select(Target)
        .where(Target.campaign_id == target.campaign_id, Target.mentorship_id == target.mentorship_id)
        .order_by(Target.id)
    )
    return [each for each in found if each.key.rpartition(":")[2] == nth]


def _announce(session: Session, snapshot: ReportSnapshot, at: datetime) -> None:
    target = snapshot.target
    if target is None or target.enrolment is None or target.enrolment.is_test:
        return
    campaign, content = target.campaign, gathering.version_of(target).said
    shown = published.of(snapshot.published)
    outbox.announce(
        session,
        ReviewReleased(
            at=at,
            who=target.enrolment.who,
            where=campaign.course.where,
            campaign=campaign.public_id,
            kind=campaign.kind.value,
            title=campaign.title,
            language=content.language,
            competencies=tuple(
                CompetencyResult(
                    key=each.key,
                    name=each.name,
                    mean=cell.mean,
                    lowest=content.scale.lowest,
                    highest=content.scale.highest,
                    groups=len(cell.groups),
                )
                for each in content.competencies
                if (cell := shown.others_of(each.key)) is not None
            ),
        ),
    )
