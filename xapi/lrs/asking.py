"""What a reader asks of the statement resource: query parameters in, a Query out, or what is wrong with them.

Source: xAPI 1.0.3, part 3, section 2.1.3. A parameter that is unknown, written in another case or given twice
is an error, because a filter that is silently left out gives out too much.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from xapi.lrs.keys import agent_key
from xapi.validation import MalformedJsonError, strict_json
from xapi.validation.agents import agent_or_group
from xapi.validation.times import moment
from xapi.validation.values import is_iri, is_uuid

Format = Literal["exact", "ids", "canonical"]

MOST_STATEMENTS = 500
"""How many statements one answer holds when the reader wants as many as we give."""
_WHOLE_NUMBER = re.compile(r"[0-9]{1,18}")


class BadQuery(Exception):
    """The parameters cannot be answered; the message says which and why."""


@dataclass(frozen=True, kw_only=True)
class Query:
    """One question to the statement resource."""

    statement_id: str | None = None
    voided_statement_id: str | None = None
    agent: bytes | None = None
    """As `keys.agent_key` makes it."""
    verb: str | None = None
    activity: str | None = None
    registration: str | None = None
    related_activities: bool = False
    related_agents: bool = False
    since: datetime | None = None
    until: datetime | None = None
    limit: int = MOST_STATEMENTS
    ascending: bool = False
    format: Format = "exact"
    attachments: bool = False
    cursor: int | None = None
    """The number of the last statement of the page before this one."""

    @property
    def wants_one(self) -> bool:
        return self.statement_id is not None or self.voided_statement_id is not None


def ask(arguments: Mapping[str, Sequence[str]]) -> Query:
    """The question that these parameters put; raises BadQuery."""
    found: dict[str, Any] = {}
    for name, values in arguments.items():
        if name not in _PARAMETERS:
            raise BadQuery(f"There is no parameter {_short(name)}{_meant(name)}")
        if len(values) != 1:
            raise BadQuery(f"The parameter {name} may be given only once.")
        field, read, kind = _PARAMETERS[name]
        value = read(values[0])
        if value is None:
            raise BadQuery(f"The parameter {name} must be {kind}.")
        found[field] = value
    query = Query(**found)
    _check_together(query, arguments)
    return query


def _check_together(query: Query, arguments: Mapping[str, Sequence[str]]) -> None:
    if not query.wants_one:
        return
    if query.statement_id is not None and query.voided_statement_id is not None:
        raise BadQuery("Ask for statementId or for voidedStatementId, not for both.")
    for name in arguments:
        if name not in ("statementId", "voidedStatementId", "attachments", "format"):
            raise BadQuery(f"The parameter {name} cannot be combined with the id of one statement.")


def _meant(name: str) -> str:
    right = next((known for known in _PARAMETERS if known.lower() == name.lower()), None)
    return f"; did you mean {right}?" if right else "."


def _short(name: str) -> str:
    return name if len(name) <= 60 else name[:60] + "…"


def _uuid(value: str) -> str | None:
    return value.lower() if is_uuid(value) else None


def _iri(value: str) -> str | None:
    return value if is_iri(value) else None


def _boolean(value: str) -> bool | None:
    return {"true": True, "false": False}.get(value)


def agent_said(value: str) -> dict[str, Any] | None:
    """The agent or identified group that this JSON says; None if it says none."""
    try:
        agent = strict_json(value)
    except MalformedJsonError:
        return None
    return agent if isinstance(agent, dict) and not agent_or_group(agent) and agent_key(agent) else None


def agent_named(value: str) -> bytes | None:
    """Its key."""
    agent = agent_said(value)
    return None if agent is None else agent_key(agent)


def _limit(value: str) -> int | None:
    """Zero asks for as many as we give, and nobody gets more."""
    if not _WHOLE_NUMBER.fullmatch(value):
        return None
    return min(int(value) or MOST_STATEMENTS, MOST_STATEMENTS)


def _cursor(value: str) -> int | None:
    return int(value) if _WHOLE_NUMBER.fullmatch(value) else None


def _format(value: str) -> str | None:
    return value if value in ("exact", "ids", "canonical") else None


_PARAMETERS: dict[str, tuple[str, Callable[[str], object], str]] = {
    "statementId": ("statement_id", _uuid, "a UUID"),
    "voidedStatementId": ("voided_statement_id", _uuid, "a UUID"),
    "agent": ("agent", agent_named, "a JSON object of an agent or an identified group"),
    "verb": ("verb", _iri, "an IRI"),
    "activity": ("activity", _iri, "an IRI"),
    "registration": ("registration", _uuid, "a UUID"),
    "related_activities": ("related_activities", _boolean, "true or false"),
    "related_agents": ("related_agents", _boolean, "true or false"),
    "since": ("since", moment, "an ISO 8601 date and time (write + as %2B)"),
    "until": ("until", moment, "an ISO 8601 date and time (write + as %2B)"),
    "limit": ("limit", _limit, "a whole number, 0 for as many as possible"),
    "format": ("format", _format, "exact, ids or canonical"),
    "attachments": ("attachments", _boolean, "true or false"),
    "ascending": ("ascending", _boolean, "true or false"),
    "cursor": ("cursor", _cursor, "taken from a `more` link"),
}
