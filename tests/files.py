"""Files as people bring them, honest and not: made here, so that none has to be believed."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from lti_tool.files.packages import MIMETYPES, PARTS

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
EXE = b"MZ\x90\x00\x03\x00\x00\x00" + b"\x00" * 200


def png(wide: int = 4, high: int = 3) -> bytes:
    head = struct.pack(">II5B", wide, high, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*each) for each in ((b"IHDR", head), (b"IDAT", b""), (b"IEND", b"")))


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def gif(wide: int = 4, high: int = 3) -> bytes:
    return b"GIF89a" + struct.pack("<HH3B", wide, high, 0, 0, 0) + b";"


def jpeg(wide: int = 4, high: int = 3, *, before: bytes = b"\xff\xe0\x00\x04AB") -> bytes:
    return b"\xff\xd8" + before + b"\xff\xff\xc2\x00\x0b\x08" + struct.pack(">HH", high, wide) + b"\x01\x01\x11\x00"


def webp(wide: int = 4, high: int = 3) -> bytes:
    body = bytes(4) + (wide - 1).to_bytes(3, "little") + (high - 1).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8X" + struct.pack("<I", 10) + body


def lossless_webp(wide: int = 4, high: int = 3) -> bytes:
    bits = (wide - 1) | (high - 1) << 14
    return b"RIFF\x16\x00\x00\x00WEBPVP8L\x05\x00\x00\x00\x2f" + bits.to_bytes(4, "little") + bytes(5)


def lossy_webp(wide: int = 4, high: int = 3) -> bytes:
    return b"RIFF\x16\x00\x00\x00WEBPVP8 \x0a\x00\x00\x00\x00\x00\x00\x9d\x01\x2a" + struct.pack("<HH", wide, high)


def types_of(kind: str, more: str = "") -> str:
    return f'<Types><Override PartName="/main.xml" ContentType="{PARTS[kind]}"/>{more}</Types>'


def office(kind: str = "docx", members: dict[str, bytes | str] | None = None, *, types: str = "") -> bytes:
    """Of Microsoft's kind, with these members besides."""
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", types or types_of(kind))
        package.writestr("word/document.xml", "<w:document>Hello</w:document>" * 20)
        for name, content in (members or {}).items():
            package.writestr(name, content)
    return file.getvalue()


def open_office(kind: str = "odt", members: dict[str, bytes | str] | None = None) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as package:
        package.writestr("mimetype", MIMETYPES[kind], ZIP_STORED)
        package.writestr("content.xml", "<office:document-content/>")
        for name, content in (members or {}).items():
            package.writestr(name, content)
    return file.getvalue()


def blown_up(megabytes: int = 300) -> bytes:
    """Far more than it seems: blanks, packed a thousand times smaller."""
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", types_of("docx"))
        with package.open(zipfile.ZipInfo("word/document.xml"), "w") as member:
            member._compressor = zlib.compressobj(9, zlib.DEFLATED, -15)  # type: ignore[attr-defined]
            member._zinfo.compress_type = ZIP_DEFLATED  # type: ignore[attr-defined]
            for _megabyte in range(megabytes):
                member.write(bytes(1024 * 1024))
    return file.getvalue()


def changed_directory(content: bytes, name: str, **fields: int) -> bytes:
    """The same file, whose table of contents says otherwise of this member: `flags`, `packed`, `unpacked`, `offset`."""
    places = {
        "flags": (8, "<H"),
        "method": (10, "<H"),
        "packed": (20, "<I"),
        "unpacked": (24, "<I"),
        "offset": (42, "<I"),
    }
    at = content.rindex(name.encode()) - 46
    assert content[at : at + 4] == b"PK\x01\x02"
    told = bytearray(content)
    for field, value in fields.items():
        place, form = places[field]
        struct.pack_into(form, told, at + place, value)
    return bytes(told)


def renamed(content: bytes, name: str, instead: str) -> bytes:
    """The same file with another name for a member, as no library would write it."""
    assert len(name) == len(instead)
    return content.replace(name.encode(), instead.encode())
