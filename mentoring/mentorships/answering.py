"""What can be said to an ask: yes, no, more please; and how it ends when nothing is said.

Everything here is handed a mentorship that is held together with its people (see `holding`), and raises Refusal where
something may not be done; the caller commits.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lti_tool import outbox
from lti_tool.models import Enrolment
from mentoring.events import (
    MentorshipDeclined,
    MentorshipExpired,
    MentorshipWithdrawn,
    MoreAnswered,
    MoreAsked,
)
from mentoring.mentorships import telling_people
from mentoring.mentorships.agreeing import announce_pairs, settle, take_place
from mentoring.mentorships.allowing import Act
from mentoring.mentorships.barring import Bars, usual_bars
from mentoring.mentorships.ledger import Ledger, Pair, taken_by
from mentoring.mentorships.models import Mentorship, Part
from mentoring.mentorships.passing_on import pass_on
from mentoring.mentorships.postcards import about
from mentoring.mentorships.refusing import Refusal, barred, require, sides
from mentoring.mentorships.silence import TOO_OFTEN, silences_in_a_row
from mentoring.mentorships.states import MentorshipState
from mentoring.mentorships.superseding import supersede_others
from mentoring.mentorships.winding import wind
from mentoring.pairing.rules import Rule, obstacle
from mentoring.participants.queries import is_here

PASSED_ON = "passed_on"


def accept(session: Session, asked: Mentorship, *, by: Enrolment, at: datetime, bars: Bars = usual_bars) -> None:
    """Say yes; with the last yes that is needed the two are a pair. The mentor's places are counted again."""
    require(asked, Act.ACCEPT, by)
    ledger = _counted(session, asked, at=at)
    _not_kept_apart(session, asked, at=at, bars=bars)
    if asked.waits_for is Part.MENTOR:
        asked.mentor_agreed = at
    else:
        asked.mentee_agreed = at
    missing = [part for part in sides(asked) if not _has_agreed(asked, part)]
    if missing:
        asked.remark(by=by, at=at, reason=f"{asked.waits_for}_agreed")
        _wait_for(session, asked, missing[0], at=at)
        telling_people.asked(session, asked, at=at)
        return
    asked.move(MentorshipState.ACCEPTED, by=by, at=at)
    if not asked.places:
        take_place(asked, ledger, at=at)
    settle(asked, at=at)
    session.flush()
    announce_pairs(session, [asked], by=by, at=at)


def _has_agreed(asked: Mentorship, part: Part) -> bool:
    return (asked.mentor_agreed if part is Part.MENTOR else asked.mentee_agreed) is not None


def _counted(session: Session, asked: Mentorship, *, at: datetime) -> Ledger:
    """The places as they are under lock, when this pair may be made now; raises Refusal if it may not."""
    mentee, mentor = asked.mentee, asked.mentor
    pair = Pair(mentee.enrolment, mentor.enrolment, asked.kind)
    ledger = _ledger(session, asked)
    rule = obstacle(ledger.without(asked).situation(pair))
    if rule is Rule.KIND_FILLED:
        # A place that another open ask of theirs holds is theirs to give: the first yes counts.
        supersede_others(session, asked, at=at)
        ledger = _ledger(session, asked)
        rule = obstacle(ledger.without(asked).situation(pair))
    if rule is not None:
        raise barred(rule, mentee.enrolment, mentor.enrolment)
    return ledger


def _not_kept_apart(session: Session, asked: Mentorship, *, at: datetime, bars: Bars) -> None:
    """What was said about the two since they were asked still holds; what they offer and seek is theirs to overlook."""
    rule = bars(session, asked.mentee, [asked.mentor], asked.kind.key, at).get(asked.mentor.id)
    if rule in (Rule.EXCLUDED, Rule.CONFLICT):
        raise barred(rule, asked.mentee.enrolment, asked.mentor.enrolment)


def _ledger(session: Session, asked: Mentorship) -> Ledger:
    people = (asked.mentee, asked.mentor)
    return Ledger({person.enrolment_id: person for person in people}, taken_by(session, people))


def ask_back(session: Session, asked: Mentorship, question: str, *, by: Enrolment, at: datetime) -> None:
    """The mentor would like to know more; the clock is the mentee's."""
    require(asked, Act.ASK_BACK, by)
    _in_time(asked, at)
    asked.question, asked.answer = question, ""
    asked.move(MentorshipState.INFO_ASKED, by=by, at=at)
    _wait_for(session, asked, Part.MENTEE, at=at)
    outbox.announce(session, MoreAsked(**about(asked, at)))
    telling_people.asked_back(session, asked, at=at)


def answer(session: Session, asked: Mentorship, words: str, *, by: Enrolment, at: datetime) -> None:
    """The mentee tells; the clock is the mentor's again."""
    require(asked, Act.ANSWER, by)
    _in_time(asked, at)
    asked.answer = words
    asked.move(MentorshipState.PROPOSED, by=by, at=at)
    _wait_for(session, asked, Part.MENTOR, at=at)
    outbox.announce(session, MoreAnswered(**about(asked, at)))
    telling_people.answered(session, asked, at=at)


def _in_time(asked: Mentorship, at: datetime) -> None:
    if asked.reply_by is not None and at > asked.reply_by:
        raise Refusal(_("The time for this is over. The two can still say yes or no until it is taken away."))


def _wait_for(session: Session, asked: Mentorship, part: Part, *, at: datetime) -> None:
    asked.wait_for(part, at=at)
    session.flush()
    wind(session, asked)


def decline(
    session: Session,
    asked: Mentorship,
    *,
    by: Enrolment,
    at: datetime,
    reason: str,
    note: str = "",
    bars: Bars = usual_bars,
) -> Mentorship | None:
    """Say no, with a reason that instructors alone read; what the next choice is asked instead, if there is one."""
    require(asked, Act.DECLINE, by)
    asked.move(MentorshipState.DECLINED, by=by, at=at, reason=reason, note=note)
    session.flush()
    outbox.announce(session, MentorshipDeclined(**about(asked, at), by=by.who))
    return _go_on(session, asked, at=at, bars=bars)


def withdraw(session: Session, asked: Mentorship, *, by: Enrolment, at: datetime) -> None:
    """Take it back: whoever asked may, and instructors."""
    require(asked, Act.WITHDRAW, by)
    _take_back(session, asked, by=by, at=at, reason="")
    for person in (asked.mentor, asked.mentee):
        if person.enrolment_id != by.id:
            telling_people.not_needed(session, asked, person, at=at)


def pass_on_now(
    session: Session, asked: Mentorship, *, by: Enrolment, at: datetime, bars: Bars = usual_bars
) -> Mentorship:
    """An instructor does not wait any longer; refused where the mentee has named nobody else who could."""
    require(asked, Act.PASS_ON, by)
    _take_back(session, asked, by=by, at=at, reason=PASSED_ON)
    passed_on = _go_on(session, asked, at=at, bars=bars)
    if passed_on is None:
        raise Refusal(
            _("There is nobody to pass this on to: the mentee has named nobody else who may and has a place.")
        )
    telling_people.not_needed(session, asked, asked.mentor, at=at)
    return passed_on


def _take_back(session: Session, asked: Mentorship, *, by: Enrolment, at: datetime, reason: str) -> None:
    asked.move(MentorshipState.WITHDRAWN, by=by, at=at, reason=reason)
    session.flush()
    outbox.announce(session, MentorshipWithdrawn(**about(asked, at), by=by.who))


def nudge(session: Session, asked: Mentorship, *, by: Enrolment | None, at: datetime) -> None:
    """Remind whoever's turn it is."""
    require(asked, Act.NUDGE, by)
    asked.nudged = at
    telling_people.reminded(session, asked, at=at)


def expire(session: Session, asked: Mentorship, *, at: datetime, bars: Bars = usual_bars) -> Mentorship | None:
    """Nobody answered in time: it is counted on the silent side, and goes on if that was the mentor."""
    silent = asked.waits_for or Part.MENTOR
    telling_people.missed(session, asked, at=at)
    asked.move(MentorshipState.EXPIRED, by=None, at=at, reason=f"{silent}_silent")
    session.flush()
    outbox.announce(session, MentorshipExpired(**about(asked, at), silent=silent.value))
    if silent is Part.MENTEE:
        telling_people.not_needed(session, asked, asked.mentor, at=at)
        return None
    if is_here(asked.mentor.enrolment) and silences_in_a_row(session, asked.mentor) >= TOO_OFTEN:
        telling_people.offered_a_break(session, asked.mentor, at=at)
    return _go_on(session, asked, at=at, bars=bars)


def _go_on(session: Session, asked: Mentorship, *, at: datetime, bars: Bars) -> Mentorship | None:
    passed_on = pass_on(session, asked, by=None, at=at, bars=bars)
    telling_people.came_to_nothing(session, asked, passed_on, at=at)
    return passed_on
