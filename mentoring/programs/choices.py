"""What a program can be: the words of the design that are chosen from a list; no database, no web."""

from __future__ import annotations

from enum import StrEnum


class MentoringType(StrEnum):
    """The form mentoring takes in a program."""

    ONE_ON_ONE = "one_on_one"
    PEER = "peer"
    GROUP = "group"
    REVERSE = "reverse"
    FLASH = "flash"


class GoalType(StrEnum):
    """What sort of objective a program has; several of them are a mix."""

    INTEGRATION = "integration"
    SKILL = "skill"
    PERFORMANCE = "performance"
    CAREER = "career"
    LEADERSHIP = "leadership"
    TEAMWORK = "teamwork"


class MustAgree(StrEnum):
    """Who has to say yes before a match becomes a mentorship."""

    NOBODY = "nobody"
    MENTOR = "mentor"
    BOTH = "both"


class Channel(StrEnum):
    """Where the pairs of a program meet, unless they agree otherwise."""

    ANY = "any"
    IN_PERSON = "in_person"
    PHONE = "phone"
    VIDEO = "video"
    ONLINE = "online"


class Manner(StrEnum):
    """How an item of a training is done."""

    LINK = "link"
    """Material in the LMS, anywhere, or in our own words; ticked by whoever has worked through it."""
    QUIZ = "quiz"
    """A quiz of ours, passed."""
    IN_PERSON = "in_person"
    """Face to face; ticked by an instructor."""


class StepManner(StrEnum):
    """How a step of the program on a timeline comes to be done."""

    ACTIVITY = "activity"
    """A quiz or a review, as its own feature says when it is done."""
    TASK = "task"
    """A task of the program, ticked among the tasks."""
    LINK = "link"
    """Material in the LMS or anywhere, or something to do; ticked by whoever has done it."""


class ForWhom(StrEnum):
    """Whose step it is. In a circle everybody's."""

    MENTEE = "mentee"
    MENTOR = "mentor"
    BOTH = "both"


class EvaluationPoint(StrEnum):
    """When a program is evaluated."""

    BASELINE = "baseline"
    """Before the first match, so that there is something to compare with."""
    MID = "mid"
    END = "end"
    INTERVAL = "interval"


class CohortState(StrEnum):
    """How far one run of a program has come."""

    DRAFT = "draft"
    OPEN = "open"
    MATCHING = "matching"
    RUNNING = "running"
    CLOSING = "closing"
    CLOSED = "closed"
    CANCELLED = "cancelled"


CURRENT = (CohortState.OPEN, CohortState.MATCHING, CohortState.RUNNING, CohortState.CLOSING)
"""A cohort in one of these is the one its course works with."""

FOLLOWING: dict[CohortState, tuple[CohortState, ...]] = {
    CohortState.DRAFT: (CohortState.OPEN, CohortState.CANCELLED),
    CohortState.OPEN: (CohortState.MATCHING, CohortState.RUNNING, CohortState.CANCELLED),
    CohortState.MATCHING: (CohortState.RUNNING, CohortState.OPEN, CohortState.CANCELLED),
    CohortState.RUNNING: (CohortState.CLOSING, CohortState.MATCHING),
    CohortState.CLOSING: (CohortState.CLOSED, CohortState.RUNNING),
}
"""Which states may follow, the usual one first; a state that is not a key is the end."""

CHECKLIST = ("performs_well", "dedicated", "ready_to_share", "field_experience", "communication", "trust")
"""What makes a good mentor, as far as an instructor can tick it; a program may leave some out."""
