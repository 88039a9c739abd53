"""What was asked of the campus in this run: counts and time per endpoint, the last requests, and refusals."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import asdict, dataclass
from threading import Lock
from typing import Any

from flask import Flask, Response, g, request

REMEMBERED = 2000


@dataclass(frozen=True)
class Asked:
    """One request; no query and no body, which may hold secrets."""

    method: str
    path: str
    endpoint: str
    status: int
    seconds: float


@dataclass(frozen=True)
class Refused:
    """One request the campus said no to, and why."""

    endpoint: str
    status: int
    reason: str


class Traffic:
    def __init__(self) -> None:
        self._lock = Lock()
        self.forget()

    def forget(self) -> None:
        with self._lock:
            self.asked: deque[Asked] = deque(maxlen=REMEMBERED)
            self.refused: deque[Refused] = deque(maxlen=REMEMBERED)
            self._sums: dict[str, list[float]] = {}

    def refuse(self, status: int, reason: str) -> None:
        with self._lock:
            self.refused.append(Refused(request.endpoint or "", status, reason))

    def note(self, asked: Asked) -> None:
        with self._lock:
            self.asked.append(asked)
            sums = self._sums.setdefault(asked.endpoint, [0, 0.0])
            sums[0] += 1
            sums[1] += asked.seconds

    def per_endpoint(self) -> dict[str, dict[str, Any]]:
        with self._lock:
            return {
                endpoint: {"requests": int(count), "seconds": round(seconds, 6)}
                for endpoint, (count, seconds) in sorted(self._sums.items())
            }

    def refusals(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(each) for each in self.refused]


def init_app(app: Flask, traffic: Traffic) -> None:
    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def note(response: Response) -> Response:
        seconds = time.perf_counter() - g.get("began", time.perf_counter())
        traffic.note(Asked(request.method, request.path, request.endpoint or "", response.status_code, seconds))
        return response
