"""Meetings of a mentorship: booked, moved, called off, held or missed; and what that does to the mentorship."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from lti_tool.models import Enrolment
from lti_tool.notifying.models import PersonalNotice
from lti_tool.outbox import Happening
from mentoring.mentorships import ending, living
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.refusing import Refusal
from mentoring.mentorships.states import MentorshipState
from mentoring.programs.choices import Channel
from mentoring.together.meetings import attending, scheduling
from mentoring.together.meetings.models import Meeting, MeetingState, Useful
from tests.cast import THEN
from tests.mentoring.asking import happened, held
from tests.mentoring.conftest import School
from tests.mentoring.meetings import a_circle, a_pair, booked, plan, said


def of_meetings(school: School) -> list[str]:
    return [name for name in happened(school.session) if name.startswith("Meeting")]


def told(school: School, who: Enrolment) -> list[str]:
    rows = school.session.scalars(select(PersonalNotice).where(PersonalNotice.enrolment_id == who.id))
    return [row.subject for row in rows if "meet" in row.subject.lower()]


def in_vienna(school: School, mentorship: Mentorship, clock: time, day: date, times: int = 1) -> list[Meeting]:
    return booked(school, mentorship, mentorship.mentee, times=times, day=day, clock=clock, zone="Europe/Vienna")


def test_a_booked_meeting_is_announced_and_told_to_the_other_alone_by_their_clock(school: School):
    pair = a_pair(school)
    school.maya.person.time_zone = "America/New_York"

    [meeting] = booked(school, pair, pair.mentee, 1)

    assert (meeting.starts, meeting.state) == (datetime(2026, 11, 24, 12, tzinfo=UTC), MeetingState.PLANNED)
    assert of_meetings(school) == ["MeetingScheduled"]
    assert told(school, school.maya) == ["You meet Leo Baum on Nov 24, 2026, 7:00 AM EST"]
    assert told(school, school.leo) == []


@pytest.mark.parametrize(
    ("day", "clock", "sentence"),
    [
        (date(2026, 11, 20), time(12, 0), "That time is past."),
        (date(2026, 11, 23), time(9, 59), "That time is past."),
        (date(1, 1, 1), time(0, 0), "That time is past."),
        (date(9999, 12, 31), time(23, 59), "more than two years ahead"),
        (date(2027, 3, 28), time(2, 30), "On March 28, 2027 clocks go forward and leave 2:30\u00a0AM out."),
        (date(2027, 10, 31), time(2, 30), "On October 31, 2027 clocks go back and show 2:30\u00a0AM twice."),
    ],
)
def test_a_time_that_nobody_can_come_at_is_refused_with_a_sentence(
    school: School, day: date, clock: time, sentence: str
):
    pair = a_pair(school)

    with pytest.raises(Refusal) as refused:
        in_vienna(school, pair, clock, day)

    assert sentence in refused.value.sentence
    assert of_meetings(school) == []


def test_a_series_that_meets_a_changed_clock_is_refused_as_a_whole(school: School):
    pair = a_pair(school)

    with pytest.raises(Refusal, match="March 28, 2027"):
        in_vienna(school, pair, time(2, 30), date(2027, 3, 14), times=3)

    school.session.rollback()
    assert school.session.scalars(select(Meeting)).all() == []


def test_two_meetings_of_one_mentorship_do_not_overlap(school: School):
    pair = a_pair(school)
    booked(school, pair, pair.mentee, 1)

    with pytest.raises(Refusal, match="You already meet"):
        booked(school, pair, pair.mentor, 1, clock=time(12, 30))


def test_one_of_a_series_moves_alone_or_with_the_rest_and_each_counts_its_changes(school: School):
    pair = a_pair(school)
    first, second, third = booked(school, pair, pair.mentee, 1, times=3)
    session = school.session

    held(school, pair)
    scheduling.change(session, first, plan(2), with_rest=False, by=pair.mentor, at=THEN)
    scheduling.change(session, second, plan(9, clock=time(8, 0)), with_rest=True, by=pair.mentor, at=THEN)
    session.commit()

    assert [meeting.starts for meeting in (first, second, third)] == [
        datetime(2026, 11, 25, 12, tzinfo=UTC),
        datetime(2026, 12, 2, 8, tzinfo=UTC),
        datetime(2026, 12, 9, 8, tzinfo=UTC),
    ]
    assert [meeting.sequence for meeting in (first, second, third)] == [1, 1, 1]
    assert of_meetings(school)[3:] == ["MeetingRescheduled"] * 3
    assert told(school, school.leo) == ["Your meeting with Maya Okafor has changed"] * 2


def test_who_changes_the_place_from_another_zone_moves_no_clock(school: School):
    """New York leaves winter time earlier than Vienna: seen from there the series stands at different hours."""
    pair = a_pair(school)
    series = in_vienna(school, pair, time(18, 0), date(2027, 3, 1), times=4)
    was = [meeting.starts for meeting in series]
    there = plan(day=date(2027, 3, 1), clock=time(12, 0), zone="America/New_York", place="Room 5")

    held(school, pair)
    scheduling.change(school.session, series[0], there, with_rest=True, by=pair.mentor, at=THEN)

    assert [meeting.starts for meeting in series] == was
    assert {(meeting.place, meeting.timezone) for meeting in series} == {("Room 5", "Europe/Vienna")}


def test_a_change_of_the_agenda_alone_disturbs_nobody(school: School):
    pair = a_pair(school)
    [meeting] = booked(school, pair, pair.mentee, 1)

    held(school, pair)
    scheduling.change(school.session, meeting, plan(1, agenda="Goals"), with_rest=False, by=pair.mentor, at=THEN)
    school.session.commit()

    assert (meeting.agenda, meeting.sequence, told(school, school.leo)) == ("Goals", 0, [])


def test_the_rest_of_a_series_is_called_off_and_nobody_is_named(school: School):
    pair = a_pair(school)
    series = booked(school, pair, pair.mentee, 1, times=3)

    held(school, pair)
    assert scheduling.cancel(school.session, series[1], with_rest=True, by=pair.mentor, at=THEN) == 2
    school.session.commit()

    assert [meeting.state.value for meeting in series] == ["planned", "cancelled", "cancelled"]
    bodies = school.session.scalars(select(Happening.body).where(Happening.name == "MeetingCancelled")).all()
    assert len(bodies) == 2
    assert [body for body in bodies if '"by"' in body] == []
    assert told(school, school.leo) == ["Your meeting with Maya Okafor on Dec 1, 2026, 12:00 PM UTC is called off"]


def test_a_meeting_that_was_called_off_stays_so(school: School):
    pair = a_pair(school)
    [meeting] = booked(school, pair, pair.mentee, 1)
    held(school, pair)
    scheduling.cancel(school.session, meeting, with_rest=False, by=pair.mentor, at=THEN)

    with pytest.raises(Refusal, match="not planned any more"):
        scheduling.change(school.session, meeting, plan(2), with_rest=False, by=pair.mentor, at=THEN)
    with pytest.raises(Refusal, match="called off"):
        said(school, meeting, pair.mentee)


def test_the_first_meeting_that_was_held_begins_the_mentorship(school: School):
    pair = a_pair(school)
    [meeting] = booked(school, pair, pair.mentee, 1)

    said(school, meeting, pair.mentor, topics="Everything")
    said(school, meeting, pair.mentee)

    assert (pair.state, meeting.state) == (MentorshipState.ACTIVE, MeetingState.HELD)
    assert pair.history[-1].actor_id == school.maya.id
    assert [name for name in happened(school.session) if name in ("MentorshipBegan", *of_meetings(school))] == [
        "MeetingScheduled",
        "MeetingAttended",
        "MeetingHeld",
        "MentorshipBegan",
        "MeetingAttended",
    ]


def test_a_meeting_that_one_of_two_says_did_not_take_place_was_missed(school: School):
    pair = a_pair(school)
    [meeting] = booked(school, pair, pair.mentee, 1)

    said(school, meeting, pair.mentee, was_there=False)

    assert (meeting.state, pair.state) == (MeetingState.MISSED, MentorshipState.ACCEPTED)
    assert of_meetings(school) == ["MeetingScheduled", "MeetingMissed"]


def test_whoever_was_there_alone_has_not_met_the_other(school: School):
    pair = a_pair(school)
    [meeting] = booked(school, pair, pair.mentee, 1)

    said(school, meeting, pair.mentor)
    said(school, meeting, pair.mentee, was_there=False)

    assert meeting.state is MeetingState.MISSED


def test_a_meeting_that_has_not_begun_was_neither_held_nor_missed(school: School):
    pair = a_pair(school)
    [meeting] = booked(school, pair, pair.mentee, 1)
    held(school, pair)

    with pytest.raises(Refusal, match="not begun yet"):
        attending.say(school.session, meeting, attending.Log(has_attended=True), by=pair.mentee, at=THEN)


def test_a_circle_has_met_although_one_of_three_was_not_there(school: School):
    circle = a_circle(school)
    first, second, third = circle.people
    [meeting] = booked(school, circle, first, 1)

    said(school, meeting, first, was_there=False)
    assert meeting.state is MeetingState.PLANNED
    said(school, meeting, second)
    said(school, meeting, third)

    assert (meeting.state, circle.state) == (MeetingState.HELD, MentorshipState.ACTIVE)
    assert of_meetings(school).count("MeetingAttended") == 2


def test_how_useful_it_was_can_be_said_by_whoever_was_there(school: School):
    pair = a_pair(school)
    [meeting] = booked(school, pair, pair.mentee, 1)
    said(school, meeting, pair.mentee)

    attending.rate(meeting, Useful.VERY, by=pair.mentee)
    with pytest.raises(Refusal, match="Say first that you were there"):
        attending.rate(meeting, Useful.NOT, by=pair.mentor)

    assert [entry.useful for entry in meeting.entries] == [Useful.VERY]


def test_what_was_planned_is_called_off_with_the_mentorship_and_nobody_is_told_twice(school: School):
    pair = a_pair(school)
    first, second = booked(school, pair, pair.mentee, 1, times=2)
    said(school, first, pair.mentee)

    ending.end(school.session, held(school, pair), by=school.leo, at=first.ends, reason="reached")
    school.session.commit()

    assert [first.state.value, second.state.value] == ["held", "cancelled"]
    assert told(school, school.maya) == ["You meet Leo Baum on Nov 24, 2026, 12:00 PM UTC"]


def test_a_completed_mentorship_has_nothing_planned(school: School):
    pair = a_pair(school)
    [meeting] = booked(school, pair, pair.mentee, 1)
    held(school, pair)
    living.begin(school.session, pair, by=school.leo, at=THEN)

    living.complete(school.session, pair, by=school.leo, at=THEN + timedelta(hours=1))

    assert meeting.state is MeetingState.CANCELLED


def test_what_people_write_stands_in_no_event(school: School):
    pair = a_pair(school)
    where: dict[str, Any] = {"place": "Secret cafe", "agenda": "Secret agenda", "channel": Channel.IN_PERSON}
    [meeting] = booked(school, pair, pair.mentee, **where)
    said(school, meeting, pair.mentee, topics="Secret topic", actions="Secret action", more={"progress": "Secret"})

    bodies = school.session.scalars(select(Happening.body)).all()

    assert [body for body in bodies if "Secret" in body] == []
