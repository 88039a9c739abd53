"""What a report shows, and why it does not show the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reviews.disclosure import (
    Anonymity,
    Asked,
    Cell,
    Comments,
    Competency,
    Group,
    Ledger,
    NotSafe,
    Policy,
    Reason,
    Response,
    Scale,
    Spread,
    Statement,
    Withheld,
    Words,
    publish,
)
from tests.reviews.disclosure.asking import FIVE, ME, MENTEES, MENTOR, PEERS, REPORTS, asked, said, wrote

POLICY = Policy()
ONE = asked(PEERS, REPORTS, listening=("asks",), questions=())


def test_a_group_of_three_has_a_mean_and_one_of_two_has_none_by_itself():
    shown = publish(ONE, said("peers", 2, 3, 5) + said("reports", 3, 3, 3, 4), POLICY)
    fewer = publish(ONE, said("peers", 2, 3), POLICY)

    assert shown.statements == (Cell("asks", ("peers",), 3, 10 / 3), Cell("asks", ("reports",), 4, 3.25))
    assert shown.withheld == ()
    assert fewer.statements == ()
    assert fewer.withheld == (
        Withheld("asks", ("peers",), Reason.TOO_FEW),
        Withheld("asks", ("reports",), Reason.NOBODY_ANSWERED),
        Withheld("listening", ("peers",), Reason.TOO_FEW),
        Withheld("listening", ("reports",), Reason.NOBODY_ANSWERED),
    )


def test_a_small_group_is_merged_and_does_not_stand_beside_what_it_is_in():
    shown = publish(ONE, said("peers", 4, 4, 4, 5) + said("reports", 3, 3), POLICY)

    assert shown.statements == (Cell("asks", ("peers", "reports"), 6, 23 / 6),)
    assert shown.others_of_statements == (Cell("asks", ("peers", "reports"), 6, 23 / 6),)
    assert [(each.groups, each.reason) for each in shown.withheld[:2]] == [
        (("peers",), Reason.MERGED),
        (("reports",), Reason.MERGED),
    ]


def test_what_was_not_observed_counts_nowhere():
    of_peers = said("peers", 2, 4, 4) + said("peers", {"asks": None}, {})

    shown = publish(ONE, of_peers, POLICY)

    assert shown.statements == (Cell("asks", ("peers",), 3, 10 / 3),)


def test_nobody_has_observed_it():
    shown = publish(ONE, said("peers", *[{"asks": None}] * 5), POLICY)

    assert shown.statements == ()
    assert shown.withheld[0] == Withheld("asks", ("peers",), Reason.NOBODY_OBSERVED)


def test_of_too_few_it_is_not_even_said_that_none_has_observed_it():
    shown = publish(ONE, said("peers", {"asks": None}, {"asks": None}), POLICY)

    assert shown.withheld[0] == Withheld("asks", ("peers",), Reason.TOO_FEW)


def test_columns_stay_the_same_from_statement_to_statement_until_too_many_have_not_observed_one():
    both = {"asks": 3, "waits": 4}
    responses = said("peers", *[both] * 4) + said("reports", both, both) + said("mentees", both, both, {"asks": 3})

    shown = publish(asked(PEERS, REPORTS, MENTEES), responses, POLICY)

    assert [(cell.what, cell.groups, cell.n) for cell in shown.statements] == [
        ("asks", ("peers",), 4),
        ("asks", ("reports", "mentees"), 5),
        ("waits", ("peers",), 4),
        ("waits", ("reports", "mentees"), 4),
    ]


def test_a_mean_of_a_competency_is_that_of_visible_statements_by_weight():
    many = Asked(
        groups=(PEERS,),
        competencies=(Competency("listening", (Statement("asks", 3), Statement("waits", 1), Statement("nods", 9))),),
        scale=FIVE,
    )
    rest = {"asks": 3, "waits": 2}

    shown = publish(many, said("peers", rest, rest, {**rest, "nods": 5}), POLICY)

    assert shown.competencies == (Cell("listening", ("peers",), 3, 2.75, statements=("asks", "waits")),)


def test_the_others_are_weighed_by_group_without_self():
    groups = (ME, MENTOR, replace(PEERS, weight=3), REPORTS)

    shown = publish(
        asked(*groups, listening=("asks",)),
        said("self", 5) + said("mentor", 2) + said("peers", 4, 4, 4, 4) + said("reports", 3, 3, 3),
        POLICY,
    )

    assert shown.others == (
        Cell("listening", ("mentor", "peers", "reports"), 8, (2 + 3 * 4 + 3) / 5, statements=("asks",)),
    )


def test_self_and_mentor_are_shown_whatever_their_number_and_never_merged():
    shown = publish(asked(ME, MENTOR, PEERS, listening=("asks",)), said("self", 5) + said("mentor", 1), POLICY)

    assert shown.statements == (Cell("asks", ("self",), 1, 5), Cell("asks", ("mentor",), 1, 1))


def test_a_reversed_statement_is_turned_first():
    turned = Asked(
        groups=(ME, PEERS),
        competencies=(Competency("listening", (Statement("interrupts", is_reversed=True),)),),
        scale=FIVE,
    )

    shown = publish(turned, said("self", 1, about="interrupts") + said("peers", 1, 2, 4, about="interrupts"), POLICY)

    assert [cell.mean for cell in shown.statements] == [11 / 3, 5]


@pytest.mark.parametrize(
    ("ratings", "mean"),
    [((5, 5, 5), 5 - 1 / 6), ((5, 5, 4), 5 - 1 / 6), ((1, 1, 1), 1 + 1 / 6), ((1, 2, 1), 1 + 1 / 6)],
)
def test_at_the_ends_of_the_scale_means_of_few_are_about_right(ratings, mean):
    """All fives would tell what each of three said, so they look like two fives and a four."""
    shown = publish(ONE, said("peers", *ratings), POLICY)

    (cell,) = shown.statements
    assert (cell.n, cell.is_about) == (3, True)
    assert cell.mean == pytest.approx(mean)
    assert shown.others[0].is_about
    assert shown.competencies[0].is_about


def test_from_eight_on_nothing_is_about_because_the_spread_says_it_all():
    shown = publish(ONE, said("peers", *[5] * 8), POLICY)

    assert shown.statements == (Cell("asks", ("peers",), 8, 5),)
    assert shown.spreads == (Spread("asks", ("peers",), (0, 0, 0, 0, 8)),)


def test_a_scale_of_two_levels_has_no_middle_and_two_answers_about_all():
    yes_or_no = asked(PEERS, scale=Scale((0, 1)), seen=("asks",))

    assert publish(yes_or_no, said("peers", 1, 1, 1), POLICY).statements[0].mean == pytest.approx(5 / 6)
    assert publish(yes_or_no, said("peers", 0, 1, 0), POLICY).statements[0].mean == pytest.approx(1 / 6)


def test_seven_have_no_spread():
    assert publish(ONE, said("peers", *[1, 2, 3, 4, 5, 4, 3]), POLICY).spreads == ()


def test_comments_that_stand_by_themselves_make_no_group_larger():
    """Else reports were taken for four, and merged with others at each statement: whoever few have observed there."""
    both = {"asks": 3, "waits": 4}
    mentees = said("mentees", both, both, both, {"asks": 3}, {"asks": 3})
    reports = said("reports", both, both) + wrote("reports", "a", "b")

    shown = publish(asked(PEERS, REPORTS, MENTEES), said("peers", *[both] * 4) + reports + mentees, POLICY)

    assert shown.columns == (("mentees",), ("peers", "reports"))


# From report to report


def test_a_second_report_adds_three_or_nobody():
    first = publish(ONE, old := said("peers", 2, 3, 4, 5), POLICY)
    two_more = publish(ONE, old + (two := said("peers", 1, 1)), POLICY, first.ledger)
    three_more = publish(ONE, old + two + said("peers", 3), POLICY, two_more.ledger)

    assert two_more.statements == first.statements
    assert two_more.withheld[0] == Withheld("asks", ("peers",), Reason.WAITING)
    assert three_more.statements == (Cell("asks", ("peers",), 7, 19 / 7),)


def test_an_answer_that_is_erased_is_not_taken_off_what_was_shown():
    """The difference would be the answer."""
    first = publish(ONE, answers := said("peers", 2, 3, 4, 5), POLICY)

    assert publish(ONE, answers[1:], POLICY, first.ledger).statements == first.statements


def test_groups_once_merged_stay_merged():
    first = publish(ONE, old := said("peers", 2, 3, 4) + said("reports", 2), POLICY)

    second = publish(ONE, old + said("reports", 3, 3, 4), POLICY, first.ledger)

    assert second.statements == (Cell("asks", ("peers", "reports"), 7, 3),)


def test_a_spread_comes_back_only_with_eight_more():
    first = publish(ONE, old := said("peers", *[3] * 8), POLICY)
    second = publish(ONE, old + (more := said("peers", 1, 2, 5)), POLICY, first.ledger)
    other = publish(ONE, old + said("peers", *[4] * 8), POLICY, first.ledger)

    assert second.statements == (Cell("asks", ("peers",), 11, 32 / 11),)
    assert second.spreads == ()
    assert other.spreads == (Spread("asks", ("peers",), (0, 0, 8, 8, 0)),)
    assert len(more) == 3


def test_a_ledger_comes_back_from_json_as_it_was():
    kept = publish(ONE, said("peers", *[3] * 8) + wrote("peers", *"abcde"), POLICY).ledger

    assert Ledger.of_json(kept.as_json()) == kept


def test_a_ledger_with_overlapping_blocks_is_refused():
    kept = publish(ONE, said("peers", 3, 3, 4), POLICY).ledger

    with pytest.raises(NotSafe):
        Ledger((*kept.blocks, *kept.blocks))


# Comments


def test_comments_are_shown_from_five_on_in_one_pool_in_an_order_of_their_own():
    four = wrote("peers", "b", "d") + wrote("reports", "a", "c")

    few = publish(asked(), four, POLICY)
    enough = publish(asked(), four + wrote("mentees", "e"), POLICY)

    assert few.words == ()
    assert few.withheld[-1] == Withheld("more", (), Reason.TOO_FEW)
    assert sorted(each.text for each in enough.words) == list("abcde")
    assert {each.group for each in enough.words} == {None}
    assert enough.words == publish(asked(), wrote("peers", *"edcba"), POLICY).words


def test_blank_comments_are_none():
    assert publish(asked(), wrote("peers", "a", "b", "c", "d", " \n"), POLICY).words == ()


def test_new_comments_wait_until_they_are_five():
    first = publish(asked(), old := wrote("peers", *"abcde"), POLICY)
    waiting = publish(asked(), old + (four := wrote("peers", *"fghi")), POLICY, first.ledger)
    second = publish(asked(), old + four + wrote("reports", "j"), POLICY, waiting.ledger)

    assert waiting.words == first.words
    assert waiting.withheld[-1] == Withheld("more", (), Reason.WAITING)
    assert sorted(each.text for each in second.words) == list("abcdefghij")


def test_a_mentor_is_quoted_as_the_mentor_or_not_at_all():
    silent = replace(MENTOR, key="manager", comments=Comments.NONE)

    shown = publish(asked(MENTOR, silent, PEERS), wrote("mentor", "Well done.") + wrote("manager", "Hm."), POLICY)

    assert shown.words == (Words("more", "Well done.", "mentor"),)


def test_a_mentor_in_the_pool_does_not_make_it_large_enough():
    groups = (replace(MENTOR, comments=Comments.SHUFFLED), PEERS)

    few = publish(asked(*groups), wrote("peers", *"abcd") + wrote("mentor", "e"), POLICY)
    enough = publish(asked(*groups), wrote("peers", *"abcdf") + wrote("mentor", "e"), POLICY)

    assert few.words == ()
    assert sorted(each.text for each in enough.words) == list("abcdef")


# What is refused


def test_bad_input_is_refused():
    with pytest.raises(NotSafe):
        publish(ONE, [Response("1", "peers", {"asks": 3})] * 3, POLICY)
    with pytest.raises(ValueError, match="Nobody was asked as friends"):
        publish(ONE, said("friends", 3), POLICY)
    with pytest.raises(ValueError, match="not on the scale"):
        publish(ONE, said("peers", 3.5), POLICY)
    with pytest.raises(ValueError, match="their scores rise"):
        Scale((1, 1))
    with pytest.raises(ValueError, match="shuffled"):
        Group(key="peers", anonymity=Anonymity.ANONYMOUS, comments=Comments.VERBATIM)
    with pytest.raises(ValueError, match="a key of its own"):
        asked(PEERS, PEERS)
    with pytest.raises(ValueError, match="At least 3"):
        Policy(means=2)
