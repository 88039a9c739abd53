"""The tables of the embedded LRS. Everything hangs below a store; nothing is ever shared between two."""

from __future__ import annotations

from datetime import datetime
from enum import IntFlag
from typing import Protocol

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    LargeBinary,
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
    VERB = 2048
    REGISTRATION = 4096


IN_A_COURSE = Place.GROUPING | Place.OBJECT
"""Where a statement names the course that it belongs to: it is grouped under it, or about it."""
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


class Opened(Protocol):
    """A store as far as statements need it: its row, or what a credential opens."""

    @property
    def id(self) -> int: ...


class StoredStatement(Base):
    """A statement as it is given out, and what it is looked for by."""

    __tablename__ = "lrs_statement"
    __table_args__ = (
        Index("ix_lrs_statement_id", "store_id", "statement_id", unique=True),
        Index("ix_lrs_statement_stored", "store_id", "stored"),
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


class Mention(Base):
    """What a statement is looked for by: its verb, its registration, each agent and each activity, a row for each.

    A statement that refers to another is found by what that one mentions as well, and so on along the references; such
    rows stand here too. Nothing but a statement's own rows may find it, so no key leads from here to it: rows come with
    their statement and go with it, and a lookup for each of ten would take as long as writing them.
    """

    __tablename__ = "lrs_mention"
    __table_args__ = (
        PrimaryKeyConstraint("store_id", "key", "seq", "via", postgresql_include=["places", "verb", "signs"]),
        Index("ix_lrs_mention_seq", "store_id", "seq"),
        {"sqlite_with_rowid": False},
    )

    store_id: Mapped[int] = mapped_column(ForeignKey(Store.id))
    key: Mapped[bytes] = mapped_column(LargeBinary(16))
    """As `keys` makes it."""
    seq: Mapped[int] = mapped_column(BigInteger)
    """The statement that is found."""
    via: Mapped[int] = mapped_column(BigInteger)
    """The statement that mentions it: the same one, or one that it refers to."""
    places: Mapped[int]
    """A sum of `Place`."""
    verb: Mapped[int] = mapped_column(BigInteger)
    """The verb of the statement that mentions it, as `keys.short` writes it: it is looked for with the rest."""
    signs: Mapped[int] = mapped_column(BigInteger, server_default=text("-1"))
    """A bit, as `keys.sign` makes it, for each thing that the statement mentions beside this one: where one is missing,
    there is nothing to look up. Rows from before there were signs have all of them."""


class KnownActivity(Base):
    """What statements have said of an activity, put together."""

    __tablename__ = "lrs_activity"
    __table_args__ = (PrimaryKeyConstraint("store_id", "key"), {"sqlite_with_rowid": False})

    store_id: Mapped[int] = mapped_column(ForeignKey(Store.id))
    key: Mapped[str] = mapped_column(String(64))
    """The activity's id, as `keys.hashed` writes it."""
    definition: Mapped[str] = mapped_column(Text)
    """In JSON."""


class Attachment(Base):
    """Data that came along with statements; they name it by its hash."""

    __tablename__ = "lrs_attachment"
    __table_args__ = (PrimaryKeyConstraint("store_id", "sha2"),)

    store_id: Mapped[int] = mapped_column(ForeignKey(Store.id))
    sha2: Mapped[str] = mapped_column(String(128))
    size: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary)


class Document(Base):
    """A small document that a consumer keeps beside the statements: a state, or a profile of an agent or activity."""

    __tablename__ = "lrs_document"
    __table_args__ = (
        PrimaryKeyConstraint("store_id", "kind", "activity", "agent", "registration", "key"),
        Index("ix_lrs_document_agent", "store_id", "agent"),
    )

    store_id: Mapped[int] = mapped_column(ForeignKey(Store.id))
    kind: Mapped[str] = mapped_column(String(8))
    """The resource it belongs to, as `documents.Kind` names it."""
    activity: Mapped[str] = mapped_column(String(64))
    """As `keys.hashed` writes its id; empty where a document is of none."""
    agent: Mapped[str] = mapped_column(String(32))
    """As `keys.agent_key` makes it, in hex; empty where a document is of nobody."""
    registration: Mapped[str] = mapped_column(String(36))
    key: Mapped[str] = mapped_column(String(64))
    """The document's own id, as `keys.hashed` writes it."""
    name: Mapped[str] = mapped_column(Text)
    """The document's own id."""
    content_type: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    etag: Mapped[str] = mapped_column(String(40))
    """SHA-1 of the content, as xAPI wants it."""
    updated: Mapped[datetime]


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
