"""What people are told about their mentorships: to whom, under which key, in which words.

Everything goes through `_tell`. Private reasons, notes and cases are in none of the words.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lti_tool import mail
from lti_tool.mail import Words
from lti_tool.models import Enrolment
from lti_tool.pages import local_time
from mentoring.mentorships.circles import telling as circles
from mentoring.mentorships.models import Mentorship, Origin, Part
from mentoring.names import in_sentence
from mentoring.participants.models import Participant

PROPOSALS, REQUESTS, MENTORSHIPS = "proposals", "requests", "mentorships"
"""The kinds of what is told, by which people choose what reaches them by mail."""


Say = Callable[[], Words]


def _tell(session: Session, to: Enrolment, kind: str, say: Say, *, key: str, at: datetime) -> None:
    """The one door through which everything here leaves."""
    mail.tell(session, to, kind, say, key=key, at=at)


def asked(session: Session, mentorship: Mentorship, *, at: datetime) -> None:
    """Tell whoever's turn it is that an answer is waited for, and until when."""
    to, other = _turn(mentorship)

    def say() -> Words:
        until = local_time(mentorship.reply_by) if mentorship.reply_by else ""
        name = in_sentence(other.name)
        if mentorship.origin is Origin.REQUEST:
            subject = _("%(name)s asks whether you would mentor them", name=name)
        elif mentorship.waits_for is Part.MENTEE:
            subject = _("Would you like %(name)s as your mentor?", name=name)
        else:
            subject = _("Would you mentor %(name)s?", name=name)
        return Words(subject, (_("Please answer by %(when)s.", when=until),), _("Answer"), _page(mentorship))

    _tell(session, to, _kind(mentorship), say, key=_key("asked", mentorship, mentorship.asked), at=at)


def reminded(session: Session, mentorship: Mentorship, *, at: datetime) -> None:
    """Tell whoever's turn it is that somebody waits for them."""
    to, other = _turn(mentorship)

    def say() -> Words:
        until = local_time(mentorship.reply_by) if mentorship.reply_by else ""
        return Words(
            _("%(name)s still waits for your answer", name=in_sentence(other.name)),
            (_("It is due by %(when)s. A no is an answer, too.", when=until),),
            _("Answer"),
            _page(mentorship),
        )

    _tell(session, to, _kind(mentorship), say, key=_key("reminded", mentorship, at), at=at)


def asked_back(session: Session, mentorship: Mentorship, *, at: datetime) -> None:
    def say() -> Words:
        until = local_time(mentorship.reply_by) if mentorship.reply_by else ""
        return Words(
            _("%(name)s would like to know more before they answer", name=in_sentence(mentorship.mentor.name)),
            (_("Please answer by %(when)s.", when=until),),
            _("Answer"),
            _page(mentorship),
        )

    to = mentorship.mentee.enrolment
    _tell(session, to, _kind(mentorship), say, key=_key("asked-back", mentorship, at), at=at)


def answered(session: Session, mentorship: Mentorship, *, at: datetime) -> None:
    def say() -> Words:
        until = local_time(mentorship.reply_by) if mentorship.reply_by else ""
        return Words(
            _("%(name)s has answered your question", name=in_sentence(mentorship.mentee.name)),
            (_("Would you mentor them? Please answer by %(when)s.", when=until),),
            _("Read the answer"),
            _page(mentorship),
        )

    to = mentorship.mentor.enrolment
    _tell(session, to, _kind(mentorship), say, key=_key("answered", mentorship, at), at=at)


def paired(session: Session, mentorship: Mentorship, *, at: datetime) -> None:
    """Tell both that they are a pair."""
    for to, other in _both(mentorship):

        def say(to: Participant = to, other: Participant = other) -> Words:
            name = in_sentence(other.name)
            is_mentee = to.id == mentorship.mentee.id
            subject = _("%(name)s is your mentor now", name=name) if is_mentee else _("You mentor %(name)s", name=name)
            return Words(subject, (_("Arrange your first meeting soon."),), _("Open"), _page(mentorship))

        _tell(session, to.enrolment, _kind(mentorship), say, key=_key("paired", mentorship), at=at)


def came_to_nothing(session: Session, mentorship: Mentorship, passed_on: Mentorship | None, *, at: datetime) -> None:
    """Tell the mentee that an ask was declined or not answered, without a reason, and what comes next."""

    def say() -> Words:
        subject = _("%(name)s cannot mentor you at present", name=in_sentence(mentorship.mentor.name))
        if passed_on is None:
            home = url_for("courses.home", course=mentorship.cohort.course.public_id)
            return Words(
                subject,
                (_("Nobody else of your wishes could be asked. Your instructor sees this."),),
                _("See what is next"),
                home,
            )
        until = local_time(passed_on.reply_by) if passed_on.reply_by else ""
        name = in_sentence(passed_on.mentor.name)
        next_ = _("%(name)s was asked next, and is to answer by %(when)s.", name=name, when=until)
        return Words(subject, (next_,), _("See who was asked"), _page(passed_on))

    to = mentorship.mentee.enrolment
    _tell(session, to, _kind(mentorship), say, key=_key("nothing", mentorship), at=at)


def not_needed(session: Session, mentorship: Mentorship, to: Participant, *, at: datetime) -> None:
    """Tell somebody who waited, or was waited for, that an ask has settled itself."""

    def say() -> Words:
        other = mentorship.mentee if to.id == mentorship.mentor.id else mentorship.mentor
        subject = _("Nothing is left to answer about %(name)s", name=in_sentence(other.name))
        home = url_for("courses.home", course=mentorship.cohort.course.public_id)
        return Words(subject, (_("Somebody else was found, the ask was taken back, or they left."),), _("Open"), home)

    _tell(session, to.enrolment, _kind(mentorship), say, key=_key("not-needed", mentorship), at=at)


def missed(session: Session, mentorship: Mentorship, *, at: datetime) -> None:
    """Tell the silent side that the time is over."""
    to, other = _turn(mentorship)

    def say() -> Words:
        subject = _("The time to answer %(name)s is over", name=in_sentence(other.name))
        return Words(subject, (_("Nothing is left to do. Next time, a quick no helps as much as a yes."),))

    _tell(session, to, _kind(mentorship), say, key=_key("missed", mentorship), at=at)


def offered_a_break(session: Session, mentor: Participant, *, at: datetime) -> None:
    """Tell a mentor who let several asks go by that they may pause being asked."""

    def say() -> Words:
        return Words(
            _("Would you like a break from being asked?"),
            (_("The last questions to you were not answered in time. You can pause, and come back with one click."),),
            _("Open"),
            url_for("courses.home", course=mentor.cohort.course.public_id),
        )

    _tell(session, mentor.enrolment, REQUESTS, say, key=f"break:{mentor.public_id}:{at:%Y%m%d}", at=at)


def not_met(session: Session, mentorship: Mentorship, *, at: datetime) -> None:
    """Remind both that they have not said that they have met."""
    if mentorship.is_circle:
        circles.not_met(session, mentorship, at=at)
        return
    for to, other in _both(mentorship):

        def say(other: Participant = other) -> Words:
            return Words(
                _("Have you met %(name)s yet?", name=in_sentence(other.name)),
                (_("Say so on the page, and your mentorship begins; or arrange a first meeting."),),
                _("Open"),
                _page(mentorship),
            )

        _tell(session, to.enrolment, MENTORSHIPS, say, key=_key("not-met", mentorship), at=at)


def time_is_up(session: Session, mentorship: Mentorship, *, at: datetime) -> None:
    """Tell both that the planned end has come."""
    if mentorship.is_circle:
        circles.time_is_up(session, mentorship, at=at)
        return
    for to, other in _both(mentorship):

        def say(other: Participant = other) -> Words:
            return Words(
                _("Your time with %(name)s has come to its planned end", name=in_sentence(other.name)),
                (_("Meet once more, and complete it on the page. After two weeks it completes by itself."),),
                _("Open"),
                _page(mentorship),
            )

        _tell(session, to.enrolment, MENTORSHIPS, say, key=_key("time-is-up", mentorship), at=at)


def paused(session: Session, mentorship: Mentorship, *, by: Enrolment | None, at: datetime) -> None:
    if mentorship.is_circle:
        circles.paused(session, mentorship, by=by, at=at)
        return

    def say(other: Participant) -> Words:
        until = local_time(mentorship.paused_until) if mentorship.paused_until else ""
        subject = _("Your mentorship with %(name)s is paused", name=in_sentence(other.name))
        return Words(subject, (_("It goes on by itself on %(when)s.", when=until),), _("Open"), _page(mentorship))

    _tell_others(session, mentorship, say, word="paused", by=by, at=at)


def resumed(session: Session, mentorship: Mentorship, *, by: Enrolment | None, at: datetime) -> None:
    if mentorship.is_circle:
        circles.resumed(session, mentorship, by=by, at=at)
        return

    def say(other: Participant) -> Words:
        subject = _("Your mentorship with %(name)s goes on", name=in_sentence(other.name))
        return Words(subject, (_("Arrange your next meeting."),), _("Open"), _page(mentorship))

    _tell_others(session, mentorship, say, word="resumed", by=by, at=at)


def substituted(session: Session, mentorship: Mentorship, was: Participant, *, at: datetime) -> None:
    """Tell the mentee, the substitute, and whoever mentored so far."""
    for to, other in _both(mentorship):

        def say(to: Participant = to, other: Participant = other) -> Words:
            name = in_sentence(other.name)
            is_mentee = to.id == mentorship.mentee.id
            subject = (
                _("%(name)s is your mentor from now on", name=name)
                if is_mentee
                else _("You mentor %(name)s from now on, in somebody's place", name=name)
            )
            how = _("You decide on its page what they may read of what was before.")
            return Words(subject, (how,) if is_mentee else (), _("Open"), _page(mentorship))

        _tell(session, to.enrolment, MENTORSHIPS, say, key=_key("substituted", mentorship, at), at=at)

    def say_to_former() -> Words:
        name = in_sentence(mentorship.mentee.name)
        return Words(_("Somebody else mentors %(name)s from now on", name=name), (_("Thank you for what you did."),))

    key = _key("substituted", mentorship, at)
    _tell(session, was.enrolment, MENTORSHIPS, say_to_former, key=key, at=at)


def completed(session: Session, mentorship: Mentorship, *, by: Enrolment | None, at: datetime) -> None:
    if mentorship.is_circle:
        circles.completed(session, mentorship, by=by, at=at)
        return

    def say(other: Participant) -> Words:
        subject = _("Your mentorship with %(name)s is completed", name=in_sentence(other.name))
        how = _("Well done, both of you. Say thank you, look at what comes next, and keep your summary.")
        course, ours = mentorship.cohort.course.public_id, mentorship.public_id
        return Words(subject, (how,), _("Open"), url_for("closure.closing", course=course, mentorship_id=ours))

    _tell_others(session, mentorship, say, word="completed", by=by, at=at)


def ended(session: Session, mentorship: Mentorship, *, by: Enrolment | None, at: datetime) -> None:
    """Tell that it is over, not by whom and not why."""
    if mentorship.is_circle:
        circles.ended(session, mentorship, by=by, at=at)
        return

    def say(other: Participant) -> Words:
        home = url_for("courses.home", course=mentorship.cohort.course.public_id)
        subject = _("Your mentorship with %(name)s has ended", name=in_sentence(other.name))
        return Words(subject, (_("That happens and is nobody's fault. Your instructor knows."),), _("Open"), home)

    _tell_others(session, mentorship, say, word="ended", by=by, at=at)


def _tell_others(
    session: Session,
    mentorship: Mentorship,
    say: Callable[[Participant], Words],
    *,
    word: str,
    by: Enrolment | None,
    at: datetime,
) -> None:
    """Tell each of the two, except whoever did it."""
    for to, other in _both(mentorship):
        if by is None or to.enrolment_id != by.id:
            key = _key(word, mentorship, at)
            _tell(session, to.enrolment, MENTORSHIPS, lambda other=other: say(other), key=key, at=at)  # type: ignore[misc]


def _both(mentorship: Mentorship) -> list[tuple[Participant, Participant]]:
    """Each of the two with the other."""
    mentor, mentee = mentorship.mentor, mentorship.mentee
    return [(mentor, mentee), (mentee, mentor)]


def _turn(mentorship: Mentorship) -> tuple[Enrolment, Participant]:
    """Whose turn it is, and who the other one is."""
    if mentorship.waits_for is Part.MENTEE:
        return mentorship.mentee.enrolment, mentorship.mentor
    return mentorship.mentor.enrolment, mentorship.mentee


def _kind(mentorship: Mentorship) -> str:
    return REQUESTS if mentorship.origin is Origin.REQUEST else PROPOSALS


def _key(word: str, mentorship: Mentorship, at: datetime | None = None) -> str:
    return f"{word}:{mentorship.public_id}" + (f":{at:%Y%m%d%H%M%S}" if at else "")


def _page(mentorship: Mentorship) -> str:
    return url_for(
        "mentorships.mentorship", course=mentorship.cohort.course.public_id, mentorship_id=mentorship.public_id
    )
