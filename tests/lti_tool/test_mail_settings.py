"""The settings for mail, and which texts are addresses that mail can go to."""

from __future__ import annotations

from pathlib import Path

import pytest

from lti_tool.config import Config, ConfigError
from lti_tool.outgoing.mail_settings import Encryption, MailServer, mail_address, sender_of, server_of

SERVERS = {
    "smtp://mail.example.org": MailServer("mail.example.org", 25, Encryption.STARTTLS),
    "smtp://us:pass@mail.example.org": MailServer("mail.example.org", 587, Encryption.STARTTLS, "us", "pass"),
    "smtp://us%40school:p%3A%2F%23@mail.example.org:2525": MailServer(
        "mail.example.org", 2525, Encryption.STARTTLS, "us@school", "p:/#"
    ),
    "smtps://us:pass@mail.example.org/": MailServer("mail.example.org", 465, Encryption.TLS, "us", "pass"),
    "smtp://relay:25?starttls=no": MailServer("relay", 25, Encryption.NONE),
    "smtp://localhost": MailServer("localhost", 25, Encryption.NONE),
    "smtp://us:pass@localhost": MailServer("localhost", 587, Encryption.NONE, "us", "pass"),
    "smtp://127.0.0.1:1025?starttls=yes": MailServer("127.0.0.1", 1025, Encryption.STARTTLS),
}


@pytest.mark.parametrize("url", SERVERS)
def test_a_server_is_read_from_its_address(url: str):
    assert server_of(url) == SERVERS[url]


@pytest.mark.parametrize(
    "url",
    [
        *("mail.example.org", "http://mail.example.org", "smtp://", "smtp://a b", "smtp://[", "smtp://h:port"),
        *("smtp://h:0", "smtp://h:99999", "smtp://h/path", "smtp://h#f", "smtp://h\nx", "smtp://user@h"),
        *("smtp://:secret@h", "smtp://h?tls=yes", "smtps://h?starttls=yes", "smtp://us:secret@h?starttls=no"),
    ],
)
def test_a_server_that_cannot_be_is_one_sentence_that_shows_no_password(tmp_path: Path, url: str):
    with pytest.raises(ConfigError) as problem:
        Config.from_env({"MAIL_URL": url, "MAIL_FROM": "us@example.org"}, root=tmp_path)

    said = str(problem.value)
    assert said.startswith("Mentoring cannot start: MAIL_URL m")
    assert (said.count(". "), "secret" in said) == (0, False)


@pytest.mark.parametrize(
    "sender",
    [
        *("nobody", "a@b@c", "a@x.example, b@x.example", "us@example.org\nBcc: x@example.org", "Us us@example.org"),
        *("jörg@example.org", "=?utf-8?q?a?= <us@example.org>", "Us <us@ex ample.org>"),
    ],
)
def test_a_sender_that_cannot_be_is_one_sentence(tmp_path: Path, sender: str):
    with pytest.raises(ConfigError, match=r"^Mentoring cannot start: MAIL_FROM must be one address, such as"):
        Config.from_env({"MAIL_FROM": sender}, root=tmp_path)


def test_a_server_wants_a_sender_and_all_is_named_at_once(tmp_path: Path):
    with pytest.raises(ConfigError) as problem:
        Config.from_env({"MAIL_URL": "mail", "LOG_LEVEL": "LOUD"}, root=tmp_path)

    assert [word in str(problem.value) for word in ("LOG_LEVEL", "MAIL_URL must", "MAIL_FROM is required")] == [
        True
    ] * 3


def test_settings_for_mail_are_taken_over(tmp_path: Path):
    env = {"MAIL_URL": "smtps://mail.example.org", "MAIL_FROM": "Mentoring <mentoring@example.org>"}

    config = Config.from_env(env, root=tmp_path)

    assert (config.mail_url, config.mail_from) == (env["MAIL_URL"], env["MAIL_FROM"])


def test_a_sender_may_have_a_name_in_any_letters():
    found = sender_of("Büro für Mentoring <mentoring@example.org>")

    assert found is not None
    assert (found.display_name, found.addr_spec) == ("Büro für Mentoring", "mentoring@example.org")


ADDRESSES = {
    "leo@school.example": "leo@school.example",
    " leo.o'brien+lms@School.Example ": "leo.o'brien+lms@school.example",
    "leo@müller.example": "leo@xn--mller-kva.example",
    "lëo@school.example": "lëo@school.example",
    "": None,
    "leo": None,
    "@school.example": None,
    "leo@": None,
    "leo@school..example": None,
    ".leo@school.example": None,
    "leo@school.example\nBcc: zoe@school.example": None,
    "leo@school.example, zoe@school.example": None,
    "Leo <leo@school.example>": None,
    '"leo zoe"@school.example': None,
    "leo@[192.0.2.1]": None,
    "leo>zoe@school.example": None,
    "=?utf-8?q?x?=@school.example": None,
    "l" * 65 + "@school.example": None,
    "leo@" + "s" * 250 + ".example": None,
}


@pytest.mark.parametrize("text", ADDRESSES)
def test_only_one_whole_address_is_one(text: str):
    found = mail_address(text)

    assert (found and found.addr_spec) == ADDRESSES[text]
