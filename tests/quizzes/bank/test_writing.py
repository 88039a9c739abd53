"""Questions written, changed, restored and deleted, and what of it makes a version."""

from __future__ import annotations

import hashlib
import json

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Course, Enrolment
from quizzes import starting
from quizzes.bank import enemies, sorting, writing
from quizzes.bank.checking import Wrong
from quizzes.bank.models import Picture
from quizzes.bank.writing import IsUsed, NotComplete, Overtaken, Said
from quizzes.kinds import Kind
from quizzes.questions import Bank, EnemySet, Question, QuestionState, QuestionVersion
from quizzes.rich import TextFormat
from tests.cast import THEN
from tests.quizzes.bank.conftest import Write, said
from tests.quizzes.making import a_quiz

READY, DRAFT = QuestionState.READY, QuestionState.DRAFT


def versions(session: Session, question: Question) -> list[tuple[int, str, str]]:
    wanted = select(QuestionVersion).where(QuestionVersion.question_id == question.id).order_by(QuestionVersion.n)
    return [(each.n, each.text, each.note) for each in session.scalars(wanted)]


def test_a_version_is_known_by_a_list_in_json():
    text = said(text="Größe\u2028“?”")

    whole = [text.kind, text.text_format, text.body, text.difficulty, text.maximum]
    in_json = json.dumps(whole, sort_keys=True, ensure_ascii=False)
    assert text.sha256 == hashlib.sha256(in_json.encode()).hexdigest()


def test_a_changed_text_is_a_new_version_with_author_and_note(session: Session, write: Write, ines: Enrolment):
    question = write()

    made = writing.change(session, question, said(text="Which?"), state=READY, by=ines, at=THEN, note="Shorter", seen=1)

    assert versions(session, question) == [(1, "Which one?", ""), (2, "Which?", "Shorter")]
    assert made is not None
    assert made.author_id == ines.id


def test_an_unchanged_text_makes_no_version(session: Session, write: Write, ines: Enrolment):
    question = write()

    made = writing.change(session, question, said(), state=QuestionState.RETIRED, by=ines, at=THEN, seen=1)

    assert made is None
    assert versions(session, question) == [(1, "Which one?", "")]
    assert question.state is QuestionState.RETIRED


@pytest.mark.parametrize(
    "otherwise",
    [{"difficulty": 2}, {"maximum": 2.0}, {"text_format": TextFormat.PLAIN}],
    ids=lambda each: next(iter(each)),
)
def test_difficulty_points_and_format_are_of_the_text(session, write: Write, ines: Enrolment, otherwise):
    question, same = write(), said()
    told = {"kind": same.kind, "text_format": same.text_format, "body": same.body, "difficulty": 1, "maximum": 1.0}

    made = writing.change(session, question, Said(**{**told, **otherwise}), state=READY, by=ines, at=THEN)

    assert made is not None


def test_a_draft_may_be_incomplete_and_a_ready_question_may_not(session: Session, write: Write, ines: Enrolment):
    draft = write(state=DRAFT, right=[])

    with pytest.raises(NotComplete) as refused:
        writing.set_state(session, draft, READY)
    writing.change(session, draft, said(), state=READY, by=ines, at=THEN)

    assert [problem.wrong for problem in refused.value.problems] == [Wrong.NOTHING_RIGHT]
    assert draft.state is READY


def test_what_nobody_could_read_is_no_draft_either(session: Session, write: Write):
    with pytest.raises(NotComplete):
        write(state=DRAFT, kind=Kind.NUMERIC, answers=[{"value": "many"}])

    assert session.scalars(select(Question)).all() == []


def test_two_who_change_a_question_at_once_do_not_overwrite_one_another(session, write: Write, ines: Enrolment):
    question = write()
    writing.change(session, question, said(text="Hers?"), state=READY, by=ines, at=THEN, seen=1)

    with pytest.raises(Overtaken) as overtaken:
        writing.change(session, question, said(text="His?"), state=READY, by=ines, at=THEN, seen=1)

    assert overtaken.value.newest.text == "Hers?"


def test_an_older_version_comes_back_as_a_new_one(session: Session, write: Write, ines: Enrolment):
    question = write()
    older = writing.newest_of(session, question)
    writing.change(session, question, said(text="Worse?"), state=READY, by=ines, at=THEN)

    writing.restore(session, question, older, by=ines, at=THEN, note="As in version 1")

    assert versions(session, question) == [
        (1, "Which one?", ""),
        (2, "Worse?", ""),
        (3, "Which one?", "As in version 1"),
    ]


def test_html_is_kept_without_what_could_never_be_shown(session: Session, write: Write):
    body = {**said().body, "text": "<p>Fine<script>alert(1)</script></p>"}

    question = write(Said(kind=Kind.SINGLE, text_format=TextFormat.HTML, body=body, difficulty=1, maximum=1))

    assert writing.newest_of(session, question).text == "<p>Fine</p>"


def test_a_picture_has_to_be_of_the_same_bank(session: Session, write: Write, bank: Bank, course: Course):
    other = sorting.new_bank(session, course, title="Another", language="en", first_category="General")
    told = {"file": "0" * 32, "name": "a.png", "mimetype": "image/png", "size": 1, "width": 1, "height": 1}
    pictures = [Picture(bank_id=each.id, sha256="0", created=THEN, **told) for each in (bank, other)]
    session.add_all(pictures)
    session.flush()
    own, theirs = (f"![A plan](picture:{each.public_id})" for each in pictures)

    write(text=own)
    with pytest.raises(NotComplete) as refused:
        write(text=theirs)

    assert [problem.wrong for problem in refused.value.problems] == [Wrong.PICTURE_GONE]


def test_a_question_that_was_never_used_can_be_deleted(session: Session, write: Write):
    question, other, third = write(), write(text="Other?"), write(text="Third?")
    sorting.tag(session, question, ["fire"])
    enemies.keep_apart(session, question, other)

    writing.remove(session, question)
    session.commit()

    assert set(session.scalars(select(Question))) == {other, third}
    assert session.scalars(select(EnemySet)).all() == []
    assert len(session.scalars(select(QuestionVersion)).all()) == 2


@pytest.mark.parametrize("asked", [1, 2], ids=["one of them asked", "both asked"])
def test_what_an_attempt_was_drawn_from_stays(session, write: Write, bank: Bank, course: Course, leo, asked: int):
    """The attempt is derived again from its whole pool."""
    questions = [write(), write(text="Other?")]
    quiz = a_quiz(session, course, bank, asks=asked)
    starting.start(session, quiz, leo, seed=bytes(16), at=THEN)
    session.commit()

    for question in questions:
        with pytest.raises(IsUsed):
            writing.remove(session, question)

    assert len(session.scalars(select(QuestionVersion)).all()) == 2
