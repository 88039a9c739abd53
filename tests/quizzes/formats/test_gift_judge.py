"""Another reader of GIFT, npm gift-pegjs, reads ours as we mean it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from quizzes.formats import registry
from quizzes.formats.model import Bank, Question
from quizzes.formats.reports import Part
from quizzes.kinds import Kind
from tests import judges
from tests.quizzes.formats.generating import questions
from tests.quizzes.formats.repertoire import REPERTOIRES

NUMBER = 600
TYPES: Mapping[Kind, set[str]] = {
    Kind.SINGLE: {"MC"},
    Kind.MULTIPLE: {"MC"},
    Kind.TRUE_FALSE: {"TF"},
    Kind.MATCHING: {"Matching"},
    Kind.NUMERIC: {"Numerical"},
    Kind.SHORT_TEXT: {"Short"},
    Kind.CLOZE: {"Short", "Numerical", "MC"},
    Kind.DROP_DOWN: {"MC"},
    Kind.ESSAY: {"Essay"},
    Kind.DESCRIPTION: {"Description"},
}


@pytest.fixture(scope="module")
def judged() -> list[tuple[Question, Any]]:
    try:
        judges.node_for(judges.GIFT)
    except judges.JudgeMissing as missing:
        judges.leave_out(missing)
    asked = [replace(each, category=()) for each in _questions()]
    texts = [registry.write(Bank(questions=(each,)), "gift").content.decode() for each in asked]
    return list(zip(asked, judges.read_gift(texts), strict=True))


def _questions() -> Iterator[Question]:
    may = REPERTOIRES["gift"]
    kinds = tuple(kind for kind in may.kinds if kind in TYPES)
    # With media it is a zip, of which the judge reads nothing.
    return questions(replace(may, kinds=kinds, parts=may.parts - {Part.MEDIA}), NUMBER, seed=11)


def test_the_judge_reads_every_question(judged: list[tuple[Question, Any]]):
    unread = [(asked.kind, said) for asked, said in judged if not isinstance(said, list) or len(said) != 1]

    assert unread == []


def test_the_judge_finds_the_same_kinds_and_titles(judged: list[tuple[Question, Any]]):
    other = [(asked.kind, said["type"]) for asked, [said] in judged if said["type"] not in TYPES[asked.kind]]

    assert other == []
    assert [(said["title"] or "") for _asked, [said] in judged] == [asked.title for asked, _said in judged]


def test_the_judge_finds_the_same_options_and_what_is_right(judged: list[tuple[Question, Any]]):
    for asked, [said] in judged:
        if asked.kind in (Kind.SINGLE, Kind.MULTIPLE):
            assert [each["text"]["text"] for each in said["choices"]] == [row["text"] for row in asked.body["options"]]
            right = [row["id"] in asked.body["right"] for row in asked.body["options"]]
            several = asked.kind is Kind.MULTIPLE
            found = [(each["weight"] or 0) > 0 if several else each["isCorrect"] for each in said["choices"]]
            assert found == right
        if asked.kind is Kind.TRUE_FALSE:
            assert said["isTrue"] is (asked.body["right"] == ["true"])
        if asked.kind is Kind.SHORT_TEXT:
            # Spaces are straightened before answers are compared.
            said_there = [" ".join(each["text"]["text"].split()) for each in said["choices"]][
                : len(asked.body["answers"])
            ]
            assert said_there == [" ".join(row["text"].split()) for row in asked.body["answers"]]
