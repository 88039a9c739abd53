"""The scratch PostgreSQL of the second round."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from tools import postgres
from tools.trouble import Trouble


@pytest.mark.postgres
def test_a_scratch_server_is_empty_reachable_by_its_socket_alone_and_gone_afterwards():
    with postgres.scratch_server() as url:
        folder = Path(url.partition("host=")[2])
        engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
        with engine.connect() as connection:
            databases = connection.scalars(text("SELECT datname FROM pg_database ORDER BY 1")).all()
            addresses = connection.scalar(text("SHOW listen_addresses"))
        engine.dispose()

    assert (databases, addresses) == (["postgres", "template0", "template1"], "")
    assert not folder.exists()


def test_without_postgresql_the_cure_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(postgres, "DEBIAN", Path("/nowhere"))

    with pytest.raises(Trouble) as trouble, postgres.scratch_server():
        pass

    assert (
        str(trouble.value) == "There is no PostgreSQL server here (on Debian and Ubuntu: apt-get install postgresql)."
    )
