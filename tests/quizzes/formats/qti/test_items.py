"""Every interaction of QTI becomes a question of ours that earns the same."""

from __future__ import annotations

from typing import Any

import pytest

from quizzes.formats.qti.wrong import Wrong
from quizzes.formats.reports import Odd, Severity
from quizzes.kinds import Kind
from quizzes.rich import TextFormat
from tests.quizzes.formats.generating import PIXEL, png
from tests.quizzes.formats.qti.making import MAP, MATCH, ask, item, mapping, read, response, rules, scoring, when

CHOICES = "".join(
    f'<simpleChoice identifier="{name}">{text}</simpleChoice>'
    for name, text in zip("abc", ("Run", "Walk", "Wait"), strict=True)
)


def choice(most: int, more: str = 'shuffle="true"') -> str:
    prompt = "<prompt>What do you do?</prompt>"
    return "<p>The alarm sounds.</p>" + ask("choice", prompt + CHOICES, f'maxChoices="{most}" {more}')


def texts(rows: Any) -> list[str]:
    return [row["text"] for row in rows]


def right_of(body: Any) -> list[str]:
    return [row["text"] for row in body["options"] if row["id"] in body["right"]]


def test_a_single_choice():
    found, told = read(item(response("single", "identifier", "b"), choice(1)))

    assert (found.kind, found.text_format, found.title, found.identifier) == (
        Kind.SINGLE,
        TextFormat.HTML,
        "Fire",
        "i1",
    )
    assert found.body["text"] == "<p>The alarm sounds.</p><p>What do you do?</p>"
    assert texts(found.body["options"]) == ["Run", "Walk", "Wait"]
    assert (right_of(found.body), found.maximum, told) == (["Walk"], 1.0, [])


def test_what_is_not_shuffled_keeps_its_place():
    found, _told = read(item(response("single", "identifier", "b"), choice(1, "")))

    assert [row.get("fixed") for row in found.body["options"]] == [True, True, True]


def test_a_single_choice_with_worths():
    declared = response("single", "identifier", "b", more=mapping({"b": 2, "c": 1, "a": -1}))

    found, told = read(item(declared, choice(1), MAP))

    assert [row.get("weight") for row in found.body["options"]] == ["-1/2", "1", "1/2"]
    assert (right_of(found.body), found.maximum) == (["Walk"], 2.0)
    assert [each.odd for each in told] == [Wrong.BELOW_ZERO]


def test_true_and_false_are_a_kind_of_their_own():
    options = '<simpleChoice identifier="x">True</simpleChoice><simpleChoice identifier="y">False</simpleChoice>'
    body = ask("choice", "<prompt>Hot?</prompt>" + options, 'maxChoices="1"')

    found, told = read(item(response("single", "identifier", "y"), body))

    assert (found.kind, found.body, told) == (Kind.TRUE_FALSE, {"text": "<p>Hot?</p>", "right": ["false"]}, [])


def test_several_that_match_are_all_or_nothing():
    found, told = read(item(response("multiple", "identifier", "a", "c"), choice(0)))

    assert (found.kind, right_of(found.body), found.body["scoring"]) == (
        Kind.MULTIPLE,
        ["Run", "Wait"],
        "all_or_nothing",
    )
    assert told == []


def test_several_that_are_mapped_have_worths():
    limits = 'lowerBound="0"'
    declared = response("multiple", "identifier", "a", "c", more=mapping({"a": 1, "c": 3, "b": -2}, limits))

    found, told = read(item(declared, choice(0), MAP))

    assert [row.get("weight") for row in found.body["options"]] == ["1/4", "-1/2", "3/4"]
    assert (found.maximum, told) == (4.0, [])


def test_what_is_mapped_as_usual_has_no_worths():
    declared = response("multiple", "identifier", "a", "c", more=mapping({"a": 1, "c": 1, "b": -1}, 'lowerBound="0"'))

    found, told = read(item(declared, choice(0), MAP))

    assert (found.body["right"], found.body.get("scoring"), found.maximum, told) == (
        [row["id"] for row in found.body["options"] if row["text"] != "Walk"],
        None,
        2.0,
        [],
    )
    assert not any("weight" in row for row in found.body["options"])


def test_a_line_to_be_typed():
    more = mapping({"Paris": 1, "Lutetia": 0.5})
    body = '<p>Capital of France?</p><p><textEntryInteraction responseIdentifier="RESPONSE"/></p>'

    found, told = read(item(response("single", "string", "Paris", more=more), body, MAP))

    assert (found.kind, found.body["text"]) == (Kind.SHORT_TEXT, "<p>Capital of France?</p>")
    assert found.body["answers"] == [{"text": "Paris"}, {"text": "Lutetia", "weight": "1/2"}]
    assert (found.body["case"], told) == (True, [])


def test_a_line_in_a_text_is_a_gap():
    body = '<p>Leave by the <textEntryInteraction responseIdentifier="RESPONSE"/> now.</p>'

    found, told = read(item(response("single", "string", "stairs"), body))

    assert (found.kind, found.body["text"], told) == (Kind.CLOZE, "<p>Leave by the [[1]] now.</p>", [])
    assert found.body["gaps"] == [{"id": "1", "kind": "short_text", "answers": [{"text": "stairs"}], "case": True}]


@pytest.mark.parametrize(
    ("equal", "answer"),
    [
        ('toleranceMode="absolute" tolerance="0.5 0.5"', {"value": "12", "tolerance": "0.5"}),
        ('toleranceMode="relative" tolerance="10"', {"value": "12", "tolerance": "0.1", "tolerance_kind": "relative"}),
        ('toleranceMode="exact"', {"value": "12"}),
    ],
)
def test_a_number_with_its_tolerance(equal, answer):
    condition = f'<equal {equal}><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></equal>'
    if "relative" in equal:
        condition = f'<equal {equal}><correct identifier="RESPONSE"/><variable identifier="RESPONSE"/></equal>'
    body = '<p>How many?</p><p><textEntryInteraction responseIdentifier="RESPONSE"/></p>'

    found, told = read(item(response("single", "float", "12"), body, rules(when(condition, "3", "0"))))

    assert (found.kind, found.body["answers"], found.maximum, told) == (Kind.NUMERIC, [answer], 3.0, [])


def test_a_range_is_a_number_with_a_tolerance():
    ends = "".join(
        f'<{name}><variable identifier="RESPONSE"/><baseValue baseType="float">{end}</baseValue></{name}>'
        for name, end in (("gte", 2), ("lte", 4))
    )
    body = '<p>How many?</p><p><textEntryInteraction responseIdentifier="RESPONSE"/></p>'

    found, told = read(item(response("single", "float"), body, rules(when(f"<and>{ends}</and>", "1", "0"))))

    assert (found.body["answers"], told) == ([{"value": "3", "tolerance": "1"}], [])


def test_lists_in_a_text():
    inline = "".join(
        f'<inlineChoiceInteraction responseIdentifier="{name}" shuffle="true">'
        + "".join(f'<inlineChoice identifier="{each}">{text}</inlineChoice>' for each, text in options)
        + "</inlineChoiceInteraction> "
        for name, options in (("R1", (("r", "red"), ("b", "blue"))), ("R2", (("l", "left"), ("m", "middle"))))
    )
    declared = response("single", "identifier", "r", name="R1") + response("single", "identifier", "m", name="R2")
    conditions = "".join(
        f'<responseCondition><responseIf><match><variable identifier="{name}"/><correct identifier="{name}"/></match>'
        f'<setOutcomeValue identifier="SCORE"><sum><variable identifier="SCORE"/><baseValue baseType="float">{worth}'
        "</baseValue></sum></setOutcomeValue></responseIf></responseCondition>"
        for name, worth in (("R1", 1), ("R2", 2))
    )

    found, told = read(item(declared, f"<p>It is {inline}.</p>", rules(conditions)))

    assert (found.kind, found.body["text"], told) == (Kind.DROP_DOWN, "<p>It is [[1]] [[2]] .</p>", [])
    assert [(right_of(gap), gap.get("weight", 1)) for gap in found.body["gaps"]] == [(["red"], 1), (["middle"], 2)]
    assert found.maximum == 3.0


def test_gaps_that_have_to_be_right_together():
    words = "".join(f'<gapText identifier="{each}" matchMax="1">{each}</gapText>' for each in ("red", "blue", "up"))
    text = '<blockquote><p>The <gap identifier="G1"/> way is <gap identifier="G2"/>.</p></blockquote>'
    body = ask("gapMatch", words + text)

    found, told = read(item(response("multiple", "directedPair", "red G1", "up G2"), body))

    assert (found.kind, found.body["scoring"], told) == (Kind.DROP_DOWN, "all_or_nothing", [])
    assert found.body["text"] == "<blockquote><p>The [[1]] way is [[2]].</p></blockquote>"
    assert [right_of(gap) for gap in found.body["gaps"]] == [["red"], ["up"]]


def associable(names: str, most: int = 1) -> str:
    return "".join(
        f'<simpleAssociableChoice identifier="{each}" matchMax="{most}">{each}</simpleAssociableChoice>'
        for each in names
    )


def match(rows: str, choices: str) -> str:
    sets = (f"<simpleMatchSet>{each}</simpleMatchSet>" for each in (rows, choices))
    return ask("match", "<prompt>Who?</prompt>" + "".join(sets), 'maxAssociations="0"')


def test_what_is_matched():
    declared = response("multiple", "directedPair", "A Y", "B X", more=mapping({"A Y": 1, "B X": 1}))

    found, told = read(item(declared, match(associable("AB"), associable("XYZ")), MAP))

    names = {row["id"]: row["text"] for row in (*found.body["rows"], *found.body["choices"])}
    assert {names[row]: names[put] for row, put in found.body["right"].items()} == {"A": "Y", "B": "X"}
    assert (found.kind, found.maximum, found.body.get("scoring"), told) == (Kind.MATCHING, 2.0, None, [])


def test_pairs_that_are_worth_more_than_others_are_lists():
    declared = response("multiple", "directedPair", "A Y", "B X", more=mapping({"A Y": 2, "B X": 1}))

    found, told = read(item(declared, match(associable("AB"), associable("XYZ")), MAP))

    assert (found.kind, found.maximum) == (Kind.DROP_DOWN, 3.0)
    assert found.body["text"] == "<p>Who?</p><p>A [[1]]</p><p>B [[2]]</p>"
    assert [(right_of(gap), gap.get("weight", 1)) for gap in found.body["gaps"]] == [(["Y"], 2), (["X"], 1)]
    assert [each.odd for each in told] == [Odd.KEPT_AS]


def test_what_is_sorted():
    body = match(associable("ABC"), associable("XY", 0))

    found, told = read(item(response("multiple", "directedPair", "A X", "B X", "C Y"), body))

    assert (found.kind, found.body["scoring"], told) == (Kind.CATEGORIZE, "all_or_nothing", [])


def test_what_is_associated_is_matched_and_told():
    body = "<p>Who?</p>" + ask("associate", associable("ABCDE"), 'maxAssociations="2"')

    found, told = read(item(response("multiple", "pair", "A B", "D C"), body))

    assert (found.kind, texts(found.body["rows"])) == (Kind.MATCHING, ["A", "C"])
    assert texts(found.body["choices"]) == ["B", "D", "E"]
    assert [(each.severity, each.odd) for each in told] == [(Severity.NOTE, Odd.KEPT_AS)]


def test_an_order():
    choices = "".join(f'<simpleChoice identifier="{each}">{each}</simpleChoice>' for each in "ABC")
    body = ask("order", "<prompt>First?</prompt>" + choices)

    found, told = read(item(response("ordered", "identifier", "C", "A", "B"), body))

    assert (found.kind, texts(found.body["items"]), told) == (Kind.ORDERING, ["C", "A", "B"], [])
    assert found.body["scoring"] == "all_or_nothing"


def test_words_of_a_text_are_options():
    words = '<p>We <hottext identifier="a">goes</hottext> to <hottext identifier="b">work</hottext>.</p>'
    body = ask("hottext", "<prompt>Which is wrong?</prompt>" + words, 'maxChoices="1"')

    found, _told = read(item(response("single", "identifier", "a"), body))

    assert (found.body["text"], right_of(found.body)) == ("<p>Which is wrong?</p><p>We goes to work.</p>", ["goes"])


def test_a_slider_is_a_number():
    body = ask("slider", "<prompt>How far?</prompt>", 'lowerBound="0" upperBound="10" step="1"')

    found, told = read(item(response("single", "integer", "7"), body))

    assert (found.kind, found.body["answers"], [each.odd for each in told]) == (
        Kind.NUMERIC,
        [{"value": "7"}],
        [Odd.KEPT_AS],
    )


def test_essays_and_files_are_marked_by_people():
    why = "<p>Why?</p>" + ask("extendedText", "", 'expectedLines="7"')
    essay, _told = read(item(response("single", "string"), why, ""))
    upload, _told = read(item(response("single", "file"), "<p>Show it.</p>" + ask("upload"), ""))

    assert (essay.kind, essay.body) == (Kind.ESSAY, {"text": "<p>Why?</p>", "lines": 7})
    assert (upload.kind, upload.body) == (Kind.UPLOAD, {"text": "<p>Show it.</p>", "most": 1})


def test_an_item_without_interaction_is_something_to_read():
    found, told = read(item("", "<p>Now the second part.</p>", ""))

    assert (found.kind, found.body, found.maximum, told) == (
        Kind.DESCRIPTION,
        {"text": "<p>Now the second part.</p>"},
        0.0,
        [],
    )


def test_areas_of_a_picture():
    inner = (
        '<prompt>Where?</prompt><object data="map.png" type="image/png" width="9" height="9">A map</object>'
        '<hotspotChoice identifier="a" shape="circle" coords="2,2,1"/>'
        '<hotspotChoice identifier="b" shape="rect" coords="4,4,6,6"/>'
    )
    body = ask("hotspot", inner, 'maxChoices="1"')

    found, told = read(item(response("single", "identifier", "b"), body), {"map.png": png(9, 9)})

    assert (found.kind, found.body["alt"], found.body["image"]) == (Kind.HOTSPOT, "A map", found.media[0].key)
    assert [(area["label"], area["shape"], area["coords"]) for area in found.body["areas"]] == [
        ("a", "circle", [2.0, 2.0, 1.0]),
        ("b", "rect", [4.0, 4.0, 6.0, 6.0]),
    ]
    assert (found.body["width"], found.body["height"], told) == (9, 9, [])


def test_areas_that_are_drawn_over_the_picture_in_another_size_are_scaled():
    inner = (
        '<object data="map.png" type="image/png" width="9" height="9">A map</object>'
        '<hotspotChoice identifier="a" shape="circle" coords="2,2,1"/>'
        '<hotspotChoice identifier="b" shape="poly" coords="1,1,4,2,3,8"/>'
    )
    body = ask("hotspot", inner, 'maxChoices="1"')

    found, told = read(item(response("single", "identifier", "b"), body), {"map.png": png(18, 36)})

    assert [area["coords"] for area in found.body["areas"]] == [[4, 8, 2], [2, 4, 8, 8, 6, 32]]
    assert told == []


def test_what_there_is_no_kind_for_is_named_with_its_line():
    body = '<p>Draw.</p>\n<drawingInteraction responseIdentifier="RESPONSE"/>'

    found, told = read(item(response("single", "file"), body, ""))

    assert found is None
    assert [(each.severity, each.odd, each.place.line, each.about["what"]) for each in told] == [
        (Severity.ERROR, Odd.NO_SUCH_KIND, 7, "drawingInteraction")
    ]


def test_rules_that_are_not_understood_are_named():
    condition = '<customOperator class="org.example.magic"><variable identifier="RESPONSE"/></customOperator>'

    found, told = read(item(response("single", "identifier", "b"), choice(1), rules(when(condition, "1"))))

    assert right_of(found.body) == ["Walk"]
    assert [(each.odd, each.about["what"]) for each in told] == [(Wrong.NOT_INTERPRETED, "customOperator")]


def test_scores_that_cannot_be_said_here_are_counted():
    """Both together earn more than each by itself."""
    both = '<match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match>'
    one = '<member><baseValue baseType="identifier">a</baseValue><variable identifier="RESPONSE"/></member>'
    condition = (
        f"<responseCondition><responseIf>{both}{scoring('5')}</responseIf>"
        f"<responseElseIf>{one}{scoring('1')}</responseElseIf></responseCondition>"
    )

    _found, told = read(item(response("multiple", "identifier", "a", "c"), choice(0), rules(condition)))

    assert [each.odd for each in told] == [Wrong.SCORES_DIFFER]
    assert 0 < told[0].about["number"] < told[0].about["tried"] == 8


def test_feedback_is_found_by_what_the_rules_say_it_to():
    sets = "".join(
        '<responseCondition><responseIf><match><variable identifier="RESPONSE"/><baseValue baseType="identifier">'
        f'{name}</baseValue></match><setOutcomeValue identifier="FEEDBACK"><multiple><baseValue baseType="identifier">'
        f"f{name}</baseValue></multiple></setOutcomeValue></responseIf></responseCondition>"
        for name in "ab"
    )
    after = "".join(
        f'<modalFeedback outcomeIdentifier="FEEDBACK" identifier="{name}" showHide="{show}">{text}</modalFeedback>'
        for name, show, text in (
            ("fa", "show", "Do not run."),
            ("fb", "show", "Well done."),
            ("none", "hide", "See rule 3."),
        )
    )
    match = when('<match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match>', "1")

    found, told = read(item(response("single", "identifier", "b"), choice(1), rules(match, sets), after=after))

    ids = {row["text"]: row["id"] for row in found.body["options"]}
    assert found.feedback == {f"options/{ids['Run']}": "Do not run.", f"options/{ids['Walk']}": "Well done."}
    assert (found.body["why"], told) == ("See rule 3.", [])


def test_pictures_are_kept_by_their_bytes_and_scripts_are_not():
    body = '<p>See <img src="a.png" alt="A dot"/><script>alert(1)</script></p>' + choice(1)

    found, told = read(item(response("single", "identifier", "b"), body), {"a.png": PIXEL})

    assert found.body["text"].startswith(f'<p>See <img src="picture:{found.media[0].key}" alt="A dot"></p>')
    assert [(each.odd, each.about["what"]) for each in told] == [(Odd.CLEANED, "script")]


def test_an_item_that_makes_up_its_numbers_is_kept_with_one_set_of_them():
    declared = (
        response("single", "integer") + '<templateDeclaration identifier="A" cardinality="single" baseType="integer"/>'
        '<templateDeclaration identifier="B" cardinality="single" baseType="integer"/>'
    )
    setting = "".join(
        f'<setTemplateValue identifier="{name}"><randomInteger min="2" max="9"/></setTemplateValue>' for name in "AB"
    )
    total = '<sum><variable identifier="A"/><variable identifier="B"/></sum>'
    correct = f'<setCorrectResponse identifier="RESPONSE">{total}</setCorrectResponse>'
    made = f"<templateProcessing>{setting}{correct}</templateProcessing>"
    body = f'<p><printedVariable identifier="A"/> + <printedVariable identifier="B"/> = ?</p><p>{ask("textEntry")}</p>'

    found, told = read(item(declared, body, made + MATCH))

    first, second = found.body["text"].removeprefix("<p>").removesuffix(" = ?</p>").split(" + ")
    assert found.body["answers"] == [{"value": str(int(first) + int(second))}]
    assert [each.odd for each in told] == [Wrong.ONE_OF_MANY]


def test_what_an_item_makes_up_may_be_what_is_right_without_being_declared():
    declared = (
        response("single", "float") + '<templateDeclaration identifier="A" cardinality="single" baseType="float"/>'
    )
    made = '<setTemplateValue identifier="A"><baseValue baseType="float">2.5</baseValue></setTemplateValue>'
    equal = '<equal toleranceMode="exact"><variable identifier="RESPONSE"/><variable identifier="A"/></equal>'
    processing = f"<templateProcessing>{made}</templateProcessing>{rules(when(equal, '1'))}"

    found, told = read(item(declared, f"<p>How many?</p><p>{ask('textEntry')}</p>", processing))

    assert (found.kind, found.body["answers"]) == (Kind.NUMERIC, [{"value": "2.5"}])
    assert [each.odd for each in told] == [Wrong.ONE_OF_MANY]


QTI_3 = b"""<?xml version="1.0" encoding="UTF-8"?>
<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="three" title="Three"
  adaptive="false" time-dependent="false" xml:lang="en">
  <qti-response-declaration identifier="RESPONSE" cardinality="multiple" base-type="identifier">
    <qti-correct-response><qti-value>a</qti-value><qti-value>b</qti-value></qti-correct-response>
    <qti-mapping lower-bound="0" default-value="-1">
      <qti-map-entry map-key="a" mapped-value="1"/><qti-map-entry map-key="b" mapped-value="1"/>
    </qti-mapping>
  </qti-response-declaration>
  <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
  <qti-item-body>
    <qti-choice-interaction response-identifier="RESPONSE" max-choices="3" shuffle="true" class="qti-labels-none">
      <qti-prompt>Which?</qti-prompt>
      <qti-simple-choice identifier="a">One</qti-simple-choice>
      <qti-simple-choice identifier="b" fixed="true">Two</qti-simple-choice>
      <qti-simple-choice identifier="c">Three</qti-simple-choice>
    </qti-choice-interaction>
  </qti-item-body>
  <qti-response-processing
    template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/map_response.xml"/>
</qti-assessment-item>"""


def test_the_third_version_is_read_by_the_same_reader():
    found, told = read(QTI_3)

    assert (found.kind, found.title, right_of(found.body)) == (Kind.MULTIPLE, "Three", ["One", "Two"])
    assert [(each.odd, each.about) for each in told] == [(Odd.NOT_KEPT, {"what": "class, lang"})]
    assert found.body["text"] == "<p>Which?</p>"
    assert [row.get("fixed") for row in found.body["options"]] == [None, True, None]
    assert found.maximum == 2.0
