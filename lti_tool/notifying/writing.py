"""A notice as a mail: plain and HTML, with the headers that let mail programs group, stop and not answer it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTPUTF8, Policy
from typing import Any

from flask import current_app, render_template
from flask_babel import get_locale
from flask_babel import gettext as _

from lti_tool import quirks
from lti_tool.models import Course
from lti_tool.notifying.kinds import kind_of
from lti_tool.notifying.models import PersonalNotice


class WholeLine(UnstructuredHeader, BaseHeader):
    """A header that is never folded: of an address too long for a line Python makes encoded words, which mail programs
    do not read there (RFC 2047, section 5)."""

    max_count = 1

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", WholeLine)
POLICY = SMTPUTF8.clone(header_factory=_HEADERS)


@dataclass(frozen=True)
class Mail:
    """What a mail says, in the reader's language."""

    subject: str
    paragraphs: Sequence[str]
    onward: str
    """Where to go on, in a sentence: a mail cannot lead into the tool, because only the course page opens it."""
    course_page: str
    """The address of the course page; empty where we know of none."""
    why: str
    stop: str
    """The words before the address that stops such mails."""
    stop_address: str

    @property
    def as_text(self) -> str:
        onward = f"{self.onward}\n{self.course_page}".rstrip()
        parts = [self.subject, *self.paragraphs, onward, f"-- \n{self.why}\n{self.stop}\n{self.stop_address}"]
        return "\n\n".join(parts) + "\n"


def write(notice: PersonalNotice, *, to: Address, sender: Address, stop_address: str) -> EmailMessage:
    """The mail of this notice, in the language that is spoken just now; the same whenever it is written, but for the
    address that stops it."""
    mail = _mail(notice, stop_address)
    message = empty(sender, to, stop_address)
    message["Subject"] = notice.subject
    message["Date"] = notice.created
    message["Message-ID"] = notice.message_id
    fill(message, mail.as_text, "mail/notice.html", mail=mail)
    return message


def empty(sender: Address, to: Address, stop_address: str) -> EmailMessage:
    """A mail that says nothing yet, with the headers that all of ours have."""
    message = EmailMessage(policy=POLICY)
    message["From"], message["To"] = sender, to
    # RFC 3834, section 5: nobody's absence notes are to come back.
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{stop_address}>"
    if current_app.config["IS_HTTPS"]:
        # RFC 8058, section 3.1, allows it beside an https address only.
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message


def fill(message: EmailMessage, text: str, template: str, **said: Any) -> None:
    """Plain and HTML, in short lines of plain letters, which every server between here and there passes on as they
    are."""
    message.set_content(text, cte="quoted-printable")
    html = render_template(template, direction=getattr(get_locale(), "text_direction", "ltr"), **said)
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = str(get_locale()).replace("_", "-")


def _mail(notice: PersonalNotice, stop_address: str) -> Mail:
    course = notice.enrolment.course
    return Mail(
        subject=notice.subject,
        paragraphs=notice.paragraphs,
        onward=_onward(notice.action),
        course_page=_page_of(course),
        why=_("You are told this because you take part in the course %(course)s.", course=course.title),
        stop=_("No more mails about this (%(kind)s):", kind=kind_of(notice.kind).label),
        stop_address=stop_address,
    )


def _onward(action: str) -> str:
    if action:
        return str(_("%(action)s: open Mentoring from your course page; it stands there under Notices.", action=action))
    return str(_("To see it in the tool, open Mentoring from your course page; it stands there under Notices."))


def _page_of(course: Course) -> str:
    platform = course.platform
    return quirks.course_page(
        platform.family, issuer=platform.issuer, context_id=course.context_id, roster_url=course.roster_url or ""
    )
