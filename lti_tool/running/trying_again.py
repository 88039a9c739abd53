"""What waits or was given up is tried again, because an operator says so."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import case, or_, select, update
from sqlalchemy.orm import Session, aliased

from lti_tool.outbox import PAUSED_BY_OPERATOR, Lane, Letter, LetterState


def try_again(session: Session, lane: str | None, *, at: datetime) -> int:
    """Everything that waits or was given up, of one lane or of all; resumes paused lanes. How many letters that are.

    A lane that an operator paused is resumed only where it is named. Of several letters about the same thing only the
    newest is tried. The caller commits.
    """
    _set_aside_superseded(session, lane, at)
    again = update(Letter).where(Letter.state.in_([LetterState.WAITING, LetterState.DEAD]))
    resumed = update(Lane).values(paused="")
    rested = update(Lane).where(Lane.held_by == "").values(held_until=None)
    if lane:
        again, resumed = again.where(Letter.lane == lane), resumed.where(Lane.name == lane)
        rested = rested.where(Lane.name == lane)
    else:
        resumed = resumed.where(Lane.paused != PAUSED_BY_OPERATOR)
    # Those that are due keep their times, and so their order.
    result = session.execute(again.values(state=LetterState.WAITING, due=case((Letter.due > at, at), else_=Letter.due)))
    session.execute(resumed)
    session.execute(rested)
    return int(result.rowcount)  # type: ignore[attr-defined]


def _set_aside_superseded(session: Session, lane: str | None, at: datetime) -> None:
    """Letters that were given up and have a newer one under their key need not go any more."""
    newer = aliased(Letter)
    is_superseded = select(newer.id).where(
        newer.key == Letter.key,
        or_(newer.state == LetterState.WAITING, (newer.state == LetterState.DEAD) & (newer.id > Letter.id)),
    )
    old = update(Letter).where(Letter.state == LetterState.DEAD, is_superseded.exists())
    if lane:
        old = old.where(Letter.lane == lane)
    session.execute(
        old.values(state=LetterState.DELIVERED, delivered=at, error="superseded by a newer one"),
        execution_options={"synchronize_session": False},
    )
    session.expire_all()
