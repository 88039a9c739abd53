"""A quiz as a file: its questions in every format, in QTI the quiz itself; what cannot be said is told first."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lti_tool.models import Course, Enrolment, Role
from quizzes.bank import sorting
from quizzes.designing import revising
from quizzes.designing.plan import FixedPlan, Plan, RulePlan, SectionPlan
from quizzes.designing.reviewing import PRESETS, Moment, Preset, Review, Shown
from quizzes.designing.settings import Navigation, Settings
from quizzes.exchange.reviewed import review_of, reviewed_of
from quizzes.formats import registry
from quizzes.formats.model import Draw, Fixed, Reviewed
from quizzes.formats.qti.writing.identifiers import identifier_of
from quizzes.models import Quiz
from quizzes.questions import Bank, Question, QuestionState
from tests.cast import THEN, Cast
from tests.mentoring.reading import words
from tests.quizzes.bank.conftest import Write
from tests.quizzes.bank.conftest import bank as bank
from tests.quizzes.bank.conftest import ines as ines
from tests.quizzes.bank.conftest import write as write


@pytest.fixture
def client(app: Flask, cast: Cast, ines: Enrolment) -> FlaskClient:
    return cast.visit(app.test_client(), ines)


def single(write: Write, text: str, **more: Any) -> Question:
    options = [{"id": "a", "text": "This"}, {"id": "b", "text": "That"}]
    return write(text=text, options=options, right=["a"], **more)


@pytest.fixture
def pool(session: Session, bank: Bank, write: Write) -> list[Question]:
    fire = sorting.add_category(session, bank, "Fire")
    session.commit()
    return [single(write, f"What burns, {n}?", category=fire) for n in range(3)]


@pytest.fixture
def draft(session: Session, course: Course, bank: Bank, write: Write, pool: list[Question]) -> Quiz:
    """A question that everybody gets, a rule that draws two of three, and one question that is a draft."""
    fixed, not_ready = single(write, "Who calls?"), single(write, "Not yet?", state=QuestionState.DRAFT)
    rule = RulePlan(bank=bank.id, count=2, category=pool[0].category_id, mark=2.0)
    plan = Plan(
        sections=(
            SectionPlan(
                title="First",
                instructions="Be **quick**.",
                is_markdown=True,
                slots=(FixedPlan(question=fixed.id, mark=3.0), rule, FixedPlan(question=not_ready.id)),
            ),
        )
    )
    rules = Settings(limit=timedelta(minutes=10), access_code="1234", navigation=Navigation.SEQUENTIAL, per_page=1)
    quiz = revising.make(session, course, bank, "Fire drill", plan, rules, at=THEN)
    session.commit()
    return quiz


@pytest.fixture
def base(course: Course, draft: Quiz) -> str:
    return f"/courses/{course.public_id}/quizzes/{draft.public_id}/design/take-along"


@pytest.mark.parametrize("name", list(registry.FORMATS))
def test_every_format_takes_the_questions(client: FlaskClient, base: str, name: str):
    page = client.get(base, query_string={"format": name})
    file = client.get(f"{base}/file", query_string={"format": name})

    assert "Download the file" in page.text
    assert f"Fire drill.{registry.FORMATS[name].ending}" in file.headers["Content-Disposition"]
    assert len(registry.read(file.get_data(), format=name).bank.questions) == 4


@pytest.mark.parametrize("name", sorted(registry.SAYING_MORE))
def test_qti_says_what_is_asked_and_how(client: FlaskClient, base: str, name: str, pool: list[Question], draft: Quiz):
    file = client.get(f"{base}/file", query_string={"format": name})

    [quiz] = registry.read(file.get_data()).bank.quizzes
    [section] = quiz.sections
    fixed, draw = section.slots
    assert (quiz.title, quiz.identifier, quiz.seconds) == ("Fire drill", f"quiz-{draft.public_id}", 600)
    assert (quiz.is_linear, quiz.pass_percent, quiz.reviewed) == (True, 70, Reviewed(answers=True))
    assert (section.title, section.instructions, section.is_shuffled) == (
        "First",
        "<p>Be <strong>quick</strong>.</p>",
        True,
    )
    assert isinstance(fixed, Fixed)
    assert fixed.maximum == 3.0
    assert draw == Draw(count=2, questions=tuple(identifier_of(each.name) for each in pool), maximum=2.0)


def test_what_cannot_be_said_is_told_before_it_is_taken(client: FlaskClient, base: str):
    seen = words(client.get(base, query_string={"format": "qti30"}))

    for sentence in (
        "The quiz names this question and does not ask it: it is a draft, retired or gone.",
        "QTI 3.0 cannot say this: the access code.",
        "QTI 3.0 cannot say this: how many attempts there are.",
        "QTI 3.0 cannot say this: that questions a learner has not met come first.",
        "QTI 3.0 cannot say this: how many questions stand on a page.",
        "QTI 3.0 cannot say this: what is shown at which moment.",
        "QTI 3.0 says this in another way: which questions a rule draws.",
    ):
        assert sentence in seen
    assert "pauses between attempts" not in seen
    assert "GIFT cannot say this: quizzes." in words(client.get(base, query_string={"format": "gift"}))


def test_a_quiz_without_questions_has_no_file(client: FlaskClient, session: Session, course: Course, bank: Bank):
    empty = revising.make(session, course, bank, "Empty", Plan(), Settings(), at=THEN)
    session.commit()
    there = f"/courses/{course.public_id}/quizzes/{empty.public_id}/design/take-along"

    seen = words(client.get(there, query_string={"format": "qti30"}))

    assert "The quiz asks nothing yet." in seen
    assert "Download" not in seen
    assert client.get(f"{there}/file?format=qti30").headers["Location"].endswith("take-along")


def test_questions_of_two_banks_with_one_name_are_told_apart(
    client: FlaskClient, session: Session, course: Course, bank: Bank, write: Write, ines: Enrolment
):
    other = sorting.new_bank(session, course, title="Others", language="en", first_category="General")
    session.commit()
    first = single(write, "First?")
    second = single(write, "Second?", category=other.categories[0])
    first.name = second.name = "q1"
    plan = Plan(sections=(SectionPlan(slots=(FixedPlan(question=first.id), FixedPlan(question=second.id))),))
    quiz = revising.make(session, course, bank, "Two banks", plan, Settings(), at=THEN)
    session.commit()

    file = client.get(f"/courses/{course.public_id}/quizzes/{quiz.public_id}/design/take-along/file?format=qti21")

    read = registry.read(file.get_data()).bank
    names = [f"q1-{each.bank.public_id[:8]}" for each in (first, second)]
    assert [each.identifier for each in read.questions] == names
    assert [slot.question for slot in read.quizzes[0].sections[0].slots if isinstance(slot, Fixed)] == names


def test_figures_go_along_if_wished(client: FlaskClient, base: str):
    plain, figured = (
        client.get(f"{base}/file", query_string={"format": "qti30", **more}).get_data()
        for more in ({}, {"figures": "y"})
    )

    # Nobody has taken it yet, so there are none.
    assert plain == figured
    assert "usage-data.xml" not in zipfile.ZipFile(io.BytesIO(figured)).namelist()


def test_only_those_who_design_the_quiz_take_it(app: Flask, cast: Cast, course: Course, base: str):
    ana = cast.visit(app.test_client(), cast.enrol(course, "Ana", Role.ASSISTANT))
    omar = cast.visit(app.test_client(), cast.enrol(cast.course("Another"), "Omar", Role.INSTRUCTOR))

    assert [ana.get(each).status_code for each in (base, f"{base}/file?format=gift")] == [403, 403]
    assert [omar.get(each).status_code for each in (base, f"{base}/file?format=gift")] == [404, 404]


def test_a_format_there_is_not_is_not_found(client: FlaskClient, base: str):
    assert client.get(f"{base}/file?format=word").status_code == 404
    assert client.get(f"{base}?format=word").status_code == 200


@pytest.mark.parametrize("preset", [Preset.AFTER_LAST, Preset.AT_ONCE, Preset.ONE_BY_ONE, Preset.SCORE])
def test_what_is_shown_when_comes_back_as_the_choice_it_was(preset: Preset):
    assert review_of(reviewed_of(PRESETS[preset])) == PRESETS[preset]


def test_what_no_choice_says_shows_no_more_than_was_said():
    odd = Review(at={Moment.JUST_AFTER: frozenset({Shown.ATTEMPT, Shown.RIGHT_ANSWER})}, keys_wait=False)

    assert review_of(reviewed_of(odd)) == PRESETS[Preset.AFTER_LAST]
    assert review_of(Reviewed(key=True)) == PRESETS[Preset.SCORE]
