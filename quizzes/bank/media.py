"""Pictures and sounds of a bank: taken in by what their bytes say, found again, and shown to whoever may see them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import PurePosixPath
from typing import IO, Any, TypeVar

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from lti_tool import images, sounds, uploads
from lti_tool.db import find_or_create
from lti_tool.models import Enrolment
from quizzes.bank.models import LONGEST_NAME, Medium, Picture, Sound
from quizzes.designing.models import QuizRevision
from quizzes.models import Quiz
from quizzes.questions import Bank

MOST_BYTES = uploads.MOST_BYTES
"""Of one, be it seen or heard: ten minutes of speech, packed."""
MOST_OF_BANK = 1_000
AnyMedium = TypeVar("AnyMedium", bound=Medium)


class Trouble(StrEnum):
    """Why one is not taken."""

    NOTHING = "nothing"
    TOO_LARGE = "too_large"
    NO_PICTURE = "no_picture"
    """None that a browser shows without running anything: no SVG, and nothing that only says it is one."""
    NO_SOUND = "no_sound"
    PIXELS = "pixels"
    TOO_MANY = "too_many"


class NotTaken(Exception):
    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What a file is by its bytes."""

    kind: str
    ending: str
    mimetype: str
    width: int = 0
    height: int = 0

    @property
    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("kind", "mimetype", "width", "height")}


def judged_picture(file: IO[bytes]) -> Judged:
    """Raises NotTaken."""
    found = images.kind_of(file)
    if found is None:
        raise NotTaken(Trouble.NO_PICTURE)
    key, (width, height) = found
    if not images.is_fair((width, height)):
        raise NotTaken(Trouble.PIXELS)
    return Judged(kind="picture", ending=key, mimetype=images.MIMETYPES[key], width=width, height=height)


def judged_sound(file: IO[bytes]) -> Judged:
    """Raises NotTaken."""
    key = sounds.kind_of(file)
    if key is None:
        raise NotTaken(Trouble.NO_SOUND)
    return Judged(kind="sound", ending=key, mimetype=sounds.MIMETYPES[key])


def judged(file: IO[bytes]) -> Judged:
    """Either. Raises NotTaken."""
    return judged_sound(file) if sounds.kind_of(file) else judged_picture(file)


def take_in(session: Session, bank: Bank, file: FileStorage, *, at: datetime) -> Picture:
    """The picture of the bank with these bytes; commits, so that file and row come about together.

    Raises NotTaken, having kept nothing.
    """
    return _taken_in(session, bank, file, Picture, judged_picture, at)


def take_in_sound(session: Session, bank: Bank, file: FileStorage, *, at: datetime) -> Sound:
    """The same of what is heard."""
    return _taken_in(session, bank, file, Sound, judged_sound, at)


def _taken_in(
    session: Session,
    bank: Bank,
    file: FileStorage,
    model: type[AnyMedium],
    judge: Callable[[IO[bytes]], Judged],
    at: datetime,
) -> AnyMedium:
    size = uploads.size_of(file)
    if not size:
        raise NotTaken(Trouble.NOTHING)
    if size > MOST_BYTES:
        raise NotTaken(Trouble.TOO_LARGE)
    found = judge(file.stream)
    sha256 = hashlib.sha256(file.stream.read()).hexdigest()
    file.stream.seek(0)
    known = session.scalar(select(model).where(model.bank_id == bank.id, model.sha256 == sha256))
    if known is not None:
        return known
    if (session.scalar(select(func.count()).where(Medium.bank_id == bank.id)) or 0) >= MOST_OF_BANK:
        raise NotTaken(Trouble.TOO_MANY)
    with uploads.kept(file) as name:
        made, _is_new = find_or_create(
            session,
            model,
            {"bank_id": bank.id, "sha256": sha256},
            file=name,
            name=called(file.filename or "", found.ending, found.kind),
            size=size,
            created=at,
            **found.values,
        )
        session.commit()
    return made


def called(said: str, ending: str, otherwise: str) -> str:
    """What its file was called, in letters that can be read."""
    stem = PurePosixPath(said.replace("\\", "/")).stem
    plain = " ".join("".join(each if each.isprintable() else " " for each in stem).split())
    return f"{plain[: LONGEST_NAME - 8] or otherwise}.{ending}"


def pictures_of(session: Session, bank: Bank) -> Sequence[Picture]:
    """Its pictures, the newest first."""
    return session.scalars(select(Picture).where(Picture.bank_id == bank.id).order_by(Picture.id.desc())).all()


def seen_by(session: Session, me: Enrolment, model: type[AnyMedium], public_id: str) -> AnyMedium | None:
    """One of a bank of my course, or of a bank that quizzes of my course may draw from."""
    own = select(Quiz.id).where(Quiz.course_id == me.course_id)
    draws = exists().where(QuizRevision.quiz_id.in_(own), QuizRevision.bank_id == model.bank_id)
    is_shared = Bank.course_id.is_(None)
    return session.scalar(
        select(model)
        .join(Bank, Bank.id == model.bank_id)
        .where(model.public_id == public_id, (Bank.course_id == me.course_id) | is_shared | draws)
    )


def names_used(session: Session, names: Collection[str]) -> Collection[str]:
    """Which of these files are of ours."""
    return session.scalars(select(Medium.file).where(Medium.file.in_(names))).all()
