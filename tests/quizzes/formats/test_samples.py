"""Samples for every format and version of one: each kind of question that it has stands in one of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from quizzes.formats import registry
from quizzes.formats.equality import canonical
from quizzes.kinds import Kind
from tests.quizzes.formats.repertoire import REPERTOIRES

EVERYTHING: Mapping[str, str] = {
    "everything.txt": "aiken",
    "everything.csv": "csv",
    "everything.xlsx": "excel",
    "everything.gift": "gift",
    "everything.xml": "moodle",
    "everything-qti12.zip": "qti12",
    "everything-qti21.zip": "qti21",
    "everything-qti22.zip": "qti21",
    "everything-qti30.zip": "qti30",
}
"""The formats of the samples with all that one has."""
OF_CARTRIDGES = {Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE, Kind.SHORT_TEXT, Kind.ESSAY}
"""The profiles of items in Common Cartridge 1.1; the one for patterns is read as short text, too."""
VERSIONS = {
    "everything-qti12.zip": b"ims_qtiasiv1p2",
    "everything-qti21.zip": b"imsqti_v2p1",
    "everything-qti22.zip": b"imsqti_v2p2",
    "everything-qti30.zip": b"imsqtiasi_v3p0",
    "cartridge.imscc": b"imsccv1p1",
}
"""The namespace that stands in a package of this version."""
FOLDER = Path(__file__).parent / "samples"


def test_every_format_has_a_sample_and_every_sample_is_tried():
    assert set(EVERYTHING.values()) == set(registry.FORMATS)
    assert {each.name for each in FOLDER.iterdir()} == {*EVERYTHING, "cartridge.imscc"}


@pytest.mark.parametrize(("name", "format"), EVERYTHING.items())
def test_every_kind_that_a_format_has_is_in_its_sample(name: str, format: str):
    file = FOLDER / name

    found = registry.read(file.read_bytes(), file.name)

    assert found.format == format
    assert set(REPERTOIRES[format].kinds) - {each.kind for each in found.bank.questions} == set()


def test_a_cartridge_of_a_course_is_read_with_its_quiz_and_its_bank():
    found = registry.read((FOLDER / "cartridge.imscc").read_bytes(), "cartridge.imscc")

    assert found.format == "qti12"
    assert {each.kind for each in found.bank.questions} == OF_CARTRIDGES
    assert [(each.title, len(each.sections[0].slots)) for each in found.bank.quizzes] == [("Fire drill", 4)]
    assert found.report.is_clean


@pytest.mark.parametrize(("name", "namespace"), VERSIONS.items())
def test_a_sample_is_of_the_version_that_it_says(name: str, namespace: bytes):
    with zipfile.ZipFile(io.BytesIO((FOLDER / name).read_bytes())) as package:
        said = b"".join(package.read(each) for each in package.namelist() if each.endswith(".xml"))

    others = {each for each in VERSIONS.values() if each in said} - {namespace, b"ims_qtiasiv1p2", b"imsccv1p1"}
    assert namespace in said
    assert others == set()


def test_what_qti_21_says_22_and_30_say_as_well():
    [first, *others] = (
        list(map(canonical, registry.read((FOLDER / name).read_bytes()).bank.questions))
        for name in ("everything-qti21.zip", "everything-qti22.zip", "everything-qti30.zip")
    )

    assert others == [first, first]


def test_a_workbook_says_what_the_table_says():
    table, workbook = (registry.read((FOLDER / f"everything.{ending}").read_bytes()) for ending in ("csv", "xlsx"))

    assert list(map(canonical, workbook.bank.questions)) == list(map(canonical, table.bank.questions))
