from __future__ import annotations

import pytest

from bench.__main__ import _asked, _scope
from bench.diary import DAYS, PATH, entered

TEXT = f"# Benchmarks\n\nHow to read them.\n\n{DAYS}\n"


def test_the_newest_day_stands_first_and_a_second_run_of_a_day_replaces_the_first():
    text = entered(TEXT, "2026-11-01", ["- old"])
    text = entered(text, "2026-11-02", ["- first try", "", "| a |"])
    text = entered(text, "2026-11-02", ["- second try"])

    expected = (
        f"# Benchmarks\n\nHow to read them.\n\n{DAYS}\n\n## 2026-11-02\n\n- second try\n\n## 2026-11-01\n\n- old\n"
    )
    assert text == expected


def test_a_part_stands_beside_the_whole_of_its_day():
    text = entered(TEXT, "2026-11-02", ["- the whole"])
    for lines in (["- first try"], ["- second try"]):
        text = entered(text, "2026-11-02" + _scope(_asked(["--only", "rosters", "--sqlite", "--write"])), lines)

    assert text.endswith(
        f"{DAYS}\n\n## 2026-11-02, rosters, without PostgreSQL\n\n- second try\n\n## 2026-11-02\n\n- the whole\n"
    )
    assert _scope(_asked(["--write"])) == ""


def test_a_diary_without_its_line_is_left_alone():
    with pytest.raises(ValueError, match="lacks the line"):
        entered("# Something else\n", "2026-11-02", ["- figures"])


def test_the_diary_of_this_project_can_be_written_to():
    text = PATH.read_text(encoding="utf-8")

    assert "\n## 2001-01-01\n\n- figures\n" in entered(text, "2001-01-01", ["- figures"])
