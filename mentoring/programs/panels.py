"""What home pages say about the program: whether a newcomer takes part, and that a run has reached its last day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from lti_tool.panels import Card, NextStep, Panel, Urgency
from mentoring.participants.models import Came, Participant, ParticipantState
from mentoring.programs.choices import CohortState
from mentoring.programs.models import Cohort
from mentoring.programs.newcomers import TAKES_IN
from mentoring.programs.starting import current

# Put together once: every learner's page asks.
_ASKED = (
    select(Participant)
    .join(Participant.cohort)
    .where(
        Participant.enrolment_id == bindparam("me"),
        Participant.came == Came.NEWCOMER,
        Participant.consented.is_(None),
        Participant.state.in_((ParticipantState.INVITED, ParticipantState.LEFT)),
        Cohort.state.in_(TAKES_IN),
    )
    .order_by(Cohort.id.desc())
    .limit(1)
)


def asked(session: Session, me: Enrolment) -> Participant | None:
    """My part in a run that has asked me and waits for my yes."""
    return session.scalar(_ASKED, {"me": me.id})


def taking_part(me: Enrolment) -> Card | None:
    """Whether I take part: asked until I have answered, and said to have said not now."""
    participant = asked(db.session, me)
    if participant is None:
        return None
    program, version = participant.cohort.program, participant.cohort.version
    has_declined = participant.state == ParticipantState.LEFT
    is_late = clock.now() >= participant.created + timedelta(days=version.reply_days)
    urgency = Urgency.QUIET if has_declined else Urgency.WAITING if is_late else Urgency.NEXT
    return Card(
        title=_("Mentoring for you"),
        template="programs/_taking_part.html",
        context={"program": program, "version": version, "has_declined": has_declined, "is_late": is_late},
        urgency=urgency,
        next_step=None
        if has_declined
        else NextStep(
            sentence=_("Would you like to take part in %(program)s?", program=program.title),
            label=_("Read and answer"),
            url="#panel-taking-part",
        ),
    )


def last_day(me: Enrolment) -> Card | None:
    """That the run has reached its last day, and nobody has begun to close it."""
    cohort = current(db.session, me.course)
    if cohort is None or cohort.ends is None or cohort.ends > clock.now() or cohort.state == CohortState.CLOSING:
        return None
    url = url_for("programs.run", course=me.course.public_id, cohort_id=cohort.public_id)
    sentence = _("The last day of this run is over. Begin closing it, or give it a later day.")
    return Card(
        title=_("The run is over"),
        template="programs/_last_day.html",
        context={"sentence": sentence, "url": url},
        urgency=Urgency.USEFUL,
        next_step=NextStep(sentence=sentence, label=_("Look at the run"), url=url),
    )


PANELS: Sequence[Panel] = (
    Panel(key="taking-part", order=3, open_to=(Role.LEARNER,), fill=taking_part),
    Panel(key="last-day", order=4, open_to=(Role.INSTRUCTOR,), fill=last_day),
)
