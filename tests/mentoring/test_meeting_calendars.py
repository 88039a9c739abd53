"""Meetings in calendar programs, read back by a library that did not write them; and who may read the feed."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import vobject  # type: ignore[import-untyped]
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool import clock
from lti_tool.models import Enrolment, Standing
from mentoring.mentorships.models import Mentorship
from mentoring.together.meetings import scheduling
from mentoring.together.meetings.models import CalendarFeed, Meeting
from tests.cast import THEN
from tests.mentoring.asking import held
from tests.mentoring.conftest import School
from tests.mentoring.meetings import a_pair, booked, plan

Visit = Callable[[Enrolment], FlaskClient]
ADDRESS = re.compile(r"/calendar/[\w-]+\.ics")


def made(school: School, client: FlaskClient) -> str:
    """The path of a new feed of this visitor's."""
    page = client.post(f"/courses/{school.course.public_id}/mentoring/calendar")
    found = ADDRESS.search(page.text)
    assert found is not None
    return found[0]


def read(app: Flask, path: str, *, at: datetime = THEN) -> Any:
    with clock.moved_to(at):
        answer = app.test_client().get(path)
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    return vobject.readOne(answer.text, validate=True)


def in_vienna(school: School, pair: Mentorship) -> list[Meeting]:
    """Twice at six in the evening, with the beginning of summer time in between."""
    where = {"day": date(2027, 3, 22), "clock": time(18, 0), "zone": "Europe/Vienna"}
    return booked(school, pair, pair.mentee, times=2, **where)  # type: ignore[arg-type]


def test_a_meeting_is_read_back_as_it_was_planned(school: School, visit: Visit):
    pair = a_pair(school)
    [meeting] = booked(school, pair, pair.mentee, place="Room 5, 2nd floor; left", agenda="Secret")
    address = f"/courses/{school.course.public_id}/mentoring/mentorships/{pair.public_id}/meetings"

    answer = visit(school.leo).get(f"{address}/{meeting.public_id}/meeting.ics")
    event = vobject.readOne(answer.text, validate=True).vevent

    assert answer.headers["Content-Disposition"] == "attachment; filename=meeting.ics"
    assert (event.dtstart.value, event.dtend.value) == (meeting.starts, meeting.ends)
    assert (event.summary.value, event.location.value) == ("Meeting with Maya Okafor", "Room 5, 2nd floor; left")
    assert (event.status.value, event.sequence.value) == ("CONFIRMED", "0")
    assert "Secret" not in answer.text


def test_clock_changes_are_told_so_that_both_of_a_series_stand_at_six(app: Flask, school: School, visit: Visit):
    series = in_vienna(school, a_pair(school))

    calendar = read(app, made(school, visit(school.maya)), at=series[0].starts)

    starts = [event.dtstart.value for event in calendar.vevent_list]
    assert [moment.astimezone(UTC) for moment in starts] == [meeting.starts for meeting in series]
    assert [moment.utcoffset() for moment in starts] == [timedelta(hours=1), timedelta(hours=2)]
    assert [(moment.hour, moment.minute) for moment in starts] == [(18, 0)] * 2
    assert [event.summary.value for event in calendar.vevent_list] == ["Meeting with Leo Baum"] * 2


def test_a_moved_meeting_keeps_its_uid_and_counts_and_a_cancelled_one_is_told(app: Flask, school: School, visit: Visit):
    pair = a_pair(school)
    first, second = booked(school, pair, pair.mentee, times=2)
    path = made(school, visit(school.leo))
    before = [event.uid.value for event in read(app, path).vevent_list]

    held(school, pair)
    scheduling.change(school.session, first, plan(2), with_rest=False, by=pair.mentor, at=THEN)
    scheduling.cancel(school.session, second, with_rest=False, by=pair.mentor, at=THEN)
    school.session.commit()
    after = read(app, path).vevent_list

    assert [event.uid.value for event in after] == before
    assert [(event.sequence.value, event.status.value) for event in after] == [("1", "CONFIRMED"), ("1", "CANCELLED")]
    assert after[0].dtstart.value == first.starts


def test_only_a_hash_of_the_address_is_kept_and_it_stands_in_no_log_line(
    app: Flask, school: School, visit: Visit, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    client = visit(school.leo)
    path = made(school, client)
    secret = path.removeprefix("/calendar/").removesuffix(".ics")

    read(app, path)
    again = client.get(f"/courses/{school.course.public_id}/mentoring/calendar")

    [feed] = school.session.scalars(select(CalendarFeed))
    assert len(feed.secret) == 64
    assert secret not in feed.secret + caplog.text + again.text


def test_a_new_address_makes_the_one_before_useless_and_so_does_revoking(app: Flask, school: School, visit: Visit):
    client = visit(school.leo)
    first = made(school, client)
    second = made(school, client)
    client_of_programs = app.test_client()

    codes = [client_of_programs.get(path).status_code for path in (first, second)]
    client.post(f"/courses/{school.course.public_id}/mentoring/calendar/revoke")

    assert codes == [404, 200]
    assert client_of_programs.get(second).status_code == 404


def test_a_feed_shows_ones_own_meetings_alone_and_none_to_who_has_left(app: Flask, school: School, visit: Visit):
    booked(school, pair := a_pair(school), pair.mentee)
    leos, zoes = made(school, visit(school.leo)), made(school, visit(school.zoe))

    assert len(read(app, leos).vevent_list) == 1
    assert "vevent" not in read(app, zoes).contents
    school.leo.is_active = False
    school.session.commit()
    assert "vevent" not in read(app, leos).contents


def test_a_platform_that_is_shut_out_shows_nothing_in_feeds_either(app: Flask, school: School, visit: Visit):
    booked(school, pair := a_pair(school), pair.mentee)
    path = made(school, visit(school.leo))

    school.course.platform.standing = Standing.DEACTIVATED
    school.session.commit()

    assert "vevent" not in read(app, path).contents


def test_a_feed_asks_as_often_for_one_meeting_as_for_many(app: Flask, school: School, visit: Visit, counting: Any):
    pair = a_pair(school)
    path = made(school, visit(school.leo))
    numbers = []
    for days in (1, 10):
        booked(school, pair, pair.mentee, days, times=days)
        with counting() as queries:
            assert len(read(app, path).vevent_list) >= days
        numbers.append(len(queries))

    assert numbers[0] == numbers[1]
