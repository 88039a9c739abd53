from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizzes import banks
from quizzes.banks import BankText
from quizzes.questions import Bank, Question, QuestionState, QuestionVersion
from quizzes.stocking import newest_versions, stock
from tests.cast import THEN

FILE = banks.load("onboarding")


def small(*changes: int, without: int | None = None) -> BankText:
    """The first three questions of the bank, some of them reworded, one perhaps taken out."""
    questions = [
        replace(question, text=f"{question.text} Really?") if place in changes else question
        for place, question in enumerate(FILE.questions[:3])
        if place != without
    ]
    return replace(FILE, questions=tuple(questions), fingerprint=f"{changes}{without}")


def told(session: Session, bank: Bank) -> list[tuple[str, int, bool, bool]]:
    return [
        (
            version.question.name,
            version.n,
            version.text.endswith("Really?"),
            version.question.state is QuestionState.RETIRED,
        )
        for version in newest_versions(session, bank)
    ]


def test_a_bank_is_filled_from_its_file_in_the_order_of_the_file(session):
    bank = stock(session, FILE, at=THEN)

    assert [version.question.name for version in newest_versions(session, bank)] == [
        question.id for question in FILE.questions
    ]
    assert (bank.title, bank.language) == ("Onboarding quiz", "en")
    assert [category.title for category in bank.categories] == list(FILE.topics.values())


def test_a_version_marks_and_shows_what_its_file_says(session):
    bank = stock(session, FILE, at=THEN)

    for version, said in zip(newest_versions(session, bank), FILE.questions, strict=True):
        assert (version.text, version.why, version.kind) == (said.text, said.why, said.kind)
        assert [option["id"] for option in version.body["options"]] == [option.id for option in said.options]
        assert version.right == said.right
        assert version.places.groups == (tuple(range(len(said.options))),)
        assert version.question.category.name == said.topic


def test_filling_again_changes_nothing(session):
    stock(session, FILE, at=THEN)
    session.commit()

    stock(session, FILE, at=THEN + timedelta(days=1))

    assert session.scalar(select(func.count()).select_from(QuestionVersion)) == 60


def test_a_changed_text_becomes_a_new_version_and_the_old_one_stays(session):
    bank = stock(session, small(), at=THEN)

    stock(session, small(1), at=THEN + timedelta(days=1))

    names = [question.id for question in FILE.questions[:3]]
    assert told(session, bank) == [
        (names[0], 1, False, False),
        (names[1], 2, True, False),
        (names[2], 1, False, False),
    ]
    assert session.scalar(select(func.count()).select_from(QuestionVersion)) == 4


def test_a_text_that_is_changed_back_becomes_a_third_version(session):
    bank = stock(session, small(), at=THEN)

    stock(session, small(1), at=THEN)
    stock(session, small(), at=THEN)

    assert told(session, bank)[1] == (FILE.questions[1].id, 3, False, False)


def test_a_question_taken_out_is_retired_and_comes_back_as_itself(session):
    bank = stock(session, small(), at=THEN)

    stock(session, small(without=2), at=THEN)
    assert told(session, bank)[2] == (FILE.questions[2].id, 1, False, True)

    stock(session, small(), at=THEN)
    assert told(session, bank)[2] == (FILE.questions[2].id, 1, False, False)
    assert session.scalar(select(func.count()).select_from(Question)) == 3


def test_a_version_cannot_be_changed(session):
    bank = stock(session, small(), at=THEN)
    version = newest_versions(session, bank)[0]

    version.body = {**version.body, "right": ["a"]}

    with pytest.raises(TypeError, match="is immutable"):
        session.flush()
