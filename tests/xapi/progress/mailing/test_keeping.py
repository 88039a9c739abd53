"""What progress reports by mail hold about a person is given out, and erased."""

from __future__ import annotations

from sqlalchemy import select

from lti_tool import personal_data
from tests.xapi.progress.conftest import NOW
from tests.xapi.progress.mailing.desk import Desk, stop_link_in
from xapi.progress.mailing.models import ProgressConsent
from xapi.progress.mailing.times import Rhythm


def test_it_is_given_out_with_a_persons_data_and_erased(desk: Desk):
    desk.agreed()
    desk.asked_for()
    desk.delivered()
    session, ines = desk.session, desk.school.ines

    of_leo, of_ines = (personal_data.export(session, each.person)["progress"] for each in (desk.leo, ines))
    said = personal_data.erase(session, desk.leo.person, at=NOW)
    personal_data.erase(session, ines.person, at=NOW)
    session.commit()

    course, now = "Starting at work", NOW.isoformat()
    assert of_leo == {
        "reports_to_manager_agreed": [{"course": course, "agreed": True, "said": now}],
        "reports_to_manager": [{"course": course, "made": now, "sent": now}],
        "reports_to_managers_arranged": [],
    }
    assert of_ines["reports_to_managers_arranged"] == [{"course": course, "when": "request", "said": now}]
    assert "Erased: what is kept of 1 progress reports to their manager, and whether they agreed." in said
    assert session.scalars(select(ProgressConsent)).all() == []
    assert desk.reports() == []
    schedule = desk.schedule()
    assert schedule is not None
    assert (schedule.said_by_id, schedule.rhythm) == (None, Rhythm.REQUEST)


def test_of_a_manager_who_is_erased_nothing_is_left_to_know_them_by(desk: Desk):
    zoe = desk.school.zoe
    zoe.person.email = "zoe@school.example"
    desk.session.commit()
    desk.managed(zoe)
    desk.agreed(mail="zoe@school.example")
    desk.asked_for()
    [taken] = desk.delivered()

    personal_data.erase(desk.session, zoe.person, at=NOW)
    desk.session.commit()

    assert [each.whom for each in desk.reports()] == [""]
    assert desk.app.test_client().get(stop_link_in(taken)).status_code == 404


def test_what_somebody_arranged_goes_on_by_no_clocks_but_the_worlds_once_they_are_erased(desk: Desk):
    desk.school.ines.person.own_time_zone = "Asia/Tokyo"
    desk.session.commit()
    desk.agreed()
    desk.arranged(Rhythm.WEEKLY, weekday=2)
    schedule = desk.schedule()
    assert schedule is not None
    first = schedule.next_due
    personal_data.erase(desk.session, desk.school.ines.person, at=NOW)
    desk.session.commit()

    assert first is not None
    assert len(desk.delivered(first)) == 1
    schedule = desk.schedule()
    assert schedule is not None
    assert schedule.next_due is not None
    assert (first.hour, schedule.next_due.hour, schedule.next_due.weekday()) == (22, 7, 2)
