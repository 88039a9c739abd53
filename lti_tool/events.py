"""What happens on the ground floor, told as postcards: frozen, in the past tense, complete."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened, complete enough to be read in a year without asking anybody."""

    at: datetime
    event_id: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass(frozen=True, kw_only=True)
class Who:
    """An account at a platform; no name and no e-mail leaves with it."""

    platform: str
    """The platform's public id: whose people and statements these are."""
    issuer: str
    subject: str


@dataclass(frozen=True, kw_only=True)
class Where:
    """The course in which it happened."""

    course: str
    """The course's public id."""
    title: str


@dataclass(frozen=True, kw_only=True)
class CourseEntered(Event):
    """Somebody opened the tool from their course page."""

    who: Who
    where: Where
    role: str
    is_first: bool


@dataclass(frozen=True, kw_only=True)
class ActedAs(Event):
    """Somebody else opened the tool in a person's name, as administrators of some LMSs may."""

    who: Who
    """The person whose name it was."""
    where: Where
    by: str
    """What the LMS calls the one who acted."""


@dataclass(frozen=True, kw_only=True)
class CourseSettingsCopied(Event):
    """An instructor took over the settings of the course theirs was copied from."""

    who: Who
    where: Where
    origin: Where


@dataclass(frozen=True, kw_only=True)
class PersonJoinedCourse(Event):
    """A later roster names somebody whom the first did not: they are new in the course.

    Told to features, not to learning record stores, as leaving is. Whoever comes by opening the tool is told of as
    `CourseEntered`.
    """

    who: Who
    where: Where
    role: str


@dataclass(frozen=True, kw_only=True)
class PersonLeftCourse(Event):
    """The LMS no longer has somebody in the course; their pages are closed from here on.

    Told to features, not to learning record stores: it is the LMS's act and no experience of the person's.
    """

    who: Who
    where: Where
    role: str


@dataclass(frozen=True, kw_only=True)
class PersonReturned(Event):
    """Somebody who had left is in the course again: a roster names them, or the LMS let them in.

    Told to features, not to learning record stores, as their leaving was.
    """

    who: Who
    where: Where
    role: str


@dataclass(frozen=True, kw_only=True)
class GradeChanged(Event):
    """A person's grade for an activity took a new value."""

    who: Who
    where: Where
    activity: str
    """The activity's reference, such as `quiz:` and the quiz's public id."""
    title: str
    score: float
    maximum: float
    comment: str = ""
    attempt: str = ""
    """The piece of work that earned it, by its public id: graded anew it is not handed in anew."""


@dataclass(frozen=True, kw_only=True)
class ActivityCompleted(Event):
    """A person finished an activity that others may be waiting for."""

    who: Who
    where: Where
    activity: str
    has_passed: bool | None = None
