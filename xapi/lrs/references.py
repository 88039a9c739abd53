"""A statement that refers to another is also found by what that one mentions, and so on along the references.

Source: xAPI 1.0.3, part 3, section 2.1.4. It is written down when the last statement of such a chain arrives, whichever
that is, so that a filter finds all of them in one order.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import String, bindparam, select

from lti_tool.prepared import Here, Prepared, among
from xapi.lrs.keys import mentions_of
from xapi.lrs.models import Opened, StoredStatement

FARTHEST = 10
"""How many references are followed one after the other."""


@dataclass(frozen=True)
class Link:
    """A statement of a chain."""

    seq: int
    statement_id: str
    ref: str | None
    verb: str
    body: str | Mapping[str, Any]

    @cached_property
    def mentions(self) -> dict[bytes, int]:
        return mentions_of(json.loads(self.body) if isinstance(self.body, str) else self.body)


_COLUMNS = (
    StoredStatement.seq,
    StoredStatement.statement_id,
    StoredStatement.ref,
    StoredStatement.verb,
    StoredStatement.body,
)
_named = Prepared(
    lambda dialect: select(*_COLUMNS).where(
        StoredStatement.store_id == bindparam("store"),
        among(StoredStatement.statement_id, "ids", String())(dialect),
    )
)
_referring = Prepared(
    lambda dialect: select(*_COLUMNS).where(
        StoredStatement.store_id == bindparam("store"),
        StoredStatement.ref.is_not(None),
        among(StoredStatement.ref, "ids", String())(dialect),
    )
)


def stored_as(here: Here, store: Opened, ids: Iterable[str]) -> list[Link]:
    """Those of these ids that are stored."""
    return [Link(*row) for row in _named.rows(here, store=store.id, ids=sorted(ids))]


def referring_to(here: Here, store: Opened, ids: Iterable[str]) -> list[Link]:
    """The stored statements that refer to these."""
    return [Link(*row) for row in _referring.rows(here, store=store.id, ids=sorted(ids))]


def inherited(here: Here, store: Opened, new: Sequence[Link], came_first: Sequence[Link]) -> Iterator[tuple[int, Link]]:
    """Pairs of the number of a statement and one that it leads to, wherever one of the new ones makes the connection.

    `came_first` are the stored ones that refer to new ones. Each statement refers to one other at most, so there is but
    one way between two, and no pair comes twice.
    """
    below = _Below(here, store, new)
    for link in new:
        yield from ((link.seq, other) for other in below(link) if other is not link)
    by_id = {link.statement_id: link for link in new}
    above = [(old, by_id[old.ref]) for old in came_first if old.ref is not None]
    for distance in range(1, FARTHEST + 1):
        for old, link in above:
            chain = [link, *below(link)][: FARTHEST - distance + 1]
            yield from ((old.seq, other) for other in chain if other.seq != old.seq)
        if not above:
            return
        reached = {old.statement_id: link for old, link in above}
        further = referring_to(here, store, reached)
        # Those among the new have been seen to above; an old one that comes again closes a circle.
        above = [(old, reached[old.ref]) for old in further if old.ref is not None and old.statement_id not in by_id]


class _Below:
    """What a statement leads to, nearest first, each once."""

    def __init__(self, here: Here, store: Opened, new: Sequence[Link]) -> None:
        self._known: dict[str, Link | None] = {link.statement_id: link for link in new}
        missing = {link.ref for link in new if link.ref is not None} - self._known.keys()
        for _ in range(FARTHEST):
            if not missing:
                break
            found = {link.statement_id: link for link in stored_as(here, store, missing)}
            self._known |= {name: found.get(name) for name in missing}
            missing = {link.ref for link in found.values() if link.ref is not None} - self._known.keys()

    def __call__(self, link: Link) -> list[Link]:
        found: list[Link] = []
        seen = {link.statement_id}
        ref = link.ref
        while ref is not None and ref not in seen and len(found) < FARTHEST:
            seen.add(ref)
            following = self._known.get(ref)
            if following is None:
                break
            found.append(following)
            ref = following.ref
        return found
