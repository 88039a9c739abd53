"""Ines makes a quiz, changes it, looks at it and publishes it, by her pages alone and without JavaScript."""

from __future__ import annotations

import re
from datetime import UTC, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lti_tool.models import Role
from quizzes import starting
from quizzes.designing import presets, revising
from quizzes.designing.models import QuizRevision
from quizzes.designing.plan import FixedPlan, Plan, RulePlan
from quizzes.designing.reviewing import PRACTICE, PRESETS, Moment, Preset, Shown
from quizzes.designing.settings import Grading
from quizzes.models import Quiz
from quizzes.questions import Question, QuestionState
from tests.cast import THEN
from tests.quizzes.making import a_quiz

Fields = dict[str, Any]


@pytest.fixture
def ines(app, cast, course) -> FlaskClient:
    return cast.visit(app.test_client(), cast.enrol(course, "Ines", Role.INSTRUCTOR))


@pytest.fixture
def draft(session, course, quiz, ines) -> Quiz:
    """A short check, made by her pages."""
    bank = str(quiz.bank.id)
    ines.post(all_of(course, "new"), data={"title": "Fire safety", "preset": "short", "bank": bank})
    return session.scalars(select(Quiz).where(Quiz.title == "Fire safety")).one()


def all_of(course, rest: str = "all") -> str:
    return f"/courses/{course.public_id}/quizzes/{rest}"


def there(quiz: Quiz, rest: str = "") -> str:
    return f"/courses/{quiz.course.public_id}/quizzes/{quiz.public_id}/design{rest}"


def fields_of(page: str, action: str = "") -> Fields:
    """What the form with the settings, or of this address, would send as it stands."""
    form = next(
        form
        for form in re.findall(r"<form.*?</form>", page, flags=re.DOTALL)
        if (f'action="{action}"' in form if action else not _is_aside(form))
    )
    found: Fields = {}
    for field in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', field), re.search(r'value="([^"]*)"', field)
        if name and (("checkbox" not in field and "radio" not in field) or " checked" in field):
            found.setdefault(name[1], []).append(value[1] if value else "")
    for name, options in re.findall(r'<select[^>]*name="([^"]*)".*?>(.*?)</select>', form, flags=re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', options) or re.search(r'value="([^"]*)"', options)
        found[name] = [chosen[1]] if chosen else []
    return found


def _is_aside(form: str) -> bool:
    """Whether it is a button alone, looks for something, or is what dragging sends."""
    return any(sign in form for sign in ("one-button", 'role="search"', 'id="dropping"'))


def send(client: FlaskClient, address: str, **changes: Any) -> TestResponse:
    """Open this page, fill in these things and send it."""
    fields = fields_of(client.get(address).text) | changes
    return client.post(address, data={name: value for name, value in fields.items() if value is not None})


def seen_in(page: str) -> str:
    """The word for the plan that this page shows."""
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found
    return found[1]


def newest(session: Session, quiz: Quiz) -> QuizRevision:
    session.expire_all()
    return revising.newest(session, quiz)


def test_a_quiz_from_a_ready_made_one_is_a_draft_that_learners_do_not_find(app, session, cast, leo, draft, ines):
    client = cast.visit(app.test_client(), leo)

    page = ines.get(there(draft)).text

    ready = presets.READY_MADE[presets.Preset.SHORT]
    revision = newest(session, draft)
    assert (revision.rules, revision.outlined.asks, draft.is_published) == (ready.settings, 15, False)
    assert "Draft" in page
    assert "Nothing" not in page or "Somebody who only guesses passes" in page
    address = f"/courses/{draft.course.public_id}/quizzes/{draft.public_id}"
    assert (client.get(address).status_code, client.post(f"{address}/attempts").status_code) == (404, 404)


def test_what_a_quiz_asks_comes_before_its_settings_and_one_button_is_next(session, draft, ines):
    draft_page = ines.get(there(draft)).text
    ines.post(there(draft, "/slots/1/removal"), data={"seen": seen_in(draft_page)})
    empty = ines.get(there(draft)).text

    def headings(page: str) -> list[str]:
        return re.findall(r"<h2[^>]*>([^<]*)</h2>", page)

    def primary(page: str) -> list[str]:
        return re.findall(r'class="button is-primary"[^>]*>([^<]*)<', page)

    assert headings(draft_page) == ["Before it is published", "What it asks", "Settings"]
    assert (primary(draft_page), primary(empty)) == (["Publish"], ["Add a rule"])
    ines.post(
        there(draft, "/sections/1/rules/new"), data=fields_of(ines.get(f"{there(draft)}/sections/1/rules/new").text)
    )
    ines.post(there(draft, "/publication"))
    published = ines.get(there(draft)).text
    assert headings(published) == ["What it asks", "Settings", "What to know about it"]
    assert primary(published) == ["Save the settings"]


def test_each_part_of_the_settings_says_how_it_is_before_it_is_opened(draft, ines):
    ines.set_cookie("time_zone", "Europe/Vienna")
    send(
        ines, there(draft), minutes="25", opens="2027-01-04T09:00", access_code="Soup", topic_percent="40", per_page="4"
    )

    page = ines.get(there(draft)).text

    lines = re.findall(r'<b>([^<]*)</b><span class="detail">([^<]*)</span>', page)
    assert [(name, " ".join(said.split())) for name, said in lines] == [
        ("Title, questions and time", "15 questions in at most 25 minutes."),
        (
            "Attempts and what counts",
            "2 attempts. Another attempt is for those who have not passed. The best one counts.",
        ),
        ("Passing, or practice alone", "Passed with 70% or more. Ready with 40% in each topic."),
        ("Opening, closing and access code", "Opens Jan 4, 2027, 9:00 AM UTC. With an access code."),
        ("What learners see afterwards", "What was missed; right answers and why once no attempt is left."),
        ("Pages and order", "4 questions on a page. To and fro, as learners like."),
    ]
    assert '<details class="setting" open' not in page
    assert "Soup" not in page.replace('value="Soup"', "")


@pytest.mark.parametrize("preset", list(presets.Preset))
def test_every_ready_made_quiz_can_be_published_at_once(session, course, quiz, ines, preset):
    ines.post(all_of(course, "new"), data={"title": "New", "preset": preset.value, "bank": str(quiz.bank.id)})
    made = session.scalars(select(Quiz).where(Quiz.title == "New")).one()

    answer = ines.post(there(made, "/publication"))

    session.expire_all()
    assert (answer.status_code, made.is_published) == (302, True)


def test_saving_without_a_change_changes_nothing(session, draft, ines):
    before = newest(session, draft)
    said = (before.title, before.outlined, before.rules)

    answer = send(ines, there(draft))

    after = newest(session, draft)
    assert (answer.status_code, (after.title, after.outlined, after.rules), after.n) == (302, said, 1)


def test_all_settings_are_saved_in_her_own_zone(session, draft, ines):
    ines.set_cookie("time_zone", "Europe/Vienna")
    send(
        ines,
        there(draft),
        title="  Fire   drill ",
        count="12",
        minutes="",
        attempts="",
        until_passed=None,
        pass_percent="60",
        opens="2027-01-04T09:00",
        closes="2027-01-08T18:30",
        access_code=" Soup ",
        wait_once="90",
        wait_later="1440",
        grading="average",
        topic_percent="40",
        review="topics",
        navigation="sequential",
        per_page="4",
    )

    rules = newest(session, draft).rules
    assert (newest(session, draft).title, newest(session, draft).outlined.asks) == ("Fire drill", 12)
    assert (rules.limit, rules.attempts, rules.until_passed, rules.pass_percent) == (None, None, False, 60)
    assert rules.opens is not None
    assert rules.closes is not None
    assert rules.closes - rules.opens == timedelta(days=4, hours=9, minutes=30)
    assert rules.opens.tzinfo == UTC
    assert (rules.wait_once, rules.wait_later) == (timedelta(minutes=90), timedelta(days=1))
    assert (rules.grading, rules.topic_percent, rules.review) == (Grading.AVERAGE, 40, PRESETS[Preset.TOPICS])
    assert (rules.access_code, rules.per_page, rules.navigation.value) == ("Soup", 4, "sequential")
    page = fields_of(ines.get(there(draft)).text)
    assert (page["opens"], page["closes"]) == (["2027-01-04T09:00"], ["2027-01-08T18:30"])


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", "  ", "Give the quiz a title."),
        ("count", "many", "Questions: write a whole number from 1 to 200."),
        ("minutes", "0", "Minutes: write a whole number from 1 to 1440."),
        ("attempts", "-1", "Attempts: write a whole number from 1 to 100."),
        ("pass_percent", "101", "Percent to pass: write a whole number from 0 to 100."),
        ("opens", "soon", "Opens: give a day and a time as 2026-09-14T09:00."),
        ("closes", "0001-01-01T00:00", "Closes: give a day of this century."),
        ("grading", "luck", "Choose one of the list."),
        ("review", "luck", "Choose one of the list."),
        ("access_code", "x" * 101, "Write at most 100 characters."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_saved(session, draft, ines, field, value, sentence):
    before = newest(session, draft).settings

    answer = send(ines, there(draft), **{"pass_percent": "33", field: value})

    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert newest(session, draft).settings == before


def test_practice_is_free_and_open_and_can_be_made_graded_again(session, draft, ines):
    send(ines, there(draft), is_practice="y")
    practice = newest(session, draft).rules
    send(ines, there(draft), is_practice=None, attempts="2")
    graded = newest(session, draft).rules

    assert (practice.attempts, practice.until_passed, practice.review) == (None, False, PRACTICE)
    assert (graded.attempts, graded.is_practice, graded.review) == (2, False, PRESETS[Preset.AFTER_LAST])


def test_what_somebody_has_practiced_with_is_not_graded_but_copied(session, draft, ines, leo):
    send(ines, there(draft), is_practice="y")
    ines.post(there(draft, "/publication"))
    session.expire_all()
    starting.start(session, draft, leo, seed=bytes(16), at=THEN)
    session.commit()
    send(ines, there(draft), is_practice=None)

    refused = ines.post(there(draft, "/publication"))

    assert refused.status_code == 422
    assert "Some have practiced with it and know the answers" in refused.text
    session.expire_all()
    assert draft.settings.is_practice


def test_what_is_published_stays_until_the_changes_are(session, draft, ines):
    ines.post(there(draft, "/publication"))
    send(ines, there(draft), count="5", title="Other")

    session.expire_all()
    assert (draft.title, draft.published.outlined.asks, draft.published.n) == ("Fire safety", 15, 1)
    assert "Published, with changes that are not" in ines.get(there(draft)).text
    ines.post(there(draft, "/publication"))
    session.expire_all()
    assert (draft.title, draft.published.outlined.asks, draft.published.n) == ("Other", 5, 2)


def test_changes_can_be_dropped(session, draft, ines):
    ines.post(there(draft, "/publication"))
    send(ines, there(draft), count="5")

    ines.post(there(draft, "/changes/removal"))

    assert [(each.n, each.outlined.asks) for each in draft.revisions] == [(1, 15)]


def test_what_stands_in_the_way_is_said_and_nothing_is_published(session, draft, ines):
    send(ines, there(draft), count="100")

    answer = ines.post(there(draft, "/publication"))

    session.expire_all()
    assert (answer.status_code, draft.is_published) == (422, False)
    assert 'value="100"' in answer.text  # The settings stand there as they are kept.
    assert (
        "Number 1 (100 questions from Onboarding quiz) wants 100 questions, and there are 60 that fit." in answer.text
    )
    assert "Change number 1" in answer.text


def test_it_is_taken_back_and_deleted_as_long_as_nobody_has_begun(session, draft, ines):
    ines.post(there(draft, "/publication"))

    ines.post(there(draft, "/draft"))
    session.expire_all()
    assert (draft.is_published, [each.n for each in draft.revisions]) == (False, [1])
    ines.post(there(draft, "/removal"))

    session.expunge_all()
    assert session.scalars(select(Quiz.title)).all() == ["Onboarding quiz"]


@pytest.mark.parametrize("act", ["/draft", "/removal"])
def test_once_somebody_has_begun_it_stays(session, draft, ines, leo, act):
    ines.post(there(draft, "/publication"))
    session.expire_all()
    starting.start(session, draft, leo, seed=bytes(16), at=THEN)
    session.commit()

    answer = ines.post(there(draft, act), follow_redirects=True)

    session.expire_all()
    assert draft.is_published
    assert "Somebody has begun it, so it stays" in answer.text
    assert "Delete the quiz" not in answer.text


def test_a_copy_is_a_draft_that_says_the_same(session, draft, ines):
    answer = ines.post(there(draft, "/copies"), follow_redirects=True)

    copy = session.scalars(select(Quiz).where(Quiz.title == "Copy of Fire safety")).one()
    assert "This is the copy. It is a draft." in answer.text
    assert (newest(session, copy).plan, newest(session, copy).settings) == (
        newest(session, draft).plan,
        newest(session, draft).settings,
    )


def test_sections_rules_and_questions_are_put_together_page_by_page(session, draft, ines):
    bank = newest(session, draft).bank
    category = bank.categories[0]
    question = session.scalars(select(Question).where(Question.bank_id == bank.id).order_by(Question.id)).first()

    send(ines, there(draft, "/sections/new"), title="Part two", is_shuffled=None)
    send(ines, there(draft, "/sections/2/questions/new"), question=question.public_id, mark="2,5", is_pinned="y")
    send(
        ines,
        there(draft, "/sections/2/rules/new"),
        count="3",
        source=f"{bank.id}-{category.id}",
        tags_all="fire,  exits , fire",
        lowest="2",
        easy="1",
        hard="1",
        met="random",
        mark="0.5",
    )

    plan = newest(session, draft).outlined
    assert [section.title for section in plan.sections] == ["", "Part two"]
    _first, fixed, rule = plan.slots
    assert isinstance(fixed, FixedPlan)
    assert (fixed.question, fixed.version is None, fixed.mark) == (question.id, False, 2.5)
    assert isinstance(rule, RulePlan)
    assert (rule.count, rule.category, rule.tags_all, rule.shares) == (3, category.id, ("fire", "exits"), (1, 0, 1))
    assert (rule.lowest, rule.seen.value, rule.mark) == (2, "random", 0.5)
    page = ines.get(there(draft)).text
    assert f"3 questions from {bank.title}: {category.title}" in page
    assert "with all of these tags: fire, exits" in page
    assert "worth 2.5" in page


def test_slots_are_changed_moved_and_taken_out(session, draft, ines):
    send(ines, there(draft, "/sections/1/rules/new"), count="4")
    send(ines, there(draft, "/slots/1"), count="7")

    def press(act: str) -> list[int]:
        seen = fields_of(ines.get(there(draft)).text, there(draft, "/slots/1/removal"))["seen"]
        ines.post(there(draft, act), data={"seen": seen})
        return [slot.asks for slot in newest(session, draft).outlined.slots]

    assert press("/slots/2/up") == [4, 7]
    assert press("/slots/1/down") == [7, 4]
    assert press("/slots/1/removal") == [4]


def test_whoever_saw_another_plan_looks_again(session, draft, ines):
    old = fields_of(ines.get(there(draft, "/slots/1")).text)
    send(ines, there(draft, "/slots/1"), count="9")

    answer = ines.post(there(draft, "/slots/1"), data=old | {"count": "3"}, follow_redirects=True)

    assert "Somebody has changed the quiz meanwhile." in answer.text
    assert newest(session, draft).outlined.asks == 9


@pytest.mark.parametrize(
    ("rest", "field", "value", "sentence"),
    [
        ("/sections/1/rules/new", "count", "0", "How many questions: write a whole number from 1 to 200."),
        ("/sections/1/rules/new", "source", "999", "Choose one of the list."),
        ("/sections/1/rules/new", "lowest", "3", ""),
        ("/sections/1/rules/new", "highest", "1", ""),
        ("/sections/1/rules/new", "mark", "0", "Each is worth: write a number above 0 and up to 100"),
        ("/sections/1/rules/new", "easy", "x", "Parts easy: write a whole number from 0 to 100."),
        ("/sections/1/questions/new", "question", "999", "Choose questions first: tick the box before each."),
        ("/sections/1/questions/new", "mark", "1e3", "Each is worth: write a number above 0 and up to 100"),
        ("/sections/new", "title", "x" * 201, "Write at most 200 characters."),
    ],
)
def test_a_part_that_cannot_be_is_refused_in_words(session, draft, ines, rest, field, value, sentence):
    before = newest(session, draft).plan

    answer = send(ines, there(draft, rest), **{field: value})

    if sentence:
        assert (answer.status_code, sentence in answer.text) == (422, True)
        assert newest(session, draft).plan == before
    else:
        assert answer.status_code == 302


def test_difficulties_the_wrong_way_round_are_refused(draft, ines):
    answer = send(ines, there(draft, "/sections/1/rules/new"), lowest="3", highest="1")

    assert answer.status_code == 422
    assert "The lowest difficulty is above the highest." in answer.text


@pytest.mark.parametrize("rest", ["/sections/9", "/slots/9", "/sections/9/rules/new", "/slots/0"])
def test_what_is_not_there_is_not_found(draft, ines, rest):
    assert ines.get(there(draft, rest)).status_code == 404


def test_boxes_of_the_matrix_are_set_one_by_one(session, draft, ines):
    send(ines, there(draft, "/review"), just_after=["mark", "maximum"], later=[], closed=["overall"], keys_wait=None)

    review = newest(session, draft).rules.review
    assert review.at == {
        Moment.DURING: frozenset(),
        Moment.JUST_AFTER: {Shown.MARK, Shown.MAXIMUM},
        Moment.LATER: frozenset(),
        Moment.CLOSED: {Shown.OVERALL},
    }
    assert not review.keys_wait
    assert "Box by box, as chosen below" in ines.get(there(draft)).text
    send(ines, there(draft), pass_percent="50")
    assert newest(session, draft).rules.review == review


def test_what_stands_beside_questions_is_not_ticked_without_them(session, draft, ines):
    before = newest(session, draft).settings

    answer = send(ines, there(draft, "/review"), just_after=["mark", "right_answer"], later=[], closed=[])

    assert answer.status_code == 422
    assert "Just after handing in: “The right answer” stands beside the questions." in answer.text
    assert newest(session, draft).settings == before


def test_for_while_an_attempt_runs_what_there_is_to_tell_then_is_ticked(session, draft, ines):
    page = ines.get(there(draft, "/review")).text
    send(ines, there(draft, "/review"), during=["correctness", "mark"], keys_wait="y")

    assert (page.count("Always shown"), page.count("Not known yet"), page.count('name="during"')) == (1, 2, 5)
    assert "Checking fixes the answer, which cannot be changed any more in that attempt" in page
    assert newest(session, draft).rules.review.on_check == {Shown.ATTEMPT, Shown.CORRECTNESS, Shown.MARK}


@pytest.mark.parametrize(
    ("during", "waits", "sentence"),
    [
        (["overall", "attempt"], None, "Please look at this again"),
        (["correctness", "general"], "y", "While an attempt runs: “Why” cannot be shown then."),
        (["mark", "maximum"], None, "While an attempt runs: with these alone a check would say nothing."),
    ],
)
def test_what_a_check_could_never_tell_is_refused(session, draft, ines, during, waits, sentence):
    before = newest(session, draft).settings

    answer = send(ines, there(draft, "/review"), during=during, keys_wait=waits)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert newest(session, draft).settings == before


def test_practice_has_checks_until_they_are_switched_off(session, draft, ines):
    send(ines, there(draft), is_practice="y")
    with_checks = newest(session, draft).rules.review
    pages = [ines.get(there(draft, "/review")).text]
    send(ines, there(draft), is_practice="y", review=Preset.AT_ONCE.value)
    without = newest(session, draft).rules.review
    pages.append(ines.get(there(draft, "/review")).text)
    send(ines, there(draft), is_practice="y", review=Preset.SCORE.value)

    assert [bool(each.on_check) for each in (with_checks, without)] == [True, False]
    assert ["you can switch that off" in page for page in pages] == [True, False]
    assert newest(session, draft).rules.review == PRESETS[Preset.ONE_BY_ONE]


def test_the_preview_shows_one_draw_after_the_other(session, draft, ines):
    address = f"/courses/{draft.course.public_id}/quizzes/{draft.public_id}/preview"

    pages = [ines.get(f"{address}{rest}").text for rest in ("", "?draw=1", "?draw=2")]

    first, again, second = (page.partition('class="question"')[2].partition("Another draw")[0] for page in pages)
    assert (first == again, first == second) == (True, False)
    assert "Another draw" in pages[0]


def test_the_list_says_what_is_published_and_what_is_not(session, course, quiz, draft, ines):
    page = ines.get(all_of(course)).text

    assert [title in page for title in ("Fire safety", "Onboarding quiz")] == [True, True]
    assert page.count("Draft") == 1


def test_others_are_not_let_in(app, cast, course, draft, leo):
    assistant = cast.enrol(course, "Zoe", Role.ASSISTANT)
    stranger = cast.enrol(cast.course("Elsewhere"), "Ida", Role.INSTRUCTOR)

    codes = [cast.visit(app.test_client(), who).get(there(draft)).status_code for who in (leo, assistant, stranger)]

    assert [code in (403, 404) for code in codes] == [True, True, True]


def test_a_retired_question_is_named_on_the_page(session, draft, ines):
    question = session.scalars(select(Question).order_by(Question.id)).first()
    send(ines, there(draft, "/sections/1/questions/new"), question=question.public_id)
    question.state = QuestionState.RETIRED
    session.commit()

    page = ines.get(there(draft)).text

    assert "The question of number 2 is retired" in page


def test_a_published_revision_does_not_change(session, draft, ines):
    ines.post(there(draft, "/publication"))
    session.expire_all()

    draft.published.plan = Plan().as_json()

    with pytest.raises(TypeError, match="is published"):
        session.flush()
    session.rollback()


def test_two_quizzes_stand_side_by_side_for_learners(app, session, cast, course, quiz, leo):
    a_quiz(session, course, quiz.bank, "second", "Second")

    page = cast.visit(app.test_client(), leo).get(f"/courses/{course.public_id}/quizzes/").text

    assert [title in page for title in ("Onboarding quiz", "Second")] == [True, True]
