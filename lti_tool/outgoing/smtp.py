"""A conversation with a mail server (RFC 5321): what it takes, what it refuses, and whether trying again can help.

What the server answers is told without its words: servers like to repeat the address that they refuse.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from enum import StrEnum

from lti_tool.outgoing import addresses
from lti_tool.outgoing.mail_settings import Encryption, MailServer

ANSWER = 10.0
"""Seconds to connect, and to wait for each answer but the last."""
TAKEN = 60.0
"""Seconds to wait for the word that a mail was taken. Many servers look through it first, and whoever gives up before
they are done sends it twice; RFC 5321, section 4.5.3.2.6, would wait for ten minutes."""
WHOLE = 90.0
"""Seconds for one mail, however slowly the server drips: less than a worker holds a lane for."""
ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}(?= |$)")
"""A status code as RFC 3463 has it, where the server's words begin with one."""


class Fate(StrEnum):
    """What a mail that did not go can hope for."""

    LATER = "later"
    NOBODY_THERE = "nobody there"
    """Later; and there is no use in trying others just now."""
    DEAD = "dead"
    NONE_GOES = "none goes"
    """No mail at all can go until somebody mends the settings, here or there."""


class MailFailed(Exception):
    """A mail did not go, as far as we know; says what happened, and neither to whom nor in the server's words."""

    def __init__(self, problem: str, fate: Fate) -> None:
        super().__init__(problem)
        self.fate = fate


class Conversation:
    """Mails brought to one server, over one connection for as long as that holds."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None

    def send(self, message: EmailMessage, *, sender: str, to: str) -> None:
        """Bring one mail: when this returns, the server has taken it. Raises MailFailed.

        Where the line breaks before the last answer, nobody knows whether it was taken; only its Message-ID, the same
        when it comes again, lets the far end tell.
        """
        try:
            smtp = self._smtp = self._smtp or self._connected()
            with _within(WHOLE, smtp):
                self._hand_over(smtp, message, sender, to)
        except MailFailed:
            self.close()
            raise
        except (smtplib.SMTPException, OSError, ValueError) as problem:
            self.close()
            raise MailFailed(f"{self._server.host} {_in_words(problem)}", Fate.NOBODY_THERE) from None

    def close(self) -> None:
        """Say goodbye, if anybody is there to hear it."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(smtplib.SMTPException, OSError, ValueError):
                smtp.quit()
            smtp.close()

    def _connected(self) -> smtplib.SMTP:
        smtp, context = self._greeted()
        try:
            with _within(WHOLE, smtp):
                if self._server.encryption is Encryption.STARTTLS:
                    self._begin_tls(smtp, context)
                if self._server.user:
                    self._log_in(smtp)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _greeted(self) -> tuple[smtplib.SMTP, ssl.SSLContext]:
        host, port, context = self._server.host, self._server.port, ssl.create_default_context()
        try:
            if self._server.encryption is Encryption.TLS:
                return smtplib.SMTP_SSL(host, port, _own_name(), timeout=ANSWER, context=context), context
            return smtplib.SMTP(host, port, _own_name(), timeout=ANSWER), context
        except smtplib.SMTPConnectError as problem:
            raise self._shut_out(problem, "to our coming") from None

    def _begin_tls(self, smtp: smtplib.SMTP, context: ssl.SSLContext) -> None:
        smtp.ehlo_or_helo_if_needed()
        if not smtp.has_extn("starttls"):
            raise MailFailed(
                f"{self._server.host} offers no STARTTLS; if mail may be sent openly, end MAIL_URL in ?starttls=no",
                Fate.NONE_GOES,
            )
        try:
            smtp.starttls(context=context)
        except smtplib.SMTPResponseException as problem:
            raise self._shut_out(problem, "to STARTTLS") from None

    def _log_in(self, smtp: smtplib.SMTP) -> None:
        try:
            smtp.login(self._server.user, self._server.password)
        except smtplib.SMTPAuthenticationError as problem:
            raise self._shut_out(problem, "to user and password") from None
        except smtplib.SMTPNotSupportedError:
            raise MailFailed(f"{self._server.host} asks for no user and password", Fate.NONE_GOES) from None

    def _shut_out(self, problem: smtplib.SMTPResponseException, about: str) -> MailFailed:
        """It concerns every mail alike."""
        code = problem.smtp_code
        fate = Fate.NONE_GOES if _is_final(code) else Fate.NOBODY_THERE
        return MailFailed(self._told(code, problem.smtp_error, about), fate)

    def _hand_over(self, smtp: smtplib.SMTP, message: EmailMessage, sender: str, to: str) -> None:
        smtp.ehlo_or_helo_if_needed()
        options = []
        if not to.isascii():
            if not smtp.has_extn("smtputf8"):
                raise MailFailed(f"{self._server.host} takes no address in letters beyond ASCII", Fate.DEAD)
            options = ["SMTPUTF8", "BODY=8BITMIME"]
        _wait_for(smtp, ANSWER)
        self._judge(smtp.mail(sender, options), "to the sender", Fate.NONE_GOES)
        self._judge(smtp.rcpt(to), "to the recipient", Fate.DEAD)
        _wait_for(smtp, TAKEN)
        try:
            answer = smtp.data(message.as_bytes(policy=SMTPUTF8 if options else SMTP))
        except smtplib.SMTPDataError as problem:
            answer = problem.smtp_code, problem.smtp_error  # type: ignore[assignment]
        self._judge(answer, "to the mail", Fate.DEAD)

    def _judge(self, answer: tuple[int, bytes], about: str, for_good: Fate) -> None:
        """4yz passes by itself, 5yz does not (RFC 5321, section 4.2.1); 421 is a server that hangs up."""
        code, words = answer
        if 200 <= code <= 299:
            return
        fate = for_good if _is_final(code) else Fate.NOBODY_THERE if code == 421 else Fate.LATER
        raise MailFailed(self._told(code, words, about), fate)

    def _told(self, code: int, words: bytes | str, about: str) -> str:
        more = ENHANCED.match(words if isinstance(words, bytes) else words.encode())
        return f"{self._server.host} answered {code}{f' {more[0].decode()}' if more else ''} {about}"


def _wait_for(smtp: smtplib.SMTP, seconds: float) -> None:
    if smtp.sock is not None:
        smtp.sock.settimeout(seconds)


def _is_final(code: int) -> bool:
    return 500 <= code <= 599


def _in_words(problem: Exception) -> str:
    # smtplib takes every silence for a server that has gone, and keeps what it really was as the context.
    if isinstance(problem, TimeoutError) or isinstance(problem.__context__, TimeoutError):
        return "did not answer in time"
    if isinstance(problem, smtplib.SMTPServerDisconnected):
        return "hung up"
    return f"could not be spoken to ({type(problem).__name__})"


@contextmanager
def _within(seconds: float, smtp: smtplib.SMTP) -> Iterator[None]:
    """Break off what takes longer: a server that drips answers each single wait in time."""

    def break_off() -> None:
        with suppress(OSError):
            if smtp.sock is not None:
                smtp.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, break_off)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _own_name() -> str:
    """What we call ourselves. smtplib would look up the full name, which takes half a minute where nobody knows it."""
    name = socket.gethostname().lower()
    return name if addresses.is_host(name) else "localhost"
