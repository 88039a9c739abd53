"""Ways to build a check of a whole from the checks of its parts."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from xapi.validation.faults import FINE, Check, Fault, Faults, refuse, shown
from xapi.validation.values import is_iri, is_language_tag, is_number, is_text, text

Rule: TypeAlias = Callable[[Mapping[str, object]], Faults]

DEEPEST = 100
"""How deep an extension's value may be nested; readers that recurse, Python's too, fall at about 1000."""
MOST = 100_000
"""How many values one `extensions` may hold, so that an object that holds itself comes to an end."""


def shape(properties: Mapping[str, Check], *, required: Sequence[str] = (), rules: Sequence[Rule] = ()) -> Check:
    """An object with these properties and no others; rules look at several properties together."""

    check_of, mandatory, sound = properties.get, tuple(required), tuple(rules)

    def check(value: object) -> Faults:
        if not isinstance(value, dict):
            return refuse("must be an object")
        # Nearly every statement is in order, so nothing is put together until something is wrong.
        found: list[Fault] = []
        for key, part in value.items():
            if (check_part := check_of(key)) is None:
                found.append(Fault(shown(key), "unknown property"))
            elif part is None:
                found.append(Fault(key, "must not be null"))
            elif faults := check_part(part):
                found += [fault.within(key) for fault in faults]
        for key in mandatory:
            if key not in value:
                found.append(Fault(key, "required"))
        for rule in sound:
            if faults := rule(value):
                found += faults
        return found or FINE

    return check


def array(check_item: Check) -> Check:
    def check(value: object) -> Faults:
        if not isinstance(value, list | tuple):
            return refuse("must be an array")
        found: list[Fault] = []
        for n, item in enumerate(value):
            if faults := check_item(item):
                found += [fault.within(f"[{n}]") for fault in faults]
        return found or FINE

    return check


def both(first: Check, second: Check) -> Check:
    """The second check only sees what the first one lets through."""
    return lambda value: first(value) or second(value)


def language_map(value: object) -> Faults:
    if not isinstance(value, dict):
        return refuse("must be an object of language tags and texts")
    found: list[Fault] = []
    for tag, words in value.items():
        if not isinstance(tag, str) or not is_language_tag(tag):
            found.append(Fault(shown(tag), "must be an RFC 5646 language tag"))
        elif faults := text(words):
            found += [fault.within(tag) for fault in faults]
    return found or FINE


def extensions(value: object) -> Faults:
    """Keys are IRIs; values may be anything that JSON can say, null among it."""
    if not isinstance(value, dict):
        return refuse("must be an object of IRIs and values")
    found = [Fault(shown(key), "an extension's key must be an IRI") for key in value if not _is_iri_key(key)]
    return found or sayable(value)


def _is_iri_key(key: object) -> bool:
    return isinstance(key, str) and is_iri(key)


def sayable(value: object) -> Faults:
    """Whether JSON in UTF-8 can say this value; ends also for values that hold themselves."""
    level: list[object] = [value]
    seen = 0
    for _ in range(DEEPEST):
        deeper: list[object] = []
        for item in level:
            if isinstance(item, dict):
                if not all(isinstance(key, str) and is_text(key) for key in item):
                    return refuse("must have strings of whole characters as keys")
                deeper += item.values()
            elif isinstance(item, list | tuple):
                deeper += item
            elif not _is_plain(item):
                return refuse("must hold only what JSON can say")
            if len(deeper) > MOST:
                return refuse("must not hold so many values")
        seen += len(deeper)
        if not deeper:
            return FINE
        if seen > MOST:
            return refuse("must not hold so many values")
        level = deeper
    return refuse("must not be nested so deeply")


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return is_text(value)
    return value is None or value is True or value is False or is_number(value)
