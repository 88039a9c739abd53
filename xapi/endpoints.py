"""LRSs outside: where they are, and what of ours they have been promised."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db import Base, new_public_id
from lti_tool.models import Platform
from xapi.identities import Actors
from xapi.profile import matching
from xapi.validation import Version

VERSIONS: tuple[Version, ...] = ("1.0.3", "2.0.0")
MOST_BYTES = 1024 * 1024
"""Of a request, until an LRS says that this is too much."""


class Endpoint(Base):
    """An outside LRS that receives the statements of one platform, or of all."""

    __tablename__ = "lrs_endpoint"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    platform_id: Mapped[int | None] = mapped_column(ForeignKey(Platform.id))
    """Whose statements it receives; None for every platform's."""
    label: Mapped[str]
    url: Mapped[str] = mapped_column(Text)
    """The xAPI address, without `/statements`."""
    key: Mapped[str]
    sealed_secret: Mapped[str] = mapped_column(Text)
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[str] = mapped_column(String(8), default="1.0.3")
    """Of xAPI, in which it is spoken to: one of VERSIONS."""
    actors: Mapped[Actors] = mapped_column(default=Actors.ACCOUNT)
    sealed_pseudonyms: Mapped[str | None] = mapped_column(Text)
    """The key of its pseudonyms, where it needs any; made with the endpoint, so that nobody is known under two."""
    course: Mapped[str | None] = mapped_column(Text)
    """The activity id of the only course it receives; None for all."""
    rooms: Mapped[list[str]] = mapped_column(default=list)
    """Of which rooms of the profile it receives statements; empty for all."""
    most_bytes: Mapped[int] = mapped_column(default=MOST_BYTES)
    """How large a request it takes: it has refused larger ones."""
    forwards_received: Mapped[bool] = mapped_column(default=False)
    """Whether it receives what others told our LRS as well, as they told it."""
    writes_as: Mapped[str | None] = mapped_column(String(32))
    """The key that it signs in with here itself, where it does: what it told is not sent back to it."""
    created: Mapped[datetime]

    @property
    def lane(self) -> str:
        return f"lrs:{self.public_id}"

    def wants(self, statement: Mapping[str, Any]) -> bool:
        """Whether a statement of ours is one that it is to have."""
        if self.rooms:
            template = matching.template_of(statement)
            if template is None or template.room not in self.rooms:
                return False
        if self.course is None:
            return True
        around = statement.get("context", {}).get("contextActivities", {}).get("grouping", ())
        return self.course in {statement["object"].get("id"), *(each["id"] for each in around)}


class RefusedStatement(Base):
    """A statement of ours that our own validator refused: kept with its faults, told to the operator, never sent."""

    __tablename__ = "lrs_refused_statement"
    __table_args__ = (UniqueConstraint("event_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(String(36))
    name: Mapped[str] = mapped_column(String(36))
    body: Mapped[str] = mapped_column(Text)
    faults: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
