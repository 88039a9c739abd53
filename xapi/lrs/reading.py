"""Finding statements: every query starts from one store, or from the one course of it that may be seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from xapi.lrs.asking import Query
from xapi.lrs.keys import iri_key
from xapi.lrs.models import DIRECT, Place, StatementActivity, StatementAgent, Store, StoredStatement

Number = ColumnElement[int] | InstrumentedAttribute[int]
Words = ColumnElement[str] | InstrumentedAttribute[str] | InstrumentedAttribute[str | None]


@dataclass(frozen=True)
class Page:
    """Some statements, as JSON texts in the order asked for."""

    bodies: Sequence[str]
    cursor: int | None
    """Where the next page goes on; None if there is none."""


def find(session: Session, store: Store, query: Query, *, course: str | None = None) -> Page:
    """The statements that the query asks for, newest first unless it says ascending.

    A statement also matches if it refers, perhaps over others, to one that matches, be that one voided or not
    (xAPI 1.0.3, part 3, section 2.1.4). `course` is the activity id of the only course whose statements may
    be seen; what lies outside can neither be found nor make anything match.
    """
    if query.wants_one:
        body = _one(session, store, query, course)
        return Page([] if body is None else [body], None)
    wanted = query.limit + 1
    found = _matching(session, store, query, course, wanted)
    if _has_filters(query):
        found |= _referring(session, store, query, course, wanted)
    rows = sorted(found.items(), reverse=not query.ascending)
    has_more = len(rows) > query.limit
    rows = rows[: query.limit]
    return Page([body for _, body in rows], rows[-1][0] if has_more else None)


def _one(session: Session, store: Store, query: Query, course: str | None) -> str | None:
    """By id: what is voided is found as voided only."""
    is_voided = query.voided_statement_id is not None
    wanted = select(StoredStatement.body).where(
        StoredStatement.store_id == store.id,
        StoredStatement.statement_id == (query.voided_statement_id or query.statement_id),
        StoredStatement.voided.is_(is_voided),
        *(mention.exists(store, StoredStatement.seq) for mention in _of_course(course)),
    )
    return session.scalar(wanted)


def _matching(session: Session, store: Store, query: Query, course: str | None, wanted: int) -> dict[int, str]:
    """Those that match by themselves.

    The rarest thing asked for leads, in the order of its own index, so that a page is read without sorting.
    """
    seq: Number = StoredStatement.seq
    verb: Words = StoredStatement.verb
    mentions = [*_asked_for(query), *_of_course(course)]
    statements = select(StoredStatement.seq, StoredStatement.body).where(StoredStatement.store_id == store.id)
    if mentions and query.registration is None:
        leading = aliased(mentions[0].model)
        # Nothing is added to the verb, but SQLite then leaves its index, which is long, alone.
        seq, verb = leading.seq, StoredStatement.verb + ""
        statements = statements.join(leading, leading.seq == StoredStatement.seq)
        statements = statements.where(*mentions.pop(0).conditions(store, leading))
    statements = statements.where(
        *_said(query, verb, StoredStatement.registration),
        *(mention.exists(store, StoredStatement.seq) for mention in mentions),
    )
    return _rows(session, statements, store, query, seq, wanted)


def _referring(session: Session, store: Store, query: Query, course: str | None, wanted: int) -> dict[int, str]:
    """Those that refer to one that matches, or to one that refers to it, and so on.

    Few statements refer to others, so these are what to begin with. OFFSET 0 keeps databases from turning the
    question round, and the sum in the order from reading the whole store in its order.
    """
    refers = aliased(StoredStatement)
    targets = (
        select(
            StoredStatement.seq,
            StoredStatement.statement_id,
            StoredStatement.verb,
            StoredStatement.registration,
        )
        .join(refers, refers.ref == StoredStatement.statement_id)
        .where(refers.store_id == store.id, refers.ref.is_not(None), StoredStatement.store_id == store.id)
        .offset(0)
        .cte("targets")
    )
    visible = list(_of_course(course))
    mentions = [*_asked_for(query), *visible]
    matching = select(targets.c.statement_id).where(
        *_said(query, targets.c.verb, targets.c.registration),
        *(mention.exists(store, targets.c.seq) for mention in mentions),
    )
    reached = matching.cte("reached", recursive=True)
    is_visible = [mention.exists(store, StoredStatement.seq) for mention in visible]
    reached = reached.union(
        select(StoredStatement.statement_id)
        .join(reached, StoredStatement.ref == reached.c.statement_id)
        .where(StoredStatement.store_id == store.id, *is_visible)
    )
    statements = (
        select(StoredStatement.seq, StoredStatement.body)
        .join(reached, StoredStatement.ref == reached.c.statement_id)
        .where(StoredStatement.store_id == store.id, StoredStatement.ref.is_not(None), *is_visible)
    )
    return _rows(session, statements, store, query, StoredStatement.seq + 0, wanted)


def _rows(
    session: Session, statements: Select[int, str], store: Store, query: Query, seq: Number, wanted: int
) -> dict[int, str]:
    statements = statements.where(StoredStatement.voided.is_(False), *_window(store, query, seq))
    statements = statements.order_by(seq if query.ascending else seq.desc()).limit(wanted)
    return {row.seq: row.body for row in session.execute(statements)}


def _window(store: Store, query: Query, seq: Number) -> Iterator[ColumnElement[bool]]:
    """From `since` to `until`, and behind the page before. Numbers grow as `stored` does and stand for it."""
    if query.since is not None:
        yield seq > _last_until(store, query.since)
    if query.until is not None:
        yield seq <= _last_until(store, query.until)
    if query.cursor is not None:
        yield seq > query.cursor if query.ascending else seq < query.cursor


def _last_until(store: Store, at: datetime) -> ColumnElement[int]:
    earlier = aliased(StoredStatement)
    last = (
        select(earlier.seq)
        .where(earlier.store_id == store.id, earlier.stored <= at)
        .order_by(earlier.stored.desc())
        .limit(1)
    )
    return func.coalesce(last.scalar_subquery(), 0)


@dataclass(frozen=True)
class _Mention:
    """An agent or an activity that a statement must mention in one of these places, or anywhere."""

    model: type[StatementAgent] | type[StatementActivity]
    name: str
    places: Place | None

    def conditions(self, store: Store, table: Any) -> Iterator[ColumnElement[bool]]:
        yield table.store_id == store.id
        yield (table.key if self.model is StatementAgent else table.iri) == self.name
        if self.places is not None:
            yield table.places.bitwise_and(int(self.places)) != 0

    def exists(self, store: Store, seq: Number) -> ColumnElement[bool]:
        table = aliased(self.model)
        return exists().where(table.seq == seq, *self.conditions(store, table))


def _asked_for(query: Query) -> Iterator[_Mention]:
    if query.agent is not None:
        yield _Mention(StatementAgent, query.agent, None if query.related_agents else DIRECT)
    if query.activity is not None:
        yield _Mention(StatementActivity, query.activity, None if query.related_activities else DIRECT)


def _of_course(course: str | None) -> Iterator[_Mention]:
    """A statement belongs to a course if it is grouped under it or about it."""
    if course is not None:
        yield _Mention(StatementActivity, iri_key(course), Place.GROUPING | Place.OBJECT)


def _said(query: Query, verb: Words, registration: Words) -> Iterator[ColumnElement[bool]]:
    """What the statement's own columns must say."""
    if query.verb is not None:
        yield verb == query.verb
    if query.registration is not None:
        yield registration == query.registration


def _has_filters(query: Query) -> bool:
    return any(value is not None for value in (query.agent, query.activity, query.verb, query.registration))
