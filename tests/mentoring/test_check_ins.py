"""Check-ins: a manager is asked by a one-time link what change they see, if the mentee agrees, and never otherwise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool import clock, personal_data
from lti_tool.contacts.models import Outsider
from lti_tool.models import Enrolment, Role
from lti_tool.notifying import post_offices
from lti_tool.notifying.models import PersonalNotice
from lti_tool.outbox import Happening, Letter
from mentoring.mentorships import ending, living, substituting
from mentoring.mentorships.models import Membership, Mentorship, Part
from mentoring.participants.joining import join
from mentoring.participants.models import Participant
from mentoring.together.checkins.arranging import LANE
from mentoring.together.checkins.models import CheckIn, CheckInConsent, CheckInRhythm, Seen
from mentoring.together.checkins.showing import before_we_meet
from mentoring.together.checkins.standing import hash_of
from tests.cast import THEN
from tests.lti_tool.mail_server import MailServerInHand
from tests.mentoring.asking import deliver, held
from tests.mentoring.checking_in import (
    VERA,
    WEEK,
    WORDS,
    a_managed_pair,
    address_of,
    agreed,
    answered,
    asked,
    check_ins,
    link_in,
    managed,
    rhythm,
    section,
)
from tests.mentoring.conftest import Counting, School
from tests.mentoring.meetings import a_circle
from tests.mentoring.reading import words

Visit = Callable[[Enrolment], FlaskClient]


@pytest.fixture
def pair(school: School) -> Mentorship:
    return a_managed_pair(school)


def test_nothing_of_it_is_anywhere_while_it_is_switched_off(school: School, visit: Visit):
    school.mentors(maya=1)
    pair = school.paired(school.leo, school.maya)
    managed(school, VERA)

    pages = [section(visit(each).get(address_of(pair))) for each in (school.leo, school.maya, school.ines)]

    assert pages == ["", "", ""]


def test_an_instructor_switches_it_on_and_sees_how_it_stands_with_each(school: School, visit: Visit, pair: Mentorship):
    rhythm(school, None)
    zoes = school.paired(school.zoe, school.maya)
    living.begin(school.session, held(school, zoes), by=school.zoe, at=THEN)
    school.session.commit()
    settings = f"/courses/{school.course.public_id}/mentoring/check-ins"
    ines = visit(school.ines)

    wrong = [ines.post(settings, data={"weeks": said}) for said in ("0", "27", "many", "9" * 5000)]
    page = words(ines.post(settings, data={"weeks": "4"}, follow_redirects=True))
    off = words(ines.post(settings, data={"weeks": ""}, follow_redirects=True))

    assert [answer.status_code for answer in wrong] == [422] * 4
    assert "Weeks from one question to the next: give a whole number from 1 to 26." in words(wrong[0])
    assert "Leo Baum Vera Stein The mentee has not said yes or no yet." in page
    assert "Zoe Lind Not known No manager is recorded." in page
    assert "Check-ins are off. Nobody is asked anything." in off
    assert [visit(each).get(settings).status_code for each in (school.leo, school.maya)] == [403, 403]


def test_a_mentee_sees_to_whom_it_goes_and_nothing_is_sent_before_they_agree(
    app: Flask, school: School, visit: Visit, pair: Mentorship, there: MailServerInHand
):
    leo = visit(school.leo)
    page = leo.get(address_of(pair))
    deliver(app, school.session, at=THEN + 10 * WEEK)
    assert [taken for taken in there.taken if taken.recipient == VERA.mail] == []

    with clock.moved_to(THEN):
        said = leo.post(address_of(pair, "/check-ins/agree"), data={"whom": hash_of(VERA.mail)}, follow_redirects=True)

    assert "If you agree, Vera Stein (vera@firm.example) gets a mail every 4 weeks with one question" in section(page)
    assert "Nothing is sent unless you agree." in section(page)
    assert "you, your mentor and the instructors of this course" in section(page)
    assert "Every 4 weeks Vera Stein (vera@firm.example) is asked what change they see. Next on" in section(said)
    assert asked(app, school, there)


def test_nobody_agrees_for_a_mentee(school: School, visit: Visit, pair: Mentorship):
    others = (school.maya, school.ines, school.zoe)

    answers = [
        visit(each).post(address_of(pair, f"/check-ins/{act}"), data={"whom": hash_of(VERA.mail)}).status_code
        for each in others
        for act in ("agree", "refuse")
    ]

    assert set(answers) == {404}
    assert school.session.scalars(select(CheckInConsent)).all() == []


def test_a_yes_to_somebody_who_is_not_the_manager_any_more_is_none(
    app: Flask, school: School, visit: Visit, pair: Mentorship, there: MailServerInHand
):
    managed(school, Outsider("Otto New", "otto@firm.example"))

    with clock.moved_to(THEN):
        late = visit(school.leo).post(
            address_of(pair, "/check-ins/agree"), data={"whom": hash_of(VERA.mail)}, follow_redirects=True
        )
        forged = visit(school.leo).post(address_of(pair, "/check-ins/agree"), data={}, follow_redirects=True)

    assert "has changed meanwhile" in words(late)
    assert "has changed meanwhile" in words(forged)
    assert school.session.scalars(select(CheckInConsent)).all() == []


def test_a_new_manager_is_not_asked_until_the_mentee_agrees_anew(
    app: Flask, school: School, visit: Visit, pair: Mentorship, there: MailServerInHand
):
    agreed(school, pair)
    managed(school, Outsider("Otto New", "otto@firm.example"))

    deliver(app, school.session, at=THEN + 4 * WEEK)

    assert [taken.recipient for taken in there.taken if "firm" in taken.recipient] == []
    assert "If you agree, Otto New" in section(visit(school.leo).get(address_of(pair)))
    assert "It is somebody else than the mentee has agreed to." in section(visit(school.ines).get(address_of(pair)))


def test_the_mail_asks_one_question_and_says_how_to_stop(
    app: Flask, school: School, pair: Mentorship, there: MailServerInHand
):
    agreed(school, pair)

    link = asked(app, school, there)

    [taken] = [taken for taken in there.taken if taken.recipient == VERA.mail]
    assert taken.message["Subject"] == "What change do you see in Leo Baum?"
    assert str(taken.message["List-Unsubscribe"]).endswith(f"{link}/stop>")
    assert "every 4 weeks because Leo Baum named you as their manager and agreed to it" in " ".join(
        taken.part("plain").split()
    )
    assert link in taken.part("html")
    [check_in] = check_ins(school)
    assert link.rpartition("/")[2] not in (check_in.secret, check_in.public_id)
    everything = repr([(each.body, each.error) for each in school.session.scalars(select(Letter))])
    assert link.rpartition("/")[2] not in everything


def test_a_manager_answers_once_and_the_pair_and_instructors_read_it(
    app: Flask, school: School, visit: Visit, pair: Mentorship, there: MailServerInHand
):
    agreed(school, pair)
    link = asked(app, school, there)
    with clock.moved_to(THEN + 4 * WEEK):
        page = words(app.test_client().get(link))

    thanks = answered(app, link)
    again = answered(app, link, seen="worse", words="Overwritten")

    assert "What change do you see in Leo Baum?" in page
    assert "Leo Baum, their mentor, and the instructors of the course read your answer, with your name." in page
    assert (thanks.status_code, "Thank you" in words(thanks)) == (200, True)
    assert (again.status_code, "This has been answered" in words(again)) == (410, True)
    [check_in] = check_ins(school)
    assert (check_in.seen, check_in.words) == (Seen.SOME, WORDS)
    for each in (school.leo, school.maya, school.ines):
        seen = section(visit(each).get(address_of(pair)))
        assert ("Some change for the better" in seen, WORDS in seen, "Vera Stein" in seen) == (True, True, True)
    assert visit(school.zoe).get(address_of(pair)).status_code == 404
    told = school.session.execute(
        select(PersonalNotice.enrolment_id, PersonalNotice.subject).where(PersonalNotice.key.startswith("check-in:"))
    ).all()
    assert sorted(told) == sorted(
        [(school.leo.id, "A check-in was answered"), (school.maya.id, "A check-in was answered")]
    )
    [body] = school.session.scalars(select(Happening.body).where(Happening.name == "CheckInAnswered")).all()
    assert [each for each in (WORDS, "some", "Vera", "vera") if each in body] == []
    card = before_we_meet(school.maya, school.leo)
    assert card is not None
    assert card.context["check_in"].words == WORDS
    assert before_we_meet(school.maya, school.zoe) is None


def test_programs_that_look_into_links_answer_and_stop_nothing(
    app: Flask, school: School, pair: Mentorship, there: MailServerInHand
):
    agreed(school, pair)
    link = asked(app, school, there)

    with clock.moved_to(THEN + 4 * WEEK):
        seen = [
            app.test_client().open(f"{link}{rest}", method=method).status_code
            for rest in ("", "/stop")
            for method in ("GET", "HEAD", "OPTIONS")
        ]

    assert set(seen) == {200}
    [check_in] = check_ins(school)
    assert (check_in.answered, check_in.seen) == (None, None)
    assert answered(app, link).status_code == 200


@pytest.mark.parametrize(
    ("said", "status", "sentence"),
    [
        ({"seen": ""}, 422, "Choose what change you see"),
        ({"seen": "splendid"}, 422, "Choose one of the list."),
        ({"words": "x" * 100_000}, 422, "Keep it to 4,000 characters."),
        ({"words": "nul \x00"}, 400, "damaged"),
    ],
)
def test_what_cannot_be_answered_is_told_and_nothing_is_kept(
    app: Flask,
    school: School,
    pair: Mentorship,
    there: MailServerInHand,
    said: dict[str, Any],
    status: int,
    sentence: str,
):
    agreed(school, pair)
    link = asked(app, school, there)

    answer = answered(app, link, **said)

    assert (answer.status_code, sentence in words(answer)) == (status, True)
    assert [each.answered for each in check_ins(school)] == [None]


def test_what_is_written_is_shown_as_words(
    app: Flask, school: School, visit: Visit, pair: Mentorship, there: MailServerInHand
):
    agreed(school, pair)
    evil = "<script>alert(1)</script> \u05e9\u05dc\u05d5\u05dd \U0001f600"
    answered(app, asked(app, school, there), words=evil)

    page = visit(school.leo).get(address_of(pair)).text

    assert ("<script>alert" in page, "&lt;script&gt;alert(1)&lt;/script&gt; \u05e9" in page) == (False, True)


def test_an_address_that_never_was_leads_nowhere(app: Flask):
    for link in ("/check-in/made-up", "/check-in/made-up/stop", "/check-in/" + "x" * 3000):
        for method in ("GET", "POST"):
            answer = app.test_client().open(link, method=method, data={"seen": "some"})
            assert (answer.status_code, "There is nothing to answer here" in words(answer)) == (404, True)


def test_an_address_expires_and_is_dead_when_the_mentee_stops_or_it_is_over(
    app: Flask, school: School, visit: Visit, pair: Mentorship, there: MailServerInHand
):
    agreed(school, pair)
    link = asked(app, school, there)

    late = answered(app, link, at=THEN + 8 * WEEK)
    with clock.moved_to(THEN + 4 * WEEK):
        visit(school.leo).post(address_of(pair, "/check-ins/refuse"))
    stopped = answered(app, link)
    agreed(school, pair)
    ending.end(school.session, held(school, pair), by=school.leo, at=THEN, reason="reached")
    school.session.commit()
    over = answered(app, link)

    assert [answer.status_code for answer in (late, stopped, over)] == [410, 410, 410]
    assert "The time to answer is over" in words(late)
    assert "Nothing is asked here any more" in words(stopped)
    assert [each.answered for each in check_ins(school)] == [None]


def test_whoever_wants_no_more_mails_gets_none_and_may_have_them_again(
    app: Flask, school: School, visit: Visit, pair: Mentorship, there: MailServerInHand
):
    agreed(school, pair)
    link = asked(app, school, there)

    stopped = app.test_client().post(f"{link}/stop", data={"List-Unsubscribe": "One-Click"})
    deliver(app, school.session, at=THEN + 8 * WEEK)
    silent = [taken for taken in there.taken if taken.recipient == VERA.mail]
    iness = section(visit(school.ines).get(address_of(pair)))
    leos = section(visit(school.leo).get(address_of(pair)))
    app.test_client().post(f"{link}/stop", data={"what": "go_on"})

    assert "Mails are stopped" in words(stopped)
    assert len(silent) == 1
    assert "Vera Stein : They want no more of these mails." in iness
    assert "Vera Stein wants no mails of this kind" in leos
    assert asked(app, school, there, at=THEN + 12 * WEEK) != link


def test_a_worker_that_was_off_asks_once_and_then_goes_on_with_the_rhythm(
    app: Flask, school: School, pair: Mentorship, there: MailServerInHand
):
    pair.planned_end = THEN + 60 * WEEK
    agreed(school, pair)
    school.session.commit()

    asked(app, school, there, at=THEN + 7 * WEEK)
    deliver(app, school.session, at=THEN + 8 * WEEK)
    assert len(check_ins(school)) == 1
    asked(app, school, there, at=THEN + 11 * WEEK)

    assert [each.asked for each in check_ins(school)] == [THEN + 7 * WEEK, THEN + 11 * WEEK]


def test_while_a_mentorship_rests_or_after_its_end_nobody_is_asked(
    app: Flask, school: School, pair: Mentorship, there: MailServerInHand
):
    agreed(school, pair)
    living.pause(school.session, held(school, pair), until=THEN + 5 * WEEK, by=school.leo, at=THEN)
    school.session.commit()

    deliver(app, school.session, at=THEN + 4 * WEEK)
    assert check_ins(school) == []
    deliver(app, school.session, at=THEN + 6 * WEEK)
    asked(app, school, there, at=THEN + 8 * WEEK)
    ending.end(school.session, held(school, pair), by=school.leo, at=THEN + 8 * WEEK, reason="reached")
    school.session.commit()
    deliver(app, school.session, at=THEN + 30 * WEEK)

    assert len(check_ins(school)) == 1
    waiting = school.session.scalars(select(Letter).where(Letter.lane == LANE, Letter.state == "waiting")).all()
    assert waiting == []


def test_switched_off_nothing_goes_and_switched_on_again_it_goes_on(
    app: Flask, school: School, pair: Mentorship, there: MailServerInHand
):
    agreed(school, pair)
    rhythm(school, None)
    deliver(app, school.session, at=THEN + 4 * WEEK)
    assert check_ins(school) == []

    rhythm(school, 2, at=THEN + 5 * WEEK)
    rhythm(school, 2, at=THEN + 6 * WEEK)

    assert asked(app, school, there, at=THEN + 7 * WEEK)
    assert school.session.scalars(select(CheckInRhythm.weeks)).all() == [2]


def test_a_mail_that_did_not_go_goes_again_with_the_same_link(
    app: Flask, school: School, pair: Mentorship, there: MailServerInHand
):
    agreed(school, pair)
    url = app.config["MAIL_URL"]
    app.config["MAIL_URL"] = "smtp://127.0.0.1:9"
    post_offices.init_app(app)
    deliver_some(app, school, at=THEN + 4 * WEEK)
    [first] = check_ins(school)
    secret = first.secret
    assert first.sent is None
    app.config["MAIL_URL"] = url
    post_offices.init_app(app)

    assert asked(app, school, there, at=THEN + 4 * WEEK + timedelta(hours=2))
    [check_in] = check_ins(school)
    assert (check_in.secret, check_in.sent) == (secret, THEN + 4 * WEEK + timedelta(hours=2))
    deliver(app, school.session, at=THEN + 4 * WEEK + timedelta(hours=3))
    assert len([taken for taken in there.taken if taken.recipient == VERA.mail]) == 1


def deliver_some(app: Flask, school: School, *, at: datetime) -> None:
    from lti_tool.running.delivering import drain

    school.session.commit()
    with clock.moved_to(at):
        drain(app, rounds=2)


def test_a_manager_of_the_course_is_asked_where_their_mail_is_known(
    app: Flask, school: School, visit: Visit, pair: Mentorship, there: MailServerInHand
):
    managed(school, school.zoe)
    assert "There is no mail address of theirs here." in section(visit(school.ines).get(address_of(pair)))
    school.zoe.person.email = "zoe@school.example"
    school.session.commit()
    agreed(school, pair, "zoe@school.example")

    deliver(app, school.session, at=THEN + 4 * WEEK)

    asked_of = [taken for taken in there.taken if taken.message["Subject"].startswith("What change")]
    assert [taken.recipient for taken in asked_of] == ["zoe@school.example"]
    answered(app, link_in(asked_of[0]))
    given: Any = personal_data.export(school.session, school.zoe.person)["mentoring"]["check_ins"]
    personal_data.erase(school.session, school.zoe.person, at=THEN)
    school.session.commit()
    assert [each["words"] for each in given] == [WORDS]
    assert [(each.words, each.seen) for each in check_ins(school)] == [("", Seen.SOME)]


def test_a_mentor_who_came_later_reads_what_was_asked_since_then(
    app: Flask, school: School, visit: Visit, pair: Mentorship, there: MailServerInHand
):
    agreed(school, pair)
    answered(app, asked(app, school, there))
    since = THEN + 5 * WEEK
    join(school.session, school.cohort, [school.zoe], at=THEN)
    zoe = school.session.scalars(select(Participant).where(Participant.enrolment_id == school.zoe.id)).one()
    pair.members[0].until = since
    pair.members.append(Membership(participant=zoe, part=Part.SUBSTITUTE, since=since))
    school.session.commit()

    zoes, leos = [section(visit(each).get(address_of(pair))) for each in (school.zoe, school.leo)]

    assert (WORDS in zoes, WORDS in leos) == (False, True)
    assert before_we_meet(school.zoe, school.leo) is None
    assert visit(school.maya).get(address_of(pair)).status_code == 404


def test_of_a_circle_nobody_is_asked(school: School, visit: Visit):
    circle = a_circle(school)
    rhythm(school, 4)

    assert section(visit(school.leo).get(address_of(circle))) == ""
    with clock.moved_to(THEN):
        assert visit(school.leo).post(address_of(circle, "/check-ins/agree")).status_code == 404


def test_pages_ask_as_often_for_one_check_in_as_for_three(
    school: School, visit: Visit, counting: Counting, pair: Mentorship
):
    settings = f"/courses/{school.course.public_id}/mentoring/check-ins"
    ines, leo, numbers = visit(school.ines), visit(school.leo), []
    for round_, who in enumerate((["Ann"], ["Ben", "Cem"])):
        for name in who:
            mentee = school.join(name)
            other = school.paired(mentee, school.maya)
            managed(school, Outsider(f"Boss of {name}", f"{name.lower()}@firm.example"), mentee)
            agreed(school, other, f"{name.lower()}@firm.example")
            kept(school, pair, len(check_ins(school)))
        asked_ = []
        for client, page in ((ines, settings), (leo, address_of(pair)), (ines, address_of(pair))):
            client.get(page)
            with counting() as queries:
                assert client.get(page).status_code == 200
            asked_.append(len(queries))
        numbers.append(asked_)
        assert round_ < 2

    assert numbers[0] == numbers[1]


def kept(school: School, pair: Mentorship, number: int) -> None:
    school.session.add(
        CheckIn(
            mentorship_id=pair.id,
            due=THEN + number * WEEK,
            secret=f"secret {number}",
            mail="",
            name="Vera Stein",
            message_id="",
            asked=THEN + number * WEEK,
            sent=THEN,
            expires=THEN,
            answered=THEN,
            seen=Seen.CLEAR,
        )
    )
    school.session.commit()


def test_what_was_said_about_a_mentee_is_given_out_to_them_and_goes_with_them(
    app: Flask, school: School, pair: Mentorship, there: MailServerInHand
):
    agreed(school, pair)
    answered(app, asked(app, school, there))

    given: Any = personal_data.export(school.session, school.leo.person)["mentoring"]["check_ins"]
    mayas: Any = personal_data.export(school.session, school.maya.person)["mentoring"]["check_ins"]
    personal_data.erase(school.session, school.leo.person, at=THEN)
    school.session.commit()

    assert [each.get("words", each.get("agreed")) for each in given] == [True, WORDS]
    assert mayas == []
    assert check_ins(school) == []
    assert school.session.scalars(select(CheckInConsent)).all() == []


def test_an_instructor_who_looks_at_a_finished_pair_still_reads_the_answers(
    app: Flask, school: School, visit: Visit, pair: Mentorship, there: MailServerInHand
):
    agreed(school, pair)
    answered(app, asked(app, school, there))
    ending.end(school.session, held(school, pair), by=school.leo, at=THEN + 5 * WEEK, reason="reached")
    rhythm(school, None)
    ivo = school.join("Ivo Instructor", Role.INSTRUCTOR)

    assert WORDS in section(visit(ivo).get(address_of(pair)))


def test_whoever_came_after_it_was_asked_is_not_told_of_what_they_do_not_read(
    app: Flask, school: School, pair: Mentorship, there: MailServerInHand
):
    agreed(school, pair)
    link = asked(app, school, there)
    school.mentors(zoe=1)
    substituting.substitute(school.session, held(school, pair), school.zoe, by=school.ines, at=THEN + 5 * WEEK)
    school.session.commit()

    answer = answered(app, link, at=THEN + 5 * WEEK)

    school.session.expire_all()
    told = school.session.scalars(select(PersonalNotice).where(PersonalNotice.key.startswith("check-in:")))
    assert answer.status_code == 200
    assert [notice.enrolment.name for notice in told] == ["Leo Baum"]
