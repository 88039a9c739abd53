"""Before anything is handed in, its writer is told where a comment names somebody or insults, and decides."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from reviews.answering.naming import Found, FoundKind, Names, found_in
from reviews.answering.said import Said
from reviews.answering.sheet import Sheet, Words


@dataclass(frozen=True)
class Warned:
    """One thing to think of again, and where."""

    first_id: str
    sentence: str
    mark: str
    """Comes back with the page: what was warned of once is not warned of again."""


def warnings(sheet: Sheet, said: Said, names: Names) -> Iterator[Warned]:
    for part in sheet.parts():
        text = said.comments.get(part.key, "") if isinstance(part, Words) else part.tick.note if part.tick else ""
        for found in found_in(text, names):
            mark = hashlib.sha256(f"{part.id}:{found.kind.value}:{found.words}".encode()).hexdigest()[:16]
            yield Warned(part.first_id, _sentence(found), mark)


def not_seen(warned: Sequence[Warned], seen: str) -> bool:
    """Whether there is anything in these that the page had not shown."""
    return not {each.mark for each in warned} <= set(seen.split())


def _sentence(found: Found) -> str:
    words = found.words
    if found.kind is FoundKind.NAME:
        return str(_("“%(words)s” is the name of somebody in the course.", words=words))
    if found.kind is FoundKind.MAIL:
        return str(_("“%(words)s” looks like a mail address.", words=words))
    if found.kind is FoundKind.PHONE:
        return str(_("“%(words)s” looks like a phone number.", words=words))
    return str(_("“%(words)s” may be read as an insult.", words=words))
