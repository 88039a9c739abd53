"""Answers as the items of our packages take them: the same variables, and the same names of what is chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from quizzes.formats.numbers import approximately
from quizzes.formats.qti.writing.identifiers import RESPONSE, names_of
from quizzes.kinds import CHOSEN, FILES, NUMBER, ORDER, TEXT, UNIT, Body, Kind, Response
from quizzes.kinds.numbers import read_number

UNITS = "UNIT"


@dataclass(frozen=True, kw_only=True)
class Variable:
    """What was answered to a question, or to one of its gaps."""

    identifier: str = RESPONSE
    cardinality: str = "single"
    base: str = "identifier"
    values: tuple[str, ...] = ()


def variables(kind: Kind, body: Body, response: Response) -> list[Variable]:
    """Those without a value were left open. Of files that were handed in there is how they are called here."""
    say = _KINDS.get(kind)
    return [] if say is None else say(body, response)


def names(kind: Kind, body: Body) -> list[str]:
    """What can be chosen, or put in order, in the order of the text; empty for all other kinds."""
    if kind is Kind.TRUE_FALSE:
        return ["true", "false"]
    rows = {Kind.SINGLE: "options", Kind.MULTIPLE: "options", Kind.HOTSPOT: "areas", Kind.ORDERING: "items"}.get(kind)
    return list(names_of(body[rows]).values()) if rows else []


def _chosen(rows: str, cardinality: str) -> Callable[[Body, Response], list[Variable]]:
    def say(body: Body, response: Response) -> list[Variable]:
        known = names_of(body[rows])
        return [Variable(cardinality=cardinality, values=_named(known, response.get(CHOSEN, ())))]

    return say


def _placed(body: Body, response: Response) -> list[Variable]:
    return _chosen("areas", "multiple" if len(body["right"]) > 1 else "single")(body, response)


def _true_false(_body: Body, response: Response) -> list[Variable]:
    return [Variable(values=tuple(response.get(CHOSEN, ())))]


def _named(known: Mapping[str, str], ids: Sequence[str]) -> tuple[str, ...]:
    return tuple(known[each] for each in ids if each in known)


def _pairs(body: Body, response: Response) -> list[Variable]:
    rows, choices = names_of(body["rows"], "r"), names_of(body["choices"])
    put = [(row, each) for row, found in response.items() for each in found if row in rows and each in choices]
    pairs = tuple(f"{rows[row]} {choices[each]}" for row, each in put)
    return [Variable(cardinality="multiple", base="directedPair", values=pairs)]


def _ordered(body: Body, response: Response) -> list[Variable]:
    """Of an order that was never finished, what was given a place."""
    known = names_of(body["items"])
    order = response.get(ORDER)
    if order is None:
        placed = {item: int(put[0]) for item, put in response.items() if put and put[0].isdecimal()}
        order = sorted(placed, key=placed.__getitem__)
    return [Variable(cardinality="ordered", values=_named(known, order))]


def _number(_body: Body, response: Response) -> list[Variable]:
    found = [Variable(base="float", values=_numbers(response.get(NUMBER, ())))]
    if response.get(UNIT):
        found.append(Variable(identifier=UNITS, base="string", values=tuple(response[UNIT])))
    return found


def _numbers(typed: Sequence[str]) -> tuple[str, ...]:
    read = [(each, read_number(each)) for each in typed]
    return tuple(text if value is None else approximately(value) for text, value in read)


def _text(_body: Body, response: Response) -> list[Variable]:
    return [Variable(base="string", values=tuple(response.get(TEXT, ())))]


def _files(_body: Body, response: Response) -> list[Variable]:
    found = tuple(response.get(FILES, ()))
    return [Variable(base="file", cardinality="multiple" if len(found) > 1 else "single", values=found)]


def _gaps(body: Body, response: Response) -> list[Variable]:
    return [_gap(gap, f"{RESPONSE}{n}", response.get(str(gap["id"]), ())) for n, gap in enumerate(body["gaps"], 1)]


def _gap(gap: Body, name: str, put: Sequence[str]) -> Variable:
    if gap["kind"] == Kind.SINGLE:
        return Variable(identifier=name, values=_named(names_of(gap["options"]), put))
    if gap["kind"] == Kind.NUMERIC:
        return Variable(identifier=name, base="float", values=_numbers(put))
    return Variable(identifier=name, base="string", values=tuple(put))


_KINDS: Mapping[Kind, Callable[[Body, Response], list[Variable]]] = {
    Kind.SINGLE: _chosen("options", "single"),
    Kind.MULTIPLE: _chosen("options", "multiple"),
    Kind.HOTSPOT: _placed,
    Kind.TRUE_FALSE: _true_false,
    Kind.MATCHING: _pairs,
    Kind.CATEGORIZE: _pairs,
    Kind.ORDERING: _ordered,
    Kind.NUMERIC: _number,
    Kind.SHORT_TEXT: _text,
    Kind.ESSAY: _text,
    Kind.UPLOAD: _files,
    Kind.CLOZE: _gaps,
    Kind.DROP_DOWN: _gaps,
}
