"""What the two of a mentorship are asked at its end, on the page of its end."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from lti_tool.panels import NextStep
from mentoring.mentorships.sections import Look
from mentoring.together.closure import evaluating
from reviews.campaigns.models import Assignment, Campaign, Target
from reviews.campaigns.phases import TO_ANSWER, Phase
from reviews.campaigns.rules import Moment


def init_app(app: Flask) -> None:
    evaluating.register(app, asked)


def asked(look: Look) -> NextStep | None:
    """The end evaluation that waits for this visitor's answers."""
    found = look.session.scalars(
        select(Assignment)
        .join(Assignment.target)
        .join(Target.campaign)
        .where(
            Target.mentorship_id == look.mentorship.id,
            Assignment.rater_id == look.me.id,
            Assignment.state.in_(TO_ANSWER),
            Campaign.phase == Phase.COLLECTING,
            Campaign.moment == Moment.END,
        )
        .options(contains_eager(Assignment.target).contains_eager(Target.campaign))
        .order_by(Assignment.id)
    ).first()
    if found is None or not found.target.takes_answers(look.at):
        return None
    return NextStep(
        sentence=_("Look back on working together. Both of you read what the other says at the same time."),
        label=_("Evaluate"),
        url=url_for("review_answers.page", course=look.me.course.public_id, assignment_id=found.public_id),
    )
