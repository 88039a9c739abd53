"""Somebody writes in their notebook, changes what they wrote, shares it and takes it back.

Nothing of it is announced: a notebook is private, and a statement about it would be the first thing to leave it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Person
from mentoring.mentorships.models import Mentorship
from mentoring.together.notebook.models import NotebookEntry
from mentoring.together.twice import AGAIN


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What somebody says in an entry, and about it."""

    text: str
    grew_from: Mentorship | None = None
    share_with: Mentorship | None = None


def write(session: Session, person: Person, said: Entry, *, at: datetime) -> NotebookEntry:
    """The same entry sent twice is one. The caller has seen that the mentorships are theirs, and commits."""
    session.scalar(select(Person.id).where(Person.id == person.id).with_for_update())
    same = select(NotebookEntry).where(
        NotebookEntry.person_id == person.id,
        NotebookEntry.text == said.text,
        NotebookEntry.grew_from_id == (said.grew_from.id if said.grew_from else None),
        NotebookEntry.shared_with_id == (said.share_with.id if said.share_with else None),
        NotebookEntry.written > at - AGAIN,
    )
    if (before := session.scalar(same.limit(1))) is not None:
        return before
    entry = NotebookEntry(person_id=person.id, written=at)
    change(entry, said, at=at)
    session.add(entry)
    return entry


def change(entry: NotebookEntry, said: Entry, *, at: datetime) -> None:
    entry.say(said.text, at=at)
    entry.grew_from_id = said.grew_from.id if said.grew_from else None
    entry.share(said.share_with, at=at)
