"""When two questions say the same, and when they ask the same."""

from __future__ import annotations

from dataclasses import replace

from quizzes.formats.equality import canonical, content_key, digest
from quizzes.formats.model import Place, Question
from quizzes.formats.texts import rows_of
from quizzes.kinds import Kind
from tests.quizzes.formats.generating import Repertoire, questions

SINGLE = Question(
    kind=Kind.SINGLE,
    body={"text": "Which?", "options": [{"id": "a", "text": "Red"}, {"id": "b", "text": "Blue"}], "right": ["b"]},
    feedback={"options/b": "Yes"},
)


def test_ids_and_places_in_a_file_make_no_difference():
    rows = rows_of(["Red", "Blue"])
    other = replace(
        SINGLE,
        body={"text": "Which?", "why": "", "options": rows, "right": [rows[1]["id"]]},
        feedback={f"options/{rows[1]['id']}": "Yes", "wrong": ""},
        place=Place(7, "here"),
    )

    assert canonical(SINGLE) == canonical(other)
    assert digest(SINGLE) == digest(other)


def test_everything_else_does():
    rows = [{"id": "a", "text": "Red"}, {"id": "b", "text": "Blue"}]
    others = [
        replace(SINGLE, title="Colors"),
        replace(SINGLE, feedback={"options/a": "Yes"}),
        replace(SINGLE, tags=("color",)),
        replace(SINGLE, maximum=2),
        replace(SINGLE, body={**SINGLE.body, "right": ["a"]}),
        replace(SINGLE, body={**SINGLE.body, "options": rows[::-1]}),
        replace(SINGLE, body={**SINGLE.body, "options": [{**rows[0], "fixed": True}, rows[1]]}),
    ]

    assert len({digest(each) for each in [SINGLE, *others]}) == 1 + len(others)


def test_weights_that_say_what_is_usual_are_none():
    weighed = [{"id": "a", "text": "Red", "weight": "0"}, {"id": "b", "text": "Blue", "weight": "1.0"}]

    assert canonical(replace(SINGLE, body={**SINGLE.body, "options": weighed})) == canonical(SINGLE)


def test_numbers_are_the_same_however_they_are_written():
    body = {"text": "How many?", "answers": [{"value": "1500"}]}
    other = {"text": "How many?", "answers": [{"value": "1.5e3", "tolerance": "0", "weight": "1/1"}]}

    first, second = (canonical(Question(kind=Kind.NUMERIC, body=each)) for each in (body, other))

    assert first == second


def test_gaps_are_known_by_their_place():
    gap = {"kind": "short_text", "answers": [{"text": "yes"}]}
    first = Question(kind=Kind.CLOZE, body={"text": "Say [[word]].", "gaps": [{"id": "word", **gap}]})
    second = Question(kind=Kind.CLOZE, body={"text": "Say [[1]].", "gaps": [{"id": "1", "weight": 1, **gap}]})

    assert canonical(first) == canonical(second)


def test_what_asks_the_same_is_found_whatever_is_said_about_it():
    body = {"text": "WHICH  one?", "options": list(reversed(SINGLE.body["options"])), "right": ["b"], "why": "So."}

    assert content_key(Kind.SINGLE, body) == content_key(Kind.SINGLE, {**SINGLE.body, "text": "which\none?"})
    assert content_key(Kind.SINGLE, body) != content_key(Kind.SINGLE, {**body, "right": ["a"]})


def test_no_two_of_a_thousand_made_up_questions_ask_the_same():
    made = list(questions(Repertoire(kinds=tuple(kind for kind in Kind if kind is not Kind.HOTSPOT)), 1000, seed=5))
    asked = [each for each in made if each.kind is not Kind.DESCRIPTION]

    assert len({digest(each) for each in made}) > 990
    assert len({content_key(each.kind, each.body) for each in asked}) > 900
