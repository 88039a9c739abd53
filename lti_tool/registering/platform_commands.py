"""What operators type about learning platforms: invite, add, look at, approve, remove."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, platforms
from lti_tool.db import db, transaction
from lti_tool.models import Deployment, Platform, Standing
from lti_tool.outgoing import services
from lti_tool.outgoing.http import http
from lti_tool.registering import introducing, invitations
from lti_tool.registering.invitations import Invitation, State
from lti_tool.terminal import printable

platform_group = AppGroup("platform", help="Invite, register and approve learning platforms.")
deployment_group = AppGroup("deployment", help="Approve installations of the tool.")

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    app.cli.add_command(platform_group)
    app.cli.add_command(deployment_group)


@platform_group.command("invite")
@click.option(
    "--hours",
    type=click.IntRange(1, invitations.LONGEST_HOURS),
    default=invitations.LONGEST_HOURS,
    show_default=True,
    help="How long the link is good.",
)
@click.option("--note", default="", help="For whom it is, so that you know it again.")
def invite(hours: int, note: str) -> None:
    """Make a link under which one learning platform registers itself, once."""
    if len(note) > 255:
        raise click.BadParameter("must have at most 255 characters", param_hint="--note")
    with transaction() as session:
        invitation, secret = invitations.make(session, hours=hours, note=note)
    click.echo(introducing.invitation_url(secret))
    click.echo(
        f"Good once, until {invitation.expires:%Y-%m-%d %H:%M}Z, and shown only now. Its LMS then waits for you: see "
        "flask --app wsgi platform list."
    )


@platform_group.command("invitations")
def list_invitations() -> None:
    """The invitations of late, and what became of each."""
    listed = db.session.scalars(select(Invitation).order_by(Invitation.id.desc()).limit(50)).all()
    if not listed:
        click.echo("There is none; see flask --app wsgi platform invite.")
    at = clock.now()
    for each in listed:
        became = f"  by {printable(each.platform.name)} ({each.platform.public_id})" if each.platform else ""
        note = f"  {printable(each.note)}" if each.note else ""
        click.echo(f"{each.public_id}  {each.state(at)}  until {each.expires:%Y-%m-%d %H:%M}Z{became}{note}")


@platform_group.command("revoke")
@click.argument("invitation")
def revoke(invitation: str) -> None:
    """Take an open invitation back."""
    with transaction() as session:
        found = session.scalar(select(Invitation).where(Invitation.public_id == invitation))
        if found is None or found.state(clock.now()) != State.OPEN:
            raise click.ClickException(f"No open invitation {invitation}; see flask --app wsgi platform invitations.")
        found.revoked = clock.now()
    click.echo("The invitation is revoked.")


def _web_address(_context: object, _option: object, value: str) -> str:
    if problem := http().session.reach.refuses(value):
        raise click.BadParameter(f"must be an https:// address that calls may go to ({problem})")
    if len(value) > 1024:
        raise click.BadParameter("must have at most 1024 characters")
    return value


def _short_text(_context: object, _option: object, value: str) -> str:
    if not 1 <= len(value.strip()) <= 255 or len(value) > 255:
        raise click.BadParameter("must have 1 to 255 characters")
    return value


def _short_texts(context: object, option: object, values: Sequence[str]) -> list[str]:
    return [_short_text(context, option, value) for value in values]


@platform_group.command("add")
@click.option("--name", required=True, callback=_short_text, help="What to call it in lists.")
@click.option("--issuer", required=True, callback=_short_text, help="Its issuer (iss), exactly.")
@click.option("--client-id", required=True, callback=_short_text)
@click.option("--auth-url", required=True, callback=_web_address, help="OIDC authorization endpoint.")
@click.option("--token-url", required=True, callback=_web_address, help="Access token endpoint.")
@click.option("--jwks-url", required=True, callback=_web_address, help="Public key set.")
@click.option(
    "--deployment", required=True, multiple=True, callback=_short_texts, help="Deployment id; once for each of several."
)
@click.option("--token-audience", help="Audience of token requests, where it is not the token URL.")
@click.option(
    "--beside",
    is_flag=True,
    help="Other keys under a known issuer and client id are another LMS: a Canvas of one's own beside the hosted one.",
)
def add_platform(
    name: str,
    issuer: str,
    client_id: str,
    auth_url: str,
    token_url: str,
    jwks_url: str,
    deployment: Sequence[str],
    token_audience: str | None,
    beside: bool,
) -> None:
    """Register an LMS by hand, or bring its registration up to date."""
    try:
        with transaction() as session:
            platform = platforms.add(
                session,
                name=name,
                issuer=issuer,
                client_id=client_id,
                auth_url=auth_url,
                token_url=token_url,
                jwks_url=jwks_url,
                deployment_id=deployment[0],
                token_audience=token_audience,
                beside=beside,
            )
            for further in deployment[1:]:
                platforms.approve_deployment(session, platform, further)
            is_common = platforms.find(session, issuer, client_id) is platform
    except LookupError as problem:
        raise click.ClickException(f"{problem} Say --beside to add one more.") from None
    _tell("added", platform.public_id)
    click.echo(f"{printable(name)} is registered. In the LMS, enter:")
    click.echo(f"  tool URL and target link  {introducing.launch_url()}")
    click.echo(f"  login initiation URL      {introducing.login_url('' if is_common else platform.public_id)}")
    click.echo(f"  redirect URI              {introducing.launch_url()}")
    click.echo(f"  public key set URL        {introducing.jwks_url()}")


@platform_group.command("list")
def list_platforms() -> None:
    """Every registered LMS with its deployments, and what to look at before approving it."""
    listed = db.session.scalars(select(Platform).order_by(Platform.id)).all()
    if not listed:
        click.echo("There is none; see flask --app wsgi platform invite.")
    for platform in listed:
        words = (platform.public_id, platform.name, platform.issuer, platform.client_id, platform.standing)
        click.echo("  ".join(map(printable, words)))
        click.echo(
            f"    {_how_it_came(platform)}; its own login address is {introducing.login_url(platform.public_id)}"
        )
        _show_particulars(platform)
        for deployment in platform.deployments:
            click.echo(f"    deployment {printable(deployment.deployment_id)}  {deployment.standing}")


def _how_it_came(platform: Platform) -> str:
    if not platform.is_self_registered:
        return f"added by an operator on {platform.created:%Y-%m-%d}"
    invitation = db.session.scalar(select(Invitation).where(Invitation.platform_id == platform.id))
    note = f" ({printable(invitation.note)})" if invitation and invitation.note else ""
    return f"registered itself by invitation{note} on {platform.created:%Y-%m-%d}"


def _show_particulars(platform: Platform) -> None:
    """What it may do, and what an operator should know."""
    if platform.granted_scopes:
        click.echo(f"    granted: {', '.join(printable(each.rpartition('/')[2]) for each in platform.granted_scopes)}")
    for sentence in platforms.switched_off(platform):
        click.echo(f"    off: {sentence}")
    for remark in platform.remarks:
        click.echo(f"    look: {printable(remark)}")


@platform_group.command("approve")
@click.argument("public_id")
def approve_platform(public_id: str) -> None:
    """Let a waiting platform in, with the deployments that came with its registration."""
    with transaction() as session:
        platform = _known(session, public_id)
        came_along = platforms.approve(session, platform)
    _tell("approved", public_id)
    click.echo(f"{printable(platform.name)} is now {platform.standing}.")
    _show_particulars(platform)
    for deployment in came_along:
        click.echo(f"    deployment {printable(deployment.deployment_id)} is active")
    if not platform.deployments:
        click.echo(
            "    Its deployment is not known yet. The first visit from there is turned away and noted; then type\n"
            f"    flask --app wsgi deployment approve {platform.public_id} DEPLOYMENT"
        )


@platform_group.command("remove")
@click.argument("public_id")
def remove_platform(public_id: str) -> None:
    """Let nobody in from this platform any more; its courses and people are kept."""
    with transaction() as session:
        platform = _known(session, public_id)
        platform.standing = Standing.DEACTIVATED
    _tell("removed", public_id)
    click.echo(f"{printable(platform.name)} is now {platform.standing}.")


@platform_group.command("regrant")
@click.argument("public_id")
def regrant(public_id: str) -> None:
    """After its administrator changed what the tool may do: forget what was granted, each visit tells from now on."""
    with transaction() as session:
        platform = _known(session, public_id)
        platform.granted_scopes = []
        services.forget_refusals(platform)
    click.echo(f"What {printable(platform.name)} grants is read from its visits from now on.")


def _known(session: Session, public_id: str) -> Platform:
    platform = platforms.by_public_id(session, public_id)
    if platform is None:
        raise click.ClickException(f"No platform {public_id}; see flask --app wsgi platform list.")
    return platform


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
    _tell("approved", platform, deployment_id)
    click.echo(f"Deployment {printable(deployment_id)} of {printable(found.platform.name)} is active.")


def _tell(verdict: str, platform: str, deployment: str = "") -> None:
    """One line in the log for what an operator decided; `platform` is a public id."""
    log.info("platform verdict=%s platform=%s deployment=%s", verdict, platform, printable(deployment)[:80] or "-")
