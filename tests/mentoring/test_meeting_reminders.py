"""Reminders the day before a meeting, what it was good for, and outlines of what to talk about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool import clock
from lti_tool.models import Enrolment
from lti_tool.notifying.models import PersonalNotice
from mentoring.mentorships import ending, living
from mentoring.mentorships.models import Mentorship
from mentoring.personal import giving
from mentoring.together.meetings import scheduling
from mentoring.together.meetings.models import Function, Meeting, MeetingEntry
from mentoring.together.meetings.wording import OUTLINES
from tests.cast import THEN
from tests.mentoring.asking import A_DAY, deliver, held
from tests.mentoring.closures import an_active_pair
from tests.mentoring.conftest import School
from tests.mentoring.meetings import a_pair, booked, plan, said
from tests.mentoring.reading import words
from tests.mentoring.test_meeting_pages import address_of, filled

Visit = Callable[[Enrolment], FlaskClient]
NOON = THEN.replace(hour=12, minute=0)


def reminded(school: School, who: Enrolment) -> list[str]:
    rows = school.session.scalars(
        select(PersonalNotice).where(PersonalNotice.enrolment_id == who.id, PersonalNotice.kind == "meetings")
    )
    return [row.subject for row in rows]


def three_days_ahead(school: School, mentorship: Mentorship) -> Meeting:
    [meeting] = booked(school, mentorship, mentorship.mentee, 3)
    return meeting


def test_both_are_reminded_a_day_before_each_by_their_own_clock(app: Flask, school: School):
    school.maya.person.time_zone = "America/New_York"
    meeting = three_days_ahead(school, a_pair(school))

    deliver(app, school.session, at=meeting.starts - timedelta(days=1, minutes=1))
    before = reminded(school, school.maya)
    deliver(app, school.session, at=meeting.starts - A_DAY)
    deliver(app, school.session, at=meeting.starts - A_DAY / 2)

    assert before == []
    assert reminded(school, school.maya) == ["You meet Leo Baum on Nov 26, 2026, 7:00 AM EST"]
    assert reminded(school, school.leo) == ["You meet Maya Okafor on Nov 26, 2026, 12:00 PM UTC"]


def test_of_a_meeting_that_was_called_off_nobody_is_reminded(app: Flask, school: School):
    pair = a_pair(school)
    meeting = three_days_ahead(school, pair)
    held(school, pair)
    scheduling.cancel(school.session, meeting, with_rest=False, by=pair.mentor, at=THEN)

    deliver(app, school.session, at=meeting.starts - A_DAY / 2)

    assert reminded(school, school.leo) == []


def test_nor_of_one_whose_mentorship_is_over(app: Flask, school: School):
    pair = a_pair(school)
    meeting = three_days_ahead(school, pair)
    ending.end(school.session, held(school, pair), by=school.leo, at=THEN, reason="no_more_time")

    deliver(app, school.session, at=meeting.starts - A_DAY / 2)

    assert reminded(school, school.leo) == []


def test_of_a_meeting_that_was_moved_they_are_reminded_at_its_new_time_alone(app: Flask, school: School):
    pair = a_pair(school)
    meeting = three_days_ahead(school, pair)
    held(school, pair)
    scheduling.change(school.session, meeting, plan(6), with_rest=False, by=pair.mentor, at=THEN)
    school.session.commit()

    deliver(app, school.session, at=NOON + 2 * A_DAY)
    early = reminded(school, school.leo)
    deliver(app, school.session, at=NOON + 5 * A_DAY)

    assert early == []
    assert reminded(school, school.leo) == ["You meet Maya Okafor on Nov 29, 2026, 12:00 PM UTC"]


def test_a_worker_that_was_off_sends_what_still_makes_sense(app: Flask, school: School):
    pair = a_pair(school)
    booked(school, pair, pair.mentee, 3)
    booked(school, pair, pair.mentee, 4)

    deliver(app, school.session, at=NOON + 3 * A_DAY + timedelta(hours=2))

    assert reminded(school, school.leo) == ["You meet Maya Okafor on Nov 27, 2026, 12:00 PM UTC"]


def test_of_a_meeting_that_is_less_than_a_day_ahead_nobody_is_reminded(app: Flask, school: School):
    pair = a_pair(school)
    [meeting] = booked(school, pair, pair.mentee, 0)

    deliver(app, school.session, at=meeting.starts - timedelta(minutes=1))

    assert reminded(school, school.leo) == []


def test_reminders_are_a_kind_of_notice_that_each_chooses_about(school: School, visit: Visit):
    page = visit(school.leo).get(f"/courses/{school.course.public_id}/notices/settings")

    assert "Reminders the day before you meet" in words(page)


def test_what_it_was_good_for_is_ticked_in_the_log_and_shown(school: School, visit: Visit):
    pair = a_pair(school)
    [meeting] = booked(school, pair, pair.mentee, 1)
    address = f"{address_of(pair)}/meetings/{meeting.public_id}"

    with clock.moved_to(meeting.ends):
        visit(school.leo).post(f"{address}/log", data={"has_attended": "yes", "functions": ["network", "empathy"]})
        seen, section = words(visit(school.maya).get(address)), words(visit(school.maya).get(address_of(pair)))
        instructor = words(visit(school.ines).get(address_of(pair)))

    entry = school.session.scalars(select(MeetingEntry)).one()
    assert set(entry.functions) == {"network", "empathy"}
    assert "Getting to know people" in seen
    assert "Being heard" in section
    assert "Being heard" not in instructor


@pytest.mark.parametrize("functions", [["pigeon"], ["x" * 100_000], ["growth", "🌱"]])
def test_what_is_no_function_is_refused_and_nothing_is_kept(school: School, visit: Visit, functions: list[str]):
    pair = a_pair(school)
    [meeting] = booked(school, pair, pair.mentee, 1)

    with clock.moved_to(meeting.ends):
        answer = visit(school.leo).post(
            f"{address_of(pair)}/meetings/{meeting.public_id}/log", data={"has_attended": "yes", "functions": functions}
        )

    assert answer.status_code == 422
    assert school.session.scalars(select(MeetingEntry)).all() == []


def test_whoever_was_not_there_says_nothing_of_what_it_was_good_for_and_it_is_given_out(school: School):
    pair = a_pair(school)
    [meeting] = booked(school, pair, pair.mentee, 1)
    said(school, meeting, pair.mentee, functions=(Function.GROWTH,))
    given = giving.export(school.session, school.leo.person)["meetings"][0]["good_for"]

    said(school, meeting, pair.mentee, was_there=False, functions=(Function.GROWTH,))

    assert (given, meeting.entries[0].functions) == (["growth"], [])


@pytest.mark.parametrize("key", OUTLINES)
def test_an_outline_fills_the_agenda_of_a_new_meeting_and_of_one_without(school: School, visit: Visit, key: str):
    pair = a_pair(school)
    [meeting] = booked(school, pair, pair.mentee, 1)
    first_line = str(OUTLINES[key][1]).splitlines()[0].removeprefix("- ")

    with clock.moved_to(THEN):
        leo, address = visit(school.leo), f"{address_of(pair)}/meetings"
        new = words(leo.get(f"{address}/new?agenda={key}"))
        change = words(leo.get(f"{address}/{meeting.public_id}?agenda={key}"))

    assert (first_line in new, first_line in change) == (True, True)


def test_an_outline_that_is_none_fills_nothing_and_one_takes_no_agenda_away(school: School, visit: Visit):
    pair = a_pair(school)
    [meeting] = booked(school, pair, pair.mentee, 1, agenda="Our own words")

    with clock.moved_to(THEN):
        leo, address = visit(school.leo), f"{address_of(pair)}/meetings"
        statuses = [leo.get(f"{address}/new?agenda={word}").status_code for word in ("pigeon", "x" * 1000, "%F0%9F")]
        kept = words(leo.get(f"{address}/{meeting.public_id}?agenda=first"))

    assert statuses == [200, 200, 200]
    assert "Who are we" not in kept
    assert "Our own words" in kept


def test_moving_a_series_says_what_happened(school: School, visit: Visit):
    pair = a_pair(school)
    first, *_rest = booked(school, pair, pair.mentee, 1, times=3)
    address = f"{address_of(pair)}/meetings/{first.public_id}"

    with clock.moved_to(THEN):
        leo = visit(school.leo)
        moved = leo.post(f"{address}/change", data=filled(day="2026-11-25", with_rest="y"), follow_redirects=True)
        same = leo.post(f"{address}/change", data=filled(day="2026-11-25", agenda="New"), follow_redirects=True)
        off = leo.post(f"{address}/cancel", data={"rest": "1"}, follow_redirects=True)

    assert "3 meetings are changed, the first of them is on Nov 25, 2026, 12:00 PM UTC." in words(moved)
    assert "Changed. Time and place are as they were, so nobody is disturbed." in words(same)
    assert "3 meetings are called off, and the others are told." in words(off)
    assert isinstance(first.starts, datetime)


def test_nobody_is_reminded_while_they_have_paused_or_one_of_them_has_left(app: Flask, school: School):
    pair = an_active_pair(school)
    first, second = booked(school, pair, pair.mentee, 3, times=2)
    living.pause(school.session, held(school, pair), until=THEN + 5 * A_DAY, by=school.leo, at=THEN)
    deliver(app, school.session, at=first.starts - A_DAY)
    paused = reminded(school, school.maya)
    deliver(app, school.session, at=THEN + 5 * A_DAY)
    pair.grace_ends = THEN + 20 * A_DAY

    deliver(app, school.session, at=second.starts - A_DAY)

    assert pair.state.value == "active"
    assert (paused, reminded(school, school.maya)) == ([], [])
