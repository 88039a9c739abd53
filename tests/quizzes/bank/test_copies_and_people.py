"""What a copied course gets of another's banks, and what is left of people who wrote questions."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.models import Course, Enrolment
from lti_tool.placing import copies
from lti_tool.placing.copies import CourseCopy
from quizzes import copying, personal
from quizzes.bank import enemies, queries, sorting, writing
from quizzes.bank.copying import copy_questions
from quizzes.bank.models import Picture
from quizzes.designing.plan import FixedPlan, Plan, RulePlan, SectionPlan
from quizzes.questions import Bank, Category, Question, QuestionState, QuestionVersion
from tests.cast import THEN, Cast
from tests.quizzes.bank.conftest import Write, said
from tests.quizzes.making import a_quiz


@pytest.fixture
def copied(session: Session, cast: Cast, course: Course) -> CourseCopy:
    copy = CourseCopy(course_id=cast.course("Copy").id, origin_id=course.id, recognized=THEN)
    session.add(copy)
    session.commit()
    return copy


def picture_of(session: Session, bank: Bank) -> Picture:
    told = {"file": "0" * 32, "name": "a.png", "mimetype": "image/png", "size": 1, "width": 1, "height": 1}
    picture = Picture(bank_id=bank.id, sha256="0", created=THEN, **told)
    session.add(picture)
    session.commit()
    return picture


def test_a_copied_course_gets_its_own_copy_of_every_bank(app, session, bank: Bank, write: Write, ines, copied, cast):
    picture = picture_of(session, bank)
    inner = sorting.add_category(session, bank, "Inner", bank.categories[0])
    old = write(text="Old?", category=inner)
    writing.change(
        session,
        old,
        said(text=f"New? ![A plan](picture:{picture.public_id})"),
        state=QuestionState.READY,
        by=ines,
        at=THEN,
    )
    other, gone = write(text="Other?"), write(text="Gone?", state=QuestionState.RETIRED)
    sorting.tag(session, old, ["fire"])
    enemies.keep_apart(session, old, other)
    session.commit()
    teacher = cast.enrol(copied.course, "Tom")

    with app.test_request_context():
        planned = copies.plan(session, copied)
        copies.copy_settings(session, copied, by=teacher, at=clock.now())
        session.commit()

    assert planned == ["The question bank Our questions with 2 questions."]
    mine = session.scalars(select(Bank).where(Bank.course_id == copied.course_id)).one()
    assert (mine.title, mine.name, mine.public_id == bank.public_id) == (bank.title, bank.name, False)
    topics = session.scalars(select(Category).where(Category.bank_id == mine.id).order_by(Category.id)).all()
    assert [(each.title, each.parent.title if each.parent else None) for each in topics] == [
        ("General", None),
        ("Inner", "General"),
    ]
    first, second = session.scalars(select(Question).where(Question.bank_id == mine.id).order_by(Question.id))
    newest = writing.newest_of(session, first)
    own = session.scalars(select(Picture).where(Picture.bank_id == mine.id)).one()
    assert (newest.n, newest.text, newest.author_id) == (1, f"New? ![A plan](picture:{own.public_id})", None)
    assert (own.file, own.public_id == picture.public_id) == (picture.file, False)
    assert ([tag.word for tag in first.tags], first.category.title) == (["fire"], "Inner")
    assert first.enemy_set_id == second.enemy_set_id != old.enemy_set_id
    assert first.name == old.name != gone.name


def test_a_picture_of_another_bank_is_not_taken_along_by_naming_it(
    session, cast, course, bank: Bank, write: Write, ines
):
    theirs = sorting.new_bank(session, cast.course("Theirs"), title="Theirs", language="en", first_category="General")
    picture = picture_of(session, theirs)
    question = write(text=f"![x](picture:{picture.public_id})", state=QuestionState.DRAFT)
    target = sorting.new_bank(session, course, title="Ours", language="en", first_category="General")

    chosen = queries.listed(session, bank, [question.public_id])
    assert copy_questions(session, chosen, target, by=ines, at=THEN) == 1

    assert session.scalars(select(Picture)).all() == [picture]


def test_a_copied_quiz_draws_from_the_copied_bank(session: Session, course, bank: Bank, write: Write, copied):
    question = write()
    retired = write(text="Gone?")
    plan = Plan(
        sections=(
            SectionPlan(
                slots=(
                    FixedPlan(question=question.id, mark=2.0),
                    FixedPlan(question=retired.id),
                    RulePlan(bank=bank.id, category=question.category_id, count=1),
                )
            ),
        )
    )
    quiz = a_quiz(session, course, bank, "own", "Own", plan=plan, access_code="Soup", closes=THEN)
    retired.state = QuestionState.RETIRED
    session.commit()

    made = copying.counterpart(session, copied.course, quiz.reference, at=THEN)
    again = copying.counterpart(session, copied.course, quiz.reference, at=THEN)

    assert made is again is not None
    assert (made.bank.course_id, made.bank.name) == (copied.course_id, bank.name)
    assert len(session.scalars(select(Bank)).all()) == 2
    fixed, rule = made.published.outlined.slots
    assert isinstance(fixed, FixedPlan)
    assert isinstance(rule, RulePlan)
    copy = session.get_one(Question, fixed.question)
    assert (copy.bank_id, copy.name, fixed.mark) == (made.bank.id, question.name, 2.0)
    assert (rule.bank, rule.category) == (made.bank.id, copy.category_id)
    assert (made.settings.access_code, made.settings.closes) == ("", None)


def test_whoever_wrote_questions_gets_them_and_is_forgotten(session: Session, write: Write, ines: Enrolment):
    question = write(text="Mine?")

    given = personal.export(session, ines.person)
    said_of_it = personal.erase(session, ines.person, THEN)
    session.commit()

    assert [(each["text"], each["number"]) for each in given["questions_written"]] == [("Mine?", 1)]
    assert "Kept: 1 texts of questions, which are the course's; who wrote them is erased." in said_of_it
    session.expire_all()
    version = session.scalars(select(QuestionVersion).where(QuestionVersion.question_id == question.id)).one()
    assert (version.text, version.author_id) == ("Mine?", None)
