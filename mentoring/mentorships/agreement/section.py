"""The agreement on the mentorship's page, and on the home page while it waits for a signature."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.panels import Card, NextStep, Urgency
from mentoring.mentorships.agreement.forms import CHANNELS
from mentoring.mentorships.agreement.standing import EARLIER, Agreed, agreed, to_sign
from mentoring.mentorships.earlier.kinds import EarlierKind
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.naming import by_name, names_of, title_of
from mentoring.mentorships.sections import Look, Section
from mentoring.participants.queries import has_part


def section(look: Look) -> Card | None:
    so_far = agreed(look.session, look.mentorship)
    urgency, step = _next(look, so_far)
    return Card(
        title=_("What is agreed"),
        template="mentorships/_agreement.html",
        context={**words_about(look.mentorship, so_far), "look": look, "url": page_of(look.me, look.mentorship)},
        urgency=urgency,
        next_step=step,
    )


def words_about(mentorship: Mentorship, so_far: Agreed) -> dict[str, Any]:
    """What templates say about where it stands."""
    missing = by_name(each for each in so_far.missing if so_far.proposed or not so_far.is_withheld_from(each))
    return {"agreed": so_far, "missing": names_of(missing) if missing else "", "channels": CHANNELS}


def _next(look: Look, so_far: Agreed) -> tuple[Urgency, NextStep | None]:
    url = page_of(look.me, look.mentorship)
    if not look.can_write:
        return Urgency.QUIET, None
    if so_far.waits_for(look.mine):
        return Urgency.WAITING, _sign_step(look.mentorship, url)
    if so_far.is_withheld_from(look.mine):
        sentence = _("You came later. Write down together what holds between you from now on.")
        return Urgency.USEFUL, NextStep(sentence=sentence, label=_("Write a new version"), url=url)
    if so_far.newest is None:
        sentence = _("Write down what you expect of each other, how often you meet, and until when.")
        return Urgency.NEXT, NextStep(sentence=sentence, label=_("Write the agreement"), url=url)
    return Urgency.QUIET, None


def _sign_step(mentorship: Mentorship, url: str) -> NextStep:
    sentence = _("The agreement of %(names)s waits for your signature.", names=title_of(mentorship))
    return NextStep(sentence=sentence, label=_("Sign the agreement"), url=url)


def waiting_for_you(me: Enrolment) -> Card | None:
    """For the home page: the agreements that I have yet to sign."""
    waiting = to_sign(db.session, me) if has_part(db.session, me) else ()
    if not waiting:
        return None
    return Card(
        title=_("Waiting for your signature"),
        template="mentorships/_to_sign.html",
        context={"waiting": [(title_of(each), page_of(me, each)) for each in waiting]},
        urgency=Urgency.WAITING,
        next_step=_sign_step(waiting[0], page_of(me, waiting[0])),
    )


def page_of(me: Enrolment, mentorship: Mentorship) -> str:
    return url_for("mentorships.agreement", course=me.course.public_id, mentorship_id=mentorship.public_id)


def earlier(look: Look) -> Card | None:
    """What held in a mentorship that another one follows, or was written down last."""
    so_far = agreed(look.session, look.mentorship)
    version = so_far.holds or so_far.newest
    if version is None:
        return None
    context = {"version": version, "channels": CHANNELS}
    return Card(title=_("What was agreed"), template="mentorships/_earlier_agreement.html", context=context)


KIND = EarlierKind(key=EARLIER, order=10, label=_l("What you agreed on, in your own words"), show=earlier)
SECTION = Section(key="agreement", order=30, fill=section)
