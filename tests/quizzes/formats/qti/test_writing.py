"""Questions become items whose rules earn what they earn here, in both versions."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from fractions import Fraction
from itertools import permutations

import pytest
from lxml import etree

from quizzes.formats import registry
from quizzes.formats.model import Bank, Question
from quizzes.formats.qti.declarations import declared
from quizzes.formats.qti.processing import Processor
from quizzes.formats.qti.values import several
from quizzes.formats.qti.writing import rules
from quizzes.formats.qti.writing.markup import made
from quizzes.formats.reports import Odd, Part, Severity
from quizzes.formats.texts import rows_of
from quizzes.kinds import Kind
from quizzes.kinds.ordering import SCORES, Scoring
from quizzes.rich import TextFormat

ROWS = rows_of(["Red", "Blue"])
SINGLE = Question(
    kind=Kind.SINGLE,
    body={"text": "<p>Which <b>color</b>?</p>", "options": ROWS, "right": [ROWS[0]["id"]]},
    text_format=TextFormat.HTML,
    title="Color",
    identifier="color",
    maximum=2,
)


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.mark.parametrize("scoring", Scoring)
@pytest.mark.parametrize("size", [2, 3, 4])
def test_every_way_of_marking_an_order_is_said_in_rules(scoring: Scoring, size: int):
    ids = [f"c{number}" for number in range(size)]
    correct = made("correctResponse", *(made("value", each) for each in ids))
    said = rules.order_rules("R", ids, scoring, Fraction(3))
    root = made(
        "assessmentItem",
        made("responseDeclaration", correct, identifier="R", cardinality="ordered", baseType="identifier"),
        made("outcomeDeclaration", identifier="SCORE", cardinality="single", baseType="float"),
        rules.processing(*(said or ())),
    )
    processor = Processor(declared(root), root.find("responseProcessing"))

    for put in permutations(range(size)):
        answer = several([ids[place] for place in put], is_ordered=True)
        assert processor.score({"R": answer}) == 3 * SCORES[scoring](put)


def test_an_item_of_the_second_version():
    content = members(registry.write(Bank(questions=(SINGLE,)), "qti21").content)

    item = etree.fromstring(content["items/q1.xml"])
    assert (item.tag, item.get("identifier"), item.get("title")) == (
        "{http://www.imsglobal.org/xsd/imsqti_v2p1}assessmentItem",
        "color",
        "Color",
    )
    assert etree.tostring(item.find("{*}itemBody/{*}div"), method="text").strip() == b"Which color?"
    assert [each.text for each in item.iterfind(".//{*}simpleChoice")] == ["Red", "Blue"]
    assert b'type="imsqti_item_xmlv2p1" href="items/q1.xml"' in content["imsmanifest.xml"]


def test_an_item_of_the_third_version_has_the_new_names_and_plain_html():
    content = members(registry.write(Bank(questions=(SINGLE,)), "qti30").content)

    item = etree.fromstring(content["items/q1.xml"])
    names = {etree.QName(each).localname for each in item.iter()}
    assert {"qti-assessment-item", "qti-choice-interaction", "qti-simple-choice", "div", "p", "b"} <= names
    assert {name for name in names if not name.startswith("qti-")} == {"div", "p", "b"}
    interaction = item.find(".//{*}qti-choice-interaction")
    assert dict(interaction.attrib) == {"response-identifier": "RESPONSE", "shuffle": "true", "max-choices": "1"}


def test_the_same_questions_make_the_same_bytes():
    first, second = (registry.write(Bank(questions=(SINGLE,)), "qti21").content for _n in range(2))

    assert first == second


def test_what_qti_cannot_say_is_told():
    body = {
        "text": "How long?",
        "answers": [{"value": "3"}],
        "unit": "required",
        "units": [{"unit": "m", "factor": "1"}],
    }
    asked = Question(kind=Kind.NUMERIC, body=body, hints=("Look.",), penalty="1/3")

    written = registry.write(Bank(questions=(asked,), language="en"), "qti21")

    assert [(each.severity, each.odd, each.about["part"]) for each in written.report.findings] == [
        (Severity.LOSS, Odd.NOT_SAID, Part.LANGUAGE),
        (Severity.LOSS, Odd.NOT_SAID, Part.HINTS),
        (Severity.LOSS, Odd.NOT_SAID, Part.PENALTY),
        (Severity.LOSS, Odd.NOT_SAID, Part.UNITS),
    ]


@pytest.mark.parametrize("name", ["qti12", "qti21", "qti30"])
@pytest.mark.parametrize(
    ("text", "text_format", "is_told"),
    [
        ("How *long*?", TextFormat.MARKDOWN, True),
        ("These:\n\n- one\n- two", TextFormat.MARKDOWN, True),
        ("How long?\n\nSay it in  days.", TextFormat.MARKDOWN, False),
        ("How *long*?", TextFormat.PLAIN, False),
        ("How <b>long</b>?", TextFormat.HTML, False),
    ],
)
def test_marks_are_told_where_there_are_some(name: str, text: str, text_format: TextFormat, is_told: bool):
    asked = Question(kind=Kind.ESSAY, body={"text": text}, text_format=text_format)

    found = registry.write(Bank(questions=(asked,)), name).report.findings

    assert [each.about["part"] for each in found if each.odd is Odd.SAID_AS] == [Part.TEXT_FORMAT] * is_told


def test_a_text_with_gaps_that_is_all_or_nothing_goes_round():
    gaps = [
        {"id": "1", "kind": "short_text", "answers": [{"text": "red"}]},
        {"id": "2", "kind": "numeric", "answers": [{"value": "3", "tolerance": "0.5"}]},
    ]
    body = {"text": "<p>[[1]] and [[2]]</p>", "gaps": gaps, "scoring": "all_or_nothing"}
    asked = Question(kind=Kind.CLOZE, body=body, text_format=TextFormat.HTML, maximum=3)

    found = registry.read(registry.write(Bank(questions=(asked,)), "qti21").content)

    assert (found.format, found.report.findings) == ("qti21", ())
    assert (found.bank.questions[0].body, found.bank.questions[0].maximum) == (body, 3)


def test_ids_that_xml_cannot_say_are_said_in_another_way():
    written = registry.write(Bank(questions=(replace(SINGLE, identifier="1 color/ü"),)), "qti21")

    assert [each.about["part"] for each in written.report.findings] == [Part.IDENTIFIER]
    assert registry.read(written.content).bank.questions[0].identifier == "i-1-color--"


@pytest.mark.parametrize("name", ["qti12", "qti21", "qti30"])
def test_names_have_no_prefixes(name: str):
    asked = replace(SINGLE, tags=("color",), category=("Basics",))

    files = members(registry.write(Bank(questions=(asked,)), name).content)

    assert [each for each, content in files.items() if b"ns0:" in content or b' xmlns="' not in content] == []
