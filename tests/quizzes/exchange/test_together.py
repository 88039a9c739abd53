"""What is said of many places of a file stands once."""

from __future__ import annotations

from quizzes.exchange.together import MOST_NAMED, Said, together


def finding(sentence: str, where: str, severity: str = "note") -> dict[str, str]:
    return {"severity": severity, "sentence": sentence, "where": where}


def test_the_same_said_of_several_places_is_said_once_in_the_order_of_the_file():
    found = together(
        [finding("Names go.", "Line 1"), finding("A brace.", "Line 2", "error"), finding("Names go.", "Line 3")]
    )

    assert found == [Said("note", "Names go.", ["Line 1", "Line 3"], 2), Said("error", "A brace.", ["Line 2"], 1)]


def test_what_matters_more_is_not_put_with_what_is_only_worth_knowing():
    found = together([finding("Hints go.", "Line 1"), finding("Hints go.", "Line 2", "loss")])

    assert [(each.severity, each.number) for each in found] == [("note", 1), ("loss", 1)]


def test_of_many_places_the_first_are_named_and_the_rest_counted():
    [many] = together(finding("Names go.", f"Line {n}") for n in range(1, 10))
    [nowhere] = together(finding("Guessed.", "") for _ in range(3))

    assert (many.named, many.unnamed) == ([f"Line {n}" for n in range(1, MOST_NAMED + 1)], 9 - MOST_NAMED)
    assert (nowhere.named, nowhere.unnamed) == ([], 3)
