"""Files become answers, and make room for others; the answer names them, their rows know what they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from lti_tool import uploads
from lti_tool.db import new_public_id
from quizzes.attempts import log
from quizzes.attempts.log import Kind
from quizzes.files import taking
from quizzes.kinds import FILES
from quizzes.models import Answer, AnswerFile, Attempt, AttemptClosed


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A file that arrived and was looked into."""

    file: FileStorage
    called: str
    kind: str


@contextmanager
def handed(
    session: Session,
    attempt: Attempt,
    sent: Mapping[int, Sequence[Sent]],
    *,
    removed: str = "",
    places: Collection[int],
    seq: int = 0,
    at: datetime,
) -> Iterator[None]:
    """In here these files lie on the disk and are answers of a held attempt, by place; the caller commits at the end.

    `removed` is a file that is taken away, by its public id, from one of the answers in these places. What was taken
    away or replaced goes from the disk when all is settled. Raises AttemptClosed, having kept nothing.
    """
    if (sent or removed) and not attempt.is_taking(at):
        raise AttemptClosed
    gone: list[str] = []
    with ExitStack() as disk:
        for answer in attempt.answers:
            if answer.place in places and (answer.place in sent or _has(answer, removed)):
                rows = [_row(disk, each, at) for each in sent.get(answer.place, ())]
                gone += _change(answer, rows, removed, seq=seq, at=at)
                session.flush()
                log.note(session, attempt.id, Kind.SAVED, at=at, place=answer.place, seq=answer.seq)
        yield
    for name in gone:
        uploads.remove(name)


def _has(answer: Answer, file: str) -> bool:
    return bool(file) and file in answer.response.get(FILES, ())


def _row(disk: ExitStack, sent: Sent, at: datetime) -> AnswerFile:
    return AnswerFile(
        public_id=new_public_id(),
        file=disk.enter_context(uploads.kept(sent.file)),
        file_name=sent.called,
        kind=sent.kind,
        size=uploads.size_of(sent.file),
        created=at,
    )


def _change(answer: Answer, new: Sequence[AnswerFile], removed: str, *, seq: int, at: datetime) -> list[str]:
    """Which files go by it, by the names they lie under."""
    stay = [each for each in _stay(answer, new) if each.public_id != removed]
    gone = [each.file for each in answer.files if each not in stay]
    before, files = answer.seq, [*stay, *new]
    answer.keep({FILES: [each.public_id for each in files]}, at)
    answer.files = files
    answer.seq = max(before, seq) if seq else answer.seq
    return gone


def _stay(answer: Answer, new: Sequence[AnswerFile]) -> Iterable[AnswerFile]:
    if new and taking.most(answer.version.body) == 1:
        return []
    names = {each.file_name for each in new}
    return [each for each in answer.files if each.file_name not in names]


def file_of(session: Session, attempt: int, public_id: str) -> AnswerFile | None:
    """A file of this attempt, by the attempt's row."""
    return session.scalar(
        select(AnswerFile)
        .join(AnswerFile.answer)
        .where(Answer.attempt_id == attempt, AnswerFile.public_id == public_id)
    )


def names_in_use(session: Session, names: Collection[str]) -> Collection[str]:
    """Which of these files a row names."""
    return session.scalars(select(AnswerFile.file).where(AnswerFile.file.in_(names))).all()
