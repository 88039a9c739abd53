from __future__ import annotations

from fractions import Fraction

import pytest

from quizzes.kinds import Kind, NotAnAnswer, kind_of

MATCHING, CATEGORIZE = kind_of(Kind.MATCHING), kind_of(Kind.CATEGORIZE)
CAPITALS = {
    "rows": [{"id": "fr", "text": "France"}, {"id": "it", "text": "Italy"}, {"id": "es", "text": "Spain"}],
    "choices": [{"id": each, "text": each} for each in ("paris", "rome", "madrid", "oslo")],
    "right": {"fr": "paris", "it": "rome", "es": "madrid"},
}


def test_each_row_earns_its_share():
    assert MATCHING.fraction(CAPITALS, MATCHING.right(CAPITALS)) == 1
    assert MATCHING.fraction(CAPITALS, {"fr": ["paris"], "it": ["oslo"]}) == Fraction(1, 3)
    assert MATCHING.fraction({**CAPITALS, "scoring": "all_or_nothing"}, {"fr": ["paris"]}) == 0


def test_what_belongs_nowhere_costs_a_share_where_it_is_put_somewhere():
    body = {**CAPITALS, "right": {"fr": "paris", "it": "rome"}}

    assert CATEGORIZE.fraction(body, {"fr": ["paris"], "it": ["rome"]}) == 1
    assert CATEGORIZE.fraction(body, {"fr": ["paris"], "it": ["rome"], "es": ["oslo"]}) == Fraction(1, 2)
    assert CATEGORIZE.fraction(body, {"es": ["oslo"]}) == 0


@pytest.mark.parametrize("answer", [{"de": ["paris"]}, {"fr": ["berlin"]}, {"fr": ["paris", "rome"]}])
def test_an_answer_that_the_question_does_not_allow_is_refused(answer):
    with pytest.raises(NotAnAnswer):
        MATCHING.cleaned(CAPITALS, answer)


def test_rows_left_open_are_no_part_of_an_answer():
    assert MATCHING.cleaned(CAPITALS, {"it": ["rome"], "fr": [""]}) == {"it": ["rome"]}


def test_rows_move_among_rows_and_choices_among_choices():
    assert MATCHING.places(CAPITALS).groups == ((0, 1, 2), (3, 4, 5, 6))
    assert CATEGORIZE.places(CAPITALS).groups == ((0, 1, 2),)
    assert CATEGORIZE.places(CAPITALS).size == 7


def test_pairs_are_told_as_xapi_wants_them():
    told = MATCHING.interaction(CAPITALS, {"it": ["rome"]})

    assert (told.type, told.pattern, told.response) == (
        "matching",
        ("fr[.]paris[,]it[.]rome[,]es[.]madrid",),
        "it[.]rome",
    )
    assert [each.name for each in told.components] == ["source", "target"]
