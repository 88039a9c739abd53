"""Whatever stands in a file: no reader raises, and none takes long."""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from quizzes.formats import registry
from quizzes.formats.base import Reading
from quizzes.formats.model import Bank
from quizzes.formats.packages import is_zip
from quizzes.formats.reports import Odd, Part
from tests.quizzes.formats.generating import questions
from tests.quizzes.formats.repertoire import REPERTOIRES
from tests.quizzes.formats.spoiling import spoiled, spoiled_markup, spoiled_within

SAMPLES = Path(__file__).parent / "samples"
QUICK, MANY = 60, 3_000
PACKED = ("excel", "qti12", "qti21", "qti30")
"""Of which half a file is none."""
LONGEST, MOST_MEMORY = 5.0, 300 << 20
"""Seconds for a file of some kilobytes, on the slowest machine; bytes beside what the process has already."""
STATM = Path("/proc/self/statm")
Spoil = Callable[[bytes, random.Random], bytes]


def written(name: str, number: int = 25, seed: int = 1) -> bytes:
    may = REPERTOIRES[name]
    if name not in PACKED and name != "moodle":
        # With media GIFT is a zip, of which changes leave little to be read.
        may = replace(may, parts=may.parts - {Part.MEDIA})
    return registry.write(Bank(questions=tuple(questions(may, number, seed=seed))), name).content


def ways_to_spoil(content: bytes) -> Sequence[Spoil]:
    """Packages mostly from inside, where nothing but their parts is wrong; markup mostly so that it still is markup."""
    if is_zip(content):
        return spoiled_within, spoiled_within, spoiled_within, spoiled
    return (spoiled_markup, spoiled_markup, spoiled) if content.lstrip().startswith(b"<") else (spoiled,)


def readings(name: str, number: int) -> Iterator[tuple[bytes, Reading]]:
    chance = random.Random(f"{name}-2026")
    samples = [written(name, few, seed) for few, seed in ((5, 1), (5, 2), (3, 3), (3, 4))]
    samples += [each.read_bytes() for each in sorted(SAMPLES.iterdir())]
    for _n in range(number):
        # Of its own files twice as often as of others.
        content = chance.choice(samples[:4] if chance.random() < 0.7 else samples)
        content = chance.choice(ways_to_spoil(content))(content, chance)
        began = time.process_time()
        registry.recognize(content)
        found = registry.read(content, format=name)
        assert time.process_time() - began < LONGEST
        yield content, found


@pytest.fixture(autouse=True)
def _little_memory() -> Iterator[None]:
    """Whoever asks for more gets a MemoryError, which would be told as what nobody foresaw."""
    if not STATM.exists():
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_AS)
    held = int(STATM.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (held + MOST_MEMORY, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


def test_what_takes_more_memory_than_there_is_is_found_out():
    with pytest.raises(MemoryError):
        bytearray(2 * MOST_MEMORY)


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
