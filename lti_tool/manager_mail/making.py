"""The mail of a learner's report to their manager: one for each occasion, however often it has to go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from flask import current_app
from flask_babel import get_locale
from sqlalchemy.orm import Session

from lti_tool.arrivals.sessions import hashed
from lti_tool.db import create_or_find, new_public_id
from lti_tool.mail import OutsideMail, new_message_id, secret_for
from lti_tool.manager_mail.models import MadeReport
from lti_tool.manager_mail.standing import ReportToManager

Report = TypeVar("Report", bound=MadeReport)


@dataclass(frozen=True, kw_only=True)
class ToManager:
    """What a manager reads of one learner."""

    subject: str
    paragraphs: Sequence[str]
    why: str
    stop: str
    """What the address at the end stops."""


def made_for(
    session: Session, kind: type[Report], key: Mapping[str, object], place: str, *, at: datetime, **said: Any
) -> Report:
    """What this letter has made already and perhaps could not bring, or made now; `said` is what holds now.

    `place` is where its stop address stands: `/<place>/<secret>/stop`.
    """
    public_id = new_public_id()
    secret = hashed(_secret_of(place, public_id))
    report, is_new = create_or_find(
        session, kind, key, public_id=public_id, secret=secret, message_id=new_message_id(), made=at, **said
    )
    if not is_new and not report.sent:
        # What holds now goes; and another secret, if the installation's own was changed since it was first tried.
        for name, value in said.items():
            setattr(report, name, value)
        report.secret = hashed(_secret_of(place, report.public_id))
    return report


def mail_of(about: ReportToManager, words: ToManager, report: MadeReport, place: str) -> OutsideMail:
    """In the language that is spoken just now, which is its reader's."""
    address = about.address
    assert address is not None, "whoever is mailed has an address"
    return OutsideMail(
        to=address,
        language=str(get_locale()),
        subject=words.subject,
        paragraphs=words.paragraphs,
        why=words.why,
        stop=words.stop,
        stop_address=f"{current_app.config['PUBLIC_URL']}/{place}/{_secret_of(place, report.public_id)}/stop",
        message_id=report.message_id,
        written=report.made,
    )


def _secret_of(place: str, public_id: str) -> str:
    return secret_for(f"{place}:{public_id}")
