"""What happens in mentoring, told as postcards."""

from __future__ import annotations

from dataclasses import dataclass

from lti_tool.events import Event, Where, Who


@dataclass(frozen=True, kw_only=True)
class MentorAssigned(Event):
    """An instructor paired a mentee with a mentor, and nobody had to agree first."""

    mentee: Who
    mentor: Who
    by: Who
    where: Where
    mentorship: str
    """The mentorship's public id."""
    kind: str
    """What people call this kind of mentor."""
    program: str
    """The program's public id."""
    program_title: str


@dataclass(frozen=True, kw_only=True)
class MentorshipEnded(Event):
    """A mentorship came to an end that was not its completion."""

    mentee: Who
    mentor: Who
    by: Who | None
    """Nobody where the clock ended it."""
    where: Where
    mentorship: str
    kind: str
    program: str
    program_title: str
    outcome: str
    """`cancelled` before it began, `ended_early` after."""
    reason: str
    """A code: `unpaired` by an instructor; `mentee_left` or `mentor_left` who did not return to the course."""
