"""What operators type: serving and delivering, the roster, keys, the database."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import func, select

from lti_tool import keys, migrating, platforms, roster
from lti_tool.db import db, transaction
from lti_tool.models import Course
from lti_tool.registering import platform_commands
from lti_tool.running import delivering, serving, working
from lti_tool.running.outbox_commands import outbox_group
from lti_tool.terminal import printable

roster_group = AppGroup("roster", help="Read who is in a course.")
key_group = AppGroup("key", help="The tool's own signing keys.")

FIRST_KEY_LOCK = 0x6D656E74
"""The number of PostgreSQL's advisory lock under which the first signing key is made."""


def init_app(app: Flask) -> None:
    platform_commands.init_app(app)
    for group in (roster_group, outbox_group, key_group):
        app.cli.add_command(group)
    for command in (migrate, migration, deliver, work, serve, demo):
        app.cli.add_command(command)


def current() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined,no-any-return]


@roster_group.command("refresh")
@click.argument("course", required=False)
def refresh_roster(course: str | None) -> None:
    """Ask the LMS who is in a course (its public id), or in every course."""
    wanted = select(Course).where(Course.roster_url.is_not(None)).order_by(Course.id)
    if course:
        wanted = wanted.where(Course.public_id == course)
    courses = db.session.scalars(wanted).all()
    if course and not courses:
        raise click.ClickException(
            f"No course {course} whose roster the LMS lets us read; its id stands in the address of its pages."
        )
    failed = False
    for each in courses:
        try:
            found = roster.refresh(each)
            click.echo(f"{each.public_id}: {found.members} people, {found.joined} joined, {found.left} left")
        except roster.RosterUnavailable as problem:
            failed = True
            click.echo(f"{each.public_id}: {printable(str(problem))}", err=True)
    if failed:
        raise click.exceptions.Exit(1)


@key_group.command("rotate")
def rotate_key() -> None:
    """Publish a new signing key today, sign with it from tomorrow, withdraw the old one a week later."""
    with transaction() as session:
        key = keys.rotate(session)
    click.echo(f"{key.kid} is published and signs from {key.signs_from:%Y-%m-%d %H:%M}Z.")


@click.command("migrate")
def migrate() -> None:
    """Bring the database to the newest shape."""
    prepare_database()


def prepare_database() -> None:
    migrating.migrate(db.engine)
    with transaction() as session:
        if session.get_bind().dialect.name == "postgresql":
            # Two installations that start at once must not each make a first key.
            session.execute(select(func.pg_advisory_xact_lock(FIRST_KEY_LOCK)))
        keys.ensure(session)


@click.command("migration")
@click.argument("name")
def migration(name: str) -> None:
    """Write the next migration from what the models say."""
    migrating.new_migration(db.engine, name)


@click.command("deliver")
@click.option("--once", is_flag=True, help="Deliver what is due and end.")
def deliver(once: bool) -> None:
    """Bring letters to LMSs and LRSs, and do what falls due."""
    if once:
        click.echo(f"{delivering.drain(current())} letters tried.")
        return
    stop = serving.StopSign()
    delivering.deliver(current(), stop.is_up)


@click.command("work")
@click.option("--once", is_flag=True, help="Do what is due and end.")
def work(once: bool) -> None:
    """Do long work: reading rosters and whatever else pages and the clock ask for."""
    if once:
        click.echo(f"{working.drain(current())} jobs tried.")
        return
    stop = serving.StopSign()
    working.work(current(), stop.is_up)


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=1, show_default=True, help="Web processes; more than one wants PostgreSQL.")
@click.option("--threads", default=8, show_default=True)
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Serve pages, deliver letters and do long work until stopped."""
    serving.serve(current(), host=host, port=port, workers=workers, threads=threads)


@click.command("demo")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--campus", default="http://localhost:8001", show_default=True, help="Where the campus stands.")
def demo(host: str, port: int, campus: str) -> None:
    """Migrate, register the campus as an LMS, and serve: what `make run` starts."""
    prepare_database()
    with transaction() as session:
        platforms.add(
            session,
            name="Campus",
            issuer=campus,
            client_id="campus-tool",
            auth_url=f"{campus}/oidc/auth",
            token_url=f"{campus}/oauth/token",
            jwks_url=f"{campus}/jwks",
            deployment_id="1",
        )
    serving.serve(current(), host=host, port=port, workers=1, threads=8)
