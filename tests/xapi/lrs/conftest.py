"""The embedded LRS alone on the ground floor, on an empty database of its own."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from lti_tool.app import create_app
from lti_tool.config import Config
from lti_tool.db import Base, db
from lti_tool.models import Platform
from xapi import lrs
from xapi.lrs import storing
from xapi.lrs.models import Store

THEN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def make_app(url: str, root: Path) -> Flask:
    return create_app(Config(testing=True, root=root, database_url=url, secret_key="only-for-tests" * 4), [lrs])


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> str:
    """A database with empty tables: a file to copy, or this worker's own on PostgreSQL."""
    folder = tmp_path_factory.mktemp("lrs")
    server = os.environ.get("TEST_DATABASE_URL", "")
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    url = fresh(server, f"mentoring_test_lrs_{worker}") if server else f"sqlite:///{folder / 'lrs.sqlite'}"
    with make_app(url, folder).app_context():
        Base.metadata.create_all(db.engine)
        db.engine.dispose()
    return url


def fresh(server: str, name: str) -> str:
    address = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return address.set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def database_url(template: str, tmp_path: Path) -> str:
    if template.startswith("sqlite"):
        shutil.copy(template.removeprefix("sqlite:///"), tmp_path / "lrs.sqlite")
        return f"sqlite:///{tmp_path / 'lrs.sqlite'}"
    engine = create_engine(template)
    with engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
    engine.dispose()
    return template


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    app = make_app(database_url, tmp_path)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with app.app_context(), Session(db.engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def make_store(session: Session, name: str) -> Store:
    """The store of a new platform with this name."""
    platform = Platform(
        name=name,
        issuer=f"https://{name}.example",
        client_id="tool",
        auth_url=f"https://{name}.example/auth",
        token_url=f"https://{name}.example/token",
        jwks_url=f"https://{name}.example/jwks",
        created=THEN,
    )
    session.add(platform)
    session.flush()
    store = storing.store_of(session, platform.public_id, THEN)
    session.commit()
    return store


@pytest.fixture
def store(session: Session) -> Store:
    return make_store(session, "campus")


@pytest.fixture
def other_store(session: Session) -> Store:
    """Somebody else's: nothing in it may ever be seen from `store`."""
    return make_store(session, "elsewhere")
