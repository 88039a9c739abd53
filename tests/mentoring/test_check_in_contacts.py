"""Check-ins with somebody else than the manager, and in another rhythm than all others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from alembic import command
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, text
from werkzeug.test import TestResponse

from lti_tool import clock, migrating, personal_data
from lti_tool.models import Enrolment
from lti_tool.notifying.models import PersonalNotice
from lti_tool.outbox import Happening, Letter
from mentoring.mentorships import ending
from mentoring.mentorships.models import Mentorship
from mentoring.together.checkins.models import AskedAs, CheckInConsent, CheckInContact, CheckInOwnRhythm
from mentoring.together.checkins.standing import hash_of
from tests.cast import THEN
from tests.lti_tool.mail_server import MailServerInHand
from tests.lti_tool.upgrading import insert
from tests.mentoring.asking import deliver, held
from tests.mentoring.checking_in import (
    VERA,
    WEEK,
    WORDS,
    a_managed_pair,
    address_of,
    agreed,
    answered,
    check_ins,
    link_in,
    rhythm,
    section,
)
from tests.mentoring.conftest import Counting, School
from tests.mentoring.reading import words
from tests.mentoring.test_circle_migration import fill_places
from tests.mentoring.test_passed_migration import LONG_AGO

Visit = Callable[[Enrolment], FlaskClient]
TOM = {"name": "Tom Tutor", "mail": "Tom@practice.example", "relation": "tutor of the practice", "is_instead": ""}
TOMS = "tom@practice.example"


@pytest.fixture
def pair(school: School) -> Mentorship:
    return a_managed_pair(school)


def named(client: FlaskClient, pair: Mentorship, **said: str) -> TestResponse:
    with clock.moved_to(THEN):
        return client.post(address_of(pair, "/check-ins/contact"), data={**TOM, **said}, follow_redirects=True)


def other_rhythm(client: FlaskClient, pair: Mentorship, how: str, weeks: str = "") -> TestResponse:
    with clock.moved_to(THEN):
        said = {"how": how, "weeks": weeks}
        return client.post(address_of(pair, "/check-ins/rhythm"), data=said, follow_redirects=True)


def asked_people(there: MailServerInHand) -> list[str]:
    return sorted(taken.recipient for taken in there.taken if taken.message["Subject"].startswith("What change"))


def contacts(school: School) -> list[tuple[str, str, bool]]:
    school.session.rollback()
    found = school.session.scalars(select(CheckInContact).order_by(CheckInContact.id))
    return [(each.name, each.mail, each.is_instead) for each in found]


def notices(school: School) -> list[tuple[int, str]]:
    found = school.session.execute(
        select(PersonalNotice.enrolment_id, PersonalNotice.subject)
        .where(PersonalNotice.key.startswith("check-in-"))
        .order_by(PersonalNotice.id)
    )
    return [(whom, subject) for whom, subject in found]


def test_a_mentee_names_somebody_who_is_asked_beside_the_manager(
    app: Flask, school: School, visit: Visit, pair: Mentorship, there: MailServerInHand
):
    agreed(school, pair)
    page = words(visit(school.leo).get(address_of(pair, "/check-ins")))

    said = named(visit(school.leo), pair)
    deliver(app, school.session, at=THEN + 4 * WEEK)

    assert "gets a mail on a rhythm with your name, that of this course and one question" in page
    assert "By saving you agree that they are asked. You, your mentor and the instructors read what they answer" in page
    assert "Saved. They are asked as it says here" in words(said)
    assert asked_people(there) == [TOMS, VERA.mail]
    [toms] = [taken for taken in there.taken if taken.recipient == TOMS]
    assert "What you are to them, as it was written: tutor of the practice." in " ".join(toms.part("plain").split())
    mine = section(visit(school.leo).get(address_of(pair)))
    assert "Every 4 weeks Tom Tutor (tom@practice.example) is asked what change they see." in mine
    assert "Every 4 weeks Vera Stein (vera@firm.example) is asked what change they see." in mine
    assert answered(app, link_in(toms)).status_code == 200
    for each in (school.leo, school.maya, school.ines):
        assert WORDS in section(visit(each).get(address_of(pair)))
    assert [(each.asked_as, each.name, each.words) for each in check_ins(school)] == [
        (AskedAs.MANAGER, "Vera Stein", ""),
        (AskedAs.CONTACT, "Tom Tutor", WORDS),
    ]


def test_somebody_instead_of_the_manager_leaves_the_manager_alone_until_they_are_taken_away(
    app: Flask, school: School, visit: Visit, pair: Mentorship, there: MailServerInHand
):
    agreed(school, pair)
    named(visit(school.leo), pair, is_instead="yes")

    deliver(app, school.session, at=THEN + 4 * WEEK)
    instead = asked_people(there)
    with clock.moved_to(THEN + 5 * WEEK):
        away = visit(school.leo).post(address_of(pair, "/check-ins/contact/remove"), follow_redirects=True)
    late = answered(app, link_in(there.taken[-1]), at=THEN + 5 * WEEK)
    deliver(app, school.session, at=THEN + 8 * WEEK)

    assert instead == [TOMS]
    assert "Taken away, name and mail." in words(away)
    assert late.status_code == 410
    assert contacts(school) == []
    assert asked_people(there) == [TOMS, VERA.mail]


def test_whom_an_instructor_names_is_asked_only_when_the_mentee_has_agreed(
    app: Flask, school: School, visit: Visit, pair: Mentorship, there: MailServerInHand
):
    page = words(visit(school.ines).get(address_of(pair, "/check-ins")))

    said = words(named(visit(school.ines), pair, is_instead="yes"))
    deliver(app, school.session, at=THEN + 4 * WEEK)
    before = asked_people(there)
    with clock.moved_to(THEN + 4 * WEEK):
        seen = section(visit(school.leo).get(address_of(pair)))
        visit(school.leo).post(address_of(pair, "/check-ins/agree"), data={"whom": hash_of(TOMS)})
    deliver(app, school.session, at=THEN + 8 * WEEK)

    assert "Nothing is sent before the mentee has agreed: they are told that you named somebody" in page
    assert "Tom Tutor ( tutor of the practice ): The mentee has not said yes or no yet." in said
    assert before == []
    assert "If you agree, Tom Tutor (tom@practice.example) gets a mail every 4 weeks" in seen
    assert asked_people(there) == [TOMS]
    assert notices(school) == [
        (school.leo.id, "May somebody be asked about you?"),
        (school.leo.id, "Somebody was asked about you"),
    ]


def test_a_mentee_is_told_once_for_each_who_is_first_asked_and_sees_whom(
    app: Flask, school: School, visit: Visit, pair: Mentorship, there: MailServerInHand
):
    agreed(school, pair)
    named(visit(school.leo), pair)

    for number in (4, 8, 12):
        deliver(app, school.session, at=THEN + number * WEEK)

    assert notices(school) == [(school.leo.id, "Somebody was asked about you")] * 2
    seen = words(visit(school.leo).get(address_of(pair, "/check-ins/answers")))
    assert (seen.count("and not answered. · Tom Tutor"), seen.count("and not answered. · Vera Stein")) == (3, 3)


def test_a_no_to_one_is_no_no_to_the_other(
    app: Flask, school: School, visit: Visit, pair: Mentorship, there: MailServerInHand
):
    agreed(school, pair)
    named(visit(school.leo), pair)

    visit(school.leo).post(address_of(pair, "/check-ins/refuse"), data={"whom": hash_of(VERA.mail)})
    deliver(app, school.session, at=THEN + 4 * WEEK)

    assert asked_people(there) == [TOMS]
    visit(school.leo).post(address_of(pair, "/check-ins/refuse"), data={"whom": "made up"})
    consents = school.session.scalars(select(CheckInConsent.is_given)).all()
    assert consents == [False, False]


def test_whoever_is_named_twice_is_asked_once(
    app: Flask, school: School, visit: Visit, pair: Mentorship, there: MailServerInHand
):
    agreed(school, pair)
    named(visit(school.leo), pair, mail=VERA.mail.upper())

    deliver(app, school.session, at=THEN + 4 * WEEK)

    assert asked_people(there) == [VERA.mail]


def test_a_yes_to_somebody_is_none_to_whom_an_instructor_names_next(
    app: Flask, school: School, visit: Visit, pair: Mentorship, there: MailServerInHand
):
    named(visit(school.leo), pair, is_instead="yes")
    named(visit(school.ines), pair, name="Uta Other", mail="uta@practice.example", is_instead="yes")

    deliver(app, school.session, at=THEN + 4 * WEEK)

    assert asked_people(there) == []
    assert contacts(school) == [("Uta Other", "uta@practice.example", True)]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": " "}, "Write their name."),
        ({"mail": "nobody"}, "Write their mail, such as name@example.org."),
        ({"mail": ""}, "Write their mail, such as name@example.org."),
        ({"relation": ""}, "Write who they are, such as: team lead"),
        ({"relation": "x" * 101}, "Use at most 100 characters."),
        ({"name": "x" * 100_000}, "Use at most 255 characters."),
        ({"is_instead": "perhaps"}, "Choose one of the list."),
        ({"mail": "maya@school.example"}, "Maya Okafor is one of the pair. Name somebody outside of it."),
    ],
)
def test_what_is_no_contact_is_told_and_nothing_is_kept(
    school: School, visit: Visit, pair: Mentorship, said: dict[str, str], sentence: str
):
    school.maya.person.email = "maya@school.example"
    school.session.commit()

    answer = named(visit(school.leo), pair, **said)

    assert (answer.status_code, sentence in words(answer)) == (422, True)
    assert contacts(school) == []


def test_nobody_but_the_mentee_and_instructors_says_who_is_asked(school: School, visit: Visit, pair: Mentorship):
    for each in (school.maya, school.zoe):
        client = visit(each)
        answers = [
            client.get(address_of(pair, "/check-ins")),
            client.post(address_of(pair, "/check-ins/contact"), data=TOM),
            client.post(address_of(pair, "/check-ins/contact/remove")),
        ]
        assert [answer.status_code for answer in answers] == [404, 404, 404]
    rhythms = [other_rhythm(visit(each), pair, "off").status_code for each in (school.leo, school.maya)]

    assert rhythms == [403, 403]
    assert contacts(school) == []


def test_a_single_mentorship_has_a_rhythm_of_its_own(
    app: Flask, school: School, visit: Visit, pair: Mentorship, there: MailServerInHand
):
    agreed(school, pair)

    wrong = [other_rhythm(visit(school.ines), pair, "own", weeks) for weeks in ("", "0", "27", "many")]
    other_rhythm(visit(school.ines), pair, "own", "2")
    rhythm(school, 8)
    deliver(app, school.session, at=THEN + 2 * WEEK)

    assert [answer.status_code for answer in wrong] == [422] * 4
    assert "Say how many weeks." in words(wrong[0])
    assert asked_people(there) == [VERA.mail]
    settings = words(visit(school.ines).get(f"/courses/{school.course.public_id}/mentoring/check-ins"))
    assert "Here every 2 weeks." in settings
    assert "Every 2 weeks Vera Stein" in section(visit(school.leo).get(address_of(pair)))


def test_a_single_mentorship_is_switched_off_and_follows_the_others_again(
    app: Flask, school: School, visit: Visit, pair: Mentorship, there: MailServerInHand
):
    agreed(school, pair)
    other_rhythm(visit(school.ines), pair, "off")

    deliver(app, school.session, at=THEN + 4 * WEEK)
    off = section(visit(school.leo).get(address_of(pair)))
    other_rhythm(visit(school.ines), pair, "cohort")
    deliver(app, school.session, at=THEN + 4 * WEEK)

    assert "Nobody is asked about you at present." in off
    assert asked_people(there) == [VERA.mail]
    assert school.session.scalars(select(CheckInOwnRhythm)).all() == []


def test_it_is_switched_on_in_a_single_mentorship_while_it_is_off_in_all_others(
    app: Flask, school: School, visit: Visit, pair: Mentorship, there: MailServerInHand
):
    rhythm(school, None)
    assert section(visit(school.leo).get(address_of(pair))) == ""

    other_rhythm(visit(school.ines), pair, "own", "3")
    agreed(school, pair)
    deliver(app, school.session, at=THEN + 3 * WEEK)

    assert asked_people(there) == [VERA.mail]


def test_who_is_asked_stands_in_no_letter_and_no_event(
    app: Flask, school: School, visit: Visit, pair: Mentorship, there: MailServerInHand
):
    named(visit(school.leo), pair)
    deliver(app, school.session, at=THEN + 4 * WEEK)
    answered(app, link_in(there.taken[-1]))

    everything = repr(
        [
            *school.session.execute(select(Letter.body, Letter.error)),
            *school.session.execute(select(Happening.body)),
            *school.session.execute(select(PersonalNotice.paragraphs, PersonalNotice.subject, PersonalNotice.path)),
        ]
    ).casefold()

    assert [each for each in ("tutor", "tom@", "practice", WORDS.casefold()) if each in everything] == []


def test_erasing_a_mentee_takes_whom_they_named_along(
    app: Flask, school: School, visit: Visit, pair: Mentorship, there: MailServerInHand
):
    named(visit(school.leo), pair)
    deliver(app, school.session, at=THEN + 4 * WEEK)

    given: Any = personal_data.export(school.session, school.leo.person)["mentoring"]["check_ins"]
    personal_data.erase(school.session, school.leo.person, at=THEN + 5 * WEEK)
    school.session.commit()

    assert given[0] == {"name": "Tom Tutor", "mail": TOMS, "relation": "tutor of the practice"}
    assert (contacts(school), check_ins(school)) == ([], [])


def test_erasing_somebody_of_the_course_takes_them_away_where_others_named_them(
    app: Flask, school: School, visit: Visit, pair: Mentorship, there: MailServerInHand
):
    school.zoe.person.email = "zoe@school.example"
    school.session.commit()
    named(visit(school.leo), pair, name="Zoe Lind", mail="zoe@school.example")
    deliver(app, school.session, at=THEN + 4 * WEEK)
    answered(app, link_in([taken for taken in there.taken if taken.recipient == "zoe@school.example"][-1]))

    personal_data.erase(school.session, school.zoe.person, at=THEN + 5 * WEEK)
    school.session.commit()

    assert contacts(school) == []
    assert [(each.name, each.words) for each in check_ins(school)] == [("", "")]


def test_of_a_mentorship_that_is_over_nobody_says_anything_any_more(school: School, visit: Visit, pair: Mentorship):
    ending.end(school.session, held(school, pair), by=school.leo, at=THEN, reason="reached")
    school.session.commit()

    answer = named(visit(school.ines), pair)

    assert answer.status_code == 200
    assert contacts(school) == []


def test_the_page_asks_as_often_with_somebody_else_as_without(
    school: School, visit: Visit, counting: Counting, pair: Mentorship
):
    numbers = []
    for is_named in (False, True):
        if is_named:
            named(visit(school.leo), pair)
        leo = visit(school.leo)
        leo.get(address_of(pair))
        with counting() as queries:
            leo.get(address_of(pair))
        numbers.append(len(queries))

    assert numbers[0] == numbers[1]


def test_a_letter_of_before_is_about_the_manager(app: Flask, school: School, pair: Mentorship, there: MailServerInHand):
    agreed(school, pair)
    letter = school.session.scalars(select(Letter).where(Letter.lane == "mentoring-check-ins")).one()
    letter.body = {name: said for name, said in letter.body.items() if name != "as"}

    deliver(app, school.session, at=THEN + 4 * WEEK + timedelta(hours=1))

    assert asked_people(there) == [VERA.mail]


def test_those_who_were_asked_before_were_managers(old_database: Engine):
    command.upgrade(migrating.alembic_config(old_database), "0026")
    with old_database.begin() as connection:
        fill_places(connection)
        said = {"mentorship_id": 1, "whom": "w", "said": LONG_AGO, "is_given": True}
        insert(connection, "check_in_consent", id=1, **said)
        asked = {"mentorship_id": 1, "due": LONG_AGO, "asked": LONG_AGO, "expires": LONG_AGO}
        told = {"public_id": "c", "secret": "s", "mail": "m", "name": "Vera", "message_id": "i", "words": ""}
        insert(connection, "check_in", id=1, **asked, **told)

    command.upgrade(migrating.alembic_config(old_database), "head")

    with old_database.connect() as connection:
        found = [
            connection.execute(text(f"SELECT mentorship_id, asked_as FROM {table}")).one()
            for table in ("check_in_consent", "check_in")
        ]
    assert [tuple(each) for each in found] == [(1, "manager"), (1, "manager")]
