from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.marking import Key, Kind, QuestionMark, mark_question, rounded

ONE_RIGHT = Key.of(Kind.SINGLE, "abcd", "c")
TWO_RIGHT = Key.of(Kind.MULTIPLE, "abcde", "bd")
THREE_RIGHT = Key.of(Kind.MULTIPLE, "abcde", "ace")


def test_the_right_option_earns_all_and_a_wrong_one_nothing():
    assert mark_question(["c"], ONE_RIGHT) == QuestionMark(Fraction(1), Fraction(1), (), ())
    assert mark_question(["a"], ONE_RIGHT) == QuestionMark(Fraction(0), Fraction(0), ("c",), ("a",))


def test_nothing_chosen_earns_nothing_and_misses_every_right_option():
    assert mark_question([], ONE_RIGHT) == QuestionMark(Fraction(0), Fraction(0), ("c",), ())
    assert mark_question([], THREE_RIGHT) == QuestionMark(Fraction(0), Fraction(0), ("a", "c", "e"), ())


@pytest.mark.parametrize(
    ("chosen", "fraction"),
    [
        ("bd", Fraction(1)),
        ("b", Fraction(1, 2)),
        ("bda", Fraction(1, 2)),
        ("ba", Fraction(0)),
        ("a", Fraction(0)),
        ("ace", Fraction(0)),
        ("abcde", Fraction(0)),
    ],
)
def test_several_answers_share_one_and_wrong_ones_take_a_share_away(chosen, fraction):
    assert mark_question(chosen, TWO_RIGHT).fraction == fraction


def test_thirds_add_up_exactly():
    marks = [mark_question(chosen, THREE_RIGHT).mark for chosen in ("a", "c", "e")]

    assert (marks, sum(marks)) == ([Fraction(1, 3)] * 3, 1)


def test_what_was_missed_and_mistaken_is_named_in_the_order_of_the_key():
    found = mark_question({"d", "c", "b"}, THREE_RIGHT)

    assert (found.missed, found.mistaken, found.is_right) == (("a", "e"), ("b", "d"), False)


def test_weights_of_its_own_count_as_they_are():
    key = Key(Kind.SINGLE, {"a": Fraction(1), "b": Fraction(1, 2), "c": Fraction(-1, 4)}, Fraction(4))

    assert [mark_question([option], key).mark for option in "abc"] == [4, 2, 0]


def test_twenty_questions_of_one_mark_make_twenty():
    one, several = mark_question("c", ONE_RIGHT), mark_question("bd", TWO_RIGHT)

    assert 13 * one.mark + 7 * several.mark == Fraction(20)


def test_an_option_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="does not have"):
        mark_question(["z"], ONE_RIGHT)


def test_two_options_for_a_single_answer_are_refused():
    with pytest.raises(ValueError, match="takes one option"):
        mark_question(["a", "c"], ONE_RIGHT)


def test_a_key_without_right_answers_is_refused():
    with pytest.raises(ValueError, match="at least one right answer"):
        Key.of(Kind.SINGLE, "abc", "")


def test_a_key_with_a_right_answer_that_is_no_option_is_refused():
    with pytest.raises(ValueError, match="one of the options"):
        Key.of(Kind.SINGLE, "abc", "d")


def test_marks_are_rounded_once_to_five_decimals_halves_to_the_even_digit():
    marks = [Fraction(2, 3), Fraction(41, 3), Fraction(20), Fraction("0.000005"), Fraction("0.000015")]

    assert [rounded(each) for each in marks] == [0.66667, 13.66667, 20.0, 0.0, 0.00002]


options = st.sampled_from("abcde")


@given(right=st.frozensets(options, min_size=2, max_size=4), chosen=st.frozensets(options))
def test_a_multiple_answer_earns_what_canvas_would_give(right, chosen):
    key = Key.of(Kind.MULTIPLE, "abcde", right)

    expected = max(Fraction(len(chosen & right) - len(chosen - right), len(right)), Fraction(0))

    assert mark_question(chosen, key).fraction == expected
