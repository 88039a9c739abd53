"""Pictures that questions bring along, as pictures of a bank; and those of a bank, to go along."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from lti_tool import images, uploads
from quizzes.bank.models import Picture
from quizzes.bank.pictures import MOST_BYTES, MOST_OF_BANK, called
from quizzes.formats.model import Media
from quizzes.questions import Bank
from quizzes.rich import PICTURE


class Pictures:
    """Those that one file brings into a bank. Their files stay where the stack ends without a fault."""

    def __init__(self, session: Session, bank: Bank, files: ExitStack, *, at: datetime) -> None:
        self._session, self._bank, self._files, self._at = session, bank, files, at
        self._names: dict[str, str | None] = {}
        self._number: int | None = None

    def name_of(self, media: Media) -> str | None:
        """The public id of the bank's picture with these bytes; None where it is too large, or one too many."""
        if media.key not in self._names:
            self._names[media.key] = self._kept(media)
        return self._names[media.key]

    def _kept(self, media: Media) -> str | None:
        sha256 = hashlib.sha256(media.content).hexdigest()
        here = select(Picture.public_id).where(Picture.bank_id == self._bank.id, Picture.sha256 == sha256)
        if known := self._session.scalar(here):
            return known
        found = images.kind_of(io.BytesIO(media.content))
        if found is None or len(media.content) > MOST_BYTES or self._has_all():
            return None
        key, (width, height) = found
        arriving = self._files.enter_context(uploads.begun())
        arriving.write(media.content)
        name = self._files.enter_context(uploads.kept(FileStorage(arriving, filename=media.name)))
        picture = Picture(
            bank_id=self._bank.id,
            sha256=sha256,
            file=name,
            name=called(media.name, key),
            mimetype=images.MIMETYPES[key],
            size=len(media.content),
            width=width,
            height=height,
            created=self._at,
        )
        self._session.add(picture)
        self._session.flush()
        return picture.public_id

    def _has_all(self) -> bool:
        if self._number is None:
            wanted = select(func.count()).where(Picture.bank_id == self._bank.id)
            self._number = self._session.scalar(wanted) or 0
        self._number += 1
        return self._number > MOST_OF_BANK


def of_bank(session: Session, bank: Bank, named: Collection[str]) -> Mapping[str, Media]:
    """By their public ids; a picture whose file is gone is left out."""
    found: dict[str, Media] = {}
    wanted = select(Picture).where(Picture.bank_id == bank.id, Picture.public_id.in_(named))
    for picture in session.scalars(wanted) if named else ():
        try:
            content = uploads.path_of(picture.file).read_bytes()
        except OSError:
            continue
        found[picture.public_id] = Media(content, picture.name, picture.mimetype)
    return found


def renamed(value: Any, names: Mapping[str, str]) -> Any:
    """A body, or a part of one, with other names for these pictures."""
    if isinstance(value, str):
        if value in names:
            return names[value]
        if PICTURE in value:
            for old, new in names.items():
                value = value.replace(PICTURE + old, PICTURE + new)
        return value
    if isinstance(value, dict):
        return {key: renamed(each, names) for key, each in value.items()}
    return [renamed(each, names) for each in value] if isinstance(value, list) else value
