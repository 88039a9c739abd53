"""What questions and answers say, in words for pages and reports."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import ngettext

from quizzes.kinds import CHOSEN, FILES, NUMBER, ORDER, TEXT, UNIT, Option, Response
from quizzes.kinds.gaps import Gaps
from quizzes.kinds.pairs import Pairs
from quizzes.marking import Kind
from quizzes.questions import QuestionVersion


def options_of(version: QuestionVersion) -> list[Option]:
    """What may change places, in the order of the text and in the visitor's language."""
    if version.kind is Kind.TRUE_FALSE:
        return [Option(id="true", text=_("True")), Option(id="false", text=_("False"))]
    return list(version.behavior.options(version.body))


def said(version: QuestionVersion, response: Response) -> list[str]:
    """An answer, or the right one, line by line."""
    return list(_lines(version, response))


def _lines(version: QuestionVersion, response: Response) -> Iterator[str]:
    behavior, texts = version.behavior, {option.id: option.text for option in options_of(version)}
    if isinstance(behavior, Pairs):
        for row in version.body["rows"]:
            for choice in response.get(row["id"], ()):
                yield _("%(one)s: %(other)s", one=row["text"], other=_choice(version, choice))
    elif isinstance(behavior, Gaps):
        for number, text in enumerate(behavior.read(version.body, response), start=1):
            if text:
                yield _("Gap %(number)d: %(text)s", number=number, text=text)
    elif ORDER in response:
        for number, item in enumerate(response[ORDER], start=1):
            yield f"{number}. {texts[item]}"
    elif NUMBER in response:
        yield " ".join([*response[NUMBER], *response.get(UNIT, ())])
    elif FILES in response:
        yield ngettext("%(num)d file", "%(num)d files", len(response[FILES]))
    else:
        yield from response.get(TEXT, ())
        yield from (texts[option] for option in response.get(CHOSEN, ()) if option in texts)


def _choice(version: QuestionVersion, choice: str) -> str:
    return next(str(each["text"]) for each in version.body["choices"] if each["id"] == choice)
