"""The same figures by the formulas as they are printed, in plain numpy, on ratings like those of lq2002.

R's data set itself stays in R's package, under the GPL: `tests.reviews.lq2002` holds our figures against the ten
decimals that R found, for whoever has it. Here the same seven figures are computed twice on made ratings of its shape:
2,042 people in 49 groups of unequal size, who rate eleven statements that go together on five levels.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from reviews.summing_up.agreement import a_wg
from reviews.summing_up.reliability import Metric, cronbach, icc, krippendorff
from tests.reviews.lq2002 import ITEMS, LEVELS, figures

Floats = NDArray[np.float64]
PEOPLE, GROUPS, J = 2042, 49, len(ITEMS)
LOW, HIGH, A = 1, 5, len(LEVELS)
CHANCE = (A**2 - 1) / 12
EXACT: Any = {"rel": 0, "abs": 1e-8}
ORACLES = Path(__file__).parents[1] / "oracles"
TABLE: dict[str, Any] = json.loads((ORACLES / "agreement.json").read_text("utf-8"))["icc_balanced"]


@pytest.fixture(scope="module")
def groups() -> list[Floats]:
    """Ratings of each group, by person and statement."""
    chance = np.random.default_rng(2002)
    belongs = np.concatenate([np.repeat(np.arange(GROUPS), 2), chance.integers(0, GROUPS, PEOPLE - 2 * GROUPS)])
    good = 3.1 + chance.normal(0, 0.25, GROUPS)[belongs, None] + chance.normal(0, 0.7, (PEOPLE, 1))
    ratings = np.clip(np.round(good + chance.normal(0, 0.7, (PEOPLE, J))), LOW, HIGH)
    return [ratings[belongs == number] for number in range(GROUPS)]


def plain_a_wg(x: Floats) -> float:
    k, m = len(x), x.mean()
    return float(1 - 2 * x.var(ddof=1) / (((HIGH + LOW) * m - m**2 - HIGH * LOW) * k / (k - 1)))


def plain_r_wg_j(x: Floats) -> float:
    q = min(x.var(axis=0, ddof=1).mean(), CHANCE) / CHANCE
    return J * (1 - q) / (J * (1 - q) + q)


def plain_one_way(groups: list[Floats]) -> tuple[float, float]:
    n, total = np.array([len(x) for x in groups]), np.concatenate(groups)
    between = sum(len(x) * (x.mean() - total.mean()) ** 2 for x in groups) / (len(groups) - 1)
    within = sum(((x - x.mean()) ** 2).sum() for x in groups) / (n.sum() - len(groups))
    k0 = (n.sum() - (n**2).sum() / n.sum()) / (len(groups) - 1)
    return float((between - within) / (between + (k0 - 1) * within)), float((between - within) / between)


def test_all_seven_figures_of_lq2002_on_ratings_of_its_shape(groups):
    rows = [
        {"COMPID": str(number), **dict(zip(ITEMS, person, strict=True))}
        for number, group in enumerate(groups)
        for person in group.tolist()
    ]
    means, everybody = [group.mean(axis=1) for group in groups], np.concatenate(groups)
    within_reach = [[plain_a_wg(item) if _is_defined(item) else 0 for item in group.T] for group in groups]
    icc_1, icc_k = plain_one_way(means)

    assert figures(rows) == {
        "r_wg_mean_over_groups": pytest.approx(
            np.mean([1 - min(x.var(ddof=1), CHANCE) / CHANCE for x in means]), **EXACT
        ),
        "r_wg_j_mean_over_groups": pytest.approx(np.mean([plain_r_wg_j(group) for group in groups]), **EXACT),
        "a_wg_mean": pytest.approx(np.mean([np.mean(each) for each in within_reach]), **EXACT),
        "ad_m_mean": pytest.approx(
            np.mean([np.abs(group - group.mean(axis=0)).mean(axis=0).mean() for group in groups]), **EXACT
        ),
        "cronbach_alpha": pytest.approx(
            J / (J - 1) * (1 - everybody.var(axis=0, ddof=1).sum() / everybody.sum(axis=1).var(ddof=1)), **EXACT
        ),
        "icc_1_with_k0": pytest.approx(icc_1, **EXACT),
        "icc_2": pytest.approx(icc_k, **EXACT),
    }


def _is_defined(x: Floats) -> bool:
    k, m = len(x), x.mean()
    found = a_wg(x.tolist(), LEVELS).value is not None
    assert found == ((LOW * (k - 1) + HIGH) / k <= m <= (HIGH * (k - 1) + LOW) / k)
    return found


# Shrout and Fleiss 1979, table 2 to 4


def mean_squares(x: Floats) -> tuple[float, float, float, float]:
    """Between targets, within them, between judges, and of the rest: BMS, WMS, JMS, EMS."""
    n, k = x.shape
    between = k * ((x.mean(axis=1) - x.mean()) ** 2).sum()
    judges = n * ((x.mean(axis=0) - x.mean()) ** 2).sum()
    within = ((x - x.mean(axis=1, keepdims=True)) ** 2).sum()
    return between / (n - 1), within / (n * (k - 1)), judges / (k - 1), (within - judges) / ((n - 1) * (k - 1))


def test_the_table_of_shrout_and_fleiss_in_full():
    """Mean squares as printed in table 3, and all six forms from them to the last digit."""
    x = np.array(TABLE["targets_by_judges"], float)
    n, k = x.shape
    bms, wms, jms, ems = mean_squares(x)
    assert [round(each, 2) for each in (bms, wms, jms, ems)] == [11.24, 6.26, 32.49, 1.02]

    found = icc(TABLE["targets_by_judges"])

    assert {
        "1,1": found.one_way.value,
        "2,1": found.two_way.value,
        "3,1": found.fixed.value,
        "1,k": found.one_way_k.value,
        "2,k": found.two_way_k.value,
        "3,k": found.fixed_k.value,
    } == {
        "1,1": pytest.approx((bms - wms) / (bms + (k - 1) * wms), **EXACT),
        "2,1": pytest.approx((bms - ems) / (bms + (k - 1) * ems + k * (jms - ems) / n), **EXACT),
        "3,1": pytest.approx((bms - ems) / (bms + (k - 1) * ems), **EXACT),
        "1,k": pytest.approx((bms - wms) / bms, **EXACT),
        "2,k": pytest.approx((bms - ems) / (bms + (jms - ems) / n), **EXACT),
        "3,k": pytest.approx((bms - ems) / bms, **EXACT),
    }


def test_alpha_of_statements_and_of_raters_to_the_last_digit():
    x = np.array(TABLE["targets_by_judges"], float)
    k = x.shape[1]

    assert cronbach(TABLE["targets_by_judges"]).value == pytest.approx(
        k / (k - 1) * (1 - x.var(axis=0, ddof=1).sum() / x.sum(axis=1).var(ddof=1)), **EXACT
    )


@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_krippendorffs_alpha_by_its_matrix_of_coincidences(missing):
    """Krippendorff 2011, part D, with his interval metric."""
    chance = random.Random(11)
    units = [
        [float(chance.choice(LEVELS)) if chance.random() >= missing else None for _ in range(5)] for _ in range(60)
    ]
    matrix = np.zeros((A, A))
    for unit in units:
        rated = [int(each) - LOW for each in unit if each is not None]
        for n, one in enumerate(rated):
            for m, other in enumerate(rated):
                if n != m:
                    matrix[one, other] += 1 / (len(rated) - 1)
    margins, apart = matrix.sum(axis=1), np.subtract.outer(np.arange(A), np.arange(A)) ** 2
    n = margins.sum()
    expected = (np.outer(margins, margins) * apart).sum()

    assert krippendorff(units, Metric.INTERVAL).value == pytest.approx(
        1 - (n - 1) * (matrix * apart).sum() / expected, **EXACT
    )
