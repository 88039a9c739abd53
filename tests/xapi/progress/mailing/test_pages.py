"""The page on which progress reports are mailed, and what a learner is asked, as their readers see them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lti_tool import clock
from lti_tool.contacts.models import Outsider
from lti_tool.manager_mail.standing import hash_of
from lti_tool.models import Role
from tests.mentoring.conftest import Counting
from tests.mentoring.conftest import counting as counting
from tests.mentoring.reading import words
from tests.xapi.progress.conftest import NOW
from tests.xapi.progress.mailing.desk import VERA, Desk, stop_link_in
from xapi.progress.mailing.models import ProgressConsent, ProgressSchedule
from xapi.progress.mailing.times import Rhythm


@pytest.fixture(autouse=True)
def _now():
    with clock.moved_to(NOW):
        yield


@pytest.fixture
def as_ines(desk: Desk) -> FlaskClient:
    return desk.visit(desk.school.ines)


@pytest.fixture
def as_leo(desk: Desk) -> FlaskClient:
    return desk.visit(desk.leo)


@pytest.fixture
def at(desk: Desk) -> str:
    return f"{desk.page}/mail"


@pytest.fixture
def mine(desk: Desk) -> str:
    return f"{desk.page}/mine"


def arranged(desk: Desk) -> list[tuple[Rhythm | None, int | None]]:
    desk.let_go()
    return [(each.rhythm, each.weekday) for each in desk.session.scalars(select(ProgressSchedule))]


def consents(desk: Desk) -> int:
    desk.let_go()
    return desk.session.scalar(select(func.count()).select_from(ProgressConsent)) or 0


def test_progress_leads_there_and_nothing_goes_before_somebody_says_so(desk: Desk, as_ines, as_leo, at: str, mine: str):
    desk.session.query(ProgressSchedule).delete()
    desk.session.commit()

    page = words(as_ines.get(at))

    assert f'href="{at}"' in as_ines.get(desk.page).text
    assert "Off Nothing goes by itself, and no learner is asked. None was sent yet." in page
    assert "A manager who has stopped those has not stopped these, and the other way round." in page
    assert "Send reports to managers now" not in page
    assert "A report to your manager" not in words(as_leo.get(mine))


@pytest.mark.parametrize(
    ("sent", "kept", "sentences"),
    [
        (
            {"managers-rhythm": "weekly", "managers-weekday": "4"},
            (Rhythm.WEEKLY, 4),
            ["They go every week unless nothing has changed. The day is Friday.", "Next on Jan 15, 2027, 7:00"],
        ),
        (
            {"managers-rhythm": "monthly", "managers-weekday": "0"},
            (Rhythm.MONTHLY, 0),
            ["The day is the first Monday of the month.", "Next on Feb 1, 2027, 7:00"],
        ),
        ({"managers-rhythm": "request"}, (Rhythm.REQUEST, None), ["They go when an instructor sends them."]),
    ],
)
def test_an_instructor_arranges_it_and_stops_it_with_one_click(desk: Desk, as_ines, at: str, sent, kept, sentences):
    saved = as_ines.post(at, data=sent, follow_redirects=True)
    found = arranged(desk)
    stopped = as_ines.post(f"{at}/stop", follow_redirects=True)

    for sentence in ("Saved. The page of their progress asks each learner whether they agree.", *sentences):
        assert sentence in words(saved)
    assert found == [kept]
    assert "Stopped. Nothing goes by itself any more." in words(stopped)
    assert arranged(desk) == [(None, None)]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Choose when it goes."),
        ({"managers-rhythm": "daily"}, "Choose when it goes: take one of the list."),
        ({"managers-rhythm": "weekly", "managers-weekday": "9"}, "Choose a day of the list."),
        ({"managers-rhythm": "weekly", "managers-weekday": "Monday"}, "Choose a day of the list."),
    ],
)
def test_what_cannot_be_is_said_with_its_cure(desk: Desk, as_ines, at: str, sent: dict[str, str], sentence: str):
    answer = as_ines.post(at, data=sent)

    assert (answer.status_code, arranged(desk)) == (422, [(Rhythm.REQUEST, None)])
    assert sentence in words(answer)


def test_sent_now_once_however_often_the_page_is_sent(desk: Desk, as_ines, at: str):
    nobody = as_ines.post(f"{at}/now", follow_redirects=True)
    desk.agreed()
    for _ in range(2):
        sent = as_ines.post(f"{at}/now", data={"once": "abcdefgh"}, follow_redirects=True)
    [taken] = desk.delivered()

    assert "There is nothing to send: see below what stands in the way for each learner." in words(nobody)
    assert "1 report is on its way, if nothing stands against it." in words(sent)
    assert taken.recipient == VERA.mail
    page = words(as_ines.get(at))
    assert "Leo Baum Vera Stein Agreed Jan 12, 2027, 9:00" in page
    assert "Last sent on Jan 12, 2027, 9:00" in page


def test_nothing_is_sent_where_learners_were_never_asked(desk: Desk, as_ines, at: str):
    desk.agreed()
    desk.stopped()

    answer = as_ines.post(f"{at}/now", follow_redirects=True)

    assert "Choose first when reports go to managers" in words(answer)
    assert desk.delivered() == []


@pytest.mark.parametrize(
    ("obstacle", "sentence"),
    [
        ("nobody", "Record : Leo Baum No manager is recorded."),
        ("no mail", "Olga There is no mail address of their manager here."),
        ("not asked", "Vera Stein The learner has not said yes or no yet: the page of their progress asks them."),
        ("no", "Vera Stein The learner would rather not."),
        ("another", "Vera Stein It is somebody else than the learner has agreed to."),
        ("stopped", "Vera Stein The manager wants no more progress reports."),
        ("nothing", "Nina Vera Stein Agreed. There is nothing to tell yet."),
        ("none", "Leo Baum Vera Stein Agreed Not yet"),
    ],
)
def test_what_stands_in_the_way_is_said_for_each_learner(desk: Desk, as_ines, at: str, obstacle: str, sentence: str):
    match obstacle:
        case "nobody":
            desk.managed(None)
        case "no mail":
            desk.managed(desk.school.join("Olga"))
        case "no":
            desk.refused()
        case "another":
            desk.managed(Outsider("Otto", "otto@firm.example"))
            desk.agreed(mail="otto@firm.example")
            desk.managed()
        case "stopped":
            desk.agreed()
            desk.asked_for()
            [taken] = desk.delivered()
            desk.app.test_client().post(stop_link_in(taken))
        case "nothing":
            nina = desk.school.join("Nina")
            desk.managed(VERA, nina)
            desk.agreed(nina)
        case "none":
            desk.agreed()

    assert sentence in words(as_ines.get(at))


def test_the_page_shows_what_a_manager_reads(desk: Desk, as_ines, at: str):
    page = words(as_ines.get(at))

    assert "Progress report: Leo Baum" in page
    assert "Mentorship: Active. 1 meeting held. First meeting after 2 days. Goals reached: 1 of 2." in page


def test_many_ask_the_database_the_same_as_few(desk: Desk, as_ines, at: str, counting: Counting):
    def asked() -> int:
        with counting() as found:
            as_ines.get(at)
        return len(found)

    manager = desk.school.join("Mona")
    desk.managed(manager, desk.school.zoe)
    asked()
    few = asked()
    for number in range(4):
        person, other = (desk.school.join(f"{name}{number}") for name in "PQ")
        desk.managed(Outsider(f"M{number}", f"m{number}@firm.example"), person)
        desk.managed(desk.school.join(f"N{number}"), other)

    assert asked() == few
    assert few <= 16


def test_a_long_class_is_shown_page_by_page(desk: Desk, as_ines, at: str):
    for number in range(60):
        desk.school.join(f"Person {number:02}")

    first, second = words(as_ines.get(at)), words(as_ines.get(f"{at}?from=50"))

    assert "1 to 50 of 64" in first
    assert "51 to 64 of 64" in second


def test_it_is_for_instructors_of_this_course(desk: Desk, at: str):
    cast, course = desk.cast, desk.school.course
    visitors = {
        403: [desk.leo, cast.enrol(course, "Ana", Role.ASSISTANT), cast.enrol(course, "Oskar", Role.OBSERVER)],
        404: [cast.enrol(cast.course("Another"), "Omar", Role.INSTRUCTOR)],
    }

    for status, people in visitors.items():
        for person in people:
            client = desk.visit(person)
            assert client.get(at).status_code == status
            assert {client.post(f"{at}{act}").status_code for act in ("", "/now", "/stop")} == {status}
    assert arranged(desk) == [(Rhythm.REQUEST, None)]


def test_a_learner_is_told_what_would_go_to_whom_and_says_yes(desk: Desk, as_leo, mine: str):
    desk.arranged(Rhythm.MONTHLY)

    page = as_leo.get(mine)
    agreed = as_leo.post(f"{mine}/manager-report/agree", data={"whom": hash_of(VERA.mail)}, follow_redirects=True)

    assert "It would go once a month, as long as something is new." in words(page)
    assert "What your manager would read now Progress report: Leo Baum" in words(page)
    assert "It would go to Vera Stein ." in words(page)
    assert page.text.index("A report to your manager") < page.text.index("Last activity:")
    assert "and your manager by mail what you agreed to" not in words(page)
    assert "and your manager by mail what you agreed to" in words(agreed)
    assert "You agreed on Jan 12, 2027 : Vera Stein gets it." in words(agreed)
    assert agreed.text.index("A report to your manager") > agreed.text.index("Last activity:")


def test_a_yes_to_somebody_they_did_not_see_is_none(desk: Desk, as_leo, mine: str):
    for whom in ("", hash_of("otto@firm.example")):
        answer = as_leo.post(f"{mine}/manager-report/agree", data={"whom": whom}, follow_redirects=True)
        assert "Who gets it has changed meanwhile, or nobody does any more." in words(answer)
    desk.stopped()
    as_leo.post(f"{mine}/manager-report/agree", data={"whom": hash_of(VERA.mail)})

    assert consents(desk) == 0


def test_a_learner_would_rather_not_stops_it_and_agrees_again(desk: Desk, as_leo, mine: str):
    say, whom = f"{mine}/manager-report", {"whom": hash_of(VERA.mail)}

    rather_not = as_leo.post(f"{say}/refuse", follow_redirects=True)
    agreed = as_leo.post(f"{say}/agree", data=whom, follow_redirects=True)
    stopped = as_leo.post(f"{say}/refuse", follow_redirects=True)

    assert "You said on Jan 12, 2027 that you would rather not. Nothing is sent. Agree after all" in words(rather_not)
    assert "Vera Stein gets it. Send nothing more" in words(agreed)
    assert "Nothing is sent to your manager. You can change your mind at any time." in words(stopped)


@pytest.mark.parametrize(
    ("manager", "sentence"),
    [
        (None, "Nobody is recorded as your manager, so nothing is sent. Say who it is"),
        ("Olga", "Your manager is recorded as Olga , without a mail address. So nothing is sent."),
        ("Otto", "Another manager of yours is recorded since you agreed. It would go to Otto ."),
    ],
)
def test_a_learner_reads_why_nothing_goes(desk: Desk, as_leo, mine: str, manager: str | None, sentence: str):
    desk.agreed()
    if manager == "Olga":
        desk.managed(desk.school.join("Olga"))
    else:
        desk.managed(Outsider("Otto", "otto@firm.example") if manager else None)

    assert sentence in words(as_leo.get(mine))


def test_a_learner_sees_when_it_was_sent_to_whom(desk: Desk, as_leo, mine: str):
    desk.agreed()
    desk.asked_for()
    desk.delivered()
    before = words(as_leo.get(mine))
    desk.managed(Outsider("Otto", "otto@firm.example"))
    desk.stopped()

    after = words(as_leo.get(mine))

    assert "What was sent: Jan 12, 2027, 9:00 AM UTC : to Vera Stein" in before
    assert "No reports are sent to managers any more. What was sent:" in after
    assert "to whoever was your manager then" in after


def test_nobody_but_the_learner_agrees(desk: Desk, mine: str):
    elsewhere = desk.cast.enrol(desk.cast.course("Another"), "Omar")

    for person, status in ((desk.school.ines, 403), (elsewhere, 404)):
        for act in ("agree", "refuse"):
            answer = desk.visit(person).post(f"{mine}/manager-report/{act}", data={"whom": hash_of(VERA.mail)})
            assert answer.status_code == status
    assert consents(desk) == 0


def test_an_instructor_who_looks_at_a_learner_is_not_asked(desk: Desk, as_ines):
    assert "A report to your manager" not in words(as_ines.get(f"{desk.page}/learners/{desk.leo.public_id}"))


def test_whoever_holds_the_mail_stops_further_ones_and_has_them_again(desk: Desk, as_leo, mine: str):
    desk.agreed()
    desk.asked_for()
    [taken] = desk.delivered()
    link, visitor = stop_link_in(taken), desk.app.test_client()

    asked = visitor.get(link)
    stopped = visitor.post(link, data={"List-Unsubscribe": "One-Click"})
    shown = words(as_leo.get(mine))
    again = visitor.post(link, data={"what": "go_on"})

    for answer, title in ((asked, "No more of these mails?"), (stopped, "Mails are stopped"), (again, "No more of")):
        assert title in answer.text
        assert "Reports of quizzes are not stopped by this: they have a link of their own." in words(answer)
        assert "Leo" not in answer.text
    assert "wants no such mails, so nothing is sent." in shown
    with clock.moved_to(NOW + timedelta(minutes=1)):
        assert visitor.get("/progress-report/made-up/stop").status_code == 404
        assert visitor.post("/progress-report/made-up/stop").status_code == 404
