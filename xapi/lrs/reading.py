"""Finding statements: every query starts from one store, or from the part of it that may be seen.

What is looked for stands in `Mention`, in the order of statements. Of several things the rarest leads: its rows are
read in that order, some at a time, and the others are looked up for each of them. So a page takes as long as the rarest
thing is rare.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from sqlalchemy import BigInteger, Select, bindparam, exists, select
from sqlalchemy.orm import aliased

from lti_tool.prepared import Here, Prepared, among
from xapi.lrs.asking import Query
from xapi.lrs.keys import activity_key, registration_key, short, sign, verb_key
from xapi.lrs.models import DIRECT, IN_A_COURSE, Mention, Opened, Place, Store, StoredStatement

AT_ONCE = 200
"""Mentions read at first, or as many as a page has statements; twice as many each time that was not enough."""
MOST_AT_ONCE = 3200
VERB_LEADS_FROM = 10
"""How many times rarer than anything else a verb is when it leads. Every row of the others has its verb in it, and
reading this many of them takes as long as looking up another thing for one row of the verb's."""
MANY = 500
"""Mentions from which on something counts as frequent."""
BEYOND = 2**62
ANYWHERE = -1
"""Every place there is."""

Pair = tuple[int, int]
"""The number of a statement that is found, and of the one that mentions what was asked for."""


@dataclass(frozen=True)
class Found:
    seq: int
    body: str
    stored: datetime


@dataclass(frozen=True)
class Page:
    """Some statements, in the order asked for."""

    found: Sequence[Found]
    cursor: int | None
    """Where the next page goes on; None if there is none."""

    @property
    def bodies(self) -> list[str]:
        return [each.body for each in self.found]

    def cut(self, length: int) -> Page:
        """Its beginning, for the rest to come on the next page."""
        return Page(self.found[:length], self.found[length - 1].seq)


@dataclass(frozen=True)
class Sight:
    """What may be seen: what lies outside can neither be found nor make anything match."""

    course: str | None = None
    """The activity id of the only course whose statements may be seen."""
    written_by: bytes | None = None
    """The only authority whose statements may be seen, as `keys.agent_key` makes it."""

    @property
    def is_whole(self) -> bool:
        return self.course is None and self.written_by is None

    @property
    def wanted(self) -> Iterator[Wanted]:
        if self.course is not None:
            yield Wanted(activity_key(self.course), int(IN_A_COURSE))
        if self.written_by is not None:
            yield Wanted(self.written_by, int(Place.AUTHORITY))


@dataclass(frozen=True)
class Wanted:
    """A key that a statement must mention in one of these places."""

    key: bytes
    places: int = ANYWHERE


@dataclass(frozen=True)
class _Window:
    """The numbers of the statements that come into question, both ends among them."""

    store: int
    low: int
    high: int
    ascending: bool

    def beyond(self, seq: int) -> _Window:
        """What is left from this number on, it being read already."""
        return replace(self, low=seq + 1) if self.ascending else replace(self, high=seq - 1)

    @property
    def limits(self) -> dict[str, int]:
        return {"store": self.store, "low": self.low, "high": self.high}


def find(here: Here, store: Opened, query: Query, sight: Sight = Sight()) -> Page:
    """The statements that the query asks for, newest first unless it says ascending.

    A statement also matches if it refers, perhaps over others, to one that matches, be that one voided or not
    (xAPI 1.0.3, part 3, section 2.1.4).
    """
    if query.wants_one:
        return Page(_one(here, store, query, sight), None)
    window = _window(here, store, query)
    asked_for, visible = list(_asked_for(query)), list(sight.wanted)
    size = query.limit + 1
    if asked_for or visible:
        found = _matching(here, window, query.verb, asked_for, visible, size)
    else:
        found = [Found(*row) for row in _in_order(query.ascending).rows(here, **window.limits, size=size)]
    has_more = len(found) > query.limit
    found = found[: query.limit]
    return Page(found, found[-1].seq if has_more else None)


def mentions(here: Here, store: Opened, activity: str, sight: Sight) -> bool:
    """Whether anything that may be seen mentions the activity."""
    return bool(find(here, store, Query(activity=activity, related_activities=True, limit=1), sight).found)


def _asked_for(query: Query) -> Iterator[Wanted]:
    if query.registration is not None:
        yield Wanted(registration_key(query.registration))
    if query.agent is not None:
        yield Wanted(query.agent, ANYWHERE if query.related_agents else int(DIRECT))
    if query.activity is not None:
        yield Wanted(activity_key(query.activity), ANYWHERE if query.related_activities else int(DIRECT))
    if query.verb is not None:
        yield Wanted(verb_key(query.verb))


# One.

_by_id = Prepared(
    select(StoredStatement.seq, StoredStatement.body, StoredStatement.stored).where(
        StoredStatement.store_id == bindparam("store"),
        StoredStatement.statement_id == bindparam("name"),
        StoredStatement.voided == bindparam("voided"),
    )
)


def _one(here: Here, store: Opened, query: Query, sight: Sight) -> list[Found]:
    """By id: what is voided is found as voided only."""
    name = query.voided_statement_id or query.statement_id
    row = _by_id.one(here, store=store.id, name=name, voided=query.voided_statement_id is not None)
    if row is None:
        return []
    found = Found(*row)
    pair = (found.seq, found.seq)
    is_seen = all(pair in _those_with(here, store.id, wanted, [found.seq]) for wanted in sight.wanted)
    return [found] if is_seen else []


# Many.


def _matching(
    here: Here, window: _Window, verb: str | None, asked_for: list[Wanted], visible: list[Wanted], size: int
) -> list[Found]:
    by_verb = Wanted(verb_key(verb)) if verb is not None else None
    lead, others = _lead(here, window, by_verb, [*asked_for, *visible])
    said = None
    if by_verb is not None and by_verb in others:
        # The verb stands in every row, so there is nothing to look up.
        others.remove(by_verb)
        said = short(by_verb.key)
    found: list[Found] = []
    reading = max(AT_ONCE, size)
    while len(found) < size:
        pairs = _rows(here, window, lead, said, others, reading)
        is_all = len(pairs) < reading
        if not is_all:
            # The rows of the last statement may go on behind what was read.
            last = pairs[-1][0]
            pairs = [pair for pair in pairs if pair[0] != last] or pairs
        found += _seen(here, window, _in_sight(here, window.store, pairs, visible), size - len(found))
        if is_all:
            break
        window = window.beyond(pairs[-1][0])
        reading = min(2 * reading, max(MOST_AT_ONCE, size))
    return found


def _lead(here: Here, window: _Window, by_verb: Wanted | None, wanted: Sequence[Wanted]) -> tuple[Wanted, list[Wanted]]:
    """The one whose mentions lie farthest apart where reading begins, and the others."""
    if len(wanted) == 1:
        return wanted[0], []
    far = _far(window.ascending)
    begin = window.low if window.ascending else _newest(here, window)

    def rarity(each: Wanted) -> int:
        """How far one gets in reading many of its mentions."""
        row = far.one(here, **window.limits, key=each.key, many=MANY)
        if row is None:
            return BEYOND
        gap = abs(int(row[0]) - begin)
        return gap // VERB_LEADS_FROM if each == by_verb else gap

    best = max(wanted, key=rarity)
    return best, [each for each in wanted if each is not best]


def _newest(here: Here, window: _Window) -> int:
    """Where reading begins if the newest come first."""
    if window.high < BEYOND:
        return window.high
    row = _newest_of.one(here, store=window.store)
    return int(row[0]) if row is not None else 0


def _rows(
    here: Here, window: _Window, lead: Wanted, verb: int | None, others: Sequence[Wanted], size: int
) -> list[Pair]:
    rows = _mentioned(window.ascending, verb is not None, len(others))
    named: dict[str, object] = {} if verb is None else {"verb": verb}
    for n, other in enumerate(others):
        named |= {f"key_{n}": other.key, f"places_{n}": other.places, f"sign_{n}": sign(other.key)}
    found = rows.rows(here, **window.limits, key=lead.key, places=lead.places, size=size, **named)
    return [(row[0], row[1]) for row in found]


def _in_sight(here: Here, store: int, pairs: Sequence[Pair], visible: Sequence[Wanted]) -> list[int]:
    """The numbers of what is found, in order, without what matches by another and may not be seen itself."""
    indirect = sorted({seq for seq, via in pairs if via != seq})
    for wanted in visible if indirect else ():
        there = _those_with(here, store, wanted, indirect)
        pairs = [pair for pair in pairs if pair[0] == pair[1] or (pair[0], pair[0]) in there]
    return list(dict.fromkeys(seq for seq, _ in pairs))


def _seen(here: Here, window: _Window, numbers: Sequence[int], size: int) -> list[Found]:
    """The first statements of these numbers that are not voided."""
    found: list[Found] = []
    place = 0
    while place < len(numbers) and len(found) < size:
        part = numbers[place : place + size]
        rows = _bodies.rows(here, store=window.store, numbers=list(part))
        found += [Found(*row) for row in sorted(rows, reverse=not window.ascending)]
        place += len(part)
    return found[:size]


def _those_with(here: Here, store: int, wanted: Wanted, numbers: list[int]) -> set[Pair]:
    rows = _looked_up.rows(here, store=store, key=wanted.key, places=wanted.places, numbers=numbers)
    return {(row[0], row[1]) for row in rows}


def _window(here: Here, store: Opened, query: Query) -> _Window:
    """From `since` to `until`, and behind the page before. Numbers grow as `stored` does and stand for it."""
    low, high = 1, BEYOND
    if query.since is not None:
        low = _last_until(here, store, query.since) + 1
    if query.until is not None:
        high = _last_until(here, store, query.until)
    window = _Window(store.id, low, high, query.ascending)
    if query.cursor is None:
        return window
    onward = window.beyond(query.cursor)
    return replace(window, low=max(low, onward.low), high=min(high, onward.high))


def _last_until(here: Here, store: Opened, at: datetime) -> int:
    row = _last.one(here, store=store.id, at=at)
    return int(row[0]) if row is not None else 0


_last = Prepared(
    select(StoredStatement.seq)
    .where(StoredStatement.store_id == bindparam("store"), StoredStatement.stored <= bindparam("at"))
    .order_by(StoredStatement.stored.desc())
    .limit(1)
)
_newest_of = Prepared(select(Store.last_seq).where(Store.id == bindparam("store")))
_bodies = Prepared(
    lambda dialect: select(StoredStatement.seq, StoredStatement.body, StoredStatement.stored).where(
        StoredStatement.store_id == bindparam("store"),
        among(StoredStatement.seq, "numbers", BigInteger())(dialect),
        StoredStatement.voided.is_(False),
    )
)
_looked_up = Prepared(
    lambda dialect: select(Mention.seq, Mention.via).where(
        Mention.store_id == bindparam("store"),
        Mention.key == bindparam("key"),
        among(Mention.seq, "numbers", BigInteger())(dialect),
        Mention.places.bitwise_and(bindparam("places")) != 0,
    )
)


@cache
def _in_order(ascending: bool) -> Prepared:
    seq = StoredStatement.seq
    return Prepared(
        select(seq, StoredStatement.body, StoredStatement.stored)
        .where(
            StoredStatement.store_id == bindparam("store"),
            seq.between(bindparam("low"), bindparam("high")),
            StoredStatement.voided.is_(False),
        )
        .order_by(seq if ascending else seq.desc())
        .limit(bindparam("size"))
    )


@cache
def _mentioned(ascending: bool, with_verb: bool, others: int) -> Prepared:
    """Rows of one thing whose statements have the others too.

    PostgreSQL looks these up row by row, as SQLite does by itself, because each is fenced by its offset: joined, they
    would be taken for far rarer together than they are, and read from end to end.
    """
    return Prepared(lambda dialect: _with_others(dialect, ascending, with_verb, others), is_planned_anew=True)


def _with_others(dialect: str, ascending: bool, with_verb: bool, others: int) -> Select[int, int]:
    wanted = select(Mention.seq, Mention.via).where(
        Mention.store_id == bindparam("store"),
        Mention.key == bindparam("key"),
        Mention.seq.between(bindparam("low"), bindparam("high")),
        Mention.places.bitwise_and(bindparam("places")) != 0,
    )
    if with_verb:
        wanted = wanted.where(Mention.verb == bindparam("verb"))
    for n in range(others):
        # Asked as "not none": of "equal to all" PostgreSQL expects one row in 200, and would read all there are.
        wanted = wanted.where(Mention.signs.bitwise_and(bindparam(f"sign_{n}", type_=BigInteger())) != 0)
    for n in range(others):
        other = aliased(Mention)
        found = select(other.seq).where(
            other.store_id == bindparam("store"),
            other.key == bindparam(f"key_{n}"),
            other.seq == Mention.seq,
            other.via == Mention.via,
            other.places.bitwise_and(bindparam(f"places_{n}")) != 0,
        )
        wanted = wanted.where(exists(found.offset(0) if dialect == "postgresql" else found))
    return wanted.order_by(Mention.seq if ascending else Mention.seq.desc()).limit(bindparam("size"))


@cache
def _far(ascending: bool) -> Prepared:
    return Prepared(
        select(Mention.seq)
        .where(
            Mention.store_id == bindparam("store"),
            Mention.key == bindparam("key"),
            Mention.seq.between(bindparam("low"), bindparam("high")),
        )
        .order_by(Mention.seq if ascending else Mention.seq.desc())
        .limit(1)
        .offset(bindparam("many"))
    )
