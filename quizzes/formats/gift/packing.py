"""GIFT with the files that it shows: a zip of the text and of what it names as `@@PLUGINFILE@@/name`.

Moodle's *GIFT with media format* reads and writes the same.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

from quizzes.formats.model import Media, Place
from quizzes.formats.packages import MOST_PICTURE, Package
from quizzes.formats.pictures import Named, medium_of
from quizzes.formats.reports import Reporter

ENDINGS = (".gift", ".txt")
NAME = "questions.gift"
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The same questions make the same bytes."""


class InPackage(Named):
    """The media of one question, looked for in the zip when its texts name them."""

    def __init__(self, package: Package | None, within: str, place: Place, report: Reporter) -> None:
        super().__init__(place, report)
        self._package, self._within = package, within

    def found(self, path: str) -> Media | None:
        """Beside the text of the questions, or in a folder of its own."""
        if self._package is None:
            return None
        for folder in (self._within, ""):
            if self._package.has(name := folder + path.lstrip("/")):
                return medium_of(self._package.read(name, MOST_PICTURE), name, self._place, self._report)
        return None


def text_in(package: Package) -> str:
    """The name of the member with questions; empty if there is none."""
    return next((name for ending in ENDINGS for name in package.names if name.lower().endswith(ending)), "")


def name_of(medium: Media) -> str:
    return f"{medium.key}.{medium.ending}"


def packed(text: bytes, media: Iterable[Media]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        files = {NAME: text, **{name_of(each): each.content for each in media}}
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()
