"""Quizzes become tests of QTI that say the same when they are read again; figures and results become files."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from lxml import etree

from quizzes.formats import registry
from quizzes.formats.model import Bank, Draw, Fixed, Question, Quiz, Reviewed, Section
from quizzes.formats.qti.writing.reporting import VERSIONS
from quizzes.formats.qti.writing.responses import Variable, variables
from quizzes.formats.qti.writing.results import AttemptResult, ItemResult, report
from quizzes.formats.qti.writing.usage import usage_data
from quizzes.formats.reports import Odd, Part, Severity
from quizzes.formats.texts import rows_of
from quizzes.formats.usage import Glossary, Statistic
from quizzes.kinds import Kind, Response
from quizzes.rich import TextFormat
from tests.quizzes.one_of_each import BODIES

ROWS = rows_of(["Red", "Blue"])
SINGLE = Question(
    kind=Kind.SINGLE,
    body={"text": "<p>Which color?</p>", "options": ROWS, "right": [ROWS[0]["id"]]},
    text_format=TextFormat.HTML,
    maximum=2.0,
)
QUESTIONS = tuple(replace(SINGLE, identifier=f"q{n}", title=f"Color {n}") for n in range(8))
QUIZ = Quiz(
    title="Fire drill",
    identifier="quiz-1",
    text_format=TextFormat.HTML,
    sections=(
        Section(
            slots=(
                Fixed(question="q0", maximum=5.0),
                Draw(count=2, questions=("q1", "q2", "q3"), maximum=1.0),
                Fixed(question="q4"),
            ),
            title="First",
            instructions="<p>Be <b>quick</b>.</p>",
            is_shuffled=True,
        ),
        Section(slots=(Draw(count=1, questions=("q5", "q6")), Fixed(question="q7"))),
    ),
    seconds=900,
    is_shuffled=True,
    is_linear=True,
    pass_percent=70,
    reviewed=Reviewed(is_one_by_one=True, answers=True, key=False, reasons=True),
)
QTI = pytest.mark.parametrize("name", sorted(registry.SAYING_MORE))


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def the_test(name: str, quiz: Quiz = QUIZ) -> etree._Element:
    written = registry.write(Bank(questions=QUESTIONS, quizzes=(quiz,)), name)
    return etree.fromstring(members(written.content)["test1.xml"])


@QTI
@pytest.mark.parametrize(
    "quiz",
    [
        QUIZ,
        replace(QUIZ, is_shuffled=False, is_linear=False, seconds=None, pass_percent=0),
        replace(QUIZ, sections=QUIZ.sections[1:], reviewed=Reviewed(key=True)),
        replace(QUIZ, sections=(replace(QUIZ.sections[0], title="", instructions=""),), reviewed=None),
    ],
)
def test_a_quiz_is_read_as_it_was_written(name: str, quiz: Quiz):
    written = registry.write(Bank(questions=QUESTIONS, quizzes=(quiz,)), name)

    found = registry.read(written.content)

    assert (found.format, found.bank.quizzes) == (name, (quiz,))
    assert [each for each in (*written.report.findings, *found.report.findings) if each.severity > Severity.NOTE] == []


def test_what_can_be_earned_what_is_enough_and_what_each_is_worth_are_said():
    test = the_test("qti21")

    outcome = test.find("{*}outcomeDeclaration")
    weights = {each.getparent().get("identifier"): each.get("value") for each in test.iter("{*}weight")}
    assert (outcome.get("normalMaximum"), outcome.get("masteryValue")) == ("13", "9.1")
    assert weights == {"q0": "2.5", "q1": "0.5", "q2": "0.5", "q3": "0.5"}
    assert test.find("{*}outcomeProcessing//{*}testVariables").get("weightIdentifier") == "W"


def test_the_third_version_says_it_with_its_own_names():
    test = the_test("qti30")

    assert {
        each.tag.partition("}")[2].startswith("qti-") or each.tag.endswith(("}p", "}b")) for each in test.iter()
    } == {True}
    assert test.find(".//{*}qti-selection").attrib == {"select": "2", "with-replacement": "false"}
    rubric = test.find(".//{*}qti-rubric-block")
    assert (rubric.get("use"), [each.tag.partition("}")[2] for each in rubric]) == (
        "instructions",
        ["qti-content-body"],
    )


@QTI
def test_a_question_asked_twice_has_two_names_in_the_test(name: str):
    quiz = replace(QUIZ, sections=(Section(slots=(Fixed(question="q0"), Draw(count=1, questions=("q0", "q1")))),))

    test = the_test(name, quiz)

    named = [each.get("identifier") for each in test.iter() if str(each.tag).endswith(("ItemRef", "item-ref"))]
    assert named == ["q0", "q0-2", "q1"]


def test_what_cannot_be_said_is_left_out_of_the_test_and_told():
    spot = Question(kind=Kind.NUMERIC, body={"text": "?", "answers": []}, identifier="gone")
    quiz = replace(
        QUIZ, sections=(Section(slots=(Fixed(question="gone"), Draw(count=3, questions=("gone", "q1", "q2")))),)
    )

    written = registry.write(Bank(questions=(*QUESTIONS, spot), quizzes=(quiz,)), "qti21")

    [read] = registry.read(written.content).bank.quizzes
    assert read.sections == (Section(slots=(Draw(count=2, questions=("q1", "q2")),)),)
    assert [(each.odd, each.about) for each in written.report.findings][-1] == (Odd.FEWER, {"asked": 3, "left": 2})


def test_of_a_quiz_without_questions_there_is_no_test():
    written = registry.write(Bank(questions=QUESTIONS, quizzes=(replace(QUIZ, sections=()),)), "qti30")

    assert "test1.xml" not in members(written.content)


def test_the_list_of_the_package_says_what_the_test_needs():
    quiz = replace(QUIZ, sections=(Section(slots=(Fixed(question="q3"),)),))
    files = members(registry.write(Bank(questions=QUESTIONS, quizzes=(quiz,)), "qti30").content)

    manifest = etree.fromstring(files["imsmanifest.xml"])
    [test] = [each for each in manifest.iter("{*}resource") if each.get("type") == "imsqti_test_xmlv3p0"]
    assert [each.get("identifierref") for each in test.iter("{*}dependency")] == ["q4"]


@pytest.mark.parametrize("name", sorted(set(registry.FORMATS) - registry.SAYING_MORE))
def test_other_formats_say_that_they_know_no_quizzes(name: str):
    written = registry.write(Bank(questions=QUESTIONS, quizzes=(QUIZ,)), name)

    assert Part.QUIZ in [each.about.get("part") for each in written.report.findings]


# Usage data.

FIGURE = Statistic(
    name="AIS",
    item="1 fire",
    value=0.5,
    cases=31,
    deviation=0.25,
    context="https://tool.example/quiz/1#first",
    updated=date(2026, 11, 23),
)


@pytest.mark.parametrize("name", VERSIONS)
def test_figures_are_said_with_the_words_of_the_glossary(name: str):
    version = VERSIONS[name]
    chosen = replace(FIGURE, name="NumberChoosingResponse", glossary=Glossary.CHOICE, choice="c2", deviation=None)

    root = etree.fromstring(usage_data([FIGURE, chosen], version))

    first, second = root
    assert root.tag == f"{{http://www.imsglobal.org/xsd/imsqti_usagedata_{version.number}}}usageData"
    assert root.get("glossary") == version.items
    assert dict(first.attrib) == {
        "name": "AIS",
        "context": FIGURE.context,
        "caseCount": "31",
        "stdDeviation": "0.25",
        "lastUpdated": "2026-11-23",
    }
    assert (first[0].get("identifier"), first[1].text) == ("i-1-fire", "0.5")
    assert (second.get("glossary"), second[0].get("partIdentifier")) == (version.choices, "c2")


@QTI
def test_a_package_with_figures_is_read_without_them(name: str):
    written = registry.write(Bank(questions=QUESTIONS, statistics=(FIGURE,)), name)

    found = registry.read(written.content)

    assert b"usageData" in members(written.content)["usage-data.xml"]
    assert (len(found.bank.questions), found.report.findings) == (8, ())


# Answers and results.


@pytest.mark.parametrize(
    ("kind", "response", "said"),
    [
        (Kind.SINGLE, {"chosen": ["b"]}, [Variable(values=("c2",))]),
        (Kind.MULTIPLE, {"chosen": ["a", "c"]}, [Variable(cardinality="multiple", values=("c1", "c3"))]),
        (Kind.TRUE_FALSE, {"chosen": ["false"]}, [Variable(values=("false",))]),
        (
            Kind.MATCHING,
            {"fr": ["rome"], "it": ["rome"]},
            [Variable(cardinality="multiple", base="directedPair", values=("r1 c2", "r2 c2"))],
        ),
        (Kind.ORDERING, {"order": ["two", "one"]}, [Variable(cardinality="ordered", values=("c2", "c1"))]),
        (Kind.ORDERING, {"two": ["1"]}, [Variable(cardinality="ordered", values=("c2",))]),
        (
            Kind.NUMERIC,
            {"number": ["1 500,5"], "unit": ["m"]},
            [Variable(base="float", values=("1500.5",)), Variable(identifier="UNIT", base="string", values=("m",))],
        ),
        (Kind.SHORT_TEXT, {"text": ["a < b"]}, [Variable(base="string", values=("a < b",))]),
        (
            Kind.CLOZE,
            {"minutes": ["3"]},
            [Variable(identifier="RESPONSE1"), Variable(identifier="RESPONSE2", base="float", values=("3",))],
        ),
        (Kind.DROP_DOWN, {"way": ["b"]}, [Variable(identifier="RESPONSE1", values=("c2",))]),
        (Kind.ESSAY, {}, [Variable(base="string")]),
        (Kind.UPLOAD, {"files": ["a", "b"]}, [Variable(cardinality="multiple", base="file", values=("a", "b"))]),
        (Kind.DESCRIPTION, {}, []),
    ],
)
def test_answers_have_the_names_that_our_items_give_them(kind: Kind, response: Response, said: list[Variable]):
    assert variables(kind, BODIES.get(kind, {}), response) == said


def test_every_kind_of_answer_is_told():
    assert all(variables(kind, body, {}) for kind, body in BODIES.items() if kind is not Kind.DESCRIPTION)


ANSWER = ItemResult(
    identifier="q0",
    place=1,
    at=datetime(2026, 11, 23, 9, 5, tzinfo=UTC),
    answered=[Variable(values=("c2",))],
    right=[Variable(values=("c1",))],
    shown=["c2", "c1"],
    score=0.0,
    maximum=2.0,
)
RESULT = AttemptResult(
    learner="learner-1",
    attempt="attempt-1",
    source="https://tool.example",
    test="quiz-1",
    submitted=datetime(2026, 11, 23, 9, 10, tzinfo=UTC),
    seconds=600,
    score=4.0,
    maximum=10.0,
    enough=7.0,
    items=[ANSWER],
)


@pytest.mark.parametrize("name", VERSIONS)
def test_a_result_says_who_when_what_and_how_well(name: str):
    root = etree.fromstring(report(RESULT, VERSIONS[name]))

    context, test, item = root
    assert root.tag == f"{{http://www.imsglobal.org/xsd/imsqti_result_{VERSIONS[name].number}}}assessmentResult"
    assert (context.get("sourcedId"), dict(context[0].attrib)) == (
        "learner-1",
        {"sourceID": "https://tool.example", "identifier": "attempt-1"},
    )
    assert (test.get("datestamp"), test.find("{*}responseVariable//{*}value").text) == ("2026-11-23T09:10:00Z", "600")
    outcome = test.find("{*}outcomeVariable")
    assert [outcome.get(each) for each in ("normalMaximum", "masteryValue")] == ["10", "7"]
    assert outcome[0].text == "4"
    answer = item.find("{*}responseVariable")
    assert [(each.tag.partition("}")[2], each[0].text) for each in answer] == [
        ("correctResponse", "c1"),
        ("candidateResponse", "c2"),
    ]
    assert (item.get("sessionStatus"), answer.get("choiceSequence")) == ("final", "c2 c1")


def test_what_may_not_be_shown_is_not_there():
    hidden = replace(
        RESULT, score=None, maximum=None, enough=None, items=[replace(ANSWER, right=(), score=None, maximum=None)]
    )

    root = etree.fromstring(report(hidden, VERSIONS["qti30"]))

    names = {each.tag.partition("}")[2] for each in root.iter()}
    assert {"outcomeVariable", "correctResponse"} & names == set()
    assert "candidateResponse" in names


@pytest.mark.parametrize(
    ("name", "status"), [("qti30", "pendingExternalScoring"), ("qti21", "pendingResponseProcessing")]
)
def test_what_somebody_has_yet_to_read_is_pending(name: str, status: str):
    waits = replace(RESULT, items=[replace(ANSWER, is_marked=False)])

    item = etree.fromstring(report(waits, VERSIONS[name])).find("{*}itemResult")

    assert (item.get("sessionStatus"), item.findall("{*}outcomeVariable/{*}value")) == (status, [])
