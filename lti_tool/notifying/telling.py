"""Telling somebody something: the notice is written, and its mail posted, in the transaction of what it tells of."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, has_request_context, url_for
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.db import create_or_find, new_public_id
from lti_tool.models import Enrolment
from lti_tool.notifying.kinds import kind_of
from lti_tool.notifying.models import LONGEST_ACTION, LONGEST_PATH, LONGEST_SUBJECT, PersonalNotice
from lti_tool.notifying.post_offices import post_office
from lti_tool.notifying.wishes import wish_of
from lti_tool.pages import read_by

LANE = "mail"
LONGEST_KEY = 128
LONGEST_PARAGRAPH = 2000


@dataclass(frozen=True)
class Words:
    """What somebody is told, in their language."""

    subject: str
    """One line."""
    paragraphs: tuple[str, ...] = ()
    action: str = ""
    """What can be done about it, in the words of a button."""
    path: str = ""
    """Where that is done: a path within the reader's course, made by `url_for` or, the same without a request under
    way, `path_to`."""


def tell(session: Session, to: Enrolment, kind: str, say: Callable[[], Words], *, key: str, at: datetime) -> None:
    """Write a notice in the reader's language, once for each key; by mail as well where they wish it.

    Nothing is told to preview students and to those who have left the course. The caller commits. Raises LookupError
    for a kind that nobody has registered, ValueError for a key too long or a path out of the reader's course.
    """
    known = kind_of(kind)
    if not 0 < len(key) <= LONGEST_KEY:
        raise ValueError(f"The key of a notice has 1 to {LONGEST_KEY} characters: {key!r}")
    if to.is_test or not to.is_active or _was_told(session, to, key):
        return
    words = _said(to, say)
    wish = wish_of(session, to, known)
    notice, is_new = create_or_find(
        session,
        PersonalNotice,
        {"enrolment_id": to.id, "key": key},
        kind=kind,
        subject=one_line(words.subject, LONGEST_SUBJECT),
        paragraphs=[one_line(each, LONGEST_PARAGRAPH) for each in words.paragraphs],
        action=one_line(words.action, LONGEST_ACTION),
        path=_path(words.path, to),
        message_id=new_message_id() if wish.is_mailed else None,
        created=at,
    )
    if is_new and wish.is_mailed:
        outbox.post(session, LANE, {"notice": notice.id}, due=wish.quiet_until(at) or at)


_TOLD = select(PersonalNotice.id).where(
    PersonalNotice.enrolment_id == bindparam("reader"), PersonalNotice.key == bindparam("key")
)


def _was_told(session: Session, to: Enrolment, key: str) -> bool:
    return session.scalar(_TOLD, {"reader": to.id, "key": key}) is not None


def _said(to: Enrolment, say: Callable[[], Words]) -> Words:
    with _addressable(), read_by(to):
        return say()


@contextmanager
def _addressable() -> Iterator[None]:
    """`url_for` works in here, also where no request is under way: what falls due by itself is told people as well."""
    if has_request_context():
        yield
        return
    with current_app.test_request_context(base_url=current_app.config["PUBLIC_URL"]):
        yield


def path_to(endpoint: str, **values: Any) -> str:
    """The path of a page of ours, whether or not a request is under way."""
    with _addressable():
        return url_for(endpoint, **values)


def _path(path: str, to: Enrolment) -> str:
    """Only a page of the reader's course: a notice leads nobody out of the tool."""
    course = f"/courses/{to.course.public_id}/"
    is_ours = path.startswith(course) and not set(urlsplit(path)[:2]) - {""} and path.isascii() and path.isprintable()
    if path and not (is_ours and len(path) <= LONGEST_PATH):
        raise ValueError(f"A notice to somebody of this course cannot lead to {path!r}")
    return path


def one_line(text: str, most: int) -> str:
    """The text without line breaks and other characters that steer, cut with an ellipsis where it is too long.

    It may become a header of a mail, so it must not look like an encoded word (RFC 2047) either: Python's own e-mail
    package decodes those when a header is set, line breaks in them included.
    """
    seen = "".join(" " if unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp") else each for each in text)
    line = " ".join(seen.split()).replace("=?", "= ?")
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def new_message_id() -> str:
    """Says nothing of anybody: random, and the domain that mail comes from (RFC 5322, section 3.6.4)."""
    return f"<{new_public_id()}@{post_office().sender.domain}>"
