"""A learner's progress report to their manager: after a yes alone, figures and no words, once for each occasion."""

from __future__ import annotations

import threading
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from lti_tool import clock, personal_data
from lti_tool.contacts.models import Outsider
from lti_tool.events import CourseEntered
from lti_tool.models import Role, Standing
from lti_tool.outbox import Letter, LetterState
from lti_tool.running import delivering
from tests.mentoring.conftest import Counting
from tests.mentoring.conftest import counting as counting
from tests.mentoring.meetings import booked, said
from tests.xapi.progress.conftest import NOW
from tests.xapi.progress.mailing.desk import A_DAY, VERA, WEEK, Desk, stop_link_in
from xapi import retelling
from xapi.profile import examples
from xapi.progress import keeping
from xapi.progress.facts import Fact
from xapi.progress.folding import Folded, fold
from xapi.progress.mailing import falling_due, sending
from xapi.progress.mailing.models import ProgressConsent
from xapi.progress.mailing.times import Rhythm
from xapi.progress.reading import account_of, folded_of
from xapi.progress.report import learner_of

SEVEN = NOW - timedelta(hours=2)


@pytest.fixture
def agreed(desk: Desk) -> Desk:
    desk.agreed()
    return desk


def test_what_a_manager_reads(agreed: Desk):
    agreed.asked_for()

    [taken] = agreed.delivered()

    plain = taken.part("plain")
    assert taken.recipient == VERA.mail
    assert taken.message["Subject"] == "Progress report: Leo Baum"
    assert "How far Leo Baum has come in the course Starting at work, on Jan 12, 2027, 9:00" in plain
    assert "Mentorship: Active. 1 meeting held. First meeting after 2 days. Goals reached: 1 of 2." in plain
    assert "1 quiz taken, 1 passed." in plain
    assert "Last activity in the course:" in plain
    assert "There is nothing to open and nothing to sign in to" in plain
    assert "You get this because you are recorded as the manager of Leo Baum, who agreed to it." in plain
    assert "No more of these progress reports, about anybody:" in plain
    assert taken.message["List-Unsubscribe"] == f"<http://localhost:8000{stop_link_in(taken)}>"
    assert [line for line in plain.splitlines() if "http" in line] == [f"http://localhost:8000{stop_link_in(taken)}"]


def test_nothing_that_anybody_typed_no_mentor_and_nothing_of_reviews_stands_in_it(agreed: Desk):
    agreed.asked_for()

    [taken] = agreed.delivered()

    for part in (taken.part("plain"), taken.part("html")):
        for word in ("Maya", "Okafor", "customers", "Onboarding", "Listening", "3.8", "80%"):
            assert word not in part


def test_who_has_two_mentorships_has_a_line_for_each(agreed: Desk):
    mentor = agreed.school.join_mentor("Noor Haddad")
    zoe = agreed.school.zoe
    agreed.school.paired(zoe, mentor)
    agreed.managed(VERA, zoe)
    agreed.agreed(zoe)
    agreed.asked_for(who=zoe)

    [taken] = agreed.delivered()

    lines = [line for line in taken.part("plain").splitlines() if line.startswith("Mentorship ")]
    assert [line[:17] for line in lines] == ["Mentorship 1 of 2", "Mentorship 2 of 2"]
    # Both were paired in the same moment here, so either may come first.
    assert sorted(line[19:] for line in lines) == [
        "Completed. 0 meetings held. No goal is set yet.",
        "Not met yet. 0 meetings held. No goal is set yet.",
    ]


def test_the_learner_is_told_that_it_was_sent(agreed: Desk):
    agreed.asked_for()
    agreed.delivered()

    assert agreed.notices_of(agreed.leo) == ["Your manager was sent your progress report"]


@pytest.mark.parametrize("answer", ["nothing", "no", "yes to somebody else"])
def test_without_a_yes_to_this_very_manager_nothing_is_sent(desk: Desk, answer: str):
    if answer == "no":
        desk.refused()
    if answer == "yes to somebody else":
        desk.managed(Outsider("Otto", "otto@firm.example"))
        desk.agreed(mail="otto@firm.example")
        desk.managed(VERA)
    desk.asked_for()

    assert desk.delivered() == []
    assert desk.reports() == []


@pytest.mark.parametrize(
    "what",
    ["is inactive", "is a test student", "teaches now", "is erased", "manager taken away", "said no", "turned off",
     "no address", "platform shut", "nothing to tell"],
)  # fmt: skip
def test_whatever_happens_before_it_goes_counts(agreed: Desk, what: str):
    leo, session = agreed.leo, agreed.session
    agreed.asked_for()

    match what:
        case "is inactive":
            leo.is_active = False
        case "is a test student":
            leo.is_test = True
        case "teaches now":
            leo.role = Role.ASSISTANT
        case "is erased":
            personal_data.erase(session, leo.person, at=NOW)
        case "manager taken away":
            agreed.managed(None)
        case "said no":
            agreed.refused()
        case "turned off":
            agreed.stopped()
        case "no address":
            agreed.managed(agreed.school.zoe)
        case "platform shut":
            leo.course.deployment.standing = Standing.WAITING
        case "nothing to tell":
            session.query(Letter).delete()
            nina = agreed.school.join("Nina")
            agreed.managed(VERA, nina)
            agreed.agreed(nina)
            agreed.asked_for(who=nina)
    session.commit()

    assert agreed.delivered() == []


def test_whoever_asked_for_no_more_gets_none_about_anybody(agreed: Desk):
    agreed.asked_for()
    [taken] = agreed.delivered()
    agreed.app.test_client().post(stop_link_in(taken))
    zoe = agreed.school.zoe
    agreed.managed(VERA, zoe)
    agreed.agreed(zoe)

    agreed.asked_for("now:bbbbbbbb")
    agreed.asked_for("now:bbbbbbbb", zoe)

    assert agreed.delivered() == []


def test_a_manager_in_the_course_reads_it_by_their_own_clocks(agreed: Desk):
    zoe = agreed.school.zoe
    zoe.person.email, zoe.person.own_time_zone = "zoe@school.example", "Asia/Tokyo"
    agreed.session.commit()
    agreed.managed(zoe)
    agreed.agreed(mail="zoe@school.example")
    agreed.asked_for()

    [taken] = agreed.delivered()

    assert taken.recipient == "zoe@school.example"
    assert "6:00\N{NO-BREAK SPACE}PM JST" in taken.part("plain")


def days_with_mail(desk: Desk, days: range) -> list[int]:
    return [day for day in days if desk.delivered(NOW + day * A_DAY)]


def met(desk: Desk) -> None:
    [meeting] = booked(desk.school, desk.year.leo, desk.year.leo.mentee, 9)
    said(desk.school, meeting, desk.year.leo.mentee)


def test_every_week_what_is_new_goes_and_the_same_is_not_said_again(agreed: Desk):
    agreed.arranged(Rhythm.WEEKLY, weekday=3)

    first = days_with_mail(agreed, range(20))
    met(agreed)

    assert first == [2]
    assert days_with_mail(agreed, range(20, 40)) == [23]


def test_that_somebody_looked_in_again_is_no_news(agreed: Desk):
    agreed.arranged(Rhythm.WEEKLY)
    first = len(agreed.delivered(NOW + WEEK))
    before = last_seen(agreed)
    entered = replace(
        examples.made_up(CourseEntered)[0],
        who=agreed.leo.who,
        where=agreed.school.course.where,
        at=NOW + WEEK + A_DAY,
    )
    retelling.retell(agreed.session, [entered], agreed.leo.who)
    agreed.session.commit()

    assert before < last_seen(agreed) == NOW + WEEK + A_DAY
    assert (first, agreed.delivered(NOW + 2 * WEEK)) == (1, [])


def last_seen(desk: Desk) -> datetime:
    found = learner_of(folded_of(desk.session, desk.school.course), account_of(desk.leo), NOW)
    assert found is not None
    assert found.last is not None
    return found.last


def test_once_a_month_on_the_first_such_day(agreed: Desk):
    """NOW is the twelfth of January: the first Tuesdays after it are the second of February and of March."""
    agreed.arranged(Rhythm.MONTHLY)

    first = days_with_mail(agreed, range(25))
    met(agreed)

    assert first == [21]
    assert days_with_mail(agreed, range(25, 60)) == [49]
    schedule = agreed.schedule()
    assert schedule is not None
    assert schedule.next_due == datetime(2027, 4, 6, 7, 0, tzinfo=UTC)


def test_a_worker_that_was_off_for_weeks_sends_once(agreed: Desk):
    agreed.arranged(Rhythm.WEEKLY)

    assert len(agreed.delivered(NOW + 7 * WEEK)) == 1
    assert [each.occasion for each in agreed.reports()] == [f"weekly:{(SEVEN + WEEK).isoformat()}"]
    schedule = agreed.schedule()
    assert schedule is not None
    assert schedule.next_due == SEVEN + 8 * WEEK


def test_another_time_makes_the_first_one_void_and_stopping_all(agreed: Desk):
    agreed.arranged(Rhythm.WEEKLY, weekday=2)
    agreed.arranged(Rhythm.WEEKLY, weekday=4)
    before = days_with_mail(agreed, range(3))
    agreed.stopped()

    assert before == []
    assert days_with_mail(agreed, range(3, 14)) == []


def test_what_was_arranged_otherwise_since_it_was_posted_goes_no_more(agreed: Desk):
    agreed.arranged(Rhythm.WEEKLY)
    sending.post(agreed.session, [agreed.leo.id], Rhythm.WEEKLY, "weekly:then", at=NOW)
    agreed.session.commit()
    agreed.arranged(Rhythm.MONTHLY)

    assert agreed.delivered() == []


def test_the_same_click_sends_once_and_another_one_again(agreed: Desk):
    sent = []
    for occasion in ("now:aaaaaaaa", "now:aaaaaaaa", "now:bbbbbbbb"):
        agreed.asked_for(occasion)
        sent.append(agreed.delivered())

    assert [len(each) for each in sent] == [1, 0, 1]
    assert sent[0][0].message["Message-ID"] != sent[2][0].message["Message-ID"]


def test_two_workers_send_once(agreed: Desk):
    agreed.asked_for()
    agreed.let_go()
    begin = threading.Barrier(2)

    def work() -> None:
        with clock.moved_to(NOW):
            begin.wait()
            delivering.serve(agreed.app, sending.LANE)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert [taken.recipient for taken in agreed.there.taken] == [VERA.mail]
    assert agreed.delivered(NOW + A_DAY) == []


class _Killed(BaseException):
    pass


def _die(*_about: object) -> bool:
    raise _Killed


def test_a_worker_killed_once_the_mail_was_taken_sends_it_again_under_the_same_id(
    agreed: Desk, monkeypatch: pytest.MonkeyPatch
):
    """By which mail programs see that it is the same; the learner is told once."""
    agreed.asked_for()
    agreed.let_go()
    carrier = agreed.app.extensions["outbox"].carriers[sending.LANE]

    with monkeypatch.context() as patched, suppress(_Killed), clock.moved_to(NOW):
        patched.setattr(carrier, "_sent", _die)
        delivering.serve(agreed.app, sending.LANE)
    [first] = agreed.there.taken
    [again] = agreed.delivered(NOW + timedelta(minutes=5))

    assert again.message["Message-ID"] == first.message["Message-ID"]
    assert stop_link_in(again) == stop_link_in(first)
    assert len(agreed.reports()) == 1
    assert len(agreed.notices_of(agreed.leo)) == 1


def test_a_worker_killed_after_it_was_written_down_sends_it_once(agreed: Desk, monkeypatch: pytest.MonkeyPatch):
    agreed.asked_for()
    agreed.let_go()

    with monkeypatch.context() as patched, suppress(_Killed), clock.moved_to(NOW):
        patched.setattr(delivering, "_write_down", _die)
        delivering.serve(agreed.app, sending.LANE)
    agreed.delivered(NOW + timedelta(minutes=5))

    assert [taken.recipient for taken in agreed.there.taken] == [VERA.mail]
    letters = agreed.session.scalars(select(Letter).where(Letter.lane == sending.LANE)).all()
    assert {each.state for each in letters} == {LetterState.DELIVERED}


def test_a_worker_killed_while_it_posted_has_posted_all_or_nothing(agreed: Desk, monkeypatch: pytest.MonkeyPatch):
    agreed.arranged(Rhythm.WEEKLY)
    agreed.let_go()

    with monkeypatch.context() as patched, suppress(_Killed), clock.moved_to(NOW + WEEK):
        patched.setattr(sending, "post", _die)
        delivering.serve(agreed.app, "progress-report-times")

    assert len(agreed.delivered(NOW + WEEK + timedelta(minutes=5))) == 1
    assert agreed.delivered(NOW + WEEK + timedelta(minutes=10)) == []


def test_a_mail_that_could_not_go_says_what_holds_when_it_does(agreed: Desk):
    agreed.asked_for()
    agreed.there.answers["RCPT"] = "451 4.3.0 later"
    assert agreed.delivered() == []
    agreed.there.answers.clear()
    agreed.managed(None)

    assert agreed.delivered(NOW + A_DAY) == []
    assert [each.sent for each in agreed.reports()] == [None]


def test_neither_names_nor_mail_stand_in_the_log(agreed: Desk, caplog: pytest.LogCaptureFixture):
    agreed.asked_for()
    agreed.there.answers["RCPT"] = "550 5.1.1 no such user vera@firm.example"
    with caplog.at_level("DEBUG"):
        agreed.delivered()

    assert not [line for line in caplog.messages if "vera" in line.lower() or "leo" in line.lower()]


def test_of_a_class_the_statements_are_folded_once_and_each_mail_asks_the_same(
    agreed: Desk, monkeypatch: pytest.MonkeyPatch, counting: Counting
):
    """Of the second and third of a batch nothing is read again but what is theirs."""
    folded: list[int] = []

    def counted(facts: Collection[Fact]) -> Folded:
        folded.append(len(facts))
        return fold(facts)

    monkeypatch.setattr(keeping, "fold", counted)
    for number, who in enumerate((agreed.school.zoe, agreed.year.nils)):
        manager = Outsider(f"M{number}", f"m{number}@firm.example")
        agreed.managed(manager, who)
        agreed.agreed(who, mail=manager.mail)
        agreed.asked_for(who=who)
    agreed.asked_for()

    assert len(agreed.delivered()) == 3
    assert len(folded) == 1


def test_many_are_found_in_as_many_statements_as_one(agreed: Desk, counting: Counting):
    with counting() as asked:
        found = falling_due.may_be_reported(agreed.session, agreed.school.course)

    assert (list(found), len(asked)) == ([agreed.leo.id], 1)
    assert agreed.session.scalars(select(ProgressConsent)).one().enrolment_id == agreed.leo.id
