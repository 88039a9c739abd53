"""Other programs write packages that we read, and turn ours into another version that we read as the same."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from quizzes.bank.checking import Wrong as Unspoken
from quizzes.formats import registry
from quizzes.formats.base import Reading
from quizzes.formats.equality import canonical
from quizzes.formats.model import Bank, Draw, Question
from quizzes.formats.qti.wrong import Wrong
from quizzes.formats.reports import Severity
from quizzes.kinds import Kind
from quizzes.rich import TextFormat, plain
from tests import judges
from tests.quizzes.formats.generating import questions
from tests.quizzes.formats.repertoire import REPERTOIRES

pytestmark = pytest.mark.judges

QUIZ = """Quiz title: Fire drill
Quiz description: Be quick.

Title: A sum
Points: 2
1. What is 2+3?
... Count on your fingers.
+ Well done.
- Not quite.
a) 6
... Too much.
b) 1
*c) 5

2. Which of these are **dinosaurs**?
[ ] Woolly mammoth
[*] Tyrannosaurus rex
[*] Triceratops

3. What is the square root of 2?
= 1.4142 +- 0.0001

4. Which prime is even?
= 2

5. Give a number between 1 and 3.
= [1, 3]

6. Who lives at the North Pole?
* Santa
* Santa Claus

7. Explain why.
____

8. Hand in a plan.
^^^^

Text title: Read this
Text: Something about *fire*.

9. Is fire hot?
*a) True
b) False

GROUP
pick: 1
points per question: 3

1. Which is red?
*a) A rose
b) Grass

2. Which is green?
a) A rose
*b) Grass

END_GROUP
"""
ITEMS: list[tuple[str, list[Any]]] = [
    ("MC", ["Which is red?", ["a rose", "grass", "the sea"], "a rose"]),
    ("MA", ["Which are numbers?", ["one", "two", "tree"], ["one", "two"]]),
    ("MATCH", ["Which belong together?", ["France", "Italy"], ["Paris", "Rome"]]),
    ("NUM", ["How long is it?", 2.5, 0.1]),
    ("FIB", ["Who helps?", ["Maya", "Leo"]]),
    ("MULTI_FIB", ["The [color] of [thing].", {"color": ["red", "crimson"], "thing": ["fire"]}]),
    ("ORDER", ["What comes first?", ["one thing", "two things", "three things"]]),
]


@pytest.fixture(scope="module")
def written() -> Mapping[str, Reading]:
    """What we read of each package, all of them made by one process."""
    first = next(kind for kind, _parts in ITEMS)
    cases: dict[str, dict[str, Any]] = {
        "text2qti": {"text": QUIZ},
        "canvas": {"as": "canvas_qti_v1_2", "items": [each for each in ITEMS if each[0] != "ORDER"]},
        "blackboard": {"as": "blackboard_qti_v2_1", "items": ITEMS},
        "aiken": {"as": "moodle_aiken", "items": [each for each in ITEMS if each[0] == first]},
    }
    try:
        made = judges.written(list(cases.values()))
    except judges.JudgeMissing as missing:
        judges.leave_out(missing)
    return {name: registry.read(content) for name, content in zip(cases, made, strict=True)}


def told(found: Reading) -> list[tuple[str, object]]:
    return [(str(each.odd), each.about.get("what")) for each in found.report.findings if each.severity > Severity.NOTE]


def words(question: Question, name: str) -> list[str]:
    """A list of its body, without marks."""
    return [plain(str(row["text"]), question.text_format) for row in question.body[name]]


def right(question: Question) -> list[str]:
    texts = dict(zip([row["id"] for row in question.body["options"]], words(question, "options"), strict=True))
    return [texts[each] for each in question.body["right"]]


def test_all_that_text2qti_writes_is_read(written: Mapping[str, Reading]):
    found = written["text2qti"]

    assert (found.format, told(found)) == ("qti12", [])
    assert [each.kind for each in found.bank.questions] == [
        *(Kind.SINGLE, Kind.MULTIPLE, Kind.NUMERIC, Kind.NUMERIC, Kind.NUMERIC, Kind.SHORT_TEXT, Kind.ESSAY),
        *(Kind.UPLOAD, Kind.DESCRIPTION, Kind.TRUE_FALSE, Kind.SINGLE, Kind.SINGLE),
    ]
    first, several, root, prime, between, santa, *_rest, hot, _red, green = found.bank.questions
    assert (first.title, first.maximum, words(first, "options"), right(first)) == ("A sum", 2, ["6", "1", "5"], ["5"])
    assert plain(first.body["why"], TextFormat.HTML) == "Count on your fingers."
    assert sorted(plain(each, TextFormat.HTML) for each in first.feedback.values()) == [
        *("Not quite.", "Too much.", "Well done.")
    ]
    assert right(several) == ["Tyrannosaurus rex", "Triceratops"]
    assert "<strong>dinosaurs</strong>" in several.body["text"]
    assert root.body["answers"] == [{"value": "1.4142", "tolerance": "0.0001"}]
    assert prime.body["answers"] == [{"value": "2"}]
    assert between.body["answers"] == [{"value": "2", "tolerance": "1"}]
    assert [row["text"] for row in santa.body["answers"]] == ["Santa", "Santa Claus"]
    assert hot.body["right"] == ["true"]
    assert right(green) == ["Grass"]
    [quiz] = found.bank.quizzes
    assert quiz.title == "Fire drill"
    drawn = quiz.sections[0].slots[-1]
    assert isinstance(drawn, Draw)
    assert (drawn.count, len(drawn.questions), drawn.maximum) == (1, 2, 3.0)


def test_all_that_qti_package_maker_writes_for_canvas_is_read(written: Mapping[str, Reading]):
    found = written["canvas"]

    assert (found.format, told(found)) == ("qti12", [])
    single, several, matching, number, short, gaps = found.bank.questions
    assert (words(single, "options"), right(single)) == (["a rose", "grass", "the sea"], ["a rose"])
    assert right(several) == ["one", "two"]
    _are_paired(matching)
    assert number.body["answers"] == [{"value": "2.5", "tolerance": "0.1"}]
    assert [row["text"] for row in short.body["answers"]] == ["Maya", "Leo"]
    assert gaps.kind is Kind.CLOZE
    assert [[row["text"] for row in gap["answers"]] for gap in gaps.body["gaps"]] == [["red", "crimson"], ["fire"]]


def _are_paired(matching: Question) -> None:
    choices = dict(zip([row["id"] for row in matching.body["choices"]], words(matching, "choices"), strict=True))
    rows = dict(zip([row["id"] for row in matching.body["rows"]], words(matching, "rows"), strict=True))
    paired = {rows[row]: choices[choice] for row, choice in matching.body["right"].items()}
    assert (matching.kind, paired) == (Kind.MATCHING, {"France": "Paris", "Italy": "Rome"})


def test_what_it_writes_for_blackboard_is_read_and_what_its_rules_do_not_say_is_told(written: Mapping[str, Reading]):
    found = written["blackboard"]

    single, several, matching, number, short, text, ordering = found.bank.questions
    assert (words(single, "options"), right(single)) == (["a rose", "grass", "the sea"], ["a rose"])
    assert right(several) == ["one", "two"]
    _are_paired(matching)
    assert (number.body["answers"], number.maximum) == ([{"value": "2.5", "tolerance": "0.1"}], 100)
    assert [row["text"] for row in short.body["answers"]] == ["Maya", "Leo"]
    assert words(ordering, "items") == ["one thing", "two things", "three things"]
    # Its gaps are written in small letters, which no version of QTI knows.
    assert text.kind is Kind.DESCRIPTION
    assert [odd for odd, _what in told(found)] == [
        *(3 * [Wrong.NOT_SCORED, Wrong.SCORES_DIFFER]),
        "cleaned",
    ]


def test_its_aiken_is_read(written: Mapping[str, Reading]):
    [question] = written["aiken"].bank.questions

    assert (written["aiken"].format, right(question)) == ("aiken", ["a rose"])


CONVERTED = 150
FORWARD, BACK = ("qti21", "3.0", "qti30"), ("qti30", "2.1", "qti21")


@pytest.fixture(scope="module")
def asked() -> Sequence[Question]:
    return tuple(questions(REPERTOIRES["qti30"], CONVERTED, seed=5))


@pytest.mark.parametrize(("name", "to", "becomes"), [FORWARD, BACK])
def test_ours_says_the_same_in_the_other_version(asked: Sequence[Question], name: str, to: str, becomes: str):
    ours = registry.write(Bank(questions=tuple(asked)), name).content
    try:
        [theirs] = judges.converted([ours], to)
    except judges.JudgeMissing as missing:
        judges.leave_out(missing)

    found = registry.read(theirs)

    assert found.format == becomes
    assert [each.about.get("wrong") for each in found.report.findings] == [
        Unspoken.NOT_IN_WORDS for each in asked if any(medium.is_sound for medium in each.media)
    ]
    assert [_without_words(each) for each in found.bank.questions] == [_without_words(each) for each in asked]


def _without_words(question: Question) -> dict[str, Any]:
    """The converter leaves the words of recordings out, in either direction."""
    said = canonical(question)
    return {**said, "body": {**said["body"], "text": _WORDS.sub("", said["body"]["text"])}}


_WORDS = re.compile(r'(?<=<audio src="sound:.{32}") title="[^"]*"')
