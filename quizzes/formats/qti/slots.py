"""Places of an item that are answered with one thing each: chosen from a list, typed, or a number.

A question with one of them is a choice, a short text or a number; with several, or amid a text, it is one with gaps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

from quizzes.formats.numbers import decimal_of
from quizzes.formats.qti.declarations import Variable, text_of
from quizzes.formats.qti.items import Item
from quizzes.formats.qti.processing import Responses
from quizzes.formats.qti.trying import Trial
from quizzes.formats.qti.values import Single, Value, items_of, number_of, several
from quizzes.formats.safe_xml import Element
from quizzes.kinds import CHOSEN, NUMBER, TEXT, Kind, Response

PARTS: Mapping[Kind, str] = {Kind.SINGLE: CHOSEN, Kind.SHORT_TEXT: TEXT, Kind.NUMERIC: NUMBER}
STRANGE = "qzxv"
"""What nobody means."""
MOST_LITERALS, MOST_TRIES, MOST_TOGETHER = 24, 40, 256
Put = str
"""What is put into a slot: an option's id, a text, or a number as it is typed."""


@dataclass
class Slot:
    kind: Kind
    variable: Variable
    rows: list[dict[str, Any]] = field(default_factory=list)
    names: Mapping[str, str] = field(default_factory=dict)
    """What the file calls the rows, by their ids."""
    gap: str = ""
    """The gap's name in a response of pairs."""
    is_row: bool = False
    """Whether pairs name it first."""
    low: Fraction | None = None
    high: Fraction | None = None
    step: Fraction | None = None
    """Of a slider."""
    weight: int = 0
    """What a file of ours says that a gap counts."""

    def value(self, put: Put) -> Single | None:
        if self.kind is Kind.SINGLE:
            name = self.names[put]
            if not self.gap:
                return name
            pair = (self.gap, name) if self.is_row else (name, self.gap)
            return pair if self.variable.base != "pair" else (min(pair), max(pair))
        return number_of(put) if self.variable.is_number else put

    def put(self, value: Single) -> Put | None:
        """The other way round; None for what is no value of this slot."""
        if self.kind is Kind.SINGLE:
            if isinstance(value, tuple):
                ends = [str(each) for each in value]
                if self.gap not in ends:
                    return None
                value = ends[0] if ends[1] == self.gap else ends[1]
            return next((each for each, name in self.names.items() if name == value), None)
        if isinstance(value, Fraction):
            text = decimal_of(value)
            return text if "/" not in text else None
        return value if isinstance(value, str) else None


def responding(slots: Sequence[Slot], puts: Sequence[Put | None]) -> Responses:
    """What the variables hold when this is put into the slots."""
    found: dict[str, list[Single]] = {}
    for slot, put in zip(slots, puts, strict=True):
        value = None if put is None else slot.value(put)
        if value is not None:
            found.setdefault(slot.variable.name, []).append(value)
    return {name: _as_declared(slots, name, values) for name, values in found.items()}


def _as_declared(slots: Sequence[Slot], name: str, values: list[Single]) -> Value:
    variable = next(slot.variable for slot in slots if slot.variable.name == name)
    return values[0] if variable.cardinality == "single" else several(values, is_ordered=variable.is_ordered)


def puts_of(names: Sequence[str], response: Response) -> list[Put | None]:
    """What an answer of ours puts into the slots, by the names of the parts."""
    return [response[name][0] if response.get(name) else None for name in names]


def literals(item: Item, name: str = "") -> list[Single]:
    """What the rules compare with: first with the response of this name, and what earns something; then what the
    templates of the item made up.
    """
    found: list[Single] = []
    for each in _compared(item.processing, name):
        text = text_of(each)
        number = number_of(text) if each.get("baseType") in ("integer", "float") else None
        said = text if number is None else number
        if said not in found and len(found) < MOST_LITERALS:
            found.append(said)
    made_up = [each for value in item.values.values() for each in items_of(value) if isinstance(each, Fraction | str)]
    return [*found, *dict.fromkeys(made_up[:MOST_LITERALS])]


def _compared(processing: Element | None, name: str) -> Iterator[Element]:
    if processing is None:
        return
    earning = [
        each
        for rule in processing
        if any(sets.get("identifier") != "FEEDBACK" for sets in rule.iter("setOutcomeValue"))
        for each in rule.iter("baseValue")
    ]
    for each in earning:
        if any(beside.get("identifier") == name for beside in each.getparent().iterchildren("variable")):
            yield each
    yield from earning
    yield from processing.iter("baseValue")


def candidates(slot: Slot, said: Sequence[Single]) -> list[Put]:
    """What may be right in a slot, the likeliest first."""
    if slot.kind is Kind.SINGLE:
        return [str(row["id"]) for row in slot.rows]
    values = [] if slot.variable.mapping is None else [key for key, _worth, _case in slot.variable.mapping.entries]
    values += items_of(slot.variable.correct)
    values += [each for each in said if isinstance(each, Fraction) == (slot.kind is Kind.NUMERIC)]
    if slot.kind is Kind.NUMERIC:
        numbers = sorted({each for each in values if isinstance(each, Fraction)})
        values += [(low + high) / 2 for low, high in pairwise(numbers)]
    puts = (slot.put(value) for value in values)
    return list(dict.fromkeys(put for put in puts if put is not None and put.strip()))[:MOST_TRIES]


def right_puts(trial: Trial, slots: Sequence[Slot], choices: Sequence[Sequence[Put]]) -> list[Put | None]:
    """What earns most, as far as can be found: what is declared right, or else the best of what is tried."""
    declared = [_declared(slot) for slot in slots]
    best, earned = declared, trial.score(responding(slots, declared))
    if None not in declared and earned > 0:
        return declared
    for _round in range(2):
        for place, puts in enumerate(choices):
            for put in puts:
                tried: list[Put | None] = [*best[:place], put, *best[place + 1 :]]
                score = trial.score(responding(slots, tried))
                if score > earned:
                    best, earned = tried, score
    if earned <= 0 and len(slots) > 1:
        size = 1
        for puts in choices:
            size *= max(len(puts), 1)
        if size <= MOST_TOGETHER:
            for every in product(*choices):
                score = trial.score(responding(slots, every))
                if score > earned:
                    best, earned = list(every), score
    return best


def _declared(slot: Slot) -> Put | None:
    """What is declared right in it; of what is mapped, the best."""
    values = list(items_of(slot.variable.correct))
    if slot.variable.mapping is not None and not values:
        values = [key for key, worth, _case in sorted(slot.variable.mapping.entries, key=_worth) if worth > 0]
    return next((put for value in values if (put := slot.put(value)) is not None), None)


def _worth(entry: tuple[Single, Fraction, bool]) -> Fraction:
    return -entry[1]


def steps_of(item: Item) -> list[tuple[str, Fraction]]:
    """The tolerances that the rules name, each by its mode."""
    found: list[tuple[str, Fraction]] = [("exact", Fraction(0))]
    for each in () if item.processing is None else item.processing.iter("equal"):
        for said in re.split(r"\s+", each.get("tolerance", "").strip()):
            number = number_of(said)
            value = item.values.get(said.strip("{}"))
            number = value if number is None and isinstance(value, Fraction) else number
            entry = (each.get("toleranceMode", "exact"), number or Fraction(0))
            if number is not None and entry not in found:
                found.append(entry)
    return found


def tolerance_of(item: Item, put: Put) -> tuple[str, Fraction]:
    """What the rules say to be near enough to this number."""
    wanted = number_of(put)
    for each in () if item.processing is None else item.processing.iter("equal"):
        compared = [number_of(text_of(child)) for child in each if child.tag in ("baseValue", "divide")]
        said = each.get("tolerance", "").split()
        if wanted in compared and said:
            return each.get("toleranceMode", "exact"), number_of(said[0]) or Fraction(0)
    return "exact", Fraction(0)


def minds_case(item: Item) -> bool:
    """Whether the rules compare texts, and all of them letter by letter."""
    found = [] if item.processing is None else list(item.processing.iter("stringMatch"))
    return bool(found) and all(each.get("caseSensitive") == "true" for each in found)
