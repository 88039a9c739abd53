"""What stands against a text of each kind of question."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping

from lti_tool.files.kinds import KINDS
from quizzes.bank import areas
from quizzes.bank.checking import parts
from quizzes.bank.checking.problem import Place, Problem, Wrong
from quizzes.bank.numbers import kept_number
from quizzes.kinds import Body, Kind
from quizzes.kinds.choices import ALL_OR_NOTHING
from quizzes.kinds.gaps import INNER, gaps_in
from quizzes.kinds.numbers import GEOMETRIC, NOMINAL, NOT_ASKED, OPTIONAL, RELATIVE, REQUIRED
from quizzes.kinds.ordering import Scoring

MOST_FILES, MOST_LINES, MOST_WORDS = 20, 60, 20_000
_ENDING = re.compile(r"[a-z0-9]{1,16}")


def _single(body: Body, place: Place) -> Iterator[Problem]:
    return _choices(body, place, one=True)


def _multiple(body: Body, place: Place) -> Iterator[Problem]:
    return _choices(body, place, one=False)


def _choices(body: Body, place: Place, *, one: bool) -> Iterator[Problem]:
    rows, there = list(body.get("options", ())), (*place, "options")
    yield from parts.few(rows, there, 2, Wrong.TWO_OPTIONS)
    yield from parts.ids(rows, there)
    yield from parts.words(rows, there)
    is_weighed = any("weight" in row for row in rows)
    yield from parts.right(body, rows, place, one=one and not is_weighed)
    if is_weighed:
        yield from parts.weights(rows, there, least=-1, missing=0, is_sum=not one)
    yield from parts.scoring(body, place, (ALL_OR_NOTHING,))


def _true_false(body: Body, place: Place) -> Iterator[Problem]:
    return parts.right(body, [{"id": "true"}, {"id": "false"}], place, one=True)


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
        yield from parts.few(found, there, 2, wrong)
        yield from parts.ids(found, there)
        yield from parts.words(found, there)
    right: Mapping[str, str] = body.get("right", {})
    ids, targets = ({str(each.get("id", "")) for each in found} for found in (rows, choices))
    if not set(right) <= ids or not set(right.values()) <= targets:
        yield Problem((*place, "right"), Wrong.NOT_THERE)
    yield from parts.scoring(body, place, (ALL_OR_NOTHING,))


def _ordering(body: Body, place: Place) -> Iterator[Problem]:
    rows, there = list(body.get("items", ())), (*place, "items")
    yield from parts.few(rows, there, 2, Wrong.TWO_ITEMS)
    yield from parts.ids(rows, there)
    yield from parts.words(rows, there)
    yield from parts.scoring(body, place, list(Scoring))


def _numeric(body: Body, place: Place) -> Iterator[Problem]:
    answers, there = list(body.get("answers", ())), (*place, "answers")
    yield from parts.few(answers, there, 1, Wrong.NO_ANSWER)
    for number, answer in enumerate(answers):
        if kept_number(answer.get("value")) is None:
            yield Problem((*there, number, "value"), Wrong.BAD_NUMBER)
        tolerance = kept_number(answer.get("tolerance") or 0)
        if tolerance is None or tolerance < 0:
            yield Problem((*there, number, "tolerance"), Wrong.TOLERANCE)
        if answer.get("tolerance_kind", NOMINAL) not in (NOMINAL, RELATIVE, GEOMETRIC):
            yield Problem((*there, number, "tolerance_kind"), Wrong.UNKNOWN)
    yield from parts.weights(answers, there, least=0, missing=1, is_sum=False)
    yield from _units(body, place)


def _units(body: Body, place: Place) -> Iterator[Problem]:
    asked, units, there = body.get("unit", NOT_ASKED), list(body.get("units", ())), (*place, "units")
    if asked not in (NOT_ASKED, OPTIONAL, REQUIRED):
        yield Problem((*place, "unit"), Wrong.UNKNOWN)
    elif asked != NOT_ASKED and not units:
        yield Problem(there, Wrong.NO_UNIT)
    yield from parts.words(units, there, "unit")
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
    yield from parts.few(answers, there, 1, Wrong.NO_ANSWER)
    for number, answer in enumerate(answers):
        if not str(answer.get("text", "")).strip(" *"):
            yield Problem((*there, number, "text"), Wrong.BLANK)
    yield from parts.weights(answers, there, least=0, missing=1, is_sum=False)


def _cloze(body: Body, place: Place) -> Iterator[Problem]:
    return _gaps(body, place, list(INNER))


def _drop_down(body: Body, place: Place) -> Iterator[Problem]:
    return _gaps(body, place, [Kind.SINGLE])


def _gaps(body: Body, place: Place, allowed: Collection[Kind]) -> Iterator[Problem]:
    gaps, named, there = list(body.get("gaps", ())), gaps_in(str(body.get("text", ""))), (*place, "gaps")
    yield from parts.scoring(body, place, (ALL_OR_NOTHING,))
    yield from parts.few(gaps, there, 1, Wrong.NO_GAP)
    yield from parts.ids(gaps, there)
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
            yield from CHECKS[Kind(gap["kind"])](gap, here)


def _hotspot(body: Body, place: Place) -> Iterator[Problem]:
    rows, there = list(body.get("areas", ())), (*place, "areas")
    if not body.get("image"):
        yield Problem((*place, "image"), Wrong.NO_PICTURE)
    elif not str(body.get("alt", "")).strip():
        yield Problem((*place, "alt"), Wrong.NO_ALT)
    yield from parts.few(rows, there, 2, Wrong.TWO_AREAS)
    yield from parts.ids(rows, there)
    yield from parts.words(rows, there, "label")
    for number, area in enumerate(rows):
        yield from _area(body, area, (*there, number))
    yield from parts.right(body, rows, place, one=False)
    yield from parts.scoring(body, place, (ALL_OR_NOTHING,))


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
    yield from parts.ids(rows, there)
    yield from parts.words(rows, there)
    for number, criterion in enumerate(rows):
        levels = list(criterion.get("levels", ()))
        yield from parts.few(levels, (*there, number, "levels"), 2, Wrong.NO_LEVEL)
        for level in levels:
            points = kept_number(level.get("points"))
            if points is None or points < 0:
                yield Problem((*there, number, "levels"), Wrong.POINTS)
                break


def _description(body: Body, place: Place) -> Iterator[Problem]:
    return iter(())


CHECKS: Mapping[Kind, Callable[[Body, Place], Iterator[Problem]]] = {
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
