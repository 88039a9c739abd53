"""Light browsers that keep cookies and time themselves, and a closed loop of several at once."""

from __future__ import annotations

import http.client
import re
import sys
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import ClassVar, TypeVar
from urllib.parse import urlencode, urlsplit

from campus.testing import Answer

TIMEOUT = 30.0
LOOPBACK = "127.0.0.1"
"""All load goes here, whatever an address says."""
SWITCH = 0.0005
"""Seconds after which a waiting thread gets its turn: Python's own five milliseconds would show in what we time."""

Fields = Mapping[str, str] | Mapping[str, Sequence[str]]
Item = TypeVar("Item")


class PlainBrowser:
    """A new connection for each request, as a reverse proxy makes them by default; follows nothing."""

    closing = "close"

    def __init__(self) -> None:
        self._jars: dict[str, dict[str, str]] = {}

    def be_given(self, place: str, cookies: Mapping[str, str]) -> None:
        """Have these cookies of this host and port, as if it had set them."""
        self._jars.setdefault(place, {}).update(cookies)

    def send(self, method: str, url: str, fields: Fields | None = None) -> Answer:
        parts = urlsplit(url)
        jar = self._jars.setdefault(parts.netloc, {})
        headers = {"Host": parts.netloc, "Connection": self.closing}
        if jar:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        body = None if fields is None else urlencode(fields, doseq=True).encode()
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        answer, text = self._exchange(parts.port or 80, method, path or "/", body, headers)
        for cookie in answer.headers.get_all("Set-Cookie", []):
            _keep(jar, cookie)
        # Some servers write their headers small.
        return Answer(answer.status, url, {name.title(): value for name, value in answer.headers.items()}, text)

    def _exchange(
        self, port: int, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[http.client.HTTPResponse, str]:
        connection = http.client.HTTPConnection(LOOPBACK, port, timeout=TIMEOUT)
        try:
            return _asked(connection, method, path, body, headers)
        finally:
            connection.close()


class KeepingBrowser(PlainBrowser):
    """Behind a proxy that keeps its connections and hands them to whoever comes next."""

    closing = "keep-alive"
    _idle: ClassVar[defaultdict[int, deque[http.client.HTTPConnection]]] = defaultdict(deque)
    """By the port they lead to."""

    def _exchange(
        self, port: int, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[http.client.HTTPResponse, str]:
        try:
            connection = self._idle[port].pop()
        except IndexError:
            connection = http.client.HTTPConnection(LOOPBACK, port, timeout=TIMEOUT)
        try:
            answer = _asked(connection, method, path, body, headers)
        except BaseException:
            connection.close()
            raise
        self._idle[port].append(connection)
        return answer


def _asked(
    connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
) -> tuple[http.client.HTTPResponse, str]:
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    return answer, answer.read().decode("utf-8", errors="replace")


def gone_to(answer: Answer) -> str:
    """The address of a redirect. Raises AssertionError with what the page says instead."""
    if answer.status in (302, 303):
        return answer.goes_to
    said = answer.text.partition("<h1")[1:]
    words = " ".join(re.sub(r"<[^>]*>", " ", "".join(said) or answer.text).split())
    raise AssertionError(f"{urlsplit(answer.url).path} answered {answer.status}: {words[:120]}")


def _keep(jar: dict[str, str], said: str) -> None:
    for name, morsel in SimpleCookie(said).items():
        if morsel["max-age"] == "0":
            jar.pop(name, None)
        else:
            jar[name] = morsel.value


@dataclass
class Stopwatch:
    """The legs of one visitor's way, in seconds."""

    legs: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def leg(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.legs[name] = self.legs.get(name, 0.0) + time.perf_counter() - started


@dataclass(frozen=True)
class Ran:
    """How a closed loop went."""

    seconds: float
    watches: Sequence[Stopwatch]
    """Of those who got to the end."""
    problems: Sequence[str]
    """One for each visitor who did not."""

    def __add__(self, other: Ran) -> Ran:
        """One after the other."""
        return Ran(self.seconds + other.seconds, [*self.watches, *other.watches], [*self.problems, *other.problems])


Act = Callable[[Item, Stopwatch], object]


def closed_loop(items: Sequence[Item], act: Act[Item], *, browsers: int) -> Ran:
    """Do the act for every item, so many at a time; the next begins when one has ended.

    An act that raises has failed and is counted as such. Ctrl-C ends the loop after the requests on their way.
    """
    loop = _Loop(iter(items), act)
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH)
    threads = [threading.Thread(target=loop.run, daemon=True) for _ in range(browsers)]
    started = time.perf_counter()
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        loop.stopped = True
        sys.setswitchinterval(before)
    return Ran(time.perf_counter() - started, loop.watches, loop.problems)


def open_loop(items: Sequence[Item], act: Act[Item], *, rate: float | None, browsers: int) -> Ran:
    """Begin the act for an item so many times a second, whether or not earlier ones have ended; all at once for None.

    The leg `due` of a stopwatch counts from the moment at which it should have begun: whoever has to wait for a free
    browser has waited all the same. There are to be browsers enough that nobody has to.
    """
    started = time.perf_counter() + SWITCH

    def begin(numbered: tuple[int, Item], watch: Stopwatch) -> None:
        number, item = numbered
        due = started + (number / rate if rate else 0.0)
        if (early := due - time.perf_counter()) > 0:
            time.sleep(early)
        act(item, watch)
        watch.legs["due"] = time.perf_counter() - due

    return closed_loop(list(enumerate(items)), begin, browsers=browsers)


class _Loop:
    def __init__(self, items: Iterator[Item], act: Act[Item]) -> None:
        self._items, self._act = items, act
        self._turn = threading.Lock()
        self.watches: list[Stopwatch] = []
        self.problems: list[str] = []
        self.stopped = False

    def run(self) -> None:
        nothing = object()
        while not self.stopped:
            with self._turn:
                item = next(self._items, nothing)
            if item is nothing:
                return
            watch = Stopwatch()
            try:
                self._act(item, watch)  # type: ignore[arg-type]
            except Exception as problem:
                self.problems.append(f"{type(problem).__name__}: {problem}"[:500])
            else:
                self.watches.append(watch)
