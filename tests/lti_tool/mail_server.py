"""A mail server of the tests' own: takes mail by SMTP and remembers it, or refuses, is silent, hangs up, as told."""

from __future__ import annotations

import base64
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any


@dataclass
class Taken:
    """A mail as it stood in the server's mailbox."""

    sender: str
    recipient: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=default)

    def part(self, kind: str) -> str:
        """What it says in plain words or in HTML."""
        return str(self.message.get_body((kind,)).get_content()).replace("\r\n", "\n")


@dataclass
class MailServerInHand:
    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    """What is answered to a verb, or to `greeting` and `.`, instead of what is usual."""
    silent_at: str = ""
    """The verb that is never answered; `greeting` and `.` as well."""
    hangs_up_at: str = ""
    """The verb after which the line is cut; with `.` the mail was taken."""
    offers: list[str] = field(default_factory=lambda: ["8BITMIME"])
    users: dict[str, str] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    is_tls_from_the_first_word: bool = False

    taken: list[Taken] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    """Every line but the mails themselves."""
    secured: list[bool] = field(default_factory=list)
    """Of each mail, whether it came encrypted."""
    lines: int = 0
    """How many times somebody connected."""
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


class _Gone(Exception):
    pass


class _Visit(socketserver.StreamRequestHandler):
    """One connection."""

    server: _Server
    sender = recipient = ""
    is_secure = False

    def handle(self) -> None:
        here = self.server.here
        here.lines += 1
        # Whoever connects may leave in the middle of anything.
        with suppress(_Gone, OSError):
            if here.is_tls_from_the_first_word:
                self._secure()
            self._answer("greeting", "220 mail.test ESMTP")
            while line := self.rfile.readline(2000):
                self._do(line.decode().rstrip("\r\n"))

    def _do(self, line: str) -> None:
        here = self.server.here
        here.heard.append(line)
        verb = line.split(":")[0].split(" ")[0].upper()
        match verb:
            case "EHLO":
                offers = [each for each in here.offers if each != "STARTTLS" or not self.is_secure]
                told = ["mail.test", *offers]
                self._answer(verb, "\r\n".join(f"250{'-' if n < len(told) else ' '}{w}" for n, w in enumerate(told, 1)))
            case "STARTTLS":
                self._answer(verb, "220 go on")
                self._secure()
            case "AUTH":
                self._answer(verb, "235 2.7.0 welcome" if self._knows(line) else "535 5.7.8 no such user leo@x.test")
            case "MAIL":
                self.sender = line.partition("<")[2].partition(">")[0]
                self._answer(verb, "250 2.1.0 fine")
            case "RCPT":
                self.recipient = line.partition("<")[2].partition(">")[0]
                self._answer(verb, "250 2.1.5 fine")
            case "DATA":
                self._answer(verb, "354 go on")
                self._take()
            case "QUIT":
                self._answer(verb, "221 2.0.0 bye")
                raise _Gone
            case _:
                self._answer(verb, "250 2.0.0 fine")

    def _answer(self, verb: str, usual: str) -> None:
        here = self.server.here
        if here.silent_at == verb:
            here.closing.wait(30)
            raise _Gone
        if here.hangs_up_at == verb:
            raise _Gone
        answer = here.answers.get(verb, usual)
        self.wfile.write(f"{answer}\r\n".encode())
        if verb in here.answers and not answer.startswith(("2", "3")) and verb == "DATA":
            raise _Gone

    def _take(self) -> None:
        body = b""
        while not body.endswith(b"\r\n.\r\n"):
            line = self.rfile.readline(2000)
            if not line:
                raise _Gone
            body += line
        here, raw = self.server.here, body.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.")
        if here.answers.get(".", "250").startswith("2"):
            here.taken.append(Taken(self.sender, self.recipient, raw))
            here.secured.append(self.is_secure)
        self._answer(".", "250 2.0.0 taken")

    def _knows(self, line: str) -> bool:
        _nothing, user, password = base64.b64decode(line.split(" ")[2]).decode().split("\0")
        return self.server.here.users.get(user) == password

    def _secure(self) -> None:
        context = self.server.here.tls
        assert context is not None
        self.request = self.connection = context.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), _Writing(self.connection)  # type: ignore[assignment]
        self.is_secure = True

    def finish(self) -> None:
        with suppress(OSError):
            self.connection.close()


class _Writing:
    def __init__(self, connection: Any) -> None:
        self.write = connection.sendall


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    here: MailServerInHand

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A handshake that fails is what the test wanted."""


@contextmanager
def running_mail_server(**settings: Any) -> Iterator[MailServerInHand]:
    here = MailServerInHand(**settings)
    with _Server(("127.0.0.1", 0), _Visit) as server:
        server.here, here.port = here, server.server_address[1]
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        serving.start()
        try:
            yield here
        finally:
            here.closing.set()
            server.shutdown()
            serving.join()
