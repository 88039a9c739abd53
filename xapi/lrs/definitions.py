"""What statements say of activities, put together: languages and extensions add up, of all else the newest word counts.

Source: xAPI 1.0.3, part 3, section 2.5.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import String, bindparam, select, update

from lti_tool.prepared import Here, Prepared, among, insert_into
from xapi.lrs.keys import hashed
from xapi.lrs.models import KnownActivity, Opened

Part = Mapping[str, Any]

LONGEST = 64 * 1024
"""Characters that a definition may grow to; beyond, the newest one stands alone."""
_ADD_UP = ("name", "description", "extensions")


def defined_in(statement: Part) -> Iterator[tuple[str, Part]]:
    """Every activity that the statement defines."""
    for activity in _activities(statement):
        if activity.get("definition"):
            yield activity["id"], activity["definition"]


def _activities(statement: Part) -> Iterator[Part]:
    thing = statement["object"]
    kind = thing.get("objectType", "Activity")
    if kind == "Activity":
        yield thing
    elif kind == "SubStatement":
        yield from _activities(thing)
    for activities in statement.get("context", {}).get("contextActivities", {}).values():
        yield from activities


def merged(before: Part, more: Part) -> dict[str, Any]:
    found = {**before, **more}
    for name in _ADD_UP:
        if name in before and name in more:
            found[name] = {**before[name], **more[name]}
    return found


_known = Prepared(
    lambda dialect: select(KnownActivity.key, KnownActivity.definition).where(
        KnownActivity.store_id == bindparam("store"), among(KnownActivity.key, "keys", String())(dialect)
    )
)
_one = Prepared(
    select(KnownActivity.definition).where(
        KnownActivity.store_id == bindparam("store"), KnownActivity.key == bindparam("name")
    )
)
_add = insert_into(KnownActivity, "store_id", "key", "definition")
_change = Prepared(
    update(KnownActivity)
    .where(KnownActivity.store_id == bindparam("store"), KnownActivity.key == bindparam("name"))
    .values(definition=bindparam("said"))
)


def learn(here: Here, store: Opened, statements: Iterable[Part]) -> None:
    """Remember what these statements say of activities, in their order."""
    said: dict[str, Part] = {}
    for statement in statements:
        for iri, definition in defined_in(statement):
            earlier = said.get(iri)
            if earlier != definition:
                said[iri] = definition if earlier is None else merged(earlier, definition)
    if not said:
        return
    keys = {hashed(iri): definition for iri, definition in said.items()}
    rows = _known.rows(here, store=store.id, keys=sorted(keys))
    known: dict[str, str] = {row[0]: row[1] for row in rows}
    for key, definition in keys.items():
        _keep(here, store, key, definition, known.get(key))


def _keep(here: Here, store: Opened, key: str, definition: Part, known: str | None) -> None:
    text = _text(definition)
    if known is None:
        _add.run(here, store_id=store.id, key=key, definition=text)
    elif text != known and (both := _text(merged(json.loads(known), definition))) != known:
        _change.run(here, store=store.id, name=key, said=both if len(both) <= LONGEST else text)


def _text(definition: Part) -> str:
    return json.dumps(definition, ensure_ascii=False, separators=(",", ":"))


def definition_of(here: Here, store: Opened, iri: str) -> Part | None:
    row = _one.one(here, store=store.id, name=hashed(iri))
    return None if row is None else json.loads(row[0])
