"""The tables of the embedded LRS. Everything hangs below a store; nothing is ever shared between two."""

from __future__ import annotations

from datetime import datetime
from enum import IntFlag

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db import Base, new_public_id
from lti_tool.models import Platform


class Place(IntFlag):
    """Where in a statement an agent or an activity stands; one that stands in several places adds them up."""

    ACTOR = 1
    OBJECT = 2
    AUTHORITY = 4
    INSTRUCTOR = 8
    TEAM = 16
    COMPANY = 32
    """In contextAgents or contextGroups."""
    PARENT = 64
    GROUPING = 128
    CATEGORY = 256
    OTHER = 512
    SUB_STATEMENT = 1024
    """Anywhere inside a SubStatement."""


DIRECT = Place.ACTOR | Place.OBJECT
"""The places that the filters `agent` and `activity` look at, unless they are asked for related ones."""


class Store(Base):
    """The statements of one platform registration: the tenant that every query starts from."""

    __tablename__ = "lrs_store"

    id: Mapped[int] = mapped_column(primary_key=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey(Platform.id), unique=True)
    last_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    """The number of the newest statement. Who stores locks this row, so numbers are committed in order."""
    last_stored: Mapped[datetime]
    """When the newest statement was stored; in an empty store, just before it was made."""
    created: Mapped[datetime]


class StoredStatement(Base):
    """A statement as it is given out, and what it is looked for by."""

    __tablename__ = "lrs_statement"
    __table_args__ = (
        Index("ix_lrs_statement_id", "store_id", "statement_id", unique=True),
        Index("ix_lrs_statement_stored", "store_id", "stored"),
        Index("ix_lrs_statement_verb", "store_id", "verb", "seq"),
        Index("ix_lrs_statement_registration", "store_id", "registration", "seq"),
        Index(
            "ix_lrs_statement_ref",
            "store_id",
            "ref",
            sqlite_where=text("ref IS NOT NULL"),
            postgresql_where=text("ref IS NOT NULL"),
        ),
    )

    store_id: Mapped[int] = mapped_column(ForeignKey(Store.id), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """Counts the statements of the store: its order, the order of `stored`, and where a page ends."""
    statement_id: Mapped[str] = mapped_column(String(36))
    stored: Mapped[datetime]
    timestamp: Mapped[datetime]
    verb: Mapped[str] = mapped_column(Text)
    """The verb's IRI, as `keys.iri_key` writes it."""
    registration: Mapped[str | None] = mapped_column(String(36))
    ref: Mapped[str | None] = mapped_column(String(36))
    """The statement that this one is about, if its object is a StatementRef."""
    voided: Mapped[bool] = mapped_column(default=False)
    body: Mapped[str] = mapped_column(Text)
    """The statement in JSON, exactly as every reader gets it."""


class StatementAgent(Base):
    """Who is mentioned in a statement: one row for each, however many places they stand in."""

    __tablename__ = "lrs_statement_agent"
    __table_args__ = (
        PrimaryKeyConstraint("store_id", "key", "seq"),
        ForeignKeyConstraint(["store_id", "seq"], [StoredStatement.store_id, StoredStatement.seq]),
        Index("ix_lrs_statement_agent_seq", "store_id", "seq"),
        {"sqlite_with_rowid": False},
    )

    store_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(64))
    """The agent's identifier, as `keys.agent_key` writes it."""
    seq: Mapped[int] = mapped_column(BigInteger)
    places: Mapped[int]
    """A sum of `Place`."""


class StatementActivity(Base):
    """Which activities are mentioned in a statement: one row for each, however many places they stand in."""

    __tablename__ = "lrs_statement_activity"
    __table_args__ = (
        PrimaryKeyConstraint("store_id", "iri", "seq"),
        ForeignKeyConstraint(["store_id", "seq"], [StoredStatement.store_id, StoredStatement.seq]),
        Index("ix_lrs_statement_activity_seq", "store_id", "seq"),
        {"sqlite_with_rowid": False},
    )

    store_id: Mapped[int]
    iri: Mapped[str] = mapped_column(Text)
    """The activity's id, as `keys.iri_key` writes it."""
    seq: Mapped[int] = mapped_column(BigInteger)
    places: Mapped[int]
    """A sum of `Place`."""


class Credential(Base):
    """What a consumer signs in with: one store, perhaps one course of it, and what it may do there."""

    __tablename__ = "lrs_credential"

    id: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey(Store.id), index=True)
    course: Mapped[str | None] = mapped_column(Text)
    """The activity id of the only course it may read, as statements name it; None for all of the store."""
    key: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    """The user name of Basic authentication."""
    secret_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the password; that is enough, because the password is 256 random bits."""
    scopes: Mapped[list[str]]
    label: Mapped[str]
    """Whose it is, in the operator's words."""
    created: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
