"""The secret address of somebody outside: made, made anew, opened once, and what stands behind it now."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, contains_eager, joinedload

from lti_tool.access import is_let_in
from lti_tool.arrivals.sessions import hashed
from lti_tool.db import find_or_create
from lti_tool.mail import secret_for
from reviews.answering.outside.models import OutsideLink, ReviewStop
from reviews.answering.standing import Standing, standing_of
from reviews.campaigns.models import Assignment, Campaign, Target

ONCE_IN = timedelta(minutes=10)
"""How often a new address can be asked for at the address itself."""


class Door(StrEnum):
    """Whether an address can be answered at."""

    OPEN = "open"
    USED = "used"
    DECLINED = "declined"
    STOPPED = "stopped"
    """Whoever was mailed wants no such mails, and so is asked nothing."""
    REVOKED = "revoked"
    """A newer one was made."""
    NOT_YET = "not_yet"
    OVER = "over"


def secret_of(assignment: Assignment, n: int) -> str:
    """What stands in its address: made again whenever it is needed, and nowhere kept."""
    return secret_for(f"review:{assignment.public_id}:{n}")


def newest(session: Session, assignment: Assignment) -> OutsideLink | None:
    wanted = select(OutsideLink).where(OutsideLink.assignment_id == assignment.id)
    return session.scalars(wanted.order_by(OutsideLink.n.desc()).limit(1)).first()


def make(session: Session, assignment: Assignment, *, at: datetime) -> OutsideLink:
    """Another address for this assignment, which is held; those before are revoked. The caller commits."""
    before = newest(session, assignment)
    n = before.n + 1 if before else 1
    session.execute(update(OutsideLink).where(OutsideLink.assignment_id == assignment.id).values(is_revoked=True))
    link = OutsideLink(assignment=assignment, n=n, secret=hashed(secret_of(assignment, n)), made=at)
    session.add(link)
    session.flush()
    return link


def find(session: Session, secret: str, *, to_change: bool = False) -> OutsideLink | None:
    """What hangs on this address; held until the commit, if it is to be changed."""
    wanted = (
        select(OutsideLink)
        .join(OutsideLink.assignment)
        .join(Assignment.target)
        .join(Target.campaign)
        .where(OutsideLink.secret == hashed(secret), Assignment.mail.is_not(None))
        .options(
            contains_eager(OutsideLink.assignment)
            .contains_eager(Assignment.target)
            .options(contains_eager(Target.campaign).joinedload(Campaign.course), joinedload(Target.enrolment))
        )
    )
    if to_change:
        wanted = wanted.with_for_update(of=OutsideLink).execution_options(populate_existing=True)
    return session.scalar(wanted)


def door_of(session: Session, link: OutsideLink, *, at: datetime) -> Door:
    assignment = link.assignment
    standing = standing_of(assignment, at)
    if standing is Standing.SUBMITTED:
        return Door.USED
    if standing is Standing.DECLINED:
        return Door.DECLINED
    if not is_let_in(assignment.target.campaign.course.deployment):
        return Door.OVER
    if standing is Standing.NOT_YET:
        return Door.NOT_YET
    if standing is not Standing.OPEN:
        return Door.OVER
    if link.is_revoked:
        return Door.REVOKED
    return Door.STOPPED if has_stopped(session, assignment) else Door.OPEN


def is_opened_by(link: OutsideLink, word: str) -> bool:
    return bool(word) and link.opened_by == _mark(link, word)


def open_for(link: OutsideLink, word: str) -> str | None:
    """From here on this address is this browser's, which is known by the word it keeps; None if it is another's.

    The link is held; the caller commits. What looks into the links of mails only asks to see pages: it opens nothing.
    """
    word = word or secrets.token_urlsafe(32)
    if link.opened_by and not is_opened_by(link, word):
        return None
    link.opened_by = _mark(link, word)
    return word


def _mark(link: OutsideLink, word: str) -> str:
    """Nobody can tell from it that one browser has opened two of them."""
    return hashed(f"{link.assignment.public_id}:{link.n}:{word}")


def may_be_made_anew(link: OutsideLink, *, at: datetime) -> bool:
    return link.made + ONCE_IN <= at


def has_stopped(session: Session, assignment: Assignment) -> bool:
    return session.scalar(select(ReviewStop.id).where(ReviewStop.mail == _whose(assignment))) is not None


def stop(session: Session, assignment: Assignment, *, at: datetime) -> None:
    """Whoever was mailed is mailed no more, about anybody."""
    find_or_create(session, ReviewStop, {"mail": _whose(assignment)}, at=at)


def go_on(session: Session, assignment: Assignment) -> None:
    """They may be mailed again after all."""
    session.execute(delete(ReviewStop).where(ReviewStop.mail == _whose(assignment)))


def _whose(assignment: Assignment) -> str:
    return hashed((assignment.mail or "").strip().casefold())
