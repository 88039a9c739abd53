"""The class report to those who teach: each for themselves, at their times, once, and while it says something new."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from lti_tool import clock
from lti_tool.manager_mail.falling_due import TimesCarrier
from lti_tool.models import Role
from lti_tool.notifying import wishes
from lti_tool.running import delivering
from quizzes.reports.mailing import falling_due, scheduling
from quizzes.reports.mailing.models import ReportSchedule
from quizzes.reports.mailing.telling import REPORTS
from quizzes.reports.mailing.times import Rhythm
from quizzes.reports.mailing.whole_class import report_of, results_now
from tests.cast import THEN
from tests.quizzes.making import changed
from tests.quizzes.reports.mailing import A_DAY, WEEK, Office

SEVEN = THEN - timedelta(hours=2)
"""Seven o'clock on the Monday on which everything begins."""
INES = "ines@school.example"


def days_with_mail(office: Office, days: range, hour: int = 0) -> list[int]:
    at = [(day, SEVEN + day * A_DAY + timedelta(hours=hour)) for day in days]
    return [day for day, moment in at if office.to(INES, moment)]


def test_what_the_class_report_says(office: Office, hand_in):
    course = office.quiz.course
    office.cast.enrol(course, "Omar")
    hand_in(16)
    hand_in(4, who=office.cast.enrol(course, "Zoe"))
    office.arranged(Rhythm.DAILY, of=office.ines)

    [taken] = office.to(INES, SEVEN + A_DAY)

    plain = taken.part("plain")
    assert taken.message["Subject"] == "Quiz report: Onboarding quiz"
    assert "2 of 3 learners have a result. 1 passed, and 1 is ready. On average they earned 50%." in plain
    assert "Topics, what went worst first: " in plain
    assert "Not ready yet: Zoe\n" in plain
    assert "Nothing handed in yet: Omar\n" in plain
    assert "No more mails about this (Reports of quizzes):" in plain
    assert office.notices_of(office.ines) == ["Quiz report: Onboarding quiz"]


def test_of_a_large_class_not_everybody_is_named(office: Office):
    for number in range(30):
        office.cast.enrol(office.quiz.course, f"Person {number:02}")
    office.arranged(Rhythm.DAILY, of=office.ines)

    [taken] = office.to(INES, SEVEN + A_DAY)

    assert "Person 18 and 11 more" in taken.part("plain").replace("\n", " ")


def test_every_day_as_long_as_something_is_new(office: Office, hand_in):
    hand_in(4)
    office.arranged(Rhythm.DAILY, of=office.ines)

    first = days_with_mail(office, range(1, 5))
    hand_in(16, seed=2, at=SEVEN + 4 * A_DAY + timedelta(hours=1))

    assert first == [1]
    assert days_with_mail(office, range(5, 9)) == [5]


def test_every_week_on_the_chosen_day_by_the_readers_clock(office: Office, hand_in):
    office.ines.person.own_time_zone = "America/New_York"
    office.session.commit()
    office.arranged(Rhythm.WEEKLY, of=office.ines, weekday=4)
    hand_in(4)

    early = days_with_mail(office, range(1, 5), hour=4)
    on_time = days_with_mail(office, range(4, 7), hour=5)

    assert (early, on_time) == ([], [4])


def test_every_week_for_a_month(office: Office, hand_in):
    office.arranged(Rhythm.WEEKLY, of=office.ines, weekday=2)
    found = []
    for week in range(4):
        hand_in(4, who=office.cast.enrol(office.quiz.course, f"Week {week}"), at=THEN + week * WEEK)
        found += days_with_mail(office, range(7 * week + 1, 7 * week + 7))

    assert found == [2, 9, 16, 23]


def test_each_for_themselves(office: Office, hand_in):
    ana = office.cast.enrol(office.quiz.course, "Ana", Role.INSTRUCTOR)
    ana.person.email = "ana@school.example"
    office.session.commit()
    office.arranged(Rhythm.DAILY, of=office.ines)
    office.arranged(Rhythm.WEEKLY, of=ana, weekday=2)
    hand_in(4)

    tuesday, wednesday = office.delivered(SEVEN + A_DAY), office.delivered(SEVEN + 2 * A_DAY)

    assert [taken.recipient for taken in tuesday] == [INES]
    assert [taken.recipient for taken in wednesday] == ["ana@school.example"]


def test_a_worker_that_was_off_for_seven_days_sends_once(office: Office, hand_in):
    office.arranged(Rhythm.DAILY, of=office.ines)
    hand_in(4)

    assert len(office.to(INES, THEN + 7 * A_DAY)) == 1
    assert office.session.scalars(select(ReportSchedule)).one().next_due == SEVEN + 8 * A_DAY


def test_at_closing_and_never_again(office: Office, session, hand_in):
    changed(session, office.quiz, closes=THEN + A_DAY)
    office.arranged(Rhythm.CLOSING, of=office.ines)
    hand_in(4)

    assert office.to(INES, THEN + A_DAY) == []
    assert len(office.to(INES, THEN + A_DAY + timedelta(minutes=1))) == 1
    assert office.to(INES, THEN + WEEK) == []


def test_another_time_makes_the_first_one_void_and_stopping_all(office: Office, hand_in):
    office.arranged(Rhythm.DAILY, of=office.ines)
    office.arranged(Rhythm.WEEKLY, of=office.ines, weekday=3)
    hand_in(4)
    before = days_with_mail(office, range(1, 3))
    found = scheduling.schedule_of(office.session, office.quiz, office.ines)
    assert found is not None
    found.stop()
    office.session.commit()

    assert before == []
    assert days_with_mail(office, range(3, 12)) == []


@pytest.mark.parametrize("what", ["has left", "teaches no more", "wants no such mails"])
def test_who_reads_no_more_of_them_gets_none(office: Office, hand_in, what: str):
    office.arranged(Rhythm.DAILY, of=office.ines)
    hand_in(4)
    if what == "has left":
        office.ines.is_active = False
    elif what == "teaches no more":
        office.ines.role = Role.LEARNER
    else:
        wishes.stop_mail(office.session, office.ines.person, REPORTS)
    office.session.commit()

    assert days_with_mail(office, range(1, 4)) == []
    assert len(office.notices_of(office.ines)) == (what == "wants no such mails")


def test_two_workers_tell_once(office: Office, hand_in):
    office.arranged(Rhythm.DAILY, of=office.ines)
    hand_in(4)
    office.session.rollback()
    [errand] = errands_of(office)
    begin = threading.Barrier(2)

    def work() -> None:
        with office.app.app_context(), clock.moved_to(SEVEN + A_DAY):
            begin.wait()
            TimesCarrier(ReportSchedule, falling_due.fall_due).carry([errand])

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert office.notices_of(office.ines) == ["Quiz report: Onboarding quiz"]
    assert len(office.to(INES, SEVEN + A_DAY)) == 1


def errands_of(office: Office):
    with office.app.app_context(), clock.moved_to(SEVEN + A_DAY):
        return delivering._errands(scheduling.LANE, 5)


def test_a_worker_killed_after_it_committed_has_told_once(office: Office, hand_in):
    office.arranged(Rhythm.DAILY, of=office.ines)
    hand_in(4)
    [errand] = errands_of(office)
    with office.app.app_context(), clock.moved_to(SEVEN + A_DAY):
        TimesCarrier(ReportSchedule, falling_due.fall_due).carry([errand])

    assert len(office.to(INES, SEVEN + A_DAY + timedelta(minutes=5))) == 1
    assert office.notices_of(office.ines) == ["Quiz report: Onboarding quiz"]


def test_a_class_is_reported_in_as_many_statements_however_large(office: Office, hand_in, queries, session):
    def asked() -> int:
        session.rollback()
        session.expire_all()
        with queries() as found:
            report_of(session, results_now(session, office.quiz, at=THEN))
        return len(found)

    hand_in(4)
    one = asked()
    for number in range(3):
        hand_in(4, who=office.cast.enrol(office.quiz.course, f"Person {number}"))

    assert asked() == one
