"""What is found about a quiz before it is published, and how it is said."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import select

from quizzes.designing import checking, findings, revising
from quizzes.designing.checking import Trouble
from quizzes.designing.plan import FixedPlan, Plan, RulePlan, SectionPlan
from quizzes.designing.settings import PRACTICING, Grading, Settings
from quizzes.guesses import guess_at
from quizzes.guessing import any_of, in_attempts, passing, total
from quizzes.questions import Bank, EnemySet, Question, QuestionState, QuestionVersion
from quizzes.rich import TextFormat
from tests.cast import THEN
from tests.quizzes.one_of_each import a_quiz_of_all_kinds

HOUR = timedelta(hours=1)


@pytest.fixture
def bank(session, quiz) -> Bank:
    """The shared one, of sixty questions: single and multiple answer, twenty of each difficulty or so."""
    return quiz.bank


@pytest.fixture
def check(session, course, bank):
    def found(*slots, **settings):
        plan = Plan(sections=(SectionPlan(slots=slots),))
        quiz = revising.make(session, course, bank, "New", plan, Settings(**settings), at=THEN)
        return checking.check(session, revising.newest(session, quiz), at=THEN)

    return found


def called(session, questions: list[int]) -> list[str]:
    return [name[:60] + ("…" if len(name) > 60 else "") for name in checking.called(session, questions)]


def said(checked: checking.Checked) -> list[str]:
    return [findings.said(each) for each in checked.findings]


def troubles(checked: checking.Checked) -> list[Trouble]:
    return [each.trouble for each in checked.findings]


def test_the_onboarding_quiz_is_ready_and_cannot_be_guessed(session, quiz):
    checked = checking.check(session, quiz.published, at=THEN)

    assert (checked.findings, checked.can_be_published) == ([], True)
    assert checked.guess is not None
    assert 0 < checked.guess.once < checked.guess.in_all < Fraction(1, 1000)


def test_the_chance_of_a_guesser_is_exact(session, bank, check):
    versions = session.scalars(select(QuestionVersion).join(Question).where(Question.bank_id == bank.id)).all()
    each = any_of([guess_at(version.kind, version.body) for version in versions])

    checked = check(RulePlan(bank=bank.id, count=3), attempts=3, pass_percent=60)

    assert checked.guess is not None
    assert checked.guess.once == passing(total([each] * 3), Fraction(9, 5))
    assert checked.guess.in_all == in_attempts(checked.guess.once, 3)
    assert troubles(checked) == [Trouble.GUESSED]


def test_any_number_of_attempts_is_passed_sooner_or_later_and_the_first_only_once(bank, check):
    rule = RulePlan(bank=bank.id, count=20)

    assert check(rule, attempts=None).guess.in_all == 1
    first = check(rule, attempts=None, grading=Grading.FIRST).guess
    assert first.once == first.in_all


def test_practice_is_not_passed(session, course, bank):
    quiz = revising.make(session, course, bank, "P", Plan.of_one_rule(bank.id, 60), PRACTICING, at=THEN)

    checked = checking.check(session, revising.newest(session, quiz), at=THEN)

    assert (checked.guess, checked.findings) == (None, [])


def test_a_quiz_that_asks_nothing_is_told_what_to_do(check):
    assert said(check()) == ["It asks nothing yet. Add a question, or a rule that draws some."]


def test_too_few_questions_are_told_with_the_numbers(bank, check):
    checked = check(RulePlan(bank=bank.id, count=70))

    assert said(checked) == ["Number 1 wants 70 questions, and there are 60 that fit. Ask fewer, or let more fit."]
    assert not checked.can_be_published


def test_too_few_of_a_difficulty_are_told(bank, session, check):
    hard = len(
        session.scalars(
            select(QuestionVersion).join(Question).where(Question.bank_id == bank.id, QuestionVersion.difficulty == 3)
        ).all()
    )

    checked = check(RulePlan(bank=bank.id, count=60, shares=(0, 0, 1)))

    assert said(checked) == [
        f"Number 1 wants 60 questions that are hard, and there are {hard} that fit. Ask fewer, write more, or leave the"
        " difficulty to chance."
    ]


def test_a_rule_that_nothing_fits_says_what_to_look_at(bank, check):
    checked = check(RulePlan(bank=bank.id, count=5, tags_all=("nowhere",)))

    assert [findings.said(each, "5 questions from Ours") for each in checked.in_the_way][:1] == [
        "Number 1 (5 questions from Ours): no question that is ready fits it. Look at its topic, tags and difficulty,"
        " or make questions ready in the bank."
    ]


def test_rules_that_need_the_same_questions_are_told(bank, check):
    checked = check(RulePlan(bank=bank.id, count=40), RulePlan(bank=bank.id, count=30), attempts=1)

    assert said(checked) == [
        "Number 2 lacks 10 questions: others in the quiz need the same ones. Ask fewer there or here."
    ]


def test_questions_that_never_stand_together_are_named(session, bank, check):
    enemies = EnemySet(bank_id=bank.id)
    session.add(enemies)
    first, second = session.scalars(select(Question).where(Question.bank_id == bank.id).order_by(Question.id).limit(2))
    first.enemies = second.enemies = enemies
    session.flush()

    checked = check(FixedPlan(question=first.id), FixedPlan(question=second.id), attempts=1, pass_percent=100)

    assert troubles(checked)[0] is Trouble.ENEMIES
    assert "some never stand together: " + ", ".join(called(session, [first.id, second.id])) in said(checked)[0]


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (QuestionState.DRAFT, "The question of number 1 is a draft: {}. Finish it, or choose another."),
        (QuestionState.RETIRED, "The question of number 1 is retired: {}. Take it out, or choose another."),
    ],
)
def test_a_fixed_question_that_is_not_ready_is_named(session, bank, check, state, sentence):
    question = session.scalars(select(Question).order_by(Question.id)).first()
    question.state = state
    session.flush()

    checked = check(FixedPlan(question=question.id), RulePlan(bank=bank.id, count=20))

    assert said(checked) == [sentence.format(*called(session, [question.id]))]


def test_a_question_fixed_twice_is_named_once(session, bank, check):
    question = session.scalars(select(Question).order_by(Question.id)).first()

    checked = check(FixedPlan(question=question.id), FixedPlan(question=question.id), RulePlan(bank=bank.id, count=20))

    assert [each for each in troubles(checked) if each.is_in_the_way] == [Trouble.TWICE]


def test_repeats_are_warned_about_and_not_in_the_way(bank, check):
    checked = check(RulePlan(bank=bank.id, count=25), attempts=3)

    assert (troubles(checked), checked.can_be_published) == ([Trouble.REPEATS], True)


def test_a_picture_without_words_is_named(session, bank, check):
    question = session.scalars(select(Question).where(Question.bank_id == bank.id).order_by(Question.id)).first()
    session.add(
        QuestionVersion(
            question=question,
            n=9,
            difficulty=1,
            kind="single",
            text_format=TextFormat.MARKDOWN,
            body={
                "text": "What is ![](picture:abc)?",
                "options": [{"id": "a", "text": "A"}, {"id": "b", "text": "B"}],
                "right": ["a"],
                "why": "",
            },
            sha256="",
            created=THEN,
        )
    )
    session.flush()

    checked = check(RulePlan(bank=bank.id, count=20))

    assert [(each.trouble, each.questions) for each in checked.findings] == [(Trouble.NO_ALT, ("What is ?",))]


@pytest.mark.parametrize(
    ("settings", "trouble"),
    [
        ({"opens": THEN + HOUR, "closes": THEN + HOUR}, Trouble.CLOSES_FIRST),
        ({"closes": THEN}, Trouble.CLOSED_ALREADY),
        ({"opens": THEN, "closes": THEN + HOUR / 3}, Trouble.CLOSES_BEFORE_LIMIT),
        ({"opens": THEN, "closes": THEN + HOUR, "wait_once": HOUR}, Trouble.SECOND_TOO_LATE),
        ({"attempts": 1, "until_passed": True}, Trouble.ONE_ATTEMPT),
    ],
)
def test_settings_that_contradict_one_another_are_found(bank, check, settings, trouble):
    assert troubles(check(RulePlan(bank=bank.id, count=20), **settings)) == [trouble]


def test_a_bank_of_another_course_is_not_drawn_from(session, cast, check):
    theirs = Bank(course_id=cast.course("Elsewhere").id, name="t", title="Theirs", language="en", license="MIT")
    session.add(theirs)
    session.flush()

    assert troubles(check(RulePlan(bank=theirs.id, count=1))) == [Trouble.STRANGE_BANK]


def test_every_kind_can_be_checked_and_what_people_mark_is_said(session, course):
    quiz = a_quiz_of_all_kinds(session, course)
    revision = revising.newest(session, quiz)
    revision.is_current, revision.published = False, None
    session.flush()
    revision.settings = Settings(until_passed=True).as_json()

    checked = checking.check(session, revision, at=THEN)

    assert troubles(checked) == [Trouble.MARKED_BY_HAND]


def test_every_trouble_has_its_sentence():
    assert set(findings._SENTENCES) == set(Trouble)
