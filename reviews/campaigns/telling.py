"""What people are told about naming raters: that it has begun, and that somebody was not approved."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import mail, outbox
from lti_tool.mail import NoticeKind, Words, path_to
from lti_tool.names import in_sentence
from lti_tool.pages import local_time
from reviews.campaigns.models import Assignment, Campaign, Target
from reviews.campaigns.phases import Phase

KIND = NoticeKind("review_raters", _l("Naming those who review you"), order=45)
AT_ONCE = 50
"""People one letter tells."""


def post_naming(session: Session, campaign: Campaign, lane: str, *, at: datetime, after: int = 0) -> None:
    """Have those who are reviewed told that they name raters now, soon. The caller commits."""
    body = {"campaign": campaign.id, "what": "naming", "after": after, "due": at.isoformat()}
    outbox.post(session, lane, body, due=at)


def tell_of_naming(session: Session, campaign: Campaign, after: int, lane: str, *, at: datetime) -> None:
    """What such a letter does; once for each person and round of naming. The caller commits."""
    if campaign.phase is not Phase.NOMINATING:
        return
    targets = session.scalars(
        select(Target)
        .where(Target.campaign_id == campaign.id, Target.id > after, Target.enrolment_id.is_not(None))
        .order_by(Target.id)
        .limit(AT_ONCE)
    ).all()
    for target in targets:
        assert target.enrolment is not None
        key = f"review-naming:{target.public_id}"
        mail.tell(session, target.enrolment, KIND.key, partial(_naming, target), key=key, at=at)
    if len(targets) == AT_ONCE:
        post_naming(session, campaign, lane, at=at, after=targets[-1].id)


def tell_of_rejection(session: Session, assignment: Assignment, *, at: datetime) -> None:
    """Whoever named them reads why not; the caller commits."""
    target = assignment.target
    if target.enrolment is None or assignment.proposed_by_id != target.enrolment_id:
        return
    key = f"review-rejected:{assignment.public_id}"
    mail.tell(session, target.enrolment, KIND.key, lambda: _rejected(assignment), key=key, at=at)


def _naming(target: Target) -> Words:
    campaign = target.campaign
    paragraphs = [_("You are reviewed in %(title)s. Name the people who know your work.", title=campaign.title)]
    if campaign.nominate_by is not None:
        paragraphs.append(_("Raters are named until %(when)s.", when=local_time(campaign.nominate_by)))
    return Words(_("Name those who review you"), tuple(paragraphs), action=_("Name raters"), path=_path(target))


def _rejected(assignment: Assignment) -> Words:
    name, target = in_sentence(assignment.rater_name), assignment.target
    is_open = target.campaign.phase is Phase.NOMINATING
    return Words(
        _("%(name)s will not review you", name=name),
        (
            _("Your instructor says why: %(reason)s", reason=assignment.reason),
            *((_("You can name somebody else."),) if is_open else ()),
        ),
        action=_("Look at my list"),
        path=_path(target),
    )


def _path(target: Target) -> str:
    return path_to("campaigns.naming", course=target.campaign.course.public_id, target_id=target.public_id)
