"""An LRS outside that remembers what it was told, in a thread; it can be down, slow of understanding, and moody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from werkzeug.http import parse_options_header

from tests.journeys.troubles import Trouble, Troubles
from xapi.lrs.parts import parts_of


@dataclass
class OutsideLRS:
    url: str = ""
    stored: dict[str, dict[str, Any]] = field(default_factory=dict)
    """In the order in which they first came."""
    repeated: int = 0
    """How many statements it was told that it had already."""
    posts: int = 0
    answer: int = 200
    """The status it answers with; 200 stores, anything else does not."""
    most_bytes: int = 1 << 30
    """How large a request it takes; a larger one is answered with 413."""
    versions: set[str] = field(default_factory=set)
    """In which it was spoken to."""
    connections: int = 0
    """How many were opened to it."""
    lost_answers: int = 0
    """How many of the next batches are stored and then answered with a broken connection."""
    refuses: set[str] = field(default_factory=set)
    """Ids of statements that it finds bad: a batch with one of them is answered with `refusal`."""
    refusal: int = 400
    why: str = ""
    """What it says to that."""
    sizes: list[tuple[int, int]] = field(default_factory=list)
    """Of each request: how many statements, in how many bytes."""
    data: dict[str, bytes] = field(default_factory=dict)
    """What came along with statements, by its hash."""
    troubles: Troubles | None = None
    """What it meets with besides."""

    def of(self, subject: str) -> list[str]:
        """The verbs told of this account, in order of time."""
        told = [each for each in self.stored.values() if each["actor"]["account"]["name"] == subject]
        told.sort(key=lambda statement: statement["timestamp"])
        return [statement["verb"]["id"].rpartition("/")[2] for statement in told]

    def take(self, statements: list[dict[str, Any]]) -> None:
        for statement in statements:
            self.repeated += statement["id"] in self.stored
            assert self.stored.get(statement["id"], statement) == statement, "told differently"
            self.stored[statement["id"]] = statement


@contextmanager
def outside_lrs(port: int = 0) -> Iterator[OutsideLRS]:
    lrs = OutsideLRS()
    server = ThreadingHTTPServer(("127.0.0.1", port), _handler(lrs))
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
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def setup(self) -> None:
            super().setup()
            lrs.connections += 1

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            lrs.posts += 1
            lrs.versions.add(self.headers["X-Experience-API-Version"])
            trouble = Trouble.LOST if lrs.lost_answers else lrs.troubles.next() if lrs.troubles else None
            lrs.lost_answers -= bool(lrs.lost_answers)
            if trouble is not None and not trouble.stores:
                self._suffer(trouble)
                return
            statements = json.loads(self._first_part(body))
            ids = [statement["id"] for statement in statements]
            lrs.sizes.append((len(ids), length))
            refused = lrs.refuses.intersection(ids)
            answer = 413 if length > lrs.most_bytes else lrs.refusal if refused else lrs.answer
            if answer == 200:
                lrs.take(statements)
            if trouble is not None and answer == 200:
                self._suffer(trouble)
                return
            self._answer(answer, {"error": lrs.why} if refused else ids)

        def _first_part(self, body: bytes) -> bytes:
            kind, options = parse_options_header(self.headers["Content-Type"])
            if kind != "multipart/mixed":
                return body
            first, *rest = parts_of(body, options["boundary"])
            lrs.data |= {part.headers["x-experience-api-hash"]: part.data for part in rest}
            return first.data

        def do_GET(self) -> None:
            [wanted] = parse_qs(urlsplit(self.path).query)["statementId"]
            found = lrs.stored.get(wanted)
            self._answer(200 if found else 404, found or {})

        def _answer(self, status: int, said: Any) -> None:
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _suffer(self, trouble: Trouble) -> None:
            if trouble.value.isdecimal():
                self._answer(int(trouble.value), {"error": "by chance"})
                return
            if trouble is Trouble.SILENT:
                self.rfile.read(1)  # Until the other side has had enough.
            self.close_connection = True

        def log_message(self, *_args: Any) -> None:
            pass

    return Handler
