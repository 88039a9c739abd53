"""What operators type about letters: see what waits to leave, and try again what was given up."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy import select

from lti_tool import clock, outbox
from lti_tool.db import db, transaction
from lti_tool.outbox import Letter, LetterState
from lti_tool.running.trying_again import try_again
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
        count = try_again(session, lane, at=clock.now())
    click.echo(f"{count} letters will be tried again.")
