"""Packages and items of strangers who mean no good: one sentence, and nothing else happens."""

from __future__ import annotations

import io
import random
import time
import tracemalloc
import zipfile

import pytest

from quizzes.formats import packages, registry
from quizzes.formats.base import About
from quizzes.formats.packages import beside
from quizzes.formats.qti import QTI_21
from quizzes.formats.qti.wrong import Wrong
from quizzes.formats.reports import Finding, Odd, Reporter
from tests import files, recordings
from tests.quizzes.formats.qti.making import ask, item, response, rules, scoring, zipped

CHOICES = ask("choice", '<simpleChoice identifier="a">A</simpleChoice><simpleChoice identifier="b">B</simpleChoice>')
CHOICE = item(response("single", "identifier", "a"), CHOICES)
TEXT = item(response("single", "string", "stairs"), f"<p>By the {ask('textEntry')}.</p>")


def read(content: bytes) -> tuple[int, list[Finding]]:
    report = Reporter()
    found = list(QTI_21.questions(content, report, About()))
    return len(found), list(report.done().findings)


def manifest(*names: str) -> bytes:
    rows = "".join(f'<resource identifier="r" type="imsqti_item_xmlv2p1" href="{each}"/>' for each in names)
    return (
        f'<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources>{rows}</resources></manifest>'.encode()
    )


def test_a_package_is_read_in_the_order_of_its_manifest():
    found, told = read(zipped({"imsmanifest.xml": manifest("b.xml", "a.xml"), "a.xml": CHOICE, "b.xml": TEXT}))

    assert (found, told) == (2, [])


def test_a_package_without_manifest_is_searched():
    assert read(zipped({"items/a.xml": CHOICE, "readme.txt": b"Hello"})) == (1, [])


def test_what_the_manifest_names_and_is_not_there_is_told():
    found, told = read(zipped({"imsmanifest.xml": manifest("a.xml", "gone.xml"), "a.xml": CHOICE}))

    assert (found, [(each.odd, each.about["what"]) for each in told]) == (1, [(packages.Wrong.MISSING, "gone.xml")])


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/passwd", "a/../../evil.xml", "C:/evil.xml", "..\\evil.xml"])
def test_names_that_lead_out_of_the_package_are_refused(name: str):
    assert [each.odd for each in read(zipped({name: CHOICE}))[1]] == [packages.Wrong.TRICK]
    assert [each.odd for each in read(zipped({"imsmanifest.xml": manifest(name), "a.xml": CHOICE}))[1]] == [
        packages.Wrong.TRICK
    ]


@pytest.mark.parametrize("href", ["../a.png", "/a.png", "file:///etc/passwd", "http://e.org/a.png", "%2e%2e/a", ""])
def test_addresses_that_lead_out_of_the_package_lead_nowhere(href: str):
    assert beside("item.xml", href) == ""


def test_addresses_are_looked_for_beside_the_file_that_names_them():
    assert (beside("items/a.xml", "../media/my%20a.png?x#y"), beside("a.xml", "b.png")) == ("media/my a.png", "b.png")


def test_a_bomb_is_not_opened():
    assert [each.odd for each in read(zipped({"a.xml": b" " * 60_000_000}))[1]] == [packages.Wrong.BOMB]


@pytest.mark.slow
def test_a_package_may_have_a_file_for_each_of_fifty_thousand_questions():
    report = Reporter()

    package = packages.opened(zipped({f"items/q{number}.xml": b"<a/>" for number in range(50_000)}), report)

    assert (package is not None, list(report.done().findings)) == (True, [])


@pytest.mark.parametrize("read_as", ["qti21", "gift"])
@pytest.mark.parametrize(
    "lie",
    [
        {"unpacked": 0xFFFF_FFF0},
        {"packed": 0xFFFF_FFF0, "unpacked": 0xFFFF_FFF0},
        {"packed": 0xFFFF_FFFF, "unpacked": 0xFFFF_FFFF},
        {"offset": 0xFFFF_FFF0},
    ],
)
def test_a_claim_of_four_gigabytes_is_not_believed(lie: dict[str, int], read_as: str):
    """Of a member with questions, and of a recording."""
    whole = zipped({"a.xml": CHOICE, "a.gift": b"Is it?{T}", "call.mp3": recordings.mp3()})
    tracemalloc.start()

    for name in ("a.xml", "a.gift", "call.mp3"):
        found = registry.read(files.changed_directory(whole, name, **lie), format=read_as)
        assert found.bank.questions == ()
        assert found.report.findings[0].odd in (packages.Wrong.BOMB, packages.Wrong.DAMAGED)

    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_media_that_lead_out_or_are_something_else_are_told_and_the_item_is_kept():
    shown = (
        '<img src="../../etc/passwd" alt="x"/><img src="page.png" alt="y"/><object data="call.mp3" type="audio/mpeg">'
        'z</object><audio src="file:///etc/passwd"/><audio src="vector.mp3"/><img src="huge.png" alt="h"/>'
    )
    question = item(response("single", "string", "stairs"), f"<p>{shown} By the {ask('textEntry')}.</p>")
    package = {
        "items/a.xml": question,
        "items/page.png": b"<html><script>alert(1)</script></html>",
        "items/call.mp3": b"ID3\x04\0\0\0\0\0\x04<html><script>alert(1)</script>",
        "items/vector.mp3": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "items/huge.png": files.png(60_000, 60_000),
    }

    found = registry.read(zipped(package))

    assert [(each.odd, each.about["what"]) for each in found.report.findings if "what" in each.about] == [
        (Odd.PICTURE_MISSING, "../../etc/passwd"),
        (Odd.FILE_NOT_TAKEN, "page.png"),
        (Odd.FILE_NOT_TAKEN, "call.mp3"),
        (Odd.PICTURE_MISSING, "file:///etc/passwd"),
        (Odd.FILE_NOT_TAKEN, "vector.mp3"),
        (Odd.FILE_NOT_TAKEN, "huge.png"),
    ]
    assert [(each.media, "alert" in each.body["text"]) for each in found.bank.questions] == [((), False)]


def test_a_damaged_package_is_one_sentence():
    content = zipped({"a.xml": CHOICE})

    assert [each.odd for each in read(content[:60])[1]] == [packages.Wrong.DAMAGED]


def test_a_locked_package_is_one_sentence():
    made = bytearray(zipped({"a.xml": CHOICE}))
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        made[made.find(mark) + at] |= 1

    assert [each.odd for each in read(bytes(made))[1]] == [packages.Wrong.LOCKED]


@pytest.mark.parametrize(
    "entity",
    [
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">',
        '<!ENTITY c SYSTEM "file:///etc/passwd">',
        '<!ENTITY % c SYSTEM "http://e.org/x.dtd"> %c;',
    ],
)
def test_entities_are_not_read(entity: str):
    head, rest = CHOICE.split(b"?>", 1)
    bad = head + f"?><!DOCTYPE x [{entity}]>".encode() + rest.replace(b"Fire", b"&c;")

    assert read(bad) == (0, [Finding(read(bad)[1][0].severity, Odd.ENTITIES, read(bad)[1][0].place, {"what": ""})])
    assert read(bad.decode().replace("UTF-8", "UTF-16").encode("utf-16"))[1][0].odd is Odd.ENTITIES


def test_half_an_item_is_told_with_its_line_and_the_others_are_read():
    found, told = read(zipped({"a.xml": CHOICE[:-40], "b.xml": TEXT}))

    assert (found, [(each.odd, each.place.item) for each in told]) == (1, [(Odd.BAD_XML, "a.xml")])


def test_rules_without_end_are_given_up():
    double = "<sum>" + '<variable identifier="SCORE"/>' * 2 + "</sum>"
    square = '<product><variable identifier="SCORE"/><variable identifier="SCORE"/></product>'
    growing = "".join(
        f'<setOutcomeValue identifier="SCORE">{each}</setOutcomeValue>' for each in [double, *[square] * 60]
    )
    body = ask(
        "choice", "".join(f'<simpleChoice identifier="c{n}">{n}</simpleChoice>' for n in range(40)), 'maxChoices="0"'
    )
    repeated = '<baseValue baseType="float">1</baseValue>'
    for _n in range(6):
        repeated = f'<repeat numberRepeats="1000">{repeated}</repeat>'
    summed = f'<setOutcomeValue identifier="SCORE"><sum>{repeated}</sum></setOutcomeValue>'
    pattern = '<patternMatch pattern="(a+)+$"><variable identifier="RESPONSE"/></patternMatch>'
    matched = f"<responseCondition><responseIf>{pattern}{scoring('1')}</responseIf></responseCondition>"
    declared = response("multiple", "identifier", "c1", "c2")
    begun = time.monotonic()

    for each in (scoring("7") + growing, summed):
        assert read(item(declared, body, rules(each)))[0] == 1
    typed = item(response("single", "string", "a" * 50 + "!"), ask("textEntry"), rules(matched))
    assert read(typed)[0] == 1

    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    ("pattern", "typed"),
    [
        ("a?" * 60 + "a" * 60, "a" * 59),
        ("(a|aa)" * 30, "a" * 29 + "!"),
        ("(a|a|a|a)" * 20, "a" * 19),
        (".*.*.*.*x", "a" * 60),
        ("((a|a)|(a|a))" * 15, "a" * 14),
    ],
)
def test_patterns_that_could_take_for_ever_are_not_tried(pattern: str, typed: str):
    matched = f'<patternMatch pattern="{pattern}"><variable identifier="RESPONSE"/></patternMatch>'
    ruled = rules(f"<responseCondition><responseIf>{matched}{scoring('1')}</responseIf></responseCondition>")
    begun = time.process_time()

    found, told = read(item(response("single", "string", typed), ask("textEntry"), ruled))

    assert (found, [each.odd for each in told]) == (1, [Wrong.NOT_INTERPRETED])
    assert time.process_time() - begun < 5


def test_patterns_that_people_write_are_tried():
    pattern = r"\s*(H2O|h2o|[Ww]ater|aqua)s?\s*"
    matched = f'<patternMatch pattern="{pattern}"><variable identifier="RESPONSE"/></patternMatch>'
    ruled = rules(f"<responseCondition><responseIf>{matched}{scoring('1')}</responseIf></responseCondition>")

    assert Wrong.NOT_INTERPRETED not in {
        each.odd for each in read(item(response("single", "string", "water"), ask("textEntry"), ruled))[1]
    }


MANY = "".join(f"<value>v{n}</value>" for n in range(2_000))
HELD = (
    f'<templateDeclaration identifier="T" cardinality="multiple" baseType="string"><defaultValue>{MANY}</defaultValue>'
    "</templateDeclaration>"
)
FRACTIONS = (
    f'<templateDeclaration identifier="N" cardinality="multiple" baseType="float"><defaultValue>'
    f"{''.join(f'<value>1/{10**8 + n}</value>' for n in range(2_000))}</defaultValue></templateDeclaration>"
)
TWICE = '<variable identifier="T"/>' * 2
LONG_RULES = {
    "comparing": "<contains>" + TWICE + "</contains>",
    "adding": '<gt><sum><variable identifier="N"/></sum><baseValue baseType="float">1</baseValue></gt>',
    "spreading": '<gt><statsOperator name="popVariance"><variable identifier="N"/></statsOperator>'
    '<baseValue baseType="float">1</baseValue></gt>',
    "multiplying": '<gt><lcm><variable identifier="N"/></lcm><baseValue baseType="float">1</baseValue></gt>',
}


@pytest.mark.parametrize("name", LONG_RULES)
def test_rules_that_compare_thousands_with_thousands_are_given_up(name: str):
    condition = (
        f"<responseCondition><responseIf>{LONG_RULES[name]}{scoring('1')}</responseIf></responseCondition>" * 300
    )
    begun = time.process_time()

    found, _told = read(item(response("single", "string", "a") + HELD + FRACTIONS, ask("textEntry"), rules(condition)))

    assert found == 1
    assert time.process_time() - begun < 10


def test_rules_that_do_nothing_a_hundred_thousand_times_are_given_up():
    ruled = rules("<responseCondition><responseIf/></responseCondition>" * 100_000)
    begun = time.process_time()

    found, told = read(item(response("single", "string", "a"), ask("textEntry"), ruled))

    assert (found, [each.odd for each in told]) == (1, [Wrong.NOT_INTERPRETED])
    assert time.process_time() - begun < 15


@pytest.mark.parametrize("score", ["1e308", "1e999", "100000000", "9" * 40])
def test_a_score_that_nobody_earns_is_told_and_the_question_kept(score: str):
    right = '<match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match>'
    ruled = rules(f"<responseCondition><responseIf>{right}{scoring(score)}</responseIf></responseCondition>")

    found = registry.read(item(response("single", "identifier", "a"), f"<p>Which?</p>{CHOICES}", ruled), format="qti21")

    assert [each.maximum for each in found.bank.questions] == [1.0]
    assert [each.odd for each in found.report.findings] == [Odd.BAD_VALUE]


def test_an_item_as_deep_as_the_sea_is_told():
    deep = item(response("single", "identifier", "a"), "<div>" * 5_000 + "x" + "</div>" * 5_000)

    assert [each.odd for each in read(deep)[1]] == [Odd.BAD_XML]


@pytest.mark.parametrize("seed", range(6))
def test_whatever_comes_nothing_is_raised(seed: int):
    """Bytes are changed, taken out, doubled and moved, in items and in packages."""
    chance = random.Random(seed)
    whole = [CHOICE, TEXT, zipped({"imsmanifest.xml": manifest("a.xml"), "a.xml": CHOICE, "m.png": b"x"})]
    begun = time.monotonic()

    for _n in range(400):
        made = bytearray(chance.choice(whole))
        for _change in range(chance.choice((1, 1, 2, 6))):
            at, end = sorted(chance.randrange(len(made) + 1) for _end in range(2))
            end = min(end, at + chance.choice((1, 12, 200)))
            part = bytes(made[at:end])
            made[at:end] = chance.choice(
                (b"", part * 2, bytes([chance.randrange(256)]), part[::-1], b"<value>a</value>")
            )
        read(bytes(made))

    assert time.monotonic() - begun < 20


def test_items_and_packages_are_told_from_other_files():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("word/document.xml", "<document/>")

    assert [QTI_21.recognize(each, "") for each in (CHOICE, zipped({"a.xml": TEXT}), made.getvalue(), b"::GIFT")] == [
        90,
        90,
        0,
        0,
    ]
