from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from quizzes.kinds import CHOSEN, Kind, NotAnAnswer, kind_of

ABC: dict[str, Any] = {"options": [{"id": each, "text": each.upper()} for each in "abc"], "right": ["b"]}
SINGLE, MULTIPLE, TRUE_FALSE, HOTSPOT = map(kind_of, (Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE, Kind.HOTSPOT))


def test_a_choice_is_kept_in_the_order_of_the_bank_and_an_empty_one_is_none():
    assert MULTIPLE.cleaned(ABC, {CHOSEN: ["c", "a", "c", ""]}) == {CHOSEN: ["a", "c"]}
    assert SINGLE.cleaned(ABC, {CHOSEN: [""]}) == {}


@pytest.mark.parametrize("chosen", [["d"], ["a", "b"]])
def test_an_answer_that_the_question_does_not_allow_is_refused(chosen):
    with pytest.raises(NotAnAnswer):
        SINGLE.cleaned(ABC, {CHOSEN: chosen})


def test_options_may_weigh_what_their_author_says():
    body = {
        "options": [{"id": "a", "weight": "1"}, {"id": "b", "weight": "1/3"}, {"id": "c", "weight": "-1"}],
        "right": ["a"],
    }

    earned = [SINGLE.fraction(body, {CHOSEN: [each]}) for each in "abc"]
    assert earned == [1, Fraction(1, 3), 0]
    assert MULTIPLE.fraction(body, {CHOSEN: ["a", "b", "c"]}) == Fraction(1, 3)


def test_all_or_nothing():
    body = {**ABC, "right": ["a", "b"], "scoring": "all_or_nothing"}

    assert MULTIPLE.fraction(body, {CHOSEN: ["a", "b"]}) == 1
    assert MULTIPLE.fraction(body, {CHOSEN: ["a"]}) == 0


def test_true_or_false():
    body = {"right": ["false"]}

    assert TRUE_FALSE.fraction(body, TRUE_FALSE.cleaned(body, {CHOSEN: ["false"]})) == 1
    assert TRUE_FALSE.fraction(body, {CHOSEN: ["true"]}) == 0
    assert TRUE_FALSE.places(body).groups == ()
    told = TRUE_FALSE.interaction(body, {CHOSEN: ["true"]})
    assert (told.type, told.pattern, told.response) == ("true-false", ("false",), "true")


def test_fixed_options_do_not_move():
    body = {**ABC, "options": [*ABC["options"], {"id": "d", "text": "None of these", "fixed": True}]}

    assert SINGLE.places(body).groups == ((0, 1, 2),)
    assert SINGLE.places(body).size == 4


def test_an_area_of_a_picture_is_chosen_by_its_name():
    body = {"areas": [{"id": "door", "label": "The door"}, {"id": "alarm", "label": "The alarm"}], "right": ["alarm"]}

    assert HOTSPOT.fraction(body, {CHOSEN: ["alarm"]}) == 1
    assert HOTSPOT.places(body).groups == ()
    assert [each.text for each in HOTSPOT.interaction(body, {}).components[0].options] == ["The alarm", "The door"]
    with pytest.raises(NotAnAnswer):
        HOTSPOT.cleaned(body, {CHOSEN: ["door", "alarm"]})


def test_choices_are_told_as_xapi_wants_them():
    told = MULTIPLE.interaction({**ABC, "right": ["a", "c"]}, {CHOSEN: ["a", "b"]})

    assert (told.type, told.pattern, told.response) == ("choice", ("a[,]c",), "a[,]b")
