"""Servers on this machine that answer as they should not: late, dripping, or not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Handle = Callable[[BaseHTTPRequestHandler], None]
Hang = Callable[[BaseHTTPRequestHandler, threading.Event], None]
"""Answers in its own time, and is over when the event says so."""


@contextmanager
def serving(handle: Handle) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A server that answers every GET and POST in this way; its address, and the headers it was asked with."""
    asked: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.do_GET()

        def do_GET(self) -> None:
            asked.append({"path": self.path, **{name.lower(): value for name, value in self.headers.items()}})
            try:
                handle(self)
            except OSError:
                self.close_connection = True

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/jwks", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answered(handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def silent(_handler: BaseHTTPRequestHandler, over: threading.Event) -> None:
    over.wait(120)


def dripping(handler: BaseHTTPRequestHandler, over: threading.Event) -> None:
    """A byte of an endless header every now and then: never silent for long, and never done."""
    handler.wfile.write(b"HTTP/1.0 200 OK\r\nX-Slow: ")
    while not over.wait(0.05):
        handler.wfile.write(b"a")
