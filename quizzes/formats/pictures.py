"""Pictures that come along in a file: looked at, and named by what they are."""

from __future__ import annotations

import base64
import binascii
import io
import re
from collections.abc import Mapping
from urllib.parse import unquote

from lti_tool import images
from quizzes.formats.model import Media, Place
from quizzes.formats.reports import Odd, Reporter
from quizzes.formats.texts import IN_THE_FILE
from quizzes.rich import PICTURE

_NAMED = re.compile(re.escape(IN_THE_FILE.rstrip("/")) + r"""(/[^"'\s<>)?]*)(?:\?[^"'\s<>)]*)?""")
_INLINE = re.compile(r"data:image/[\w.+-]{1,20};base64,([A-Za-z0-9+/=\s%]{1,14000000})", re.IGNORECASE)


def decoded(said: str) -> bytes | None:
    """The bytes that this base64 means."""
    try:
        return base64.b64decode("".join(said.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def picture_of(content: bytes | None, name: str, place: Place, report: Reporter) -> Media | None:
    """A picture, if these bytes are one of a kind that pages show and of a fair size; otherwise it is told."""
    found = images.kind_of(io.BytesIO(content)) if content else None
    if content is None or found is None or not images.is_fair(found[1]):
        report.loss(Odd.FILE_NOT_TAKEN, place, what=name)
        return None
    return Media(content, name, images.MIMETYPES[found[0]])


class Named:
    """The pictures of one question by their names; the ones that its texts name are told by their keys afterwards."""

    def __init__(self, place: Place, report: Reporter) -> None:
        self._place, self._report = place, report
        self._by_name: dict[str, Media] = {}
        self.used: dict[str, Media] = {}

    def add(self, path: str, content: bytes | None) -> None:
        """`path` is how texts name it, from a slash on."""
        picture = picture_of(content, path.rpartition("/")[2], self._place, self._report)
        if picture is not None:
            self._by_name[path] = picture

    def with_keys(self, text: str) -> str:
        """The text with the keys of pictures where their names stood."""
        if self._by_name and IN_THE_FILE[:-1] in text:
            text = _NAMED.sub(self._key, text)
        return _INLINE.sub(self._inline, text) if "data:" in text else text

    def _key(self, found: re.Match[str]) -> str:
        picture = self._by_name.get(unquote(found[1]))
        return self._use(picture) if picture else found[0]

    def _inline(self, found: re.Match[str]) -> str:
        picture = picture_of(decoded(unquote(found[1])), "data:", self._place, self._report)
        return self._use(picture) if picture else ""

    def _use(self, picture: Media) -> str:
        self.used[picture.key] = picture
        return PICTURE + picture.key


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The text with these names of files where keys of pictures stood."""
    for key, name in names.items():
        text = text.replace(PICTURE + key, name)
    return text
