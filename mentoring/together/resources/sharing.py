"""Something is shared, or taken away again.

Each act is handed a mentorship or a program that is held; the caller commits, within `laid_down`, so that file and row
come about together. All raise Refusal.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from lti_tool import outbox, uploads
from lti_tool.db import new_public_id
from lti_tool.models import Enrolment
from mentoring.events import ResourceShared
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.postcards import within
from mentoring.mentorships.refusing import Refusal
from mentoring.participants.models import Participant
from mentoring.programs.models import Program
from mentoring.together.resources import telling
from mentoring.together.resources.models import Resource

MEGABYTE = 1024 * 1024
MOST_OF_PAIR, MOST_BYTES_OF_PAIR = 100, 100 * MEGABYTE
MOST_OF_PROGRAM, MOST_BYTES_OF_PROGRAM = 300, 500 * MEGABYTE


@dataclass(frozen=True, kw_only=True)
class Found:
    """What somebody would share: a link, or a file."""

    title: str
    detail: str = ""
    url: str = ""
    file: FileStorage | None = None
    file_name: str = ""
    kind: str = ""
    """Of the file."""
    token: str

    @property
    def size(self) -> int:
        return uploads.size_of(self.file) if self.file else 0


def laid_down(found: Found) -> AbstractContextManager[str | None]:
    """Its file lies on the disk in here, under this name; of a link there is none."""
    return uploads.kept(found.file) if found.file else nullcontext(None)


def shared_before(session: Session, found: Found, by: Enrolment) -> Resource | None:
    """What came of the same form, where it was sent twice."""
    return session.scalar(
        select(Resource).where(
            Resource.by_id == by.id,
            Resource.token == found.token,
            Resource.title == found.title,
            Resource.url == found.url,
            Resource.file_name == found.file_name,
            Resource.size == found.size,
        )
    )


def share_with(
    session: Session, mentorship: Mentorship, found: Found, *, file: str | None, by: Participant, at: datetime
) -> Resource:
    """Everybody who belongs to it sees it from here on."""
    _must_fit(session, Resource.mentorship_id == mentorship.id, found, MOST_OF_PAIR, MOST_BYTES_OF_PAIR)
    made = _made(session, found, file, by.enrolment, at)
    made.mentorship = mentorship
    session.add(made)
    session.flush()
    outbox.announce(
        session, ResourceShared(**within(mentorship, by, at), resource=made.public_id, is_file=made.is_file)
    )
    telling.shared(session, mentorship, made, by=by, at=at)
    return made


def share_in(
    session: Session, program: Program, found: Found, *, file: str | None, by: Enrolment, at: datetime
) -> Resource:
    """Everybody who takes part in its current run sees it from here on."""
    _must_fit(session, Resource.program_id == program.id, found, MOST_OF_PROGRAM, MOST_BYTES_OF_PROGRAM)
    made = _made(session, found, file, by, at)
    made.program = program
    session.add(made)
    session.flush()
    return made


def take_away(session: Session, resource: Resource) -> str | None:
    """For everybody; the name of the file, which goes when that is settled."""
    session.delete(resource)
    session.flush()
    return resource.file


def _made(session: Session, found: Found, file: str | None, by: Enrolment, at: datetime) -> Resource:
    taken = select(Resource.id).where(Resource.by_id == by.id, Resource.token == found.token)
    # Somebody went back to the form and shares something else with it.
    token = found.token if session.scalar(taken) is None else new_public_id()
    return Resource(
        by=by,
        token=token,
        title=found.title,
        detail=found.detail,
        url=found.url,
        file=file,
        file_name=found.file_name,
        kind=found.kind,
        size=found.size,
        created=at,
    )


def _must_fit(session: Session, where: ColumnElement[bool], found: Found, most: int, most_bytes: int) -> None:
    number, size = session.execute(
        select(func.count(), func.coalesce(func.sum(Resource.size), 0)).select_from(Resource).where(where)
    ).one()
    if number >= most:
        raise Refusal(
            _("There are %(most)d resources here, which is as many as fit. Take one away that nobody needs.", most=most)
        )
    if found.file and size + found.size > most_bytes:
        raise Refusal(
            _(
                "All files here together have %(most)d MB at most, and this one no longer fits. Take one away that "
                "nobody needs, or put it elsewhere and share a link.",
                most=most_bytes // MEGABYTE,
            )
        )
