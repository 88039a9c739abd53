"""Facts and sums are written beside the hand-in, follow what is marked anew, and say what the answers say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from lti_tool.models import Enrolment
from quizzes import closing
from quizzes.models import Attempt
from quizzes.reports import keeping, reading
from quizzes.reports.columns import Which
from quizzes.reports.models import AttemptFacts, LiveSums
from quizzes.reports.packing import unpack
from quizzes.statistics.items import items_of
from tests.cast import THEN


def facts(session):
    return dict(session.execute(select(AttemptFacts.attempt_id, AttemptFacts.packed)).all())


def kept(session):
    return dict(session.execute(select(LiveSums.part, LiveSums.sums)).all())


def test_a_hand_in_leaves_its_facts(session, hand_in, leo):
    attempt = hand_in(12)

    found = unpack(facts(session)[attempt.id])

    assert (found.enrolment, found.n, found.seconds) == (leo.id, 1, 600)
    assert found.submitted == (THEN + timedelta(minutes=10)).timestamp()
    assert [(each.version, each.slot, each.mark, each.maximum, each.is_answered) for each in found.answers] == [
        (answer.version_id, answer.place, 100_000 * (answer.place <= 12), 100_000, answer.place <= 12)
        for answer in attempt.answers
    ]


def test_it_is_kept_which_options_were_chosen(session, hand_in):
    attempt = hand_in(20)

    found = unpack(facts(session)[attempt.id])

    for answer, packed in zip(attempt.answers, found.answers, strict=True):
        ids = [option["id"] for option in answer.version.body["options"]]
        assert [each for place, each in enumerate(ids) if packed.chosen >> place & 1] == answer.chosen


def test_whose_time_ran_out_has_facts_and_a_preview_student_has_none(session, cast, course, start, hand_in):
    attempt = start()
    closing.close_if_over(session, attempt, at=THEN + timedelta(hours=2))
    session.commit()

    hand_in(5, who=cast.enrol(course, "Preview", is_test=True))

    assert list(facts(session)) == [attempt.id]


def test_sums_are_those_of_first_attempts(session, cast, course, quiz, hand_in):
    for number in range(6):
        hand_in(3 * number, who=cast.enrol(course, f"Learner {number}"), seed=number + 1)
    learner = session.scalars(select(Attempt)).first().enrolment
    hand_in(20, who=learner, seed=9)

    sums = reading.sums_of(session, quiz)
    first = reading.columns_of(session, quiz).of_which(Which.FIRST)

    assert sums["total"].n == 6
    assert sums["total"].moments.mean == 7.5
    for version, item in zip(first.versions, items_of(first.answers), strict=True):
        live = sums[f"v{version}"].moments
        assert (live.n, live.mean) == (item.moments.n, item.moments.mean)
        assert live.discrimination_index == pytest.approx(item.moments.discrimination_index)


def test_what_is_marked_anew_is_taken_away_and_added_again(session, quiz, hand_in):
    attempt = hand_in(12)
    attempt.answers[19].fraction = attempt.answers[19].mark = 1.0

    keeping.keep(session, attempt)
    session.commit()

    assert unpack(facts(session)[attempt.id]).answers[19].mark == 100_000
    sums = reading.sums_of(session, quiz)
    assert (sums["total"].n, sums["total"].x) == (1, 1_300_000)
    assert sums[f"v{attempt.answers[19].version_id}"].x == 100_000


def test_an_attempt_that_waits_for_marks_is_in_no_sums(session, quiz, hand_in):
    attempt = hand_in(12)
    attempt.answers[19].fraction = attempt.answers[19].mark = None

    keeping.keep(session, attempt)
    session.commit()

    assert reading.sums_of(session, quiz) == {}
    assert not unpack(facts(session)[attempt.id]).answers[19].is_marked


def test_many_that_are_marked_anew_are_followed_together(session, cast, course, quiz, hand_in):
    attempts = [
        hand_in(4 * number, who=cast.enrol(course, f"Learner {number}"), seed=number + 1) for number in range(5)
    ]
    for attempt in attempts[1:]:
        attempt.answers[0].fraction, attempt.answers[0].mark = 0.5, 1.0
        attempt.answers[0].maximum = 2.0
    attempts[4].answers[1].fraction = attempts[4].answers[1].mark = None
    session.flush()

    keeping.follow(session, quiz.id, [attempt.id for attempt in attempts])
    session.commit()

    followed = facts(session), kept(session)
    keeping.gather(session, quiz)
    assert (facts(session), kept(session)) == followed
    assert reading.sums_of(session, quiz)["total"].n == 4


def test_gathered_anew_everything_is_as_it_was(session, cast, course, quiz, hand_in):
    for number in range(3):
        hand_in(4 * number, who=cast.enrol(course, f"Learner {number}"), seed=number + 1)
    before = facts(session), kept(session)
    session.query(AttemptFacts).update({AttemptFacts.packed: b""})

    keeping.gather(session, quiz)
    session.commit()

    assert (facts(session), kept(session)) == before


def test_sums_are_spread_so_that_few_wait_for_one_another(session, cast, course, hand_in):
    for number in range(4):
        hand_in(4, who=cast.enrol(course, f"Learner {number}"), seed=number + 1)

    people = session.scalars(select(Enrolment.id).where(Enrolment.id.in_(select(Attempt.enrolment_id)))).all()
    assert sorted(kept(session)) == sorted({person % keeping.PARTS for person in people})
