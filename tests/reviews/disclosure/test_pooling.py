"""Figures of cohorts, and of rounds of somebody with few raters."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from reviews.disclosure import (
    Asked,
    Cell,
    Ledger,
    Member,
    NotSafe,
    Policy,
    Reason,
    Response,
    Withheld,
    figures,
    pool,
    publish,
)
from tests.reviews.disclosure.asking import MENTEES, PEERS, asked, said, wrote

POLICY = Policy()
ONE = asked(PEERS, MENTEES, listening=("asks",), questions=())


def member(responses: list[Response], raters: str, ledger: Ledger | None = None, group: str = "mentees") -> Member:
    """Raters by their letters."""
    return Member(responses, ledger or Ledger(), {group: frozenset(raters)})


def means(one: Asked, members: Iterable[Member]) -> tuple[Cell, ...]:
    return figures(one, list(members), POLICY).statements


def test_mentors_with_two_mentees_each_have_a_mean_together():
    found = pool(ONE, [member(said("mentees", 2, 3), "ab"), member(said("mentees", 4, 5), "cd")], POLICY)

    assert means(ONE, found) == (Cell("asks", ("mentees",), 4, 3.5),)
    assert means(ONE, found[:1]) == ()
    assert figures(ONE, found[:1], POLICY).withheld[1] == Withheld("asks", ("mentees",), Reason.TOO_FEW)


def test_the_same_two_in_two_rounds_are_two():
    rounds = [member(said("mentees", 2, 3), "ab"), member(said("mentees", 4, 5), "ab")]

    assert means(ONE, pool(ONE, rounds, POLICY)) == ()


def test_two_and_somebody_new_in_the_second_round_are_three():
    rounds = [member(said("mentees", 2, 3), "ab"), member(said("mentees", 4, 5), "bc")]

    assert means(ONE, pool(ONE, rounds, POLICY)) == (Cell("asks", ("mentees",), 4, 3.5),)


def test_who_may_have_been_the_one_who_did_not_observe_counts_for_nobody():
    """Three names over both rounds, but the second's two ratings may come from the people of the first."""
    rounds = [member(said("mentees", 2, 3), "ab"), member(said("mentees", 4, 5, {"asks": None}), "abc")]

    assert means(ONE, pool(ONE, rounds, POLICY)) == ()


def test_whose_name_was_erased_does_not_make_the_others_more():
    rounds = [member(said("mentees", 2, 3), "b"), member(said("mentees", 4, 5), "bc")]

    assert means(ONE, pool(ONE, rounds, POLICY)) == ()


def test_reports_come_out_the_same_before_the_cohort_and_after():
    leos, zoes = said("peers", 2, 3, 4, 4), said("peers", 3, 3) + said("mentees", 5)
    members = [member(leos, "abcd", group="peers"), member(zoes, "ef", group="peers")]

    first = [publish(ONE, each.responses, POLICY) for each in members]
    after = pool(ONE, [Member(m.responses, p.ledger, m.raters) for m, p in zip(members, first, strict=True)], POLICY)
    before = pool(ONE, members, POLICY)
    then = [publish(ONE, each.responses, POLICY, each.ledger) for each in before]

    assert [each.statements for each in first] == [each.statements for each in then]
    assert means(ONE, before) == means(ONE, after)


def test_what_went_into_the_cohort_is_not_free_for_a_report_any_more():
    found = pool(ONE, [member(old := said("mentees", 2, 3), "ab"), member(said("mentees", 4, 5), "cd")], POLICY)

    later = publish(ONE, old + said("mentees", 4), POLICY, found[0].ledger)

    assert later.statements == ()
    assert later.withheld[1] == Withheld("asks", ("mentees",), Reason.TOO_FEW)


def test_the_others_of_a_cohort_hold_what_was_merged_and_left_over():
    leo = Member(said("peers", 3, 3, 3) + said("mentees", 5), Ledger(), {"peers": frozenset("abc")})
    zoe = Member(said("peers", 1, 2, 4, 4), Ledger(), {"peers": frozenset("abcd")})

    shown = figures(ONE, pool(ONE, [leo, zoe], POLICY), POLICY)

    assert shown.statements == (Cell("asks", ("peers",), 4, 2.75),)
    assert shown.others_of_statements == (Cell("asks", ("peers", "mentees"), 8, 25 / 8),)


def test_comments_that_stand_by_themselves_are_no_raters_who_have_not_observed():
    mentors = [
        member(said("mentees", 2, 3) + wrote("mentees", "a", "b", "c"), "ab"),
        member(said("mentees", 4, 5), "cd"),
    ]

    assert means(ONE, pool(asked(PEERS, MENTEES, listening=("asks",)), mentors, POLICY)) == (
        Cell("asks", ("mentees",), 4, 3.5),
    )


def test_a_response_stands_in_one_member_only():
    mine = said("mentees", 2, 3)

    with pytest.raises(NotSafe):
        pool(ONE, [member(mine, "ab"), member(mine, "ab")], POLICY)
