"""LRSs outside: where they are, and what of ours they have been promised."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db import Base, new_public_id
from lti_tool.models import Platform


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
    created: Mapped[datetime]

    @property
    def lane(self) -> str:
        return f"lrs:{self.public_id}"


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
