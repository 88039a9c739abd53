"""Whatever stands in a file: no reader raises, and none takes long."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from quizzes.formats import registry
from quizzes.formats.base import Reading
from quizzes.formats.model import Bank
from quizzes.formats.reports import Odd, Part
from tests.quizzes.formats.generating import questions
from tests.quizzes.formats.repertoire import REPERTOIRES

SAMPLES = Path(__file__).parent / "samples"
SIGNS = [
    *(b"{", b"}", b"=", b"~", b"#", b"::", b"\\", b"%50%", b"####", b"->", b"[html]", b"\n\n", b"$CATEGORY: /", b"//"),
    *(b"<", b">", b"&", b"</question>", b"<question type='essay'>", b"<![CDATA[", b"]]>", b"&#0;", b"&x;", b"<!--"),
    *(
        b"{1:MC:=",
        b"[[1]]",
        b'"',
        b",",
        b";",
        b"\r",
        b"\t",
        b"=1+1",
        b"ANSWER: ",
        b"A. ",
        b"\x00",
        b"\xff\xfe",
        b"\xc3",
    ),
    *(b"9" * 400, b"1e999", b"1/0", b"-", b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"A" * 5000, b"\xc3"),
]
QUICK, MANY = 60, 3_000
PACKED = ("excel", "qti12", "qti21", "qti30")
"""Of which half a file is none."""
LONGEST = 5.0
"""Seconds for a file of some kilobytes, on the slowest machine."""


def written(name: str) -> bytes:
    may = REPERTOIRES[name]
    if name not in PACKED and name != "moodle":
        # With media GIFT is a zip, of which changes leave little to be read.
        may = replace(may, parts=may.parts - {Part.MEDIA})
    return registry.write(Bank(questions=tuple(questions(may, 25, seed=1))), name).content


def spoiled(content: bytes, chance: random.Random) -> bytes:
    """The file with some places cut out, doubled, moved, or with a sign put in that means something somewhere."""
    for _n in range(chance.randint(1, 8)):
        at, to = sorted(chance.randrange(len(content) + 1) for _end in range(2))
        to = min(to, at + chance.choice((1, 10, 1000)))
        match chance.randrange(5):
            case 0:
                content = content[:at] + chance.choice(SIGNS) + content[at:]
            case 1:
                content = content[:at] + content[to:]
            case 2:
                content = content[:to] + content[at:]
            case 3:
                content = content[:at] + bytes(chance.randrange(256) for _n in range(4)) + content[at:]
            case _:
                content = content[:at] if chance.random() < 0.2 else content
    return content


def readings(name: str, number: int) -> Iterator[tuple[bytes, Reading]]:
    chance, whole = random.Random(f"{name}-2026"), written(name)
    samples = [whole, *(each.read_bytes() for each in sorted(SAMPLES.iterdir()))]
    for _n in range(number):
        content = spoiled(chance.choice(samples), chance)
        began = time.perf_counter()
        found = registry.read(content, format=name)
        assert time.perf_counter() - began < LONGEST
        yield content, found


@pytest.mark.parametrize("name", REPERTOIRES)
def test_no_reader_raises(name: str):
    _check(name, QUICK)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.soak] if name.startswith("qti") else []) for name in REPERTOIRES]
)
def test_no_reader_raises_on_many_spoiled_files(name: str):
    _check(name, MANY)


def _check(name: str, number: int) -> None:
    others = list(REPERTOIRES)
    for count, (content, found) in enumerate(readings(name, number)):
        unforeseen = [each for each in found.report.findings if each.odd is Odd.UNEXPECTED]
        assert unforeseen == [], content
        # What was read can be written, whatever the file was; each format has its turn.
        registry.write(found.bank, others[count % len(others)])


@pytest.mark.parametrize("name", [name for name in REPERTOIRES if name not in PACKED])
def test_half_a_file_gives_half_of_its_questions(name: str):
    content = written(name)

    found = registry.read(content[: len(content) // 2], format=name)

    assert len(found.bank.questions) >= 5
    assert Odd.UNEXPECTED not in {each.odd for each in found.report.findings}
