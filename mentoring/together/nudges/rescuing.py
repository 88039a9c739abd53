"""What an instructor can do about a mentorship that fades, as links to where it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from mentoring.mentorships.allowing import CIRCLES, TABLE, Act, Seat, acts_open_to
from mentoring.mentorships.models import Mentorship

ACTS: Mapping[Act, LazyString] = {
    Act.SUBSTITUTE: _l("Substitute"),
    Act.PUT_IN: _l("Put somebody in"),
    Act.REMATCH: _l("Rematch"),
    Act.END: _l("Close"),
}
"""Where a choice is needed: the form for it stands on the mentorship's page, and is opened."""


@dataclass(frozen=True)
class Rescue:
    label: str
    url: str


def rescues(mentorship: Mentorship) -> list[Rescue]:
    course = mentorship.cohort.course.public_id
    may = acts_open_to(mentorship.state, {Seat.COORDINATOR}, CIRCLES if mentorship.is_circle else TABLE)
    where: dict[str, Any] = {"course": course, "mentorship_id": mentorship.public_id}
    return [
        Rescue(_("Write"), url_for("nudges.write", **where)),
        *(
            Rescue(str(label), url_for("mentorships.mentorship", **where, do=act.value, _anchor=f"do-{act.value}"))
            for act, label in ACTS.items()
            if act in may
        ),
    ]
