"""Somebody outside is asked by mail, once answers are collected, and reminded; as far as it still makes sense then."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from lti_tool import clock, outbox
from lti_tool.arrivals.sessions import hashed
from lti_tool.db import transaction
from lti_tool.mail import OutsideCarrier, OutsideMail, new_message_id
from lti_tool.names import in_sentence
from lti_tool.outbox import Done, Errand, Later, Outcome
from lti_tool.outgoing.mail_settings import mail_address
from lti_tool.pages import language_among, zone_of
from reviews.answering.outside import links
from reviews.answering.outside.links import Door
from reviews.campaigns.models import Assignment, Campaign, Target
from reviews.campaigns.phases import TO_ANSWER
from reviews.events import CampaignOpened
from reviews.wording import about

LANE = "review-outside"
ASK, ANEW, REMIND = "ask", "anew", "remind"


def carrier() -> OutsideCarrier:
    return OutsideCarrier(_prepare, _sent)


def ask(session: Session, assignments: Iterable[Assignment], *, at: datetime) -> None:
    """Post a letter for each of these who is outside and is asked now; asked twice they are mailed once."""
    for assignment in assignments:
        if assignment.mail is not None and assignment.invited is not None and assignment.state in TO_ANSWER:
            due = max(at, assignment.target.opens or assignment.target.campaign.opens or at)
            _post(session, assignment, ASK, at=at, due=due)


def send_anew(session: Session, assignment: Assignment, *, at: datetime) -> None:
    """A new address goes to the same mail; the one before is worth nothing. The assignment is held."""
    links.make(session, assignment, at=at)
    _post(session, assignment, ANEW, at=at, due=at)


def remind(session: Session, assignment: Assignment, *, at: datetime, due: datetime) -> None:
    _post(session, assignment, REMIND, at=at, due=due)


def hear_of_opening(session: Session, opened: CampaignOpened) -> None:
    """Everybody outside who was approved is asked."""
    session.flush()
    wanted = (
        select(Assignment)
        .join(Assignment.target)
        .join(Target.campaign)
        .where(Campaign.public_id == opened.campaign, Assignment.mail.is_not(None))
        .options(joinedload(Assignment.target).joinedload(Target.campaign))
        .order_by(Assignment.id)
    )
    ask(session, session.scalars(wanted).all(), at=opened.at)


def _post(session: Session, assignment: Assignment, what: str, *, at: datetime, due: datetime) -> None:
    body = {"assignment": assignment.id, "what": what, "message": new_message_id(), "written": at.isoformat()}
    outbox.post(session, LANE, body, due=due, key=f"{LANE}:{what}:{assignment.id}")


def _prepare(errand: Errand) -> OutsideMail | Outcome:
    at = clock.now()
    with transaction() as session:
        assignment = session.get(
            Assignment, errand.body["assignment"], with_for_update={"of": Assignment}, populate_existing=True
        )
        if assignment is None or assignment.mail is None:
            return Done()
        link = links.newest(session, assignment) or links.make(session, assignment, at=at)
        door = links.door_of(session, link, at=at)
        if door is Door.NOT_YET:
            opens = assignment.target.opens or assignment.target.campaign.opens
            assert opens is not None, "it opens at some time"
            return Later("not open yet", (opens - at).total_seconds() + 0.001)
        is_told = link.sent is not None and errand.body["what"] in (ASK, ANEW)
        address = mail_address(assignment.mail)
        if door is not Door.OPEN or is_told or address is None:
            return Done()
        # Another one, if the installation's own secret was changed since it was made.
        secret = links.secret_of(assignment, link.n)
        link.secret = hashed(secret)
        return _mail(assignment, errand, secret, address)


def _mail(assignment: Assignment, errand: Errand, secret: str, address: object) -> OutsideMail:
    target, campaign = assignment.target, assignment.target.campaign
    subject = target.enrolment
    language = language_among([subject.person.locale] if subject else [])
    page = f"{current_app.config['PUBLIC_URL']}/reviews/r/{secret}"
    with force_locale(language):
        name, course = about(target), in_sentence(campaign.course.title)
        if errand.body["what"] == REMIND:
            first = _("You were asked how you see %(name)s, and have not handed it in yet.", name=name)
        else:
            first = _("You are asked how you see %(name)s, in the course %(course)s.", name=name, course=course)
        return OutsideMail(
            to=address,  # type: ignore[arg-type]
            language=language,
            subject=_("How do you see %(name)s?", name=name),
            paragraphs=(
                first,
                _until(assignment),
                _(
                    "Before the first answer it says who will see what. You need no account; the link works in the"
                    " first browser in which you begin."
                ),
            ),
            action=_("Answer or decline"),
            address=page,
            why=_("You are mailed because you were named as somebody who knows their work."),
            stop=_("No more of these mails, about anybody:"),
            stop_address=f"{page}/stop",
            message_id=errand.body["message"],
            written=datetime.fromisoformat(errand.body["written"]),
        )


def _until(assignment: Assignment) -> str:
    until, subject = assignment.target.until, assignment.target.enrolment
    if until is None:
        return str(_("There is no hurry: it says on the page until when answers count."))
    there = until.astimezone(zone_of(subject.person if subject else None))
    return str(_("Answers count until %(day)s.", day=f"{there:%Y-%m-%d %H:%M} {there.tzname()}"))


def _sent(errand: Errand) -> None:
    with transaction() as session:
        assignment = session.get(Assignment, errand.body["assignment"])
        link = links.newest(session, assignment) if assignment else None
        if link is not None and link.sent is None:
            link.sent = clock.now()
