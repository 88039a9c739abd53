"""Mail to somebody who is not in the course, such as a manager: they have no notices and no choices kept here.

So everything the mail says is handed in by the feature that writes it, in the moment it goes, and with it the address
that stops further ones.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from hashlib import sha256

from flask import current_app
from flask_babel import force_locale

from lti_tool.db import reading
from lti_tool.notifying.carrying import brought
from lti_tool.notifying.models import LONGEST_SUBJECT
from lti_tool.notifying.post_offices import Counter, post_office
from lti_tool.notifying.telling import one_line
from lti_tool.notifying.writing import empty, fill
from lti_tool.outbox import Done, Errand, Outcome


@dataclass(frozen=True, kw_only=True)
class OutsideMail:
    """One mail, in the language it is to be read in."""

    to: Address
    language: str
    subject: str
    paragraphs: Sequence[str]
    action: str = ""
    """What can be done about it, in the words of a link; empty where there is nothing to do."""
    address: str = ""
    """Where that is done; secret, and in no log line."""
    why: str
    """Why they are mailed."""
    stop: str
    stop_address: str
    message_id: str
    """The same however often it has to be sent."""
    written: datetime

    @property
    def as_text(self) -> str:
        last = f"-- \n{self.why}\n{self.stop}\n{self.stop_address}"
        onward = [f"{self.action}:\n{self.address}"] if self.action else []
        return "\n\n".join([self.subject, *self.paragraphs, *onward, last]) + "\n"


def secret_for(what: str) -> str:
    """What stands in the address of a mail about this: the same however often it has to go, and nowhere kept."""
    digest = hmac.new(current_app.config["SECRET_KEY"].encode(), what.encode(), sha256).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()


class OutsideCarrier:
    """Carries letters to people outside.

    `prepare` says what a letter stands for now: its mail, or how the errand ends without one. `sent` is told when the
    mail was taken. Both commit what they store.
    """

    batch = 20

    def __init__(self, prepare: Callable[[Errand], OutsideMail | Outcome], sent: Callable[[Errand], None]) -> None:
        self._prepare, self._sent = prepare, sent

    def carry(self, errands: Sequence[Errand]) -> Iterator[Outcome]:
        return brought(errands, self._bring)

    def _bring(self, errand: Errand, counter: Counter) -> Outcome:
        mail = self._prepare(errand)
        if not isinstance(mail, OutsideMail):
            return mail
        with force_locale(mail.language):
            message = empty(post_office().sender, mail.to, mail.stop_address)
            message["Subject"] = one_line(mail.subject, LONGEST_SUBJECT)
            message["Date"] = mail.written
            message["Message-ID"] = mail.message_id
            fill(message, mail.as_text, "mail/outside.html", mail=mail)
        with reading():
            counter.take(message, to=mail.to.addr_spec)
        self._sent(errand)
        return Done()
