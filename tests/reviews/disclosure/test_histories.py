"""No story of reports and figures gives a rater away, says a judge who only reads them; naive rules are found out."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from reviews.disclosure import Ledger, Policy, cutting, pooling, publish, publishing
from reviews.disclosure.cutting import cut
from tests.reviews.disclosure.asking import anonymous as group_of
from tests.reviews.disclosure.asking import asked, said
from tests.reviews.disclosure.histories import GROUPS, History
from tests.reviews.disclosure.judging import Row, gives_away, plainly_gives_away

ORACLE: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "oracles" / "suppression-rosters.json").read_text("utf-8")
)


@dataclass
class Told:
    """What a judge and an accountant found in many stories."""

    leaking: list[int] = field(default_factory=list)
    """Those in which somebody learns too much, by number."""
    usable: int = 0
    used: int = 0

    @property
    def share_used(self) -> float:
        """Of the ratings that may be used at all, those in at least one published number, own or pooled.

        May be used: when something was published of its part, its statement had as many anonymous raters there as the
        threshold says, over all groups. Those who came one by one after a report, and so wait, are among them. Those
        who are never enough in a part are not, even where a pool made use of them.
        """
        return self.used / self.usable


def told(seeds: range) -> Told:
    found = Told()
    for seed in seeds:
        story = History(seed)
        found.usable += len(story.usable)
        found.used += len(story.used)
        if (
            gives_away(story.rows, story.anonymous, story.policy.means)
            or story.tells_comments_apart()
            or story.tells_spreads_apart()
        ):
            found.leaking.append(seed)
    return found


def leaking(seeds: range) -> list[int]:
    return told(seeds).leaking


@pytest.mark.parametrize("part", range(4))
def test_a_thousand_stories_give_nobody_away_and_use_nearly_all_answers(part):
    found = told(range(250 * part, 250 * (part + 1)))

    assert found.leaking == []
    assert found.share_used >= 0.95


@pytest.mark.soak
@pytest.mark.parametrize("part", range(40))
def test_a_million_stories_give_nobody_away_and_use_nearly_all_answers(part):
    first = 1_000_000 + 25_000 * part

    found = told(range(first, first + 25_000))

    assert found.leaking == []
    assert found.share_used >= 0.95


# The judges can tell


def sums(sizes: Mapping[str, int], published: Iterable[Sequence[str]]) -> tuple[list[Row], dict[int, str]]:
    """A row for each set of groups, and whose its unknowns are: everybody's their own."""
    numbers = iter(range(sum(sizes.values())))
    of_group = {key: [next(numbers) for _ in range(size)] for key, size in sizes.items()}
    rows: list[Row] = [{number: 1 for key in groups for number in of_group[key]} for groups in published]
    return rows, {number: f"p{number}" for number in range(sum(sizes.values()))}


@pytest.mark.parametrize("plan", ["exclude", "roll_up", "merge"])
@pytest.mark.parametrize("case", ORACLE["cases"], ids=lambda case: str(case["roster"]))
def test_both_judges_find_the_leaks_of_the_rosters(case, plan):
    rows, people = sums(case["roster"], case[plan]["published"])

    assert gives_away(rows, people, 3) == plainly_gives_away(rows, people, 3) == case[plan]["leaks"]


def test_rolling_small_groups_into_the_whole_leaks_in_half_of_all_rosters():
    """48.5 % in the field notes."""
    chance, leaking_rosters = random.Random(1), 0
    for _ in range(5000):
        sizes = {key: chance.randint(0, 6) for key in GROUPS}
        published = [(key,) for key in GROUPS if sizes[key] >= 3]
        leaking_rosters += gives_away(*sums(sizes, [*published, GROUPS]), 3)

    assert leaking_rosters / 5000 == pytest.approx(0.485, abs=0.02)


@pytest.mark.parametrize(
    ("rows", "leaks"),
    [
        ([{0: 1, 1: 1, 2: 1, 3: 1}, {2: 1, 3: 1, 4: 1, 5: 1}], False),
        ([{0: 1, 1: 1, 2: 1, 3: 1}, {0: 1, 1: 1, 2: 1, 3: 1, 4: 1}], True),
        ([{0: 1, 1: 1, 2: 1}, {0: 2, 1: 2, 2: 2, 3: 1, 4: 1}], True),
        ([{0: 1, 1: 1}, {2: 1, 3: 1}], True),
        ([{0: 1, 1: 1, 2: 1}, {2: 1, 3: 1, 4: 1}, {0: 1, 1: 1, 3: 1, 4: 1}], True),
        ([{0: 1, 1: -1, 2: 3}], False),
        # Statements: a competency less its visible statement; 10 and 11 are other ratings of the people of 0 and 1.
        ([{0: 1, 1: 1, 2: 1, 3: 1}, {0: 2, 1: 2, 2: 2, 3: 2, 10: 5, 11: 5}], True),
        # Time: five now, four yesterday. Cohort: two subjects together less one. Filter: all but one department.
        ([{0: 1, 1: 1, 2: 1, 3: 1, 4: 1}, {0: 1, 1: 1, 2: 1, 3: 1}], True),
        ([{0: 1, 1: 1, 2: 1, 3: 1, 4: 1}, {0: 1, 1: 1, 2: 1}], True),
        ([{0: 1, 1: 1, 2: 1, 3: 1, 4: 1, 5: 1}, {0: 1, 1: 1, 2: 1, 3: 1, 4: 1}], True),
        ([{0: 1, 1: 1, 2: 1, 9: 1}, {0: 1, 1: 1, 2: 1, 9: 2}], False),
    ],
    ids=[
        "crossing",
        "one more",
        "twofold",
        "two",
        "three that make one",
        "three apart",
        "statements",
        "time",
        "cohort",
        "filter",
        "who is known",
    ],
)
def test_both_judges_know_these(rows, leaks):
    people = {number: f"p{number}" for number in range(6)} | {10: "p0", 11: "p1"}

    assert gives_away(rows, people, 3) == plainly_gives_away(rows, people, 3) == leaks


def test_one_person_with_two_ratings_is_one_person():
    rows, people = [{0: 1, 1: 1, 2: 1}], {0: "Maya", 1: "Maya", 2: "Leo"}

    assert gives_away(rows, people, 3)
    assert plainly_gives_away(rows, people, 3)


def test_the_judges_agree():
    chance, leaks = random.Random(2), 0
    for _ in range(1000):
        people = {number: f"p{chance.randint(0, 7)}" for number in range(chance.randint(3, 10))}
        rows = [
            {number: chance.choice((1, 1, 1, 2, -1)) for number in people if chance.random() < 0.7}
            for _ in range(chance.randint(1, 4))
        ]
        found, k = gives_away(rows, people, k := chance.randint(2, 4)), k
        assert found == plainly_gives_away(rows, people, k)
        leaks += found

    assert 100 < leaks < 900


def test_the_judges_agree_about_stories():
    for seed in range(60):
        story = History(seed)
        if len(story.anonymous) <= 24:
            assert not plainly_gives_away(story.rows, story.anonymous, story.policy.means)


# The stories are such that rules of less care are found out


def test_a_gate_that_forgets_its_reports_is_found_out(monkeypatch):
    monkeypatch.setattr(publishing, "cut", lambda one, responses, policy, _: cut(one, responses, policy, Ledger()))

    assert len(leaking(range(200))) > 10


def test_a_gate_that_forgets_its_reports_when_it_pools_is_found_out(monkeypatch):
    monkeypatch.setattr(pooling, "cut", lambda one, responses, policy, _: cut(one, responses, policy, Ledger()))

    assert len(leaking(range(200))) > 10


def test_a_gate_that_counts_raters_of_several_subjects_twice_is_found_out(monkeypatch):
    monkeypatch.setattr(pooling, "fewest", lambda rests: sum(len(rest.scores) for rest in rests))

    assert len(leaking(range(200))) > 10


def test_a_gate_without_a_threshold_does_not_come_through(monkeypatch):
    monkeypatch.setattr(cutting, "merged", lambda sizes, _: [bucket for bucket, size in sizes.items() if size])

    with pytest.raises(ValueError, match="too small"):
        leaking(range(20))


# Little is lost


def test_a_gate_that_leaves_small_groups_out_is_found_to_use_too_little(monkeypatch):
    monkeypatch.setattr(
        cutting, "merged", lambda sizes, least: [bucket for bucket, size in sizes.items() if size >= least]
    )

    assert told(range(200)).share_used < 0.95


def test_a_first_report_uses_nearly_all_answers():
    """Rosters of four groups of up to six, one answer in twenty not observed."""
    chance, four = random.Random(3), asked(*map(group_of, GROUPS))
    used = given = 0
    for _ in range(500):
        responses = [
            response
            for key in GROUPS
            for response in said(
                key,
                *(
                    {what: chance.randint(1, 5) for what in ("asks", "waits") if chance.random() < 0.95}
                    for _ in range(chance.randint(0, 6))
                ),
            )
        ]
        given += sum(len(response.ratings) for response in responses)
        used += sum(cell.n for cell in publish(four, responses, Policy()).statements)

    assert used / given > 0.995
