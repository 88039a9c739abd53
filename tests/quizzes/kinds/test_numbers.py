from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.kinds import NUMBER, UNIT, Kind, NotAnAnswer, kind_of
from quizzes.kinds.numbers import RELATIVE, interval, read_number

NUMERIC = kind_of(Kind.NUMERIC)


def earned(body, number, unit=""):
    response = NUMERIC.cleaned(body, {NUMBER: [number], UNIT: [unit]})
    return NUMERIC.fraction(body, response)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("3", 3),
        ("-3.50", Fraction(-7, 2)),
        ("3,5", Fraction(7, 2)),
        (".5", Fraction(1, 2)),
        ("\u22122", -2),
        ("1 234 567,5", Fraction(2469135, 2)),
        ("1.5e3", 1500),
        ("2 × 10^-2", Fraction(1, 50)),
    ],
)
def test_numbers_are_read_as_people_write_them(typed, number):
    assert read_number(typed) == number


@pytest.mark.parametrize("typed", ["", "-", ".", "abc", "1e9999", "1.2.3", "0x10", "nan", "inf", "1" * 41, "1/2", "²"])
def test_what_is_no_number_is_said_to_be_none(typed):
    assert read_number(typed) is None


def test_what_is_no_number_is_refused_before_it_is_kept():
    with pytest.raises(NotAnAnswer):
        NUMERIC.cleaned({"answers": []}, {NUMBER: ["ten"]})


@pytest.mark.parametrize(
    ("value", "tolerance", "kind", "low", "high"),
    [
        ("10", "1", "nominal", 9, 11),
        ("-10", "0.1", "relative", -11, -9),
        ("10", "0.25", "geometric", 8, Fraction(25, 2)),
        ("-10", "0.25", "geometric", Fraction(-25, 2), -8),
        ("0", "0", "nominal", 0, 0),
    ],
)
def test_tolerances(value, tolerance, kind, low, high):
    found = interval({"value": value, "tolerance": tolerance, "tolerance_kind": kind})

    assert [float(end) for end in found] == pytest.approx([float(low), float(high)], abs=1e-9)
    assert found[0] <= low <= high <= found[1]


def test_the_best_answer_that_holds_the_number_counts():
    body = {"answers": [{"value": "9.81", "tolerance": "0.01"}, {"value": "9.8", "tolerance": "0.3", "weight": "1/2"}]}

    assert [earned(body, typed) for typed in ("9.81", "9.6", "12", "")] == [1, Fraction(1, 2), 0, 0]


def test_units_multiply_and_a_missing_one_costs():
    body = {
        "answers": [{"value": "1500", "tolerance": "0"}],
        "units": [{"unit": "m", "factor": "1"}, {"unit": "km", "factor": "1000"}],
        "unit": "required",
        "unit_penalty": "1/4",
    }

    assert earned(body, "1.5", "km") == 1
    assert earned(body, "1500", " m ") == 1
    assert earned(body, "1500", "") == Fraction(3, 4)
    assert earned(body, "1500", "miles") == Fraction(3, 4)
    assert earned(body, "1.5", "m") == 0
    assert earned({**body, "unit": "optional"}, "1500") == 1
    assert NUMERIC.right(body) == {NUMBER: ["1500"], UNIT: ["m"]}


def test_it_is_told_as_xapi_wants_it():
    told = NUMERIC.interaction({"answers": [{"value": "10", "tolerance": "1"}]}, {NUMBER: ["9,5"]})

    assert (told.type, told.pattern, told.response) == ("numeric", ("9[:]11",), "9.5")


@pytest.mark.parametrize(
    ("typed", "told"), [("1e400", "1e+400"), ("-1e-999", "-1e-999"), ("0e999", "0"), ("1e20", "1e+20")]
)
def test_numbers_beyond_those_of_machines_are_told_as_well(typed, told):
    body = {"answers": [{"value": "1e999", "tolerance": "0.1", "tolerance_kind": RELATIVE}]}

    interaction = NUMERIC.interaction(body, {NUMBER: [typed]})

    assert (interaction.pattern, interaction.response) == (("9e+998[:]1.1e+999",), told)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(typed):
    number = read_number(typed)
    assert number is None or isinstance(number, Fraction)
