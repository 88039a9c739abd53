"""What runs again on PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

import pytest

from tools.pytest_plugin import _for_postgres


@dataclass(frozen=True)
class Item:
    nodeid: str
    marks: tuple[str, ...] = ()
    fixturenames: tuple[str, ...] = field(default=("session", "template"))

    def get_closest_marker(self, name: str) -> object:
        return name if name in self.marks else None


def chosen(*items: Item) -> list[str]:
    return [each.nodeid for each in _for_postgres(cast("list[pytest.Item]", items))]


def test_of_a_test_with_many_cases_the_first_runs_again():
    assert chosen(Item("a.py::one[x]"), Item("a.py::one[y]"), Item("a.py::two"), Item("b.py::one[x]")) == [
        "a.py::one[x]",
        "a.py::two",
        "b.py::one[x]",
    ]


def test_all_of_its_cases_do_where_it_says_so():
    marks = ("every_case",)

    assert chosen(Item("a.py::race[1]", marks), Item("a.py::race[2]", marks)) == ["a.py::race[1]", "a.py::race[2]"]


@pytest.mark.parametrize("marks", [("sqlite",), ("browser",)])
def test_browsers_and_what_is_for_sqlite_alone_do_not(marks):
    assert chosen(Item("a.py::one", marks)) == []


def test_what_touches_no_database_does_not_unless_it_is_for_postgresql():
    assert chosen(Item("a.py::plain", (), ()), Item("a.py::server", ("postgres",), ())) == ["a.py::server"]
