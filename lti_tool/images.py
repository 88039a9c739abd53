"""What a picture is and how large, read from its first bytes without opening it; bytes in, numbers out."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import IO

Size = tuple[int, int]
MOST_PIXELS = 100_000_000
"""Twice what the cameras of telephones take; one that says more is made to fill somebody's memory."""
LONGEST_SIDE = 65_500
MOST_SEGMENTS = 1000
"""Of a JPEG before its picture begins."""
_HOLDING_A_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of JPEG that say how large the picture is (ITU-T T.81, table B.1)."""
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})


def png(file: IO[bytes]) -> Size | None:
    """ISO/IEC 15948, 11.2.2: the first chunk is the header, of 13 bytes."""
    head = file.read(33)
    if len(head) < 33 or head[:16] != b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR":
        return None
    return struct.unpack(">II", head[16:24])


def gif(file: IO[bytes]) -> Size | None:
    head = file.read(13)
    if len(head) < 13 or head[:6] not in (b"GIF87a", b"GIF89a"):
        return None
    return struct.unpack("<HH", head[6:10])


def webp(file: IO[bytes]) -> Size | None:
    """RFC 9649: simple lossy, simple lossless, or extended."""
    head = file.read(30)
    if len(head) < 30 or head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return None
    kind, body = head[12:16], head[20:]
    if kind == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if kind == b"VP8L" and body[0] == 0x2F:
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        wide, high = struct.unpack("<HH", body[6:10])
        return wide & 0x3FFF, high & 0x3FFF
    return None


def jpeg(file: IO[bytes]) -> Size | None:
    """From segment to segment to the one that says it."""
    if file.read(2) != b"\xff\xd8":
        return None
    for _number in range(MOST_SEGMENTS):
        marker = _marker(file)
        if marker in _ALONE:
            continue
        length = int.from_bytes(file.read(2), "big")
        if marker is None or marker == 0xDA or length < 2:
            return None
        if marker in _HOLDING_A_FRAME:
            frame = file.read(5)
            return (int.from_bytes(frame[3:5], "big"), int.from_bytes(frame[1:3], "big")) if len(frame) == 5 else None
        file.seek(length - 2, 1)
    return None


def _marker(file: IO[bytes]) -> int | None:
    """The next one; it may be filled up with 0xFF before."""
    if file.read(1) != b"\xff":
        return None
    for _filling in range(MOST_SEGMENTS):
        found = file.read(1)
        if found != b"\xff":
            return found[0] if found else None
    return None


READERS: Mapping[str, Callable[[IO[bytes]], Size | None]] = {"png": png, "gif": gif, "webp": webp, "jpeg": jpeg}
MIMETYPES: Mapping[str, str] = {key: f"image/{key}" for key in READERS}


def is_fair(size: Size) -> bool:
    """Whether a browser may be handed a picture of this size."""
    wide, high = size
    return 0 < wide <= LONGEST_SIDE and 0 < high <= LONGEST_SIDE and wide * high <= MOST_PIXELS


def kind_of(file: IO[bytes]) -> tuple[str, Size] | None:
    """What it is by its bytes, whatever it is called, and how large; None if it is none of these."""
    for key, read in READERS.items():
        file.seek(0)
        size = read(file)
        if size is not None:
            file.seek(0)
            return key, size
    file.seek(0)
    return None
