"""What is said to an answer: how an item calls it, and when it is said."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from quizzes.formats.model import OTHER, PARTLY, RIGHT, WRONG, Question
from quizzes.formats.qti.writing import rules
from quizzes.formats.qti.writing.identifiers import RESPONSE
from quizzes.formats.qti.writing.markup import made
from quizzes.formats.safe_xml import Element
from quizzes.kinds import Body, Kind

if TYPE_CHECKING:
    from quizzes.formats.qti.writing.items import ItemWriter

FEEDBACK = "FEEDBACK"
_SAID_TO = re.compile(r"(?:gaps_\d+_)?(?:options|answers)_\d+")


def comments_of(question: Question) -> dict[str, str]:
    """What is said, by the identifier of its feedback."""
    found = {_identifier(question, path): said for path, said in question.feedback.items() if said}
    found.pop("", None)
    return {**found, "why": str(question.body["why"])} if question.body.get("why") else found


def are_all_told(question: Question) -> bool:
    """Whether rules can be made of all that is said."""
    return all(_identifier(question, path) for path, said in question.feedback.items() if said)


def _identifier(question: Question, path: str) -> str:
    """By places: `gaps/color/options/a` is `gaps_0_options_0`; empty for what rules cannot be made of."""
    if path in (RIGHT, PARTLY, WRONG, OTHER):
        return path
    if question.kind is Kind.TRUE_FALSE:
        return {"options/true": "options_0", "options/false": "options_1"}.get(path, "")
    parts, here, told = path.split("/"), question.body, list[str]()
    for name, row in zip(parts[::2], parts[1::2], strict=False):
        rows = here.get(name, ())
        names = [str(each.get("id", place)) for place, each in enumerate(rows)]
        if row not in names:
            return ""
        told += [name, str(names.index(row))]
        here = rows[names.index(row)]
    said = "_".join(told)
    return said if len(parts) % 2 == 0 and _SAID_TO.fullmatch(said) else ""


def tells(identifier: str, writer: ItemWriter) -> Element:
    """When feedback is given, as far as rules say it."""
    holds = _when(identifier, writer)
    value = made("multiple", rules.variable(FEEDBACK), rules.identifier(identifier))
    sets = made("setOutcomeValue", value, identifier=FEEDBACK)
    return sets if holds is None else rules.condition([(holds, sets)])


def _when(identifier: str, writer: ItemWriter) -> Element | None:
    name, _dash, place = identifier.partition("_")
    full, score, kind = rules.number(writer.maximum), rules.variable("SCORE"), writer.question.kind
    if name == RIGHT:
        return made("gte", score, full)
    if name == PARTLY:
        return made("and", made("gt", score, rules.number(Fraction(0))), made("lt", rules.variable("SCORE"), full))
    if name in (WRONG, OTHER):
        return made("lte", score, rules.number(Fraction(0)))
    if name == "options":
        said = ("true", "false")[int(place)] if kind is Kind.TRUE_FALSE else f"c{int(place) + 1}"
        return made("member", rules.identifier(said), made("multiple", rules.variable(RESPONSE)))
    if name == "answers":
        return _is_typed(RESPONSE, kind, writer.body, int(place))
    if name == "gaps":
        gap, what, row = place.split("_")
        response, body = f"{RESPONSE}{int(gap) + 1}", writer.body["gaps"][int(gap)]
        if what == "options":
            return made("match", rules.variable(response), rules.identifier(f"c{int(row) + 1}"))
        return _is_typed(response, body["kind"], body, int(row))
    return None


def _is_typed(response: str, kind: str, body: Body, place: int) -> Element:
    answer = body["answers"][place]
    if kind == Kind.NUMERIC:
        return rules.number_cases(response, [answer], Fraction(1))[0][0]
    case = str(bool(body.get("case"))).lower()
    text = made("baseValue", str(answer["text"]).replace("\\*", "*"), baseType="string")
    return made("stringMatch", rules.variable(response), text, caseSensitive=case, substring="false")
