"""What home pages say about my training, as long as something of it is to be done."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import bindparam, select

from lti_tool import clock
from lti_tool.access import MEMBERS
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.panels import Card, NextStep, Panel, Urgency
from mentoring.mentorships.queries import is_paired
from mentoring.programs.choices import CURRENT
from mentoring.programs.models import Cohort, Program, ProgramVersion, TrainingItem
from mentoring.programs.starting import current
from mentoring.training import gate

# Put together once: every page asks, and most programs have none.
_ANY = (
    select(TrainingItem.id)
    .join(ProgramVersion, ProgramVersion.id == TrainingItem.version_id)
    .join(Program, Program.id == ProgramVersion.program_id)
    .join(Cohort, Cohort.version_id == ProgramVersion.id)
    .where(Program.course_id == bindparam("course"), Cohort.state.in_(CURRENT))
    .limit(1)
)


def your_training(me: Enrolment) -> Card | None:
    """What I have to do before I am matched; nothing once it is done."""
    if db.session.scalar(_ANY, {"course": me.course_id}) is None:
        return None
    cohort, at = current(db.session, me.course), clock.now()
    if cohort is None:
        return None
    steps = gate.steps_of(db.session, cohort, me, at)
    missing = [step for step in steps if not step.is_done]
    if not missing:
        return None
    url = url_for("training.mine", course=me.course.public_id)
    paired = is_paired(db.session, me)
    return Card(
        title=_("Your training"),
        template="participants/_your_training.html",
        context={"missing": missing, "done": len(steps) - len(missing), "all": len(steps), "url": url},
        urgency=Urgency.QUIET if paired else Urgency.NEXT,
        next_step=NextStep(sentence=_what_waits(len(missing), paired), label=_("Go to your training"), url=url),
    )


def _what_waits(missing: int, paired: bool) -> str:
    if paired:
        return str(
            ngettext(
                "One step of your training is to be done before anybody else is matched with you.",
                "%(num)d steps of your training are to be done before anybody else is matched with you.",
                missing,
            )
        )
    return str(
        ngettext(
            "One step of your training is to be done before you are matched.",
            "%(num)d steps of your training are to be done before you are matched.",
            missing,
        )
    )


PANEL = Panel(key="your-training", order=8, open_to=MEMBERS, fill=your_training)
