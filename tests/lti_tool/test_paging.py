"""Which part of a long list an address asks for, and what is looked for."""

from __future__ import annotations

import pytest
from flask import Flask

from lti_tool.paging import beginning, paging, place_in, searched


@pytest.mark.parametrize(
    ("said", "expected"),
    [("", 0), ("?from=0", 0), ("?from=50", 50), ("?from=99", 50), ("?from=100", 100), ("?from=120", 0)]
    + [(f"?from={odd}", 0) for odd in ("-1", "x", "%C2%B2", "1e2", "9" * 9)],
)
def test_a_page_begins_where_the_address_says_if_that_is_a_place_in_the_list(app: Flask, said: str, expected: int):
    with app.test_request_context(f"/{said}"):
        assert beginning(120, 50) == expected


def test_the_last_page_leads_back_only_and_the_first_only_on(app: Flask):
    with app.test_request_context("/?from=100"):
        last = paging(120, 50)
    with app.test_request_context("/"):
        first = paging(120, 50)

    assert ((last.newer, last.older), (first.newer, first.older)) == ((50, None), (None, 50))


def test_what_is_looked_for_is_no_longer_than_a_name_and_nothing_that_a_database_minds():
    assert searched({"q": f" Le\0o {'x' * 200}"}) == f"Leo {'x' * 94}"
    assert (searched({}), place_in({"from": "7"})) == ("", 7)
