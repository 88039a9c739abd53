"""Questions as pages show them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from quizzes import rich
from quizzes.kinds.gaps import GAP
from quizzes.questions import QuestionVersion


def html_of(version: QuestionVersion, text: str, *, inline: bool = False) -> Markup:
    """One of a question's texts, sanitized."""
    return rich.shown(text, version.text_format, _address, inline=inline)


def _address(public_id: str) -> str | None:
    """Banks have no pictures yet."""
    return None


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
