"""An item becomes a question; what of it has no counterpart is reported."""

from __future__ import annotations

from quizzes.formats.model import Media, Question
from quizzes.formats.qti import feedback, shapes
from quizzes.formats.qti.content import MARK, Bytes, paragraph
from quizzes.formats.qti.items import Item, item_of
from quizzes.formats.qti.trying import Trial
from quizzes.formats.reports import Odd, Reporter
from quizzes.formats.safe_xml import Element
from quizzes.marking import rounded
from quizzes.rich import TextFormat

MADE_UP = "made-"
"""Identifiers that files of ours make up begin with it."""


def question_of(
    root: Element, name: str, bytes_of: Bytes, report: Reporter, before: str = "", *, line: int = 0
) -> Question | None:
    """The question of an item with names of QTI 2; `name` is that of its file, `before` a text that belongs to it."""
    item = item_of(root, name, bytes_of, report, line)
    if item.body is None:
        report.error(Odd.NOT_READ, item.place, what=root.get("identifier") or "assessmentItem without itemBody")
        return None
    identifier = root.get("identifier", "")
    trial = Trial(item)
    fitted = shapes.fitted(item, trial)
    if fitted is None:
        return None
    told = feedback.told(item, trial, fitted)
    _mark_prompts(item)
    is_ours = root.get("toolName") == feedback.OURS and len(item.body) > 0
    body = {"text": before + item.content.html(item.body[0] if is_ours else item.body), **fitted.body}
    if told.why:
        body["why"] = told.why
    return Question(
        kind=fitted.kind,
        body=body,
        text_format=TextFormat.HTML,
        title=root.get("title", ""),
        identifier="" if is_ours and identifier.startswith(MADE_UP) else identifier,
        maximum=rounded(fitted.maximum),
        feedback=told.feedback,
        media=_shown(item, body, told.feedback),
        place=item.place,
    )


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
