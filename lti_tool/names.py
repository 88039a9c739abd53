"""People's names inside sentences and in lists."""

from __future__ import annotations

import unicodedata

from flask_babel import get_locale

from lti_tool.models import Enrolment

FIRST_STRONG, POP = "\u2068", "\u2069"


def in_sentence(name: str) -> str:
    """The name, fenced off where its direction would turn the sentence around it upside down."""
    locale = get_locale()
    is_rtl_page = locale is not None and locale.text_direction == "rtl"
    return f"{FIRST_STRONG}{name}{POP}" if is_rtl_page != _is_rtl(name) or is_rtl_page else name


def _is_rtl(name: str) -> bool:
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in name)


def plainly(name: str) -> str:
    """The name without case and accents, to sort and to search by."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def alphabetically(person: Enrolment) -> tuple[bool, str, int]:
    """Sorts people by name; those without one come last, by number."""
    return not person.person.name, plainly(person.person.name), person.number


def answers_to(person: Enrolment, wanted: str) -> bool:
    """Whether every word of the search stands in the name."""
    name = plainly(person.name)
    return all(word in name for word in plainly(wanted).split())
