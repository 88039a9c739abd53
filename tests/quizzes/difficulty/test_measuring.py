"""How hard questions turned out to be: measured from hand-ins, shown in the bank, and used where quizzes are drawn."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from statistics import pstdev

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Course, Role
from quizzes import closing, starting
from quizzes.deriving import derive
from quizzes.designing import freezing, pooling
from quizzes.designing.plan import Plan, RulePlan, SectionPlan
from quizzes.difficulty import measuring
from quizzes.difficulty.levels import ENOUGH
from quizzes.difficulty.models import Measured
from quizzes.drawing.by_outline import draw
from quizzes.marking import Kind
from quizzes.models import Attempt, Quiz
from quizzes.questions import Question, QuestionVersion
from tests.cast import THEN
from tests.quizzes.conftest import right_answers
from tests.quizzes.making import a_quiz, changed
from tests.quizzes.one_of_each import a_quiz_of_all_kinds

LATER = THEN + timedelta(days=1)


def take(session, quiz: Quiz, who, right: int, *, seed: int = 1, at=THEN) -> Attempt:
    attempt = starting.start(session, quiz, who, seed=bytes([seed]) * 16, at=at)
    answers = right_answers(attempt, range(1, right + 1)) if right else {}
    closing.hand_in(session, attempt, answers, at=at + timedelta(minutes=10))
    session.commit()
    return attempt


def measured(session) -> dict[int, tuple[int, int]]:
    """Answers, and what they earned in tenths of a percent."""
    session.rollback()
    return {each.version_id: (each.answers, round(1000 * each.facility)) for each in session.scalars(select(Measured))}


def say(session, course: Course, **shares: float) -> list[int]:
    """As if a hundred had answered the first so many questions; their rows."""
    versions = session.scalars(select(QuestionVersion).order_by(QuestionVersion.id).limit(len(shares))).all()
    platform = course.deployment.platform_id
    for version, share in zip(versions, shares.values(), strict=True):
        session.add(Measured(platform_id=platform, version_id=version.id, answers=100, facility=share, at=THEN))
    session.commit()
    return [version.question_id for version in versions]


def test_what_first_attempts_earned_is_measured_from_five_answers_on(session: Session, cast, course, quiz):
    whole = a_quiz(session, course, quiz.bank, asks=60, until_passed=False)
    people = [cast.enrol(course, f"Learner {n}") for n in range(5)]
    firsts = [take(session, whole, each, 60 if n < 3 else 0) for n, each in enumerate(people)]
    take(session, whole, people[4], 60, seed=2, at=THEN + timedelta(hours=1))

    measuring.measure(at=LATER)

    versions = {answer.version_id for answer in firsts[0].answers}
    assert measured(session) == dict.fromkeys(versions, (5, 600))


def test_four_answers_practice_and_preview_students_measure_nothing(session, cast, course, quiz):
    whole = a_quiz(session, course, quiz.bank, asks=60)
    for n in range(4):
        take(session, whole, cast.enrol(course, f"Learner {n}"), 60)
    preview = cast.enrol(course, "Preview")
    preview.is_test = True
    take(session, whole, preview, 0)
    practice = a_quiz(session, course, quiz.bank, "p", "P", asks=60, is_practice=True, attempts=None, limit=None)
    for n in range(5):
        take(session, practice, cast.enrol(course, f"Who practices {n}"), 60)

    measuring.measure(at=LATER)

    assert measured(session) == {}


def test_an_attempt_that_waits_for_marks_is_not_measured_yet(session, cast, course):
    quiz = a_quiz_of_all_kinds(session, course, Kind.SINGLE, Kind.ESSAY)
    for n in range(5):
        attempt = starting.start(session, quiz, cast.enrol(course, f"Learner {n}"), seed=b"1" * 16, at=THEN)
        essay = next(each for each in attempt.answers if each.version.kind is Kind.ESSAY)
        closing.hand_in(session, attempt, {essay.place: {"text": ["Once"]}}, at=THEN + timedelta(minutes=1))
        session.commit()

    measuring.measure(at=LATER)

    assert measured(session) == {}


def test_measuring_again_replaces_what_was_measured(session, cast, course, quiz):
    whole = a_quiz(session, course, quiz.bank, asks=60)
    for n in range(5):
        take(session, whole, cast.enrol(course, f"Learner {n}"), 60)
    measuring.measure(at=LATER)
    take(session, whole, cast.enrol(course, "Learner 5"), 0)

    measuring.measure(at=LATER)

    assert set(measured(session).values()) == {(6, 833)}


def test_another_lms_measures_for_itself(session, cast, course, quiz):
    whole = a_quiz(session, course, quiz.bank, asks=60)
    for n in range(5):
        take(session, whole, cast.enrol(course, f"Learner {n}"), 60)
    measuring.measure(at=LATER)

    found = session.scalars(select(Measured.platform_id).distinct()).all()

    assert found == [course.deployment.platform_id]
    plan = Plan.of_one_rule(quiz.bank.id, 20)
    elsewhere = pooling.pooled(session, plan, course.deployment.platform_id + 1)
    assert {each.facility for slot in elsewhere.slots for each in slot} == {None}


def test_the_night_comes_again():
    at = THEN.replace(hour=1)

    assert measuring.next_night(at) == at.replace(hour=3, minute=10, second=0, microsecond=0)
    assert measuring.next_night(measuring.next_night(at)) == measuring.next_night(at) + timedelta(days=1)


def test_a_quiz_is_drawn_by_what_was_measured_and_by_what_was_said_elsewhere(session, course, leo, quiz):
    """Easy questions that turned out hard, and hard ones that turned out easy."""
    platform, plan = course.deployment.platform_id, Plan.of_one_rule(quiz.bank.id, 20)
    before = freezing.frozen(session, plan, platform)
    versions = session.scalars(select(QuestionVersion).order_by(QuestionVersion.id)).all()
    true = {each.id: {1: 0.4, 2: 0.7, 3: 0.95}[each.difficulty] - 0.002 * n for n, each in enumerate(versions)}
    for version, share in true.items():
        session.add(Measured(platform_id=platform, version_id=version, answers=100, facility=share, at=THEN))
    session.commit()

    after = freezing.frozen(session, plan, platform)
    again = freezing.frozen(session, plan, platform)

    def spread(outline) -> float:
        forms = [draw(outline, number.to_bytes(16)) for number in range(200)]
        return pstdev(5 * sum(true[each.version] for each in form) for form in forms)

    [rule] = after.frozen.outline.sections[0].slots
    hard = [true[each.version] for each in sorted(rule.pool, key=lambda each: each.difficulty)]
    assert hard == sorted(hard, reverse=True)
    assert spread(after.frozen.outline) < 1
    assert (before.id != after.id, after.id == again.id) == (True, True)


def test_few_answers_draw_nothing(session, course, quiz):
    platform, plan = course.deployment.platform_id, Plan.of_one_rule(quiz.bank.id, 20)
    before = freezing.frozen(session, plan, platform).id
    assert ENOUGH == 30
    version = session.scalars(select(QuestionVersion.id)).first()
    session.add(Measured(platform_id=platform, version_id=version, answers=29, facility=0.1, at=THEN))
    session.commit()

    assert freezing.frozen(session, plan, platform).id == before


def test_a_rule_that_leaves_it_to_chance_keeps_its_outline(session, course, quiz):
    platform = course.deployment.platform_id
    plan = Plan(sections=(SectionPlan(slots=(RulePlan(bank=quiz.bank.id, count=20),)),))
    before = freezing.frozen(session, plan, platform).id
    say(session, course, first=0.1)

    assert freezing.frozen(session, plan, platform).id == before


def test_attempts_that_were_drawn_before_are_derived_as_they_were(session, course, leo, quiz):
    attempt = starting.start(session, quiz, leo, seed=b"1" * 16, at=THEN)
    session.commit()
    shown = [(each.version_id, tuple(each.option_order)) for each in attempt.answers]

    say(session, course, **{f"q{n}": 0.9 - n / 100 for n in range(60)})

    assert [(each.version, each.option_order) for each in derive(session, attempt)] == shown


# In the bank


@pytest.fixture
def ines(app, cast, course) -> FlaskClient:
    return cast.visit(app.test_client(), cast.enrol(course, "Ines", Role.INSTRUCTOR))


def listed(session, page: str) -> list[int]:
    """The questions of a page, in its order."""
    ids = re.findall(r'id="words-\d+" href="[^"]*/([a-z2-7]{16})"', page)
    rows = dict(session.execute(select(Question.public_id, Question.id)).all())
    return [rows[each] for each in ids]


def test_the_bank_shows_it_beside_what_was_declared_and_how_many_answers_say_so(session, course, quiz, ines):
    first, *_others = say(session, course, first=0.62)
    bank = f"/courses/{course.public_id}/banks/{quiz.bank.public_id}"

    page = html.unescape(ines.get(f"{bank}?measured=3").text)
    one = session.get(Question, first)

    assert listed(session, page) == [first]
    assert "62% earned in 100 answers" in page
    assert "As measured: 62% earned in 100 answers." in ines.get(f"{bank}/questions/{one.public_id}").text


def test_the_bank_is_narrowed_and_sorted_by_it(session, course, quiz, ines):
    easy, hard, medium = say(session, course, easy=0.9, hard=0.2, medium=0.7)
    bank = f"/courses/{course.public_id}/banks/{quiz.bank.public_id}"

    def found(query: str) -> list[int]:
        return listed(session, ines.get(f"{bank}?{query}").text)

    assert [found(f"measured={level}") for level in (1, 2, 3)] == [[easy], [medium], [hard]]
    assert found("order=hardest")[:3] == [hard, medium, easy]
    assert found("order=easiest")[:3] == [easy, medium, hard]
    unmeasured = found("measured=0")
    assert not {easy, hard, medium} & set(unmeasured)
    assert unmeasured
    assert found("measured=lots&order=chance") == found("")


def test_words_that_are_looked_for_are_sorted_by_it_too(session, course, quiz, ines):
    rows = say(session, course, **{f"q{n}": n / 100 for n in range(60)})
    bank = f"/courses/{course.public_id}/banks/{quiz.bank.public_id}"

    found = listed(session, ines.get(f"{bank}?q=the&order=hardest").text)

    assert len(found) > 3
    assert found == [row for row in rows if row in set(found)]


def test_it_can_be_looked_for_where_questions_are_chosen(session, course, quiz, ines):
    [hard] = say(session, course, hard=0.2)
    changed(session, quiz)
    there = f"/courses/{course.public_id}/quizzes/{quiz.public_id}/design/sections/1/questions/new"

    page = ines.get(f"{there}?measured=3").text

    shown = html.unescape(page)
    assert "20% earned in 100 answers" in shown
    assert re.findall(r'name="question"[^>]*value="([^"]+)"', page) == [session.get_one(Question, hard).public_id]
