"""An LRS outside that remembers what it was told, in a thread; it can be down, and it can lose its answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class OutsideLRS:
    url: str = ""
    stored: dict[str, dict[str, Any]] = field(default_factory=dict)
    posts: int = 0
    answer: int = 200
    """The status it answers with; 200 stores, anything else does not."""
    lost_answers: int = 0
    """How many of the next batches are stored and then answered with a broken connection."""

    def of(self, subject: str) -> list[str]:
        """The verbs told of this account, in order of time."""
        told = [each for each in self.stored.values() if each["actor"]["account"]["name"] == subject]
        told.sort(key=lambda statement: statement["timestamp"])
        return [statement["verb"]["id"].rpartition("/")[2] for statement in told]


@contextmanager
def outside_lrs() -> Iterator[OutsideLRS]:
    lrs = OutsideLRS()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(lrs))
    lrs.url = f"http://127.0.0.1:{server.server_port}/xAPI"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield lrs
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(lrs: OutsideLRS) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            statements = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            lrs.posts += 1
            if lrs.answer == 200:
                for statement in statements:
                    assert lrs.stored.get(statement["id"], statement) == statement, "told differently"
                    lrs.stored[statement["id"]] = statement
            if lrs.lost_answers:
                lrs.lost_answers -= 1
                self.close_connection = True
                return
            body = json.dumps([statement["id"] for statement in statements]).encode()
            self.send_response(lrs.answer)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            pass

    return Handler
