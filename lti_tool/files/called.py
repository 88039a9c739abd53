"""What a file is called: the name it came with, without what steers terminals, file systems or readers."""

from __future__ import annotations

import re
import unicodedata

MOST_BYTES = 180
"""Of a name with its ending, in UTF-8: file systems take 255, and browsers add a number."""
_STEERING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""They turn the direction of what follows: *fdp.exe* can be made to look like *exe.pdf*."""
_OF_PATHS = re.compile(r'[/\\:*?"<>|]+')


def called(said: str, *, otherwise: str = "file") -> str:
    """A name that any computer can keep the file under; its ending, in small letters, stays what it was."""
    seen = (each for each in said if each not in _STEERING)
    plain = "".join(
        " " if unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp", "Co", "Cn") else each for each in seen
    )
    stem, dot, ending = " ".join(_OF_PATHS.sub("_", plain).split()).rpartition(".")
    if not dot:
        stem, ending = ending, ""
    ending = ending.strip().lower()[:16]
    stem = _cut(stem.strip(" ."), MOST_BYTES - len(ending.encode()) - 1) or otherwise
    return f"{stem}.{ending}" if ending else stem


def ending_of(name: str) -> str:
    """*pdf*; nothing where there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def _cut(text: str, most: int) -> str:
    return text.encode()[: max(most, 0)].decode(errors="ignore").rstrip(" .")
