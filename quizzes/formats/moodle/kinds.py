"""Moodle's types of questions as kinds of ours: what is in the body, what is shown, what is said to answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from lti_tool.files.kinds import KINDS as FILES
from quizzes.bank.checking import MOST_FILES
from quizzes.bank.numbers import as_kept, kept_number
from quizzes.formats.model import OTHER
from quizzes.formats.moodle import gaps
from quizzes.formats.moodle.elements import Element, child_of, is_yes, said, text_and, whole_number
from quizzes.formats.moodle.sources import Comment, NotRead, Parsed, Source, Wrong
from quizzes.formats.numbers import decimal_of
from quizzes.formats.pairs import matched
from quizzes.formats.scorings import scoring_of
from quizzes.formats.texts import Written, rows_of
from quizzes.formats.weights import NOTHING, share, weighed
from quizzes.kinds import Kind
from quizzes.kinds.choices import ALL_OR_NOTHING
from quizzes.kinds.ordering import Scoring


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
    how, files = source.said("responseformat"), whole_number(source.said("attachments"))
    for name in ("graderinfo", "responsetemplate"):
        if source.said(name):
            source.lose(f"<{name}>")
    if how == "noinline":
        return Parsed(Kind.UPLOAD, lambda _texts: _files(source, files))
    if files:
        source.lose("<attachments>")
    wanted = {
        "lines": whole_number(source.said("responsefieldlines")),
        "least_words": whole_number(source.said("minwordlimit")),
        "most_words": whole_number(source.said("maxwordlimit")),
    }
    return Parsed(Kind.ESSAY, lambda _texts: {name: value for name, value in wanted.items() if value})


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
    how, count = source.said("selecttype"), whole_number(source.said("selectcount"))
    if how not in ("", "0", "ALL") and 0 < count < len(answers):
        source.lose("<selectcount>")
    texts, feedback = _texts_and_comments("items", answers, source)
    return Parsed(Kind.ORDERING, lambda texts: {"items": rows_of(texts), **extra}, texts, feedback)


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
    "cloze": gaps.multianswer,
    "multianswer": gaps.multianswer,
    "gapselect": gaps.gapselect,
    "ddwtos": gaps.ddwtos,
}
