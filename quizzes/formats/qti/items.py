"""An item (`assessmentItem`) with all that its questions are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from quizzes.formats.model import Place
from quizzes.formats.qti.content import Bytes, Content
from quizzes.formats.qti.declarations import OUTCOME, RESPONSE, Variable, declared
from quizzes.formats.qti.names import INTERACTION, MEDIA, is_true
from quizzes.formats.qti.processing import templated
from quizzes.formats.qti.values import CannotTell, Value, items_of
from quizzes.formats.qti.wrong import Wrong
from quizzes.formats.reports import Odd, Reporter
from quizzes.formats.safe_xml import Element

ITEM = "assessmentItem"
_PASSED_OVER = {"endAttemptInteraction", MEDIA}
"""They answer nothing: they ask for a hint, for another try, or to listen."""


@dataclass(kw_only=True)
class Item:
    root: Element
    body: Element | None
    variables: Mapping[str, Variable]
    processing: Element | None
    values: Mapping[str, Value]
    """What its templates hold."""
    content: Content
    place: Place
    report: Reporter

    @property
    def interactions(self) -> list[Element]:
        found = [] if self.body is None else [each for each in self.body.iter() if str(each.tag).endswith(INTERACTION)]
        return [each for each in found if each.tag not in _PASSED_OVER]

    @property
    def responses(self) -> list[Variable]:
        return [each for each in self.variables.values() if each.sort == RESPONSE]

    def variable_of(self, interaction: Element) -> Variable:
        """The response it binds; one that holds nothing where the item declares none."""
        name = interaction.get("responseIdentifier", "")
        return self.variables.get(name) or Variable(name=name, sort=RESPONSE, cardinality="single", base="string")

    def line(self, element: Element) -> Place:
        """Of what was made here the line of the whole."""
        return Place(element.sourceline or self.place.line, self.place.item)


def item_of(root: Element, name: str, bytes_of: Bytes, report: Reporter, line: int = 0) -> Item:
    """The item whose names are those of QTI 2; `name` is that of its file."""
    place = Place(line or root.sourceline or 0, name or root.get("title") or root.get("identifier", ""))
    variables: Mapping[str, Variable] = declared(root)
    values: Mapping[str, Value] = {}
    rules = root.find("templateProcessing")
    if rules is not None or root.find("templateDeclaration") is not None:
        report.loss(Wrong.ONE_OF_MANY, place)
        try:
            variables, values = templated(variables, rules)
        except (CannotTell, ArithmeticError, ValueError, TypeError, LookupError) as unknown:
            report.loss(Wrong.NOT_INTERPRETED, place, what=str(unknown))
    if is_true(root, "adaptive"):
        report.loss(Odd.NOT_KEPT, place, what="adaptive")
    content = Content(bytes_of, place, report)
    content.values = values
    item = Item(
        root=root,
        body=root.find("itemBody"),
        variables=variables,
        processing=root.find("responseProcessing"),
        values=values,
        content=content,
        place=place,
        report=report,
    )
    _show_at_first(item)
    for each in root.iter():
        if each.tag in _PASSED_OVER:
            report.loss(Odd.NOT_KEPT, item.line(each), what=each.tag)
    return item


def _show_at_first(item: Item) -> None:
    """What is shown before anything is answered belongs to the text, and so does whatever can be answered."""
    for each in item.root.iter("rubricBlock"):
        if "candidate" in each.get("view", "candidate").split():
            item.content.shown.add(each)
        else:
            item.report.loss(Odd.NOT_KEPT, item.line(each), what=f"rubricBlock {each.get('view')}")
    for tag in ("feedbackBlock", "feedbackInline"):
        for each in item.root.iter(tag):
            outcome = item.variables.get(each.get("outcomeIdentifier", ""))
            held = items_of(outcome.default) if outcome is not None and outcome.sort == OUTCOME else ()
            is_shown = (each.get("identifier") in held) == (each.get("showHide", "show") == "show")
            if any(str(inner.tag).endswith(INTERACTION) and inner.tag not in _PASSED_OVER for inner in each.iter()):
                item.content.shown.add(each)
                if not is_shown:
                    item.report.loss(Odd.NOT_KEPT, item.line(each), what=tag)
            elif is_shown and each.get("showHide", "show") == "show":
                item.content.shown.add(each)
