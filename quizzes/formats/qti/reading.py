"""An item becomes a question; what of it has no counterpart is reported."""

from __future__ import annotations

from quizzes.formats.model import Media, Question
from quizzes.formats.qti import feedback, shapes
from quizzes.formats.qti.content import MARK, Bytes, paragraph
from quizzes.formats.qti.fitting import Fitted
from quizzes.formats.qti.items import Item, item_of
from quizzes.formats.qti.names import OURS
from quizzes.formats.qti.shapes.typed import BLANK
from quizzes.formats.qti.trying import Trial
from quizzes.formats.qti.unread import tell_unread
from quizzes.formats.qti.worths import worth_of
from quizzes.formats.reports import Odd, Reporter
from quizzes.formats.safe_xml import Element
from quizzes.rich import TextFormat

MADE_UP = "made-"
"""Identifiers that files of ours make up begin with it."""


def questions_of(
    root: Element, name: str, bytes_of: Bytes, report: Reporter, before: str = "", *, line: int = 0
) -> list[Question]:
    """The question of an item with names of QTI 2, or several that are the item together.

    `name` is that of its file, `before` a text that belongs to it.
    """
    item = item_of(root, name, bytes_of, report, line)
    if item.body is None:
        report.error(Odd.NOT_READ, item.place, what=root.get("identifier") or "assessmentItem without itemBody")
        return []
    trial = Trial(item)
    found = shapes.fitted(item, trial)
    if not found:
        return []
    tell_unread(root, item.place, report, is_ruled=trial.is_ruled)
    told = feedback.told(item, trial, found)
    _mark_prompts(item)
    return [
        _question(item, before, fitted, said, number)
        for number, (fitted, said) in enumerate(zip(found, told, strict=True), start=1)
    ]


def _question(item: Item, before: str, fitted: Fitted, told: feedback.Told, number: int) -> Question:
    root, identifier = item.root, item.root.get("identifier", "")
    is_ours, shown = root.get("toolName") == OURS, item.body
    if is_ours and shown is not None and len(shown):
        shown = shown[0]
    body = {"text": before + _text(item, shown, fitted), **fitted.body}
    if told.why:
        body["why"] = told.why
    return Question(
        kind=fitted.kind,
        body=body,
        text_format=TextFormat.HTML,
        title=root.get("title", "") + (f" ({number})" if fitted.is_part else ""),
        identifier="" if is_ours and identifier.startswith(MADE_UP) else identifier + (f"-{number}" * (number > 1)),
        maximum=_maximum(item, fitted),
        feedback=told.feedback,
        media=_shown(item, body, told.feedback),
        place=item.place,
    )


def _maximum(item: Item, fitted: Fitted) -> float:
    found = worth_of(fitted.maximum, item.place, item.report, "SCORE")
    return 1.0 if found is None else found


def _text(item: Item, element: Element, fitted: Fitted) -> str:
    """Of an item that is several questions, with those interactions that this one is."""
    if not fitted.is_part:
        return item.content.html(element)
    marks = dict(item.content.marks)
    for each in item.interactions:
        if each not in fitted.asks:
            item.content.marks[each] = MARK if each.getparent().tag in ("itemBody", "contentBody") else BLANK
    try:
        return item.content.html(element)
    finally:
        item.content.marks = marks


def _mark_prompts(item: Item) -> None:
    """Of an interaction that is the whole question, what it asks stays in the text."""
    for each in item.interactions:
        if each in item.content.marks:
            continue
        prompt = each.find("prompt")
        said = "" if prompt is None else paragraph(item.content.inner(prompt))
        if each.tag == "hottextInteraction":
            said = item.content.inner(each)
        item.content.marks[each] = MARK + said


def _shown(item: Item, body: object, told: object) -> tuple[Media, ...]:
    """The pictures and recordings that its texts name."""
    said = repr((body, told))
    image = body.get("image") if isinstance(body, dict) else None
    return tuple(each for key, each in item.content.media.items() if each.reference in said or key == image)
