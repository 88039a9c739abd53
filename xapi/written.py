"""Statements as an LRS outside is to have them: in its version, with people named as it wants, and with their data."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import String, bindparam, select

from lti_tool import keys
from lti_tool.db import db
from lti_tool.prepared import Prepared, among
from xapi.consent.saying import addresses_for
from xapi.endpoints import Endpoint
from xapi.identities import Actors, Name, by_mail, pseudonyms, renamed
from xapi.lrs import attachments
from xapi.lrs.arriving import attachments_of
from xapi.lrs.models import StoredStatement
from xapi.lrs.parts import Part
from xapi.retelling import authority

COMPANY = ("contextAgents", "contextGroups")
ADDED_BY_THE_STORE = ("stored", "authority", "version")

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True)
class Opening:
    """A store by its number."""

    id: int


class Written(NamedTuple):
    store: Opening
    statement_id: str
    text: str
    """In JSON, written once: what counts against the size of a request is what is sent."""
    attached: Mapping[str, Mapping[str, Any]]
    """What it says of each attachment whose data is here, by its hash in lower case."""
    attached_bytes: int

    @property
    def size(self) -> int:
        return len(self.text.encode("utf-8", "surrogatepass")) + self.attached_bytes


_stored = Prepared(
    lambda dialect: select(StoredStatement.statement_id, StoredStatement.body).where(
        StoredStatement.store_id == bindparam("store"), among(StoredStatement.statement_id, "ids", String())(dialect)
    )
)


def written_for(endpoint: Endpoint, wanted: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Written]:
    """The statements with these stores and ids, those that are still there."""
    write, ids = _writer(endpoint), dict[int, list[str]]()
    for store, statement_id in wanted:
        ids.setdefault(store, []).append(statement_id)
    return {
        (store, statement_id): _written(Opening(store), statement_id, write(json.loads(body)))
        for store, named in ids.items()
        for statement_id, body in _stored.rows(db.session, store=store, ids=named)
    }


def _written(store: Opening, statement_id: str, said: Mapping[str, Any]) -> Written:
    named = {each["sha2"].lower(): each for each in attachments_of(said)}
    sizes = attachments.sizes_of(db.session, store, named)
    held = {sha2: each for sha2, each in named.items() if sha2 in sizes}
    return Written(store, statement_id, _encode(said), held, sum(sizes.values()))


Write = Callable[[dict[str, Any]], dict[str, Any]]


def _writer(endpoint: Endpoint) -> Write:
    """How a statement of ours is written for this LRS."""
    base, ours = current_app.config["IRI_BASE"], authority()
    name, speaks_2 = _name(endpoint, base), endpoint.version.startswith("2.")

    def write(statement: dict[str, Any]) -> dict[str, Any]:
        said = _as_written(statement)
        if name is not None:
            said = renamed(said, name, ours=base)
        if not speaks_2:
            return _without_company(said)
        return _with_company(said) if statement.get("authority") == ours else said

    return write


def _name(endpoint: Endpoint, base: str) -> Name | None:
    """None where people keep the account that the LMS knows."""
    if endpoint.actors is Actors.ACCOUNT:
        return None
    assert endpoint.sealed_pseudonyms is not None
    name = pseudonyms(keys.unseal(endpoint.sealed_pseudonyms).encode(), base)
    return by_mail(addresses_for(endpoint), name) if endpoint.actors is Actors.MAIL else name


def _with_company(statement: dict[str, Any]) -> dict[str, Any]:
    """Who instructs stands among the agents of the context too, where xAPI 2.0 looks for people."""
    context = statement.get("context", {})
    if "instructor" not in context:
        return statement
    company = [{"objectType": "contextAgent", "agent": context["instructor"]}]
    return {**statement, "context": {**context, "contextAgents": company}}


def _without_company(statement: dict[str, Any]) -> dict[str, Any]:
    """What others told in xAPI 2.0, without what 1.0.3 does not know."""
    if "context" not in statement:
        return statement
    context = {name: part for name, part in statement["context"].items() if name not in COMPANY}
    return {**statement, "context": context}


def _as_written(statement: dict[str, Any]) -> dict[str, Any]:
    """Without what our own store added: the next store adds its own."""
    return {name: value for name, value in statement.items() if name not in ADDED_BY_THE_STORE}


def data_of(statements: Sequence[Written]) -> list[Part]:
    """What goes along with these statements, each once."""
    wanted = {sha2: (each.store, said) for each in statements for sha2, said in each.attached.items()}
    found = [attachments.part(db.session, store, sha2, said) for sha2, (store, said) in wanted.items()]
    if found:
        # A call that leaves the building is made outside any transaction.
        db.session.commit()
    return found
