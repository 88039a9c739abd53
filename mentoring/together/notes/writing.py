"""Somebody writes a note at a mentorship, or changes what they wrote and who reads it.

Nothing of it is announced: who reads a note is its writer's to say, and a learning record store is nobody they named.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Enrolment
from mentoring.mentorships.models import Mentorship
from mentoring.together.notes.models import TO_INSTRUCTORS, TO_ITS_PEOPLE, Note, Visibility
from mentoring.together.twice import AGAIN


def write(
    session: Session, mentorship: Mentorship, text: str, visibility: Visibility, *, by: Enrolment, at: datetime
) -> Note:
    """The same note sent twice is one. The caller holds the mentorship and has seen that this person may choose these
    readers, and commits."""
    same = select(Note).where(
        Note.mentorship_id == mentorship.id,
        Note.author_id == by.id,
        Note.text == text,
        Note.visibility == visibility,
        Note.written > at - AGAIN,
    )
    if (before := session.scalar(same.limit(1))) is not None:
        return before
    note = Note(mentorship_id=mentorship.id, author=by, written=at)
    note.say(text, visibility, at=at)
    session.add(note)
    return note


def narrows(was: Visibility, becomes: Visibility) -> bool:
    """Whether somebody who could read it no longer can."""
    return any(was in those and becomes not in those for those in (TO_ITS_PEOPLE, TO_INSTRUCTORS))
