"""The tools the campus knows: the one it was opened with, and those that were registered since."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from campus.settings import Settings
from campus.store import Store
from campus.tool_keys import ToolKeys, fetch_json

EVERY_CLAIM = ("sub", "iss", "name", "given_name", "family_name", "email")
TOOL_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"


class Standing(StrEnum):
    PENDING = "pending"
    """Registered, and not let in by the campus's administrator."""
    ACTIVE = "active"


@dataclass(frozen=True, kw_only=True)
class Tool:
    """One tool under its client id; the courses use the one that was activated last."""

    client_id: str
    name: str
    login_url: str
    launch_url: str
    redirect_uris: tuple[str, ...]
    jwks_url: str
    deployment_id: str
    scopes: tuple[str, ...] | None = None
    """What it was granted; None for everything there is."""
    claims: tuple[str, ...] = EVERY_CLAIM
    custom: Mapping[str, str] = field(default_factory=dict)
    standing: Standing = Standing.ACTIVE

    def may(self, scope: str) -> bool:
        return self.scopes is None or scope in self.scopes

    @property
    def origin(self) -> str:
        return origin_of(self.launch_url)


def origin_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


class Toolbox:
    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self.fetch: Callable[[str], Any] = settings.fetch_json or fetch_json
        """How JSON of the tool's is read from its address."""
        self._keys: dict[str, ToolKeys] = {}
        self.first = Tool(
            client_id=settings.client_id,
            name="The tool the campus was opened with",
            login_url=settings.login_url,
            launch_url=settings.launch_url,
            redirect_uris=(settings.launch_url,),
            jwks_url=settings.tool_jwks_url,
            deployment_id=settings.deployment_id,
        )

    def registered(self) -> list[Tool]:
        return [_tool(row) for row in self._store.all("SELECT * FROM tools ORDER BY number")]

    def current(self) -> Tool:
        """The tool the courses use."""
        row = self._store.first("SELECT * FROM tools WHERE activated IS NOT NULL ORDER BY activated DESC LIMIT 1")
        return _tool(row) if row else self.first

    def find(self, client_id: str) -> Tool | None:
        row = self._store.first("SELECT * FROM tools WHERE client_id = ?", client_id)
        if row is None:
            return self.first if client_id == self.first.client_id else None
        return _tool(row)

    def keys_of(self, tool: Tool) -> ToolKeys:
        return self._keys.setdefault(tool.jwks_url, ToolKeys(tool.jwks_url, self.fetch))

    def add(self, client_id: str, body: Mapping[str, Any], scopes: list[str], claims: list[str]) -> Tool:
        """Keep a registration that was found good, pending."""
        with self._store.writing() as db:
            number = 2 + db.execute("SELECT count(*) AS n FROM tools").fetchone()["n"]
            db.execute(
                "INSERT INTO tools VALUES (?, ?, ?, ?, ?, ?, NULL)",
                (number, client_id, json.dumps(body), json.dumps(scopes), json.dumps(claims), str(number)),
            )
        added = self.find(client_id)
        assert added is not None
        return added

    def activate(self, client_id: str, *, deployment_id: str | None = None) -> None:
        """Let a tool in and have the courses use it."""
        with self._store.writing() as db:
            newest = db.execute("SELECT coalesce(max(activated), 0) AS n FROM tools").fetchone()["n"]
            db.execute("UPDATE tools SET activated = ? WHERE client_id = ?", (newest + 1, client_id))
            if deployment_id is not None:
                db.execute("UPDATE tools SET deployment_id = ? WHERE client_id = ?", (deployment_id, client_id))

    def put_away(self) -> None:
        """Use the tool the campus was opened with again; registered ones are pending once more."""
        with self._store.writing() as db:
            db.execute("UPDATE tools SET activated = NULL")


def canvas_client_id() -> str:
    """A client id as Canvas has them: the number of a developer key."""
    return str(secrets.randbelow(10**4) + 10_000_000_000_000)


def canvas_deployment() -> str:
    """A deployment id as Canvas makes them when a tool is installed: no registration knows it beforehand."""
    return f"{secrets.randbelow(900) + 100}:{secrets.token_hex(20)}"


def _tool(row: sqlite3.Row) -> Tool:
    body = json.loads(row["body"])
    about = body[TOOL_CONFIGURATION]
    return Tool(
        client_id=row["client_id"],
        name=body["client_name"],
        login_url=body["initiate_login_uri"],
        launch_url=about["target_link_uri"],
        redirect_uris=tuple(body["redirect_uris"]),
        jwks_url=body["jwks_uri"],
        deployment_id=row["deployment_id"],
        scopes=tuple(json.loads(row["scopes"])),
        claims=tuple(json.loads(row["claims"])),
        custom=about.get("custom_parameters", {}),
        standing=Standing.PENDING if row["activated"] is None else Standing.ACTIVE,
    )
