"""Every box of the matrix: eight things by four moments, each shown where it is ticked and nowhere else."""

from __future__ import annotations

import html
import json
from datetime import timedelta

import pytest

from lti_tool import clock
from lti_tool.models import Role
from quizzes import closing, starting
from quizzes.designing.reviewing import AFTERWARDS, AT_A_CHECK, EVERYTHING, Moment, Review, Shown
from quizzes.kinds import CHOSEN
from quizzes.marks import giving
from quizzes.marks.giving import Given
from quizzes.models import Attempt
from tests.cast import THEN
from tests.quizzes.conftest import right_answers
from tests.quizzes.making import changed

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WHEN = {
    Moment.DURING: THEN + MINUTE,
    Moment.JUST_AFTER: THEN + 3 * MINUTE,
    Moment.LATER: THEN + 30 * MINUTE,
    Moment.CLOSED: THEN + 2 * HOUR,
}
REMARK = "Read the poster beside the door."
A, C = Shown.ATTEMPT, Shown.CORRECTNESS
BESIDE = {each: {A} for each in (C, Shown.SPECIFIC, Shown.GENERAL, Shown.RIGHT_ANSWER)}
"""What has to be ticked as well."""
LEANING = {A: set(BESIDE)}
"""What goes along when that is unticked."""


def sign_of(what: Shown, attempt: Attempt) -> str:
    """What the page of a result says where this is shown."""
    missed = attempt.answers[10].version
    return {
        A: missed.text,
        C: "What was missed",
        Shown.MARK: "You earned 5",
        Shown.MAXIMUM: "could earn",
        Shown.SPECIFIC: REMARK,
        Shown.GENERAL: missed.why,
        Shown.RIGHT_ANSWER: ">Right answer",
        Shown.OVERALL: "How each topic went",
    }[what]


@pytest.fixture
def attempt(session, course, cast, quiz, leo) -> Attempt:
    """Five of twenty right, with a remark on one of the others."""
    attempt = starting.start(session, quiz, leo, seed=bytes(16), at=THEN)
    closing.hand_in(session, attempt, right_answers(attempt, range(1, 6)), at=THEN + 2 * MINUTE)
    session.commit()
    ines = cast.enrol(course, "Ines", Role.INSTRUCTOR)
    given = Given(fraction=0.0, comment=REMARK)
    giving.give(session, attempt, 11, given, by=ines, seen=0, at=THEN + 2 * MINUTE)
    session.commit()
    return attempt


@pytest.fixture
def see(app, session, cast, quiz, leo):
    """Leo's pages at a moment, with this review."""
    client = cast.visit(app.test_client(), leo)

    def seen(attempt: Attempt, moment: Moment, review: Review) -> dict[str, str]:
        changed(session, quiz, attempts=1, closes=THEN + HOUR, review=review)
        course = f"/courses/{leo.course.public_id}"
        with clock.moved_to(WHEN[moment]):
            return {
                "result": client.get(f"{course}/quizzes/attempts/{attempt.public_id}").text,
                "quiz": client.get(f"{course}/quizzes/{quiz.public_id}").text,
                "home": client.get(f"{course}/").text,
            }

    return seen


@pytest.mark.parametrize("what", list(Shown))
@pytest.mark.parametrize("moment", AFTERWARDS)
def test_a_box_shows_one_thing_at_one_moment(see, attempt, moment, what):
    alone = Review(at={moment: frozenset({what} | BESIDE.get(what, set()))}, keys_wait=False)
    others = dict.fromkeys(AFTERWARDS, EVERYTHING)
    without = Review(at={**others, moment: EVERYTHING - {what} - LEANING.get(what, set())}, keys_wait=False)
    sign = sign_of(what, attempt)

    with_it, without_it = see(attempt, moment, alone), see(attempt, moment, without)

    assert sign in with_it["result"]
    assert sign not in without_it["result"]
    if what in (Shown.MARK, Shown.MAXIMUM):
        assert ["5 of 20" in page for page in without_it.values()] == [False, False, False]


@pytest.mark.parametrize("what", list(Shown))
def test_while_an_attempt_runs_nothing_is_shown_before_a_check(app, session, cast, quiz, leo, what):
    """Whatever stands in the settings: on pages and in what the page's script is told."""
    changed(session, quiz, review=Review(at=dict.fromkeys(Moment, EVERYTHING), keys_wait=False))
    attempt = starting.start(session, quiz, leo, seed=bytes(16), at=THEN)
    session.commit()
    client = cast.visit(app.test_client(), leo)
    course = f"/courses/{leo.course.public_id}/quizzes"
    here = f"{course}/attempts/{attempt.public_id}"
    place, answer = next(iter(right_answers(attempt).items()))
    batch = json.dumps({"answers": [[place, 1, answer, False]]})

    with clock.moved_to(WHEN[Moment.DURING]):
        said = [
            client.post(f"{here}/batch", data={"batch": batch}).text,
            client.post(f"{here}/opening", data={"page": "0123456789abcdef"}).text,
            client.get(f"{here}/pulse").text,
            client.get(here).text,
            client.get(f"{course}/{quiz.public_id}").text,
        ]

    shown = [sign_of(what, attempt) in each for each in said]
    # The questions themselves are what an attempt is about; nothing else of it is told.
    assert shown == [False, False, False, what is Shown.ATTEMPT, False]
    assert not any(word in each for word in ("correct", "fraction", 'mark"', 'right"') for each in said[:3])


def sign_on_check(what: Shown, attempt: Attempt) -> str:
    """What the page of a running attempt says of a question that was checked, answered wrongly."""
    asked = attempt.answers[0].version
    return {
        C: "Not right",
        Shown.MARK: "<dd>0",
        Shown.MAXIMUM: "of 1</dd>",
        Shown.GENERAL: asked.why,
        Shown.RIGHT_ANSWER: ">Right answer",
    }[what]


@pytest.mark.parametrize("what", [each for each in Shown if each in AT_A_CHECK])
def test_a_box_for_the_time_while_an_attempt_runs_shows_one_thing_of_what_was_checked(
    app, session, cast, quiz, leo, what
):
    needed = {C} if what in (Shown.MARK, Shown.MAXIMUM) else set()
    needed |= {Shown.MARK} if what is Shown.MAXIMUM else set()
    leaning = {C: {Shown.MARK, Shown.MAXIMUM}, Shown.MARK: {Shown.MAXIMUM}}.get(what, set())
    alone = Review(at={Moment.DURING: frozenset({what, *needed})}, keys_wait=False)
    without = Review(at={Moment.DURING: AT_A_CHECK - {what} - leaning}, keys_wait=False)
    changed(session, quiz, review=alone)
    attempt = starting.start(session, quiz, leo, seed=bytes(16), at=THEN)
    wrong = next(
        each for each in attempt.answers[0].options if each.id not in attempt.answers[0].version.right_answer[CHOSEN]
    )
    closing.keep(session, attempt, {1: {CHOSEN: [wrong.id]}}, at=THEN)
    session.commit()
    client = cast.visit(app.test_client(), leo)
    here = f"/courses/{leo.course.public_id}/quizzes/attempts/{attempt.public_id}"
    sign = sign_on_check(what, attempt)

    with clock.moved_to(WHEN[Moment.DURING]):
        before = client.get(here).text
        with_it = client.post(f"{here}/questions/1/check", data={"seq": "1"}).json["html"], client.get(here).text
        changed(session, quiz, review=without)
        without_it = client.get(here).text

    pages = [html.unescape(page) for page in (before, *with_it, without_it)]
    assert [sign in page for page in pages] == [False, True, True, False]
    hidden = [sign_on_check(each, attempt) for each in AT_A_CHECK - {what} - needed]
    assert [each for each in hidden if each in pages[1]] == []


def test_right_answers_that_wait_are_not_told_by_a_check():
    everything = {Moment.DURING: AT_A_CHECK}

    assert Review(at=everything).on_check == {A, C, Shown.MARK, Shown.MAXIMUM}
    assert Review(at=everything, keys_wait=False).on_check == {A, *AT_A_CHECK}
    assert Review(at={Moment.DURING: frozenset({Shown.GENERAL})}).on_check == frozenset()
