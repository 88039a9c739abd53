"""GIFT: every construct is read, and what cannot be is told by its line."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from quizzes.formats import registry
from quizzes.formats.base import Reading
from quizzes.formats.gift.answers import Wrong
from quizzes.formats.model import OTHER, Bank, Question
from quizzes.formats.reports import Odd, Part, Severity
from quizzes.kinds import Kind, kind_of
from quizzes.rich import TextFormat

SAMPLE = Path(__file__).parent / "samples" / "everything.gift"


def read(text: str) -> Reading:
    return registry.read(text.encode(), format="gift")


def one(text: str) -> Question:
    [question] = read(text).bank.questions
    return question


@pytest.fixture(scope="module")
def everything() -> Reading:
    return registry.read(SAMPLE.read_bytes(), SAMPLE.name)


def test_every_construct_is_read(everything: Reading):
    found = [(each.title, each.kind) for each in everything.bank.questions]

    assert everything.format == "gift"
    assert found == [
        ("Alarm", Kind.SINGLE),
        ("Several", Kind.MULTIPLE),
        ("", Kind.TRUE_FALSE),
        ("Short", Kind.SHORT_TEXT),
        ("Number", Kind.NUMERIC),
        ("Range", Kind.NUMERIC),
        ("Match", Kind.MATCHING),
        ("Essay", Kind.ESSAY),
        ("Order", Kind.ORDERING),
        ("", Kind.DESCRIPTION),
        ("", Kind.DROP_DOWN),
        ("", Kind.CLOZE),
        ("", Kind.CLOZE),
        ("", Kind.ESSAY),
        ("", Kind.TRUE_FALSE),
        ("", Kind.SINGLE),
    ]


def test_comments_and_categories_are_kept(everything: Reading):
    first, last = everything.bank.questions[0], everything.bank.questions[-1]

    assert (first.identifier, first.tags) == ("fire-01", ("first day", "fire ] smoke"))
    assert first.category == ("Safety", "Fire / and smoke")
    assert last.category == ("Words",)
    assert everything.bank.categories == (first.category, last.category)


def test_texts_of_several_formats_become_html(everything: Reading):
    alarm = everything.bank.questions[0]
    options = [row["text"] for row in alarm.body["options"]]

    assert alarm.text_format is TextFormat.HTML
    assert alarm.body["text"] == "<p>What do you do <b>first</b>?</p>"
    assert options == ["Leave the building", "Finish the mail", "Close the window"]
    assert alarm.body["why"] == "Everything else can wait."
    assert sorted(alarm.feedback.values()) == ["<i>Right.</i>", "Mails can wait: they do not burn."]


def test_weights_are_kept_as_fractions(everything: Reading):
    alarm, several, *_others = everything.bank.questions

    assert [row["weight"] for row in alarm.body["options"]] == ["1", "0", "1/2"]
    assert alarm.body["right"] == [alarm.body["options"][0]["id"]]
    assert [row["weight"] for row in several.body["options"]] == ["1/2", "1/2", "-1", "0"]


def test_thirds_are_thirds_and_rounded_shares_are_straightened():
    usual = one("Which?{~%33.33333%a ~%33.33333%b ~%33.33333%c ~%-33.33333%d}")
    rounded = one("Which?{~%33%a ~%33%b ~%33%c ~%0%d}")

    assert [row.get("weight") for row in usual.body["options"]] == [None] * 4
    assert [row["weight"] for row in rounded.body["options"]] == ["1/3", "1/3", "1/3", "0"]


def test_feedback_to_wrong_and_right_stands_where_it_belongs(everything: Reading):
    true_false = everything.bank.questions[2]

    assert true_false.body["right"] == ["false"]
    assert true_false.feedback == {"options/true": "It may stop.", "options/false": "Take the stairs."}


def test_a_catch_all_is_what_is_said_to_everything_else(everything: Reading):
    short, number = everything.bank.questions[3:5]

    assert short.body["answers"] == [{"text": "fire alarm"}, {"text": "alarm", "weight": "1/2"}]
    assert short.feedback == {"answers/1": "Which one?", OTHER: "No."}
    assert number.body["answers"] == [
        {"value": "3", "tolerance": "1"},
        {"value": "5", "tolerance": "0.5", "weight": "1/2"},
    ]
    assert number.feedback == {"answers/1": "A little slow.", OTHER: "Measure it again."}


def test_a_range_is_a_middle_and_a_tolerance(everything: Reading):
    assert everything.bank.questions[5].body["answers"] == [{"value": "3", "tolerance": "2"}]


def test_a_choice_beside_nothing_leads_astray(everything: Reading):
    match = everything.bank.questions[6]

    assert [row["text"] for row in match.body["rows"]] == ["Warden", "Brigade"]
    assert [row["text"] for row in match.body["choices"]] == ["counts people", "puts out the fire", "sleeps"]
    assert len(match.body["right"]) == 2


def test_answers_amid_the_text_are_a_gap(everything: Reading):
    stairs, color, doors = everything.bank.questions[10:13]

    assert stairs.body["text"] == "Take the [[1]] when it burns."
    assert kind_of(stairs.kind).fraction(stairs.body, {"1": [stairs.body["gaps"][0]["right"][0]]}) == 1
    assert kind_of(color.kind).fraction(color.body, {"1": ["blue"]}) == Fraction(1, 2)
    assert kind_of(doors.kind).fraction(doors.body, {"1": ["9"]}) == 1


def test_escapes_mean_their_signs(everything: Reading):
    description, markdown = everything.bank.questions[9], everything.bank.questions[13]

    assert description.body["text"] == "Assembly points are shown on the plan {1=A\\, 2=B}."
    assert markdown.body["text"] == "Say *why*:\n\n- one\n- two"


def test_active_content_and_missing_pictures_are_taken_out_and_told(everything: Reading):
    picture = everything.bank.questions[-1]

    assert [row["text"] for row in picture.body["options"]] == ["<img> plan", "&lt;none&gt;"]
    assert [(each.odd, each.about["what"]) for each in everything.report.findings] == [
        (Odd.CLEANED, "onerror"),
        (Odd.PICTURE_MISSING, "plan b.png"),
    ]


@pytest.mark.parametrize(
    ("text", "wrong", "line"),
    [
        ("::Open::Which?{=a ~b\n", Wrong.BRACE, 1),
        ("::Closed::Which?}\n", Wrong.BRACE, 1),
        ("\n\n::Twice::Which?{=a ~b} And?{=c ~d}\n", Wrong.TWO_BLOCKS, 3),
        ("::No number::How many?{#many}\n", Wrong.NO_NUMBER, 1),
        ("::No answer::How many?{#}\n", Wrong.NO_ANSWERS, 1),
        ("::Order::Which?{>3 one\n}\n", Wrong.NOT_ORDERED, 1),
    ],
)
def test_what_is_wrong_is_told_and_the_next_one_is_read(text: str, wrong: Wrong, line: int):
    found = read(f"{text}\n::Good::Yes?{{T}}\n")

    assert [each.title for each in found.bank.questions] == ["Good"]
    assert [(each.severity, each.odd, each.place.line) for each in found.report.findings] == [
        (Severity.ERROR, wrong, line)
    ]


def test_a_blank_line_between_the_braces_does_no_harm():
    question = one("::Blank::Which?{\n=a\n\n~b\n\n}\n")

    assert [row["text"] for row in question.body["options"]] == ["a", "b"]


def test_half_a_file_gives_what_stands_before():
    whole = SAMPLE.read_bytes()

    found = registry.read(whole[: len(whole) // 2], SAMPLE.name)

    assert len(found.bank.questions) >= 4
    assert Odd.UNEXPECTED not in {each.odd for each in found.report.findings}


def test_ten_thousand_errors_are_counted():
    found = read("Which?{=a ~b} And?{=c}\n\n" * 10_000)

    assert found.report.number(Severity.ERROR) == 10_000
    assert len(found.report.findings) < 200


def test_what_gift_cannot_say_is_told():
    gap = {"id": "1", "kind": "short_text", "answers": [{"text": "yes"}]}
    two = {"text": "[[1]] and [[2]].", "gaps": [gap, {**gap, "id": "2"}]}
    number = {
        "text": "How far?",
        "answers": [{"value": "100", "tolerance": "0.05", "tolerance_kind": "relative"}],
        "unit": "required",
        "units": [{"unit": "m", "factor": "1"}],
    }
    asked = (
        Question(kind=Kind.CLOZE, body=two, title="Gaps"),
        Question(kind=Kind.NUMERIC, body=number, title="Far", maximum=3, hints=("Measure.",)),
    )

    written = registry.write(Bank(questions=asked), "gift")

    assert written.content.decode() == "::Far::[plain]How far?{#\n\t=100:5\n}\n"
    assert [(each.odd, each.about.get("part")) for each in written.report.findings] == [
        (Odd.KIND_NOT_SAID, None),
        (Odd.NOT_SAID, Part.UNITS),
        (Odd.SAID_AS, Part.TOLERANCE),
        (Odd.NOT_SAID, Part.MAXIMUM),
        (Odd.NOT_SAID, Part.HINTS),
    ]
