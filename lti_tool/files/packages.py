"""Office files are packages: zips, looked into by their table of contents and hardly unpacked; bytes in, a trouble out.

What is believed is what the programs that open them believe, the central directory (APPNOTE 6.3, section 4.3). It may
lie, so what cannot be true is refused: members that share their bytes (as in D. Fifield, *A better zip bomb*, 2019),
members that are larger packed than unpacked, more members than are counted.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Collection, Sequence
from typing import IO
from zipfile import ZipFile, ZipInfo

from lti_tool.files.troubles import Trouble

MOST_MEMBERS = 5000
MOST_DIRECTORY = 1024 * 1024
"""Bytes of the table of contents."""
MOST_UNPACKED = 200 * 1024 * 1024
MOST_RATIO = 200
"""How many times larger a member may be unpacked; sheets full of the same number come to a hundred."""
SMALL = 1024 * 1024
"""Unpacked, of a member whose ratio is nobody's concern."""
MOST_READ = 1024 * 1024
"""Of a member that is read here."""
MOST_WITHIN = 10 * 1024 * 1024
"""Of all packages within a package, unpacked."""
END, LARGE_END = struct.Struct("<4s4H2LH"), struct.Struct("<4sQ2H2L4Q")
"""The last record, and what is written before it where numbers may be large (APPNOTE 6.3, 4.3.16 and 4.3.14)."""
LOCATOR = 20
_PACKED = re.compile(r"\.(zip|jar|7z|rar|gz|bz2|xz|tar|docx|docm|dotx|xlsx|xlsm|xlsb|pptx|pptm|ppsx|od[a-z])$", re.I)
_CHART = re.compile(r"(word|xl|ppt)/embeddings/[^/]+\.xlsx", re.I)
"""The numbers behind a chart: the one package that belongs in another."""
_RUNS = re.compile(
    r"(^|/)(vbaproject[^/]*\.bin|vbadata\.xml|activex)(/|$|\d)|^(basic|scripts)/|^xl/macrosheets/"
    r"|\.(exe|dll|com|scr|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|lnk|msi|jar|sh)$",
    re.I,
)
"""Macros of either kind of office, and programs."""

_OOXML = "application/vnd.openxmlformats-officedocument."
PARTS = {
    "docx": f"{_OOXML}wordprocessingml.document.main+xml",
    "xlsx": f"{_OOXML}spreadsheetml.sheet.main+xml",
    "pptx": f"{_OOXML}presentationml.presentation.main+xml",
}
"""What the main part of each says it is (ECMA-376, part 1): those with macros and templates say something else."""
_ODF = "application/vnd.oasis.opendocument."
MIMETYPES = {"odt": f"{_ODF}text", "ods": f"{_ODF}spreadsheet", "odp": f"{_ODF}presentation"}
"""What the first member of each holds (OpenDocument 1.3, part 2, section 3.3)."""

BROKEN = (
    *(zipfile.BadZipFile, zlib.error, struct.error),
    *(NotImplementedError, ValueError, OSError, RuntimeError, EOFError, KeyError),
)
"""What reading raises where bytes are wrong."""


def look_into(file: IO[bytes], size: int, key: str, *, is_within: bool = False) -> Trouble | None:
    """Whether this is such a package, and harmless."""
    trouble = look_at_end(file, size)
    if trouble:
        return trouble
    try:
        with ZipFile(file) as package:
            return _judge(package, size, key, is_within)
    except BROKEN:
        return Trouble.DAMAGED


def trouble_in(
    file: IO[bytes], size: int, *, most_members: int = MOST_MEMBERS, most_directory: int = MOST_DIRECTORY
) -> Trouble | None:
    """What keeps any zip from being read member by member, whatever it is for."""
    trouble = look_at_end(file, size, most_members, most_directory)
    if trouble:
        return trouble
    try:
        with ZipFile(file) as package:
            members = package.infolist()
    except BROKEN:
        return Trouble.DAMAGED
    if not all(_is_plain(member.orig_filename) for member in members):
        return Trouble.NOT_ALLOWED
    if any(member.flag_bits & 0x1 for member in members):
        return Trouble.LOCKED
    return _judge_names(members) or _judge_sizes(members, size, most_members)


def look_at_end(
    file: IO[bytes], size: int, most_members: int = MOST_MEMBERS, most_directory: int = MOST_DIRECTORY
) -> Trouble | None:
    """The last record says how much there is to read; what says more than fits is not read at all."""
    file.seek(0)
    if file.read(4) != b"PK\x03\x04":
        return Trouble.NOT_WHAT_IT_SAYS
    length = min(size, LARGE_END.size + LOCATOR + END.size + 0xFFFF)
    file.seek(size - length)
    tail = file.read(length)
    file.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < END.size:
        return Trouble.DAMAGED
    _, _disk, _first, _here, members, directory, _offset, _comment = END.unpack_from(tail, at)
    if tail[max(at - LOCATOR, 0) : at].startswith(b"PK\x06\x07"):
        # Programs that write sheets row by row have ZIP64 at any size, and then its numbers are those that count.
        before = at - LOCATOR - LARGE_END.size
        if before < 0 or not tail.startswith(b"PK\x06\x06", before):
            return Trouble.DAMAGED
        members, directory = LARGE_END.unpack_from(tail, before)[7:9]
    return Trouble.BOMB if members > most_members or directory > most_directory else None


def _judge(package: ZipFile, size: int, key: str, is_within: bool) -> Trouble | None:
    members = package.infolist()
    return (
        _judge_names(members)
        or _judge_sizes(members, size)
        or _judge_contents(members, is_within)
        or _judge_kind(package, key)
        or (None if is_within else _judge_within(package, members))
    )


def _judge_names(members: Sequence[ZipInfo]) -> Trouble | None:
    names = [member.orig_filename for member in members]
    if len({name.lower() for name in names}) != len(names) or not all(map(_is_plain, names)):
        return Trouble.DAMAGED
    return None


def _is_plain(name: str) -> bool:
    """Leads nowhere but into the package."""
    is_odd = name.startswith("/") or "\\" in name or ":" in name or "\x00" in name
    return bool(name) and not is_odd and ".." not in name.split("/")


def _judge_sizes(members: Sequence[ZipInfo], size: int, most_members: int = MOST_MEMBERS) -> Trouble | None:
    if len(members) > most_members or sum(member.file_size for member in members) > MOST_UNPACKED:
        return Trouble.BOMB
    if any(_is_blown_up(member) for member in members) or _share_bytes(members, size):
        return Trouble.BOMB
    return None


def _is_blown_up(member: ZipInfo) -> bool:
    """Far larger than it is packed, or so much smaller that it lies about what it unpacks to."""
    packed, unpacked = member.compress_size, member.file_size
    is_too_large = unpacked > SMALL and unpacked > MOST_RATIO * max(packed, 1)
    return is_too_large or packed > unpacked + unpacked // 100 + 64


def _share_bytes(members: Sequence[ZipInfo], size: int) -> bool:
    """Whether some bytes belong to two members, or to none that are there."""
    end = 0
    for member in sorted(members, key=lambda each: each.header_offset):
        if member.header_offset < end:
            return True
        end = member.header_offset + 30 + len(member.orig_filename) + member.compress_size
    return end > size


def _judge_contents(members: Collection[ZipInfo], is_within: bool) -> Trouble | None:
    if any(member.flag_bits & 0x1 for member in members):
        return Trouble.LOCKED
    if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members):
        return Trouble.DAMAGED
    if any(_RUNS.search(member.filename) for member in members):
        return Trouble.MACROS
    nested = [member for member in members if _PACKED.search(member.filename)]
    if any(is_within or not _CHART.fullmatch(member.filename) for member in nested):
        return Trouble.NESTED
    return None


def _judge_kind(package: ZipFile, key: str) -> Trouble | None:
    if key in MIMETYPES:
        is_so = package.infolist()[0].filename == "mimetype" and _read(package, "mimetype") == MIMETYPES[key].encode()
        return None if is_so else Trouble.NOT_WHAT_IT_SAYS
    types = _read(package, "[Content_Types].xml")
    if b"macroenabled" in types.lower() or b"vbaproject" in types.lower():
        return Trouble.MACROS
    return None if PARTS[key].encode() in types else Trouble.NOT_WHAT_IT_SAYS


def _judge_within(package: ZipFile, members: Sequence[ZipInfo]) -> Trouble | None:
    """The numbers behind charts are looked into as well, once."""
    charts = [member for member in members if _CHART.fullmatch(member.filename)]
    if sum(member.file_size for member in charts) > MOST_WITHIN:
        return Trouble.BOMB
    for member in charts:
        content = package.read(member)
        if trouble := look_into(io.BytesIO(content), len(content), "xlsx", is_within=True):
            return Trouble.NESTED if trouble is Trouble.NOT_WHAT_IT_SAYS else trouble
    return None


def _read(package: ZipFile, name: str) -> bytes:
    """As much of it as is worth reading; nothing where it is not there."""
    try:
        with package.open(name) as member:
            return member.read(MOST_READ)
    except KeyError:
        return b""
