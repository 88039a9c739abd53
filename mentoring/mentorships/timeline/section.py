"""The timeline on the mentorship's page: what is done, what is next, what comes later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lti_tool.models import Enrolment
from lti_tool.panels import Card, NextStep, Urgency
from mentoring.mentorships.days import in_words
from mentoring.mentorships.earlier.kinds import EarlierKind
from mentoring.mentorships.earlier.reading import came_later, may_read_earlier, was_there
from mentoring.mentorships.sections import Look, Section
from mentoring.mentorships.timeline.models import TimelineEntry
from mentoring.mentorships.timeline.reaching import entries_of
from mentoring.mentorships.timeline.steps import people_of
from mentoring.mentorships.timeline.words import title_of_entry

OWN_AT_ONCE = 3
"""So many of the people's own entries stand in the row."""
SOON = timedelta(days=7)


@dataclass(frozen=True)
class Shown:
    """A step of the row."""

    label: str
    state: str
    """`done`, `next` or `later`."""
    detail: str


def seen_in(look: Look) -> list[TimelineEntry]:
    """What this visitor may see: what its people added is theirs.

    What is still to be done concerns whoever mentors now; what was done before they came does not.
    """
    entries, me = entries_of(look.session, look.mentorship), look.mine
    if me is None:
        return [each for each in entries if not each.is_own]
    if not came_later(look.mentorship, me) or may_read_earlier(look, KIND.key):
        return list(entries)
    return [
        each for each in entries if not each.is_own or each.done is None or was_there(look.mentorship, me, each.done)
    ]


def section(look: Look) -> Card | None:
    entries = seen_in(look)
    if not entries:
        return None
    own = [each for each in entries if each.is_own and each.done is None]
    left_out = own[OWN_AT_ONCE:]
    row = [each for each in entries if not each.is_own or each in own[:OWN_AT_ONCE]]
    row.sort(key=lambda each: (each.done is None, each.done or each.due))
    urgency, step = _next(look, entries)
    return Card(
        title=_("Timeline"),
        template="mentorships/_timeline.html",
        context={"steps": _row(row, look.at), "left_out": len(left_out), "look": look, "url": page_of(look)},
        urgency=urgency,
        next_step=step,
    )


def _row(entries: Sequence[TimelineEntry], at: datetime) -> list[Shown]:
    first = next((each for each in entries if each.done is None), None)
    return [Shown(title_of_entry(each), _state(each, first), detail(each, at)) for each in entries]


def _state(entry: TimelineEntry, first: TimelineEntry | None) -> str:
    if entry.done is not None:
        return "done"
    return "next" if entry is first else "later"


def detail(entry: TimelineEntry, at: datetime) -> str:
    """*by Nov 23, 2026*, and a kind word where that has passed."""
    if entry.done is not None:
        return in_words(entry.done)
    if entry.is_overdue(at):
        return str(_("was planned for %(day)s; it is not too late", day=in_words(entry.due)))
    return str(_("by %(day)s", day=in_words(entry.due)))


def _next(look: Look, entries: Sequence[TimelineEntry]) -> tuple[Urgency, NextStep | None]:
    """Something to tick that is due soon, or was; what its own event completes is said by whatever leads to that."""
    first = next((each for each in entries if is_to_tick(each, look)), None)
    if first is None or not look.can_write or first.due > look.at + SOON:
        return Urgency.QUIET, None
    sentence = (
        _("“%(what)s” was planned for %(day)s. Do it, or move it to a day that suits.", **_words(first))
        if first.is_overdue(look.at)
        else _("“%(what)s” is planned for %(day)s.", **_words(first))
    )
    urgency = Urgency.NEXT if first.is_overdue(look.at) else Urgency.USEFUL
    return urgency, NextStep(sentence=sentence, label=_("Open the timeline"), url=page_of(look))


def is_to_tick(entry: TimelineEntry, look: Look) -> bool:
    """Whether it waits for this visitor's own tick."""
    if entry.done is not None or not entry.is_by_hand or look.mine is None:
        return False
    return entry.manner is None or (is_mine(entry, look) and entry.mark_of(look.mine) is None)


def is_mine(entry: TimelineEntry, look: Look) -> bool:
    """Whether a step of the program is this visitor's."""
    return any(person.enrolment_id == look.me.id for person in people_of(entry, look.mentorship))


def _words(entry: TimelineEntry) -> dict[str, str]:
    return {"what": title_of_entry(entry), "day": in_words(entry.due)}


def page_of(look: Look) -> str:
    me: Enrolment = look.me
    return url_for("mentorships.timeline", course=me.course.public_id, mentorship_id=look.mentorship.public_id)


KIND = EarlierKind(key="timeline", order=20, label=_l("What you added to your timeline and have done"))
SECTION = Section(key="timeline", order=25, fill=section)
