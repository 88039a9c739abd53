"""Interactions of an item as questions of ours: what is chosen, typed, matched and put in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from quizzes.formats.qti.declarations import Variable
from quizzes.formats.qti.fitting import Fitted, tell
from quizzes.formats.qti.items import Item
from quizzes.formats.qti.shapes.apart import apart
from quizzes.formats.qti.shapes.choices import choice, hottext
from quizzes.formats.qti.shapes.orders import order
from quizzes.formats.qti.shapes.pairs import associate, match
from quizzes.formats.qti.shapes.spots import hotspot
from quizzes.formats.qti.shapes.typed import extended, gap_match, inline, slider, text, together, upload
from quizzes.formats.qti.trying import Trial
from quizzes.formats.qti.wrong import Wrong
from quizzes.formats.reports import Odd
from quizzes.formats.safe_xml import Element
from quizzes.kinds import Kind

IN_A_TEXT = {"choiceInteraction", "inlineChoiceInteraction", "textEntryInteraction", "extendedTextInteraction"}
"""Those of which there may be several in one question."""


def fitted(item: Item, trial: Trial) -> list[Fitted]:
    """The questions that the interactions are; none, which is reported, where they are none of ours."""
    interactions = item.interactions
    if not interactions:
        return [Fitted(kind=Kind.DESCRIPTION, body={}, maximum=Fraction(0))]
    groups = _groups(item, interactions)
    if any(each.tag not in ALONE for each in interactions):
        names = dict.fromkeys(str(each.tag) for each in interactions if each.tag not in ALONE)
        item.report.error(Odd.NO_SUCH_KIND, item.line(interactions[0]), what=", ".join(names))
        return []
    if len(groups) == 1:
        one = _fit(item, trial, groups[0])
        found = [] if one is None else [one]
    else:
        item.report.note(Wrong.APART, item.place, number=len(groups))
        found = apart(item, trial, groups, _fit) or []
    for each in found:
        each.asks = each.asks or tuple(interactions)
        tell(item, trial, each)
    return found


def _fit(item: Item, trial: Trial, interactions: Sequence[Element]) -> Fitted | None:
    if len(interactions) == 1:
        return ALONE[str(interactions[0].tag)](item, trial, interactions[0])
    return together(item, trial, interactions)


def _groups(item: Item, interactions: Sequence[Element]) -> list[list[Element]]:
    """What can be answered in one text stays together, the rest stands alone."""
    in_a_text = [each for each in interactions if each.tag in IN_A_TEXT and _is_one(item.variable_of(each))]
    groups: list[list[Element]] = []
    for each in interactions:
        if each not in in_a_text:
            groups.append([each])
        elif each is in_a_text[0]:
            groups.append(in_a_text)
    return groups


def _is_one(variable: Variable) -> bool:
    return variable.cardinality == "single"


ALONE: Mapping[str, Callable[[Item, Trial, Element], Fitted | None]] = {
    "choiceInteraction": choice,
    "hottextInteraction": hottext,
    "inlineChoiceInteraction": inline,
    "textEntryInteraction": text,
    "extendedTextInteraction": extended,
    "gapMatchInteraction": gap_match,
    "matchInteraction": match,
    "associateInteraction": associate,
    "orderInteraction": order,
    "sliderInteraction": slider,
    "uploadInteraction": upload,
    "hotspotInteraction": hotspot,
}
