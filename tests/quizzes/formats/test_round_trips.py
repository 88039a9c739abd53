"""What is written into a file and read from it again is the same, for every format and whatever is asked."""

from __future__ import annotations

import pytest

from quizzes.formats import registry
from quizzes.formats.equality import canonical
from quizzes.formats.model import Bank
from quizzes.formats.reports import Severity
from tests.quizzes.formats.generating import questions
from tests.quizzes.formats.repertoire import REPERTOIRES

MANY = 10_000


def test_every_format_has_a_repertoire():
    assert set(REPERTOIRES) == set(registry.FORMATS)


LONG = [pytest.param(name, marks=[pytest.mark.soak] if name.startswith("qti") else []) for name in REPERTOIRES]
"""In QTI every question's rules are tried, so ten thousand take a minute each."""


@pytest.mark.parametrize("name", REPERTOIRES)
def test_what_is_written_is_read_as_it_was(name: str):
    _goes_round(name, REPERTOIRES[name].quick, seed=7)


@pytest.mark.slow
@pytest.mark.parametrize("name", LONG)
def test_ten_thousand_questions_are_read_as_they_were_written(name: str):
    _goes_round(name, MANY, seed=2026)


def _goes_round(name: str, number: int, *, seed: int) -> None:
    made = tuple(questions(REPERTOIRES[name], number, seed))

    written = registry.write(Bank(questions=made), name)
    found = registry.read(written.content, format=name)

    told = [each for each in (*written.report.findings, *found.report.findings) if each.severity > Severity.NOTE]
    assert told == []
    assert [canonical(each) for each in found.bank.questions] == [canonical(each) for each in made]


@pytest.mark.parametrize("name", REPERTOIRES)
def test_what_is_written_is_recognized(name: str):
    written = registry.write(Bank(questions=tuple(questions(REPERTOIRES[name], 20, seed=3))), name)

    found = registry.recognize(written.content)

    assert found is not None
    assert found.name == name
