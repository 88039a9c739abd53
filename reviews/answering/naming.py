"""Whether a comment names somebody or insults: a warning to whoever writes it, who decides; no database, no web.

Nothing is ever changed by itself. Words are compared whole, without case and accents.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class FoundKind(StrEnum):
    NAME = "name"
    MAIL = "mail"
    PHONE = "phone"
    INSULT = "insult"


@dataclass(frozen=True)
class Found:
    """Something in a comment that its writer may want to put otherwise."""

    kind: FoundKind
    words: str
    """As they stand there."""


_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_PHONE = re.compile(r"(?<![\w.,/-])(?:\+|00)?\(?\d(?:[ ()/.-]{0,2}\d){6,14}(?![\w-])")
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:[ -]{1,3}\d{1,4}(?:[./-]\d{1,4}){0,2})?")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")

_PARTICLES = """
bin bint das del della den der des dos ibn las les los santa ter the van vom von zum zur und
mrs prof
"""
_ORDINARY = """
art april august bell bill bishop brook brown chance chase christian clay cook dale daily dean dawn drew earl faith
field flora forest frank gene glen good grace grant gray green grey guy hall hand hardy harmony heath hill hope
hunter iris ivy jack jade jewel joy june king lane lee long love major mark mason may mercy miles mill miller more
noble north page park pat pearl penny pepper price queen ray reed rich rob robin rose ruby rusty sage sky small
smart star stone storm strong summer sunny sue trinity victor violet walker wall ward way west white will wise wood
young
"""
_INSULTS = """
arse arsehole asshole bastard bitch bullshit cretin cunt dickhead dimwit dumbass fuck fucked fucker fucking halfwit
idiot idiotic imbecile jackass jerk loser moron moronic prick retard retarded scumbag shit shithead shitty slut
stupid twat wanker whore
"""
PARTICLES = frozenset(_PARTICLES.split())
"""Parts of names that name nobody."""
ORDINARY = frozenset(_ORDINARY.split())
"""Names that are words as well: they count where they are written as names are, and do not begin a sentence."""
INSULTS = frozenset(_INSULTS.split())


class Names:
    """The names of those whom a comment might name, less those of whom it is about."""

    def __init__(self, people: Iterable[str], about: str = "") -> None:
        known = {part for name in people for part in _parts(name)}
        self._parts = known - set(_parts(about))
        # Scripts without spaces between words: a name is found wherever it stands.
        whole = {_plain(name) for name in people if _is_unspaced(name)}
        self._unspaced = sorted(whole - {_plain(about)} - {""})

    def found_in(self, text: str) -> Iterator[str]:
        for match in _WORD.finditer(text):
            word, plain = match.group(), _plain(match.group())
            # "Ana's" names Ana; "O'Neill" stands as it is.
            plain = plain if plain in self._parts else re.sub(r"['\u2019]s?$", "", plain)
            is_name = plain in self._parts and not (plain in ORDINARY and not _is_written_as_name(text, match))
            if is_name:
                yield word
        for name in self._unspaced:
            if name in _plain(text):
                yield name


def found_in(text: str, names: Names) -> list[Found]:
    """What stands in this comment, each once."""
    found = [Found(FoundKind.NAME, word) for word in names.found_in(text)]
    found += [Found(FoundKind.MAIL, match.group()) for match in _MAIL.finditer(text)]
    found += [Found(FoundKind.PHONE, each.group().strip()) for each in _PHONE.finditer(_without_dates(text))]
    found += [Found(FoundKind.INSULT, each.group()) for each in _WORD.finditer(text) if _plain(each.group()) in INSULTS]
    return list(dict.fromkeys(found))


def _without_dates(text: str) -> str:
    return _DATE.sub(lambda match: "x" * len(match.group()) if _is_date(match.group()) else match.group(), text)


def _is_date(words: str) -> bool:
    """Days and spans of years are written with the digits of a phone number."""
    numbers = [int(each) for each in re.findall(r"\d+", words)[:3]]
    small = sum(number <= 31 for number in numbers)
    return small >= 2 and (max(numbers) <= 99 or 1900 <= max(numbers) <= 2199)


def _is_written_as_name(text: str, match: re.Match[str]) -> bool:
    """With a capital letter, and not because a sentence begins there."""
    before = text[: match.start()].rstrip(" \t\"'(\u201c\u2018")
    return match.group()[0].isupper() and bool(before) and before[-1] not in ".!?:\n\u2022-"


def _parts(name: str) -> Iterator[str]:
    for match in _WORD.finditer(name):
        part = _plain(match.group())
        if len(part) > 2 and part not in PARTICLES:
            yield part


def _is_unspaced(name: str) -> bool:
    return (
        " " not in name.strip() and len(name.strip()) > 1 and any(unicodedata.category(each) == "Lo" for each in name)
    )


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
