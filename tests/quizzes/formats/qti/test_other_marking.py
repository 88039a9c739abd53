"""Items that earn in ways of their own become what earns the same here, if need be something else to answer."""

from __future__ import annotations

from fractions import Fraction

from quizzes.formats import registry
from quizzes.formats.model import Fixed
from quizzes.formats.qti.names import normalized
from quizzes.formats.qti.reading import questions_of
from quizzes.formats.qti.wrong import Wrong
from quizzes.formats.reports import Odd, Reporter, Severity
from quizzes.formats.safe_xml import parsed
from quizzes.kinds import CHOSEN, NUMBER, Kind, kind_of
from tests.quizzes.formats.qti.making import (
    MAP,
    MATCH,
    ask,
    item,
    mapping,
    read,
    response,
    rules,
    scoring,
    when,
    zipped,
)

RUN = "".join(f'<simpleChoice identifier="{each}">{each.upper()}</simpleChoice>' for each in "abc")


def all_read(content: bytes):
    report = Reporter()
    found = questions_of(normalized(parsed(content)), "i1.xml", lambda _name: None, report)
    return found, [(each.odd, each.about) for each in report.done().findings]


def earned(question, response):
    return (kind_of(question.kind).fraction(question.body, response) or 0) * Fraction(question.maximum)


def equal_rounded(figures: int) -> str:
    held = '<baseValue baseType="float">7.389</baseValue><variable identifier="RESPONSE"/>'
    return f'<equalRounded roundingMode="significantFigures" figures="{figures}">{held}</equalRounded>'


def test_numbers_that_are_rounded_before_they_are_compared():
    steps = (
        f"<responseCondition><responseIf>{equal_rounded(3)}{scoring('10')}</responseIf>"
        f"<responseElseIf>{equal_rounded(2)}{scoring('5')}</responseElseIf></responseCondition>"
    )
    body = f"<div>{ask('textEntry')}</div>"

    found, told = read(item(response("single", "float"), body, rules(steps)))

    typed = ("7.3849", "7.385", "7.389", "7.3949", "7.395", "7.35", "7.34", "7.44", "7.45", "74")
    assert [earned(found, {NUMBER: [each]}) for each in typed] == [5, 10, 10, 10, 5, 5, 0, 5, 0, 0]
    assert (found.kind, kind_of(found.kind).right(found.body), told) == (Kind.NUMERIC, {NUMBER: ["7.389"]}, [])


def test_whole_numbers_from_a_bound_on():
    more = '<gte><variable identifier="RESPONSE"/><baseValue baseType="integer">5</baseValue></gte>'
    less = '<lt><variable identifier="RESPONSE"/><baseValue baseType="integer">8</baseValue></lt>'
    body = ask("slider", "", 'lowerBound="0" upperBound="10" step="1"')

    found, _told = read(item(response("single", "integer"), body, rules(when(f"<and>{more}{less}</and>", "1"))))

    assert [earned(found, {NUMBER: [str(each)]}) for each in range(10)] == [0, 0, 0, 0, 0, 1, 1, 1, 0, 0]


def test_gaps_that_take_away_what_others_gave_are_pairs_to_choose_from():
    texts = "".join(f'<gapText identifier="{each}" matchMax="2">{each.upper()}</gapText>' for each in "ws")
    body = ask("gapMatch", texts + '<p>First <gap identifier="g"/>, then <gap identifier="h"/>.</p>')
    more = mapping({"w g": 1, "s h": 2}, 'lowerBound="0"').replace('defaultValue="0"', 'defaultValue="-1"')

    found, told = read(item(response("multiple", "directedPair", more=more), body, MAP))

    by_text = {row["text"]: row["id"] for row in found.body["options"]}
    assert (found.kind, found.body["text"]) == (Kind.MULTIPLE, "<p>First (1), then (2).</p>")
    put = (["(2) S"], ["(1) S", "(2) S"], ["(1) W", "(2) S"])
    assert [earned(found, {CHOSEN: [by_text[each] for each in texts]}) for texts in put] == [2, 1, 3]
    assert [(each.odd, each.about["now"]) for each in told] == [(Odd.KEPT_AS, "pairs to choose from")]


def test_an_order_that_earns_a_part_in_one_way_only_is_chosen_among_all_orders():
    one, other = (
        '<match><variable identifier="RESPONSE"/><ordered>'
        + "".join(f'<baseValue baseType="identifier">{each}</baseValue>' for each in order)
        + "</ordered></match>"
        for order in ("bca", "bac")
    )
    steps = (
        f"<responseCondition><responseIf>{one}{scoring('2')}</responseIf>"
        f"<responseElseIf>{other}{scoring('1')}</responseElseIf></responseCondition>"
    )

    found, told = read(item(response("ordered", "identifier", "b", "c", "a"), ask("order", RUN), rules(steps)))

    by_text = {row["text"]: row["id"] for row in found.body["options"]}
    assert (found.kind, next(iter(by_text)), len(by_text)) == (Kind.SINGLE, "A – B – C", 6)
    chosen = ("B – C – A", "B – A – C", "A – B – C")
    assert [earned(found, {CHOSEN: [by_text[each]]}) for each in chosen] == [2, 1, 0]
    assert [(each.odd, each.about["now"]) for each in told] == [(Odd.KEPT_AS, "orders to choose from")]


def test_a_gap_that_earns_nothing_is_a_blank():
    declared = response("single", "identifier", "a", name="ONE") + response("single", "string", name="TWO")
    one = '<inlineChoiceInteraction responseIdentifier="ONE"><inlineChoice identifier="a">A</inlineChoice>'
    one += '<inlineChoice identifier="b">B</inlineChoice></inlineChoiceInteraction>'
    body = f'<p>{one} because <textEntryInteraction responseIdentifier="TWO"/>.</p>'
    right = '<match><variable identifier="ONE"/><correct identifier="ONE"/></match>'

    found, told = read(item(declared, body, rules(when(right, "1"))))

    assert (found.kind, found.body["text"]) == (Kind.DROP_DOWN, "<p>[[1]] because ____.</p>")
    assert [(each.severity, each.odd, each.about["what"]) for each in told] == [
        (Severity.LOSS, Odd.NOT_KEPT, "textEntryInteraction")
    ]


def test_what_is_right_may_stand_in_the_rules_alone():
    options = "".join(f'<simpleChoice identifier="c{each}">Option {each}</simpleChoice>' for each in range(11))
    wanted = "".join(f'<baseValue baseType="identifier">c{each}</baseValue>' for each in range(0, 11, 2))
    right = f'<match><variable identifier="RESPONSE"/><multiple>{wanted}</multiple></match>'

    found, told = read(
        item(response("multiple", "identifier"), ask("choice", options, 'maxChoices="0"'), rules(when(right, "1")))
    )

    chosen = [row["text"] for row in found.body["options"] if row["id"] in found.body["right"]]
    assert chosen == [f"Option {each}" for each in range(0, 11, 2)]
    assert (found.body["scoring"], told) == ("all_or_nothing", [])


SEVERAL = item(
    response("single", "string", "Rome", name="ONE")
    + response("multiple", "identifier", "a", "b", name="TWO")
    + response("single", "string", name="THREE"),
    '<p>Capital: <textEntryInteraction responseIdentifier="ONE"/></p>'
    f'<choiceInteraction responseIdentifier="TWO" maxChoices="0" shuffle="true"><prompt>Which?</prompt>{RUN}'
    "</choiceInteraction>"
    '<uploadInteraction responseIdentifier="THREE"><prompt>Hand it in.</prompt></uploadInteraction>',
    rules(
        *(
            when(
                f'<match><variable identifier="{name}"/><correct identifier="{name}"/></match>',
                "",
            ).replace(scoring(""), added)
            for name, added in (
                (
                    each,
                    '<setOutcomeValue identifier="SCORE"><sum><variable identifier="SCORE"/>'
                    f'<baseValue baseType="float">{worth}</baseValue></sum></setOutcomeValue>',
                )
                for each, worth in (("ONE", 1), ("TWO", 3))
            )
        )
    ),
)


def test_an_item_that_asks_in_several_ways_is_several_questions_that_earn_the_same_together():
    found, told = all_read(SEVERAL)

    assert [(each.kind, each.maximum, each.identifier, each.title) for each in found] == [
        (Kind.CLOZE, 1.0, "i1", "Fire (1)"),
        (Kind.MULTIPLE, 3.0, "i1-2", "Fire (2)"),
        (Kind.UPLOAD, 1.0, "i1-3", "Fire (3)"),
    ]
    assert [each.body["text"] for each in found] == [
        "<p>Capital: [[1]]</p>",
        "<p>Capital: ____</p><p>Which?</p>",
        "<p>Capital: ____</p><p>Hand it in.</p>",
    ]
    assert found[1].body["scoring"] == "all_or_nothing"
    assert told == [(Wrong.APART, {"number": 3}), (Wrong.BY_PEOPLE, {"number": "1"})]


def test_a_test_asks_all_questions_of_such_an_item():
    test = (
        '<assessmentTest identifier="t" title="T"><testPart identifier="p"><assessmentSection identifier="s" title="S">'
        '<assessmentItemRef identifier="r" href="i.xml"/></assessmentSection></testPart></assessmentTest>'
    )

    found = registry.read(zipped({"i.xml": SEVERAL, "t.xml": test.encode()}))

    [quiz] = found.bank.quizzes
    assert quiz.sections[0].slots == (Fixed(question="i1"), Fixed(question="i1-2"), Fixed(question="i1-3"))


def test_a_draw_that_may_ask_a_part_of_such_an_item_is_told():
    drawn = "".join(f'<assessmentItemRef identifier="r{each}" href="{each}.xml"/>' for each in "ij")
    test = (
        '<assessmentTest identifier="t" title="T"><testPart identifier="p"><assessmentSection identifier="s" title="S">'
        f'<selection select="1"/>{drawn}</assessmentSection></testPart></assessmentTest>'
    )
    other = item(response("single", "identifier", "a"), ask("choice", RUN)).replace(b'"i1"', b'"j1"')

    found = registry.read(zipped({"i.xml": SEVERAL, "j.xml": other, "t.xml": test.encode()}))

    told = [(each.severity, dict(each.about)) for each in found.report.findings if each.odd is Wrong.DRAWN_APART]
    assert told == [(Severity.LOSS, {"number": 3})]


def test_parts_that_do_not_add_up_are_told():
    declared = response("single", "string", "Rome", name="ONE") + response("multiple", "identifier", "a", name="TWO")
    both = "".join(
        f'<match><variable identifier="{each}"/><correct identifier="{each}"/></match>' for each in ("ONE", "TWO")
    )
    body = (
        '<p>Capital: <textEntryInteraction responseIdentifier="ONE"/></p>'
        f'<choiceInteraction responseIdentifier="TWO" maxChoices="0">{RUN}</choiceInteraction>'
    )

    found, told = all_read(item(declared, body, rules(when(f"<and>{both}</and>", "1"))))

    assert [each.kind for each in found] == [Kind.CLOZE, Kind.MULTIPLE]
    assert [odd for odd, _about in told] == [Wrong.APART, Wrong.SCORES_DIFFER]


def test_something_to_watch_is_something_to_read_and_what_is_lost_is_told():
    body = (
        '<p>Watch.</p><mediaInteraction responseIdentifier="RESPONSE" autostart="false"><object data="a.mp4" '
        'type="video/mp4"/></mediaInteraction>'
    )

    found, told = read(item(response("single", "integer"), body, ""))

    assert (found.kind, found.body["text"]) == (Kind.DESCRIPTION, "<p>Watch.</p>")
    assert {each.odd for each in told} == {Odd.NOT_KEPT, Odd.FILE_NOT_TAKEN}


def test_places_of_a_picture_that_is_missing_are_kept():
    spots = "".join(
        f'<hotspotChoice identifier="{each}" shape="rect" coords="{n},0,{n + 1},1" hotspotLabel="{each.upper()}"/>'
        for n, each in enumerate("ab")
    )
    body = ask("hotspot", f'<object data="gone.png" type="image/png">A map</object>{spots}', 'maxChoices="1"')

    found, told = read(item(response("single", "identifier", "b"), body, MATCH))

    assert (found.kind, found.body["image"], [each["label"] for each in found.body["areas"]]) == (
        Kind.HOTSPOT,
        "",
        ["A", "B"],
    )
    assert [each.odd for each in told] == [Odd.PICTURE_MISSING]


def test_names_are_the_same_with_spaces_around_them():
    declared = response("single", "identifier", "b", name=" RESPONSE ")

    found, told = read(item(declared, ask("choice", RUN, 'maxChoices="1" shuffle="true"')))

    assert ([row["text"] for row in found.body["options"] if row["id"] in found.body["right"]], told) == (["B"], [])
