"""The table of states: every step that may be taken, every one that may not, and no state that waits for ever."""

from __future__ import annotations

from itertools import product

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from mentoring.mentorships.allowing import CIRCLES, TABLE, Act, Seat, acts_open_to, may
from mentoring.mentorships.choosing import Choice, next_choice
from mentoring.mentorships.clocks import STRIKES
from mentoring.mentorships.models import Mentorship, NotPossible
from mentoring.mentorships.refusing import Refusal, require
from mentoring.mentorships.states import FOLLOWING, OPEN, STANDING, MentorshipState, is_final
from mentoring.mentorships.winding import CLOCKS, DUE, TO_FINISH
from mentoring.programs.choices import MustAgree
from tests.cast import THEN
from tests.mentoring.asking import A_DAY, deliver, designed, in_state
from tests.mentoring.conftest import School

S = MentorshipState

STEPS = {
    S.PROPOSED: "info_asked accepted declined withdrawn expired superseded",
    S.INFO_ASKED: "proposed declined withdrawn expired superseded",
    S.ACCEPTED: "active completed cancelled",
    S.ACTIVE: "paused completed ended_early",
    S.PAUSED: "active completed ended_early",
}
"""The table of the design, written down a second time."""


@pytest.mark.parametrize(("now", "then"), list(product(S, S)))
def test_every_step_of_the_table_is_taken_and_every_other_refused(now: S, then: S):
    mentorship = Mentorship(state=now)

    if then.value in STEPS.get(now, "").split():
        mentorship.move(then, by=None, at=THEN)
        assert (mentorship.state, [step.to_state for step in mentorship.history]) == (then, [then])
    else:
        with pytest.raises(NotPossible):
            mentorship.move(then, by=None, at=THEN)
        assert (mentorship.state, mentorship.history) == (now, [])


@pytest.fixture
def asking(school: School) -> School:
    designed(school, must_agree=MustAgree.MENTOR, takes_requests=True)
    school.mentors(maya=2)
    return school


THEIRS: dict[S, dict[str, str]] = {
    S.PROPOSED: {
        "maya": "accept decline ask_back",
        "leo": "withdraw",
        "ines": "withdraw nudge pass_on",
    },
    S.INFO_ASKED: {"maya": "decline", "leo": "answer withdraw", "ines": "withdraw nudge pass_on"},
    S.ACCEPTED: {"maya": "begin end", "leo": "begin end", "ines": "begin end rematch"},
    S.ACTIVE: {
        "maya": "pause complete end",
        "leo": "pause complete end",
        "ines": "pause complete end substitute rematch",
    },
    S.PAUSED: {
        "maya": "resume complete end",
        "leo": "resume complete end",
        "ines": "resume complete end substitute rematch",
    },
    S.COMPLETED: {"ines": "rematch"},
    **{
        state: {"ines": "rematch"}
        for state in (S.ENDED_EARLY, S.CANCELLED, S.DECLINED, S.WITHDRAWN, S.EXPIRED, S.SUPERSEDED)
    },
}
"""What each may do with a request of Leo's to Maya, by its state."""


@pytest.mark.parametrize("state", list(S))
def test_in_each_state_everybody_may_do_what_is_theirs_and_nothing_else(asking: School, state: S):
    request = in_state(asking, state)

    for name in ("maya", "leo", "ines", "zoe"):
        person = getattr(asking, name)
        for act in Act:
            if act.value in THEIRS[state].get(name, "").split():
                require(request, act, person)
            else:
                with pytest.raises(Refusal):
                    require(request, act, person)


def test_who_has_no_seat_may_do_nothing():
    assert [acts_open_to(state, ()) for state in S] == [[]] * len(S)
    assert not may(Act.ACCEPT, S.PROPOSED, {Seat.MEMBER, Seat.ASKER, Seat.COORDINATOR})
    assert TABLE.keys() | CIRCLES.keys() == set(Act)


def test_every_state_that_waits_has_a_clock():
    assert CLOCKS.keys() == FOLLOWING.keys() == OPEN | STANDING == {state for state in S if not is_final(state)}
    assert {name for names in CLOCKS.values() for name in names} == DUE.keys() == STRIKES.keys()


@pytest.mark.parametrize("state", sorted(OPEN | STANDING))
def test_whatever_people_leave_undone_every_state_comes_to_an_end(
    app: Flask, session: Session, asking: School, state: S
):
    mentorship = in_state(asking, state)

    for days in (2, 4, 10, 90, 91):
        deliver(app, session, at=THEN + days * A_DAY)
    deliver(app, session, at=THEN + 90 * A_DAY + TO_FINISH)

    assert mentorship.has_ended


@pytest.mark.parametrize("state", sorted(OPEN | STANDING))
def test_while_it_waits_somebody_may_end_the_waiting(asking: School, state: S):
    mentorship = in_state(asking, state)

    owners = [name for name in ("maya", "leo", "ines") if THEIRS[state].get(name)]

    assert len(owners) >= 2
    assert mentorship.waits_for is not None or state in STANDING


def _choices(*said: tuple[int, int, int, bool]) -> list[Choice]:
    return [Choice(mentor=mentor, rank=rank, free=free, was_asked=asked) for mentor, rank, free, asked in said]


def test_the_next_choice_is_the_dearest_who_was_not_asked_and_has_a_place():
    wished = _choices((7, 3, 1, False), (5, 2, 0, False), (9, 1, 2, True), (6, 4, 1, False))

    assert next_choice(wished, is_barred=lambda _mentor: False) == 7


def test_no_further_mentor_is_looked_at_than_has_to_be():
    looked_at: list[int] = []

    def is_barred(mentor: int) -> bool:
        looked_at.append(mentor)
        return mentor == 1

    assert next_choice(_choices((3, 3, 1, False), (1, 1, 1, False), (2, 2, 1, False)), is_barred=is_barred) == 2
    assert looked_at == [1, 2]


def test_without_anybody_left_there_is_no_next_choice():
    assert next_choice([], is_barred=lambda _mentor: False) is None
    assert next_choice(_choices((1, 1, 1, False)), is_barred=lambda _mentor: True) is None
