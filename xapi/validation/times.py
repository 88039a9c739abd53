"""Moments and durations as xAPI writes them, read without rounding."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

_TIMESTAMP = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:T([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:[.,]([0-9]+))?)?"
    r"(Z|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)?)?"
)
_RFC3339 = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})")
_NEGATIVE_ZERO = re.compile(r"-00(?::?00)?")
_DURATION = re.compile(
    r"P(?:{n}W|(?=[0-9T])(?:{n}Y)?(?:{n}M)?(?:{n}D)?(?:T(?=[0-9])(?:{n}H)?(?:{n}M)?(?:{n}S)?)?)".replace(
        "{n}", r"[0-9]+(?:[.,][0-9]+)?"
    )
)
_FRACTION_BEFORE_THE_LAST_PART = re.compile(r"[.,][0-9]+[A-Z]T?[0-9]")


def _parts(value: str) -> re.Match[str] | None:
    """The parts of a timestamp whose day is in the calendar and whose offset is not negative zero."""
    match = _TIMESTAMP.fullmatch(value)
    if match is None:
        return None
    offset = match[8]
    if offset and offset[0] == "-" and _NEGATIVE_ZERO.fullmatch(offset):
        return None
    try:
        date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
    return match


def is_timestamp(value: str) -> bool:
    """ISO 8601 in its extended calendar form; time and offset may be missing, as xAPI 1.0.3 allows."""
    return _parts(value) is not None


def is_rfc3339(value: str) -> bool:
    """What xAPI 2.0 allows. A leap second is refused: no clock of ours could hold it."""
    return _RFC3339.fullmatch(value) is not None and _parts(value) is not None


def moment(value: str) -> datetime | None:
    """The moment in UTC, cut to the microsecond, or None if malformed; without an offset UTC is meant."""
    match = _parts(value)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    local = datetime(
        int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0),
        int((fraction or "0").ljust(6, "0")[:6]), _zone(offset),
    )  # fmt: skip
    try:
        return local.astimezone(UTC)
    except OverflowError:
        return (datetime.min if int(year) == 1 else datetime.max).replace(tzinfo=UTC)


def _zone(offset: str | None) -> timezone:
    if offset is None or offset == "Z":
        return UTC
    digits = offset[1:].replace(":", "").ljust(4, "0")
    away = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(away if offset[0] == "+" else -away)


def in_utc(value: str) -> str:
    """The same moment with Z, its fraction of a second as it was; what cannot be moved stays as it is."""
    match = _parts(value)
    if match is None or match[8] in (None, "Z"):
        return value
    at = moment(value)
    fraction = f".{match[7]}" if match[7] else ""
    if at is None or at.replace(tzinfo=None, microsecond=0) in (datetime.min, datetime.max.replace(microsecond=0)):
        return value
    return f"{at:%Y-%m-%dT%H:%M:%S}{fraction}Z" if at.year > 999 else value


def is_duration(value: str) -> bool:
    """ISO 8601 with designators; weeks stand alone and only the last part may have a fraction."""
    return _DURATION.fullmatch(value) is not None and _FRACTION_BEFORE_THE_LAST_PART.search(value) is None
