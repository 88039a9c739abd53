"""Questions as pages show them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask import g, has_request_context, url_for
from markupsafe import Markup, escape

from quizzes import rich, wording
from quizzes.kinds import Response
from quizzes.kinds.gaps import GAP
from quizzes.questions import QuestionVersion

_PUBLIC_ID = re.compile(r"\w{1,32}")


def html_of(version: QuestionVersion, text: str, *, inline: bool = False) -> Markup:
    """One of a question's texts, sanitized."""
    return rich.shown(text, version.text_format, picture_address, inline=inline)


def picture_address(public_id: str) -> str | None:
    """Where the visitor of a course sees this picture; nowhere outside a page of a course.

    A page that shows questions which are in no bank yet says itself where theirs are: `g.pictures_at`.
    """
    if has_request_context() and (elsewhere := g.get("pictures_at")) is not None:
        return str(elsewhere(public_id)) if _PUBLIC_ID.fullmatch(public_id) else None
    me = g.get("me") if has_request_context() else None
    if me is None or _PUBLIC_ID.fullmatch(public_id) is None:
        return None
    return url_for("banks.picture", course=me.course.public_id, picture_id=public_id)


def in_a_line(version: QuestionVersion) -> str:
    """What it asks, without marks, to name it by."""
    return " ".join(html_of(version, version.text).striptags().split())


def options_of(version: QuestionVersion) -> list[Markup]:
    """What may change places, in the order of the text, as labels and lists show it."""
    return [words_html(version, option.text) for option in wording.options_of(version)]


def said(version: QuestionVersion, response: Response) -> list[Markup]:
    """An answer, or the right one, line by line, with the marks that authors made."""
    return [escape(line) for line in wording.lines(version, response, words_html)]


def words_html(version: QuestionVersion, text: str) -> Markup:
    """An option, a row or a choice, sanitized, for a label or a line."""
    return html_of(version, text, inline=True) if wording.has_marks(version) else escape(text)


NOTHING = Markup()


@dataclass(frozen=True)
class Part:
    """A stretch of a text with gaps, or a gap."""

    html: Markup = NOTHING
    gap: str = ""


def with_gaps(version: QuestionVersion) -> Iterator[Part]:
    """The text, cut where its gaps are."""
    pieces = GAP.split(html_of(version, version.text))
    for number, piece in enumerate(pieces):
        if number % 2:
            yield Part(gap=piece)
        elif piece:
            yield Part(html=Markup(piece))
