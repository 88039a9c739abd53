"""Floods are kept out: so many logins and failed launches a minute from one address, and a class of 500 all at once.

Each process keeps a bucket of tokens for each address it hears from, which costs no write; a login costs none either.
"""

from __future__ import annotations

import ipaddress
import math
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NoReturn

from flask import Flask, current_app, request
from werkzeug.exceptions import TooManyRequests

from lti_tool import clock
from lti_tool.arrivals import states, tally, verdicts
from lti_tool.arrivals.sessions import hashed
from lti_tool.outgoing.addresses import is_local

MOST_ADDRESSES = 20_000
"""Addresses remembered by a process; the one heard of longest ago is forgotten first."""
SET_BACK = 60.0
"""Seconds by which times may be out of order; a clock that goes back further was set, and nobody waits for it."""
SIXTY_FOUR = 64
"""Bits of an IPv6 address that name a network: one household or one machine owns all the rest."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one address may do. A whole school may stand behind one, so a class that clicks at once is nothing."""

    logins: float = 2000
    """Logins at once; a browser that has to show whether it keeps cookies knocks twice."""
    logins_a_second: float = 20
    failures: float = 200
    """Refused launches at once. Who began the visit in this very browser is not kept out by others' failures."""
    failures_a_second: float = 2


class Buckets:
    """A bucket of tokens for each key, full at first and refilled as time goes by; safe among threads."""

    def __init__(self, size: float, a_second: float) -> None:
        self._size, self._a_second = size, a_second
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """What is left, and since when."""
        self._lock = threading.Lock()

    def take(self, key: str, at: float) -> bool:
        """Take one token if there is one."""
        with self._lock:
            level = self._level(key, at)
            has_one = level >= 1
            self._keep(key, level - 1 if has_one else level, at)
            return has_one

    def is_empty(self, key: str, at: float) -> bool:
        with self._lock:
            return self._level(key, at) < 1

    def wait(self, key: str, at: float) -> int:
        """Whole seconds until there is a token again, at least one."""
        with self._lock:
            return max(1, math.ceil((1 - self._level(key, at)) / self._a_second))

    def _level(self, key: str, at: float) -> float:
        level, since = self._levels.get(key, (self._size, at))
        if at < since - SET_BACK:
            return self._size
        return min(self._size, level + max(0.0, at - since) * self._a_second)

    def _keep(self, key: str, level: float, at: float) -> None:
        self._levels[key] = (level, at)
        self._levels.move_to_end(key)
        if len(self._levels) > MOST_ADDRESSES:
            self._levels.popitem(last=False)


@dataclass
class Guard:
    """What this process has heard of every address."""

    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        self.logins = Buckets(self.limits.logins, self.limits.logins_a_second)
        self.failures = Buckets(self.limits.failures, self.limits.failures_a_second)
        self.tries = Buckets(3, 1 / 60)
        """Failures of one state: a browser that began a visit may err, and not for ever."""
        self.refusals = Buckets(1, 1 / 60)
        """One verdict a minute for each address that is kept out."""


def init_app(app: Flask) -> None:
    app.extensions["flood"] = Guard()


def knock() -> None:
    """One more login from this address. Raises TooManyRequests."""
    asker, at, guard = network(), clock.now().timestamp(), _guard()
    if not asker:
        return
    if not guard.logins.take(asker, at):
        _keep_out("login", asker, at, guard.logins.wait(asker, at))


def let_launch(*, tied_to: str) -> None:
    """Turn a launch away if its address failed too often lately and its browser did not begin a visit here.

    `tied_to` is the state whose cookie the browser brought, or empty; one that was never handed out is nobody's.
    Raises TooManyRequests.
    """
    asker, at, guard = network(), clock.now().timestamp(), _guard()
    if asker and guard.failures.is_empty(asker, at) and not _has_tries_left(tied_to, at):
        _keep_out("launch", asker, at, guard.failures.wait(asker, at))


def _has_tries_left(state: str, at: float) -> bool:
    """Whether a login was begun with this state, and did not fail again and again."""
    return bool(state) and states.unseal(state) is not None and not _guard().tries.is_empty(hashed(state), at)


def count_failure(*, tied_to: str) -> None:
    """A launch from this address was refused."""
    at = clock.now().timestamp()
    if asker := network():
        _guard().failures.take(asker, at)
        if tied_to:
            _guard().tries.take(hashed(tied_to), at)


def network() -> str:
    """The network the request comes from; empty for this very machine where the tool runs for its developer.

    Behind a proxy this is the visitor's only if TRUSTED_PROXIES says how many proxies to believe; else all of them
    share the limits of one.
    """
    here = "" if is_local(current_app.config["PUBLIC_URL"]) else "this machine"
    return network_of(request.remote_addr or "") or here


@lru_cache(maxsize=4096)
def network_of(remote: str) -> str:
    """The address itself, of IPv6 the network of one household; empty for what comes from this machine."""
    try:
        address = ipaddress.ip_address(remote)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    if address.is_loopback:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, SIXTY_FOUR), strict=False))
    return str(address)


def _keep_out(stage: str, asker: str, at: float, seconds: int) -> NoReturn:
    if _guard().refusals.take(asker, at):
        tally.tell(stage, verdicts.TOO_MANY.code)
    raise TooManyRequests(retry_after=seconds)


def _guard() -> Guard:
    guard = current_app.extensions["flood"]
    assert isinstance(guard, Guard)
    return guard
