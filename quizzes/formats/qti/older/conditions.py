"""Response processing of QTI 1.2 (*ASI: XML binding*, 1.2, `respcondition`) as rules of QTI 2."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from fractions import Fraction

from quizzes.formats.qti.declarations import straight, text_of
from quizzes.formats.qti.writing import rules
from quizzes.formats.qti.writing.markup import made
from quizzes.formats.safe_xml import Element

Equal = Callable[[Element], Element]
"""What `varequal` asks, which depends on what is answered."""
_COMPARED = {"vargte": "gte", "varlte": "lte", "vargt": "gt", "varlt": "lt"}
_JOINED = {"and": "and", "or": "or"}
TRUE = "true"


def translated(item: Element, equal: Equal, scale: Fraction, feedback: Mapping[str, str]) -> Element:
    """The rules; scores are multiplied by `scale`, `feedback` knows the identifiers of comments."""
    lists = item.iter("response_lid")
    several = {each.get("ident", "") for each in lists if each.get("rcardinality", "Single") != "Single"}
    found = [_rule(each, equal, scale, feedback, several) for each in item.iter("respcondition")]
    return rules.processing(*(each for each in found if each is not None))


def _rule(
    condition: Element, equal: Equal, scale: Fraction, feedback: Mapping[str, str], several: Set[str]
) -> Element | None:
    """`several` are the responses that hold several things."""
    sets: list[Element] = []
    for each in condition:
        if each.tag == "setvar" and "SCORE" in each.get("varname", "SCORE").upper():
            sets.append(_set(each, scale))
        elif each.tag == "displayfeedback" and each.get("linkrefid", "") in feedback:
            value = rules.identifier(feedback[each.get("linkrefid", "")])
            whole = made("multiple", rules.variable("FEEDBACK"), value)
            sets.append(made("setOutcomeValue", whole, identifier="FEEDBACK"))
    if not sets:
        return None
    # Whoever adds, or only says something, means the others, too, whatever the word for that is.
    is_settled = any(each.get("action", "Set") == "Set" for each in condition.iter("setvar"))
    if condition.get("continue", "No").lower() == "no" and is_settled:
        sets.append(made("exitResponse"))
    holds = _holds(condition.find("conditionvar"), equal, several)
    return made("responseCondition", made("responseIf", holds, *sets))


def _set(said: Element, scale: Fraction) -> Element:
    value = rules.number(straight(text_of(said)) * scale)
    action = said.get("action", "Set")
    if action in ("Add", "Subtract"):
        tag = "sum" if action == "Add" else "subtract"
        return rules.set_score(made(tag, rules.variable("SCORE"), value))
    return rules.set_score(value)


def _holds(condition: Element | None, equal: Equal, several: Set[str]) -> Element:
    parts = [] if condition is None else list(condition)
    found = [_expression(each, equal) for each in parts]
    if not found:
        return made("baseValue", TRUE, baseType="boolean")
    if len(found) == 1:
        return found[0]
    # Several things to be equal to, one of which can be: any of them will do.
    about = {each.get("respident") for each in parts}
    is_any = len(about) == 1 and not about & several and all(each.tag == "varequal" for each in parts)
    return made("or" if is_any else "and", *found)


def _expression(element: Element, equal: Equal) -> Element:
    tag = str(element.tag)
    if tag == "varequal":
        return equal(element)
    if tag in _JOINED:
        return made(_JOINED[tag], *(_expression(each, equal) for each in element))
    if tag == "not":
        inner = [_expression(each, equal) for each in element]
        found = inner[0] if len(inner) == 1 else made("and", *inner)
        # What is not answered is not the wrong answer either.
        return made("or", made("isNull", found), made("not", found.__copy__()))
    if tag in _COMPARED:
        value = rules.number(straight(text_of(element)))
        return made(_COMPARED[tag], rules.variable(element.get("respident", "")), value)
    if tag in ("other", "unanswered", "conditionvar"):
        return made("baseValue", TRUE if tag == "other" else "false", baseType="boolean")
    return made(tag)
