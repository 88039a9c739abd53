"""A result is put together once, behind the gate, and kept as it is: nobody computes it again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.models import Enrolment
from reviews import disclosure
from reviews.campaigns.models import NotPossible, Target
from reviews.disclosure import Ledger
from reviews.events import CompetencyResult, ReviewReleased
from reviews.results import gathering, published, telling
from reviews.results.concluding import Before, conclude
from reviews.results.models import ReportSnapshot
from reviews.results.published import Report


def snapshot_of(session: Session, target: Target) -> ReportSnapshot | None:
    """The newest that was not taken back."""
    wanted = select(ReportSnapshot).where(ReportSnapshot.target_id == target.id, ReportSnapshot.revoked.is_(None))
    return session.scalars(wanted.order_by(ReportSnapshot.n.desc())).first()


def freeze(session: Session, target: Target, *, by: Enrolment | None, at: datetime) -> ReportSnapshot:
    """The target's result, put together now unless it was before; the caller commits.

    Raises NotPossible while answers still come in: what changes from day to day tells who has answered what; and once
    they are reduced to what was published.
    """
    session.flush()
    session.refresh(target, with_for_update={"of": Target})
    if target.closed is None:
        raise NotPossible("Answers still come in.")
    if (kept := snapshot_of(session, target)) is not None:
        return kept
    if target.campaign.reduced is not None:
        raise NotPossible("Its answers are gone.")
    earlier = _last(session, target)
    ledger = Ledger.of_json(earlier.ledger) if earlier else Ledger()
    report, ledger = _puttogether(session, target, ledger)
    snapshot = ReportSnapshot(
        target=target,
        n=earlier.n + 1 if earlier else 1,
        published=report.as_json(),
        ledger=ledger.as_json(),
        created=at,
        made_by_id=by.id if by else None,
    )
    session.add(snapshot)
    session.flush()
    return snapshot


def _last(session: Session, target: Target) -> ReportSnapshot | None:
    """Also one that was taken back: what it showed was seen. As it is now: figures of everybody may have used more."""
    wanted = select(ReportSnapshot).where(ReportSnapshot.target_id == target.id).order_by(ReportSnapshot.n.desc())
    return session.scalars(wanted.execution_options(populate_existing=True)).first()


def _puttogether(session: Session, target: Target, ledger: Ledger) -> tuple[Report, Ledger]:
    content = gathering.version_of(target).said
    asked = gathering.asked(content, gathering.groups_of(session, target))
    policy = target.campaign.limits.policy
    shown = disclosure.publish(asked, gathering.responses(session, target), policy, ledger)
    conclusions = conclude(asked, content, shown, content.profile(target.profile), _before(session, target))
    shortened = gathering.shortened(session, target)
    report = Report(
        shown=shown,
        conclusions=conclusions,
        answered=tuple(gathering.answered(session, target)),
        shortened=frozenset(n for n, each in enumerate(shown.words) if (each.question, each.text) in shortened),
    )
    return report, shown.ledger


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
