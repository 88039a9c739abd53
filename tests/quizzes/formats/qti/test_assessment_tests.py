"""Tests of QTI become quizzes as far as quizzes go; the rest is told."""

from __future__ import annotations

from quizzes.formats import registry
from quizzes.formats.model import Draw, Fixed, Reviewed, Section
from quizzes.formats.qti.wrong import Wrong
from quizzes.formats.reports import Odd
from tests.quizzes.formats.qti.making import ask, item, response, zipped

TEST = b"""<?xml version="1.0" encoding="UTF-8"?>
<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="t1" title="Fire drill">
  <timeLimits maxTime="900"/>
  <testPart identifier="p" navigationMode="nonlinear" submissionMode="individual">
    <assessmentSection identifier="s1" title="First" visible="true">
      <ordering shuffle="true"/>
      <rubricBlock view="candidate"><p>Be <b>quick</b>.</p></rubricBlock>
      <assessmentItemRef identifier="r1" href="items/a.xml"><weight identifier="W" value="2"/></assessmentItemRef>
      <assessmentItemRef identifier="r2" href="items/b.xml"/>
      <assessmentSection identifier="s2" title="Drawn" visible="true">
        <selection select="2"/>
        <assessmentItemRef identifier="r3" href="items/a.xml" required="true"/>
        <assessmentItemRef identifier="r4" href="items/b.xml"/>
        <assessmentItemRef identifier="r5" href="items/c.xml"/>
      </assessmentSection>
      <assessmentSection identifier="s3" title="Later" visible="true">
        <preCondition><baseValue baseType="boolean">true</baseValue></preCondition>
        <assessmentItemRef identifier="r6" href="items/gone.xml"/>
        <assessmentItemRef identifier="r7" href="items/c.xml"><itemSessionControl maxAttempts="2"/></assessmentItemRef>
      </assessmentSection>
    </assessmentSection>
  </testPart>
  <outcomeProcessing><setOutcomeValue identifier="SCORE"><sum><testVariables variableIdentifier="SCORE"/></sum>
  </setOutcomeValue></outcomeProcessing>
</assessmentTest>"""
LISTED = b"""<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources>
<resource identifier="t" type="imsqti_test_xmlv2p1" href="test.xml"><file href="test.xml"/></resource>
<resource identifier="a" type="imsqti_item_xmlv2p1" href="items/a.xml"><file href="items/a.xml"/></resource>
</resources></manifest>"""


def question(name: str) -> bytes:
    choices = '<simpleChoice identifier="a">A</simpleChoice><simpleChoice identifier="b">B</simpleChoice>'
    made = item(response("single", "identifier", "a"), f"<p>{name}?</p>" + ask("choice", choices))
    return made.replace(b'identifier="i1"', f'identifier="{name}"'.encode())


def test_sections_draws_times_and_weights():
    items = {f"items/{name}.xml": question(name) for name in "abc"}

    found = registry.read(zipped({"imsmanifest.xml": LISTED, "test.xml": TEST, **items}))

    [quiz] = found.bank.quizzes
    assert [each.identifier for each in found.bank.questions] == ["a", "b", "c"]
    assert (quiz.title, quiz.identifier, quiz.seconds) == ("Fire drill", "t1", 900)
    assert quiz.sections == (
        Section(
            slots=(Fixed(question="a", maximum=2.0), Fixed(question="b")),
            title="First",
            instructions="<p>Be <b>quick</b>.</p>",
            is_shuffled=True,
        ),
        Section(slots=(Fixed(question="a"), Draw(count=1, questions=("b", "c"))), title="Drawn"),
        Section(slots=(Fixed(question="c"),), title="Later"),
    )
    assert [(each.odd, each.about["what"]) for each in found.report.findings] == [
        (Wrong.ITEM_MISSING, "items/gone.xml"),
        (Odd.NOT_KEPT, "preCondition"),
        (Odd.NOT_KEPT, "itemSessionControl"),
        (Odd.NOT_KEPT, "ordering of assessmentSection"),
    ]


CONTROLLED = b"""<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="t2" title="Control">
  <outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float" normalMaximum="8" masteryValue="6"/>
  <testPart identifier="p" navigationMode="linear" submissionMode="individual">
    <itemSessionControl maxAttempts="3" showFeedback="true" showSolution="true" allowComment="true"/>
    <timeLimits maxTime="60.5" allowLateSubmission="true"/>
    <assessmentSection identifier="all" title="All" visible="false">
      <ordering shuffle="true"/>
      <assessmentSection identifier="s1" title="One" visible="true">
        <assessmentItemRef identifier="r1" href="items/a.xml" fixed="true"/>
        <assessmentSection identifier="s2" title="Drawn" visible="false" keepTogether="false">
          <selection select="1" withReplacement="true"/>
          <assessmentItemRef identifier="r2" href="items/b.xml"><weight identifier="W" value="2"/></assessmentItemRef>
          <assessmentItemRef identifier="r3" href="items/c.xml"/>
        </assessmentSection>
      </assessmentSection>
      <assessmentSection identifier="s3" title="Two" visible="false">
        <assessmentItemRef identifier="r4" href="items/c.xml"/>
      </assessmentSection>
    </assessmentSection>
  </testPart>
</assessmentTest>"""


def test_control_order_of_sections_and_the_pass_mark_are_read():
    items = {f"items/{name}.xml": question(name) for name in "abc"}

    found = registry.read(zipped({"imsmanifest.xml": LISTED, "test.xml": CONTROLLED, **items}))

    [quiz] = found.bank.quizzes
    assert (quiz.is_shuffled, quiz.is_linear, quiz.seconds, quiz.pass_percent) == (True, True, 60, 75)
    assert quiz.reviewed == Reviewed(is_one_by_one=True, answers=True, key=True, reasons=True)
    assert quiz.sections == (
        Section(slots=(Fixed(question="a"), Draw(count=1, questions=("b", "c"), maximum=2.0)), title="One"),
        Section(slots=(Fixed(question="c"),)),
    )
    assert [each.about["what"] for each in found.report.findings] == [
        "itemSessionControl maxAttempts",
        "itemSessionControl allowComment",
        "assessmentItemRef fixed",
        "selection withReplacement",
        "weight",
        "timeLimits allowLateSubmission",
    ]


def test_a_test_without_its_items_says_which_are_missing():
    found = registry.read(TEST)

    assert found.bank.questions == ()
    assert [each.about.get("what") for each in found.report.findings if each.odd is Wrong.ITEM_MISSING] == [
        "items/a.xml",
        "items/b.xml",
        "items/c.xml",
        "items/gone.xml",
    ]
