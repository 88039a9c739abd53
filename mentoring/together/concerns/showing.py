"""Concerns on other pages: a quiet section for the people of a mentorship, and a card of home pages."""

from __future__ import annotations

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from lti_tool.access import MEMBERS
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.panels import Card, NextStep, Panel, Urgency
from mentoring.mentorships.naming import by_name
from mentoring.mentorships.sections import Look, Section
from mentoring.participants.queries import has_part
from mentoring.together.concerns import queries
from mentoring.together.concerns.models import Concern, ConcernState
from mentoring.together.concerns.telling import page_of
from mentoring.together.concerns.wording import STATES, TOPICS

WORDS: dict[str, Any] = {"states": STATES, "topics": TOPICS}


def section(look: Look) -> Card | None:
    """Where to turn when something is not right; for its people, and it asks the database nothing."""
    if look.mine is None:
        return None
    others = by_name(person for person in look.mentorship.people if person.enrolment_id != look.me.id)
    return Card(
        title=_("If something is not right"),
        template="concerns/_section.html",
        context={"mentorship": look.mentorship, "others": [person.enrolment for person in others]},
    )


SECTION = Section(key="concerns", order=95, fill=section)


def concerns_card(me: Enrolment) -> Card | None:
    """Those that wait for me, and those I raised; nothing for whoever has none, or acts in somebody's name."""
    if g.is_acted or not (me.is_instructor or has_part(db.session, me)):
        return None
    found = queries.open_of(db.session, me)
    if not found:
        return None
    waiting = [each for each in found if each.owner_id == me.id and each.is_waiting]
    answered = [each for each in found if each.raised_by_id == me.id and each.state is ConcernState.ANSWERED]
    return Card(
        title=_("Concerns"),
        template="concerns/_panel.html",
        context={
            "concerns": found,
            "page_of": page_of,
            "all_url": url_for("concerns.index", course=me.course.public_id),
            **WORDS,
        },
        urgency=Urgency.WAITING if waiting else Urgency.USEFUL if answered else Urgency.QUIET,
        next_step=_step(waiting, answered),
    )


def _step(waiting: list[Concern], answered: list[Concern]) -> NextStep | None:
    if waiting:
        sentence = _("Somebody has raised a concern with you, and waits for an answer.")
        return NextStep(sentence=sentence, label=_("Read the concern"), url=page_of(waiting[0]))
    if answered:
        sentence = _("Your concern has been answered.")
        return NextStep(sentence=sentence, label=_("Read the answer"), url=page_of(answered[0]))
    return None


PANEL = Panel(key="concerns", order=1, open_to=MEMBERS, fill=concerns_card)
