"""What is counted of other people's collections of QTI."""

from __future__ import annotations

import pytest

from bench import corpora
from tests.quizzes.formats.qti import test_older as older
from tests.quizzes.formats.qti.making import ask, item, response, rules, scoring
from tools.trouble import Trouble

CHOICES = '<simpleChoice identifier="a">Run</simpleChoice><simpleChoice identifier="b">Walk</simpleChoice>'
CHOICE = ask("choice", CHOICES, 'maxChoices="1"')


def test_each_item_is_counted_by_what_became_of_it(tmp_path, capsys):
    files = {
        "same.xml": item(response("single", "identifier", "a"), CHOICE),
        "people.xml": item(response("single", "string"), ask("extendedText"), ""),
        "nothing.xml": item(response("single", "identifier"), CHOICE),
        "other.xml": item(response("single", "identifier", "a"), CHOICE, rules(scoring("-1"))),
        "unread.xml": item(response("single", "identifier"), ask("graphicOrder")),
        "broken.xml": b"<assessmentItem",
        "picture.png": b"",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "old.xml").write_text(
        f"<questestinterop>{older.item('essay_question', 'Why?', older.line())}</questestinterop>"
    )

    failed = corpora.main([str(tmp_path), "--all"])

    newer, old = capsys.readouterr().out.split("QTI 1.2:")
    counted = {line.split("  ")[-1]: line.split()[:2] for line in newer.splitlines()[2:8]}
    assert (failed, newer.splitlines()[1]) == (0, "QTI 2 and 3: 5 items, 4 with none but the interactions promised")
    assert counted == {
        "the same scores": ["1", "1"],
        "no score by the specification": ["1", "1"],
        "no answer earns anything, here or there": ["1", "1"],
        "other scores, which is told": ["1", "1"],
        "not read, which is told": ["1", "0"],
        "crashed": ["0", "0"],
    }
    assert "unread.xml: not read, which is told: no_such_kind graphicOrderInteraction" in newer
    assert old.startswith(" 1 items, 1 with none but the interactions promised")


def test_a_folder_has_to_be_named(monkeypatch):
    monkeypatch.delenv(corpora.FOLDER, raising=False)

    with pytest.raises(Trouble):
        corpora.main([])
