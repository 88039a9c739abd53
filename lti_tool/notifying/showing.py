"""What somebody was told, as their pages show it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import bindparam, func, select
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
    """The newest of what is new to me, and how much there is; in one statement."""
    newest = db.session.execute(_UNREAD, {"me": me.id}).all()
    if not newest:
        return None
    unread = newest[0].unread
    url = url_for("notices.index", course=me.course.public_id)
    sentence = ngettext("One notice is new to you.", "%(num)d notices are new to you.", unread)
    further = max(unread - ON_THE_CARD, 0)
    return Card(
        title=_("Notices"),
        template="notices/_card.html",
        context={
            "subjects": [each.subject for each in newest],
            "more": ngettext("And one more.", "And %(num)d more.", further) if further else "",
            "url": url,
        },
        urgency=Urgency.QUIET,
        next_step=NextStep(sentence=sentence, label=_("Read the notices"), url=url),
    )


# Put together once: home pages ask.
_UNREAD = (
    select(PersonalNotice.subject, func.count().over().label("unread"))
    .where(PersonalNotice.enrolment_id == bindparam("me"), PersonalNotice.read.is_(None))
    .order_by(PersonalNotice.created.desc(), PersonalNotice.id.desc())
    .limit(ON_THE_CARD)
)
