"""What operators type to see how the tool is doing, and to change the secret everything is sealed under."""

from __future__ import annotations

import click
from flask import Flask, current_app

from lti_tool import clock, keys
from lti_tool.cli import key_group
from lti_tool.db import transaction
from lti_tool.operating import checking, operators


def init_app(app: Flask) -> None:
    app.cli.add_command(check)


@click.command("check")
@click.option("--page", is_flag=True, help="Print a code that opens the page /lti/check in a browser.")
def check(page: bool) -> None:
    """What is registered, reachable and synchronized, and what wants doing."""
    if not page:
        click.echo(checking.as_text(checking.report(clock.now())), nl=False)
        return
    with transaction() as session:
        code = operators.new_code(session)
    click.echo(
        f"Open {current_app.config['PUBLIC_URL']}/lti/check and type in this code. It is good once, for 10 minutes:"
    )
    click.echo(code)


@key_group.command("reseal")
def reseal() -> None:
    """Encrypt everything stored under the newest SECRET_KEY; after that SECRET_KEY_FALLBACKS can be emptied."""
    with transaction() as session:
        done = keys.reseal(session)
    click.echo(f"{done.count} stored secrets are sealed under the newest SECRET_KEY.")
    if done.unreadable:
        raise click.ClickException(
            f"These could not be opened: {', '.join(done.unreadable)}. Put the SECRET_KEY they were stored under into "
            "SECRET_KEY_FALLBACKS and run this again."
        )
    if current_app.config["SECRET_KEY_FALLBACKS"]:
        click.echo("SECRET_KEY_FALLBACKS is needed no more.")
