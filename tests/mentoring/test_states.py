from __future__ import annotations

from mentoring.mentorships.states import FOLLOWING, MentorshipState, is_final, may_follow

S = MentorshipState


def test_the_final_states_are_those_nothing_follows():
    assert {state for state in S if is_final(state)} == {
        S.COMPLETED,
        S.ENDED_EARLY,
        S.CANCELLED,
        S.DECLINED,
        S.WITHDRAWN,
        S.EXPIRED,
        S.SUPERSEDED,
    }


def test_every_state_but_the_first_can_be_reached_from_another():
    assert set().union(*FOLLOWING.values()) == set(S)


def test_what_has_begun_is_ended_and_not_cancelled():
    assert [(state.value, may_follow(state, S.CANCELLED), may_follow(state, S.ENDED_EARLY)) for state in FOLLOWING] == [
        ("proposed", False, False),
        ("info_asked", False, False),
        ("accepted", True, False),
        ("active", False, True),
        ("paused", False, True),
    ]
