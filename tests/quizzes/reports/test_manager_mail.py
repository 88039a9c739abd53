"""A learner's report to their manager: after a yes alone, with topics and no answers, once for each occasion."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select

from lti_tool import clock, personal_data
from lti_tool.contacts.models import Outsider
from lti_tool.db import transaction
from lti_tool.manager_mail.standing import hash_of
from lti_tool.models import Role, Standing
from lti_tool.outbox import Letter, LetterState
from lti_tool.running import delivering
from quizzes import personal
from quizzes.designing.reviewing import PRESETS, Preset
from quizzes.reports.mailing import agreeing, falling_due, scheduling, sending
from quizzes.reports.mailing.models import ManagerReport, ReportConsent, ReportSchedule
from quizzes.reports.mailing.times import Rhythm
from tests.cast import THEN
from tests.quizzes.making import changed
from tests.quizzes.reports.mailing import A_DAY, VERA, WEEK, Office, stop_link_in

SOON = THEN + timedelta(minutes=15)
"""After Leo has handed in."""


@pytest.fixture
def settled(office: Office) -> Office:
    """Vera manages Leo, gets his report once he is ready or done, and he has agreed."""
    office.managed()
    office.arranged(Rhythm.SETTLED)
    office.agreed()
    return office


def test_what_a_manager_reads(settled: Office, hand_in):
    attempt = hand_in(16)

    [taken] = settled.to(VERA.mail, SOON)

    plain = taken.part("plain")
    assert taken.message["Subject"] == "Quiz report: Leo"
    assert "Leo took the quiz Onboarding quiz in the course Starting at work." in plain
    assert "The attempt that counts was handed in on Nov 23, 2026, 9:10" in plain
    assert "Ready: the quiz is passed, and enough is understood." in plain
    assert plain.count("questions fully right") >= 3
    assert "There is nothing to open and nothing to sign in to" in plain
    assert "You get this because you are recorded as the manager of Leo, who agreed to it." in plain
    assert taken.message["List-Unsubscribe"] == f"<http://localhost:8000{stop_link_in(taken)}>"
    links = [line for line in plain.splitlines() if "http" in line]
    assert links == [f"http://localhost:8000{stop_link_in(taken)}"]
    html = taken.part("html")
    assert html.count("<a ") == 1
    for answer in attempt.answers:
        assert answer.version.text not in plain
        assert answer.version.text not in html


def test_the_learner_is_told_that_it_was_sent(settled: Office, hand_in):
    hand_in(16)
    settled.delivered(SOON)

    assert settled.notices_of(settled.leo) == ["Your manager was sent your report: Onboarding quiz"]
    with clock.moved_to(SOON):
        page = settled.visit(settled.leo).get(settled.page).text
    assert "What was sent:" in page
    assert "to Vera Stein" in page


def test_who_is_not_ready_and_has_an_attempt_left_is_not_reported_yet(settled: Office, hand_in):
    hand_in(4)
    first = settled.to(VERA.mail, SOON)
    hand_in(5, seed=2, at=THEN + A_DAY)

    [taken] = settled.to(VERA.mail, THEN + A_DAY + timedelta(minutes=15))

    assert first == []
    assert "Not yet ready: the quiz is not passed." in taken.part("plain")


def test_who_is_ready_and_stays_ready_is_reported_once(settled: Office, hand_in):
    hand_in(16)
    first = settled.to(VERA.mail, SOON)
    hand_in(20, seed=2, at=THEN + A_DAY)

    assert len(first) == 1
    assert settled.to(VERA.mail, THEN + 2 * A_DAY) == []
    assert len(settled.reports()) == 1


@pytest.mark.parametrize("said", ["nothing", "no", "yes to somebody else"])
def test_without_a_yes_to_this_very_manager_nothing_is_sent(office: Office, hand_in, said: str):
    office.managed(Outsider("Otto", "otto@firm.example") if said == "yes to somebody else" else VERA)
    office.arranged(Rhythm.SETTLED)
    if said == "no":
        agreeing.refuse(office.session, office.quiz, office.leo, at=THEN)
        office.session.commit()
    if said == "yes to somebody else":
        office.agreed(mail="otto@firm.example")
        office.managed(VERA)

    hand_in(16)

    assert office.delivered(SOON) == []
    assert office.reports() == []


def test_who_agrees_after_they_are_ready_is_reported_then(office: Office, hand_in):
    office.managed()
    office.arranged(Rhythm.SETTLED)
    hand_in(16)
    before = office.delivered(SOON)

    office.agreed(at=THEN + A_DAY)

    assert before == []
    assert len(office.to(VERA.mail, THEN + A_DAY)) == 1


@pytest.mark.parametrize(
    "what",
    ["is inactive", "is a test student", "teaches now", "is erased", "manager taken away", "said no", "stopped",
     "turned off", "no address", "platform shut"],
)  # fmt: skip
def test_whatever_happens_before_it_goes_counts(settled: Office, hand_in, what: str):
    hand_in(16)
    leo, session = settled.leo, settled.session

    match what:
        case "is inactive":
            leo.is_active = False
        case "is a test student":
            leo.is_test = True
        case "teaches now":
            leo.role = Role.ASSISTANT
        case "is erased":
            personal_data.erase(session, leo.person, at=THEN)
        case "manager taken away":
            settled.managed(None)
        case "said no":
            agreeing.refuse(session, settled.quiz, leo, at=THEN)
        case "stopped":
            [taken] = settled.to(VERA.mail, SOON)
            settled.app.test_client().post(stop_link_in(taken))
            hand_in(1, seed=2, at=THEN + A_DAY)
            session.add(ReportConsent(quiz_id=settled.quiz.id, enrolment_id=settled.ines.id, is_given=True,
                                      whom=hash_of(VERA.mail), said=THEN))  # fmt: skip
        case "turned off":
            found = scheduling.schedule_of(session, settled.quiz, None)
            assert found is not None
            found.stop()
        case "no address":
            settled.managed(settled.cast.enrol(settled.quiz.course, "Olga"))
        case "platform shut":
            leo.course.deployment.standing = Standing.WAITING
    session.commit()

    assert settled.delivered(THEN + 2 * A_DAY) == []


def test_a_manager_in_the_course_reads_it_in_their_own_language_and_time(settled: Office, hand_in):
    olga = settled.cast.enrol(settled.quiz.course, "Olga")
    olga.person.email, olga.person.own_time_zone = "olga@school.example", "Asia/Tokyo"
    settled.session.commit()
    settled.managed(olga)
    settled.agreed(mail="olga@school.example")

    hand_in(16)

    [taken] = settled.to("olga@school.example", SOON)
    assert "6:10" in taken.part("plain")
    assert "JST" in taken.part("plain")


def test_every_week_what_is_new_goes_and_the_same_is_not_said_again(office: Office, hand_in):
    """THEN is a Monday, nine o'clock."""
    office.managed()
    office.arranged(Rhythm.WEEKLY, weekday=2)
    office.agreed()
    hand_in(4)

    days = [(day, len(office.to(VERA.mail, THEN + day * A_DAY - timedelta(hours=2)))) for day in range(1, 10)]
    hand_in(20, seed=2, at=THEN + 10 * A_DAY)
    later = [(day, len(office.to(VERA.mail, THEN + day * A_DAY - timedelta(hours=2)))) for day in range(11, 31)]

    assert [day for day, mails in days if mails] == [2]
    assert [day for day, mails in later if mails] == [16]


def test_a_worker_that_was_off_for_weeks_sends_once(office: Office, hand_in):
    office.managed()
    office.arranged(Rhythm.WEEKLY, weekday=2)
    office.agreed()
    hand_in(4)

    assert len(office.to(VERA.mail, THEN + 7 * WEEK)) == 1
    assert [each.occasion for each in office.reports()] == ["weekly:2026-11-25T07:00:00+00:00"]
    schedule = office.session.scalars(select(ReportSchedule)).one()
    assert schedule.next_due == THEN + 7 * WEEK + 2 * A_DAY - timedelta(hours=2)


def test_once_the_quiz_has_closed_and_no_longer_time_runs(office: Office, session, hand_in, start):
    changed(session, office.quiz, closes=THEN + A_DAY)
    office.managed()
    office.arranged(Rhythm.CLOSING)
    office.agreed()
    hand_in(4)
    zoe = office.cast.enrol(office.quiz.course, "Zoe")
    running = start(3, who=zoe, at=THEN + A_DAY - timedelta(minutes=5))
    running.deadline = THEN + A_DAY + timedelta(minutes=20)
    session.commit()

    early = office.to(VERA.mail, THEN + A_DAY)
    at_closing = office.to(VERA.mail, THEN + A_DAY + timedelta(minutes=1))
    late = office.to(VERA.mail, THEN + A_DAY + timedelta(minutes=22))

    assert (early, at_closing, len(late)) == ([], [], 1)
    assert office.to(VERA.mail, THEN + 2 * A_DAY) == []


def test_a_quiz_that_closes_at_another_time_takes_its_report_along(office: Office, session, hand_in):
    changed(session, office.quiz, closes=THEN + A_DAY)
    office.managed()
    office.arranged(Rhythm.CLOSING)
    office.agreed()
    hand_in(4)
    changed(session, office.quiz, closes=THEN + 3 * A_DAY)
    scheduling.follow(session, office.quiz, at=THEN)
    session.commit()

    assert office.to(VERA.mail, THEN + 2 * A_DAY) == []
    assert len(office.to(VERA.mail, THEN + 3 * A_DAY + timedelta(minutes=2))) == 1


def test_no_manager_reads_it_before_the_learner_may(office: Office, session, hand_in):
    changed(session, office.quiz, closes=THEN + A_DAY, review=PRESETS[Preset.WHEN_CLOSED])
    office.managed()
    office.arranged(Rhythm.SETTLED)
    office.agreed()
    hand_in(16)

    assert office.to(VERA.mail, SOON) == []
    assert len(office.to(VERA.mail, THEN + A_DAY + timedelta(minutes=1))) == 1


def test_what_the_learner_never_sees_no_manager_does(office: Office, session, hand_in):
    changed(session, office.quiz, review=PRESETS[Preset.SCORE])
    office.managed()
    office.arranged(Rhythm.SETTLED)
    office.agreed()
    hand_in(16)

    assert office.delivered(SOON) == []


def test_practice_is_not_reported(office: Office, session, hand_in):
    office.managed()
    office.arranged(Rhythm.SETTLED)
    office.agreed()
    hand_in(16)
    changed(session, office.quiz, is_practice=True)

    assert office.delivered(SOON) == []


def posted(office: Office, occasion: str = "now:aaaaaaaa") -> None:
    sending.post(office.session, office.quiz, [office.leo.id], Rhythm.REQUEST, occasion, at=SOON)
    office.session.commit()


def test_the_same_click_sends_once_and_another_one_again(office: Office, hand_in):
    office.managed()
    office.arranged(Rhythm.REQUEST)
    office.agreed()
    hand_in(4)

    with clock.moved_to(SOON):
        posted(office)
        first = office.to(VERA.mail, SOON)
        posted(office)
        again = office.to(VERA.mail, SOON)
        posted(office, "now:bbbbbbbb")
        other = office.to(VERA.mail, SOON)

    assert [len(each) for each in (first, again, other)] == [1, 0, 1]
    assert first[0].message["Message-ID"] != other[0].message["Message-ID"]


def test_two_workers_send_once(settled: Office, hand_in):
    hand_in(16)
    settled.session.rollback()
    begin = threading.Barrier(2)

    def work() -> None:
        with clock.moved_to(SOON):
            begin.wait()
            delivering.serve(settled.app, sending.LANE)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert [taken.recipient for taken in settled.there.taken] == [VERA.mail]
    assert settled.to(VERA.mail, SOON + A_DAY) == []


class _Killed(BaseException):
    pass


def test_a_worker_killed_once_the_mail_was_taken_sends_it_again_under_the_same_id(
    settled: Office, hand_in, monkeypatch: pytest.MonkeyPatch
):
    """By which mail programs see that it is the same; the learner is told once."""
    hand_in(16)
    carrier = settled.app.extensions["outbox"].carriers[sending.LANE]

    def die(*_about: object) -> None:
        raise _Killed

    with monkeypatch.context() as patched, suppress(_Killed), clock.moved_to(SOON):
        patched.setattr(carrier, "_sent", die)
        delivering.drain(settled.app)
    first = [taken for taken in settled.there.taken if taken.recipient == VERA.mail]
    again = settled.to(VERA.mail, SOON + timedelta(minutes=5))

    assert [taken.message["Message-ID"] for taken in again] == [taken.message["Message-ID"] for taken in first]
    assert stop_link_in(again[0]) == stop_link_in(first[0])
    assert len(settled.reports()) == 1
    assert len(settled.notices_of(settled.leo)) == 1


def test_a_worker_killed_after_it_was_written_down_sends_it_once(
    settled: Office, hand_in, monkeypatch: pytest.MonkeyPatch
):
    hand_in(16)

    def die(*_about: object) -> bool:
        raise _Killed

    with monkeypatch.context() as patched, suppress(_Killed), clock.moved_to(SOON):
        patched.setattr(delivering, "_write_down", die)
        delivering.serve(settled.app, sending.LANE)
    settled.delivered(SOON + timedelta(minutes=5))

    assert [taken.recipient for taken in settled.there.taken].count(VERA.mail) == 1
    letters = settled.session.scalars(select(Letter).where(Letter.lane == sending.LANE)).all()
    assert {each.state for each in letters} == {LetterState.DELIVERED}


def test_a_mail_that_could_not_go_says_what_holds_when_it_does(settled: Office, hand_in):
    hand_in(4)
    hand_in(5, seed=2, at=THEN + A_DAY)
    settled.there.answers["RCPT"] = "451 4.3.0 later"
    assert settled.delivered(THEN + 2 * A_DAY) == []
    settled.there.answers.clear()
    settled.managed(None)

    assert settled.delivered(THEN + 3 * A_DAY) == []
    assert [each.sent for each in settled.reports()] == [None]


def test_whoever_holds_the_mail_stops_further_ones_and_has_them_again(settled: Office, hand_in):
    hand_in(16)
    [taken] = settled.to(VERA.mail, SOON)
    link, visitor = stop_link_in(taken), settled.app.test_client()

    asked = visitor.get(link)
    stopped = visitor.post(link, data={"List-Unsubscribe": "One-Click"})
    with clock.moved_to(SOON):
        shown = settled.visit(settled.leo).get(settled.page).text
        listed = settled.visit(settled.ines).get(f"{settled.page}/mail").text
    again = visitor.post(link, data={"what": "go_on"})

    assert "No more of these mails?" in asked.text
    assert "Mails are stopped" in stopped.text
    assert "Progress reports are not stopped by this" in asked.text
    assert "Progress reports are not stopped by this" in stopped.text
    assert "wants no such mails, so nothing is sent." in shown
    assert "The manager wants no more of these mails." in listed
    assert "No more of these mails?" in again.text
    assert "Leo" not in asked.text + stopped.text
    assert visitor.get("/quiz-report/made-up/stop").status_code == 404
    assert visitor.post("/quiz-report/made-up/stop").status_code == 404


def test_neither_names_nor_mail_stand_in_the_log(settled: Office, hand_in, caplog: pytest.LogCaptureFixture):
    hand_in(16)
    settled.there.answers["RCPT"] = "550 5.1.1 no such user vera@firm.example"
    with caplog.at_level("DEBUG"):
        settled.delivered(SOON)

    assert not [line for line in caplog.messages if "vera" in line.lower() or "leo" in line.lower()]


def test_it_is_given_out_with_a_persons_data_and_erased(settled: Office, hand_in):
    hand_in(16)
    settled.arranged(Rhythm.DAILY, of=settled.ines)
    settled.delivered(SOON)
    session = settled.session

    of_leo, of_ines = (personal.export(session, each.person) for each in (settled.leo, settled.ines))
    with transaction():
        personal_data.erase(session, settled.leo.person, at=SOON)
        personal_data.erase(session, settled.ines.person, at=SOON)

    assert of_leo["reports_to_manager_agreed"] == [
        {"quiz": "Onboarding quiz", "agreed": True, "said": THEN.isoformat()}
    ]
    assert [(each["ready"], each["sent"]) for each in of_leo["reports_to_manager"]] == [(True, SOON.isoformat())]
    assert [each["when"] for each in of_ines["reports_wanted"]] == ["daily"]
    assert session.scalars(select(ReportConsent)).all() == []
    assert session.scalars(select(ManagerReport)).all() == []
    [left] = session.scalars(select(ReportSchedule))
    assert (left.reader_id, left.said_by_id, left.rhythm) == (None, None, Rhythm.SETTLED)


def test_of_a_manager_who_is_erased_nothing_is_left_to_know_them_by(settled: Office, hand_in):
    olga = settled.cast.enrol(settled.quiz.course, "Olga")
    olga.person.email = "olga@school.example"
    settled.session.commit()
    settled.managed(olga)
    settled.agreed(mail="olga@school.example")
    hand_in(16)
    [taken] = settled.to("olga@school.example", SOON)

    personal_data.erase(settled.session, olga.person, at=SOON)
    settled.session.commit()

    assert [each.whom for each in settled.reports()] == [""]
    assert settled.app.test_client().get(stop_link_in(taken)).status_code == 404


def test_many_are_read_in_as_many_statements_as_one(settled: Office, queries):
    with queries() as one:
        falling_due.may_be_reported(settled.session, settled.quiz)

    assert len(one) == 1
