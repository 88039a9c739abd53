"""What operators type about letters: see what waits to leave, and try again what was given up."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy import case, or_, select, update
from sqlalchemy.orm import Session, aliased

from lti_tool import clock, outbox
from lti_tool.db import db, transaction
from lti_tool.outbox import PAUSED_BY_OPERATOR, Lane, Letter, LetterState
from lti_tool.terminal import printable

outbox_group = AppGroup("outbox", help="See and move what waits to leave.")


@outbox_group.command("show")
@click.option("--all", "show_all", is_flag=True, help="Each letter, not only the sums.")
def show_outbox(show_all: bool) -> None:
    """What waits, what was given up, and why."""
    _show_sums()
    wanted = select(Letter).where(Letter.state != LetterState.DELIVERED).order_by(Letter.due, Letter.id)
    if not show_all:
        wanted = wanted.where(Letter.error != "").limit(20)
    for letter in db.session.scalars(wanted):
        click.echo(
            f"  {letter.id}  {printable(letter.lane)}  {letter.state}  due {letter.due:%Y-%m-%d %H:%M:%S}Z"
            f"  tried {letter.attempts}x  {printable(letter.error)}"
        )


def _show_sums() -> None:
    sums, paused = outbox.waiting(db.session), outbox.paused(db.session)
    resting = outbox.resting(db.session, at=clock.now())
    if not sums:
        click.echo("Nothing waits.")
    for lane, state, count, oldest in sums:
        pause = f"  PAUSED: {printable(paused[lane])}" if lane in paused else ""
        rest = f"  rests until {resting[lane]:%Y-%m-%d %H:%M:%S}Z" if lane in resting and not pause else ""
        click.echo(f"{lane}  {count} {state}, oldest of {oldest:%Y-%m-%d %H:%M:%S}Z{pause}{rest}")


@outbox_group.command("retry")
@click.argument("lane", required=False)
def retry_outbox(lane: str | None) -> None:
    """Try again now: everything that waits or was given up, of one lane or of all; resumes paused lanes.

    A lane that an operator paused is resumed only where it is named. Of several letters about the same thing
    only the newest is tried.
    """
    with transaction() as session:
        _set_aside_superseded(session, lane)
        again = update(Letter).where(Letter.state.in_([LetterState.WAITING, LetterState.DEAD]))
        resumed = update(Lane).values(paused="")
        rested = update(Lane).where(Lane.held_by == "").values(held_until=None)
        if lane:
            again, resumed = again.where(Letter.lane == lane), resumed.where(Lane.name == lane)
            rested = rested.where(Lane.name == lane)
        else:
            resumed = resumed.where(Lane.paused != PAUSED_BY_OPERATOR)
        at = clock.now()
        # Those that are due keep their times, and so their order.
        result = session.execute(
            again.values(state=LetterState.WAITING, due=case((Letter.due > at, at), else_=Letter.due))
        )
        session.execute(resumed)
        session.execute(rested)
    click.echo(f"{result.rowcount} letters will be tried again.")  # type: ignore[attr-defined]


def _set_aside_superseded(session: Session, lane: str | None) -> None:
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
        old.values(state=LetterState.DELIVERED, delivered=clock.now(), error="superseded by a newer one"),
        execution_options={"synchronize_session": False},
    )
    session.expire_all()
