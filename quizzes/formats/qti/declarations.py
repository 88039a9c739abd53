"""The variables of an item: what learners answer, what comes out, and what is made up for each learner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from quizzes.formats.qti.values import Single, Value, number_of, several, single
from quizzes.formats.safe_xml import Element
from quizzes.marking import FINEST

RESPONSE, OUTCOME, TEMPLATE = "responseDeclaration", "outcomeDeclaration", "templateDeclaration"


@dataclass(frozen=True, slots=True)
class Worths:
    """What single values of a response are worth."""

    entries: Sequence[tuple[Single, Fraction, bool]] = ()
    """The value, what it is worth, and whether capitals matter."""
    usual: Fraction = Fraction(0)
    least: Fraction | None = None
    most: Fraction | None = None

    def held(self, value: Fraction) -> Fraction:
        if self.least is not None:
            value = max(value, self.least)
        return value if self.most is None else min(value, self.most)


@dataclass(frozen=True, slots=True)
class Area:
    shape: str
    coords: Sequence[Fraction]
    worth: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Lookup:
    """Values of an outcome by a number: of exactly this, or from this on."""

    rows: Sequence[tuple[Fraction, bool, Value]]
    usual: Value
    is_exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    name: str
    sort: str
    """`RESPONSE`, `OUTCOME` or `TEMPLATE`."""
    cardinality: str
    base: str
    default: Value = None
    correct: Value = None
    mapping: Worths | None = None
    areas: tuple[Sequence[Area], Worths] | None = None
    lookup: Lookup | None = None
    most: Fraction | None = None
    """The most an outcome is said to become."""
    line: int = 0

    @property
    def is_ordered(self) -> bool:
        return self.cardinality == "ordered"

    @property
    def is_number(self) -> bool:
        return self.base in ("integer", "float")


Variables = Mapping[str, Variable]


def declared(root: Element) -> dict[str, Variable]:
    """By their identifiers, in the order of the file."""
    return {
        each.name: each for child in root if child.tag in (RESPONSE, OUTCOME, TEMPLATE) for each in (_variable(child),)
    }


def with_correct(variable: Variable, correct: Value) -> Variable:
    return replace(variable, correct=correct)


def _variable(element: Element) -> Variable:
    base, cardinality = element.get("baseType", "string"), element.get("cardinality", "single")
    found: dict[str, Value] = {"defaultValue": None, "correctResponse": None}
    mapping, areas, lookup = None, None, None
    for child in element:
        if child.tag in found:
            found[child.tag] = _values(child, base, cardinality)
        elif child.tag == "mapping":
            mapping = _mapping(child, base)
        elif child.tag == "areaMapping":
            areas = (_areas(child), _limits(child, ()))
        elif child.tag in ("matchTable", "interpolationTable"):
            lookup = _lookup(child, base)
    return Variable(
        name=element.get("identifier", ""),
        sort=element.tag,
        cardinality=cardinality,
        base=base,
        default=found["defaultValue"],
        correct=found["correctResponse"],
        mapping=mapping,
        areas=areas,
        lookup=lookup,
        most=number_of(element.get("normalMaximum", "")),
        line=element.sourceline or 0,
    )


def _values(element: Element, base: str, cardinality: str) -> Value:
    values = [
        found
        for each in element
        if each.tag == "value" and (found := single(each.get("baseType", base), text_of(each))) is not None
    ]
    if cardinality in ("multiple", "ordered"):
        return several(values, is_ordered=cardinality == "ordered")
    return values[0] if values else None


def text_of(element: Element) -> str:
    return "".join(element.itertext())


def _mapping(element: Element, base: str) -> Worths:
    entries: list[tuple[Single, Fraction, bool]] = []
    for each in element:
        key = single(base, each.get("mapKey", ""))
        if each.tag == "mapEntry" and key is not None:
            # Without a word about it capitals matter (QTI 2.1, `caseSensitive`).
            worth = straight(each.get("mappedValue", ""))
            entries.append((key, worth, each.get("caseSensitive", "true") not in ("false", "0")))
    return _limits(element, entries)


def straight(text: str) -> Fraction:
    """A share as people and programs write it: 0.333333 is a third."""
    value = number_of(text) or Fraction(0)
    decimals = len(text.strip().partition(".")[2])
    near = value.limit_denominator(FINEST)
    return near if decimals >= 5 and abs(near - value) <= Fraction(1, 10 ** min(decimals, 40)) else value


def _limits(element: Element, entries: Sequence[tuple[Single, Fraction, bool]]) -> Worths:
    return Worths(
        entries,
        number_of(element.get("defaultValue", "0")) or Fraction(0),
        number_of(element.get("lowerBound", "")),
        number_of(element.get("upperBound", "")),
    )


def _areas(element: Element) -> list[Area]:
    return [
        Area(each.get("shape", ""), coords_of(each), number_of(each.get("mappedValue", "")) or Fraction(0))
        for each in element
        if each.tag == "areaMapEntry"
    ]


def coords_of(element: Element) -> list[Fraction]:
    numbers = [number_of(each) for each in element.get("coords", "").replace(",", " ").split()]
    return [each for each in numbers if each is not None]


def _lookup(element: Element, base: str) -> Lookup:
    rows: list[tuple[Fraction, bool, Value]] = []
    for each in element:
        source = number_of(each.get("sourceValue", ""))
        if source is not None:
            includes = each.get("includeBoundary", "true") not in ("false", "0")
            rows.append((source, includes, single(base, each.get("targetValue", ""))))
    return Lookup(rows, single(base, element.get("defaultValue", "")), element.tag == "matchTable")
