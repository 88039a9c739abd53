"""Pictures and recordings that come along in a file: looked at, and named by what they are."""

from __future__ import annotations

import base64
import binascii
import io
import re
from collections.abc import Mapping
from urllib.parse import unquote

from lti_tool import images, sounds
from quizzes.formats.model import Media, Place
from quizzes.formats.reports import Odd, Reporter
from quizzes.formats.texts import IN_THE_FILE
from quizzes.rich import PICTURE, SOUND

_NAMED = re.compile(re.escape(IN_THE_FILE.rstrip("/")) + r"""(/[^"'\s<>)?]*)(?:\?[^"'\s<>)]*)?""")
_INLINE = re.compile(
    r"data:(?:image|audio)/[\w.+-]{1,20}(?:;codecs=\w{1,10})?;base64,([A-Za-z0-9+/=\s%]{1,14000000})", re.IGNORECASE
)


def decoded(said: str) -> bytes | None:
    """The bytes that this base64 means."""
    try:
        return base64.b64decode("".join(said.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def medium_of(content: bytes | None, name: str, place: Place, report: Reporter) -> Media | None:
    """A picture or a recording, if these bytes are one of a kind that pages show and of a fair size; otherwise it is
    told.
    """
    mimetype = _mimetype(content) if content else ""
    if content is None or not mimetype:
        report.loss(Odd.FILE_NOT_TAKEN, place, what=name)
        return None
    return Media(content, name, mimetype)


def _mimetype(content: bytes) -> str:
    """What it is by its bytes; empty if it is nothing that is taken."""
    file = io.BytesIO(content)
    if found := images.kind_of(file):
        return images.MIMETYPES[found[0]] if images.is_fair(found[1]) else ""
    key = sounds.kind_of(file)
    return sounds.MIMETYPES[key] if key else ""


class Named:
    """The media of one question by their names; the ones that its texts name are told by their keys afterwards."""

    def __init__(self, place: Place, report: Reporter) -> None:
        self._place, self._report = place, report
        self._by_name: dict[str, Media] = {}
        self.used: dict[str, Media] = {}

    def add(self, path: str, content: bytes | None) -> None:
        """`path` is how texts name it, from a slash on."""
        medium = medium_of(content, path.rpartition("/")[2], self._place, self._report)
        if medium is not None:
            self._by_name[path] = medium

    def found(self, path: str) -> Media | None:
        """What lies at this path."""
        return self._by_name.get(path)

    def with_keys(self, text: str) -> str:
        """The text with the keys of media where their names stood."""
        if IN_THE_FILE[:-1] in text:
            text = _NAMED.sub(self._key, text)
        return _INLINE.sub(self._inline, text) if "data:" in text else text

    def _key(self, found: re.Match[str]) -> str:
        medium = self.found(unquote(found[1]))
        return self._use(medium) if medium else found[0]

    def _inline(self, found: re.Match[str]) -> str:
        medium = medium_of(decoded(unquote(found[1])), "data:", self._place, self._report)
        return self._use(medium) if medium else ""

    def _use(self, medium: Media) -> str:
        self.used[medium.key] = medium
        return medium.reference


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The text with these names of files where keys of media stood; recordings with a player that can be seen."""
    for key, name in names.items():
        text = text.replace(PICTURE + key, name)
        if SOUND + key in text:
            text = text.replace(f'<audio src="{SOUND}{key}"', f'<audio controls="controls" src="{name}"')
            text = text.replace(SOUND + key, name)
    return text
