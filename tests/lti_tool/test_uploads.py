"""Files that people give: where they may lie, and that none lies there without its row."""

from __future__ import annotations

import io
import os
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from lti_tool import clock, uploads
from lti_tool.config import STATIC, Config, ConfigError
from lti_tool.db import db
from tests.conftest import make_app


def arrived(app: Flask, content: bytes) -> FileStorage:
    folder = Path(app.config["UPLOADS"]) / uploads.ARRIVING
    folder.mkdir(parents=True, exist_ok=True)
    stream = tempfile.NamedTemporaryFile(dir=folder)  # noqa: SIM115  # whoever asked closes it
    stream.write(content)
    return FileStorage(stream, "a.txt")


def _kept(stream: IO[bytes]) -> AbstractContextManager[str]:
    return uploads.kept(FileStorage(stream))


def test_a_newcomer_s_files_lie_under_var_and_an_operator_s_where_they_say(tmp_path: Path):
    elsewhere = tmp_path / "disk" / "files"

    assert Config.from_env({}, root=tmp_path).uploads == tmp_path / "var" / "uploads"
    assert Config.from_env({"UPLOADS": str(elsewhere)}, root=tmp_path).uploads == elsewhere
    assert Config.from_env({"UPLOADS": "kept"}, root=tmp_path).uploads == tmp_path / "kept"


def test_a_folder_that_cannot_hold_files_is_named_with_every_other_problem(tmp_path: Path):
    (tmp_path / "file").write_text("no folder")

    with pytest.raises(ConfigError) as problem:
        Config.from_env({"UPLOADS": str(tmp_path / "file"), "LOG_LEVEL": "LOUD"}, root=tmp_path)

    said = str(problem.value)
    assert f"cannot be made or written to: look at {tmp_path / 'file'}." in said
    assert "LOG_LEVEL" in said


def test_a_folder_that_may_not_be_written_to_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "access", lambda *_asked: False)

    with pytest.raises(ConfigError, match="UPLOADS must be writable, and the folder"):
        Config.from_env(
            {"UPLOADS": str(tmp_path), "DATABASE_URL": "sqlite:///x", "SECRET_KEY": "x" * 40}, root=tmp_path
        )


@pytest.mark.parametrize("folder", [STATIC, STATIC / "uploads", STATIC / ".." / "static" / "files"])
def test_files_never_lie_where_a_web_server_shows_them(tmp_path: Path, folder: Path):
    with pytest.raises(ConfigError, match="UPLOADS must be a folder that no web server shows"):
        Config.from_env({"UPLOADS": str(folder)}, root=tmp_path)

    assert not (STATIC / "uploads").exists()


def test_a_file_is_kept_with_its_row_and_goes_when_that_fails(app: Flask, session: Session):
    with arrived(app, b"kept").stream as stream, _kept(stream) as name:
        assert uploads.path_of(name).read_bytes() == b"kept"
    assert uploads.path_of(name).read_bytes() == b"kept"

    with pytest.raises(ValueError, match="no row"), arrived(app, b"lost").stream as stream, _kept(stream) as lost:
        raise ValueError("no row")

    assert not uploads.path_of(lost).exists()


def test_after_a_commit_that_broke_off_the_file_stays_because_its_row_may(app: Flask, session: Session):
    broken = OperationalError("COMMIT", {}, Exception("the connection was lost"))

    with pytest.raises(OperationalError), arrived(app, b"perhaps").stream as stream, _kept(stream) as name:
        raise broken

    assert uploads.path_of(name).exists()


def test_a_disk_without_links_is_copied_to(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_asked: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)

    with arrived(app, b"copied").stream as stream, _kept(stream) as name:
        pass

    assert uploads.path_of(name).read_bytes() == b"copied"


def test_nothing_is_cleared_away_where_nobody_says_what_is_in_use(tmp_path: Path, database_url: str):
    app = make_app(database_url, tmp_path)
    app.extensions["upload_keepers"].clear()
    with app.app_context():
        path = uploads.path_of("0" * 32)
        path.parent.mkdir(parents=True)
        path.write_bytes(b"x")
        os.utime(path, (0, 0))

        assert uploads.clear_all_away(clock.now()) == []
        assert path.exists()
        db.engine.dispose()


def test_what_is_not_there_is_missing_and_not_an_error_of_the_disk(app: Flask):
    with app.test_request_context(), pytest.raises(uploads.Missing):
        uploads.handed_out("f" * 32, called="a.pdf", mimetype="application/pdf")


def test_a_size_is_told_without_moving_the_file(app: Flask):
    file = FileStorage(io.BytesIO(b"12345"))
    file.stream.seek(3)

    assert (uploads.size_of(file), file.stream.tell()) == (5, 0)
