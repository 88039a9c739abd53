"""Who is told what of a concern: that something waits, and none of its words; nobody's name stands in a subject."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lti_tool import mail
from lti_tool.mail import Words
from lti_tool.models import Enrolment
from mentoring.mentorships.telling_people import MENTORSHIPS
from mentoring.names import in_sentence
from mentoring.together.concerns.models import Concern, ConcernMessage


def raised(session: Session, concern: Concern, *, at: datetime) -> None:
    def say() -> Words:
        how = _("Somebody has chosen you to look after it. Nobody else knows of it.")
        return Words(_("A concern waits for you"), (how,), _("Read it"), page_of(concern))

    _tell(session, concern, concern.owner, say, word="raised", at=at)


def said(session: Session, concern: Concern, message: ConcernMessage, *, at: datetime) -> None:
    """Tell the other of the two."""
    to = concern.raised_by if message.by_id == concern.owner_id else concern.owner

    def say() -> Words:
        is_answer = to.id == concern.raised_by_id
        subject = _("Your concern has been answered") if is_answer else _("There is more to read in a concern")
        return Words(subject, (), _("Read it"), page_of(concern))

    _tell(session, concern, to, say, word=f"said-{message.id}", at=at)


def looked_at(session: Session, concern: Concern, *, at: datetime) -> None:
    def say() -> Words:
        how = _("You are told as soon as there is an answer.")
        return Words(_("Your concern is being looked at"), (how,), _("Open"), page_of(concern))

    _tell(session, concern, concern.raised_by, say, word="looked-at", at=at)


def closed(session: Session, concern: Concern, *, by: Enrolment, at: datetime) -> None:
    to = concern.raised_by if by.id == concern.owner_id else concern.owner

    def say() -> Words:
        is_raiser = to.id == concern.raised_by_id
        how = _("If it is not settled for you, write again, and it is open again.") if is_raiser else ""
        return Words(_("A concern is closed"), (how,) if how else (), _("Open"), page_of(concern))

    _tell(session, concern, to, say, word=f"closed-{at:%Y%m%d%H%M%S}", at=at)


def handed_over(session: Session, concern: Concern, *, by: Enrolment, at: datetime) -> None:
    """Tell whoever looks after it now, and whoever raised it unless they did it themselves."""
    raised(session, concern, at=at)
    if by.id == concern.raised_by_id:
        return

    def say() -> Words:
        name = in_sentence(concern.owner.name)
        how = _("%(name)s looks after it from now on, and reads all of it.", name=name)
        return Words(_("Somebody else looks after your concern"), (how,), _("Open"), page_of(concern))

    _tell(session, concern, concern.raised_by, say, word="handed-over", at=at)


def orphaned(session: Session, concern: Concern, *, at: datetime) -> None:
    """Whoever looks after it cannot any more."""

    def say() -> Words:
        how = _("Whoever did cannot any more. Choose another instructor, who then reads all that stands there.")
        return Words(_("Nobody looks after your concern at present"), (how,), _("Choose somebody"), page_of(concern))

    _tell(session, concern, concern.raised_by, say, word="orphaned", at=at)


def _tell(
    session: Session, concern: Concern, to: Enrolment, say: Callable[[], Words], *, word: str, at: datetime
) -> None:
    key = f"concern:{concern.public_id}:{word}:{concern.owner_since:%Y%m%d%H%M%S}"
    mail.tell(session, to, MENTORSHIPS, say, key=key, at=at)


def page_of(concern: Concern) -> str:
    return url_for("concerns.concern", course=concern.raised_by.course.public_id, concern_id=concern.public_id)
