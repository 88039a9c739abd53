"""An item of QTI 1.2 while it becomes one of QTI 2."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from quizzes.formats.qti.declarations import text_of
from quizzes.formats.qti.values import number_of
from quizzes.formats.qti.writing.markup import made
from quizzes.formats.safe_xml import Element

_HUNDRED = Fraction(100)


@dataclass(frozen=True)
class NoSuchKind(Exception):
    """There is nothing like this question here; says what it is."""

    what: str


@dataclass
class Made:
    """An item while it is made."""

    item: Element
    about: Mapping[str, str]
    declared: list[Element] = field(default_factory=list)
    body: Element = field(default_factory=lambda: made("itemBody"))
    equal: Callable[[Element], Element] = field(default=lambda each: made("null"))

    rules: list[Element] = field(default_factory=list)
    """What it earns, where its conditions do not say so."""

    @property
    def type(self) -> str:
        return self.about.get("question_type", "")

    @property
    def points(self) -> Fraction:
        said = number_of(self.about.get("points_possible", ""))
        return Fraction(1) if said is None else said

    @property
    def scale(self) -> Fraction:
        points = number_of(self.about.get("points_possible", ""))
        if points is None:
            return Fraction(1)
        said = [number_of(each.get("maxvalue", "")) for each in self.item.iter("decvar")]
        most = next((each for each in said if each), _HUNDRED)
        return points / most

    def declare(self, name: str, cardinality: str, base: str, correct: Sequence[str] = ()) -> None:
        values = made("correctResponse", *(made("value", each) for each in correct)) if correct else None
        about = {"identifier": name, "cardinality": cardinality, "baseType": base}
        self.declared.append(made("responseDeclaration", values, **about))

    def right(self, response: str = "") -> list[Element]:
        """What has to be equal in the conditions that earn most, or in any that earns something."""
        found: list[tuple[Fraction, list[Element]]] = []
        for condition in self.item.iter("respcondition"):
            worth = max(
                (number_of(text_of(each)) or Fraction(0) for each in condition.iter("setvar")), default=Fraction(0)
            )
            said = [
                each
                for each in condition.iter("varequal")
                if (not response or each.get("respident") == response)
                and not any(above.tag == "not" for above in each.iterancestors())
            ]
            if worth > 0 and said:
                found.append((worth, said))
        best = max((worth for worth, _said in found), default=Fraction(0))
        return [each for worth, said in found if worth == best for each in said]
