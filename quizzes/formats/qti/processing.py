"""Response processing: what comes out of an answer, by the standard templates or by an item's own rules.

Templates: match_correct, map_response and map_response_point of the specification, and those of Common Cartridge.
Outcomes that are numbers begin at 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from fractions import Fraction
from functools import cached_property

from quizzes.formats.qti.declarations import OUTCOME, RESPONSE, TEMPLATE, Variable, Variables, with_correct
from quizzes.formats.qti.expressions import LAZY, OF_VARIABLES, STRICT, Evaluator, mapped
from quizzes.formats.qti.expressions.operands import LONG
from quizzes.formats.qti.values import CannotTell, Several, Value, items_of, same, several
from quizzes.formats.safe_xml import Element

Responses = Mapping[str, Value]
SCORE, MAXIMUM = "SCORE", "MAXSCORE"
BUILT_IN: Mapping[str, Value] = {
    "numAttempts": Fraction(1),
    "duration": Fraction(0),
    "completionStatus": "completed",
    "completion_status": "completed",
}
"""Variables that every item has without declaring them, as they are at the first try."""
_TEMPLATE = re.compile(r"(?:CC2_)?(match_correct|match_basic|match|map_response_point|map_response)(?:\.xml)?$")


class _Exit(Exception):
    """The rules end here."""


class Processor:
    """What comes out of answers to one item; all of its answers share the steps there are."""

    def __init__(self, variables: Variables, processing: Element | None, made: Mapping[str, Value] | None = None):
        self.evaluator = Evaluator(variables)
        self.processing = processing
        self.made = made or {}
        """What the item's templates hold."""
        declared = self.evaluator.variables.values()
        self._begins = {
            **{each.name: _beginning(each) for each in declared if each.sort == OUTCOME},
            **BUILT_IN,
            **self.made,
            **{each.name: None for each in declared if each.sort == RESPONSE},
        }

    def outcomes(self, responses: Responses) -> dict[str, Value]:
        """Raises CannotTell."""
        try:
            return self._outcomes(responses)
        except (ArithmeticError, ValueError, TypeError, LookupError, RecursionError) as odd:
            # Rules of strangers reckon with what is no number.
            raise CannotTell(f"responseProcessing ({type(odd).__name__})") from odd

    def _outcomes(self, responses: Responses) -> dict[str, Value]:
        ev = self.evaluator
        ev.values = dict(self._begins)
        ev.values |= {name: value for name, value in responses.items() if name in ev.variables}
        if self.processing is not None:
            if len(self.processing):
                with suppress(_Exit):
                    run(ev, self.processing)
            elif address := self.processing.get("template") or self.processing.get("templateLocation"):
                self._by_template(address)
        return dict(ev.values)

    def score(self, responses: Responses) -> Fraction:
        """Raises CannotTell."""
        value = self.outcomes(responses).get(self.scored)
        return value if isinstance(value, Fraction) else Fraction(0)

    @cached_property
    def scored(self) -> str:
        """The outcome that is the score: `SCORE`, or else the first number."""
        outcomes = [each for each in self.evaluator.variables.values() if each.sort == OUTCOME]
        if any(each.name == SCORE for each in outcomes):
            return SCORE
        return next((each.name for each in outcomes if each.is_number and each.name != MAXIMUM), SCORE)

    def _by_template(self, address: str) -> None:
        ev, found = self.evaluator, _TEMPLATE.search(address)
        responses = [each for each in ev.variables.values() if each.sort == RESPONSE]
        response = next((each for each in responses if each.name == "RESPONSE"), responses[0] if responses else None)
        if found is None or response is None:
            raise CannotTell(f"responseProcessing {address}")
        given = ev.values.get(response.name)
        if found[1] == "map_response" and response.mapping:
            ev.values[self.scored] = mapped(response.mapping, given) if given is not None else Fraction(0)
        elif found[1] == "map_response_point" and response.areas:
            ev.values[self.scored] = ev.value(_asking("mapResponsePoint", response.name, self.processing))
        elif found[1].startswith("match"):
            is_right = given is not None and response.correct is not None and same(given, response.correct)
            ev.values[self.scored] = Fraction(is_right)
        else:
            raise CannotTell(f"responseProcessing {found[1]}")


def _asking(tag: str, identifier: str, like: Element) -> Element:
    made = like.makeelement(tag)
    made.set("identifier", identifier)
    return made


def _beginning(variable: Variable) -> Value:
    if variable.default is not None or variable.cardinality != "single":
        return variable.default
    return Fraction(0) if variable.is_number else None


def templated(
    variables: Variables, rules: Element | None, seed: int = 0
) -> tuple[dict[str, Variable], dict[str, Value]]:
    """One set of what an item makes up for each learner: its variables with what is right now, and their values.

    Raises CannotTell.
    """
    for attempt in range(seed, seed + 50):
        ev = Evaluator(variables, attempt)
        ev.values = {each.name: each.default for each in variables.values() if each.sort == TEMPLATE}
        try:
            if rules is not None:
                run(ev, rules)
        except _Exit:
            pass
        except _Again:
            continue
        return ev.variables, {name: ev.values.get(name) for name, each in variables.items() if each.sort == TEMPLATE}
    raise CannotTell("templateConstraint")


class _Again(Exception):
    """A constraint is not met: other values are made up."""


def run(ev: Evaluator, rules: Iterable[Element]) -> None:
    for rule in rules:
        ev.step()
        if rule.tag in ("responseProcessingFragment", "templateProcessingFragment"):
            run(ev, rule)
        elif rule.tag in ("responseCondition", "templateCondition"):
            _condition(ev, rule)
        elif rule.tag in _RULES:
            _RULES[rule.tag](ev, rule)
        else:
            raise CannotTell(str(rule.tag))


def _condition(ev: Evaluator, rule: Element) -> None:
    for branch in rule:
        ev.step()
        if branch.tag.endswith("Else"):
            run(ev, branch)
            return
        if len(branch) and ev.truth(branch[0]):
            run(ev, branch[1:])
            return


def _set(ev: Evaluator, rule: Element) -> None:
    if rule.get("identifier") in BUILT_IN:
        ev.values[rule.get("identifier")] = ev.value(rule[0]) if len(rule) else None
        return
    variable = ev.variable(rule)
    ev.values[variable.name] = _cast(variable, ev.value(rule[0]) if len(rule) else None)


def _cast(variable: Variable, value: Value) -> Value:
    if value is None:
        return None
    if variable.cardinality in ("multiple", "ordered"):
        return several(items_of(value), is_ordered=variable.is_ordered)
    value = value.items[0] if isinstance(value, Several) else value
    if variable.base == "integer" and isinstance(value, Fraction):
        return Fraction(int(value))
    return value


def _correct(ev: Evaluator, rule: Element) -> None:
    variable = ev.variable(rule)
    ev.variables[variable.name] = with_correct(variable, _cast(variable, ev.value(rule[0]) if len(rule) else None))


def _default(ev: Evaluator, rule: Element) -> None:
    ev.variable(rule)


def _look_up(ev: Evaluator, rule: Element) -> None:
    variable = ev.variable(rule)
    value = ev.value(rule[0]) if len(rule) else None
    table = variable.lookup
    if table is None or not isinstance(value, Fraction):
        ev.values[variable.name] = None if table is None else table.usual
        return
    ev.step(len(table.rows) // LONG)
    for source, includes, target in table.rows:
        if value == source if table.is_exact else (value > source or (includes and value == source)):
            ev.values[variable.name] = target
            return
    ev.values[variable.name] = table.usual


def _exit(ev: Evaluator, rule: Element) -> None:
    raise _Exit


def _constraint(ev: Evaluator, rule: Element) -> None:
    if len(rule) and not ev.truth(rule[0]):
        raise _Again


_RULES: Mapping[str, Callable[[Evaluator, Element], None]] = {
    "setOutcomeValue": _set,
    "setTemplateValue": _set,
    "setCorrectResponse": _correct,
    "setDefaultValue": _default,
    "lookupOutcomeValue": _look_up,
    "exitResponse": _exit,
    "exitTemplate": _exit,
    "templateConstraint": _constraint,
}
_BRANCHES = {"If", "ElseIf", "Else", "Condition", "ProcessingFragment", "Processing"}
LEAVES = {"baseValue", *OF_VARIABLES, "exitResponse", "exitTemplate", "null", "mathConstant"}
"""Rules in which nothing stands but a value."""
RULE_NAMES = {
    *(each + branch for each in ("response", "template") for branch in _BRANCHES),
    *(*_RULES, *OF_VARIABLES, *LAZY, *STRICT, "baseValue"),
}
"""Everything that is interpreted."""
