"""Moodle XML: every type with a counterpart is read, the others are told by their names."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from quizzes.formats import registry
from quizzes.formats.base import Reading
from quizzes.formats.equality import canonical
from quizzes.formats.model import OTHER, RIGHT, WRONG, Bank, Question
from quizzes.formats.moodle.sources import Wrong
from quizzes.formats.reports import Odd, Severity
from quizzes.kinds import Kind, kind_of
from quizzes.rich import TextFormat

SAMPLE = Path(__file__).parent / "samples" / "everything.xml"
ESSAY = (
    '<question type="essay"><name><text>{name}</text></name>'
    '<questiontext format="html"><text>{text}</text></questiontext></question>\n'
)
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def essays(*texts: str) -> str:
    return "".join(ESSAY.format(name=f"Q{number}", text=text) for number, text in enumerate(texts, start=1))


def read(text: str) -> Reading:
    return registry.read(text.encode(), format="moodle")


@pytest.fixture(scope="module")
def everything() -> Reading:
    return registry.read(SAMPLE.read_bytes(), SAMPLE.name)


@pytest.fixture(scope="module")
def by_title(everything: Reading) -> dict[str, Question]:
    return {each.title: each for each in everything.bank.questions}


def test_every_type_is_read(everything: Reading):
    assert (everything.format, everything.encoding) == ("moodle", "utf-8")
    assert [(each.title, each.kind) for each in everything.bank.questions] == [
        ("Alarm", Kind.SINGLE),
        ("Several", Kind.MULTIPLE),
        ("Lift", Kind.TRUE_FALSE),
        ("Short", Kind.SHORT_TEXT),
        ("Number", Kind.NUMERIC),
        ("Match", Kind.MATCHING),
        ("Essay", Kind.ESSAY),
        ("Plan", Kind.UPLOAD),
        ("Read this", Kind.DESCRIPTION),
        ("Gaps", Kind.CLOZE),
        ("Order", Kind.ORDERING),
        ("Select", Kind.DROP_DOWN),
        ("Drag", Kind.DROP_DOWN),
        ("All of them", Kind.MULTIPLE),
    ]
    assert {each.category for each in everything.bank.questions} == {("Safety", "Fire")}


def test_what_is_not_kept_is_told_with_its_place(everything: Reading):
    found = [(each.severity, each.odd, each.place.item, each.about) for each in everything.report.findings]

    assert found == [
        (Severity.LOSS, Odd.NOT_KEPT, "Safety/Fire", {"what": "<info>"}),
        (Severity.LOSS, Odd.FILE_NOT_TAKEN, "Alarm", {"what": "plan.pdf"}),
        (Severity.LOSS, Odd.CLEANED, "Alarm", {"what": "script"}),
        (Severity.LOSS, Odd.NOT_KEPT, "Essay", {"what": "<graderinfo>"}),
        (Severity.LOSS, Odd.NOT_KEPT, "Plan", {"what": "<filetypeslist> document"}),
        (Severity.NOTE, Odd.KEPT_AS, "Drag", {"what": "ddwtos", "now": Kind.DROP_DOWN}),
        (Severity.ERROR, Odd.NO_SUCH_KIND, "Sum", {"what": "calculated"}),
        (Severity.ERROR, Wrong.NO_SUCH_GAP, "Boxes", {"what": "MULTIRESPONSE"}),
    ]
    assert everything.report.findings[-1].place.line == 132


def test_all_that_stands_around_a_question_is_kept(by_title: dict[str, Question]):
    alarm = by_title["Alarm"]
    first, second, third = alarm.body["options"]

    assert (alarm.identifier, alarm.tags, alarm.maximum, alarm.penalty) == (
        "fire-01",
        ("first day", "fire"),
        2.0,
        "1/3",
    )
    assert alarm.hints == ("It is loud.",)
    assert alarm.feedback == {RIGHT: "Right.", WRONG: "Wrong.", f"options/{first['id']}": "Yes."}
    assert [row["weight"] for row in (first, second, third)] == ["1", "0", "1/3"]
    assert all(row["fixed"] for row in alarm.body["options"])
    assert (alarm.text_format, second["text"]) == (TextFormat.HTML, "Finish the mail &amp; go")


def test_pictures_come_along_and_are_named_by_their_key(by_title: dict[str, Question]):
    alarm = by_title["Alarm"]
    [picture] = alarm.media

    assert (picture.name, picture.mimetype) == ("the plan.png", "image/png")
    assert alarm.body["text"] == (
        f'<p>What do you do <b>first</b>?<img src="picture:{picture.key}" alt="The plan"></p>'
    )


def test_usual_weights_are_none_and_lines_stay(by_title: dict[str, Question]):
    several = by_title["Several"]

    assert (several.text_format, several.body["text"]) == (
        TextFormat.PLAIN,
        "Which of these may stand\nin an escape route?",
    )
    assert not any("weight" in row for row in several.body["options"])


def test_units_are_turned_round(by_title: dict[str, Question]):
    number = by_title["Number"]

    assert number.body["units"] == [{"unit": "m", "factor": "1"}, {"unit": "cm", "factor": "0.01"}]
    assert (number.body["unit"], number.body["unit_penalty"]) == ("required", "0.2")
    assert kind_of(number.kind).fraction(number.body, {"number": ["9800"], "unit": ["cm"]}) == 1
    assert number.feedback == {OTHER: "Measure it."}


def test_gaps_earn_what_they_weigh(by_title: dict[str, Question]):
    gaps = by_title["Gaps"]
    stairs, ladder = gaps.body["gaps"][0]["options"][0], gaps.body["gaps"][0]["options"][2]
    mark = kind_of(gaps.kind).fraction

    assert gaps.body["text"] == "<p>Take the [[1]] within [[2]] minutes, by the [[3]].</p>"
    assert (gaps.maximum, ladder["text"]) == (4.0, "ladder } & rope")
    assert mark(gaps.body, {"1": [stairs["id"]], "2": ["4"], "3": ["Exit A"]}) == 1
    assert mark(gaps.body, {"1": [ladder["id"]], "2": ["5"], "3": ["exit a"]}) == Fraction(1, 4)
    assert sorted(gaps.feedback.values()) == ["Fine.", "Good.", "No."]


def test_options_of_a_group_are_offered_in_each_of_its_gaps(by_title: dict[str, Question]):
    select = by_title["Select"]

    offered = [[row["text"] for row in gap["options"]] for gap in select.body["gaps"]]
    right = [next(row["text"] for row in gap["options"] if row["id"] in gap["right"]) for gap in select.body["gaps"]]
    assert offered == [["sign", "door"], ["green", "blue"], ["sign", "door"]]
    assert right == ["sign", "green", "door"]


def test_all_or_nothing_is_kept(by_title: dict[str, Question]):
    assert by_title["All of them"].body["scoring"] == "all_or_nothing"
    assert by_title["Order"].body["scoring"] == "all_or_nothing"


def test_written_and_read_again_it_says_the_same(everything: Reading):
    written = registry.write(everything.bank, "moodle")

    found = registry.read(written.content)

    assert written.report.is_clean
    assert found.report.is_clean
    assert [canonical(each) for each in found.bank.questions] == [canonical(each) for each in everything.bank.questions]


@pytest.mark.parametrize(
    ("text", "good", "odds"),
    [
        (HEAD + f"<quiz>{essays('a', 'b', 'c')}"[:-30], 2, [Odd.BREAKS_OFF, Odd.NOT_READ]),
        (HEAD + f"<quiz>{essays('a', '</b>', 'c')}</quiz>", 2, [Odd.BAD_XML, Odd.NOT_READ]),
        (HEAD + f"<quiz>{essays('a', 'b&nbsp;c', 'd')}</quiz>", 3, [Odd.BAD_XML]),
        (HEAD + f"<quiz>{essays('a', 'b' + chr(1) + 'c', 'd')}</quiz>", 3, [Odd.BAD_XML]),
        (HEAD + f"<quiz>{essays('a', '<b>' * 400, 'c')}</quiz>", 2, [Odd.BAD_XML, Odd.NOT_READ]),
        (HEAD + f"<quiz>{essays('a', 'b' * 11_000_000, 'c')}</quiz>", 2, [Odd.BAD_XML, Odd.NOT_READ]),
        (f"<quiz>{essays('a', 'b')}", 2, [Odd.BREAKS_OFF]),
    ],
    ids=["half", "tag", "entity", "sign", "deep", "long", "open"],
)
def test_a_broken_question_spoils_no_other(text: str, good: int, odds: list[Odd]):
    found = read(text)

    assert len(found.bank.questions) == good
    assert [each.odd for each in found.report.findings] == odds


def test_a_bomb_of_entities_is_not_lit():
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 20))
    text = f'{HEAD}<!DOCTYPE quiz [<!ENTITY e0 "ha">{bomb}]><quiz>{essays("&e19;")}</quiz>'

    found = read(text)

    assert found.bank.questions == ()
    assert [each.odd for each in found.report.findings] == [Odd.ENTITIES]


def test_nothing_outside_the_file_is_read(tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    inside = f'{HEAD}<!DOCTYPE quiz [<!ENTITY x SYSTEM "{secret.as_uri()}">]><quiz>{essays("&x;")}</quiz>'
    outside = f'{HEAD}<!DOCTYPE quiz SYSTEM "{secret.as_uri()}"><quiz>{essays("a")}</quiz>'

    assert [each.odd for each in read(inside).report.findings] == [Odd.ENTITIES]
    assert [each.body["text"] for each in read(outside).bank.questions] == ["a"]


@pytest.mark.parametrize(
    ("content", "encoding", "is_told"),
    [
        (f"<quiz>{essays('Größe')}</quiz>".encode(), "utf-8", False),
        (f"{HEAD}<quiz>{essays('Größe')}</quiz>".encode("cp1252"), "windows-1252", True),
        (
            f'<?xml version="1.0" encoding="iso-8859-1"?><quiz>{essays("Größe")}</quiz>'.encode("latin-1"),
            "iso-8859-1",
            False,
        ),
        (f'<?xml version="1.0" encoding="UTF-16"?><quiz>{essays("Größe")}</quiz>'.encode("utf-16"), "utf-16-le", False),
    ],
    ids=["utf-8", "windows", "latin", "utf-16"],
)
def test_letters_are_read_as_they_were_written(content: bytes, encoding: str, is_told: bool):
    found = registry.read(content)

    assert (found.format, found.encoding) == ("moodle", encoding)
    assert [each.body["text"] for each in found.bank.questions] == ["Größe"]
    assert [each.odd for each in found.report.findings] == ([Odd.GUESSED] if is_told else [])


def test_a_picture_within_the_text_is_taken_out_of_it(by_title: dict[str, Question]):
    [picture] = by_title["Alarm"].media
    whole = SAMPLE.read_text(encoding="utf-8")
    inline = re.search(r'base64">(iVBOR[^<]+)<', whole)
    assert inline is not None
    text = f'&lt;img src="data:image/png;base64,{inline[1]}" alt="x"&gt;'

    [question] = read(f"{HEAD}<quiz>{essays(text)}</quiz>").bank.questions

    assert question.body["text"] == f'<img src="picture:{picture.key}" alt="x">'
    assert question.media[0].content == picture.content


def test_what_moodle_has_no_kind_for_is_told():
    body = {
        "text": "Where?",
        "rows": [{"id": "cat", "text": "Cat"}, {"id": "oak", "text": "Oak"}],
        "choices": [{"id": "animal", "text": "Animal"}, {"id": "plant", "text": "Plant"}],
        "right": {"cat": "animal"},
    }

    written = registry.write(Bank(questions=(Question(kind=Kind.CATEGORIZE, body=body, title="Sort"),)), "moodle")

    assert [(each.odd, each.about["kind"]) for each in written.report.findings] == [
        (Odd.KIND_NOT_SAID, Kind.CATEGORIZE)
    ]
