"""The questions of a bank as a file: what the format cannot say is told first."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Course, Enrolment
from quizzes.bank import sorting, writing
from quizzes.exchange.folding import title_of
from quizzes.formats import registry
from quizzes.formats.reports import Part
from quizzes.kinds import Kind
from quizzes.questions import Bank, Question, QuestionState
from tests.cast import Cast
from tests.mentoring.reading import words
from tests.quizzes.bank.conftest import Write, said
from tests.quizzes.bank.conftest import bank as bank
from tests.quizzes.bank.conftest import ines as ines
from tests.quizzes.bank.conftest import write as write
from tests.quizzes.formats.repertoire import REPERTOIRES


@pytest.fixture
def client(app: Flask, cast: Cast, ines: Enrolment) -> FlaskClient:
    return cast.visit(app.test_client(), ines)


@pytest.fixture
def base(course: Course, bank: Bank) -> str:
    return f"/courses/{course.public_id}/banks/{bank.public_id}/take-along"


@pytest.mark.parametrize("name", list(registry.FORMATS))
def test_each_format_is_written_and_read_again(client: FlaskClient, base: str, write: Write, name: str):
    write(text="Which one?", options=[{"id": "a", "text": "This"}, {"id": "b", "text": "That"}], right=["a"])

    page = client.get(base, query_string={"format": name})
    file = client.get(f"{base}/file", query_string={"format": name})

    assert "Download the file" in page.text
    assert file.status_code == 200
    assert registry.FORMATS[name].ending in file.headers["Content-Disposition"]
    [read] = registry.read(file.get_data(), format=name).bank.questions
    assert read.kind is Kind.SINGLE


def test_what_a_format_cannot_say_is_told_before_it_is_taken(client: FlaskClient, base: str, write: Write):
    write(text="Which one?", options=[{"id": "a", "text": "This"}, {"id": "b", "text": "That"}], right=["a"])
    write(text="Write down how you began", kind=Kind.ESSAY)

    seen = words(client.get(base, query_string={"format": "aiken"}))

    assert "What the format cannot say as it stands here" in seen
    assert "Left out" in seen
    assert "Write down how you began" in seen


def test_the_same_is_said_once_with_the_first_places_and_how_many(client: FlaskClient, base: str, write: Write):
    for number in range(7):
        write(said(Kind.ESSAY, text=f"Write **down** {number}"))

    seen = words(client.get(base, query_string={"format": "qti12"}))

    assert seen.count("bold, lists and other marks in texts") == 1
    assert "Write down 0 ; Write down 1 ;" in seen
    assert "and 2 more" in seen


def test_drafts_that_are_not_finished_are_named_and_called_so(client: FlaskClient, base: str, write: Write):
    write(text="Half a question", options=[{"id": "a", "text": "This"}], right=[], state=QuestionState.DRAFT)

    seen = words(client.get(base, query_string={"format": "gift"}))

    assert "Half a question : Left out A draft, not yet finished, so it stays here." in seen


@pytest.mark.parametrize("name", [name for name, may in REPERTOIRES.items() if Part.TITLE in may.parts])
def test_what_a_question_is_called_goes_out_and_comes_in(
    client: FlaskClient, session: Session, base: str, write: Write, name: str
):
    question = write(text="Which one?", options=[{"id": "a", "text": "This"}, {"id": "b", "text": "That"}], right=["a"])
    question.title = "The first of them"
    session.commit()
    file = client.get(f"{base}/file", query_string={"format": name}).get_data()
    writing.remove(session, question)
    session.commit()

    bring = base.replace("take-along", "bring")
    category = question.bank.categories[0].public_id
    form = {"category": category, "format": name, "file": (io.BytesIO(file), "file")}
    there = client.post(bring, data=form).headers["Location"]
    client.post(there, data={"do": "take", "shown": ["1"], "wanted": ["1"]})

    assert session.scalars(select(Question.title)).all() == ["The first of them"]
    seen = words(client.get(base.removesuffix("/take-along"), query_string={"q": "first OF"}))
    assert "The first of them Found in its name" in seen


def test_a_question_called_as_it_begins_has_no_name_of_its_own(client: FlaskClient, base: str, write: Write):
    write(text="Which one of them is it that you mean?")
    file = client.get(f"{base}/file", query_string={"format": "gift"}).text

    [read] = registry.read(file.encode(), format="gift").bank.questions

    assert read.title == "Which one of them is it that you mean?"
    assert title_of(read) == ""


def test_one_topic_alone_can_be_taken(client: FlaskClient, base: str, session: Session, bank: Bank, write: Write):
    fire = sorting.add_category(session, bank, "Fire")
    session.commit()
    write(text="Where is the exit?", category=fire)
    write(text="Who cooks?")

    one = client.get(f"{base}/file", query_string={"format": "gift", "topic": fire.public_id}).text
    all_of_them = client.get(f"{base}/file", query_string={"format": "gift"}).text

    assert "Where is the exit?" in one
    assert "Who cooks?" not in one
    assert "Who cooks?" in all_of_them
    assert client.get(f"{base}/file", query_string={"format": "gift", "topic": "x"}).status_code == 404
    assert client.get(f"{base}/file", query_string={"format": "word"}).status_code == 404


def test_learners_take_nothing(
    app: Flask, cast: Cast, course: Course, base: str, client: FlaskClient, write: Callable[..., object]
):
    leo = cast.visit(app.test_client(), cast.enrol(course, "Leo"))

    assert leo.get(base).status_code == 403
    assert leo.get(f"{base}/file?format=gift").status_code == 403
