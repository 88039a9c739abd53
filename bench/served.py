"""`python -m bench.served gunicorn --port 8000 --workers 2 --threads 4`: our application under one web server, alone.

Two pages are added for looking at the server itself: one that takes its time, and one that shows what it was told.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import waitress
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from lti_tool.running import serving

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HOST = "127.0.0.1"
SLOW, TOLD = "/bench/slow", "/bench/told"
SLOWNESS = 2.0
"""Seconds that the slow page takes."""
GRACE = 10
"""Seconds for requests under way when the server is to stop."""


class WithPages:
    """An application with the two pages in front."""

    def __init__(self, inner: WSGIApplication) -> None:
        self._inner = inner

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == SLOW:
            time.sleep(SLOWNESS)
        if path not in (SLOW, TOLD):
            return self._inner(environ, start_response)
        told = {name: value for name, value in environ.items() if isinstance(value, str) and name.isupper()}
        body = json.dumps(told if path == TOLD else {}).encode()
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]


def gunicorn(port: int, workers: int, threads: int) -> None:
    from wsgi import app

    app.wsgi_app = WithPages(app.wsgi_app)  # type: ignore[method-assign]
    serving.web(app, host=HOST, port=port, workers=workers, threads=threads)


def granian(port: int, workers: int, threads: int) -> None:
    from wsgi import app

    _settle()
    server = Server(
        "wsgi:app",
        address=HOST,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=1000 * serving.KEEP_ALIVE),
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE,
    )
    inside = WithPages(app)
    # Forked workers inherit the application; granian would import it anew in each of them.
    server.serve(target_loader=lambda: inside, wrap_loader=False)


def waitress_(port: int, workers: int, threads: int) -> None:
    """One process, whatever is asked for, with as many threads as the others have together."""
    from wsgi import app

    _settle()
    waitress.serve(
        WithPages(app),
        host=HOST,
        port=port,
        threads=workers * threads,
        channel_timeout=serving.KEEP_ALIVE,
        clear_untrusted_proxy_headers=False,
    )


def _settle() -> None:
    """As `serving.web` does for gunicorn."""
    gc.collect()
    gc.freeze()


SERVERS: dict[str, Callable[[int, int, int], None]] = {
    "gunicorn": gunicorn,
    "granian": granian,
    "waitress": waitress_,
}


def main(words: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.served")
    parser.add_argument("server", choices=SERVERS)
    for name in ("port", "workers", "threads"):
        parser.add_argument(f"--{name}", type=int, required=True)
    said = parser.parse_args(list(words))
    SERVERS[said.server](said.port, said.workers, said.threads)


if __name__ == "__main__":
    main(sys.argv[1:])
