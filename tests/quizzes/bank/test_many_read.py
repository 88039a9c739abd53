"""Plain text with many questions, as people write and paste it."""

from __future__ import annotations

from typing import Any

import pytest

from quizzes.bank import checking
from quizzes.bank.many import making
from quizzes.bank.many.reading import Odd, read
from quizzes.kinds import Kind


def made(typed: str) -> list[tuple[Kind, dict[str, Any]]]:
    found = read(typed)
    assert found.troubles == []
    kinds = [making.kind_of(entry) for entry in found.entries]
    return [(kind, making.body_of(entry, kind)) for kind, entry in zip(kinds, found.entries, strict=True)]


def texts(typed: str) -> list[str]:
    return [entry.words.text for entry in read(typed).entries]


def ticked(typed: str) -> list[tuple[str, bool]]:
    [entry] = read(typed).entries
    return [(option.text, option.is_right) for option in entry.options]


@pytest.mark.parametrize(
    ("typed", "kind", "part"),
    [
        ("Which?\n- Red\n* Blue", Kind.SINGLE, {"right": ["Blue"]}),
        ("Which?\n* Red\n* Blue\n- Green", Kind.MULTIPLE, {"right": ["Red", "Blue"], "scoring": ""}),
        ("Is it?\n= true", Kind.TRUE_FALSE, {"right": ["true"]}),
        ("Is it?\n- True\n* False", Kind.TRUE_FALSE, {"right": ["false"]}),
        ("Is it?\nANSWER: F", Kind.TRUE_FALSE, {"right": ["false"]}),
        (
            "How many?\n= 4 ± 0,1",
            Kind.NUMERIC,
            {"answers": [{"value": "4", "tolerance": "0.1", "tolerance_kind": "nominal"}], "unit": "none", "units": []},
        ),
        (
            "What?\n= fire alarm\n= horn | 50%",
            Kind.SHORT_TEXT,
            {"answers": [{"text": "fire alarm"}, {"text": "horn", "weight": "1/2"}]},
        ),
        ("What?\n= 3\n= three", Kind.SHORT_TEXT, {"answers": [{"text": "3"}, {"text": "three"}]}),
    ],
    ids=str,
)
def test_what_stands_beneath_a_question_says_its_kind(typed: str, kind: Kind, part: dict[str, Any]):
    [(found, body)] = made(typed)

    texts = {option["id"]: option["text"] for option in body.get("options", ())}
    shown = {**body, "right": [texts.get(each, each) for each in body.get("right", ())]}
    assert found is kind
    assert {name: shown[name] for name in part} == part
    assert checking.problems(kind, body) == []


@pytest.mark.parametrize(
    "typed",
    [
        "Which?\n- Red\n* Blue\n- Green",
        "Which?\n-  Red\n*Blue\n•\tGreen",
        "1. Which?\n\n- Red\n\n* Blue\n\n- Green\n",
        "Question 12: Which?\r\na) Red\r\n*b) Blue\r\nc) Green",
        "Which?\nA. Red\n* B) Blue\nC. Green",
        "Which?\n  A. Red\n  B. * Blue\n  C. Green",
        "Which?\nA. Red\nB. Blue\nC. Green\nANSWER: B",
        "Which?\n- Red\n- * Blue\n- Green",
        "Which?\n- Red\n- Blue\n- Green\nAnswer: b.",
    ],
    ids=repr,
)
def test_options_may_be_marked_in_many_ways(typed: str):
    assert texts(typed) == ["Which?"]
    assert ticked(typed) == [("Red", False), ("Blue", True), ("Green", False)]


def test_a_question_ends_where_the_next_one_begins():
    typed = "One?\n* a\n- b\nTwo?\n* a\n- b\n\n3) Three?\n* a\n- b\nA. Einstein?\n= yes"

    assert texts(typed) == ["One?", "Two?", "Three?", "A. Einstein?"]


def test_lines_go_on_with_what_stands_above():
    typed = "A long\nquestion\n\n  with a second part?\n- Red\n  and warm\n* Blue\nWhy: Cold\n\n  it is."
    [entry] = read(typed).entries

    assert entry.words.text == "A long\nquestion\n\nwith a second part?"
    assert [option.text for option in entry.options] == ["Red\nand warm", "Blue"]
    assert entry.why is not None
    assert entry.why.text == "Cold\n\nit is."


def test_what_looks_like_an_option_may_be_text():
    assert texts("*Never* run?\n= true") == ["*Never* run?"]
    assert texts("**Never** run?\n= true") == ["**Never** run?"]
    assert texts("Choose:\n\\- this\n\\* that\n= this") == ["Choose:\n- this\n* that"]
    assert texts("-5 °C is cold.\n= true") == ["-5 °C is cold."]


def test_topics_and_tags_hold_for_all_that_follow_or_for_one():
    typed = (
        "Topic: Fire\nTags: a, b\nOne?\n= 1\n\nTwo?\n= 2\nTags: c\nDifficulty: Hard\nPoints: 2,5\n\n"
        "difficulty: 2\n\nThree?\n= 3\n\ntopic: Water\n\nFour?\n= 4\n"
    )

    found = [entry.about for entry in read(typed).entries]

    assert [(each.topic, each.tags, each.difficulty) for each in found] == [
        ("Fire", "a, b", 0),
        ("Fire", "c", 3),
        ("Fire", "a, b", 2),
        ("Water", "a, b", 2),
    ]
    assert [each.points and float(each.points) for each in found] == [None, 2.5, None, None]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("- Red\n\nWhich?\n= 1", [(1, Odd.NO_QUESTION)]),
        ("Why: So.\nAnswer: B\n= 3", [(1, Odd.NO_QUESTION), (2, Odd.NO_QUESTION), (3, Odd.NO_QUESTION)]),
        ("One?\n\nTwo?\n= 1\n\n\nThree?", [(1, Odd.NO_ANSWER), (7, Odd.NO_ANSWER)]),
        ("One?\n- Red\n* Blue\n= Green", [(4, Odd.TWO_WAYS)]),
        ("One?\n- Red\n- Blue\nANSWER: A, F", [(4, Odd.NO_SUCH_OPTION)]),
        (
            "Difficulty: awful\nPoints: many\nTopic: " + "x" * 121,
            [(1, Odd.DIFFICULTY), (2, Odd.POINTS), (3, Odd.LONG_TOPIC)],
        ),
    ],
    ids=lambda it: repr(it)[:40],
)
def test_what_is_wrong_is_told_by_its_line(typed: str, expected: list[tuple[int, Odd]]):
    assert [(each.line, each.odd) for each in read(typed).troubles] == expected


def test_what_is_wrong_with_a_part_leads_to_its_line():
    [entry] = read("\n\nWhich?\n- Red\n- Red\n\nWhy: So.").entries

    assert [making.line_of(entry, place) for place in [("options", 1, "text"), ("why",), ("right",), ()]] == [
        5,
        7,
        3,
        3,
    ]


@pytest.mark.parametrize(
    "typed", ["", "\n \n", "* ", "=", "ANSWER:", "\\", "a) \nb) ", "- x" * 10_000, "Topic:\nTags:"]
)
def test_nothing_that_is_typed_breaks_it(typed: str):
    found = read(typed)

    for entry in found.entries:
        checking.problems(making.kind_of(entry), making.body_of(entry, making.kind_of(entry)))
