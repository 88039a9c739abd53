"""Moodle's types of questions as kinds of ours: what is in the body, what is shown, what is said to answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from lti_tool.files.kinds import KINDS as FILES
from quizzes.bank.checking import MOST_FILES
from quizzes.bank.numbers import as_kept, kept_number
from quizzes.formats.model import OTHER, Place
from quizzes.formats.moodle import cloze
from quizzes.formats.moodle.elements import Element, child_of, is_yes, said, text_and, text_of
from quizzes.formats.numbers import decimal_of
from quizzes.formats.pairs import matched
from quizzes.formats.pictures import Named
from quizzes.formats.reports import Odd, Reporter
from quizzes.formats.scorings import scoring_of
from quizzes.formats.texts import Written, has_tags, rows_of, without_marks
from quizzes.formats.weights import NOTHING, share, weighed
from quizzes.kinds import Kind
from quizzes.kinds.choices import ALL_OR_NOTHING
from quizzes.kinds.gaps import GAP
from quizzes.kinds.ordering import Scoring
from quizzes.rich import TextFormat, plain

Comment = tuple[str, int | str, Written]
"""What is said to a row of a list, by its place there; or to an answer by its whole path, beside no list."""


class Wrong(StrEnum):
    """What can be wrong in Moodle's own way."""

    NO_NUMBER = "moodle_no_number"
    NO_SUCH_GAP = "moodle_no_such_gap"
    NO_ANSWERS = "moodle_no_answers"


class NotRead(Exception):
    def __init__(self, wrong: StrEnum, what: str = "") -> None:
        super().__init__(wrong)
        self.wrong, self.what = wrong, what


@dataclass
class Parsed:
    """A question whose texts wait until the format of all of them is known."""

    kind: Kind
    make: Callable[[Sequence[str]], dict[str, Any]] = field(default=lambda _texts: {})
    """The body's parts, from the texts."""
    texts: list[Written] = field(default_factory=list)
    feedback: list[Comment] = field(default_factory=list)
    text: str | None = None
    """The question itself where it is another than the file's."""


@dataclass(slots=True)
class Source:
    """A question in the file."""

    element: Element
    parts: Mapping[str, Sequence[Element]]
    """The element's children by their tags."""
    usual: str
    """How its texts are written where nothing is said."""
    pictures: Named
    place: Place
    report: Reporter
    text: str

    def said(self, name: str) -> str:
        """What the first part with this tag says."""
        return said(self.parts[name][0]) if name in self.parts else ""

    def text_of(self, element: Element | None) -> Written:
        return text_of(element, self.usual, self.pictures)

    def answers(self) -> Sequence[Element]:
        found = self.parts.get("answer")
        if not found:
            raise NotRead(Wrong.NO_ANSWERS)
        return found

    def is_shuffled(self) -> bool:
        return is_yes(self.said("shuffleanswers"), usual=True)

    def lose(self, what: str) -> None:
        self.report.loss(Odd.NOT_KEPT, self.place, what=what)


def _worth(answer: Element) -> Fraction:
    return share(answer.get("fraction") or "0") or NOTHING


def _comments(name: str, answers: Sequence[Element], source: Source) -> list[Comment]:
    found = ((place, source.text_of(child_of(answer, "feedback"))) for place, answer in enumerate(answers))
    return [(name, place, written) for place, written in found if written[1]]


def _texts_and_comments(name: str, answers: Sequence[Element], source: Source) -> tuple[list[Written], list[Comment]]:
    """What answers say, and what is said to them."""
    found = [text_and(answer, "feedback", source.usual, source.pictures) for answer in answers]
    comments: list[Comment] = []
    for place, (_written, feedback) in enumerate(found):
        if feedback is not None and (comment := source.text_of(feedback))[1]:
            comments.append((name, place, comment))
    return [written for written, _feedback in found], comments


def multichoice(source: Source) -> Parsed:
    is_single = is_yes(source.said("single"), usual=True) and source.element.get("type") == "multichoice"
    kind = Kind.SINGLE if is_single else Kind.MULTIPLE
    answers = source.answers()
    fixed = {} if source.is_shuffled() else {"fixed": True}
    extra = {"scoring": ALL_OR_NOTHING} if source.element.get("type") == "multichoiceset" else {}
    worth = [_worth(answer) for answer in answers]

    def make(texts: Sequence[str]) -> dict[str, Any]:
        rows = rows_of(texts)
        if fixed:
            rows = [{**row, **fixed} for row in rows]
        if extra:
            return {
                "options": rows,
                "right": [row["id"] for row, each in zip(rows, worth, strict=True) if each > 0],
                **extra,
            }
        return weighed(kind, rows, worth)

    return Parsed(kind, make, *_texts_and_comments("options", answers, source))


def truefalse(source: Source) -> Parsed:
    right, feedback = "", list[Comment]()
    for answer in source.answers():
        name = "true" if said(answer).lower() in ("true", "1") else "false"
        if _worth(answer) > 0:
            right = name
        feedback.append(("", f"options/{name}", source.text_of(child_of(answer, "feedback"))))
    return Parsed(Kind.TRUE_FALSE, lambda _texts: {"right": [right] if right else []}, feedback=feedback)


def shortanswer(source: Source) -> Parsed:
    answers = source.answers()
    *listed, last = answers
    others = last if listed and said(last) == "*" and not _worth(last) else None
    kept = listed if others is not None else answers
    made = [{"text": said(answer), **_weight(_worth(answer))} for answer in kept]
    feedback = _comments("answers", kept, source)
    if others is not None:
        feedback.append(("", OTHER, source.text_of(child_of(others, "feedback"))))
    extra = {"case": True} if is_yes(source.said("usecase"), usual=False) else {}
    return Parsed(Kind.SHORT_TEXT, lambda _texts: {"answers": made, **extra}, feedback=feedback)


def _weight(worth: Fraction) -> dict[str, str]:
    return {} if worth == 1 else {"weight": str(worth)}


def numerical(source: Source) -> Parsed:
    made: list[dict[str, Any]] = []
    feedback: list[Comment] = []
    for answer in source.answers():
        comment = source.text_of(child_of(answer, "feedback"))
        if said(answer) == "*":
            if _worth(answer):
                raise NotRead(Wrong.NO_NUMBER, "*")
            feedback.append(("", OTHER, comment))
            continue
        feedback.append(("answers", len(made), comment))
        made.append({**_number(said(answer), said(child_of(answer, "tolerance"))), **_weight(_worth(answer))})
    if not made:
        raise NotRead(Wrong.NO_ANSWERS)
    units = _units(source)
    return Parsed(Kind.NUMERIC, lambda _texts: {"answers": made, **units}, feedback=feedback)


def _number(value: str, tolerance: str) -> dict[str, Any]:
    found, near = kept_number(as_kept(value)), kept_number(as_kept(tolerance or "0"))
    if found is None or near is None:
        raise NotRead(Wrong.NO_NUMBER, value if found is None else tolerance)
    kept = {"value": decimal_of(found)}
    return {**kept, "tolerance": decimal_of(abs(near))} if near else kept


def _units(source: Source) -> dict[str, Any]:
    """Moodle says how many of a unit are one of the answer's own, we say it the other way round."""
    found = [
        (said(each.find("unit_name")), kept_number(as_kept(said(each.find("multiplier")) or "1")))
        for each in source.element.iterfind("units/unit")
    ]
    units = [(name, factor) for name, factor in found if name and factor is not None and factor > 0]
    if not units or source.said("showunits") == "3":
        return {}
    units.sort(key=lambda unit: unit[1] != 1)
    if units[0][1] != 1:
        source.lose("<units>")
        return {}
    asked = {"unit": "optional" if source.said("unitgradingtype") in ("", "0") else "required"}
    penalty = kept_number(source.said("unitpenalty") or "0.1")
    if penalty is not None and penalty != Fraction(1, 10):
        asked["unit_penalty"] = decimal_of(penalty)
    return {"units": [{"unit": name, "factor": decimal_of(1 / factor)} for name, factor in units], **asked}


def matching(source: Source) -> Parsed:
    found = source.parts.get("subquestion", ())
    rows = [source.text_of(each) for each in found]
    choices = [(source.usual, said(child_of(each, "answer"))) for each in found]
    if not source.is_shuffled():
        source.lose("<shuffleanswers>")

    def make(texts: Sequence[str]) -> dict[str, Any]:
        return matched(texts[: len(rows)], texts[len(rows) :])

    return Parsed(Kind.MATCHING, make, [*rows, *choices])


def essay(source: Source) -> Parsed:
    how, files = source.said("responseformat"), _whole(source.said("attachments"))
    for name in ("graderinfo", "responsetemplate"):
        if source.said(name):
            source.lose(f"<{name}>")
    if how == "noinline":
        return Parsed(Kind.UPLOAD, lambda _texts: _files(source, files))
    if files:
        source.lose("<attachments>")
    wanted = {
        "lines": _whole(source.said("responsefieldlines")),
        "least_words": _whole(source.said("minwordlimit")),
        "most_words": _whole(source.said("maxwordlimit")),
    }
    return Parsed(Kind.ESSAY, lambda _texts: {name: value for name, value in wanted.items() if value})


def _whole(said: str) -> int:
    return int(said) if re.fullmatch(r"-?\d{1,6}", said) else 0


def _files(source: Source, most: int) -> dict[str, Any]:
    endings = [each.strip(" .").lower() for each in re.split(r"[,;\s]+", source.said("filetypeslist"))]
    taken = [each for each in endings if each in FILES]
    for each in endings:
        if each and each not in FILES:
            source.lose(f"<filetypeslist> {each}")
    return {"most": min(most, MOST_FILES) if most > 0 else MOST_FILES if most < 0 else 1, "types": taken}


def description(_source: Source) -> Parsed:
    return Parsed(Kind.DESCRIPTION)


def ordering(source: Source) -> Parsed:
    answers = source.answers()
    scoring = scoring_of(source.said("gradingtype")) or Scoring.ABSOLUTE_POSITION
    extra = {} if scoring is Scoring.ALL_BEFORE_AND_AFTER else {"scoring": scoring.value}
    how, count = source.said("selecttype"), _whole(source.said("selectcount"))
    if how not in ("", "0", "ALL") and 0 < count < len(answers):
        source.lose("<selectcount>")
    texts, feedback = _texts_and_comments("items", answers, source)
    return Parsed(Kind.ORDERING, lambda texts: {"items": rows_of(texts), **extra}, texts, feedback)


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
        number = _whole(found[1]) - 1
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


KINDS: Mapping[str, Callable[[Source], Parsed]] = {
    "multichoice": multichoice,
    "multichoiceset": multichoice,
    "truefalse": truefalse,
    "shortanswer": shortanswer,
    "numerical": numerical,
    "matching": matching,
    "match": matching,
    "essay": essay,
    "description": description,
    "ordering": ordering,
    "cloze": multianswer,
    "multianswer": multianswer,
    "gapselect": gapselect,
    "ddwtos": ddwtos,
}
