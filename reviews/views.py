"""The page of reviews: what I am asked, what is about me, and, for instructors, the campaigns of the course."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from lti_tool import clock
from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from reviews import queries
from reviews.answering.asked import asked_in_campaigns
from reviews.blueprint import OF_COURSE, bp
from reviews.campaigns import listing, planned
from reviews.results.accompanying import MOST_LISTED, accompanied_by


@bp.get(f"{OF_COURSE}/")
@open_to(*MEMBERS)
def index(me: Enrolment) -> ResponseReturnValue:
    session, now = db.session, clock.now()
    return render(
        "reviews/index.html",
        me=me,
        asked=asked_in_campaigns(session, me, at=now),
        to_nominate=queries.mine_to_nominate(session, me),
        accompanied=accompanied_by(session, me, most=MOST_LISTED),
        results=queries.results_of(session, me),
        campaigns=listing.by_phase(session, me.course, at=now) if me.is_instructor else (),
        plan=planned.planned(session, me.course) if me.is_instructor else (),
        now=now,
    )
