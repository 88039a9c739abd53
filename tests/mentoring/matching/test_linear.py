"""The solver at hand: what it is asked in the corners, where it would say yes without looking."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from mentoring.pairing.matching.linear import Linear, Rows


@pytest.mark.parametrize(("low", "high", "is_kept"), [(0, 2, True), (1, 2, False), (-2, -1, False)])
def test_rows_are_kept_also_where_there_is_no_column(low: float, high: float, is_kept: bool):
    rows = Rows(csr_array((1, 0)), np.array([float(low)]), np.array([float(high)]))

    assert (Linear(0, rows).best() is not None) is is_kept
    assert (Linear(0, rows).best_whole() is not None) is is_kept


@pytest.mark.parametrize(("least", "is_kept"), [(2, True), (3, False)])
def test_values_that_may_not_change_are_refused_where_they_break_a_row(least: int, is_kept: bool):
    linear = Linear(3, Rows.one(np.ones(3), low=least))
    linear.aim(np.array([1.0, 2.0, 4.0]))

    found = linear.best_whole_among(np.zeros(3, dtype=np.bool_), np.array([0.0, 1.0, 1.0]))

    assert (found.bound if found else None) == (6 if is_kept else None)


def test_a_row_that_was_let_go_is_not_asked_again():
    linear = Linear(2)
    row = linear.add(Rows.one(np.ones(2), low=2))
    nobody = np.zeros(2, dtype=np.bool_)
    assert linear.best_whole_among(nobody, np.zeros(2)) is None

    linear.let_go(row)

    assert linear.best_whole_among(nobody, np.zeros(2)) is not None
