"""Recordings of every kind that is taken, as short as they can be."""

from __future__ import annotations

import struct


def wav(seconds: float = 0.01, *, kind: int = 1, head: bytes = b"") -> bytes:
    """Silence that browsers play."""
    samples = b"\x80" * max(int(8000 * seconds), 1)
    samples += b"\0" * (len(samples) % 2)
    said = struct.pack("<HHIIHH", kind, 1, 8000, 8000, 1, 8)
    body = b"WAVE" + head + b"fmt " + struct.pack("<I", 16) + said + b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", len(body)) + body


def mp3(frames: int = 3, *, tag: bytes = b"") -> bytes:
    """Frames of MPEG 1, layer III, 128 kbit/s at 44.1 kHz."""
    head = b"ID3\x04\0\0" + bytes([0, 0, len(tag) >> 7, len(tag) & 0x7F]) + tag if tag else b""
    return head + (b"\xff\xfb\x90\x00" + b"\0" * 413) * frames


def aac(frames: int = 3) -> bytes:
    """Frames with a header of seven bytes and one byte in each."""
    return (b"\xff\xf1\x50\x80" + bytes([8 >> 3, (8 & 7) << 5 | 0x1F]) + b"\xfc\0") * frames


def ogg(first: bytes = b"OpusHead\x01\x01\0\0\x80\xbb\0\0\0\0\0", *, streams: int = 1) -> bytes:
    pages = [_page(first, begins=True) for _stream in range(streams)]
    return b"".join(pages) + _page(b"OpusTags" + b"\0" * 8, begins=False)


def _page(said: bytes, *, begins: bool) -> bytes:
    return b"OggS\0" + bytes([2 if begins else 0]) + b"\0" * 20 + bytes([1, len(said)]) + said


def m4a(*handlers: bytes) -> bytes:
    tracks = b"".join(
        _box(b"trak", _box(b"mdia", _box(b"hdlr", b"\0" * 8 + each + b"\0" * 12))) for each in handlers or (b"soun",)
    )
    return _box(b"ftyp", b"M4A \0\0\0\0M4A mp42") + _box(b"mdat", b"\0" * 32) + _box(b"moov", tracks)


def _box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + name + body
