"""What an expression is worth within what variables hold."""

from __future__ import annotations

import math
import random
from fractions import Fraction

from quizzes.formats.qti.declarations import Variable, Variables, text_of
from quizzes.formats.qti.expressions.asking import OF_VARIABLES
from quizzes.formats.qti.expressions.lazy import LAZY
from quizzes.formats.qti.expressions.operands import LONG, MOST_STEPS
from quizzes.formats.qti.expressions.strict import STRICT
from quizzes.formats.qti.values import (
    CannotTell,
    Value,
    items_of,
    number_of,
    single,
)
from quizzes.formats.safe_xml import Element

DEEPEST = 40


class Evaluator:
    """Evaluates within what variables hold; chance comes in as a seed."""

    def __init__(self, variables: Variables, seed: int = 0) -> None:
        self.variables = dict(variables)
        self.values: dict[str, Value] = {}
        self.chance = random.Random(seed)
        self.steps = 0
        self._constants: dict[Element, Value] = {}
        """What the rules compare with is read once."""

    def value(self, element: Element, depth: int = 0) -> Value:
        self.steps += 1
        if self.steps > MOST_STEPS or depth > DEEPEST:
            raise CannotTell(f"{element.tag} without end")
        if element.tag == "baseValue":
            if element not in self._constants:
                self._constants[element] = single(element.get("baseType", "string"), text_of(element))
            return self._constants[element]
        if element.tag in OF_VARIABLES:
            return OF_VARIABLES[element.tag](self, element)
        if element.tag in LAZY:
            return LAZY[element.tag](self, element, depth)
        if element.tag not in STRICT:
            raise CannotTell(str(element.tag))
        values = [self.value(each, depth + 1) for each in element]
        self.steps += math.prod(len(items_of(each)) or 1 for each in values[:2]) // LONG
        return STRICT[element.tag](element, values)

    def step(self, number: int = 1) -> None:
        """Raises CannotTell where there were too many."""
        self.steps += number
        if self.steps > MOST_STEPS:
            raise CannotTell("rules without end")

    def truth(self, element: Element) -> bool:
        return self.value(element) is True

    def variable(self, element: Element) -> Variable:
        name = element.get("identifier", "")
        if name not in self.variables:
            raise CannotTell(f"{element.tag} {name}")
        return self.variables[name]

    def number(self, said: str) -> Fraction:
        """A number, or the variable that holds it.

        Raises CannotTell where it is neither.
        """
        found = number_of(said)
        if found is None:
            value = self.values.get(said.strip("{}"))
            found = value if isinstance(value, Fraction) else None
        if found is None:
            raise CannotTell(said)
        return found
