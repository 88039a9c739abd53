"""Pictures of a bank: taken in by what their bytes say, found again, and shown to whoever may see them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import PurePosixPath

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from lti_tool import images, uploads
from lti_tool.db import find_or_create
from lti_tool.models import Enrolment
from quizzes.bank.models import LONGEST_NAME, Picture
from quizzes.designing.models import QuizRevision
from quizzes.models import Quiz
from quizzes.questions import Bank

MOST_BYTES = uploads.MOST_BYTES
MOST_OF_BANK = 1_000


class Trouble(StrEnum):
    """Why a picture is not taken."""

    NOTHING = "nothing"
    TOO_LARGE = "too_large"
    NO_PICTURE = "no_picture"
    """None that a browser shows without running anything: no SVG, and nothing that only says it is one."""
    PIXELS = "pixels"
    TOO_MANY = "too_many"


class NotTaken(Exception):
    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


def take_in(session: Session, bank: Bank, file: FileStorage, *, at: datetime) -> Picture:
    """The picture of the bank with these bytes; commits, so that file and row come about together.

    Raises NotTaken, having kept nothing.
    """
    key, (width, height) = _judged(file)
    sha256 = hashlib.sha256(file.stream.read()).hexdigest()
    file.stream.seek(0)
    known = session.scalar(select(Picture).where(Picture.bank_id == bank.id, Picture.sha256 == sha256))
    if known is not None:
        return known
    if (session.scalar(select(func.count()).where(Picture.bank_id == bank.id)) or 0) >= MOST_OF_BANK:
        raise NotTaken(Trouble.TOO_MANY)
    with uploads.kept(file) as name:
        picture, _is_new = find_or_create(
            session,
            Picture,
            {"bank_id": bank.id, "sha256": sha256},
            file=name,
            name=called(file.filename or "", key),
            mimetype=images.MIMETYPES[key],
            size=uploads.size_of(file),
            width=width,
            height=height,
            created=at,
        )
        session.commit()
    return picture


def _judged(file: FileStorage) -> tuple[str, images.Size]:
    size = uploads.size_of(file)
    if not size:
        raise NotTaken(Trouble.NOTHING)
    if size > MOST_BYTES:
        raise NotTaken(Trouble.TOO_LARGE)
    found = images.kind_of(file.stream)
    if found is None:
        raise NotTaken(Trouble.NO_PICTURE)
    if not images.is_fair(found[1]):
        raise NotTaken(Trouble.PIXELS)
    return found


def called(said: str, key: str) -> str:
    """What its file was called, in letters that can be read."""
    stem = PurePosixPath(said.replace("\\", "/")).stem
    plain = " ".join("".join(each if each.isprintable() else " " for each in stem).split())
    return f"{plain[: LONGEST_NAME - 8] or 'picture'}.{key}"


def of_bank(session: Session, bank: Bank) -> Sequence[Picture]:
    """The newest first."""
    return session.scalars(select(Picture).where(Picture.bank_id == bank.id).order_by(Picture.id.desc())).all()


def seen_by(session: Session, me: Enrolment, public_id: str) -> Picture | None:
    """A picture of a bank of my course, or of one that quizzes of my course may draw from."""
    own = select(Quiz.id).where(Quiz.course_id == me.course_id)
    draws = exists().where(QuizRevision.quiz_id.in_(own), QuizRevision.bank_id == Picture.bank_id)
    is_shared = Bank.course_id.is_(None)
    return session.scalar(
        select(Picture)
        .join(Picture.bank)
        .where(Picture.public_id == public_id, (Bank.course_id == me.course_id) | is_shared | draws)
    )


def names_used(session: Session, names: Collection[str]) -> Collection[str]:
    """Which of these files are pictures of ours."""
    return session.scalars(select(Picture.file).where(Picture.file.in_(names))).all()
