"""What stands against a question's text, for each kind, with its place."""

from __future__ import annotations

from typing import Any

import pytest

from quizzes.bank.checking import MOST_CHARACTERS, Problem, Wrong, hard_problems, problems
from quizzes.kinds import Kind
from quizzes.rich import Named
from tests.quizzes.one_of_each import BODIES, TWO

PICTURE = {"image": "plan", "alt": "A plan of the floor", "width": 100, "height": 50}
AREAS = [
    {"id": "door", "label": "The door", "shape": "rect", "coords": [0, 0, 10, 50]},
    {"id": "alarm", "label": "The alarm", "shape": "circle", "coords": [50, 25, 10]},
]
RUBRIC = [{"id": "a", "text": "Clarity", "levels": [{"text": "No", "points": "0"}, {"text": "Yes", "points": "2"}]}]
SOUND: dict[Kind, dict[str, Any]] = {
    **BODIES,
    Kind.HOTSPOT: {**PICTURE, "areas": AREAS, "right": ["alarm"]},
    Kind.ESSAY: {"least_words": 10, "most_words": 200, "lines": 5, "rubric": RUBRIC},
    Kind.UPLOAD: {"most": 2, "types": ["pdf"]},
}


def found(kind: Kind, **more: Any) -> list[tuple[tuple[str | int, ...], Wrong]]:
    body = {"text": "Which one?", **SOUND[kind], **more}
    return [(problem.place, problem.wrong) for problem in problems(kind, body, known=["plan"])]


@pytest.mark.parametrize("kind", list(Kind))
def test_nothing_stands_against_a_sound_question(kind: Kind):
    assert found(kind) == []


@pytest.mark.parametrize("kind", list(Kind))
def test_an_empty_question_may_be_a_draft_and_no_more(kind: Kind):
    empty = problems(kind, {"text": ""})

    assert Problem(("text",), Wrong.NO_TEXT) in empty
    assert hard_problems(empty) == []


@pytest.mark.parametrize(
    ("kind", "more", "expected"),
    [
        (Kind.SINGLE, {"options": TWO[:1]}, [(("options",), Wrong.TWO_OPTIONS)]),
        (Kind.SINGLE, {"right": []}, [(("right",), Wrong.NOTHING_RIGHT)]),
        (Kind.SINGLE, {"right": ["a", "b"]}, [(("right",), Wrong.ONE_RIGHT)]),
        (Kind.SINGLE, {"right": ["z"]}, [(("right",), Wrong.NOT_THERE)]),
        (
            Kind.MULTIPLE,
            {"options": [*TWO, {"id": "c", "text": " rED "}]},
            [(("options", 2, "text"), Wrong.SAME_TEXT)],
        ),
        (Kind.MULTIPLE, {"options": [*TWO, {"id": "b", "text": "X"}]}, [(("options", 2, "id"), Wrong.SAME_ID)]),
        (Kind.MULTIPLE, {"options": [*TWO, {"id": "-", "text": "X"}]}, [(("options", 2, "id"), Wrong.BAD_ID)]),
        (Kind.MULTIPLE, {"options": [*TWO, {"id": "c" * 33, "text": "X"}]}, [(("options", 2, "id"), Wrong.BAD_ID)]),
        (
            Kind.SINGLE,
            {"options": [{**TWO[0], "weight": "1/2"}, TWO[1]]},
            [(("options",), Wrong.NOT_ALL)],
        ),
        (
            Kind.SINGLE,
            {"options": [{**TWO[0], "weight": "much"}, TWO[1]]},
            [(("options", 0, "weight"), Wrong.BAD_WEIGHT)],
        ),
        (Kind.SINGLE, {"options": [{**TWO[0], "weight": "1"}, {**TWO[1], "weight": "-1/3"}]}, []),
        (
            Kind.MULTIPLE,
            {"options": [{**TWO[0], "weight": "1/2"}, {**TWO[1], "weight": "0.5"}], "right": ["a", "b"]},
            [],
        ),
        (Kind.MULTIPLE, {"scoring": "generous"}, [(("scoring",), Wrong.UNKNOWN)]),
        (Kind.TRUE_FALSE, {"right": []}, [(("right",), Wrong.NOTHING_RIGHT)]),
        (Kind.TRUE_FALSE, {"right": ["maybe"]}, [(("right",), Wrong.NOT_THERE)]),
        (Kind.MATCHING, {"right": {"fr": "paris"}}, [(("rows", 1, "belongs"), Wrong.BELONGS_NOWHERE)]),
        (Kind.CATEGORIZE, {"right": {"cat": "animal"}}, []),
        (Kind.CATEGORIZE, {"right": {}}, [(("right",), Wrong.NOTHING_RIGHT)]),
        (Kind.CATEGORIZE, {"right": {"cat": "mineral"}}, [(("right",), Wrong.NOT_THERE)]),
        (Kind.ORDERING, {"items": [{"id": "one", "text": "Wake"}]}, [(("items",), Wrong.TWO_ITEMS)]),
        (Kind.ORDERING, {"scoring": "next"}, []),
        (Kind.NUMERIC, {"answers": []}, [(("answers",), Wrong.NO_ANSWER)]),
        (Kind.NUMERIC, {"answers": [{"value": "many"}]}, [(("answers", 0, "value"), Wrong.BAD_NUMBER)]),
        (Kind.NUMERIC, {"answers": [{"value": "1e999999"}]}, [(("answers", 0, "value"), Wrong.BAD_NUMBER)]),
        (
            Kind.NUMERIC,
            {"answers": [{"value": "1", "tolerance": "-1"}]},
            [(("answers", 0, "tolerance"), Wrong.TOLERANCE)],
        ),
        (Kind.NUMERIC, {"answers": [{"value": "1", "weight": "1/2"}]}, [(("answers",), Wrong.NOT_ALL)]),
        (Kind.NUMERIC, {"units": []}, [(("units",), Wrong.NO_UNIT)]),
        (Kind.NUMERIC, {"units": [{"unit": "m", "factor": "2"}]}, [(("units", 0, "factor"), Wrong.FIRST_FACTOR)]),
        (Kind.NUMERIC, {"units": [{"unit": "m", "factor": "1/0"}]}, [(("units", 0, "factor"), Wrong.FACTOR)]),
        (Kind.NUMERIC, {"unit_penalty": "2"}, [(("unit_penalty",), Wrong.PENALTY)]),
        (Kind.SHORT_TEXT, {"answers": [{"text": " * "}]}, [(("answers", 0, "text"), Wrong.BLANK)]),
        (Kind.CLOZE, {"text": "Only [[color]]."}, [(("gaps", 1, "id"), Wrong.GAP_NOT_IN_TEXT)]),
        (
            Kind.CLOZE,
            {"text": "[[color]] [[minutes]] [[more]]"},
            [(("text",), Wrong.GAP_NOT_LISTED)],
        ),
        (Kind.DROP_DOWN, {"text": "[[way]] or [[way]]"}, [(("text",), Wrong.GAP_TWICE)]),
        (
            Kind.DROP_DOWN,
            {"gaps": [{"id": "way", "kind": "numeric", "answers": [{"value": "1"}]}]},
            [(("gaps", 0, "kind"), Wrong.UNKNOWN)],
        ),
        (
            Kind.DROP_DOWN,
            {"gaps": [{"id": "way", "kind": "single", "options": TWO, "right": []}]},
            [(("gaps", 0, "right"), Wrong.NOTHING_RIGHT)],
        ),
        (Kind.HOTSPOT, {"alt": " "}, [(("alt",), Wrong.NO_ALT)]),
        (Kind.HOTSPOT, {"image": ""}, [(("image",), Wrong.NO_PICTURE)]),
        (Kind.HOTSPOT, {"image": "other"}, [(("image",), Wrong.PICTURE_GONE)]),
        (
            Kind.HOTSPOT,
            {"areas": [AREAS[0], {**AREAS[1], "coords": [95, 25, 10]}]},
            [(("areas", 1, "coords"), Wrong.OUTSIDE)],
        ),
        (
            Kind.HOTSPOT,
            {"areas": [AREAS[0], {**AREAS[1], "coords": [95, 25]}]},
            [(("areas", 1, "coords"), Wrong.NOT_DRAWN)],
        ),
        (Kind.HOTSPOT, {"areas": [AREAS[0], {**AREAS[1], "label": ""}]}, [(("areas", 1, "label"), Wrong.BLANK)]),
        (Kind.ESSAY, {"least_words": 300}, [(("most_words",), Wrong.WORDS)]),
        (Kind.ESSAY, {"rubric": [{**RUBRIC[0], "levels": []}]}, [(("rubric", 0, "levels"), Wrong.NO_LEVEL)]),
        (Kind.UPLOAD, {"most": 0}, [(("most",), Wrong.FILES)]),
        (Kind.UPLOAD, {"types": ["p/f"]}, [(("types",), Wrong.ENDING)]),
        (Kind.UPLOAD, {"types": ["pdf", "zip"]}, [(("types",), Wrong.NOT_LOOKED_INTO)]),
    ],
)
def test_what_is_wrong_is_found_where_it_stands(kind: Kind, more: dict[str, Any], expected: list[Any]):
    assert found(kind, **more) == expected


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"text": " \n"},
        {"text": "x" * (MOST_CHARACTERS + 1)},
        {"right": []},
        {"right": ["away"]},
        {"right": ["red", "blue"]},
        {"options": TWO[:1]},
        {"options": [*TWO, *TWO]},
        {"options": [*TWO, {"id": "a b", "text": "Green"}]},
        {"options": [*TWO, {"id": "", "text": "Green"}]},
        {"options": [*TWO, {"id": "x" * 33, "text": "Green"}]},
        {"options": [*TWO, {"id": "green", "text": " \t"}]},
        {"options": [*TWO, {"id": "green", "text": TWO[0]["text"].upper() + " "}]},
        {"options": [{"id": f"o{n}", "text": f"{n}"} for n in range(101)]},
    ],
)
def test_a_quick_look_at_options_finds_what_a_close_one_does(more: dict[str, Any]):
    body = {"text": "Which one?", "options": TWO, "right": [TWO[0]["id"]], **more}

    assert problems(Kind.SINGLE, body) == problems(Kind.SINGLE, {**body, "scoring": ""})


def test_all_texts_together_have_an_end():
    long = {"text": "x" * MOST_CHARACTERS, **BODIES[Kind.SINGLE]}

    assert problems(Kind.SINGLE, long) == [Problem(("text",), Wrong.TOO_LONG, {"most": MOST_CHARACTERS})]
    assert hard_problems(problems(Kind.SINGLE, long)) != []


def test_a_picture_or_a_recording_in_a_text_is_there_and_says_in_words_what_it_shows():
    named = {
        "![x](picture:plan)": [Named("plan", "x")],
        "![](picture:plan)": [Named("plan", "")],
        "other": [Named("gone", "x")],
        "![x](sound:call)": [Named("call", "x", is_sound=True)],
        "![](sound:call)": [Named("call", "", is_sound=True)],
        "![x](sound:plan)": [Named("plan", "x", is_sound=True)],
    }

    def wrong(text: str) -> list[Wrong]:
        body = {"text": text, **BODIES[Kind.SINGLE]}
        answer = problems(Kind.SINGLE, body, media_in=lambda text: named.get(text, []), known=["plan", "sound:call"])
        return [problem.wrong for problem in answer]

    assert [wrong(text) for text in named] == [
        *([], [Wrong.NO_ALT], [Wrong.PICTURE_GONE]),
        *([], [Wrong.NOT_IN_WORDS], [Wrong.SOUND_GONE]),
    ]
