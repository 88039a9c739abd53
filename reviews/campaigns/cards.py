"""Reviews on the home pages: what waits for me, and, for instructors, how far campaigns have come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.access import MEMBERS
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.names import in_sentence
from lti_tool.panels import Card, NextStep, Panel, Urgency
from reviews import queries
from reviews.campaigns import listing, planned
from reviews.campaigns.models import Assignment, Target
from reviews.campaigns.opening import result_url
from reviews.campaigns.phases import RUNNING, TO_ANSWER, Phase
from reviews.results.models import ReportSnapshot, ResultAccess

SOON = timedelta(days=2)
"""Before it closes, what is asked becomes urgent."""


def own_card(me: Enrolment) -> Card | None:
    """What I am to answer, the raters I am to name, the results I have not read."""
    session, at = db.session, clock.now()
    open_to_me = (each for each in queries.asked_of(session, me) if each.state in TO_ANSWER)
    asked = [each for each in open_to_me if each.target.takes_answers(at)]
    to_name = [each for each in queries.mine_to_nominate(session, me) if each.nominated is None]
    unread = _unread(session, me)
    if not asked and not to_name and not unread:
        return None
    urgency, step = _next_step(me, asked, to_name, unread, at)
    return Card(
        title=_("Reviews"),
        template="campaigns/_own_card.html",
        context={
            "asked": len(asked),
            "to_name": len(to_name),
            "unread": len(unread),
            "url": url_for("reviews.index", course=me.course.public_id),
        },
        urgency=urgency,
        next_step=step,
    )


def _unread(session: Session, me: Enrolment) -> Sequence[ReportSnapshot]:
    """Released results about me that I have not opened."""
    has_read = exists().where(ResultAccess.snapshot_id == ReportSnapshot.id, ResultAccess.viewer_id == me.id)
    return session.scalars(
        select(ReportSnapshot)
        .join(ReportSnapshot.target)
        .where(
            Target.enrolment_id == me.id,
            ReportSnapshot.released.is_not(None),
            ReportSnapshot.revoked.is_(None),
            ~has_read,
        )
        .order_by(ReportSnapshot.released.desc())
    ).all()


def _next_step(
    me: Enrolment,
    asked: Sequence[Assignment],
    to_name: Sequence[Target],
    unread: Sequence[ReportSnapshot],
    at: datetime,
) -> tuple[Urgency, NextStep]:
    """The loudest of the three: people wait for raters to be named and for answers, nobody for a result to be read."""
    course = me.course.public_id
    if asked:
        ends = [each.target.until for each in asked if each.target.until is not None]
        urgency = Urgency.WAITING if ends and min(ends) - at < SOON else Urgency.NEXT
        return urgency, _to_answer(me, asked)
    if to_name:
        campaign = to_name[0].campaign
        is_soon = campaign.nominate_by is not None and campaign.nominate_by - at < SOON
        url = url_for("campaigns.naming", course=course, target_id=to_name[0].public_id)
        sentence = _("%(title)s: name the people who know your work.", title=in_sentence(campaign.title))
        step = NextStep(sentence=sentence, label=_("Name raters"), url=url)
        return Urgency.WAITING if is_soon else Urgency.NEXT, step
    sentence = _("What others have said about your work is there to read.")
    return Urgency.USEFUL, NextStep(
        sentence=sentence, label=_("Read my result"), url=result_url(me, unread[0].public_id)
    )


def _to_answer(me: Enrolment, asked: Sequence[Assignment]) -> NextStep:
    course, title = me.course.public_id, in_sentence(asked[0].target.campaign.title)
    if len(asked) == 1:
        url = url_for("review_answers.page", course=course, assignment_id=asked[0].public_id)
        return NextStep(
            sentence=_("You are asked for your view in %(title)s.", title=title), label=_("Answer"), url=url
        )
    sentence = ngettext("%(num)d person waits for your view.", "You are asked for your view %(num)d times.", len(asked))
    return NextStep(sentence=sentence, label=_("See what is asked"), url=url_for("reviews.index", course=course))


def campaigns_card(me: Enrolment) -> Card | None:
    """How far the campaigns are that run or wait to be released."""
    shown = (*RUNNING, Phase.CLOSED)
    lines = [line for line in listing.lines_of(db.session, me.course, at=clock.now()) if line.campaign.phase in shown]
    if not lines:
        return None
    course = me.course.public_id
    loudest = max(lines, key=lambda line: line.next.urgency)
    step = None
    if loudest.next.urgency is Urgency.WAITING:
        step = NextStep(
            sentence=_(
                "%(title)s: %(sentence)s", title=in_sentence(loudest.campaign.title), sentence=loudest.next.sentence
            ),
            label=_("Open the campaign"),
            url=url_for("campaigns.campaign", course=course, campaign_id=loudest.campaign.public_id),
        )
    return Card(
        title=_("Campaigns"),
        template="campaigns/_campaigns_card.html",
        context={"lines": lines},
        # Nobody is held up by it as learners are by a mentor they do not have.
        urgency=Urgency.USEFUL if step else Urgency.QUIET,
        next_step=step,
    )


def plan_card(me: Enrolment) -> Card | None:
    """What the evaluation plan of the open run names and nobody has started yet."""
    waiting = [each for each in planned.planned(db.session, me.course) if each.is_open]
    if not waiting:
        return None
    is_drafted = all(each.is_draft for each in waiting)
    sentence = ngettext(
        "The program's plan names an evaluation that has not been started.",
        "The program's plan names %(num)d evaluations that have not been started.",
        len(waiting),
    )
    return Card(
        title=_("Evaluation plan"),
        template="campaigns/_plan_card.html",
        context={"waiting": waiting},
        urgency=Urgency.USEFUL,
        next_step=NextStep(
            sentence=sentence,
            label=_("Start them") if is_drafted else _("Look at the plan"),
            url=url_for("reviews.index", course=me.course.public_id, _anchor="plan"),
        ),
    )


PANELS = (
    Panel(key="reviews", order=35, open_to=MEMBERS, fill=own_card),
    Panel(key="campaigns", order=36, open_to=(Role.INSTRUCTOR,), fill=campaigns_card),
    Panel(key="evaluation-plan", order=37, open_to=(Role.INSTRUCTOR,), fill=plan_card),
)
