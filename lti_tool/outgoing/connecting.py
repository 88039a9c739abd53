"""Connections of the HTTP client: only to the very addresses that were checked, and never for longer than agreed.

A name is looked up once, every address found is judged, and the connection goes to one of them. So a name server that
answers differently the second time (DNS rebinding) is never asked a second time.
"""

from __future__ import annotations

import http.client
import io
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from lti_tool.outgoing.addresses import Reach, not_public

CONNECT, READ, TOTAL = 3.0, 5.0, 10.0
"""Seconds to find and connect, to wait for the next bytes, and for the whole call."""

Found = list[tuple[Any, ...]]


class CallFailed(Exception):
    """The other side did not answer in time, in size, or at all; says what happened without naming a secret."""


class AddressRefused(CallFailed):
    """No call goes there: not a public address, or not a safe one."""


@dataclass(frozen=True)
class Underway:
    """One call: where it may go, and when it must be over by `time.monotonic()`."""

    reach: Reach
    last: float

    def left(self, most: float) -> float:
        """Seconds that remain, at most so many. Raises TimeoutError when there are none."""
        left = self.last - time.monotonic()
        if left <= 0:
            raise TimeoutError("the call has taken as long as any may")
        return min(most, left)


underway: ContextVar[Underway | None] = ContextVar("underway", default=None)
_last_moment: ContextVar[float] = ContextVar("last_moment", default=float("inf"))


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """All calls made in here are over within so many seconds: somebody waits for what comes of them together."""
    token = _last_moment.set(min(_last_moment.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _last_moment.reset(token)


def last_moment(host: str) -> float:
    """When a call that begins now has to be over. Raises CallFailed if no time is left to begin one."""
    now = time.monotonic()
    if (last := _last_moment.get()) <= now:
        raise CallFailed(f"{host} was not asked, because those before it took all the time there was")
    return min(last, now + TOTAL)


def _now() -> Underway:
    return underway.get() or Underway(Reach(), time.monotonic() + TOTAL)


class _Guarded:
    """What our two kinds of connection have in common."""

    host: str
    port: int
    _dns_host: str
    socket_options: Any

    def _new_conn(self) -> socket.socket:
        call, connection = _now(), self
        first = time.monotonic()
        try:
            found = _look_up(self._dns_host.strip("[]"), self.port, call.left(CONNECT))
            _judge(call.reach, self._dns_host.strip("[]"), found)
            return self._connect(found, call, first + CONNECT)
        except TimeoutError:
            raise ConnectTimeoutError(connection, f"{self.host} took longer than {CONNECT:.0f} seconds") from None
        except (socket.gaierror, UnicodeError) as problem:
            raise NameResolutionError(self.host, connection, problem) from None  # type: ignore[arg-type]
        except OSError as problem:
            raise NewConnectionError(connection, str(problem)) from None  # type: ignore[arg-type]

    def _connect(self, found: Found, call: Underway, last: float) -> socket.socket:
        """The first of the addresses that takes us, all of them together within the time to connect."""
        problem: OSError = OSError("no address was found")
        for family, kind, protocol, _name, address in found:
            made = socket.socket(family, kind, protocol)
            try:
                for option in self.socket_options or ():
                    made.setsockopt(*option)
                made.settimeout(call.left(max(last - time.monotonic(), 0.001)))
                made.connect(address)
            except OSError as failed:
                made.close()
                problem = failed
            else:
                made.settimeout(call.left(CONNECT))
                return made
        raise problem


class GuardedHTTPConnection(_Guarded, HTTPConnection):
    pass


class GuardedHTTPSConnection(_Guarded, HTTPSConnection):
    pass


def _look_up(host: str, port: int, within: float) -> Found:
    """The addresses of a host. A name server may be silent for half a minute, so somebody else waits for it."""
    answers: list[Found | Exception] = []

    def ask() -> None:
        try:
            answers.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except Exception as problem:
            answers.append(problem)

    asking = threading.Thread(target=ask, daemon=True, name="look-up")
    asking.start()
    asking.join(within)
    if not answers:
        raise TimeoutError("the name server is silent")
    if isinstance(answers[0], Exception):
        raise answers[0]
    return answers[0]


def _judge(reach: Reach, host: str, found: Found) -> None:
    """One address that is not open to us spoils them all: an honest host has no such mixture."""
    if not all(reach.admits(host, address[0]) for *_kind, address in found):
        raise AddressRefused(not_public(host))


class _InTime(io.RawIOBase):
    """What a server sends, however slowly it drips: no wait outlasts the call."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, call: Underway) -> None:
        self._raw, self._sock, self._call = raw, sock, call

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._call.left(READ))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        super().close()
        self._raw.close()


class _Response(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        raw = self.fp.detach()
        self.fp = io.BufferedReader(_InTime(raw, sock, _now()))


GuardedHTTPConnection.response_class = GuardedHTTPSConnection.response_class = _Response


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = GuardedHTTPConnection


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = GuardedHTTPSConnection


class GuardedAdapter(HTTPAdapter):
    """Requests' own pools of kept connections, with our connections in them."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}
