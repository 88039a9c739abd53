"""A learner starts an attempt: who may, and which questions they get.

Here are all the rules. Most starts need few of them and go a shorter way, in `beginning`; what is written is written
here for both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, Executable, Text, bindparam, column, func, insert, literal, select
from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.db import as_stored, new_public_id, table
from lti_tool.models import Enrolment
from lti_tool.prepared import Here, Prepared, insert_into
from quizzes import deriving, entering
from quizzes.accommodations import standing
from quizzes.attempts import log
from quizzes.attempts.log import Kind
from quizzes.closing import arrange_closing, close_if_over
from quizzes.designing import freezing
from quizzes.designing.freezing import Kept
from quizzes.drawing import by_outline
from quizzes.drawing.by_outline import Asked
from quizzes.events import QuizStarted
from quizzes.models import Answer, Attempt, Quiz
from quizzes.progress import Progress
from quizzes.queries import attempt_to_change, attempts_of, hold_one, hold_published
from quizzes.timing import Turn, Window


class NotYourTurn(Exception):
    """No further attempt can begin now; `turn` says why, and from when on one may."""

    def __init__(self, turn: Turn) -> None:
        super().__init__(str(turn.why_not))
        self.turn = turn


class NotPublished(Exception):
    """The quiz was taken back or deleted meanwhile."""


class NothingToAsk(Exception):
    """No question of the quiz is there any more that would count."""


def start(session: Session, quiz: Quiz, me: Enrolment, *, seed: bytes, at: datetime, code: str = "") -> Attempt:
    """My open attempt, or a new one drawn from this seed, announced; the caller commits.

    Whoever starts twice at once, in two tabs, gets the same attempt twice. Raises NotPublished, NotYourTurn,
    NothingToAsk, and what `entering.enter` says of a wrong access code.
    """
    if not hold_published(session, quiz):
        raise NotPublished
    # Starts of one learner follow one another, so that the second sees what the first has made.
    hold_one(session, me.id)
    mine = (Attempt.quiz_id == quiz.id) & (Attempt.enrolment_id == me.id)
    attempts = attempts_of(session, quiz, me)
    if any(each.is_open for each in attempts):
        running = attempt_to_change(session, mine & Attempt.submitted.is_(None))
        if running is not None and not close_if_over(session, running, at=at):
            return running
        attempts = attempts_of(session, quiz, me)
    granted = standing.of(session, quiz, me, at=at)
    progress = Progress(quiz=quiz, learner=me, attempts=attempts, granted=granted)
    turn = progress.turn(at)
    if not turn.is_allowed:
        raise NotYourTurn(turn)
    entering.enter(session, quiz, me, code, at=at, own_codes=granted.instead.access_codes)
    deadline = progress.settings.timetable.deadline(at, granted)
    session.flush()
    outline = freezing.frozen(session, quiz.published.outlined, quiz.course.deployment.platform_id)
    drawn = drawn_from(session, outline, quiz.id, me.id, seed)
    about = {"quiz_id": quiz.id, "revision_id": quiz.published.id, "enrolment_id": me.id}
    values = drawn.values | about | {"n": turn.n, "started": at, "deadline": deadline}
    attempt = as_stored(session, Attempt(id=write(session, values, drawn.rows), **values))
    if not me.is_test:
        outbox.announce(session, _told(attempt, at))
    return attempt


@dataclass(frozen=True)
class Drawn:
    """An attempt as it was drawn."""

    values: dict[str, Any]
    """What its row says of it."""
    rows: Sequence[Mapping[str, Any]]
    """Of its questions."""


_UNTOUCHED = {"pool": [], "epoch": 0, "opened_by": "", "network": "", "page": 1, "unmarked": 0}


def drawn_from(here: Here, outline: Kept, quiz: int, me: int, seed: bytes) -> Drawn:
    """What follows from the outline for me, from this seed. Raises NothingToAsk."""
    frozen = outline.frozen
    asked = deriving.draw(here, frozen, quiz, me, seed)
    worth = [frozen.worth(each.slot, each.version) for each in asked]
    if not any(worth):
        raise NothingToAsk
    values = {
        **_UNTOUCHED,
        "public_id": new_public_id(),
        "seed": seed,
        "algorithm": by_outline.ALGORITHM,
        "outline_id": outline.id,
        "maximum": sum(worth),
    }
    return Drawn(values, [_row(n, *each) for n, each in enumerate(zip(asked, worth, strict=True), start=1)])


def _row(place: int, asked: Asked, maximum: float) -> dict[str, object]:
    return {
        "place": place,
        "section": asked.section,
        "version_id": asked.version,
        "option_order": asked.option_order,
        "maximum": maximum,
    }


_DRAWN = ("public_id", "quiz_id", "revision_id", "enrolment_id", "n", "seed", "algorithm", "outline_id")
_ATTEMPT = insert_into(Attempt, *_DRAWN, "started", "deadline", "maximum", *_UNTOUCHED, gives="id")


def _answers(dialect: str) -> Executable:
    """All questions of an attempt in one statement, from one value: one by one they cost more than all the rest."""
    columns = {name: _ANSWER[name].type for name in ("place", "section", "version_id", "option_order", "maximum")}
    rows = bindparam("rows", type_=JSON)
    read: list[ColumnElement[Any]]
    if dialect == "postgresql":
        each = func.json_to_recordset(rows).table_valued(*(column(*said) for said in columns.items()))
        read = [*each.render_derived(with_types=True).c]
    else:
        row = func.json_each(rows).table_valued(column("value", Text))
        read = [func.json_extract(row.c.value, f"$.{name}") for name in columns]
    untouched = {"response": literal({}, JSON), "seq": literal(0), "is_flagged": literal(False)}
    whole = select(bindparam("attempt", type_=_ANSWER.attempt_id.type), *read, *untouched.values())
    return insert(table(Answer)).from_select(["attempt_id", *columns, *untouched], whole, include_defaults=False)


_ANSWER = table(Answer).c
_ANSWERS = Prepared(_answers)


def write(here: Here, values: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> int:
    """Write an attempt down with its questions, and have it closed in time; the id of its row."""
    row = _ATTEMPT.one(here, **values)
    assert row is not None
    attempt, started, deadline = int(row[0]), values["started"], values["deadline"]
    _ANSWERS.run(here, attempt=attempt, rows=rows)
    log.note(here, attempt, Kind.STARTED, at=started)
    arrange_closing(here, attempt, Window(started, deadline) if deadline else None)
    return attempt


def _told(attempt: Attempt, at: datetime) -> QuizStarted:
    return QuizStarted(
        at=at,
        who=attempt.enrolment.who,
        where=attempt.quiz.course.where,
        quiz=attempt.quiz.public_id,
        title=attempt.quiz.title,
        attempt=attempt.public_id,
        n=attempt.n,
    )
