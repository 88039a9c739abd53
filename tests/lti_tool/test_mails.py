"""Mails on their way: what they say, that they are never lost, and that nobody is mailed who should not be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, mail, outbox, pages
from lti_tool.db import db, transaction
from lti_tool.mail import Words
from lti_tool.models import Course, Enrolment, Platform, Role
from lti_tool.notifying import post_offices, wishes
from lti_tool.notifying.models import PersonalNotice, UnsubscribeAddress
from lti_tool.outbox import Errand, Letter, LetterState
from lti_tool.running.delivering import deliver_due, drain
from tests.cast import Cast
from tests.lti_tool.mail_server import MailServerInHand
from tests.lti_tool.told import ASKED, LATE, NOON, enrol, notices, register_kinds, tell


def use(app: Flask, **settings: object) -> None:
    app.config.update(settings)
    post_offices.init_app(app)


@pytest.fixture
def course(app: Flask, cast: Cast) -> Course:
    register_kinds(app)
    return cast.course("Welding & more")


@pytest.fixture
def maya(cast: Cast, course: Course) -> Enrolment:
    return enrol(cast, course, "Maya")


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.moved_to(NOON):
        yield


def letters(session: Session) -> list[tuple[LetterState, str]]:
    session.rollback()
    session.expire_all()
    return [(each.state, each.error) for each in session.scalars(select(Letter).order_by(Letter.id))]


def test_a_mail_says_what_the_notice_says_in_plain_words_and_in_html(
    app: Flask, session: Session, maya: Enrolment, there: MailServerInHand
):
    tell(maya, "Leo & Zoe ask you")

    assert drain(app) == 1

    [taken] = there.taken
    message, plain, html = taken.message, taken.part("plain"), taken.part("html")
    assert (taken.sender, taken.recipient, message["To"], str(message["From"])) == (
        "mentoring@tool.example",
        "maya@school.example",
        "maya@school.example",
        "Mentoring <mentoring@tool.example>",
    )
    assert (message["Subject"], message["Date"].datetime) == ("Leo & Zoe ask you", NOON)
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    for words in ("He would like to learn welding.", "Answer Leo: open Mentoring from your course page"):
        assert words in plain
        assert words in html
    assert "because you take part in the course Welding & more." in plain
    assert "Leo &amp; Zoe ask you" in html
    assert letters(session) == [(LetterState.DELIVERED, "")]
    assert [each.mailed for each in notices(session)] == [NOON]


def test_a_mail_says_to_programs_what_it_is_and_how_to_stop_it(
    app: Flask, session: Session, maya: Enrolment, there: MailServerInHand
):
    use(app, IS_HTTPS=True, PUBLIC_URL="https://tool.example")
    tell(maya)
    drain(app)

    message = there.taken[0].message
    secret = re.fullmatch(r"<https://tool\.example/unsubscribe/([\w-]{32})>", message["List-Unsubscribe"])
    assert secret is not None
    assert secret[1] in there.taken[0].part("plain")
    assert (message["List-Unsubscribe-Post"], message["Auto-Submitted"], message["Content-Language"]) == (
        "List-Unsubscribe=One-Click",
        "auto-generated",
        "en",
    )
    assert re.fullmatch(r"<[a-z2-7]{16}@tool\.example>", message["Message-ID"])


def test_every_line_is_short_and_in_plain_letters(
    app: Flask, session: Session, maya: Enrolment, there: MailServerInHand
):
    tell(maya, "Łéø " * 60)

    drain(app)

    lines = [line for line in there.taken[0].raw.split(b"\r\n") if not line.startswith(b"List-Unsubscribe:")]
    assert max(map(len, lines)) <= 78
    assert all(line.isascii() for line in lines)
    assert str(there.taken[0].message["Subject"]).startswith("Łéø Łéø Łéø")


def test_the_address_that_stops_mails_stands_whole_on_its_line_however_long_it_is(
    app: Flask, session: Session, maya: Enrolment, there: MailServerInHand
):
    """Programs that read it do not put it together, and Python would make an encoded word of it."""
    host = f"mentoring.{'long' * 12}.example"
    use(app, PUBLIC_URL=f"https://{host}")
    tell(maya)

    drain(app)

    line = rf"List-Unsubscribe: <https://{host}/unsubscribe/[\w-]{{32}}>".encode()
    assert [each for each in there.taken[0].raw.split(b"\r\n") if re.fullmatch(line, each)]


INJECTED = [
    "Leo\r\nBcc: zoe@school.example",
    "Leo\nBcc: zoe@school.example\n\nforged",
    "Leo =?utf-8?q?=0D=0ABcc:_zoe=40school.example?=",
    "Leo\x85Bcc: zoe@school.example\u2028Bcc: zoe@school.example",
]


@pytest.mark.parametrize("name", INJECTED)
def test_no_name_or_title_adds_a_header(
    app: Flask, session: Session, maya: Enrolment, there: MailServerInHand, name: str
):
    maya.course.title = name
    session.commit()
    with transaction() as own:
        mail.tell(own, maya, ASKED, lambda: Words(name, (name,), name), key="1", at=NOON)

    drain(app)

    [taken] = there.taken
    headers = taken.raw.partition(b"\r\n\r\n")[0]
    assert re.findall(rb"(?im)^(bcc|cc|resent-\w+):", headers) == []
    assert (taken.message["Bcc"], taken.recipient) == (None, "maya@school.example")
    assert taken.message.defects == []
    assert "\n" not in taken.message["Subject"]


def test_a_mail_leads_to_the_course_page_where_that_is_known(
    app: Flask, session: Session, maya: Enrolment, there: MailServerInHand
):
    tell(maya, key="1")
    drain(app)
    platform = session.query(Platform).one()
    platform.family, platform.issuer, maya.course.context_id = "moodle", "https://moodle.example", "17"
    session.commit()
    tell(maya, key="2")

    drain(app)

    address = "https://moodle.example/course/view.php?id=17"
    assert [[address in each.part(kind) for kind in ("plain", "html")] for each in there.taken] == [
        [False, False],
        [True, True],
    ]


def test_a_mail_is_in_the_readers_language(
    app: Flask, session: Session, maya: Enrolment, there: MailServerInHand, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pages, "LANGUAGES", ("en", "he"))
    maya.person.locale = "he"
    session.commit()
    tell(maya)

    drain(app)

    assert there.taken[0].message["Content-Language"] == "he"
    assert '<html lang="he" dir="rtl">' in there.taken[0].part("html")


def test_a_mail_that_may_have_arrived_comes_again_under_the_same_id(
    app: Flask, session: Session, maya: Enrolment, there: MailServerInHand
):
    tell(maya)
    there.hangs_up_at = "."
    drain(app)
    waits = letters(session)
    there.hangs_up_at = ""
    with clock.moved_by(timedelta(hours=1)):
        drain(app)

    first, second = (each.message for each in there.taken)
    assert waits == [(LetterState.WAITING, "127.0.0.1 hung up")]
    assert letters(session) == [(LetterState.DELIVERED, "")]
    assert (first["Message-ID"], first["Date"], first["Subject"]) == (
        second["Message-ID"],
        second["Date"],
        second["Subject"],
    )
    for message in (first, second):
        path = str(message["List-Unsubscribe"]).strip("<>").removeprefix("http://localhost:8000")
        assert app.test_client().get(path).status_code == 200


def test_a_mail_that_was_taken_does_not_go_again_if_its_letter_does(
    app: Flask, session: Session, maya: Enrolment, there: MailServerInHand
):
    tell(maya)
    drain(app)
    letter = session.scalars(select(Letter)).one()
    with transaction():
        letter.state = LetterState.WAITING
    drain(app)

    assert (len(there.taken), letters(session)) == (1, [(LetterState.DELIVERED, "")])


OUTCOMES = {
    "RCPT 550 5.1.1 maya@school.example is nobody": (LetterState.DEAD, "127.0.0.1 answered 550 5.1.1 to the recipient"),
    "RCPT 452 4.2.2 maya's mailbox is full": (LetterState.WAITING, "127.0.0.1 answered 452 4.2.2 to the recipient"),
    ". 554 5.7.1 no": (LetterState.DEAD, "127.0.0.1 answered 554 5.7.1 to the mail"),
    ". 451 4.3.0 later": (LetterState.WAITING, "127.0.0.1 answered 451 4.3.0 to the mail"),
    "MAIL 550 5.7.1 not you": (
        LetterState.WAITING,
        "127.0.0.1 answered 550 5.7.1 to the sender: mend MAIL_URL, MAIL_FROM or the server, then resume",
    ),
}


@pytest.mark.parametrize("refusal", OUTCOMES)
def test_a_refusal_is_shown_to_operators_and_names_nobody(
    app: Flask,
    session: Session,
    maya: Enrolment,
    there: MailServerInHand,
    caplog: pytest.LogCaptureFixture,
    refusal: str,
):
    verb, _space, answer = refusal.partition(" ")
    there.answers[verb] = answer
    caplog.set_level("DEBUG")
    tell(maya)

    deliver_due(app)

    shown = app.test_cli_runner().invoke(args=["outbox", "show", "--all"]).output
    checked = check(app)
    assert letters(session) == [OUTCOMES[refusal]]
    assert OUTCOMES[refusal][1] in shown
    assert OUTCOMES[refusal][1] in checked
    assert "maya" not in (shown + checked + caplog.text).lower()
    assert ("PAUSED" in shown) == verb.startswith("MAIL")


def test_one_who_is_refused_keeps_nobody_else_waiting(
    app: Flask, session: Session, cast: Cast, course: Course, there: MailServerInHand
):
    tell(enrol(cast, course, "Nobody"), key="1")
    there.answers["RCPT"] = "550 5.1.1 unknown"
    deliver_due(app)
    there.answers.clear()
    tell(enrol(cast, course, "Zoe"), key="2")

    drain(app)

    assert [each.recipient for each in there.taken] == ["zoe@school.example"]


def test_where_nobody_is_there_one_finds_out_for_all(
    app: Flask, session: Session, cast: Cast, course: Course, there: MailServerInHand
):
    there.answers["greeting"] = "421 4.3.2 too busy"
    for name in ("Maya", "Zoe", "Leo"):
        tell(enrol(cast, course, name))

    deliver_due(app)

    assert letters(session) == [(LetterState.WAITING, "127.0.0.1 answered 421 4.3.2 to our coming")] * 3
    assert there.lines == 1


def test_a_mailbox_that_stays_full_is_given_up_after_days_and_a_server_that_is_away_is_not(
    app: Flask, session: Session, maya: Enrolment, there: MailServerInHand
):
    tell(maya, key="1")
    with clock.moved_by(timedelta(days=6)):
        there.answers = {"greeting": "421 4.3.2 away"}
        deliver_due(app)
        away = letters(session)
        with clock.moved_by(timedelta(hours=2)):
            there.answers = {"RCPT": "452 4.2.2 full"}
            deliver_due(app)

    assert [each[0] for each in away] == [LetterState.WAITING]
    assert letters(session) == [(LetterState.DEAD, "127.0.0.1 answered 452 4.2.2 to the recipient, for five days")]


def test_the_address_is_the_one_the_lms_gives_when_the_mail_goes(
    app: Flask, session: Session, maya: Enrolment, there: MailServerInHand
):
    tell(maya)
    maya.person.email = "new@school.example"
    session.commit()

    drain(app)

    assert [each.recipient for each in there.taken] == ["new@school.example"]
    held = [letter.body for letter in session.scalars(select(Letter))]
    assert held == [{"notice": notices(session)[0].id}]


def test_whoever_may_not_be_mailed_any_more_is_not(
    app: Flask, session: Session, cast: Cast, course: Course, there: MailServerInHand
):
    left, withheld, stopped = (enrol(cast, course, name) for name in ("Maya", "Zoe", "Leo"))
    for person in (left, withheld, stopped):
        tell(person)
    with transaction():
        left.is_active, withheld.person.email = False, ""
        wishes.stop_mail(session, stopped.person, ASKED)

    drain(app)

    assert (there.taken, letters(session)) == ([], [(LetterState.DELIVERED, "")] * 3)
    assert there.lines == 0


def test_a_mail_of_the_night_goes_in_the_morning(
    app: Flask, session: Session, maya: Enrolment, there: MailServerInHand
):
    with clock.moved_to(LATE):
        tell(maya, at=LATE)
        assert deliver_due(app) == 0
    with clock.moved_to(LATE.replace(day=25, hour=7, minute=0)):
        assert deliver_due(app) == 1

    assert len(there.taken) == 1


def test_a_mail_that_was_held_up_into_the_night_waits_for_the_morning(
    app: Flask, session: Session, maya: Enrolment, there: MailServerInHand
):
    tell(maya)
    with clock.moved_to(LATE):
        deliver_due(app)
        waits = letters(session)
        due = session.scalars(select(Letter.due)).one()

    assert waits == [(LetterState.WAITING, "waits for the end of the reader's quiet hours")]
    assert (there.taken, due) == ([], LATE.replace(day=25, hour=7, minute=0))


def test_a_notice_of_a_kind_that_is_no_more_is_given_up(
    app: Flask, session: Session, maya: Enrolment, there: MailServerInHand
):
    tell(maya)
    app.extensions["notice_kinds"].clear()

    drain(app)

    assert letters(session) == [(LetterState.DEAD, f"the tool has no notices of kind {ASKED} any more")]


def test_a_crash_before_the_letter_is_written_down_loses_nothing(
    app: Flask, session: Session, maya: Enrolment, there: MailServerInHand
):
    """The worker dies with its batch: the letter still waits, and what went is known to have gone."""
    tell(maya)
    letter = session.scalars(select(Letter)).one()
    errand = Errand(letter.id, letter.lane, letter.body, letter.edition, 0, letter.created)
    carrier = outbox.carrier_for("mail")
    assert carrier is not None
    list(carrier.carry([errand]))
    assert letters(session) == [(LetterState.WAITING, "")]

    drain(app)

    assert (len(there.taken), letters(session)) == (1, [(LetterState.DELIVERED, "")])


def eml(app: Flask) -> list[EmailMessage]:
    folder = Path(app.config["MAIL_FOLDER"])
    return [message_from_bytes(each.read_bytes(), policy=default) for each in sorted(folder.iterdir())]


def test_without_a_server_mail_is_written_into_a_folder(app: Flask, session: Session, maya: Enrolment):
    tell(maya)

    drain(app)

    [message], [notice] = eml(app), notices(session)
    assert (message["To"], message["Subject"], message["Message-ID"]) == (
        "maya@school.example",
        "Leo asks you to mentor him",
        notice.message_id,
    )
    assert str(message["From"]) == "Mentoring <mentoring@localhost>"
    assert [each.stat().st_mode & 0o777 for each in Path(app.config["MAIL_FOLDER"]).iterdir()] == [0o600]


def test_a_mail_that_is_written_again_is_one_file(app: Flask, session: Session, maya: Enrolment):
    tell(maya)
    drain(app)
    with transaction():
        session.scalars(select(PersonalNotice)).one().mailed = None
        session.scalars(select(Letter)).one().state = LetterState.WAITING
    drain(app)

    assert len(eml(app)) == 1


def test_a_folder_that_cannot_be_written_to_keeps_the_letter(app: Flask, session: Session, maya: Enrolment):
    Path(app.config["MAIL_FOLDER"]).parent.mkdir(exist_ok=True)
    Path(app.config["MAIL_FOLDER"]).write_text("a file where the folder should be")
    tell(maya)

    deliver_due(app)

    assert letters(session) == [(LetterState.WAITING, "the folder for mail cannot be written to (File exists)")]


def check(app: Flask) -> str:
    with clock.moved_to(datetime.now(UTC)):  # The tool's keys are as old as this run of tests.
        ran = app.test_cli_runner().invoke(args=["check"])
    assert ran.exception is None, ran.exception
    return ran.output


def test_operators_see_where_mail_goes_and_no_password(app: Flask, session: Session):
    use(app, IS_HTTPS=True)
    nowhere = check(app)
    use(app, MAIL_URL="smtp://us:secret@mail.example.org", MAIL_FROM="mentoring@tool.example")
    somewhere = check(app)

    assert "! No mail server is named, so nobody gets mail." in nowhere
    assert (
        "Mail goes to: mail.example.org:587\nKept private by: STARTTLS\nSent from: mentoring@tool.example" in somewhere
    )
    assert "secret" not in somewhere


def test_only_hashes_of_the_addresses_to_unsubscribe_by_are_kept(
    app: Flask, session: Session, maya: Enrolment, there: MailServerInHand, caplog: pytest.LogCaptureFixture
):
    caplog.set_level("DEBUG")
    tell(maya)
    drain(app)

    secret = str(there.taken[0].message["List-Unsubscribe"]).strip("<>").rpartition("/")[2]
    [kept] = session.scalars(select(UnsubscribeAddress))
    assert (len(kept.secret), secret in kept.secret, secret in caplog.text) == (64, False, False)


def test_an_assistant_of_two_courses_is_told_in_each(app: Flask, session: Session, cast: Cast, course: Course):
    here = enrol(cast, course, "Ines", Role.ASSISTANT)
    there = enrol(cast, cast.course("Elsewhere"), "Ines", Role.ASSISTANT)

    tell(here)
    tell(there)

    assert [each.enrolment_id for each in notices(session)] == [here.id, there.id]
    assert db.session is session
