"""What questions and answers say, in words for reports, lists to choose from and statements: without marks.

Pages show the marks that authors made in options: see `showing`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from quizzes import rich
from quizzes.kinds import CHOSEN, FILES, NUMBER, ORDER, TEXT, UNIT, Body, Option, Response
from quizzes.kinds.gaps import Gaps
from quizzes.kinds.pairs import Pairs
from quizzes.marking import Kind
from quizzes.questions import QuestionVersion
from quizzes.rich import TextFormat

Words = Callable[[QuestionVersion, str], str]
"""How what an author wrote is to be told."""


def has_marks(version: QuestionVersion) -> bool:
    """Whether its options may have marks; areas of a picture are named in plain words, true and false in ours."""
    is_marked_up = version.text_format is not TextFormat.PLAIN
    return is_marked_up and version.kind not in (Kind.HOTSPOT, Kind.TRUE_FALSE)


def without_marks(version: QuestionVersion, text: str) -> str:
    """One of a question's texts as plain text in one line; of a picture, what it shows."""
    return rich.plain(text, version.text_format) if has_marks(version) else text


def options_of(version: QuestionVersion) -> list[Option]:
    """What may change places, as its author wrote it, in the order of the text and in the visitor's language."""
    if version.kind is Kind.TRUE_FALSE:
        return [Option(id="true", text=_("True")), Option(id="false", text=_("False"))]
    return list(version.behavior.options(version.body))


MARKED = ("options", "rows", "choices", "items")
"""The lists of a body in whose texts marks may stand."""


def plain_body(version: QuestionVersion) -> Body:
    """What the question says, without the marks in its options, for those who tell of it outside."""
    return _plain_lists(version, version.body) if has_marks(version) else version.body


def _plain_lists(version: QuestionVersion, body: Body) -> Body:
    told = {
        name: [{**row, "text": without_marks(version, str(row.get("text", "")))} for row in body[name]]
        for name in MARKED
        if name in body
    }
    gaps = {"gaps": [_plain_lists(version, gap) for gap in body["gaps"]]} if "gaps" in body else {}
    return {**body, **told, **gaps}


def said(version: QuestionVersion, response: Response) -> list[str]:
    """An answer, or the right one, line by line."""
    return list(lines(version, response, without_marks))


def lines(version: QuestionVersion, response: Response, words: Words) -> Iterator[str]:
    """The same, with what authors wrote told in this way."""
    behavior, texts = version.behavior, {option.id: option.text for option in options_of(version)}
    if isinstance(behavior, Pairs):
        for row in version.body["rows"]:
            for choice in response.get(row["id"], ()):
                yield _joined(words(version, str(row["text"])), words(version, _choice(version, choice)))
    elif isinstance(behavior, Gaps):
        for number, text in enumerate(_in_gaps(version, response, words), start=1):
            if text:
                yield _in_gap(number, text)
    elif ORDER in response:
        for number, item in enumerate(response[ORDER], start=1):
            yield _counted(number, words(version, texts[item]))
    elif NUMBER in response:
        yield " ".join([*response[NUMBER], *response.get(UNIT, ())])
    elif FILES in response:
        yield ngettext("%(num)d file", "%(num)d files", len(response[FILES]))
    else:
        yield from response.get(TEXT, ())
        yield from (words(version, texts[option]) for option in response.get(CHOSEN, ()) if option in texts)


def _in_gaps(version: QuestionVersion, response: Response, words: Words) -> Iterator[str]:
    """What stands in each gap: what was chosen is its author's, what was typed is not."""
    read = Gaps.read(version.body, response)
    for gap, text in zip(version.body["gaps"], read, strict=True):
        yield words(version, text) if gap["kind"] == Kind.SINGLE else text


# Where one of the parts is HTML, the whole line has to be.


def _joined(one: str, other: str) -> str:
    return _formed(_("%(one)s: %(other)s"), one=one, other=other)


def _in_gap(number: int, text: str) -> str:
    return _formed(_("Gap %(number)d: %(text)s"), number=number, text=text)


def _counted(number: int, text: str) -> str:
    return _formed("%(number)d. %(text)s", number=number, text=text)


def _formed(sentence: str, **parts: str | int) -> str:
    is_html = any(isinstance(part, Markup) for part in parts.values())
    return Markup(sentence) % parts if is_html else sentence % parts


def _choice(version: QuestionVersion, choice: str) -> str:
    return next(str(each["text"]) for each in version.body["choices"] if each["id"] == choice)
