"""How much anybody may ask of the LRS: so many requests a credential, so many wrong ones a network, so many bytes."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Flask, current_app
from werkzeug.exceptions import TooManyRequests

from lti_tool import clock
from lti_tool.arrivals.flood import Buckets, network

MOST_BYTES = 5 * 1024 * 1024
"""Of one request."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one process takes at once, and how fast that grows again."""

    requests: float = 3000
    """Of one credential. A consumer that reads a store page by page, or writes in batches, never gets there."""
    requests_a_second: float = 150
    failures: float = 100
    """Wrong keys and secrets from one network."""
    failures_a_second: float = 1


@dataclass
class Guard:
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        self.requests = Buckets(self.limits.requests, self.limits.requests_a_second)
        self.failures = Buckets(self.limits.failures, self.limits.failures_a_second)


def init_app(app: Flask) -> None:
    app.extensions["lrs_guard"] = Guard()


def count_request(key: str) -> None:
    """One more request with this key. Raises TooManyRequests."""
    _take(_guard().requests, key, "This credential asks too often.")


def let_try() -> None:
    """Turn away a network that failed too often lately, before its next try is judged. Raises TooManyRequests."""
    asker, failures = network(), _guard().failures
    at = clock.now().timestamp()
    if asker and failures.is_empty(asker, at):
        raise _too_many("Too many wrong keys or secrets came from your network.", failures.wait(asker, at))


def count_failure() -> None:
    if asker := network():
        _guard().failures.take(asker, clock.now().timestamp())


def _take(buckets: Buckets, key: str, why: str) -> None:
    at = clock.now().timestamp()
    if not buckets.take(key, at):
        raise _too_many(why, buckets.wait(key, at))


def _too_many(why: str, seconds: int) -> TooManyRequests:
    return TooManyRequests(f"{why} Try again in {seconds} s.", retry_after=seconds)


def _guard() -> Guard:
    guard = current_app.extensions["lrs_guard"]
    assert isinstance(guard, Guard)
    return guard
