"""What the pages of mentorships share: their blueprint, what a visitor may open, and a refusal as an answer."""

from __future__ import annotations

from collections.abc import Collection

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool import clock
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.panels import Card
from mentoring.mentorships.allowing import Act
from mentoring.mentorships.holding import hold
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.queries import once_seen_by, seen_by
from mentoring.mentorships.refusing import Refusal, part_of, require, why_not
from mentoring.mentorships.sections import Look, sections_for

bp = Blueprint("mentorships", __name__, template_folder="templates")

ALL = "/courses/<course>/mentoring/mentorships"
ONE = f"{ALL}/<mentorship_id>"


def shown(me: Enrolment, public_id: str) -> Mentorship:
    """A mentorship I may see, or a 404: nobody learns of other people's, and members not of those that are over."""
    return db.session.scalar(seen_by(me).where(Mentorship.public_id == public_id)) or abort(404)


def once_shown(me: Enrolment, public_id: str) -> Mentorship:
    """As `shown`, and also one that is over, for whoever belonged to it to the last: what was between them stays."""
    return db.session.scalar(once_seen_by(me).where(Mentorship.public_id == public_id)) or abort(404)


def mine(me: Enrolment, public_id: str) -> Look:
    """A mentorship I am one of the people of, or a 404: what is between them is not for instructors to read."""
    look = look_at(me, shown(me, public_id))
    return look if look.mine is not None else abort(404)


def look_at(me: Enrolment, mentorship: Mentorship) -> Look:
    part = part_of(mentorship, me)
    return Look(session=db.session, me=me, mentorship=mentorship, part=part, at=clock.now())


def sections_of(me: Enrolment, mentorship: Mentorship) -> list[tuple[str, Card]]:
    """What stands on its page for me: nothing of it before it has been agreed to."""
    return sections_for(look_at(me, mentorship)) if not mentorship.is_open else []


def held(me: Enrolment, public_id: str, act: Act, *, also: Collection[Enrolment] = ()) -> Mentorship:
    """A mentorship I may do this to now, held with its people; a 404 for strangers, a Refusal where it is too late."""
    mentorship = held_to_look(me, public_id, also=also)
    require(mentorship, act, me)
    return mentorship


def held_to_look(me: Enrolment, public_id: str, *, also: Collection[Enrolment] = ()) -> Mentorship:
    """A mentorship I may do something to, or could before it was over, held with its people; a 404 for strangers."""
    mine = once_seen_by(me).where(Mentorship.public_id == public_id).with_only_columns(Mentorship.id)
    found = db.session.scalar(mine)
    mentorship = hold(db.session, found, also=also) if found is not None else None
    return mentorship or abort(404)


def held_as_mine(me: Enrolment, public_id: str) -> Look:
    """As `mine`, held with its people to be changed; a Refusal where it does not stand, or no longer."""
    look = look_at(me, held_to_look(me, public_id))
    if look.mine is None:
        abort(404)
    if not look.can_write:
        raise Refusal(why_not(look.mentorship, Act.END))
    return look


def back_to(mentorship: Mentorship) -> ResponseReturnValue:
    """To its page, or home where it is no longer there for whoever acted."""
    return _back(g.me, mentorship.public_id)


def _back(me: Enrolment, public_id: str) -> ResponseReturnValue:
    is_there = db.session.scalar(seen_by(me).where(Mentorship.public_id == public_id)) is not None
    if is_there:
        return redirect(url_for("mentorships.mentorship", course=me.course.public_id, mentorship_id=public_id))
    return redirect(url_for("courses.home", course=me.course.public_id))


@bp.errorhandler(Refusal)
def refuse(refusal: Refusal) -> ResponseReturnValue:
    """Nothing was done; the next page says why."""
    db.session.rollback()
    flash(refusal.sentence, "error")
    return _back(g.me, str((request.view_args or {}).get("mentorship_id", "")))
