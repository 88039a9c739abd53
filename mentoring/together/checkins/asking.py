"""A letter falls due, and somebody is asked by mail, as far as it still makes sense in that moment.

There is one letter at a time for each who is asked. A worker that was off for weeks asks once and not for each time
that was missed, and the next question comes a whole rhythm later.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.arrivals.sessions import hashed
from lti_tool.db import new_public_id, transaction
from lti_tool.mail import OutsideCarrier, OutsideMail, new_message_id, secret_for
from lti_tool.outbox import Done, Errand, Later, Outcome
from lti_tool.pages import language_among
from mentoring.mentorships.holding import hold
from mentoring.mentorships.models import Mentorship
from mentoring.names import in_sentence
from mentoring.together.checkins import telling
from mentoring.together.checkins.arranging import asked_as, post_next
from mentoring.together.checkins.models import AskedAs, CheckIn
from mentoring.together.checkins.naming import in_course
from mentoring.together.checkins.standing import Arrangement, arrangements_of

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
        arrangement = _arrangement(session, mentorship, errand)
        if arrangement is None:
            return Done()
        check_in = _asked(session, errand) or _ask(session, arrangement, due, at)
        if check_in is None or arrangement.obstacle or check_in.sent or check_in.answered or check_in.expires <= at:
            return Done()
        secret = secret_of(check_in.public_id)
        # Another one, if the installation's own secret was changed since it was first tried.
        check_in.secret = hashed(secret)
        return _mail(arrangement, check_in, secret)


def _due(errand: Errand) -> datetime:
    return datetime.fromisoformat(errand.body["due"])


def _arrangement(session: Session, mentorship: Mentorship, errand: Errand) -> Arrangement | None:
    """None where somebody else was to be asked and is not any more."""
    wanted = asked_as(errand.body)
    found = arrangements_of(session, mentorship, to_change=True)
    return next((each for each in found if each.asked_as is wanted), None)


def _asked(session: Session, errand: Errand) -> CheckIn | None:
    """What this letter has asked already, and perhaps could not bring."""
    return session.scalar(
        select(CheckIn)
        .where(
            CheckIn.mentorship_id == errand.body["mentorship"],
            CheckIn.asked_as == asked_as(errand.body),
            CheckIn.due == _due(errand),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _ask(session: Session, arrangement: Arrangement, due: datetime, at: datetime) -> CheckIn | None:
    """One more question, if this letter is the one that counts; the next letter is posted in any case."""
    consent, person, mentorship = arrangement.consent, arrangement.person, arrangement.mentorship
    if consent is None or consent.next_due != due or arrangement.weeks is None:
        return None
    if not mentorship.is_standing:
        consent.next_due = None
        return None
    post_next(session, consent, at + arrangement.length)
    if arrangement.obstacle or person is None:
        return None
    public_id = new_public_id()
    inside = person.manager_id or in_course(session, mentorship, person.mail)
    check_in = CheckIn(
        mentorship=mentorship,
        asked_as=arrangement.asked_as,
        due=due,
        public_id=public_id,
        secret=hashed(secret_of(public_id)),
        mail=arrangement.whom,
        name="" if inside else person.name,
        manager_id=inside,
        message_id=new_message_id(),
        asked=at,
        expires=at + min(arrangement.length, VALID),
        words="",
    )
    session.add(check_in)
    session.flush()
    return check_in


def secret_of(public_id: str) -> str:
    """What stands in its address."""
    return secret_for(f"check-in:{public_id}")


def _mail(arrangement: Arrangement, check_in: CheckIn, secret: str) -> OutsideMail:
    mentee, address = arrangement.mentorship.mentee, arrangement.address
    assert address is not None, "whoever is asked has an address"
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
            why=_why(arrangement, name),
            stop=_("No more of these mails, about anybody:"),
            stop_address=f"{page}/stop",
            message_id=check_in.message_id,
            written=check_in.asked,
        )


def _why(arrangement: Arrangement, name: str) -> str:
    assert arrangement.weeks is not None, "nobody is asked while it is switched off"
    if arrangement.asked_as is AskedAs.MANAGER:
        words = ngettext(
            "You are asked every week because %(name)s named you as their manager and agreed to it.",
            "You are asked every %(num)d weeks because %(name)s named you as their manager and agreed to it.",
            arrangement.weeks,
            name=name,
        )
    else:
        words = ngettext(
            "You are asked every week because %(name)s agreed to it. What you are to them, as it was written: %(who)s.",
            "You are asked every %(num)d weeks because %(name)s agreed to it. What you are to them, as it was written:"
            " %(who)s.",
            arrangement.weeks,
            name=name,
            who=arrangement.person.relation if arrangement.person else "",
        )
    return str(words)


def _sent(errand: Errand) -> None:
    """The mentee learns when somebody is first asked about them."""
    with transaction() as session:
        if (check_in := _asked(session, errand)) is not None:
            check_in.sent = at = clock.now()
            telling.first_asked(session, check_in, at=at)
