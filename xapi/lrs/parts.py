"""Bodies of several parts, multipart/mixed: read strictly, and written.

Sources: RFC 2046, section 5.1; xAPI 1.0.3, part 3, section 1.5.2.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MOST_PARTS = 1000
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")
_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*?)[ \t]*")
_FOLD = re.compile(rb"\r?\n[ \t]+")


class BadParts(Exception):
    """The body does not fall into parts as its header says; the message says why."""


@dataclass(frozen=True)
class Part:
    headers: Mapping[str, str]
    """Names in lower case."""
    data: bytes


def parts_of(body: bytes, boundary: str | None) -> list[Part]:
    """Raises BadParts."""
    if not boundary or not _BOUNDARY.fullmatch(boundary):
        raise BadParts("The Content-Type must name a boundary of 1 to 70 plain characters.")
    mark = re.compile(rb"(?:^|\r?\n)--" + re.escape(boundary.encode()) + rb"(--)?[ \t]*(?:\r?\n|$)")
    found: list[Part] = []
    begin: int | None = None
    place = 0
    while (match := mark.search(body, place)) is not None:
        if begin is not None:
            found.append(_part(body[begin : match.start()]))
        if match[1]:
            return found
        if len(found) == MOST_PARTS:
            raise BadParts(f"A body may have at most {MOST_PARTS} parts.")
        begin = match.end()
        # The line break behind this mark may be the one before the next: a part without headers and data.
        place = begin - 1 if body[begin - 1 : begin] == b"\n" else begin
    raise BadParts("The body must begin with its boundary and end with --boundary--, as its Content-Type names it.")


def _part(text: bytes) -> Part:
    """Headers, an empty line, data; without headers the empty line comes first."""
    if text.startswith((b"\r\n", b"\n")):
        return Part({}, text[2:] if text.startswith(b"\r\n") else text[1:])
    end = re.search(rb"\r?\n\r?\n", text)
    head, data = (text[: end.start()], text[end.end() :]) if end else (text, b"")
    headers: dict[str, str] = {}
    for line in re.split(r"\r?\n", _FOLD.sub(b" ", head).decode("latin-1")):
        match = _HEADER.fullmatch(line)
        if match is None or match[1].lower() in headers:
            raise BadParts("A part has a header that is malformed or given twice.")
        headers[match[1].lower()] = match[2]
    return Part(headers, data)


def written(parts: Sequence[Part]) -> tuple[str, bytes]:
    """The Content-Type and the body of these parts."""
    boundary = secrets.token_hex(16)
    said = []
    for part in parts:
        head = "".join(f"{name}: {value}\r\n" for name, value in part.headers.items())
        said.append(f"--{boundary}\r\n{head}\r\n".encode() + part.data + b"\r\n")
    return f"multipart/mixed; boundary={boundary}", b"".join([*said, f"--{boundary}--\r\n".encode()])
