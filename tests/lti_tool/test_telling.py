"""Telling people: once for each key, in their language and place, and by mail where they wish it."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from flask import Flask
from flask_babel import get_locale, get_timezone
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import mail, pages
from lti_tool.db import transaction
from lti_tool.mail import NoticeKind, Words
from lti_tool.models import Course, Enrolment, Platform, Standing
from lti_tool.notifying import wishes
from lti_tool.notifying.models import LONGEST_SUBJECT
from lti_tool.notifying.telling import one_line
from lti_tool.notifying.wishes import Choices
from lti_tool.outbox import Letter
from tests.cast import Cast
from tests.lti_tool.told import ASKED, LATE, NOON, enrol, notices, register_kinds, tell


@pytest.fixture
def course(app: Flask, cast: Cast) -> Course:
    register_kinds(app)
    return cast.course()


@pytest.fixture
def maya(cast: Cast, course: Course) -> Enrolment:
    return enrol(cast, course, "Maya")


def letters(session: Session) -> list[Letter]:
    return list(session.scalars(select(Letter).order_by(Letter.id)))


def test_what_somebody_is_told_is_kept_and_its_mail_posted(app: Flask, session: Session, maya: Enrolment):
    tell(maya)

    [notice], [letter] = notices(session), letters(session)
    assert (notice.enrolment_id, notice.kind, notice.subject, notice.paragraphs, notice.action, notice.path) == (
        maya.id,
        ASKED,
        "Leo asks you to mentor him",
        ["He would like to learn welding."],
        "Answer Leo",
        f"/courses/{maya.course.public_id}/",
    )
    assert (notice.created, notice.read, notice.mailed) == (NOON, None, None)
    assert (letter.lane, letter.key, letter.body, letter.due) == ("mail", None, {"notice": notice.id}, NOON)


def test_the_same_is_told_the_same_person_once(session: Session, cast: Cast, course: Course, maya: Enrolment):
    zoe = enrol(cast, course, "Zoe")
    for words in ("first", "second"):
        tell(maya, words)
    tell(zoe, "third")

    assert [(each.enrolment_id, each.subject) for each in notices(session)] == [(maya.id, "first"), (zoe.id, "third")]
    assert len(letters(session)) == 2


def test_what_is_not_committed_was_not_told(session: Session, maya: Enrolment):
    mail.tell(session, maya, ASKED, lambda: Words("Never mind"), key="asked:1", at=NOON)
    session.rollback()

    assert (notices(session), letters(session)) == ([], [])


def test_nobody_is_asked_for_words_that_were_told_before(session: Session, maya: Enrolment):
    tell(maya)

    def never() -> Words:
        raise AssertionError("these words are not needed")

    with transaction():
        mail.tell(session, maya, ASKED, never, key="asked:1", at=NOON)


def test_preview_students_and_those_who_left_are_told_nothing(session: Session, cast: Cast, course: Course):
    tell(enrol(cast, course, "Preview", is_test=True))
    tell(enrol(cast, course, "Gone", is_active=False))

    assert notices(session) == []


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@school.example, b@school.example", "a@school.example\nBcc: b@x.example"]
)
def test_whose_address_is_withheld_or_none_is_told_in_the_tool_only(session: Session, maya: Enrolment, email: str):
    maya.person.email = email
    session.commit()

    tell(maya)

    assert ([each.message_id for each in notices(session)], letters(session)) == ([None], [])


def test_nobody_of_a_platform_that_is_shut_out_is_mailed(session: Session, maya: Enrolment):
    session.query(Platform).one().standing = Standing.DEACTIVATED
    session.commit()

    tell(maya)

    assert (len(notices(session)), letters(session)) == (1, [])


def test_people_choose_for_each_kind_whether_it_is_mailed(session: Session, cast: Cast, course: Course):
    others, chooser = enrol(cast, course, "Zoe"), enrol(cast, course, "Maya")
    with transaction():
        wishes.choose(session, chooser.person, Choices(["chatter"], True, time(21), time(7), ""))
    for person in (others, chooser):
        for kind in (ASKED, "chatter"):
            tell(person, kind=kind, key=kind)

    mailed = [(each.enrolment_id, each.kind) for each in notices(session) if each.message_id]
    assert mailed == [(others.id, ASKED), (chooser.id, "chatter")]
    assert len(letters(session)) == 2


def test_who_stopped_all_mail_is_not_mailed_kinds_that_come_later(app: Flask, session: Session, maya: Enrolment):
    with transaction():
        wishes.stop_all_mail(session, maya.person)
    mail.register_kind(app, NoticeKind("new", "New", order=9))

    tell(maya, kind="new")

    assert (len(notices(session)), letters(session)) == (1, [])


def test_a_mail_of_the_night_is_due_when_the_quiet_hours_end(session: Session, maya: Enrolment):
    maya.person.time_zone = "Europe/Vienna"
    session.commit()

    tell(maya, at=LATE)

    assert [each.due for each in letters(session)] == [datetime(2026, 11, 25, 6, 0, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("choices", "due"),
    [
        (Choices([ASKED], False, time(21), time(7), ""), LATE),
        (Choices([ASKED], True, time(23), time(9), ""), LATE),
        (Choices([ASKED], True, time(22), time(9), ""), datetime(2026, 11, 25, 9, 0, tzinfo=UTC)),
        (Choices([ASKED], True, time(21), time(7), "Asia/Tokyo"), LATE),
        (Choices([ASKED], True, time(21), time(8), "Asia/Tokyo"), datetime(2026, 11, 24, 23, 0, tzinfo=UTC)),
    ],
)
def test_quiet_hours_are_as_people_choose_them(session: Session, maya: Enrolment, choices: Choices, due: datetime):
    with transaction():
        wishes.choose(session, maya.person, choices)

    tell(maya, at=LATE)

    assert [each.due for each in letters(session)] == [due]


def test_words_are_said_in_the_readers_language_and_zone(
    app: Flask, session: Session, maya: Enrolment, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pages, "LANGUAGES", ("en", "de"))
    maya.person.locale, maya.person.time_zone = "de_AT", "Asia/Tokyo"
    session.commit()

    def say() -> Words:
        return Words(f"{get_locale()} {get_timezone()}", (pages.local_time(NOON),))

    with app.test_request_context(headers={"Accept-Language": "fr"}), transaction() as own:
        before = (str(get_locale()), str(get_timezone()))
        mail.tell(own, maya, ASKED, say, key="1", at=NOON)
        after = (str(get_locale()), str(get_timezone()))

    [notice] = notices(session)
    assert (notice.subject, before, after) == ("de Asia/Tokyo", ("en", "UTC"), ("en", "UTC"))
    assert "21:00" in notice.paragraphs[0]


def test_the_language_of_whoever_causes_a_notice_is_not_taken_for_the_readers(
    app: Flask, session: Session, maya: Enrolment, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pages, "LANGUAGES", ("en", "de"))

    with app.test_request_context(headers={"Accept-Language": "de"}), transaction() as own:
        mail.tell(own, maya, ASKED, lambda: Words(str(get_locale())), key="1", at=NOON)

    assert [each.subject for each in notices(session)] == ["en"]


def test_people_are_told_what_falls_due_by_itself_with_addresses_as_on_a_page(session: Session, maya: Enrolment):
    tell(maya)

    assert notices(session)[0].path == mail.path_to("courses.home", course=maya.course.public_id)


@pytest.mark.parametrize(
    "path", ["https://evil.example/", "//evil.example/", "/lti/check", "/courses/another/x", "javascript:alert(1)"]
)
def test_a_notice_leads_nowhere_but_into_the_readers_course(session: Session, maya: Enrolment, path: str):
    with pytest.raises(ValueError, match="cannot lead to"):
        mail.tell(session, maya, ASKED, lambda: Words("Look", path=path), key="1", at=NOON)


def test_what_cannot_be_kept_is_said_at_once(app: Flask, session: Session, maya: Enrolment):
    with pytest.raises(LookupError):
        mail.tell(session, maya, "unheard-of", lambda: Words("Look"), key="1", at=NOON)
    with pytest.raises(ValueError, match="1 to 128 characters"):
        mail.tell(session, maya, ASKED, lambda: Words("Look"), key="1" * 129, at=NOON)
    with pytest.raises(ValueError, match="registered already"):
        mail.register_kind(app, NoticeKind(ASKED, "Asked", order=1))


LINES = {
    "Leo\r\nBcc: zoe@school.example": "Leo Bcc: zoe@school.example",
    "Leo\u2028asks\u0085you\x00": "Leo asks you",
    "Leo =?utf-8?q?=0ABcc:?= asks": "Leo = ?utf-8?q?=0ABcc:?= asks",
    "  Leo \t asks  ": "Leo asks",
    "é" * 200: "é" * 149 + "…",
    "\u2068לאה\u2069 asks": "\u2068לאה\u2069 asks",
}


@pytest.mark.parametrize("text", LINES)
def test_a_line_is_one_line(text: str):
    assert one_line(text, LONGEST_SUBJECT) == LINES[text]


def test_telling_another_person_of_the_course_costs_four_queries(
    app: Flask, session: Session, cast: Cast, course: Course, counting: list[str]
):
    first, second = enrol(cast, course, "Maya"), enrol(cast, course, "Zoe")
    with transaction() as own:
        for person in (first, second):
            counting.clear()
            mail.tell(own, person, ASKED, lambda: Words("Look"), key="1", at=NOON)

    assert len(counting) == 4
