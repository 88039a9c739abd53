"""Where mail is handed in: at the operator's server, or in a folder where no server is named."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTPUTF8
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from flask import Flask, current_app

from lti_tool.outgoing.mail_settings import MailServer, sender_of, server_of
from lti_tool.outgoing.smtp import Conversation, Fate, MailFailed

_NOBODY = Address(display_name="Mentoring", username="mentoring", domain="localhost")


class Counter(Protocol):
    def take(self, message: EmailMessage, *, to: str) -> None:
        """Take one mail; it is on its way when this returns. Raises MailFailed."""


@dataclass(frozen=True)
class ServerOffice:
    """The mail server that `MAIL_URL` names."""

    server: MailServer
    sender: Address

    @contextmanager
    def opened(self) -> Iterator[Counter]:
        conversation = Conversation(self.server)
        try:
            yield _ServerCounter(conversation, self.sender.addr_spec)
        finally:
            conversation.close()


@dataclass(frozen=True)
class _ServerCounter:
    conversation: Conversation
    sender: str

    def take(self, message: EmailMessage, *, to: str) -> None:
        self.conversation.send(message, sender=self.sender, to=to)


@dataclass(frozen=True)
class FolderOffice:
    """A folder into which mails are written, for people who develop or try out the tool."""

    folder: Path
    sender: Address

    @contextmanager
    def opened(self) -> Iterator[Counter]:
        yield self

    def take(self, message: EmailMessage, *, to: str) -> None:
        """One file a mail, there whole or not at all; a mail that comes again is the same file."""
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            descriptor, aside = tempfile.mkstemp(dir=self.folder, prefix=".mail-")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(message.as_bytes(policy=SMTPUTF8))
                os.replace(aside, self.folder / f"{message['Date'].datetime:%Y%m%d-%H%M%S}-{name}.eml")
            except BaseException:
                with suppress(FileNotFoundError):
                    os.unlink(aside)
                raise
        except OSError as problem:
            raise MailFailed(
                f"the folder for mail cannot be written to ({problem.strerror})", Fate.NOBODY_THERE
            ) from None


def init_app(app: Flask) -> None:
    url, said = app.config["MAIL_URL"], app.config["MAIL_FROM"]
    here = urlsplit(app.config["PUBLIC_URL"]).hostname
    sender = sender_of(said) or sender_of(f"Mentoring <mentoring@{here}>") or _NOBODY
    app.extensions["post_office"] = (
        ServerOffice(server_of(url), sender) if url else FolderOffice(Path(app.config["MAIL_FOLDER"]), sender)
    )


def post_office() -> ServerOffice | FolderOffice:
    found = current_app.extensions["post_office"]
    assert isinstance(found, ServerOffice | FolderOffice)
    return found
