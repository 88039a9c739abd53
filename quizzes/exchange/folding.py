"""What a bank keeps of a question that came in a file; no database, no web.

Banks have one explanation for a question. What is said to single answers is kept there, beneath it; what is said to the
whole answer, hints, and what further tries cost have no place, and that is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from quizzes.formats.equality import folded
from quizzes.formats.model import OTHER, PARTLY, RIGHT, WRONG, Question
from quizzes.formats.reports import Odd, Part, Reporter
from quizzes.kinds import Body, Kind
from quizzes.rich import TextFormat, plain

WHOLE = (RIGHT, PARTLY, WRONG, OTHER)


def folded_in(question: Question, report: Reporter) -> Question:
    """The question as a bank keeps it."""
    comments = question.feedback
    lines = [(answer, comments[path]) for path, answer in _answers(question) if comments.get(path)] if comments else []
    if lines:
        report.note(Odd.KEPT_AS, question.place, part=Part.FEEDBACK, what=Part.FEEDBACK, now=Part.WHY)
    for part, said in (
        (Part.WHOLE, [each for each in WHOLE if question.feedback.get(each)]),
        (Part.HINTS, question.hints),
    ):
        if said:
            report.loss(Odd.NOT_KEPT, question.place, part=part, what=part)
    if question.penalty:
        # Moodle writes one at every question, whether or not anybody may try again.
        report.note(Odd.NOT_KEPT, question.place, part=Part.PENALTY, what=Part.PENALTY)
    if not lines:
        return question
    why = _with_lines(str(question.body.get("why", "")), lines, question.text_format)
    return replace(question, body={**question.body, "why": why}, feedback={})


def title_of(question: Question) -> str:
    """What it is called; nothing where that is only how it begins."""
    title = question.title
    return "" if not title or _begins_with(question, title.rstrip(".… ")) else title


def _begins_with(question: Question, title: str) -> bool:
    """Whether a title is only how the question begins, as most are."""
    text = str(question.body["text"])
    return title in text[: 2 * len(title)] or folded(plain(text, question.text_format)).startswith(folded(title))


def _answers(question: Question) -> Iterator[tuple[str, str]]:
    """The paths of single answers, each with what it says."""
    if question.kind is Kind.TRUE_FALSE:
        yield from (("options/true", "True"), ("options/false", "False"))
    yield from _rows(question.body, "")
    for gap in question.body.get("gaps", ()):
        yield from _rows(gap, f"gaps/{gap['id']}/")


def _rows(body: Body, prefix: str) -> Iterator[tuple[str, str]]:
    for name in ("options", "items"):
        for row in body.get(name, ()):
            yield f"{prefix}{name}/{row['id']}", str(row["text"])
    for place, row in enumerate(body.get("answers", ())):
        yield f"{prefix}answers/{place}", str(row.get("text") or row.get("value"))
    if prefix:
        yield prefix + OTHER, "…"


def _with_lines(why: str, lines: Sequence[tuple[str, str]], text_format: TextFormat) -> str:
    if text_format is TextFormat.HTML:
        return why + "<ul>" + "".join(f"<li>{answer}: {said}</li>" for answer, said in lines) + "</ul>"
    mark = "- " if text_format is TextFormat.MARKDOWN else ""
    below = "\n".join(f"{mark}{answer}: {said}" for answer, said in lines)
    return f"{why}\n\n{below}" if why else below
