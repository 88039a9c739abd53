"""How logins and launches ended: one log line each, and a small tally in the database for operators.

The line is the record; the tally is a convenience. So it costs a launch nothing: it is kept in this process and
written down every few seconds, at most one row for each platform and reason, and a bounded number of refusals.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy import BigInteger, String, UniqueConstraint, bindparam, delete, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool import clock
from lti_tool.brief import brief_transaction
from lti_tool.db import Base, db, table
from lti_tool.prepared import Here, Prepared, insert_into
from lti_tool.terminal import LONGEST_LINE, one_line

log = logging.getLogger("lti_tool.verdicts")

WRITTEN_EVERY = 5.0
"""Seconds between two writings of one process."""
MOST_AT_ONCE = 20
"""Refusals one process remembers one by one between two writings; all are counted."""
MOST_KEPT = 50
LET_IN = ("ok", "no_course", "ignored", "repeated")
LONGEST_DETAIL = LONGEST_LINE


class VerdictCount(Base):
    """How often logins or launches of one platform ended one way."""

    __tablename__ = "verdict_count"
    __table_args__ = (UniqueConstraint("platform", "stage", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(String(32))
    """The platform's public id; empty where none could be told."""
    stage: Mapped[str] = mapped_column(String(32))
    code: Mapped[str] = mapped_column(String(64))
    count: Mapped[int] = mapped_column(BigInteger)
    last: Mapped[datetime]
    detail: Mapped[str] = mapped_column(String(LONGEST_DETAIL))


class LateRefusal(Base):
    """One of the newest refusals."""

    __tablename__ = "late_refusal"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    platform: Mapped[str] = mapped_column(String(32))
    deployment: Mapped[str] = mapped_column(String(LONGEST_DETAIL))
    stage: Mapped[str] = mapped_column(String(32))
    code: Mapped[str] = mapped_column(String(64))
    detail: Mapped[str] = mapped_column(String(LONGEST_DETAIL))


_COUNTS, _REFUSALS = table(VerdictCount).c, table(LateRefusal).c
_COUNT = Prepared(
    update(table(VerdictCount))
    .where(*(_COUNTS[name] == bindparam(name) for name in ("platform", "stage", "code")))
    .values(
        count=_COUNTS.count + bindparam("more", type_=_COUNTS.count.type),
        last=bindparam("at", type_=_COUNTS.last.type),
        detail=bindparam("detail", type_=_COUNTS.detail.type),
    )
)
_COUNT_FIRST = insert_into(VerdictCount, "platform", "stage", "code", "count", "last", "detail", unless_there=True)
_REFUSED = insert_into(LateRefusal, "at", "platform", "deployment", "stage", "code", "detail")
_NEWEST = select(func.max(_REFUSALS.id)).scalar_subquery()
_FORGET = Prepared(delete(table(LateRefusal)).where(_REFUSALS.id <= _NEWEST - MOST_KEPT))


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """How one login or launch ended, without anything about anybody."""

    at: datetime
    stage: str
    code: str
    platform: str
    deployment: str
    detail: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.platform, self.stage, self.code


@dataclass
class Tally:
    """What this process has counted since it last wrote."""

    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    newest: dict[tuple[str, str, str], Verdict] = field(default_factory=dict)
    refused: deque[Verdict] = field(default_factory=lambda: deque(maxlen=MOST_AT_ONCE))
    guard: threading.Lock = field(default_factory=threading.Lock)

    def add(self, verdict: Verdict) -> bool:
        """Count it; True if it is the first since the last writing."""
        with self.guard:
            is_first = not self.counts
            self.counts[verdict.key] += 1
            self.newest[verdict.key] = verdict
            if verdict.code not in LET_IN:
                self.refused.append(verdict)
        return is_first

    def take(self) -> tuple[Counter[tuple[str, str, str]], dict[tuple[str, str, str], Verdict], list[Verdict]]:
        with self.guard:
            taken = self.counts, self.newest, list(self.refused)
            self.counts, self.newest = Counter(), {}
            self.refused.clear()
        return taken


def init_app(app: Flask) -> None:
    app.extensions["tally"] = Tally()


def tell(
    stage: str,
    code: str,
    *,
    platform: str = "",
    deployment: str = "",
    started: float | None = None,
    detail: str = "",
) -> None:
    """Write the one log line of this login or launch and count it; nothing in it may be about a person.

    `platform` is a public id, `started` what `time.perf_counter()` said at the beginning.
    """
    took = "" if started is None else f" ms={(time.perf_counter() - started) * 1000:.1f}"
    verdict = Verdict(
        at=clock.now(),
        stage=stage,
        code=code,
        platform=platform,
        deployment=one_line(deployment),
        detail=one_line(detail),
    )
    log.log(
        logging.INFO if code in LET_IN else logging.WARNING,
        "%s verdict=%s platform=%s deployment=%s%s%s",
        *(stage, code, platform or "-", verdict.deployment or "-", took),
        f" detail={verdict.detail}" if verdict.detail else "",
    )
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if _of(app).add(verdict) and not app.config["TESTING"]:
        _write_soon(app)


def _of(app: Flask) -> Tally:
    found = app.extensions["tally"]
    assert isinstance(found, Tally)
    return found


def _write_soon(app: Flask) -> None:
    """A thread of its own, so that no visitor waits; started by the first verdict, long after any fork."""

    def run() -> None:
        with app.app_context():
            write_down()

    timer = threading.Timer(WRITTEN_EVERY, run)
    timer.daemon = True
    timer.start()


def write_down() -> None:
    """Bring the tally in the database up to what this process has counted; commits."""
    tally = _of(current_app._get_current_object())  # type: ignore[attr-defined]
    counts, newest, refused = tally.take()
    if not counts:
        return
    try:
        with brief_transaction() as here:
            for key, more in sorted(counts.items()):
                _count(here, newest[key], more)
            for each in refused:
                _REFUSED.run(here, **vars(each))
            if refused:
                _FORGET.run(here)
    except (SQLAlchemyError, TimeoutError) as problem:
        # The log has every line; what the database could not take now is not worth holding anything up.
        log.warning("tally not written: %s", type(problem).__name__)


def _count(here: Here, newest: Verdict, more: int) -> None:
    said = vars(newest)
    if not (_COUNT.run(here, more=more, **said) or _COUNT_FIRST.run(here, count=more, last=newest.at, **said)):
        _COUNT.run(here, more=more, **said)  # Another process was the first, in this very moment.


def counted() -> list[VerdictCount]:
    """The tally as it was last written, newest first."""
    wanted = select(VerdictCount).order_by(VerdictCount.last.desc(), VerdictCount.id)
    return list(db.session.scalars(wanted.execution_options(populate_existing=True)))


def late_refusals() -> list[LateRefusal]:
    return list(db.session.scalars(select(LateRefusal).order_by(LateRefusal.id.desc()).limit(MOST_KEPT)))
