"""The page on which people have fewer reminders, and a pair none for a while."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from lti_tool import clock
from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import local_day, render
from mentoring.mentorships.blueprint import ONE, back_to, held_as_mine
from mentoring.mentorships.models import Membership, Mentorship
from mentoring.mentorships.naming import names_of
from mentoring.participants.models import Participant
from mentoring.together.nudges import stopping
from mentoring.together.nudges.blueprint import MINE, bp
from mentoring.together.nudges.models import Nudge, NudgeRest
from mentoring.together.nudges.planning import stops_of
from mentoring.together.nudges.reading import UNDER_WAY
from mentoring.together.nudges.rules import Rule, all_rules, rule_of

LATELY = timedelta(days=14)
MOST = 6


@bp.get(MINE)
@open_to(*MEMBERS)
def mine(me: Enrolment) -> ResponseReturnValue:
    at = clock.now()
    rules = {rule.key: rule for rule in all_rules()}
    stopped = {rule for _person, rule in stops_of(db.session, [me.person_id])}
    return render(
        "nudges/mine.html",
        me=me,
        rules=[(rule, rule.key in stopped) for rule in rules.values()],
        labels={key: rule.label for key, rule in rules.items()},
        lately=_lately(db.session, me, at),
        mentorships=_mentorships(db.session, me, at),
        others=lambda mentorship: names_of(each for each in mentorship.people if each.enrolment_id != me.id),
    )


def _lately(session: Session, me: Enrolment, at: datetime) -> Sequence[Nudge]:
    """Of what I was reminded in this course, the newest first; not of what I am no longer in."""
    return session.scalars(
        select(Nudge)
        .join(Nudge.participant)
        .join(Nudge.mentorship)
        .where(
            Participant.enrolment_id == me.id,
            Nudge.sent > at - LATELY,
            Mentorship.state.in_(UNDER_WAY),
            _is_mine(me),
        )
        .options(contains_eager(Nudge.mentorship).selectinload(Mentorship.members).joinedload(Membership.participant))
        .order_by(Nudge.sent.desc(), Nudge.id)
        .limit(MOST)
    ).all()


def _mentorships(session: Session, me: Enrolment, at: datetime) -> list[tuple[Mentorship, datetime | None]]:
    """Mine that are under way, each with until when nobody in it is reminded."""
    rows = session.execute(
        select(Mentorship, NudgeRest.until)
        .outerjoin(NudgeRest, and_(NudgeRest.mentorship_id == Mentorship.id, NudgeRest.until > at))
        .where(Mentorship.state.in_(UNDER_WAY), _is_mine(me))
        .options(selectinload(Mentorship.members).joinedload(Membership.participant, innerjoin=True))
        .order_by(Mentorship.id)
    )
    return [(mentorship, until) for mentorship, until in rows]


def _is_mine(me: Enrolment) -> ColumnElement[bool]:
    mine = (
        select(Membership.id)
        .join(Membership.participant)
        .where(
            Membership.mentorship_id == Mentorship.id,
            Participant.enrolment_id == me.id,
            Membership.until.is_(None),
        )
    )
    return mine.exists()


@bp.post(f"{MINE}/<rule>/stop")
@open_to(*MEMBERS)
def stop(me: Enrolment, rule: str) -> ResponseReturnValue:
    known = _known(rule)
    stopping.stop(db.session, me.person, known.key, at=clock.now())
    db.session.commit()
    flash(_("Stopped: you are not reminded of this any more. You can have it back here."), "success")
    return redirect(url_for(".mine", course=me.course.public_id))


@bp.post(f"{MINE}/<rule>/start")
@open_to(*MEMBERS)
def start(me: Enrolment, rule: str) -> ResponseReturnValue:
    known = _known(rule)
    stopping.start(db.session, me.person, known.key)
    db.session.commit()
    flash(_("You are reminded of this again."), "success")
    return redirect(url_for(".mine", course=me.course.public_id))


def _known(key: str) -> Rule:
    return rule_of(key) or abort(404)


@bp.post(f"{ONE}/reminders/rest")
@open_to(*MEMBERS)
def rest(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    look = held_as_mine(me, mentorship_id)
    until = stopping.rest(db.session, look.mentorship, at=look.at)
    db.session.commit()
    flash(_("Not now, then: none of you is reminded until %(day)s.", day=local_day(until)), "success")
    return back_to(look.mentorship)


@bp.post(f"{ONE}/reminders/wake")
@open_to(*MEMBERS)
def wake(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    look = held_as_mine(me, mentorship_id)
    stopping.wake(db.session, look.mentorship)
    db.session.commit()
    flash(_("You are reminded again, when something waits."), "success")
    return back_to(look.mentorship)
