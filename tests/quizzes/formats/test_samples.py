"""A sample for every format: each kind of question that the format has stands in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizzes.formats import registry
from quizzes.formats.equality import canonical
from tests.quizzes.formats.repertoire import REPERTOIRES

SAMPLES = {
    "aiken": "everything.txt",
    "csv": "everything.csv",
    "excel": "everything.xlsx",
    "gift": "everything.gift",
    "moodle": "everything.xml",
}
FOLDER = Path(__file__).parent / "samples"


@pytest.mark.parametrize("name", SAMPLES)
def test_every_kind_that_a_format_has_is_in_its_sample(name: str):
    file = FOLDER / SAMPLES[name]

    found = registry.read(file.read_bytes(), file.name)

    assert found.format == name
    assert set(REPERTOIRES[name].kinds) - {each.kind for each in found.bank.questions} == set()


def test_a_workbook_says_what_the_table_says():
    table, workbook = (registry.read((FOLDER / SAMPLES[name]).read_bytes()) for name in ("csv", "excel"))

    assert list(map(canonical, workbook.bank.questions)) == list(map(canonical, table.bank.questions))
