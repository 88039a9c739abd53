"""What the people of a circle are told: to whom, under which key, in which words; never anybody's private reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lti_tool import mail
from lti_tool.mail import Words
from lti_tool.models import Enrolment
from lti_tool.pages import local_time
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.naming import names_of
from mentoring.names import in_sentence
from mentoring.participants.models import Participant

MENTORSHIPS = "mentorships"
Say = Callable[[], Words]


def _tell(session: Session, to: Enrolment, say: Say, *, key: str, at: datetime) -> None:
    """The one door through which everything here leaves."""
    mail.tell(session, to, MENTORSHIPS, say, key=key, at=at)


def formed(session: Session, circle: Mentorship, *, at: datetime) -> None:
    def say(others: str) -> Words:
        subject = _("You are in a circle with %(names)s", names=others)
        return Words(subject, (_("Arrange your first meeting soon."),), _("Open"), _page(circle))

    _tell_others(session, circle, say, key=f"formed:{circle.public_id}", by=None, at=at)


def not_met(session: Session, circle: Mentorship, *, at: datetime) -> None:
    def say(others: str) -> Words:
        subject = _("Have you met %(name)s yet?", name=others)
        how = _("Say so on the page, and your circle begins; or arrange a first meeting.")
        return Words(subject, (how,), _("Open"), _page(circle))

    _tell_others(session, circle, say, key=f"not-met:{circle.public_id}", by=None, at=at)


def time_is_up(session: Session, circle: Mentorship, *, at: datetime) -> None:
    def say(others: str) -> Words:
        subject = _("Your time with %(name)s has come to its planned end", name=others)
        how = _("Meet once more, and complete it on the page. After two weeks it completes by itself.")
        return Words(subject, (how,), _("Open"), _page(circle))

    _tell_others(session, circle, say, key=f"time-is-up:{circle.public_id}", by=None, at=at)


def paused(session: Session, circle: Mentorship, *, by: Enrolment | None, at: datetime) -> None:
    def say(others: str) -> Words:
        until = local_time(circle.paused_until) if circle.paused_until else ""
        subject = _("Your circle with %(names)s is paused", names=others)
        return Words(subject, (_("It goes on by itself on %(when)s.", when=until),), _("Open"), _page(circle))

    _tell_others(session, circle, say, key=_key("paused", circle, at), by=by, at=at)


def resumed(session: Session, circle: Mentorship, *, by: Enrolment | None, at: datetime) -> None:
    def say(others: str) -> Words:
        subject = _("Your circle with %(names)s goes on", names=others)
        return Words(subject, (_("Arrange your next meeting."),), _("Open"), _page(circle))

    _tell_others(session, circle, say, key=_key("resumed", circle, at), by=by, at=at)


def completed(session: Session, circle: Mentorship, *, by: Enrolment | None, at: datetime) -> None:
    def say(others: str) -> Words:
        subject = _("Your circle with %(names)s is completed", names=others)
        how = _("Well done, all of you. Say thank you, look at what comes next, and keep your summary.")
        course, ours = circle.cohort.course.public_id, circle.public_id
        return Words(subject, (how,), _("Open"), url_for("closure.closing", course=course, mentorship_id=ours))

    _tell_others(session, circle, say, key=_key("completed", circle, at), by=by, at=at)


def ended(session: Session, circle: Mentorship, *, by: Enrolment | None, at: datetime) -> None:
    """Tell that it is over, not by whom and not why."""

    def say(others: str) -> Words:
        subject = _("Your circle with %(names)s has ended", names=others) if others else _("Your circle has ended")
        how = _("That happens and is nobody's fault. Your instructor knows.")
        return Words(subject, (how,), _("Open"), _home(circle))

    _tell_others(session, circle, say, key=_key("ended", circle, at), by=by, at=at)


def joined(session: Session, circle: Mentorship, new: Participant, *, at: datetime) -> None:
    """Tell whoever came whom they are with now, and the others who came."""
    for person in circle.people:

        def say(person: Participant = person) -> Words:
            others = _others(circle, person)
            subject = (
                _("You are in a circle with %(names)s", names=names_of(others))
                if person is new
                else _("%(name)s is in your circle now", name=in_sentence(new.name))
            )
            return Words(subject, (_("Arrange your next meeting."),), _("Open"), _page(circle))

        _tell(session, person.enrolment, say, key=_key(f"joined-{new.public_id}", circle, at), at=at)


def left(
    session: Session, circle: Mentorship, gone: Participant, *, by: Enrolment | None, at: datetime, others_go_on: bool
) -> None:
    """Tell the others that somebody is in it no longer, if they go on, and whoever did not leave by themselves; not
    why."""
    key = _key(f"left-{gone.public_id}", circle, at)

    def say() -> Words:
        subject = _("%(name)s is not in your circle any more", name=in_sentence(gone.name))
        how = _("That happens and is nobody's fault. The rest of you go on.")
        return Words(subject, (how,), _("Open"), _page(circle))

    def say_to_them() -> Words:
        how = _("Your instructor knows, and may find another one for you.")
        return Words(_("You are not in your circle any more"), (how,), _("Open"), _home(circle))

    for person in circle.people if others_go_on else ():
        _tell(session, person.enrolment, say, key=key, at=at)
    if gone.enrolment.is_active and (by is None or by.id != gone.enrolment_id):
        _tell(session, gone.enrolment, say_to_them, key=key, at=at)


def _tell_others(
    session: Session, circle: Mentorship, say: Callable[[str], Words], *, key: str, by: Enrolment | None, at: datetime
) -> None:
    """Tell everybody who belongs to it, except whoever did it, with the names of the others."""
    for person in circle.people:
        if by is None or person.enrolment_id != by.id:
            others = _others(circle, person)
            _tell(session, person.enrolment, lambda others=others: say(names_of(others)), key=key, at=at)  # type: ignore[misc]


def _others(circle: Mentorship, person: Participant) -> Sequence[Participant]:
    return [each for each in circle.people if each is not person]


def _key(word: str, circle: Mentorship, at: datetime) -> str:
    return f"{word}:{circle.public_id}:{at:%Y%m%d%H%M%S}"


def _page(circle: Mentorship) -> str:
    return url_for("mentorships.mentorship", course=circle.cohort.course.public_id, mentorship_id=circle.public_id)


def _home(circle: Mentorship) -> str:
    return url_for("courses.home", course=circle.cohort.course.public_id)
