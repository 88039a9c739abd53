"""Links that people give for a meeting: https alone, to a host with a name, and nothing hidden in them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_VISIBLE = re.compile(r"[!-~]+")
_HOST = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_NUMBER = re.compile(r"[+(]?[0-9][0-9 ()./,#*+-]{2,39}")


def is_link(said: str) -> bool:
    """Whether this may stand on a page as a link: browsers go where it says, and nowhere else."""
    if not _VISIBLE.fullmatch(said) or "\\" in said or not said.startswith("https://"):
        return False
    try:
        parts = urlsplit(said)
        _port = parts.port
    except ValueError:
        return False
    return "@" not in parts.netloc and _HOST.fullmatch((parts.hostname or "").lower()) is not None


def looks_like_link(said: str) -> bool:
    """Whether somebody meant an address, of whatever kind."""
    return re.match(r"\s*[a-z][a-z0-9+.-]*:(//|[a-z])|\s*(//|www\.)", said, re.IGNORECASE) is not None


def is_number(said: str) -> bool:
    """Whether somebody can be called there."""
    return _NUMBER.fullmatch(said) is not None
