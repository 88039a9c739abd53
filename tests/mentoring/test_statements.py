"""What people of a mentorship do reaches the embedded LRS: the acts themselves, and the statements that stand there."""

from __future__ import annotations

import json

from flask import Flask
from sqlalchemy import select

from lti_tool import clock
from mentoring.mentorships import ending, living, tasks
from mentoring.mentorships.agreement import signing
from mentoring.mentorships.agreement.standing import Terms
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.states import MentorshipState as S
from mentoring.programs.choices import Channel
from mentoring.together.checkins import answering
from mentoring.together.checkins.models import CheckIn, Seen
from mentoring.together.goals.models import HowFar
from mentoring.together.resources.sharing import Found, share_with
from tests.cast import THEN
from tests.mentoring.asking import A_DAY, deliver, designed, held, in_state
from tests.mentoring.checking_in import VERA, WEEK, agreed, managed, rhythm
from tests.mentoring.conftest import School
from tests.mentoring.goals import a_goal, moved
from tests.mentoring.meetings import a_pair, booked, said
from xapi import vocabulary as v
from xapi.lrs.models import StoredStatement

Told = tuple[str, str, str]
"""Who, the verb's IRI, and what kind of thing."""
US = "mentoring"
"""This installation, where nobody is to be named."""


def told(school: School) -> list[Told]:
    """What has come to the LRS since the pair was made, in order."""
    school.session.commit()
    bodies = school.session.scalars(select(StoredStatement.body).order_by(StoredStatement.seq)).all()
    statements = [json.loads(body) for body in bodies]
    names = {each.person.subject: each.person.name.split()[0] for each in (school.leo, school.maya, school.ines)}
    return [
        (
            names.get(each["actor"]["account"]["name"], each["actor"]["account"]["name"]),
            each["verb"]["id"],
            each["object"]["definition"]["type"],
        )
        for each in statements
    ]


def of_pairing(who: str, verb: v.Verb) -> Told:
    return who, verb.iri, v.MENTORING_PAIRING.iri


def test_an_agreement_that_both_sign_is_told_of_each(school: School):
    pair = a_pair(school)
    already = len(told(school))
    terms = Terms(mentee_expects="To find my way", rhythm_days=14, channel=Channel.VIDEO, ends=THEN + 60 * A_DAY)

    signing.propose(school.session, held(school, pair), terms, by=pair.mentee, at=THEN)
    signing.sign(school.session, held(school, pair), seen=1, by=pair.mentor, at=THEN)

    assert told(school)[already:] == [
        ("Leo", v.ACCEPTED.iri, v.MENTORING_AGREEMENT.iri),
        ("Maya", v.ACCEPTED.iri, v.MENTORING_AGREEMENT.iri),
        of_pairing("Leo", v.STARTED),
    ]


def test_meetings_are_told_as_booked_attended_and_missed(school: School):
    pair = a_pair(school)
    already = len(told(school))

    [met] = booked(school, pair, pair.mentee, 1)
    [missed] = booked(school, pair, pair.mentor, 3)
    said(school, met, pair.mentee)
    said(school, missed, pair.mentor, was_there=False)

    assert told(school)[already:] == [
        ("Leo", v.SCHEDULED.iri, v.MEETING.iri),
        ("Maya", v.SCHEDULED.iri, v.MEETING.iri),
        ("Leo", v.ATTENDED.iri, v.MEETING.iri),
        of_pairing("Leo", v.STARTED),
        (US, v.MISSED.iri, v.MEETING.iri),
    ]


def test_a_goal_is_told_as_set_moved_on_and_reached_and_a_task_as_given_and_done(school: School):
    pair = a_pair(school)
    already = len(told(school))

    goal = a_goal(school, pair, pair.mentee)
    moved(school, goal, pair.mentee, HowFar.HALF_WAY)
    moved(school, goal, pair.mentee, HowFar.REACHED, at=THEN + A_DAY)
    task = tasks.give(school.session, held(school, pair), tasks.Wording(title="Read"), by=pair.mentor, at=THEN)
    tasks.tick(school.session, held(school, pair), task, True, by=pair.mentee, at=THEN)

    assert told(school)[already:] == [
        ("Leo", v.DEFINED.iri, v.GOAL.iri),
        ("Leo", v.PROGRESSED.iri, v.GOAL.iri),
        ("Leo", v.COMPLETED.iri, v.GOAL.iri),
        ("Maya", v.ASSIGNED.iri, v.MENTORING_TASK.iri),
        ("Leo", v.WAS_ASSIGNED.iri, v.MENTORING_TASK.iri),
        ("Leo", v.COMPLETED.iri, v.MENTORING_TASK.iri),
    ]


def test_a_resource_is_told_and_an_answered_check_in_without_who_answered(app: Flask, school: School):
    pair = a_pair(school)
    living.begin(school.session, held(school, pair), by=school.leo, at=THEN)
    managed(school, VERA)
    rhythm(school, 4)
    agreed(school, pair)
    already = len(told(school))
    deliver(app, school.session, at=THEN + 4 * WEEK)

    link = Found(title="Plan", url="https://example.org/plan", token="plan")
    share_with(school.session, held(school, pair), link, file=None, by=pair.mentor, at=THEN)
    check_in = school.session.scalars(select(CheckIn)).one()
    answering.answer(school.session, check_in, Seen.CLEAR, "He asks more.", at=THEN + 4 * WEEK)

    assert told(school)[already:] == [
        ("Maya", v.SHARED.iri, v.LINK.iri),
        (US, v.ANSWERED.iri, v.MENTORING_CHECK_IN.iri),
    ]


def test_each_state_of_a_mentorship_is_told(school: School):
    school.mentors(maya=3)
    designed(school, must_agree="mentor", takes_requests=True)
    for state, expected in {
        S.DECLINED: [of_pairing("Maya", v.REJECTED)],
        S.WITHDRAWN: [of_pairing("Leo", v.CANCELLED)],
        S.EXPIRED: [of_pairing(US, v.EXPIRED)],
        S.COMPLETED: [*PAIRED, of_pairing("Leo", v.STARTED), of_pairing("Leo", v.COMPLETED)],
        S.ENDED_EARLY: [*PAIRED, of_pairing("Leo", v.STARTED), of_pairing(US, v.TERMINATED)],
        S.CANCELLED: [*PAIRED, of_pairing(US, v.CANCELLED)],
        # The last: nobody who rests can be paired anew.
        S.PAUSED: [*PAIRED, of_pairing("Leo", v.STARTED), of_pairing("Leo", v.SUSPENDED)],
    }.items():
        already = len(told(school))

        in_state(school, state)

        assert (state, told(school)[already:]) == (state, expected)


PAIRED = [of_pairing("Maya", v.ACCEPTED), of_pairing("Leo", v.WAS_ASSIGNED)]


def test_a_pair_made_by_an_instructor_is_told_of_both_and_its_end_of_nobody(school: School):
    pair = a_pair(school)

    made = told(school)
    ending.end(school.session, held(school, pair), by=school.leo, at=clock.now())

    assert made == [of_pairing("Ines", v.ASSIGNED), of_pairing("Leo", v.WAS_ASSIGNED)]
    assert told(school)[2:] == [of_pairing(US, v.CANCELLED)]
    assert school.session.scalars(select(Mentorship.state)).all() == [S.CANCELLED]
