"""Numbers and areas as people type them and as texts keep them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from quizzes.bank.areas import is_drawn, is_inside, read_coords
from quizzes.bank.numbers import as_kept, as_weight, kept_number


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("1,5", "1.5"), ("1 500", "1500"), ("2x10^-3", "0.002"), ("\u22123", "-3"), ("many", "many"), ("1e999", "1E+999")],
)
def test_numbers_are_kept_as_decimals(typed: str, kept: str):
    assert as_kept(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"), [("50 %", "1/2"), ("-33.333%", "-33333/100000"), ("0,25", "0.25"), ("1/3", "1/3"), ("?", "?")]
)
def test_what_an_answer_is_worth_may_be_a_percentage(typed: str, kept: str):
    assert as_weight(typed) == kept


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12.5", Fraction(25, 2)),
        ("-1/3", Fraction(-1, 3)),
        ("1e-3", Fraction(1, 1000)),
        ("1/0", None),
        ("1e9999", None),
    ],
)
def test_kept_numbers_are_read_back(text: str, number: Fraction | None):
    assert kept_number(text) == number


@pytest.mark.parametrize(
    ("shape", "typed", "verdict"),
    [
        ("rect", "0, 0; 10 10", (True, True)),
        ("rect", "10,10,0,0", (False, True)),
        ("circle", "10,10,11", (True, False)),
        ("poly", "0,0 10,0 10,60", (True, False)),
        ("poly", "0,0 10,0", (False, True)),
    ],
)
def test_areas_are_drawn_and_lie_inside(shape: str, typed: str, verdict: tuple[bool, bool]):
    coords = read_coords(typed)

    assert coords is not None
    assert (is_drawn(shape, coords), is_inside(shape, coords, 100, 50)) == verdict


@pytest.mark.parametrize("typed", ["a, b", "1, nan", "1e300"])
def test_what_are_no_numbers_make_no_area(typed: str):
    assert read_coords(typed) is None
