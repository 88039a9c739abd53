"""Questions as pages show them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask import g, has_request_context, url_for
from markupsafe import Markup

from quizzes import rich
from quizzes.kinds.gaps import GAP
from quizzes.questions import QuestionVersion

_PUBLIC_ID = re.compile(r"\w{1,32}")


def html_of(version: QuestionVersion, text: str, *, inline: bool = False) -> Markup:
    """One of a question's texts, sanitized."""
    return rich.shown(text, version.text_format, picture_address, inline=inline)


def picture_address(public_id: str) -> str | None:
    """Where the visitor of a course sees this picture; nowhere outside a page of a course."""
    me = g.get("me") if has_request_context() else None
    if me is None or _PUBLIC_ID.fullmatch(public_id) is None:
        return None
    return url_for("banks.picture", course=me.course.public_id, picture_id=public_id)


def in_a_line(version: QuestionVersion) -> str:
    """What it asks, without marks, to name it by."""
    return " ".join(html_of(version, version.text).striptags().split())


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
