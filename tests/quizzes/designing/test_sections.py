"""Sections as learners and their teachers meet them: headings and instructions, page by page and in the result."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from lti_tool import clock
from lti_tool.models import Role
from quizzes import closing, starting
from quizzes.designing.forms import SectionForm
from quizzes.designing.plan import FixedPlan, Plan, SectionPlan
from quizzes.designing.settings import Navigation
from quizzes.headings import Heading, headings
from quizzes.questions import Question
from tests.cast import THEN
from tests.quizzes.making import a_quiz

WORDS = "Think of your first week.\nOne answer each."


@pytest.fixture
def plan(session, quiz) -> Plan:
    """Two questions without a heading, then three with one, all in this order."""
    questions = session.scalars(
        select(Question.id).where(Question.bank_id == quiz.bank.id).order_by(Question.id).limit(5)
    ).all()
    slots = [FixedPlan(question=each) for each in questions]
    return Plan(
        sections=(
            SectionPlan(slots=tuple(slots[:2]), is_shuffled=False),
            SectionPlan(slots=tuple(slots[2:]), title="Safety", instructions=WORDS, is_shuffled=False),
        )
    )


def outline(page: str) -> list[tuple[str, str]]:
    """The headings below the page's own, with what instructions stand among them."""
    main = page.partition("<main")[2]
    found = re.findall(r"<h([2-5])[^>]*>(.*?)</h\1>|<(p) class=\"said\"[^>]*>(.*?)</p>", main, flags=re.DOTALL)
    return [
        (f"h{level}" if level else "said", " ".join(re.sub(r"<.*?>", "", title or words).split()))
        for level, title, _p, words in found
    ]


def test_a_heading_stands_where_its_section_begins_and_once_more_where_it_goes_on(plan):
    assert headings(plan, [1, 1, 2, 2]) == [Heading(""), None, Heading("Safety", WORDS), None]
    assert headings(plan, [2], before=2) == [Heading("Safety", WORDS, is_continued=True)]
    assert headings(Plan(), [1, 1, None]) == [None, None, None]


@pytest.mark.parametrize("navigation", list(Navigation))
def test_an_attempt_says_the_heading_on_each_page_of_its_section(
    app, session, cast, course, quiz, leo, plan, navigation
):
    parted = a_quiz(session, course, quiz.bank, plan=plan, per_page=2, navigation=navigation)
    attempt = starting.start(session, parted, leo, seed=bytes(16), at=THEN)
    session.commit()
    client = cast.visit(app.test_client(), leo)
    here = f"/courses/{course.public_id}/quizzes/attempts/{attempt.public_id}"

    with clock.moved_to(THEN):
        pages = []
        for page in (1, 2, 3):
            pages.append(outline(client.get(here, query_string={"page": page}).text))
            client.post(f"{here}/answers", data={"page": page, "epoch": 0, "go": page + 1})

    words = " ".join(WORDS.split())
    assert pages == [
        [("h2", "Question 1 of 5"), ("h2", "Question 2 of 5")],
        [("h2", "Safety"), ("said", words), ("h3", "Question 3 of 5"), ("h3", "Question 4 of 5")],
        [("h2", "Safety (continued)"), ("said", words), ("h3", "Question 5 of 5")],
    ]


def test_the_result_and_the_preview_say_it_too(app, session, cast, course, quiz, leo, plan):
    parted = a_quiz(session, course, quiz.bank, plan=plan)
    attempt = starting.start(session, parted, leo, seed=bytes(16), at=THEN)
    closing.hand_in(session, attempt, {}, at=THEN)
    session.commit()
    base = f"/courses/{course.public_id}/quizzes"
    ines = cast.visit(app.test_client(), cast.enrol(course, "Ines", Role.INSTRUCTOR))

    result = outline(cast.visit(app.test_client(), leo).get(f"{base}/attempts/{attempt.public_id}").text)
    preview = ines.get(f"{base}/{parted.public_id}/preview").text

    there = result.index(("h3", "Safety"))
    assert [result[there + 1][0], result[there + 2][0], result[there - 1][0]] == ["said", "h4", "h3"]
    assert (preview.count(">Safety<"), preview.count("Think of your first week.")) == (1, 1)
    assert preview.index("Safety") > preview.index(attempt.answers[1].version.text)


def test_a_section_gets_its_instructions_by_its_page(app, session, cast, course, quiz, leo):
    ines = cast.visit(app.test_client(), cast.enrol(course, "Ines", Role.INSTRUCTOR))
    base = f"/courses/{course.public_id}/quizzes/{quiz.public_id}/design"
    page = ines.get(f"{base}/sections/1").text
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen

    fields = {"seen": seen[1], "title": "Safety", "instructions": WORDS.replace("\n", "\r\n"), "is_shuffled": "y"}
    ines.post(f"{base}/sections/1", data=fields)

    session.expire_all()
    draft = quiz.revisions[-1]
    section = draft.outlined.sections[0]
    assert (section.instructions, section.is_markdown) == (WORDS, True)
    assert "Think of your first week." in ines.get(base).text


MARKED = "Think of your **first** week.\n\n- One [answer](https://example.org)\n\n<script>alert(1)</script>"


@pytest.mark.parametrize(
    ("is_markdown", "shown"), [(True, "<strong>first</strong>"), (False, "your **first** week.\n")]
)
def test_marks_work_in_instructions_that_are_written_now_and_older_ones_look_as_they_did(
    app, session, cast, course, quiz, leo, plan, is_markdown, shown
):
    sections = (plan.sections[0], replace(plan.sections[1], instructions=MARKED, is_markdown=is_markdown))
    marked = a_quiz(session, course, quiz.bank, plan=replace(plan, sections=sections))
    attempt = starting.start(session, marked, leo, seed=bytes(16), at=THEN)
    session.commit()
    base, learner = f"/courses/{course.public_id}/quizzes", cast.visit(app.test_client(), leo)
    ines = cast.visit(app.test_client(), cast.enrol(course, "Ines", Role.INSTRUCTOR))

    with clock.moved_to(THEN):
        during = learner.get(f"{base}/attempts/{attempt.public_id}").text
    pages = [
        during,
        ines.get(f"{base}/{marked.public_id}/preview").text,
        ines.get(f"{base}/{marked.public_id}/design").text,
    ]
    closing.hand_in(session, attempt, {}, at=THEN)
    session.commit()
    pages.append(learner.get(f"{base}/attempts/{attempt.public_id}").text)

    for page in pages:
        assert shown in page
        assert "<script>alert" not in page
        assert ('<a href="https://example.org"' in page) is is_markdown


@pytest.mark.parametrize(("instructions", "is_markdown"), [("5 * 3 * 2", False), ("5 * 3 * 2 *now*", True)])
def test_a_plain_text_stays_plain_while_only_the_heading_changes(app, instructions, is_markdown):
    before = SectionPlan(title="Safety", instructions="5 * 3 * 2")

    with app.test_request_context():
        form = SectionForm(formdata=None, data={"title": "Fire", "instructions": instructions, "is_shuffled": True})
        after = form.section(before)

    assert after == SectionPlan(title="Fire", instructions=instructions, is_markdown=is_markdown)


def test_a_plan_from_before_there_were_instructions_is_read():
    old = Plan(sections=(SectionPlan(title="Safety"),)).as_json()
    del old["sections"][0]["instructions"], old["sections"][0]["is_markdown"]

    assert Plan.of(old) == Plan(sections=(SectionPlan(title="Safety"),))
