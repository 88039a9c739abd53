"""What somebody was told, as their pages show it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.notifying.models import PersonalNotice
from lti_tool.panels import Card, NextStep, Urgency

ON_THE_CARD = 3


def page_of(session: Session, me: Enrolment, *, first: int, most: int) -> Sequence[PersonalNotice]:
    """My notices, newest first."""
    mine = select(PersonalNotice).where(PersonalNotice.enrolment_id == me.id)
    newest_first = mine.order_by(PersonalNotice.created.desc(), PersonalNotice.id.desc())
    return session.scalars(newest_first.offset(first).limit(most)).all()


def count(session: Session, me: Enrolment) -> tuple[int, int]:
    """How many notices I have, and how many of them are unread."""
    counted = select(func.count(), func.count().filter(PersonalNotice.read.is_(None)))
    found, unread = session.execute(counted.where(PersonalNotice.enrolment_id == me.id)).one()
    return found, unread


def unread_card(me: Enrolment) -> Card | None:
    """The newest of what is new to me, and how much there is."""
    _found, unread = count(db.session, me)
    if not unread:
        return None
    url = url_for("notices.index", course=me.course.public_id)
    sentence = ngettext("One notice is new to you.", "%(num)d notices are new to you.", unread)
    further = max(unread - ON_THE_CARD, 0)
    return Card(
        title=_("Notices"),
        template="notices/_card.html",
        context={
            "subjects": _newest_unread(db.session, me),
            "more": ngettext("And one more.", "And %(num)d more.", further) if further else "",
            "url": url,
        },
        urgency=Urgency.QUIET,
        next_step=NextStep(sentence=sentence, label=_("Read the notices"), url=url),
    )


def _newest_unread(session: Session, me: Enrolment) -> Sequence[str]:
    unread = select(PersonalNotice.subject).where(PersonalNotice.enrolment_id == me.id, PersonalNotice.read.is_(None))
    newest_first = unread.order_by(PersonalNotice.created.desc(), PersonalNotice.id.desc())
    return session.scalars(newest_first.limit(ON_THE_CARD)).all()
