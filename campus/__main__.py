"""`python -m campus`: open the campus on a port and keep it open until Ctrl-C."""

from __future__ import annotations

import signal
from types import FrameType

import click

from campus.app import create_app
from campus.flavors import FLAVORS
from campus.serving import CannotListen, listen, serve_on
from campus.settings import Settings
from campus.store import CannotStore


@click.command()
@click.option("--port", default=8001, show_default=True, help="Where the campus listens.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--url", default=None, help="Its own address as browsers see it. [default: http://localhost:PORT]")
@click.option("--tool", default="http://localhost:8000", show_default=True, help="The address of the tool.")
@click.option("--data", default="var/campus.sqlite", show_default=True, help="Its database, or :memory:.")
@click.option("--flavor", type=click.Choice(list(FLAVORS)), default="strict", show_default=True)
@click.option("--people", default=0, help="How many extra learners the first course gets.")
@click.option("--page-size", default=10, show_default=True, help="Members on a page of the roster.")
@click.option("--verbose", is_flag=True, help="Log every request.")
def main(
    port: int,
    host: str,
    url: str | None,
    tool: str,
    data: str,
    flavor: str,
    people: int,
    page_size: int,
    verbose: bool,
) -> None:
    """Campus, a pretend LMS: a strict LTI 1.3 platform with a course page and a gradebook."""
    try:
        with listen(host, port) as listening:
            url = (url or f"http://localhost:{listening.getsockname()[1]}").rstrip("/")
            settings = Settings(
                url=url, tool=tool.rstrip("/"), data=data, flavor=flavor, people=people, page_size=page_size
            )
            server = serve_on(listening, create_app(settings), verbose=verbose)
    except (CannotListen, CannotStore) as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(f"The campus is open at {url} ({flavor}).")
    signal.signal(signal.SIGTERM, _leave)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("The campus is closed.")
    finally:
        server.server_close()


def _leave(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main(prog_name="campus")
