"""What `MAIL_URL` and `MAIL_FROM` say, and which texts are addresses that mail can go to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.errors import ObsoleteHeaderDefect
from email.headerregistry import Address, HeaderRegistry
from enum import StrEnum
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from lti_tool.outgoing import addresses

LONGEST_ADDRESS = 254
LOCAL_PART = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*")
USUAL_PORTS = {"smtps": 465, "smtp": 25}
WITH_USER = 587
"""Where users hand in mail (RFC 6409); 25 is for servers among themselves."""
_HEADERS = HeaderRegistry()
EXAMPLE = "must be an address such as smtp://user:password@mail.example.org or smtps://mail.example.org"


class Encryption(StrEnum):
    """How a conversation is kept private."""

    TLS = "TLS"
    STARTTLS = "STARTTLS"
    NONE = "none"


@dataclass(frozen=True)
class MailServer:
    """A server that takes mail."""

    host: str
    port: int
    encryption: Encryption
    user: str = ""
    password: str = ""

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"


def server_of(url: str) -> MailServer:
    """The server of a `MAIL_URL`: STARTTLS is insisted on, unless it is on this very machine or `?starttls=no` ends it.

    Raises ValueError, which says what is wrong without showing it: it may hold a password.
    """
    parts, port = _split(url)
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in USUAL_PORTS or not addresses.is_host(host) or parts.path.strip("/") or parts.fragment:
        raise ValueError(EXAMPLE)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise ValueError("must name a password with its user, or neither")
    is_here = host in addresses.LOCAL_HOSTS
    encryption = _encryption(parts.scheme, parts.query, is_here=is_here)
    if user and encryption is Encryption.NONE and not is_here:
        raise ValueError("must not send a password openly: leave out starttls=no, or the user and password")
    usual = WITH_USER if user and parts.scheme == "smtp" else USUAL_PORTS[parts.scheme]
    return MailServer(host, port or usual, encryption, user, password)


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        if url.split() != [url] or parts.port == 0:
            raise ValueError
        return parts, parts.port
    except ValueError:
        raise ValueError(EXAMPLE) from None


def _encryption(scheme: str, query: str, *, is_here: bool) -> Encryption:
    if query not in ("", "starttls=yes", "starttls=no"):
        raise ValueError("may end in ?starttls=yes or ?starttls=no, and in nothing else")
    if scheme == "smtps":
        if query:
            raise ValueError("must be smtps:// or have starttls, not both: smtps:// is private from the first word")
        return Encryption.TLS
    is_open = query == "starttls=no" or (not query and is_here)
    return Encryption.NONE if is_open else Encryption.STARTTLS


def mail_address(text: str) -> Address | None:
    """The one address in this text, fit for a header and for an SMTP command; None if it is none.

    A domain in other letters is written as the name system wants it.
    """
    local, _at, domain = text.strip().rpartition("@")
    is_fit = len(text) <= LONGEST_ADDRESS and len(local) <= 64 and "=?" not in local and LOCAL_PART.fullmatch(local)
    try:
        host = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    return Address(username=local, domain=host) if is_fit and addresses.is_host(host) else None


def sender_of(text: str) -> Address | None:
    """What a `MAIL_FROM` names: an address in ASCII, with a name before it or without; None if it is none."""
    if not text.isprintable() or "=?" in text:
        return None
    header: Any = _HEADERS("from", text)
    # A name such as *St. Mary* is out of date by the book, and means what it says.
    is_fit = len(header.addresses) == 1 and all(isinstance(each, ObsoleteHeaderDefect) for each in header.defects)
    said: Address | None = header.addresses[0] if is_fit else None
    if said is None or not said.addr_spec.isascii() or (found := mail_address(said.addr_spec)) is None:
        return None
    return Address(display_name=said.display_name, username=found.username, domain=found.domain)
