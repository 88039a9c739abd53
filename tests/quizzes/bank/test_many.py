"""Writing and pasting many questions: looked at first, saved all together or not at all."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.models import Course, Enrolment, Role
from quizzes.bank import writing
from quizzes.bank.many.wording import example
from quizzes.kinds import Kind
from quizzes.questions import Bank, Category, Question, QuestionState, QuestionVersion
from tests.cast import Cast
from tests.quizzes.bank.conftest import Write
from tests.quizzes.bank.test_editor import as_browsers_do

TWO = "Which is warm?\n* Red\n- Blue\n\nIs it?\n= true"


@pytest.fixture
def client(app, cast: Cast, ines: Enrolment) -> FlaskClient:
    return cast.visit(app.test_client(), ines)


@pytest.fixture
def here(course: Course, bank: Bank) -> str:
    return f"/courses/{course.public_id}/banks/{bank.public_id}/many"


@pytest.fixture
def common(bank: Bank) -> dict[str, str]:
    told = {"typed": TWO, "tags": "", "difficulty": "1", "state": "ready", "token": "a" * 16}
    return {**told, "category": bank.categories[0].public_id}


def kept(session: Session) -> list[tuple[str, Kind, str]]:
    found = session.execute(select(QuestionVersion, Question).join(Question).order_by(Question.id))
    return [(version.text, version.kind, question.state.value) for version, question in found]


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_page_describes_itself_and_inserts_its_example(session: Session, client, here: str, common):
    page = client.get(here)
    filled = client.post(here, data={**common, "do": "example"})

    assert page.status_code == 200
    assert "What do you do first when the alarm sounds?" in page.text
    assert f"{TWO}\n\nTopic: Fire safety" in filled.text.replace("\r\n", "\n")
    assert kept(session) == []


def test_they_are_looked_at_first_and_then_saved_all_together(session, client, here: str, common, bank: Bank):
    data = {**common, "typed": example(), "tags": "Safety"}
    looked = client.post(here, data={**data, "do": "look"})
    nothing = kept(session)
    saved = client.post(here, data={**data, "do": "save"}, follow_redirects=True)

    assert "5 questions, not saved yet" in looked.text
    assert "Save 5 questions" in looked.text
    assert "A new topic: Fire safety" in plain(looked.text)
    assert nothing == []
    assert "5 questions are saved." in saved.text
    assert [(kind.value, state) for _text, kind, state in kept(session)] == [
        ("single", "ready"),
        ("multiple", "ready"),
        ("true_false", "ready"),
        ("numeric", "ready"),
        ("short_text", "ready"),
    ]
    questions = session.scalars(select(Question).order_by(Question.id)).all()
    assert {each.category.title for each in questions} == {"Fire safety"}
    assert {tuple(tag.word for tag in each.tags) for each in questions} == {("first day", "safety")}
    assert [writing.newest_of(session, each).difficulty for each in questions] == [1, 2, 1, 1, 1]
    assert session.scalar(select(func.count(Category.id)).where(Category.bank_id == bank.id)) == 2


def test_what_is_wrong_is_named_by_its_line_and_nothing_is_saved(session: Session, client, here: str, common):
    typed = f"{TWO}\n\nWhich?\n- Red\n- Blue\n\nHow <many>?\n= 3 ± x\n\nSilent?"

    answers = [client.post(here, data={**common, "typed": typed, "do": what}) for what in ("look", "save")]

    assert [each.status_code for each in answers] == [200, 422]
    for page in (each.text for each in answers):
        assert "3 things to put right; nothing is saved yet" in page
        assert "Line 8: No option is marked as right. Put * before it. Which?" in plain(page)
        assert "Line 13: Write how far off an answer may be as a number, 0 or more." in plain(page)
        assert "Line 15: This has no answer." in plain(page)
        assert "How &lt;many&gt;?" in page
        assert 'value="save"' not in page
    assert kept(session) == []


def test_drafts_may_be_incomplete(session: Session, client, here: str, common):
    data = {**common, "typed": "Which?\n- Red\n- Blue\n\nSilent?", "state": "draft"}

    client.post(here, data={**data, "do": "save"})
    refused = client.post(here, data={**data, "typed": "How many?\n= 3 ± x", "do": "save"})

    assert kept(session) == [("Which?", Kind.SINGLE, "draft"), ("Silent?", Kind.SINGLE, "draft")]
    assert refused.status_code == 422


def test_what_the_bank_has_already_is_pointed_out_and_left_out(session, client, here: str, common, write: Write):
    old = write(text="Which  is WARM?")
    data = {**common, "typed": f"{TWO}\n\nIs it?\n= false"}

    looked = client.post(here, data={**data, "do": "look"})
    saved = client.post(here, data={**data, "do": "save"}, follow_redirects=True)
    again = client.post(here, data={**data, "do": "save", "again": "y"}, follow_redirects=True)

    assert f"/questions/{old.public_id}" in looked.text
    assert "The same text stands in line 5." in looked.text
    assert "2 of them are left out" in looked.text
    assert "Save 1 question<" in looked.text
    assert "1 question is saved. 2 stood there already and were left out." in saved.text
    assert "3 questions are saved." in again.text
    assert len(kept(session)) == 5


def test_retired_ones_do_not_count_as_being_there(session: Session, client, here: str, common, write: Write):
    write(text="Is it?", state=QuestionState.RETIRED)

    page = client.post(here, data={**common, "do": "look"})

    assert "Is there already" not in page.text


def test_a_form_that_is_sent_twice_makes_its_questions_once(session: Session, client, here: str, common):
    data = {**common, "do": "save", "again": "y"}

    first = client.post(here, data=data, follow_redirects=True)
    second = client.post(here, data=data, follow_redirects=True)
    other = client.post(here, data={**data, "typed": "Other?\n= 1"}, follow_redirects=True)

    assert "2 questions are saved." in first.text
    assert "These questions are saved already." in second.text
    assert "1 question is saved." in other.text
    assert len(kept(session)) == 3


def test_two_hundred_at_once_are_fine_and_more_than_the_most_are_refused(session: Session, client, here: str, common):
    def many(number: int) -> str:
        return "Topic: Numbers\n\n" + "\n\n".join(
            f"{n}. Überall {n}?\n- Red\n* Blue\nTags: a, b" for n in range(number)
        )

    looked = client.post(here, data={**common, "typed": many(200), "do": "look"})
    saved = client.post(here, data={**common, "typed": many(200), "do": "save"}, follow_redirects=True)
    refused = client.post(here, data={**common, "typed": many(301), "do": "save"})

    assert "Save 200 questions" in looked.text
    assert "200 questions are saved." in saved.text
    assert refused.status_code == 422
    assert "These are 301 questions, and 300 are the most at once. Save them in parts." in refused.text
    assert len(kept(session)) == 200


def test_texts_of_megabytes_are_refused_in_words(session: Session, client, here: str, common):
    long = as_browsers_do(client, here, {**common, "typed": "Which?\n" * 40_000})
    one = client.post(here, data={**common, "typed": "x" * 110_000 + "?\n= true"})
    huge = as_browsers_do(client, here, {**common, "typed": "x" * 4_000_000})
    empty = client.post(here, data={**common, "typed": " \n"})

    assert (long.status_code, huge.status_code, empty.status_code) == (422, 413, 422)
    assert "and 250000 are the most at once. Save it in two parts." in long.text
    assert "together have at most 100000 characters" in one.text
    assert "250,000 characters" in huge.text
    assert "Write or paste at least one question." in empty.text
    assert kept(session) == []


def test_scripts_are_shown_as_they_are_typed(client: FlaskClient, here: str, common):
    typed = (
        "Which **one**?<script>alert(1)</script>\n* <img src=x onerror=alert(2)>\n- `Blue`\nWhy: <svg onload=alert(3)>"
    )

    page = client.post(here, data={**common, "typed": typed, "do": "look"}).text

    shown = page.partition('class="planned"')[2].partition("</ol>")[0]
    assert "Which <strong>one</strong>?" in shown
    assert "<code>Blue</code>" in shown
    assert not re.search(r"<(script|img|svg onload)", shown)


@pytest.mark.parametrize("wrong", [{"category": "nowhere"}, {"state": "retired"}, {"difficulty": "9"}], ids=str)
def test_what_was_never_offered_is_refused(session: Session, client, here: str, common, wrong):
    for what in ("look", "save"):
        assert client.post(here, data={**common, **wrong, "do": what}).status_code == 422
    assert kept(session) == []


@pytest.mark.parametrize("role", [Role.ASSISTANT, Role.LEARNER, Role.OBSERVER])
def test_only_writers_write_many(app, session: Session, cast: Cast, course: Course, here: str, common, role: Role):
    other = cast.visit(app.test_client(), cast.enrol(course, "Zoe", role))

    assert other.get(here).status_code in (403, 404)
    assert other.post(here, data={**common, "do": "save"}).status_code in (403, 404)
    assert kept(session) == []


def test_a_topic_too_many_keeps_everything_out(session: Session, client, here: str, common, monkeypatch):
    monkeypatch.setattr("quizzes.bank.sorting.MOST_CATEGORIES", 2)
    typed = "Topic: One\n\nOne?\n= 1\n\nTopic: Two\n\nTwo?\n= 2"

    refused = client.post(here, data={**common, "typed": typed, "do": "save"})

    assert refused.status_code == 422
    assert "A bank has at most 2 topics." in refused.text
    assert kept(session) == []
