"""The app as wsgi.py assembles it, on an empty database of the newest shape, for every test its own."""

from __future__ import annotations

import contextvars
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType
from typing import Any

import psycopg
import pytest
from flask import Flask, Response, g
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Dialect, Engine, create_engine, event, text
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

import mentoring
import quizzes
import reviews
import xapi
from campus.testing import CampusInHand, FlaskBrowser, launch, running_campus
from lti_tool import cli, platform_keys, platforms
from lti_tool.app import create_app
from lti_tool.config import Config
from lti_tool.db import db, transaction
from lti_tool.models import Platform
from lti_tool.notifying import post_offices
from tests.cast import Cast
from tests.lti_tool.mail_server import MailServerInHand, running_mail_server
from tests.lti_tool.upgrading import empty_database

SECRET = "only-for-tests-" + "x" * 40
FEATURES = (mentoring, quizzes, reviews, xapi)
KEPT_TABLES = {"alembic_version", "signing_key"}


class CompiledOnce(BytecodeCache):
    """Templates compiled once for all the applications of a run: half of what a test's own application costs."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.code


TEMPLATES = CompiledOnce()

STATEMENTS: LRUCache[Any, Any] = LRUCache(5000)
"""Statements compiled once for all the engines of a run: putting them together was half of what a test cost."""


def _is_same_kind(one: Dialect, other: object) -> bool:
    return type(one) is type(other)


def _hash_of_kind(dialect: Dialect) -> int:
    return hash(type(dialect))


# What is compiled is kept under its dialect, and every engine has one of its own. In a run all of a kind are alike:
# one driver, one server.
for _kind in (SQLiteDialect_pysqlite, PGDialect_psycopg):
    _kind.__eq__ = _is_same_kind  # type: ignore[method-assign,assignment]
    _kind.__hash__ = _hash_of_kind  # type: ignore[method-assign,assignment]


RULES: dict[tuple[object, ...], dict[str, Any]] = {}
"""What werkzeug reads in a route and makes of it to build its addresses: once for all the applications of a run. With
hundreds of routes that was three quarters of what an application cost."""
_OF_A_RULE = ("_parts", "_trace", "_converters", "arguments")
_compile = Rule.compile
_BUILDERS = ("_build", "_build_unknown")


def _compile_once(rule: Rule) -> None:
    key = (rule.rule, rule.host, rule.subdomain, rule.strict_slashes, rule.merge_slashes, rule.websocket)
    if rule.defaults:
        _compile(rule)
    elif (kept := RULES.get(key)) is None:
        _compile(rule)
        builders = {name: getattr(rule, name).__func__ for name in _BUILDERS}
        RULES[key] = {name: getattr(rule, name) for name in _OF_A_RULE} | builders
    else:
        for name in _OF_A_RULE:
            setattr(rule, name, kept[name].copy())
        for name in _BUILDERS:
            setattr(rule, name, kept[name].__get__(rule, None))


Rule.compile = _compile_once  # type: ignore[method-assign,assignment]


@event.listens_for(Engine, "connect")
def _turn_what_has_no_order(connection: Any, _record: object) -> None:
    """SQLite gives the rows of a query without ORDER BY the other way round than it finds them.

    The order in which a database happens to find rows is nobody's promise, and PostgreSQL's is another one: what is
    green in both rounds asks for the order that it needs.
    """
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA reverse_unordered_selects = ON")


def make_app(url: str, root: Path) -> Flask:
    app = create_app(Config(testing=True, root=root, database_url=url, secret_key=SECRET), FEATURES)
    app.config["WTF_CSRF_ENABLED"] = False
    app.jinja_env.bytecode_cache = TEMPLATES
    with app.app_context():
        db.engine.update_execution_options(compiled_cache=STATEMENTS)
    app.test_client_class = OwnContextClient
    app.before_request(_watch_commits)
    app.after_request(_fail_forgotten_commit)
    return app


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> str:
    """The address of a migrated database: a file to copy, or this worker's own on PostgreSQL."""
    folder = tmp_path_factory.mktemp("template")
    server = os.environ.get("TEST_DATABASE_URL", "")
    url = fresh_postgres(server, f"mentoring_test_{worker_id}") if server else f"sqlite:///{folder / 'a.sqlite'}"
    app = make_app(url, folder)
    with app.app_context():
        cli.prepare_database()
        db.engine.dispose()
    return url


def fresh_postgres(server: str, name: str) -> str:
    address = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return address.set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    return str(getattr(request.config, "workerinput", {}).get("workerid", "main"))


@pytest.fixture
def database_url(template: str, tmp_path: Path, nobody_hurries: None) -> str:
    if template.startswith("postgresql"):
        _empty(template)
        return template
    copy = tmp_path / "mentoring.sqlite"
    shutil.copy(template.removeprefix("sqlite:///"), copy)
    return f"sqlite:///{copy}"


def _empty(url: str) -> None:
    """As migrated, with the first signing key. Deleting takes milliseconds where TRUNCATE takes half a second."""
    with psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)) as database:
        names = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()").fetchall()
        emptied = [f"DELETE FROM {name};" for (name,) in names if name not in KEPT_TABLES]
        # All at once: what takes time here is going back and forth.
        database.execute(
            f"""
            SET LOCAL session_replication_role = replica;
            {"".join(emptied)}
            DELETE FROM signing_key WHERE id > (SELECT min(id) FROM signing_key);
            UPDATE signing_key SET published_until = NULL;
            """.encode()
        )


@pytest.fixture
def old_database(tmp_path: Path) -> Iterator[Engine]:
    """An empty database, to be brought to a migration of long ago, filled, and migrated from there."""
    with empty_database(tmp_path) as engine:
        yield engine


@pytest.fixture
def nobody_hurries(monkeypatch: pytest.MonkeyPatch) -> None:
    """A class list may take as long as a busy machine needs; tests of who does not wait for it say so themselves."""
    monkeypatch.setattr("lti_tool.arrivals.arriving.PATIENCE", 60.0)
    monkeypatch.setattr("lti_tool.gradebook.views.PATIENCE", 60.0)


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    app = make_app(database_url, tmp_path)
    platform_keys.forget()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The database as the test sees it, inside an application context."""
    with app.app_context():
        yield db.session
        db.session.rollback()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def cast(session: Session) -> Cast:
    return Cast(session)


class OwnContextClient(FlaskClient):
    """Requests run in a context of their own, as they do on a server; the test's session sees what they did."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        outer = g._get_current_object() if g else None
        if outer is not None:
            db.session.commit()
        answer = contextvars.Context().run(super().open, *args, **kwargs)
        if outer is not None:
            db.session.expire_all()
        return answer


@event.listens_for(Session, "after_flush")
def _remember_flush(session: Session, _context: object) -> None:
    session.info["flushed"] = True


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_rollback")
def _forget_flush(session: Session) -> None:
    session.info.pop("flushed", None)


def _watch_commits() -> None:
    g.watched = True


def _fail_forgotten_commit(response: Response) -> Response:
    """A page that changes something commits it; listens on the request's own session."""
    session = db.session
    if response.status_code < 400:
        left = [*session.new, *session.deleted, *(row for row in session.dirty if session.is_modified(row))]
        assert not left, f"The page changed {left} and did not commit"
        assert not session.info.get("flushed"), "The page wrote to the database and did not commit"
    return response


@pytest.fixture
def campus(app: Flask, session: Session) -> Iterator[CampusInHand]:
    """A strict LMS on a port of its own, registered with the tool."""

    with running_campus(fetch_json=keys_of(app), post_json=notices_to(app)) as campus:
        register(campus)
        yield campus


def keys_of(app: Flask) -> Callable[[str], Any]:
    """The tool's key set, handed to a campus without a server in between."""

    def fetch(_url: str) -> Any:
        return contextvars.Context().run(lambda: app.test_client().get("/lti/jwks").get_json())

    return fetch


def notices_to(app: Flask) -> Callable[[str, Any], int]:
    """Notices of a campus, brought to the tool without a server in between."""

    def post(url: str, body: Any) -> int:
        return contextvars.Context().run(lambda: app.test_client().post(url, json=body).status_code)

    return post


def register(campus: CampusInHand) -> Platform:
    """Make the campus known to the tool, as `platform add` does."""
    said = campus.registration()
    with transaction() as session:
        return platforms.add(
            session,
            name=said["name"],
            issuer=said["issuer"],
            client_id=said["client_id"],
            auth_url=said["auth_url"],
            token_url=said["token_url"],
            jwks_url=said["jwks_url"],
            deployment_id=said["deployment_id"],
        )


Arrive = Callable[..., FlaskClient]


@pytest.fixture
def arrive(app: Flask, campus: CampusInHand) -> Arrive:
    """Launch somebody from the campus: `arrive("leo", "quiz")` is a client that stands on their page."""

    def arrive(
        person: str, placement: str = "mentoring", *, client: FlaskClient | None = None, **where: str
    ) -> FlaskClient:
        client = client or app.test_client()
        launched = launch(campus.visitor(person), placement, FlaskBrowser(client), **where)
        assert launched.answer.status == 303, launched.answer.text
        client.page = launched.answer.headers["Location"]  # type: ignore[attr-defined]
        return client

    return arrive


@pytest.fixture
def there(app: Flask) -> Iterator[MailServerInHand]:
    """A mail server of the tests' own, which takes what the tool mails."""
    with running_mail_server() as there:
        app.config.update(MAIL_URL=there.url, MAIL_FROM="Mentoring <mentoring@tool.example>")
        post_offices.init_app(app)
        yield there
