"""Beside a hand-in, and whenever marks change, an attempt's facts and the sums they belong to are written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from lti_tool.db import create_or_find, table
from lti_tool.models import Enrolment
from quizzes.guesses import CHOICES
from quizzes.kinds import CHOSEN, Response
from quizzes.models import Answer, Attempt, Quiz
from quizzes.questions import QuestionVersion
from quizzes.reports import packing
from quizzes.reports.columns import Columns
from quizzes.reports.models import AttemptFacts, LiveSums
from quizzes.reports.packing import OPTIONS, PackedAnswer, PackedAttempt, pack, unpack
from quizzes.reports.sums import added, sums_of, sums_of_all
from quizzes.statistics.live import Sums, units

PARTS = 4
AT_ONCE = 500


def keep(session: Session, attempt: Attempt) -> None:
    """Write down how this closed attempt stands now, in the caller's transaction; as its last act, for it holds sums
    that others wait for."""
    if attempt.enrolment.is_test or attempt.is_open:
        return
    session.flush()
    facts = session.get(AttemptFacts, attempt.id, populate_existing=True)
    before = sums_of(unpack(facts.packed)) if facts else {}
    now = _packed(attempt)
    if facts is None:
        session.add(AttemptFacts(attempt_id=attempt.id, quiz_id=attempt.quiz_id, packed=pack(now)))
    else:
        facts.packed = pack(now)
    _add(session, attempt.quiz_id, attempt.enrolment_id % PARTS, sums_of(now), before)
    session.flush()


_HELD = (
    select(LiveSums)
    .where(LiveSums.quiz_id == bindparam("quiz_id"), LiveSums.part == bindparam("part"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


def _add(session: Session, quiz_id: int, part: int, more: dict[str, Sums], less: dict[str, Sums]) -> None:
    if more == less:
        return
    which = {"quiz_id": quiz_id, "part": part}
    kept = session.scalar(_HELD, which)
    if kept is None:
        create_or_find(session, LiveSums, which, sums={})
        kept = session.scalars(_HELD, which).one()
    kept.sums = added(kept.sums, more, less)


def follow(session: Session, quiz_id: int, attempts: Sequence[int]) -> None:
    """Many attempts of a quiz were marked anew at once, in the caller's transaction; what was chosen is as it was."""
    facts = _facts(session, attempts)
    marks = _marks(session, list(facts))
    after = {attempt: packing.with_marks(packed, marks[attempt]) for attempt, packed in facts.items()}
    changed = [attempt for attempt in facts if facts[attempt] != after[attempt]]
    if not changed:
        return
    where = table(AttemptFacts)
    session.execute(
        update(where).where(where.c.attempt_id == bindparam("row")).values(packed=bindparam("now")),
        [{"row": attempt, "now": after[attempt]} for attempt in changed],
    )
    before_by_part, after_by_part = (_by_part(each[attempt] for attempt in changed) for each in (facts, after))
    for part in sorted(after_by_part):
        more, less = (sums_of_all(Columns.of(each[part])) for each in (after_by_part, before_by_part))
        _add(session, quiz_id, part, more, less)
    session.flush()


def _facts(session: Session, attempts: Sequence[int]) -> dict[int, bytes]:
    wanted = select(AttemptFacts.attempt_id, AttemptFacts.packed).where(AttemptFacts.attempt_id.in_(attempts))
    return dict(session.execute(wanted.order_by(AttemptFacts.attempt_id)).all())


def _marks(session: Session, attempts: Sequence[int]) -> dict[int, list[tuple[float | None, float]]]:
    """Each answer's mark and maximum, in order."""
    found: dict[int, list[tuple[float | None, float]]] = {attempt: [] for attempt in attempts}
    wanted = select(Answer.attempt_id, Answer.mark, Answer.maximum).where(Answer.attempt_id.in_(attempts))
    for attempt, mark, maximum in session.execute(wanted.order_by(Answer.attempt_id, Answer.place)):
        found[attempt].append((mark, maximum))
    return found


def _by_part(packed: Iterable[bytes]) -> dict[int, list[bytes]]:
    found: dict[int, list[bytes]] = defaultdict(list)
    for each in packed:
        found[packing.enrolment_of(each) % PARTS].append(each)
    return found


def gather(session: Session, quiz: Quiz) -> None:
    """Write all of a quiz anew from its answers; the caller commits."""
    session.flush()
    session.execute(delete(AttemptFacts).where(AttemptFacts.quiz_id == quiz.id))
    session.execute(delete(LiveSums).where(LiveSums.quiz_id == quiz.id))
    everything: list[bytes] = []
    for rows in _portions(session, quiz):
        packed = {attempt: pack(_of_rows(session, answers)) for attempt, answers in groupby(rows, itemgetter(0))}
        session.execute(
            insert(AttemptFacts),
            [{"attempt_id": attempt, "quiz_id": quiz.id, "packed": each} for attempt, each in packed.items()],
        )
        everything += packed.values()
    for part, each in sorted(_by_part(everything).items()):
        _add(session, quiz.id, part, sums_of_all(Columns.of(each)), {})
    session.flush()


def _portions(session: Session, quiz: Quiz) -> Iterator[Sequence[tuple[Any, ...]]]:
    """The answers of closed attempts, attempt by attempt and in order, without objects: there may be a million."""
    closed = (
        select(Attempt.id)
        .join(Attempt.enrolment)
        .where(Attempt.quiz_id == quiz.id, Attempt.submitted.is_not(None), ~Enrolment.is_test)
        .order_by(Attempt.id)
        .limit(AT_ONCE)
    )
    wanted = select(
        *(Attempt.id, Attempt.enrolment_id, Attempt.n, Attempt.started, Attempt.submitted),
        *(Answer.version_id, Answer.place, Answer.mark, Answer.fraction, Answer.maximum, Answer.response),
    ).join(Attempt.answers)
    last = 0
    while some := session.scalars(closed.where(Attempt.id > last)).all():
        last = some[-1]
        found = session.execute(wanted.where(Attempt.id.in_(some)).order_by(Attempt.id, Answer.place))
        yield [tuple(row) for row in found]


def _of_rows(session: Session, rows: Iterable[tuple[Any, ...]]) -> PackedAttempt:
    answers = list(rows)
    _attempt, enrolment, n, started, submitted = answers[0][:5]
    return PackedAttempt(
        enrolment=enrolment,
        n=n,
        submitted=int(submitted.timestamp()),
        seconds=int((submitted - started).total_seconds()),
        answers=[_answer(session.get_one(QuestionVersion, row[5]), *row[6:]) for row in answers],
    )


def _packed(attempt: Attempt) -> PackedAttempt:
    assert attempt.submitted is not None, "only what was handed in has facts"
    return PackedAttempt(
        enrolment=attempt.enrolment_id,
        n=attempt.n,
        submitted=int(attempt.submitted.timestamp()),
        seconds=int((attempt.submitted - attempt.started).total_seconds()),
        answers=[
            _answer(each.version, each.place, each.mark, each.fraction, each.maximum, each.response)
            for each in attempt.answers
        ],
    )


def _answer(
    version: QuestionVersion,
    slot: int,
    mark: float | None,
    fraction: float | None,
    maximum: float,
    response: Response,
) -> PackedAnswer:
    return PackedAnswer(
        version=version.id,
        slot=slot,
        mark=units(mark or 0.0),
        maximum=units(maximum) if version.behavior.takes_answers else 0,
        chosen=_chosen(version, response),
        is_answered=bool(response),
        is_marked=fraction is not None,
    )


def _chosen(version: QuestionVersion, response: Response) -> int:
    """A bit for each option, where there are options to choose from."""
    kind = CHOICES.get(version.kind)
    if kind is None:
        return 0
    ticked = set(response.get(CHOSEN, ()))
    return sum(1 << place for place, each in enumerate(kind.ids(version.body)[:OPTIONS]) if each in ticked)
