"""Packages of Canvas Classic: every type of question, by the types that its metadata name."""

from __future__ import annotations

import io
import zipfile
from html import escape
from typing import Any

import pytest

from quizzes.formats import registry
from quizzes.formats.base import About
from quizzes.formats.model import Bank, Draw, Fixed, Question
from quizzes.formats.qti import QTI_12
from quizzes.formats.qti.wrong import Wrong
from quizzes.formats.reports import Finding, Odd, Part, Reporter
from quizzes.kinds import Kind
from tests.quizzes.formats.generating import PIXEL
from tests.quizzes.formats.qti.making import zipped


def text(said: str) -> str:
    return f'<material><mattext texttype="text/html">{escape(said)}</mattext></material>'


def labels(*names: str) -> str:
    return "".join(f'<response_label ident="{each}">{text(each.title())}</response_label>' for each in names)


def lid(inner: str, ident: str = "r", more: str = 'rcardinality="Single"', before: str = "") -> str:
    return f'<response_lid ident="{ident}" {more}>{before}<render_choice>{inner}</render_choice></response_lid>'


def line(ident: str = "r") -> str:
    return f'<response_str ident="{ident}" rcardinality="Single"><render_fib/></response_str>'


def equal(value: str, ident: str = "r") -> str:
    return f'<varequal respident="{ident}">{value}</varequal>'


def earning(
    condition: str, score: str = "100", action: str = "Set", more: str = 'continue="No"', said: str = ""
) -> str:
    sets = f'<setvar action="{action}" varname="SCORE">{score}</setvar>'
    return f"<respcondition {more}><conditionvar>{condition}</conditionvar>{sets}{said}</respcondition>"


def item(kind: str, asked: str, responses: str, conditions: str = "", after: str = "", points: str = "2.0") -> str:
    fields = "".join(
        f"<qtimetadatafield><fieldlabel>{label}</fieldlabel><fieldentry>{entry}</fieldentry></qtimetadatafield>"
        for label, entry in (("question_type", kind), ("points_possible", points))
    )
    outcomes = '<outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/></outcomes>'
    return (
        f'<item ident="i1" title="Fire"><itemmetadata><qtimetadata>{fields}</qtimetadata></itemmetadata>'
        f"<presentation>{text(asked)}{responses}</presentation>"
        f"<resprocessing>{outcomes}{conditions}</resprocessing>{after}</item>"
    )


def file(inner: str) -> bytes:
    return (
        '<?xml version="1.0"?><questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2">'
        f'<assessment ident="q" title="Fire drill"><section ident="root_section">{inner}</section></assessment>'
        "</questestinterop>"
    ).encode()


def read(inner: str) -> tuple[Question | None, list[Finding]]:
    report = Reporter()
    found = list(QTI_12.questions(file(inner), report, About()))
    return next(iter(found), None), list(report.done().findings)


def right_of(body: Any) -> list[str]:
    return [row["text"] for row in body["options"] if row["id"] in body["right"]]


def test_multiple_choice_with_feedback():
    comments = (
        f'<itemfeedback ident="walk_fb"><flow_mat>{text("Well done.")}</flow_mat></itemfeedback>'
        f'<itemfeedback ident="general_fb"><flow_mat>{text("See rule 3.")}</flow_mat></itemfeedback>'
    )
    said = '<displayfeedback feedbacktype="Response" linkrefid="{}"/>'
    conditions = "".join(
        f'<respcondition continue="Yes"><conditionvar>{when}</conditionvar>{said.format(name)}</respcondition>'
        for when, name in (("<other/>", "general_fb"), (equal("walk"), "walk_fb"))
    ) + earning(equal("walk"))
    responses = lid(labels("run", "walk"))

    found, told = read(item("multiple_choice_question", "<p>What now?</p>", responses, conditions, comments))

    ids = {row["text"]: row["id"] for row in found.body["options"]}
    assert (found.kind, found.title, found.identifier, found.maximum) == (Kind.SINGLE, "Fire", "i1", 2.0)
    assert (found.body["text"], right_of(found.body)) == ("<p>What now?</p>", ["Walk"])
    assert (found.feedback, found.body["why"]) == ({f"options/{ids['Walk']}": "Well done."}, "See rule 3.")
    assert told == []


def test_true_or_false():
    conditions = earning(equal("false"))

    found, told = read(item("true_false_question", "Hot?", lid(labels("true", "false")), conditions))

    assert (found.kind, found.body["right"], told) == (Kind.TRUE_FALSE, ["false"], [])


def test_several_answers_earn_as_canvas_reckons():
    conditions = earning(f"<and>{equal('run')}<not>{equal('sit')}</not>{equal('walk')}</and>")
    responses = lid(labels("run", "sit", "walk"), more='rcardinality="Multiple"')

    found, told = read(item("multiple_answers_question", "Which?", responses, conditions))

    assert (found.kind, right_of(found.body), found.body.get("scoring")) == (Kind.MULTIPLE, ["Run", "Walk"], None)
    assert (found.maximum, told) == (2.0, [])


def test_a_short_answer_in_several_words():
    conditions = earning(equal("stairs") + equal("staircase"))

    found, told = read(item("short_answer_question", "By what?", line(), conditions))

    assert (found.kind, found.body["answers"]) == (Kind.SHORT_TEXT, [{"text": "stairs"}, {"text": "staircase"}])
    assert ("case" in found.body, told) == (False, [])


def test_a_number_with_its_margin():
    ends = '<and><vargte respident="r">2.5</vargte><varlte respident="r">3.5</varlte></and>'

    found, told = read(item("numerical_question", "How many?", line(), earning(f"<or>{equal('3')}{ends}</or>")))

    assert (found.kind, found.body["answers"]) == (Kind.NUMERIC, [{"value": "3", "tolerance": "0.5"}])
    assert told == []


def test_blanks_and_lists_in_a_text():
    names = {"color": ("red", "scarlet"), "way": ("left", "right")}
    responses = "".join(
        lid(labels(*each), f"response_{name}", before=f"<material><mattext>{name}</mattext></material>")
        for name, each in names.items()
    )
    conditions = "".join(
        earning(equal(each[0], f"response_{name}"), "50.00", "Add", "") for name, each in names.items()
    )
    asked = "<p>A [color] door on the [way].</p>"

    blanks, told = read(item("fill_in_multiple_blanks_question", asked, responses, conditions))
    lists, told_of_lists = read(item("multiple_dropdowns_question", asked, responses, conditions))

    assert (blanks.kind, blanks.body["text"]) == (Kind.CLOZE, "<p>A [[1]] door on the [[2]].</p>")
    assert [each["text"] for each in blanks.body["gaps"][0]["answers"]] == ["Red", "Scarlet"]
    assert (lists.kind, lists.body["text"]) == (Kind.DROP_DOWN, "<p>A [[1]] door on the [[2]].</p>")
    assert [right_of(gap) for gap in lists.body["gaps"]] == [["Red"], ["Left"]]
    assert (blanks.maximum, lists.maximum, told, told_of_lists) == (2.0, 2.0, [], [])


def test_matching():
    responses = "".join(lid(labels("x", "y", "z"), f"response_{name}", "", text(name.title())) for name in ("a", "b"))
    conditions = earning(equal("y", "response_a"), "50.00", "Add", "") + earning(
        equal("x", "response_b"), "50.00", "Add", ""
    )

    found, told = read(item("matching_question", "Who?", responses, conditions))

    names = {row["id"]: row["text"] for row in (*found.body["rows"], *found.body["choices"])}
    assert {names[row]: names[put] for row, put in found.body["right"].items()} == {"A": "Y", "B": "X"}
    assert (found.kind, found.maximum, told) == (Kind.MATCHING, 2.0, [])


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("essay_question", Kind.ESSAY),
        ("file_upload_question", Kind.UPLOAD),
        ("text_only_question", Kind.DESCRIPTION),
    ],
)
def test_what_people_mark_and_what_is_only_read(name: str, kind: Kind):
    found, told = read(item(name, "<p>Why?</p>", line() if kind is Kind.ESSAY else ""))

    assert (found.kind, found.body["text"], told) == (kind, "<p>Why?</p>", [])
    assert found.maximum == (0.0 if kind is Kind.DESCRIPTION else 2.0)


def test_an_order():
    responses = lid(labels("a", "b", "c"), more='rcardinality="Ordered"')
    conditions = earning(equal("c") + equal("a") + equal("b"))

    found, told = read(item("", "First?", responses, conditions))

    assert (found.kind, [row["text"] for row in found.body["items"]]) == (Kind.ORDERING, ["C", "A", "B"])
    assert (found.body["scoring"], told) == ("all_or_nothing", [])


CALCULATED = (
    "<itemproc_extension><calculated><answer_tolerance>{}</answer_tolerance><formulas><formula>2*x</formula></formulas>"
    '<var_sets><var_set ident="1"><var name="x">4</var><answer>8.0</answer></var_set>'
    '<var_set ident="2"><var name="x">5</var><answer>10.0</answer></var_set></var_sets></calculated>'
    "</itemproc_extension>"
).format


@pytest.mark.parametrize(("near", "kept"), [("0", {}), ("0.5", {"tolerance": "0.5"})])
def test_a_formula_is_kept_with_one_set_of_its_values(near: str, kept: dict[str, str]):
    found, told = read(item("calculated_question", "Twice [x]?", line(), after=CALCULATED(near)))

    assert (found.kind, found.body["text"], found.maximum) == (Kind.NUMERIC, "Twice 4?", 2.0)
    assert found.body["answers"] == [{"value": "8", **kept}]
    assert [(each.odd, each.about.get("what")) for each in told] == [
        (Wrong.ONE_OF_MANY, None),
        (Odd.NOT_KEPT, "formulas"),
    ]


def test_a_formula_without_values_is_named():
    found, told = read(item("calculated_question", "How many?", line()))

    assert found is None
    assert [(each.odd, each.about["what"]) for each in told[:1]] == [(Odd.NO_SUCH_KIND, "calculated_question")]


def test_a_condition_that_only_says_something_does_not_end_the_marking():
    said = '<respcondition><conditionvar><not>{}</not></conditionvar><displayfeedback linkrefid="f"/></respcondition>'
    conditions = "".join(
        said.format(equal(right, row)) + earning(equal(right, row), "50", "Add", "")
        for row, right in (("r1", "a"), ("r2", "b"))
    )
    rows = "".join(lid(labels("a", "b", "c"), row, before=text(row)) for row in ("r1", "r2"))
    after = f'<itemfeedback ident="f"><flow_mat>{text("Look again.")}</flow_mat></itemfeedback>'

    found, told = read(item("matching_question", "Match.", rows, conditions, after))

    assert (found.kind, len(found.body["right"]), found.body.get("scoring")) == (Kind.MATCHING, 2, None)
    assert Wrong.SCORES_DIFFER not in [each.odd for each in told]


def test_what_nobody_reads_of_an_item_is_told_with_its_line():
    more = '<hint ident="h"><hintmaterial/></hint>'
    asked = lid(labels("a", "b"), more='rcardinality="Single" rtiming="Yes"')

    _found, told = read(item("multiple_choice_question", "Which?", asked, earning(equal("a")), more))

    assert [(each.odd, each.about["what"]) for each in told] == [
        (Odd.NOT_KEPT, "response_lid rtiming"),
        (Odd.NOT_KEPT, "hint"),
    ]
    assert all(each.place.line for each in told)


def test_a_package_with_its_quiz_and_a_picture():
    asked = '<p>See <img src="$IMS-CC-FILEBASE$/dot.png" alt="A dot"></p>'
    question = item("essay_question", asked, line())
    drawn = (
        '<section ident="g" title="Group"><selection_ordering><selection><selection_number>1</selection_number>'
        "<sourcebank_ref>b7</sourcebank_ref><selection_extension><points_per_item>3</points_per_item>"
        "</selection_extension></selection></selection_ordering></section>"
    )
    meta = (
        '<quiz xmlns="http://canvas.instructure.com/xsd/cccv1p0"><title>Fire drill</title>'
        "<description>Be quick.</description><time_limit>15</time_limit><allowed_attempts>2</allowed_attempts></quiz>"
    )
    listed = (
        '<manifest xmlns="http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"><resources>'
        '<resource identifier="q" type="imsqti_xmlv1p2"><file href="q/q.xml"/></resource></resources></manifest>'
    )

    found = registry.read(
        zipped(
            {
                "imsmanifest.xml": listed.encode(),
                "q/q.xml": file(question + drawn),
                "q/assessment_meta.xml": meta.encode(),
                "web_resources/dot.png": PIXEL,
            }
        ),
    )

    asked_of = found.bank.questions[0]
    [quiz] = found.bank.quizzes
    assert asked_of.body["text"] == f'<p>See <img src="picture:{asked_of.media[0].key}" alt="A dot"></p>'
    assert (quiz.title, quiz.intro, quiz.seconds, quiz.attempts) == ("Fire drill", "Be quick.", 900, 2)
    assert quiz.sections[0].slots == (Fixed(question="i1"), Draw(count=1, bank="b7", maximum=3.0))
    assert [(each.odd, each.about["what"]) for each in found.report.findings] == [(Wrong.BANK_MISSING, "Group (b7)")]


def test_a_package_for_canvas_names_its_types_and_tells_what_canvas_has_not():
    rows = [{"id": "a", "text": "Red", "weight": "1"}, {"id": "b", "text": "Blue", "weight": "1/2"}]
    single = Question(kind=Kind.SINGLE, body={"text": "Which?", "options": rows, "right": ["a"]}, title="Color")
    ordering = Question(kind=Kind.ORDERING, body={"text": "First?", "items": rows})

    written = registry.write(Bank(questions=(single, ordering)), "qti12")

    with zipfile.ZipFile(io.BytesIO(written.content)) as package:
        asked = package.read("questions/questions.xml").decode()
    assert "<fieldentry>multiple_choice_question</fieldentry>" in asked
    assert '<varequal respident="response1">c1</varequal>' in asked
    assert [(each.odd, each.about.get("part") or each.about.get("kind")) for each in written.report.findings] == [
        (Odd.NOT_SAID, Part.WEIGHTS),
        (Odd.KIND_NOT_SAID, Kind.ORDERING),
    ]
