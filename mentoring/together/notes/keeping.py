"""What notes hold about a person: their own words, given out and erased; what others wrote stays theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from lti_tool.models import Enrolment, Person
from mentoring.mentorships.models import Mentorship
from mentoring.together.notes.models import Note


def export(session: Session, person: Person, _participants: Sequence[int]) -> list[dict[str, Any]]:
    rows = session.execute(
        select(Note, Mentorship.public_id)
        .join(Mentorship, Mentorship.id == Note.mentorship_id)
        .where(Note.author_id.in_(_places_of(person)))
        .order_by(Note.id)
    )
    return [
        {
            "mentorship": mentorship,
            "written": note.written.isoformat(),
            "changed": note.changed.isoformat(),
            "visibility": note.visibility.value,
            "text": note.text,
        }
        for note, mentorship in rows
    ]


def forget(session: Session, person: Person, _participants: Sequence[int]) -> None:
    session.execute(delete(Note).where(Note.author_id.in_(_places_of(person))))


def _places_of(person: Person) -> Select[int]:
    """In courses: instructors write notes too, and have no part in the program."""
    return select(Enrolment.id).where(Enrolment.person_id == person.id)
