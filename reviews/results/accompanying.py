"""Those whom a coach accompanies: whose results wait to be released, and which there are to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from lti_tool.access import MEMBERS
from lti_tool.db import db
from lti_tool.models import Enrolment, Person
from lti_tool.names import in_sentence
from lti_tool.panels import Card, NextStep, Panel, Urgency
from reviews.campaigns.models import Campaign, Target
from reviews.campaigns.phases import Phase
from reviews.campaigns.rules import ReleasedBy
from reviews.results.models import ReportSnapshot, ResultAccess

MOST = 5
"""Lines of the card; the page of reviews has all that a list can show."""
MOST_LISTED = 100


@dataclass(frozen=True)
class Accompanied:
    """Somebody I coach, whose review is closed."""

    target: Target
    snapshot: ReportSnapshot | None

    @property
    def waits_for_me(self) -> bool:
        """Whether it is for me to release."""
        is_released = self.snapshot is not None and self.snapshot.released is not None
        return not is_released and self.target.campaign.released_by is ReleasedBy.COACH

    def url(self, me: Enrolment) -> str:
        """The result, or, before it is put together, where that is done."""
        course = me.course.public_id
        if self.snapshot is not None:
            return url_for("review_results.report", course=course, snapshot_id=self.snapshot.public_id)
        return url_for("review_results.of_campaign", course=course, campaign_id=self.target.campaign.public_id)


def accompanied_by(session: Session, me: Enrolment, *, only_new: bool = False, most: int) -> Sequence[Accompanied]:
    """Whose results are for me to release, then those that are there to read; `only_new` without what I have read."""
    rows = (
        select(Target, ReportSnapshot)
        .join(Target.campaign)
        .outerjoin(ReportSnapshot, and_(ReportSnapshot.target_id == Target.id, ReportSnapshot.revoked.is_(None)))
        .where(
            Target.coach_id == me.id,
            Target.closed.is_not(None),
            Campaign.phase != Phase.ARCHIVED,
            or_(_IS_TO_RELEASE, ReportSnapshot.released.is_not(None)),
        )
        .options(
            contains_eager(Target.campaign),
            joinedload(Target.enrolment).joinedload(Enrolment.person).lazyload(Person.platform),
        )
        .order_by(ReportSnapshot.released.is_not(None), Target.closed.desc(), Target.id)
        .limit(most)
    )
    if only_new:
        has_read = exists().where(ResultAccess.snapshot_id == ReportSnapshot.id, ResultAccess.viewer_id == me.id)
        rows = rows.where(or_(ReportSnapshot.released.is_(None), ~has_read))
    return [Accompanied(target, snapshot) for target, snapshot in session.execute(rows)]


_IS_TO_RELEASE = and_(
    ReportSnapshot.released.is_(None),
    Campaign.released_by == ReleasedBy.COACH,
    or_(ReportSnapshot.id.is_not(None), Campaign.reduced.is_(None)),
)


def _fill(me: Enrolment) -> Card | None:
    found = accompanied_by(db.session, me, only_new=True, most=MOST + 1)
    if not found:
        return None
    waiting = sum(each.waits_for_me for each in found)
    return Card(
        title=_("Those you accompany"),
        template="review_results/_accompanied_card.html",
        context={"accompanied": found[:MOST], "has_more": len(found) > MOST},
        urgency=Urgency.NEXT if waiting else Urgency.USEFUL,
        next_step=_next_step(me, found[0], waiting),
    )


def _next_step(me: Enrolment, first: Accompanied, waiting: int) -> NextStep:
    assert first.target.enrolment is not None
    name, title = in_sentence(first.target.enrolment.name), in_sentence(first.target.campaign.title)
    if waiting == 1:
        said = _("%(name)s waits for you to release the result of %(title)s.", name=name, title=title)
        return NextStep(sentence=said, label=_("Look at it first"), url=first.url(me))
    if waiting:
        said = ngettext(
            "%(num)d person waits for you to release their result.",
            "Several people wait for you to release their results.",
            waiting,
        )
        return NextStep(
            sentence=said, label=_("Look at them"), url=url_for("reviews.index", course=me.course.public_id)
        )
    said = _("The result of %(name)s in %(title)s is there to talk over.", name=name, title=title)
    return NextStep(sentence=said, label=_("Read it"), url=first.url(me))


PANEL = Panel(key="accompanied", order=37, open_to=MEMBERS, fill=_fill)
