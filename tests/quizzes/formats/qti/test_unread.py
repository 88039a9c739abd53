"""Nothing of an item disappears in silence: each element and attribute is carried over or told."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from lxml import etree

from quizzes.formats.model import Question
from quizzes.formats.qti.names import normalized
from quizzes.formats.qti.reading import questions_of
from quizzes.formats.qti.unread import READ
from quizzes.formats.reports import Finding, Odd, Reporter
from quizzes.formats.safe_xml import parsed
from tests.quizzes.formats.generating import PIXEL
from tests.quizzes.formats.qti.making import MAP, MATCH, ask, item, mapping, response, rules, when

CHOICES = '<simpleChoice identifier="a" fixed="true">Run</simpleChoice><simpleChoice identifier="b">Walk</simpleChoice>'
PAIRS = ('<simpleAssociableChoice identifier="{0}" matchMax="1">{0}</simpleAssociableChoice>').format
SETS = "".join(f"<simpleMatchSet>{''.join(map(PAIRS, each))}</simpleMatchSet>" for each in ("ab", "cd"))
RIGHT = when('<match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match>', "1", "0")
FEEDBACK = '<modalFeedback outcomeIdentifier="FEEDBACK" identifier="f" showHide="show">Well done.</modalFeedback>'
SAMPLES = {
    "choice": item(response("single", "identifier", "b"), ask("choice", CHOICES, 'maxChoices="1" shuffle="true"')),
    "several": item(
        response("multiple", "identifier", "b", more=mapping({"a": -1, "b": 2}, 'lowerBound="0" upperBound="2"')),
        ask("choice", f"<prompt>Which?</prompt>{CHOICES}", 'maxChoices="0"'),
        MAP,
    ),
    "text": item(response("single", "string", "Run"), f"<p>Do {ask('textEntry')} now.</p>", rules(RIGHT), "", FEEDBACK),
    "number": item(
        response("single", "float", "3"),
        f"<div>{ask('textEntry')}</div>",
        rules(
            when(
                '<equal toleranceMode="absolute" tolerance="1 1"><variable identifier="RESPONSE"/>'
                '<baseValue baseType="float">3</baseValue></equal>',
                "1",
            )
        ),
    ),
    "list": item(
        response("single", "identifier", "a"),
        f"<p>{ask('inlineChoice', ''.join(f'<inlineChoice identifier={n!r}>{n}</inlineChoice>' for n in 'ab'))}</p>",
    ),
    "essay": item(response("single", "string"), ask("extendedText", "<prompt>Why?</prompt>", 'expectedLines="5"'), ""),
    "gaps": item(
        response("multiple", "directedPair", "a g"),
        ask("gapMatch", '<gapText identifier="a" matchMax="1">Run</gapText><p>Do <gap identifier="g"/>.</p>'),
    ),
    "order": item(response("ordered", "identifier", "a", "b"), ask("order", CHOICES)),
    "match": item(response("multiple", "directedPair", "a c", "b d"), ask("match", SETS)),
    "associate": item(response("multiple", "pair", "a c", "b d"), ask("associate", "".join(map(PAIRS, "abcd")))),
    "hottext": item(
        response("single", "identifier", "a"),
        ask("hottext", '<p><hottext identifier="a">Run</hottext> or <hottext identifier="b">walk</hottext></p>'),
    ),
    "slider": item(response("single", "integer", "3"), ask("slider", "", 'lowerBound="0" upperBound="9" step="3"')),
    "upload": item(response("single", "file"), ask("upload", "<prompt>Hand it in.</prompt>", 'type="text/plain"'), ""),
    "limits": item(
        response(
            "multiple", "identifier", "a", more=mapping({"A": 1}).replace('="1"/>', '="1" caseSensitive="false"/>')
        ),
        ask("choice", CHOICES * 2, 'maxChoices="3" minChoices="2" shuffle="true"'),
    ),
    "line": item(
        response("single", "string", "Run", more=mapping({"Run": 1}).replace('"1"/>', '"1" caseSensitive="false"/>')),
        "<p>Do " + ask("textEntry", "", 'patternMask="[a-z]*"') + " now.</p>",
        MAP,
    ),
    "made up": item(
        '<templateDeclaration identifier="N" cardinality="single" baseType="integer"><defaultValue><value>3</value>'
        "</defaultValue></templateDeclaration>"
        '<templateDeclaration identifier="T" cardinality="single" baseType="identifier"><defaultValue><value>t</value>'
        "</defaultValue></templateDeclaration>" + response("single", "float", "3"),
        '<templateBlock templateIdentifier="T" identifier="t" showHide="show"><p>Twice '
        '<printedVariable identifier="N"/>?</p></templateBlock><p>Yes'
        '<templateInline templateIdentifier="T" identifier="t" showHide="show"> and no</templateInline></p>'
        f"<div>{ask('textEntry')}</div>",
        rules(RIGHT),
    ),
    "looked up": item(
        response("single", "identifier", "a")
        + '<outcomeDeclaration identifier="GRADE" cardinality="single" baseType="float"><matchTable defaultValue="0">'
        '<matchTableEntry sourceValue="1" targetValue="2"/></matchTable></outcomeDeclaration>'
        '<outcomeDeclaration identifier="STEP" cardinality="single" baseType="float"><interpolationTable '
        'defaultValue="0"><interpolationTableEntry sourceValue="1" targetValue="2" includeBoundary="true"/>'
        "</interpolationTable></outcomeDeclaration>",
        ask("choice", CHOICES, 'maxChoices="1" shuffle="true"'),
        rules(
            RIGHT,
            '<lookupOutcomeValue identifier="GRADE"><variable identifier="SCORE"/></lookupOutcomeValue>',
            '<lookupOutcomeValue identifier="STEP"><variable identifier="SCORE"/></lookupOutcomeValue>',
            '<setOutcomeValue identifier="SCORE"><sum><variable identifier="GRADE"/><variable identifier="STEP"/></sum>'
            "</setOutcomeValue>",
        ),
    ),
    "feedback": item(
        response("single", "identifier", "a"),
        '<rubricBlock view="candidate"><p>Think.</p></rubricBlock>'
        '<feedbackBlock outcomeIdentifier="FEEDBACK" identifier="f" showHide="show"><p>Good.</p></feedbackBlock>'
        '<p>So <feedbackInline outcomeIdentifier="FEEDBACK" identifier="g" showHide="show">bad</feedbackInline></p>'
        + ask("choice", CHOICES, 'maxChoices="1" shuffle="true"'),
        rules(
            RIGHT.replace(
                "<responseElse>",
                "<responseElse>"
                '<setOutcomeValue identifier="FEEDBACK"><multiple><baseValue baseType="identifier">g</baseValue>'
                "</multiple></setOutcomeValue>",
            ).replace(
                "<setOutcomeValue",
                '<setOutcomeValue identifier="FEEDBACK"><multiple><baseValue baseType="identifier">f</baseValue>'
                "</multiple></setOutcomeValue><setOutcomeValue",
                1,
            )
        ),
    ),
    "spots": item(
        response("multiple", "identifier", "a"),
        ask(
            "hotspot",
            '<object data="a.png" type="image/png">A map</object>'
            '<hotspotChoice identifier="a" shape="rect" coords="0,0,1,1" hotspotLabel="Here"/>'
            '<hotspotChoice identifier="b" shape="rect" coords="0,0,1,1" label="There"/>'
            '<hotspotChoice identifier="c" shape="rect" coords="0,0,1,1" label="Nowhere"/>',
            'maxChoices="2" minChoices="2"',
        ),
    ),
    "pictures": item(
        response("multiple", "directedPair", "a g"),
        ask(
            "gapMatch",
            '<gapImg identifier="a" matchMax="1"><object data="a.png" type="image/png">Run</object></gapImg>'
            '<gapText identifier="b" matchMax="1">Walk</gapText>'
            '<p>Do <gap identifier="g"/> and <gap identifier="h"/>.</p>',
        ),
        rules(RIGHT),
    ),
    "limited pairs": item(
        response("multiple", "directedPair", "a d", "b e", "c f"),
        ask(
            "match",
            "".join(f"<simpleMatchSet>{''.join(map(PAIRS, each))}</simpleMatchSet>" for each in ("abc", "def")),
            'maxAssociations="2" minAssociations="2"',
        ),
    ),
    "limited couples": item(
        response("multiple", "pair", "a d", "b e", "c f"),
        ask("associate", "".join(map(PAIRS, "abcdef")), 'maxAssociations="2" minAssociations="2"'),
    ),
    "several in a text": item(
        response("multiple", "identifier", "a"),
        '<p>A <object data="a.png" type="image/png" width="1" height="1" alt="a dot"/>.</p>'
        + ask(
            "hottext",
            "<p>" + "".join(f"<hottext identifier={each!r}>{each}</hottext> " for each in "abc") + "</p>",
            'maxChoices="2" minChoices="2"',
        ),
    ),
    "fixed": item(
        response("single", "identifier", "a"),
        ask(
            "hottext", '<p><hottext identifier="a" fixed="true">Run</hottext> <hottext identifier="b">go</hottext></p>'
        ),
    ),
    "fixed list": item(
        response("single", "identifier", "a"),
        "<p>"
        + ask(
            "inlineChoice",
            '<inlineChoice identifier="a" fixed="true">a</inlineChoice><inlineChoice identifier="b">b</inlineChoice>',
            'shuffle="true"',
        )
        + "</p>",
    ),
    "worth": item(
        response("single", "string") + '<outcomeDeclaration identifier="MAXSCORE" cardinality="single" '
        'baseType="float" normalMaximum="5"/>',
        ask("extendedText", "<prompt>Why?</prompt>"),
        "",
    ),
    "steps": item(response("single", "float", "3"), ask("slider", "", 'lowerBound="2" upperBound="4" step="1"')),
}
SAYS_NOTHING_NEW = {
    # Whose file it is: the tool is asked, which says more of files of ours alone.
    *(("assessmentItem", name) for name in ("toolName", "toolVersion")),
    # Of places in pictures there are no questions here, but the rules may ask.
    *(("areaMapEntry", name) for name in ("shape", "coords", "mappedValue")),
    *(("areaMapping", name) for name in ("defaultValue", "lowerBound", "upperBound")),
    # The words of a picture may stand in any of these.
    *(("object", name) for name in ("title", "aria-label")),
    # A text that several share lies beside the item.
    *(("assessmentStimulusRef", name) for name in ("href", "identifier", "title")),
    # What can be answered in one way only, or not at all.
    *(("uploadInteraction", "responseIdentifier"), ("endAttemptInteraction", "responseIdentifier")),
    *(("hottext", "fixed"), ("simpleAssociableChoice", "fixed")),
    # A number is typed, whatever its bounds; what it is, is seen from how it is written.
    *(("sliderInteraction", "lowerBound"), ("value", "baseType"), ("outcomeDeclaration", "baseType")),
    *(("templateDeclaration", "baseType"), ("templateDeclaration", "cardinality")),
}


def read(root: Any) -> tuple[list[Question], list[Finding]]:
    report = Reporter()
    files = {"a.png": PIXEL}
    return questions_of(root, "i1.xml", files.get, report), list(report.done().findings)


def elements(name: str) -> Iterator[tuple[Any, Any]]:
    """Each element of the sample, in a copy of its own."""
    root = normalized(parsed(SAMPLES[name]))
    for number, _element in enumerate(root.iter()):
        copy = deepcopy(root)
        yield copy, list(copy.iter())[number]


def says(found: list[Finding], word: str) -> bool:
    return any(word in str(value) for each in found for value in each.about.values())


@pytest.mark.parametrize("name", SAMPLES)
def test_an_element_that_nobody_knows_is_told_wherever_it_stands(name):
    silent = []
    for root, element in elements(name):
        element.append(etree.SubElement(element, "strange"))
        if not says(read(root)[1], "strange"):
            silent.append(element.tag)

    assert silent == []


@pytest.mark.parametrize("name", SAMPLES)
def test_an_attribute_that_nobody_knows_is_told_wherever_it_stands(name):
    silent = []
    for root, element in elements(name):
        element.set("strange", "1")
        if not says(read(root)[1], "strange"):
            silent.append(element.tag)

    assert silent == []


def test_every_attribute_that_is_said_to_be_read_makes_a_difference_somewhere():
    asked = {(tag, name) for tag, names in READ.items() for name in names} - SAYS_NOTHING_NEW
    for name in SAMPLES:
        whole = read(normalized(parsed(SAMPLES[name])))
        for root, element in elements(name):
            for attribute in sorted(set(element.attrib) & {name for tag, name in asked if tag == element.tag}):
                if any(read(each) != whole for each in changed(root, element, attribute)):
                    asked.discard((str(element.tag), attribute))

    assert asked == set()


def changed(root: Any, element: Any, attribute: str) -> Iterator[Any]:
    """The item without the attribute, and with other values in it."""
    said = element.attrib.pop(attribute)
    yield deepcopy(root)
    for other in ("7", "1", "false", "hide", "other", "ordered", "0,0,1,1"):
        element.set(attribute, other)
        yield deepcopy(root)
    element.set(attribute, said)


def test_what_only_looks_or_sounds_is_told_once():
    body = '<div class="wide" id="d1"><p class="big" data-x="1">' + ask("textEntry", "", 'label="l"') + "</p></div>"

    _found, told = read(normalized(parsed(item(response("single", "string", "Run"), body, MATCH))))

    assert [(each.odd, each.about["what"]) for each in told] == [(Odd.NOT_KEPT, "class, data-x, id, label")]
