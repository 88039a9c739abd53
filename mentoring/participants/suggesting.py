"""What a form about oneself begins with: the languages and time zones of the course come first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import cache
from zoneinfo import available_timezones

from babel import Locale
from flask_babel import get_locale
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.models import Course, Enrolment, Person
from mentoring.names import plainly
from mentoring.participants.models import Participant
from mentoring.participants.said import About

OFTEN_SPOKEN = ("en", "es", "zh", "ar", "fr", "pt", "de", "hi", "ru", "ja")
"""Come after those of the course."""
FEW = 10
"""How many languages are shown before somebody asks for others."""
THREE_LETTERS = ("fil", "haw", "yue")
"""Languages of many people without a code of two letters."""
AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@dataclass(frozen=True)
class Suggestions:
    """What to offer to somebody, the likeliest first."""

    about: About
    """What they said, or what we guess."""
    languages: dict[str, str]
    """A few names by code, those in `about` among them."""
    every_language: dict[str, str]
    own_zone: str
    """What their LMS says; empty if it says none."""


def suggest(session: Session, person: Enrolment, about: About, *, ticked: Collection[str] = ()) -> Suggestions:
    """`about` is filled in where it says nothing yet.

    Languages that were `ticked` on a page stay in the list, even if the class has changed meanwhile.
    """
    languages, zones = _habits(session, person.course)
    own, own_zone = _language(person.person.locale), _zone(person.person.time_zone)
    guessed = [code for code in (own, *languages[:1]) if code]
    chosen = list(about.languages or dict.fromkeys(guessed or OFTEN_SPOKEN[:1]))
    names = language_names()
    first = list(dict.fromkeys([*chosen, *guessed, *ticked, *languages, *OFTEN_SPOKEN]))
    few = [code for code in first if code in names][: max(FEW, len(chosen) + len(guessed) + len(ticked))]
    zone = about.timezone or ("" if own_zone else next(iter(zones), "UTC"))
    return Suggestions(
        about=replace(about, languages=chosen, timezone=zone),
        languages={code: names[code] for code in few},
        every_language=names,
        own_zone=own_zone,
    )


def course_zone(session: Session, course: Course) -> str:
    """The time zone most people of the course are in; UTC where no LMS says any."""
    return next(iter(_habits(session, course)[1]), "UTC")


def zone_of(participant: Participant, usual: str) -> str:
    """The IANA zone somebody's hours are in: what they said, else their LMS, else the `usual` one of the course."""
    return _zone(participant.timezone) or _zone(participant.enrolment.person.time_zone) or usual


def language_names() -> dict[str, str]:
    """What languages are called in the reader's own, by code and in the order of their names."""
    return _names(str(get_locale() or "en"))


@cache
def _names(reader: str) -> dict[str, str]:
    known = Locale.parse(reader).languages
    named = {code: str(name) for code, name in known.items() if len(code) == 2 or code in THREE_LETTERS}
    capitalized = {code: name[:1].upper() + name[1:] for code, name in named.items()}
    return dict(sorted(capitalized.items(), key=lambda item: plainly(item[1])))


@cache
def zones() -> tuple[str, ...]:
    """The time zones people live in, by name."""
    return ("UTC", *sorted(name for name in available_timezones() if name.partition("/")[0] in AREAS))


def _habits(session: Session, course: Course) -> tuple[list[str], list[str]]:
    """The languages and time zones of the people of a course, the commonest first."""
    rows = session.execute(
        select(Person.locale, Person.time_zone, func.count())
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.course_id == course.id, Enrolment.is_active)
        .group_by(Person.locale, Person.time_zone)
    ).all()
    languages, times = Counter[str](), Counter[str]()
    for locale, zone, number in rows:
        languages[_language(locale)] += number
        times[_zone(zone)] += number
    return _commonest(languages), _commonest(times)


def _commonest(counted: Counter[str]) -> list[str]:
    """Those with a name; among equals by name, so that every reader finds the same order."""
    return [name for name, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0])) if name]


def _language(locale: str) -> str:
    """The language of a locale, which is what people speak to each other: `pt` of `pt-BR`."""
    code = locale.replace("_", "-").partition("-")[0].lower()
    return code if code in _names("en") else ""


def _zone(name: str) -> str:
    return name if name in _every_zone() else ""


@cache
def _every_zone() -> frozenset[str]:
    return frozenset(available_timezones())


def named(codes: Iterable[str]) -> list[str]:
    """What these languages are called; one without a name is called by its code."""
    names = language_names()
    return [names.get(code, code) for code in codes]
