from __future__ import annotations

import json
from datetime import timedelta

from sqlalchemy import select

from lti_tool.models import Role
from lti_tool.outbox import Happening
from mentoring.mentorships.ending import end
from mentoring.mentorships.models import Mentorship, Part
from mentoring.mentorships.states import MentorshipState
from mentoring.pairing.assigning import Assigned
from mentoring.pairing.board import board_of
from mentoring.pairing.explaining import explain
from mentoring.participants.offering import Offering
from tests.cast import THEN
from tests.mentoring.conftest import School


def _sentences(school: School, result: Assigned) -> list[str]:
    told = explain(school.session, school.cohort, result.refused, to=school.ines)
    return [sentence for _pair, sentence in told]


def _pairs(school: School) -> list[tuple[str, str]]:
    board = board_of(school.session, school.course)
    return [(place.mentee.name, mentor.person.name) for mentor in board.mentors for place in mentor.taken]


def test_several_are_assigned_at_once(school: School):
    school.mentors(maya=2)

    result = school.pair((school.leo, school.maya), (school.zoe, school.maya))

    assert _pairs(school) == [("Leo Baum", "Maya Okafor"), ("Zoe Lind", "Maya Okafor")]
    assert result.refused == []
    [first, _second] = result.made
    assert (first.state, first.started, first.planned_end) == (
        MentorshipState.ACCEPTED,
        THEN,
        THEN + timedelta(days=90),
    )
    assert [(member.part, member.participant.name) for member in first.members] == [
        (Part.MENTOR, "Maya Okafor"),
        (Part.MENTEE, "Leo Baum"),
    ]


def test_an_assignment_is_announced_once_and_completely(school: School):
    school.mentors(maya=1)

    mentorship = school.paired(school.leo, school.maya)

    [told] = school.session.scalars(select(Happening).where(Happening.name == "MentorAssigned"))
    body = json.loads(told.body)
    platform = school.course.platform
    who = {"platform": platform.public_id, "issuer": platform.issuer}
    assert body == {
        "at": THEN.isoformat(),
        "event_id": told.event_id,
        "mentee": {**who, "subject": "leo-baum"},
        "mentor": {**who, "subject": "maya-okafor"},
        "by": {**who, "subject": "ines-torres"},
        "where": {"course": school.course.public_id, "title": "Starting at work"},
        "mentorship": mentorship.public_id,
        "kind": "Mentor",
        "program": mentorship.cohort.program.public_id,
        "program_title": "Mentoring",
        "cohort": mentorship.cohort.public_id,
        "cohort_title": "",
        "is_agreed": False,
    }


def test_the_last_place_goes_to_the_first_and_the_other_is_told(school: School):
    school.mentors(maya=1)

    result = school.pair((school.leo, school.maya), (school.zoe, school.maya))

    assert _pairs(school) == [("Leo Baum", "Maya Okafor")]
    assert _sentences(school, result) == [
        "Maya Okafor has no free place left: the last one went to Leo Baum. Choose another mentor for Zoe Lind."
    ]


def test_it_is_said_which_other_instructor_gave_the_last_place_away(school: School):
    tom = school.join("Tom Reed", Role.INSTRUCTOR)
    school.mentors(maya=1)
    school.pair((school.leo, school.maya), by=tom)

    result = school.pair((school.zoe, school.maya))

    assert _sentences(school, result) == [
        "Maya Okafor has no free place left: Tom Reed gave the last one to Leo Baum."
        " Choose another mentor for Zoe Lind."
    ]


def test_a_mentee_who_has_a_mentor_gets_no_second_one(school: School):
    tom = school.join("Tom Reed", Role.INSTRUCTOR)
    school.mentors(maya=2, ines=2)
    school.pair((school.leo, school.maya), by=tom)

    result = school.pair((school.leo, school.ines), (school.leo, school.maya), (school.zoe, school.ines))

    assert _pairs(school) == [("Zoe Lind", "Ines Torres"), ("Leo Baum", "Maya Okafor")]
    assert _sentences(school, result) == [
        "Leo Baum already has a mentor: Tom Reed assigned Maya Okafor. End that pair first.",
        "Maya Okafor is already the mentor of Leo Baum.",
    ]


def test_nobody_mentors_themselves(school: School):
    school.mentors(maya=2)

    result = school.pair((school.maya, school.maya))

    assert (_pairs(school), result.made) == ([], [])
    assert _sentences(school, result) == ["Maya Okafor cannot mentor themselves. Choose somebody else."]


def test_whoever_left_the_course_is_not_paired(school: School):
    school.mentors(maya=2, zoe=1)
    gone = school.join("Gone Already", is_active=False)
    school.zoe.is_active = False
    school.session.commit()

    result = school.pair((gone, school.maya), (school.leo, school.zoe))

    assert _pairs(school) == []
    assert _sentences(school, result) == [
        "Gone Already is no longer in the course, so nobody was assigned.",
        "Zoe Lind is no longer in the course. Choose another mentor for Leo Baum.",
    ]


def test_whoever_offers_no_place_is_no_mentor(school: School):
    result = school.pair((school.leo, school.maya))

    assert _pairs(school) == []
    assert _sentences(school, result) == ["Maya Okafor does not mentor at present. Choose another mentor for Leo Baum."]


def test_a_preview_student_is_never_paired(school: School):
    preview = school.join("Student View", is_test=True)
    school.mentors(maya=2)

    result = school.pair((preview, school.maya))

    assert (_pairs(school), result.made) == ([], [])


def test_somebody_may_mentor_and_be_mentored(school: School):
    school.mentors(maya=1, leo=1)

    school.pair((school.leo, school.maya), (school.zoe, school.leo))

    assert _pairs(school) == [("Zoe Lind", "Leo Baum"), ("Leo Baum", "Maya Okafor")]


def test_a_name_that_runs_the_other_way_is_fenced_off_in_a_sentence(school: School):
    noor = school.join("نور الهدى")
    school.mentors(maya=1)
    school.pair((school.leo, school.maya))

    result = school.pair((noor, school.maya))

    assert _sentences(school, result) == [
        "Maya Okafor has no free place left: the last one went to Leo Baum."
        " Choose another mentor for \u2068نور الهدى\u2069."
    ]


def test_an_ended_pair_frees_the_place_and_is_announced_once(school: School):
    school.mentors(maya=1)
    mentorship = school.paired(school.leo, school.maya)
    at = THEN + timedelta(days=1)

    answers = [end(school.session, mentorship, by=school.ines, at=at) for _ in range(2)]
    school.session.commit()

    assert answers == [True, False]
    assert _pairs(school) == []
    [told] = school.session.scalars(select(Happening).where(Happening.name == "MentorshipEnded"))
    body = json.loads(told.body)
    assert {key: body[key] for key in ("mentorship", "outcome", "reason", "at")} == {
        "mentorship": mentorship.public_id,
        "outcome": "cancelled",
        "reason": "unpaired",
        "at": at.isoformat(),
    }


def test_an_ended_pair_can_be_assigned_again_as_a_new_mentorship(school: School):
    school.mentors(maya=1)
    end(school.session, school.paired(school.leo, school.maya), by=school.ines, at=THEN)

    school.pair((school.leo, school.maya))

    states = school.session.scalars(select(Mentorship.state).order_by(Mentorship.id)).all()
    assert states == [MentorshipState.CANCELLED, MentorshipState.ACCEPTED]
    assert _pairs(school) == [("Leo Baum", "Maya Okafor")]


def test_the_board_counts_those_who_seek(school: School):
    school.join("Student View", is_test=True)
    school.join("Gone Already", is_active=False)
    school.join("Tariq Aziz", Role.ASSISTANT)
    school.offers(Offering(school.maya, 3))
    school.pair((school.leo, school.maya))

    board = board_of(school.session, school.course)

    assert (board.seeking, board.complete, board.without, board.pairs, board.free) == (2, 1, 1, 1, 2)
    assert [(gap.mentee.name, gap.is_extra) for gap in board.gaps] == [("Maya Okafor", True), ("Zoe Lind", False)]


def test_a_mentor_who_left_keeps_no_free_places_but_their_pairs_stay_in_sight(school: School):
    school.mentors(maya=3)
    school.pair((school.leo, school.maya))
    school.maya.is_active = False
    school.session.commit()

    board = board_of(school.session, school.course)

    assert [(mentor.person.name, mentor.load, mentor.free) for mentor in board.mentors] == [("Maya Okafor", 1, 0)]
    assert (board.free, board.pairs) == (0, 1)
