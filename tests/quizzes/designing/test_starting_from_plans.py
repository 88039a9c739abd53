"""Attempts drawn from plans: what is asked, what it costs the database, and that all of it is derived for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.models import Course, Enrolment
from quizzes import starting
from quizzes.deriving import derive
from quizzes.designing.models import FrozenOutline
from quizzes.designing.plan import FixedPlan, Plan, RulePlan, SectionPlan
from quizzes.drawing import from_pool
from quizzes.drawing.from_pool import Drawn
from quizzes.models import Answer, Attempt, Quiz
from quizzes.questions import Bank, Category, EnemySet, Question, QuestionState, QuestionVersion, Tag
from quizzes.starting import NothingToAsk
from tests.cast import THEN
from tests.quizzes.making import a_quiz, changed

FOUR = [{"id": letter, "text": letter.upper()} for letter in "abcd"]


@pytest.fixture
def bank(session: Session, course: Course) -> Bank:
    """Thirty questions of three difficulties by turns: ten on tea, twenty on soup, five of these inside *hot soup*."""
    bank = Bank(course_id=course.id, name="own", title="Own", language="en", license="MIT")
    tea, soup = Category(name="tea", title="Tea", position=1), Category(name="soup", title="Soup", position=2)
    hot = Category(name="hot", title="Hot soup", position=3, parent=soup)
    bank.categories += [tea, soup, hot]
    session.add(bank)
    session.flush()
    for n in range(30):
        category = tea if n < 10 else hot if n < 15 else soup
        question = Question(bank=bank, name=f"q{n:02}", category=category)
        session.add(version_of(question, n=1, difficulty=n % 3 + 1))
        session.flush()
    session.commit()
    return bank


def version_of(question: Question, *, n: int, difficulty: int = 1, options: list[dict[str, str]] = FOUR):
    body = {"text": f"{question.name}?", "options": options, "right": ["b"], "why": "So."}
    return QuestionVersion(
        question=question, n=n, difficulty=difficulty, kind="single", body=body, sha256="", created=THEN
    )


def questions(session: Session) -> list[Question]:
    return list(session.scalars(select(Question).where(Question.name.like("q%")).order_by(Question.id)))


def category(bank: Bank, name: str) -> int:
    return next(each.id for each in bank.categories if each.name == name)


def plan_of(*slots: FixedPlan | RulePlan) -> Plan:
    return Plan(sections=(SectionPlan(slots=slots),))


def begin(session: Session, quiz: Quiz, who: Enrolment, seed: int = 1) -> Attempt:
    attempt = starting.start(session, quiz, who, seed=bytes([seed]) * 16, at=THEN)
    session.commit()
    return attempt


def end(session: Session, attempt: Attempt) -> None:
    attempt.submit({}, THEN + timedelta(minutes=5))
    session.commit()


def names(attempt: Attempt) -> list[str]:
    return sorted(answer.version.question.name for answer in attempt.answers)


def shown(attempt: Attempt) -> list[Drawn]:
    return [Drawn(each.version.question_id, each.version_id, tuple(each.option_order)) for each in attempt.answers]


def test_rules_take_categories_with_or_without_what_is_inside(session, course, leo, bank):
    soup = category(bank, "soup")
    whole = a_quiz(session, course, bank, "a", plan=plan_of(RulePlan(bank=bank.id, category=soup, count=20)))
    outer = RulePlan(bank=bank.id, category=soup, with_inner=False, count=15)

    with_hot = begin(session, whole, leo)
    without = begin(session, a_quiz(session, course, bank, "b", plan=plan_of(outer)), leo)

    assert names(with_hot) == [f"q{n}" for n in range(10, 30)]
    assert names(without) == [f"q{n}" for n in range(15, 30)]


def test_rules_take_tags_and_difficulties(session, course, leo, bank):
    tags = {word: Tag(bank_id=bank.id, word=word) for word in ("law", "new", "old")}
    for n, question in enumerate(questions(session)):
        question.tags = [tags["law"], tags["new"] if n % 2 else tags["old"]] if n < 12 else []
    session.commit()
    rule = RulePlan(bank=bank.id, tags_all=("law",), tags_any=("new", "none"), lowest=2, highest=3, count=4)

    attempt = begin(session, a_quiz(session, course, bank, plan=plan_of(rule)), leo)
    other = replace(rule, tags_all=(), tags_any=(), tags_none=("law",), lowest=1, highest=1, count=6)
    others = begin(session, a_quiz(session, course, bank, "b", plan=plan_of(other)), leo)

    assert names(attempt) == ["q01", "q05", "q07", "q11"]
    assert names(others) == ["q12", "q15", "q18", "q21", "q24", "q27"]


def test_strata_give_everybody_as_many_of_each_difficulty(session, course, leo, bank):
    quiz = a_quiz(session, course, bank, plan=plan_of(RulePlan(bank=bank.id, count=12, shares=(1, 2, 1))))

    attempt = begin(session, quiz, leo)

    difficulties = [answer.version.difficulty for answer in attempt.answers]
    assert [difficulties.count(each) for each in (1, 2, 3)] == [3, 6, 3]


def test_sections_stand_one_after_the_other_and_marks_are_the_slots(session, course, leo, bank):
    first, second = questions(session)[:2]
    plan = Plan(
        sections=(
            SectionPlan(title="One", slots=(FixedPlan(question=first.id, mark=2.5),), is_shuffled=False),
            SectionPlan(
                title="Two",
                slots=(
                    RulePlan(bank=bank.id, category=category(bank, "soup"), count=3, mark=0.5),
                    FixedPlan(question=second.id),
                ),
            ),
        )
    )

    attempt = begin(session, a_quiz(session, course, bank, plan=plan), leo)

    assert [answer.section for answer in attempt.answers] == [1, 2, 2, 2, 2]
    assert attempt.answers[0].version.question_id == first.id
    assert sorted(answer.maximum for answer in attempt.answers) == [0.5, 0.5, 0.5, 1.0, 2.5]
    assert attempt.maximum == 5.0


def test_a_pinned_version_stays_and_the_newest_comes_otherwise(session, course, leo, bank):
    pinned, newest = questions(session)[:2]
    old = session.scalars(select(QuestionVersion).where(QuestionVersion.question_id == pinned.id)).one()
    session.add_all([version_of(pinned, n=2), version_of(newest, n=2)])
    session.commit()
    plan = plan_of(FixedPlan(question=pinned.id, version=old.id), FixedPlan(question=newest.id))

    attempt = begin(session, a_quiz(session, course, bank, plan=plan), leo)

    assert {answer.version.question_id: answer.version.n for answer in attempt.answers} == {pinned.id: 1, newest.id: 2}


def test_enemies_never_stand_together(session, course, leo, bank):
    enemies = EnemySet(bank_id=bank.id)
    session.add(enemies)
    for question in questions(session)[:10]:
        question.enemies = enemies
    session.commit()
    quiz = a_quiz(session, course, bank, plan=plan_of(RulePlan(bank=bank.id, count=21)), attempts=4)

    for seed in range(4):
        attempt = begin(session, quiz, leo, seed)
        end(session, attempt)

        assert len(attempt.answers) == 21
        assert sum(answer.version.question.name < "q10" for answer in attempt.answers) == 1


def test_unseen_questions_come_first_across_the_quizzes_of_a_course(session, course, leo, bank):
    plan = plan_of(RulePlan(bank=bank.id, count=15))
    one, two = (a_quiz(session, course, bank, name, plan=plan) for name in "ab")

    first, second = begin(session, one, leo), begin(session, two, leo)

    assert not set(names(first)) & set(names(second))


def test_where_questions_are_gone_since_it_asks_those_there_are(session, course, leo, bank):
    fixed = questions(session)[29]
    plan = plan_of(FixedPlan(question=fixed.id), RulePlan(bank=bank.id, count=20, shares=(1, 1, 2)))
    quiz = a_quiz(session, course, bank, plan=plan)
    for question in questions(session)[8:]:
        question.state = QuestionState.RETIRED
    session.commit()

    attempt = begin(session, quiz, leo)

    assert (names(attempt), attempt.maximum) == ([f"q{n:02}" for n in range(8)], 8.0)
    assert derive(session, attempt) == shown(attempt)


def test_a_quiz_all_of_whose_questions_are_gone_is_not_begun(session, course, leo, bank):
    quiz = a_quiz(session, course, bank)
    for question in questions(session):
        question.state = QuestionState.RETIRED
    session.commit()

    with pytest.raises(NothingToAsk):
        starting.start(session, quiz, leo, seed=bytes(16), at=THEN)


def test_a_class_shares_one_outline_and_starts_in_few_statements(session, cast, course, bank, queries):
    quiz = a_quiz(session, course, bank)
    class_ = [cast.enrol(course, name) for name in ("Leo", "Nora", "Omar")]
    begin(session, quiz, class_[0])

    asked = []
    for learner in class_[1:]:
        with queries() as statements:
            begin(session, quiz, learner)
        asked.append([each.split()[0] for each in statements])

    assert session.scalar(select(func.count()).select_from(FrozenOutline)) == 1
    assert [each.count("INSERT") for each in asked] == [5, 5]
    assert asked[0] == asked[1]
    assert [len(each) <= 20 for each in asked] == [True, True]


def test_all_attempts_of_a_lived_in_course_are_derived_bit_for_bit(session, cast, course, leo, bank):
    """Of both algorithms, after questions were changed, retired, moved, retagged and set against one another."""
    nora = cast.enrol(course, "Nora")
    first = questions(session)[0]
    plan = Plan(
        sections=(
            SectionPlan(slots=(FixedPlan(question=first.id), RulePlan(bank=bank.id, count=4, tags_none=("old",)))),
            SectionPlan(slots=(RulePlan(bank=bank.id, count=6, shares=(1, 1, 1), category=category(bank, "soup")),)),
        ),
        is_shuffled=True,
    )
    quiz = a_quiz(session, course, bank, "a", plan=plan, attempts=None)
    other = a_quiz(session, course, bank, "b", asks=9, attempts=None)
    drawn: list[tuple[Attempt, list[Drawn]]] = []

    def live(seed: int) -> None:
        for who in (leo, nora):
            for each in (quiz, other):
                attempt = begin(session, each, who, seed)
                drawn.append((attempt, shown(attempt)))
                end(session, attempt)
                drawn.append((old := by_the_first_algorithm(session, other, who, seed), shown(old)))
            seed += 1

    live(1)
    for question in questions(session)[5:12]:
        session.add(version_of(question, n=2, difficulty=3, options=list(reversed(FOUR))))
    session.commit()
    live(11)
    old = Tag(bank_id=bank.id, word="old")
    enemies = EnemySet(bank_id=bank.id)
    session.add(enemies)
    for n, question in enumerate(questions(session)[2:]):
        question.tags = [old] if n % 4 == 0 else []
        question.enemies = enemies if n % 9 == 0 else None
        question.category_id = category(bank, "soup")
        question.state = QuestionState.RETIRED if n % 7 == 0 else QuestionState.READY
    session.commit()
    live(21)
    changed(session, quiz, plan=plan_of(RulePlan(bank=bank.id, count=8)))
    live(31)
    for question in questions(session):
        question.state = QuestionState.RETIRED
    session.commit()
    session.expire_all()

    assert len(drawn) == 32
    assert [derive(session, attempt) for attempt, _then in drawn] == [then for _attempt, then in drawn]


def by_the_first_algorithm(session: Session, quiz: Quiz, who: Enrolment, seed: int) -> Attempt:
    """An attempt as they were drawn before there were plans."""
    versions = list(
        session.scalars(
            select(QuestionVersion).join(Question).where(Question.name.like("q%")).order_by(QuestionVersion.id)
        )
    )
    newest = list({each.question_id: each for each in versions}.values())
    n = session.scalar(select(func.count()).select_from(Attempt).where(Attempt.enrolment_id == who.id)) or 0
    attempt = Attempt(
        quiz=quiz,
        revision=quiz.published,
        enrolment=who,
        n=100 + n,
        seed=bytes([seed]) * 16,
        algorithm=from_pool.ALGORITHM,
        pool=[each.id for each in newest],
        started=THEN,
        deadline=THEN + timedelta(minutes=30),
        maximum=5.0,
    )
    session.add(attempt)
    session.flush()
    for place, each in enumerate(derive(session, attempt), start=1):
        session.add(
            Answer(attempt_id=attempt.id, place=place, version_id=each.version, option_order=list(each.option_order))
        )
    session.flush()
    session.refresh(attempt)
    end(session, attempt)
    return attempt
