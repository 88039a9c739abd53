"""What operators type: platforms, delivery, the roster, the outbox, the database."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session, aliased

from lti_tool import addresses, clock, delivering, keys, migrating, platforms, roster, serving
from lti_tool.db import db, transaction
from lti_tool.models import Course, Deployment, Platform, Standing
from lti_tool.outbox import PAUSED_BY_OPERATOR, Lane, Letter, LetterState

platform_group = AppGroup("platform", help="Register learning platforms.")
deployment_group = AppGroup("deployment", help="Approve installations of the tool.")
roster_group = AppGroup("roster", help="Read who is in a course.")
outbox_group = AppGroup("outbox", help="See and move what waits to leave.")
key_group = AppGroup("key", help="The tool's own signing keys.")

FIRST_KEY_LOCK = 0x6D656E74
"""The number of PostgreSQL's advisory lock under which the first signing key is made."""


def init_app(app: Flask) -> None:
    for group in (platform_group, deployment_group, roster_group, outbox_group, key_group):
        app.cli.add_command(group)
    for command in (migrate, migration, deliver, serve, demo):
        app.cli.add_command(command)


def current() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined,no-any-return]


def _web_address(_context: object, _option: object, value: str) -> str:
    if not addresses.is_safe(value):
        raise click.BadParameter("must be an https:// address (http is taken for localhost only)")
    return value


def _short_text(_context: object, _option: object, value: str) -> str:
    if not 1 <= len(value.strip()) <= 255 or len(value) > 255:
        raise click.BadParameter("must have 1 to 255 characters")
    return value


@platform_group.command("add")
@click.option("--name", required=True, callback=_short_text, help="What to call it in lists.")
@click.option("--issuer", required=True, callback=_short_text, help="Its issuer (iss), exactly.")
@click.option("--client-id", required=True, callback=_short_text)
@click.option("--auth-url", required=True, callback=_web_address, help="OIDC authorization endpoint.")
@click.option("--token-url", required=True, callback=_web_address, help="Access token endpoint.")
@click.option("--jwks-url", required=True, callback=_web_address, help="Public key set.")
@click.option("--deployment", required=True, callback=_short_text, help="Deployment id.")
@click.option("--token-audience", help="Audience of token requests, where it is not the token URL.")
def add_platform(
    name: str,
    issuer: str,
    client_id: str,
    auth_url: str,
    token_url: str,
    jwks_url: str,
    deployment: str,
    token_audience: str | None,
) -> None:
    """Register an LMS, or bring its registration up to date."""
    with transaction() as session:
        platforms.add(
            session,
            name=name,
            issuer=issuer,
            client_id=client_id,
            auth_url=auth_url,
            token_url=token_url,
            jwks_url=jwks_url,
            deployment_id=deployment,
            token_audience=token_audience,
        )
    base = current_app.config["PUBLIC_URL"]
    click.echo(f"{name} is registered. In the LMS, enter:")
    click.echo(f"  tool URL and target link  {base}/lti/launch")
    click.echo(f"  login initiation URL      {base}/lti/login")
    click.echo(f"  redirect URI              {base}/lti/launch")
    click.echo(f"  public key set URL        {base}/lti/jwks")


@platform_group.command("list")
def list_platforms() -> None:
    """Every registered LMS with its deployments."""
    for platform in db.session.scalars(select(Platform).order_by(Platform.id)):
        click.echo(
            f"{platform.public_id}  {platform.name}  {platform.issuer}  {platform.client_id}  {platform.standing}"
        )
        for deployment in platform.deployments:
            click.echo(f"    deployment {deployment.deployment_id}  {deployment.standing}")


@platform_group.command("approve")
@click.argument("public_id")
def approve_platform(public_id: str) -> None:
    """Let a waiting platform in."""
    _stand(public_id, Standing.ACTIVE)


@platform_group.command("remove")
@click.argument("public_id")
def remove_platform(public_id: str) -> None:
    """Let nobody in from this platform any more; its courses and people are kept."""
    _stand(public_id, Standing.DEACTIVATED)


def _stand(public_id: str, standing: Standing) -> None:
    with transaction() as session:
        platform = session.scalar(select(Platform).where(Platform.public_id == public_id))
        if platform is None:
            raise click.ClickException(f"No platform {public_id}; see flask --app wsgi platform list.")
        platform.standing = standing
    click.echo(f"{platform.name} is now {standing}.")


@deployment_group.command("approve")
@click.argument("platform")
@click.argument("deployment_id")
def approve_deployment(platform: str, deployment_id: str) -> None:
    """Let one installation in: the platform's public id and the deployment id."""
    with transaction() as session:
        found = session.scalar(
            select(Deployment)
            .join(Deployment.platform)
            .where(Platform.public_id == platform, Deployment.deployment_id == deployment_id)
        )
        if found is None:
            raise click.ClickException("No such deployment; see flask --app wsgi platform list.")
        found.standing = Standing.ACTIVE
    click.echo(f"Deployment {deployment_id} of {found.platform.name} is active.")


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
            click.echo(f"{each.public_id}: {problem}", err=True)
    if failed:
        raise click.exceptions.Exit(1)


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
            f"  {letter.id}  {letter.lane}  {letter.state}  due {letter.due:%Y-%m-%d %H:%M:%S}Z"
            f"  tried {letter.attempts}x  {letter.error}"
        )


def _show_sums() -> None:
    sums = db.session.execute(
        select(Letter.lane, Letter.state, func.count(), func.min(Letter.created))
        .where(Letter.state != LetterState.DELIVERED)
        .group_by(Letter.lane, Letter.state)
        .order_by(Letter.lane)
    ).all()
    paused = {row.name: row.paused for row in db.session.scalars(select(Lane).where(Lane.paused != ""))}
    if not sums:
        click.echo("Nothing waits.")
    for lane, state, count, oldest in sums:
        pause = f"  PAUSED: {paused[lane]}" if lane in paused else ""
        click.echo(f"{lane}  {count} {state}, oldest of {oldest:%Y-%m-%d %H:%M:%S}Z{pause}")


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
        if lane:
            again, resumed = again.where(Letter.lane == lane), resumed.where(Lane.name == lane)
        else:
            resumed = resumed.where(Lane.paused != PAUSED_BY_OPERATOR)
        result = session.execute(again.values(state=LetterState.WAITING, due=clock.now()))
        session.execute(resumed)
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


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=1, show_default=True, help="Web processes; more than one wants PostgreSQL.")
@click.option("--threads", default=8, show_default=True)
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Serve pages and deliver letters until stopped."""
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
