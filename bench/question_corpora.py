"""`python -m bench.question_corpora FOLDER`: what is read of other people's files, and what is said of the rest.

The folder, or that which QUESTION_CORPORA names, holds their collections, nothing of which is kept in this project.
Files beneath `gift`, `moodle-xml`, `aiken`, `csv` and `excel` are read as these formats; a JSON file beside a GIFT
file, in the way of the GIFT grammar's own tests, says what another reader finds there. Every question has to be read,
or to be left out with a reason.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from bench.gift_oracles import differences
from quizzes.formats import registry
from quizzes.formats.base import Reading
from quizzes.formats.reports import Odd, Severity
from tools.commands import obey
from tools.trouble import Trouble

FOLDER = "QUESTION_CORPORA"
FORMATS = {"gift": "gift", "moodle-xml": "moodle", "aiken": "aiken", "csv": "csv", "excel": "excel"}
"""By the folders of the collections."""
_NONE = (Odd.NO_QUESTIONS, Odd.EMPTY)


@dataclass(frozen=True)
class Read:
    """What became of one file."""

    name: str
    found: int
    """Questions in it, as far as anybody can count them without reading them."""
    reading: Reading
    differences: Sequence[str]

    @property
    def left_out(self) -> int:
        errors = [each for each in self.reading.report.findings if each.severity is Severity.ERROR]
        return sum(each.odd not in _NONE for each in errors)

    @property
    def is_whole(self) -> bool:
        """Whether each question was read, or left out with a reason."""
        unforeseen = any(each.odd is Odd.UNEXPECTED for each in self.reading.report.findings)
        return not unforeseen and self.found <= len(self.reading.bank.questions) + self.left_out


def main(words: Sequence[str]) -> int:
    asked = _asked(words)
    folder = Path(asked.folder or os.environ.get(FOLDER, ""))
    if not (asked.folder or os.environ.get(FOLDER)) or not folder.is_dir():
        raise Trouble(f"Name a folder with collections of questions, or set {FOLDER}.")
    is_whole = True
    for name, format in FORMATS.items():
        read = [_read(each, folder, format) for each in _files(folder / name)]
        for each in read:
            _tell(each, is_long=asked.all)
            is_whole = is_whole and each.is_whole
        if read:
            _sum_up(registry.FORMATS[format].title, read)
    return 0 if is_whole else 1


def _asked(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.question_corpora", description="Read other people's files.")
    parser.add_argument("folder", nargs="?", default="", help=f"where the collections are; else that of {FOLDER}")
    parser.add_argument("--all", action="store_true", help="files of which everything is kept as well, and notes")
    return parser.parse_args(list(words))


def _files(folder: Path) -> Iterator[Path]:
    return (each for each in sorted(folder.rglob("*")) if each.is_file() and each.suffix != ".json")


def _read(file: Path, folder: Path, format: str) -> Read:
    content, oracle = file.read_bytes(), file.with_suffix(".json")
    reading = registry.read(content, file.name, format)
    wanted = json.loads(oracle.read_text(encoding="utf-8")) if format == "gift" and oracle.is_file() else None
    differing = [] if wanted is None else list(differences(wanted, reading.bank.questions))
    found = _counted(content) if format == "moodle" else len(reading.bank.questions)
    return Read(file.relative_to(folder).as_posix(), found, reading, differing)


def _counted(content: bytes) -> int:
    root = etree.fromstring(content, etree.XMLParser(recover=True, resolve_entities=False, no_network=True))
    return sum(each.get("type") != "category" for each in root.iter("question")) if root is not None else 0


def _tell(read: Read, *, is_long: bool) -> None:
    questions = read.reading.bank.questions
    least = Severity.NOTE if is_long else Severity.LOSS
    said = [each for each in read.reading.report.findings if each.severity >= least]
    if is_long or said or read.differences or not read.is_whole:
        drafts = sum(each.is_draft for each in questions)
        print(f"{read.name} ({read.reading.encoding}): {read.found} found, {len(questions)} read, {drafts} as drafts")
    for each in said:
        place = f"line {each.place.line}, {each.place.item}"
        print(f"    {each.severity.name.lower()}: {place}: {each.odd.value} {dict(each.about)}")
    for difference in read.differences:
        print(f"    differs: {difference}")
    if not read.is_whole:
        print("    NOT WHOLE: questions are missing without a reason")


def _sum_up(title: str, read: Sequence[Read]) -> None:
    counted: Counter[str] = Counter()
    for each in read:
        counted["found"] += max(each.found, len(each.reading.bank.questions) + each.left_out)
        counted["read"] += len(each.reading.bank.questions)
        counted["left out with a reason"] += each.left_out
        counted["different from the other reader"] += len(each.differences)
    files = sum(each.is_whole for each in read)
    print(
        f"{title}: {files} of {len(read)} files; " + ", ".join(f"{number} {name}" for name, number in counted.items())
    )


if __name__ == "__main__":
    sys.exit(obey(lambda: main(sys.argv[1:])))
