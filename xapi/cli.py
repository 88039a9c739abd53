"""What operators type about LRSs: credentials to read ours, endpoints to send to."""

from __future__ import annotations

from collections.abc import Sequence
from secrets import token_urlsafe

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import select, update

from lti_tool import clock, keys, outbox
from lti_tool.db import db, transaction
from lti_tool.models import Course, Platform
from lti_tool.outbox import PAUSED_BY_OPERATOR, Lane, LetterState
from lti_tool.outgoing import addresses
from xapi import backfilling
from xapi.endpoints import VERSIONS, Endpoint
from xapi.identities import Actors
from xapi.lrs import credentials, storing
from xapi.lrs.models import Credential, Store
from xapi.lrs.visiting import SCOPES
from xapi.profile import document
from xapi.profile.parts import ROOMS
from xapi.translations import course_iri

lrs_group = AppGroup("lrs", help="Who reads our statements, and where they are sent.")
credential_group = AppGroup("credential", help="Keys for the embedded LRS.")
endpoint_group = AppGroup("endpoint", help="LRSs outside that receive our statements.")
lrs_group.add_command(credential_group)
lrs_group.add_command(endpoint_group)


profile_group = AppGroup("profile", help="Our xAPI profile.")


def init_app(app: Flask) -> None:
    app.cli.add_command(lrs_group)
    app.cli.add_command(profile_group)


@profile_group.command("write")
def write_profile() -> None:
    """Write the newest version down, as the code has it: for whoever gives it a new number."""
    path = document.path_of(document.NEWEST)
    path.write_text(document.written(), encoding="utf-8")
    click.echo(f"Written: {path.name}")


@credential_group.command("add")
@click.option("--platform", required=True, help="The platform's public id; see platform list.")
@click.option("--course", help="Only this course, by its public id.")
@click.option("--label", required=True, help="Whose key it is.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(SCOPES),
    default=[credentials.READ],
    show_default=True,
    help="What it may do, in the words of xAPI; several times for several.",
)
def add_credential(platform: str, course: str | None, label: str, scopes: Sequence[str]) -> None:
    """Make a key, read-only unless told otherwise; its secret is shown once."""
    base = current_app.config["IRI_BASE"]
    with transaction() as session:
        _known_platform(platform)
        if course is not None:
            _known_course(platform, course)
        store = storing.store_of(session, platform, clock.now())
        key, secret = credentials.issue(
            session,
            store,
            label=label,
            course=course_iri(base, course) if course else None,
            scopes=list(dict.fromkeys(scopes)),
            at=clock.now(),
        )
    click.echo(f"address  {current_app.config['PUBLIC_URL']}/lrs/1.0.3/statements")
    click.echo(f"key      {key}")
    click.echo(f"secret   {secret}")


def _known_platform(public_id: str) -> Platform:
    found = db.session.scalar(select(Platform).where(Platform.public_id == public_id))
    if found is None:
        raise click.ClickException(f"No platform {public_id}; see flask --app wsgi platform list.")
    return found


def _known_course(platform: str, course: str) -> None:
    found = db.session.scalar(select(Course).where(Course.public_id == course))
    if found is None or found.platform.public_id != platform:
        raise click.ClickException(f"No course {course} at this platform.")


@credential_group.command("list")
def list_credentials() -> None:
    """The keys in force, each with whose it is, what it may do and where."""
    rows = db.session.execute(
        select(Credential, Platform.public_id)
        .join(Store, Store.id == Credential.store_id)
        .join(Platform, Platform.id == Store.platform_id)
        .where(Credential.revoked_at.is_(None))
        .order_by(Credential.id)
    ).all()
    for credential, platform in rows:
        where = credential.course or f"platform {platform}"
        click.echo(f"{credential.key}  {where}  {', '.join(credential.scopes)}  {credential.label}")
    if not rows:
        click.echo("There are no keys.")


@credential_group.command("revoke")
@click.argument("key")
def revoke_credential(key: str) -> None:
    """Let this key do nothing any more."""
    with transaction() as session:
        was_there = credentials.revoke(session, key, at=clock.now())
    if not was_there:
        raise click.ClickException(f"No key {key} that is in force.")
    click.echo("The key is revoked.")


@endpoint_group.command("add")
@click.option("--url", required=True, help="The LRS's xAPI address, without /statements.")
@click.option("--key", required=True)
@click.option("--secret", required=True, prompt=True, hide_input=True)
@click.option("--label", required=True)
@click.option("--platform", help="Only this platform's statements, by its public id.")
@click.option("--course", help="Only this course's, by its public id; wants --platform too.")
@click.option("--only", multiple=True, type=click.Choice(ROOMS), help="Only statements of these; may be repeated.")
@click.option("--version", "version_", type=click.Choice(VERSIONS), default=VERSIONS[0], help="Of xAPI.")
@click.option("--actors", type=click.Choice([each.value for each in Actors]), default=Actors.ACCOUNT.value)
@click.option("--history", is_flag=True, help="What happened before as well, before anything new.")
@click.option("--forward-received", is_flag=True, help="What others tell the store here as well, as they told it.")
@click.option("--writes-as", help="The key by which this LRS itself writes here: what it wrote is not sent back.")
def add_endpoint(
    url: str,
    key: str,
    secret: str,
    label: str,
    platform: str | None,
    course: str | None,
    only: Sequence[str],
    version_: str,
    actors: str,
    history: bool,
    forward_received: bool,
    writes_as: str | None,
) -> None:
    """Send every statement from now on to this LRS as well.

    People are named by the account that the LMS knows, unless --actors says pseudonym; with mail by their mail address
    if they agree, which the tool asks them, and by a pseudonym until then.
    """
    if not addresses.is_safe(url):
        raise click.ClickException("The address must start with https:// (http is taken for localhost only).")
    if course is not None and platform is None:
        raise click.ClickException("Say with --platform whose course it is.")
    if course is not None and platform is not None:
        _known_course(platform, course)
    if forward_received and actors != Actors.ACCOUNT:
        raise click.ClickException("What others told goes as they told it: --forward-received wants --actors account.")
    if writes_as is not None and not _is_in_force(writes_as):
        raise click.ClickException(f"No key {writes_as} that is in force; see flask --app wsgi lrs credential list.")
    with transaction() as session:
        endpoint = Endpoint(
            platform_id=_known_platform(platform).id if platform else None,
            label=label,
            url=url.rstrip("/"),
            key=key,
            sealed_secret=keys.seal(secret),
            version=version_,
            actors=Actors(actors),
            sealed_pseudonyms=keys.seal(token_urlsafe(32)) if actors != Actors.ACCOUNT else None,
            course=course_iri(current_app.config["IRI_BASE"], course) if course else None,
            rooms=list(dict.fromkeys(only)),
            forwards_received=forward_received,
            writes_as=writes_as,
            created=clock.now(),
        )
        session.add(endpoint)
        session.flush()
        if history:
            session.add(Lane(name=endpoint.lane, paused=backfilling.BEING_GATHERED))
    click.echo(f"{label} receives statements from now on, as {endpoint.public_id}.")
    if history:
        _gather(endpoint)


def _is_in_force(key: str) -> bool:
    found = select(Credential.id).where(Credential.key == key, Credential.revoked_at.is_(None))
    return db.session.scalar(found) is not None


def _gather(endpoint: Endpoint) -> None:
    done, of = 0, backfilling.count(endpoint)
    with click.progressbar(length=of, label="Gathering what happened before") as bar:
        for more in backfilling.gather(endpoint):
            done += more
            bar.update(more)
            _set_pause(endpoint.public_id, backfilling.being_gathered(done, of))
    _set_pause(endpoint.public_id, "")


@endpoint_group.command("backfill")
@click.argument("public_id")
def backfill_endpoint(public_id: str) -> None:
    """Send what happened before this LRS was added, before anything new.

    What it has already it is sent again under the same ids, which changes nothing there.
    """
    _set_pause(public_id, backfilling.BEING_GATHERED)
    _gather(db.session.scalars(select(Endpoint).where(Endpoint.public_id == public_id)).one())


@endpoint_group.command("list")
def list_endpoints() -> None:
    """Each LRS outside, with what it receives, what waits for it and what was given up."""
    counts = {(each.lane, each.state): each.letters for each in outbox.waiting(db.session)}
    paused, resting = outbox.paused(db.session), outbox.resting(db.session, at=clock.now())
    found = db.session.scalars(select(Endpoint).order_by(Endpoint.id)).all()
    for each in found:
        waits, dead = (counts.get((each.lane, state), 0) for state in (LetterState.WAITING, LetterState.DEAD))
        what = ", ".join([each.version, each.actors, *each.rooms, *([each.course] if each.course else [])])
        what += ", what others told too" if each.forwards_received else ""
        state = f"rests until {resting[each.lane]:%Y-%m-%d %H:%M:%S}Z" if each.lane in resting else "runs"
        state = f"paused: {paused[each.lane]}" if each.lane in paused else state
        click.echo(f"{each.public_id}  {each.label}  {each.url}  {what}  {state}  {waits} waiting, {dead} given up")
    if not found:
        click.echo("No LRS outside receives statements.")


@endpoint_group.command("pause")
@click.argument("public_id")
def pause_endpoint(public_id: str) -> None:
    """Send nothing until resumed; what happens meanwhile waits."""
    _set_pause(public_id, PAUSED_BY_OPERATOR)
    click.echo("Paused. Statements wait until you resume.")


@endpoint_group.command("resume")
@click.argument("public_id")
def resume_endpoint(public_id: str) -> None:
    """Send again, beginning with what waited."""
    _set_pause(public_id, "")
    click.echo("Resumed.")


def _set_pause(public_id: str, reason: str) -> None:
    with transaction() as session:
        endpoint = session.scalar(select(Endpoint).where(Endpoint.public_id == public_id))
        if endpoint is None:
            raise click.ClickException(f"No LRS {public_id} is registered.")
        if session.scalar(select(Lane).where(Lane.name == endpoint.lane)) is None:
            session.add(Lane(name=endpoint.lane, paused=reason))
        session.execute(update(Lane).where(Lane.name == endpoint.lane).values(paused=reason))
