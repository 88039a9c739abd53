"""Questions as pages show them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask, g, has_request_context, url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from quizzes import rich, wording
from quizzes.kinds import Response
from quizzes.kinds.gaps import GAP
from quizzes.questions import QuestionVersion

_PUBLIC_ID = re.compile(r"\w{1,32}")


def init_app(app: Flask) -> None:
    """Every page can show a question: `quizzes/_question.html` needs nothing of the page it stands on but these."""
    app.jinja_env.globals.update(html_of=html_of, with_gaps=with_gaps)


def html_of(version: QuestionVersion, text: str, *, inline: bool = False) -> Markup:
    """One of a question's texts, sanitized."""
    return rich.shown(text, version.text_format, picture_address, inline=inline, player=player)


def picture_address(public_id: str) -> str | None:
    """Where the visitor of a course sees this picture; nowhere outside a page of a course.

    A page that shows questions which are in no bank yet says itself where theirs are: `g.pictures_at`.
    """
    return _address("banks.picture", picture_id=public_id)


def sound_address(public_id: str) -> str | None:
    """The same of a recording."""
    return _address("banks.sound", sound_id=public_id)


def _address(endpoint: str, **named: str) -> str | None:
    [public_id] = named.values()
    if not has_request_context() or _PUBLIC_ID.fullmatch(public_id) is None:
        return None
    if (elsewhere := g.get("pictures_at")) is not None:
        return str(elsewhere(public_id))
    me = g.get("me")
    return None if me is None else url_for(endpoint, course=me.course.public_id, **named)  # type: ignore[arg-type]


_IN_A_LINE = Markup('<span class="sound">{player} <span class="detail">{words}</span></span>')
_BY_ITSELF = Markup(
    '<figure class="sound">{player}<details><summary>{summary}</summary><p>{words}</p></details></figure>'
)
_PLAYER = Markup('<audio controls preload="none" src="{address}" aria-label="{label}"></audio>')


def player(public_id: str, words: str, is_amid: bool) -> Markup:
    """A recording with what is heard in words; only these where it cannot be played."""
    address = sound_address(public_id)
    if address is None:
        return escape(words)
    playing = _PLAYER.format(address=address, label=_("Recording"))
    if is_amid or not words:
        return _IN_A_LINE.format(player=playing, words=words)
    return _BY_ITSELF.format(player=playing, summary=_("What is heard, in words"), words=words)


def in_a_line(version: QuestionVersion) -> str:
    """What it asks, without marks, to name it by; of a picture or a recording, the words that stand for it."""
    return " ".join(rich.plain(version.text, version.text_format, inline=False).split())


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
