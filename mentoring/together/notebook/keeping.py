"""What a notebook holds: all of it somebody's own, given out to them and erased with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lti_tool.models import Person
from mentoring.mentorships.models import Mentorship
from mentoring.together.notebook.models import NotebookEntry


def export(session: Session, person: Person, _participants: Sequence[int]) -> list[dict[str, Any]]:
    entries = session.scalars(
        select(NotebookEntry).where(NotebookEntry.person_id == person.id).order_by(NotebookEntry.id)
    ).all()
    named = {each.grew_from_id for each in entries} | {each.shared_with_id for each in entries}
    rows = session.execute(select(Mentorship.id, Mentorship.public_id).where(Mentorship.id.in_(named - {None})))
    keys = {row.id: row.public_id for row in rows}
    return [
        {
            "written": entry.written.isoformat(),
            "changed": entry.changed.isoformat(),
            "text": entry.text,
            "grew_from": keys.get(entry.grew_from_id or 0),
            "shared_with": keys.get(entry.shared_with_id or 0),
            "shared": entry.shared.isoformat() if entry.shared else None,
        }
        for entry in entries
    ]


def forget(session: Session, person: Person, _participants: Sequence[int]) -> None:
    session.execute(delete(NotebookEntry).where(NotebookEntry.person_id == person.id))
