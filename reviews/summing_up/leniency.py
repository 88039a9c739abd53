"""How much of all differences comes from mild and strict raters: one share for a campaign, nothing about any rater."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reviews.summing_up.figure import Why

ROUNDS = 500
LEAST = 20
"""So many raters have to have rated several subjects, and so many subjects to have several raters."""


@dataclass(frozen=True)
class Shares:
    """Of the variance of ratings; they make up 1. None, with the reason, where they cannot be told apart."""

    subjects: float | None
    raters: float | None
    rest: float | None
    why: Why | None = None


def shares(raters: Sequence[int], subjects: Sequence[int], ratings: Sequence[float]) -> Shares:
    """Row by row who rated whom, and the rating; both are counted from 0.

    The model is x = mean + subject + rater + error. The effects of raters and subjects are shrunk as ridge regression
    does, by error variance over their own; variances and effects are found in turn (expectation and maximization, with
    each effect's own error only, so that it takes no matrix).
    """
    import numpy as np

    who, whom, found = np.asarray(raters), np.asarray(subjects), np.asarray(ratings, dtype=np.float64)
    if not len(found):
        return Shares(None, None, None, Why.NO_RATINGS)
    by_rater, by_subject = np.bincount(who), np.bincount(whom)
    if (by_rater > 1).sum() < LEAST or (by_subject > 1).sum() < LEAST:
        return Shares(None, None, None, Why.NOT_CROSSED)
    total = float(found.var())
    if total <= 1e-12:
        return Shares(None, None, None, Why.NO_VARIANCE)
    of_raters = of_subjects = of_rest = total / 3
    mild, good = np.zeros(len(by_rater)), np.zeros(len(by_subject))
    for _ in range(ROUNDS):
        before = (of_raters, of_subjects, of_rest)
        mean = float((found - mild[who] - good[whom]).mean())
        weight = by_rater + of_rest / of_raters
        mild = np.bincount(who, found - mean - good[whom], len(by_rater)) / weight
        unsure_of_raters = of_rest / weight
        weight = by_subject + of_rest / of_subjects
        good = np.bincount(whom, found - mean - mild[who], len(by_subject)) / weight
        unsure_of_subjects = of_rest / weight
        off = found - mean - mild[who] - good[whom]
        of_rest = float((off**2 + unsure_of_raters[who] + unsure_of_subjects[whom]).mean())
        of_raters = max(float((mild**2 + unsure_of_raters)[by_rater > 0].mean()), 1e-9 * total)
        of_subjects = max(float((good**2 + unsure_of_subjects)[by_subject > 0].mean()), 1e-9 * total)
        if max(abs(a - b) for a, b in zip(before, (of_raters, of_subjects, of_rest), strict=True)) < 1e-9 * total:
            break
    whole = of_raters + of_subjects + of_rest
    return Shares(of_subjects / whole, of_raters / whole, of_rest / whole)
