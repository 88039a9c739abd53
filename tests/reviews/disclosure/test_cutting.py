"""Which groups are merged, against rosters that were tried out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.disclosure.cutting import merged

ORACLE: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "oracles" / "suppression-rosters.json").read_text("utf-8")
)


@pytest.mark.parametrize("case", ORACLE["cases"], ids=lambda case: str(case["roster"]))
def test_groups_are_merged_as_in_the_rosters(case):
    shown = merged({(key,): size for key, size in case["roster"].items()}, 3)

    published = {frozenset(groups) for groups in case["merge"]["published"]}
    whole = frozenset(key for bucket in shown for key in bucket)
    assert {frozenset(bucket) for bucket in shown} | ({whole} if whole else set()) == published
    assert sum(case["roster"][key] for key in whole) == case["merge"]["answers_used"]


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 9)), st.integers(3, 6))
def test_buckets_are_large_enough_and_lose_nobody_unless_all_together_are_too_few(sizes, least):
    shown = merged({(key,): size for key, size in sizes.items()}, least)

    groups = [key for bucket in shown for key in bucket]
    assert len(groups) == len(set(groups))
    assert all(sum(sizes[key] for key in bucket) >= least for bucket in shown)
    assert set(groups) == ({key for key in sizes if sizes[key]} if sum(sizes.values()) >= least else set())


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 9)), st.integers(3, 6))
def test_no_more_is_merged_than_has_to_be(sizes, least):
    """All that are large enough stand alone, but for one that had to join."""
    shown = merged({(key,): size for key, size in sizes.items()}, least)

    large = {key for key in sizes if sizes[key] >= least}
    joined = large - {bucket[0] for bucket in shown if len(bucket) == 1}
    small = sum(size for size in sizes.values() if size < least)
    assert len(joined) == (0 < small < least and bool(large))
    assert all(sizes[key] == min(sizes[other] for other in large) for key in joined)
