"""A letter falls due, and a manager is asked by mail, as far as it still makes sense in that moment.

A mentorship has one letter at a time. A worker that was off for weeks asks once and not for each time that was missed,
and the next question comes a whole rhythm later.
"""

from __future__ import annotations

import base64
import hmac
from datetime import datetime, timedelta
from hashlib import sha256

from flask import current_app
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.arrivals.sessions import hashed
from lti_tool.db import new_public_id, transaction
from lti_tool.mail import OutsideCarrier, OutsideMail, new_message_id
from lti_tool.outbox import Done, Errand, Later, Outcome
from lti_tool.pages import language_among
from mentoring.mentorships.holding import hold
from mentoring.names import in_sentence
from mentoring.together.checkins.arranging import post_next
from mentoring.together.checkins.models import CheckIn
from mentoring.together.checkins.standing import Arrangement, arrangement_of

VALID = timedelta(days=21)
"""How long an address can be answered at, if the next question does not come before."""


def carrier() -> OutsideCarrier:
    return OutsideCarrier(_prepare, _sent)


def _prepare(errand: Errand) -> OutsideMail | Outcome:
    at, due = clock.now(), _due(errand)
    if due > at:
        return Later("not yet", (due - at).total_seconds() + 0.001)
    with transaction() as session:
        mentorship = hold(session, errand.body["mentorship"])
        if mentorship is None or mentorship.is_circle:
            return Done()
        arrangement = arrangement_of(session, mentorship, to_change=True)
        check_in = _asked(session, errand) or _ask(session, arrangement, due, at)
        if check_in is None or arrangement.obstacle or check_in.sent or check_in.answered or check_in.expires <= at:
            return Done()
        secret = secret_of(check_in.public_id)
        # Another one, if the installation's own secret was changed since it was first tried.
        check_in.secret = hashed(secret)
        return _mail(arrangement, check_in, secret)


def _due(errand: Errand) -> datetime:
    return datetime.fromisoformat(errand.body["due"])


def _asked(session: Session, errand: Errand) -> CheckIn | None:
    """What this letter has asked already, and perhaps could not bring."""
    return session.scalar(
        select(CheckIn)
        .where(CheckIn.mentorship_id == errand.body["mentorship"], CheckIn.due == _due(errand))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _ask(session: Session, arrangement: Arrangement, due: datetime, at: datetime) -> CheckIn | None:
    """One more question, if this letter is the one that counts; the next letter is posted in any case."""
    consent, rhythm, manager = arrangement.consent, arrangement.rhythm, arrangement.manager
    if consent is None or consent.next_due != due or rhythm is None:
        return None
    if not arrangement.mentorship.is_standing:
        consent.next_due = None
        return None
    post_next(session, consent, at + rhythm.length)
    if arrangement.obstacle or manager is None:
        return None
    public_id = new_public_id()
    check_in = CheckIn(
        mentorship=arrangement.mentorship,
        due=due,
        public_id=public_id,
        secret=hashed(secret_of(public_id)),
        mail=arrangement.whom,
        name="" if manager.manager_enrolment else manager.name,
        manager_id=manager.manager_enrolment_id,
        message_id=new_message_id(),
        asked=at,
        expires=at + min(rhythm.length, VALID),
        words="",
    )
    session.add(check_in)
    session.flush()
    return check_in


def secret_of(public_id: str) -> str:
    """What stands in its address: the same however often the mail has to go, and nowhere kept."""
    key = current_app.config["SECRET_KEY"].encode()
    digest = hmac.new(key, f"check-in:{public_id}".encode(), sha256).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()


def _mail(arrangement: Arrangement, check_in: CheckIn, secret: str) -> OutsideMail:
    mentee, address, rhythm = arrangement.mentorship.mentee, arrangement.address, arrangement.rhythm
    assert address is not None, "whoever is asked has an address"
    assert rhythm is not None
    language = language_among([mentee.enrolment.person.locale])
    course = mentee.cohort.course.title
    page = f"{current_app.config['PUBLIC_URL']}/check-in/{secret}"
    with force_locale(language):
        name = in_sentence(mentee.name)
        return OutsideMail(
            to=address,
            language=language,
            subject=_("What change do you see in %(name)s?", name=name),
            paragraphs=(
                _("%(name)s takes part in mentoring in the course %(course)s.", name=name, course=course),
                _("One question, one click, and a few words if you like. Before you answer you see who reads it."),
            ),
            action=_("Answer"),
            address=page,
            why=ngettext(
                "You are asked every week because %(name)s named you as their manager and agreed to it.",
                "You are asked every %(num)d weeks because %(name)s named you as their manager and agreed to it.",
                rhythm.weeks,
                name=name,
            ),
            stop=_("No more of these mails, about anybody:"),
            stop_address=f"{page}/stop",
            message_id=check_in.message_id,
            written=check_in.asked,
        )


def _sent(errand: Errand) -> None:
    with transaction() as session:
        if (check_in := _asked(session, errand)) is not None:
            check_in.sent = clock.now()
