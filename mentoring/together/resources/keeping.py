"""What resources hold about a person: given out; erased is who they were, and what they shared stays for the others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.files.called import called
from lti_tool.models import Enrolment, Person
from mentoring.together.resources.models import Resource

SHORTEST = 3
"""Letters of a name; fewer say nothing of anybody."""


def export(session: Session, person: Person, _participants: Sequence[int]) -> list[dict[str, Any]]:
    """What they shared. The files themselves they have, or take from the pages they stand on."""
    return [
        {
            "resource": each.public_id,
            "title": each.title,
            "detail": each.detail,
            "link": each.url,
            "file": each.file_name,
            "bytes": each.size,
            "at": each.created.isoformat(),
        }
        for each in _shared_by(session, person)
    ]


def forget(session: Session, person: Person, _participants: Sequence[int]) -> None:
    """Nobody learns any more who shared it, and a file or title that is called after them no longer is."""
    for each in _shared_by(session, person):
        each.by = None
        each.title = _without(person.name, each.title) or "-"
        each.detail = _without(person.name, each.detail)
        each.file_name = called(_without(person.name, each.file_name)) if each.is_file else ""
    session.flush()


def _shared_by(session: Session, person: Person) -> Sequence[Resource]:
    theirs = select(Enrolment.id).where(Enrolment.person_id == person.id)
    return session.scalars(select(Resource).where(Resource.by_id.in_(theirs)).order_by(Resource.id)).all()


def _without(name: str, said: str) -> str:
    """The words without the whole name, however its parts are joined, as in *leo_baum.pdf*."""
    parts = [re.escape(part) for part in name.split()]
    if sum(map(len, parts)) < SHORTEST:
        return said
    return re.sub(r"[\s_.+-]*".join(parts), "", said, flags=re.IGNORECASE).strip()
