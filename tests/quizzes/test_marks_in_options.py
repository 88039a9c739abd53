"""Options may have the small Markdown of questions: seen on every page, safe, and plain where nothing else fits."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.models import Course
from quizzes import rich, showing, starting, wording
from quizzes.forms import answers_form
from quizzes.kinds import Kind
from quizzes.models import Answer
from quizzes.questions import Bank, Category, Question, QuestionVersion
from quizzes.rich import TextFormat
from tests.cast import THEN, Cast
from tests.quizzes.making import a_quiz

MARKED = [
    {"id": "a", "text": "The **red** one"},
    {"id": "b", "text": "`x < 3` & <script>alert(1)</script>"},
    {"id": "c", "text": "[here](javascript:alert(2)) <b onclick=alert(3)>bold</b>"},
]
PAIRS: dict[str, Any] = {
    "rows": [{"id": "one", "text": "*One*"}, {"id": "two", "text": "Two"}],
    "choices": [{"id": "a", "text": "**First** & more"}, {"id": "b", "text": "![A door](picture:abc)"}],
    "right": {"one": "a", "two": "b"},
}


def a_version(kind: Kind, text_format: TextFormat = TextFormat.MARKDOWN, **body: Any) -> QuestionVersion:
    told = {"text": "Which?", "why": "", **body}
    return QuestionVersion(kind=kind, n=1, difficulty=1, maximum=1.0, text_format=text_format, body=told)


def an_answer(version: QuestionVersion, **response: list[str]) -> Answer:
    return Answer(place=1, version=version, option_order=[], maximum=1.0, response=response, seq=0)


def labels(version: QuestionVersion, app) -> list[str]:
    with app.test_request_context():
        return [str(each.label.text) for each in answers_form(questions=[an_answer(version)])["q1"]]


@pytest.mark.parametrize("kind", [Kind.SINGLE, Kind.MULTIPLE])
def test_labels_show_marks_and_nothing_that_runs(app, kind: Kind):
    found = labels(a_version(kind, options=MARKED, right=["a"]), app)

    assert found[0] == "The <strong>red</strong> one"
    assert found[1] == "<code>x &lt; 3</code> &amp; &lt;script&gt;alert(1)&lt;/script&gt;"
    assert not re.search(r"<(script|b)|href=.javascript", found[2])


def test_plain_and_html_texts_are_shown_as_what_they_are(app):
    plain = labels(a_version(Kind.SINGLE, TextFormat.PLAIN, options=MARKED, right=["a"]), app)
    html = [{"id": "a", "text": "<b onclick=x()>Red</b><p>block</p><script>x()</script>"}, {"id": "b", "text": "B"}]

    assert plain[0] == "The **red** one"
    assert plain[1] == "`x &lt; 3` &amp; &lt;script&gt;alert(1)&lt;/script&gt;"
    assert labels(a_version(Kind.SINGLE, TextFormat.HTML, options=html, right=["a"]), app)[0] == "<b>Red</b>block"


def test_lists_to_choose_from_hold_plain_words(app):
    version = a_version(Kind.MATCHING, **PAIRS)

    with app.test_request_context():
        form = answers_form(questions=[an_answer(version)])

    assert str(form["q1-one"].label.text) == "<em>One</em>"
    assert [str(choice[1]) for choice in form["q1-one"].iter_choices()][1:] == ["First & more", "A door"]


def test_gaps_hold_plain_words(app):
    gap = {"id": "1", "kind": "single", "options": [{"id": "a", "text": "**Red**"}, {"id": "b", "text": "B"}]}
    version = a_version(Kind.DROP_DOWN, text="The [[1]].", gaps=[{**gap, "right": ["a"]}])

    with app.test_request_context():
        form = answers_form(questions=[an_answer(version)])
        said = wording.said(version, {"1": ["a"]})

    assert [str(choice[1]) for choice in form["q1-1"].iter_choices()][1:] == ["Red", "B"]
    assert said == ["Gap 1: Red"]


def test_areas_of_a_picture_are_named_in_plain_words(app):
    areas = [{"id": "a", "label": "a*b*c"}, {"id": "b", "label": "<b>"}]

    assert labels(a_version(Kind.HOTSPOT, areas=areas, right=["a"]), app) == ["a*b*c", "&lt;b&gt;"]


def test_what_was_answered_is_told_with_marks_on_pages_and_without_elsewhere(app):
    single, pairs = a_version(Kind.SINGLE, options=MARKED, right=["a"]), a_version(Kind.MATCHING, **PAIRS)
    order = a_version(Kind.ORDERING, items=[{"id": "a", "text": "_Wake_"}, {"id": "b", "text": "Rise"}])
    typed = a_version(Kind.SHORT_TEXT, answers=[{"text": "x"}])

    with app.test_request_context():
        assert showing.said(single, {"chosen": ["a"]}) == ["The <strong>red</strong> one"]
        assert wording.said(single, {"chosen": ["a", "b"]}) == ["The red one", "x < 3 & <script>alert(1)</script>"]
        assert showing.said(pairs, {"one": ["a"]}) == ["<em>One</em>: <strong>First</strong> &amp; more"]
        assert wording.said(pairs, {"one": ["a"], "two": ["b"]}) == ["One: First & more", "Two: A door"]
        assert showing.said(order, {"order": ["b", "a"]}) == ["1. Rise", "2. <em>Wake</em>"]
        assert wording.said(order, {"order": ["b", "a"]}) == ["1. Rise", "2. Wake"]
        assert showing.said(typed, {"text": ["<b>*x*"]}) == ["&lt;b&gt;*x*"]
        assert wording.said(typed, {"text": ["<b>*x*"]}) == ["<b>*x*"]


def test_statements_say_it_plainly():
    version = a_version(Kind.MATCHING, **PAIRS, text="Which *one*?\n\n- a\n- b")
    interaction = version.behavior.interaction(wording.plain_body(version), {"one": ["a"]})

    assert [[option.text for option in each.options] for each in interaction.components] == [
        ["One", "Two"],
        ["First & more", "A door"],
    ]
    assert rich.plain(version.text, version.text_format, inline=False) == "Which one? a b"
    assert version.body["choices"][0]["text"] == "**First** & more"


@pytest.mark.parametrize(
    ("typed", "text_format", "expected"),
    [
        ("5 * 3 & snake_case_name", TextFormat.MARKDOWN, "5 * 3 & snake_case_name"),
        ("a\nb ![the plan](picture:x)", TextFormat.MARKDOWN, "a b the plan"),
        ("<p>One</p><p>two</p><style>x</style>&lt;", TextFormat.HTML, "One two <"),
        ("**as it is**", TextFormat.PLAIN, "**as it is**"),
    ],
)
def test_plain_words_of_a_text(typed: str, text_format: TextFormat, expected: str):
    assert rich.plain(typed, text_format) == expected


@pytest.fixture
def asked(session: Session, course: Course) -> Bank:
    """A bank whose one question has marks in its options and its explanation."""
    bank = Bank(course_id=course.id, name="marks", title="Marks", language="en", license="")
    bank.categories = [Category(name="one", title="One")]
    session.add(bank)
    session.flush()
    question = Question(bank_id=bank.id, name="one", category=bank.categories[0])
    body = {"text": "Which?", "why": "**Warm**<script>alert(4)</script>", "options": MARKED, "right": ["a"]}
    session.add(
        QuestionVersion(
            question=question,
            n=1,
            difficulty=1,
            kind=Kind.SINGLE,
            text_format="markdown",
            body=body,
            sha256="0",
            created=THEN,
        )
    )
    session.commit()
    return bank


def unsafe(page: str) -> list[str]:
    return re.findall(r"<script>alert|<b onclick|href=.javascript", page)


def test_learners_see_marks_in_their_attempt_and_result(app, session: Session, cast: Cast, course, asked: Bank):
    leo = cast.enrol(course, "Leo")
    quiz = a_quiz(session, course, asked, asks=1)
    attempt = starting.start(session, quiz, leo, seed=bytes(16), at=clock.now())
    session.commit()
    client: FlaskClient = cast.visit(app.test_client(), leo)
    address = f"/courses/{course.public_id}/quizzes/attempts/{attempt.public_id}"

    page = client.get(address).text
    result = client.post(address, data={"q1": "b"}, follow_redirects=True).text

    assert "The <strong>red</strong> one</label>" in page
    assert "<code>x &lt; 3</code>" in result
    assert unsafe(page) == unsafe(result) == []
