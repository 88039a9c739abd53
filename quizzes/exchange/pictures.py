"""Pictures and recordings that questions bring along, as those of a bank; and those of a bank, to go along."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from lti_tool import uploads
from quizzes.bank.media import MOST_BYTES, MOST_OF_BANK, NotTaken, called, judged
from quizzes.bank.models import Medium, Picture, Sound
from quizzes.formats.model import Media, key_of
from quizzes.kinds import Body
from quizzes.questions import Bank
from quizzes.rich import PICTURE, SOUND, names_media

_NAMED = re.compile(rf"(?:{PICTURE}|{SOUND})(\w+)")
MODELS: Mapping[str, type[Medium]] = {"picture": Picture, "sound": Sound}


class Pictures:
    """Those that one file brings into a bank. Their files stay where the stack ends without a fault."""

    def __init__(self, session: Session, bank: Bank, files: ExitStack, *, at: datetime) -> None:
        self._session, self._bank, self._files, self._at = session, bank, files, at
        self._names: dict[str, str | None] = {}
        self._number: int | None = None

    def name_of(self, media: Media) -> str | None:
        """The public id of what the bank has with these bytes; None where it is too large, or one too many."""
        if media.key not in self._names:
            self._names[media.key] = self._kept(media)
        return self._names[media.key]

    def _kept(self, media: Media) -> str | None:
        sha256 = hashlib.sha256(media.content).hexdigest()
        here = select(Medium.public_id).where(Medium.bank_id == self._bank.id, Medium.sha256 == sha256)
        if known := self._session.scalar(here):
            return known
        try:
            found = judged(io.BytesIO(media.content))
        except NotTaken:
            return None
        if len(media.content) > MOST_BYTES or self._has_all():
            return None
        arriving = self._files.enter_context(uploads.begun())
        arriving.write(media.content)
        name = self._files.enter_context(uploads.kept(FileStorage(arriving, filename=media.name)))
        made = MODELS[found.kind](
            bank_id=self._bank.id,
            sha256=sha256,
            file=name,
            name=called(media.name, found.ending, found.kind),
            size=len(media.content),
            created=self._at,
            **found.values,
        )
        self._session.add(made)
        self._session.flush()
        return made.public_id

    def _has_all(self) -> bool:
        if self._number is None:
            wanted = select(func.count()).where(Medium.bank_id == self._bank.id)
            self._number = self._session.scalar(wanted) or 0
        self._number += 1
        return self._number > MOST_OF_BANK


def of_bank(session: Session, bank: Bank, named: Collection[str]) -> Mapping[str, Media]:
    """By their public ids; one whose file is gone is left out."""
    found: dict[str, Media] = {}
    wanted = select(Medium).where(Medium.bank_id == bank.id, Medium.public_id.in_(named))
    for medium in session.scalars(wanted) if named else ():
        try:
            content = uploads.path_of(medium.file).read_bytes()
        except OSError:
            continue
        found[medium.public_id] = Media(content, medium.name, medium.mimetype)
    return found


def media_keys(session: Session, bank: Bank) -> Mapping[str, str]:
    """What files call the bank's pictures and recordings, by their public ids."""
    rows = session.execute(select(Medium.public_id, Medium.sha256).where(Medium.bank_id == bank.id))
    return {public_id: key_of(sha256) for public_id, sha256 in rows}


def as_files_name(body: Body, keys: Mapping[str, str]) -> Body:
    """A body of a bank with its media called as files call them, so that both can be held against each other."""
    named = {*_NAMED.findall(str(body)), body.get("image")} & keys.keys() if keys else ()
    return renamed(body, {each: keys[each] for each in named}) if named else body


def renamed(value: Any, names: Mapping[str, str]) -> Any:
    """A body, or a part of one, with other names for these media."""
    if isinstance(value, str):
        if value in names:
            return names[value]
        if names_media(value):
            for old, new in names.items():
                value = value.replace(PICTURE + old, PICTURE + new).replace(SOUND + old, SOUND + new)
        return value
    if isinstance(value, dict):
        return {key: renamed(each, names) for key, each in value.items()}
    return [renamed(each, names) for each in value] if isinstance(value, list) else value
