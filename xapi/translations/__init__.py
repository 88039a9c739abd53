"""One event in, its statements out: plain values, no database, no web.

Every statement's id is a UUIDv5 of its event's id and its own name, so telling an event twice tells it once. The
statements of one run (an attempt, a mentorship) share a registration; those of one event stand in order of time, and
`xapi.running` sees to it that the times of a run strictly increase. Actors are accounts, of the platform's issuer and
its `sub`: no name and no e-mail leaves. Each statement claims the newest version of our profile, and matches it.
"""

from __future__ import annotations

from lti_tool.events import Event
from xapi.translations import belongings, circles, courses, meetings, mentorships, quizzes, reviews
from xapi.translations.writing import NotTold, Statement, Told, course_iri, registration

__all__ = ["NOT_TOLD", "TRANSLATIONS", "Statement", "course_iri", "registration", "translate"]

_PARTS = (courses, mentorships, circles, meetings, belongings, quizzes, reviews)
TRANSLATIONS: Told = {kind: tell for part in _PARTS for kind, tell in part.TOLD.items()}
NOT_TOLD: NotTold = {kind: reason for part in _PARTS for kind, reason in part.NOT_TOLD.items()}
"""Events that no statement retells, and why."""


def translate(event: Event, base: str) -> list[Statement]:
    """The statements that retell this event, in order of time; none for an event that is not told.

    `base` is what activity ids start with: the installation's IRI_BASE.
    """
    tell = TRANSLATIONS.get(type(event))
    return tell(event, base) if tell is not None else []
