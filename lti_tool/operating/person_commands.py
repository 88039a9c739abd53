"""What operators type when somebody asks what is held about them, or wants it gone."""

from __future__ import annotations

import json

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from lti_tool import clock, personal_data
from lti_tool.db import db, transaction
from lti_tool.models import Person
from lti_tool.terminal import printable

person_group = AppGroup("person", help="Give out, or erase, what is held about a person.")
WHO = click.argument("who", metavar="ID-OR-MAIL")
PLATFORM = click.option("--platform", help="The platform's public id, where several people have this id or mail.")


def init_app(app: Flask) -> None:
    app.cli.add_command(person_group)


@person_group.command("export")
@WHO
@PLATFORM
def export(who: str, platform: str | None) -> None:
    """Print everything held about a person, as JSON."""
    person = _found(db.session, who, platform)
    click.echo(json.dumps(personal_data.export(db.session, person), indent=2, ensure_ascii=False))


@person_group.command("erase")
@WHO
@PLATFORM
@click.option("--yes", is_flag=True, help="Do not ask first.")
def erase(who: str, platform: str | None, yes: bool) -> None:
    """Erase a person: their mentorships end, their words and name go, other people keep their own record."""
    called = printable(_found(db.session, who, platform).name) or "somebody without a name"
    db.session.rollback()
    if not yes:
        click.confirm(f"This erases {called} for good and cannot be undone. Go on?", abort=True)
    with transaction() as session:
        done = personal_data.erase(session, _found(session, who, platform), at=clock.now())
    for sentence in done:
        click.echo(sentence)


def _found(session: Session, who: str, platform: str | None) -> Person:
    try:
        return personal_data.find(session, who, platform)
    except personal_data.Unknown as problem:
        raise click.ClickException(str(problem)) from None
