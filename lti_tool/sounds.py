"""What a recording is, told from its bytes without playing it; bytes in, a word out.

A name and a first sign are soon put before anything, so more is asked for: two frames in a row, a header that says what
follows, tracks that are heard and none that are seen.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator, Mapping
from typing import IO

_RATES = (44_100, 48_000, 32_000)
"""Of MPEG 1; MPEG 2 has half of each, MPEG 2.5 a quarter (ISO/IEC 11172-3, 2.4.2.3)."""
_SPEEDS = (
    (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
)
"""Kilobits in a second of layer III: of MPEG 1, and of the later ones."""
_FRAMES = 2
"""In a row: one alone is found in any file."""
MOST_TAGS, MOST_CHUNKS = 8, 1_000
_PCM = frozenset({1, 3, 0xFFFE})
"""Samples as numbers, as fractions, or as an extension says (RFC 2361)."""


def mp3(file: IO[bytes]) -> bool:
    """Frames of layer III, perhaps behind tags (ID3v2, 3.1)."""
    at = _behind_tags(file)
    for _number in range(_FRAMES):
        file.seek(at)
        length = _frame_of_mp3(file.read(4))
        if not length:
            return False
        at += length
    return True


def _behind_tags(file: IO[bytes]) -> int:
    at = 0
    for _number in range(MOST_TAGS):
        file.seek(at)
        head = file.read(10)
        if len(head) < 10 or head[:3] != b"ID3" or any(each & 0x80 for each in head[6:]):
            return at
        at += 10 + (head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9])
    return at


def _frame_of_mp3(head: bytes) -> int:
    """How long it is; 0 if it is none."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return 0
    version, speed, rate = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or not 0 < speed < 15 or rate == 3:
        return 0
    is_first = version == 3
    hertz = _RATES[rate] // {3: 1, 2: 2, 0: 4}[version]
    kilobits = _SPEEDS[0 if is_first else 1][speed - 1]
    return (144_000 if is_first else 72_000) * kilobits // hertz + (head[2] >> 1 & 1)


def aac(file: IO[bytes]) -> bool:
    """Frames that say how long they are (ISO/IEC 13818-7, ADTS)."""
    at = _behind_tags(file)
    for _number in range(_FRAMES):
        file.seek(at)
        head = file.read(7)
        if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0 or head[2] >> 2 & 0xF > 12:
            return False
        length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
        if length < 7:
            return False
        at += length
    return at <= _size(file)


def ogg(file: IO[bytes]) -> bool:
    """One stream, of Opus or Vorbis (RFC 3533, 6; RFC 7845, 5.1; Vorbis I, 4.2.1): no pictures run beside it."""
    file.seek(0)
    first = _page(file)
    second = _page(file)
    if first is None or second is None:
        return False
    (begins, said), (begins_too, _said) = first, second
    return begins and not begins_too and said.startswith((b"OpusHead", b"\x01vorbis"))


def _page(file: IO[bytes]) -> tuple[bool, bytes] | None:
    """Whether a stream begins with it, and what it holds."""
    head = file.read(27)
    if len(head) < 27 or head[:5] != b"OggS\x00":
        return None
    lengths = file.read(head[26])
    return bool(head[5] & 2), file.read(sum(lengths))


def wav(file: IO[bytes]) -> bool:
    """Samples that are not packed: a format, and then they themselves."""
    file.seek(0)
    head = file.read(12)
    if head[:4] != b"RIFF" or head[8:] != b"WAVE":
        return False
    has_format = False
    for _number in range(MOST_CHUNKS):
        head = file.read(8)
        if len(head) < 8:
            return False
        length = int.from_bytes(head[4:], "little")
        if head[:4] == b"data":
            return has_format and length > 0
        said = file.read(min(length, 16))
        if head[:4] == b"fmt ":
            has_format = _is_pcm(said)
        file.seek(max(length - 16, 0) + length % 2, os.SEEK_CUR)
    return False


def _is_pcm(said: bytes) -> bool:
    if len(said) < 16:
        return False
    kind, channels, hertz = struct.unpack("<HHI", said[:8])
    return kind in _PCM and 0 < channels <= 8 and 0 < hertz <= 384_000


def m4a(file: IO[bytes]) -> bool:
    """A file of boxes (ISO/IEC 14496-12) with tracks that are heard, and none that are seen."""
    boxes = list(_boxes(file, 0, _size(file)))
    if not boxes or boxes[0][0] != b"ftyp":
        return False
    heard = {
        _handler(file, *media[1:])
        for name, start, end in boxes
        if name == b"moov"
        for track in _inside(file, start, end, b"trak")
        for media in _inside(file, *track[1:], b"mdia")
    }
    return b"soun" in heard and not heard & {b"vide", b"auxv"}


Box = tuple[bytes, int, int]
"""What it is called, and where what it holds begins and ends."""


def _boxes(file: IO[bytes], start: int, end: int) -> Iterator[Box]:
    for _number in range(MOST_CHUNKS):
        if end - start < 8:
            return
        file.seek(start)
        head = file.read(16)
        size, begins = int.from_bytes(head[:4], "big"), start + 8
        if size == 1:
            size, begins = int.from_bytes(head[8:16], "big"), start + 16
        stop = end if size == 0 else start + size
        if stop > end or stop < begins:
            return
        yield head[4:8], begins, stop
        start = stop


def _inside(file: IO[bytes], start: int, end: int, name: bytes) -> Iterator[Box]:
    return (each for each in list(_boxes(file, start, end)) if each[0] == name)


def _handler(file: IO[bytes], start: int, end: int) -> bytes:
    """What a track is for."""
    for _name, begins, _stop in _inside(file, start, end, b"hdlr"):
        file.seek(begins + 8)
        return file.read(4)
    return b""


def _size(file: IO[bytes]) -> int:
    return file.seek(0, os.SEEK_END)


READERS: Mapping[str, Callable[[IO[bytes]], bool]] = {"ogg": ogg, "wav": wav, "m4a": m4a, "mp3": mp3, "aac": aac}
MIMETYPES: Mapping[str, str] = {
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
}
ACCEPT = ",".join(f".{key}" for key in (*MIMETYPES, "oga", "opus"))
"""What browsers offer to choose from; it guards nothing."""


def kind_of(file: IO[bytes]) -> str | None:
    """What it is by its bytes, whatever it is called; None if it is none of these."""
    found = next((key for key, is_one in READERS.items() if is_one(file)), None)
    file.seek(0)
    return found
