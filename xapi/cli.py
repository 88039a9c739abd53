"""What operators type about LRSs: credentials to read ours, endpoints to send to."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import select, update

from lti_tool import clock, keys
from lti_tool.db import db, transaction
from lti_tool.models import Course, Platform
from lti_tool.outbox import PAUSED_BY_OPERATOR, Lane
from lti_tool.outgoing import addresses
from xapi.endpoints import Endpoint
from xapi.lrs import credentials, storing
from xapi.translations import course_iri

lrs_group = AppGroup("lrs", help="Who reads our statements, and where they are sent.")
credential_group = AppGroup("credential", help="Keys for consumers of the embedded LRS.")
endpoint_group = AppGroup("endpoint", help="LRSs outside that receive our statements.")
lrs_group.add_command(credential_group)
lrs_group.add_command(endpoint_group)


def init_app(app: Flask) -> None:
    app.cli.add_command(lrs_group)


@credential_group.command("add")
@click.option("--platform", required=True, help="The platform's public id; see platform list.")
@click.option("--course", help="Only this course, by its public id.")
@click.option("--label", required=True, help="Whose key it is.")
def add_credential(platform: str, course: str | None, label: str) -> None:
    """Make a read-only key; its secret is shown once."""
    base = current_app.config["IRI_BASE"]
    with transaction() as session:
        _known_platform(platform)
        if course is not None:
            _known_course(platform, course)
        store = storing.store_of(session, platform, clock.now())
        key, secret = credentials.issue(
            session, store, label=label, course=course_iri(base, course) if course else None, at=clock.now()
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


@credential_group.command("revoke")
@click.argument("key")
def revoke_credential(key: str) -> None:
    """Let this key read nothing any more."""
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
def add_endpoint(url: str, key: str, secret: str, label: str, platform: str | None) -> None:
    """Send every statement from now on to this LRS as well."""
    if not addresses.is_safe(url):
        raise click.ClickException("The address must start with https:// (http is taken for localhost only).")
    with transaction() as session:
        endpoint = Endpoint(
            platform_id=_known_platform(platform).id if platform else None,
            label=label,
            url=url.rstrip("/"),
            key=key,
            sealed_secret=keys.seal(secret),
            created=clock.now(),
        )
        session.add(endpoint)
    click.echo(f"{label} receives statements from now on, as {endpoint.public_id}.")


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
