"""Whether the statements of one run come in the order of a pattern (xAPI Profiles 1.0, section 8).

A pattern is a regular expression over templates; so it is made one, a letter for each template, and Python's own
engine looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from xapi.profile.matching import template_of
from xapi.profile.parts import Pattern
from xapi.profile.patterns import PATTERNS
from xapi.profile.templates import TEMPLATES

_FIRST = 0xE000
"""Where Unicode leaves letters to everybody's own use."""
_LETTERS = {template.iri: chr(_FIRST + number) for number, template in enumerate(TEMPLATES)}
_BY_IRI = {pattern.iri: pattern for pattern in PATTERNS}
_AFTER = {"optional": "?", "oneOrMore": "+", "zeroOrMore": "*", "sequence": "", "alternates": ""}


def pattern_of(statements: Iterable[Mapping[str, Any]]) -> Pattern | None:
    """The primary pattern that these statements of one run, in order of time, follow; None if they follow none.

    A run that is still under way follows one as soon as its statements so far do.
    """
    run = _letters(statements)
    return next((each for each in PATTERNS if each.is_primary and _compiled(each.iri).fullmatch(run)), None)


def _letters(statements: Iterable[Mapping[str, Any]]) -> str:
    kinds = [template_of(each) for each in statements]
    return "".join(_LETTERS[each.iri] if each is not None else "?" for each in kinds)


@cache
def _compiled(iri: str) -> re.Pattern[str]:
    return re.compile(_expression(iri, _BY_IRI))


def _expression(iri: str, patterns: Mapping[str, Pattern]) -> str:
    if iri in _LETTERS:
        return _LETTERS[iri]
    pattern = patterns[iri]
    members: Sequence[str] = [_expression(member, patterns) for member in pattern.members]
    joined = ("|" if pattern.how == "alternates" else "").join(members)
    return f"(?:{joined}){_AFTER[pattern.how]}"
