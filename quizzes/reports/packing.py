"""An attempt as a few bytes: what statistics want to know of it, and nothing else. No database, no web.

Rows of six whole numbers of 32 bits, little-endian. The first is the attempt's own and begins with -1, the others are
its answers in order. Marks are in units of the fifth decimal, as they are kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quizzes.statistics.live import units

WIDTH = 6
HEAD = -1
KIND = np.dtype("<i4")
MOST = 2**31 - 1
OPTIONS = 31
"""Of so many options it is kept which were chosen."""
ANSWERED, MARKED = 1, 2
MINUTE = 60

Rows = NDArray[np.int32]


@dataclass(frozen=True, kw_only=True)
class PackedAnswer:
    version: int
    """Its row."""
    slot: int
    """The place in the quiz that it was drawn for."""
    mark: int
    """In units; 0 while it waits for people's marks."""
    maximum: int
    chosen: int = 0
    """A bit for each option, by its place in the question's text."""
    is_answered: bool = True
    is_marked: bool = True


@dataclass(frozen=True, kw_only=True)
class PackedAttempt:
    enrolment: int
    n: int
    submitted: int
    """Seconds since 1970."""
    seconds: int
    """How long it took."""
    answers: Sequence[PackedAnswer]


def pack(attempt: PackedAttempt) -> bytes:
    """A number too large to be kept becomes the largest that can be."""
    head = (HEAD, attempt.enrolment, attempt.n, attempt.submitted // MINUTE, attempt.seconds, len(attempt.answers))
    rows = [head, *map(_row, attempt.answers)]
    return np.minimum(np.array(rows, dtype=np.int64), MOST).astype(KIND).tobytes()


def _row(answer: PackedAnswer) -> tuple[int, ...]:
    flags = ANSWERED * answer.is_answered + MARKED * answer.is_marked
    return (answer.version, answer.slot, answer.mark, answer.maximum, answer.chosen, flags)


def rows_of(packed: Iterable[bytes]) -> Rows:
    """All rows of these attempts, one attempt after the other."""
    return np.frombuffer(b"".join(packed), dtype=KIND).reshape(-1, WIDTH)


def enrolment_of(packed: bytes) -> int:
    return int(np.frombuffer(packed, dtype=KIND, count=2)[1])


def with_marks(packed: bytes, marks: Sequence[tuple[float | None, float]]) -> bytes:
    """The same attempt with other marks: for each answer in order what it earned, if anything yet, and could have.

    What was worth nothing before and earns nothing now is something to read, and stays that.
    """
    rows = rows_of([packed]).copy()
    earned = [units(mark or 0.0) for mark, _maximum in marks]
    was_read = (rows[1:, 3] == 0) & (np.array(earned) == 0)
    rows[1:, 2] = earned
    rows[1:, 3] = np.where(was_read, 0, [units(maximum) for _mark, maximum in marks])
    rows[1:, 5] = (rows[1:, 5] & ANSWERED) | np.where([mark is not None for mark, _maximum in marks], MARKED, 0)
    return rows.astype(KIND).tobytes()


def unpack(packed: bytes) -> PackedAttempt:
    """What was packed, its moment to the minute."""
    head, *answers = rows_of([packed]).tolist()
    return PackedAttempt(
        enrolment=head[1],
        n=head[2],
        submitted=head[3] * MINUTE,
        seconds=head[4],
        answers=[
            PackedAnswer(
                version=version,
                slot=slot,
                mark=mark,
                maximum=maximum,
                chosen=chosen,
                is_answered=bool(flags & ANSWERED),
                is_marked=bool(flags & MARKED),
            )
            for version, slot, mark, maximum, chosen, flags in answers
        ],
    )
