"""An item of QTI 1.2 as one of QTI 2."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from quizzes.formats.numbers import approximately
from quizzes.formats.qti.declarations import text_of
from quizzes.formats.qti.older.conditions import translated
from quizzes.formats.qti.older.making import Made
from quizzes.formats.qti.older.shapes import shape_of
from quizzes.formats.qti.older.texts import RESPONSES, filled, markup_of, metadata
from quizzes.formats.qti.reading import MADE_UP
from quizzes.formats.qti.values import number_of
from quizzes.formats.qti.writing import rules
from quizzes.formats.qti.writing.markup import made
from quizzes.formats.safe_xml import Element


def as_item(item: Element) -> Element:
    """The same as an item of QTI 2.

    Raises NoSuchKind.
    """
    it = Made(item, metadata(item.find("itemmetadata")))
    presentation = item.find("presentation")
    responses = [] if presentation is None else list(presentation.iter(*RESPONSES))
    text = markup_of(presentation)
    shape = shape_of(it, responses)
    shape(it, responses, text)
    feedback = {each.get("ident", ""): f"f{place}" for place, each in enumerate(item.iter("itemfeedback"))}
    points = number_of(it.about.get("points_possible", ""))
    most = None if points is None else approximately(points)
    score = {"cardinality": "single", "baseType": "float", "normalMaximum": most}
    comments = {"cardinality": "multiple", "baseType": "identifier"}
    return made(
        "assessmentItem",
        *it.declared,
        made("outcomeDeclaration", identifier="SCORE", **score),
        made("outcomeDeclaration", identifier="FEEDBACK", **comments),
        it.body,
        _processing(it, feedback),
        *_comments(item, feedback),
        identifier="" if item.get("ident", "").startswith(MADE_UP) else item.get("ident", ""),
        title=item.get("title", ""),
    )


def _processing(it: Made, feedback: Mapping[str, str]) -> Element:
    if it.rules:
        return rules.processing(*it.rules)
    found = translated(it.item, it.equal, it.scale, feedback)
    if it.type == "multiple_answers_question":
        _by_right_minus_wrong(it, found)
    return found


def _by_right_minus_wrong(it: Made, found: Element) -> None:
    """Canvas does not do what it writes here: each right answer earns its share, each wrong one takes it away."""
    right = [text_of(each).strip() for each in it.right()]
    names = [each.get("ident", "") for each in it.item.iter("response_label")]
    points = number_of(it.about.get("points_possible", "")) or Fraction(1)
    if not right:
        return
    share = points / len(set(right))
    mapping = rules.mapping([(name, share if name in right else -share) for name in names])
    it.declared[0].append(mapping)
    for each in list(found.iter("setOutcomeValue")):
        if each.get("identifier") == "SCORE":
            each.getparent().remove(each)
    for each in list(found):
        if not list(each.iter("setOutcomeValue")):
            found.remove(each)
    found.insert(0, rules.set_score(made("mapResponse", identifier=it.declared[0].get("identifier"))))


def _comments(item: Element, feedback: Mapping[str, str]) -> list[Element]:
    found = []
    for each in item.iter("itemfeedback"):
        about = {"outcomeIdentifier": "FEEDBACK", "identifier": feedback[each.get("ident", "")], "showHide": "show"}
        found.append(filled(made("modalFeedback", **about), markup_of(each)))
    return found
