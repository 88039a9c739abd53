"""Files that people give: how they arrive, where they lie, and how they go.

They lie under random names in the folder that the setting `UPLOADS` names, which no web server shows: whoever asks for
one asks a page, and that page looks who they are. What a file is called, what it is and whose it is, its row knows. A
file is there before its row is, and goes after it: so no row leads to nothing, and what has no row is cleared away.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, TypeVar, cast

import flask
from flask import Flask, current_app, request, send_file, session
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from lti_tool.db import db, reading

MOST_BYTES = 10 * 1024 * 1024
"""Of one file."""
MOST_AROUND = 1024 * 1024
"""Of the form around it: a file that is somewhat too large is refused on its page, where the words typed are kept."""
ORPHANED = timedelta(days=1)
"""After which a file that no row names is one that nobody will name any more."""
FOLDERS = 256
ARRIVING = "arriving"
SANDBOX = "default-src 'none'; sandbox"
_NAME = re.compile(r"[0-9a-f]{32}")

Page = TypeVar("Page", bound=Callable[..., object])
Keeper = Callable[[Session, Collection[str]], Collection[str]]
"""Which of these names stand in its rows."""


class Missing(Exception):
    """A row names a file that is not there."""


class Request(flask.Request):
    """A request whose files go straight to the disk they will lie on, where its page takes any."""

    arrives_in: Path | None = None

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        if self.arrives_in is None:
            return super()._get_file_stream(total_content_length, content_type, filename, content_length)
        return cast("IO[bytes]", tempfile.NamedTemporaryFile(dir=self.arrives_in))


def init_app(app: Flask) -> None:
    """Comes before whatever looks at forms: by then it has to be known how much may arrive."""
    app.extensions["upload_keepers"] = []
    app.before_request(_let_arrive)


def register_keeper(app: Flask, keeper: Keeper) -> None:
    keepers: list[Keeper] = app.extensions["upload_keepers"]
    keepers.append(keeper)


def takes_a_file(page: Page) -> Page:
    """More may be sent to this page than to others, by visitors who came from their course."""
    page.takes_a_file = True  # type: ignore[attr-defined]
    return page


def takes_files_of(most: int) -> Callable[[Page], Page]:
    """The same for files of so many bytes, where these are more or less than usual."""

    def let(page: Page) -> Page:
        page.takes_a_file = most  # type: ignore[attr-defined]
        return page

    return let


def _let_arrive() -> None:
    page = current_app.view_functions.get(request.endpoint or "")
    is_known = getattr(session, "row_id", None) is not None
    if request.method == "POST" and is_known and (most := getattr(page, "takes_a_file", False)):
        request.max_content_length = (MOST_BYTES if most is True else most) + MOST_AROUND
        cast("Request", request._get_current_object()).arrives_in = _made(_folder() / ARRIVING)  # type: ignore[attr-defined]


def _folder() -> Path:
    return Path(current_app.config["UPLOADS"])


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def path_of(name: str) -> Path:
    return _folder() / name[:2] / name


def size_of(file: FileStorage) -> int:
    size = file.stream.seek(0, os.SEEK_END)
    file.stream.seek(0)
    return size


@contextmanager
def begun() -> Iterator[IO[bytes]]:
    """An empty file on the disk where files lie, to be filled by us and then kept; gone at the end otherwise."""
    with tempfile.NamedTemporaryFile(dir=_made(_folder() / ARRIVING)) as file:
        yield cast("IO[bytes]", file)


@contextmanager
def kept(file: FileStorage) -> Iterator[str]:
    """The name it is kept under, while the caller writes its row and commits; where that fails it is not kept.

    Of a commit that broke off nobody knows whether the row is there: then it stays, and is looked for a day later.
    """
    name = secrets.token_hex(16)
    place = path_of(name)
    _made(place.parent)
    _put(file, place)
    try:
        yield name
    except DBAPIError:
        raise
    except BaseException:
        remove(name)
        raise


def _put(file: FileStorage, place: Path) -> None:
    """It lies where it arrived already, and gets a name; it is on the disk for good before a row says so."""
    stream = file.stream
    stream.flush()
    os.fsync(stream.fileno())
    try:
        os.link(str(stream.name), place)
    except OSError:  # A file system without links.
        with place.open("xb") as copy:
            stream.seek(0)
            shutil.copyfileobj(stream, copy)
            copy.flush()
            os.fsync(copy.fileno())


def remove(name: str) -> None:
    """Once its row is gone for good. What cannot be taken away now is an orphan, and cleared away as one."""
    with suppress(OSError):
        path_of(name).unlink(missing_ok=True)


def remove_once_committed(session: Session, names: Collection[str]) -> None:
    """Their rows go in the caller's transaction; they follow when it is committed, and stay if it is not."""
    here, going = getattr(session, "registry", lambda: session)(), set(names)
    event.listen(here, "after_rollback", lambda _session: going.clear(), once=True)
    event.listen(here, "after_commit", lambda _session: _remove_all(going), once=True)


def _remove_all(names: Collection[str]) -> None:
    for name in names:
        remove(name)


def handed_out(name: str, *, called: str, mimetype: str) -> flask.Response:
    """The file, to be kept by whoever asked and not to be looked at here: no browser runs or renders it as a page.

    Raises Missing.
    """
    try:
        answer = send_file(
            path_of(name), mimetype, as_attachment=True, download_name=called, conditional=False, etag=False, max_age=0
        )
    except FileNotFoundError:
        raise Missing(name) from None
    answer.headers["Cache-Control"] = "no-store"
    return shown_here(answer)


def shown_here(answer: flask.Response) -> flask.Response:
    """Bytes that somebody gave us: pages of ours may show them, and no browser takes them for anything else."""
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def clear_away(at: datetime) -> Sequence[str]:
    """Take away what no row names, and what never arrived as a whole; the names of those that went.

    One folder of 256 each time, by the clock: so a hundred thousand files are looked through in two days and never at
    once.
    """
    _clear_arriving(at)
    folder = _folder() / f"{int(at.timestamp() // 600) % FOLDERS:02x}"
    return _clear(folder, at)


def clear_all_away(at: datetime) -> Sequence[str]:
    """The same of all folders."""
    _clear_arriving(at)
    return [name for number in range(FOLDERS) for name in _clear(_folder() / f"{number:02x}", at)]


def _clear(folder: Path, at: datetime) -> Sequence[str]:
    keepers: list[Keeper] = current_app.extensions["upload_keepers"]
    old = [path.name for path in _older(folder, at) if _NAME.fullmatch(path.name)]
    if not old or not keepers:
        return []
    with reading():
        used = {name for keeper in keepers for name in keeper(db.session, old)}
        db.session.rollback()
    gone = sorted(set(old) - used)
    for name in gone:
        remove(name)
    return gone


def _clear_arriving(at: datetime) -> None:
    for path in _older(_folder() / ARRIVING, at):
        with suppress(OSError):
            path.unlink()


def _older(folder: Path, at: datetime) -> list[Path]:
    """The files in there that have been there for long."""
    found = []
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):
                if entry.is_file(follow_symlinks=False) and entry.stat().st_mtime < (at - ORPHANED).timestamp():
                    found.append(Path(entry.path))
    return found
