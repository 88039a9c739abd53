"""Every row of the list of cases is shown by a test named after it, or docs/lti-cases.md says why not."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parent.parent
LIST = TESTS / "platforms" / "lti-cases.csv"
EXCUSES = TESTS.parent / "docs" / "lti-cases.md"


@cache
def cases() -> list[str]:
    with LIST.open(encoding="utf-8", newline="") as file:
        return [row["id"] for row in csv.DictReader(file)]


def ids_in(text: str) -> set[str]:
    """The ids of the list that this text names: `CERT-BAD-01`, or `cert_bad_01` in the name of a function."""
    areas = "|".join(sorted({each.rpartition("-")[0] for each in cases()}, key=len, reverse=True))
    found = re.findall(rf"(?<![A-Z0-9])(?:{areas})-\d\d(?!\d)", text.upper().replace("_", "-"))
    return set(found)


@cache
def shown() -> frozenset[str]:
    return frozenset(each for path in TESTS.rglob("test_*.py") for each in _named(ast.parse(path.read_text("utf-8"))))


def _named(module: ast.Module) -> Iterator[str]:
    """What tests are named after: in their names, their docstrings, and the ids they are parametrized with."""
    said_by_the_way = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield from ids_in(node.name.upper()) | ids_in(_upper_only(ast.get_docstring(node) or ""))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said_by_the_way:
            yield from _as_parameter(node.value)


def _as_parameter(text: str) -> set[str]:
    """The ids a text begins with, as the ids of parametrized tests do."""
    first = text.split(" ", 1)[0]
    return ids_in(first) if first == first.upper() and "-" in first and len(first) <= 40 else set()


def _upper_only(docstring: str) -> str:
    return " ".join(word for word in re.split(r"[\s,;()]+", docstring) if word == word.upper())


@cache
def excused() -> dict[str, str]:
    """Each row of the tables in the docs: an id and a sentence."""
    rows = re.findall(r"^\| ([A-Z]+(?:-[A-Z]+)*-\d\d) \| (.+) \|$", EXCUSES.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) == len(dict(rows)), "an id stands twice"
    return dict(rows)


def test_every_case_has_a_test_or_a_reason():
    assert sorted(set(cases()) - shown() - set(excused())) == []


def test_the_reasons_are_for_cases_of_the_list():
    assert sorted(set(excused()) - set(cases())) == []


def test_no_case_that_has_a_test_is_excused():
    assert sorted(set(excused()) & shown()) == []


def test_every_reason_is_a_sentence():
    assert [each for each, why in excused().items() if not re.fullmatch(r"[A-Z].{20,}\.", why)] == []


def test_the_list_is_whole():
    assert len(cases()) == len(set(cases())) == 277


def test_ids_are_found_where_tests_are_named_after_them():
    module = ast.parse(
        'CASES = {"SIG-01": 1, "SIG-02 with a signature": 2, "NO-99": 3}\n'
        'def test_time_01_is_refused():\n    """TIME-02, TIME-03."""\n'
        'def helper():\n    """TIME-04 only in passing."""\n'
    )

    assert set(_named(module)) == {"SIG-01", "SIG-02", "TIME-01", "TIME-02", "TIME-03"}
