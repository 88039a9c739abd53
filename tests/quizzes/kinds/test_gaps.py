from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from quizzes.kinds import Kind, NotAnAnswer, kind_of
from quizzes.kinds.gaps import gaps_in

CLOZE = kind_of(Kind.CLOZE)
BODY: dict[str, Any] = {
    "text": "The alarm is [[color]]; leave within [[minutes]] minutes by the [[way]].",
    "gaps": [
        {
            "id": "color",
            "kind": "single",
            "options": [{"id": "r", "text": "red"}, {"id": "b", "text": "blue"}],
            "right": ["r"],
            "weight": 2,
        },
        {"id": "minutes", "kind": "numeric", "answers": [{"value": "3", "tolerance": "1"}]},
        {"id": "way", "kind": "short_text", "answers": [{"text": "stairs"}, {"text": "staircase"}]},
    ],
}


def test_gaps_are_found_in_the_text():
    assert gaps_in(BODY["text"]) == ["color", "minutes", "way"]


def test_each_gap_earns_by_its_weight():
    assert CLOZE.fraction(BODY, CLOZE.right(BODY)) == 1
    assert CLOZE.fraction(BODY, {"color": ["r"], "way": ["lift"]}) == Fraction(1, 2)
    assert CLOZE.fraction(BODY, {"minutes": ["4"], "way": ["STAIRS"]}) == Fraction(1, 2)
    assert CLOZE.fraction(BODY, {}) == 0


def test_gaps_left_open_are_no_part_of_an_answer():
    assert CLOZE.cleaned(BODY, {"color": [""], "way": [" the  stairs "]}) == {"way": ["the stairs"]}


@pytest.mark.parametrize("answer", [{"other": ["x"]}, {"color": ["green"]}, {"minutes": ["soon"]}])
def test_an_answer_that_a_gap_does_not_take_is_refused(answer):
    with pytest.raises(NotAnAnswer):
        CLOZE.cleaned(BODY, answer)


def test_the_options_of_a_gap_move_among_themselves():
    places = CLOZE.places({"gaps": [BODY["gaps"][0], BODY["gaps"][0] | {"id": "two"}]})

    assert places.groups == ((0, 1), (2, 3))


def test_it_is_told_in_words():
    told = CLOZE.interaction(BODY, {"color": ["b"], "minutes": ["3"]})

    assert told.pattern == ("{order_matters=true}red[,]3[,]stairs",)
    assert told.response == "blue[,]3[,]"


def test_all_or_nothing_asks_for_every_gap():
    body = {**BODY, "scoring": "all_or_nothing"}

    assert CLOZE.fraction(body, CLOZE.right(body)) == 1
    assert CLOZE.fraction(body, {"color": ["r"], "way": ["stairs"]}) == 0
