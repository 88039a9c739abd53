"""Conversations with a mail server: what it takes, how it refuses, and that nobody's address is told on."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lti_tool.outgoing import smtp
from lti_tool.outgoing.mail_settings import Encryption, MailServer
from lti_tool.outgoing.smtp import Conversation, Fate, MailFailed
from tests.lti_tool.mail_server import MailServerInHand, running_mail_server

SENDER, LEO = "mentoring@school.test", "leo@school.test"


@pytest.fixture
def there() -> Iterator[MailServerInHand]:
    with running_mail_server() as there:
        yield there


def mail(words: str = "Hello") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = SENDER, LEO, words
    message.set_content(words, cte="quoted-printable")
    return message


def server(there: MailServerInHand, **rest: Any) -> MailServer:
    return MailServer("localhost", there.port, rest.pop("encryption", Encryption.NONE), **rest)


def send(there: MailServerInHand, *, to: str = LEO, words: str = "Hello", **rest: Any) -> None:
    conversation = Conversation(server(there, **rest))
    try:
        conversation.send(mail(words), sender=SENDER, to=to)
    finally:
        conversation.close()


def failure(there: MailServerInHand, **rest: Any) -> tuple[str, Fate]:
    with pytest.raises(MailFailed) as problem:
        send(there, **rest)
    assert "leo" not in str(problem.value)
    return str(problem.value), problem.value.fate


def test_a_mail_is_taken(there: MailServerInHand):
    send(there)

    [taken] = there.taken
    assert (taken.sender, taken.recipient, taken.message["Subject"], taken.part("plain")) == (
        SENDER,
        LEO,
        "Hello",
        "Hello\n",
    )


def test_several_mails_go_over_one_line(there: MailServerInHand):
    conversation = Conversation(server(there))
    for words in ("one", "two"):
        conversation.send(mail(words), sender=SENDER, to=LEO)
    conversation.close()

    assert ([each.message["Subject"] for each in there.taken], there.lines, there.heard[-1]) == (
        ["one", "two"],
        1,
        "quit",
    )


def test_a_line_of_a_mail_that_is_a_dot_ends_nothing(there: MailServerInHand):
    send(there, words="above")
    conversation = Conversation(server(there))
    message = mail()
    message.set_content("above\n.\nbelow\n", cte="7bit")
    conversation.send(message, sender=SENDER, to=LEO)
    conversation.close()

    assert there.taken[1].part("plain") == "above\n.\nbelow\n"


REFUSALS = {
    "RCPT 550 5.1.1 leo@school.test is unknown": ("localhost answered 550 5.1.1 to the recipient", Fate.DEAD),
    "RCPT 550 leo@school.test is unknown": ("localhost answered 550 to the recipient", Fate.DEAD),
    "RCPT 452 4.2.2 the mailbox of leo is full": ("localhost answered 452 4.2.2 to the recipient", Fate.LATER),
    "RCPT 421 4.3.2 closing": ("localhost answered 421 4.3.2 to the recipient", Fate.NOBODY_THERE),
    "MAIL 451 4.7.1 greylisted": ("localhost answered 451 4.7.1 to the sender", Fate.LATER),
    "MAIL 553 5.7.1 not yours": ("localhost answered 553 5.7.1 to the sender", Fate.NONE_GOES),
    "DATA 554 5.7.1 no": ("localhost answered 554 5.7.1 to the mail", Fate.DEAD),
    ". 451 4.3.0 disk full": ("localhost answered 451 4.3.0 to the mail", Fate.LATER),
    ". 554 5.7.1 spam for leo": ("localhost answered 554 5.7.1 to the mail", Fate.DEAD),
    "greeting 554 5.7.0 go away": ("localhost answered 554 5.7.0 to our coming", Fate.NONE_GOES),
    "greeting 421 4.3.2 too busy": ("localhost answered 421 4.3.2 to our coming", Fate.NOBODY_THERE),
}


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_refusal_tells_whether_trying_again_helps_and_nothing_of_whom(there: MailServerInHand, refusal: str):
    verb, _space, answer = refusal.partition(" ")
    there.answers[verb] = answer

    assert (failure(there), there.taken) == (REFUSALS[refusal], [])


def test_after_a_refusal_the_next_mail_goes(there: MailServerInHand):
    there.answers["RCPT"] = "550 5.1.1 unknown"
    conversation = Conversation(server(there))
    with pytest.raises(MailFailed):
        conversation.send(mail("one"), sender=SENDER, to=LEO)
    there.answers.clear()

    conversation.send(mail("two"), sender=SENDER, to=LEO)

    conversation.close()
    assert [each.message["Subject"] for each in there.taken] == ["two"]


@pytest.mark.parametrize("verb", ["greeting", "EHLO", "MAIL", "RCPT", "DATA", "."])
def test_a_server_that_is_silent_is_not_waited_for_long(
    there: MailServerInHand, monkeypatch: pytest.MonkeyPatch, verb: str
):
    monkeypatch.setattr(smtp, "ANSWER", 0.2)
    monkeypatch.setattr(smtp, "TAKEN", 0.3)
    there.silent_at = verb

    assert failure(there) == ("localhost did not answer in time", Fate.NOBODY_THERE)


def test_the_word_that_a_mail_was_taken_is_waited_for_longer_than_other_answers(
    there: MailServerInHand, monkeypatch: pytest.MonkeyPatch
):
    assert smtp.ANSWER < smtp.TAKEN < smtp.WHOLE < 120
    monkeypatch.setattr(smtp, "ANSWER", 0.2)
    there.answers["."] = "250 2.0.0 taken"
    slow = there.answers

    class Slow(dict[str, str]):
        def get(self, key: str, usual: Any = None) -> Any:
            if key == "." and usual != "250":
                there.closing.wait(0.6)
            return slow.get(key, usual)

    there.answers = Slow()
    send(there)

    assert len(there.taken) == 1


def test_a_conversation_has_an_end_however_patient_each_wait_is(
    there: MailServerInHand, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(smtp, "WHOLE", 0.3)
    there.silent_at = "RCPT"

    assert failure(there) == ("localhost hung up", Fate.NOBODY_THERE)


@pytest.mark.parametrize("verb", ["greeting", "MAIL", "DATA", "."])
def test_a_server_that_hangs_up_is_asked_again_later(there: MailServerInHand, verb: str):
    there.hangs_up_at = verb

    assert failure(there) == ("localhost hung up", Fate.NOBODY_THERE)
    assert len(there.taken) == (1 if verb == "." else 0), "after the last dot it may have been taken, or not"


def test_nobody_at_the_port_is_nobody_there():
    with running_mail_server() as gone:
        pass

    assert failure(gone) == ("localhost could not be spoken to (ConnectionRefusedError)", Fate.NOBODY_THERE)


def test_an_address_beyond_ascii_goes_where_the_server_takes_it(there: MailServerInHand):
    refused = failure(there, to="lëo@school.test")
    there.offers.append("SMTPUTF8")
    send(there, to="lëo@school.test")

    assert refused == ("localhost takes no address in letters beyond ASCII", Fate.DEAD)
    assert [each.recipient for each in there.taken] == ["lëo@school.test"]


@pytest.fixture
def secure(there: MailServerInHand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MailServerInHand:
    """The server with a certificate for localhost that this machine believes."""
    path = certificate(tmp_path)
    there.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    there.tls.load_cert_chain(path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return there


def certificate(folder: Path) -> Path:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    kept = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "certificate.pem"
    path.write_bytes(kept + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_starttls_is_insisted_on(secure: MailServerInHand):
    without = failure(secure, encryption=Encryption.STARTTLS)
    secure.offers.append("STARTTLS")
    send(secure, encryption=Encryption.STARTTLS)

    assert without == (
        "localhost offers no STARTTLS; if mail may be sent openly, end MAIL_URL in ?starttls=no",
        Fate.NONE_GOES,
    )
    assert secure.secured == [True]


def test_a_server_that_cannot_begin_tls_just_now_is_asked_later(secure: MailServerInHand):
    secure.offers.append("STARTTLS")
    secure.answers["STARTTLS"] = "454 4.7.0 no keys just now"

    assert failure(secure, encryption=Encryption.STARTTLS) == (
        "localhost answered 454 4.7.0 to STARTTLS",
        Fate.NOBODY_THERE,
    )


def test_tls_from_the_first_word(secure: MailServerInHand):
    secure.is_tls_from_the_first_word = True

    send(secure, encryption=Encryption.TLS)

    assert secure.secured == [True]


@pytest.mark.parametrize("encryption", [Encryption.TLS, Encryption.STARTTLS])
def test_a_server_whose_certificate_nobody_vouches_for_gets_no_mail(
    secure: MailServerInHand, monkeypatch: pytest.MonkeyPatch, encryption: Encryption
):
    monkeypatch.delenv("SSL_CERT_FILE")
    secure.is_tls_from_the_first_word = encryption is Encryption.TLS
    secure.offers.append("STARTTLS")

    assert failure(secure, encryption=encryption, user="us", password="secret") == (
        "localhost could not be spoken to (SSLCertVerificationError)",
        Fate.NOBODY_THERE,
    )
    assert [line for line in secure.heard if line.startswith("AUTH")] == []


def test_user_and_password_are_told_where_they_are_asked_for(there: MailServerInHand):
    not_asked = failure(there, user="us", password="secret")
    there.offers.append("AUTH PLAIN")
    there.users["us"] = "secret"
    send(there, user="us", password="secret")
    wrong = failure(there, user="us", password="other")

    assert not_asked == ("localhost asks for no user and password", Fate.NONE_GOES)
    assert wrong == ("localhost answered 535 5.7.8 to user and password", Fate.NONE_GOES)
    assert len(there.taken) == 1
