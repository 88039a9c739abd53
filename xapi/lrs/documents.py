"""Documents: where they stand, and how they are read, written, merged and removed. The caller commits.

Source: xAPI 1.0.3, part 3, sections 2.2, 2.3, 2.6 and 2.7.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from xapi.lrs.keys import hashed
from xapi.lrs.models import Document, Opened
from xapi.lrs.preconditions import etag_of
from xapi.validation import MalformedJsonError, strict_json

MOST_NAMED = 10_000
"""Ids in one list."""


class Kind(StrEnum):
    """The resources that hold documents."""

    STATE = "state"
    AGENT = "agent"
    ACTIVITY = "activity"


class NoJson(Exception):
    """What is sent as JSON is none."""


class CannotMerge(Exception):
    """Only JSON objects are merged; nothing was changed."""


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """Whose documents, of one kind: those of an agent, of an activity, or of both."""

    store: Opened
    kind: Kind
    activity: str = ""
    agent: str = ""
    """As `keys.agent_key` writes it."""
    registration: str | None = None
    """Of states: None for those of every registration, where several are asked for."""

    def conditions(self) -> list[ColumnElement[bool]]:
        whose = [
            Document.store_id == self.store.id,
            Document.kind == self.kind.value,
            Document.activity == self._activity_key,
            Document.agent == self.agent,
        ]
        return whose if self.registration is None else [*whose, Document.registration == self.registration]

    @property
    def _activity_key(self) -> str:
        return hashed(self.activity) if self.activity else ""

    def find(self, session: Session, name: str) -> Document | None:
        return session.get(
            Document,
            (self.store.id, self.kind.value, self._activity_key, self.agent, self.registration or "", hashed(name)),
            populate_existing=True,
        )

    def names(self, session: Session, since: datetime | None) -> Sequence[str]:
        """The ids of the documents, of those stored later than `since` only."""
        wanted = select(Document.name).where(*self.conditions())
        if since is not None:
            wanted = wanted.where(Document.updated > since)
        return session.scalars(wanted.distinct().order_by(Document.name).limit(MOST_NAMED)).all()

    def put(self, session: Session, name: str, content_type: str, content: bytes, at: datetime) -> None:
        """Make the document, or replace it. Raises NoJson."""
        if _is_json(content_type):
            _must_be_json(content)
        document = self.find(session, name)
        if document is None:
            document = Document(
                store_id=self.store.id,
                kind=self.kind.value,
                activity=self._activity_key,
                agent=self.agent,
                registration=self.registration or "",
                key=hashed(name),
                name=name,
            )
            session.add(document)
        document.content_type, document.content = content_type, content
        document.etag, document.updated = etag_of(content), at.astimezone(UTC)

    def merge(self, session: Session, name: str, content_type: str, content: bytes, at: datetime) -> None:
        """Make the document, or put the top-level keys of this JSON object into it. Raises CannotMerge, NoJson."""
        document = self.find(session, name)
        if document is not None:
            before, more = _object(document.content_type, document.content), _object(content_type, content)
            content = json.dumps(before | more, ensure_ascii=False, separators=(",", ":")).encode()
        self.put(session, name, content_type, content, at)

    def clear(self, session: Session) -> None:
        session.execute(delete(Document).where(*self.conditions()).execution_options(synchronize_session=False))


def _object(content_type: str, content: bytes) -> dict[str, object]:
    said = _must_be_json(content) if _is_json(content_type) else None
    if not isinstance(said, dict):
        raise CannotMerge("To merge documents, both must be JSON objects and sent as application/json.")
    return said


def _is_json(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() == "application/json"


def _must_be_json(content: bytes) -> object:
    try:
        return strict_json(content)
    except MalformedJsonError as bad:
        raise NoJson(f"The document is sent as application/json and must be well-formed: {bad}.") from None
