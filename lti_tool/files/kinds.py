"""Which kinds of files are taken, and whether one is of the kind that its name says; bytes in, no database, no web."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO

from lti_tool import images
from lti_tool.files import packages
from lti_tool.files.called import ending_of
from lti_tool.files.troubles import Trouble

Look = Callable[[IO[bytes], int, str], Trouble | None]
"""A file, its size and the key of its kind; what is wrong with it."""
CHUNK = 64 * 1024
LAST_BYTES = 4096
_PAGE = re.compile(rb"<(!doctype|\?xml|html|head|body|svg|script|iframe)", re.IGNORECASE)
_STEERING = bytes(set(range(32)) - set(b"\t\n\r\f")) + b"\x7f"


@dataclass(frozen=True)
class Kind:
    """A kind of file that is taken."""

    key: str
    mimetype: str
    look: Look


def _pdf(file: IO[bytes], size: int, _key: str) -> Trouble | None:
    if re.match(rb"%PDF-[12]\.\d", file.read(8)) is None:
        return Trouble.NOT_WHAT_IT_SAYS
    file.seek(max(size - LAST_BYTES, 0))
    return None if b"%%EOF" in file.read(LAST_BYTES) else Trouble.DAMAGED


def _picture(file: IO[bytes], _size: int, key: str) -> Trouble | None:
    found = images.READERS[key](file)
    if found is None:
        return Trouble.NOT_WHAT_IT_SAYS
    wide, high = found
    if not wide or not high:
        return Trouble.DAMAGED
    return None if images.is_fair(found) else Trouble.PIXELS


def _text(file: IO[bytes], _size: int, _key: str) -> Trouble | None:
    """Letters of whatever encoding, and nothing that a browser would take for a page of its own accord."""
    first = True
    while chunk := file.read(CHUNK):
        if first and _begins_a_page(chunk.removeprefix(b"\xef\xbb\xbf").lstrip()):
            return Trouble.WEB_PAGE
        if len(chunk.translate(None, _STEERING)) != len(chunk):
            return Trouble.NOT_WHAT_IT_SAYS
        first = False
    return None


def _begins_a_page(said: bytes) -> bool:
    """Behind whatever comments; one without an end hides everything."""
    while said.startswith(b"<!--"):
        _comment, end, said = said.partition(b"-->")
        if not end:
            return True
        said = said.lstrip()
    return _PAGE.match(said) is not None


def _package(file: IO[bytes], size: int, key: str) -> Trouble | None:
    return packages.look_into(file, size, key)


_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS: Mapping[str, Kind] = {
    "pdf": Kind("pdf", "application/pdf", _pdf),
    "docx": Kind("docx", f"{_OFFICE}wordprocessingml.document", _package),
    "xlsx": Kind("xlsx", f"{_OFFICE}spreadsheetml.sheet", _package),
    "pptx": Kind("pptx", f"{_OFFICE}presentationml.presentation", _package),
    **{key: Kind(key, mimetype, _package) for key, mimetype in packages.MIMETYPES.items()},
    "png": Kind("png", "image/png", _picture),
    "jpg": Kind("jpeg", "image/jpeg", _picture),
    "jpeg": Kind("jpeg", "image/jpeg", _picture),
    "gif": Kind("gif", "image/gif", _picture),
    "webp": Kind("webp", "image/webp", _picture),
    "txt": Kind("txt", "text/plain", _text),
    "md": Kind("md", "text/markdown", _text),
    "csv": Kind("csv", "text/csv", _text),
}
"""By the ending of the name."""
BY_KEY: Mapping[str, Kind] = {kind.key: kind for kind in KINDS.values()}
WITH_MACROS = frozenset({"docm", "dotm", "xlsm", "xltm", "xlsb", "pptm", "potm", "ppsm"})
PAGES = frozenset({"svg", "svgz", "html", "htm", "xhtml", "xml", "mht", "mhtml"})
ACCEPT = ",".join(f".{ending}" for ending in KINDS)
"""What browsers offer to choose from; it guards nothing."""


def judge(file: IO[bytes], size: int, name: str, *, most: int) -> Kind | Trouble:
    """Of what kind it is, or what is wrong with it. Reads it from the beginning; unpacks next to nothing."""
    ending = ending_of(name)
    kind = KINDS.get(ending)
    if kind is None:
        return _why_not(ending)
    if not size:
        return Trouble.EMPTY
    if size > most:
        return Trouble.TOO_LARGE
    file.seek(0)
    trouble = kind.look(file, size, kind.key)
    file.seek(0)
    return trouble or kind


def _why_not(ending: str) -> Trouble:
    if ending in WITH_MACROS:
        return Trouble.MACROS
    return Trouble.WEB_PAGE if ending in PAGES else Trouble.NOT_ALLOWED
