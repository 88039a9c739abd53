"""Two instructors at the same draft, at the same moment."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lti_tool.models import Enrolment, Role
from mentoring.mentorships.models import Mentorship, Place
from mentoring.pairing.matching.people import Question
from mentoring.pairing.models import MatchRun, RunState
from mentoring.pairing.runs.beginning import begin
from mentoring.pairing.runs.drafting import token
from tests.cast import THEN
from tests.mentoring.at_once import at_once
from tests.mentoring.conftest import School
from tests.mentoring.reading import words

Visit = Callable[[Enrolment], FlaskClient]


@pytest.fixture
def draft(school: School) -> MatchRun:
    school.mentors(maya=2)
    run = begin(school.session, school.cohort, by=school.ines, at=THEN)
    school.session.commit()
    return run


@pytest.mark.parametrize("_round", range(10))
def test_a_draft_is_published_once_and_the_other_is_told_who_did(
    school: School, visit: Visit, draft: MatchRun, _round: int
):
    tom = school.join("Tom Reed", Role.INSTRUCTOR)
    address, seen = _address(school, draft), token(draft)
    clients = visit(school.ines), visit(tom)

    answers = at_once(
        *(lambda client=client: client.post(f"{address}/publish", data={"seen": seen}) for client in clients)
    )

    made = school.session.scalar(select(func.count()).select_from(Mentorship))
    assert (made, school.session.scalar(select(func.count()).select_from(Place))) == (2, 2)
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    winner = ("Ines Torres", "Tom Reed")[[answer.status_code for answer in answers].index(302)]
    [loser] = [answer for answer in answers if answer.status_code == 409]
    assert f"{winner} has published this draft already, so nothing was done a second time." in words(loser)


@pytest.mark.parametrize("_round", range(5))
def test_whoever_changes_what_another_is_publishing_is_told_or_is_first(
    school: School, visit: Visit, draft: MatchRun, _round: int
):
    tom = school.join("Tom Reed", Role.INSTRUCTOR)
    address, seen, match = _address(school, draft), token(draft), draft.matches[0].public_id
    ines, toms = visit(school.ines), visit(tom)

    publishing, unpairing = at_once(
        lambda: ines.post(f"{address}/publish", data={"seen": seen}),
        lambda: toms.post(address, data={"seen": seen, "act": f"unpair:{match}"}),
    )

    run = school.session.scalars(select(MatchRun).execution_options(populate_existing=True)).one()
    made = school.session.scalar(select(func.count()).select_from(Mentorship))
    if publishing.status_code == 302:
        assert (unpairing.status_code, run.state, made) == (409, RunState.PUBLISHED, 2)
    else:
        assert (publishing.status_code, unpairing.status_code, run.state, made) == (409, 302, RunState.DRAFT, 0)


@pytest.mark.parametrize("_round", range(5))
def test_a_draft_is_published_or_put_away_and_never_both(school: School, visit: Visit, draft: MatchRun, _round: int):
    tom = school.join("Tom Reed", Role.INSTRUCTOR)
    address, seen = _address(school, draft), token(draft)
    ines, toms = visit(school.ines), visit(tom)

    at_once(
        lambda: ines.post(f"{address}/publish", data={"seen": seen}),
        lambda: toms.post(f"{address}/discard"),
    )

    state = school.session.scalars(select(MatchRun.state)).one()
    made = school.session.scalar(select(func.count()).select_from(Mentorship))
    assert (state, made) in ((RunState.PUBLISHED, 2), (RunState.DISCARDED, 0))


@pytest.mark.parametrize("_round", range(3))
def test_however_many_suggest_again_at_once_one_draft_is_open(
    school: School, visit: Visit, draft: MatchRun, _round: int
):
    address = f"/courses/{school.course.public_id}/mentoring/pairing/runs"
    clients = [visit(school.ines) for _ in range(4)]

    answers = at_once(*(lambda client=client: client.post(address) for client in clients))

    states = school.session.scalars(select(MatchRun.state).order_by(MatchRun.number)).all()
    assert [answer.status_code for answer in answers] == [302] * 4
    assert states == [RunState.DISCARDED] * 4 + [RunState.DRAFT]


@pytest.mark.parametrize("_round", range(3))
def test_weights_that_are_tried_several_times_at_once_are_tried_each_time(
    school: School, visit: Visit, draft: MatchRun, _round: int
):
    draft.state = RunState.DISCARDED
    school.session.commit()
    clients = [visit(school.ines) for _ in range(3)]
    weights = {question.value: "3" for question in Question}

    answers = at_once(
        *(lambda client=client: client.post(f"{_address(school, draft)}/weights", data=weights) for client in clients)
    )

    assert [answer.status_code for answer in answers] == [302] * 3
    assert school.session.scalars(select(MatchRun.number).order_by(MatchRun.number)).all() == [1, 2, 3, 4]


@pytest.mark.parametrize("_round", range(5))
def test_two_who_ask_for_suggestions_leave_one_draft_open(school: School, visit: Visit, _round: int):
    school.mentors(maya=2)
    tom = school.join("Tom Reed", Role.INSTRUCTOR)
    address = f"/courses/{school.course.public_id}/mentoring/pairing/runs"
    clients = visit(school.ines), visit(tom)

    answers = at_once(*(lambda client=client: client.post(address) for client in clients))

    states = school.session.scalars(select(MatchRun.state).order_by(MatchRun.id)).all()
    assert [answer.status_code for answer in answers] == [302, 302]
    assert states == [RunState.DISCARDED, RunState.DRAFT]


def test_locked_pairs_that_cannot_all_be_kept_are_told_with_what_to_do(school: School, visit: Visit, draft: MatchRun):
    for match in draft.matches:
        match.is_locked = True
    offer = draft.matches[0].mentor.offer
    assert offer is not None
    offer.capacity = 1
    school.session.commit()

    answer = visit(school.ines).post(f"/courses/{school.course.public_id}/mentoring/pairing/runs")

    assert answer.status_code == 422
    assert (
        "More pairs are locked with Maya Okafor (2) than there are free places (1). Unlock a pair, or give Maya Okafor"
        " more places; then have pairs suggested again."
    ) in words(answer)
    school.session.expire_all()
    assert school.session.scalars(select(MatchRun.state)).all() == [RunState.DRAFT]
    assert [match.is_locked for match in draft.matches] == [True, True]


def _address(school: School, run: MatchRun) -> str:
    return f"/courses/{school.course.public_id}/mentoring/pairing/runs/{run.public_id}"
