"""Collections of other people's files are read in one command, beside what another reader says of them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bench.question_corpora import main
from tests.quizzes.formats.test_samples import EVERYTHING, FOLDER

FOLDERS = {"gift": "gift", "moodle": "moodle-xml", "aiken": "aiken", "csv": "csv", "excel": "excel"}
SAID = {"type": "TF", "title": "Lift", "isTrue": False, "stem": {"format": "moodle", "text": "Take it?"}}


def test_every_question_is_read_or_left_out_with_a_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    for file, name in EVERYTHING.items():
        if name in FOLDERS:
            (tmp_path / FOLDERS[name]).mkdir()
            shutil.copy(FOLDER / file, tmp_path / FOLDERS[name])

    ended = main([str(tmp_path)])

    sums = [line for line in capsys.readouterr().out.splitlines() if " of 1 files; " in line]
    assert ended == 0
    assert sums == [
        "GIFT: 1 of 1 files; 16 found, 16 read, 0 left out with a reason, 0 different from the other reader",
        "Moodle XML: 1 of 1 files; 16 found, 14 read, 2 left out with a reason, 0 different from the other reader",
        "Aiken: 1 of 1 files; 3 found, 3 read, 0 left out with a reason, 0 different from the other reader",
        "CSV: 1 of 1 files; 10 found, 10 read, 0 left out with a reason, 0 different from the other reader",
        "Excel: 1 of 1 files; 10 found, 10 read, 0 left out with a reason, 0 different from the other reader",
    ]


@pytest.mark.parametrize(("text", "number"), [("::Lift::Take it?{F}", 0), ("::Lift::Take it now?{T}", 2)])
def test_what_another_reader_says_otherwise_is_told(
    text: str, number: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    folder = tmp_path / "gift"
    folder.mkdir()
    (folder / "lift.gift").write_text(text, encoding="utf-8")
    (folder / "lift.json").write_text(json.dumps([SAID]), encoding="utf-8")

    main([str(tmp_path)])

    assert capsys.readouterr().out.count("differs: Lift") == number
