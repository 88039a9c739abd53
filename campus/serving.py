"""The campus on a port: threaded, quiet unless asked, and clear about a port that is taken."""

from __future__ import annotations

import errno
import socket

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

BACKLOG = 128


class CannotListen(Exception):
    """The port cannot be had; says why in a sentence."""


class QuietHandler(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing of ordinary requests."""


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything else is done; 0 takes a free one. Raises CannotListen."""
    try:
        return socket.create_server((host, port), backlog=BACKLOG)
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            raise CannotListen(
                f"Port {port} is in use by another program. Stop it, or name another port with --port."
            ) from None
        raise CannotListen(f"The campus cannot listen on {host}, port {port}: {problem.strerror}.") from None


def serve_on(listening: socket.socket, app: Flask, *, verbose: bool = False) -> BaseWSGIServer:
    """A server on this socket, ready for `serve_forever`; it keeps a duplicate, so the socket may be closed."""
    host, port = listening.getsockname()[:2]
    handler = WSGIRequestHandler if verbose else QuietHandler
    return make_server(host, port, app, threaded=True, request_handler=handler, fd=listening.fileno())
