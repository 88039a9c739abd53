"""What stands against a question's text, each with its place; no database, no web.

A place is the way to it in the body: `("options", 1, "text")`. A draft may be incomplete; what nobody could read or
keep is refused in drafts as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from lti_tool.files.kinds import KINDS
from quizzes.bank import areas
from quizzes.bank.numbers import kept_number
from quizzes.kinds import Body, Kind
from quizzes.kinds.choices import ALL_OR_NOTHING
from quizzes.kinds.gaps import INNER, gaps_in
from quizzes.kinds.numbers import GEOMETRIC, NOMINAL, NOT_ASKED, OPTIONAL, RELATIVE, REQUIRED
from quizzes.kinds.ordering import Scoring

MOST_CHARACTERS = 100_000
"""Of all texts of a question together."""
MOST_PARTS = 100
"""Of one list: options, rows, gaps, answers."""
MOST_FILES, MOST_LINES, MOST_WORDS = 20, 60, 20_000
LONGEST_ID = 32
_ID = re.compile(rf"\w{{1,{LONGEST_ID}}}")
_ENDING = re.compile(r"[a-z0-9]{1,16}")

Place = tuple[str | int, ...]
PicturesIn = Callable[[str], Sequence[tuple[str, str]]]
"""The pictures that a text names, each with its alternative text."""


class Wrong(StrEnum):
    """What can be wrong; `wording` says each in a sentence."""

    NO_TEXT = "no_text"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    BAD_ID = "bad_id"
    SAME_ID = "same_id"
    SAME_TEXT = "same_text"
    BLANK = "blank"
    TWO_OPTIONS = "two_options"
    NOTHING_RIGHT = "nothing_right"
    ONE_RIGHT = "one_right"
    NOT_THERE = "not_there"
    BAD_NUMBER = "bad_number"
    BAD_WEIGHT = "bad_weight"
    NOT_ALL = "not_all"
    UNKNOWN = "unknown"
    NO_ANSWER = "no_answer"
    TOLERANCE = "tolerance"
    NO_UNIT = "no_unit"
    FACTOR = "factor"
    FIRST_FACTOR = "first_factor"
    PENALTY = "penalty"
    TWO_ROWS = "two_rows"
    TWO_CHOICES = "two_choices"
    BELONGS_NOWHERE = "belongs_nowhere"
    TWO_ITEMS = "two_items"
    NO_GAP = "no_gap"
    GAP_NOT_LISTED = "gap_not_listed"
    GAP_NOT_IN_TEXT = "gap_not_in_text"
    GAP_TWICE = "gap_twice"
    GAP_WEIGHT = "gap_weight"
    NO_PICTURE = "no_picture"
    PICTURE_GONE = "picture_gone"
    NO_ALT = "no_alt"
    TWO_AREAS = "two_areas"
    NOT_DRAWN = "not_drawn"
    OUTSIDE = "outside"
    WORDS = "words"
    LINES = "lines"
    FILES = "files"
    NOT_LOOKED_INTO = "not_looked_into"
    """Files with this ending are not taken: nobody here can tell what is in them."""
    ENDING = "ending"
    NO_LEVEL = "no_level"
    POINTS = "points"


OF_DRAFTS_TOO = frozenset(
    {
        *(Wrong.TOO_LONG, Wrong.TOO_MANY, Wrong.BAD_ID, Wrong.SAME_ID, Wrong.NOT_THERE, Wrong.UNKNOWN),
        *(Wrong.BAD_NUMBER, Wrong.BAD_WEIGHT, Wrong.TOLERANCE, Wrong.FACTOR, Wrong.PENALTY, Wrong.GAP_WEIGHT),
        *(Wrong.WORDS, Wrong.LINES, Wrong.FILES, Wrong.ENDING, Wrong.POINTS),
    }
)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where."""

    place: Place
    wrong: Wrong
    about: Mapping[str, object] = field(default_factory=dict)
    """What its sentence names."""

    @property
    def is_of_drafts_too(self) -> bool:
        return self.wrong in OF_DRAFTS_TOO


def no_pictures(_text: str) -> Sequence[tuple[str, str]]:
    """For bodies whose texts name none."""
    return ()


def problems(
    kind: Kind, body: Body, *, pictures_in: PicturesIn = no_pictures, known: Collection[str] = ()
) -> list[Problem]:
    """Everything that keeps this text from being asked; `known` are the pictures there are, by their public ids."""
    if _is_usual(kind, body) and pictures_in is no_pictures:
        return []
    too_much = list(_size(body))
    if too_much:
        return too_much
    return [*_text(kind, body), *_CHECKS[kind](body, ()), *_pictures(body, pictures_in, known)]


def _is_usual(kind: Kind, body: Body) -> bool:
    """Whether this is what most questions are: options that differ, one of them right. Nothing is wrong with that.

    Files bring such questions by the hundred thousand; all others are looked at part by part.
    """
    if kind is not Kind.SINGLE or len(body) != 3 + ("why" in body):
        return False
    text, rows, right = body.get("text"), body.get("options"), body.get("right")
    if type(text) is not str or type(rows) is not list or type(right) is not list:
        return False
    if len(right) != 1 or not 2 <= len(rows) <= MOST_PARTS:
        return False
    ids, texts = set[str](), set[str]()
    for row in rows:
        if len(row) != 2 or type(row.get("id")) is not str or type(row.get("text")) is not str:
            return False
        ids.add(row["id"])
        texts.add(" ".join(row["text"].split()).casefold())
    size = len(text) + len(body.get("why", "")) + sum(map(len, texts))
    return (
        right[0] in ids
        and "" not in ids
        and "" not in texts
        and len(ids) == len(texts) == len(rows)
        and max(map(len, ids)) <= LONGEST_ID
        and "".join(ids).isalnum()
        and size <= MOST_CHARACTERS // 4
        and not text.isspace()
        and text != ""
    )


def hard_problems(found: Sequence[Problem]) -> list[Problem]:
    """Those that are refused in a draft as well."""
    return [problem for problem in found if problem.is_of_drafts_too]


def _size(body: Body) -> Iterator[Problem]:
    if _characters(body) > MOST_CHARACTERS:
        yield Problem(("text",), Wrong.TOO_LONG, {"most": MOST_CHARACTERS})
    for name, value in body.items():
        if isinstance(value, list) and len(value) > MOST_PARTS:
            yield Problem((name,), Wrong.TOO_MANY, {"most": MOST_PARTS})


def _characters(value: Any) -> int:
    """Of all texts in it. Files bring questions by the hundred thousand, so the usual types come first."""
    number = 0
    for each in value.values() if isinstance(value, Mapping) else value:
        kind = type(each)
        if kind is str:
            number += len(each)
        elif kind is dict or kind is list or isinstance(each, Mapping):
            number += _characters(each)
        elif isinstance(each, str):
            number += len(each)
    return number


def _text(kind: Kind, body: Body) -> Iterator[Problem]:
    if not str(body.get("text", "")).strip():
        yield Problem(("text",), Wrong.NO_TEXT)


def _ids(rows: Sequence[Body], place: Place) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, row in enumerate(rows):
        name = str(row.get("id", ""))
        if not (len(name) <= LONGEST_ID and name.isalnum()) and _ID.fullmatch(name) is None:
            yield Problem((*place, number, "id"), Wrong.BAD_ID)
        elif name in seen:
            yield Problem((*place, number, "id"), Wrong.SAME_ID, {"id": name})
        seen.add(name)


def _words(rows: Sequence[Body], place: Place, word: str = "text") -> Iterator[Problem]:
    """Each row says something, and no two the same."""
    seen: set[str] = set()
    for number, row in enumerate(rows):
        said = " ".join(str(row.get(word, "")).split()).casefold()
        if not said:
            yield Problem((*place, number, word), Wrong.BLANK)
        elif said in seen:
            yield Problem((*place, number, word), Wrong.SAME_TEXT)
        seen.add(said)


def _few(rows: Sequence[Body], place: Place, least: int, wrong: Wrong) -> Iterator[Problem]:
    if len(rows) < least:
        yield Problem(place, wrong)


def _right(body: Body, rows: Sequence[Body], place: Place, *, one: bool) -> Iterator[Problem]:
    right, ids = list(body.get("right", ())), {str(row.get("id", "")) for row in rows}
    if not set(right) <= ids:
        yield Problem((*place, "right"), Wrong.NOT_THERE)
    elif not right:
        yield Problem((*place, "right"), Wrong.NOTHING_RIGHT)
    elif one and len(right) > 1:
        yield Problem((*place, "right"), Wrong.ONE_RIGHT)


def _scoring(body: Body, place: Place, allowed: Collection[str]) -> Iterator[Problem]:
    if body.get("scoring", "") not in ("", *allowed):
        yield Problem((*place, "scoring"), Wrong.UNKNOWN)


def _weights(rows: Sequence[Body], place: Place, *, least: int, missing: int, is_sum: bool) -> Iterator[Problem]:
    """Weights can be read, and what is right is worth all: one of them, or the sum of those above zero."""
    found = []
    for number, row in enumerate(rows):
        weight = kept_number(row.get("weight", missing))
        if weight is None or not least <= weight <= 1:
            yield Problem((*place, number, "weight"), Wrong.BAD_WEIGHT)
            return
        found.append(weight)
    whole = sum((each for each in found if each > 0), Fraction(0)) if is_sum else max(found, default=Fraction(1))
    # People write thirds with five decimals.
    if found and abs(whole - 1) > Fraction(1, 1000):
        yield Problem(place, Wrong.NOT_ALL)


def _single(body: Body, place: Place) -> Iterator[Problem]:
    return _choices(body, place, one=True)


def _multiple(body: Body, place: Place) -> Iterator[Problem]:
    return _choices(body, place, one=False)


def _choices(body: Body, place: Place, *, one: bool) -> Iterator[Problem]:
    rows, there = list(body.get("options", ())), (*place, "options")
    yield from _few(rows, there, 2, Wrong.TWO_OPTIONS)
    yield from _ids(rows, there)
    yield from _words(rows, there)
    is_weighed = any("weight" in row for row in rows)
    yield from _right(body, rows, place, one=one and not is_weighed)
    if is_weighed:
        yield from _weights(rows, there, least=-1, missing=0, is_sum=not one)
    yield from _scoring(body, place, (ALL_OR_NOTHING,))


def _true_false(body: Body, place: Place) -> Iterator[Problem]:
    return _right(body, [{"id": "true"}, {"id": "false"}], place, one=True)


def _matching(body: Body, place: Place) -> Iterator[Problem]:
    yield from _pairs(body, place)
    for number, row in enumerate(body.get("rows", ())):
        if row.get("id") not in body.get("right", {}):
            yield Problem((*place, "rows", number, "belongs"), Wrong.BELONGS_NOWHERE)


def _categorize(body: Body, place: Place) -> Iterator[Problem]:
    yield from _pairs(body, place)
    if not body.get("right"):
        yield Problem((*place, "right"), Wrong.NOTHING_RIGHT)


def _pairs(body: Body, place: Place) -> Iterator[Problem]:
    rows, choices = list(body.get("rows", ())), list(body.get("choices", ()))
    for found, name, wrong in ((rows, "rows", Wrong.TWO_ROWS), (choices, "choices", Wrong.TWO_CHOICES)):
        there = (*place, name)
        yield from _few(found, there, 2, wrong)
        yield from _ids(found, there)
        yield from _words(found, there)
    right: Mapping[str, str] = body.get("right", {})
    ids, targets = ({str(each.get("id", "")) for each in found} for found in (rows, choices))
    if not set(right) <= ids or not set(right.values()) <= targets:
        yield Problem((*place, "right"), Wrong.NOT_THERE)
    yield from _scoring(body, place, (ALL_OR_NOTHING,))


def _ordering(body: Body, place: Place) -> Iterator[Problem]:
    rows, there = list(body.get("items", ())), (*place, "items")
    yield from _few(rows, there, 2, Wrong.TWO_ITEMS)
    yield from _ids(rows, there)
    yield from _words(rows, there)
    yield from _scoring(body, place, list(Scoring))


def _numeric(body: Body, place: Place) -> Iterator[Problem]:
    answers, there = list(body.get("answers", ())), (*place, "answers")
    yield from _few(answers, there, 1, Wrong.NO_ANSWER)
    for number, answer in enumerate(answers):
        if kept_number(answer.get("value")) is None:
            yield Problem((*there, number, "value"), Wrong.BAD_NUMBER)
        tolerance = kept_number(answer.get("tolerance") or 0)
        if tolerance is None or tolerance < 0:
            yield Problem((*there, number, "tolerance"), Wrong.TOLERANCE)
        if answer.get("tolerance_kind", NOMINAL) not in (NOMINAL, RELATIVE, GEOMETRIC):
            yield Problem((*there, number, "tolerance_kind"), Wrong.UNKNOWN)
    yield from _weights(answers, there, least=0, missing=1, is_sum=False)
    yield from _units(body, place)


def _units(body: Body, place: Place) -> Iterator[Problem]:
    asked, units, there = body.get("unit", NOT_ASKED), list(body.get("units", ())), (*place, "units")
    if asked not in (NOT_ASKED, OPTIONAL, REQUIRED):
        yield Problem((*place, "unit"), Wrong.UNKNOWN)
    elif asked != NOT_ASKED and not units:
        yield Problem(there, Wrong.NO_UNIT)
    yield from _words(units, there, "unit")
    for number, unit in enumerate(units):
        factor = kept_number(unit.get("factor"))
        if factor is None or factor <= 0:
            yield Problem((*there, number, "factor"), Wrong.FACTOR)
        elif number == 0 and factor != 1:
            yield Problem((*there, 0, "factor"), Wrong.FIRST_FACTOR)
    penalty = kept_number(body.get("unit_penalty", "1/10"))
    if penalty is None or not 0 <= penalty <= 1:
        yield Problem((*place, "unit_penalty"), Wrong.PENALTY)


def _short_text(body: Body, place: Place) -> Iterator[Problem]:
    answers, there = list(body.get("answers", ())), (*place, "answers")
    yield from _few(answers, there, 1, Wrong.NO_ANSWER)
    for number, answer in enumerate(answers):
        if not str(answer.get("text", "")).strip(" *"):
            yield Problem((*there, number, "text"), Wrong.BLANK)
    yield from _weights(answers, there, least=0, missing=1, is_sum=False)


def _cloze(body: Body, place: Place) -> Iterator[Problem]:
    return _gaps(body, place, list(INNER))


def _drop_down(body: Body, place: Place) -> Iterator[Problem]:
    return _gaps(body, place, [Kind.SINGLE])


def _gaps(body: Body, place: Place, allowed: Collection[Kind]) -> Iterator[Problem]:
    gaps, named, there = list(body.get("gaps", ())), gaps_in(str(body.get("text", ""))), (*place, "gaps")
    yield from _scoring(body, place, (ALL_OR_NOTHING,))
    yield from _few(gaps, there, 1, Wrong.NO_GAP)
    yield from _ids(gaps, there)
    listed = [str(gap.get("id", "")) for gap in gaps]
    for name in dict.fromkeys(named):
        if name not in listed:
            yield Problem((*place, "text"), Wrong.GAP_NOT_LISTED, {"gap": name})
        if named.count(name) > 1:
            yield Problem((*place, "text"), Wrong.GAP_TWICE, {"gap": name})
    for number, gap in enumerate(gaps):
        here = (*there, number)
        if listed[number] not in named:
            yield Problem((*here, "id"), Wrong.GAP_NOT_IN_TEXT, {"gap": listed[number]})
        weight = kept_number(gap.get("weight", 1))
        if weight is None or weight.denominator != 1 or not 1 <= weight <= 100:
            yield Problem((*here, "weight"), Wrong.GAP_WEIGHT)
        if gap.get("kind") not in [kind.value for kind in allowed]:
            yield Problem((*here, "kind"), Wrong.UNKNOWN)
        else:
            yield from _CHECKS[Kind(gap["kind"])](gap, here)


def _hotspot(body: Body, place: Place) -> Iterator[Problem]:
    rows, there = list(body.get("areas", ())), (*place, "areas")
    if not body.get("image"):
        yield Problem((*place, "image"), Wrong.NO_PICTURE)
    elif not str(body.get("alt", "")).strip():
        yield Problem((*place, "alt"), Wrong.NO_ALT)
    yield from _few(rows, there, 2, Wrong.TWO_AREAS)
    yield from _ids(rows, there)
    yield from _words(rows, there, "label")
    for number, area in enumerate(rows):
        yield from _area(body, area, (*there, number))
    yield from _right(body, rows, place, one=False)
    yield from _scoring(body, place, (ALL_OR_NOTHING,))


def _area(body: Body, area: Body, place: Place) -> Iterator[Problem]:
    shape, coords = area.get("shape"), list(area.get("coords", ()))
    if shape not in list(areas.Shape):
        yield Problem((*place, "shape"), Wrong.UNKNOWN)
    elif not areas.is_drawn(shape, coords):
        yield Problem((*place, "coords"), Wrong.NOT_DRAWN)
    elif "width" in body and not areas.is_inside(shape, coords, body["width"], body["height"]):
        yield Problem((*place, "coords"), Wrong.OUTSIDE, {"width": body["width"], "height": body["height"]})


def _essay(body: Body, place: Place) -> Iterator[Problem]:
    least, most = (body.get(name) or 0 for name in ("least_words", "most_words"))
    if not 0 <= least <= MOST_WORDS or not 0 <= most <= MOST_WORDS or 0 < most < least:
        yield Problem((*place, "most_words"), Wrong.WORDS, {"most": MOST_WORDS})
    if not 0 <= (body.get("lines") or 0) <= MOST_LINES:
        yield Problem((*place, "lines"), Wrong.LINES, {"most": MOST_LINES})
    yield from _rubric(body, place)


def _files(body: Body, place: Place) -> Iterator[Problem]:
    if not 1 <= int(body.get("most", 1)) <= MOST_FILES:
        yield Problem((*place, "most"), Wrong.FILES, {"most": MOST_FILES})
    for ending in body.get("types", ()):
        if _ENDING.fullmatch(ending) is None:
            yield Problem((*place, "types"), Wrong.ENDING, {"ending": ending})
        elif ending not in KINDS:
            yield Problem((*place, "types"), Wrong.NOT_LOOKED_INTO, {"ending": ending, "endings": ", ".join(KINDS)})
    yield from _rubric(body, place)


def _rubric(body: Body, place: Place) -> Iterator[Problem]:
    rows, there = list(body.get("rubric", ())), (*place, "rubric")
    yield from _ids(rows, there)
    yield from _words(rows, there)
    for number, criterion in enumerate(rows):
        levels = list(criterion.get("levels", ()))
        yield from _few(levels, (*there, number, "levels"), 2, Wrong.NO_LEVEL)
        for level in levels:
            points = kept_number(level.get("points"))
            if points is None or points < 0:
                yield Problem((*there, number, "levels"), Wrong.POINTS)
                break


def _description(body: Body, place: Place) -> Iterator[Problem]:
    return iter(())


_CHECKS: Mapping[Kind, Callable[[Body, Place], Iterator[Problem]]] = {
    Kind.SINGLE: _single,
    Kind.MULTIPLE: _multiple,
    Kind.TRUE_FALSE: _true_false,
    Kind.MATCHING: _matching,
    Kind.ORDERING: _ordering,
    Kind.NUMERIC: _numeric,
    Kind.SHORT_TEXT: _short_text,
    Kind.CLOZE: _cloze,
    Kind.DROP_DOWN: _drop_down,
    Kind.CATEGORIZE: _categorize,
    Kind.HOTSPOT: _hotspot,
    Kind.ESSAY: _essay,
    Kind.UPLOAD: _files,
    Kind.DESCRIPTION: _description,
}

LISTS = ("options", "rows", "choices", "items")
"""The lists of a body whose rows have a `text` that is shown as authors' texts are."""


def rich_texts(body: Body) -> Iterator[tuple[Place, str]]:
    """The texts in which pictures may stand, each with its place."""
    for name in ("text", "why"):
        yield (name,), str(body.get(name, ""))
    for name in LISTS:
        for number, row in enumerate(body.get(name, ())):
            if isinstance(row, Mapping):
                yield (name, number, "text"), str(row.get("text", ""))


def _pictures(body: Body, pictures_in: PicturesIn, known: Collection[str]) -> Iterator[Problem]:
    for place, text in rich_texts(body) if pictures_in is not no_pictures else ():
        for name, alt in pictures_in(text):
            if name not in known:
                yield Problem(place, Wrong.PICTURE_GONE)
            elif not alt:
                yield Problem(place, Wrong.NO_ALT)
    if body.get("image") and body["image"] not in known:
        yield Problem(("image",), Wrong.PICTURE_GONE)
