"""What time it is: one clock that tests can move, and one column type that keeps UTC."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator

_moved_to: ContextVar[datetime | None] = ContextVar("clock", default=None)
_shared: list[datetime] = []


def now() -> datetime:
    """The present moment in UTC, or the one a test has moved the clock to."""
    if (moved := _moved_to.get()) is not None:
        return moved
    return _shared[-1] if _shared else datetime.now(UTC)


@contextmanager
def moved_to(moment: datetime) -> Iterator[None]:
    """Hold the clock at `moment`, for this thread and those it starts."""
    _shared.append(moment)
    token = _moved_to.set(moment)
    try:
        yield
    finally:
        _moved_to.reset(token)
        _shared.remove(moment)


@contextmanager
def moved_by(step: timedelta) -> Iterator[None]:
    with moved_to(now() + step):
        yield


class UTCDateTime(TypeDecorator[datetime]):
    """A moment, stored in UTC and always handed back with its zone; refuses one without."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"A time without zone cannot be stored: {value!r}. Use clock.now().")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
