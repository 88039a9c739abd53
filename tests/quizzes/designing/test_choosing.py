"""Ines chooses fixed questions from a big bank, and puts what a quiz asks in order, without JavaScript."""

from __future__ import annotations

import re

import pytest

from quizzes.designing import editing
from quizzes.designing.plan import FixedPlan, Plan, SectionPlan
from quizzes.kinds import Kind
from quizzes.questions import Bank, Category, Question, QuestionState, QuestionVersion
from tests.cast import THEN
from tests.quizzes.designing.test_pages import draft, fields_of, ines, newest, send, there  # noqa: F401

CHOOSE = "/sections/1/questions/new"


@pytest.fixture
def big(session, course) -> Bank:
    """A bank with five hundred questions, the last of them a draft."""
    bank = Bank(course_id=course.id, name="big", title="Big", language="en", license="", fingerprint="")
    category = Category(bank=bank, name="all", title="All", position=0)
    session.add_all([bank, category])
    session.flush()
    for number in range(500):
        kind = Kind.TRUE_FALSE if number % 100 == 7 else Kind.SHORT_TEXT
        state = QuestionState.DRAFT if number == 499 else QuestionState.READY
        question = Question(bank_id=bank.id, category_id=category.id, name=f"q{number}", state=state)
        body = {"text": f"Number {number:03}?", "why": "", "right": ["true"], "answers": [{"text": "Yes"}]}
        version = QuestionVersion(
            question=question, n=1, difficulty=1, kind=kind, body=body, sha256=f"{number:064}", created=THEN
        )
        session.add_all([question, version])
    session.commit()
    return bank


def listed(page: str) -> list[str]:
    return re.findall(r"Number (\d{3})\?", page)


def test_a_big_bank_is_looked_through_page_by_page(draft, ines, big, queries):  # noqa: F811
    address = there(draft, f"{CHOOSE}?bank={big.public_id}")

    with queries() as asked:
        first = ines.get(address).text
    last = ines.get(f"{address}&page=10").text

    assert listed(first) == [f"{number:03}" for number in range(498, 448, -1)]
    assert ("499 questions, page 1 of 10" in re.sub(r"\s+", " ", first), listed(last)[-1]) == (True, "000")
    assert len(asked) < 40
    assert listed(ines.get(f"{address}&q=number+12").text) == [f"{number:03}" for number in range(129, 119, -1)]
    kind = Kind.TRUE_FALSE.value
    assert listed(ines.get(f"{address}&kind={kind}").text) == ["407", "307", "207", "107", "007"]


def test_several_are_ticked_at_once_and_stand_in_the_quiz_once(session, draft, ines, big):  # noqa: F811
    address = there(draft, f"{CHOOSE}?bank={big.public_id}&q=Number+12")
    boxes = re.findall(r'name="question" value="([^"]+)"', ines.get(address).text)

    answer = send(ines, address, question=boxes[:3], mark="2")

    assert answer.status_code == 302
    page = ines.get(answer.location).text
    assert ("3 questions are added." in page, page.count("In the quiz"), len(listed(page))) == (True, 3, 10)
    plan = newest(session, draft).outlined
    assert [(each.mark, each.version) for each in plan.fixed] == [(2.0, None)] * 3
    again = send(ines, address, question=boxes[:1])
    assert (again.status_code, newest(session, draft).outlined) == (422, plan)


@pytest.mark.parametrize(
    ("change", "order"),
    [
        (lambda plan: editing.move_slot(plan, 1, 3), [["b", "c", "a"], ["d"], []]),
        (lambda plan: editing.move_slot(plan, 3, 1), [["c", "a", "b"], ["d"], []]),
        (lambda plan: editing.move_slot(plan, 1, 4), [["b", "c"], ["a", "d"], []]),
        (lambda plan: editing.lower_slot(plan, 3), [["a", "b"], ["c", "d"], []]),
        (lambda plan: editing.lower_slot(plan, 4), [["a", "b", "c"], [], ["d"]]),
        (lambda plan: editing.raise_slot(plan, 4), [["a", "b", "c", "d"], [], []]),
        (lambda plan: editing.raise_slot(plan, 1), [["a", "b", "c"], ["d"], []]),
    ],
)
def test_slots_change_places_within_sections_and_across(change, order):
    letters = "abcd"
    slots = [FixedPlan(question=number) for number in range(4)]
    plan = Plan(sections=(SectionPlan(slots=tuple(slots[:3])), SectionPlan(slots=tuple(slots[3:])), SectionPlan()))

    moved = change(plan)

    assert [[letters[each.question] for each in section.slots] for section in moved.sections] == order


def test_what_dragging_sends_moves_a_slot(session, draft, ines):  # noqa: F811
    for count in ("1", "2", "3"):
        send(ines, there(draft, "/sections/1/rules/new"), count=count)
    seen = fields_of(ines.get(there(draft)).text, there(draft, "/slots/1/removal"))["seen"]

    def drop(act: str) -> bool:
        page = ines.post(there(draft, "/slots/4/place"), data={"seen": seen, "act": act}, follow_redirects=True).text
        return "There is no such place in the quiz." in page

    assert [drop(act) for act in ("x", "9", "1")] == [True, True, False]
    assert [slot.asks for slot in newest(session, draft).outlined.slots] == [3, 15, 1, 2]
