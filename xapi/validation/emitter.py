"""What we ask of our own statements beyond what a store must accept: one way to say each thing."""

import re
from collections.abc import Iterator, Mapping

from xapi.validation.faults import Fault
from xapi.validation.statements import errors

_UTC_MILLISECONDS = re.compile(r"[0-9-]{10}T[0-9:]{8}\.[0-9]{3}Z")
_LEFT_TO_THE_STORE = ("version", "stored", "authority")


def emitter_errors(statement: object) -> list[Fault]:
    """Reasons not to send this statement: everything a 1.0.3 store refuses, and what our own rules add.

    What passes is valid under 2.0.0 too, which only adds properties and asks for an offset; Z is one.
    """
    faults = errors(statement)
    if isinstance(statement, dict):
        faults += _of_the_statement(statement)
    return faults


def _of_the_statement(statement: Mapping[str, object]) -> Iterator[Fault]:
    for key in _LEFT_TO_THE_STORE:
        if key in statement:
            yield Fault(key, "is left to the store")
    for key in ("id", "timestamp"):
        if key not in statement:
            yield Fault(key, "required of our own statements")
    yield from _of_any(statement)
    thing = statement.get("object")
    if isinstance(thing, dict) and thing.get("objectType") == "SubStatement":
        yield from (fault.within("object") for fault in _of_any(thing))


def _of_any(statement: Mapping[str, object]) -> Iterator[Fault]:
    yield from _lower_case(statement, "id")
    when = statement.get("timestamp")
    if isinstance(when, str) and not _UTC_MILLISECONDS.fullmatch(when):
        yield Fault("timestamp", "must be in UTC with milliseconds and Z")
    yield from _of_references("object", statement.get("object"))
    context = statement.get("context")
    if not isinstance(context, dict):
        return
    yield from (fault.within("context") for fault in _lower_case(context, "registration"))
    yield from _of_references("context.statement", context.get("statement"))
    places = context.get("contextActivities")
    for key, value in places.items() if isinstance(places, dict) else ():
        if not isinstance(value, list | tuple):
            yield Fault(f"context.contextActivities.{key}", "must be an array")


def _of_references(place: str, value: object) -> Iterator[Fault]:
    if isinstance(value, dict) and value.get("objectType") == "StatementRef":
        yield from (fault.within(place) for fault in _lower_case(value, "id"))


def _lower_case(holder: Mapping[str, object], key: str) -> Iterator[Fault]:
    value = holder.get(key)
    if isinstance(value, str) and value != value.lower():
        yield Fault(key, "must be in lower case")
