"""My calendar feed: made, shown once, made useless; and what calendar programs read at its address.

Nobody is signed in where a program reads: the secret in the address is what lets it in, and it stands in no log line.
"""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import language_among, render
from mentoring.together.meetings import feeds
from mentoring.together.meetings.blueprint import bp
from mentoring.together.meetings.calendars import calendar_of

MINE = "/courses/<course>/mentoring/calendar"
public = Blueprint("calendar", __name__)


@bp.get(MINE)
@open_to(*MEMBERS)
def calendar(me: Enrolment) -> ResponseReturnValue:
    return render("meetings/calendar.html", me=me, feed=feeds.feed_of(db.session, me.person), address="")


@bp.post(MINE)
@open_to(*MEMBERS)
def make_calendar(me: Enrolment) -> ResponseReturnValue:
    """The address stands on this answer and nowhere else, so nobody is sent on."""
    address = feeds.make(db.session, me.person, at=clock.now())
    db.session.commit()
    return render("meetings/calendar.html", me=me, feed=feeds.feed_of(db.session, me.person), address=address)


@bp.post(f"{MINE}/revoke")
@open_to(*MEMBERS)
def revoke_calendar(me: Enrolment) -> ResponseReturnValue:
    feeds.revoke(db.session, me.person, at=clock.now())
    db.session.commit()
    flash(_("The address leads nowhere any more. You can make a new one."), "success")
    return redirect(url_for(".calendar", course=me.course.public_id))


@public.get("/calendar/<secret>.ics")
def feed(secret: str) -> ResponseReturnValue:
    """All meetings of whoever made this address; whoever has no such address learns nothing."""
    found = feeds.find(db.session, secret)
    if found is None:
        return Response(status=404)
    with force_locale(language_among([found.person.locale])):
        meetings = feeds.meetings_for(db.session, found.person, at=clock.now())
        body = calendar_of(meetings, found.person_id, name=_("Mentoring"))
    return Response(body, content_type="text/calendar; charset=utf-8")
