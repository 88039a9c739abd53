"""Of a file with many questions those are found that somebody wants to decide on."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizzes.exchange.bringing.models import ImportedQuestion
from quizzes.questions import Bank, QuestionVersion
from tests.mentoring.reading import words
from tests.quizzes.bank.conftest import Write
from tests.quizzes.exchange.bringing.conftest import Bringing

MANY = "\n\n".join(
    [
        *(
            f"::Door {number}:: Which door leads to room {number}? {{=The left one ~The right one}}"
            for number in range(30)
        ),
        "$CATEGORY: Кухня\n\n::Fire:: Where is the FEUERLÖSCHER? {=By the stairs ~In the garden}",
        "::Days:: How many days? {#7}",
        "::Door again:: Which door leads to room 3? {=The left one ~The right one}",
        "::Odd:: Which one is missing? {=This#Good ~That#Bad ~That}",
    ]
)


@pytest.fixture
def many(bringing: Bringing) -> Bringing:
    bringing.bring(MANY)
    return bringing


def listed(bringing: Bringing, asked: str) -> list[str]:
    """The numbers of the questions on the page."""
    answer = bringing.client.get(f"{bringing.address}?{asked}")
    assert answer.status_code == 200
    return re.findall(r'name="shown" value="(\d+)"', answer.text)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=feuerlöscher", ["31"]),
        ("q=BY+the++stairs", ["31"]),
        ("q=кухня", ["31", "32", "33", "34"]),
        ("q=room+29", ["30"]),
        ("kind=numeric", ["32"]),
        ("show=known", ["33"]),
        ("show=problems", ["34"]),
        ("show=known&q=room", ["33"]),
        ("kind=numeric&show=known", []),
        ("q=text_format", []),
        ("q=single", []),
        ('q="]}', []),
        ("show=nonsense&kind=😀", [str(n) for n in range(1, 21)]),
        ("from=20", [str(n) for n in range(21, 41)][:14]),
        ("from=999999", [str(n) for n in range(21, 35)]),
        ("q=door&from=20", [str(n) for n in range(21, 31)] + ["33"]),
    ],
)
def test_by_words_by_kind_and_by_what_is_to_be_decided(many: Bringing, asked: str, found: list[str]):
    assert listed(many, asked) == found


def test_it_says_how_many_and_keeps_what_was_looked_for(many: Bringing):
    page = many.client.get(f"{many.address}?q=door").text

    assert "31 questions found." in page
    assert 'value="door"' in page
    assert "q=door&amp;from=20" in page
    assert 'name="q" value="door"' in page
    assert "0 questions found." in many.client.get(f"{many.address}?q=nowhere").text


def test_ticks_are_for_what_was_found_and_the_rest_stays(session: Session, many: Bringing):
    def ticked() -> list[int]:
        session.rollback()
        wanted = select(ImportedQuestion.n).where(ImportedQuestion.is_wanted).order_by(ImportedQuestion.n)
        return list(session.scalars(wanted))

    many.client.post(many.address, data={"do": "none"})
    answer = many.client.post(many.address, data={"do": "all", "q": "door leads to room 3"})
    assert ticked() == [4, 33]
    assert "q=door" in answer.headers["Location"]

    many.client.post(many.address, data={"do": "none", "show": "known"})
    assert ticked() == [4]
    assert listed(many, "show=ticked") == ["4"]

    many.client.post(many.address, data={"do": "onward", "q": "days", "shown": ["32"], "wanted": ["32"], "onward": "0"})
    assert ticked() == [4, 32]


def test_taken_is_what_is_ticked_wherever_it_stands(session: Session, many: Bringing, bank: Bank):
    many.client.post(many.address, data={"do": "none"})
    many.client.post(many.address, data={"do": "all", "kind": "numeric"})

    many.client.post(many.address, data={"do": "take", "q": "door", "shown": ["1"], "wanted": ["1"]})

    session.rollback()
    found = [version.text for version in session.scalars(select(QuestionVersion).order_by(QuestionVersion.id))]
    assert found == ["Which door leads to room 0?", "How many days?"]


def test_few_questions_need_no_search(bringing: Bringing, write: Write):
    bringing.bring()

    assert 'role="search"' not in bringing.page()


def test_what_is_not_kept_is_a_problem(bringing: Bringing):
    bringing.bring(MANY)

    assert "feedback to single answers" in words(bringing.client.get(bringing.address))
