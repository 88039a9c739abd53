"""Reminders on their way: one notice a day, what still makes sense after days without a worker, and each once."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import UTC, datetime, time

import pytest
from flask import Flask
from sqlalchemy import func, select

from lti_tool import clock, mail, outbox, personal_data
from lti_tool.db import transaction
from lti_tool.notifying import wishes
from lti_tool.notifying.models import MailingHours, PersonalNotice
from lti_tool.outbox import Errand, Letter, LetterState
from lti_tool.running import delivering, working
from mentoring.mentorships.models import Mentorship
from mentoring.together.nudges import stopping
from mentoring.together.nudges.models import Nudge, NudgeStop
from mentoring.together.nudges.saying import NUDGES
from mentoring.together.nudges.sending import NudgeCarrier
from mentoring.together.nudges.sweeping import JOB, LANE, next_night
from tests.cast import THEN
from tests.lti_tool.mail_server import MailServerInHand, Taken
from tests.mentoring.asking import happened, held
from tests.mentoring.conftest import School
from tests.mentoring.meetings import booked
from tests.mentoring.nudging import A_DAY, NIGHT, a_day, begun, carried, swept, told, waiting, with_address
from tests.mentoring.test_nudges import tidied


@pytest.fixture
def pair(school: School) -> Mentorship:
    """Leo and Maya, who will be reminded on the fourteenth day that nothing is booked."""
    return tidied(school, begun(school))


def reminders(there: MailServerInHand) -> list[Taken]:
    """The mails of reminders among all that were brought."""
    return [taken for taken in there.taken if "for you in mentoring" in str(taken.message["Subject"])]


def second_pair(school: School) -> Mentorship:
    """Leo mentors Zoe as well, and something of theirs is late from the start."""
    school.mentors(leo=1)
    return school.paired(school.zoe, school.leo)


def rows(school: School) -> list[tuple[str, bool, bool]]:
    """Every nudge: whose it is, whether it was told, whether it was dropped."""
    school.session.rollback()
    school.session.expire_all()
    found = school.session.scalars(select(Nudge).order_by(Nudge.id))
    return [(each.participant.name, each.sent is not None, each.dropped is not None) for each in found]


def letters(school: School) -> list[tuple[str, LetterState]]:
    school.session.rollback()
    school.session.expire_all()
    found = school.session.scalars(select(Letter).where(Letter.lane.startswith(LANE)).order_by(Letter.id))
    return [(each.key or "", each.state) for each in found]


def test_everything_of_a_day_is_one_mail(app: Flask, school: School, pair: Mentorship, there: MailServerInHand):
    tidied(school, second_pair(school))
    with_address(school, school.leo)

    carried(app, school, THEN + 8 * A_DAY)
    a_day(app, school, 29)

    [taken] = reminders(there)
    assert taken.recipient == "leo-baum@school.example"
    assert taken.message["Subject"] == "2 things wait for you in mentoring"
    plain = taken.part("plain")
    assert "Maya Okafor: it has been quiet between you since Nov 23, 2026." in plain
    assert "Zoe Lind: you have not met yet, and nothing is booked." in plain
    assert "You are reminded once a day at most, and can stop any of this." in plain
    assert "No more mails about this (Reminders, in one mail a day at most):" in plain
    [lines] = told(school, school.leo)
    assert len(lines) == 2


def test_a_mail_comes_in_the_morning_where_the_reader_is(
    app: Flask, school: School, pair: Mentorship, there: MailServerInHand
):
    with_address(school, school.leo)
    school.leo.person.own_time_zone = "Pacific/Auckland"
    school.session.commit()
    swept(school, THEN + 14 * A_DAY - NIGHT)

    carried(app, school, datetime(2026, 12, 7, 19, 59, tzinfo=UTC))
    before = len(reminders(there))
    carried(app, school, datetime(2026, 12, 7, 20, 0, tzinfo=UTC))

    assert (before, len(reminders(there))) == (0, 1)


def test_somebody_without_an_address_is_told_in_the_tool_alone(
    app: Flask, school: School, pair: Mentorship, there: MailServerInHand
):
    a_day(app, school, 14)

    assert reminders(there) == []
    assert len(told(school)) == 2
    assert rows(school) == [("Maya Okafor", True, False), ("Leo Baum", True, False)]


def test_who_does_not_want_such_mails_finds_it_among_their_notices(
    app: Flask, school: School, pair: Mentorship, there: MailServerInHand
):
    with_address(school, school.leo)
    with transaction() as session:
        wishes.stop_mail(session, school.leo.person, NUDGES)

    a_day(app, school, 14)

    assert reminders(there) == []
    assert len(told(school, school.leo)) == 1


def test_in_quiet_hours_nobody_is_told(app: Flask, school: School, pair: Mentorship, there: MailServerInHand):
    with_address(school, school.leo)
    hours = {"is_quiet": True, "quiet_from": time(22, 0), "quiet_until": time(11, 30), "wants_mail": True}
    school.session.add(MailingHours(person_id=school.leo.person_id, **hours))
    school.session.commit()

    a_day(app, school, 14)
    early = told(school, school.leo)
    carried(app, school, THEN + 14 * A_DAY + (datetime(2026, 1, 1, 11, 31) - datetime(2026, 1, 1, 9)))

    assert early == []
    assert len(told(school, school.leo)) == 1
    assert len(reminders(there)) == 1


def test_a_worker_that_was_off_for_ten_days_tells_each_once_and_what_still_holds(
    app: Flask, school: School, pair: Mentorship, there: MailServerInHand
):
    """The nights were swept, and nobody carried anything."""
    with_address(school, school.leo, school.maya)
    second_pair(school)
    for days in range(14, 24):
        swept(school, THEN + days * A_DAY - NIGHT)
    [meeting] = booked(school, pair, pair.mentee, days=30)
    assert meeting.is_planned

    carried(app, school, THEN + 24 * A_DAY)

    assert told(school, school.maya) == []
    [lines] = told(school, school.leo)
    assert all(line.startswith("Zoe Lind: ") for line in lines)
    assert [taken.recipient for taken in reminders(there)] == ["leo-baum@school.example"]
    assert waiting(school) == []
    assert all(state is LetterState.DELIVERED for _key, state in letters(school))


def test_a_tool_that_was_off_for_ten_days_sweeps_and_tells_once(app: Flask, school: School, pair: Mentorship):
    a_day(app, school, 14)
    a_day(app, school, 24)

    assert len(told(school, school.leo)) == 2
    assert len(rows(school)) == 4


def test_a_worker_that_wakes_at_night_waits_for_the_morning(app: Flask, school: School, pair: Mentorship):
    swept(school, THEN + 14 * A_DAY - NIGHT)

    carried(app, school, datetime(2026, 12, 9, 3, 0, tzinfo=UTC))
    at_night = told(school)
    carried(app, school, datetime(2026, 12, 9, 9, 1, tzinfo=UTC))

    assert at_night == []
    assert len(told(school)) == 2


def test_what_falls_due_later_that_day_waits_until_tomorrow(app: Flask, school: School, pair: Mentorship):
    """At most one notice a day, whatever comes."""
    a_day(app, school, 14)
    second_pair(school)
    swept(school, THEN + 29 * A_DAY - NIGHT)
    with transaction() as session:
        for nudge in session.scalars(
            select(Nudge).where(Nudge.sent.is_(None), Nudge.person_id == school.leo.person_id)
        ):
            nudge.due = THEN + 14 * A_DAY
        letter = session.scalars(select(Letter).where(Letter.key == f"{LANE}:{school.leo.person_id}")).all()[-1]
        letter.due = THEN + 14 * A_DAY

    with clock.moved_to(THEN + 29 * A_DAY):
        delivering.drain(app)
        first = len(told(school, school.leo))
        swept(school, THEN + 29 * A_DAY)
        delivering.drain(app)

    assert first == len(told(school, school.leo)) == 2


def test_two_workers_that_carry_the_same_letter_tell_once(app: Flask, school: School, pair: Mentorship):
    """As happens when a worker was believed dead and was not."""
    swept(school, THEN + 14 * A_DAY - NIGHT)
    found = school.session.scalars(select(Letter).where(Letter.lane.startswith(LANE))).all()
    errands = [Errand(each.id, each.lane, each.body, each.edition, each.attempts, each.created) for each in found]
    school.session.commit()
    begin, outcomes = threading.Barrier(2), []

    def carry() -> None:
        with app.app_context(), clock.moved_to(THEN + 14 * A_DAY):
            begin.wait()
            outcomes.append(list(NudgeCarrier().carry(errands)))

    workers = [threading.Thread(target=carry) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert outcomes == [[outbox.Done()] * 2] * 2
    assert len(told(school)) == 2
    assert len(rows(school)) == 2


class _Killed(BaseException):
    pass


def test_a_worker_that_is_killed_after_it_committed_has_told_once(
    app: Flask, school: School, pair: Mentorship, monkeypatch: pytest.MonkeyPatch
):
    swept(school, THEN + 14 * A_DAY - NIGHT)

    def die(*_about: object) -> bool:
        raise _Killed

    with monkeypatch.context() as patched, suppress(_Killed), clock.moved_to(THEN + 14 * A_DAY):
        patched.setattr(delivering, "_write_down", die)
        delivering.drain(app)
    before = len(told(school))
    carried(app, school, THEN + 14 * A_DAY + A_DAY / 24)

    assert before >= 1
    assert len(told(school)) == 2
    assert all(state is LetterState.DELIVERED for _key, state in letters(school))
    assert happened(school.session).count("NudgesSent") == 2


def test_a_worker_that_is_killed_before_it_commits_has_told_nobody(
    app: Flask, school: School, pair: Mentorship, monkeypatch: pytest.MonkeyPatch
):
    swept(school, THEN + 14 * A_DAY - NIGHT)

    def die(*_about: object, **_more: object) -> None:
        raise _Killed

    with monkeypatch.context() as patched, suppress(_Killed), clock.moved_to(THEN + 14 * A_DAY):
        patched.setattr(mail, "tell", die)
        delivering.drain(app)
    assert told(school) == []
    carried(app, school, THEN + 14 * A_DAY + A_DAY / 24)

    assert len(told(school)) == 2


def test_one_who_cannot_be_told_keeps_nobody_else_waiting(
    app: Flask, school: School, pair: Mentorship, monkeypatch: pytest.MonkeyPatch
):
    swept(school, THEN + 14 * A_DAY - NIGHT)
    tell = mail.tell

    def trip(session, to, *rest, **more):
        if to.id == school.leo.id:
            raise RuntimeError("Leo cannot be told")
        tell(session, to, *rest, **more)

    with monkeypatch.context() as patched:
        patched.setattr(mail, "tell", trip)
        carried(app, school, THEN + 14 * A_DAY)
    maya = told(school, school.maya)
    carried(app, school, THEN + 14 * A_DAY + A_DAY / 24)

    assert len(maya) == 1
    assert len(told(school, school.leo)) == 1


def test_what_has_settled_itself_by_the_morning_is_not_said(app: Flask, school: School, pair: Mentorship):
    swept(school, THEN + 14 * A_DAY - NIGHT)
    booked(school, pair, pair.mentee, days=20)

    carried(app, school, THEN + 14 * A_DAY)

    assert told(school) == []
    assert rows(school) == [("Maya Okafor", False, True), ("Leo Baum", False, True)]


def test_what_was_stopped_overnight_is_not_said(app: Flask, school: School, pair: Mentorship):
    swept(school, THEN + 14 * A_DAY - NIGHT)
    stopping.rest(school.session, held(school, pair), at=THEN + 14 * A_DAY)

    carried(app, school, THEN + 14 * A_DAY)

    assert told(school) == []


def test_somebody_in_two_courses_is_told_once_a_day_of_both(app: Flask, school: School, pair: Mentorship):
    other = School(
        school.session,
        school.cast,
        course := school.cast.course("Cooking"),
        ines=school.ines,
        maya=school.cast.enrol(course, "Maya Okafor"),
        leo=school.cast.enrol(course, "Leo Baum"),
        zoe=school.cast.enrol(course, "Zoe Lind"),
    )
    tidied(other, begun(other))

    a_day(app, school, 14)

    notices = school.session.scalars(select(PersonalNotice).where(PersonalNotice.kind == NUDGES)).all()
    assert sorted(notice.enrolment.person.name for notice in notices) == ["Leo Baum", "Maya Okafor"]
    assert [notice.paragraphs[1].partition(":")[0] for notice in notices] == ["In Cooking"] * 2


def test_the_night_is_swept_by_a_job_that_renews_itself(app: Flask, school: School, pair: Mentorship):
    night = THEN + 14 * A_DAY - NIGHT
    school.session.commit()
    with clock.moved_to(night):
        working.drain(app)

    assert len(waiting(school)) == 2
    assert JOB in app.extensions["jobs"].renewing
    assert next_night(night) == night + A_DAY


def test_what_reminders_hold_about_somebody_is_given_out_and_erased(app: Flask, school: School, pair: Mentorship):
    a_day(app, school, 14)
    stopping.stop(school.session, school.leo.person, "quiet", at=THEN)
    school.session.commit()

    given = personal_data.export(school.session, school.leo.person)
    personal_data.erase(school.session, school.leo.person, at=THEN + 15 * A_DAY)
    school.session.commit()

    at = (THEN + 14 * A_DAY).isoformat()
    assert given["mentoring"]["reminders"] == {"reminded": [{"of": "no_meeting", "at": at}], "stopped": ["quiet"]}
    assert [name for name, *_rest in rows(school)] == ["Maya Okafor"]
    assert school.session.scalar(select(func.count()).select_from(NudgeStop)) == 0


def test_the_event_says_of_what_and_not_in_which_words(app: Flask, school: School, pair: Mentorship):
    a_day(app, school, 14)

    found = school.session.scalars(select(outbox.Happening).where(outbox.Happening.name == "NudgesSent")).all()
    assert len(found) == 2
    assert '"rules": ["no_meeting"]' in found[0].body
    assert "Okafor" not in found[0].body + found[1].body


def test_whose_quiet_hours_last_all_day_finds_it_in_the_tool_and_the_mail_waits_for_the_evening(
    app: Flask, school: School, pair: Mentorship, there: MailServerInHand
):
    with_address(school, school.leo)
    hours = {"is_quiet": True, "quiet_from": time(7, 0), "quiet_until": time(21, 0), "wants_mail": True}
    school.session.add(MailingHours(person_id=school.leo.person_id, **hours))
    school.session.commit()

    a_day(app, school, 14)
    by_day = (len(told(school, school.leo)), len(reminders(there)))
    carried(app, school, datetime(2026, 12, 7, 21, 1, tzinfo=UTC))

    assert by_day == (1, 0)
    assert (len(told(school, school.leo)), len(reminders(there))) == (1, 1)
