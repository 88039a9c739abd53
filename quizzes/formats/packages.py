"""Zips with questions: looked into before anything of them is unpacked, and then read member by member.

Nothing is ever written to a disk, so names can lead nowhere; those that try to are refused all the same, for they mean
no good. Sizes are those of the central directory, which `lti_tool.files.packages` does not believe blindly.
"""

from __future__ import annotations

import io
import posixpath
from collections.abc import Mapping
from enum import StrEnum
from urllib.parse import unquote
from zipfile import ZipFile

from lti_tool.files.packages import BROKEN, look_at_end, trouble_in
from lti_tool.files.troubles import Trouble
from quizzes.formats.reports import Reporter

MOST_XML, MOST_PICTURE = 40_000_000, 20_000_000
"""Unpacked, of one member."""
MOST_MEMBERS, MOST_DIRECTORY = 120_000, 16_000_000
"""A bank has a file for each question."""
BEGINS = b"PK\x03\x04"


class Wrong(StrEnum):
    """What can be wrong with a zip."""

    DAMAGED = "zip_damaged"
    BOMB = "zip_bomb"
    LOCKED = "zip_locked"
    TRICK = "zip_trick"
    """Names that lead out of it."""
    MISSING = "zip_missing"
    """`what` is named and is not there."""
    TOO_LARGE = "zip_too_large"
    """`what` is."""


_SAID: Mapping[Trouble, Wrong] = {
    Trouble.BOMB: Wrong.BOMB,
    Trouble.LOCKED: Wrong.LOCKED,
    Trouble.NOT_ALLOWED: Wrong.TRICK,
}


class Package:
    """A zip that was found harmless."""

    def __init__(self, zipped: ZipFile) -> None:
        self._zip = zipped
        self.names = [each.filename for each in zipped.infolist() if not each.is_dir()]
        self._known = {name.lower(): name for name in self.names}

    def has(self, name: str) -> bool:
        return name.lower() in self._known

    def read(self, name: str, most: int = MOST_XML) -> bytes | None:
        """What it holds; None where it is not there, is damaged or has more bytes than `most`."""
        known = self._known.get(name.lower())
        if known is None:
            return None
        try:
            with self._zip.open(known) as member:
                content = member.read(most + 1)
        except BROKEN:
            return None
        return content if len(content) <= most else None


def is_zip(content: bytes) -> bool:
    return content.startswith(BEGINS)


def trouble_at_end(content: bytes) -> Wrong | None:
    """Why not even the table of contents is read, which may be long enough to fill a memory."""
    trouble = look_at_end(io.BytesIO(content), len(content), MOST_MEMBERS, MOST_DIRECTORY)
    return Wrong.BOMB if trouble is Trouble.BOMB else None


def opened(content: bytes, report: Reporter) -> Package | None:
    """The package; None where it is no harmless one, which is reported in one sentence."""
    file = io.BytesIO(content)
    trouble = trouble_in(file, len(content), most_members=MOST_MEMBERS, most_directory=MOST_DIRECTORY)
    if trouble is None:
        try:
            return Package(ZipFile(file))
        except BROKEN:
            trouble = Trouble.DAMAGED
    report.error(_SAID.get(trouble, Wrong.DAMAGED))
    return None


def beside(name: str, href: str) -> str:
    """Where in the package `href` leads from the member `name`; empty where it leads out of it.

    Addresses of the web and of the computer lead out of it.
    """
    href = unquote(href.split("#")[0].split("?")[0]).strip().replace("\\", "/")
    if not href or ":" in href or href.startswith("/") or "\x00" in href:
        return ""
    found = posixpath.normpath(posixpath.join(posixpath.dirname(name), href))
    return "" if found.startswith("..") or found == "." else found
