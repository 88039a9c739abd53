"""Moodle's types whose answers stand amid the text: typed or chosen there, or dragged to it."""

from __future__ import annotations

import re
from typing import Any

from quizzes.formats.moodle import cloze
from quizzes.formats.moodle.elements import Element, child_of, said, whole_number
from quizzes.formats.moodle.sources import Comment, NotRead, Parsed, Source, Wrong
from quizzes.formats.reports import Odd
from quizzes.formats.texts import Written, has_tags, rows_of, without_marks
from quizzes.kinds import Kind
from quizzes.kinds.gaps import GAP
from quizzes.rich import TextFormat, plain


def multianswer(source: Source) -> Parsed:
    gaps: list[dict[str, Any]] = []
    feedback: list[tuple[str, Written]] = []

    def gap(found: re.Match[str]) -> str:
        try:
            read = cloze.gap_of(len(gaps) + 1, found)
        except cloze.NotAGap as refused:
            raise NotRead(Wrong.NO_SUCH_GAP, refused.what) from None
        gaps.append(read.body)
        feedback.extend((path, _said_in_gap(source, said)) for path, said in cloze.comments(read))
        return f"[[{read.body['id']}]]"

    text = cloze.GAP.sub(gap, GAP.sub(r"[\1]", source.text))
    if not gaps:
        raise NotRead(Wrong.NO_ANSWERS)
    comments: list[Comment] = [("", path, said) for path, said in feedback]
    return Parsed(Kind.CLOZE, lambda _texts: {"gaps": gaps}, feedback=comments, text=text)


def _said_in_gap(source: Source, said: str) -> Written:
    """Within a gap signs are written as in HTML, whatever the format of the question."""
    is_html = source.usual == TextFormat.HTML
    return source.usual, said if is_html else without_marks(TextFormat.HTML, said)


def gapselect(source: Source) -> Parsed:
    return _chosen_gaps(source, "selectoption")


def ddwtos(source: Source) -> Parsed:
    source.report.note(Odd.KEPT_AS, source.place, what="ddwtos", now=Kind.DROP_DOWN)
    return _chosen_gaps(source, "dragbox")


def _chosen_gaps(source: Source, name: str) -> Parsed:
    """`[[2]]` is the gap that the second option belongs into; all options of its group are offered there."""
    options = [(said(child_of(each, "group")) or "1", _option(source, each)) for each in source.parts.get(name, ())]
    gaps: list[dict[str, Any]] = []

    def gap(found: re.Match[str]) -> str:
        number = whole_number(found[1]) - 1
        if not 0 <= number < len(options):
            raise NotRead(Wrong.NO_SUCH_GAP, found[0])
        group, right = options[number]
        rows = rows_of(dict.fromkeys(text for each, text in options if each == group))
        rows = rows if source.is_shuffled() else [{**row, "fixed": True} for row in rows]
        chosen = next(row["id"] for row in rows if row["text"] == right)
        gaps.append({"id": str(len(gaps) + 1), "kind": Kind.SINGLE.value, "options": rows, "right": [chosen]})
        return f"[[{len(gaps)}]]"

    text = GAP.sub(gap, source.text)
    if not gaps:
        raise NotRead(Wrong.NO_ANSWERS)
    return Parsed(Kind.DROP_DOWN, lambda _texts: {"gaps": gaps}, text=text)


def _option(source: Source, element: Element) -> str:
    text = said(element)
    if has_tags(text):
        source.lose(text)
        return plain(text, TextFormat.HTML)
    return without_marks(source.usual, text)
