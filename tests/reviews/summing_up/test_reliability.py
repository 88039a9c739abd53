"""Reliability against published tables, and at the edges."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from reviews.summing_up.figure import Figure, Why
from reviews.summing_up.reliability import (
    Metric,
    cronbach,
    icc,
    krippendorff,
    of_mean,
    one_way,
    raters_needed,
)

ORACLES = Path(__file__).parents[1] / "oracles"
ORACLE: dict[str, Any] = json.loads((ORACLES / "agreement.json").read_text("utf-8"))
SHROUT_AND_FLEISS = ORACLE["icc_balanced"]["targets_by_judges"]


@pytest.mark.parametrize(
    ("form", "name", "printed"),
    [
        ("1,1", "one_way", 0.17),
        ("2,1", "two_way", 0.29),
        ("3,1", "fixed", 0.71),
        ("1,k", "one_way_k", 0.44),
        ("2,k", "two_way_k", 0.62),
        ("3,k", "fixed_k", 0.91),
    ],
)
def test_the_table_of_shrout_and_fleiss(form, name, printed):
    found = getattr(icc(SHROUT_AND_FLEISS), name).value

    assert found == pytest.approx(ORACLE["icc_balanced"]["icc"][form], rel=0, abs=1e-8)
    assert round(found, 2) == printed


def test_groups_of_unequal_size():
    case = ORACLE["icc_unbalanced"]

    found = one_way(case["groups"])

    assert found.k0 == pytest.approx(case["k0"], rel=0, abs=1e-8)
    assert found.icc_1.value == pytest.approx(case["icc_1"], rel=0, abs=1e-8)
    assert found.icc_k.value == pytest.approx(case["icc_1_k"], rel=0, abs=1e-8)
    assert one_way([*case["groups"], []]) == found


def test_groups_of_equal_size_are_the_first_form():
    found, of_table = one_way(SHROUT_AND_FLEISS), icc(SHROUT_AND_FLEISS)

    assert found.icc_1.value == pytest.approx(of_table.one_way.value)
    assert found.icc_k.value == pytest.approx(of_table.one_way_k.value)


@pytest.mark.parametrize(
    ("subjects", "why"),
    [
        ([], Why.NO_RATINGS),
        ([[], []], Why.NO_RATINGS),
        ([[1, 2]], Why.ONE_SUBJECT),
        ([[1], [2]], Why.ONE_RATER),
        ([[1, 2], [2, None]], Why.NOT_COMPLETE),
        ([[1, 2], [2]], Why.NOT_COMPLETE),
        ([[3, 3], [3, 3]], Why.NO_VARIANCE),
    ],
)
def test_tables_without_a_correlation_say_why(subjects, why):
    found = icc(subjects)

    assert {found.one_way, found.two_way, found.fixed, found.one_way_k, found.two_way_k, found.fixed_k} == {
        Figure(None, why)
    }


def test_judges_who_agree_fully_are_fully_reliable():
    found = icc([[1, 1], [3, 3], [5, 5]])

    assert [found.one_way.value, found.two_way.value, found.fixed.value] == [pytest.approx(1)] * 3


@pytest.mark.parametrize(
    ("groups", "why"),
    [
        ([], Why.NO_RATINGS),
        ([[], []], Why.NO_RATINGS),
        ([[1, 2, 3]], Why.ONE_SUBJECT),
        ([[1], [2]], Why.ONE_RATER),
        ([[3, 3], [3, 3]], Why.NO_VARIANCE),
    ],
)
def test_groups_without_a_correlation_say_why(groups, why):
    found = one_way(groups)

    assert (found.icc_1, found.icc_k) == (Figure(None, why), Figure(None, why))


def test_groups_with_equal_means_have_none_of_the_mean_but_one_of_a_rater():
    found = one_way([[1, 3], [1, 3]])

    assert found.icc_1.value == pytest.approx(-1)
    assert found.icc_k == Figure(None, Why.NO_VARIANCE)


def test_alpha_of_items_is_the_third_form_of_items_as_judges():
    """C. Hoyt, Psychometrika 6, 1941: so the published table holds for it as well."""
    assert cronbach(SHROUT_AND_FLEISS).value == pytest.approx(icc(SHROUT_AND_FLEISS).fixed_k.value)
    assert cronbach([*SHROUT_AND_FLEISS, [1, None, 2, 3]]) == cronbach(SHROUT_AND_FLEISS)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([], Why.NO_RATINGS),
        ([[None, 1]], Why.NO_RATINGS),
        ([[1, 2]], Why.ONE_RATER),
        ([[1], [2]], Why.ONE_ITEM),
        ([[1, 2], [2, 1]], Why.NO_VARIANCE),
    ],
)
def test_items_without_alpha_say_why(rows, why):
    assert cronbach(rows) == Figure(None, why)


# Krippendorff, Computing Krippendorff's alpha-reliability, 2011, part E

OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
UNITS = list(zip(*OBSERVERS, strict=True))


@pytest.mark.parametrize(
    ("metric", "printed"), [(Metric.NOMINAL, 0.743), (Metric.ORDINAL, 0.815), (Metric.INTERVAL, 0.849)]
)
def test_krippendorffs_example(metric, printed):
    assert krippendorff(UNITS, metric).value == pytest.approx(printed, abs=0.0005)


@pytest.mark.parametrize("metric", list(Metric))
def test_krippendorff_pair_by_pair(metric):
    """One minus the mean distance of pairs within units by that of all pairs, as the definition says."""
    chance = random.Random(5)
    units = [[chance.choice((1, 2, 3, 4, 5, None)) for _ in range(chance.randint(1, 6))] for _ in range(40)]
    compared = [rated for unit in units if len(rated := [each for each in unit if each is not None]) > 1]
    everything = [each for unit in compared for each in unit]

    def apart(one: int, other: int) -> float:
        if metric is Metric.NOMINAL:
            return float(one != other)
        if metric is Metric.INTERVAL:
            return float((one - other) ** 2)
        low, high = min(one, other), max(one, other)
        between = sum(low <= each <= high for each in everything)
        return (between - (everything.count(low) + everything.count(high)) / 2) ** 2

    observed = sum(
        apart(one, other) / (len(unit) - 1)
        for unit in compared
        for n, one in enumerate(unit)
        for m, other in enumerate(unit)
        if n != m
    ) / len(everything)
    expected = fmean(
        apart(one, other) for n, one in enumerate(everything) for m, other in enumerate(everything) if n != m
    )

    assert krippendorff(units, metric).value == pytest.approx(1 - observed / expected, rel=0, abs=1e-8)


@pytest.mark.parametrize(
    ("units", "why"),
    [
        ([], Why.NO_RATINGS),
        ([[None, None]], Why.NO_RATINGS),
        ([[1, None], [None, 2]], Why.ONE_RATER),
        ([[2, 2], [2, 2, None]], Why.NO_VARIANCE),
    ],
)
def test_units_without_alpha_say_why(units, why):
    assert krippendorff(units) == Figure(None, why)


# Spearman and Brown


def spearman_brown() -> list[dict[str, str]]:
    with (ORACLES / "spearman-brown.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("case", spearman_brown(), ids=lambda case: " ".join(case.values()))
def test_raters_and_reliability(case):
    single, given = float(case["single_rater_reliability"]), float(case["given"].split()[-1])

    found = raters_needed(single, given) if case["what"] == "raters_needed" else of_mean(single, given)

    assert found.value == pytest.approx(float(case["value"]), rel=0, abs=5e-7)


def test_raters_cannot_be_counted_where_one_is_no_better_than_chance():
    assert raters_needed(0, 0.7) == raters_needed(-0.1, 0.7) == raters_needed(0.3, 1) == Figure(None, Why.OUT_OF_RANGE)
    assert of_mean(0.3, 0) == of_mean(-0.5, 4) == Figure(None, Why.OUT_OF_RANGE)
